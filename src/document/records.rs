//! The records of a CSV text, where they begin and end.

use std::cell::RefCell;

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

thread_local! {
    /// Readers that are done with a text and may read another.
    static SPARE: RefCell<Vec<Reader>> = const { RefCell::new(Vec::new()) };
}

/// The rows of a text, one at a time. The program reads many short tables, for each of which `csv::Reader` would work
/// out its table of states and make room for its buffer again: that took longer than reading them.
pub(super) struct Records<'a> {
    /// Always there, until it is put back among the spare ones.
    reader: Option<Reader>,
    text: &'a str,
    /// The first byte of the record.
    pub start: usize,
    /// The byte after its last, and after what ends it.
    pub end: usize,
    bytes: Vec<u8>,
    /// Where each cell ends among the bytes.
    ends: Vec<usize>,
    n_cells: usize,
}

impl<'a> Records<'a> {
    /// Before the first record.
    pub fn new(text: &'a str) -> Records<'a> {
        let spare = SPARE.with_borrow_mut(Vec::pop);
        // Neither the default nor a clone has a table of states, and neither says so.
        let reader = spare.unwrap_or_else(|| ReaderBuilder::new().build());
        Records {
            reader: Some(reader),
            text,
            start: 0,
            end: 0,
            bytes: Vec::new(),
            ends: Vec::new(),
            n_cells: 0,
        }
    }

    /// Goes on to the next record; false where there is none.
    pub fn advance(&mut self) -> bool {
        let Some(reader) = &mut self.reader else {
            return false;
        };
        self.start = self.end;
        let (mut n_bytes, mut n_cells) = (0, 0);
        loop {
            let (result, n_read, n_written, n_ended) = reader.read_record(
                &self.text.as_bytes()[self.end..],
                &mut self.bytes[n_bytes..],
                &mut self.ends[n_cells..],
            );
            self.end += n_read;
            n_bytes += n_written;
            n_cells += n_ended;
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => {
                    self.bytes.resize((2 * self.bytes.len()).max(256), 0)
                }
                ReadRecordResult::OutputEndsFull => {
                    self.ends.resize((2 * self.ends.len()).max(16), 0)
                }
                ReadRecordResult::Record => {
                    self.n_cells = n_cells;
                    return true;
                }
                ReadRecordResult::End => {
                    self.n_cells = 0;
                    return false;
                }
            }
        }
    }

    /// How many cells the record has.
    pub fn len(&self) -> usize {
        self.n_cells
    }

    /// The cell in this column. A cell of a text is text: only marks of one byte are taken out of it.
    pub fn get(&self, column: usize) -> Option<&str> {
        let end = *self.ends[..self.n_cells].get(column)?;
        let start = column.checked_sub(1).map_or(0, |before| self.ends[before]);
        std::str::from_utf8(&self.bytes[start..end]).ok()
    }

    /// The cells, without the spaces around them.
    pub fn trimmed(&self) -> impl Iterator<Item = &str> {
        (0..self.n_cells).map(|column| self.get(column).unwrap_or("").trim())
    }
}

impl Drop for Records<'_> {
    fn drop(&mut self) {
        if let Some(mut reader) = self.reader.take() {
            reader.reset();
            SPARE.with_borrow_mut(|spare| spare.push(reader));
        }
    }
}

/// The cells of the first record of a text, without the spaces around them; none where there is no record.
pub(super) fn first_cells(text: &str) -> Vec<String> {
    let mut records = Records::new(text);
    records.advance();
    records.trimmed().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each record with its place, as `csv::Reader` tells it.
    fn by_the_reader(text: &str) -> Vec<(usize, usize, Vec<String>)> {
        let mut builder = csv::ReaderBuilder::new();
        let builder = builder.has_headers(false).flexible(true);
        let mut reader = builder.from_reader(text.as_bytes());
        let mut record = csv::StringRecord::new();
        let mut all = Vec::new();
        while reader.read_record(&mut record).unwrap() {
            let start = record.position().unwrap().byte() as usize;
            let cells = record.iter().map(str::to_owned).collect();
            all.push((start, reader.position().byte() as usize, cells));
        }
        all
    }

    #[test]
    fn records_are_those_of_the_library_with_their_places() {
        let long = format!("a,{}\n\"{}\"", "long ".repeat(4000), "more\n".repeat(3000));
        let wide = ",x".repeat(9000);
        for text in [
            "",
            "\n",
            "a",
            "a,b\nc,d",
            "a,b\r\nc,d\r\n",
            "\r\r\na,b\n\n\n c ,\"d,\"\"e\"\n",
            "\u{feff}a,b\n1,2",
            "a,\"open\n1,2\n",
            "a\"b,c\"d\n\"a\"b,\"\"\n,\n,,",
            "é,\u{202e}\n\u{0},\t",
            long.as_str(),
            wide.as_str(),
        ] {
            let mut records = Records::new(text);
            let mut all = Vec::new();
            while records.advance() {
                let cells = (0..records.len()).map(|column| records.get(column).unwrap());
                let cells: Vec<String> = cells.map(str::to_owned).collect();
                all.push((records.start, records.end, cells));
            }
            assert_eq!(all, by_the_reader(text), "{text:.80}");
        }
    }
}
