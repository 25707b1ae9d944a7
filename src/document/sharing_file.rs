//! How a scenario's joint service is shared, and what it costs to run a service at all.

use super::fields::Fields;
use super::source::{At, Spanned, Text};

/// Who may share a service with whom, as written.
#[derive(Debug, Clone)]
pub struct SharingFile {
    /// The option in which they share it; the only one that pools a service when not said.
    pub option: Option<Text>,
    /// What each does alone; the comparator when not said.
    pub alone: Option<Text>,
    /// The partners; the members of the option's pools when not said.
    pub partners: Option<Vec<Text>>,
    /// Who hosts a smaller pool: the first of these who belongs to it.
    pub hosts: Vec<Text>,
    /// By which rule the verdict shares the cost; `shapley` when not said.
    pub rule: Option<Text>,
    /// What one more need met is worth.
    pub need_met: Option<WorthFile>,
    /// The whole of it.
    pub at: At,
}

/// What something is worth, as written.
#[derive(Debug, Clone)]
pub struct WorthFile {
    /// Pounds.
    pub gbp: Option<Spanned<f64>>,
    /// In whose prices.
    pub price_year: Text,
    /// Why.
    pub source: Text,
}

/// What running a service costs, however few people it serves, as written.
#[derive(Debug, Clone)]
pub struct RunningCostFile {
    /// For people.
    pub title: Text,
    /// The service.
    pub service: Text,
    /// Who pays.
    pub payer: Text,
    /// Pounds a year, for each service or team.
    pub gbp: Option<Spanned<f64>>,
    /// For each so many places begun; for each service when not said.
    pub every_places: Option<Spanned<f64>>,
    /// In whose prices.
    pub price_year: Text,
    /// How good the evidence is.
    pub grade: Text,
    /// Why.
    pub source: Text,
    /// The whole of it.
    pub at: At,
}

pub(super) fn sharing(fields: Fields<'_>) -> SharingFile {
    let sharing = SharingFile {
        option: fields.optional_text("option"),
        alone: fields.optional_text("alone"),
        partners: fields.has("partners").then(|| fields.texts("partners")),
        hosts: match fields.has("hosts") {
            true => fields.texts("hosts"),
            false => Vec::new(),
        },
        rule: fields.optional_text("rule"),
        need_met: fields.optional_table("need_met").map(worth),
        at: fields.at,
    };
    fields.close();
    sharing
}

fn worth(fields: Fields<'_>) -> WorthFile {
    fields.require("gbp", "a number of pounds");
    let worth = WorthFile {
        gbp: fields.number("gbp"),
        price_year: fields.text("price_year"),
        source: fields.text("source"),
    };
    fields.close();
    worth
}

pub(super) fn running_cost(fields: Fields<'_>) -> RunningCostFile {
    fields.require("gbp", "a number of pounds a year");
    let cost = RunningCostFile {
        title: fields.text("title"),
        service: fields.text("service"),
        payer: fields.text("payer"),
        gbp: fields.number("gbp"),
        every_places: fields.number("every_places"),
        price_year: fields.text("price_year"),
        grade: fields.grade(),
        source: fields.text("source"),
        at: fields.at,
    };
    fields.close();
    cost
}
