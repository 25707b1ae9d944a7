//! Fitted values back into the parameter tables they came from: only the numbers of their rows change.

use super::folder::WriteError;
use crate::calibrate::Ahead;
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

/// Replaces what a parameter table says of later years: `later` holds values with the line (counted from 1) of the row
/// that they follow, whose keys and source they take. Rows of the same keys that begin as late or later go. The file is
/// replaced in one step, or left as it was.
pub fn replace_later(path: &Path, later: &[(usize, &Ahead)]) -> Result<(), WriteError> {
    let fault = |error: std::io::Error| WriteError::Io(path.to_path_buf(), error);
    let csv_fault = |error: csv::Error| fault(std::io::Error::other(error));
    let mut reader = csv::Reader::from_path(path).map_err(csv_fault)?;
    let header = reader.headers().map_err(csv_fault)?.clone();
    let mut rows: Vec<(usize, Vec<String>)> = Vec::new();
    for record in reader.records() {
        let record = record.map_err(csv_fault)?;
        let line = record.position().map_or(0, |at| at.line() as usize);
        rows.push((line, record.iter().map(str::to_owned).collect()));
    }
    let column = |name: &str| header.iter().position(|cell| cell == name);
    let cell =
        |row: &[String], name: &str| column(name).map_or(String::new(), |at| row[at].clone());
    let keys = |row: &[String]| ["id", "area", "sex", "age", "priors"].map(|name| cell(row, name));
    let mut new: BTreeMap<usize, Vec<Vec<String>>> = BTreeMap::new();
    for (line, ahead) in later {
        let Some((_, like)) = rows.iter().find(|(at, _)| at == line) else {
            continue;
        };
        let mut row = like.clone();
        for (name, text) in texts(ahead) {
            if let Some(at) = column(name) {
                row[at] = text;
            }
        }
        new.entry(*line).or_default().push(row);
    }
    let gone = |row: &[String]| {
        new.values()
            .filter_map(|rows| rows.first())
            .any(|first| keys(first) == keys(row) && cell(row, "from") >= cell(first, "from"))
    };
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&header).map_err(csv_fault)?;
    for (line, row) in &rows {
        if !gone(row) {
            writer.write_record(row).map_err(csv_fault)?;
        }
        for row in new.get(line).into_iter().flatten() {
            writer.write_record(row).map_err(csv_fault)?;
        }
    }
    let bytes = writer
        .into_inner()
        .map_err(|error| fault(std::io::Error::other(error.to_string())))?;
    let beside = path.with_extension("csv.new");
    std::fs::write(&beside, bytes).map_err(fault)?;
    std::fs::rename(&beside, path).map_err(fault)
}

/// The cells of a later value that differ from the row it follows.
fn texts(ahead: &Ahead) -> Vec<(&'static str, String)> {
    let (first, last) = ahead.history;
    let note = format!(
        "Forecast by needscast calibrate from {first} to {last}: level and slope of the fitted values by filter, with rare \
         jumps; a walk, so that the years of one draw hang together. The mean stays at the median."
    );
    vec![
        ("from", ahead.from.to_string()),
        ("value", significant(ahead.value)),
        ("low", significant(ahead.low)),
        ("high", significant(ahead.high)),
        ("level", String::new()),
        ("events", String::new()),
        ("n", String::new()),
        ("distribution", "walk".to_owned()),
        ("period", format!("{first} to {last}")),
        ("grade", "study".to_owned()),
        ("note", note),
    ]
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
