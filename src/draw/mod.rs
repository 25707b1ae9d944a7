//! Plan to draws: a table of joint parameter values, made once and shared by every option. Row 0 is central.

use crate::compile::{Operation, Plan, QuantityIdx, Stratum, Target};
use crate::quantity::Month;

/// The table of draws: a row each, a column for every cell of the Plan.
#[derive(Debug, Clone)]
pub struct Draws {
    n_cells: usize,
    values: Vec<f64>,
}
