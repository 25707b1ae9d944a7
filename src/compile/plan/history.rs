//! What was recorded, and what is fitted to it.

use super::ParameterIdx;
use crate::compile::BreakKind;
use crate::quantity::{FinancialYear, Month};

/// A recorded series to set beside a measure.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// The measure.
    pub measure: String,
    /// The area, by code (the total included).
    pub area_code: String,
    /// `2023-24`.
    pub period: String,
    /// The value.
    pub value: f64,
    /// Whether it was published rounded.
    pub is_rounded: bool,
    /// The source key.
    pub source: String,
}

/// A dated multiplier and the recorded measure it is fitted to.
#[derive(Debug, Clone)]
pub struct Fitting {
    /// The multiplier; dated, and by area where `is_by_area`.
    pub parameter: ParameterIdx,
    /// The measure whose recorded series it is fitted to.
    pub measure: String,
    /// Whether each area has its own figure.
    pub is_by_area: bool,
    /// The first and the last year fitted.
    pub years: (FinancialYear, FinancialYear),
    /// How a year's figure answers to the multiplier of that year, of the year before, and so on; sums to one.
    pub lags: Vec<f64>,
    /// What later cells that nothing fits do.
    pub otherwise: Option<Otherwise>,
    /// The fitted years that they follow: from this one to the last.
    pub otherwise_from: Option<FinancialYear>,
    /// For how many years after the last the multiplier is forecast from its history; 0 where it is not.
    pub ahead_years: usize,
}

/// Something that was declared to break a recorded series.
#[derive(Debug, Clone)]
pub struct BrokenSeries {
    /// The measure.
    pub measure: String,
    /// The area it is about; `None` for all.
    pub area_code: Option<String>,
    /// Its first month.
    pub from: Month,
    /// The month after its last; `None` where it goes on.
    pub to: Option<Month>,
    /// What it does to the values.
    pub kind: BreakKind,
    /// Why.
    pub reason: String,
    /// Who says so.
    pub source: String,
}

/// What the cells after the fitted years do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Otherwise {
    /// They take the mean of the last fitted ones.
    Mean,
    /// They keep their own course, scaled as the last fitted ones were.
    Scaled,
}

/// A published series that tells what an area is like.
#[derive(Debug, Clone)]
pub struct Context {
    /// For people.
    pub title: String,
    /// Its figures, the country's among them, in the profile's order.
    pub figures: Vec<ContextFigure>,
}

/// A figure of such a series, with where it is from: a partnership's own may stand among published ones.
#[derive(Debug, Clone)]
pub struct ContextFigure {
    /// The area's code.
    pub area_code: String,
    /// A financial or calendar year, or a month.
    pub period: String,
    /// In the unit beside it.
    pub value: f64,
    /// Of the value.
    pub unit: String,
    /// The source key of the profile, or the words of whoever wrote the figure.
    pub source: String,
}
