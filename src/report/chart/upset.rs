//! Sets that overlap: how many people are in each combination, the most first, with the sets of each marked below.

use super::scale::Scale;
use super::time::{short, tick_words};
use super::{LETTER, frame, text};

const WIDTH: f64 = 720.0;
const LEFT: f64 = 216.0;
const RIGHT: f64 = 12.0;
const TOP: f64 = 22.0;
/// How high the bars may be.
const HIGH: f64 = 170.0;
/// Between the bars and the marks.
const GAP: f64 = 22.0;
const ROW: f64 = 24.0;

/// A chart of combinations.
pub struct UpsetChart<'a> {
    /// Unique on the page.
    pub id: &'a str,
    /// What it shows.
    pub title: &'a str,
    /// The same for those who cannot see it.
    pub description: &'a str,
    /// Names of the sets, from top to bottom.
    pub sets: &'a [String],
    /// From left to right: the sets as bits, how many, their range, and the number in words.
    pub bars: Vec<(usize, f64, (f64, f64), String)>,
}

impl UpsetChart<'_> {
    /// The chart as SVG.
    pub fn svg(&self) -> String {
        let floor = TOP + HIGH;
        let values = self.bars.iter().flat_map(|bar| [bar.1, bar.2.0, bar.2.1]);
        let y = Scale::of(values, floor, TOP, 4, true);
        let step = (WIDTH - LEFT - RIGHT) / self.bars.len().max(1) as f64;
        let mut drawing = String::new();
        for tick in &y.ticks {
            let at = y.at(*tick);
            drawing += &format!(
                "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{:.1}\" y1=\"{at:.1}\" y2=\"{at:.1}\"/>",
                WIDTH - RIGHT
            );
            let words = tick_words(*tick, &y.ticks, "people");
            drawing += &text("tick end", LEFT - 8.0, at + 4.0, &words);
        }
        for (row, name) in self.sets.iter().enumerate() {
            let at = floor + GAP + (row as f64 + 0.5) * ROW;
            drawing += &text(
                "label end",
                LEFT - 12.0,
                at + 4.5,
                &short(name, ((LEFT - 12.0) / LETTER) as usize),
            );
        }
        for (index, bar) in self.bars.iter().enumerate() {
            let x = LEFT + (index as f64 + 0.5) * step;
            drawing += &self.bar(bar, x, step, &y, floor);
        }
        let height = floor + GAP + self.sets.len() as f64 * ROW + 8.0;
        frame(
            self.id,
            self.title,
            self.description,
            (WIDTH, height),
            &drawing,
        )
    }

    fn bar(
        &self,
        (sets, size, (low, high), words): &(usize, f64, (f64, f64), String),
        x: f64,
        step: f64,
        y: &Scale,
        floor: f64,
    ) -> String {
        let (width, top) = ((step - 8.0).clamp(4.0, 40.0), y.at(*size));
        let mut out = format!(
            "<rect class=\"bar c0\" x=\"{:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{:.1}\"/>",
            x - width / 2.0,
            (floor - top).max(0.0)
        );
        let mut above = top;
        if low.is_finite() && high.is_finite() {
            above = y.at(*high);
            out += &format!(
                "<path class=\"whisker\" d=\"M{x:.1} {:.1}V{above:.1}M{1:.1} {2:.1}h6M{1:.1} {above:.1}h6\"/>",
                y.at(*low),
                x - 3.0,
                y.at(*low)
            );
        }
        out += &text("tick middle", x, above - 5.0, words);
        let at = |row: usize| floor + GAP + (row as f64 + 0.5) * ROW;
        let own: Vec<usize> = (0..self.sets.len())
            .filter(|row| sets >> row & 1 == 1)
            .collect();
        if let (Some(first), Some(last)) = (own.first(), own.last()) {
            out += &format!(
                "<line class=\"joined\" x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{:.1}\" y2=\"{:.1}\"/>",
                at(*first),
                at(*last)
            );
        }
        for row in 0..self.sets.len() {
            let class = if own.contains(&row) { "set in" } else { "set" };
            out += &format!(
                "<circle class=\"{class}\" cx=\"{x:.1}\" cy=\"{:.1}\" r=\"6\"/>",
                at(row)
            );
        }
        out
    }
}
