//! How sure it is that the choice is the best of the mixes tried.
//!
//! Which of two mixes has the higher mean is uncertain because the draws are few. The Bayesian bootstrap (Rubin 1981,
//! Annals of Statistics 9, 130-134) gives what is known of all means jointly, from the draws as they are: every draw
//! gets a weight, exponential and scaled to sum to one, and every mix its weighted mean. Mixes share their draws, so
//! that what differs between them is judged in pairs; a mix that was tried in fewer draws is compared in these.

use super::archive::{Archive, is_within};
use super::search::Problem;
use crate::random::Key;

/// What is known of the choice among the mixes tried that are within the budget.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Odds {
    /// By mix, the probability that it is the best; 0 for those beyond the budget.
    pub best: Vec<f64>,
    /// By mix, the probability that it is better than the choice, or as good; 1 for the choice itself.
    pub no_worse: Vec<f64>,
    /// The probability that nothing tried is better than the choice by more than the margin.
    pub as_good: f64,
    /// How much of the outcome the choice is expected to fall short of the best of those tried.
    pub shortfall: f64,
    /// What counts as equally good.
    pub margin: f64,
}

/// How many times means are weighed.
const N_WEIGHTS: usize = 1000;

/// The share of what the choice adds to the fewest places that is not worth telling apart.
pub const MARGIN: f64 = 0.01;

/// How many standard errors a mix is worse by before it is out of the question: one in thirty thousand.
const OUT_OF_QUESTION: f64 = 4.0;

/// A mix that is as good as the choice with no more probability than this can be told apart from it.
pub(super) const TOLD_APART: f64 = 0.05;

/// Of the choice among all mixes tried within the budget, by the first `n_rows` rows; `fewest` is the mix with the
/// fewest places.
pub(super) fn odds(
    archive: &Archive,
    (choice, fewest): (usize, Option<usize>),
    n_rows: usize,
    problem: &Problem,
) -> Odds {
    let less = |mix: usize| -> Vec<f64> {
        let pairs = archive.tried[mix]
            .chosen_by
            .iter()
            .zip(&archive.tried[choice].chosen_by);
        pairs
            .take(n_rows)
            .map(|(ours, chosen)| ours.gain - chosen.gain)
            .collect()
    };
    let margin = fewest.map_or(0.0, |fewest| MARGIN * moments(&less(fewest)).0.abs());
    let is_rival = |mix: &usize| {
        let tried = &archive.tried[*mix];
        let n = tried.chosen_by.len();
        let cost = archive.brought(*mix, choice, n_rows).cost;
        *mix != choice && n > 1 && is_within(cost, problem.budget)
    };
    let rivals = (0..archive.tried.len()).filter(is_rival);
    let rivals: Vec<(usize, Vec<f64>)> = rivals
        .map(|mix| (mix, less(mix)))
        .filter(|(_, less)| {
            let (mean, error) = moments(less);
            mean + OUT_OF_QUESTION * error >= 0.0
        })
        .collect();
    let mut odds = Odds {
        best: vec![0.0; archive.tried.len()],
        no_worse: vec![0.0; archive.tried.len()],
        as_good: 0.0,
        shortfall: 0.0,
        margin,
    };
    odds.no_worse[choice] = 1.0;
    let root = Key::new(problem.seed).named("mixes");
    let share = 1.0 / N_WEIGHTS as f64;
    for time in 0..N_WEIGHTS {
        let weight = |row: usize| -root.with(time as u64).with(row as u64).uniform().ln();
        let weights: Vec<f64> = (0..n_rows).map(weight).collect();
        let (mut best, mut most) = (choice, 0.0);
        for (mix, less) in &rivals {
            let sum: f64 = weights
                .iter()
                .zip(less)
                .map(|(weight, less)| weight * less)
                .sum();
            let mean = sum / weights[..less.len()].iter().sum::<f64>();
            if mean >= 0.0 {
                odds.no_worse[*mix] += share;
            }
            if mean > most {
                (best, most) = (*mix, mean);
            }
        }
        odds.best[best] += share;
        odds.shortfall += share * most;
        odds.as_good += if most <= margin { share } else { 0.0 };
    }
    odds
}

/// The mean and its standard error.
pub(super) fn moments(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    let error = match values.len() {
        0 | 1 => 0.0,
        _ => (squares / (n - 1.0) / n).sqrt(),
    };
    (mean, error)
}
