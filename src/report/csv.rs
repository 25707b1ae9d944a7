//! Rows to comma-separated values: quoted where they must be.

use super::number::Digits;

/// What a formula may begin with: the wide forms are taken for the narrow ones by programs set to East Asian languages,
/// and what stands before a line's end may be passed over.
const FORMULAS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// A CSV being written: quoted where it must be.
pub(super) struct Csv {
    text: String,
    digits: Digits,
}

impl Csv {
    /// A table with these columns.
    pub fn new(header: &[&str]) -> Csv {
        Csv::to(header, Digits::Seven)
    }

    /// The same with numbers of so many digits.
    pub fn to(header: &[&str], digits: Digits) -> Csv {
        let mut table = Csv {
            text: String::new(),
            digits,
        };
        table.cells(&header.iter().map(|h| (*h).to_owned()).collect::<Vec<_>>());
        table
    }

    /// A row of words, then numbers.
    pub fn row<S: AsRef<str>, const W: usize, const N: usize>(
        &mut self,
        words: [S; W],
        numbers: [f64; N],
    ) {
        for word in words {
            self.cell(word.as_ref());
        }
        for number in numbers {
            self.digits.write_plain(&mut self.text, number);
            self.text.push(',');
        }
        self.end();
    }

    /// A row of cells.
    pub fn cells(&mut self, cells: &[String]) {
        for cell in cells {
            self.cell(cell);
        }
        self.end();
    }

    /// Every cell is followed by a comma; the last one becomes the line's end. Words that a spreadsheet would take for a
    /// formula are led by an apostrophe, which makes them words there.
    fn cell(&mut self, text: &str) {
        let is_formula = text.starts_with(FORMULAS);
        if is_formula && text.parse::<f64>().is_err() {
            return self.cell(&format!("'{text}"));
        }
        let is_quoted = |byte: u8| matches!(byte, b',' | b'"' | b'\n' | b'\r');
        if text.bytes().any(is_quoted) {
            self.text.push('"');
            self.text.push_str(&text.replace('"', "\"\""));
            self.text.push('"');
        } else {
            self.text.push_str(text);
        }
        self.text.push(',');
    }

    /// The table.
    pub fn into_bytes(self) -> Vec<u8> {
        self.text.into_bytes()
    }

    fn end(&mut self) {
        self.text.pop();
        self.text.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_begin_as_formulas_do_are_words_and_numbers_stay_numbers() {
        let written = |cell: &str| {
            let mut table = Csv::new(&["a", "b"]);
            table.cells(&[cell.to_owned(), String::new()]);
            String::from_utf8(table.into_bytes()).unwrap()
        };
        for first in FORMULAS {
            let text = written(&format!("{first}HYPERLINK(1)"));
            let cell = text.strip_prefix("a,b\n").unwrap().trim_start_matches('"');
            assert!(cell.starts_with(&format!("'{first}")), "{text:?}");
        }
        for number in ["-1.5", "+2", "1e-3"] {
            assert_eq!(written(number), format!("a,b\n{number},\n"));
        }
        assert_eq!(written("a=b"), "a,b\na=b,\n");
    }
}
