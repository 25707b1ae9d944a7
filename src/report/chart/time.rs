//! Values over time: lines, fans of uncertainty, recorded points, and the line where the forecast starts.

use super::scale::Scale;
use super::{frame, marker, text};
use crate::report::number;

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 320.0;
const LEFT: f64 = 68.0;
const RIGHT: f64 = 172.0;
const TOP: f64 = 26.0;
const BOTTOM: f64 = 34.0;
/// Labels at the end of lines stand at least this far apart.
const LABEL_GAP: f64 = 15.0;

/// A chart over years.
pub struct TimeChart<'a> {
    /// Unique on the page.
    pub id: &'a str,
    /// What it shows.
    pub title: &'a str,
    /// The same for those who cannot see it.
    pub description: &'a str,
    /// Of the values.
    pub unit: &'a str,
    /// Names of the periods.
    pub periods: &'a [String],
    /// Where the forecast starts, if some periods are before it.
    pub start: Option<usize>,
    /// Drawn in order.
    pub lines: Vec<Line>,
}

/// A series of a chart over years; NaN leaves a gap.
pub struct Line {
    /// Stands at its end.
    pub label: String,
    /// Colour, dash and mark: 0 to 3, or 4 for recorded points.
    pub style: usize,
    /// A value for each period.
    pub values: Vec<f64>,
    /// Its uncertainty, widest first.
    pub bands: Vec<Band>,
    /// A band that is drawn as its outline alone.
    pub outline: Option<Band>,
}

/// A low and a high for each period.
pub type Band = Vec<(f64, f64)>;

/// The style of recorded points.
const POINTS: usize = 4;

impl TimeChart<'_> {
    /// The chart as SVG.
    pub fn svg(&self) -> String {
        let y = self.y_scale();
        let mut drawing = self.axes(&y);
        for line in &self.lines {
            for (depth, band) in line.bands.iter().enumerate() {
                let class = format!("band b{depth} c{}", line.style);
                drawing += &self.polygon(band, &class, &y);
            }
        }
        for line in &self.lines {
            drawing += &self.line(line, &y);
            let outline = line.outline.iter();
            drawing.extend(outline.map(|band| self.polygon(band, "outline", &y)));
        }
        drawing += &self.labels(&y);
        frame(
            self.id,
            self.title,
            self.description,
            (WIDTH, HEIGHT),
            &drawing,
        )
    }

    /// Whether the axis is cut, which the page then says.
    pub fn is_cut(&self) -> bool {
        !self.y_scale().has_zero()
    }

    fn y_scale(&self) -> Scale {
        let values = self.lines.iter().flat_map(|line| {
            let bands = line.bands.iter().chain(&line.outline);
            let bands = bands.flatten().flat_map(|(low, high)| [*low, *high]);
            line.values.iter().copied().chain(bands)
        });
        Scale::of(values, HEIGHT - BOTTOM, TOP, 5, false)
    }

    fn x(&self, period: f64) -> f64 {
        let n = self.periods.len();
        let step = (WIDTH - LEFT - RIGHT) / n.max(1) as f64;
        LEFT + (period + 0.5) * step
    }

    fn axes(&self, y: &Scale) -> String {
        let mut out = String::new();
        for tick in &y.ticks {
            let at = y.at(*tick);
            out += &format!(
                "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{:.1}\" y1=\"{at:.1}\" y2=\"{at:.1}\"/>",
                WIDTH - RIGHT
            );
            out += &text(
                "tick end",
                LEFT - 8.0,
                at + 4.0,
                &tick_words(*tick, &y.ticks, self.unit),
            );
        }
        let mut every = self.periods.len().div_ceil(8).max(1);
        // Of many months the same one of each year is named.
        if every > 12 {
            every = every.next_multiple_of(12);
        }
        for (i, name) in self
            .periods
            .iter()
            .enumerate()
            .filter(|(i, _)| i % every == 0)
        {
            let at = self.x(i as f64);
            out += &format!(
                "<line class=\"axis\" x1=\"{at:.1}\" x2=\"{at:.1}\" y1=\"{:.1}\" y2=\"{:.1}\"/>",
                HEIGHT - BOTTOM,
                HEIGHT - BOTTOM + 5.0
            );
            out += &text("tick middle", at, HEIGHT - BOTTOM + 19.0, name);
        }
        if let Some(start) = self
            .start
            .filter(|start| *start > 0 && *start < self.periods.len())
        {
            let at = self.x(start as f64 - 0.5);
            out += &format!(
                "<line class=\"start\" x1=\"{at:.1}\" x2=\"{at:.1}\" y1=\"{:.1}\" y2=\"{:.1}\"/>",
                TOP - 8.0,
                HEIGHT - BOTTOM
            );
            out += &text("tick end", at - 6.0, TOP - 10.0, "hindcast");
            out += &text("tick", at + 6.0, TOP - 10.0, "forecast");
        }
        out
    }

    fn polygon(&self, band: &Band, class: &str, y: &Scale) -> String {
        let known: Vec<_> = band
            .iter()
            .enumerate()
            .filter(|(_, (low, high))| low.is_finite() && high.is_finite())
            .collect();
        if known.is_empty() {
            return String::new();
        }
        let there = known.iter().map(|(i, (_, high))| (*i, *high));
        let back = known.iter().rev().map(|(i, (low, _))| (*i, *low));
        let points: Vec<_> = there
            .chain(back)
            .map(|(i, value)| format!("{:.1},{:.1}", self.x(i as f64), y.at(value)))
            .collect();
        format!(
            "<polygon class=\"{class}\" points=\"{}\"/>",
            points.join(" ")
        )
    }

    fn line(&self, line: &Line, y: &Scale) -> String {
        if line.style == POINTS {
            let known = line
                .values
                .iter()
                .enumerate()
                .filter(|(_, value)| value.is_finite());
            return known
                .map(|(i, value)| {
                    format!(
                        "<circle class=\"point\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"3.5\"/>",
                        self.x(i as f64),
                        y.at(*value)
                    )
                })
                .collect();
        }
        let mut path = String::new();
        let mut is_drawing = false;
        for (i, value) in line.values.iter().enumerate() {
            if value.is_finite() {
                let command = if is_drawing { 'L' } else { 'M' };
                path += &format!("{command}{:.1} {:.1}", self.x(i as f64), y.at(*value));
            }
            is_drawing = value.is_finite();
        }
        let mut out = format!("<path class=\"line c{0} d{0}\" d=\"{path}\"/>", line.style);
        if let Some((i, value)) = last(&line.values) {
            out += &marker(line.style, self.x(i as f64), y.at(value));
        }
        out
    }

    /// Labels at the ends of lines, moved apart where they would collide.
    fn labels(&self, y: &Scale) -> String {
        let is_point = |line: &&Line| line.style == POINTS;
        let mut out: String = self
            .lines
            .iter()
            .filter(is_point)
            .map(|line| self.point_label(line, y))
            .collect();
        let ends = self.lines.iter().filter(|line| line.style != POINTS);
        let mut labels: Vec<_> = ends
            .filter_map(|line| last(&line.values).map(|(_, value)| (y.at(value), line)))
            .collect();
        labels.sort_by(|a, b| a.0.total_cmp(&b.0));
        let x = self.x(self.periods.len().saturating_sub(1) as f64) + 14.0;
        let mut floor = TOP - LABEL_GAP;
        for (k, (at, line)) in labels.iter().enumerate() {
            let room = HEIGHT - BOTTOM - (labels.len() - 1 - k) as f64 * LABEL_GAP;
            floor = at.min(room).max(floor + LABEL_GAP);
            out += &text("label", x, floor + 4.0, &short(&line.label, 24));
        }
        out
    }

    /// Beside the last recorded point, on the side where the model's line is not.
    fn point_label(&self, line: &Line, y: &Scale) -> String {
        let Some((i, value)) = last(&line.values) else {
            return String::new();
        };
        let modelled = self
            .lines
            .first()
            .and_then(|line| line.values.get(i))
            .copied()
            .unwrap_or(value);
        let place = if value > modelled {
            y.at(value) - 10.0
        } else {
            y.at(value) + 18.0
        };
        text("label end", self.x(i as f64) + 4.0, place, &line.label)
    }
}

/// The last number there is.
fn last(values: &[f64]) -> Option<(usize, f64)> {
    values
        .iter()
        .copied()
        .enumerate()
        .rfind(|(_, value)| value.is_finite())
}

/// A label that fits.
pub(super) fn short(label: &str, n: usize) -> String {
    if label.chars().count() <= n {
        return label.to_owned();
    }
    let cut: String = label.chars().take(n - 1).collect();
    format!("{}…", cut.trim_end())
}

/// A number on an axis, with as many digits as tell the ticks apart.
pub(super) fn tick_words(value: f64, ticks: &[f64], unit: &str) -> String {
    let step = ticks.get(1).map_or(1.0, |second| second - ticks[0]);
    let digits = |step: f64| (-step.log10().floor()).max(0.0) as usize;
    match unit {
        "share" => number::percent(value, digits(step * 100.0)),
        _ if unit.starts_with("GBP") => {
            let sizes = [(1e9, "bn"), (1e6, "m"), (1e3, "k"), (1.0, "")];
            let largest = ticks
                .iter()
                .fold(0.0_f64, |most, tick| most.max(tick.abs()));
            let (size, letter) = sizes
                .into_iter()
                .find(|(size, _)| largest >= *size)
                .unwrap_or((1.0, ""));
            let sign = if value < 0.0 { "−" } else { "" };
            match value == 0.0 {
                true => "£0".to_owned(),
                false => {
                    let shown = number::grouped(value.abs() / size, digits(step / size));
                    format!("{sign}£{shown}{letter}")
                }
            }
        }
        _ => number::grouped(value, digits(step)),
    }
}
