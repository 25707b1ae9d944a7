//! Reads published worksheets as they stand, with titles above and notes below the table.

use std::path::Path;

/// The rows of one worksheet.
pub struct Sheet {
    file: String,
    rows: Vec<Vec<String>>,
}

impl Sheet {
    /// Reads a worksheet saved as CSV.
    pub fn read(folder: &Path, file: &str) -> Result<Self, String> {
        let path = folder.join("tables").join(file);
        let rows = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_path(&path)
            .map_err(|e| format!("{}: {e}", path.display()))?
            .records()
            .map(|record| {
                let record = record.map_err(|e| format!("{file}: {e}"))?;
                Ok(record.iter().map(|cell| cell.trim().to_owned()).collect())
            })
            .collect::<Result<_, String>>()?;
        Ok(Self {
            file: file.to_owned(),
            rows,
        })
    }

    /// The place of the first row from `start` on whose label begins so.
    pub fn find(&self, label: &str, start: usize) -> Result<usize, String> {
        self.rows
            .iter()
            .enumerate()
            .skip(start)
            .find(|(_, row)| row.first().is_some_and(|cell| cell.starts_with(label)))
            .map(|(at, _)| at)
            .ok_or_else(|| format!("{}: no row '{label}'", self.file))
    }

    /// A number, or nothing where it is suppressed.
    pub fn number(&self, row: usize, column: usize) -> Option<f64> {
        self.rows.get(row)?.get(column)?.parse().ok()
    }

    /// A number that must be there.
    pub fn must(&self, row: usize, column: usize) -> Result<f64, String> {
        self.number(row, column)
            .ok_or_else(|| format!("{}: no number in row {row}, column {column}", self.file))
    }

    /// The number in the row with this label.
    pub fn of(&self, label: &str, column: usize) -> Result<f64, String> {
        self.must(self.find(label, 0)?, column)
    }
}
