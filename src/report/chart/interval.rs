//! Estimates with their intervals, one under another: bars from zero for amounts, dots for differences.

use super::scale::Scale;
use super::time::{short, tick_words};
use super::{frame, marker, text};

const WIDTH: f64 = 720.0;
const LEFT: f64 = 236.0;
const RIGHT: f64 = 176.0;
const ROW: f64 = 22.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 34.0;

/// A chart of estimates.
pub struct IntervalChart<'a> {
    /// Unique on the page.
    pub id: &'a str,
    /// What it shows.
    pub title: &'a str,
    /// The same for those who cannot see it.
    pub description: &'a str,
    /// Of the values on the axis.
    pub unit: &'a str,
    /// Whether amounts are drawn as bars from zero.
    pub has_bars: bool,
    /// From top to bottom.
    pub groups: Vec<Group>,
}

/// What is being estimated.
pub struct Group {
    /// Left of the items.
    pub label: String,
    /// One under another.
    pub items: Vec<Item>,
}

/// One estimate.
pub struct Item {
    /// Left of it; blank when the group says it all.
    pub label: String,
    /// Colour and mark, 0 to 3.
    pub style: usize,
    /// Best estimate.
    pub middle: f64,
    /// 5% and 95%; NaN when unknown.
    pub interval: (f64, f64),
    /// The numbers in words, right of it.
    pub words: String,
}

impl IntervalChart<'_> {
    /// The chart as SVG.
    pub fn svg(&self) -> String {
        let n_rows: usize = self.groups.iter().map(Group::n_rows).sum();
        let gaps = self.groups.len() as f64 * 6.0;
        let floor = TOP + n_rows as f64 * ROW + gaps;
        let x = self.x_scale();
        let mut drawing = self.axis(&x, floor);
        let mut y = TOP;
        for group in &self.groups {
            if group.has_heading() {
                drawing += &text("label strong", 0.0, y + 15.0, &short(&group.label, 44));
                y += ROW;
            }
            for item in &group.items {
                let label = if group.has_heading() {
                    &item.label
                } else {
                    &group.label
                };
                drawing += &text("label end", LEFT - 12.0, y + 15.0, &short(label, 34));
                drawing += &self.item(item, &x, y + 11.0);
                y += ROW;
            }
            y += 6.0;
        }
        frame(
            self.id,
            self.title,
            self.description,
            (WIDTH, floor + BOTTOM),
            &drawing,
        )
    }

    fn x_scale(&self) -> Scale {
        let items = self.groups.iter().flat_map(|group| &group.items);
        let values = items.flat_map(|item| [item.middle, item.interval.0, item.interval.1]);
        Scale::of(values, LEFT, WIDTH - RIGHT, 4, true)
    }

    fn axis(&self, x: &Scale, floor: f64) -> String {
        let mut out = String::new();
        for tick in &x.ticks {
            let at = x.at(*tick);
            let class = if *tick == 0.0 { "axis" } else { "grid" };
            out += &format!(
                "<line class=\"{class}\" x1=\"{at:.1}\" x2=\"{at:.1}\" y1=\"{TOP}\" y2=\"{floor:.1}\"/>"
            );
            out += &text(
                "tick middle",
                at,
                floor + 18.0,
                &tick_words(*tick, &x.ticks, self.unit),
            );
        }
        out
    }

    fn item(&self, item: &Item, x: &Scale, y: f64) -> String {
        let mut out = String::new();
        if item.middle.is_finite() {
            let (zero, end) = (x.at(0.0), x.at(item.middle));
            if self.has_bars {
                let (from, width) = (zero.min(end), (end - zero).abs());
                out += &format!(
                    "<rect class=\"bar c{}\" x=\"{from:.1}\" y=\"{:.1}\" width=\"{width:.1}\" height=\"14\"/>",
                    item.style,
                    y - 7.0
                );
            }
            if item.interval.0.is_finite() && item.interval.1.is_finite() {
                let (low, high) = (x.at(item.interval.0), x.at(item.interval.1));
                out += &format!(
                    "<path class=\"whisker\" d=\"M{low:.1} {y:.1}H{high:.1}M{low:.1} {0:.1}v8M{high:.1} {0:.1}v8\"/>",
                    y - 4.0
                );
            }
            out += &marker(item.style, end, y);
        }
        out + &text("tick", WIDTH - RIGHT + 12.0, y + 4.0, &item.words)
    }
}

impl Group {
    /// A group of one says all in its label.
    fn has_heading(&self) -> bool {
        self.items.len() > 1 || self.items.iter().any(|item| !item.label.is_empty())
    }

    fn n_rows(&self) -> usize {
        self.items.len() + usize::from(self.has_heading())
    }
}
