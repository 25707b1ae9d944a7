//! `[optimise]` in a scenario: which places may be chosen, for what, and within which budget.

use super::fields::Fields;
use super::source::{At, Spanned, Text};
use crate::quantity::Month;

/// The table as written.
#[derive(Debug, Clone)]
pub struct MixingFile {
    /// What is to be had most of, or least: a measure, or `measure;breakdown`.
    pub outcome: Text,
    /// The month from which places are chosen; the start of the forecast when not said.
    pub from: Option<Spanned<Month>>,
    /// The option whose other changes and arrangements hold; the comparator when not said.
    pub option: Option<Text>,
    /// Whose places are chosen; of every service when not said.
    pub services: Option<Vec<Text>>,
    /// Whose costs count; everybody's who pays for these services when not said.
    pub payers: Option<Vec<Text>>,
    /// What may be spent.
    pub budget: Option<BudgetFile>,
    /// Within which bounds places are chosen.
    pub places: Vec<BoundsFile>,
    /// The whole of it.
    pub at: At,
}

/// A budget as written.
#[derive(Debug, Clone)]
pub struct BudgetFile {
    /// Pounds.
    pub gbp: Option<Spanned<f64>>,
    /// `year` or `horizon`.
    pub per: Text,
    /// In whose prices.
    pub price_year: Text,
    /// Who says so.
    pub source: Text,
}

/// Bounds of places as written.
#[derive(Debug, Clone)]
pub struct BoundsFile {
    /// Of which service.
    pub service: Text,
    /// In which areas; in all of them when not said.
    pub areas: Option<Vec<Text>>,
    /// The fewest; none when not said.
    pub least: Option<Spanned<i64>>,
    /// The most.
    pub most: Option<Spanned<i64>>,
    /// Who says so.
    pub source: Text,
    /// The whole of it.
    pub at: At,
}

/// What a budget may be for.
pub const BUDGET_TIMES: [&str; 2] = ["year", "horizon"];

pub(super) fn mixing(fields: Fields<'_>) -> MixingFile {
    let at = fields.at;
    fields.require("budget", "a table, such as { gbp = 900000, per = \"year\", price_year = \"2023-24\", source = \"…\" }");
    fields.require("places", "a list of tables `[[optimise.places]]`");
    let mixing = MixingFile {
        outcome: fields.text("outcome"),
        from: fields.has("from").then(|| fields.month("from")).flatten(),
        option: fields.optional_text("option"),
        services: fields.has("services").then(|| fields.texts("services")),
        payers: fields.has("payers").then(|| fields.texts("payers")),
        budget: fields.optional_table("budget").map(budget),
        places: fields.tables("places").into_iter().map(bounds).collect(),
        at,
    };
    fields.close();
    mixing
}

fn budget(fields: Fields<'_>) -> BudgetFile {
    fields.require("gbp", "a number of pounds");
    let budget = BudgetFile {
        gbp: fields.number("gbp"),
        per: fields.word("per", &BUDGET_TIMES),
        price_year: fields.text("price_year"),
        source: fields.text("source"),
    };
    fields.close();
    budget
}

fn bounds(fields: Fields<'_>) -> BoundsFile {
    fields.require("most", "a whole number of places");
    let bounds = BoundsFile {
        service: fields.text("service"),
        areas: fields.has("areas").then(|| fields.texts("areas")),
        least: fields.whole("least"),
        most: fields.whole("most"),
        source: fields.text("source"),
        at: fields.at,
    };
    fields.close();
    bounds
}
