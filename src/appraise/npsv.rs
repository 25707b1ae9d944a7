//! Net present social value by row, and which option is best by it and by each outcome.

use super::Best;
use super::bill::{Bill, Bills};
use super::judge::probability_best;
use super::outcome::Outcome;
use crate::compile::{Better, Plan};

/// Minus the increment in the discounted cost to all public payers, by row.
pub(super) fn npsv(bills: &Bills, option: usize, comparator: usize) -> Vec<f64> {
    let of = |option: usize| Bill::public(&bills[option]).total();
    less(&of(comparator), &of(option))
}

/// Minus the increment in what everybody pays or bears.
pub(super) fn npsv_of_society(bills: &Bills, option: usize, comparator: usize) -> Vec<f64> {
    less(
        &total_of_society(&bills[comparator]),
        &total_of_society(&bills[option]),
    )
}

/// What an option costs public payers together, discounted, by row.
pub(super) fn total_cost(bills: &[Bill]) -> Vec<f64> {
    Bill::public(bills).total()
}

/// What an option costs everybody, with what no budget pays.
pub(super) fn total_of_society(bills: &[Bill]) -> Vec<f64> {
    Bill::sum(bills.iter()).total()
}

pub(super) fn less(ours: &[f64], theirs: &[f64]) -> Vec<f64> {
    ours.iter()
        .zip(theirs)
        .map(|(ours, theirs)| ours - theirs)
        .collect()
}

/// Whether the scenario asks for what society bears: otherwise nothing of it is charged.
pub(super) fn has_society(plan: &Plan) -> bool {
    let mut costs = plan.costs.iter();
    costs.any(|cost| !plan.payers[cost.payer].is_public)
}

/// Which option is best by NPSV and by each outcome that is a criterion.
pub(super) fn best(plan: &Plan, bills: &Bills, outcomes: &[Outcome]) -> Vec<Best> {
    let mut found = Vec::new();
    if plan.options.len() < 2 {
        return found;
    }
    if !bills.is_empty() {
        let npsv: Vec<_> = (0..plan.options.len())
            .map(|option| npsv(bills, option, plan.comparator))
            .collect();
        found.push(Best {
            measure: "npsv".to_owned(),
            title: "Net present social value (only public costs are priced, outcomes are not)"
                .to_owned(),
            probability: probability_best(&npsv, Better::Higher),
        });
        if has_society(plan) {
            let npsv: Vec<_> = (0..plan.options.len())
                .map(|option| npsv_of_society(bills, option, plan.comparator))
                .collect();
            found.push(Best {
                measure: "npsv_of_society".to_owned(),
                title: "Net present social value with what people bear".to_owned(),
                probability: probability_best(&npsv, Better::Higher),
            });
        }
    }
    for outcome in outcomes
        .iter()
        .filter(|o| o.is_criterion && o.better != Better::Neither)
    {
        found.push(Best {
            measure: outcome.id.clone(),
            title: outcome.title.clone(),
            probability: probability_best(&outcome.values, outcome.better),
        });
    }
    found
}
