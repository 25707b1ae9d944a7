//! Rows to comma-separated values: quoted where they must be.

use super::number::plain;

/// A CSV being written: quoted where it must be.
pub(super) struct Csv {
    bytes: Vec<u8>,
}

impl Csv {
    /// A table with these columns.
    pub fn new(header: &[&str]) -> Csv {
        let mut table = Csv { bytes: Vec::new() };
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
            self.cell(&plain(number));
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
        let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
        if is_formula && text.parse::<f64>().is_err() {
            return self.cell(&format!("'{text}"));
        }
        if text.contains([',', '"', '\n', '\r']) {
            self.bytes.push(b'"');
            self.bytes.extend(text.replace('"', "\"\"").bytes());
            self.bytes.push(b'"');
        } else {
            self.bytes.extend(text.bytes());
        }
        self.bytes.push(b',');
    }

    /// The table.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    fn end(&mut self) {
        self.bytes.pop();
        self.bytes.push(b'\n');
    }
}
