//! The series of justice social work, published for Scotland only.

use crate::histories::Known;
use crate::social_work_labels::{EMPLOYMENT, ETHNICITY, MEASURES};
use crate::table::{Row, read_table};
use crate::tidy::{Precision, Tidy, age, sex, slug};
use std::collections::BTreeMap;
use std::path::Path;

/// The published tables this module reads.
pub const FILES: &[&str] = &["justice_social_work_national_series_2005_2024.csv"];

const COLUMNS: &[&str] = &[
    "year",
    "measure",
    "category",
    "value",
    "unit",
    "precision",
    "edition_table",
];

/// The best published number of every series and year.
///
/// The same year stands in several editions. An exact number is preferred to a
/// rounded one, and among those the latest edition, which holds the revisions.
pub fn national(folder: &Path) -> Result<Vec<Tidy>, String> {
    let mut best: BTreeMap<[String; 3], ((bool, String), Tidy)> = BTreeMap::new();
    for row in read_table(folder, FILES[0], COLUMNS)? {
        let (rank, tidy) = (rank(&row)?, number(&row)?);
        let key = [&tidy.measure, &tidy.period, &tidy.breakdown].map(Clone::clone);
        match best.get(&key) {
            Some((held, _)) if *held >= rank => {}
            _ => {
                best.insert(key, (rank, tidy));
            }
        }
    }
    Ok(best.into_values().map(|(_, tidy)| tidy).collect())
}

/// Every edition of every number of a series that is known for at least as many years as a back-test needs.
///
/// Where any edition has the exact number of a year, rounded ones of that year are left out: the latest edition is what
/// a back-test takes for the truth, and a later bulletin is no revision.
pub fn histories(folder: &Path) -> Result<Vec<Known>, String> {
    let mut editions: BTreeMap<[String; 3], BTreeMap<String, Tidy>> = BTreeMap::new();
    for row in read_table(folder, FILES[0], COLUMNS)? {
        let tidy = number(&row)?;
        let vintage = match edition(row.text("edition_table")?) {
            request if request.starts_with("foi-") => request.replace("foi-", ""),
            year => year,
        };
        let key = [&tidy.measure, &tidy.breakdown, &tidy.period].map(Clone::clone);
        let of_year = editions.entry(key).or_default();
        match of_year.get(&vintage) {
            Some(held) if held.precision == Precision::Exact => {}
            _ => {
                of_year.insert(vintage, tidy);
            }
        }
    }
    let mut n_years: BTreeMap<[String; 2], usize> = BTreeMap::new();
    for [measure, breakdown, _] in editions.keys() {
        *n_years
            .entry([measure, breakdown].map(Clone::clone))
            .or_default() += 1;
    }
    let mut known = Vec::new();
    for ([measure, breakdown, _], of_year) in editions {
        if n_years[&[measure, breakdown]] < FEWEST_YEARS {
            continue;
        }
        let is_exact = |tidy: &Tidy| tidy.precision == Precision::Exact;
        let any_exact = of_year.values().any(is_exact);
        let kept = of_year
            .into_iter()
            .filter(|(_, tidy)| is_exact(tidy) || !any_exact);
        known.extend(kept.map(|(vintage, tidy)| Known {
            vintage,
            ..Known::from(tidy)
        }));
    }
    Ok(known)
}

/// Six known years to forecast from and one to be forecast.
const FEWEST_YEARS: usize = 7;

/// What makes one edition's number better than another's: exact, then late.
fn rank(row: &Row) -> Result<(bool, String), String> {
    let exact = row.text("precision")? == "exact";
    Ok((exact, edition(row.text("edition_table")?)))
}

/// The year of the edition; the answer to a request for information of 2024
/// counts as late as the edition of that year.
fn edition(label: &str) -> String {
    match label.strip_prefix("FOI/") {
        Some(number) => format!("foi-{}", number.get(..4).unwrap_or(number)),
        None => label.get(..7).unwrap_or(label).to_owned(),
    }
}

/// One number of the series under its id and breakdown.
fn number(row: &Row) -> Result<Tidy, String> {
    let published = row.text("measure")?;
    let (_, id, part) = MEASURES
        .iter()
        .find(|(label, ..)| *label == published)
        .ok_or_else(|| row.fault(&format!("unknown measure '{published}'")))?;
    let unit = match row.text("unit")? {
        "count" => count(id),
        other => other,
    };
    let source = format!("jsw-{}", edition(row.text("edition_table")?));
    let (year, value) = (row.text("year")?, row.number("value")?);
    let tidy = Tidy::national(id, year, value, unit, &source);
    let rounded = row.text("precision")? != "exact";
    Ok(tidy
        .of(breakdown(row.text("category")?, part))
        .rounded_if(rounded))
}

/// What one unit of a count is; orders, cases, people and reports differ.
fn count(id: &str) -> &'static str {
    if id.contains("individuals") {
        "people"
    } else if id.contains("cases") {
        "cases"
    } else if id.contains("report") {
        "reports"
    } else if id.contains("interviews") {
        "interviews"
    } else if id.contains("requests") {
        "requests"
    } else if id == "cpo_requirements" {
        "requirements"
    } else {
        "orders"
    }
}

/// A category as a breakdown: sex, age, employment, ethnicity or the part that
/// the measure names.
fn breakdown(category: &str, part: &str) -> String {
    let whole = category == "All" || category == "All orders";
    if whole {
        String::new()
    } else if let Some(sex) = sex(category) {
        format!("sex={sex}")
    } else if category.starts_with("Age ") {
        format!("age={}", age(category))
    } else if EMPLOYMENT.contains(&category) {
        format!("employment={}", slug(category))
    } else if ETHNICITY.contains(&category) {
        format!("ethnicity={}", slug(category))
    } else {
        let key = if part.is_empty() { "part" } else { part };
        format!("{key}={}", slug(category))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rows kept from lines of year, value, precision and edition.
    fn kept(lines: &str) -> Vec<Tidy> {
        let folder = tempfile::tempdir().unwrap();
        let mut text = String::from("year,measure,category,value,unit,precision,edition_table\n");
        for line in lines.lines() {
            let (year, rest) = line.trim().split_once(',').unwrap();
            let (value, rest) = rest.split_once(',').unwrap();
            text +=
                &format!("{year},Community payback orders commenced,All,{value},count,{rest}\n");
        }
        std::fs::write(folder.path().join(FILES[0]), text).unwrap();
        national(folder.path()).unwrap()
    }

    #[test]
    fn the_latest_exact_edition_is_kept() {
        let rows = kept(
            "2019-20,16710,exact,2019-20 Table 2
             2019-20,16825,exact,2020-21 Table 8
             2019-20,16800,rounded (bulletin text),2022-23 text
             2022-23,14700,rounded (bulletin text),2022-23 text",
        );
        assert_eq!(rows[0].value, Some(16_825.0));
        assert_eq!(rows[0].source, "jsw-2020-21");
        assert_eq!(rows[1].precision, Precision::Rounded);
        assert_eq!(rows[1].measure, "cpo_orders_commenced");
    }

    #[test]
    fn categories_become_breakdowns() {
        assert_eq!(breakdown("All", "outcome"), "");
        assert_eq!(breakdown("Male", ""), "sex=men");
        assert_eq!(breakdown("Age 16-17", ""), "age=16-17");
        assert_eq!(breakdown("Unemployed", ""), "employment=unemployed");
        assert_eq!(breakdown("Custody", "outcome"), "outcome=custody");
    }
}
