//! How a number becomes another: its parts one under another, each beginning where the one above it ends.

use super::scale::Scale;
use super::time::{short, tick_words};
use super::{frame, marker, text};

const WIDTH: f64 = 720.0;
const LEFT: f64 = 176.0;
const RIGHT: f64 = 206.0;
const ROW: f64 = 30.0;
const TOP: f64 = 10.0;
const BOTTOM: f64 = 34.0;
/// Half the height of a bar.
const HALF: f64 = 8.0;

/// A chart of a change and its parts.
pub struct WaterfallChart<'a> {
    /// Unique on the page.
    pub id: &'a str,
    /// What it shows.
    pub title: &'a str,
    /// The same for those who cannot see it.
    pub description: &'a str,
    /// Of the values on the axis.
    pub unit: &'a str,
    /// Where it begins: its label, its value and the value in words.
    pub before: (String, f64, String),
    /// From top to bottom.
    pub steps: Vec<Step>,
    /// Where it ends.
    pub after: (String, f64, String),
}

/// A part of the change.
pub struct Step {
    /// Left of it.
    pub label: String,
    /// By how much it moves the number.
    pub by: f64,
    /// 5% and 95% of that; NaN when unknown.
    pub interval: (f64, f64),
    /// The numbers in words, right of it.
    pub words: String,
}

impl WaterfallChart<'_> {
    /// The chart as SVG.
    pub fn svg(&self) -> String {
        let floor = TOP + (self.steps.len() + 2) as f64 * ROW;
        let x = self.x_scale();
        let mut drawing = self.axis(&x, floor);
        let mut y = TOP + ROW / 2.0;
        drawing += &level(&x, y, &self.before);
        let mut at = self.before.1;
        for step in &self.steps {
            drawing += &link(&x, y, at);
            y += ROW;
            drawing += &part(&x, y, at, step);
            at += step.by;
        }
        drawing += &link(&x, y, at);
        drawing += &level(&x, y + ROW, &self.after);
        let size = (WIDTH, floor + BOTTOM);
        frame(self.id, self.title, self.description, size, &drawing)
    }

    /// Whether the axis is cut, which the page then says.
    pub fn is_cut(&self) -> bool {
        !self.x_scale().has_zero()
    }

    fn x_scale(&self) -> Scale {
        let mut values = vec![self.before.1, self.after.1];
        let mut at = self.before.1;
        for step in &self.steps {
            values.extend([at + step.by, at + step.interval.0, at + step.interval.1]);
            at += step.by;
        }
        Scale::of(values.into_iter(), LEFT, WIDTH - RIGHT, 4, false)
    }

    fn axis(&self, x: &Scale, floor: f64) -> String {
        let mut out = String::new();
        for tick in &x.ticks {
            let at = x.at(*tick);
            out += &format!(
                "<line class=\"grid\" x1=\"{at:.1}\" x2=\"{at:.1}\" y1=\"{TOP}\" y2=\"{floor:.1}\"/>"
            );
            let words = tick_words(*tick, &x.ticks, self.unit);
            out += &text("tick middle", at, floor + 18.0, &words);
        }
        out
    }
}

/// A level where the change begins or ends.
fn level(x: &Scale, y: f64, (label, value, words): &(String, f64, String)) -> String {
    text("label strong end", LEFT - 12.0, y + 4.5, &short(label, 22))
        + &marker(0, x.at(*value), y)
        + &text("label strong", WIDTH - RIGHT + 12.0, y + 4.5, words)
}

/// From one row to the next.
fn link(x: &Scale, y: f64, at: f64) -> String {
    let (at, from, to) = (x.at(at), y, y + ROW);
    format!("<line class=\"link\" x1=\"{at:.1}\" x2=\"{at:.1}\" y1=\"{from:.1}\" y2=\"{to:.1}\"/>")
}

/// A bar with a point that says which way it goes, and its range.
fn part(x: &Scale, y: f64, at: f64, step: &Step) -> String {
    let (from, to) = (x.at(at), x.at(at + step.by));
    let mut out = text("label end", LEFT - 12.0, y + 4.5, &short(&step.label, 24));
    if (to - from).abs() >= 0.5 {
        let style = if step.by > 0.0 { "c1" } else { "c2" };
        let point = (to - from).clamp(-7.0, 7.0);
        let (neck, top, low) = (to - point, y - HALF, y + HALF);
        out += &format!(
            "<path class=\"fall {style}\" d=\"M{from:.1} {top:.1}H{neck:.1}L{to:.1} {y:.1}L{neck:.1} {low:.1}H{from:.1}z\"/>"
        );
    }
    let (low, high) = step.interval;
    if low.is_finite() && high.is_finite() && low < high {
        let (low, high) = (x.at(at + low), x.at(at + high));
        out += &format!(
            "<path class=\"whisker\" d=\"M{low:.1} {y:.1}H{high:.1}M{low:.1} {0:.1}v6M{high:.1} {0:.1}v6\"/>",
            y - 3.0
        );
    }
    out + &text("tick", WIDTH - RIGHT + 12.0, y + 4.5, &step.words)
}
