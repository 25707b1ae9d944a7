//! Options known by draws, side by side: present values, the frontier, and the choice at every worth of an outcome.

use super::certainty::Certainty;
use super::choice::{Choice, Ties, choice, difference, mean, net_benefits};
use super::frontier::{Standing, cheaper, frontier};
use super::information::{Drawn, Learning, learnings};
use super::judge::{better, ratio_of_means};
use super::present::{Discounting, PresentValues};
use crate::compile::Alternatives;
use crate::summarise::Estimate;

/// Options side by side.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// In the order of the table.
    pub options: Vec<Compared>,
    /// The option that others are compared with.
    pub comparator: usize,
    /// One for each worth of an outcome, in the order asked for.
    pub choices: Vec<Choice>,
    /// By uncertain number behind the draws: its name, and what it has to do with each choice.
    pub learnings: Vec<(String, Vec<Learning>)>,
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
    /// How sure the cost of one more along the frontier is, given who stands on it.
    pub icer: Certainty,
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
    /// The extra cost of one more of the outcome: the ratio of the means; not a number where it has no meaning.
    pub cost_per_outcome: Estimate,
    /// How sure it is.
    pub cost_per_outcome_certainty: Certainty,
    /// Why it is left out, or what it is.
    pub cost_per_outcome_note: &'static str,
    /// By worth of an outcome: the share of draws in which it is above 0, ties counting half.
    pub probability_better: Vec<f64>,
    /// By worth of an outcome: extra worth over extra cost, of the means; `None` where the option costs no more, because
    /// the ratio has no meaning for a saving.
    pub benefit_cost_ratio: Vec<Option<f64>>,
    /// How sure those ratios are.
    pub benefit_cost_ratio_certainty: Vec<Certainty>,
}

/// Compares options at these worths of an outcome. Without streams nothing is discounted. A draw in which several are as
/// good goes to the first.
pub fn compare(
    alternatives: &Alternatives,
    discounting: &Discounting,
    thresholds: &[f64],
) -> Comparison {
    compare_with(alternatives, discounting, thresholds, Ties::First)
}

/// The same, whoever takes draws that are tied.
pub(super) fn compare_with(
    alternatives: &Alternatives,
    discounting: &Discounting,
    thresholds: &[f64],
    ties: Ties,
) -> Comparison {
    let present = |option| PresentValues::of(option, discounting);
    let present: Vec<PresentValues> = alternatives.options.iter().map(present).collect();
    let costs: Vec<f64> = present.iter().map(|option| mean(&option.costs)).collect();
    let outcomes: Vec<f64> = present
        .iter()
        .map(|option| mean(&option.outcomes))
        .collect();
    let comparator = alternatives.comparator;
    let standings = frontier(&costs, &outcomes);
    let before = cheaper(&costs, &outcomes, &standings);
    let icer = |index: usize| {
        let extra = |of: fn(&PresentValues) -> &Vec<f64>, before: usize| {
            difference(of(&present[index]), of(&present[before]))
        };
        before[index].map_or(Certainty::NONE, |before| {
            let (cost, more) = (extra(|p| &p.costs, before), extra(|p| &p.outcomes, before));
            Certainty::of_ratio(&cost, &more)
        })
    };
    let option = |(index, standing): (usize, Standing)| Compared {
        icer: icer(index),
        id: alternatives.options[index].id.clone(),
        cost: estimate(&present[index].costs),
        outcome: estimate(&present[index].outcomes),
        standing,
        increment: (index != comparator)
            .then(|| increment(&present[index], &present[comparator], thresholds)),
    };
    let choices: Vec<Choice> = thresholds
        .iter()
        .map(|threshold| choice(&present, *threshold, ties))
        .collect();
    let numbers: Vec<Drawn> = (alternatives.parameters.iter())
        .map(|(_, values)| Drawn::of(values))
        .collect();
    let mut by_parameter: Vec<(String, Vec<Learning>)> = (alternatives.parameters.iter())
        .map(|(name, _)| (name.clone(), Vec::new()))
        .collect();
    for choice in &choices {
        let learnings = learnings(&numbers, &present, comparator, choice);
        for ((_, of), learning) in by_parameter.iter_mut().zip(learnings) {
            of.push(learning);
        }
    }
    Comparison {
        options: standings.into_iter().enumerate().map(option).collect(),
        comparator,
        learnings: by_parameter,
        choices,
        n_draws: alternatives.n_draws,
        discounting: alternatives.has_years.then(|| discounting.clone()),
        outcome: alternatives.outcome.clone(),
    }
}

fn increment(ours: &PresentValues, theirs: &PresentValues, thresholds: &[f64]) -> Increment {
    let cost = &difference(&ours.costs, &theirs.costs);
    let outcome = &difference(&ours.outcomes, &theirs.outcomes);
    let benefits: Vec<Vec<f64>> = thresholds
        .iter()
        .map(|threshold| net_benefits(cost, outcome, *threshold))
        .collect();
    let share_better = |threshold: &f64, gains: &Vec<f64>| {
        let size = |draw: usize| (threshold * outcome[draw]).abs() + cost[draw].abs();
        let scores = gains.iter().enumerate();
        let scores = scores.map(|(draw, gain)| better(*gain, size(draw)));
        scores.sum::<f64>() / gains.len() as f64
    };
    let extra_cost = mean(cost);
    let ratio = |threshold: &f64| -> Certainty {
        let worth: Vec<f64> = outcome.iter().map(|more| threshold * more).collect();
        match extra_cost > 0.0 {
            true => Certainty::of_ratio(&worth, cost),
            false => Certainty::NONE,
        }
    };
    let (cost_per_outcome, cost_per_outcome_certainty, cost_per_outcome_note) =
        ratio_of_means(cost, outcome);
    Increment {
        cost_per_outcome,
        cost_per_outcome_certainty,
        cost_per_outcome_note,
        benefit_cost_ratio_certainty: thresholds.iter().map(ratio).collect(),
        cost: estimate(cost),
        outcome: estimate(outcome),
        probability_better: thresholds
            .iter()
            .zip(&benefits)
            .map(|(threshold, gains)| share_better(threshold, gains))
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
