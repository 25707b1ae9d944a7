//! The appraisal table: a row for each option, measure and perspective.

use super::Best;
use super::cost::{Bill, Bills};
use super::judge::{cost_per_unit, probability, probability_best, share};
use super::outcome::Outcome;
use crate::compile::{Better, Plan};
use crate::summarise::Estimate;

/// The perspective of all payers together.
pub const PUBLIC_SECTOR: &str = "public-sector";
/// The perspective of outcomes.
pub const PEOPLE: &str = "people";
/// What NPSV leaves out; said wherever NPSV is shown.
pub(super) const NOT_MONETISED: &str = "Net present social value counts costs and costs avoided only. What a met need, a home, \
     a job, better health or a crime that did not happen is worth to people is not monetised: it stands beside the money, \
     in people and months.";

/// One number of the appraisal.
#[derive(Debug, Clone)]
pub struct AppraisalRow {
    /// The option.
    pub option: usize,
    /// What is measured; `_increment` is the option less the comparator.
    pub measure: String,
    /// For people.
    pub title: String,
    /// A payer's id, [`PUBLIC_SECTOR`] or [`PEOPLE`].
    pub perspective: String,
    /// Of the number.
    pub unit: String,
    /// The number.
    pub estimate: Estimate,
    /// What the reader should know; why a number is missing.
    pub note: String,
}

/// Every row, in the order of options.
pub(super) fn rows(plan: &Plan, bills: &Bills, outcomes: &[Outcome]) -> Vec<AppraisalRow> {
    let mut table = Vec::new();
    for option in 0..plan.options.len() {
        let mut rows = Rows {
            option,
            table: &mut table,
        };
        if !bills.is_empty() {
            let comparator = (option != plan.comparator).then(|| &bills[plan.comparator]);
            let payers: Vec<_> = plan.payers.iter().map(|payer| payer.id.as_str()).collect();
            for (payer, id) in payers.iter().enumerate() {
                rows.add_costs(
                    id,
                    &bills[option][payer],
                    comparator.map(|bills| &bills[payer]),
                );
            }
            let all = sum(&bills[option]);
            rows.add_costs(
                PUBLIC_SECTOR,
                &all,
                comparator.map(|bills| sum(bills)).as_ref(),
            );
        }
        for outcome in outcomes {
            rows.add_outcome(outcome, plan.comparator);
        }
        if !bills.is_empty() && option != plan.comparator {
            rows.add_value(bills, outcomes, plan.comparator);
        }
    }
    table
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

/// Minus the increment in the discounted cost to all payers, by row.
pub(super) fn npsv(bills: &Bills, option: usize, comparator: usize) -> Vec<f64> {
    let (ours, theirs) = (sum(&bills[option]), sum(&bills[comparator]));
    ours.total()
        .iter()
        .zip(theirs.total())
        .map(|(ours, theirs)| theirs - ours)
        .collect()
}

/// What an option costs all payers together, discounted, by row.
pub(super) fn total_cost(bills: &[Bill]) -> Vec<f64> {
    sum(bills).total()
}

impl Bill {
    fn total(&self) -> Vec<f64> {
        self.cashable
            .iter()
            .zip(&self.other)
            .map(|(cash, other)| cash + other)
            .collect()
    }
}

/// All payers together.
fn sum(bills: &[Bill]) -> Bill {
    let add = |of: fn(&Bill) -> &Vec<f64>| {
        let n_rows = bills.first().map_or(0, |bill| of(bill).len());
        (0..n_rows)
            .map(|row| bills.iter().map(|bill| of(bill)[row]).sum())
            .collect()
    };
    Bill {
        cashable: add(|bill| &bill.cashable),
        other: add(|bill| &bill.other),
        undiscounted: add(|bill| &bill.undiscounted),
    }
}

fn less(ours: &[f64], theirs: &[f64]) -> Vec<f64> {
    ours.iter()
        .zip(theirs)
        .map(|(ours, theirs)| ours - theirs)
        .collect()
}

/// Rows of one option, being added to the table.
struct Rows<'a> {
    option: usize,
    table: &'a mut Vec<AppraisalRow>,
}

impl Rows<'_> {
    fn add(
        &mut self,
        measure: &str,
        title: &str,
        perspective: &str,
        unit: &str,
        estimate: Estimate,
        note: &str,
    ) {
        self.table.push(AppraisalRow {
            option: self.option,
            measure: measure.to_owned(),
            title: title.to_owned(),
            perspective: perspective.to_owned(),
            unit: unit.to_owned(),
            estimate,
            note: note.to_owned(),
        });
    }

    fn add_costs(&mut self, who: &str, bill: &Bill, comparator: Option<&Bill>) {
        let mut add = |measure, title, values: &[f64], note| {
            self.add(measure, title, who, "GBP", Estimate::of_rows(values), note);
        };
        add(
            "cost",
            "Cost over the forecast, not discounted",
            &bill.undiscounted,
            "",
        );
        add(
            "present_value_of_cost",
            "Present value of cost",
            &bill.total(),
            "",
        );
        let Some(comparator) = comparator else {
            return;
        };
        let title = "Present value of cost, against the comparator";
        add(
            "present_value_of_cost_increment",
            title,
            &less(&bill.total(), &comparator.total()),
            "",
        );
        let title = "of which cashable";
        add(
            "cashable_increment",
            title,
            &less(&bill.cashable, &comparator.cashable),
            "money that a budget would gain or lose",
        );
        let title = "of which not cashable";
        add(
            "non_cashable_increment",
            title,
            &less(&bill.other, &comparator.other),
            "capacity freed or used, not cash",
        );
    }

    fn add_outcome(&mut self, outcome: &Outcome, comparator: usize) {
        let ours = &outcome.values[self.option];
        self.add(
            &outcome.id,
            &outcome.title,
            PEOPLE,
            &outcome.unit,
            Estimate::of_rows(ours),
            "",
        );
        if self.option == comparator {
            return;
        }
        let difference = less(ours, &outcome.values[comparator]);
        let (id, title) = (
            format!("{}_increment", outcome.id),
            format!("{}, against the comparator", outcome.title),
        );
        self.add(
            &id,
            &title,
            PEOPLE,
            &outcome.unit,
            Estimate::of_rows(&difference),
            "",
        );
        if outcome.better != Better::Neither {
            let sign = if outcome.better == Better::Lower {
                -1.0
            } else {
                1.0
            };
            let gain: Vec<_> = difference.iter().map(|d| sign * d).collect();
            let title = format!(
                "Probability that it is better: {}",
                outcome.title.to_lowercase()
            );
            self.add(
                &format!("{}_probability_better", outcome.id),
                &title,
                PEOPLE,
                "share",
                probability(&gain),
                "ties count half",
            );
        }
    }

    /// NPSV and what one more need met costs.
    fn add_value(&mut self, bills: &Bills, outcomes: &[Outcome], comparator: usize) {
        let npsv = npsv(bills, self.option, comparator);
        let title = "Net present social value";
        self.add(
            "npsv",
            title,
            PUBLIC_SECTOR,
            "GBP",
            Estimate::of_rows(&npsv),
            NOT_MONETISED,
        );
        let title = "Probability that NPSV is above zero";
        self.add(
            "probability_npsv_positive",
            title,
            PUBLIC_SECTOR,
            "share",
            probability(&npsv),
            "ties count half",
        );
        let by_option: Vec<_> = (0..bills.len())
            .map(|o| self::npsv(bills, o, comparator))
            .collect();
        let best = probability_best(&by_option, Better::Higher)[self.option];
        let title = "Probability that NPSV is the best of all options";
        self.add(
            "probability_best",
            title,
            PUBLIC_SECTOR,
            "share",
            share(best, npsv.len()),
            "ties are shared",
        );
        let cost: Vec<_> = npsv.iter().map(|value| -value).collect();
        for outcome in outcomes
            .iter()
            .filter(|o| o.is_summed || o.id == "needs_met")
        {
            self.add_cost_per(outcome, &cost, comparator);
        }
    }

    fn add_cost_per(&mut self, outcome: &Outcome, cost: &[f64], comparator: usize) {
        let (ours, theirs) = (&outcome.values[self.option], &outcome.values[comparator]);
        let more = match outcome.better {
            Better::Lower => less(theirs, ours),
            Better::Higher | Better::Neither => less(ours, theirs),
        };
        let (estimate, note) = cost_per_unit(cost, &more);
        let (id, title, unit) = match outcome.id.as_str() {
            "needs_met" => (
                "cost_per_additional_need_met".to_owned(),
                "Cost of one more need met".to_owned(),
                "GBP per need met".to_owned(),
            ),
            id => (
                format!("cost_per_{id}"),
                format!("Cost of one more of: {}", outcome.title.to_lowercase()),
                format!("GBP per {}", outcome.unit),
            ),
        };
        self.add(&id, &title, PUBLIC_SECTOR, &unit, estimate, note);
    }
}
