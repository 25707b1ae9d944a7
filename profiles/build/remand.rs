//! Departures from prison and the time spent on remand.

use crate::prisons::band;
use crate::table::read_table;
use crate::tidy::{Tidy, age, join, slug};
use std::path::Path;

/// The published tables this module reads.
pub const FILES: &[&str] = &[DEPARTURES, REMAND];
const DEPARTURES: &str = "prison_departures_national_2009_2023.csv";
const REMAND: &str = "prison_time_on_remand_national.csv";

/// Departures and remand time of Scotland.
pub fn national(folder: &Path) -> Result<Vec<Tidy>, String> {
    let mut rows = departures(folder)?;
    rows.extend(time_on_remand(folder)?);
    Ok(rows)
}

/// Tables D1 (type), D2 (time served), D3 (age) and O4 (type by status). The
/// total stands in three tables and is taken from the first.
fn departures(folder: &Path) -> Result<Vec<Tidy>, String> {
    let mut rows = Vec::new();
    for row in read_table(
        folder,
        DEPARTURES,
        &["table", "year", "category", "measure", "value"],
    )? {
        let (table, category) = (row.text("table")?, row.text("category")?);
        let breakdown = match (table, category) {
            ("D1", "All departures") => String::new(),
            (_, "All departures") => continue,
            ("D1", kind) => format!("type={}", slug(kind)),
            ("D2", time) => format!("served={}", band(time)),
            ("D3", years) => format!("age={}", age(years)),
            ("O4", both) => match both.split_once(" | ") {
                Some((status, kind)) => {
                    format!("legal_status={};type={}", slug(status), slug(kind))
                }
                None => return Err(row.fault(&format!("no status in '{both}'"))),
            },
            _ => return Err(row.fault(&format!("unknown table '{table}'"))),
        };
        let (measure, unit) = match row.text("measure")? {
            "departures" => ("prison_departures", "departures"),
            "av.served" => ("prison_departures_mean_days_served", "days"),
            _ => continue,
        };
        let source = format!("pps-{}", slug(table));
        let (year, value) = (row.text("year")?, row.number("value")?);
        rows.push(Tidy::national(measure, year, value, unit, &source).of(breakdown));
    }
    Ok(rows)
}

/// Table O2, without the split by reason of liberation.
fn time_on_remand(folder: &Path) -> Result<Vec<Tidy>, String> {
    let columns = [
        "year",
        "journey_type_2",
        "journey_type",
        "liberation",
        "measure",
        "value",
    ];
    let mut rows = Vec::new();
    for row in read_table(folder, REMAND, &columns)? {
        // Journeys into a sentence end in a transition, which is no liberation.
        if !row.text("liberation")?.is_empty() {
            continue;
        }
        let journey = match (row.text("journey_type_2")?, row.text("journey_type")?) {
            ("R_", "") => "remand-only",
            ("RS", "") => "remand-then-sentenced",
            (_, "U__") => "untried-only",
            (_, "UA_") => "untried-then-awaiting-sentence",
            (_, "_A_") => "awaiting-sentence-only",
            (_, "U_S") => "untried-then-sentenced",
            (_, "UAS") => "untried-then-awaiting-then-sentenced",
            (_, "_AS") => "awaiting-sentence-then-sentenced",
            (_, other) => return Err(row.fault(&format!("unknown journey '{other}'"))),
        };
        let journey = Some(format!("journey={journey}"));
        let (measure, unit, duration) = match row.text("measure")? {
            "Departures & Transitions" => ("remand_journeys", "journeys", None),
            "Median Remand Days" => ("remand_days_median", "days", None),
            "90%ile Remand Days" => ("remand_days_90th_percentile", "days", None),
            // The six kinds of journey have cells too small to split by time.
            _ if !row.text("journey_type")?.is_empty() => continue,
            time => ("remand_journeys", "journeys", Some(duration(time))),
        };
        let (year, value) = (row.text("year")?, row.number("value")?);
        let tidy = Tidy::national(measure, year, value, unit, "pps-o2");
        rows.push(tidy.of(join(&[journey, duration])));
    }
    Ok(rows)
}

/// A band of time on remand. The weeks follow on: `3 weeks` is the third week.
fn duration(label: &str) -> String {
    let name = match label {
        "<=2 weeks" => "week-2".to_owned(),
        "> 140 days" => "over-140-days".to_owned(),
        label => match label.strip_suffix(" weeks") {
            Some(week) => format!("week-{week}"),
            None => slug(label),
        },
    };
    format!("duration={name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_weeks_then_days() {
        assert_eq!(duration("1 day or less"), "duration=1-day-or-less");
        assert_eq!(duration("<=2 weeks"), "duration=week-2");
        assert_eq!(duration("10 weeks"), "duration=week-10");
        assert_eq!(duration("71-140 days"), "duration=71-140-days");
    }

    #[test]
    fn the_total_of_departures_is_stated_once() {
        let folder = tempfile::tempdir().unwrap();
        let text = "table,year,category,measure,value\n\
                    D1,2023-24,All departures,departures,11111\n\
                    D2,2023-24,All departures,departures,11111\n\
                    O4,2023-24,Remand | Bailed,departures,996\n";
        std::fs::write(folder.path().join(DEPARTURES), text).unwrap();
        let rows = departures(folder.path()).unwrap();
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[1].breakdown, "legal_status=remand;type=bailed");
    }
}
