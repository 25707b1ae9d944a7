//! What the program brings along, figure by figure: published already, whatever file or workbook repeats it.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use super::figures::{ParameterRow, PopulationRow, RecordedRow};
use super::library;

/// By what the figures of each kind of table are known again: all of these columns alike, the number among them.
const RECORDED: [&str; 6] = [
    "measure",
    "area_code",
    "period",
    "breakdown",
    "value",
    "unit",
];
const POPULATION: [&str; 6] = [
    "area_code",
    "year",
    "sex",
    "age_from",
    "age_to",
    "population",
];
const PARAMETERS: [&str; 14] = [
    "id",
    "area",
    "sex",
    "age",
    "priors",
    "duration",
    "from",
    "value",
    "low",
    "high",
    "events",
    "n",
    "unit",
    "distribution",
];

/// Whether the shipped tables hold this recorded figure.
pub(super) fn has_recorded(row: &RecordedRow) -> bool {
    let value = row.value.to_string();
    let cells = [
        &row.measure,
        &row.area,
        &row.period,
        &row.breakdown,
        &value,
        &row.unit,
    ];
    shipped().contains(&key(cells.map(String::as_str)))
}

/// Whether the shipped tables hold these people.
pub(super) fn has_people(row: &PopulationRow) -> bool {
    let [year, from] = [row.year.to_string(), row.from.to_string()];
    let to = row.to.map_or(String::new(), |to| to.to_string());
    let people = row.people.to_string();
    let cells = [&row.area, &year, &row.sex, &from, &to, &people];
    shipped().contains(&key(cells.map(String::as_str)))
}

/// Whether the shipped tables hold this number of a model.
pub(super) fn has_parameter(row: &ParameterRow) -> bool {
    let cells = PARAMETERS.map(|column| match column {
        "value" => row.value.to_string(),
        "low" | "high" | "events" | "n" => row
            .number(column)
            .map_or(String::new(), |number| number.to_string()),
        words => row.text(words).to_owned(),
    });
    shipped().contains(&key(cells.each_ref().map(String::as_str)))
}

/// Every figure of the shipped tables. They are the same as long as the program runs, and read when they are needed.
fn shipped() -> &'static BTreeSet<String> {
    static SHIPPED: OnceLock<BTreeSet<String>> = OnceLock::new();
    SHIPPED.get_or_init(|| {
        let mut figures = BTreeSet::new();
        for text in library::shipped_tables() {
            take(text, &mut figures);
        }
        figures
    })
}

fn take(text: &str, figures: &mut BTreeSet<String>) {
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(text.as_bytes());
    let Ok(header) = reader.headers().cloned() else {
        return;
    };
    let column = |name: &&str| header.iter().position(|cell| cell == *name);
    let has = |columns: &[&str]| columns.iter().all(|name| column(name).is_some());
    let columns: &[&str] = match () {
        () if has(&POPULATION) => &POPULATION,
        () if has(&["measure", "area_code", "value", "unit"]) => &RECORDED,
        () if has(&["id", "value", "unit", "grade"]) => &PARAMETERS,
        () => return,
    };
    let at: Vec<Option<usize>> = columns.iter().map(column).collect();
    for record in reader.records().flatten() {
        let cells = at
            .iter()
            .map(|at| at.and_then(|at| record.get(at)).unwrap_or(""));
        figures.insert(key(cells));
    }
}

/// Cells in one, numbers as they are and not as they are written.
fn key<'a>(cells: impl IntoIterator<Item = &'a str>) -> String {
    let mut key = String::new();
    for cell in cells {
        match cell.trim().parse::<f64>() {
            Ok(number) if number.is_finite() => key += &number.to_string(),
            _ => key += cell.trim(),
        }
        key.push('\u{1f}');
    }
    key
}
