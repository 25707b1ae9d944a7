//! Points in two directions, a line through some of them, and a limit on the first.

use super::scale::Scale;
use super::time::{short, tick_words};
use super::{frame, marker, text};

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 400.0;
const LEFT: f64 = 76.0;
const RIGHT: f64 = 34.0;
const TOP: f64 = 34.0;
const BOTTOM: f64 = 58.0;

/// A chart of points.
pub struct ScatterChart<'a> {
    /// Unique on the page.
    pub id: &'a str,
    /// What it shows.
    pub title: &'a str,
    /// The same for those who cannot see it.
    pub description: &'a str,
    /// What lies along the bottom and up the side, and its unit.
    pub axes: [(&'a str, &'a str); 2],
    /// In any order; those that are labelled are drawn last.
    pub points: Vec<Point>,
    /// Joined, from left to right.
    pub line: Vec<(f64, f64)>,
    /// Not to be passed, and what it is called.
    pub limit: (f64, &'a str),
}

/// A point.
pub struct Point {
    /// Where it stands.
    pub at: (f64, f64),
    /// Colour and mark, 0 to 3.
    pub style: usize,
    /// Stands beside it; blank for none.
    pub label: String,
}

impl ScatterChart<'_> {
    /// The chart as SVG.
    pub fn svg(&self) -> String {
        let (x, y) = self.scales();
        let mut drawing = self.grid(&x, &y);
        let path: Vec<String> = self
            .line
            .iter()
            .map(|(a, b)| format!("{:.1} {:.1}", x.at(*a), y.at(*b)))
            .collect();
        if !path.is_empty() {
            drawing += &format!("<path class=\"line c0 d0\" d=\"M{}\"/>", path.join("L"));
        }
        for is_labelled in [false, true] {
            let points = self.points.iter();
            for point in points.filter(|point| point.label.is_empty() != is_labelled) {
                drawing += &marker(point.style, x.at(point.at.0), y.at(point.at.1));
            }
        }
        drawing += &self.labels(&x, &y);
        frame(
            self.id,
            self.title,
            self.description,
            (WIDTH, HEIGHT),
            &drawing,
        )
    }

    /// Whether an axis is cut, which the page then says.
    pub fn is_cut(&self) -> bool {
        let (x, y) = self.scales();
        !x.has_zero() || !y.has_zero()
    }

    fn scales(&self) -> (Scale, Scale) {
        let points = || self.points.iter().map(|point| point.at);
        let across = points().map(|at| at.0).chain([self.limit.0]);
        let up = points().map(|at| at.1);
        (
            Scale::of(across, LEFT, WIDTH - RIGHT, 6, false),
            Scale::of(up, HEIGHT - BOTTOM, TOP, 5, false),
        )
    }

    fn grid(&self, x: &Scale, y: &Scale) -> String {
        let (floor, right) = (HEIGHT - BOTTOM, WIDTH - RIGHT);
        let [(across, across_unit), (up, up_unit)] = self.axes;
        let mut out = String::new();
        for tick in &y.ticks {
            let at = y.at(*tick);
            out += &format!(
                "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{right:.1}\" y1=\"{at:.1}\" y2=\"{at:.1}\"/>"
            );
            out += &text(
                "tick end",
                LEFT - 8.0,
                at + 4.0,
                &tick_words(*tick, &y.ticks, up_unit),
            );
        }
        for tick in &x.ticks {
            let at = x.at(*tick);
            out += &format!(
                "<line class=\"axis\" x1=\"{at:.1}\" x2=\"{at:.1}\" y1=\"{floor:.1}\" y2=\"{:.1}\"/>",
                floor + 5.0
            );
            out += &text(
                "tick middle",
                at,
                floor + 19.0,
                &tick_words(*tick, &x.ticks, across_unit),
            );
        }
        let at = x.at(self.limit.0);
        out += &format!(
            "<line class=\"start\" x1=\"{at:.1}\" x2=\"{at:.1}\" y1=\"{TOP}\" y2=\"{floor:.1}\"/>"
        );
        out += &text("tick middle", at, TOP - 8.0, self.limit.1);
        out += &text("tick end", right, floor + 42.0, across);
        out + &text("tick", 0.0, 14.0, up)
    }

    /// Beside the points, moved apart where they would collide.
    fn labels(&self, x: &Scale, y: &Scale) -> String {
        let labelled = self.points.iter().filter(|point| !point.label.is_empty());
        let mut places: Vec<(f64, f64, &str)> = labelled
            .map(|point| (x.at(point.at.0), y.at(point.at.1), point.label.as_str()))
            .collect();
        places.sort_by(|a, b| a.1.total_cmp(&b.1));
        let mut out = String::new();
        let mut taken: Vec<(f64, f64)> = Vec::new();
        for (across, down, label) in places {
            let is_left = across > WIDTH * 0.6;
            let (class, at) = match is_left {
                true => ("label end", across - 11.0),
                false => ("label", across + 11.0),
            };
            let mut line = down + 4.5;
            while taken
                .iter()
                .any(|(other, near)| (line - near).abs() < 15.0 && (at - other).abs() < 220.0)
            {
                line += 15.0;
            }
            taken.push((at, line));
            out += &text(class, at, line, &short(label, 34));
        }
        out
    }
}
