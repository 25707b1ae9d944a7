//! One more line of a history: the whole of it or nothing.

use std::ffi::OsString;
use std::fs;
use std::io::Write;
use std::path::Path;

use super::{BenchmarkRun, columns};
use crate::document::HistoryFile;
use crate::report::WriteError;
use crate::report::csv::Csv;
use crate::report::number::plain;

/// Adds the line of a run to its history, with a header where there is none. Columns that the history does not have are
/// added to it, blank in earlier lines. The file is replaced in one step, so that whatever is killed when, it holds whole lines.
///
/// # Errors
/// When the machine refuses; the history is then as it was.
pub fn append_line(
    path: &Path,
    history: &HistoryFile,
    run: &BenchmarkRun,
) -> Result<(), WriteError> {
    let at = |error| WriteError::Io(path.to_owned(), error);
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or(path.as_os_str()));
    name.push(".partial");
    let partial = path.with_file_name(name);
    let written = fs::File::create(&partial).and_then(|mut file| {
        file.write_all(&grown(history, run))?;
        file.sync_all()
    });
    let placed = written.and_then(|()| fs::rename(&partial, path));
    if placed.is_err() {
        // Best effort: the error that is reported is the one that came first.
        let _ = fs::remove_file(&partial);
    }
    placed.map_err(at)
}

/// The history with one more line.
fn grown(history: &HistoryFile, run: &BenchmarkRun) -> Vec<u8> {
    let mut names: Vec<&str> = history.columns.iter().map(String::as_str).collect();
    let known = names.len();
    for name in columns(run.tracked) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let added = &names[known..];
    let mut bytes = Vec::new();
    for (index, line) in history.text.lines().enumerate() {
        // What stands there is kept to the letter; only new columns are added.
        bytes.extend(line.bytes());
        for name in added {
            bytes.push(b',');
            bytes.extend(name.bytes().filter(|_| index == 0));
        }
        bytes.push(b'\n');
    }
    let cells = names.iter().map(|name| cell(run, name)).collect::<Vec<_>>();
    let mut line = Csv::new(&[]);
    if history.text.is_empty() {
        line = Csv::new(&names);
    }
    line.cells(&cells);
    let line = line.into_bytes();
    let start = line.iter().position(|byte| *byte != b'\n').unwrap_or(0);
    bytes.extend(&line[start..]);
    bytes
}

fn cell(run: &BenchmarkRun, name: &str) -> String {
    let columns = columns(run.tracked);
    match columns.iter().position(|column| *column == name) {
        Some(word) if word < run.words.len() => run.words[word].clone(),
        Some(column) => plain(run.tracked[column - run.words.len()].score.value),
        None => String::new(),
    }
}
