//! Plan to draws: a table of joint parameter values, made once and shared by every option. Row 0 is central.

mod law;
mod value;

pub use law::{gamma_quantile, gamma_quantiles, quantile};

use crate::compile::{Cell, CellIdx, Law, Plan};
use crate::quantity::Month;
use crate::random::{Key, normal_quantile};
use rayon::prelude::*;

/// The table of draws: a row each, a column for every cell of the Plan.
#[derive(Debug, Clone)]
pub struct Draws {
    n_cells: usize,
    n_rows: usize,
    /// The rows that are held, in rising order.
    held: Vec<usize>,
    values: Vec<f64>,
}

/// Draws every uncertain number of the plan: row 0 holds the central values, rows 1 to [`Plan::n_draws`] one joint
/// sample each.
///
/// The uniform of a cell has the address (seed, "parameter", id, keys, row). Cells that differ only in the month
/// from which they hold share it, so a drawn path moves as one, unless it is a walk: each step of that has an address of
/// its own, which ends with the month. Adding a parameter moves no other.
pub fn draw(plan: &Plan) -> Draws {
    draw_rows(plan, (0..=plan.n_draws).collect())
}

/// Draws row 0 and these rows alone: for whoever lives a share of the draws, and needs the memory of no other.
pub fn draw_rows(plan: &Plan, mut held: Vec<usize>) -> Draws {
    held.push(0);
    held.sort_unstable();
    held.dedup();
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
    let walks = walks(plan);
    let within = |cell: &Cell, value: f64| {
        let (low, high) = plan.parameters[cell.parameter].unit.bounds();
        value.clamp(low, high)
    };
    let rows = held.par_iter().map(|&row| row as u64).map(|row| {
        let drawn = |(cell, address): (&Cell, &Key)| match (row, cell.law) {
            (0, _) | (_, Law::Fixed) => cell.value,
            (_, law) => within(cell, quantile(law, address.with(row).uniform())),
        };
        let mut values: Vec<f64> = plan.cells.iter().zip(&addresses).map(drawn).collect();
        for walk in walks.iter().filter(|_| row > 0) {
            let mut sum = 0.0;
            for step in walk {
                let address = addresses[step.cell].with(row).named("step");
                let u = address.with(step.month as u64).uniform();
                sum += step.sd * normal_quantile(u);
                let walked = (step.centre + sum).exp();
                values[step.cell] = within(&plan.cells[step.cell], walked);
            }
        }
        values
    });
    let values = rows.collect::<Vec<_>>().concat();
    Draws {
        n_cells,
        n_rows: plan.n_draws + 1,
        held,
        values,
    }
}

/// What a cell is in the mean: of its law, cut to the bounds of its unit, by the midpoints of a thousand equal parts of
/// the unit interval. A walk counts as its central value.
pub fn mean(plan: &Plan, cell: CellIdx) -> f64 {
    const PARTS: usize = 1000;
    let described = &plan.cells[cell];
    match described.law {
        Law::Fixed | Law::Walk(..) => described.value,
        law => {
            let (low, high) = plan.parameters[described.parameter].unit.bounds();
            let part = |part: usize| quantile(law, (part as f64 + 0.5) / PARTS as f64);
            let values = (0..PARTS).map(|index| part(index).clamp(low, high));
            values.sum::<f64>() / PARTS as f64
        }
    }
}

/// A cell of a walk: the centre of its logarithm, and the step to it from the cell before.
struct Step {
    cell: CellIdx,
    month: i32,
    centre: f64,
    sd: f64,
}

/// Every walk of the plan, step after step.
fn walks(plan: &Plan) -> Vec<Vec<Step>> {
    let parameters = plan.parameters.iter();
    let walked = parameters
        .flat_map(|parameter| &parameter.cells)
        .map(|dated| {
            let mut before: f64 = 0.0;
            let mut walk = Vec::new();
            for &(from, cell) in dated {
                if let Law::Walk(centre, sd) = plan.cells[cell].law {
                    walk.push(Step {
                        cell,
                        month: from.since(Month::EPOCH),
                        centre,
                        sd: (sd * sd - before * before).max(0.0).sqrt(),
                    });
                    before = before.max(sd);
                }
            }
            walk
        });
    walked.filter(|walk| !walk.is_empty()).collect()
}

impl Draws {
    /// How many rows there are, the central one included, whether or not they are held.
    pub fn n_rows(&self) -> usize {
        self.n_rows
    }

    /// A table of these rows alone, in their order, in which some cells have the same value in every row.
    pub fn of_rows(&self, rows: &[usize], fixed: &[(CellIdx, f64)]) -> Draws {
        let mut values = Vec::with_capacity(rows.len() * self.n_cells);
        for &row in rows {
            let begin = values.len();
            values.extend_from_slice(self.cells(row));
            for &(cell, value) in fixed {
                values[begin + cell] = value;
            }
        }
        Draws {
            n_cells: self.n_cells,
            n_rows: rows.len(),
            held: (0..rows.len()).collect(),
            values,
        }
    }

    /// The value of every cell in a row that is held; nothing of another.
    pub fn cells(&self, row: usize) -> &[f64] {
        match self.held.binary_search(&row) {
            Ok(at) => &self.values[at * self.n_cells..(at + 1) * self.n_cells],
            Err(_) => &[],
        }
    }
}
