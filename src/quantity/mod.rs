//! Time and the numbers that are checked when they are made: months, financial years, units and grades.

mod month;
mod unit;

pub use month::{FinancialYear, Month};
pub use unit::{Grade, TimeUnit, Unit};
