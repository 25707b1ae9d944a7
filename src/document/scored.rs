//! Scores of options on criteria, and the criteria's weights, made elsewhere.

use std::path::Path;

use super::cells::{filled, number, required};
use super::elsewhere::{Desk, Tables};
use super::source::{At, Source};
use super::table::{Row, Shape, header_names, read_table};
use crate::diagnostic::Diagnostic;

/// Both tables as written.
#[derive(Debug, Clone, Default)]
pub struct ScoredTables {
    /// A row for each option and criterion, in the order of the file.
    pub scores: Vec<ScoreRow>,
    /// A row for each criterion.
    pub weights: Vec<WeightRow>,
}

/// What one option is worth on one criterion, or what it costs.
#[derive(Debug, Clone)]
pub struct ScoreRow {
    /// The row.
    pub at: At,
    /// Where the score stands in it.
    pub column: usize,
    /// Where the criterion's name stands: the row and the column of its cell.
    pub criterion_at: (At, usize),
    /// The option.
    pub option: String,
    /// The criterion; [`COST_COLUMN`] is not one.
    pub criterion: String,
    /// The score; not a number where the cell is at fault.
    pub value: f64,
}

/// The name of what is no criterion: cost is kept out of the value.
pub const COST_COLUMN: &str = "cost";

/// Words about an option, which are passed over.
const WORDS: [&str; 2] = ["title", "note"];

/// How much one criterion counts, and how its scores become values.
#[derive(Debug, Clone)]
pub struct WeightRow {
    /// The row.
    pub at: At,
    /// The criterion.
    pub criterion: String,
    /// The weight; not a number where the cell is at fault.
    pub weight: f64,
    /// `higher`, `lower` or nothing.
    pub direction: String,
    /// The scores that are worth least and most (the other way about where lower is better).
    pub ends: [Option<f64>; 2],
    /// Scores and their values, `0:0 40:80 60:100`, or nothing.
    pub points: String,
}

impl WeightRow {
    /// The columns of the table; those that every table must have come first.
    pub const COLUMNS: [&str; 8] = [
        "criterion",
        "weight",
        "direction",
        "low",
        "high",
        "points",
        "title",
        "note",
    ];
}

/// Reads scores and weights. Scores stand in the columns `option, criterion, value` (or `score`), or in a column for each criterion
/// beside `option`; a column, or a criterion, called `cost` is kept apart.
///
/// # Errors
/// When one of the files cannot be read as such a table; other faults stand in [`Tables::faults`].
pub fn scored(scores: &Path, weights: &Path) -> Result<Tables<ScoredTables>, Vec<Diagnostic>> {
    let mut desk = Desk::new();
    let scores = desk.table(scores, score_table);
    let weights = desk.table(weights, weight_table);
    let content = scores
        .zip(weights)
        .map(|(scores, weights)| ScoredTables { scores, weights });
    desk.clear(content)
}

fn score_table(source: &Source, file: u32, faults: &mut Vec<Diagnostic>) -> Vec<ScoreRow> {
    let (header, names) = header_names(source, file);
    let is_long = names.iter().any(|name| name == "criterion");
    let n_faults = faults.len();
    let rows = match is_long {
        true => long(source, file, &names, faults),
        false => wide(source, file, header, &names, faults),
    };
    if rows.is_empty() && faults.len() == n_faults {
        faults.push(
            Diagnostic::error("E005", "this table has no scores")
                .at(&source.place(0, 0))
                .expected("a row for every option, and a score for every criterion")
                .found("a header and no scores")
                .hint("write `option,criterion,value` in the header, or a column for each criterion beside `option`"),
        );
    }
    rows
}

fn long(
    source: &Source,
    file: u32,
    names: &[String],
    faults: &mut Vec<Diagnostic>,
) -> Vec<ScoreRow> {
    let value = match names.iter().any(|name| name == "score") {
        true => "score",
        false => "value",
    };
    let shape = Shape {
        columns: &["option", "criterion", value, "title", "note"],
        n_required: 3,
        is_closed: true,
    };
    let mut rows = Vec::new();
    read_table(source, file, &shape, faults, |row, faults| {
        rows.push(ScoreRow {
            at: row.at,
            column: row.column(2),
            criterion_at: (row.at, row.column(1)),
            option: filled(source, row, 0, "option", faults),
            criterion: filled(source, row, 1, "criterion", faults),
            value: required(source, row, 2, value, faults),
        });
    });
    rows
}

fn wide(
    source: &Source,
    file: u32,
    header: At,
    names: &[String],
    faults: &mut Vec<Diagnostic>,
) -> Vec<ScoreRow> {
    let criteria: Vec<&str> = names
        .iter()
        .map(String::as_str)
        .filter(|name| *name != "option" && !WORDS.contains(name))
        .collect();
    let columns: Vec<&str> = std::iter::once("option")
        .chain(criteria.iter().copied())
        .chain(WORDS)
        .collect();
    let shape = Shape {
        columns: &columns,
        n_required: 1,
        is_closed: false,
    };
    let mut rows = Vec::new();
    read_table(source, file, &shape, faults, |row: &Row<'_>, faults| {
        let option = filled(source, row, 0, "option", faults);
        for (index, criterion) in criteria.iter().enumerate() {
            rows.push(ScoreRow {
                at: row.at,
                column: row.column(index + 1),
                criterion_at: (header, row.column(index + 1)),
                option: option.clone(),
                criterion: (*criterion).to_owned(),
                value: required(source, row, index + 1, criterion, faults),
            });
        }
    });
    rows
}

fn weight_table(source: &Source, file: u32, faults: &mut Vec<Diagnostic>) -> Vec<WeightRow> {
    let shape = Shape {
        columns: &WeightRow::COLUMNS,
        n_required: 2,
        is_closed: true,
    };
    let mut rows = Vec::new();
    let n_faults = faults.len();
    read_table(source, file, &shape, faults, |row, faults| {
        let mut end =
            |wanted: usize| number(source, row, wanted, WeightRow::COLUMNS[wanted], faults);
        let ends = [end(3), end(4)];
        rows.push(WeightRow {
            at: row.at,
            criterion: filled(source, row, 0, "criterion", faults),
            weight: required(source, row, 1, "weight", faults),
            direction: row.cell(2).to_owned(),
            ends,
            points: row.cell(5).to_owned(),
        });
    });
    if rows.is_empty() && faults.len() == n_faults {
        faults.push(
            Diagnostic::error("E005", "this table has no weights")
                .at(&source.place(0, 0))
                .expected("a row for every criterion: its name and its weight")
                .found("a header and no rows"),
        );
    }
    rows
}
