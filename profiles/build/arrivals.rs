//! Prison arrivals by council of residence and legal status.

use crate::areas::{Areas, SCOTLAND, SCOTLAND_NAME};
use crate::prisons::{ANNUAL, status};
use crate::table::read_table;
use crate::tidy::{Tidy, join, slug};
use std::path::Path;

/// The published tables this module reads.
pub const FILES: &[&str] = &[ARRIVALS, ARRIVALS_STATUS, ARRIVALS_NATIONAL, ANNUAL];
const ARRIVALS: &str = "prison_arrivals_by_council_2009_2023.csv";
const ARRIVALS_STATUS: &str = "prison_arrivals_by_council_legal_status_2009_2023.csv";
const ARRIVALS_NATIONAL: &str = "prison_arrivals_national_by_status_deprivation_nfa_offence.csv";

/// Arrivals by council and legal status, with the totals of Scotland, which
/// include people whose council of residence is unknown.
pub fn all(folder: &Path, areas: &Areas) -> Result<Vec<Tidy>, String> {
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
            (SCOTLAND, SCOTLAND_NAME)
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
        let area = (SCOTLAND, SCOTLAND_NAME);
        let tidy = Tidy::area("prison_arrivals", area, year, value, ("arrivals", "pps-o1"));
        rows.push(tidy.of(format!("{};{part}", status(&row, "legal_status")?)));
    }
    Ok(rows)
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
    fn a_group_of_unknown_residence_names_its_reason() {
        assert_eq!(
            residence("Unknown 1 - No match and NFA"),
            "residence=unknown-no-match-and-nfa"
        );
    }
}
