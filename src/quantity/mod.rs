//! Time and the numbers that are checked when they are made: months, financial years, periods, units and grades.

mod discounting;
mod month;
mod period;
mod unit;

pub use discounting::{GREEN_BOOK_2026, GREEN_BOOK_2026_HEALTH, RATES, Schedule, percent};
pub use month::{FinancialYear, MONTHS_FROM_APRIL, Month};
pub use period::{Cadence, Period, PeriodForm};
pub use unit::{Grade, TimeUnit, Unit};
