//! What was done to which rows, what a reader is told of it, and the hashes of files as they were used.

use std::collections::BTreeMap;

use super::words::without_numbers;
use crate::document::disclosure::LocalFile;
use crate::document::shelf::sha256;
use crate::document::source::{At, Source};
use crate::document::{Documents, table};

/// What stands in the place of the cells of a row, by column.
pub(super) type Cells = Vec<(&'static str, String)>;

/// Cells that say of what a row is. Every other cell of a row with local counts may repeat one, even where nobody reads
/// it, and is used without numbers.
const KEYS: [&str; 18] = [
    "id",
    "area",
    "area_code",
    "area_name",
    "sex",
    "age",
    "priors",
    "duration",
    "from",
    "unit",
    "grade",
    "distribution",
    "measure",
    "breakdown",
    "year",
    "age_from",
    "age_to",
    "status",
];

/// What was done, by file and row; and whether a count of the row is withheld.
#[derive(Default)]
pub(super) struct Touched {
    rows: BTreeMap<At, (bool, Cells)>,
    /// Rows whose place others took: they are in no output, and in no hash.
    replaced: Vec<At>,
}

impl Touched {
    pub fn add(&mut self, at: At, is_withheld: bool, cells: Cells) {
        self.rows.insert(at, (is_withheld, cells));
    }

    pub fn replace(&mut self, at: At) {
        self.replaced.push(at);
    }

    /// Notes the files, and gives the hash of the text as it is used: that of a file of which only a few small numbers
    /// are unknown would tell them to whoever tries them all.
    pub fn tell(self, documents: &mut Documents) {
        let none = Cells::new();
        let mut cells_of: BTreeMap<At, &Cells> =
            self.replaced.iter().map(|at| (*at, &none)).collect();
        cells_of.extend(self.rows.iter().map(|(at, (_, cells))| (*at, cells)));
        let mut by_file: BTreeMap<u32, Vec<(At, &Cells)>> = BTreeMap::new();
        for (at, cells) in cells_of {
            by_file.entry(at.file).or_default().push((at, cells));
        }
        let sources = &documents.sources;
        let mut names: Vec<&str> = Vec::new();
        for source in by_file.keys().filter_map(|file| sources.get(*file)) {
            if !names.contains(&source.name.as_str()) {
                names.push(&source.name);
            }
        }
        // The sheets of a workbook are texts of one file.
        let mut texts: BTreeMap<&str, String> = BTreeMap::new();
        for (file, source) in (0..).map_while(|file| Some((file, sources.get(file)?))) {
            if names.contains(&source.name.as_str()) {
                let rows = by_file.get(&file).map_or(&[][..], Vec::as_slice);
                *texts.entry(&source.name).or_default() += &as_used(source, rows);
            }
        }
        let is_of = |at: &At, name: &str| sources.get(at.file).is_some_and(|it| it.name == name);
        let is_counted = |name: &&&str| self.rows.keys().any(|at| is_of(at, name));
        let files = names.iter().filter(is_counted).map(|name| LocalFile {
            name: (*name).to_owned(),
            n_counts: self.rows.keys().filter(|at| is_of(at, name)).count(),
            n_withheld: (self.rows.iter())
                .filter(|(at, (is_withheld, _))| *is_withheld && is_of(at, name))
                .count(),
        });
        documents.disclosure.files = files.collect();
        if documents.disclosure.rule.is_none() {
            return;
        }
        for name in names {
            let text = texts.get(name).map_or("", String::as_str);
            if let Some(input) = documents.inputs.iter_mut().find(|input| input.name == name) {
                input.sha256 = sha256(text.as_bytes());
                input.bytes = text.len();
            }
        }
    }
}

/// The text of a file with other cells in the rows that were touched.
fn as_used(source: &Source, rows: &[(At, &Cells)]) -> String {
    let mut lines = source.text.lines();
    let header = lines.find(|line| !line.is_empty()).unwrap_or("");
    let names: Vec<&str> = table::cell_spans(header)
        .into_iter()
        .map(|span| header.get(span).unwrap_or("").trim())
        .collect();
    let (mut text, mut done) = (String::new(), 0);
    for (at, cells) in rows {
        let (start, end) = (at.start as usize, at.end as usize);
        text += source.text.get(done..start).unwrap_or("");
        let record = source.text.get(start..end).unwrap_or("");
        for (column, span) in table::cell_spans(record).into_iter().enumerate() {
            let name = names.get(column).copied().unwrap_or("");
            let cell = record.get(span).unwrap_or("");
            match cells.iter().find(|(cell, _)| *cell == name) {
                Some((_, other)) => text += other,
                None if KEYS.contains(&name) => text += cell,
                None => text += &without_numbers(cell),
            }
            text.push(',');
        }
        done = end;
    }
    text + source.text.get(done..).unwrap_or("")
}
