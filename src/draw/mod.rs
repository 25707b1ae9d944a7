//! Plan to draws: a table of joint parameter values, made once and shared by every option. Row 0 is central.

mod law;
mod value;

pub use law::{gamma_quantile, gamma_quantiles, quantile};

use crate::compile::{Cell, Law, Plan};
use crate::random::Key;
use rayon::prelude::*;

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
    let root = Key::new(plan.seed).named("parameter");
    let addresses: Vec<Key> = plan
        .cells
        .iter()
        .map(|cell| {
            root.named(&plan.parameters[cell.parameter].id)
                .named(&cell.keys)
        })
        .collect();
    let value = |row: u64, cell: &Cell, address: &Key| {
        let bounds = plan.parameters[cell.parameter].unit.bounds();
        let value = match cell.law {
            Law::Fixed => cell.value,
            law => quantile(law, address.with(row).uniform()),
        };
        value.clamp(bounds.0, bounds.1)
    };
    let rows = (0..=plan.n_draws as u64).into_par_iter().map(|row| {
        let cells = plan.cells.iter().zip(&addresses);
        let cells = cells.map(|(cell, address)| match row {
            0 => cell.value,
            _ => value(row, cell, address),
        });
        cells.collect::<Vec<f64>>()
    });
    let values = rows.collect::<Vec<_>>().concat();
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
