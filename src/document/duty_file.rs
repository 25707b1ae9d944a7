//! What the law and the guidance ask of a plan, from `rules.toml`, and the plan's own answers, from the scenario.

use super::fields::Fields;
use super::source::{At, Spanned, Text};
use crate::quantity::Month;

/// The duties of a plan as written.
#[derive(Debug, Clone, Default)]
pub struct DutiesFile {
    /// Editions of the performance framework.
    pub frameworks: Vec<FrameworkFile>,
    /// Their outcomes.
    pub outcomes: Vec<NationalOutcomeFile>,
    /// Everything else that is asked of a plan.
    pub duties: Vec<DutyFile>,
}

/// An edition of the performance framework.
#[derive(Debug, Clone)]
pub struct FrameworkFile {
    /// The id.
    pub id: Text,
    /// For people.
    pub title: Text,
    /// The first month in which it is the current one.
    pub from: Option<Spanned<Month>>,
    /// Where it stands.
    pub citation: Text,
}

/// An outcome that a framework names.
#[derive(Debug, Clone)]
pub struct NationalOutcomeFile {
    /// The id.
    pub id: Text,
    /// Which framework names it.
    pub framework: Text,
    /// Its words.
    pub title: Text,
    /// `read` in the source, or `recalled`.
    pub wording: Text,
    /// Whether it stands over the others, so that no priority or action is asked of it.
    pub is_overarching: bool,
    /// Where it stands.
    pub citation: Text,
    /// What the model has of it, and what it lacks.
    pub note: Text,
    /// Its indicators.
    pub indicators: Vec<IndicatorFile>,
}

/// An indicator of an outcome.
#[derive(Debug, Clone)]
pub struct IndicatorFile {
    /// Its words.
    pub title: Text,
    /// `read` in the source, or `recalled`.
    pub wording: Text,
    /// The measures that stand for it, each `measure` or `measure;breakdown`.
    pub measures: Vec<Text>,
}

/// Something that is asked of a plan.
#[derive(Debug, Clone)]
pub struct DutyFile {
    /// The id.
    pub id: Text,
    /// Its words.
    pub title: Text,
    /// The first month in which it holds; always when not said.
    pub from: Option<Spanned<Month>>,
    /// The first month in which it no longer holds; no end when not said.
    pub until: Option<Spanned<Month>>,
    /// `read` in the source, or `recalled`.
    pub wording: Text,
    /// What answers it.
    pub asks: Text,
    /// Where it stands.
    pub citation: Text,
}

/// What the scenario says of the partnership's plan.
#[derive(Debug, Clone)]
pub struct PartnershipPlanFile {
    /// The framework that it answers to; the one in force at the start of the forecast when not said.
    pub framework: Option<Text>,
    /// The partners that take part, by payer; `None` when not said.
    pub partners: Option<Vec<Text>>,
    /// What it says of each outcome.
    pub outcomes: Vec<OutcomeAnswerFile>,
    /// What it says of other duties.
    pub statements: Vec<StatementFile>,
}

/// What the plan says of an outcome.
#[derive(Debug, Clone)]
pub struct OutcomeAnswerFile {
    /// Which outcome.
    pub outcome: Text,
    /// How far it is achieved, in words, where the model has no measure of it.
    pub assessment: Option<Text>,
    /// Whether it is a priority; `None` when not said.
    pub is_priority: Option<bool>,
    /// Why.
    pub why: Option<Text>,
    /// What the partners will do.
    pub actions: Vec<Text>,
    /// Why an indicator is not used.
    pub indicator_not_used: Option<Text>,
    /// The whole of it.
    pub at: At,
}

/// What the plan says of another duty.
#[derive(Debug, Clone)]
pub struct StatementFile {
    /// Which duty.
    pub duty: Text,
    /// Whether it is met.
    pub is_met: bool,
    /// Where that can be seen.
    pub evidence: Text,
}

/// What may answer a duty.
pub const ASKS: [&str; 14] = [
    "stated",
    "statutory-partners",
    "outcomes-assessed",
    "outcomes-prioritised",
    "outcomes-acted-on",
    "indicators-explained",
    "area-described",
    "evidence-graded",
    "past-judged",
    "investment-linked",
    "services-mapped",
    "needs-forecast",
    "options-considered",
    "local-by-default",
];

const WORDINGS: [&str; 2] = ["read", "recalled"];

pub(super) fn duties(fields: &Fields<'_>) -> DutiesFile {
    DutiesFile {
        frameworks: fields
            .tables("framework")
            .into_iter()
            .map(framework)
            .collect(),
        outcomes: fields.tables("outcome").into_iter().map(outcome).collect(),
        duties: fields.tables("duty").into_iter().map(duty).collect(),
    }
}

fn framework(fields: Fields<'_>) -> FrameworkFile {
    let framework = FrameworkFile {
        id: fields.text("id"),
        title: fields.text("title"),
        from: fields.month("from"),
        citation: fields.text("citation"),
    };
    fields.close();
    framework
}

fn outcome(fields: Fields<'_>) -> NationalOutcomeFile {
    let indicator = |fields: Fields<'_>| {
        let indicator = IndicatorFile {
            title: fields.text("title"),
            wording: fields.word("wording", &WORDINGS),
            measures: fields.texts("measures"),
        };
        fields.close();
        indicator
    };
    let outcome = NationalOutcomeFile {
        id: fields.text("id"),
        framework: fields.text("framework"),
        title: fields.text("title"),
        wording: fields.word("wording", &WORDINGS),
        is_overarching: fields.flag("is_overarching"),
        citation: fields.text("citation"),
        note: fields.text_or("note", ""),
        indicators: fields
            .tables("indicators")
            .into_iter()
            .map(indicator)
            .collect(),
    };
    fields.close();
    outcome
}

fn duty(fields: Fields<'_>) -> DutyFile {
    let duty = DutyFile {
        id: fields.text("id"),
        title: fields.text("title"),
        from: match fields.has("from") {
            true => fields.month("from"),
            false => None,
        },
        until: match fields.has("until") {
            true => fields.month("until"),
            false => None,
        },
        wording: fields.word("wording", &WORDINGS),
        asks: fields.word("asks", &ASKS),
        citation: fields.text("citation"),
    };
    fields.close();
    duty
}

pub(super) fn partnership_plan(fields: Fields<'_>) -> PartnershipPlanFile {
    let plan = PartnershipPlanFile {
        framework: fields.optional_text("framework"),
        partners: fields.has("partners").then(|| fields.texts("partners")),
        outcomes: fields.tables("outcome").into_iter().map(answer).collect(),
        statements: fields
            .tables("statement")
            .into_iter()
            .map(statement)
            .collect(),
    };
    fields.close();
    plan
}

fn answer(fields: Fields<'_>) -> OutcomeAnswerFile {
    let answer = OutcomeAnswerFile {
        outcome: fields.text("outcome"),
        assessment: fields.optional_text("assessment"),
        is_priority: fields.has("priority").then(|| fields.flag("priority")),
        why: fields.optional_text("why"),
        actions: match fields.has("actions") {
            true => fields.texts("actions"),
            false => Vec::new(),
        },
        indicator_not_used: fields.optional_text("indicator_not_used"),
        at: fields.at,
    };
    fields.close();
    answer
}

fn statement(fields: Fields<'_>) -> StatementFile {
    fields.require("met", "true or false");
    let statement = StatementFile {
        duty: fields.text("duty"),
        is_met: fields.flag("met"),
        evidence: fields.text("evidence"),
    };
    fields.close();
    statement
}
