//! How much of a page stands open in it: what is read at once, what is packed until it is chosen, what is left to files.

use std::io::{Error, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use serde::Serialize;
use serde_json::Value;

/// How the places after the first are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Detail {
    /// As text, which a browser without scripts shows too.
    Whole,
    /// Compressed, and unpacked by the script of the page when a place is chosen.
    Packed,
    /// At a glance alone: the rest is left to the CSV files.
    Brief,
    /// So too, and of tables and charts of very many options what a reader can follow.
    Cut,
}

impl Detail {
    /// From the most to the least.
    pub const ALL: [Detail; 4] = [Detail::Whole, Detail::Packed, Detail::Brief, Detail::Cut];

    /// Bytes up to which a page is told like this, where it may have `most`: as text half as much, because what is
    /// read at once opens slower.
    pub fn most_bytes(self, most: usize) -> usize {
        match self {
            Detail::Whole => most / 2,
            Detail::Packed | Detail::Brief => most,
            Detail::Cut => usize::MAX,
        }
    }
}

/// The most rows and columns of a table that is cut.
const MOST_ROWS: usize = 100;
const MOST_COLUMNS: usize = 20;
/// The most bytes of a chart, and of what a script of the page is given, when the page is cut.
const MOST_DRAWN: usize = 50_000;

/// Cuts what a page is made of: every table to its first rows and columns, which its caption says, and every chart of
/// more marks than can be told apart to its table.
pub(super) fn cut(page: &mut Value) {
    match page {
        Value::Array(items) => items.iter_mut().for_each(cut),
        Value::Object(members) => {
            members.values_mut().for_each(cut);
            for key in ["svg", "explorer"] {
                if let Some(Value::String(drawn)) = members.get_mut(key)
                    && drawn.len() > MOST_DRAWN
                {
                    drawn.clear();
                }
            }
            cut_table(members);
        }
        _ => {}
    }
}

fn cut_table(table: &mut serde_json::Map<String, Value>) {
    let length = |value: Option<&Value>| value.and_then(Value::as_array).map(Vec::len);
    let lengths = (length(table.get("rows")), length(table.get("header")));
    let (Some(n_rows), Some(n_columns)) = lengths else {
        return;
    };
    let first = |value: &mut Value, n: usize| {
        if let Value::Array(items) = value {
            items.truncate(n);
        }
    };
    if let Some(Value::Array(rows)) = table.get_mut("rows") {
        rows.truncate(MOST_ROWS);
        rows.iter_mut().for_each(|row| first(row, MOST_COLUMNS));
    }
    if let Some(header) = table.get_mut("header") {
        first(header, MOST_COLUMNS);
    }
    let is_cut = n_rows > MOST_ROWS || n_columns > MOST_COLUMNS;
    if let (true, Some(Value::String(caption))) = (is_cut, table.get_mut("caption")) {
        let (rows, columns) = (n_rows.min(MOST_ROWS), n_columns.min(MOST_COLUMNS));
        *caption += &format!(
            " (the first {rows} of {n_rows} rows and {columns} of {n_columns} columns; the files beside this page have them all)"
        );
    }
}

/// A piece of the page as raw DEFLATE in Base64, which browsers unpack without any library.
///
/// # Errors
///
/// None but those of writing to memory.
pub(super) fn packed(html: &str) -> Result<String, Error> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(html.as_bytes())?;
    Ok(STANDARD.encode(encoder.finish()?))
}
