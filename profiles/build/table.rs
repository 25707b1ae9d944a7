//! Reads published tables and says exactly where a bad cell is.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::rc::Rc;

/// One record of a published table, with its place for error messages.
#[derive(Clone, Debug)]
pub struct Row {
    file: Rc<str>,
    line: u64,
    header: Rc<BTreeMap<String, usize>>,
    cells: csv::StringRecord,
}

impl Row {
    /// The text of a column, trimmed.
    pub fn text(&self, column: &str) -> Result<&str, String> {
        self.header
            .get(column)
            .and_then(|at| self.cells.get(*at))
            .map(str::trim)
            .ok_or_else(|| self.fault(&format!("no column '{column}'")))
    }

    /// The number in a column; a blank is a fault.
    pub fn number(&self, column: &str) -> Result<f64, String> {
        self.optional_number(column)?
            .ok_or_else(|| self.fault(&format!("column '{column}' is blank")))
    }

    /// The number in a column, or nothing where the publisher left it blank.
    pub fn optional_number(&self, column: &str) -> Result<Option<f64>, String> {
        let text = self.text(column)?;
        if text.is_empty() {
            return Ok(None);
        }
        match text.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(Some(value)),
            _ => Err(self.fault(&format!("column '{column}' holds '{text}', not a number"))),
        }
    }

    /// The whole number in a column, such as a year.
    pub fn year(&self, column: &str) -> Result<u16, String> {
        let text = self.text(column)?;
        text.parse()
            .map_err(|_| self.fault(&format!("column '{column}' holds '{text}', not a year")))
    }

    /// A message that names the file and line of this record.
    pub fn fault(&self, message: &str) -> String {
        format!("{}, line {}: {message}", self.file, self.line)
    }
}

/// Reads a published table that must have all the named columns.
pub fn read_table(folder: &Path, file: &str, columns: &[&str]) -> Result<Vec<Row>, String> {
    let path = folder.join(file);
    let mut reader =
        csv::Reader::from_path(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    let header = reader.headers().map_err(|e| format!("{file}: {e}"))?;
    let header: BTreeMap<String, usize> = header
        .iter()
        .enumerate()
        .map(|(at, name)| (name.trim_start_matches('\u{feff}').trim().to_owned(), at))
        .collect();
    if let Some(missing) = columns.iter().find(|c| !header.contains_key(**c)) {
        return Err(format!("{file}, line 1: no column '{missing}'"));
    }
    let (name, header) = (Rc::<str>::from(file), Rc::new(header));
    reader
        .records()
        .map(|record| {
            let cells = record.map_err(|e| format!("{file}: {e}"))?;
            Ok(Row {
                file: Rc::clone(&name),
                line: cells.position().map_or(0, csv::Position::line),
                header: Rc::clone(&header),
                cells,
            })
        })
        .collect()
}

/// The sha256 of a published table, in hexadecimal.
pub fn digest(folder: &Path, file: &str) -> Result<String, String> {
    use sha2::Digest as _;
    let bytes = std::fs::read(folder.join(file)).map_err(|e| format!("{file}: {e}"))?;
    let mut text = String::new();
    for byte in sha2::Sha256::digest(&bytes) {
        // Writing to a String cannot fail, so the result carries no news.
        let _ = write!(text, "{byte:02x}");
    }
    Ok(text)
}

/// Opens a profile file for writing.
pub fn writer(folder: &Path, file: &str) -> Result<csv::Writer<std::fs::File>, String> {
    let path = folder.join(file);
    csv::Writer::from_path(&path).map_err(|e| format!("{}: {e}", path.display()))
}

/// Writes one record, naming the file if that fails.
pub fn put<W: std::io::Write>(
    writer: &mut csv::Writer<W>,
    file: &str,
    cells: &[&str],
) -> Result<(), String> {
    writer
        .write_record(cells)
        .map_err(|e| format!("{file}: {e}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes one small table and reads two columns of it.
    fn read(text: &str) -> Result<Vec<Row>, String> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("t.csv"), text).unwrap();
        read_table(folder.path(), "t.csv", &["year", "value"])
    }

    #[test]
    fn a_missing_file_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let error = read_table(folder.path(), "absent.csv", &[]).unwrap_err();
        assert!(error.contains("absent.csv"), "{error}");
    }

    #[test]
    fn a_missing_column_is_named() {
        let error = read("year,count\n2023,1\n").unwrap_err();
        assert_eq!(error, "t.csv, line 1: no column 'value'");
    }

    #[test]
    fn a_bad_number_is_placed() {
        let rows = read("year,value\n2023,1\n2024,n/a\n").unwrap();
        assert_eq!(rows[0].number("value").unwrap(), 1.0);
        let error = rows[1].number("value").unwrap_err();
        assert_eq!(
            error,
            "t.csv, line 3: column 'value' holds 'n/a', not a number"
        );
    }

    #[test]
    fn a_blank_is_no_number() {
        let rows = read("year,value\n2023,\n").unwrap();
        assert_eq!(rows[0].optional_number("value").unwrap(), None);
        assert!(rows[0].number("value").unwrap_err().contains("is blank"));
    }
}
