//! The cells of an Excel workbook.

use std::io::Cursor;

use calamine::{DataRef, Dimensions, Reader, SheetType, SheetVisible, Xlsx, XlsxError};

use super::limits::{MOST_CELLS, MOST_COLUMNS, MOST_ROWS, MOST_SHEETS, too_large, too_long};
use super::{Book, Cell, Sheet, Value, cell_place, not_a_workbook, whole};
use crate::diagnostic::Diagnostic;

/// The workbook whose archive has been looked through.
pub(super) fn read(name: &str, bytes: &[u8]) -> Result<Book, Vec<Diagnostic>> {
    let wrong = |error: XlsxError| not_a_workbook(name, format!("a damaged workbook: {error}"));
    let mut file: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(wrong)?;
    let sheets = file.sheets_metadata().to_vec();
    if sheets.len() > MOST_SHEETS {
        let found = format!("{} sheets", sheets.len());
        return Err(vec![too_large(&whole(name), &found)]);
    }
    let mut book = Book::default();
    let mut n_cells = 0;
    // Sheets of charts hold no cells.
    for known in sheets.iter().filter(|s| s.typ == SheetType::WorkSheet) {
        let mut sheet = Sheet {
            name: known.name.clone(),
            is_hidden: known.visible != SheetVisible::Visible,
            ..Sheet::default()
        };
        if sheet.is_hidden {
            book.sheets.push(sheet);
            continue;
        }
        match cells(&mut file, name, &mut sheet, &mut n_cells) {
            Ok(None) => {}
            Ok(Some(fault)) => {
                book.faults.push(*fault);
                continue;
            }
            Err(error) => return Err(wrong(error)),
        }
        let merged = file.merge_cells_by_sheet_name(&known.name).map_err(wrong)?;
        sheet.merged = merged.into_iter().map(region).collect();
        book.sheets.push(sheet);
    }
    Ok(book)
}

fn region(found: Dimensions) -> [(u32, u32); 2] {
    [found.start, found.end].map(|(row, column)| (row.saturating_add(1), column.saturating_add(1)))
}

/// Takes the cells of a sheet one after another, so that what is too much is refused before it is kept.
fn cells(
    file: &mut Xlsx<Cursor<&[u8]>>,
    name: &str,
    sheet: &mut Sheet,
    n_cells: &mut usize,
) -> Result<Option<Box<Diagnostic>>, XlsxError> {
    let mut reader = file.worksheet_cells_reader(&sheet.name)?;
    while let Some(found) = reader.next_cell_with_formula_metadata()? {
        let is_formula = found.formula.is_some();
        if found.value == DataRef::Empty && !is_formula {
            continue;
        }
        let (row, column) = (found.pos.0.saturating_add(1), found.pos.1.saturating_add(1));
        *n_cells += 1;
        if row > MOST_ROWS || column > MOST_COLUMNS || *n_cells > MOST_CELLS {
            let place = cell_place(name, &sheet.name, (row, column));
            let found = format!("a cell in row {row}, column {column}; {n_cells} cells so far");
            return Ok(Some(Box::new(too_large(&place, &found))));
        }
        let text = match &found.value {
            DataRef::String(text) => text.as_str(),
            DataRef::SharedString(text) => text,
            _ => "",
        };
        if let Some(found) = too_long(text) {
            let place = cell_place(name, &sheet.name, (row, column));
            return Ok(Some(Box::new(too_large(&place, &found))));
        }
        sheet.cells.push(Cell {
            row,
            column,
            value: value(found.value),
            is_formula,
        });
    }
    Ok(None)
}

fn value(found: DataRef<'_>) -> Value {
    match found {
        DataRef::Empty => Value::Nothing,
        DataRef::Int(number) => Value::Number(number as f64),
        DataRef::Float(number) => Value::Number(number),
        DataRef::String(text) => Value::Text(text),
        DataRef::SharedString(text) => Value::Text(text.to_owned()),
        DataRef::Bool(flag) => Value::Flag(flag),
        DataRef::DateTime(time) if time.is_duration() => {
            Value::Date(format!("a time of {} days", time.as_f64()))
        }
        DataRef::DateTime(time) => {
            let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
            let date = format!("{year:04}-{month:02}-{day:02}");
            Value::Date(match (hour, minute, second) {
                (0, 0, 0) => date,
                (hour, minute, second) => format!("{date}T{hour:02}:{minute:02}:{second:02}"),
            })
        }
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Value::Date(text),
        DataRef::Error(error) => Value::Error(error.to_string()),
    }
}
