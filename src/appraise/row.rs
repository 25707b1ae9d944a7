//! The appraisal table: a row for each option, measure and perspective.

use super::Best;
use super::cost::{Bill, Bills};
use super::outcome::Outcome;
use crate::compile::{Better, Plan};
use crate::summarise::Estimate;

/// The perspective of all payers together.
pub const PUBLIC_SECTOR: &str = "public-sector";
/// The perspective of outcomes.
pub const PEOPLE: &str = "people";
/// The note of a cost for each need that is a saving.
pub const SAVED: &str = "pounds saved for each need no longer met";
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
            title: "Net present social value (costs avoided)".to_owned(),
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
        if let Some(met) = outcomes.iter().find(|outcome| outcome.id == "needs_met") {
            let cost: Vec<_> = npsv.iter().map(|value| -value).collect();
            let more = less(&met.values[self.option], &met.values[comparator]);
            let (estimate, note) = cost_per_unit(&cost, &more);
            let title = "Cost of one more need met";
            self.add(
                "cost_per_additional_need_met",
                title,
                PUBLIC_SECTOR,
                "GBP per need met",
                estimate,
                note,
            );
        }
    }
}

/// The ratio of the mean increments, with the quantiles of the draws' own ratios; nothing when a ratio has no meaning.
fn cost_per_unit(cost: &[f64], more: &[f64]) -> (Estimate, &'static str) {
    let (costs, units) = (Estimate::of_rows(cost), Estimate::of_rows(more));
    let (low, high) = if units.has_range() {
        (units.p05, units.p95)
    } else {
        (units.mean, units.mean)
    };
    if low <= 0.0 && high >= 0.0 {
        return (
            Estimate::NONE,
            "not stated: the 90% interval of additional needs met spans zero",
        );
    }
    match (costs.mean <= 0.0, units.mean > 0.0) {
        (true, true) => (
            Estimate::NONE,
            "not stated: the option dominates, meeting more needs at no more cost",
        ),
        (false, false) => (
            Estimate::NONE,
            "not stated: the option is dominated, meeting fewer needs at more cost",
        ),
        (is_saving, _) => {
            let ratios: Vec<_> = cost
                .iter()
                .zip(more)
                .map(|(cost, more)| cost / more)
                .collect();
            let estimate = Estimate {
                mean: costs.mean / units.mean,
                ..Estimate::of_rows(&ratios)
            };
            (
                estimate,
                if is_saving {
                    SAVED
                } else {
                    "the mean is the ratio of the means"
                },
            )
        }
    }
}

/// The share of draws above zero, ties counting half.
fn probability(gains: &[f64]) -> Estimate {
    let draws = if gains.len() > 1 { &gains[1..] } else { gains };
    let numbers = draws.iter().filter(|gain| !gain.is_nan());
    let score: f64 = numbers
        .clone()
        .map(|gain| {
            if *gain > 0.0 {
                1.0
            } else if *gain == 0.0 {
                0.5
            } else {
                0.0
            }
        })
        .sum();
    share(score / numbers.count() as f64, gains.len())
}

fn share(p: f64, n_rows: usize) -> Estimate {
    if n_rows < 2 {
        // One central run says which is better, not how probably.
        return Estimate::NONE;
    }
    Estimate {
        mc_error: (p * (1.0 - p) / (n_rows - 1) as f64).sqrt(),
        ..Estimate::point(p)
    }
}

/// By option: the share of draws in which it is best, ties shared.
fn probability_best(values: &[Vec<f64>], better: Better) -> Vec<f64> {
    let sign = if better == Better::Lower { -1.0 } else { 1.0 };
    let n_rows = values.first().map_or(0, Vec::len);
    let rows = if n_rows > 1 { 1..n_rows } else { 0..n_rows };
    let n = rows.len() as f64;
    let mut wins = vec![0.0; values.len()];
    for row in rows {
        let gain = |option: usize| sign * values[option][row];
        let top = (0..values.len())
            .map(gain)
            .fold(f64::NEG_INFINITY, f64::max);
        let winners: Vec<_> = (0..values.len())
            .filter(|option| gain(*option) == top)
            .collect();
        for option in &winners {
            wins[*option] += 1.0 / winners.len() as f64;
        }
    }
    wins.iter().map(|win| win / n).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cost_per_need_is_stated_only_where_it_has_a_meaning() {
        let (estimate, _) = cost_per_unit(&[0.0, 100.0, 300.0], &[0.0, 10.0, 10.0]);
        assert_eq!(estimate.mean, 20.0);
        for (cost, more, word) in [
            ([0.0, 5.0, 5.0], [0.0, -1.0, 1.0], "spans zero"),
            ([0.0, -5.0, -5.0], [0.0, 1.0, 1.0], "dominates"),
            ([0.0, 5.0, 5.0], [0.0, -1.0, -1.0], "dominated"),
        ] {
            let (estimate, note) = cost_per_unit(&cost, &more);
            assert!(estimate.mean.is_nan() && note.contains(word), "{note}");
        }
    }

    #[test]
    fn the_best_option_is_counted_draw_by_draw() {
        let values = [vec![9.0, 1.0, 2.0, 3.0, 4.0], vec![0.0, 2.0, 1.0, 3.0, 3.0]];
        assert_eq!(probability_best(&values, Better::Higher), [0.625, 0.375]);
        assert_eq!(probability_best(&values, Better::Lower), [0.375, 0.625]);
    }
}
