//! The page of a back-test: one page that needs nothing but itself.

use super::BacktestRun;

pub(super) fn html(_: &BacktestRun) -> Result<String, minijinja::Error> {
    Ok(String::new())
}
