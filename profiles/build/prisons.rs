//! The prison population of Scotland by year, month, status and sentence.

use crate::table::{Row, read_table};
use crate::tidy::{Tidy, age, join, sex, slug};
use std::path::Path;

/// The published tables this module reads.
pub const FILES: &[&str] = &[ANNUAL, MONTHLY, AGE_SEX, STATUS_AGE_SEX, SENTENCE];
pub const ANNUAL: &str = "prison_population_national_annual.csv";
const MONTHLY: &str = "prison_population_national_monthly_2019_2024.csv";
const AGE_SEX: &str = "prison_population_national_age_sex_2009_2023.csv";
const STATUS_AGE_SEX: &str = "prison_population_national_legal_status_age_sex.csv";
const SENTENCE: &str = "prison_population_national_index_sentence.csv";

/// The unit of an average daily population.
const AVERAGE: &str = "people";

/// A legal status as the profiles name it.
pub fn status(row: &Row, column: &str) -> Result<String, String> {
    let name = match row.text(column)? {
        "Untried" => "untried",
        "CAS" => "convicted-awaiting-sentence",
        "Sentenced" | "sentenced" => "sentenced",
        "remand" => "remand",
        "Unknown" => "unknown",
        other => return Err(row.fault(&format!("unknown legal status '{other}'"))),
    };
    Ok(format!("legal_status={name}"))
}

/// The prison population of Scotland, by year and by month.
pub fn national(folder: &Path) -> Result<Vec<Tidy>, String> {
    let mut rows = annual(folder)?;
    rows.extend(months(folder)?);
    rows.extend(by_age_and_sex(folder)?);
    rows.extend(by_legal_status(folder)?);
    rows.extend(by_sentence(folder)?);
    Ok(rows)
}

/// Table X1: averages of months by legal status.
pub fn months(folder: &Path) -> Result<Vec<Tidy>, String> {
    let mut rows = Vec::new();
    for row in read_table(
        folder,
        MONTHLY,
        &["period", "period_type", "population", "value"],
    )? {
        if row.text("period_type")? != "month" {
            continue;
        }
        let breakdown = match row.text("population")? {
            "total" => String::new(),
            _ => status(&row, "population")?,
        };
        let (period, value) = (row.text("period")?, row.number("value")?);
        let tidy = Tidy::national("prison_population", period, value, AVERAGE, "pps-x1");
        rows.push(tidy.of(breakdown));
    }
    Ok(rows)
}

/// Tables A1, A2, C1 and E1. From 2009-10 the population is the reconstruction
/// of cells ("cellwise"), because only its parts add to its total; before that
/// it is the official average, and that is kept for every year beside it.
fn annual(folder: &Path) -> Result<Vec<Tidy>, String> {
    let mut rows = Vec::new();
    for row in read_table(folder, ANNUAL, &["table", "year", "measure", "value"])? {
        let (table, year) = (row.text("table")?, row.text("year")?);
        let (value, published) = (row.number("value")?, row.text("measure")?);
        let label = published.trim_end_matches(" (cellwise)");
        let cellwise = label != published;
        let breakdown = match label {
            "Men" | "Women" => format!("sex={}", slug(label)),
            "Under 21" | "21 and over" => format!("age={}", slug(label)),
            "1 arrival" | "2 arrivals" | "3+ arrivals" | "1 departure" | "2 departures"
            | "3+ departures" => times(label),
            "Full-year" | "Part-year" => format!("stay={}", slug(label)),
            _ => String::new(),
        };
        let mut add = |measure: &str, unit: &str, source: &str| {
            let tidy = Tidy::national(measure, year, value, unit, source);
            rows.push(tidy.of(breakdown.clone()));
        };
        match (table, label) {
            ("A1" | "A2", _) if cellwise => add("prison_population", AVERAGE, "pps-cellwise"),
            ("A1" | "A2", _) => {
                if year < "2009-10" {
                    add("prison_population", AVERAGE, "pps-official");
                }
                add(
                    "prison_population_official_average",
                    AVERAGE,
                    "pps-official",
                );
            }
            ("C1", "Total People Arriving" | "1 arrival" | "2 arrivals" | "3+ arrivals") => {
                add("prison_people_arriving", "people", "pps-c1");
            }
            ("C1", "Total People Departing" | "1 departure" | "2 departures" | "3+ departures") => {
                add("prison_people_departing", "people", "pps-c1");
            }
            ("E1", "Total People" | "Full-year" | "Part-year") => {
                add("prison_population_individuals", "people", "pps-e1");
            }
            _ => {}
        }
    }
    Ok(rows)
}

/// How often people arrived or departed in the year.
fn times(label: &str) -> String {
    let count = label.split(' ').next().unwrap_or_default();
    format!("times={}", count.replace('+', "-and-over"))
}

/// Table B2. Averages by sex and in total are in tables A1 and A2 already, and
/// individuals in total in table E1.
fn by_age_and_sex(folder: &Path) -> Result<Vec<Tidy>, String> {
    let mut rows = Vec::new();
    for row in read_table(folder, AGE_SEX, &["year", "sex", "age", "measure", "value"])? {
        let (men_women, band) = (row.text("sex")?, row.text("age")?);
        let breakdown = match (men_women, band) {
            ("All", "All") => continue,
            ("All", band) => format!("age={}", age(band)),
            (label, _) => format!("sex={}", sex(label).unwrap_or("missing")),
        };
        let measure = match (row.text("measure")?, sex(men_women)) {
            ("average", None) => "prison_population",
            ("individuals", _) => "prison_population_individuals",
            _ => continue,
        };
        rows.push(population(&row, measure, breakdown, "pps-b2")?);
    }
    Ok(rows)
}

/// Table M1: legal status, and its parts by sex and by age.
fn by_legal_status(folder: &Path) -> Result<Vec<Tidy>, String> {
    let columns = ["year", "legal_status", "sex", "age", "measure", "value"];
    let mut rows = Vec::new();
    for row in read_table(folder, STATUS_AGE_SEX, &columns)? {
        let Some(measure) = kind(&row)? else { continue };
        let part = match (row.text("sex")?, row.text("age")?) {
            ("All", "All") => None,
            ("All", band) => Some(format!("age={}", age(band))),
            (label, "All") => sex(label).map(|s| format!("sex={s}")),
            _ => continue,
        };
        let missing = part.is_none() && row.text("sex")? != "All";
        // Individuals by age stay in the publication, to keep the file small.
        let fine = row.text("age")? != "All" && measure == "prison_population_individuals";
        if missing || fine {
            continue;
        }
        let breakdown = join(&[Some(status(&row, "legal_status")?), part]);
        rows.push(population(&row, measure, breakdown, "pps-m1")?);
    }
    Ok(rows)
}

/// Table M3: sentenced people by the band of their index sentence.
fn by_sentence(folder: &Path) -> Result<Vec<Tidy>, String> {
    let columns = [
        "year",
        "legal_status",
        "index_sentence",
        "sex",
        "age",
        "measure",
        "value",
    ];
    let mut rows = Vec::new();
    for row in read_table(folder, SENTENCE, &columns)? {
        let Some(measure) = kind(&row)? else { continue };
        if row.text("legal_status")? != "Sentenced" {
            continue;
        }
        let part = match row.text("sex")? {
            "All" => None,
            label => match sex(label) {
                Some(sex) if measure == "prison_population" => Some(format!("sex={sex}")),
                _ => continue,
            },
        };
        let sentence = format!("sentence={}", band(row.text("index_sentence")?));
        rows.push(population(
            &row,
            measure,
            join(&[Some(sentence), part]),
            "pps-m3",
        )?);
    }
    Ok(rows)
}

/// A sentence or time band: `0<=3 months` is more than 0 and up to 3.
pub fn band(label: &str) -> String {
    match label {
        "10+ yrs" => "10-years-and-over".to_owned(),
        "4 + yrs" => "4-years-and-over".to_owned(),
        label => slug(label),
    }
}

/// The measure of a row that is an average or a count of individuals.
fn kind(row: &Row) -> Result<Option<&'static str>, String> {
    Ok(match row.text("measure")? {
        "average" => Some("prison_population"),
        "individuals" => Some("prison_population_individuals"),
        _ => None,
    })
}

/// One part of the population, in the unit of its measure.
fn population(row: &Row, measure: &str, breakdown: String, source: &str) -> Result<Tidy, String> {
    let unit = if measure == "prison_population" {
        AVERAGE
    } else {
        "people"
    };
    let (year, value) = (row.text("year")?, row.number("value")?);
    Ok(Tidy::national(measure, year, value, unit, source).of(breakdown))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_bands_and_times() {
        assert_eq!(band("0<=3 months"), "0-3-months");
        assert_eq!(band("4 < 10 yrs"), "4-10-years");
        assert_eq!(times("3+ arrivals"), "times=3-and-over");
    }
}
