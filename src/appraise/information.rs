//! What it would be worth to know one uncertain number, or several, before choosing, and what the choice makes of it.
//!
//! The expected value of partial perfect information is that of the best choice for each value of the number, less that
//! of the best single choice. What is expected of an option at each value is a curve fitted to the draws themselves, so
//! that no model has to be run again (Strong, Oakley and Brennan 2014, "Estimating multiparameter partial expected value
//! of perfect information from a probabilistic sensitivity analysis sample").

use super::choice::{Choice, difference, mean, net_benefits};
use super::curve::Smoother;
use super::present::PresentValues;
use super::ridge::Ridge;
use super::variance::{correlation, ranks};
use crate::summarise::Estimate;

/// What an uncertain number, or several as one, has to do with the choice at one worth of an outcome.
#[derive(Debug, Clone)]
pub struct Learning {
    /// What it would be worth to know it: from 0 to what it would be worth to know everything. The Monte Carlo error is
    /// as if the curves were known.
    pub evppi: Estimate,
    /// By option; `None` for the comparator, and for several numbers as one.
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

/// A number's draws, or those of several as one, looked at once for every option and worth.
pub(super) struct Drawn {
    method: Method,
    /// Of a number that stands alone.
    alone: Option<Alone>,
}

/// How it is found what is expected when numbers are known.
enum Method {
    /// A curve of one number.
    Curve(Smoother),
    /// A sum of curves of each number and of each pair's product, where there are draws enough for them.
    Curves(Vec<Smoother>),
    /// A regression whose coefficients are shrunk together.
    Ridge(Ridge),
}

struct Alone {
    ranks: Vec<f64>,
    /// One draw in twenty is lower than the first, one in twenty higher than the second.
    low_and_high: [f64; 2],
}

/// How often the curves of a group are fitted to what the others leave.
const ROUNDS: usize = 12;

/// How many draws a group has for each of its curves, if curves are to be fitted.
const DRAWS_PER_CURVE: usize = 200;

/// How probably any of all numbers that tell nothing is taken to tell something (Bonferroni).
const FALSE_FIND: f64 = 0.05;

impl Drawn {
    pub fn of(numbers: &[Vec<f64>]) -> Drawn {
        let n_draws = numbers.first().map_or(0, Vec::len);
        let n_curves = numbers.len() * (numbers.len() + 1) / 2;
        let method = match numbers {
            [values] => Method::Curve(Smoother::of(values)),
            _ if n_draws >= DRAWS_PER_CURVE * n_curves => Method::Curves(curves(numbers)),
            _ => Method::Ridge(Ridge::of(numbers)),
        };
        let alone = match numbers {
            [values] => {
                let spread = Estimate::of_column(&mut values.clone());
                Some(Alone {
                    ranks: ranks(values),
                    low_and_high: [spread.p05, spread.p95],
                })
            }
            _ => None,
        };
        Drawn { method, alone }
    }

    /// What is expected in every draw when the numbers are known. What chance would lead to as probably as `level` says
    /// nothing.
    fn expected(&self, responses: &[f64], level: f64) -> Vec<f64> {
        let (expected, by_chance) = match &self.method {
            Method::Curve(smoother) => {
                let fitted = smoother.fit(responses);
                (fitted.expected, fitted.by_chance)
            }
            Method::Curves(smoothers) => (backfitted(smoothers, responses), 0.0),
            Method::Ridge(ridge) => ridge.fit(responses),
        };
        match by_chance < level {
            true => expected,
            false => vec![mean(responses); responses.len()],
        }
    }

    /// What knowing the number would be worth: what the best option would lose to the one that is best for each value.
    fn evppi(&self, over_best: &[Vec<f64>], choice: &Choice, level: f64) -> Estimate {
        let n_draws = over_best.first().map_or(0, Vec::len);
        let mut losses = vec![0.0_f64; n_draws];
        let others = over_best.iter().enumerate();
        for (_, gains) in others.filter(|(option, _)| *option != choice.best) {
            for (loss, gain) in losses.iter_mut().zip(self.expected(gains, level)) {
                *loss = loss.max(gain);
            }
        }
        Estimate {
            mean: mean(&losses).min(choice.evpi.mean),
            ..Estimate::of_column(&mut losses)
        }
    }

    fn leverage(&self, increments: &[f64], ranks: &[f64]) -> Option<Leverage> {
        let (Some(alone), Method::Curve(smoother)) = (&self.alone, &self.method) else {
            return None;
        };
        let curve = smoother.fit(increments).curve;
        Some(Leverage {
            rank_correlation: correlation(&alone.ranks, ranks),
            low_and_high: alone.low_and_high.map(|value| curve.at(value)),
            switching_values: curve.roots(),
        })
    }
}

/// Curves of each number, then of the product of each pair.
fn curves(numbers: &[Vec<f64>]) -> Vec<Smoother> {
    let mut smoothers: Vec<Smoother> = numbers.iter().map(|values| Smoother::of(values)).collect();
    for (index, ours) in numbers.iter().enumerate() {
        let theirs = numbers.iter().skip(index + 1);
        smoothers.extend(theirs.map(|theirs| Smoother::of(&product(ours, theirs))));
    }
    smoothers
}

/// A sum of curves, fitted in turn to what the others leave (backfitting, Hastie and Tibshirani 1990, "Generalized additive
/// models", section 4.4).
fn backfitted(smoothers: &[Smoother], responses: &[f64]) -> Vec<f64> {
    let mut parts = vec![vec![0.0; responses.len()]; smoothers.len()];
    let mut total = vec![mean(responses); responses.len()];
    for _ in 0..ROUNDS {
        for (smoother, part) in smoothers.iter().zip(&mut parts) {
            let others = difference(&total, part);
            let mut next = smoother.fit(&difference(responses, &others)).expected;
            let middle = mean(&next);
            next.iter_mut().for_each(|value| *value -= middle);
            for ((total, other), value) in total.iter_mut().zip(others).zip(&next) {
                *total = other + value;
            }
            *part = next;
        }
    }
    total
}

/// The product of two numbers about their means, so that it tells only what they do together.
fn product(ours: &[f64], theirs: &[f64]) -> Vec<f64> {
    let (our_mean, their_mean) = (mean(ours), mean(theirs));
    let pairs = ours.iter().zip(theirs);
    pairs
        .map(|(ours, theirs)| (ours - our_mean) * (theirs - their_mean))
        .collect()
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
    let n_alone = numbers
        .iter()
        .filter(|number| number.alone.is_some())
        .count();
    let n_curves = n_alone.max(1) * (options.len() - 1).max(1);
    let level = FALSE_FIND / n_curves as f64;
    let learning = |number: &Drawn| Learning {
        evppi: number.evppi(&over_best, choice, level),
        leverage: (over_comparator.iter().zip(&ranked).enumerate())
            .map(|(option, (gains, ranks))| {
                let is_other = option != comparator;
                is_other.then(|| number.leverage(gains, ranks)).flatten()
            })
            .collect(),
    };
    numbers.iter().map(learning).collect()
}
