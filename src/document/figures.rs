//! The CSV files: parameter tables, deflators, areas, population and recorded series.

use std::collections::BTreeMap;

use super::cells::{cell_place, filled, number, required, whole};
use super::source::{At, Source, Sources};
use super::table::{Shape, read_table};
use crate::diagnostic::{Diagnostic, Place};
use crate::quantity::FinancialYear;

/// One row of a parameter table; `NaN` stands for a number that has already been reported.
#[derive(Debug, Clone)]
pub struct ParameterRow {
    /// The row.
    pub at: At,
    /// The cells by the index of [`PARAMETER_COLUMNS`], where that is a text.
    cells: Cells,
    /// Where each of those columns stands in the file.
    columns: std::sync::Arc<[usize]>,
    /// The central value.
    pub value: f64,
    /// The ends of the interval, its level, and the counts.
    pub numbers: [Option<f64>; 5],
}

/// The columns of a parameter table; those that every table must have come first.
pub const PARAMETER_COLUMNS: [&str; 21] = [
    "id",
    "value",
    "unit",
    "period",
    "source",
    "grade",
    "area",
    "sex",
    "age",
    "priors",
    "duration",
    "from",
    "distribution",
    "population",
    "url",
    "note",
    "low",
    "high",
    "level",
    "events",
    "n",
];

/// Where the number columns begin among [`PARAMETER_COLUMNS`].
const FIRST_NUMBER: usize = 16;

impl ParameterRow {
    /// The text in this column.
    pub fn text(&self, column: &str) -> &str {
        let found = PARAMETER_COLUMNS.iter().position(|name| *name == column);
        found.and_then(|index| self.cells.get(index)).unwrap_or("")
    }

    /// The number in this column: `low`, `high`, `level`, `events` or `n`.
    pub fn number(&self, column: &str) -> Option<f64> {
        let found = PARAMETER_COLUMNS.iter().position(|name| *name == column)?;
        self.numbers
            .get(found.checked_sub(FIRST_NUMBER)?)
            .copied()
            .flatten()
    }

    /// Puts another text into this column.
    pub(super) fn set_text(&mut self, column: &str, text: String) {
        let found = PARAMETER_COLUMNS.iter().position(|name| *name == column);
        let cell = |index| match Some(index) == found {
            true => text.as_str(),
            false => self.cells.get(index).unwrap_or(""),
        };
        self.cells = Cells::of(cell);
    }

    /// The place of this column's cell.
    pub fn place(&self, sources: &Sources, column: &str) -> Place {
        let found = PARAMETER_COLUMNS.iter().position(|name| *name == column);
        let column = found.and_then(|index| self.columns.get(index)).copied();
        sources.cell(self.at, column.unwrap_or(usize::MAX))
    }
}

/// The texts of a row one after the other, since most of them are empty or short and there are many rows.
#[derive(Debug, Clone)]
struct Cells {
    text: String,
    ends: [usize; FIRST_NUMBER],
}

impl Cells {
    fn of<'a>(cell: impl Fn(usize) -> &'a str) -> Cells {
        let mut text = String::new();
        let ends = std::array::from_fn(|index| {
            text.push_str(cell(index));
            text.len()
        });
        Cells { text, ends }
    }

    fn get(&self, index: usize) -> Option<&str> {
        let end = *self.ends.get(index)?;
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.text.get(start..end)
    }
}

/// An area of the profile.
#[derive(Debug, Clone)]
pub struct AreaRow {
    /// The GSS code.
    pub code: String,
    /// The name.
    pub name: String,
    /// Other names, separated by `;` or `|` in the file.
    pub aliases: Vec<String>,
}

/// A row of the population table.
#[derive(Debug, Clone)]
pub struct PopulationRow {
    /// The row.
    pub at: At,
    /// The area's code.
    pub area: String,
    /// The calendar year.
    pub year: i32,
    /// The sex.
    pub sex: String,
    /// The lowest age.
    pub from: u32,
    /// The highest age; `None` when open.
    pub to: Option<u32>,
    /// People at mid-year.
    pub people: f64,
    /// `estimate` or `projection`, where the table says so.
    pub status: String,
}

/// A row of a recorded series.
#[derive(Debug, Clone)]
pub struct RecordedRow {
    /// The row.
    pub at: At,
    /// The measure.
    pub measure: String,
    /// The area's code; empty for a group of areas that has none.
    pub area: String,
    /// `2023-24` or `2023-04`.
    pub period: String,
    /// `key=value`, or empty.
    pub breakdown: String,
    /// The value.
    pub value: f64,
    /// Of the value, such as `people` or `percent`.
    pub unit: String,
    /// Empty or `exact`, or how it was rounded.
    pub precision: String,
    /// The source key.
    pub source: String,
    /// Of how many people a rate is, where that is said.
    pub n: Option<f64>,
}

/// A row of the deflators.
#[derive(Debug, Clone)]
pub struct DeflatorRow {
    /// The financial year as written.
    pub year: String,
    /// The price index.
    pub index: f64,
    /// The row.
    pub at: At,
}

pub(super) fn parameters(
    source: &Source,
    file: u32,
    faults: &mut Vec<Diagnostic>,
) -> Vec<ParameterRow> {
    let shape = Shape {
        columns: &PARAMETER_COLUMNS,
        n_required: 6,
        is_closed: true,
    };
    let mut rows = Vec::new();
    let mut columns: Option<std::sync::Arc<[usize]>> = None;
    read_table(source, file, &shape, faults, |row, faults| {
        let columns = columns
            .get_or_insert_with(|| {
                (0..PARAMETER_COLUMNS.len())
                    .map(|c| row.column(c))
                    .collect()
            })
            .clone();
        filled(source, row, 0, "id", faults);
        let value = required(source, row, 1, "value", faults);
        let mut numbers = [None; 5];
        for (offset, slot) in numbers.iter_mut().enumerate() {
            let wanted = FIRST_NUMBER + offset;
            *slot = number(source, row, wanted, PARAMETER_COLUMNS[wanted], faults);
        }
        rows.push(ParameterRow {
            at: row.at,
            cells: Cells::of(|column| row.cell(column)),
            columns,
            value,
            numbers,
        });
    });
    rows
}

pub(super) fn areas(source: &Source, file: u32, faults: &mut Vec<Diagnostic>) -> Vec<AreaRow> {
    let shape = Shape {
        columns: &["area_code", "area_name", "aliases"],
        n_required: 2,
        is_closed: false,
    };
    let mut rows = Vec::new();
    let mut lines: BTreeMap<String, usize> = BTreeMap::new();
    read_table(source, file, &shape, faults, |row, faults| {
        let aliases = row.cell(2).split([';', '|']).map(str::trim);
        let area = AreaRow {
            code: filled(source, row, 0, "area_code", faults),
            name: filled(source, row, 1, "area_name", faults),
            aliases: aliases
                .filter(|a| !a.is_empty())
                .map(str::to_owned)
                .collect(),
        };
        let line = source.line(row.at.start);
        let aliases = area.aliases.iter().map(|alias| (2, alias));
        for (wanted, name) in [(0, &area.code), (1, &area.name)]
            .into_iter()
            .chain(aliases)
        {
            let first = *lines.entry(name.to_lowercase()).or_insert(line);
            if first != line && !name.is_empty() {
                faults.push(
                    Diagnostic::error("E109", format!("two areas are called `{name}`"))
                        .at(&cell_place(source, row, wanted))
                        .expected("codes, names and aliases that mean one area each")
                        .found(format!("`{name}`, as in line {first}"))
                        .hint("take it away from one of the areas"),
                );
            }
        }
        rows.push(area);
    });
    if rows.is_empty() && faults.is_empty() {
        let fault = Diagnostic::error("E005", "this table has no areas")
            .at(&source.place(0, 0))
            .expected("a row for every area: its code, its name and its other names")
            .found("a header and no rows")
            .hint("write the areas below the header, such as `S12000042,Dundee City,Dundee`");
        faults.push(fault);
    }
    rows
}

pub(super) fn population(
    source: &Source,
    file: u32,
    faults: &mut Vec<Diagnostic>,
) -> Vec<PopulationRow> {
    let shape = Shape {
        columns: &[
            "area_code",
            "year",
            "sex",
            "age_from",
            "age_to",
            "population",
            "status",
        ],
        n_required: 6,
        is_closed: source.is_of_cells(),
    };
    let mut rows = Vec::new();
    read_table(source, file, &shape, faults, |row, faults| {
        let year = whole(source, row, (1, "year"), (1900.0, 2200.0), faults);
        let from = whole(source, row, (3, "age_from"), (0.0, OLDEST), faults);
        // A blank `age_to` is an open band.
        let is_open = row.cell(4).is_empty();
        let lowest = from.unwrap_or(0.0);
        let to = match is_open {
            true => None,
            false => whole(source, row, (4, "age_to"), (lowest, OLDEST), faults),
        };
        let mut people = required(source, row, 5, "population", faults);
        if !(0.0..=MOST_PEOPLE).contains(&people) && !people.is_nan() {
            faults.push(
                Diagnostic::error("E303", "a population that cannot be")
                    .at(&cell_place(source, row, 5))
                    .expected("0 or more, and fewer people than there are on Earth")
                    .found(row.cell(5).to_owned()),
            );
            // As a number that cannot be read: nothing follows from it.
            people = f64::NAN;
        }
        let (Some(year), Some(from)) = (year, from) else {
            return;
        };
        if to.is_none() && !is_open {
            return;
        }
        rows.push(PopulationRow {
            at: row.at,
            area: filled(source, row, 0, "area_code", faults),
            year: year as i32,
            sex: row.cell(2).to_owned(),
            from: from as u32,
            to: to.map(|to| to as u32),
            people,
            status: row.cell(6).to_owned(),
        });
    });
    rows
}

/// No age is above this.
const OLDEST: f64 = 130.0;
/// No band of a population is larger.
const MOST_PEOPLE: f64 = 1e10;

pub(super) fn recorded(
    source: &Source,
    file: u32,
    faults: &mut Vec<Diagnostic>,
) -> Vec<RecordedRow> {
    let shape = Shape {
        columns: &[
            "measure",
            "area_code",
            "period",
            "value",
            "unit",
            "source",
            "breakdown",
            "precision",
            "area_name",
            "n",
        ],
        n_required: 6,
        is_closed: source.is_of_cells(),
    };
    let mut rows = Vec::new();
    read_table(source, file, &shape, faults, |row, faults| {
        // A blank is a figure that was not published, which is not a fault.
        if row.cell(3).is_empty() {
            return;
        }
        let value = required(source, row, 3, "value", faults);
        let unit = filled(source, row, 4, "unit", faults);
        if value < 0.0 && !unit.starts_with("GBP") {
            faults.push(
                Diagnostic::error("E303", "a negative count or rate")
                    .at(&cell_place(source, row, 3))
                    .expected("0 or more; only money may be below 0")
                    .found(row.cell(3).to_owned()),
            );
        }
        let n = number(source, row, 9, "n", faults);
        rows.push(RecordedRow {
            n,
            at: row.at,
            measure: filled(source, row, 0, "measure", faults),
            // A group of areas, such as those of one court, has a name and no code.
            area: row.cell(1).to_owned(),
            period: filled(source, row, 2, "period", faults),
            value,
            unit,
            source: filled(source, row, 5, "source", faults),
            breakdown: row.cell(6).to_owned(),
            precision: row.cell(7).to_owned(),
        });
    });
    rows
}

pub(super) fn deflators(
    source: &Source,
    file: u32,
    faults: &mut Vec<Diagnostic>,
) -> Vec<DeflatorRow> {
    let shape = Shape {
        columns: &["year", "index", "source"],
        n_required: 3,
        is_closed: false,
    };
    let mut rows = Vec::new();
    read_table(source, file, &shape, faults, |row, faults| {
        filled(source, row, 2, "source", faults);
        let year = filled(source, row, 0, "year", faults);
        let index = required(source, row, 1, "index", faults);
        if !year.is_empty() && FinancialYear::parse(&year).is_none() {
            faults.push(
                Diagnostic::error("E306", format!("`{year}` is not a financial year"))
                    .at(&cell_place(source, row, 0))
                    .expected("a year like 2023-24, the second half following the first")
                    .found(format!("`{year}`")),
            );
        }
        if index <= 0.0 {
            faults.push(
                Diagnostic::error("E303", "a price index that is not above 0")
                    .at(&cell_place(source, row, 1))
                    .expected("a number above 0")
                    .found(row.cell(1).to_owned()),
            );
        }
        if !year.is_empty() && rows.iter().any(|other: &DeflatorRow| other.year == year) {
            faults.push(
                Diagnostic::error("E307", format!("a second price index of {year}"))
                    .at(&cell_place(source, row, 0))
                    .expected("one row for every year")
                    .found(format!("`{year}` again"))
                    .hint("take one of the rows away"),
            );
        }
        rows.push(DeflatorRow {
            year,
            index,
            at: row.at,
        });
    });
    rows
}
