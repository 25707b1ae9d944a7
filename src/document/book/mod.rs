//! A workbook as its cells: sheets of texts, numbers and dates with their rows and columns, whichever program wrote it.
//!
//! Limits hold before anything is unpacked and while it is, so that a small file cannot ask for more memory than
//! [`limits`] allows. What a cell means is decided in [`table`], the same for both formats.

mod limits;
mod ods;
mod ods_cell;
mod rendered;
mod table;
mod xlsx;

use crate::diagnostic::{Diagnostic, Place};

pub(super) use limits::MOST_BYTES;
pub(super) use rendered::{as_csv, as_toml};
pub(super) use table::{Heading, Record, Table, table};

/// A workbook.
#[derive(Debug, Default)]
pub(super) struct Book {
    pub sheets: Vec<Sheet>,
    /// What is wrong with the workbook as a whole, and with sheets that are not read.
    pub faults: Vec<Diagnostic>,
}

/// A sheet as written: the cells that hold anything.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    pub name: String,
    pub is_hidden: bool,
    pub cells: Vec<Cell>,
    /// Merged cells: the first and the last row and column of each region.
    pub merged: Vec<[(u32, u32); 2]>,
}

/// A cell, its row and column counted from 1.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Cell {
    pub row: u32,
    pub column: u32,
    pub value: Value,
    /// Whether the value was worked out by a formula.
    pub is_formula: bool,
}

/// What a cell holds.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    /// Nothing: a formula without a stored value.
    Nothing,
    Text(String),
    Number(f64),
    Flag(bool),
    /// A date, a time or a duration, as ISO 8601.
    Date(String),
    /// An error such as `#REF!`.
    Error(String),
}

/// The cells of a workbook.
///
/// # Errors
/// When it is no workbook, or may not be read: too large, with macros, encrypted, or with links to other files.
pub(super) fn read(name: &str, bytes: &[u8]) -> Result<Book, Vec<Diagnostic>> {
    let format = limits::inspect(name, bytes)?;
    match format {
        Format::Xlsx => xlsx::read(name, bytes),
        Format::Ods => ods::read(name, bytes),
    }
}

/// Which program's format it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Xlsx,
    Ods,
}

/// The workbook as a whole.
fn whole(name: &str) -> Place {
    Place {
        file: name.to_owned(),
        ..Place::default()
    }
}

/// A sheet as a whole.
pub(super) fn sheet_place(name: &str, sheet: &str) -> Place {
    Place {
        sheet: sheet.to_owned(),
        ..whole(name)
    }
}

/// One cell.
fn cell_place(name: &str, sheet: &str, (row, column): (u32, u32)) -> Place {
    Place {
        line: row as usize,
        column: column as usize,
        length: 1,
        ..sheet_place(name, sheet)
    }
}

/// A file that no program would open as a workbook.
fn not_a_workbook(name: &str, found: impl Into<String>) -> Vec<Diagnostic> {
    let fault = Diagnostic::error("E121", "this is not a workbook")
        .at(&whole(name))
        .expected("an Excel workbook (.xlsx) or an OpenDocument spreadsheet (.ods)")
        .found(found)
        .hint("open it in a spreadsheet program and save it as .xlsx or .ods");
    vec![fault]
}
