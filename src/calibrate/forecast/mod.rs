//! The method of our own: what a panel's history says of its next periods.

use super::Predictive;
use crate::compile::{Panel, Strand};

/// What is forecast of each strand (outer) and each of the next `horizons` periods (inner).
///
/// It sees nothing but the panel, which ends with the last period that was over. A strand without any recorded value
/// gets the same forecasts as a constant nought.
pub fn forecast(known: &Panel, horizons: usize) -> Vec<Vec<Predictive>> {
    let mut pooled: Vec<f64> = known.strands.iter().flat_map(changes).collect();
    pooled.sort_by(f64::total_cmp);
    // A few hundred of many say as much.
    let every = pooled.len().div_ceil(MOST_CHANGES).max(1);
    let changes: Vec<f64> = pooled.into_iter().step_by(every).collect();
    let of_strand = |strand: &Strand| {
        let last = strand.values.iter().rfind(|value| !value.is_nan());
        let last = last.copied().unwrap_or(0.0);
        let at = |horizon: usize| {
            let scale = (horizon as f64).sqrt();
            let moved = changes
                .iter()
                .map(|change| (last * (change * scale).exp()).round());
            let mut sample: Vec<f64> = moved.chain([last]).collect();
            sample.sort_by(f64::total_cmp);
            Predictive::Sample(sample)
        };
        (1..=horizons).map(at).collect()
    };
    known.strands.iter().map(of_strand).collect()
}

/// The most relative changes that a forecast is made of.
const MOST_CHANGES: usize = 500;

/// The relative changes from one period to the next, as logarithms.
fn changes(strand: &Strand) -> Vec<f64> {
    let pairs = strand.values.windows(2);
    pairs
        .map(|pair| (pair[1] / pair[0]).ln())
        .filter(|change| change.is_finite())
        .collect()
}
