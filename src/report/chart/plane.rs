//! Two amounts against each other: a cloud of draws for each option, the mark of its mean, and a line through some means.

use super::scale::Scale;
use super::time::{short, tick_words};
use super::{frame, marker, text};

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 400.0;
const LEFT: f64 = 78.0;
const RIGHT: f64 = 172.0;
const TOP: f64 = 30.0;
const BOTTOM: f64 = 56.0;
/// From one name beside the plane to the next.
const NAME: f64 = 20.0;

/// A chart of two amounts.
pub struct PlaneChart<'a> {
    /// Unique on the page.
    pub id: &'a str,
    /// What it shows.
    pub title: &'a str,
    /// The same for those who cannot see it.
    pub description: &'a str,
    /// What is counted to the right, and its unit.
    pub across: (&'a str, &'a str),
    /// What is counted upwards, and its unit.
    pub up: (&'a str, &'a str),
    /// Drawn in order.
    pub spots: Vec<Spot>,
    /// Points that a line joins, from left to right; none without a line.
    pub line: Vec<(f64, f64)>,
}

/// An option in the plane.
pub struct Spot {
    /// Its name, beside the plane.
    pub label: String,
    /// Colour and mark, 0 to 3.
    pub style: usize,
    /// Where its mean is.
    pub mean: (f64, f64),
    /// Its draws; none where they are not shown.
    pub cloud: Vec<(f64, f64)>,
}

impl PlaneChart<'_> {
    /// The chart as SVG.
    pub fn svg(&self) -> String {
        let points = |of: fn(&(f64, f64)) -> f64| {
            let spots = self.spots.iter();
            spots.flat_map(move |spot| spot.cloud.iter().chain([&spot.mean]).map(of))
        };
        let is_cloud = self.spots.iter().any(|spot| !spot.cloud.is_empty());
        let x = Scale::of(points(|at| at.0), LEFT, WIDTH - RIGHT, 5, is_cloud);
        let y = Scale::of(points(|at| at.1), HEIGHT - BOTTOM, TOP, 5, is_cloud);
        let mut drawing = self.axes(&x, &y);
        for spot in &self.spots {
            for (across, up) in &spot.cloud {
                drawing += &format!(
                    "<circle class=\"dot c{}\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"2\"/>",
                    spot.style % 4,
                    x.at(*across),
                    y.at(*up)
                );
            }
        }
        if self.line.len() > 1 {
            let at = |(across, up): &(f64, f64)| format!("{:.1},{:.1}", x.at(*across), y.at(*up));
            let places: Vec<String> = self.line.iter().map(at).collect();
            drawing += &format!("<polyline class=\"hull\" points=\"{}\"/>", places.join(" "));
        }
        for (index, spot) in self.spots.iter().enumerate() {
            drawing += &marker(spot.style, x.at(spot.mean.0), y.at(spot.mean.1));
            let (beside, level) = (WIDTH - RIGHT + 22.0, TOP + 8.0 + index as f64 * NAME);
            drawing += &marker(spot.style, beside, level);
            drawing += &text("label", beside + 12.0, level + 4.5, &short(&spot.label, 20));
        }
        let size = (WIDTH, HEIGHT);
        frame(self.id, self.title, self.description, size, &drawing)
    }

    fn axes(&self, x: &Scale, y: &Scale) -> String {
        let (floor, end) = (HEIGHT - BOTTOM, WIDTH - RIGHT);
        let mut out = String::new();
        for tick in &x.ticks {
            let (at, class) = (x.at(*tick), line_class(*tick));
            out += &format!(
                "<line class=\"{class}\" x1=\"{at:.1}\" x2=\"{at:.1}\" y1=\"{TOP}\" y2=\"{floor:.1}\"/>"
            );
            let words = tick_words(*tick, &x.ticks, self.across.1);
            out += &text("tick middle", at, floor + 18.0, &words);
        }
        for tick in &y.ticks {
            let (at, class) = (y.at(*tick), line_class(*tick));
            out += &format!(
                "<line class=\"{class}\" x1=\"{LEFT}\" x2=\"{end:.1}\" y1=\"{at:.1}\" y2=\"{at:.1}\"/>"
            );
            let words = tick_words(*tick, &y.ticks, self.up.1);
            out += &text("tick end", LEFT - 8.0, at + 4.0, &words);
        }
        let middle = (LEFT + end) / 2.0;
        out += &text("label middle", middle, HEIGHT - 10.0, self.across.0);
        out + &text("label", 4.0, TOP - 14.0, self.up.0)
    }
}

fn line_class(tick: f64) -> &'static str {
    if tick == 0.0 { "axis" } else { "grid" }
}
