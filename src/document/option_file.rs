//! An option of a scenario: what it changes, from when, for whom and why, and what it costs of its own.

use super::fields::Fields;
use super::scenario_money::{OneOffFile, one_off};
use super::source::{At, Spanned, Text};
use crate::diagnostic::Diagnostic;
use crate::quantity::Month;

/// An option as written.
#[derive(Debug, Clone)]
pub struct OptionFile {
    /// The id.
    pub id: Text,
    /// For people.
    pub title: Text,
    /// What differs.
    pub changes: Vec<ChangeFile>,
    /// Costs of its own: one-off, of a transition, or a year's.
    pub costs: Vec<OneOffFile>,
    /// Why it costs nothing of its own, where it says so.
    pub without_costs: Option<Text>,
}

/// A change as written.
#[derive(Debug, Clone)]
pub struct ChangeFile {
    /// The first month.
    pub from: Option<Spanned<Month>>,
    /// What it changes.
    pub what: WhatFile,
    /// Only these areas.
    pub areas: Option<Vec<Text>>,
    /// Whether it reaches people already in a state; `None` when not said.
    pub reaches_everyone: Option<bool>,
    /// Why, for all of it.
    pub source: Option<Text>,
    /// The whole of it.
    pub at: At,
}

/// What a change changes.
#[derive(Debug, Clone)]
pub enum WhatFile {
    /// A service.
    Service {
        /// Which.
        service: Text,
        /// Its key and how it changes.
        operations: Vec<(&'static str, Option<OperationFile>, At)>,
        /// The uptake of one area.
        access: Vec<(Text, Option<OperationFile>)>,
        /// Who shares it.
        arrangement: Option<ArrangementFile>,
    },
    /// A parameter.
    Parameter {
        /// Which.
        parameter: Text,
        /// For whom: key and value.
        scope: Vec<(&'static str, Text)>,
        /// How.
        operation: Option<OperationFile>,
    },
    /// A rule.
    Rule {
        /// Which.
        rule: Text,
        /// How.
        operation: Option<OperationFile>,
    },
    /// It says none of these or several: what there is, none of which can be meant alone.
    Unclear(Vec<WhatFile>),
}

/// How a number changes.
#[derive(Debug, Clone)]
pub struct OperationFile {
    /// `set`, `multiply` or `add`.
    pub kind: &'static str,
    /// By how much; `NaN` stands for a number that has already been reported.
    pub by: Spanned<f64>,
    /// Why.
    pub source: Option<Text>,
}

/// Who shares a service.
#[derive(Debug, Clone)]
pub struct ArrangementFile {
    /// Each area its own.
    pub is_local: bool,
    /// The areas of the pool.
    pub pool: Vec<Text>,
    /// The area that runs it.
    pub host: Option<Text>,
    /// Places that are kept for people of one area.
    pub guaranteed: Vec<(Text, Spanned<f64>)>,
    /// The whole of it.
    pub at: At,
}

/// The parts of a service that a scenario may change.
pub const SERVICE_PARTS: [&str; 8] = [
    "places",
    "uptake",
    "patience",
    "support",
    "completion",
    "meets_need",
    "hazard_ratio",
    "effect_after",
];

pub(super) fn option(fields: Fields<'_>) -> OptionFile {
    let id = fields.text("id");
    let option = OptionFile {
        title: fields.text_or("title", &id.value),
        id,
        changes: fields.tables("change").into_iter().map(change).collect(),
        costs: fields.tables("cost").into_iter().map(one_off).collect(),
        without_costs: fields.optional_text("without_costs"),
    };
    fields.close();
    option
}

pub(super) fn change(fields: Fields<'_>) -> ChangeFile {
    let at = fields.at;
    let reaches = fields
        .has("reaches")
        .then(|| fields.word("reaches", &["entrants", "everyone"]).value == "everyone");
    let n_said = ["service", "parameter", "rule"]
        .into_iter()
        .filter(|key| fields.has(key))
        .count();
    if n_said != 1 {
        let fault = Diagnostic::error("E110", "a change changes exactly one thing")
            .expected("one of `service`, `parameter`, `rule`")
            .found(format!("{n_said} of them"));
        fields.report(at, fault);
    }
    let what = if n_said != 1 {
        WhatFile::Unclear(unclear(&fields, at))
    } else if fields.has("service") {
        service_change(&fields)
    } else if fields.has("parameter") {
        WhatFile::Parameter {
            parameter: fields.text("parameter"),
            scope: scope(&fields),
            operation: Some(operation(&fields, at)),
        }
    } else {
        WhatFile::Rule {
            rule: fields.text("rule"),
            operation: Some(operation(&fields, at)),
        }
    };
    let change = ChangeFile {
        from: fields.month("from"),
        what,
        areas: fields.has("areas").then(|| fields.texts("areas")),
        reaches_everyone: reaches,
        source: fields.optional_text("source"),
        at,
    };
    fields.close();
    change
}

/// What a change says that says none or several of a service, a parameter and a rule.
fn unclear(fields: &Fields<'_>, at: At) -> Vec<WhatFile> {
    let mut parts = vec![service_change(fields)];
    let name = |key| match fields.has(key) {
        true => fields.text(key),
        false => Text::default(),
    };
    let says_how = ["set", "multiply", "add"]
        .into_iter()
        .filter(|key| fields.has(key))
        .count();
    parts.push(WhatFile::Parameter {
        parameter: name("parameter"),
        scope: scope(fields),
        operation: (says_how > 0).then(|| operation(fields, at)),
    });
    parts.push(WhatFile::Rule {
        rule: name("rule"),
        operation: None,
    });
    parts
}

fn service_change(fields: &Fields<'_>) -> WhatFile {
    let mut operations = Vec::new();
    for key in SERVICE_PARTS {
        if let Some(at) = fields.at_of(key) {
            let operation = fields.optional_table(key).map(owned_operation);
            operations.push((key, operation, at));
        }
    }
    let named = fields
        .optional_table("access")
        .map(|table| table.named_tables());
    let access = named
        .into_iter()
        .flatten()
        .map(|(area, table)| (area, Some(owned_operation(table))))
        .collect();
    let arrangement = fields.optional_table("arrangement").map(|table| {
        let arrangement = ArrangementFile {
            is_local: table.flag("local"),
            pool: table.texts("pool"),
            host: table.optional_text("host"),
            guaranteed: guaranteed(&table),
            at: table.at,
        };
        table.close();
        arrangement
    });
    WhatFile::Service {
        service: match fields.has("service") {
            true => fields.text("service"),
            false => Text::default(),
        },
        operations,
        access,
        arrangement,
    }
}

/// Places by area, as `{ "Angus" = { places = 5 } }`.
fn guaranteed(table: &Fields<'_>) -> Vec<(Text, Spanned<f64>)> {
    let named = table
        .optional_table("guaranteed")
        .map(|areas| areas.named_tables());
    let places = |(area, table): (Text, Fields<'_>)| {
        table.require("places", "a whole number of places");
        let places = table.number("places");
        table.close();
        places.map(|places| (area, places))
    };
    named.into_iter().flatten().filter_map(places).collect()
}

fn owned_operation(table: Fields<'_>) -> OperationFile {
    let operation = OperationFile {
        source: table.optional_text("source"),
        ..operation(&table, table.at)
    };
    table.close();
    operation
}

/// Exactly one of `set`, `multiply` and `add`.
fn operation(fields: &Fields<'_>, at: At) -> OperationFile {
    let kinds = ["set", "multiply", "add"];
    let said: Vec<&'static str> = kinds.into_iter().filter(|key| fields.has(key)).collect();
    let [kind] = said[..] else {
        let fault = Diagnostic::error("E110", "a change says how in exactly one way")
            .expected("one of `set`, `multiply`, `add`")
            .found(match said.is_empty() {
                true => "none of them".to_owned(),
                false => said.join(" and "),
            });
        fields.report(at, fault);
        let at = said
            .first()
            .and_then(|kind| fields.at_of(kind))
            .unwrap_or(at);
        for kind in &said {
            fields.number(kind);
        }
        return unreadable("", at);
    };
    let at = fields.at_of(kind).unwrap_or(at);
    let number = fields.number(kind);
    number.map_or(unreadable(kind, at), |by| OperationFile {
        kind,
        by,
        source: None,
    })
}

/// An operation whose number has been reported.
fn unreadable(kind: &'static str, at: At) -> OperationFile {
    let by = Spanned {
        value: f64::NAN,
        at,
    };
    OperationFile {
        kind,
        by,
        source: None,
    }
}

fn scope(fields: &Fields<'_>) -> Vec<(&'static str, Text)> {
    let Some(table) = fields.optional_table("where") else {
        return Vec::new();
    };
    let keys = ["area", "sex", "age", "priors", "duration"];
    let scope = keys
        .into_iter()
        .filter_map(|key| table.optional_text(key).map(|text| (key, text)))
        .collect();
    table.close();
    scope
}
