//! A tidy table of figures by area and period, as `needscast backtest` takes it, and a table of declared breaks.

use std::path::Path;

use super::cells::{cell_place, filled, number};
use super::library::unreadable;
use super::records::Records;
use super::source::{At, Source, Sources};
use super::table::{Row, Shape, read_table};
use super::{Input, Shelf};
use crate::diagnostic::{Diagnostic, Place, nearest};

/// A table of figures as written.
#[derive(Debug, Clone, Default)]
pub struct SeriesFile {
    /// The file's name without its ending: what a series is called that has no name in the file.
    pub stem: String,
    /// The names of the columns that may tell strata apart, those that were asked for last.
    pub strata: Vec<String>,
    /// How many of them were asked for by name.
    pub n_asked: usize,
    /// The columns that are passed over.
    pub unused: Vec<String>,
    /// The series that were asked for; empty for all.
    pub asked: Vec<String>,
    /// The figures, in the file's order.
    pub rows: Vec<SeriesRow>,
    /// What is declared to break the series.
    pub breaks: Vec<BreakRow>,
    /// Every file read, for the manifest.
    pub inputs: Vec<Input>,
    /// Where values stand.
    pub sources: Sources,
    /// What is wrong with single rows.
    pub faults: Vec<Diagnostic>,
    /// The column of each text of a row in the file's own order, by the index of [`COLUMNS`].
    columns: Vec<usize>,
}

/// A figure of one area and period.
#[derive(Debug, Clone)]
pub struct SeriesRow {
    /// The row.
    pub at: At,
    /// The area's code; empty where the file gives only a name.
    pub area_code: String,
    /// The area's name.
    pub area_name: String,
    /// The series; empty where the file is one series.
    pub series: String,
    /// The period as written.
    pub period: String,
    /// Of the value.
    pub unit: String,
    /// When it was published; empty where the file has one edition.
    pub edition: String,
    /// The stratum, by the index of [`SeriesFile::strata`].
    pub strata: Vec<String>,
    /// The value; `None` where none is recorded, NaN for a number that has already been reported.
    pub value: Option<f64>,
    /// What the value may be set against; likewise.
    pub exposure: Option<f64>,
    /// How many digits the value has after the point.
    pub decimals: usize,
}

/// A declared break.
#[derive(Debug, Clone)]
pub struct BreakRow {
    /// The row.
    pub at: At,
    /// The series it is about, separated by semicolons; empty for all.
    pub series: String,
    /// The area it is about; empty for all.
    pub area_code: String,
    /// The first period.
    pub from: String,
    /// The last period; empty when it goes on.
    pub to: String,
    /// `disrupted` or `level`.
    pub kind: String,
    /// Why.
    pub reason: String,
    /// Who says so.
    pub source: String,
}

/// The columns that have a meaning of their own, those that must be there first.
const COLUMNS: [&str; 10] = [
    "area_code",
    "period",
    "value",
    "area_name",
    "series",
    "measure",
    "exposure",
    "unit",
    "vintage",
    "edition",
];
const N_REQUIRED: usize = 3;
const AREA_CODE: usize = 0;
const PERIOD: usize = 1;
const VALUE: usize = 2;
const AREA_NAME: usize = 3;
const SERIES: usize = 4;
const MEASURE: usize = 5;
const EXPOSURE: usize = 6;
const UNIT: usize = 7;
const VINTAGE: usize = 8;
const EDITION: usize = 9;

/// Columns that usually tell parts of an area apart.
const STRATA: [&str; 22] = [
    "sex",
    "gender",
    "age",
    "age_group",
    "age_band",
    "stratum",
    "breakdown",
    "ethnicity",
    "legal_status",
    "offence",
    "crime",
    "crime_type",
    "group",
    "subgroup",
    "category",
    "disposal",
    "sentence",
    "indicator",
    "basis",
    "kind",
    "type",
    "status",
];

/// What stands for a figure that is not there: the words of statistical software and the shorthand of published tables.
const MISSING: [&str; 6] = ["NA", "N/A", "NaN", "[x]", "[c]", "[z]"];

/// What a file that cannot be read should have been.
const EXPECTED: &str = "a CSV file of figures by area and period";

/// Reads a table of figures, and a table of breaks if there is one. `by` names further columns that tell strata apart.
///
/// # Errors
/// When a file cannot be read, is not text or lacks a column. Faults of single rows stand in [`SeriesFile::faults`].
pub fn read_series(
    path: &Path,
    by: &[String],
    breaks: Option<&Path>,
) -> Result<SeriesFile, Vec<Diagnostic>> {
    let mut shelf = Shelf::default();
    let mut file = SeriesFile {
        stem: path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into(),
        ..SeriesFile::default()
    };
    if let Some(bytes) = bytes_of(path, EXPECTED, &mut shelf) {
        let rows = shelf.table(shown(path), &bytes, |source, index, faults| {
            file.name_columns(source, by, faults);
            file.rows_of(source, index, faults)
        });
        file.rows = rows;
    }
    if let Some(path) = breaks
        && let Some(bytes) = bytes_of(path, EXPECTED, &mut shelf)
    {
        file.breaks = shelf.table(shown(path), &bytes, break_rows);
    }
    if !shelf.stopping.is_empty() {
        shelf.stopping.append(&mut shelf.documents.faults);
        return Err(shelf.stopping);
    }
    file.faults = shelf.documents.faults;
    file.inputs = shelf.documents.inputs;
    file.sources = shelf.documents.sources;
    Ok(file)
}

pub(super) fn shown(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

pub(super) fn bytes_of(path: &Path, expected: &'static str, shelf: &mut Shelf) -> Option<Vec<u8>> {
    let read =
        std::fs::read(path).map_err(|error| unreadable(&shown(path), &error).expected(expected));
    read.map_err(|fault| shelf.stopping.push(fault)).ok()
}

impl SeriesFile {
    /// The place of one cell of a row, by the column's name; the row where there is no such column.
    pub fn place(&self, row: &SeriesRow, column: &str) -> Place {
        let found = COLUMNS.iter().position(|name| *name == column);
        let column = found.and_then(|index| self.columns.get(index)).copied();
        self.sources.cell(row.at, column.unwrap_or(usize::MAX))
    }

    /// The place of the edition of a row.
    pub fn edition_place(&self, row: &SeriesRow) -> Place {
        let is_vintage = self.columns.get(VINTAGE) != Some(&usize::MAX);
        self.place(row, if is_vintage { "vintage" } else { "edition" })
    }

    /// The line of a row.
    pub fn line(&self, at: At) -> usize {
        self.sources.get(at.file).map_or(0, |s| s.line(at.start))
    }

    /// Says which columns tell strata apart and which are passed over.
    fn name_columns(&mut self, source: &Source, by: &[String], faults: &mut Vec<Diagnostic>) {
        let names = header(source);
        let is_there = |name: &&str| names.iter().any(|found| found == name);
        let recognised = STRATA.iter().filter(|name| is_there(name));
        let recognised = recognised.filter(|name| !by.iter().any(|asked| asked == *name));
        self.strata = recognised.map(|name| (*name).to_owned()).collect();
        for asked in by {
            if is_there(&asked.as_str()) {
                self.strata.push(asked.clone());
                self.n_asked += 1;
            } else if !names.is_empty() {
                let fault = Diagnostic::error("E104", format!("the column `{asked}` is missing"))
                    .at(&source.place(0, 1))
                    .expected("the columns that `--by` names")
                    .found(names.join(", "));
                faults.push(match nearest(asked, names.iter().map(String::as_str)) {
                    Some(near) => fault.hint(format!("did you mean `{near}`?")),
                    None => fault.hint("take it out of `--by`"),
                });
            }
        }
        let is_used = |name: &String| COLUMNS.contains(&name.as_str());
        self.unused = names;
        let strata = &self.strata;
        self.unused
            .retain(|name| !is_used(name) && !strata.contains(name) && !name.is_empty());
    }

    fn rows_of(
        &mut self,
        source: &Source,
        file: u32,
        faults: &mut Vec<Diagnostic>,
    ) -> Vec<SeriesRow> {
        let mut columns: Vec<&str> = COLUMNS.to_vec();
        columns.extend(self.strata.iter().map(String::as_str));
        let shape = Shape {
            columns: &columns,
            n_required: N_REQUIRED,
            is_closed: false,
        };
        let mut rows = Vec::new();
        let mut places = Vec::new();
        read_table(source, file, &shape, faults, |row, faults| {
            if places.is_empty() {
                places = (0..COLUMNS.len())
                    .map(|column| row.column(column))
                    .collect();
            }
            rows.push(series_row(source, row, columns.len(), faults));
        });
        self.columns = places;
        rows
    }
}

/// The names of the columns.
pub(super) fn header(source: &Source) -> Vec<String> {
    Records::first(&source.text)
}

fn series_row(
    source: &Source,
    row: &Row<'_>,
    n_columns: usize,
    faults: &mut Vec<Diagnostic>,
) -> SeriesRow {
    let text = |wanted: usize| row.cell(wanted).to_owned();
    let area_name = text(AREA_NAME);
    let area_code = match area_name.is_empty() {
        true => filled(source, row, AREA_CODE, "area_code", faults),
        false => text(AREA_CODE),
    };
    let mut figure = |wanted: usize| {
        let is_missing = MISSING
            .iter()
            .any(|word| word.eq_ignore_ascii_case(row.cell(wanted)));
        match is_missing {
            true => None,
            false => number(source, row, wanted, COLUMNS[wanted], faults),
        }
    };
    let (value, exposure) = (figure(VALUE), figure(EXPOSURE));
    let names = [row.cell(SERIES), row.cell(MEASURE)];
    let names: Vec<&str> = names.into_iter().filter(|name| !name.is_empty()).collect();
    let edition = [VINTAGE, EDITION].map(|wanted| row.cell(wanted));
    SeriesRow {
        at: row.at,
        area_code,
        area_name,
        series: names.join(" / "),
        period: filled(source, row, PERIOD, "period", faults),
        unit: text(UNIT),
        edition: edition.concat(),
        strata: (COLUMNS.len()..n_columns).map(text).collect(),
        value,
        exposure,
        decimals: decimals(row.cell(VALUE)),
    }
}

/// How many digits a number has after the point, as written.
fn decimals(cell: &str) -> usize {
    let mantissa = cell.split(['e', 'E']).next().unwrap_or_default();
    let digits = mantissa.split_once('.').map_or("", |(_, digits)| digits);
    digits.trim_end_matches('0').len()
}

pub(super) fn break_rows(
    source: &Source,
    file: u32,
    faults: &mut Vec<Diagnostic>,
) -> Vec<BreakRow> {
    let shape = Shape {
        columns: &[
            "from",
            "kind",
            "reason",
            "source",
            "series",
            "area_code",
            "to",
        ],
        n_required: 4,
        is_closed: true,
    };
    let mut rows = Vec::new();
    read_table(source, file, &shape, faults, |row, faults| {
        let mut needed = |wanted, name| filled(source, row, wanted, name, faults);
        let found = BreakRow {
            at: row.at,
            from: needed(0, "from"),
            kind: needed(1, "kind"),
            reason: needed(2, "reason"),
            source: needed(3, "source"),
            series: row.cell(4).to_owned(),
            area_code: row.cell(5).to_owned(),
            to: row.cell(6).to_owned(),
        };
        if !["", "disrupted", "level", "ending"].contains(&found.kind.as_str()) {
            faults.push(
                Diagnostic::error("E111", format!("unknown kind of break `{}`", found.kind))
                    .at(&cell_place(source, row, 1))
                    .expected("`disrupted`, `level` or `ending`")
                    .found(format!("`{}`", found.kind))
                    .nearest(&found.kind, ["disrupted", "level", "ending"]),
            );
        }
        rows.push(found);
    });
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_after_the_point_are_those_that_are_written() {
        for (cell, n) in [
            ("12", 0),
            ("12.0", 0),
            ("12.50", 1),
            ("0.125", 3),
            ("1.5e3", 1),
            ("", 0),
        ] {
            assert_eq!(decimals(cell), n, "{cell}");
        }
    }
}
