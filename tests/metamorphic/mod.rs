//! Relations between answers: what must not change when something else does, and what must change with it.
//!
//! The first kind holds to the bit, because every random number has an address made of names. Options are compared by
//! their ids, areas by their codes, series by measure, breakdown and period.

mod additions;
mod levers;
mod money;
mod orders;
mod pairing;
mod scale;

use crate::support::question::Question;

/// Fails unless every number of `before` stands to the bit in `after`, which may have more.
fn same_numbers(what: &str, before: &Question, after: &Question) {
    let (before, after) = (before.answer().numbers(), after.answer().numbers());
    let differs = |(name, bits): &(&String, &u32)| {
        after
            .get(*name)
            .unwrap_or_else(|| panic!("{what}: no {name}"))
            != *bits
    };
    let wrong: Vec<&String> = before
        .iter()
        .filter(differs)
        .map(|(name, _)| name)
        .collect();
    assert!(
        wrong.is_empty(),
        "{what}: {} of {} numbers changed, the first {:?}",
        wrong.len(),
        before.len(),
        &wrong[..wrong.len().min(5)]
    );
}

/// The tiny model with six draws and a hazard, so that every kind of decision is taken.
fn tiny() -> Question {
    Question::tiny()
        .edit("scenario.toml", "draws      = 20", "draws      = 6")
        .edit(
            "model/model.toml",
            "stay    = { fixed = [\"sentence\", \"release.short\"] }\nexits   = [{ to = \"at_liberty\", share = \"rest\" }]",
            "stay    = { fixed = [\"sentence\", \"release.short\"] }\nexits   = [{ to = \"at_liberty\", share = \"rest\" }, { to = \"at_liberty\", hazard = \"appeal\" }]",
        )
        .more("model/parameters/numbers.csv", &row("appeal,,,,,,0.05,,,,,,per month"))
}

/// A row of the tiny model's parameter table, from its first thirteen cells.
fn row(cells: &str) -> String {
    format!("{cells},2023-24,a textbook,judgement,\n")
}
