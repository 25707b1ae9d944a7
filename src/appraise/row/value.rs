//! What an option is worth: NPSV in every reading of it, and what one more of an outcome costs.

use super::{NOT_MONETISED, PUBLIC_SECTOR, Rows, SOCIETY};
use crate::appraise::bill::{Bill, Bills};
use crate::appraise::certainty::Certainty;
use crate::appraise::judge::{cost_per_unit, in_words, probability, probability_best, share};
use crate::appraise::npsv::{less, npsv, total_cost, total_of_society};
use crate::appraise::outcome::Outcome;
use crate::compile::Better;
use crate::summarise::Estimate;

/// What society adds to NPSV; said wherever it is shown.
const OF_SOCIETY: &str =
    "public costs and what people bear that no budget pays, as far as the model prices it";

impl Rows<'_> {
    /// NPSV in every reading of it, and what one more need met costs.
    pub(super) fn add_value(&mut self, bills: &Bills, outcomes: &[Outcome], comparator: usize) {
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
