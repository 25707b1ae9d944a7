//! Text with places: which file, line and column, or which cell of a workbook, a value was read from.

use std::sync::Arc;

use super::records::Records;
use crate::diagnostic::Place;
use crate::quantity::Unit;

/// Where a value stands: bytes of one of the files read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct At {
    /// Index of the file.
    pub file: u32,
    /// Its first byte.
    pub start: u32,
    /// The byte after its last; equal to `start` when the file as a whole is meant.
    pub end: u32,
}

impl At {
    /// The first line, where the file as a whole is meant.
    pub(super) fn or_first_line(self) -> At {
        let end = match self.start == self.end {
            true => self.end + 1,
            false => self.end,
        };
        At { end, ..self }
    }
}

/// A value and where it stands.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where.
    pub at: At,
}

/// A word or a title. An empty one stands for a fault that has already been reported.
pub type Text = Spanned<String>;

impl Text {
    /// As a plain string.
    pub fn as_str(&self) -> &str {
        &self.value
    }

    /// Whether it stands for a fault that has already been reported.
    pub fn is_missing(&self) -> bool {
        self.value.is_empty()
    }
}

/// One file as it was read.
#[derive(Debug, Clone)]
pub struct Source {
    /// As the user would name it.
    pub name: String,
    /// Its text, without a byte order mark.
    pub text: Arc<str>,
    /// The byte at which each line begins.
    lines: Arc<[u32]>,
    /// The cells of a workbook from which the text was made, where it was.
    cells: Option<Arc<Cells>>,
    /// Whether this is the scenario.
    pub is_question: bool,
    /// Whether this is a table of local counts.
    pub is_local: bool,
}

/// Which cell of a workbook each part of a text was made from.
#[derive(Debug, Clone, Default)]
pub(super) struct Cells {
    /// The names of the sheets.
    pub sheets: Vec<String>,
    /// The parts, in the order of the text; each ends where the next begins.
    pub parts: Vec<Part>,
}

/// A part of a text, and the cells of one row from which it was made.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    /// Its first byte.
    pub start: u32,
    /// The index of the sheet.
    pub sheet: u32,
    /// The row, counted from 1.
    pub row: u32,
    /// The first and the last column, counted from 1.
    pub columns: (u32, u32),
}

impl Cells {
    fn part(&self, byte: u32) -> Option<&Part> {
        let after = self.parts.partition_point(|part| part.start <= byte);
        self.parts.get(after.checked_sub(1)?)
    }

    /// The cells from which these bytes were made: of one row, or the first of them.
    fn place(&self, file: &str, start: u32, end: u32) -> Place {
        let Some(first) = self.part(start) else {
            let sheet = self.sheets.first().cloned().unwrap_or_default();
            let file = file.to_owned();
            return Place {
                file,
                sheet,
                ..Place::default()
            };
        };
        let last = self.part(end.saturating_sub(1).max(start)).unwrap_or(first);
        let is_one_row = (last.sheet, last.row) == (first.sheet, first.row);
        let to = match is_one_row {
            true => last.columns.1.max(first.columns.1),
            false => first.columns.1,
        };
        Place {
            file: file.to_owned(),
            sheet: self.sheets[first.sheet as usize].clone(),
            line: first.row as usize,
            column: first.columns.0 as usize,
            length: (to + 1).saturating_sub(first.columns.0) as usize,
            ..Place::default()
        }
    }
}

impl Source {
    /// A file with this name and text.
    pub fn new(name: String, text: &str) -> Source {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let breaks = text.match_indices('\n').map(|(at, _)| at as u32 + 1);
        let lines: Vec<u32> = std::iter::once(0).chain(breaks).collect();
        Source {
            name,
            text: text.into(),
            lines: lines.into(),
            cells: None,
            is_question: false,
            is_local: false,
        }
    }

    /// A text that was made from cells of a workbook.
    pub(super) fn of_cells(name: String, text: &str, cells: Cells) -> Source {
        Source {
            cells: Some(Arc::new(cells)),
            ..Source::new(name, text)
        }
    }

    /// Whether the text was made from a workbook, whose cells do not say whether they hold words or numbers.
    pub(super) fn is_of_cells(&self) -> bool {
        self.cells.is_some()
    }

    /// The line, or the row of a sheet, counted from 1, on which a byte stands.
    pub fn line(&self, byte: u32) -> usize {
        if let Some(part) = self.cells.as_ref().and_then(|cells| cells.part(byte)) {
            return part.row as usize;
        }
        self.lines.partition_point(|start| *start <= byte).max(1)
    }

    /// The place of these bytes; a place that runs over several lines ends with its first.
    pub fn place(&self, start: u32, end: u32) -> Place {
        if let Some(cells) = &self.cells {
            let begin = self.text.get(..start as usize).unwrap_or("");
            let begin = begin.rfind('\n').map_or(0, |at| at + 1);
            let row = self.text.get(begin..).unwrap_or("");
            let text = row.lines().next().unwrap_or("").to_owned();
            let place = cells.place(&self.name, start, end);
            return Place {
                is_local: self.is_local && !self.holds_no_count(&text),
                text,
                is_question: self.is_question,
                ..place
            };
        }
        let number = self.line(start);
        let begin = self.lines.get(number - 1).copied().unwrap_or(0) as usize;
        let rest = self.text.get(begin..).unwrap_or("");
        let line = rest.lines().next().unwrap_or("");
        let from = (start as usize - begin).min(line.len());
        let to = (end as usize).saturating_sub(begin).clamp(from, line.len());
        let characters =
            |bytes: std::ops::Range<usize>| line.get(bytes).map_or(1, |part| part.chars().count());
        Place {
            file: self.name.clone(),
            line: number,
            column: characters(0..from) + 1,
            length: characters(from..to),
            text: line.to_owned(),
            is_question: self.is_question,
            is_local: self.is_local && !self.holds_no_count(line),
            ..Place::default()
        }
    }

    /// Whether a row of local parameters can be told as it is: a length of time, a cost or a number of places, without the
    /// counts it comes from. Any other row may hold how many people answered what, or a share that gives it away, and so
    /// may one that cannot be told apart into as many cells as the header has.
    fn holds_no_count(&self, row: &str) -> bool {
        let header = Records::first(self.text.lines().next().unwrap_or(""));
        let row = Records::first(row);
        let cell = |name: &str| {
            let place = header.iter().position(|own| own == name);
            place.and_then(|place| row.get(place)).map(String::as_str)
        };
        let unit = cell("unit").and_then(Unit::parse);
        let is_no_count = matches!(unit, Some(Unit::Time(_) | Unit::Gbp(_) | Unit::Places));
        let has_counts = ["events", "n"].map(cell).into_iter().flatten();
        header.len() == row.len() && is_no_count && has_counts.into_iter().all(str::is_empty)
    }

    /// The file as a whole.
    pub fn whole(&self) -> Place {
        Place {
            file: self.name.clone(),
            is_question: self.is_question,
            is_local: self.is_local,
            ..Place::default()
        }
    }

    /// The place of one cell of a CSV row: the cell is looked for again in the text, so that rows stay small.
    pub fn cell(&self, row: At, column: usize) -> Place {
        let record = self
            .text
            .get(row.start as usize..row.end as usize)
            .unwrap_or("");
        let spans = super::table::cell_spans(record);
        let Some(span) = spans.get(column) else {
            return self.place(row.start, row.end);
        };
        let place = self.place(row.start + span.start as u32, row.start + span.end as u32);
        Place {
            length: place.length.max(1),
            ..place
        }
    }
}

/// Every file read, so that any [`At`] can be shown.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    files: Vec<Source>,
}

impl Sources {
    /// Adds a file and says under which index.
    pub fn add(&mut self, source: Source) -> u32 {
        self.files.push(source);
        self.files.len() as u32 - 1
    }

    /// The file with this index.
    pub fn get(&self, file: u32) -> Option<&Source> {
        self.files.get(file as usize)
    }

    /// Whether a value stands in a file that the program brings along, to the last letter.
    pub fn is_shipped(&self, at: At) -> bool {
        self.get(at.file).is_some_and(super::library::is_shipped)
    }

    /// The file, line and column of a value.
    pub fn place(&self, at: At) -> Place {
        let Some(source) = self.get(at.file) else {
            return Place::default();
        };
        if at.start == at.end {
            return source.whole();
        }
        source.place(at.start, at.end)
    }

    /// The file and line of a value, or its row in a sheet, for the assumptions table.
    pub fn file_and_line(&self, at: At) -> String {
        let line_of = |source: &Source| match source.is_of_cells() {
            true => source.place(at.start, at.start).shown(),
            false => format!("{}:{}", source.name, source.line(at.start)),
        };
        self.get(at.file).map(line_of).unwrap_or_default()
    }

    /// The place of one cell of a CSV row, see [`Source::cell`].
    pub fn cell(&self, row: At, column: usize) -> Place {
        let cell = |source: &Source| source.cell(row, column);
        self.get(row.file).map(cell).unwrap_or_default()
    }
}
