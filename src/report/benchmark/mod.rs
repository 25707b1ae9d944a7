//! A benchmark to text, tables and one more line of its history.

mod history;
mod projections;
mod text;

use std::path::Path;

use super::csv::Csv;
use super::{Manifest, WriteError, folder};
use crate::calibrate::{Foreseen, Skilled, Tracked};
use crate::document::{HISTORY_COLUMNS, ProjectionRow};

pub use history::append_line;
pub use text::{benchmark_text, broken_text};

/// Everything that a benchmark tells of.
pub struct BenchmarkRun<'a> {
    /// What the line of the history says first, by the index of [`HISTORY_COLUMNS`].
    pub words: [String; 5],
    /// Each group of series.
    pub groups: &'a [Group],
    /// Each edition of somebody else's projections.
    pub projected: &'a [Projected],
    /// Every score beside its history.
    pub tracked: &'a [Tracked],
    /// How many lines the history had.
    pub n_lines: usize,
    /// How it was made.
    pub manifest: &'a Manifest,
}

/// Series that are scored together.
pub struct Group {
    /// What their scores are called by.
    pub id: String,
    /// For people.
    pub title: String,
    /// The scores.
    pub skilled: Skilled,
}

/// An edition of published projections, and ours from the same start.
pub struct Projected {
    /// What was published and recorded.
    pub row: ProjectionRow,
    /// Ours.
    pub ahead: Foreseen,
}

/// Writes the report into `folder`, all or nothing: an earlier report there is replaced, anything else is left alone.
///
/// # Errors
/// When the folder holds something else, or the machine refuses.
pub fn write_benchmark(folder: &Path, run: &BenchmarkRun) -> Result<(), WriteError> {
    let mut files = vec![
        ("benchmark.md", benchmark_text(run).into_bytes()),
        ("scores.csv", scores(run)),
        ("manifest.json", run.manifest.json_of_benchmark()),
    ];
    if !run.projected.is_empty() {
        files.push(("projections.csv", projections::table(run)));
    }
    folder::replace(folder, &files)
}

fn scores(run: &BenchmarkRun) -> Vec<u8> {
    let mut table = Csv::new(&["score", "value", "last", "best"]);
    for tracked in run.tracked {
        let earlier = [tracked.last, tracked.best].map(|value| value.unwrap_or(f64::NAN));
        let [last, best] = earlier;
        table.row([&tracked.score.name], [tracked.score.value, last, best]);
    }
    table.into_bytes()
}

/// The columns of a line, in order.
fn columns(tracked: &[Tracked]) -> Vec<&str> {
    let scores = tracked.iter().map(|tracked| tracked.score.name.as_str());
    HISTORY_COLUMNS.into_iter().chain(scores).collect()
}
