//! Shares as columns side by side, and the line at which all of them should end.

use super::scale::Scale;
use super::time::tick_words;
use super::{frame, text};

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 260.0;
const LEFT: f64 = 68.0;
const RIGHT: f64 = 172.0;
const TOP: f64 = 14.0;
const BOTTOM: f64 = 34.0;

/// A chart of shares.
pub struct ColumnChart<'a> {
    /// Unique on the page.
    pub id: &'a str,
    /// What it shows.
    pub title: &'a str,
    /// The same for those who cannot see it.
    pub description: &'a str,
    /// The shares, from left to right, and what stands under each.
    pub columns: &'a [(String, f64)],
    /// Where each column should end, and what that is called.
    pub line: (f64, &'a str),
}

impl ColumnChart<'_> {
    /// The chart as SVG.
    pub fn svg(&self) -> String {
        let floor = HEIGHT - BOTTOM;
        let values = self.columns.iter().map(|(_, share)| *share);
        let y = Scale::of(values.chain([self.line.0]), floor, TOP, 4, true);
        let mut drawing = String::new();
        for tick in &y.ticks {
            let at = y.at(*tick);
            drawing += &horizontal("grid", at);
            drawing += &text(
                "tick end",
                LEFT - 8.0,
                at + 4.0,
                &tick_words(*tick, &y.ticks, "share"),
            );
        }
        let step = (WIDTH - LEFT - RIGHT) / self.columns.len().max(1) as f64;
        for (index, (label, share)) in self.columns.iter().enumerate() {
            let x = LEFT + index as f64 * step;
            let top = y.at(*share);
            drawing += &format!(
                "<rect class=\"bar c0\" x=\"{:.1}\" y=\"{top:.1}\" width=\"{:.1}\" height=\"{:.1}\"/>",
                x + 2.0,
                step - 4.0,
                floor - top
            );
            drawing += &text("tick middle", x + step / 2.0, floor + 19.0, label);
        }
        let (share, words) = self.line;
        drawing += &horizontal("start", y.at(share));
        drawing += &text("label", WIDTH - RIGHT + 8.0, y.at(share) + 4.0, words);
        frame(
            self.id,
            self.title,
            self.description,
            (WIDTH, HEIGHT),
            &drawing,
        )
    }
}

fn horizontal(class: &str, at: f64) -> String {
    format!(
        "<line class=\"{class}\" x1=\"{LEFT}\" x2=\"{:.1}\" y1=\"{at:.1}\" y2=\"{at:.1}\"/>",
        WIDTH - RIGHT
    )
}
