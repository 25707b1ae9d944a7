//! The records of a CSV text, one after the other. A text that is in memory already needs no buffer between, and a file
//! of ten lines is read in less time than a reader of streams takes to be made.

/// A text in records, as RFC 4180 has them: cells between commas, in double quotes where they hold a comma, a break or
/// a quote, which then stands twice. What is written otherwise is read as far as it goes: a quotation that never ends
/// runs to the end of the text, and a quote within a cell is a letter.
pub(super) struct Records<'a> {
    text: &'a str,
    /// The first byte that has not been read.
    at: usize,
}

/// The cells of one record, without their quotes.
#[derive(Debug, Default)]
pub(super) struct Record {
    cells: String,
    /// Where each cell ends.
    ends: Vec<usize>,
    /// Its bytes in the text, with line breaks before and after it.
    pub bytes: std::ops::Range<usize>,
}

impl Record {
    /// How many cells there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// A cell, counted from 0.
    pub fn get(&self, cell: usize) -> Option<&str> {
        let end = *self.ends.get(cell)?;
        let start = cell.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.cells.get(start..end)
    }

    /// The cells in their order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).filter_map(|cell| self.get(cell))
    }
}

impl<'a> Records<'a> {
    /// The records of a text.
    pub fn of(text: &'a str) -> Records<'a> {
        Records { text, at: 0 }
    }

    /// The cells of the first record, without the spaces around them; none where there is none.
    pub fn first(text: &str) -> Vec<String> {
        let mut record = Record::default();
        // A record that is not there has no cells.
        Records::of(text).read(&mut record);
        record.iter().map(|cell| cell.trim().to_owned()).collect()
    }

    /// Reads the next record in place of the one before; false at the end. Empty lines are none.
    pub fn read(&mut self, record: &mut Record) -> bool {
        record.cells.clear();
        record.ends.clear();
        let (bytes, start) = (self.text.as_bytes(), self.at);
        // A mark of UTF-8 belongs to the bytes of the first record, and to no cell.
        if start == 0 && self.text.starts_with('\u{feff}') {
            self.at = '\u{feff}'.len_utf8();
        }
        while let Some(b'\r' | b'\n') = bytes.get(self.at) {
            self.at += 1;
        }
        if self.at == bytes.len() {
            return false;
        }
        loop {
            self.cell(&mut record.cells);
            record.ends.push(record.cells.len());
            // What ends a cell is a comma, a line break, or the end.
            let mark = bytes.get(self.at);
            self.at += usize::from(mark.is_some());
            if mark != Some(&b',') {
                break;
            }
        }
        record.bytes = start..self.at;
        true
    }

    /// Reads a cell up to what ends it.
    fn cell(&mut self, cells: &mut String) {
        if self.text.as_bytes().get(self.at) == Some(&b'"') {
            self.at += 1;
            loop {
                cells.push_str(self.up_to(|byte| byte == b'"'));
                let quotes = &self.text.as_bytes()[self.at..];
                let is_twice = quotes.get(1) == Some(&b'"');
                self.at += quotes.len().min(1 + usize::from(is_twice));
                if !is_twice {
                    break;
                }
                cells.push('"');
            }
        }
        cells.push_str(self.up_to(|byte| matches!(byte, b',' | b'\r' | b'\n')));
    }

    /// What stands before the first of such bytes, each of which is a letter of its own.
    fn up_to(&mut self, is_end: impl Fn(u8) -> bool) -> &'a str {
        let rest = self.text.get(self.at..).unwrap_or("");
        let length = rest.bytes().position(is_end).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Cells and bytes of every record, by our reader and by that of the crate `csv`.
    fn both(text: &str) -> [Vec<(Vec<String>, usize, usize)>; 2] {
        let (mut records, mut record) = (Records::of(text), Record::default());
        let mut ours = Vec::new();
        while records.read(&mut record) {
            let cells = record.iter().map(str::to_owned).collect();
            ours.push((cells, record.bytes.start, record.bytes.end));
        }
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes());
        let (mut theirs, mut record) = (Vec::new(), csv::StringRecord::new());
        while reader.read_record(&mut record).unwrap_or(false) {
            let cells = record.iter().map(str::to_owned).collect();
            let start = record.position().map_or(0, |place| place.byte());
            theirs.push((cells, start as usize, reader.position().byte() as usize));
        }
        [ours, theirs]
    }

    #[test]
    fn every_short_text_is_read_as_the_crate_reads_it() {
        let letters = ["a", "\"", ",", "\n", "\r", "\u{feff}", "é"];
        let mut texts = vec![String::new()];
        for _ in 0..6 {
            let longer = texts
                .iter()
                .flat_map(|text| letters.map(|letter| text.clone() + letter));
            let longer: Vec<String> = longer.collect();
            for text in &texts {
                let [ours, theirs] = both(text);
                assert_eq!(ours, theirs, "{text:?}");
            }
            texts = longer;
        }
    }

    #[test]
    fn every_shipped_table_is_read_as_the_crate_reads_it() {
        for text in crate::document::library::shipped_tables() {
            let [ours, theirs] = both(text);
            assert!(ours == theirs && !ours.is_empty(), "{text:.60}");
        }
    }
}
