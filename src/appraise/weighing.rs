//! Options of a run side by side on money and on one outcome: the same measures, by the same functions, as for options
//! whose draws were made elsewhere.

use std::ops::Range;

use super::bill::Bills;
use super::choice::{Choice, Ties};
use super::compare::{Comparison, compare_with};
use super::gauge::{Read, read};
use super::npsv::total_cost;
use super::outcome::Outcome;
use super::present::Discounting;
use super::uncertain::{Input, inputs};
use super::variance::ENOUGH;
use super::worths::{Worth, range, worths};
use crate::compile::{Alternative, Alternatives, Better, Gauge, Plan};
use crate::draw::Draws;
use crate::quantity::Schedule;
use crate::simulate::{Trajectories, Value};

/// Options side by side on money and on one outcome, both as present values.
#[derive(Debug, Clone)]
pub struct Weighing {
    /// The outcome: its id, its name for people, and its unit.
    pub outcome: [String; 3],
    /// Whether less of the outcome is better; outcomes are then counted below 0, so that more is better.
    pub is_fewer: bool,
    /// Against the comparator, at each of [`Weighing::worths`]; its learnings are of [`Weighing::inputs`].
    pub comparison: Comparison,
    /// Against do-minimum, where there is one.
    pub do_minimum: Option<Comparison>,
    /// What one more of the outcome may be worth, rising from 0, which is money alone.
    pub worths: Vec<Worth>,
    /// The choice over a range of worths, from 0 on in equal steps; empty where no range suggests itself.
    pub curve: Vec<Choice>,
    /// Uncertain inputs; none where there are too few draws to tell anything of them.
    pub inputs: Vec<Input>,
    /// By option and draw: the extra outcome and the extra cost against the comparator; of many draws the first few.
    pub clouds: Vec<Vec<(f64, f64)>>,
}

/// How many draws a cloud shows.
const SHOWN: usize = 250;

/// The outcome where the scenario names none.
const USUAL: &str = "needs_met";

/// Compares the options. `None` without costs, without an outcome, or with one option alone.
pub(super) fn weigh<N: Value>(
    plan: &Plan,
    draws: &Draws,
    trajectories: &Trajectories<N>,
    years: Range<usize>,
    bills: &Bills,
    outcomes: &[Outcome],
) -> Option<Weighing> {
    if bills.is_empty() || plan.options.len() < 2 {
        return None;
    }
    let gauge = gauge(plan, outcomes)?;
    let read = read(&gauge, outcomes, trajectories, years)?;
    let rows = rows(&read.values);
    let is_known = rows.len() >= ENOUGH;
    let inputs = match is_known {
        true => inputs(plan, draws, &rows),
        false => Vec::new(),
    };
    let plain = alternatives(plan, bills, &read, &rows)?;
    let compared = |table: &Alternatives, worths: &[f64]| {
        compare_with(table, &at_once(), worths, Ties::Shared)
    };
    let curve = compared(&plain, &range(plan, &plain)).choices;
    let worths = worths(plan, &curve);
    let at: Vec<f64> = worths.iter().map(|worth| worth.gbp).collect();
    let with_inputs = Alternatives {
        parameters: (inputs.iter())
            .map(|input| (input.id.clone(), input.values.clone()))
            .collect(),
        ..plain.clone()
    };
    let do_minimum = plan.judging.do_minimum.map(|comparator| {
        let table = Alternatives {
            comparator,
            ..plain.clone()
        };
        compared(&table, &at)
    });
    let mut comparison = compared(&with_inputs, &at);
    contain(&inputs, &mut comparison);
    Some(Weighing {
        comparison,
        do_minimum,
        worths,
        curve,
        clouds: clouds(&plain),
        inputs,
        is_fewer: read.better == Better::Lower,
        outcome: [read.id, read.title, read.unit],
    })
}

/// Whoever knows a group knows each of its members, and every group that is part of it, so it is worth no less: a few
/// draws may show a single parameter better than a regression on many.
fn contain(inputs: &[Input], comparison: &mut Comparison) {
    let holds =
        |whole: &Input, part: &Input| part.members.len() < whole.members.len() || !part.is_group;
    let mut order: Vec<usize> = (0..inputs.len()).filter(|i| inputs[*i].is_group).collect();
    order.sort_by_key(|group| inputs[*group].members.len());
    for group in order {
        for part in 0..inputs.len() {
            let is_within =
                (inputs[part].members.iter()).all(|member| inputs[group].members.contains(member));
            if part == group || !is_within || !holds(&inputs[group], &inputs[part]) {
                continue;
            }
            for at in 0..comparison.choices.len() {
                let least = comparison.learnings[part].1[at].evppi;
                let own = &mut comparison.learnings[group].1[at].evppi;
                if least.mean > own.mean {
                    *own = least;
                }
            }
        }
    }
}

/// What the scenario compares options on: the outcome it names, needs met, or the first that the model sums.
fn gauge(plan: &Plan, outcomes: &[Outcome]) -> Option<Gauge> {
    let usual = outcomes.iter().find(|outcome| outcome.id == USUAL);
    let summed = outcomes.iter().find(|outcome| outcome.is_summed);
    let found = usual.or(summed).map(|outcome| Gauge {
        measure: outcome.id.clone(),
        breakdown: String::new(),
    });
    plan.judging.outcome.clone().or(found)
}

/// The rows in which every option has the outcome: the draws, or row 0 where there is no other.
fn rows(values: &[Vec<f64>]) -> Vec<usize> {
    let n_rows = values.first().map_or(0, Vec::len);
    let draws = if n_rows > 1 { 1..n_rows } else { 0..n_rows };
    draws
        .filter(|row| values.iter().all(|option| option[*row].is_finite()))
        .collect()
}

fn alternatives(plan: &Plan, bills: &Bills, read: &Read, rows: &[usize]) -> Option<Alternatives> {
    let sign = if read.better == Better::Lower {
        -1.0
    } else {
        1.0
    };
    let option = |(index, option): (usize, &crate::compile::PlanOption)| {
        let costs = total_cost(&bills[index]);
        Alternative {
            id: option.id.clone(),
            years: vec![0],
            costs: rows.iter().map(|row| costs[*row]).collect(),
            outcomes: rows
                .iter()
                .map(|row| sign * read.values[index][*row])
                .collect(),
        }
    };
    (!rows.is_empty()).then(|| Alternatives {
        options: plan.options.iter().enumerate().map(option).collect(),
        n_draws: rows.len(),
        comparator: plan.comparator,
        parameters: Vec::new(),
        outcome: read.id.clone(),
        has_years: false,
    })
}

/// Costs and outcomes of a run are present values already.
pub(super) fn at_once() -> Discounting {
    Discounting {
        costs: Schedule::constant(0.0),
        outcomes: Schedule::constant(0.0),
    }
}

/// The shares of draws that achieve more at more cost, more at no more, no more at more, and no more at no more.
pub fn quarters(cloud: &[(f64, f64)]) -> [f64; 4] {
    let mut counts = [0.0; 4];
    for (more, cost) in cloud {
        counts[usize::from(*more <= 0.0) * 2 + usize::from(*cost <= 0.0)] += 1.0;
    }
    counts.map(|count| count / cloud.len().max(1) as f64)
}

fn clouds(table: &Alternatives) -> Vec<Vec<(f64, f64)>> {
    let theirs = &table.options[table.comparator];
    let cloud = |ours: &Alternative| {
        let more = ours
            .outcomes
            .iter()
            .zip(&theirs.outcomes)
            .map(|(a, b)| a - b);
        let extra = ours.costs.iter().zip(&theirs.costs).map(|(a, b)| a - b);
        more.zip(extra).take(SHOWN).collect()
    };
    table.options.iter().map(cloud).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_are_counted_by_quarter() {
        let cloud = [(1.0, 1.0), (1.0, -1.0), (-1.0, 1.0), (0.0, 0.0)];
        assert_eq!(quarters(&cloud), [0.25; 4]);
        assert_eq!(quarters(&[(2.0, 3.0); 3]), [1.0, 0.0, 0.0, 0.0]);
    }
}
