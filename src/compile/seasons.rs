//! Seasons of inflows: twelve parameters, one for each month of the year.

use super::quantities::Want;
use super::{Compiler, Inflow, QuantityIdx, Stratum};
use crate::diagnostic::Diagnostic;
use crate::document::{Product, Text};
use crate::quantity::{MONTHS_FROM_APRIL, Month, TimeUnit};

impl Compiler<'_> {
    /// The months of a season, from April on: the parameters `PREFIX.april` to `PREFIX.march`, for the inflow of this id.
    pub(super) fn season(
        &mut self,
        inflow: &str,
        prefix: &Text,
        user: &str,
    ) -> Option<[QuantityIdx; 12]> {
        if prefix.is_missing() || !self.has_months(prefix) {
            return None;
        }
        let mut months = Vec::new();
        let mut missing = Vec::new();
        for month in MONTHS_FROM_APRIL {
            let (value, at) = (format!("{}.{month}", prefix.value), prefix.at);
            match self.parameter_ids.contains_key(&value) || self.families.contains_key(&value) {
                true => {
                    let names = vec![Text { value, at }];
                    let id = format!("{inflow}.season.{month}");
                    months.push(self.quantity(id, &Product { names, at }, Want::Factor, user));
                }
                false => missing.push(value),
            }
        }
        self.report_missing(prefix, &missing);
        self.check_keys_of(prefix, &months);
        months.try_into().ok()
    }

    /// One fault for all months that are missing, and for a prefix of which none is known.
    fn report_missing(&mut self, prefix: &Text, missing: &[String]) {
        let ids = self.known_parameters();
        let known: Vec<&str> = ids.iter().map(String::as_str).collect();
        let is_missing = |name: &&String| self.may_report(("E203", "parameter"), name, &known);
        let missing: Vec<String> = missing.iter().filter(is_missing).cloned().collect();
        let name = prefix.as_str();
        let fault = match missing.len() {
            0 => return,
            12 => {
                let of_months = known.iter().filter_map(|id| {
                    let (prefix, month) = id.rsplit_once('.')?;
                    MONTHS_FROM_APRIL.contains(&month).then_some(prefix)
                });
                Diagnostic::error("E203", format!("unknown season `{name}`"))
                    .found("none of them")
                    .nearest(name, of_months)
            }
            _ => {
                let found = format!("no {}", missing.join(", "));
                let message = format!("months of the season `{name}` are missing");
                let stray = known.iter().find(|id| {
                    let month = id.strip_prefix(name).and_then(|id| id.strip_prefix('.'));
                    month.is_some_and(|month| !MONTHS_FROM_APRIL.contains(&month))
                });
                let fault = Diagnostic::error("E203", message).found(found);
                match stray {
                    Some(stray) => fault.hint(format!("`{stray}` is of no month")),
                    None => fault,
                }
            }
        };
        let fault = fault.expected(format!(
            "twelve parameters, `{name}.april` to `{name}.march`"
        ));
        let fault = match fault.hints.is_empty() {
            true => fault.hint("write rows for each month in parameters/*.csv, in ratios"),
            false => fault,
        };
        self.report(prefix.at, fault);
    }

    /// Whether the steps of the model are in months.
    fn has_months(&mut self, prefix: &Text) -> bool {
        if self.plan.step != TimeUnit::Year {
            return true;
        }
        let fault = Diagnostic::error("E418", "a season in a model whose steps are years")
            .expected("`step = \"month\"` or `step = \"day\"`")
            .found("`step = \"year\"`")
            .hint("a year that is one step has no months: leave `season` out");
        self.report(prefix.at, fault);
        false
    }

    /// Previous convictions are drawn for those who have arrived, so no month can depend on them.
    fn check_keys_of(&mut self, prefix: &Text, months: &[QuantityIdx]) {
        if !self.plan.keys_of(months).priors || months.iter().any(|of| self.is_faulty(*of)) {
            return;
        }
        let message = format!("the season `{}` is keyed by priors", prefix.value);
        let fault = Diagnostic::error("E418", message)
            .expected("rows by area, sex and age at most")
            .found("rows by priors")
            .hint("how many arrive is drawn first, and then the previous convictions of each");
        self.report(prefix.at, fault);
    }

    /// The months of a season must not all be nought, in any stratum, month or option.
    pub(super) fn check_seasons(&mut self) {
        let model = &self.documents.model;
        for file in &model.inflows {
            let mut inflows = self.plan.inflows.iter();
            let inflow = inflows.find(|inflow| inflow.id == file.id.value);
            let (Some(prefix), Some(months)) = (&file.season, inflow.and_then(|of| of.season))
            else {
                continue;
            };
            if months.iter().any(|of| self.is_faulty(*of)) {
                continue;
            }
            if let Some(wrong) = self.find_wrong(&months, |sum| sum.is_nan() || sum <= 0.0) {
                let what = format!("the months of the season `{}`", prefix.value);
                self.report_nought(&what, prefix.at, &wrong);
            }
        }
    }

    /// By what the busiest month of a season is above the mean, as the numbers stand in a month.
    pub(super) fn busiest(&self, inflow: &Inflow, stratum: Stratum, month: Month) -> f64 {
        let Some(season) = inflow.season else {
            return 1.0;
        };
        let of_month = |of| self.plan.central_product(of, stratum, month, &[]);
        let numbers = season.map(of_month);
        let mean = numbers.iter().sum::<f64>() / 12.0;
        numbers.into_iter().fold(0.0, f64::max) / mean
    }
}
