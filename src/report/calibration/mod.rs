//! A finished calibration to files: the fitted numbers as a table of parameters, what they rest on, the fit, and a page
//! of charts.

mod before_after;
mod figures;
mod inflows;
mod numbers;
mod page;
mod tables;
mod terminal;
mod years;

use std::path::Path;

use super::tables::fit as fit_table;
use super::{Manifest, WriteError, folder};
use crate::calibrate::{Dispersion, InflowRecord, Learned};
use crate::compile::Plan;
use crate::quantity::FinancialYear;
use crate::summarise::Fit;

pub use terminal::calibration_text;

/// Everything that the report of a calibration tells of.
pub struct CalibrationRun<'a> {
    /// The plan as it was written.
    pub written: &'a Plan,
    /// The plan with its multipliers fitted: the prior of what was learned.
    pub before: &'a Plan,
    /// The plan with its multipliers fitted and forecast, and with what was learned.
    pub after: &'a Plan,
    /// What was learned.
    pub learned: &'a Learned,
    /// Whether areas' counts vary beyond Poisson.
    pub dispersions: &'a [Dispersion],
    /// What the record says of each inflow by itself.
    pub inflows: &'a [InflowRecord],
    /// The hindcast of the plan after, beside what was recorded.
    pub fit: &'a Fit,
    /// In how many draws that was lived.
    pub n_draws: usize,
    /// For each round of fitting, the largest relative distance of a national figure.
    pub distances: &'a [f64],
    /// How it was made.
    pub manifest: &'a Manifest,
}

impl CalibrationRun<'_> {
    /// The last year that anything is fitted to.
    fn last_fitted(&self) -> Option<FinancialYear> {
        self.before.fittings.iter().map(|fit| fit.years.1).max()
    }

    /// Whether a multiplier is fitted to this figure: of an area, or of the whole.
    fn is_fitted(&self, measure: &str, is_whole: bool, period: &str) -> bool {
        let Some(year) = FinancialYear::parse(period) else {
            return false;
        };
        let mut fits = self
            .before
            .fittings
            .iter()
            .filter(|fit| fit.measure == measure);
        fits.any(|fit| (is_whole || fit.is_by_area) && year >= fit.years.0 && year <= fit.years.1)
    }
}

/// Writes the report into `folder`, all or nothing: an earlier report there is replaced, anything else is left alone.
///
/// # Errors
/// When the folder holds something else, or the machine refuses.
pub fn write_calibration(folder: &Path, run: &CalibrationRun) -> Result<(), WriteError> {
    let page = page::html(run).map_err(|error| WriteError::Page(error.to_string()))?;
    let files = [
        ("fitted.csv", tables::fitted(run)),
        ("posterior.csv", tables::posterior(run)),
        ("apart.csv", tables::apart(run)),
        ("evidence.csv", tables::evidence(run)),
        ("dispersion.csv", tables::dispersion(run)),
        ("inflows.csv", inflows::table(run)),
        ("fit.csv", fit_table(run.fit)),
        ("calibrate.html", page.into_bytes()),
        ("manifest.json", run.manifest.calibration_json(run)),
    ];
    folder::replace(folder, &files)
}
