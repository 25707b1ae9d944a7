//! Reconvictions of Scotland, of councils and of court-based groups.

use crate::areas::{Areas, SCOTLAND, SCOTLAND_NAME};
use crate::histories::Known;
use crate::table::{Row, read_table};
use crate::tidy::{Tidy, age, join, sex, slug};
use std::collections::BTreeMap;
use std::path::Path;

/// The published tables this module reads.
pub const FILES: &[&str] = &[AGE_SEX, SERIES, COUNCIL, GROUPS];
const AGE_SEX: &str = "reconviction_national_age_sex_1997_2020.csv";
const SERIES: &str = "reconviction_national_series_1997_2017.csv";
const COUNCIL: &str = "reconviction_council_2016_2017_cohorts.csv";
const GROUPS: &str = "reconviction_la_group_age_sex_2004_2016.csv";

/// The first cohort published as counts by sex and age.
const FIRST_COUNTS: &str = "2004-05";

/// Offenders, people reconvicted and reconvictions of one group.
#[derive(Clone, Copy, Default)]
struct Counts {
    offenders: f64,
    reconvicted: f64,
    reconvictions: Option<f64>,
}

impl Counts {
    /// Adds one published count.
    fn add(&mut self, row: &Row) -> Result<(), String> {
        let value = row.number("value")?;
        match row.text("measure")? {
            "number_of_offenders" | "num_offenders" => self.offenders += value,
            "number_reconvicted" | "num_reconvicted" => self.reconvicted += value,
            "num_reconvictions" => {
                self.reconvictions = Some(self.reconvictions.unwrap_or_default() + value);
            }
            other => return Err(row.fault(&format!("unknown measure '{other}'"))),
        }
        Ok(())
    }

    /// The counts and the rate, printed to one decimal as the publisher does.
    fn rows(self, area: (&str, &str), cohort: &str, breakdown: &str, source: &str) -> Vec<Tidy> {
        let row = |measure: &str, value: f64, unit: &str| {
            Tidy::area(measure, area, cohort, Some(value), (unit, source)).of(breakdown)
        };
        let mut rows = vec![
            row("reconviction_offenders", self.offenders, "people"),
            row("reconvicted_offenders", self.reconvicted, "people"),
        ];
        if let Some(count) = self.reconvictions {
            rows.push(row("reconvictions", count, "reconvictions"));
        }
        // A group with nobody in it has no rate.
        if self.offenders > 0.0 {
            let rate = (1000.0 * self.reconvicted / self.offenders).round() / 10.0;
            rows.push(row("reconviction_rate", rate, "percent"));
        }
        rows
    }
}

/// Cohorts of Scotland: 2004-05 to 2020-21 by sex and age from counts, with
/// totals added up here; earlier totals and other splits as published.
pub fn national(folder: &Path) -> Result<Vec<Tidy>, String> {
    let mut cells: BTreeMap<(String, String), Counts> = BTreeMap::new();
    for row in read_table(
        folder,
        AGE_SEX,
        &["cohort", "sex", "age", "measure", "value"],
    )? {
        let cohort = row.text("cohort")?;
        if cohort < FIRST_COUNTS {
            continue;
        }
        let sex = sex(row.text("sex")?).ok_or_else(|| row.fault("no sex"))?;
        let (sex, age) = (
            format!("sex={sex}"),
            format!("age={}", age(row.text("age")?)),
        );
        let parts = [None, Some(sex), Some(age)];
        for kept in [[0, 0], [1, 0], [0, 2], [1, 2]] {
            let breakdown = join(&kept.map(|at| parts[at].clone()));
            let cell = cells.entry((cohort.to_owned(), breakdown)).or_default();
            cell.add(&row)?;
        }
    }
    let mut rows: Vec<Tidy> = cells
        .iter()
        .flat_map(|((cohort, breakdown), counts)| {
            let area = (SCOTLAND, SCOTLAND_NAME);
            counts.rows(area, cohort, breakdown, "reconv-additional")
        })
        .collect();
    rows.extend(published_series(folder)?);
    Ok(rows)
}

/// Totals before 2004-05, two-year rates, and the splits by index crime,
/// disposal and length of custody to 2017-18.
fn published_series(folder: &Path) -> Result<Vec<Tidy>, String> {
    let columns = ["table", "cohort", "category", "measure", "value"];
    let mut rows = Vec::new();
    for row in read_table(folder, SERIES, &columns)? {
        let (cohort, category) = (row.text("cohort")?, slug(row.text("category")?));
        let table = row.text("table")?;
        let two_year = row.text("measure")? == "reconviction_rate_2yr";
        let breakdown = match table {
            "Table 1" if cohort < FIRST_COUNTS => String::new(),
            "Table 14" if two_year => String::new(),
            "Table 6" => format!("crime={category}"),
            "Table 9" => format!("disposal={category}"),
            "Table 10a" => format!("custody={category}"),
            _ => continue,
        };
        if let Some((measure, unit)) = measure(&row)? {
            let source = format!("reconv-2017-18-{}", slug(table).replace("table-", "t"));
            let tidy = Tidy::national(measure, cohort, row.number("value")?, unit, &source);
            rows.push(tidy.of(breakdown));
        }
    }
    Ok(rows)
}

/// The id and unit of a published measure of reconviction; averages per
/// offender are given for areas and not repeated for every split.
fn measure(row: &Row) -> Result<Option<(&'static str, &'static str)>, String> {
    Ok(match row.text("measure")? {
        "number_of_offenders" => Some(("reconviction_offenders", "people")),
        "reconviction_rate_1yr" => Some(("reconviction_rate", "percent")),
        "reconviction_rate_2yr" => Some(("reconviction_rate_two_years", "percent")),
        _ => None,
    })
}

/// Councils of residence, and the groups of councils that share a court.
pub fn areas(folder: &Path, areas: &Areas) -> Result<Vec<Tidy>, String> {
    let mut rows = residence(folder, areas)?;
    rows.extend(court_groups(folder)?);
    Ok(rows)
}

/// Table 13 (residence) and, for the cohort that the counts below do not
/// reach, table 12 (court).
fn residence(folder: &Path, areas: &Areas) -> Result<Vec<Tidy>, String> {
    let columns = [
        "area_code",
        "area_name",
        "cohort",
        "basis",
        "measure",
        "value",
    ];
    let mut rows = Vec::new();
    for row in read_table(folder, COUNCIL, &columns)? {
        let (name, cohort) = (row.text("area_name")?, row.text("cohort")?);
        let court = row.text("basis")?.starts_with("court");
        // The totals of Scotland stand in national.csv, and the court groups of
        // 2016-17 with their counts below.
        if name == "All" || (court && cohort == "2016-17") {
            continue;
        }
        let other = ("reconvictions_per_offender", "reconvictions per person");
        let (id, unit) = measure(&row)?.unwrap_or(other);
        let value = row.optional_number("value")?;
        let known = !row.text("area_code")?.is_empty();
        let (area, breakdown, table) = if court {
            (("", group_name(name)), "basis=court".to_owned(), "t12")
        } else if known {
            (areas.of(&row)?, String::new(), "t13")
        } else {
            let scotland = (SCOTLAND, SCOTLAND_NAME);
            (scotland, format!("residence={}", slug(name)), "t13")
        };
        let source = format!("reconv-{cohort}-{table}");
        rows.push(Tidy::area(id, area, cohort, value, (unit, &source)).of(breakdown));
    }
    Ok(rows)
}

/// Court-based groups of 2004-05 to 2016-17. Sexes and ages stay in the
/// publication: in most groups the cells are too small to use.
fn court_groups(folder: &Path) -> Result<Vec<Tidy>, String> {
    let mut cells: BTreeMap<[String; 2], Counts> = BTreeMap::new();
    for row in read_table(folder, GROUPS, &["la_group", "cohort", "measure", "value"])? {
        let (group, cohort) = (group_name(row.text("la_group")?), row.text("cohort")?);
        let key = [group.to_owned(), cohort.to_owned()];
        cells.entry(key).or_default().add(&row)?;
    }
    Ok(cells
        .iter()
        .flat_map(|([group, cohort], counts)| {
            counts.rows(("", group), cohort, "basis=court", "reconv-2016-17-groups")
        })
        .collect())
}

/// Everybody reconvicted by court-based group, sex and age, with everybody convicted as exposure.
pub fn histories(folder: &Path) -> Result<Vec<Known>, String> {
    let columns = ["la_group", "cohort", "sex", "age", "measure", "value"];
    let mut cells: BTreeMap<[String; 3], Counts> = BTreeMap::new();
    for row in read_table(folder, GROUPS, &columns)? {
        let sex = sex(row.text("sex")?).ok_or_else(|| row.fault("no sex"))?;
        let breakdown = format!("sex={sex};age={}", age(row.text("age")?));
        let group = group_name(row.text("la_group")?).to_owned();
        let key = [group, row.text("cohort")?.to_owned(), breakdown];
        cells.entry(key).or_default().add(&row)?;
    }
    let known = cells.iter().map(|([group, cohort, breakdown], counts)| {
        let about = ("people", "reconv-2016-17-groups");
        let value = Some(counts.reconvicted);
        let tidy = Tidy::area("reconvicted_offenders", ("", group), cohort, value, about);
        Known {
            exposure: Some(counts.offenders),
            ..Known::from(tidy.of(breakdown))
        }
    });
    Ok(known.collect())
}

/// One spelling for a group that the editions spell differently.
fn group_name(label: &str) -> &str {
    match label {
        "Ayrshire, East, North, and South" => "Ayrshire, East, North and South",
        "Argyll & Bute" => "Argyll and Bute",
        "Dumfries & Galloway" => "Dumfries and Galloway",
        "Perth & Kinross" => "Perth and Kinross",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_and_rates_come_from_the_counts() {
        let folder = tempfile::tempdir().unwrap();
        let text = "cohort,sex,age,measure,value\n\
                    2020-21,Male,Under 21,number_of_offenders,100\n\
                    2020-21,Male,Under 21,number_reconvicted,32\n\
                    2020-21,Female,Under 21,number_of_offenders,50\n\
                    2020-21,Female,Under 21,number_reconvicted,8\n";
        std::fs::write(folder.path().join(AGE_SEX), text).unwrap();
        let empty = "table,cohort,category,measure,value\n";
        std::fs::write(folder.path().join(SERIES), empty).unwrap();
        let rows = national(folder.path()).unwrap();
        let rate = |part: &str| {
            let wanted = |r: &&Tidy| r.measure == "reconviction_rate" && r.breakdown == part;
            rows.iter().find(wanted).and_then(|r| r.value)
        };
        assert_eq!(rate(""), Some(26.7));
        assert_eq!(rate("age=under-21"), Some(26.7));
        assert_eq!(rate("sex=women"), Some(16.0));
        assert_eq!(rate("sex=men;age=under-21"), Some(32.0));
    }
}
