//! The appraisal table: a row for each option, measure and perspective.

mod value;

use super::bill::{Bill, Bills};
use super::distribution::weighted_npsv;
use super::judge::{in_words, probability};
use super::npsv::{has_society, less};
use super::outcome::Outcome;
use crate::compile::{Better, Plan};
use crate::summarise::Estimate;

/// The perspective of all payers together.
pub const PUBLIC_SECTOR: &str = "public-sector";

/// The perspective of the public payers that are statutory partners.
pub const STATUTORY_PARTNERS: &str = "statutory-partners";

/// The perspective of all payers and of those who bear what no budget pays.
pub const SOCIETY: &str = "society";

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

/// Every row, in the order of options; `words` say how money is discounted.
pub(super) fn rows(
    plan: &Plan,
    bills: &Bills,
    outcomes: &[Outcome],
    words: &str,
) -> Vec<AppraisalRow> {
    let mut table = Vec::new();
    let kinds = Kinds::of(plan, bills);
    for option in 0..plan.options.len() {
        let mut rows = Rows {
            option,
            words,
            kinds: &kinds,
            table: &mut table,
        };
        if !bills.is_empty() {
            let comparator = (option != plan.comparator).then(|| &bills[plan.comparator]);
            for (payer, named) in plan.payers.iter().enumerate() {
                if named.is_public || kinds.has_society {
                    let theirs = comparator.map(|bills| &bills[payer]);
                    rows.add_costs(&named.id, &bills[option][payer], theirs);
                }
            }
            for (who, is_in) in kinds.together() {
                let of = |bills: &[Bill]| Bill::sum(bills.iter().filter(|bill| is_in(bill)));
                let theirs = comparator.map(|bills| of(bills));
                rows.add_costs(who, &of(&bills[option]), theirs.as_ref());
            }
        }
        for outcome in outcomes {
            rows.add_outcome(outcome, plan.comparator);
        }
        if !bills.is_empty() && option != plan.comparator {
            rows.add_value(bills, outcomes, plan.comparator);
            if let Some((values, note)) = weighted_npsv(plan, bills, option) {
                let title = "Net present social value, weighted by area";
                let estimate = Estimate::of_rows(&values);
                rows.add("npsv_weighted", title, SOCIETY, "GBP", estimate, &note);
            }
        }
    }
    table
}

/// Which lines of money a run has anything to say about.
struct Kinds {
    has_society: bool,
    has_others: bool,
    has_own: bool,
    has_transfers: bool,
    has_optimism: bool,
}

/// Payers taken together, and which they are.
type Together = (&'static str, fn(&Bill) -> bool);

impl Kinds {
    fn of(plan: &Plan, bills: &Bills) -> Kinds {
        let partners = plan.payers.iter().filter(|payer| payer.is_partner).count();
        let public = plan.payers.iter().filter(|payer| payer.is_public).count();
        let mut own = plan.options.iter().flat_map(|option| &option.costs);
        Kinds {
            has_society: !bills.is_empty() && has_society(plan),
            has_others: partners > 0 && partners < public,
            has_own: own.clone().next().is_some(),
            has_transfers: own.any(|cost| cost.recipient.is_some()),
            has_optimism: plan.optimism.is_some(),
        }
    }

    fn together(&self) -> Vec<Together> {
        let all: [(bool, Together); 3] = [
            (
                self.has_others,
                (STATUTORY_PARTNERS, |bill| bill.is_partner),
            ),
            (true, (PUBLIC_SECTOR, |bill| bill.is_public)),
            (self.has_society, (SOCIETY, |_| true)),
        ];
        all.into_iter()
            .filter(|(is_told, _)| *is_told)
            .map(|(_, who)| who)
            .collect()
    }
}

/// Rows of one option, being added to the table.
struct Rows<'a> {
    option: usize,
    words: &'a str,
    kinds: &'a Kinds,
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
        let (words, kinds) = (self.words.to_owned(), self.kinds);
        let mut add = |measure, title, values: &[f64], note: &str| {
            self.add(measure, title, who, "GBP", Estimate::of_rows(values), note);
        };
        let title = "Cost over the forecast, not discounted";
        add("cost", title, &bill.undiscounted, "");
        let title = "Present value of cost";
        add("present_value_of_cost", title, &bill.total(), &words);
        if kinds.has_own && bill.is_public {
            let (id, title) = (
                "present_value_of_own_cost",
                "of which costs of the option's own",
            );
            add(
                id,
                title,
                &bill.own,
                "setting up, transitions and what else the scenario says it costs",
            );
        }
        if kinds.has_transfers && bill.is_public {
            let (id, title) = (
                "present_value_of_transfers",
                "of which transfers to other payers",
            );
            add(
                id,
                title,
                &bill.transfers,
                "less what is received; nothing over all payers",
            );
        }
        let Some(comparator) = comparator else {
            return;
        };
        let is_cash = bill.is_public;
        let title = "Present value of cost, against the comparator";
        let difference = less(&bill.total(), &comparator.total());
        add(
            "present_value_of_cost_increment",
            title,
            &difference,
            &words,
        );
        if is_cash {
            let title = "of which cashable";
            let difference = less(&bill.cash(), &comparator.cash());
            let note = "money that a budget would gain or lose";
            add("cashable_increment", title, &difference, note);
            let title = "of which not cashable";
            let difference = less(&bill.other, &comparator.other);
            let note = "capacity freed or used, not cash";
            add("non_cashable_increment", title, &difference, note);
        }
        if kinds.has_optimism {
            let note = "by grade of evidence, as the scenario gives it; in no other line";
            let title = "Allowance for optimism bias";
            add("optimism_bias", title, &bill.optimism, note);
        }
    }

    fn add_outcome(&mut self, outcome: &Outcome, comparator: usize) {
        let ours = &outcome.values[self.option];
        self.add(
            &outcome.id,
            &outcome.title,
            PEOPLE,
            &outcome.unit,
            Estimate::of_rows(ours),
            &outcome.note,
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
            &outcome.note,
        );
        if outcome.better != Better::Neither {
            let theirs = &outcome.values[comparator];
            let estimate = match outcome.better {
                Better::Lower => probability(theirs, ours),
                _ => probability(ours, theirs),
            };
            let title = format!(
                "Probability that it is better: {}",
                outcome.title.to_lowercase()
            );
            self.add(
                &format!("{}_probability_better", outcome.id),
                &title,
                PEOPLE,
                "share",
                estimate,
                &in_words(&estimate, ours.len(), "ties count half"),
            );
        }
    }
}
