//! The seasons of inflows, the same in both engines.

use crate::compile::{Inflow, QuantityIdx};
use crate::quantity::Month;

/// What the mean of an inflow's arrivals is multiplied by in a month: the month's number over the mean of the twelve,
/// each month of the year counting alike, so that twelve months of a steady rate bring as many people as without a
/// season. `value` tells what a number is worth now. Where all twelve were drawn as nought there is no season.
pub fn seasonal(inflow: &Inflow, month: Month, value: impl Fn(QuantityIdx) -> f64) -> f64 {
    let Some(season) = &inflow.season else {
        return 1.0;
    };
    let mean = season.iter().map(|&of| value(of)).sum::<f64>() / 12.0;
    match mean > 0.0 {
        true => value(season[month.of_financial_year()]) / mean,
        false => 1.0,
    }
}
