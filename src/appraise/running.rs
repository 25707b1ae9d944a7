//! What running services costs, however few people they serve: once for every pool, or for every team of it.

use std::ops::Range;

use crate::compile::{Plan, RunningCost};
use crate::quantity::Month;
use crate::simulate::{Layout, Series};

/// What running costs are read from: the places of every month, or of every year where months are not told apart.
pub(super) struct Running<'a> {
    pub plan: &'a Plan,
    pub layout: &'a Layout,
    /// The years of the forecast.
    pub years: Range<usize>,
}

impl Running<'_> {
    /// What the pools that an area hosts under an option pay over the forecast, each year's pounds by its factor. `value`
    /// gives the number at a position of the layout.
    pub fn pounds(
        &self,
        at: (usize, usize),
        cost: &RunningCost,
        factors: &[f64],
        value: impl Fn(usize) -> f64,
    ) -> f64 {
        let yearly = self.yearly(at, cost, value);
        let by_year = yearly.iter().zip(factors);
        by_year.map(|(pounds, factor)| pounds * factor).sum()
    }

    /// The same by year.
    pub fn yearly(
        &self,
        (option, area): (usize, usize),
        cost: &RunningCost,
        value: impl Fn(usize) -> f64,
    ) -> Vec<f64> {
        let mut yearly = vec![0.0; self.years.len()];
        let is_monthly = !self.layout.months.is_empty();
        let breakdown = format!("service={}", self.plan.services[cost.service].id);
        let is_places = |series: &Series| {
            let is_of = series.measure == "places" && series.breakdown == breakdown;
            is_of && series.is_monthly == is_monthly
        };
        let Some(series) = self.layout.series.iter().position(is_places) else {
            return yearly;
        };
        let pool = |month: Month, period: usize| -> f64 {
            let hosts = self.plan.options[option].hosts(cost.service, month);
            let members = (0..hosts.len()).filter(|member| hosts[*member] == area);
            let places = |member| value(self.layout.at(option, member, series, period));
            cost.of_pool(members.map(places).sum())
        };
        if !is_monthly {
            for (pounds, year) in yearly.iter_mut().zip(self.years.clone()) {
                *pounds = pool(self.layout.years[year].first_month(), year);
            }
            return yearly;
        }
        let first = self.layout.years.get(self.years.start);
        let first = first.map_or(0, |year| year.first_year());
        for (period, &month) in self.layout.months.iter().enumerate() {
            let index = month.financial_year().first_year() - first;
            let index = usize::try_from(index).ok();
            if let Some(pounds) = index.and_then(|index| yearly.get_mut(index)) {
                *pounds += pool(month, period) / 12.0;
            }
        }
        yearly
    }
}
