//! The track of an earlier forecast: what it said of years that have been recorded since.

use std::collections::BTreeMap;

use super::same_places;
use crate::document::{RecordedFigure, ResultFolder, ResultRow};

/// How the forecast of the first run stands beside what the second knows to have been recorded.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Track {
    /// Every figure, by measure, area and year.
    pub lines: Vec<TrackLine>,
    /// Measure by measure.
    pub measures: Vec<Tracked>,
}

/// One figure that was recorded after it had been forecast.
#[derive(Debug, Clone, PartialEq)]
pub struct TrackLine {
    /// Measure, area code, financial year.
    pub key: [String; 3],
    /// The area's name.
    pub area_name: String,
    /// Of the numbers.
    pub unit: String,
    /// What was recorded.
    pub recorded: f64,
    /// What had been expected, of the people whom the record counts.
    pub forecast: f64,
    /// The 5th, 25th, 75th and 95th percentile of the forecast; NaN without draws.
    pub quantiles: [f64; 4],
}

/// How the figures of one measure were forecast.
#[derive(Debug, Clone, PartialEq)]
pub struct Tracked {
    /// The measure.
    pub measure: String,
    /// Of its numbers.
    pub unit: String,
    /// How many figures.
    pub n: usize,
    /// How many of them had a range.
    pub n_with_range: usize,
    /// Figures within the 50% range.
    pub inside_50: usize,
    /// Figures within the 90% range.
    pub inside_90: usize,
    /// The mean of how far forecasts were off, whichever way.
    pub mean_absolute_error: f64,
    /// The mean of forecast less record.
    pub bias: f64,
    /// The mean of what was recorded.
    pub mean_recorded: f64,
}

impl TrackLine {
    /// Whether the record is within the range of 50% and of 90%; `None` without a range.
    pub fn is_inside(&self) -> Option<(bool, bool)> {
        let [p05, p25, p75, p95] = self.quantiles;
        let has_range = self.quantiles.iter().all(|quantile| quantile.is_finite());
        let within = |low: f64, high: f64| low <= self.recorded && self.recorded <= high;
        has_range.then(|| (within(p25, p75), within(p05, p95)))
    }
}

pub(super) fn track(a: &ResultFolder, b: &ResultFolder) -> Track {
    let known = |run: &'_ ResultFolder| -> BTreeMap<[String; 3], RecordedFigure> {
        run.recorded
            .iter()
            .map(|figure| (figure.key.clone(), figure.clone()))
            .collect()
    };
    let (before, since) = (known(a), known(b));
    let forecasts = of_comparator(a);
    let now = of_comparator(b);
    // A year was forecast where the record of its measure had ended, or from the start of the forecast on.
    let start = a
        .manifest
        .asked
        .start
        .get(..4)
        .filter(|year| !year.is_empty());
    let is_ahead = |key: &[String; 3]| {
        let of_measure = before.keys().filter(|known| known[0] == key[0]);
        let last = of_measure.map(|known| &known[2]).max();
        start.is_some_and(|start| key[2].get(..4) >= Some(start))
            || last.is_some_and(|last| key[2] > *last)
    };
    let means_the_same = same_places(a, b);
    let lines: Vec<TrackLine> = since
        .iter()
        .filter(|(key, _)| means_the_same(&key[1]))
        .filter(|(key, _)| !before.contains_key(*key) && is_ahead(key))
        .filter_map(|(key, figure)| {
            let row = forecasts.get(key)?;
            let scale = counted(figure, now.get(key).copied());
            Some(TrackLine {
                key: key.clone(),
                area_name: row.area_name.clone(),
                unit: row.unit.clone(),
                recorded: figure.recorded,
                forecast: row.mean * scale,
                quantiles: row.quantiles.map(|quantile| quantile * scale),
            })
        })
        .filter(|line| line.forecast.is_finite())
        .collect();
    Track {
        measures: measures(&lines),
        lines,
    }
}

/// The yearly estimates of whole measures under the comparator, by measure, area and year.
fn of_comparator(run: &ResultFolder) -> BTreeMap<[String; 3], &ResultRow> {
    let first = run.forecast.first().map_or("", |row| row.key[0].as_str());
    let comparator = match run.manifest.asked.comparator.as_str() {
        "" => first,
        named => named,
    };
    let rows = run.forecast.iter();
    let whole = rows.filter(|row| row.key[0] == comparator && row.key[3].is_empty());
    whole
        .map(|row| {
            (
                [&row.key[2], &row.key[1], &row.key[4]].map(String::clone),
                row,
            )
        })
        .collect()
}

/// The share of people whom the record counts: a record of councils may leave out whose home is unknown, and then the
/// fit of the second run compares it with so much of its own estimate.
fn counted(figure: &RecordedFigure, estimate: Option<&ResultRow>) -> f64 {
    let scale = estimate.map_or(1.0, |row| figure.modelled / row.mean);
    match scale.is_finite() && scale > 0.0 {
        true => scale,
        false => 1.0,
    }
}

fn measures(lines: &[TrackLine]) -> Vec<Tracked> {
    let mut by_measure: BTreeMap<&str, Vec<&TrackLine>> = BTreeMap::new();
    for line in lines {
        by_measure.entry(&line.key[0]).or_default().push(line);
    }
    let of = |(measure, lines): (&str, Vec<&TrackLine>)| {
        let n = lines.len();
        let mean = |of: &dyn Fn(&TrackLine) -> f64| {
            lines.iter().map(|line| of(line)).sum::<f64>() / n as f64
        };
        let inside: Vec<(bool, bool)> = lines.iter().filter_map(|line| line.is_inside()).collect();
        Tracked {
            measure: measure.to_owned(),
            unit: lines
                .first()
                .map_or(String::new(), |line| line.unit.clone()),
            n,
            n_with_range: inside.len(),
            inside_50: inside.iter().filter(|(half, _)| *half).count(),
            inside_90: inside.iter().filter(|(_, most)| *most).count(),
            mean_absolute_error: mean(&|line| (line.forecast - line.recorded).abs()),
            bias: mean(&|line| line.forecast - line.recorded),
            mean_recorded: mean(&|line| line.recorded),
        }
    };
    by_measure.into_iter().map(of).collect()
}
