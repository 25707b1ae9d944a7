//! Crimes and offences recorded by the police, by council and group.

use crate::areas::Areas;
use crate::table::read_table;
use crate::tidy::{Tidy, slug};
use std::path::Path;

/// The published tables this module reads.
pub const FILES: &[&str] = &["recorded_crime_council_2015_2024.csv"];

/// Totals and crime groups; single types of crime stay in the publication.
pub fn councils(folder: &Path, areas: &Areas) -> Result<Vec<Tidy>, String> {
    let columns = [
        "area_code",
        "year",
        "kind",
        "group",
        "type",
        "value",
        "flag",
    ];
    let mut rows = Vec::new();
    for row in read_table(folder, FILES[0], &columns)? {
        // "n/l" marks years before the offence existed: there is nothing to state.
        if row.text("type")? != "Total" || row.text("flag")? == "n/l" {
            continue;
        }
        let (measure, unit, part) = match row.text("kind")? {
            "crime" => ("recorded_crimes", "crimes", "crime"),
            "offence" => ("recorded_offences", "offences", "offence"),
            other => return Err(row.fault(&format!("unknown kind '{other}'"))),
        };
        let breakdown = match row.text("group")? {
            "Total Crimes" | "Total Offences" => String::new(),
            group => format!("{part}={}", slug(group)),
        };
        let (area, period) = (areas.of(&row)?, row.text("year")?);
        let value = row.optional_number("value")?;
        rows.push(Tidy::area(measure, area, period, value, (unit, "rc-2024-25")).of(breakdown));
    }
    Ok(rows)
}
