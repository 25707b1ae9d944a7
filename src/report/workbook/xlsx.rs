//! A workbook as XLSX.

use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, Table, TableColumn, TableStyle, Workbook as Xlsx,
    Worksheet, XlsxError,
};

use super::{Cell, Sheet, Workbook, is_like_a_number};
use crate::report::number::MISSING;

/// The bytes of the file; the same for the same workbook on any day.
///
/// # Errors
/// When the workbook breaks a limit of the format, such as a name of a sheet that stands twice.
pub fn xlsx(workbook: &Workbook) -> Result<Vec<u8>, XlsxError> {
    let mut file = Xlsx::new();
    let made = ExcelDateTime::from_ymd(2000, 1, 1)?;
    let properties = DocProperties::new()
        .set_title(&workbook.title)
        .set_author("needscast")
        .set_creation_datetime(&made);
    file.set_properties(&properties);
    for (at, sheet) in workbook.sheets.iter().enumerate() {
        write(file.add_worksheet(), sheet, at)?;
    }
    file.save_to_buffer()
}

fn write(page: &mut Worksheet, sheet: &Sheet, at: usize) -> Result<(), XlsxError> {
    page.set_name(&sheet.name)?;
    let heading = Format::new().set_bold().set_font_size(16);
    page.write_string_with_format(0, 0, &sheet.title, &heading)?;
    let mut row = 1;
    for sentence in &sheet.introduction {
        page.write_string(row, 0, sentence)?;
        row += 1;
    }
    if sheet.header.is_empty() {
        page.set_column_width(0, 100)?;
        return Ok(());
    }
    let bold = Format::new().set_bold().set_text_wrap();
    // A program that lets people change such words would make a date or a number of them: `3-10`, `2011-12`.
    let words_only = Format::new().set_num_format("@");
    let first = row;
    for (column, words) in sheet.header.iter().enumerate() {
        page.write_string_with_format(first, column as u16, words, &bold)?;
        page.set_column_width(column as u16, width(sheet, column))?;
    }
    for cells in &sheet.rows {
        row += 1;
        for (column, cell) in cells.iter().enumerate() {
            let column = column as u16;
            match cell {
                Cell::Text(words) if is_like_a_number(words) => {
                    page.write_string_with_format(row, column, words, &words_only)?
                }
                Cell::Text(words) => page.write_string(row, column, words)?,
                Cell::Number(value) => page.write_number(row, column, *value)?,
                Cell::Missing => page.write_string(row, column, MISSING)?,
            };
        }
    }
    page.set_freeze_panes(first + 1, 0)?;
    let last = sheet.header.len() as u16 - 1;
    // A table has at least one row under its headings.
    let columns = sheet
        .header
        .iter()
        .map(|words| TableColumn::new().set_header(words));
    let table = Table::new()
        .set_name(format!("table_{at}"))
        .set_style(TableStyle::None)
        .set_autofilter(false)
        .set_columns(&columns.collect::<Vec<_>>());
    page.add_table(first, 0, row.max(first + 1), last, &table)?;
    Ok(())
}

/// Wide enough for its heading and its first rows, within reason.
pub(super) fn width(sheet: &Sheet, column: usize) -> f64 {
    const LOOKED_AT: usize = 50;
    let length = |cell: &Cell| match cell {
        Cell::Text(words) => words.chars().count(),
        Cell::Number(_) => 10,
        Cell::Missing => MISSING.len(),
    };
    let rows = sheet.rows.iter().take(LOOKED_AT);
    let cells = rows.filter_map(|row| row.get(column)).map(length);
    let widest = cells.chain([sheet.header[column].chars().count()]).max();
    (widest.unwrap_or(0) as f64 + 2.0).clamp(8.0, 60.0)
}
