//! The random walks of inflows, the same in both engines: what differs between rows beside the parameters.

use crate::compile::{Inflow, Plan};
use crate::quantity::Month;
use crate::random::{Key, normal_quantile};

/// The address of what belongs to a row whatever its luck.
pub fn row_root(plan: &Plan, row: usize) -> Key {
    Key::new(plan.seed).named("draw").with(row as u64)
}

/// The address of the luck of a row.
pub fn luck_root(plan: &Plan, row: usize) -> Key {
    match plan.luck {
        0 => row_root(plan, row),
        luck => row_root(plan, row).named("luck").with(luck),
    }
}

/// How far an inflow has walked in a month: the sum of yearly normal steps from the start month on, in standard
/// deviations of a step. Nothing before the start, and row 0 does not walk.
pub fn walked(plan: &Plan, row: usize, inflow: &Inflow, month: Month) -> Option<f64> {
    let years = month.since(plan.start).div_euclid(12) + 1;
    if inflow.walk.is_none() || years <= 0 || row == 0 {
        return None;
    }
    let root = row_root(plan, row).named("inflow").named(&inflow.id);
    let first = plan.start.since(Month::EPOCH).div_euclid(12);
    let step = |year: i32| normal_quantile(root.named("walk").with(year as u64).uniform());
    Some((0..years).map(|year| step(first + year)).sum())
}
