//! Prison arrivals by council, and the prison population of Scotland.

use crate::areas::{Areas, SCOTLAND};
use crate::table::{Row, read_table};
use crate::tidy::{Tidy, age, join, sex, slug};
use std::path::Path;

/// The published tables this module reads.
pub const FILES: &[&str] = &[
    ARRIVALS,
    ARRIVALS_STATUS,
    ARRIVALS_NATIONAL,
    ANNUAL,
    MONTHLY,
    AGE_SEX,
    STATUS_AGE_SEX,
    SENTENCE,
];
const ARRIVALS: &str = "prison_arrivals_by_council_2009_2023.csv";
const ARRIVALS_STATUS: &str = "prison_arrivals_by_council_legal_status_2009_2023.csv";
const ARRIVALS_NATIONAL: &str = "prison_arrivals_national_by_status_deprivation_nfa_offence.csv";
const ANNUAL: &str = "prison_population_national_annual.csv";
const MONTHLY: &str = "prison_population_national_monthly_2019_2024.csv";
const AGE_SEX: &str = "prison_population_national_age_sex_2009_2023.csv";
const STATUS_AGE_SEX: &str = "prison_population_national_legal_status_age_sex.csv";
const SENTENCE: &str = "prison_population_national_index_sentence.csv";

/// The unit of an average daily population.
const AVERAGE: &str = "people (daily average)";

/// A legal status as the profiles name it.
fn status(row: &Row, column: &str) -> Result<String, String> {
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

/// Arrivals by council and legal status, with the totals of Scotland, which
/// include people whose council of residence is unknown.
pub fn arrivals(folder: &Path, areas: &Areas) -> Result<Vec<Tidy>, String> {
    let mut rows = by_council(folder, areas)?;
    rows.extend(by_status(folder, areas)?);
    rows.extend(by_deprivation(folder)?);
    for row in read_table(folder, ANNUAL, &["table", "year", "measure", "value"])? {
        let breakdown = match (row.text("table")?, row.text("measure")?) {
            ("C1", "Total Arrivals") => "",
            ("C4", "No Fixed Abode") => "no_fixed_abode=yes",
            _ => continue,
        };
        let source = format!("pps-{}", slug(row.text("table")?));
        let (year, value) = (row.text("year")?, row.number("value")?);
        let row = Tidy::national("prison_arrivals", year, value, "arrivals", &source);
        rows.push(row.of(breakdown));
    }
    Ok(rows)
}

/// Table C2: the row of Scotland covers known councils only, so it has a
/// measure of its own.
fn by_council(folder: &Path, areas: &Areas) -> Result<Vec<Tidy>, String> {
    let mut rows = Vec::new();
    for row in read_table(folder, ARRIVALS, &["area_code", "year", "measure", "value"])? {
        let area = areas.of(&row)?;
        let known = if area.0 == SCOTLAND {
            "_known_residence"
        } else {
            ""
        };
        let (rate, unit) = match row.text("measure")? {
            "prison_arrivals" => ("", "arrivals"),
            "prison_arrivals_per_1000_pop" => ("_per_1000", "per 1,000 population"),
            other => return Err(row.fault(&format!("unknown measure '{other}'"))),
        };
        let measure = format!("prison_arrivals{known}{rate}");
        let value = row.optional_number("value")?;
        rows.push(Tidy::area(
            &measure,
            area,
            row.text("year")?,
            value,
            (unit, "pps-c2"),
        ));
    }
    Ok(rows)
}

/// Table O1 by council; the groups of unknown residence become parts of
/// Scotland.
fn by_status(folder: &Path, areas: &Areas) -> Result<Vec<Tidy>, String> {
    let columns = [
        "area_code",
        "area_name",
        "year",
        "legal_status",
        "measure",
        "value",
    ];
    let mut rows = Vec::new();
    for row in read_table(folder, ARRIVALS_STATUS, &columns)? {
        if row.text("measure")? != "arrivals" {
            continue;
        }
        let unknown = row.text("area_code")?.is_empty();
        let residence = unknown.then(|| residence(row.text("area_name").unwrap_or_default()));
        let area = if unknown {
            (SCOTLAND, crate::areas::SCOTLAND_NAME)
        } else {
            areas.of(&row)?
        };
        let value = row.optional_number("value")?;
        let about = ("arrivals", "pps-o1");
        let breakdown = join(&[Some(status(&row, "legal_status")?), residence]);
        let tidy = Tidy::area("prison_arrivals", area, row.text("year")?, value, about);
        rows.push(tidy.of(breakdown));
    }
    Ok(rows)
}

/// A group of unknown residence, as a part of Scotland.
fn residence(label: &str) -> String {
    let reason = label.split_once(" - ").map_or(label, |(_, reason)| reason);
    format!("residence=unknown-{}", slug(reason))
}

/// Table O1 for Scotland by decile of deprivation and by no fixed abode. The
/// index offences stay in the publication.
fn by_deprivation(folder: &Path) -> Result<Vec<Tidy>, String> {
    let columns = [
        "year",
        "legal_status",
        "simd2016_decile",
        "no_fixed_abode",
        "index_offence",
        "measure",
        "value",
    ];
    let mut rows = Vec::new();
    for row in read_table(folder, ARRIVALS_NATIONAL, &columns)? {
        let decile = row.text("simd2016_decile")?;
        let abode = row.text("no_fixed_abode")?;
        let part = match (decile, abode) {
            ("All", "Y") => "no_fixed_abode=yes".to_owned(),
            (decile, "All") if decile.parse::<u8>().is_ok() => format!("simd2016_decile={decile}"),
            _ => continue,
        };
        if row.text("measure")? != "arrivals" || row.text("index_offence")? != "All" {
            continue;
        }
        let (year, value) = (row.text("year")?, row.optional_number("value")?);
        let area = (SCOTLAND, crate::areas::SCOTLAND_NAME);
        let tidy = Tidy::area("prison_arrivals", area, year, value, ("arrivals", "pps-o1"));
        rows.push(tidy.of(format!("{};{part}", status(&row, "legal_status")?)));
    }
    Ok(rows)
}

/// The prison population of Scotland, by year and by month.
pub fn national(folder: &Path) -> Result<Vec<Tidy>, String> {
    let mut rows = annual(folder)?;
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
    rows.extend(by_age_and_sex(folder)?);
    rows.extend(by_legal_status(folder)?);
    rows.extend(by_sentence(folder)?);
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
        if part.is_none() && row.text("sex")? != "All" {
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
                Some(sex) => Some(format!("sex={sex}")),
                None => continue,
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
    fn scotland_with_known_residence_has_its_own_measure() {
        let folder = tempfile::tempdir().unwrap();
        let text = "area_code,year,measure,value\n\
                    S92000003,2023-24,prison_arrivals,11104.0\n\
                    A,2023-24,prison_arrivals,503.0\n";
        std::fs::write(folder.path().join(ARRIVALS), text).unwrap();
        let rows = by_council(folder.path(), &Areas::of_codes(&["A"])).unwrap();
        assert_eq!(rows[0].measure, "prison_arrivals_known_residence");
        assert_eq!(rows[1].measure, "prison_arrivals");
    }

    #[test]
    fn labels_of_bands_and_residence() {
        assert_eq!(band("0<=3 months"), "0-3-months");
        assert_eq!(band("4 < 10 yrs"), "4-10-years");
        assert_eq!(
            residence("Unknown 1 - No match and NFA"),
            "residence=unknown-no-match-and-nfa"
        );
        assert_eq!(times("3+ arrivals"), "times=3-and-over");
    }
}
