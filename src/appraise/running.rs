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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::appraise::tests::tiny;
    use crate::quantity::Grade;
    use crate::summarise::forecast_years;

    /// A team for every ten places begun, at 1,200 pounds a year: one team for half of the first year and two from then on.
    /// Where a run tells no months, every year pays for the teams of its own places.
    #[test]
    fn a_team_that_comes_half_way_through_a_year_is_paid_for_half_of_it() {
        let plan = tiny();
        let cost = RunningCost {
            title: String::new(),
            service: 0,
            payer: 0,
            gbp: 1_200.0,
            every_places: Some(10.0),
            grade: Grade::Judgement,
            source: String::new(),
        };
        let mut layout = Layout::of(&plan);
        let years = forecast_years(&plan, &layout);
        let yearly = layout.find("places", "service=homes");
        let yearly = yearly.expect("places are told");
        let monthly = layout.find_monthly("places", "service=homes");
        let monthly = monthly.expect("places are told by month");
        let mut values = vec![0.0; layout.n_values()];
        for month in 0..layout.months.len() {
            let places = if month < 6 { 10.0 } else { 20.0 };
            values[layout.at(0, 1, monthly, month)] = places;
        }
        for year in years.clone() {
            values[layout.at(0, 1, yearly, year)] = 25.0;
        }
        let paid = |layout: &Layout, area| {
            let running = Running {
                plan: &plan,
                layout,
                years: years.clone(),
            };
            running.yearly((0, area), &cost, |at| values[at])
        };
        assert_eq!(
            paid(&layout, 1),
            [1_800.0, 2_400.0, 2_400.0, 2_400.0, 2_400.0]
        );
        assert_eq!(paid(&layout, 0), [0.0; 5]);
        layout.months.clear();
        assert_eq!(paid(&layout, 1), [3_600.0; 5]);
    }
}
