//! The rows of a table of figures that are meant, where they are not all: `--where COLUMN=VALUE`.

use super::SeriesFile;
use super::records::Records;
use super::series::header;
use super::source::Source;
use crate::diagnostic::{Diagnostic, nearest};

/// A condition on one column, as it is written on the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The column's name.
    pub column: String,
    /// What a row has there, spaces around it aside; empty for rows that leave it blank.
    pub value: String,
    /// Whether rows that have it are kept, or all others.
    pub is_kept: bool,
}

impl Condition {
    /// From `COLUMN=VALUE` or `COLUMN!=VALUE`.
    ///
    /// # Errors
    /// What is expected, where there is no `=` or no column before it.
    pub fn parse(text: &str) -> Result<Condition, String> {
        let (column, value) = text.split_once('=').unwrap_or_default();
        let name = column.strip_suffix('!').unwrap_or(column).trim();
        match name.is_empty() {
            true => Err("expected COLUMN=VALUE or COLUMN!=VALUE".to_owned()),
            false => Ok(Condition {
                column: name.to_owned(),
                value: value.trim().to_owned(),
                is_kept: !column.ends_with('!'),
            }),
        }
    }
}

impl SeriesFile {
    /// Leaves out the rows that do not fulfil every condition. Any column of the table may be asked for, whether a
    /// back-test reads it or not.
    ///
    /// # Errors
    /// E104 for every column that is not there, E608 for every value that no row has.
    pub fn keep_where(&mut self, conditions: &[Condition]) -> Result<(), Vec<Diagnostic>> {
        let Some(source) = self.sources.get(0).filter(|_| !conditions.is_empty()) else {
            return Ok(());
        };
        let names = header(source);
        let mut faults = Vec::new();
        let mut columns = Vec::new();
        for condition in conditions {
            match names.iter().position(|name| *name == condition.column) {
                Some(column) => columns.push((column, condition)),
                None => faults.push(missing(source, &names, condition)),
            }
        }
        let cells: Vec<Vec<String>> = self
            .rows
            .iter()
            .map(|row| {
                let text = source.text.get(row.at.start as usize..row.at.end as usize);
                let cells = Records::first(text.unwrap_or_default());
                let cell = |column: &usize| cells.get(*column).cloned().unwrap_or_default();
                columns.iter().map(|(column, _)| cell(column)).collect()
            })
            .collect();
        for (at, (_, condition)) in columns.iter().enumerate() {
            let has_it = |row: &Vec<String>| row[at] == condition.value;
            if !cells.is_empty() && !cells.iter().any(has_it) {
                faults.push(unknown(source, condition, cells.iter().map(|row| &row[at])));
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let mut is_meant = cells.iter().map(|row| {
            let pairs = row.iter().zip(&columns);
            pairs
                .into_iter()
                .all(|(cell, (_, condition))| (*cell == condition.value) == condition.is_kept)
        });
        self.rows.retain(|_| is_meant.next().unwrap_or(true));
        Ok(())
    }
}

fn missing(source: &Source, names: &[String], condition: &Condition) -> Diagnostic {
    let column = &condition.column;
    let fault = Diagnostic::error("E104", format!("the column `{column}` is missing"))
        .at(&source.place(0, 1))
        .expected("the columns that `--where` names")
        .found(names.join(", "));
    match nearest(column, names.iter().map(String::as_str)) {
        Some(near) => fault.hint(format!("did you mean `{near}`?")),
        None => fault.hint("take it out of `--where`"),
    }
}

fn unknown<'a>(
    source: &Source,
    condition: &Condition,
    values: impl Iterator<Item = &'a String>,
) -> Diagnostic {
    let mut values: Vec<&str> = values.map(String::as_str).collect();
    values.sort_unstable();
    values.dedup();
    let shown: Vec<String> = values.iter().take(12).map(|v| format!("`{v}`")).collect();
    let (column, value) = (&condition.column, &condition.value);
    Diagnostic::error("E608", format!("no row has `{value}` as `{column}`"))
        .at(&source.whole())
        .expected(format!("a value of that column: {}", shown.join(", ")))
        .found(format!("`{value}`"))
        .nearest(value, values.iter().copied())
}
