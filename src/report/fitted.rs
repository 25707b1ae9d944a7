//! Fitted values back into the parameter tables they came from: the numbers of fitted rows, and the rows of later years.

use super::folder::WriteError;
use crate::calibrate::Ahead;
use std::collections::BTreeMap;
use std::path::Path;

/// Writes new values into a parameter table: `values` holds, by line (counted from 1), the value of the row that begins
/// there. An interval moves with its value. The file is replaced in one step, or left as it was.
pub fn rewrite_values(path: &Path, values: &BTreeMap<usize, f64>) -> Result<(), WriteError> {
    let mut table = Table::read(path)?;
    let columns = ["value", "low", "high"].map(|name| table.column(name));
    for (line, cells) in &mut table.rows {
        let Some(&value) = values.get(line) else {
            continue;
        };
        let old = columns[0].and_then(|at| cells[at].parse().ok());
        let old: f64 = old.unwrap_or(value);
        for at in columns.into_iter().flatten() {
            if !cells[at].is_empty() {
                let number: f64 = cells[at].parse().unwrap_or(value);
                cells[at] = significant(number / old * value);
            }
        }
    }
    table.write(path)
}

/// Replaces what a parameter table says of later years: `later` holds values with the line (counted from 1) of the row
/// that they follow, whose keys and source they take. Rows of the same keys that begin as late or later go. The file is
/// replaced in one step, or left as it was.
pub fn replace_later(path: &Path, later: &[(usize, &Ahead)]) -> Result<(), WriteError> {
    let table = Table::read(path)?;
    let mut new: BTreeMap<usize, Vec<Vec<String>>> = BTreeMap::new();
    for (line, ahead) in later {
        let Some((_, like)) = table.rows.iter().find(|(at, _)| at == line) else {
            continue;
        };
        let mut row = like.clone();
        for (name, text) in texts(ahead) {
            if let Some(at) = table.column(name) {
                row[at] = text;
            }
        }
        new.entry(*line).or_default().push(row);
    }
    let cell = |row: &[String], name| {
        table
            .column(name)
            .map_or("", |at| row[at].as_str())
            .to_owned()
    };
    let keys = |row: &[String]| ["id", "area", "sex", "age", "priors"].map(|name| cell(row, name));
    let firsts = new.values().filter_map(|rows| rows.first());
    let firsts: Vec<_> = firsts.map(|row| (keys(row), cell(row, "from"))).collect();
    let is_gone = |row: &[String]| {
        let (keys, from) = (keys(row), cell(row, "from"));
        firsts
            .iter()
            .any(|first| first.0 == keys && from >= first.1)
    };
    let mut rows = Vec::new();
    for (line, row) in &table.rows {
        rows.extend((!is_gone(row)).then(|| (*line, row.clone())));
        let added = new.get(line).into_iter().flatten();
        rows.extend(added.map(|row| (*line, row.clone())));
    }
    Table { rows, ..table }.write(path)
}

/// A parameter table: its header, and each row with the line that it begins on.
struct Table {
    header: csv::StringRecord,
    rows: Vec<(usize, Vec<String>)>,
}

impl Table {
    fn read(path: &Path) -> Result<Table, WriteError> {
        let fault =
            |error: csv::Error| WriteError::Io(path.to_path_buf(), std::io::Error::other(error));
        let mut reader = csv::Reader::from_path(path).map_err(fault)?;
        let header = reader.headers().map_err(fault)?.clone();
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(fault)?;
            let line = record.position().map_or(0, |at| at.line() as usize);
            rows.push((line, record.iter().map(str::to_owned).collect()));
        }
        Ok(Table { header, rows })
    }

    fn column(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|cell| cell == name)
    }

    /// Beside the old file first, then in its place.
    fn write(&self, path: &Path) -> Result<(), WriteError> {
        let fault = |error: std::io::Error| WriteError::Io(path.to_path_buf(), error);
        let mut writer = csv::Writer::from_writer(Vec::new());
        let written = writer.write_record(&self.header).and_then(|()| {
            let mut rows = self.rows.iter();
            rows.try_for_each(|(_, row)| writer.write_record(row))
        });
        written.map_err(|error| fault(std::io::Error::other(error)))?;
        let bytes = writer.into_inner();
        let bytes = bytes.map_err(|error| fault(std::io::Error::other(error.to_string())))?;
        let beside = path.with_extension("csv.new");
        std::fs::write(&beside, bytes).map_err(fault)?;
        std::fs::rename(&beside, path).map_err(fault)
    }
}

/// The cells of a later value that differ from the row it follows.
fn texts(ahead: &Ahead) -> Vec<(&'static str, String)> {
    vec![
        ("from", ahead.from.to_string()),
        ("value", significant(ahead.value)),
        ("low", significant(ahead.low)),
        ("high", significant(ahead.high)),
        ("level", String::new()),
        ("events", String::new()),
        ("n", String::new()),
        ("distribution", "walk".to_owned()),
        ("period", ahead.period()),
        ("grade", "study".to_owned()),
        ("note", ahead.note()),
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
    fn later_years_take_the_place_of_those_that_stood_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("fitted.csv");
        let table = "id,area,from,value,low,high,distribution,source,note\n\
            a,X,2022-04,2,,,,s,\na,X,2023-04,3,,,,s,old\na,Y,2023-04,4,,,,s,\nb,X,2023-04,5,,,,s,\n";
        std::fs::write(&path, table).unwrap();
        let year = |text| crate::quantity::FinancialYear::parse(text).unwrap();
        let ahead = |text, value| Ahead {
            like: 0,
            from: year(text).first_month(),
            value,
            low: 0.5 * value,
            high: 2.0 * value,
            history: (year("2013-14"), year("2022-23")),
        };
        let (first, second) = (ahead("2023-24", 1.5), ahead("2024-25", 1.6));
        replace_later(&path, &[(2, &first), (2, &second)]).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        let rows: Vec<Vec<&str>> = text.lines().map(|line| line.split(',').collect()).collect();
        let kept: Vec<&[&str]> = rows[1..].iter().map(|row| &row[..8]).collect();
        let wanted: [&[&str]; 5] = [
            &["a", "X", "2022-04", "2", "", "", "", "s"],
            &["a", "X", "2023-04", "1.5", "0.75", "3", "walk", "s"],
            &["a", "X", "2024-04", "1.6", "0.8", "3.2", "walk", "s"],
            &["a", "Y", "2023-04", "4", "", "", "", "s"],
            &["b", "X", "2023-04", "5", "", "", "", "s"],
        ];
        assert_eq!(kept, wanted, "{text}");
        assert!(text.contains("from 2013-14 to 2022-23"), "{text}");
        replace_later(&path, &[(2, &first), (2, &second)]).unwrap();
        assert_eq!(
            std::fs::read_to_string(&path).unwrap(),
            text,
            "once is enough"
        );
    }

    #[test]
    fn numbers_keep_six_digits() {
        assert_eq!(significant(0.012_345_678), "0.0123457");
        assert_eq!(significant(1234.5678), "1234.57");
        assert_eq!(significant(1.0), "1");
    }
}
