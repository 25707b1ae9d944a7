//! The table of a sheet: its headings, its rows as texts, and what is wrong with single cells.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use super::{Cell, Sheet, Value, cell_place, sheet_place};
use crate::diagnostic::{Diagnostic, Place};

/// A table as people wrote it into a sheet.
#[derive(Debug, Clone, Default)]
pub(in crate::document) struct Table {
    pub sheet: String,
    /// The row of the headings, counted from 1.
    pub row: u32,
    pub headings: Vec<Heading>,
    /// The rows below that hold anything.
    pub records: Vec<Record>,
}

/// A heading, as the readers know it: `area_code` for `Area code`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::document) struct Heading {
    pub name: String,
    pub column: u32,
}

/// A row: a text under each heading, `None` where the cell is blank, and an empty one where its fault has been reported.
#[derive(Debug, Clone, Default)]
pub(in crate::document) struct Record {
    pub row: u32,
    pub cells: Vec<Option<String>>,
}

impl Table {
    pub(in crate::document) fn has(&self, name: &str) -> bool {
        self.headings.iter().any(|heading| heading.name == name)
    }
}

/// Columns of months, where a spreadsheet program may have made a date of `2026-04`.
const MONTHS: [&str; 3] = ["from", "until", "start"];

/// Under how few cells a row is a title or a sentence and no row of headings.
const FEWEST_HEADINGS: usize = 2;

/// The table of a sheet; `None` where no row has two cells.
pub(in crate::document) fn table(
    name: &str,
    sheet: &Sheet,
    faults: &mut Vec<Diagnostic>,
) -> Option<Table> {
    let mut rows: BTreeMap<u32, Vec<&Cell>> = BTreeMap::new();
    for cell in sheet.cells.iter().filter(|cell| !is_blank(&cell.value)) {
        rows.entry(cell.row).or_default().push(cell);
    }
    let is_header = |cells: &Vec<&Cell>| cells.len() >= FEWEST_HEADINGS;
    let first = *rows.iter().find(|(_, cells)| is_header(cells))?.0;
    let mut header = rows.remove(&first)?;
    header.sort_by_key(|cell| cell.column);
    // A heading in brackets is for people alone.
    let (notes, header): (Vec<&Cell>, Vec<&Cell>) =
        header.into_iter().partition(|cell| is_in_brackets(cell));
    let headings: Vec<Heading> = header.iter().map(|cell| heading(cell)).collect();
    let mut reading = Reading {
        name,
        sheet,
        first,
        passed: notes.iter().map(|cell| cell.column).collect(),
        headings,
        formulas: Vec::new(),
        faults,
    };
    let merged = reading.check_merged();
    // What a row under merged cells lacks has been told with them.
    let is_whole = |row: &u32| !merged.iter().any(|rows| rows.contains(row));
    let below = rows.range(first + 1..).filter(|(row, _)| is_whole(row));
    let records = below.filter_map(|(row, cells)| reading.record(*row, cells));
    let records = records.collect();
    reading.tell_formulas();
    Some(Table {
        sheet: sheet.name.clone(),
        row: first,
        headings: reading.headings,
        records,
    })
}

fn is_blank(value: &Value) -> bool {
    matches!(value, Value::Text(text) if text.trim().is_empty())
}

fn is_in_brackets(cell: &Cell) -> bool {
    let Value::Text(text) = &cell.value else {
        return false;
    };
    text.trim().starts_with('(') && text.trim().ends_with(')')
}

/// `Area code` as `area_code`, `Places: multiply` as `places.multiply`.
fn heading(cell: &Cell) -> Heading {
    let text = match &cell.value {
        Value::Text(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    };
    let parts = text.split(['.', ':']).map(|part| {
        let words: Vec<&str> = part.split_whitespace().collect();
        words.join("_").to_lowercase()
    });
    Heading {
        name: parts.collect::<Vec<_>>().join("."),
        column: cell.column,
    }
}

struct Reading<'a> {
    name: &'a str,
    sheet: &'a Sheet,
    /// The row of the headings.
    first: u32,
    /// Columns that are for people, or whose missing heading has been reported.
    passed: Vec<u32>,
    headings: Vec<Heading>,
    formulas: Vec<(u32, u32)>,
    faults: &'a mut Vec<Diagnostic>,
}

impl Reading<'_> {
    fn place(&self, row: u32, column: u32) -> Place {
        cell_place(self.name, &self.sheet.name, (row, column))
    }

    fn record(&mut self, row: u32, cells: &[&Cell]) -> Option<Record> {
        let mut record = Record {
            row,
            cells: vec![None; self.headings.len()],
        };
        for cell in cells {
            if self.passed.contains(&cell.column) {
                continue;
            }
            let known = |heading: &Heading| heading.column == cell.column;
            let Some(index) = self.headings.iter().position(known) else {
                self.without_heading(cell);
                continue;
            };
            record.cells[index] = Some(self.text(cell, index));
        }
        let is_there = record.cells.iter().any(Option::is_some);
        is_there.then_some(record)
    }

    fn without_heading(&mut self, cell: &Cell) {
        self.passed.push(cell.column);
        let fault = Diagnostic::error("E131", "a cell under no heading")
            .at(&self.place(cell.row, cell.column))
            .expected("a heading in the row of headings, as over the other cells")
            .found(shown(&cell.value))
            .hint("write the heading; one in brackets, such as `(our notes)`, makes a column that is for people and is not read")
            .hint("or move the cell to a sheet whose name begins with `Notes`");
        self.faults.push(fault);
    }

    /// What a cell says; empty when that cannot be told, which is reported.
    fn text(&mut self, cell: &Cell, heading: usize) -> String {
        let place = self.place(cell.row, cell.column);
        if cell.is_formula {
            self.formulas.push((cell.row, cell.column));
        }
        let fault = match &cell.value {
            Value::Text(text) => return text.trim().to_owned(),
            Value::Number(number) => return number.to_string(),
            Value::Flag(flag) => return flag.to_string(),
            Value::Date(date) => {
                let column = self.headings[heading].name.as_str();
                if let Some(month) = month_of(date).filter(|_| MONTHS.contains(&column)) {
                    return month.to_owned();
                }
                Diagnostic::error("E128", "a date where none is meant")
                    .expected(match MONTHS.contains(&column) {
                        true => "a month such as 2026-04, or the date of its first day",
                        false => "a number or words: spreadsheet programs make dates of `1-2` and `2011-12`",
                    })
                    .found(date.clone())
                    .hint("format the cell as text, then write the value again")
            }
            Value::Error(error) => Diagnostic::error("E127", "a cell that holds an error")
                .expected("a number or words")
                .found(error.clone())
                .hint("mend the formula, or write the value in its place"),
            Value::Nothing => Diagnostic::error("E129", "a formula without a value")
                .expected("a formula whose value was stored when the workbook was saved")
                .found("no value")
                .hint("open the workbook in a spreadsheet program, let it calculate, and save it; or write the value"),
        };
        self.faults.push(fault.at(&place));
        String::new()
    }

    /// Formulas are read as they were last worked out, which the reader of the run should know.
    fn tell_formulas(&mut self) {
        const NAMED: usize = 5;
        let Some((row, column)) = self.formulas.first().copied() else {
            return;
        };
        let shown = |(row, column): &(u32, u32)| {
            let place = self.place(*row, *column).shown();
            place.rsplit('!').next().unwrap_or("").to_owned()
        };
        let mut names: Vec<String> = self.formulas.iter().take(NAMED).map(shown).collect();
        if self.formulas.len() > NAMED {
            names.push(format!("{} more", self.formulas.len() - NAMED));
        }
        let sheet = &self.sheet.name;
        let message = match self.formulas.len() {
            1 => format!(
                "One cell of the sheet `{sheet}` is a formula, read as it was last worked out: "
            ),
            n => format!(
                "{n} cells of the sheet `{sheet}` are formulas, read as they were last worked out: "
            ),
        };
        let message = message + &names.join(", ");
        let fault = Diagnostic::warning("E129", message)
            .at(&self.place(row, column))
            .expected("values, or formulas that were worked out when the workbook was saved")
            .found("formulas");
        self.faults.push(fault);
    }

    /// Merged cells in the table: all but the first of them are blank, whatever they look like. Returns the rows that
    /// they touch.
    fn check_merged(&mut self) -> Vec<RangeInclusive<u32>> {
        let is_read = |column: u32| {
            let mut columns = self.headings.iter().map(|heading| heading.column);
            columns.any(|known| known == column)
        };
        let mut touched = Vec::new();
        for [from, to] in &self.sheet.merged {
            if to.0 < self.first || !(from.1..=to.1).any(is_read) {
                continue;
            }
            let place = Place {
                line: from.0 as usize,
                column: from.1 as usize,
                length: (to.1 - from.1 + 1) as usize,
                ..sheet_place(self.name, &self.sheet.name)
            };
            touched.push(from.0..=to.0);
            let fault = Diagnostic::error("E126", "merged cells in a table")
                .at(&place)
                .expected("one cell for every row and heading")
                .found("several cells in one")
                .hint("unmerge the cells and write the value into each");
            self.faults.push(fault);
        }
        touched
    }
}

/// The month of a date that is the first day of one.
fn month_of(date: &str) -> Option<&str> {
    let month = date
        .strip_suffix("-01")
        .or_else(|| date.strip_suffix("-01T00:00:00"))?;
    (month.len() == 7).then_some(month)
}

fn shown(value: &Value) -> String {
    const MOST: usize = 40;
    let text = match value {
        Value::Text(text) | Value::Date(text) | Value::Error(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Flag(flag) => flag.to_string(),
        Value::Nothing => "a formula".to_owned(),
    };
    match text.chars().nth(MOST) {
        Some(_) => text.chars().take(MOST).chain(['…']).collect(),
        None => text,
    }
}
