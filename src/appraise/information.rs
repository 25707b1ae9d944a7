//! What it would be worth to know one uncertain number before choosing, and what the choice makes of that number.
//!
//! The expected value of partial perfect information is that of the best choice for each value of the number, less that
//! of the best single choice. What is expected of an option at each value is a curve fitted to the draws themselves, so
//! that no model has to be run again (Strong, Oakley and Brennan 2014, "Estimating multiparameter partial expected value
//! of perfect information from a probabilistic sensitivity analysis sample").

use super::choice::{Choice, difference, mean, net_benefits};
use super::curve::Smoother;
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
pub(super) struct Drawn {
    ranks: Vec<f64>,
    smoother: Smoother,
    /// One draw in twenty is lower than the first, one in twenty higher than the second.
    low_and_high: [f64; 2],
}

impl Drawn {
    pub fn of(values: &[f64]) -> Drawn {
        let spread = Estimate::of_column(&mut values.to_vec());
        Drawn {
            ranks: ranks(values),
            smoother: Smoother::of(values),
            low_and_high: [spread.p05, spread.p95],
        }
    }

    /// What knowing the number would be worth: what the best option would lose to the one that is best for each value.
    fn evppi(&self, over_best: &[Vec<f64>], choice: &Choice) -> Estimate {
        let n_draws = self.ranks.len();
        let mut losses = vec![0.0_f64; n_draws];
        let others = over_best.iter().enumerate();
        for (_, gains) in others.filter(|(option, _)| *option != choice.best) {
            let (_, expected) = self.smoother.fit(gains);
            for (loss, gain) in losses.iter_mut().zip(expected) {
                *loss = loss.max(gain);
            }
        }
        Estimate {
            mean: mean(&losses).min(choice.evpi.mean),
            ..Estimate::of_column(&mut losses)
        }
    }

    fn leverage(&self, increments: &[f64], ranks: &[f64]) -> Leverage {
        let (curve, _) = self.smoother.fit(increments);
        Leverage {
            rank_correlation: correlation(&self.ranks, ranks),
            low_and_high: self.low_and_high.map(|value| curve.at(value)),
            switching_values: curve.roots(),
        }
    }
}

/// What each number has to do with the choice.
pub(super) fn learnings(
    numbers: &[Drawn],
    options: &[PresentValues],
    comparator: usize,
    choice: &Choice,
) -> Vec<Learning> {
    if numbers.is_empty() {
        return Vec::new();
    }
    let benefits: Vec<Vec<f64>> = options
        .iter()
        .map(|option| net_benefits(&option.costs, &option.outcomes, choice.threshold))
        .collect();
    let over = |theirs: usize| -> Vec<Vec<f64>> {
        let less = |ours: &Vec<f64>| difference(ours, &benefits[theirs]);
        benefits.iter().map(less).collect()
    };
    let (over_best, over_comparator) = (over(choice.best), over(comparator));
    let ranked: Vec<Vec<f64>> = over_comparator.iter().map(|gains| ranks(gains)).collect();
    let learning = |number: &Drawn| Learning {
        evppi: number.evppi(&over_best, choice),
        leverage: (over_comparator.iter().zip(&ranked).enumerate())
            .map(|(option, (gains, ranks))| {
                (option != comparator).then(|| number.leverage(gains, ranks))
            })
            .collect(),
    };
    numbers.iter().map(learning).collect()
}
