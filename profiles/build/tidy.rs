//! The one shape that every profile file of counts and rates shares.

use crate::areas::{SCOTLAND, SCOTLAND_NAME};
use crate::table::{put, writer};
use std::collections::BTreeSet;
use std::path::Path;

/// How far a printed number can be trusted to the unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// The number as published in a table.
    Exact,
    /// The number as rounded in a bulletin, news release or coarse table.
    Rounded,
    /// The publisher left the cell blank.
    Suppressed,
}

impl Precision {
    /// As in the files.
    pub fn word(self) -> &'static str {
        match self {
            Precision::Exact => "exact",
            Precision::Rounded => "rounded",
            Precision::Suppressed => "suppressed",
        }
    }
}

/// One published number.
#[derive(Clone, Debug)]
pub struct Tidy {
    /// The snake_case name that the model's history series refer to.
    pub measure: String,
    /// The GSS code, blank for a court-based group of councils.
    pub area_code: String,
    /// The council, Scotland or the court-based group.
    pub area_name: String,
    /// `2023-24`, `2023` or `2023-04`.
    pub period: String,
    /// Blank for the total, otherwise `key=value` pairs joined by `;`.
    pub breakdown: String,
    /// Nothing where the publisher left the cell blank.
    pub value: Option<f64>,
    /// What one unit of the value is.
    pub unit: String,
    /// How the number was printed.
    pub precision: Precision,
    /// A key that SOURCES.md explains.
    pub source: String,
}

impl Tidy {
    /// A published number for Scotland.
    pub fn national(measure: &str, period: &str, value: f64, unit: &str, source: &str) -> Self {
        Self::area(
            measure,
            (SCOTLAND, SCOTLAND_NAME),
            period,
            Some(value),
            (unit, source),
        )
    }

    /// A published number, or a suppressed one, for an area (code and name).
    pub fn area(
        measure: &str,
        (code, name): (&str, &str),
        period: &str,
        value: Option<f64>,
        (unit, source): (&str, &str),
    ) -> Self {
        Self {
            measure: measure.to_owned(),
            area_code: code.to_owned(),
            area_name: name.to_owned(),
            period: period.to_owned(),
            breakdown: String::new(),
            value,
            unit: unit.to_owned(),
            precision: value.map_or(Precision::Suppressed, |_| Precision::Exact),
            source: source.to_owned(),
        }
    }

    /// The same number for a part of the total.
    pub fn of(mut self, breakdown: impl Into<String>) -> Self {
        self.breakdown = breakdown.into();
        self
    }

    /// Marks the number as rounded if it is, unless it is suppressed.
    pub fn rounded_if(mut self, rounded: bool) -> Self {
        if rounded && self.value.is_some() {
            self.precision = Precision::Rounded;
        }
        self
    }

    /// What makes a row unique, and the order in which rows are written.
    pub fn key(&self) -> [&str; 5] {
        [
            &self.measure,
            &self.area_code,
            &self.area_name,
            &self.breakdown,
            &self.period,
        ]
    }
}

/// Writes a profile file sorted by measure, area, breakdown and period, and
/// refuses to state the same thing twice.
pub fn write(folder: &Path, file: &str, mut rows: Vec<Tidy>) -> Result<(), String> {
    rows.sort_by(|a, b| a.key().cmp(&b.key()));
    let keys: BTreeSet<_> = rows.iter().map(Tidy::key).collect();
    if keys.len() != rows.len() {
        let twice = rows.windows(2).find(|pair| pair[0].key() == pair[1].key());
        return Err(format!(
            "{file}: stated twice: {:?}",
            twice.map(|pair| pair[0].key())
        ));
    }
    let mut out = writer(folder, file)?;
    let header = "measure,area_code,area_name,period,breakdown,value,unit,precision,source";
    put(&mut out, file, &header.split(',').collect::<Vec<_>>())?;
    for row in &rows {
        let value = row.value.map(number).unwrap_or_default();
        put(
            &mut out,
            file,
            &[
                &row.measure,
                &row.area_code,
                &row.area_name,
                &row.period,
                &row.breakdown,
                &value,
                &row.unit,
                row.precision.word(),
                &row.source,
            ],
        )?;
    }
    out.flush().map_err(|e| format!("{file}: {e}"))
}

/// A number with at most four decimals and no trailing zeros, because the
/// spreadsheets carry binary noise beyond that.
pub fn number(value: f64) -> String {
    let rounded = (value * 10_000.0).round() / 10_000.0;
    // Adding zero turns minus zero into zero.
    format!("{}", rounded + 0.0)
}

/// A published label as a breakdown value: lower case, hyphens between words.
pub fn slug(label: &str) -> String {
    let spaced = label
        .replace('&', " and ")
        .replace("yrs", "years")
        .replace(['\'', '’'], "");
    let words: Vec<String> = spaced
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.join("-")
}

/// A sex as the profiles name it; nothing for both or for not known.
pub fn sex(label: &str) -> Option<&'static str> {
    match label.to_lowercase().as_str() {
        "male" | "males" | "men" => Some("men"),
        "female" | "females" | "women" => Some("women"),
        _ => None,
    }
}

/// An age band as the profiles name it: `21-25`, `under-21`, `over-40`.
pub fn age(label: &str) -> String {
    let label = label.trim().trim_start_matches("Age ");
    match label {
        "75 or over" => "75-and-over".to_owned(),
        "55+" | "90+" => label.replace('+', "-and-over"),
        "(Missing)" => "missing".to_owned(),
        _ => slug(&label.replace(" years", "").replace(" to ", "-")),
    }
}

/// Joins the parts of a breakdown that are present.
pub fn join(parts: &[Option<String>]) -> String {
    let present: Vec<&str> = parts.iter().flatten().map(String::as_str).collect();
    present.join(";")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_lose_binary_noise_only() {
        assert_eq!(number(14_170.0), "14170");
        assert_eq!(number(7_977.266_129_032_26), "7977.2661");
        assert_eq!(number(-0.000_001), "0");
    }

    #[test]
    fn labels_become_breakdown_values() {
        assert_eq!(slug("Over 2 years to < 4 yrs"), "over-2-years-to-4-years");
        assert_eq!(age("21 to 25"), "21-25");
        assert_eq!(age("Age under 21"), "under-21");
        assert_eq!(age("75 or over"), "75-and-over");
        assert_eq!(sex("Females"), Some("women"));
        assert_eq!(sex("All people"), None);
    }

    #[test]
    fn a_number_stated_twice_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let row = Tidy::national("people_convicted", "2022-23", 1.0, "people", "s");
        let error = write(folder.path(), "x.csv", vec![row.clone(), row.clone()]).unwrap_err();
        assert!(error.contains("people_convicted"), "{error}");
        let part = row.clone().of("sex=men");
        assert!(write(folder.path(), "x.csv", vec![row, part]).is_ok());
    }
}
