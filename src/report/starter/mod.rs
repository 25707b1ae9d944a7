//! What `init` writes: a scenario to begin with, and a workbook with the figures that there are of its areas.

mod figures;
mod instructions;
mod lists;
mod parameters;

use super::workbook::{Cell, Sheet, Workbook};
use crate::document::{AreaRow, Documents};

/// A sheet of a table with its headings.
fn sheet(
    name: &str,
    title: String,
    introduction: &[&str],
    header: &[&str],
    rows: Vec<Vec<Cell>>,
) -> Sheet {
    Sheet {
        name: name.to_owned(),
        title,
        introduction: introduction.iter().map(|s| (*s).to_owned()).collect(),
        header: header.iter().map(|s| (*s).to_owned()).collect(),
        rows,
    }
}

/// The scenario: today's services for ten years, in these areas, with the figures of a workbook where one is named.
pub fn starter_scenario(areas: &[AreaRow], workbook: Option<&str>) -> String {
    let quoted: Vec<String> = areas
        .iter()
        .map(|area| format!("\"{}\"", area.name.replace('"', "\\\"")))
        .collect();
    let workbook = workbook.map_or(String::new(), |name| {
        format!(
            "workbook   = \"{name}\"         # your figures and your options; its sheet Instructions says how\n"
        )
    });
    format!(
        r#"# What will people in {place} need over the next ten years? Written by `needscast init`; all of it is yours to change.
#
# From the folder in which this file lies:
#   needscast check scenario.toml             everything that is wrong, by sheet and cell, without running it
#   needscast run scenario.toml --draws 10    a first look; without --draws, as many as stand below
#
# `needscast schema scenario` writes what an editor needs to complete and check this file.

title      = "{place}: the next ten years as things stand"
model      = "scotland"           # the journey through justice; it is built into the program
profile    = "scotland"           # the published figures of the 32 councils; built in too
{workbook}areas      = [{areas}]
start      = "2025-04"            # the first month of the forecast
years      = 10
draws      = 200                  # in how many ways the uncertain numbers are drawn
seed       = 2025                 # the same seed gives the same numbers again
price_year = "2023-24"            # in whose prices money is told
"#,
        place = listed(areas),
        areas = quoted.join(", "),
    )
}

/// The names as people say them.
fn listed(areas: &[AreaRow]) -> String {
    let names: Vec<&str> = areas.iter().map(|area| area.name.as_str()).collect();
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        Some((last, _)) => (*last).to_owned(),
        None => String::new(),
    }
}

/// The workbook: every sheet that a run reads, filled with what the model and the profile say of these areas.
pub fn starter_workbook(documents: &Documents, areas: &[AreaRow]) -> Workbook {
    let place = listed(areas);
    let mut sheets = parameters::sheets(documents, areas);
    sheets.push(figures::population(documents, areas, &place));
    sheets.push(figures::recorded(documents, areas, &place));
    sheets.extend(lists::sheets(documents));
    sheets.insert(
        0,
        instructions::sheet(&sheets, &place, &documents.disclosure),
    );
    Workbook {
        title: format!("{place}: figures and options for needscast"),
        sheets,
    }
}
