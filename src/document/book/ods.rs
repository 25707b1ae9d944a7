//! The cells of an OpenDocument spreadsheet, one event of its XML after another: a repeat is never unrolled before its
//! size is known, and an error or a merged cell is told from a text.

use std::collections::BTreeSet;
use std::io::{Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use super::limits::{MOST_CELLS, MOST_COLUMNS, MOST_ROWS, MOST_SHEETS, linked, too_large};
use super::ods_cell::Found;
use super::{Book, Cell, Sheet, cell_place, not_a_workbook, sheet_place, whole};
use crate::diagnostic::Diagnostic;

/// The workbook whose archive has been looked through.
pub(super) fn read(name: &str, bytes: &[u8]) -> Result<Book, Vec<Diagnostic>> {
    let damaged = |what: &dyn std::fmt::Display| {
        not_a_workbook(name, format!("a damaged spreadsheet: {what}"))
    };
    let mut text = String::new();
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|e| damaged(&e))?;
    let mut part = archive.by_name("content.xml").map_err(|e| damaged(&e))?;
    part.read_to_string(&mut text).map_err(|e| damaged(&e))?;
    let mut reading = Reading {
        name,
        reader: Reader::from_str(&text),
        book: Book::default(),
        hidden_styles: BTreeSet::new(),
        n_cells: 0,
    };
    reading.reader.config_mut().expand_empty_elements = true;
    match reading.sheets() {
        Ok(()) => Ok(reading.book),
        Err(Stop::Xml(error)) => Err(damaged(&error)),
        Err(Stop::Fault(fault)) => Err(vec![*fault]),
    }
}

/// Why the reading stops.
pub(super) enum Stop {
    Xml(quick_xml::Error),
    Fault(Box<Diagnostic>),
}

impl From<quick_xml::Error> for Stop {
    fn from(error: quick_xml::Error) -> Stop {
        Stop::Xml(error)
    }
}

pub(super) struct Reading<'a> {
    pub(super) name: &'a str,
    pub(super) reader: Reader<&'a [u8]>,
    book: Book,
    /// Styles of sheets that are not shown.
    hidden_styles: BTreeSet<String>,
    n_cells: usize,
}

impl Reading<'_> {
    fn sheets(&mut self) -> Result<(), Stop> {
        let mut style = String::new();
        loop {
            match self.reader.read_event()? {
                Event::Eof => return Ok(()),
                Event::Start(tag) => match tag.name().as_ref() {
                    "style:style" => style = text_of(&tag, "style:name"),
                    "style:table-properties" if text_of(&tag, "table:display") == "false" => {
                        self.hidden_styles.insert(std::mem::take(&mut style));
                    }
                    "table:table" => {
                        let sheet = Sheet {
                            name: text_of(&tag, "table:name"),
                            is_hidden: self
                                .hidden_styles
                                .contains(&text_of(&tag, "table:style-name")),
                            ..Sheet::default()
                        };
                        self.sheet(sheet)?;
                    }
                    // Deleted cells that a record of changes keeps.
                    "table:tracked-changes" => self.pass_over(&tag)?,
                    _ => {}
                },
                _ => {}
            }
        }
    }

    /// Everything up to the end of the element that has begun.
    pub(super) fn pass_over(&mut self, tag: &BytesStart<'_>) -> Result<(), Stop> {
        self.reader.read_to_end(tag.to_end().name())?;
        Ok(())
    }

    pub(super) fn too_large(&self, sheet: &str, (row, column): (u32, u32), found: String) -> Stop {
        let place = cell_place(self.name, sheet, (row, column));
        Stop::Fault(Box::new(too_large(&place, &found)))
    }

    fn sheet(&mut self, mut sheet: Sheet) -> Result<(), Stop> {
        if self.book.sheets.len() == MOST_SHEETS {
            let found = format!("more than {MOST_SHEETS} sheets");
            let fault = too_large(&whole(self.name), &found);
            return Err(Stop::Fault(Box::new(fault)));
        }
        let mut row = 1;
        loop {
            match self.reader.read_event()? {
                Event::Start(tag) => match tag.name().as_ref() {
                    "table:table-row" => {
                        let repeats = number_of(&tag, "table:number-rows-repeated");
                        self.row(&mut sheet, row, repeats)?;
                        row = row.saturating_add(repeats);
                    }
                    "table:table-source" => {
                        let place = sheet_place(self.name, &sheet.name);
                        let found = format!("a sheet of {}", text_of(&tag, "xlink:href"));
                        return Err(Stop::Fault(Box::new(linked(&place, &found))));
                    }
                    "table:shapes" | "office:forms" | "table:named-expressions" => {
                        self.pass_over(&tag)?;
                    }
                    _ => {}
                },
                Event::End(tag) if tag.name().as_ref() == "table:table" => break,
                Event::Eof => return Err(ended()),
                _ => {}
            }
        }
        self.book.sheets.push(sheet);
        Ok(())
    }

    fn row(&mut self, sheet: &mut Sheet, row: u32, repeats: u32) -> Result<(), Stop> {
        let first = sheet.cells.len();
        let mut column: u32 = 1;
        loop {
            match self.reader.read_event()? {
                Event::Start(tag)
                    if matches!(
                        tag.name().as_ref(),
                        "table:table-cell" | "table:covered-table-cell"
                    ) =>
                {
                    let found = self.cell(&tag, &sheet.name, (row, column))?;
                    let next = column.saturating_add(found.repeats);
                    self.keep(sheet, found, (row, column))?;
                    column = next;
                }
                Event::Start(tag) => self.pass_over(&tag)?,
                Event::End(tag) if tag.name().as_ref() == "table:table-row" => break,
                Event::Eof => return Err(ended()),
                _ => {}
            }
        }
        let width = sheet.cells.len() - first;
        let n_more = (repeats as usize - 1).saturating_mul(width);
        if width > 0
            && (row.saturating_add(repeats - 1) > MOST_ROWS || self.n_cells + n_more > MOST_CELLS)
        {
            let found = format!("a row that stands {repeats} times");
            return Err(self.too_large(&sheet.name, (row, 1), found));
        }
        if width > 0 {
            self.n_cells += n_more;
            let cells = sheet.cells[first..].to_vec();
            for again in 1..repeats {
                let copies = cells.iter().cloned();
                sheet.cells.extend(copies.map(|cell| Cell {
                    row: row + again,
                    ..cell
                }));
            }
        }
        if sheet.is_hidden {
            sheet.cells.clear();
        }
        Ok(())
    }

    fn keep(
        &mut self,
        sheet: &mut Sheet,
        found: Found,
        (row, column): (u32, u32),
    ) -> Result<(), Stop> {
        if found.spans != (1, 1) {
            let last = (
                row.saturating_add(found.spans.1 - 1),
                column.saturating_add(found.spans.0 - 1),
            );
            sheet.merged.push([(row, column), last]);
        }
        let Some(value) = found.value else {
            return Ok(());
        };
        self.n_cells += found.repeats as usize;
        let last = column.saturating_add(found.repeats - 1);
        if row > MOST_ROWS || last > MOST_COLUMNS || self.n_cells > MOST_CELLS {
            let found = format!(
                "cells up to row {row}, column {last}; {} cells so far",
                self.n_cells
            );
            return Err(self.too_large(&sheet.name, (row, column), found));
        }
        let cells = (column..=last).map(|column| Cell {
            row,
            column,
            value: value.clone(),
            is_formula: found.is_formula,
        });
        sheet.cells.extend(cells);
        Ok(())
    }
}

pub(super) fn ended() -> Stop {
    let error = std::io::Error::from(std::io::ErrorKind::UnexpectedEof);
    Stop::Xml(quick_xml::Error::from(error))
}

/// An attribute, without its escapes; empty when it is not there.
pub(super) fn text_of(tag: &BytesStart<'_>, key: &str) -> String {
    let found = tag.try_get_attribute(key).ok().flatten();
    let plain = |value: &str| Some(quick_xml::escape::unescape(value).ok()?.into_owned());
    let value = found.and_then(|attribute| plain(&attribute.value));
    value.unwrap_or_default()
}

/// A count of at least one; one when it is not there.
pub(super) fn number_of(tag: &BytesStart<'_>, key: &str) -> u32 {
    text_of(tag, key).parse::<u32>().map_or_else(
        |error| match error.kind() {
            std::num::IntErrorKind::PosOverflow => u32::MAX,
            _ => 1,
        },
        |number| number.max(1),
    )
}
