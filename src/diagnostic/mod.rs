//! What is wrong, where, and what to do about it. Imports nothing of the crate.

mod explain;
mod local;
mod render;

use std::borrow::Cow;

pub use explain::{MANUAL, codes, explain};
pub use render::{MOST_SHOWN, render};

/// How grave it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing runs.
    Error,
    /// It runs, and the reader should know.
    Warning,
}

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Place {
    /// The file as the user would name it.
    pub file: String,
    /// The sheet, where the file is a workbook; lines are then its rows, and columns its columns.
    pub sheet: String,
    /// Counted from 1; 0 when the fault is the file as a whole.
    pub line: usize,
    /// Counted from 1, in characters; 0 when the fault is the line as a whole.
    pub column: usize,
    /// How many characters, or columns of a sheet, are at fault; 0 when unknown.
    pub length: usize,
    /// The line itself, for the picture.
    pub text: String,
    /// Whether the file is the question itself rather than what it names: its faults are shown first.
    pub is_question: bool,
    /// Whether the file holds local counts, of which no digit is ever shown.
    pub is_local: bool,
}

impl Place {
    /// In one line: `scenario.toml:12`, or `local.xlsx: Services!C7`.
    pub fn shown(&self) -> String {
        match (self.sheet.is_empty(), self.line) {
            (true, 0) => self.file.clone(),
            (true, line) => format!("{}:{line}", self.file),
            (false, _) => format!("{}: {}", self.file, self.cells()),
        }
    }

    /// The cells as spreadsheets write them: `Services!C7`, `'Option costs'!A7:F7`.
    fn cells(&self) -> String {
        let is_plain = |letter: char| letter.is_alphanumeric() || letter == '_';
        let sheet = match self.sheet.chars().all(is_plain) {
            true => self.sheet.clone(),
            false => format!("'{}'", self.sheet.replace('\'', "''")),
        };
        let cell = |column: usize| format!("{}{}", letters(column), self.line);
        match (self.line, self.column) {
            (0, 0) => sheet,
            (0, column) => format!("{sheet}!{0}:{0}", letters(column)),
            (line, 0) => format!("{sheet}!{line}:{line}"),
            (_, column) if self.length < 2 => format!("{sheet}!{}", cell(column)),
            (_, column) => format!(
                "{sheet}!{}:{}",
                cell(column),
                cell(column + self.length - 1)
            ),
        }
    }
}

/// The name of a column counted from 1: `A`, `Z`, `AA`.
fn letters(column: usize) -> String {
    let Some(column) = column.checked_sub(1) else {
        return String::new();
    };
    let last = char::from(b'A' + (column % 26) as u8);
    format!("{}{last}", letters(column / 26))
}

/// One fault: a page of the manual.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// `E0..` files, `E1..` shape (`E12.` and `E13.` workbooks), `E2..` names, `E3..` numbers, `E4..` the system as a whole, `E5..` options,
    /// `E6..` series, `E7..` tables made elsewhere, `E8..` coalitions, `E90.` benchmarks,
    /// `E95.` parts and shards of runs, `E96.` sweeps, `E97.` disclosure control,
    /// `E98.` results of earlier runs.
    pub code: &'static str,
    /// How grave.
    pub severity: Severity,
    /// Where.
    pub place: Option<Place>,
    /// One fact, lower case, no full stop.
    pub message: String,
    /// What would have been right; borrowed where the program says the same of every file.
    pub expected: Option<Cow<'static, str>>,
    /// What is there.
    pub found: Option<String>,
    /// What to do; each can be done.
    pub hints: Vec<String>,
}

impl Diagnostic {
    /// An error with this code and message.
    pub fn error(code: &'static str, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            code,
            severity: Severity::Error,
            place: None,
            message: message.into(),
            expected: None,
            found: None,
            hints: Vec::new(),
        }
    }

    /// A warning with this code and message.
    pub fn warning(code: &'static str, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            severity: Severity::Warning,
            ..Diagnostic::error(code, message)
        }
    }

    /// At this place.
    pub fn at(mut self, place: &Place) -> Diagnostic {
        self.place = Some(place.clone());
        self
    }

    /// What would have been right.
    pub fn expected(mut self, expected: impl Into<Cow<'static, str>>) -> Diagnostic {
        self.expected = Some(expected.into());
        self
    }

    /// What is there.
    pub fn found(mut self, found: impl Into<String>) -> Diagnostic {
        self.found = Some(found.into());
        self
    }

    /// What to do.
    pub fn hint(mut self, hint: impl Into<String>) -> Diagnostic {
        self.hints.push(hint.into());
        self
    }

    /// `did you mean` with the nearest of `names`, when one is near enough.
    pub fn nearest<'a>(self, found: &str, names: impl IntoIterator<Item = &'a str>) -> Diagnostic {
        match nearest(found, names) {
            Some(name) => self.hint(format!("did you mean `{name}`?")),
            None => self,
        }
    }
}

/// The name nearest to `found` in lower case, within an edit distance of a third of its length (at least 1), with which
/// it has a letter in common.
pub fn nearest<'a>(found: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = found.to_lowercase();
    let n_letters = wanted.chars().count();
    let limit = (n_letters / 3).max(1).min(n_letters.saturating_sub(1));
    let wanted_letters = counts(&wanted);
    names
        .into_iter()
        .filter_map(|name| {
            let lower = name.to_lowercase();
            // Most names are far off, and their letters say so sooner than their order does.
            let may_be_near = fewest_edits(&wanted_letters, &counts(&lower)) <= limit;
            let distance = may_be_near.then(|| strsim::osa_distance(&wanted, &lower))?;
            (distance <= limit).then_some((distance, name))
        })
        .min()
        .map(|(_, name)| name)
}

/// How often each letter stands in a text; some letters count as one.
fn counts(text: &str) -> [usize; 64] {
    let mut counts = [0; 64];
    text.chars().for_each(|c| counts[c as usize % 64] += 1);
    counts
}

/// No fewer edits make one text of another than it has letters that the other lacks, since one edit brings or takes one
/// letter at most, and two letters that change places are the same letters.
fn fewest_edits(a: &[usize; 64], b: &[usize; 64]) -> usize {
    let lacking = |a: &[usize; 64], b: &[usize; 64]| -> usize {
        let pairs = a.iter().zip(b);
        pairs.map(|(a, b)| a.saturating_sub(*b)).sum()
    };
    lacking(a, b).max(lacking(b, a))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_found_whatever_its_letters() {
        let names = [
            "homes",
            "Wohnungen",
            "employment",
            "éducation",
            "a",
            "",
            "ab",
        ];
        let all =
            names
                .into_iter()
                .chain(["hmoes", "HOMES", "wohnung", "employmnet", "ducation", "b"]);
        for found in all {
            let wanted = found.to_lowercase();
            let n = wanted.chars().count();
            let limit = (n / 3).max(1).min(n.saturating_sub(1));
            let distances =
                names.map(|name| (strsim::osa_distance(&wanted, &name.to_lowercase()), name));
            let near = distances
                .into_iter()
                .filter(|(distance, _)| *distance <= limit);
            let expected = near.min().map(|(_, name)| name);
            assert_eq!(nearest(found, names), expected, "{found}");
        }
        assert_eq!(nearest("hmoes", names), Some("homes"));
    }
}
