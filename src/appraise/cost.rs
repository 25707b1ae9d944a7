//! What each option costs each payer in every draw.

use std::ops::Range;

use super::running::Running;
use crate::compile::{Cost, Plan, Stratum};
use crate::draw::Draws;
use crate::simulate::{Trajectories, Value};

/// What one payer pays for one option over the forecast, in every row of the draws.
#[derive(Debug, Clone, Default)]
pub(super) struct Bill {
    /// Present value of what would be cash.
    pub cashable: Vec<f64>,
    /// Present value of the rest: average costs of staff and buildings that stay.
    pub other: Vec<f64>,
    /// The plain sum over the years.
    pub undiscounted: Vec<f64>,
}

/// Bills by option and payer, and what the reader should know of them; empty when the model has no costs.
pub(super) type Bills = Vec<Vec<Bill>>;

/// Adds up every cost: the year's quantity times the unit cost drawn in that row; then the options' one-off costs.
pub(super) fn bills<N: Value>(
    plan: &Plan,
    draws: &Draws,
    trajectories: &Trajectories<N>,
    years: Range<usize>,
    factors: &[f64],
) -> (Bills, Vec<String>) {
    let has_own = plan.options.iter().any(|option| !option.costs.is_empty());
    if plan.costs.is_empty() && plan.running_costs.is_empty() && !has_own {
        return (Vec::new(), Vec::new());
    }
    let n_rows = trajectories.rows.len();
    let nothing = Bill {
        cashable: vec![0.0; n_rows],
        other: vec![0.0; n_rows],
        undiscounted: vec![0.0; n_rows],
    };
    let mut bills = vec![vec![nothing; plan.payers.len()]; plan.options.len()];
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
    charge.add_one_off(&mut bills);
    charge.add_running(&mut bills);
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

impl<N: Value> Charge<'_, N> {
    fn add(&self, cost: &Cost, series: usize, bills: &mut Bills) {
        let layout = &self.trajectories.layout;
        let n_areas = self.plan.areas.len();
        let by_area = self.plan.quantities[cost.unit_cost].keys.area;
        for (option, payers) in bills.iter_mut().enumerate() {
            let bill = &mut payers[cost.payer];
            for (r, row) in self.trajectories.rows.iter().enumerate() {
                for (index, year) in self.years.clone().enumerate() {
                    let month = layout.years[year].first_month();
                    let price = |area| {
                        let stratum = Stratum {
                            area,
                            sex: 0,
                            age: 0,
                            priors: 0,
                        };
                        self.draws
                            .value(self.plan, r, option, cost.unit_cost, stratum, month)
                    };
                    let quantity = |area| {
                        let value: f64 = row.values[layout.at(option, area, series, year)].into();
                        if value.is_nan() { 0.0 } else { value }
                    };
                    let pounds: f64 = if by_area {
                        (0..n_areas).map(|area| quantity(area) * price(area)).sum()
                    } else {
                        (0..n_areas).map(quantity).sum::<f64>() * price(0)
                    };
                    let present = pounds * self.factors[index];
                    bill.undiscounted[r] += pounds;
                    if cost.is_cashable {
                        bill.cashable[r] += present;
                    } else {
                        bill.other[r] += present;
                    }
                }
            }
        }
    }

    /// Running a service is paid in cash by whoever hosts it.
    fn add_running(&self, bills: &mut Bills) {
        let running = Running {
            plan: self.plan,
            layout: &self.trajectories.layout,
            years: self.years.clone(),
        };
        let undiscounted = vec![1.0; self.factors.len()];
        for cost in &self.plan.running_costs {
            for (option, payers) in bills.iter_mut().enumerate() {
                let bill = &mut payers[cost.payer];
                for (r, row) in self.trajectories.rows.iter().enumerate() {
                    let sum = |factors: &[f64]| -> f64 {
                        let areas = 0..self.plan.areas.len();
                        let pounds = |area| {
                            let value = |at: usize| row.values[at].into();
                            running.pounds((option, area), cost, factors, value)
                        };
                        areas.map(pounds).sum()
                    };
                    bill.cashable[r] += sum(self.factors);
                    bill.undiscounted[r] += sum(&undiscounted);
                }
            }
        }
    }

    /// One-off costs are the same in every row; money spent is cash.
    fn add_one_off(&self, bills: &mut Bills) {
        let years = &self.trajectories.layout.years;
        for (option, payers) in self.plan.options.iter().zip(bills) {
            for (month, payer, pounds, _, _) in &option.costs {
                let year = month.financial_year();
                let index = self.years.clone().position(|y| years[y] == year);
                let Some(factor) = index.and_then(|index| self.factors.get(index)) else {
                    continue;
                };
                let bill = &mut payers[*payer];
                for (cash, sum) in bill.cashable.iter_mut().zip(&mut bill.undiscounted) {
                    *cash += pounds * factor;
                    *sum += pounds;
                }
            }
        }
    }
}
