//! Streams to present values: every draw of an option as one cost and one outcome.

use super::choice::sum;
use crate::compile::Alternative;
use crate::quantity::Schedule;

/// How streams are discounted.
#[derive(Debug, Clone, PartialEq)]
pub struct Discounting {
    /// Money.
    pub costs: Schedule,
    /// What is achieved.
    pub outcomes: Schedule,
}

/// Present values of every draw of one option.
#[derive(Debug, Clone, PartialEq)]
pub struct PresentValues {
    /// What it costs.
    pub costs: Vec<f64>,
    /// What it achieves.
    pub outcomes: Vec<f64>,
}

impl PresentValues {
    /// Sums streams over their years, each year by its factor.
    pub fn of(option: &Alternative, discounting: &Discounting) -> PresentValues {
        let discounted = |values: &[f64], schedule: &Schedule| -> Vec<f64> {
            let n_years = option.years.last().map_or(0, |last| last + 1);
            let factors = schedule.factors(n_years);
            let factors: Vec<f64> = option.years.iter().map(|year| factors[*year]).collect();
            let present = |stream: &[f64]| {
                sum(stream
                    .iter()
                    .zip(&factors)
                    .map(|(value, factor)| value * factor))
            };
            values.chunks(factors.len().max(1)).map(present).collect()
        };
        PresentValues {
            costs: discounted(&option.costs, &discounting.costs),
            outcomes: discounted(&option.outcomes, &discounting.outcomes),
        }
    }
}
