//! What a scenario asks to be read off a forecast: an outcome of the appraisal, or any measure over all years and areas.

use std::ops::Range;

use super::outcome::Outcome;
use crate::compile::{Better, Gauge};
use crate::simulate::{Trajectories, Value};

/// A number of every option in every draw.
#[derive(Debug, Clone)]
pub(super) struct Read {
    /// As in the tables.
    pub id: String,
    /// For people.
    pub title: String,
    /// Of the values.
    pub unit: String,
    /// Which way is better.
    pub better: Better,
    /// `[option][row]`; row 0 is central. Not a number where a draw has none, such as the wait of nobody.
    pub values: Vec<Vec<f64>>,
}

/// Reads it: a flow as its sum over the years of the forecast, a level as their mean. `None` where the run does not
/// report it.
pub(super) fn read<N: Value>(
    gauge: &Gauge,
    outcomes: &[Outcome],
    trajectories: &Trajectories<N>,
    years: Range<usize>,
) -> Option<Read> {
    let found = outcomes.iter().find(|outcome| outcome.id == gauge.measure);
    if let Some(outcome) = found.filter(|_| gauge.breakdown.is_empty()) {
        return Some(Read {
            id: outcome.id.clone(),
            title: outcome.title.clone(),
            unit: outcome.unit.clone(),
            better: outcome.better,
            values: outcome.values.clone(),
        });
    }
    let layout = &trajectories.layout;
    let index = layout.find(&gauge.measure, &gauge.breakdown)?;
    let series = &layout.series[index];
    let value = |option: usize, row: usize| {
        let at = |year| -> f64 {
            let at = layout.at(option, layout.n_areas - 1, index, year);
            trajectories.rows[row].values[at].into()
        };
        let known = years.clone().map(at).filter(|value| value.is_finite());
        let (n, sum) = known.fold((0, 0.0), |(n, sum), value| (n + 1, sum + value));
        match (n, series.is_flow) {
            (0, _) => f64::NAN,
            (_, true) => sum,
            (n, false) => sum / f64::from(n),
        }
    };
    let over = match series.is_flow {
        true => "all years",
        false => "mean of the years",
    };
    let id = match gauge.breakdown.as_str() {
        "" => gauge.measure.clone(),
        breakdown => format!("{}[{breakdown}]", gauge.measure),
    };
    let rows = trajectories.rows.len();
    Some(Read {
        id,
        title: format!("{}, {over}", series.title),
        unit: series.unit.clone(),
        better: series.better,
        values: (0..layout.n_options)
            .map(|option| (0..rows).map(|row| value(option, row)).collect())
            .collect(),
    })
}
