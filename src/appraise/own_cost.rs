//! What options cost by themselves: setting up, transitions, and money that only passes between payers.

use super::bill::Bills;
use crate::compile::{OptionCost, Plan};
use crate::quantity::FinancialYear;

/// Adds them to the bills, the same in every row. Returns what the reader should know.
pub(super) fn add(
    plan: &Plan,
    years: &[FinancialYear],
    factors: &[f64],
    bills: &mut Bills,
) -> Vec<String> {
    let mut notes = Vec::new();
    for (option, payers) in plan.options.iter().zip(bills.iter_mut()) {
        for cost in &option.costs {
            let yearly = by_year(cost, years);
            let (undiscounted, present) = worth(cost, years, factors);
            if undiscounted == 0.0 && cost.pounds > 0.0 {
                notes.push(format!(
                    "“{}” of “{}” is due in {}, outside the whole financial years of the forecast: it is left out.",
                    cost.title, option.id, cost.from
                ));
            }
            let mut pay = |payer: usize, sign: f64| {
                let bill = &mut payers[payer];
                let into = match (cost.recipient, cost.is_cashable) {
                    (Some(_), _) => &mut bill.transfers,
                    (None, true) => &mut bill.cashable,
                    (None, false) => &mut bill.other,
                };
                add_to(into, sign * present);
                add_to(&mut bill.undiscounted, sign * undiscounted);
                add_to(&mut bill.own, sign * present);
                for (mean, pounds) in bill.yearly.iter_mut().zip(&yearly) {
                    *mean += sign * pounds;
                }
                if let Some(area) = cost.area {
                    add_to(&mut bill.by_area[area], sign * present);
                }
            };
            pay(cost.payer, 1.0);
            if let Some(recipient) = cost.recipient {
                pay(recipient, -1.0);
            }
        }
    }
    allow_for_optimism(plan, years, factors, bills);
    notes
}

fn add_to(rows: &mut [f64], pounds: f64) {
    rows.iter_mut().for_each(|row| *row += pounds);
}

/// The plain sum and the present value.
pub(super) fn worth(cost: &OptionCost, years: &[FinancialYear], factors: &[f64]) -> (f64, f64) {
    let yearly = by_year(cost, years);
    let present = yearly.iter().zip(factors).map(|(p, factor)| p * factor);
    (yearly.iter().sum(), present.sum())
}

/// What is paid in each year.
fn by_year(cost: &OptionCost, years: &[FinancialYear]) -> Vec<f64> {
    let of_year = |year: &FinancialYear| {
        let first = year.first_month();
        match cost.until {
            None if cost.from.financial_year() == *year => cost.pounds,
            None => 0.0,
            Some(until) => {
                let from = cost.from.since(first).max(0);
                let months = until.since(first).min(12) - from;
                cost.pounds * f64::from(months.max(0)) / 12.0
            }
        }
    };
    years.iter().map(of_year).collect()
}

/// Costs of an option's own turn out higher, and those of the comparator that it spares turn out lower. What both pay is
/// no difference, and a transfer is no cost.
fn allow_for_optimism(plan: &Plan, years: &[FinancialYear], factors: &[f64], bills: &mut Bills) {
    let Some(optimism) = &plan.optimism else {
        return;
    };
    let theirs = &plan.options[plan.comparator].costs;
    for (option, payers) in plan.options.iter().zip(bills.iter_mut()) {
        let ours = &option.costs;
        let added = ours.iter().filter(|cost| !theirs.contains(cost));
        let spared = theirs.iter().filter(|cost| !ours.contains(cost));
        for cost in added.chain(spared).filter(|cost| cost.recipient.is_none()) {
            let (_, present) = worth(cost, years, factors);
            let allowance = optimism.share(cost.grade) * present;
            add_to(&mut payers[cost.payer].optimism, allowance);
        }
    }
}
