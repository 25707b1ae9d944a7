//! Fitted values back into the parameter tables they came from: only the numbers of their rows change.

use super::folder::WriteError;
use std::collections::BTreeMap;
use std::path::Path;

/// Writes new values into a parameter table: `values` holds, by line (counted from 1), the value of the row that begins
/// there. An interval moves with its value. The file is replaced in one step, or left as it was.
pub fn rewrite_values(path: &Path, values: &BTreeMap<usize, f64>) -> Result<(), WriteError> {
    let fault = |error: std::io::Error| WriteError::Io(path.to_path_buf(), error);
    let csv_fault = |error: csv::Error| fault(std::io::Error::other(error));
    let mut reader = csv::Reader::from_path(path).map_err(csv_fault)?;
    let header = reader.headers().map_err(csv_fault)?.clone();
    let column = |name: &str| header.iter().position(|cell| cell == name);
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&header).map_err(csv_fault)?;
    for record in reader.records() {
        let record = record.map_err(csv_fault)?;
        let line = record.position().map_or(0, |at| at.line() as usize);
        let mut cells: Vec<String> = record.iter().map(str::to_owned).collect();
        if let Some(&value) = values.get(&line) {
            let old: f64 = column("value")
                .and_then(|at| cells[at].parse().ok())
                .unwrap_or(value);
            for name in ["value", "low", "high"] {
                let Some(at) = column(name).filter(|&at| !cells[at].is_empty()) else {
                    continue;
                };
                let number: f64 = cells[at].parse().unwrap_or(value);
                cells[at] = significant(number / old * value);
            }
        }
        writer.write_record(&cells).map_err(csv_fault)?;
    }
    let bytes = writer
        .into_inner()
        .map_err(|error| fault(std::io::Error::other(error.to_string())))?;
    let beside = path.with_extension("csv.new");
    std::fs::write(&beside, bytes).map_err(fault)?;
    std::fs::rename(&beside, path).map_err(fault)
}

/// Six significant digits: finer than any fit.
fn significant(value: f64) -> String {
    let digits = (5 - value.abs().max(1e-300).log10().floor() as i32).clamp(0, 12) as usize;
    let text = format!("{value:.digits$}");
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_named_rows_change_and_intervals_move_along() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("fitted.csv");
        std::fs::write(
            &path,
            "id,from,value,low,high,note\na,2013-04,2,1,4,\"one, two\"\nb,2013-04,3,,,x\n",
        )
        .unwrap();
        rewrite_values(&path, &BTreeMap::from([(2, 2.2)])).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(
            text,
            "id,from,value,low,high,note\na,2013-04,2.2,1.1,4.4,\"one, two\"\nb,2013-04,3,,,x\n"
        );
    }

    #[test]
    fn numbers_keep_six_digits() {
        assert_eq!(significant(0.012_345_678), "0.0123457");
        assert_eq!(significant(1234.5678), "1234.57");
        assert_eq!(significant(1.0), "1");
    }
}
