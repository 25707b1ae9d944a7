//! Options known by draws, side by side: present values, the frontier, and the choice at every worth of an outcome.

use super::choice::{Choice, choice, mean, net_benefits, sum};
use super::discount::Schedule;
use super::frontier::{ROUNDING, Standing, frontier};
use crate::compile::{Alternative, Alternatives};
use crate::summarise::Estimate;

/// How streams are discounted.
#[derive(Debug, Clone, PartialEq)]
pub struct Discounting {
    /// Money.
    pub costs: Schedule,
    /// What is achieved.
    pub outcomes: Schedule,
}

/// Options side by side.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// In the order of the table.
    pub options: Vec<Compared>,
    /// The option that others are compared with.
    pub comparator: usize,
    /// One for each worth of an outcome, in the order asked for.
    pub choices: Vec<Choice>,
    /// How many draws there are.
    pub n_draws: usize,
    /// How streams were discounted; `None` where there are none.
    pub discounting: Option<Discounting>,
    /// What outcomes are called.
    pub outcome: String,
}

/// One option.
#[derive(Debug, Clone)]
pub struct Compared {
    /// Its name.
    pub id: String,
    /// What it costs, in present value.
    pub cost: Estimate,
    /// What it achieves.
    pub outcome: Estimate,
    /// Where it stands among the others.
    pub standing: Standing,
    /// The option less the comparator; `None` for the comparator itself.
    pub increment: Option<Increment>,
}

/// An option less the comparator, draw by draw.
#[derive(Debug, Clone)]
pub struct Increment {
    /// The extra cost.
    pub cost: Estimate,
    /// The extra outcome.
    pub outcome: Estimate,
    /// By worth of an outcome: the extra net benefit.
    pub net_benefit: Vec<Estimate>,
    /// By worth of an outcome: the share of draws in which it is above 0.
    pub probability_better: Vec<f64>,
    /// By worth of an outcome: extra worth over extra cost, of the means; `None` where the option costs no more, because
    /// the ratio has no meaning for a saving.
    pub benefit_cost_ratio: Vec<Option<f64>>,
}

/// Present values of every draw of one option.
#[derive(Debug, Clone, PartialEq)]
pub struct Presence {
    /// What it costs.
    pub costs: Vec<f64>,
    /// What it achieves.
    pub outcomes: Vec<f64>,
}

impl Presence {
    /// Sums streams over their years, each year by its factor.
    pub fn of(option: &Alternative, discounting: &Discounting) -> Presence {
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
        Presence {
            costs: discounted(&option.costs, &discounting.costs),
            outcomes: discounted(&option.outcomes, &discounting.outcomes),
        }
    }
}

/// Compares options at these worths of an outcome. Without streams nothing is discounted.
pub fn compare(
    alternatives: &Alternatives,
    discounting: &Discounting,
    thresholds: &[f64],
) -> Comparison {
    let present = |option| Presence::of(option, discounting);
    let present: Vec<Presence> = alternatives.options.iter().map(present).collect();
    let (costs, outcomes): (Vec<_>, Vec<_>) =
        present.into_iter().map(|p| (p.costs, p.outcomes)).unzip();
    let means = |values: &[Vec<f64>]| values.iter().map(|draws| mean(draws)).collect::<Vec<_>>();
    let standings = frontier(&means(&costs), &means(&outcomes));
    let comparator = alternatives.comparator;
    let option = |(index, standing): (usize, Standing)| Compared {
        id: alternatives.options[index].id.clone(),
        cost: estimate(&costs[index]),
        outcome: estimate(&outcomes[index]),
        standing,
        increment: (index != comparator).then(|| {
            let less = |values: &[Vec<f64>]| difference(&values[index], &values[comparator]);
            increment(&less(&costs), &less(&outcomes), thresholds)
        }),
    };
    let at = |threshold: &f64| choice(&costs, &outcomes, *threshold);
    Comparison {
        options: standings.into_iter().enumerate().map(option).collect(),
        comparator,
        choices: thresholds.iter().map(at).collect(),
        n_draws: alternatives.n_draws,
        discounting: alternatives.has_years.then(|| discounting.clone()),
        outcome: alternatives.outcome.clone(),
    }
}

fn increment(cost: &[f64], outcome: &[f64], thresholds: &[f64]) -> Increment {
    let benefits: Vec<Vec<f64>> = thresholds
        .iter()
        .map(|threshold| net_benefits(cost, outcome, *threshold))
        .collect();
    let better = |threshold: &f64, gains: &Vec<f64>| {
        let is_better = |draw: &usize| {
            let size = (threshold * outcome[*draw]).abs() + cost[*draw].abs();
            gains[*draw] > ROUNDING * size
        };
        (0..gains.len()).filter(is_better).count() as f64 / gains.len() as f64
    };
    let extra_cost = mean(cost);
    Increment {
        cost: estimate(cost),
        outcome: estimate(outcome),
        probability_better: thresholds
            .iter()
            .zip(&benefits)
            .map(|(threshold, gains)| better(threshold, gains))
            .collect(),
        benefit_cost_ratio: thresholds
            .iter()
            .map(|threshold| (extra_cost > 0.0).then(|| threshold * mean(outcome) / extra_cost))
            .collect(),
        net_benefit: benefits.iter().map(|gains| estimate(gains)).collect(),
    }
}

/// Mean, quantiles and Monte Carlo error of draws; the mean alone of a single one.
fn estimate(draws: &[f64]) -> Estimate {
    Estimate {
        mean: mean(draws),
        ..Estimate::of_column(&mut draws.to_vec())
    }
}

fn difference(ours: &[f64], theirs: &[f64]) -> Vec<f64> {
    let pairs = ours.iter().zip(theirs);
    pairs.map(|(ours, theirs)| ours - theirs).collect()
}
