//! The history of a benchmark: one line for every time that it was run.

use std::path::Path;

use super::Shelf;
use super::cells::number;
use super::elsewhere::without_grades;
use super::series::{header, shown};
use super::source::Source;
use super::table::{Shape, read_table};
use crate::diagnostic::{Diagnostic, Place};

/// A history as written.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct HistoryFile {
    /// Its columns, in the file's order.
    pub columns: Vec<String>,
    /// Its lines, the latest last.
    pub lines: Vec<HistoryLine>,
    /// The file itself.
    pub text: String,
}

/// The result of one run.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct HistoryLine {
    /// By the index of [`HISTORY_COLUMNS`].
    pub words: [String; 5],
    /// Scores in the order of the columns after those; NaN where a run had none.
    pub scores: Vec<f64>,
}

/// What every history says before the scores.
pub const HISTORY_COLUMNS: [&str; 5] = ["version", "commit", "date", "machine", "cores"];

impl HistoryLine {
    /// The machine and its number of cores, by which times can be compared.
    pub fn machine(&self) -> [&str; 2] {
        [&self.words[3], &self.words[4]]
    }
}

impl HistoryFile {
    /// The value of a score in each line, with the line; lines without it are left out.
    pub fn of_score<'a>(&'a self, name: &str) -> impl Iterator<Item = (&'a HistoryLine, f64)> {
        let column = self.columns.iter().position(|column| column == name);
        let index = column.and_then(|column| column.checked_sub(HISTORY_COLUMNS.len()));
        let of_line = move |line: &'a HistoryLine| Some((line, *line.scores.get(index?)?));
        let lines = self.lines.iter().filter_map(of_line);
        lines.filter(|(_, value)| !value.is_nan())
    }
}

/// Reads a history; one that does not exist has no lines.
///
/// # Errors
/// When the file cannot be read, or anything in it is damaged.
pub fn read_history(path: &Path) -> Result<HistoryFile, Vec<Diagnostic>> {
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Ok(HistoryFile::default());
        }
        Err(error) => {
            let fault = super::library::unreadable(&shown(path), &error);
            return Err(vec![fault.expected("a history of benchmarks, in CSV")]);
        }
    };
    let mut shelf = Shelf::default();
    let mut history = HistoryFile::default();
    history.lines = shelf.table(shown(path), &bytes, |source, file, faults| {
        history.text = source.text.to_string();
        history.columns = header(source);
        lines(source, file, &history.columns, faults)
    });
    let mut faults = shelf.stopping;
    faults.extend(shelf.documents.faults.into_iter().map(without_grades));
    match faults.is_empty() {
        true => Ok(history),
        false => Err(faults),
    }
}

fn lines(
    source: &Source,
    file: u32,
    found: &[String],
    faults: &mut Vec<Diagnostic>,
) -> Vec<HistoryLine> {
    let mut columns: Vec<&str> = HISTORY_COLUMNS.to_vec();
    columns.extend(found.iter().map(String::as_str).skip(HISTORY_COLUMNS.len()));
    let shape = Shape {
        columns: &columns,
        n_required: HISTORY_COLUMNS.len(),
        is_closed: false,
    };
    let mut lines = Vec::new();
    read_table(source, file, &shape, faults, |row, faults| {
        let scores = (HISTORY_COLUMNS.len()..columns.len())
            .map(|column| number(source, row, column, columns[column], faults));
        lines.push(HistoryLine {
            scores: scores.map(|score| score.unwrap_or(f64::NAN)).collect(),
            words: std::array::from_fn(|column| row.cell(column).to_owned()),
        });
    });
    if !source.text.is_empty() && !source.text.ends_with('\n') {
        faults.push(cut(source));
    }
    lines
}

/// A line that was cut off may still look like a whole one.
fn cut(source: &Source) -> Diagnostic {
    let last = source.text.lines().last().unwrap_or_default();
    let place = Place {
        file: source.name.clone(),
        line: source.text.lines().count(),
        column: last.chars().count(),
        length: 1,
        text: last.to_owned(),
        ..Place::default()
    };
    Diagnostic::error("E901", "the last line of this history does not end")
        .at(&place)
        .expected("a line break after every line")
        .found("the end of the file")
        .hint("take the line away, or end it if it is whole")
}
