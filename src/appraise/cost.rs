//! What each option costs each payer in every draw: the year's quantity times the unit cost drawn in that row.

use std::ops::Range;

use super::bill::{Bill, Bills};
use super::charging::Charging;
use super::own_cost;
use super::running::Running;
use crate::compile::{Cost, Plan};
use crate::draw::Draws;
use crate::quantity::Grade;
use crate::simulate::{Trajectories, Value};

/// Adds up every cost, then what options cost by themselves; empty when there is neither.
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
    let bill = |payer| Bill::nothing(payer, (plan.areas.len(), factors.len()), n_rows);
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
    charge.add_running(&mut bills);
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

impl<N: Value> Charge<'_, N> {
    fn row(&self, row: usize) -> Charging<'_, N> {
        Charging {
            plan: self.plan,
            draws: self.draws,
            layout: &self.trajectories.layout,
            years: self.years.clone(),
            factors: self.factors,
            row,
            values: &self.trajectories.rows[row].values,
        }
    }

    /// What a row counts in a mean over the draws; row 0 is one only where there is no other.
    fn weight(&self, row: usize) -> f64 {
        match self.trajectories.rows.len() {
            1 => 1.0,
            _ if row == 0 => 0.0,
            n => 1.0 / (n - 1) as f64,
        }
    }

    /// Running a service is paid in cash by whoever hosts it.
    fn add_running(&self, bills: &mut Bills) {
        let running = Running {
            plan: self.plan,
            layout: &self.trajectories.layout,
            years: self.years.clone(),
        };
        for cost in &self.plan.running_costs {
            for (option, payers) in bills.iter_mut().enumerate() {
                let bill = &mut payers[cost.payer];
                for (r, row) in self.trajectories.rows.iter().enumerate() {
                    let value = |at: usize| row.values[at].into();
                    for area in 0..self.plan.areas.len() {
                        let yearly = running.yearly((option, area), cost, value);
                        let by_year = yearly.iter().zip(self.factors);
                        let pounds = by_year.map(|(pounds, factor)| pounds * factor).sum::<f64>();
                        bill.cashable[r] += pounds;
                        bill.by_area[area][r] += pounds;
                        bill.undiscounted[r] += yearly.iter().sum::<f64>();
                        for (mean, pounds) in bill.yearly.iter_mut().zip(yearly) {
                            *mean += self.weight(r) * pounds;
                        }
                    }
                }
            }
        }
    }

    fn add(&self, cost: &Cost, series: usize, bills: &mut Bills) {
        let share = self.plan.optimism.as_ref();
        let share = share.map_or(0.0, |optimism| optimism.share(self.grade(cost)));
        let mut streams: Vec<Vec<f64>> = Vec::new();
        for (option, payers) in bills.iter_mut().enumerate() {
            let bill = &mut payers[cost.payer];
            let mut stream = vec![0.0; self.trajectories.rows.len()];
            for (row, present) in stream.iter_mut().enumerate() {
                for area in 0..self.plan.areas.len() {
                    let weight = self.weight(row);
                    let yearly = &mut bill.yearly;
                    let of_year = |year: usize, pounds: f64| yearly[year] += weight * pounds;
                    let row_of = self.row(row);
                    let charged = row_of.charged(cost, series, (option, area), of_year);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compile::{OptionCost, RunningCost};
    use crate::draw::draw;
    use crate::quantity::FinancialYear;
    use crate::simulate::simulate;

    /// The tiny model with a cost of every kind: of what is used, of running a service, and given to somebody else.
    fn with_every_cost() -> Plan {
        let mut plan = crate::appraise::tests::tiny();
        plan.running_costs.push(RunningCost {
            title: "A manager".to_owned(),
            service: 0,
            payer: 1,
            gbp: 700.0,
            every_places: None,
            grade: Grade::Judgement,
            source: "a test".to_owned(),
        });
        let own = plan.options[1].costs[0].clone();
        plan.options[1].costs.push(OptionCost {
            payer: 0,
            recipient: Some(1),
            area: Some(1),
            pounds: 5000.0,
            until: Some(own.from.plus(30)),
            ..own
        });
        plan.optimism = None;
        plan
    }

    fn close(found: f64, expected: f64) {
        let gap = (found - expected).abs();
        assert!(
            gap <= 1e-9 * (1.0 + expected.abs()),
            "{found}, not {expected}"
        );
    }

    /// What is paid by year adds up to the mean bill of the draws, with the factors and without, for every payer; and so
    /// does what is paid by area, with what is of no one area.
    #[test]
    fn years_and_areas_add_up_to_the_bill() {
        let plan = with_every_cost();
        let draws = draw(&plan);
        let trajectories = simulate(&plan, &draws, &|| {});
        let all = &trajectories.layout.years;
        let is_past = |year: &&FinancialYear| **year < plan.start.financial_year();
        let years = all.iter().filter(is_past).count()..all.len();
        let factors: Vec<f64> = (0..years.len()).map(|y| 0.9_f64.powi(y as i32)).collect();
        let (bills, notes) = bills(&plan, &draws, &trajectories, years.clone(), &factors);
        assert!(notes.is_empty(), "{notes:?}");
        let mean = |rows: &[f64]| rows[1..].iter().sum::<f64>() / (rows.len() - 1) as f64;
        for (option, payers) in plan.options.iter().zip(&bills) {
            for (payer, bill) in payers.iter().enumerate() {
                let total = mean(&bill.total());
                let present = bill
                    .yearly
                    .iter()
                    .zip(&factors)
                    .map(|(p, factor)| p * factor);
                close(present.sum(), total);
                close(bill.yearly.iter().sum(), mean(&bill.undiscounted));
                let of_areas: f64 = bill.by_area.iter().map(|rows| mean(rows)).sum();
                let of_none = option.costs.iter();
                let of_none = of_none.filter(|cost| cost.area.is_none() && cost.payer == payer);
                let worth = |cost| own_cost::worth(cost, &all[years.clone()], &factors).1;
                close(of_areas + of_none.map(worth).sum::<f64>(), total);
            }
            close(payers.iter().map(|bill| mean(&bill.transfers)).sum(), 0.0);
        }
        assert!(mean(&bills[1][1].transfers) < -5000.0);
        // Running a service is cash, in every year.
        assert!(bills[0][1].cashable[0] >= 700.0 * factors.iter().sum::<f64>());
    }

    #[test]
    fn what_is_due_after_the_forecast_is_left_out_and_told() {
        let mut plan = with_every_cost();
        plan.options[1].costs.truncate(2);
        plan.options[1].costs[0].from = plan.end.plus(12);
        plan.options[1].costs[0].until = None;
        // What costs nothing is missed by nobody.
        let free = OptionCost {
            pounds: 0.0,
            ..plan.options[1].costs[0].clone()
        };
        plan.options[1].costs.push(free);
        let draws = draw(&plan);
        let trajectories = simulate(&plan, &draws, &|| {});
        let years = 0..trajectories.layout.years.len();
        let factors = vec![1.0; years.len()];
        let (_, notes) = bills(&plan, &draws, &trajectories, years, &factors);
        assert_eq!(notes.len(), 1, "{notes:?}");
        assert!(
            notes[0].contains(&plan.options[1].costs[0].title),
            "{notes:?}"
        );
    }

    /// What is counted by month, at the prices of each month, adds up to the bill by year as well.
    #[test]
    fn months_at_their_own_prices_add_up_to_the_bill() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let course = root.join("models/textbook/course/scenario.toml");
        let documents = crate::document::read(&course).expect("a sound scenario");
        let plan = crate::compile::compile(&documents).expect("a sound plan");
        let draws = draw(&plan);
        let trajectories = simulate(&plan, &draws, &|| {});
        let years = 0..trajectories.layout.years.len();
        let factors = vec![1.0; years.len()];
        let (bills, _) = bills(&plan, &draws, &trajectories, years, &factors);
        for bill in bills.iter().flatten() {
            let undiscounted = bill.undiscounted[1];
            assert!(undiscounted > 1e3, "{undiscounted}");
            close(bill.yearly.iter().sum(), undiscounted);
        }
    }
}
