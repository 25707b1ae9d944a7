//! The folder of a run that was made before: its manifest and the tables that two runs are compared by.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use super::cells::number;
use super::library::unreadable;
use super::source::Source;
use super::table::{Row, Shape, read_table};
use super::{Input, Shelf};
use crate::diagnostic::{Diagnostic, Place};
use crate::quantity::FinancialYear;

/// What a run wrote, as far as two runs are compared by it.
#[derive(Debug, Clone, Default)]
pub struct ResultFolder {
    /// As the user names it.
    pub name: String,
    /// How it was made.
    pub manifest: ResultManifest,
    /// Yearly estimates, in the order of the table.
    pub forecast: Vec<ResultRow>,
    /// Options side by side: measures with the perspective as their breakdown, without area and period.
    pub appraisal: Vec<ResultRow>,
    /// Which options are best at which worth of the outcome, as it is written.
    pub best: Vec<(String, String)>,
    /// Every number that went in, by id, keys and month; of each, the columns of [`ASSUMED`].
    pub assumptions: BTreeMap<[String; 3], [String; ASSUMED.len()]>,
    /// What was recorded, with what the run said of it.
    pub recorded: Vec<RecordedFigure>,
    /// The files that were read.
    pub inputs: Vec<Input>,
}

/// What is compared of a number that went in.
pub const ASSUMED: [&str; 8] = [
    "value",
    "low",
    "high",
    "unit",
    "period",
    "source",
    "grade",
    "share_of_variance",
];

/// An estimate of a run.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ResultRow {
    /// Option, area code, measure, breakdown, period.
    pub key: [String; 5],
    /// The area's name.
    pub area_name: String,
    /// Of the numbers.
    pub unit: String,
    /// The mean and its Monte Carlo error; NaN where there is none.
    pub mean: f64,
    /// See there.
    pub mc_error: f64,
    /// The 5th, 25th, 75th and 95th percentile; NaN where there is none.
    pub quantiles: [f64; 4],
}

/// A recorded figure beside what a run said of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RecordedFigure {
    /// Measure, area code, financial year.
    pub key: [String; 3],
    /// What was recorded.
    pub recorded: f64,
    /// What the run said; of areas it may count fewer people than the forecast, as the record does.
    pub modelled: f64,
}

/// `manifest.json`, as far as it is needed; what an older program did not write is blank.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct ResultManifest {
    /// Who made it.
    pub program: String,
    /// Of that program.
    pub version: String,
    /// It was built from.
    pub commit: String,
    /// The scenario's.
    pub title: String,
    /// What lived the journey.
    pub engine: String,
    /// Where every random number began.
    pub seed: Option<u64>,
    /// How many draws.
    pub draws: Option<u64>,
    /// In whose prices.
    pub price_year: Option<String>,
    /// How later years were discounted.
    pub discounting: Option<String>,
    /// Two runs have the same if they are one question.
    pub fingerprint: Option<String>,
    /// Of a run that was divided.
    pub shard: Option<String>,
    /// The files read.
    pub inputs: Vec<ResultInput>,
    /// What was asked.
    pub asked: ResultAsked,
}

/// A file that the run read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct ResultInput {
    /// As the user named it.
    pub name: String,
    /// Of its bytes.
    pub sha256: String,
}

/// What a run was asked, where its manifest says so.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct ResultAsked {
    /// The first month of the forecast.
    pub start: String,
    /// The month after the last.
    pub end: String,
    /// The option that the others are compared with.
    pub comparator: String,
    /// Ids and titles of the headline measures.
    pub headline: Vec<(String, String)>,
    /// Ids and titles of the options.
    pub options: Vec<(String, String)>,
}

/// Reads the folder of a run.
///
/// # Errors
/// When it is no such folder (E981), or parts of it are missing or damaged (E982 and what is said of tables).
pub fn read_results(folder: &Path) -> Result<ResultFolder, Vec<Diagnostic>> {
    let name = folder.to_string_lossy().replace('\\', "/");
    let manifest = manifest(folder, &name)?;
    let mut shelf = Shelf::default();
    let mut results = ResultFolder {
        name,
        manifest,
        ..ResultFolder::default()
    };
    let mut missing = Vec::new();
    let mut table = |file: &'static str, is_needed: bool| match std::fs::read(folder.join(file)) {
        Ok(bytes) => Some((format!("{}/{file}", results.name), bytes)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && !is_needed => None,
        Err(error) => {
            let fault = unreadable(&format!("{}/{file}", results.name), &error);
            missing.push(
                Diagnostic {
                    code: "E982",
                    ..fault
                }
                .expected("every table that a run writes beside its manifest")
                .hint("make the run again, or name the folder that it was written to"),
            );
            None
        }
    };
    let files = [
        table("forecast.csv", true),
        table("appraisal.csv", true),
        table("assumptions.csv", true),
        table("choices.csv", false),
        table("fit.csv", false),
    ];
    let [forecast, appraisal, assumptions, choices, fit] = files;
    let mut read = |file: Option<(String, Vec<u8>)>, each: Reader, results: &mut ResultFolder| {
        if let Some((name, bytes)) = file {
            let rows: Vec<()> = shelf.table(name, &bytes, |source, file, faults| {
                each(source, file, results, faults);
                Vec::new()
            });
            drop(rows);
        }
    };
    read(forecast, forecast_rows, &mut results);
    read(appraisal, appraisal_rows, &mut results);
    read(assumptions, assumption_rows, &mut results);
    read(choices, choice_rows, &mut results);
    read(fit, fit_rows, &mut results);
    results.inputs = shelf.documents.inputs;
    missing.append(&mut shelf.stopping);
    missing.append(&mut shelf.documents.faults);
    match missing.is_empty() {
        true => Ok(results),
        false => Err(missing),
    }
}

type Reader = fn(&Source, u32, &mut ResultFolder, &mut Vec<Diagnostic>);

fn manifest(folder: &Path, name: &str) -> Result<ResultManifest, Vec<Diagnostic>> {
    let shown = format!("{name}/manifest.json");
    let place = Place {
        file: shown.clone(),
        ..Place::default()
    };
    let fault = |found: String| {
        let fault = Diagnostic::error("E981", format!("`{name}` is not the folder of a run"));
        let fault = fault.at(&place).found(found);
        fault.expected("a folder that `needscast run` or `needscast merge` has written")
    };
    let bytes = std::fs::read(folder.join("manifest.json")).map_err(|error| {
        let found = match (folder.is_dir(), error.kind()) {
            (true, std::io::ErrorKind::NotFound) => "a folder without manifest.json".to_owned(),
            (false, std::io::ErrorKind::NotFound) => "no such folder".to_owned(),
            (false, _) if folder.is_file() => "a file; name the folder in which it lies".to_owned(),
            _ => error.to_string(),
        };
        vec![fault(found)]
    })?;
    let manifest: ResultManifest = serde_json::from_slice(&bytes)
        .map_err(|error| vec![fault(format!("a manifest that cannot be read: {error}"))])?;
    if manifest.program != "needscast" {
        return Err(vec![fault("the manifest of another program".to_owned())]);
    }
    if let Some(shard) = &manifest.shard {
        let fault = fault(format!("shard {shard} of a run"));
        return Err(vec![
            fault.hint("merge the shards first: `needscast merge`"),
        ]);
    }
    match manifest.fingerprint.is_some() {
        true => Ok(manifest),
        false => Err(vec![fault(
            "the result of another verb of needscast".to_owned(),
        )]),
    }
}

/// A number that may be blank or kept back.
fn optional(
    source: &Source,
    row: &Row<'_>,
    column: usize,
    name: &str,
    faults: &mut Vec<Diagnostic>,
) -> f64 {
    match row.cell(column) {
        "[c]" => f64::NAN,
        _ => number(source, row, column, name, faults).unwrap_or(f64::NAN),
    }
}

fn rows(
    source: &Source,
    file: u32,
    columns: &[&str],
    faults: &mut Vec<Diagnostic>,
    each: impl FnMut(&Row<'_>, &mut Vec<Diagnostic>),
) {
    let shape = Shape {
        columns,
        n_required: columns.len(),
        is_closed: false,
    };
    read_table(source, file, &shape, faults, each);
}

fn forecast_rows(
    source: &Source,
    file: u32,
    into: &mut ResultFolder,
    faults: &mut Vec<Diagnostic>,
) {
    let columns = [
        "option",
        "area_code",
        "measure",
        "breakdown",
        "period",
        "area_name",
        "unit",
        "mean",
        "mc_error",
        "p05",
        "p25",
        "p75",
        "p95",
    ];
    rows(source, file, &columns, faults, |row, faults| {
        if FinancialYear::parse(row.cell(4)).is_none() {
            return;
        }
        let mut at = |column: usize| optional(source, row, column, columns[column], faults);
        into.forecast.push(ResultRow {
            mean: at(7),
            mc_error: at(8),
            quantiles: [at(9), at(10), at(11), at(12)],
            key: std::array::from_fn(|column| row.cell(column).to_owned()),
            area_name: row.cell(5).to_owned(),
            unit: row.cell(6).to_owned(),
        });
    });
}

fn appraisal_rows(
    source: &Source,
    file: u32,
    into: &mut ResultFolder,
    faults: &mut Vec<Diagnostic>,
) {
    let columns = [
        "option",
        "measure",
        "perspective",
        "unit",
        "mean",
        "mc_error",
        "p05",
        "p95",
    ];
    rows(source, file, &columns, faults, |row, faults| {
        let mut at = |column: usize| optional(source, row, column, columns[column], faults);
        let word = |column: usize| row.cell(column).to_owned();
        into.appraisal.push(ResultRow {
            mean: at(4),
            mc_error: at(5),
            quantiles: [at(6), f64::NAN, f64::NAN, at(7)],
            key: [word(0), String::new(), word(1), word(2), String::new()],
            area_name: String::new(),
            unit: word(3),
        });
    });
}

fn assumption_rows(
    source: &Source,
    file: u32,
    into: &mut ResultFolder,
    faults: &mut Vec<Diagnostic>,
) {
    let mut columns = vec!["id", "keys", "from"];
    columns.extend(ASSUMED);
    rows(source, file, &columns, faults, |row, _| {
        let key = std::array::from_fn(|column| row.cell(column).to_owned());
        let cells = std::array::from_fn(|column| row.cell(3 + column).to_owned());
        into.assumptions.insert(key, cells);
    });
}

fn choice_rows(source: &Source, file: u32, into: &mut ResultFolder, faults: &mut Vec<Diagnostic>) {
    rows(
        source,
        file,
        &["threshold", "option", "is_best"],
        faults,
        |row, _| {
            if row.cell(2) == "yes" {
                into.best
                    .push((row.cell(0).to_owned(), row.cell(1).to_owned()));
            }
        },
    );
}

fn fit_rows(source: &Source, file: u32, into: &mut ResultFolder, faults: &mut Vec<Diagnostic>) {
    let columns = ["measure", "area_code", "period", "recorded", "modelled"];
    rows(source, file, &columns, faults, |row, faults| {
        let recorded = optional(source, row, 3, columns[3], faults);
        let modelled = optional(source, row, 4, columns[4], faults);
        if recorded.is_finite() {
            into.recorded.push(RecordedFigure {
                key: std::array::from_fn(|column| row.cell(column).to_owned()),
                recorded,
                modelled,
            });
        }
    });
}
