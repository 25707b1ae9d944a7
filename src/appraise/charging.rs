//! What is charged on one row's numbers: each, by steps of so many, or once for there being any.

use std::ops::Range;

use crate::compile::{Account, Charged, Cost, Plan, QuantityIdx, Stratum};
use crate::draw::Draws;
use crate::quantity::Month;
use crate::simulate::{Layout, Value};

/// One row of trajectories and the prices drawn in it.
pub(super) struct Charging<'a, N> {
    pub plan: &'a Plan,
    pub draws: &'a Draws,
    pub layout: &'a Layout,
    /// The years of the forecast.
    pub years: Range<usize>,
    /// By year of the forecast.
    pub factors: &'a [f64],
    pub row: usize,
    pub values: &'a [N],
}

/// A cost of one option in one row: what is charged and the part of it that moves with one more or one fewer.
#[derive(Default, Clone, Copy)]
pub(super) struct Sum {
    /// Discounted.
    pub present: f64,
    /// The discounted part of it that moves with one more or one fewer.
    pub marginal: f64,
    /// The plain sum.
    pub undiscounted: f64,
}

impl<N: Value> Charging<'_, N> {
    /// What one area is charged under one option over the forecast; `of_year` is told the pounds of each year of it.
    pub fn charged(
        &self,
        cost: &Cost,
        series: usize,
        (option, area): (usize, usize),
        mut of_year: impl FnMut(usize, f64),
    ) -> Sum {
        if let Some(counted) = self.layout.account(series, Account::Counted) {
            return self.by_period(cost, series, counted, (option, area), of_year);
        }
        let mut sum = Sum::default();
        for (index, year) in self.years.clone().enumerate() {
            let at = Quantities {
                layout: self.layout,
                values: self.values,
                option,
                area,
            };
            let month = self.layout.years[year].first_month();
            let price = |quantity| self.price(quantity, option, area, month);
            let units = match cost.charged {
                Charged::Each => at.year(series, year),
                Charged::Step(per) => {
                    let per = price(per);
                    // Values are kept in four bytes: what exceeds a whole number by less is that number.
                    at.mean_of_year(series, year, |n| (n / per - 1e-6).ceil().max(0.0))
                }
                Charged::Fixed => at.mean_of_year(series, year, |n| f64::from(u8::from(n > 0.0))),
            };
            if units == 0.0 {
                continue;
            }
            let pounds = units * price(cost.unit_cost);
            of_year(index, pounds);
            sum.undiscounted += pounds;
            sum.present += pounds * self.factors[index];
            if let Some(marginal) = cost.marginal_cost {
                sum.marginal += units * price(marginal) * self.factors[index];
            }
        }
        sum
    }

    /// The same of every single one, each month at its own prices.
    fn by_period(
        &self,
        cost: &Cost,
        series: usize,
        counted: usize,
        (option, area): (usize, usize),
        mut of_year: impl FnMut(usize, f64),
    ) -> Sum {
        let at = Quantities {
            layout: self.layout,
            values: self.values,
            option,
            area,
        };
        let discounted = self.layout.account(series, Account::Costs);
        let mut sum = Sum::default();
        for (index, year) in self.years.clone().enumerate() {
            for (period, month) in self.layout.periods_in(counted, year) {
                let price = |quantity| self.price(quantity, option, area, month);
                let units = at.at(counted, period);
                let present = match discounted {
                    Some(discounted) => at.at(discounted, period),
                    None => units * self.factors[index],
                };
                let pounds = price(cost.unit_cost);
                of_year(index, units * pounds);
                sum.undiscounted += units * pounds;
                sum.present += present * pounds;
                if let Some(marginal) = cost.marginal_cost {
                    sum.marginal += present * price(marginal);
                }
            }
        }
        sum
    }

    fn price(&self, quantity: QuantityIdx, option: usize, area: usize, month: Month) -> f64 {
        let stratum = Stratum {
            area,
            sex: 0,
            age: 0,
            priors: 0,
        };
        self.draws
            .value(self.plan, self.row, option, quantity, stratum, month)
    }
}

/// The numbers of one option and area in one row.
struct Quantities<'a, N> {
    layout: &'a Layout,
    values: &'a [N],
    option: usize,
    area: usize,
}

impl<N: Value> Quantities<'_, N> {
    fn at(&self, series: usize, period: usize) -> f64 {
        let at = self.layout.at(self.option, self.area, series, period);
        let value: f64 = self.values[at].into();
        if value.is_nan() { 0.0 } else { value }
    }

    fn year(&self, series: usize, year: usize) -> f64 {
        self.at(series, year)
    }

    /// A number of the year: of places, which are decided and not met with, the mean over the months that are reported,
    /// so that a team that begins in October is half a team; of everything else the number of the year's value.
    fn mean_of_year(&self, series: usize, year: usize, number: impl Fn(f64) -> f64) -> f64 {
        let own = &self.layout.series[series];
        let monthly = self.layout.series.get(series + 1);
        let is_twin = own.measure == "places" && monthly.is_some_and(|twin| twin.is_monthly);
        let year_of = self.layout.years[year];
        let months = self.layout.months.iter().enumerate();
        let months = months.filter(|(_, month)| is_twin && month.financial_year() == year_of);
        let numbers: Vec<f64> = months
            .map(|(m, _)| number(self.at(series + 1, m)))
            .collect();
        match numbers.len() {
            0 => number(self.at(series, year)),
            n => numbers.iter().sum::<f64>() / n as f64,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compile::Better;
    use crate::quantity::FinancialYear;
    use crate::simulate::Series;

    /// A measure by year and by month: a year of twelve months with the numbers 1 to 12.
    fn layout(measure: &str) -> Layout {
        let year = FinancialYear::parse("2025-26").unwrap();
        let series = |is_monthly: bool| Series {
            measure: measure.to_owned(),
            title: String::new(),
            breakdown: String::new(),
            unit: String::new(),
            better: Better::Neither,
            is_monthly,
            is_flow: false,
            account: None,
            offset: usize::from(is_monthly),
            n_periods: if is_monthly { 12 } else { 1 },
        };
        Layout {
            series: vec![series(false), series(true)],
            years: vec![year],
            months: (0..12).map(|m| year.first_month().plus(m)).collect(),
            n_options: 1,
            n_areas: 1,
            n_slots: 13,
        }
    }

    #[test]
    fn places_are_charged_by_the_month_and_everything_else_by_the_year() {
        let values: Vec<f64> = [100.0].into_iter().chain((1..=12).map(f64::from)).collect();
        let mean = |measure: &str| {
            let layout = layout(measure);
            let quantities = Quantities {
                layout: &layout,
                values: &values,
                option: 0,
                area: 0,
            };
            quantities.mean_of_year(0, 0, |number| (number / 5.0).ceil())
        };
        // Five months of one team, five of two and two of three.
        assert_eq!(mean("places"), 21.0 / 12.0);
        assert_eq!(mean("in_support"), 20.0);
    }
}
