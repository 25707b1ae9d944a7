//! The profile's own tables of these areas: their population, and what was recorded of them.

use super::super::workbook::{Cell, Sheet};
use super::sheet;
use crate::document::{AreaRow, Documents, POPULATION_SHEET, RECORDED_SHEET};

fn name_of<'a>(areas: &'a [AreaRow], code: &str) -> &'a str {
    let area = areas.iter().find(|area| area.code == code);
    area.map_or("", |area| &area.name)
}

fn is_of(areas: &[AreaRow], code: &str) -> bool {
    areas.iter().any(|area| area.code == code)
}

/// The people who live there, by year, sex and age.
pub(super) fn population(documents: &Documents, areas: &[AreaRow], place: &str) -> Sheet {
    let theirs = documents.population.iter();
    let theirs = theirs.filter(|row| is_of(areas, &row.area));
    let rows = theirs.map(|row| {
        let age_to = row
            .to
            .map_or(Cell::text(""), |to| Cell::number(f64::from(to)));
        let file = documents.sources.get(row.at.file);
        let file = file.map_or("", |source| source.name.as_str());
        // What is not counted is worked out, as the profile's notes tell.
        let grade = match row.status.as_str() {
            "estimate" => "official",
            _ => "judgement",
        };
        vec![
            Cell::text(&row.area),
            Cell::text(name_of(areas, &row.area)),
            Cell::number(f64::from(row.year)),
            Cell::text(&row.sex),
            Cell::number(f64::from(row.from)),
            age_to,
            Cell::number(row.people),
            Cell::text(&row.status),
            Cell::text("people"),
            Cell::text(format!("mid-{}", row.year)),
            Cell::text(format!(
                "{file}; SOURCES.md beside it says what it is made from"
            )),
            Cell::text(grade),
        ]
    });
    sheet(
        POPULATION_SHEET,
        format!("The population of {place}, by year, sex and age"),
        &[
            "People at mid-year. A blank Age to means this age and over. An area that stands here stands here wholly: every year, sex and age.",
        ],
        &[
            "Area code",
            "(Area)",
            "Year",
            "Sex",
            "Age from",
            "Age to",
            "Population",
            "Status",
            "(Unit)",
            "(Period)",
            "(Source)",
            "(Grade)",
        ],
        rows.collect(),
    )
}

/// What was published of these areas: counts of need among them.
pub(super) fn recorded(documents: &Documents, areas: &[AreaRow], place: &str) -> Sheet {
    let theirs = documents.recorded.iter();
    let theirs = theirs.filter(|row| is_of(areas, &row.area));
    let rows = theirs.map(|row| {
        vec![
            Cell::text(&row.measure),
            Cell::text(&row.area),
            Cell::text(name_of(areas, &row.area)),
            Cell::text(&row.period),
            Cell::text(&row.breakdown),
            Cell::number(row.value),
            Cell::text(&row.unit),
            Cell::text(&row.precision),
            Cell::text(&row.source),
        ]
    });
    sheet(
        RECORDED_SHEET,
        format!(
            "What was recorded in {place}: counts and rates of need, arrivals, offending and spending"
        ),
        &[
            "Published figures that the report sets beside the model's and that tell what the area is like. Nothing is worked out from them, so that they have no grade; the keys under Source are explained in profiles/scotland/SOURCES.md.",
            "A measure of an area that stands here stands here wholly. Add a year when it is published.",
        ],
        &[
            "Measure",
            "Area code",
            "(Area)",
            "Period",
            "Breakdown",
            "Value",
            "Unit",
            "Precision",
            "Source",
        ],
        rows.collect(),
    )
}
