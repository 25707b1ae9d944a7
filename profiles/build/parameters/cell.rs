//! One row of a parameter table: a number that cannot be written without its evidence.

use crate::table::{put, writer};
use std::path::Path;

/// The columns of every parameter table.
pub const HEADER: [&str; 20] = [
    "id",
    "area",
    "sex",
    "age",
    "priors",
    "from",
    "value",
    "low",
    "high",
    "level",
    "events",
    "n",
    "distribution",
    "unit",
    "period",
    "population",
    "source",
    "url",
    "grade",
    "note",
];

/// Where a number comes from and how good it is.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    /// As in the model language, such as `share`.
    pub unit: &'static str,
    /// The time the evidence is from.
    pub period: String,
    /// The people and place it is about.
    pub population: &'static str,
    /// The publication and its tables.
    pub source: &'static str,
    /// Its address.
    pub url: &'static str,
    /// `official`, `study`, `transferred`, `judgement` or `placeholder`.
    pub grade: &'static str,
    /// How the number was made.
    pub note: String,
}

/// One number of a parameter.
#[derive(Clone, Debug, Default)]
pub struct Cell {
    id: String,
    keys: [String; 5],
    value: f64,
    interval: Option<(f64, f64)>,
    counted: Option<(f64, f64)>,
    evidence: Evidence,
}

impl Cell {
    /// A number that holds for everybody, always.
    pub fn new(id: &str, value: f64, evidence: &Evidence) -> Self {
        Self {
            id: id.to_owned(),
            value,
            evidence: evidence.clone(),
            ..Self::default()
        }
    }

    /// For one council only.
    pub fn area(mut self, code: &str) -> Self {
        self.keys[0] = code.to_owned();
        self
    }

    /// For one sex only.
    pub fn sex(mut self, sex: &str) -> Self {
        self.keys[1] = sex.to_owned();
        self
    }

    /// For one age band only.
    pub fn age(mut self, age: &str) -> Self {
        self.keys[2] = age.to_owned();
        self
    }

    /// For one band of previous convictions only.
    pub fn priors(mut self, priors: &str) -> Self {
        self.keys[3] = priors.to_owned();
        self
    }

    /// From the April of this year.
    pub fn from(mut self, year: u16) -> Self {
        self.keys[4] = format!("{year}-04");
        self
    }

    /// From the October before this year, for what answers half a year later.
    pub fn autumn_before(mut self, year: u16) -> Self {
        self.keys[4] = format!("{}-10", year - 1);
        self
    }

    /// With a 95% interval.
    pub fn between(mut self, low: f64, high: f64) -> Self {
        self.interval = Some((low, high));
        self
    }

    /// Seen this often among so many.
    pub fn counted(mut self, events: f64, n: f64) -> Self {
        self.counted = Some((events, n));
        self
    }

    /// How often it was seen, and among how many.
    pub fn counts(&self) -> Option<(f64, f64)> {
        self.counted
    }

    /// The same number without a law.
    pub fn certain(self) -> Self {
        Self {
            interval: None,
            counted: None,
            ..self
        }
    }

    /// The number.
    pub fn value(&self) -> f64 {
        self.value
    }

    /// The year from whose April it holds, where it is dated.
    pub fn year(&self) -> Option<u16> {
        self.keys[4].get(..4)?.parse().ok()
    }

    /// Whether it holds for the same people as another, whatever the year.
    pub fn is_about(&self, other: &Self) -> bool {
        self.id == other.id && self.keys[..4] == other.keys[..4]
    }

    /// The same with another number and another note, and no interval.
    pub fn again(&self, value: f64, note: &str) -> Self {
        let evidence = Evidence {
            note: note.to_owned(),
            ..self.evidence.clone()
        };
        Self {
            value,
            interval: None,
            counted: None,
            evidence,
            ..self.clone()
        }
    }

    /// The parameter it belongs to.
    pub fn id(&self) -> &str {
        &self.id
    }

    fn record(&self) -> Vec<String> {
        let pair = |pair: Option<(f64, f64)>| {
            pair.map_or_else(Default::default, |(a, b)| [digits(a), digits(b)])
        };
        let ([low, high], [events, n]) = (pair(self.interval), pair(self.counted));
        let e = &self.evidence;
        let mut record = vec![self.id.clone()];
        record.extend(self.keys.iter().cloned());
        record.extend([digits(self.value), low, high, String::new(), events, n]);
        let texts = [
            "",
            e.unit,
            &e.period,
            e.population,
            e.source,
            e.url,
            e.grade,
            &e.note,
        ];
        record.extend(texts.map(str::to_owned));
        record
    }
}

/// Writes one table.
pub fn write(out: &Path, file: &str, cells: &[Cell]) -> Result<(), String> {
    let mut writer = writer(out, file)?;
    put(&mut writer, file, &HEADER)?;
    for cell in cells {
        let record = cell.record();
        let record: Vec<&str> = record.iter().map(String::as_str).collect();
        put(&mut writer, file, &record)?;
    }
    writer.flush().map_err(|e| format!("{file}: {e}"))
}

/// Six significant digits, without trailing noughts.
pub fn digits(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return "0".to_owned();
    }
    let decimals = (5.0 - value.abs().log10().floor()).clamp(0.0, 12.0) as usize;
    let text = format!("{value:.decimals$}");
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}

/// `2013-14` for 2013.
pub fn financial_year(year: u16) -> String {
    format!("{year}-{:02}", (year + 1) % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_digits_are_kept() {
        assert_eq!(digits(0.123_456_78), "0.123457");
        assert_eq!(digits(47140.0), "47140");
        assert_eq!(digits(1.5), "1.5");
        assert_eq!(digits(0.0), "0");
    }

    #[test]
    fn a_financial_year_is_named_by_both_years() {
        assert_eq!(financial_year(2013), "2013-14");
        assert_eq!(financial_year(1999), "1999-00");
    }

    #[test]
    fn a_record_has_a_cell_for_every_column() {
        let cell = Cell::new("p", 0.5, &Evidence::default())
            .from(2013)
            .between(0.4, 0.6);
        assert_eq!(cell.record().len(), HEADER.len());
        assert_eq!(cell.record()[5], "2013-04");
    }
}
