//! Workbooks that a scenario names: what `init` writes, what is read from it, and every way of its being wrong.

mod cells;
mod faults;
mod hostile;
mod init;
mod schema;

use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};

use needscast::compile::{Plan, compile};
use needscast::diagnostic::{Diagnostic, render};
use needscast::document::{self, AreaRow};
use needscast::report::{Cell, Workbook, ods, starter_scenario, starter_workbook, xlsx};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// Both formats, by their endings.
const FORMATS: [&str; 2] = ["xlsx", "ods"];

/// The area of the shipped profile with this name.
fn area(name: &str) -> AreaRow {
    let areas = document::areas("scotland").unwrap();
    areas.into_iter().find(|area| area.name == name).unwrap()
}

/// What `init` would write for an area, before it is a file.
fn starter(name: &str) -> Workbook {
    let areas = [area(name)];
    let text = starter_scenario(&areas, None);
    let documents = document::read_text(Path::new("scenario.toml"), &text).unwrap();
    starter_workbook(&documents, &areas)
}

fn bytes(book: &Workbook, format: &str) -> Vec<u8> {
    match format {
        "xlsx" => xlsx(book).unwrap(),
        _ => ods(book).unwrap(),
    }
}

/// A scenario of Dundee beside a workbook of these bytes.
struct Question {
    folder: tempfile::TempDir,
}

impl Question {
    fn new(format: &str, bytes: &[u8]) -> Question {
        let folder = tempfile::tempdir().unwrap();
        let name = format!("local.{format}");
        fs::write(folder.path().join(&name), bytes).unwrap();
        let text = starter_scenario(&[area("Dundee City")], Some(&name));
        fs::write(folder.path().join("scenario.toml"), text).unwrap();
        Question { folder }
    }

    fn scenario(&self) -> PathBuf {
        self.folder.path().join("scenario.toml")
    }

    fn compiled(&self) -> Result<Plan, Vec<Diagnostic>> {
        compile(&document::read(&self.scenario())?)
    }

    /// The codes and places of the faults, without the folder, in order.
    fn faults(&self) -> Vec<(String, String)> {
        let folder = format!("{}/", self.folder.path().display());
        let faults = self.compiled().err().unwrap_or_default();
        let place = |fault: &Diagnostic| {
            let shown = fault.place.as_ref().map_or(String::new(), |p| p.shown());
            shown.replace(&folder, "")
        };
        let mut found: Vec<(String, String)> = faults
            .iter()
            .map(|fault| (fault.code.to_owned(), place(fault)))
            .collect();
        found.sort();
        found
    }

    /// The faults as a person reads them.
    fn told(&self) -> String {
        render(&self.compiled().err().unwrap_or_default())
    }
}

/// Where a heading of a sheet stands.
fn column(book: &Workbook, sheet: &str, heading: &str) -> usize {
    let sheet = book.sheets.iter().find(|s| s.name == sheet).unwrap();
    let mut header = sheet.header.iter();
    header
        .position(|known| known == heading)
        .unwrap_or_else(|| panic!("{heading}"))
}

/// Writes into a cell: row counted from 0 below the headings. Returns its address.
fn write(book: &mut Workbook, sheet: &str, (row, heading): (usize, &str), cell: Cell) -> String {
    let column = column(book, sheet, heading);
    let found = book.sheets.iter_mut().find(|s| s.name == sheet).unwrap();
    while found.rows.len() <= row {
        found.rows.push(vec![Cell::text(""); found.header.len()]);
    }
    found.rows[row][column] = cell;
    address(book, sheet, (row, column))
}

/// `Services!C7`, as spreadsheets write it.
fn address(book: &Workbook, sheet: &str, (row, column): (usize, usize)) -> String {
    let found = book.sheets.iter().find(|s| s.name == sheet).unwrap();
    let letter = char::from(b'A' + column as u8);
    let line = found.introduction.len() + 3 + row;
    let quoted = match sheet.contains(' ') {
        true => format!("'{sheet}'"),
        false => sheet.to_owned(),
    };
    format!("{quoted}!{letter}{line}")
}

/// The row below the headings in which a column first holds this text.
fn row_of(book: &Workbook, sheet: &str, heading: &str, text: &str) -> usize {
    let column = column(book, sheet, heading);
    let sheet = book.sheets.iter().find(|s| s.name == sheet).unwrap();
    let mut rows = sheet.rows.iter();
    rows.position(|row| row[column] == Cell::text(text))
        .unwrap_or_else(|| panic!("{text}"))
}

/// The parts of an archive.
fn parts(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut parts = Vec::new();
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut content = Vec::new();
        part.read_to_end(&mut content).unwrap();
        parts.push((name, content));
    }
    parts
}

/// An archive of these parts.
fn archive(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        let options = SimpleFileOptions::default();
        writer.start_file(name.as_str(), options).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A workbook with a word of one of its parts replaced, which must stand there.
fn edited(bytes: &[u8], part: &str, from: &str, to: &str) -> Vec<u8> {
    let mut parts = parts(bytes);
    let (_, content) = parts.iter_mut().find(|(name, _)| name == part).unwrap();
    let text = String::from_utf8(std::mem::take(content)).unwrap();
    assert!(text.contains(from), "{from} is not in {part}");
    *content = text.replacen(from, to, 1).into_bytes();
    archive(&parts)
}
