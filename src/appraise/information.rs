//! What it would be worth to know one uncertain number before choosing, and what the choice makes of that number.
//!
//! The expected value of partial perfect information is that of the best choice for each value of the number, less that
//! of the best single choice. What is expected of an option at each value is a curve fitted to the draws themselves, so
//! that no model has to be run again (Strong, Oakley and Brennan 2014, "Estimating multiparameter partial expected value
//! of perfect information from a probabilistic sensitivity analysis sample").

use super::choice::{Choice, mean, net_benefits};
use super::curve::{Curve, curve};
use super::present::PresentValues;
use super::variance::{correlation, ranks};
use crate::summarise::Estimate;

/// What one uncertain number has to do with the choice at one worth of an outcome.
#[derive(Debug, Clone)]
pub struct Learning {
    /// What it would be worth to know it: from 0 to what it would be worth to know everything. The Monte Carlo error is
    /// as if the curves were known.
    pub evppi: Estimate,
    /// By option; `None` for the comparator.
    pub leverage: Vec<Option<Leverage>>,
}

/// What an uncertain number has to do with the net benefit of one option over the comparator.
#[derive(Debug, Clone)]
pub struct Leverage {
    /// The correlation of their ranks (Spearman), from -1 to 1.
    pub rank_correlation: f64,
    /// What is expected of the increment where the number is low (one draw in twenty is lower) and high.
    pub low_and_high: [f64; 2],
    /// The values of the number, among those drawn, at which the expected increment passes through 0: rising.
    pub switching_values: Vec<f64>,
}

/// A number's draws, looked at once for every option and worth.
pub(super) struct Drawn<'a> {
    values: &'a [f64],
    /// Draws by rising value.
    order: Vec<usize>,
    ranks: Vec<f64>,
}

impl<'a> Drawn<'a> {
    pub fn of(values: &'a [f64]) -> Drawn<'a> {
        let mut order: Vec<usize> = (0..values.len()).collect();
        order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
        Drawn {
            values,
            ranks: ranks(values),
            order,
        }
    }

    fn curve(&self, responses: &[f64]) -> Curve {
        curve(self.values, responses, &self.order)
    }

    /// What knowing this number would be worth at the choice's worth of an outcome.
    pub fn learning(
        &self,
        present: &[PresentValues],
        comparator: usize,
        choice: &Choice,
    ) -> Learning {
        let benefits: Vec<Vec<f64>> = present
            .iter()
            .map(|option| net_benefits(&option.costs, &option.outcomes, choice.threshold))
            .collect();
        let over = |theirs: usize| {
            let theirs = &benefits[theirs];
            move |ours: &Vec<f64>| -> Vec<f64> {
                ours.iter()
                    .zip(theirs)
                    .map(|(ours, theirs)| ours - theirs)
                    .collect()
            }
        };
        // What the best option would lose to the one that is best for this value of the number.
        let mut losses = vec![0.0_f64; self.values.len()];
        for (option, benefit) in benefits.iter().enumerate() {
            if option == choice.best {
                continue;
            }
            let curve = self.curve(&over(choice.best)(benefit));
            for (loss, value) in losses.iter_mut().zip(self.values) {
                *loss = loss.max(curve.at(*value));
            }
        }
        let leverage = benefits.iter().enumerate().map(|(option, benefit)| {
            (option != comparator).then(|| self.leverage(&over(comparator)(benefit)))
        });
        Learning {
            leverage: leverage.collect(),
            evppi: Estimate {
                mean: mean(&losses).min(choice.evpi.mean),
                ..Estimate::of_column(&mut losses)
            },
        }
    }

    fn leverage(&self, increments: &[f64]) -> Leverage {
        let curve = self.curve(increments);
        let spread = Estimate::of_column(&mut self.values.to_vec());
        Leverage {
            rank_correlation: correlation(&self.ranks, &ranks(increments)),
            low_and_high: [spread.p05, spread.p95].map(|value| curve.at(value)),
            switching_values: curve.roots(),
        }
    }
}
