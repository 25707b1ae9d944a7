//! Tables of sheets as the texts that the readers of files know, CSV and TOML, with the cell behind every part.

use super::{Heading, Record, Table};
use crate::document::source::{Cells, Part, Source};

/// A text while it is made from cells.
#[derive(Default)]
struct Writer {
    text: String,
    cells: Cells,
    sheet: u32,
}

impl Writer {
    fn open(&mut self, table: &Table) {
        self.sheet = self.cells.sheets.len() as u32;
        self.cells.sheets.push(table.sheet.clone());
    }

    /// Adds text that was made from these cells.
    fn add(&mut self, text: &str, row: u32, columns: (u32, u32)) {
        self.cells.parts.push(Part {
            start: self.text.len() as u32,
            sheet: self.sheet,
            row,
            columns,
        });
        self.text += text;
    }

    fn source(self, name: &str) -> Source {
        Source::of_cells(name.to_owned(), &self.text, self.cells)
    }
}

/// A table as CSV.
pub(in crate::document) fn as_csv(name: &str, table: &Table) -> Source {
    let mut writer = Writer::default();
    writer.open(table);
    let columns = || table.headings.iter().map(|heading| heading.column);
    let n = table.headings.len();
    let mut line = |row: u32, words: &mut dyn Iterator<Item = &str>| {
        for (index, (word, column)) in words.zip(columns()).enumerate() {
            let end = if index + 1 == n { "\n" } else { "," };
            writer.add(&format!("{}{end}", in_csv(word)), row, (column, column));
        }
    };
    line(
        table.row,
        &mut table.headings.iter().map(|heading| heading.name.as_str()),
    );
    for record in &table.records {
        let words = record
            .cells
            .iter()
            .map(|cell| cell.as_deref().unwrap_or(""));
        line(record.row, &mut words.into_iter());
    }
    writer.source(name)
}

fn in_csv(word: &str) -> String {
    match word.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", word.replace('"', "\"\"")),
        false => word.to_owned(),
    }
}

/// Tables as one TOML document. Each row is a table of the list of that key, and its headings are the keys, those of
/// inner tables after a point. A key `outer.inner` is a list within the one row of `outer`.
pub(in crate::document) fn as_toml(name: &str, tables: &[(&'static str, Table)]) -> Source {
    let mut writer = Writer::default();
    for (key, table) in tables.iter().filter(|(key, _)| !key.contains('.')) {
        let inner: Vec<(&str, &Table)> = tables
            .iter()
            .filter_map(|(other, table)| {
                let inner = other.strip_prefix(key)?.strip_prefix('.')?;
                Some((inner, table))
            })
            .collect();
        writer.open(table);
        if inner.is_empty() {
            list(&mut writer, key, table);
            writer.text += "\n";
            continue;
        }
        writer.text += &format!("{key} = ");
        let (first, last) = ends(table);
        match table.records.first() {
            Some(record) => {
                writer.add("{ ", record.row, (first, last));
                entries(&mut writer, table, record);
                writer.text += ", ";
            }
            None => writer.add("{ ", table.row, (first, last)),
        }
        for (key, table) in inner {
            writer.open(table);
            list(&mut writer, key, table);
        }
        writer.text += "}\n";
    }
    writer.source(name)
}

/// The first and the last column of a table.
fn ends(table: &Table) -> (u32, u32) {
    let columns = table.headings.iter().map(|heading| heading.column);
    (
        columns.clone().min().unwrap_or(1),
        columns.max().unwrap_or(1),
    )
}

/// `key = [{ … }, { … }]`.
fn list(writer: &mut Writer, key: &str, table: &Table) {
    let (first, last) = ends(table);
    writer.add(&format!("{key} = [\n"), table.row, (first, last));
    for record in &table.records {
        writer.add("{ ", record.row, (first, last));
        entries(writer, table, record);
        writer.add("},\n", record.row, (first, last));
    }
    writer.text += "] ";
}

/// The cells of a row under a common beginning of their headings.
type Leaf<'a> = (Vec<&'a str>, &'a Heading, &'a str);

fn entries(writer: &mut Writer, table: &Table, record: &Record) {
    let filled = table.headings.iter().zip(&record.cells);
    let leaves: Vec<Leaf<'_>> = filled
        .filter_map(|(heading, cell)| {
            let path = heading.name.split('.').collect();
            Some((path, heading, cell.as_deref()?))
        })
        .collect();
    members(writer, (table.row, record.row), &leaves);
}

/// The members of a table within braces: the keys of the same name belong together, wherever their columns stand.
fn members(writer: &mut Writer, (header, row): (u32, u32), leaves: &[Leaf<'_>]) {
    let mut done: Vec<&str> = Vec::new();
    for (at, (path, heading, word)) in leaves.iter().enumerate() {
        let key = path[0];
        if done.contains(&key) {
            continue;
        }
        done.push(key);
        if at > 0 {
            writer.text += ", ";
        }
        let here = (heading.column, heading.column);
        writer.add(&in_toml(key), header, here);
        writer.add(" = ", row, here);
        if path.len() == 1 {
            writer.add(&in_toml(word), row, here);
            continue;
        }
        let inner: Vec<Leaf<'_>> = leaves
            .iter()
            .filter(|(path, ..)| path[0] == key && path.len() > 1)
            .map(|(path, heading, word)| (path[1..].to_vec(), *heading, *word))
            .collect();
        let last = inner.last().map_or(heading.column, |leaf| leaf.1.column);
        writer.add("{ ", row, (heading.column, last));
        members(writer, (header, row), &inner);
        writer.add(" }", row, (heading.column, last));
    }
}

/// A text in quotes.
fn in_toml(word: &str) -> String {
    let mut out = String::from("\"");
    for letter in word.chars() {
        match letter {
            '"' => out += "\\\"",
            '\\' => out += "\\\\",
            '\n' => out += "\\n",
            '\t' => out += "\\t",
            letter if letter.is_control() => out += &format!("\\u{:04X}", letter as u32),
            letter => out.push(letter),
        }
    }
    out.push('"');
    out
}
