//! A finished run to files: tables, a page and a manifest, all or nothing. The only room that writes.

mod adding;
mod backtest;
mod benchmark;
mod best;
mod calibration;
mod chart;
mod comparison;
mod csv;
mod datapackage;
mod described;
mod distribution;
mod duties;
mod explained;
mod fitted;
mod folder;
mod joint;
mod manifest;
mod missed;
mod mix;
mod number;
mod page;
mod parts;
mod profile;
mod runs;
mod sharing;
mod starter;
mod sweep;
mod tables;
mod terminal;
mod valuation;
mod weighed;
mod workbook;
mod workplace;

pub use backtest::{BacktestRun, Tested, backtest_text, write_backtest};
pub use benchmark::{
    BenchmarkRun, Group, Projected, append_line, benchmark_text, broken_text, write_benchmark,
};
pub use calibration::{CalibrationRun, calibration_text, write_calibration};
pub use comparison::{ComparisonReport, Threshold};
pub use duties::DutiesReport;
pub use explained::{Explained, Glossary};
pub use fitted::{replace_later, rewrite_values};
pub use folder::{WriteError, check};
pub use joint::JointReport;
pub use manifest::{Engine, Manifest, VERSION, commit, in_shell};
pub use mix::{MixReport, write_mix};
pub use number::Digits;
pub use page::in_brief;
pub use parts::{
    Gathering, Kept, Label, Question, Rows, Shards, Share, Stored, Table, read_label, shards,
};
pub use runs::RunsReport;
pub use sharing::{SharingReport, reserved_names};
pub use starter::{starter_scenario, starter_workbook};
pub use sweep::{SweepReport, SweptCase, appraisal_of, sweep_files};
pub use valuation::ValuationReport;
pub use workbook::{Cell, Sheet, Workbook, ods, xlsx};
pub use workplace::{Workplace, is_finished};

use std::path::Path;

use crate::appraise::Appraisal;
use crate::appraise::joint::Joint;
use crate::calibrate::Missed;
use crate::compile::Plan;
use crate::summarise::{Drivers, Fit, Forecast};

/// Everything that a report tells of.
pub struct Run<'a> {
    /// The question.
    pub plan: &'a Plan,
    /// What to expect.
    pub forecast: &'a Forecast,
    /// How the hindcast compares with what was recorded.
    pub fit: &'a Fit,
    /// Options side by side.
    pub appraisal: &'a Appraisal,
    /// What drives changes; nothing where that was not asked for.
    pub drivers: &'a Drivers,
    /// Every group of partners that could share a service; nothing where that was not asked for.
    pub joint: Option<&'a Joint>,
    /// How far earlier forecasts of the recorded series missed.
    pub missed: &'a [Missed],
    /// How it was made.
    pub manifest: &'a Manifest,
}

impl Run<'_> {
    /// How many digits of its answers are written: those of exact expected flows are good for more than any draws'.
    fn digits(&self) -> Digits {
        match self.manifest.engine {
            Engine::ExpectedFlows => Digits::Twelve,
            _ => Digits::Seven,
        }
    }

    /// What is told of a joint service.
    fn joint_report(&self) -> Option<JointReport<'_>> {
        Some(JointReport {
            plan: self.plan,
            joint: self.joint?,
            command_line: &self.manifest.command_line,
            inputs: &self.manifest.inputs,
        })
    }
}

/// Writes the report into `folder`, all or nothing: an earlier report there is replaced, anything else is left alone.
/// Files are made side by side on the threads that it is called in.
///
/// # Errors
/// When the folder holds something else, or the machine refuses; nothing is changed then.
pub fn write(folder: &Path, run: &Run) -> Result<(), WriteError> {
    let failed = |error: String| WriteError::Page(error);
    let tables_and_books = || {
        let files = tables_of(run);
        let book = workbook::workbook(run, &files);
        (files, rayon::join(|| xlsx(&book), || ods(&book)))
    };
    let page = || page::html(run, MOST_BYTES);
    let (page, (mut files, (xlsx, ods))) = rayon::join(page, tables_and_books);
    let page = page.map_err(|error| failed(error.to_string()))?;
    let shared: Vec<(String, Vec<u8>)> = run.joint_report().map_or(Vec::new(), |report| {
        let files = report.files().into_iter();
        files
            .map(|(name, bytes)| (format!("{SHARE}{name}"), bytes))
            .collect()
    });
    let described = files.iter().map(|(name, bytes)| (*name, bytes));
    let described = described.chain(shared.iter().map(|(name, bytes)| (name.as_str(), bytes)));
    let package = datapackage::json(&run.plan.title, &run.plan.disclosure, described);
    files.extend([
        ("datapackage.json", package),
        (
            "tables.xlsx",
            xlsx.map_err(|error| failed(error.to_string()))?,
        ),
        (
            "tables.ods",
            ods.map_err(|error| failed(error.to_string()))?,
        ),
        ("report.html", page.into_bytes()),
        ("manifest.json", run.manifest.json(run)),
    ]);
    let shared = shared.iter();
    files.extend(shared.map(|(name, bytes)| (name.as_str(), bytes.clone())));
    folder::replace(folder, &files)
}

/// Every table of a run by the name of its file, the longest of them beside the others.
fn tables_of(run: &Run) -> Vec<(&'static str, Vec<u8>)> {
    let (forecast, others) = rayon::join(|| tables::forecast(run), || shorter_tables(run));
    let mut files = vec![("forecast.csv", forecast)];
    files.extend(others);
    files
}

fn shorter_tables(run: &Run) -> Vec<(&'static str, Vec<u8>)> {
    let mut files: Vec<(&str, Vec<u8>)> = vec![
        ("contrasts.csv", tables::contrasts(run)),
        ("appraisal.csv", tables::appraisal(run)),
        ("assumptions.csv", tables::assumptions(run)),
    ];
    if !run.plan.services.is_empty() && !run.forecast.years.is_empty() {
        files.push(("gap.csv", tables::gap(run)));
        files.extend(tables::gap_by_month(run).map(|bytes| ("gap_by_month.csv", bytes)));
    }
    if !run.appraisal.distribution.is_empty() {
        files.push(("distribution.csv", distribution::distribution(run)));
    }
    files.extend(weighed::tables(run));
    files.extend(best::table(run).map(|bytes| ("best.csv", bytes)));
    if !run.drivers.changes.is_empty() {
        files.push(("drivers.csv", tables::drivers(run)));
    }
    if !run.fit.lines.is_empty() || !run.fit.withheld.is_empty() {
        files.push(("fit.csv", tables::fit(run.fit)));
    }
    if !run.missed.is_empty() {
        files.push(("backtest.csv", missed::table(run)));
    }
    files.extend(profile::table(run).map(|bytes| ("profile.csv", bytes)));
    if !run.plan.duties.checks.is_empty() {
        files.push(("checks.csv", DutiesReport(&run.plan.duties).csv()));
    }
    files
}

/// Where a run puts what `needscast share` writes.
const SHARE: &str = "share/";

/// Writes the tables of options that were known from elsewhere into `folder`, all or nothing as [`write`] does.
///
/// # Errors
/// When the folder holds something else, or the machine refuses; nothing is changed then.
pub fn write_tables(
    folder: &Path,
    tables: Vec<(&'static str, Vec<u8>)>,
    manifest: &Manifest,
) -> Result<(), WriteError> {
    let mut files = tables;
    files.push(("manifest.json", manifest.json_of_tables()));
    folder::replace(folder, &files)
}

/// Writes the text of a scenario beside the folder of its report, under the same name.
///
/// # Errors
/// When the machine refuses.
pub fn write_beside(folder: &Path, scenario: &str) -> Result<(), WriteError> {
    let path = folder.with_extension("toml");
    std::fs::write(&path, scenario).map_err(|error| WriteError::Io(path.clone(), error))
}

/// The most bytes of a page: most mail servers carry five million, and they open in a second.
const MOST_BYTES: usize = 4_900_000;

/// The page alone.
pub fn html(run: &Run) -> Result<String, WriteError> {
    html_within(run, MOST_BYTES)
}

/// The page alone, in about so many bytes: as text up to half of them, then with places packed, then with places at a
/// glance, and last with tables and charts of hundreds of options cut, each saying what it leaves to which file.
pub fn html_within(run: &Run, most: usize) -> Result<String, WriteError> {
    page::html(run, most).map_err(|error| WriteError::Page(error.to_string()))
}

/// The fit as text: the whole, then each area, then the verdicts.
pub fn fit_text(fit: &Fit) -> String {
    terminal::fit_text(fit)
}
