//! The appraisal table: a row for each option, measure and perspective.

use super::Best;
use super::bill::{Bill, Bills};
use super::certainty::Certainty;
use super::distribution::weighted_npsv;
use super::judge::{cost_per_unit, in_words, probability, probability_best, share};
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

/// What society adds to NPSV; said wherever it is shown.
pub(super) const OF_SOCIETY: &str =
    "public costs and what people bear that no budget pays, as far as the model prices it";

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

/// Minus the increment in the discounted cost to all public payers, by row.
pub(super) fn npsv(bills: &Bills, option: usize, comparator: usize) -> Vec<f64> {
    let of = |option: usize| Bill::public(&bills[option]).total();
    less(&of(comparator), &of(option))
}

/// What an option costs public payers together, discounted, by row.
pub(super) fn total_cost(bills: &[Bill]) -> Vec<f64> {
    Bill::public(bills).total()
}

/// What an option costs everybody, with what no budget pays.
fn total_of_society(bills: &[Bill]) -> Vec<f64> {
    Bill::sum(bills.iter()).total()
}

/// Minus the increment in what everybody pays or bears.
pub(super) fn npsv_of_society(bills: &Bills, option: usize, comparator: usize) -> Vec<f64> {
    less(
        &total_of_society(&bills[comparator]),
        &total_of_society(&bills[option]),
    )
}

pub(super) fn less(ours: &[f64], theirs: &[f64]) -> Vec<f64> {
    ours.iter()
        .zip(theirs)
        .map(|(ours, theirs)| ours - theirs)
        .collect()
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

    /// NPSV in every reading of it, and what one more need met costs.
    fn add_value(&mut self, bills: &Bills, outcomes: &[Outcome], comparator: usize) {
        let npsv = npsv(bills, self.option, comparator);
        self.add_npsv(PUBLIC_SECTOR, bills, comparator, total_cost, NOT_MONETISED);
        if self.kinds.has_society {
            self.add_npsv(SOCIETY, bills, comparator, total_of_society, OF_SOCIETY);
            self.add_ratio_to_society(bills, comparator);
        }
        let (ours, theirs) = (
            Bill::public(&bills[self.option]),
            Bill::public(&bills[comparator]),
        );
        let cash = less(&theirs.cash(), &ours.cash());
        let title = "Net present value of cash alone";
        let note = "what budgets would gain or lose: average costs of capacity are left out";
        let estimate = Estimate::of_rows(&cash);
        self.add("npv_cashable", title, PUBLIC_SECTOR, "GBP", estimate, note);
        if self.kinds.has_optimism {
            let after = less(&npsv, &ours.optimism);
            let title = "Net present social value after optimism bias";
            let note = "NPSV less the allowance of its own line";
            let estimate = Estimate::of_rows(&after);
            let id = "npsv_after_optimism_bias";
            self.add(id, title, PUBLIC_SECTOR, "GBP", estimate, note);
        }
        let cost: Vec<_> = npsv.iter().map(|value| -value).collect();
        for outcome in outcomes
            .iter()
            .filter(|o| o.is_summed || o.id == "needs_met")
        {
            self.add_cost_per(outcome, &cost, comparator);
        }
    }

    fn add_npsv(
        &mut self,
        who: &str,
        bills: &Bills,
        comparator: usize,
        total: fn(&[Bill]) -> Vec<f64>,
        note: &str,
    ) {
        let totals: Vec<Vec<f64>> = bills.iter().map(|payers| total(payers)).collect();
        let (ours, theirs) = (&totals[self.option], &totals[comparator]);
        let title = "Net present social value";
        let estimate = Estimate::of_rows(&less(theirs, ours));
        self.add("npsv", title, who, "GBP", estimate, note);
        let title = "Probability that NPSV is above zero";
        let (id, estimate) = ("probability_npsv_positive", probability(theirs, ours));
        let note = in_words(&estimate, ours.len(), "ties count half");
        self.add(id, title, who, "share", estimate, &note);
        let best = probability_best(&totals, Better::Lower)[self.option];
        let title = "Probability that NPSV is the best of all options";
        let estimate = share(best, ours.len());
        let note = in_words(&estimate, ours.len(), "ties are shared");
        self.add("probability_best", title, who, "share", estimate, &note);
    }

    /// What society bears less for each pound that public budgets pay more.
    fn add_ratio_to_society(&mut self, bills: &Bills, comparator: usize) {
        let borne = |option: usize| {
            let bills = bills[option].iter().filter(|bill| !bill.is_public);
            Bill::sum(bills).total()
        };
        let spared = less(&borne(comparator), &borne(self.option));
        let cost = less(
            &total_cost(&bills[self.option]),
            &total_cost(&bills[comparator]),
        );
        let first = usize::from(cost.len() > 1);
        let (spared, cost) = (&spared[first..], &cost[first..]);
        let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
        let (estimate, note) = match mean(cost) > 0.0 {
            true => {
                let told = Certainty::of_ratio(spared, cost);
                let [low, high] = told.interval;
                let interval = match low.is_finite() {
                    true => format!(
                        "95% interval from the finite number of draws {low:.3} to {high:.3} (Fieller)"
                    ),
                    false => "no interval: the extra cost is not told from nothing".to_owned(),
                };
                let estimate = Estimate {
                    mc_error: told.mc_error,
                    ..Estimate::point(mean(spared) / mean(cost))
                };
                let what = "what society bears less over what public budgets pay more";
                (estimate, format!("{what}, of the means; {interval}"))
            }
            false => (
                Estimate::NONE,
                "not applicable: the option costs public budgets no more".to_owned(),
            ),
        };
        let title = "Benefit-cost ratio to society";
        self.add(
            "benefit_cost_ratio",
            title,
            SOCIETY,
            "ratio",
            estimate,
            &note,
        );
    }

    fn add_cost_per(&mut self, outcome: &Outcome, cost: &[f64], comparator: usize) {
        let (ours, theirs) = (&outcome.values[self.option], &outcome.values[comparator]);
        let more = match outcome.better {
            Better::Lower => less(theirs, ours),
            Better::Higher | Better::Neither => less(ours, theirs),
        };
        let (estimate, told, note) = cost_per_unit(cost, &more);
        let discounted = "discounted cost over outcomes as they are counted";
        let note = match told.interval {
            [low, high] if low.is_finite() => format!(
                "{note}; {discounted}; 95% interval from the finite number of draws {low:.2} to {high:.2} (Fieller)"
            ),
            _ if estimate.mean.is_finite() => format!("{note}; {discounted}"),
            _ => note.to_owned(),
        };
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
        self.add(&id, &title, PUBLIC_SECTOR, &unit, estimate, &note);
    }
}
