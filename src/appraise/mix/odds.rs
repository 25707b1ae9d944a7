//! How sure it is that the choice is the best of the mixes tried.
//!
//! Which of two mixes has the higher mean is uncertain because the draws are few, and so is whether a mix is within the
//! budget. The Bayesian bootstrap (Rubin 1981, Annals of Statistics 9, 130-134) gives what is known of all means jointly,
//! from the draws as they are: every draw gets a weight, exponential and scaled to sum to one, and every mix its weighted
//! mean gain and cost. A mix counts only where its cost is within the budget by the same weights. Mixes share their
//! draws, so that what differs between them is judged in pairs; a mix that was tried in fewer draws is compared in these.

use std::ops::Range;

use super::archive::{Archive, is_within};
use super::lives::Sample;
use super::search::Problem;
use crate::random::Key;

/// What is known of the choice among the mixes tried.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Odds {
    /// By mix, the probability that it is the best of those within the budget; NaN where it was not compared.
    pub best: Vec<f64>,
    /// By mix, the probability that it is better than the choice, or as good, and within the budget or no dearer than the
    /// choice; 1 for the choice itself.
    pub no_worse: Vec<f64>,
    /// The probability that nothing tried within the budget is better than the choice by more than the margin.
    pub as_good: f64,
    /// The probability that what the choice is expected to cost is within the budget.
    pub within: f64,
    /// How much of the outcome the choice is expected to fall short of the best of those tried.
    pub shortfall: f64,
    /// What counts as equally good.
    pub margin: f64,
}

/// How many times means are weighed.
const N_WEIGHTS: usize = 1000;

/// The share of what the choice adds to the fewest places that is not worth telling apart.
pub const MARGIN: f64 = 0.01;

/// How many standard errors a mix is worse by, or beyond the budget, before it is out of the question: one in thirty
/// thousand.
const OUT_OF_QUESTION: f64 = 4.0;

/// How many of the mixes within the budget are compared whatever they lose: one of them is the best where the choice
/// turns out to cost too much.
const N_SAFE: usize = 40;

/// A mix that is as good as the choice with no more probability than this can be told apart from it.
pub(super) const TOLD_APART: f64 = 0.05;

/// Of the choice among all mixes tried, by the first `n_rows` rows; `fewest` is the mix with the fewest places.
pub(super) fn odds(
    archive: &Archive,
    (choice, fewest): (usize, Option<usize>),
    n_rows: usize,
    problem: &Problem,
) -> Odds {
    let contest = Contest {
        archive,
        problem,
        rows: 0..n_rows,
        choice,
        fewest,
    };
    contest.odds(|mix| &archive.tried[mix].chosen_by)
}

/// The same in the rows that are held back, among the mixes that were lived there.
pub(super) fn odds_held_back(
    archive: &Archive,
    (choice, fewest): (usize, Option<usize>),
    problem: &Problem,
) -> Odds {
    let contest = Contest {
        archive,
        problem,
        rows: problem.n_rows..problem.n_all,
        choice,
        fewest,
    };
    contest.odds(|mix| &archive.tried[mix].held_back)
}

struct Contest<'a> {
    archive: &'a Archive,
    problem: &'a Problem<'a>,
    /// Counted from 0.
    rows: Range<usize>,
    choice: usize,
    fewest: Option<usize>,
}

/// A mix in the question: by row, its gain less the choice's, and its cost.
struct Rival {
    mix: usize,
    less: Vec<f64>,
    costs: Vec<f64>,
}

/// Weights of all rows, those of the contest among them.
struct Weights<'a> {
    all: Vec<f64>,
    rows: Range<usize>,
    reference: &'a [f64],
    /// What the mix of reference costs in all rows, by the weights.
    common: f64,
}

impl Weights<'_> {
    fn mean(&self, values: &[f64]) -> f64 {
        let own = &self.all[self.rows.start..self.rows.start + values.len()];
        let pairs = own.iter().zip(values);
        pairs.map(|(weight, value)| weight * value).sum::<f64>() / own.iter().sum::<f64>()
    }

    /// A cost in some rows brought to all of them by what the mix of reference costs in both.
    fn cost(&self, costs: &[f64]) -> f64 {
        let from = self.rows.start;
        let here = self.reference.get(from..from + costs.len());
        let here = here.map_or(0.0, |here| self.mean(here));
        match here > 0.0 {
            true => self.mean(costs) * self.common / here,
            false => self.mean(costs),
        }
    }
}

impl Contest<'_> {
    fn odds<'b>(&self, samples: impl Fn(usize) -> &'b Vec<Sample>) -> Odds {
        let less = |mix: usize| -> Vec<f64> {
            let pairs = samples(mix).iter().zip(samples(self.choice));
            let pairs = pairs.take(self.rows.len());
            pairs
                .map(|(ours, chosen)| ours.gain - chosen.gain)
                .collect()
        };
        let margin = self
            .fewest
            .filter(|fewest| !samples(*fewest).is_empty())
            .map_or(0.0, |fewest| MARGIN * moments(&less(fewest)).0.abs());
        let rival = |mix: usize| Rival {
            mix,
            less: less(mix),
            costs: samples(mix)
                .iter()
                .take(self.rows.len())
                .map(|sample| sample.cost)
                .collect(),
        };
        let mixes = 0..self.archive.tried.len();
        let others = mixes.filter(|mix| *mix != self.choice && samples(*mix).len() > 1);
        let rivals = self.in_question(others.map(rival).collect());
        self.weighed(&rival(self.choice).costs, &rivals, margin)
    }

    /// Those that may be better than the choice, and the best of those that are surely within the budget.
    fn in_question(&self, rivals: Vec<Rival>) -> Vec<Rival> {
        let even = self.weights(|_| 1.0);
        let budget = self.problem.budget;
        let mut found: Vec<(f64, bool, Rival)> = Vec::new();
        for rival in rivals {
            let (gain, error) = moments(&rival.less);
            let cost = even.cost(&rival.costs);
            let (mean, spread) = moments(&rival.costs);
            let slack = OUT_OF_QUESTION * cost * if mean > 0.0 { spread / mean } else { 0.0 };
            if is_within(cost - slack, budget) {
                found.push((gain, gain + OUT_OF_QUESTION * error >= 0.0, rival));
            }
        }
        found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.2.mix.cmp(&b.2.mix)));
        let mut n_safe = 0;
        found.retain(|(_, is_close, rival)| {
            let is_safe = is_within(even.cost(&rival.costs), budget) && n_safe < N_SAFE;
            n_safe += usize::from(is_safe);
            *is_close || is_safe
        });
        found.into_iter().map(|(_, _, rival)| rival).collect()
    }

    fn weights(&self, weight: impl Fn(usize) -> f64) -> Weights<'_> {
        let n_all = self.problem.n_all.max(self.rows.end);
        let all: Vec<f64> = (0..n_all).map(weight).collect();
        let reference = self.archive.reference(0..self.problem.n_all);
        let pairs = all.iter().zip(reference);
        let sum: f64 = pairs.map(|(weight, cost)| weight * cost).sum();
        let common = sum / all.iter().take(reference.len()).sum::<f64>();
        Weights {
            all,
            rows: self.rows.clone(),
            reference,
            common,
        }
    }

    fn weighed(&self, chosen: &[f64], rivals: &[Rival], margin: f64) -> Odds {
        let n = self.archive.tried.len();
        let mut odds = Odds {
            best: vec![0.0; n],
            no_worse: vec![0.0; n],
            as_good: 0.0,
            within: 0.0,
            shortfall: 0.0,
            margin,
        };
        odds.no_worse[self.choice] = 1.0;
        let budget = self.problem.budget;
        let root = Key::new(self.problem.seed).named("mixes");
        let share = 1.0 / N_WEIGHTS as f64;
        for time in 0..N_WEIGHTS {
            let root = root.with(time as u64);
            let weights = self.weights(|row| -root.with(row as u64).uniform().ln());
            let chosen_cost = weights.cost(chosen);
            let is_chosen_within = is_within(chosen_cost, budget);
            let mut best = is_chosen_within.then_some((self.choice, 0.0));
            for rival in rivals {
                let cost = weights.cost(&rival.costs);
                let is_rival_within = is_within(cost, budget);
                if !is_rival_within && !is_within(cost, chosen_cost) {
                    continue;
                }
                let more = weights.mean(&rival.less);
                if more >= 0.0 {
                    odds.no_worse[rival.mix] += share;
                }
                if is_rival_within && best.is_none_or(|(_, most)| more > most) {
                    best = Some((rival.mix, more));
                }
            }
            let (mix, most) = best.unwrap_or((self.choice, 0.0));
            if best.is_some() {
                odds.best[mix] += share;
            }
            odds.within += if is_chosen_within { share } else { 0.0 };
            odds.shortfall += share * most.max(0.0);
            odds.as_good += if most <= margin { share } else { 0.0 };
        }
        odds
    }
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
