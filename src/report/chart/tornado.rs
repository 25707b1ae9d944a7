//! How far each input moves a number from where it is expected: bars from a line, the longest first.

use super::scale::Scale;
use super::time::{short, tick_words};
use super::{frame, text};

const WIDTH: f64 = 720.0;
const LEFT: f64 = 220.0;
const RIGHT: f64 = 196.0;
const ROW: f64 = 26.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 34.0;
/// Half the height of a bar.
const HALF: f64 = 8.0;

/// A chart of one-way sensitivities.
pub struct TornadoChart<'a> {
    /// Unique on the page.
    pub id: &'a str,
    /// What it shows.
    pub title: &'a str,
    /// The same for those who cannot see it.
    pub description: &'a str,
    /// Of the number.
    pub unit: &'a str,
    /// The number as it is expected.
    pub middle: f64,
    /// From top to bottom.
    pub bars: Vec<Bar>,
}

/// What one input does.
pub struct Bar {
    /// Left of it.
    pub label: String,
    /// The number where the input is low.
    pub low: f64,
    /// The number where the input is high.
    pub high: f64,
    /// Both in words, right of it.
    pub words: String,
}

impl TornadoChart<'_> {
    /// The chart as SVG.
    pub fn svg(&self) -> String {
        let floor = TOP + self.bars.len() as f64 * ROW;
        let values = self.bars.iter().flat_map(|bar| [bar.low, bar.high]);
        let x = Scale::of(values.chain([self.middle]), LEFT, WIDTH - RIGHT, 4, false);
        let mut drawing = String::new();
        for tick in &x.ticks {
            let at = x.at(*tick);
            let class = if *tick == 0.0 { "axis" } else { "grid" };
            drawing += &format!(
                "<line class=\"{class}\" x1=\"{at:.1}\" x2=\"{at:.1}\" y1=\"{TOP}\" y2=\"{floor:.1}\"/>"
            );
            let words = tick_words(*tick, &x.ticks, self.unit);
            drawing += &text("tick middle", at, floor + 18.0, &words);
        }
        for (index, bar) in self.bars.iter().enumerate() {
            let y = TOP + (index as f64 + 0.5) * ROW;
            drawing += &text("label end", LEFT - 12.0, y + 4.5, &short(&bar.label, 30));
            // The end where the input is low is hollow, so that colour is not alone.
            drawing += &half(&x, y, self.middle, bar.low, "low");
            drawing += &half(&x, y, self.middle, bar.high, "high");
            drawing += &text("tick", WIDTH - RIGHT + 12.0, y + 4.5, &bar.words);
        }
        let at = x.at(self.middle);
        drawing += &format!(
            "<line class=\"start\" x1=\"{at:.1}\" x2=\"{at:.1}\" y1=\"{TOP}\" y2=\"{floor:.1}\"/>"
        );
        let size = (WIDTH, floor + BOTTOM);
        frame(self.id, self.title, self.description, size, &drawing)
    }
}

fn half(x: &Scale, y: f64, middle: f64, end: f64, which: &str) -> String {
    let (from, to) = (x.at(middle), x.at(end));
    format!(
        "<rect class=\"swing {which}\" x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\"/>",
        from.min(to),
        y - HALF,
        (to - from).abs(),
        2.0 * HALF
    )
}
