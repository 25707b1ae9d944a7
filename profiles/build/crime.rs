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
        // After the law was repealed there was nothing to record or to suppress.
        if value.is_none() && row.text("group")? == "Coronavirus restrictions" {
            continue;
        }
        rows.push(Tidy::area(measure, area, period, value, (unit, "rc-2024-25")).of(breakdown));
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_kept_and_absent_laws_left_out() {
        let folder = tempfile::tempdir().unwrap();
        let text = "area_code,year,kind,group,type,value,flag\n\
                    A,2024-25,crime,Total Crimes,Total,70,\n\
                    A,2024-25,crime,Sexual crimes,Total,7,\n\
                    A,2024-25,crime,Sexual crimes,Other sexual crimes,3,\n\
                    A,2024-25,crime,Coronavirus restrictions,Total,,x\n\
                    A,2018-19,crime,Coronavirus restrictions,Total,,n/l\n\
                    A,2024-25,offence,Total Offences,Total,,x\n";
        std::fs::write(folder.path().join(FILES[0]), text).unwrap();
        let rows = councils(folder.path(), &Areas::of_codes(&["A"])).unwrap();
        let kept: Vec<_> = rows
            .iter()
            .map(|r| (r.measure.as_str(), r.breakdown.as_str(), r.value))
            .collect();
        assert_eq!(
            kept,
            [
                ("recorded_crimes", "", Some(70.0)),
                ("recorded_crimes", "crime=sexual-crimes", Some(7.0)),
                ("recorded_offences", "", None),
            ]
        );
    }
}
