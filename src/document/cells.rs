//! Cells of a table as numbers and words, with their faults.

use super::source::Source;
use super::table::Row;
use crate::diagnostic::{Diagnostic, Place};

/// What to do where a number of the model is not there.
pub(super) const NOT_KNOWN: &str =
    "write the number; where it is not known, a wide range with the grade `placeholder` says so";

/// A number from a cell, or a fault.
pub(super) fn number(
    source: &Source,
    row: &Row<'_>,
    wanted: usize,
    name: &str,
    faults: &mut Vec<Diagnostic>,
) -> Option<f64> {
    let cell = row.cell(wanted);
    if cell.is_empty() {
        return None;
    }
    let place = || cell_place(source, row, wanted);
    match cell.parse::<f64>() {
        Ok(value) if value.is_finite() => return Some(value),
        Ok(_) => faults.push(
            Diagnostic::error("E302", format!("`{name}` is not a finite number"))
                .at(&place())
                .expected("a finite number")
                .found(format!("`{cell}`"))
                .hint(NOT_KNOWN),
        ),
        Err(_) => {
            let mut fault = Diagnostic::error("E301", format!("`{name}` is not a number"))
                .at(&place())
                .expected("a number such as 0.25 or 1200")
                .found(format!("`{cell}`"));
            fault = match cell.contains([',', '%', '£', ' ']) {
                true => fault.hint("write the number alone, with a point and without separators"),
                false => fault.hint("write the number in figures; words belong in `note`"),
            };
            faults.push(fault);
        }
    }
    Some(f64::NAN)
}

pub(super) fn cell_place(source: &Source, row: &Row<'_>, wanted: usize) -> Place {
    source.cell(row.at, row.column(wanted))
}

/// A whole number that must be there, within limits.
pub(super) fn whole(
    source: &Source,
    row: &Row<'_>,
    (wanted, name): (usize, &str),
    (low, high): (f64, f64),
    faults: &mut Vec<Diagnostic>,
) -> Option<f64> {
    let number = required(source, row, wanted, name, faults);
    if number.fract() == 0.0 && (low..=high).contains(&number) {
        return Some(number);
    }
    if !number.is_nan() {
        faults.push(
            Diagnostic::error("E303", format!("`{name}` cannot be"))
                .at(&cell_place(source, row, wanted))
                .expected(format!("a whole number from {low} to {high}"))
                .found(row.cell(wanted).to_owned()),
        );
    }
    None
}

/// A number that must be there.
pub(super) fn required(
    source: &Source,
    row: &Row<'_>,
    wanted: usize,
    name: &str,
    faults: &mut Vec<Diagnostic>,
) -> f64 {
    number(source, row, wanted, name, faults).unwrap_or_else(|| {
        faults.push(
            Diagnostic::error("E301", format!("`{name}` is empty"))
                .at(&cell_place(source, row, wanted))
                .expected("a number")
                .found("nothing")
                .hint(NOT_KNOWN),
        );
        f64::NAN
    })
}

/// A text that must be there.
pub(super) fn filled(
    source: &Source,
    row: &Row<'_>,
    wanted: usize,
    name: &str,
    faults: &mut Vec<Diagnostic>,
) -> String {
    let cell = row.cell(wanted);
    if cell.is_empty() {
        faults.push(
            Diagnostic::error("E108", format!("`{name}` is empty"))
                .at(&cell_place(source, row, wanted))
                .expected(format!("the {name} of this row"))
                .found("nothing"),
        );
    }
    cell.to_owned()
}
