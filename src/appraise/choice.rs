//! The choice between options at one worth of an outcome: net benefit, probability best, regret, and what it would be
//! worth to know before choosing.
//!
//! Net benefit is worth times outcome less cost. The expected value of perfect information is what choosing draw by draw
//! would gain over the best single choice (Claxton 1999, "The irrelevance of inference"), which is the expected regret
//! of that choice. So it is never below 0, and 0 where one option is best in every draw.

use super::frontier::ROUNDING;
use super::present::PresentValues;
use crate::summarise::Estimate;

/// The choice at one worth of an outcome; vectors are by option.
#[derive(Debug, Clone)]
pub struct Choice {
    /// What one more of the outcome is worth.
    pub threshold: f64,
    /// Net benefit.
    pub net_benefit: Vec<Estimate>,
    /// The share of draws in which the option's net benefit is highest; several as high share the draw or leave it to the
    /// first, see [`Ties`], so that shares sum to 1.
    pub probability_best: Vec<f64>,
    /// The mean of what is lost by this option where another is better; 0 or more.
    pub expected_regret: Vec<f64>,
    /// Its Monte Carlo error; without one where there is a single draw.
    pub regret_error: Vec<f64>,
    /// The most that is lost in any draw. The largest of so many draws has no Monte Carlo error: with more draws it only
    /// grows, by how much none of them tells.
    pub maximum_regret: Vec<f64>,
    /// The option with the highest mean, the first of several as high.
    pub best: usize,
    /// The expected value of perfect information, with its Monte Carlo error as if the best option were known; without
    /// a Monte Carlo error where there is a single draw.
    pub evpi: Estimate,
}

/// Who takes a draw in which several options are as good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ties {
    /// The first of them: a later one must be strictly better.
    First,
    /// All of them in equal parts.
    Shared,
}

/// The choice between options, each with as many draws, at this worth of an outcome.
pub fn choice(options: &[PresentValues], threshold: f64, ties: Ties) -> Choice {
    let benefits: Vec<Vec<f64>> = options
        .iter()
        .map(|option| net_benefits(&option.costs, &option.outcomes, threshold))
        .collect();
    let n_draws = benefits.first().map_or(0, Vec::len);
    // Numbers that cancel are rounded in proportion to what they are made of.
    let size = |option: usize, draw: usize| {
        (threshold * options[option].outcomes[draw]).abs() + options[option].costs[draw].abs()
    };
    let mut wins = vec![0.0; benefits.len()];
    let mut highest = vec![f64::NEG_INFINITY; n_draws];
    for (draw, highest) in highest.iter_mut().enumerate() {
        let values = benefits.iter().map(|benefit| benefit[draw]);
        let winner = first_highest(values.clone(), |option| size(option, draw));
        *highest = values.fold(f64::NEG_INFINITY, f64::max);
        let is_as_high = |option: &usize| match ties {
            Ties::First => *option == winner,
            Ties::Shared => {
                let most = size(*option, draw).max(size(winner, draw));
                (benefits[winner][draw] - benefits[*option][draw]).abs() <= ROUNDING * most
            }
        };
        let winners: Vec<usize> = (0..benefits.len()).filter(is_as_high).collect();
        for option in &winners {
            wins[*option] += 1.0 / winners.len() as f64;
        }
    }
    let regret = |benefit: &Vec<f64>| -> Vec<f64> {
        let pairs = highest.iter().zip(benefit);
        pairs.map(|(highest, own)| highest - own).collect()
    };
    let regrets: Vec<Vec<f64>> = benefits.iter().map(regret).collect();
    let means: Vec<f64> = benefits.iter().map(|benefit| mean(benefit)).collect();
    let best = first_highest(means.iter().copied(), |option| {
        (threshold * mean(&options[option].outcomes)).abs() + mean(&options[option].costs).abs()
    });
    let evpi = regrets.get(best).map_or(Estimate::NONE, |regret| Estimate {
        mean: mean(regret),
        ..Estimate::of_column(&mut regret.clone())
    });
    Choice {
        threshold,
        net_benefit: benefits
            .iter()
            .zip(&means)
            .map(|(benefit, mean)| Estimate {
                mean: *mean,
                ..Estimate::of_column(&mut benefit.clone())
            })
            .collect(),
        probability_best: wins.iter().map(|wins| wins / n_draws as f64).collect(),
        expected_regret: regrets.iter().map(|regret| mean(regret)).collect(),
        regret_error: regrets
            .iter()
            .map(|regret| Estimate::of_column(&mut regret.clone()).mc_error)
            .collect(),
        maximum_regret: regrets
            .iter()
            .map(|regret| regret.iter().copied().fold(0.0, f64::max))
            .collect(),
        best,
        evpi,
    }
}

/// Worth times outcome less cost, draw by draw.
pub(super) fn net_benefits(costs: &[f64], outcomes: &[f64], threshold: f64) -> Vec<f64> {
    let pairs = costs.iter().zip(outcomes);
    pairs
        .map(|(cost, outcome)| threshold * outcome - cost)
        .collect()
}

/// Ours less theirs, draw by draw.
pub(super) fn difference(ours: &[f64], theirs: &[f64]) -> Vec<f64> {
    let pairs = ours.iter().zip(theirs);
    pairs.map(|(ours, theirs)| ours - theirs).collect()
}

/// The index of the first value that no other passes by more than rounding.
fn first_highest(values: impl Iterator<Item = f64>, size: impl Fn(usize) -> f64) -> usize {
    let mut best = (0, f64::NEG_INFINITY);
    for (option, value) in values.enumerate() {
        if best.1 == f64::NEG_INFINITY || value - best.1 > ROUNDING * size(option).max(size(best.0))
        {
            best = (option, value);
        }
    }
    best.0
}

/// The mean, summed with Neumaier's correction so that large levels lose no digits.
pub(super) fn mean(values: &[f64]) -> f64 {
    sum(values.iter().copied()) / values.len() as f64
}

/// A sum with Neumaier's correction.
pub(super) fn sum(values: impl Iterator<Item = f64>) -> f64 {
    let (mut sum, mut lost) = (0.0_f64, 0.0_f64);
    for value in values {
        let next = sum + value;
        lost += if sum.abs() >= value.abs() {
            (sum - next) + value
        } else {
            (value - next) + sum
        };
        sum = next;
    }
    sum + lost
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tie_goes_to_the_first_and_perfect_foresight_is_worth_what_it_saves() {
        // 0.1 * 3 and 0.3 are one number in decimals and two in binary fractions.
        let option = |costs: [f64; 2], outcomes: [f64; 2]| PresentValues {
            costs: costs.to_vec(),
            outcomes: outcomes.to_vec(),
        };
        let options = [
            option([0.0, 0.0], [0.3, 0.3]),
            option([0.0, 1.0], [0.1 * 3.0, 0.3]),
        ];
        let shared = super::choice(&options, 1.0, Ties::Shared);
        assert_eq!(shared.probability_best, [0.75, 0.25]);
        let choice = choice(&options, 1.0, Ties::First);
        assert_eq!(choice.probability_best, [1.0, 0.0]);
        assert_eq!(choice.best, 0);
        assert!(choice.evpi.mean.abs() < 1e-15);
        assert!((choice.expected_regret[1] - 0.5).abs() < 1e-15);
        assert!((choice.maximum_regret[1] - 1.0).abs() < 1e-15);
    }

    #[test]
    fn sums_keep_what_cancels() {
        assert_eq!(sum([1e16, 1.0, -1e16].into_iter()), 1.0);
    }
}
