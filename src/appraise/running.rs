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
    /// What the pools that an area hosts under an option pay, each year's pounds by its factor. `value` gives the number
    /// at a position of the layout.
    pub fn pounds(
        &self,
        (option, area): (usize, usize),
        cost: &RunningCost,
        factors: &[f64],
        value: impl Fn(usize) -> f64,
    ) -> f64 {
        let is_monthly = !self.layout.months.is_empty();
        let breakdown = format!("service={}", self.plan.services[cost.service].id);
        let is_places = |series: &Series| {
            let is_of = series.measure == "places" && series.breakdown == breakdown;
            is_of && series.is_monthly == is_monthly
        };
        let Some(series) = self.layout.series.iter().position(is_places) else {
            return 0.0;
        };
        let pool = |month: Month, period: usize| -> f64 {
            let hosts = self.plan.options[option].hosts(cost.service, month);
            let members = (0..hosts.len()).filter(|member| hosts[*member] == area);
            let places = |member| value(self.layout.at(option, member, series, period));
            cost.of_pool(members.map(places).sum())
        };
        if !is_monthly {
            let years = self.years.clone().zip(factors);
            return years
                .map(|(year, factor)| factor * pool(self.layout.years[year].first_month(), year))
                .sum();
        }
        let first = self.layout.years.get(self.years.start);
        let first = first.map_or(0, |year| year.first_year());
        let months = self.layout.months.iter().enumerate();
        months
            .map(|(period, &month)| {
                let index = month.financial_year().first_year() - first;
                let factor = usize::try_from(index).ok().and_then(|i| factors.get(i));
                factor.map_or(0.0, |factor| factor * pool(month, period) / 12.0)
            })
            .sum()
    }
}
