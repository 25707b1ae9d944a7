//! Options compared by draws made elsewhere, as JSON, as text for a terminal and as tables.

mod json;
mod tables;
mod text;

pub(super) use tables::{LEVERAGE, increments_table, of_leverage};

use super::number::Digits;
use crate::appraise::Comparison;

/// The worth of one more of the outcome.
#[derive(Debug, Clone, PartialEq)]
pub struct Threshold {
    /// As the user wrote it.
    pub written: String,
    /// The number.
    pub value: f64,
}

/// A comparison and the worths of an outcome as they were written, in the same order.
pub struct ComparisonReport<'a> {
    /// The options.
    pub comparison: &'a Comparison,
    /// The worths.
    pub thresholds: &'a [Threshold],
    /// How exactly costs and outcomes are written.
    pub digits: Digits,
}

impl<'a> ComparisonReport<'a> {
    fn id(&self, option: usize) -> &'a str {
        &self.comparison.options[option].id
    }
}
