//! Shares that must fit together, in every stratum, every month and every option.

use super::{Change, Compiler, Keys, PlanOption, QuantityIdx, State, Stay, Stratum};
use crate::diagnostic::Diagnostic;
use crate::document::{At, ShareFile};
use crate::quantity::Month;

/// Room for the rounding of sums.
pub(super) const TOLERANCE: f64 = 1e-9;
/// Room for shares that are published rounded to six figures.
const TOLERANCE_ONE: f64 = 1e-6;

/// A sum that is wrong: where, when and how much.
pub(super) struct Wrong {
    keys: Keys,
    stratum: Stratum,
    month: Month,
    sum: f64,
    option: Option<String>,
}

impl Compiler<'_> {
    /// Checks the exits of every state and the shares of entrants and opening people.
    pub(super) fn check_shares(&mut self) {
        let documents = self.documents;
        for (index, file) in documents.model.states.iter().enumerate() {
            let shares: Vec<QuantityIdx> = self.plan.states[index]
                .exits
                .iter()
                .filter_map(|exit| exit.share)
                .collect();
            let n_rests = file
                .exits
                .iter()
                .filter(|exit| matches!(exit.share, Some(ShareFile::Rest)))
                .count();
            let n_written = file
                .exits
                .iter()
                .filter(|exit| exit.share.is_some())
                .count();
            let is_whole = file
                .exits
                .iter()
                .all(|exit| exit.share.is_some() || exit.hazard.is_some());
            // An exit that could not be read has been reported, and would make every sum wrong.
            if is_whole && n_written == self.plan.states[index].exits.len() {
                self.check_exits(index, file.at, &shares, n_rests);
            }
        }
        for (index, file) in documents.model.states.iter().enumerate() {
            if let Some(state) = self.plan.states.get(index).cloned() {
                self.check_chances(&state, file.at);
                self.check_weights(&state, file.at);
            }
        }
        for index in 0..self.plan.inflows.len() {
            let quantity = self.plan.inflows[index].priors;
            self.check_over(
                quantity,
                |keys| keys.priors = true,
                |plan| plan.strata.priors.len(),
            );
        }
        self.check_openings();
    }

    /// The shares of opening people over areas, sexes, ages and priors.
    fn check_openings(&mut self) {
        for index in 0..self.plan.states.len() {
            let Some(opening) = self.plan.states[index].opening.clone() else {
                continue;
            };
            if let Some(quantity) = opening.area {
                self.check_areas(quantity);
            }
            if let Some(quantity) = opening.sex {
                self.check_over(
                    quantity,
                    |keys| keys.sex = true,
                    |plan| plan.strata.sexes.len(),
                );
            }
            if let Some(quantity) = opening.age {
                self.check_over(
                    quantity,
                    |keys| keys.age = true,
                    |plan| plan.strata.ages.len(),
                );
            }
            if let Some(quantity) = opening.priors {
                self.check_over(
                    quantity,
                    |keys| keys.priors = true,
                    |plan| plan.strata.priors.len(),
                );
            }
        }
    }

    fn check_exits(&mut self, state: usize, at: At, shares: &[QuantityIdx], n_rests: usize) {
        if shares.iter().any(|share| self.is_faulty(*share)) {
            return;
        }
        let id = self.plan.states[state].id.clone();
        if n_rests > 1 {
            let fault = Diagnostic::error("E402", format!("two exits of `{id}` take the rest"))
                .expected("at most one `share = \"rest\"`")
                .found(n_rests.to_string());
            self.report(at, fault);
            return;
        }
        if shares.is_empty() {
            return;
        }
        let above = |sum: f64| sum > 1.0 + TOLERANCE;
        let not_one = |sum: f64| (sum - 1.0).abs() > TOLERANCE_ONE;
        let (code, wrong) = match n_rests {
            1 => ("E401", self.find_wrong(shares, above)),
            _ => match self.find_wrong(shares, |sum| sum > 1.0 + TOLERANCE_ONE) {
                Some(wrong) => ("E401", Some(wrong)),
                None => ("E402", self.find_wrong(shares, not_one)),
            },
        };
        if let Some(wrong) = wrong {
            self.report_wrong(code, &format!("the exits of `{id}`"), at, &wrong);
        }
        if n_rests == 0
            && let Some(last) = self.plan.states[state].exits.last_mut()
        {
            last.share = None;
        }
    }

    /// The weights of a stay must not all be nought.
    fn check_weights(&mut self, state: &State, at: At) {
        let of_exits = state.exits.iter().filter_map(|exit| exit.stay);
        for stay in of_exits.chain([state.stay]) {
            let Stay::Listed(list) = stay else { continue };
            let weights: Vec<QuantityIdx> = list.steps().map(|(_, quantity)| quantity).collect();
            if weights.iter().any(|weight| self.is_faulty(*weight)) {
                continue;
            }
            if let Some(wrong) = self.find_wrong(&weights, |sum| sum.is_nan() || sum <= 0.0) {
                let what = format!("the weights of the stay in `{}`", state.id);
                self.report_nought(&what, at, &wrong);
            }
        }
    }

    /// Whether a product could not be made, or rests on rows with faults.
    pub(super) fn is_faulty(&self, quantity: QuantityIdx) -> bool {
        let factors = &self.plan.quantities[quantity].factors;
        !self.is_quantity_whole[quantity]
            || factors.is_empty()
            || factors.iter().any(|factor| self.is_broken[*factor])
    }

    pub(super) fn report_wrong(&mut self, code: &'static str, what: &str, at: At, wrong: &Wrong) {
        let message = match code {
            "E401" => format!("{what} sum to more than one"),
            _ => format!("{what} do not sum to one"),
        };
        let fault = Diagnostic::error(code, message)
            .expected(match code {
                "E401" => "shares that sum to at most 1",
                _ => "shares that sum to 1, or one exit with share = \"rest\"",
            })
            .found(self.sum_in_words(wrong))
            .hint(match (code, wrong.option.is_some()) {
                (_, true) => "change the other shares too, or let one exit take the rest",
                ("E401", _) => "lower the shares in parameters/*.csv until they fit together",
                _ => "let one exit take what is left: `share = \"rest\"`",
            });
        self.report(at, fault);
    }

    /// Reports weights of which none is above nought.
    pub(super) fn report_nought(&mut self, what: &str, at: At, wrong: &Wrong) {
        let fault = Diagnostic::error("E402", format!("{what} are all nought"))
            .expected("at least one weight above 0")
            .found(self.sum_in_words(wrong))
            .hint(match wrong.option.is_some() {
                true => "leave one of them above 0",
                false => "give at least one of them a weight in parameters/*.csv",
            });
        self.report(at, fault);
    }

    pub(super) fn sum_in_words(&self, wrong: &Wrong) -> String {
        let who = self.plan.words(wrong.keys, wrong.stratum);
        let under = wrong
            .option
            .as_ref()
            .map_or(String::new(), |id| format!(" under the option `{id}`"));
        format!("{:.6} for {who} in {}{under}", wrong.sum, wrong.month)
    }

    /// The first stratum and month in which the sum is wrong: as the model stands, then under each option.
    pub(super) fn find_wrong(
        &self,
        shares: &[QuantityIdx],
        is_wrong: impl Fn(f64) -> bool,
    ) -> Option<Wrong> {
        self.find_wrong_total(shares, |values| values.iter().sum(), is_wrong)
    }

    /// The same of what the shares of a stratum make `together`.
    pub(super) fn find_wrong_total(
        &self,
        shares: &[QuantityIdx],
        together: impl Fn(&[f64]) -> f64,
        is_wrong: impl Fn(f64) -> bool,
    ) -> Option<Wrong> {
        let keys = self.plan.keys_of(shares);
        let strata = self.plan.strata_over(keys);
        let mut values = Vec::new();
        for month in self.plan.breakpoints(shares, self.plan.history_from) {
            let table = |share: &QuantityIdx| self.plan.table(*share, keys, &strata, month);
            let tables: Vec<_> = shares.iter().map(table).collect();
            for (index, stratum) in strata.iter().enumerate() {
                values.clear();
                values.extend(tables.iter().map(|table| table[index]));
                let sum = together(&values);
                if is_wrong(sum) {
                    return Some(Wrong {
                        keys,
                        stratum: *stratum,
                        month,
                        sum,
                        option: None,
                    });
                }
            }
        }
        let mut options = self.plan.options.iter();
        options
            .find_map(|option| self.find_wrong_under(option, (shares, keys), &together, &is_wrong))
    }

    fn find_wrong_under(
        &self,
        option: &PlanOption,
        (shares, keys): (&[QuantityIdx], Keys),
        together: &impl Fn(&[f64]) -> f64,
        is_wrong: &impl Fn(f64) -> bool,
    ) -> Option<Wrong> {
        let touches = |change: &&Change| {
            let mut shares = shares.iter();
            shares.any(|&share| change.target.is_of(&self.plan, share))
        };
        let changes: Vec<Change> = option.changes.iter().filter(touches).cloned().collect();
        let first = changes.iter().map(|change| change.from).min()?;
        let keys = changes
            .iter()
            .fold(keys, |keys, change| keys.or(change.keys()));
        let mut months = self.plan.breakpoints(shares, first);
        months.extend(changes.iter().map(|change| change.from));
        for month in months {
            for stratum in self.plan.strata_over(keys) {
                let product = |share: &QuantityIdx| {
                    self.plan.central_product(*share, stratum, month, &changes)
                };
                let values: Vec<f64> = shares.iter().map(product).collect();
                let sum = together(&values);
                if is_wrong(sum) {
                    let option = Some(option.id.clone());
                    return Some(Wrong {
                        keys,
                        stratum,
                        month,
                        sum,
                        option,
                    });
                }
            }
        }
        None
    }

    /// Checks that shares of the country by area do not sum to more than the country.
    fn check_areas(&mut self, quantity: QuantityIdx) {
        if self.is_faulty(quantity) {
            return;
        }
        let begin = self.plan.history_from;
        let keys = Keys {
            area: true,
            ..Keys::default()
        };
        let strata = self.plan.strata_over(keys).into_iter();
        let share = |stratum| self.plan.central_product(quantity, stratum, begin, &[]);
        let sum: f64 = strata.map(share).sum();
        if sum > 1.0 + TOLERANCE_ONE {
            let id = self.plan.quantities[quantity].id.clone();
            let message = format!("the shares of `{id}` sum to more than one");
            let fault = Diagnostic::error("E403", message)
                .expected("shares of the country that sum to at most 1 over the areas")
                .found(format!("{sum:.6}"))
                .hint("lower the shares of the areas in parameters/*.csv, or give them as counts over their sum");
            self.report(self.quantity_at[quantity], fault);
        }
    }

    /// Checks that a product sums to one over one dimension, whatever the others.
    fn check_over(
        &mut self,
        quantity: QuantityIdx,
        over: impl Fn(&mut Keys),
        length: impl Fn(&super::Plan) -> usize,
    ) {
        if self.is_faulty(quantity) {
            return;
        }
        let keys = self.plan.quantities[quantity].keys;
        let mut summed = Keys::default();
        over(&mut summed);
        let others = Keys {
            area: keys.area,
            sex: keys.sex && !summed.sex,
            age: keys.age && !summed.age,
            priors: keys.priors && !summed.priors,
        };
        let n = length(&self.plan);
        for month in self.plan.breakpoints(&[quantity], self.plan.history_from) {
            for stratum in self.plan.strata_over(others) {
                let at = |index: usize| Stratum {
                    sex: if summed.sex { index } else { stratum.sex },
                    age: if summed.age { index } else { stratum.age },
                    priors: if summed.priors { index } else { stratum.priors },
                    ..stratum
                };
                let sum: f64 = (0..n)
                    .map(|index| self.plan.central_product(quantity, at(index), month, &[]))
                    .sum();
                if (sum - 1.0).abs() > TOLERANCE_ONE {
                    let who = self.plan.words(others, stratum);
                    let id = self.plan.quantities[quantity].id.clone();
                    let fault = Diagnostic::error(
                        "E403",
                        format!("the shares of `{id}` do not sum to one"),
                    )
                    .expected("shares over the bands that sum to 1")
                    .found(format!("{sum:.6} for {who} in {month}"))
                    .hint("divide each share in parameters/*.csv by their sum");
                    self.report(self.quantity_at[quantity], fault);
                    return;
                }
            }
        }
    }
}
