//! Plan to draws: a table of joint parameter values, made once and shared by every option. Row 0 is central.

mod law;
mod value;

pub use law::{gamma_quantile, gamma_quantiles, quantile};

use crate::compile::Plan;
use crate::random::Key;

/// The table of draws: a row each, a column for every cell of the Plan.
#[derive(Debug, Clone)]
pub struct Draws {
    n_cells: usize,
    values: Vec<f64>,
}

/// Draws every uncertain number of the plan: row 0 holds the central values, rows 1 to [`Plan::n_draws`] one joint
/// sample each.
///
/// The uniform of a cell has the address (seed, "parameter", id, keys, row). Cells that differ only in the month
/// from which they hold share it, so a drawn path moves as one; and adding a parameter moves no other.
pub fn draw(plan: &Plan) -> Draws {
    let n_cells = plan.cells.len();
    let mut values: Vec<f64> = plan.cells.iter().map(|cell| cell.value).collect();
    values.reserve(n_cells * plan.n_draws);
    let root = Key::new(plan.seed).named("parameter");
    let addresses: Vec<Key> = plan
        .cells
        .iter()
        .map(|cell| {
            root.named(&plan.parameters[cell.parameter].id)
                .named(&cell.keys)
        })
        .collect();
    for row in 1..=plan.n_draws as u64 {
        for (cell, address) in plan.cells.iter().zip(&addresses) {
            let bounds = plan.parameters[cell.parameter].unit.bounds();
            let value = match cell.law {
                crate::compile::Law::Fixed => cell.value,
                law => quantile(law, address.with(row).uniform()),
            };
            values.push(value.clamp(bounds.0, bounds.1));
        }
    }
    Draws { n_cells, values }
}

impl Draws {
    /// How many rows, the central one included.
    pub fn n_rows(&self) -> usize {
        self.values.len().checked_div(self.n_cells).unwrap_or(1)
    }

    /// The value of every cell in a row.
    pub fn cells(&self, row: usize) -> &[f64] {
        &self.values[row * self.n_cells..(row + 1) * self.n_cells]
    }
}
