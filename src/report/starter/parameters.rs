//! The numbers of the model that a partnership may know better: of its services, of needs and of costs.

use std::collections::BTreeSet;

use super::super::workbook::{Cell, Sheet};
use super::sheet;
use crate::document::{AreaRow, Documents, ParameterRow, Product, ServiceFile, StayFile, Text};

/// Columns that stand on every sheet; the others where a row has something in them.
const ALWAYS: [&str; 10] = [
    "id", "value", "low", "high", "events", "n", "unit", "period", "source", "grade",
];

/// The order of the columns, for people: what and for whom, then how much, then how it is known.
const ORDER: [&str; 21] = [
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
    "level",
    "events",
    "n",
    "distribution",
    "unit",
    "period",
    "population",
    "source",
    "url",
    "grade",
    "note",
];

/// An id of a parameter and what it is, in words.
type Named = (String, String);

pub(super) fn sheets(documents: &Documents, areas: &[AreaRow]) -> Vec<Sheet> {
    let mut seen = BTreeSet::new();
    let mut new = |named: Vec<Named>| -> Vec<Named> {
        let mut named = named;
        named.retain(|(id, _)| seen.insert(id.clone()));
        named
    };
    let services = new(of_services(documents));
    let needs = new(of_needs(documents));
    let costs = new(of_costs(documents));
    vec![
        of_ids(
            documents,
            areas,
            (
                "Services",
                "Services as they are now: places, and what becomes of people",
            ),
            "The places of today's services, how many join them, how long people wait and stay, and what it does for them.",
            &services,
        ),
        of_ids(
            documents,
            areas,
            (
                "Needs",
                "How many people have each need, and which needs go together",
            ),
            "Shares of the people who enter a state of the journey and have the need. Local counts: Events and N.",
            &needs,
        ),
        of_ids(
            documents,
            areas,
            ("Costs", "What things cost"),
            "For money, the period is the price year. A unit saved is not always cash saved; the model says which costs are.",
            &costs,
        ),
    ]
}

fn named(product: &Product, words: &str) -> Vec<Named> {
    let name = |name: &Text| (name.value.clone(), words.to_owned());
    product.names.iter().map(name).collect()
}

fn of_services(documents: &Documents) -> Vec<Named> {
    documents.services.iter().flat_map(of_service).collect()
}

fn of_service(service: &ServiceFile) -> Vec<Named> {
    let title = &service.title.value;
    let mut found = Vec::new();
    let mut add = |product: Option<&Product>, words: &str| {
        let product = product.into_iter();
        found.extend(product.flat_map(|p| named(p, &format!("{title}: {words}"))));
    };
    add(Some(&service.places), "places");
    add(
        Some(&service.uptake),
        "share of those with the need who join",
    );
    add(
        Some(&service.patience),
        "how long people wait before they give up",
    );
    if let Some(StayFile::Law { mean, shape, .. }) = service.support.as_ref().map(|s| &s.value) {
        add(Some(mean), "how long support lasts, on average");
        add(
            shape.as_ref(),
            "how evenly long support is (a higher shape is more even)",
        );
    }
    if let Some(StayFile::Listed(weights)) = service.support.as_ref().map(|s| &s.value) {
        add(Some(weights), "how long support lasts");
    }
    add(service.completion.as_ref(), "share who stay to the end");
    add(
        service.meets_need.as_ref(),
        "chance that staying to the end meets the need",
    );
    add(service.hazard_ratio.as_ref(), "effect on reconviction");
    add(
        service.effect_after.as_ref(),
        "how long the effect lasts after the end",
    );
    found
}

fn of_needs(documents: &Documents) -> Vec<Named> {
    let title = |id: &Text| {
        let mut needs = documents.model.needs.iter();
        let need = needs.find(|need| need.id.value == id.value);
        need.map_or_else(|| id.value.clone(), |need| need.title.value.clone())
    };
    let state = |id: &Text| {
        let mut states = documents.model.states.iter();
        let state = states.find(|state| state.id.value == id.value);
        state.map_or_else(|| id.value.clone(), |state| state.title.value.clone())
    };
    let model = &documents.model;
    let shares = model.prevalences.iter().flat_map(|prevalence| {
        let states: Vec<String> = prevalence.entering.iter().map(state).collect();
        let words = format!(
            "{}: share who have the need on entering {}",
            title(&prevalence.need),
            states.join(", ")
        );
        named(&prevalence.share, &words)
    });
    let together = model.associations.iter().flat_map(|association| {
        let needs: Vec<String> = association.needs.iter().map(title).collect();
        named(
            &association.odds_ratio,
            &format!("How much {} go together", needs.join(" and ")),
        )
    });
    shares.chain(together).collect()
}

fn of_costs(documents: &Documents) -> Vec<Named> {
    let parts = documents.costs.iter().flat_map(|cost| {
        let title = &cost.title.value;
        let mut found = named(&cost.unit_cost, &format!("{title}: average cost"));
        let marginal = cost.marginal_cost.iter();
        found.extend(marginal.flat_map(|p| named(p, &format!("{title}: cost of one more"))));
        let per = cost.per.iter();
        found.extend(per.flat_map(|p| named(p, &format!("{title}: for every so many"))));
        found
    });
    parts.collect()
}

/// A sheet of the rows of these ids.
fn of_ids(
    documents: &Documents,
    areas: &[AreaRow],
    (name, title): (&str, &str),
    words: &str,
    ids: &[Named],
) -> Sheet {
    let is_theirs = |row: &&ParameterRow| {
        let word = row.text("area").to_lowercase();
        let is_called = |area: &AreaRow| {
            let mut names = [&area.code, &area.name].into_iter().chain(&area.aliases);
            names.any(|name| name.to_lowercase() == word)
        };
        word.is_empty() || areas.iter().any(is_called)
    };
    let mut rows: Vec<(&str, &ParameterRow)> = Vec::new();
    for (id, words) in ids {
        let theirs = documents.parameters.iter();
        let theirs = theirs.filter(|row| row.text("id") == id).filter(is_theirs);
        rows.extend(theirs.map(|row| (words.as_str(), row)));
    }
    let is_used = |column: &&&str| {
        let mut rows = rows.iter();
        ALWAYS.contains(*column)
            || rows.any(|(_, row)| !row.text(column).is_empty() || row.number(column).is_some())
    };
    let columns: Vec<&str> = ORDER.iter().filter(is_used).copied().collect();
    let cells = |(words, row): &(&str, &ParameterRow)| {
        let cells = columns.iter().map(|column| cell(row, column));
        std::iter::once(Cell::text(*words)).chain(cells).collect()
    };
    let table = rows.iter().map(cells).collect();
    let mut header = vec!["(What it is)".to_owned()];
    header.extend(columns.iter().map(|column| heading(column)));
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    sheet(name, title.to_owned(), &[words], &header, table)
}

/// A column's heading as people write it.
fn heading(column: &str) -> String {
    let words = column.replace('_', " ");
    format!("{}{}", words[..1].to_uppercase(), &words[1..])
}

fn cell(row: &ParameterRow, column: &str) -> Cell {
    let number = match column {
        "value" => Some(row.value),
        column => row.number(column),
    };
    match number {
        Some(number) => Cell::number(number),
        None => Cell::text(row.text(column)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::PARAMETER_COLUMNS;

    #[test]
    fn every_column_of_a_parameter_has_its_place() {
        let known: BTreeSet<&str> = PARAMETER_COLUMNS.into_iter().collect();
        assert_eq!(known, ORDER.into_iter().collect());
    }
}
