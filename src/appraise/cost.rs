//! What each option costs each payer in every draw: the year's quantity times the unit cost drawn in that row.

use std::ops::Range;

use super::bill::{Bill, Bills};
use super::own_cost;
use crate::compile::{Charged, Cost, Plan, QuantityIdx, Stratum};
use crate::draw::Draws;
use crate::quantity::Grade;
use crate::simulate::{Layout, Trajectories, Value};

/// Adds up every cost, then what options cost by themselves; empty when there is neither.
pub(super) fn bills<N: Value>(
    plan: &Plan,
    draws: &Draws,
    trajectories: &Trajectories<N>,
    years: Range<usize>,
    factors: &[f64],
) -> (Bills, Vec<String>) {
    if plan.costs.is_empty() && plan.options.iter().all(|option| option.costs.is_empty()) {
        return (Vec::new(), Vec::new());
    }
    let n_rows = trajectories.rows.len();
    let bill = |payer| Bill::nothing(payer, plan.areas.len(), n_rows);
    let of_option: Vec<Bill> = plan.payers.iter().map(bill).collect();
    let mut bills = vec![of_option; plan.options.len()];
    let mut notes = Vec::new();
    let charge = Charge {
        plan,
        draws,
        trajectories,
        years,
        factors,
    };
    for cost in &plan.costs {
        match trajectories.layout.find(&cost.measure, &cost.breakdown) {
            Some(series) => charge.add(cost, series, &mut bills),
            None => notes.push(format!(
                "The cost `{}` is charged on `{}`, which this run does not report: it is left out.",
                cost.id, cost.measure
            )),
        }
    }
    let years = &trajectories.layout.years[charge.years.clone()];
    notes.extend(own_cost::add(plan, years, factors, &mut bills));
    (bills, notes)
}

/// What charging draws on.
struct Charge<'a, N> {
    plan: &'a Plan,
    draws: &'a Draws,
    trajectories: &'a Trajectories<N>,
    years: Range<usize>,
    factors: &'a [f64],
}

/// A cost of one option in one row: what is charged and the part of it that moves with one more or one fewer.
#[derive(Default, Clone, Copy)]
struct Sum {
    present: f64,
    marginal: f64,
    undiscounted: f64,
}

impl<N: Value> Charge<'_, N> {
    fn add(&self, cost: &Cost, series: usize, bills: &mut Bills) {
        let share = self.plan.optimism.as_ref();
        let share = share.map_or(0.0, |optimism| optimism.share(self.grade(cost)));
        let mut streams: Vec<Vec<f64>> = Vec::new();
        for (option, payers) in bills.iter_mut().enumerate() {
            let bill = &mut payers[cost.payer];
            let mut stream = vec![0.0; self.trajectories.rows.len()];
            for (row, present) in stream.iter_mut().enumerate() {
                for area in 0..self.plan.areas.len() {
                    let charged = self.charged(cost, series, option, row, area);
                    let cash = match (cost.marginal_cost, cost.is_cashable) {
                        (Some(_), _) => charged.marginal,
                        (None, true) => charged.present,
                        (None, false) => 0.0,
                    };
                    bill.undiscounted[row] += charged.undiscounted;
                    bill.cashable[row] += cash;
                    bill.other[row] += charged.present - cash;
                    bill.by_area[area][row] += charged.present;
                    *present += charged.present;
                }
            }
            streams.push(stream);
        }
        if share > 0.0 {
            let comparator = streams[self.plan.comparator].clone();
            for (payers, stream) in bills.iter_mut().zip(&streams) {
                payers[cost.payer].allow_for_optimism(share, stream, &comparator);
            }
        }
    }

    fn charged(&self, cost: &Cost, series: usize, option: usize, row: usize, area: usize) -> Sum {
        let layout = &self.trajectories.layout;
        let mut sum = Sum::default();
        for (index, year) in self.years.clone().enumerate() {
            let at = Quantities {
                layout,
                values: &self.trajectories.rows[row].values,
                option,
                area,
            };
            let price = |quantity| self.price(quantity, row, option, area, year);
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
            sum.undiscounted += pounds;
            sum.present += pounds * self.factors[index];
            if let Some(marginal) = cost.marginal_cost {
                sum.marginal += units * price(marginal) * self.factors[index];
            }
        }
        sum
    }

    fn price(
        &self,
        quantity: QuantityIdx,
        row: usize,
        option: usize,
        area: usize,
        year: usize,
    ) -> f64 {
        let stratum = Stratum {
            area,
            sex: 0,
            age: 0,
            priors: 0,
        };
        let month = self.trajectories.layout.years[year].first_month();
        self.draws
            .value(self.plan, row, option, quantity, stratum, month)
    }

    /// A price is as good as the worst number in it.
    fn grade(&self, cost: &Cost) -> Grade {
        let factors = &self.plan.quantities[cost.unit_cost].factors;
        let cells = self.plan.cells.iter();
        let of = cells.filter(|cell| factors.contains(&cell.parameter));
        of.map(|cell| cell.evidence.grade)
            .max()
            .unwrap_or(Grade::Official)
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
