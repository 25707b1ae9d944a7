//! Tables as workbooks, in the layout that the Government Analysis Function asks of accessible spreadsheets: a cover, a
//! list of contents, notes, then one table on each sheet with its title in A1 and one row of headings.

mod ods;
mod sheets;
mod xlsx;

pub use ods::ods;
pub(super) use sheets::workbook;
pub use xlsx::xlsx;

use super::tables::CONFIDENTIAL;

/// A workbook before it is a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Workbook {
    /// For people, and for the file's properties.
    pub title: String,
    /// Its sheets, in order.
    pub sheets: Vec<Sheet>,
}

/// One sheet: a title, sentences, and at most one table.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// On the tab: at most 31 characters, no `[ ] : * ? / \`, unlike every other.
    pub name: String,
    /// In A1.
    pub title: String,
    /// Sentences between the title and the table, a row each.
    pub introduction: Vec<String>,
    /// The headings of the table, each unlike the others; none when there is no table.
    pub header: Vec<String>,
    /// As many cells as headings.
    pub rows: Vec<Vec<Cell>>,
}

/// What a cell holds. A text is never a formula, whatever it begins with.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Words.
    Text(String),
    /// A number, finite.
    Number(f64),
    /// No number: `[x]`, not available.
    Missing,
}

/// The most characters that a cell holds in every program that reads it.
const MOST_CHARACTERS: usize = 32_767;

/// Whether a spreadsheet program may take words for a number or a date when somebody changes them.
fn is_like_a_number(words: &str) -> bool {
    words.starts_with(|letter: char| letter.is_ascii_digit())
}

impl Cell {
    /// A number, or that there is none.
    pub fn number(value: f64) -> Cell {
        match value.is_finite() {
            true => Cell::Number(value),
            false => Cell::Missing,
        }
    }

    /// Words, cut off where no program would take more.
    pub fn text(words: impl Into<String>) -> Cell {
        let words = words.into();
        match words.char_indices().nth(MOST_CHARACTERS) {
            Some(_) => {
                let kept = words.chars().take(MOST_CHARACTERS - 1);
                Cell::Text(kept.chain(std::iter::once('…')).collect())
            }
            None => Cell::Text(words),
        }
    }
}

impl Sheet {
    /// A sheet with the table of a CSV of this crate's own: a column holds numbers where every cell that is not blank
    /// does, and blanks are then missing numbers.
    pub fn of_csv(name: &str, title: &str, introduction: &[&str], csv: &[u8]) -> Sheet {
        let mut reader = csv::ReaderBuilder::new().from_reader(csv);
        let header = reader.headers().map_or_else(|_| Vec::new(), texts);
        // What this crate has written itself can be read.
        let records: Vec<Vec<String>> = reader.records().flatten().map(|r| texts(&r)).collect();
        let holds_numbers = |column: usize| {
            let mut filled =
                (records.iter()).filter(|row| !["", CONFIDENTIAL].contains(&row[column].as_str()));
            let is_number = |row: &Vec<String>| row[column].parse::<f64>().is_ok();
            filled.clone().next().is_some() && filled.all(is_number)
        };
        let numbers: Vec<bool> = (0..header.len()).map(holds_numbers).collect();
        let cell = |(column, text): (usize, String)| match numbers[column] {
            true if text != CONFIDENTIAL => Cell::number(text.parse().unwrap_or(f64::NAN)),
            _ => Cell::text(text),
        };
        let rows = records.into_iter();
        Sheet {
            name: name.to_owned(),
            title: title.to_owned(),
            introduction: introduction.iter().map(|s| (*s).to_owned()).collect(),
            header,
            rows: rows
                .map(|row| row.into_iter().enumerate().map(cell).collect())
                .collect(),
        }
    }
}

fn texts(record: &csv::StringRecord) -> Vec<String> {
    record.iter().map(str::to_owned).collect()
}
