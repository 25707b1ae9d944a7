//! CSV with places: every fault of the shape is reported, and every cell can be shown again.

use std::ops::Range;

use super::records::{Record, Records};
use super::source::{At, Source};
use crate::diagnostic::{Diagnostic, nearest};

/// One row as it is read; the cells are looked up by column name.
pub(super) struct Row<'a> {
    pub at: At,
    record: &'a Record,
    columns: &'a [Option<usize>],
}

impl<'a> Row<'a> {
    /// The cell of the column with this index among the wanted ones, trimmed; empty when there is no such column.
    pub fn cell(&self, wanted: usize) -> &'a str {
        let column = self.columns.get(wanted).copied().flatten();
        column
            .and_then(|column| self.record.get(column))
            .unwrap_or("")
            .trim()
    }

    /// Where that cell stands in the file's own order of columns.
    pub fn column(&self, wanted: usize) -> usize {
        self.columns
            .get(wanted)
            .copied()
            .flatten()
            .unwrap_or(usize::MAX)
    }
}

/// What a kind of table may hold.
pub(super) struct Shape<'a> {
    /// The columns, by which cells are looked up.
    pub columns: &'a [&'a str],
    /// How many of them, from the first, must be there.
    pub n_required: usize,
    /// Whether other columns are a fault; otherwise they are passed over.
    pub is_closed: bool,
}

/// Reads a table row by row; the faults of the shape go to `faults`. Returns the columns in the file's order.
pub(super) fn read_table(
    source: &Source,
    file: u32,
    shape: &Shape<'_>,
    faults: &mut Vec<Diagnostic>,
    mut each: impl FnMut(&Row<'_>, &mut Vec<Diagnostic>),
) {
    let (mut records, mut record) = (Records::of(&source.text), Record::default());
    let mut columns: Option<Vec<Option<usize>>> = None;
    let mut width = 0;
    while records.read(&mut record) {
        let at = trimmed(source, file, record.bytes.clone());
        match &columns {
            None => {
                width = record.len();
                columns = Some(header(source, at, &record, shape, faults));
                if columns.as_ref().is_some_and(|c| c.is_empty()) {
                    return;
                }
            }
            Some(_) if record.len() == 1 && record.get(0).is_some_and(|c| c.trim().is_empty()) => {}
            Some(_) if record.len() != width => {
                faults.push(ragged(source, at, record.len(), width));
            }
            Some(columns) => each(
                &Row {
                    at,
                    record: &record,
                    columns,
                },
                faults,
            ),
        }
    }
    if columns.is_none() {
        let place = crate::diagnostic::Place {
            file: source.name.clone(),
            ..Default::default()
        };
        faults.push(
            Diagnostic::error("E005", "this table is empty")
                .at(&place)
                .expected(format!(
                    "a header: {}",
                    shape.columns[..shape.n_required].join(",")
                ))
                .hint("write the header, or take the file away"),
        );
    }
}

/// The row of the header and its names, for tables whose columns are not known beforehand.
pub(super) fn header_names(source: &Source, file: u32) -> (At, Vec<String>) {
    let line = source.text.lines().next().unwrap_or("");
    let at = At {
        file,
        start: 0,
        end: line.len() as u32,
    };
    // What cannot be read here is reported when the table is.
    (at, Records::first(line))
}

/// The bytes of a record without the line breaks around it.
fn trimmed(source: &Source, file: u32, bytes: Range<usize>) -> At {
    let Range { start, end } = bytes;
    let text = source.text.get(start..end).unwrap_or("");
    let lead = text.len() - text.trim_start_matches(['\r', '\n']).len();
    let tail = text.len() - text.trim_end_matches(['\r', '\n']).len();
    let (start, end) = (start + lead, end.saturating_sub(tail).max(start + lead));
    At {
        file,
        start: start as u32,
        end: end as u32,
    }
}

fn ragged(source: &Source, at: At, found: usize, width: usize) -> Diagnostic {
    Diagnostic::error("E106", "a row with the wrong number of cells")
        .at(&source.place(at.start, at.end))
        .expected(format!("{width} cells, as in the header"))
        .found(format!("{found} cells"))
        .hint("put a cell that contains a comma in double quotes, and end every quotation")
}

/// Where each wanted column stands; empty when the table cannot be read at all.
fn header(
    source: &Source,
    at: At,
    record: &Record,
    shape: &Shape<'_>,
    faults: &mut Vec<Diagnostic>,
) -> Vec<Option<usize>> {
    let text = source
        .text
        .get(at.start as usize..at.end as usize)
        .unwrap_or("");
    let spans = cell_spans(text);
    let place = |column: usize| match spans.get(column) {
        Some(span) if !span.is_empty() => {
            source.place(at.start + span.start as u32, at.start + span.end as u32)
        }
        _ => source.place(at.start, at.end),
    };
    let other = [(';', "semicolons"), ('\t', "tabs")];
    let other = other.into_iter().find(|(mark, _)| text.contains(*mark));
    if let Some((_, marks)) = other.filter(|_| record.len() == 1) {
        faults.push(
            Diagnostic::error("E006", format!("cells are separated by {marks}"))
                .at(&place(0))
                .expected("commas between cells and points in numbers")
                .found(marks)
                .hint("save as `CSV UTF-8 (comma delimited)` with English number formats"),
        );
        return Vec::new();
    }
    let names: Vec<&str> = record.iter().map(str::trim).collect();
    let mut unknown = Vec::new();
    for (column, name) in names.iter().enumerate() {
        if let Some(first) = names[..column].iter().position(|other| other == name) {
            faults.push(
                Diagnostic::error("E105", format!("the column `{name}` stands twice"))
                    .at(&place(column))
                    .expected("each column once")
                    .found(format!("columns {} and {}", first + 1, column + 1))
                    .hint("take one of them away"),
            );
        } else if !shape.columns.contains(name) {
            unknown.push(*name);
            // A misspelt column is one fault, not an unknown one and a missing one.
            let missing = shape.columns[..shape.n_required]
                .iter()
                .filter(|column| !names.contains(column));
            let is_misspelt = nearest(name, missing.copied()).is_some();
            if shape.is_closed && !is_misspelt {
                faults.push(
                    Diagnostic::error("E107", format!("unknown column `{name}`"))
                        .at(&place(column))
                        .expected(format!("one of {}", shape.columns.join(", ")))
                        .found(format!("`{name}`"))
                        .nearest(name, shape.columns.iter().copied()),
                );
            }
        }
    }
    missing_columns(shape, &names, &unknown, |d| {
        faults.push(d.at(&source.place(at.start, at.end)))
    });
    let find = |wanted: &&str| names.iter().position(|name| name == wanted);
    shape.columns.iter().map(find).collect()
}

fn missing_columns(
    shape: &Shape<'_>,
    names: &[&str],
    unknown: &[&str],
    mut report: impl FnMut(Diagnostic),
) {
    for wanted in &shape.columns[..shape.n_required] {
        if names.contains(wanted) {
            continue;
        }
        let mut fault = Diagnostic::error("E104", format!("the column `{wanted}` is missing"))
            .expected(format!(
                "the columns {}",
                shape.columns[..shape.n_required].join(", ")
            ))
            .found(names.join(", "));
        fault = match nearest(wanted, unknown.iter().copied()) {
            Some(near) => fault.hint(format!("rename `{near}` to `{wanted}`")),
            None => fault.hint(format!("add the column `{wanted}`")),
        };
        report(fault);
    }
}

/// The bytes of each cell of a record, without the quotes; empty cells have empty ranges.
pub(super) fn cell_spans(record: &str) -> Vec<Range<usize>> {
    let mut spans = Vec::new();
    let (mut start, mut is_quoted) = (0, false);
    let mut push = |start: usize, end: usize| {
        let cell = &record[start..end];
        let inner = cell.trim();
        let lead = cell.len() - cell.trim_start().len();
        let (mut from, mut to) = (start + lead, start + lead + inner.len());
        if inner.len() >= 2 && inner.starts_with('"') && inner.ends_with('"') {
            from += 1;
            to -= 1;
        }
        spans.push(from..to);
    };
    for (at, byte) in record.bytes().enumerate() {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b',' if !is_quoted => {
                push(start, at);
                start = at + 1;
            }
            _ => {}
        }
    }
    push(start, record.len());
    spans
}
