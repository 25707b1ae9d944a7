//! Options of a run valued by the criteria of the scenario, by the same weighted sum as scores that were made elsewhere.

use std::ops::Range;

use super::bill::Bills;
use super::choice::mean;
use super::criteria::{Valuation, value, worth};
use super::gauge::{Read, read};
use super::judge::probability_best;
use super::npsv::{npsv, total_cost};
use super::outcome::Outcome;
use crate::compile::{Better, Criterion, Plan, Scores, Weighted};
use crate::simulate::{Trajectories, Value};
use crate::summarise::Estimate;

/// Options by what the criteria of the scenario make of the forecast.
#[derive(Debug, Clone)]
pub struct Judged {
    /// Values, ranks and crossovers of the mean values; costs are present values.
    pub valuation: Valuation,
    /// The criteria, in the order of the scenario.
    pub criteria: Vec<Scored>,
    /// By option: its value with what the draws make of it.
    pub values: Vec<Estimate>,
    /// By option: the share of draws in which it is worth most, ties shared.
    pub probability_first: Vec<f64>,
    /// By option: the mean net present social value against the comparator; `None` without costs.
    pub npsv: Option<Vec<f64>>,
}

/// One criterion.
#[derive(Debug, Clone)]
pub struct Scored {
    /// For people.
    pub title: String,
    /// Of the scores.
    pub unit: String,
    /// Scores and their values, rising by score.
    pub points: Vec<(f64, f64)>,
    /// Who judged the weight.
    pub source: String,
    /// By option: the score.
    pub scores: Vec<Estimate>,
    /// By option: the value of the score, in the mean of the draws.
    pub values: Vec<f64>,
    /// Whether a mean score lies outside the scale, where its last line goes on.
    pub is_outside: bool,
}

/// Values the options. `None` without criteria, or where no option has a score in any draw; what is left out is noted.
pub(super) fn judge<N: Value>(
    plan: &Plan,
    trajectories: &Trajectories<N>,
    years: Range<usize>,
    bills: &Bills,
    outcomes: &[Outcome],
) -> Option<Judged> {
    let judging = &plan.judging;
    let gauged = |weighted: &Weighted| read(&weighted.gauge, outcomes, trajectories, years.clone());
    let reads: Option<Vec<Read>> = judging.criteria.iter().map(gauged).collect();
    let reads = reads.filter(|reads| !reads.is_empty())?;
    let pairs: Vec<(&Weighted, &Read)> = judging.criteria.iter().zip(&reads).collect();
    let criteria: Vec<Scored> = pairs.iter().map(|(w, read)| scored(w, read)).collect();
    let n_options = plan.options.len();
    let scores: Vec<Vec<f64>> = (0..n_options)
        .map(|option| criteria.iter().map(|c| c.values[option]).collect())
        .collect();
    if scores.iter().flatten().any(|value| !value.is_finite()) {
        return None;
    }
    let totals: Vec<Vec<f64>> = (0..n_options)
        .map(|option| totals(&pairs, option, judging.total_weight))
        .collect();
    let is_costed = !bills.is_empty();
    let costs = |option: usize| Estimate::of_rows(&total_cost(&bills[option])).mean;
    let net = |option| Estimate::of_rows(&npsv(bills, option, plan.comparator)).mean;
    Some(Judged {
        valuation: value(&Scores {
            options: plan
                .options
                .iter()
                .map(|option| option.id.clone())
                .collect(),
            // The scores are values already: the mean of the draws' own.
            criteria: (judging.criteria.iter())
                .map(|weighted| Criterion {
                    points: Vec::new(),
                    ..weighted.criterion.clone()
                })
                .collect(),
            total: judging.total_weight,
            scores,
            costs: is_costed.then(|| (0..n_options).map(costs).collect()),
        }),
        values: totals.iter().map(|rows| Estimate::of_rows(rows)).collect(),
        probability_first: probability_best(&totals, Better::Higher),
        npsv: is_costed.then(|| (0..n_options).map(net).collect()),
        criteria,
    })
}

fn scored(weighted: &Weighted, read: &Read) -> Scored {
    let points = &weighted.criterion.points;
    let values = |rows: &Vec<f64>| {
        let draws = if rows.len() > 1 {
            &rows[1..]
        } else {
            &rows[..]
        };
        let known = draws.iter().filter(|score| score.is_finite());
        let values: Vec<f64> = known
            .map(|score| worth(*score, &weighted.criterion))
            .collect();
        mean(&values)
    };
    let scores: Vec<Estimate> = read
        .values
        .iter()
        .map(|rows| Estimate::of_rows(rows))
        .collect();
    let ends = (points.first(), points.last());
    let is_outside = |score: &Estimate| match ends {
        (Some(first), Some(last)) => score.mean < first.0 || score.mean > last.0,
        _ => false,
    };
    Scored {
        title: match weighted.title.as_str() {
            "" => read.title.clone(),
            title => title.to_owned(),
        },
        unit: read.unit.clone(),
        points: points.clone(),
        source: weighted.source.clone(),
        values: read.values.iter().map(values).collect(),
        is_outside: scores.iter().any(is_outside),
        scores,
    }
}

/// The value of an option in every row.
fn totals(pairs: &[(&Weighted, &Read)], option: usize, total_weight: f64) -> Vec<f64> {
    let n_rows = pairs
        .first()
        .map_or(0, |(_, read)| read.values[option].len());
    let value = |row: usize| {
        let part = |(weighted, read): &(&Weighted, &Read)| {
            let criterion = &weighted.criterion;
            worth(read.values[option][row], criterion) * criterion.weight / total_weight
        };
        pairs.iter().map(part).sum()
    };
    (0..n_rows).map(value).collect()
}
