//! `rules.toml`: the law of the journey, and the duties of a plan.

use super::duty_file::{DutiesFile, duties};
use super::fields::Fields;
use super::source::{At, Spanned, Text};
use crate::diagnostic::Diagnostic;
use crate::quantity::Month;

/// A rule as written.
#[derive(Debug, Clone)]
pub struct RuleFile {
    /// The id.
    pub id: Text,
    /// For people.
    pub title: Text,
    /// Of the values.
    pub unit: Text,
    /// Whether a new value reaches people already in a state.
    pub reaches_everyone: bool,
    /// The values and the months from which they hold.
    pub values: Vec<RuleValueFile>,
    /// The whole of it.
    pub at: At,
}

/// One value of a rule.
#[derive(Debug, Clone)]
pub struct RuleValueFile {
    /// The first month.
    pub from: Option<Spanned<Month>>,
    /// The value.
    pub value: Option<Spanned<f64>>,
    /// Where it is laid down.
    pub citation: Text,
    /// The whole of it.
    pub at: At,
}

pub(super) fn rules_file(fields: Fields<'_>) -> (Vec<RuleFile>, DutiesFile) {
    let rules = fields.tables("rule").into_iter().map(rule).collect();
    let duties = duties(&fields);
    fields.close();
    (rules, duties)
}

fn rule(fields: Fields<'_>) -> RuleFile {
    let value = |fields: Fields<'_>| {
        fields.require("value", "a number");
        let value = RuleValueFile {
            from: fields.month("from"),
            value: fields.number("value"),
            citation: fields.text("citation"),
            at: fields.at,
        };
        fields.close();
        value
    };
    fields.require("values", "a list of { from, value, citation }");
    let id = fields.text("id");
    let rule = RuleFile {
        title: fields.text_or("title", &id.value),
        id,
        unit: fields.text("unit"),
        reaches_everyone: fields.word("reaches", &["entrants", "everyone"]).value == "everyone",
        values: fields.tables("values").into_iter().map(value).collect(),
        at: fields.at,
    };
    if rule.values.is_empty() && fields.has("values") {
        let fault = Diagnostic::error("E108", format!("the rule `{}` has no value", rule.id.value))
            .expected("at least one { from, value, citation }");
        fields.report(rule.at, fault);
    }
    fields.close();
    rule
}
