//! The same chart many times, small: what was recorded and what is modelled, panel by panel.

use super::scale::Scale;
use super::time::{short, tick_words};
use super::{frame, text};

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 132.0;
/// Within a panel: left of it the ticks, above it the label, below it the years.
const LEFT: f64 = 44.0;
const RIGHT: f64 = 10.0;
const TOP: f64 = 24.0;
const BOTTOM: f64 = 24.0;

/// Small charts over the same periods, each with an axis of its own from zero.
pub struct Multiples<'a> {
    /// Unique on the page.
    pub id: &'a str,
    /// What it shows.
    pub title: &'a str,
    /// The same for those who cannot see it.
    pub description: &'a str,
    /// Names of the periods.
    pub periods: &'a [String],
    /// From which period on nothing is fitted, if there are such: they are shaded.
    pub held_out: Option<usize>,
    /// How many stand side by side.
    pub columns: usize,
    /// From left to right, and down.
    pub panels: Vec<Panel>,
}

/// One small chart; NaN leaves a gap.
pub struct Panel {
    /// Above it.
    pub label: String,
    /// Of the values.
    pub unit: String,
    /// The line, a value for each period.
    pub line: Vec<f64>,
    /// Its range.
    pub band: Vec<(f64, f64)>,
    /// The points, and whether each is full.
    pub points: Vec<(f64, bool)>,
}

impl Multiples<'_> {
    /// The chart as SVG.
    pub fn svg(&self) -> String {
        let n_rows = self.panels.len().div_ceil(self.columns.max(1));
        let width = WIDTH / self.columns.max(1) as f64;
        let each = self.panels.iter().enumerate();
        let drawing: String = each
            .map(|(index, panel)| {
                let (column, row) = (index % self.columns.max(1), index / self.columns.max(1));
                self.panel(panel, (column as f64 * width, row as f64 * HEIGHT), width)
            })
            .collect();
        let size = (WIDTH, n_rows as f64 * HEIGHT);
        frame(self.id, self.title, self.description, size, &drawing)
    }

    fn panel(&self, panel: &Panel, (left, top): (f64, f64), width: f64) -> String {
        let (from, to) = (left + LEFT, left + width - RIGHT);
        let (floor, ceiling) = (top + HEIGHT - BOTTOM, top + TOP);
        let step = (to - from) / self.periods.len().max(1) as f64;
        let x = |period: usize| from + (period as f64 + 0.5) * step;
        let bands = panel.band.iter().flat_map(|(low, high)| [*low, *high]);
        let points = panel.points.iter().map(|(value, _)| *value);
        let y = Scale::of(
            panel.line.iter().copied().chain(bands).chain(points),
            floor,
            ceiling,
            2,
            true,
        );
        let room = (width - 6.0) / 6.6;
        let mut out = text(
            "label strong",
            left + 2.0,
            top + 15.0,
            &short(&panel.label, room as usize),
        );
        if let Some(held) = self.held_out.filter(|held| *held < self.periods.len()) {
            let start = from + held as f64 * step;
            out += &format!(
                "<rect class=\"held\" x=\"{start:.1}\" y=\"{ceiling:.1}\" width=\"{:.1}\" height=\"{:.1}\"/>",
                to - start,
                floor - ceiling
            );
        }
        for tick in &y.ticks {
            let at = y.at(*tick);
            out += &format!(
                "<line class=\"grid\" x1=\"{from:.1}\" x2=\"{to:.1}\" y1=\"{at:.1}\" y2=\"{at:.1}\"/>"
            );
            out += &text(
                "tick end",
                from - 5.0,
                at + 4.0,
                &tick_words(*tick, &y.ticks, &panel.unit),
            );
        }
        if let (Some(first), Some(last)) = (self.periods.first(), self.periods.last()) {
            out += &text("tick", from, floor + 15.0, first);
            out += &text("tick end", to, floor + 15.0, last);
        }
        out + &range(panel, &x, &y) + &line(panel, &x, &y) + &points_of(panel, &x, &y)
    }
}

fn range(panel: &Panel, x: &dyn Fn(usize) -> f64, y: &Scale) -> String {
    let is_known = |(_, band): &(usize, &(f64, f64))| band.0.is_finite() && band.1.is_finite();
    let known: Vec<(usize, &(f64, f64))> = panel.band.iter().enumerate().filter(is_known).collect();
    if known.is_empty() {
        return String::new();
    }
    let there = known.iter().map(|(i, band)| (*i, band.1));
    let back = known.iter().rev().map(|(i, band)| (*i, band.0));
    let points: Vec<String> = there
        .chain(back)
        .map(|(i, value)| format!("{:.1},{:.1}", x(i), y.at(value)))
        .collect();
    format!(
        "<polygon class=\"band b0 c0\" points=\"{}\"/>",
        points.join(" ")
    )
}

fn line(panel: &Panel, x: &dyn Fn(usize) -> f64, y: &Scale) -> String {
    let mut path = String::new();
    let mut is_drawing = false;
    for (i, value) in panel.line.iter().enumerate() {
        if value.is_finite() {
            let command = if is_drawing { 'L' } else { 'M' };
            path += &format!("{command}{:.1} {:.1}", x(i), y.at(*value));
        }
        is_drawing = value.is_finite();
    }
    format!("<path class=\"line c0 d0\" d=\"{path}\"/>")
}

fn points_of(panel: &Panel, x: &dyn Fn(usize) -> f64, y: &Scale) -> String {
    let known = panel
        .points
        .iter()
        .enumerate()
        .filter(|(_, (value, _))| value.is_finite());
    known
        .map(|(i, (value, is_full))| {
            let class = if *is_full { "point full" } else { "point" };
            format!(
                "<circle class=\"{class}\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"2.6\"/>",
                x(i),
                y.at(*value)
            )
        })
        .collect()
}
