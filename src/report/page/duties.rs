//! What law and guidance ask: each national outcome with its indicator, baseline, projection and priority, and whether
//! every duty is met.

use serde::Serialize;

use super::super::Run;
use super::super::duties::{DutiesReport, dates, superseded};
use super::outcomes;
use super::view::Table;
use crate::compile::NationalOutcome;

/// The section; nothing where the model asks nothing of a plan.
#[derive(Serialize)]
pub(super) struct DutiesView {
    /// Which framework the outcomes are of.
    framework: String,
    /// How many outcomes are measured, and what the numbers suggest.
    sentences: Vec<String>,
    /// Each outcome's measures.
    projected: Option<Table>,
    /// How a priority is suggested.
    rule: &'static str,
    /// What the plan says of each outcome.
    answered: Table,
    /// How the measures stand for the indicators, outcome by outcome.
    notes: Vec<(String, String)>,
    /// How many duties are met.
    brief: String,
    /// Every duty and its answer.
    checks: Table,
}

pub(super) fn duties(run: &Run) -> Option<DutiesView> {
    let duties = &run.plan.duties;
    if duties.checks.is_empty() {
        return None;
    }
    let mut checks = Table::new(
        "What is asked of the plan, and whether it is met",
        &[
            "Answer",
            "What is asked",
            "Why",
            "Where it stands",
            "In force from",
            "Until",
        ],
        6,
    );
    for check in &duties.checks {
        let [from, until] = dates(check);
        checks.rows.push(vec![
            check.verdict.words().to_owned(),
            format!("{}{}", check.title, marked(check.is_recalled)),
            check.reason.clone(),
            check.citation.clone(),
            from,
            until,
        ]);
    }
    let framework = duties.framework.as_ref();
    let notes = duties.outcomes.iter().filter(|o| !o.note.is_empty());
    Some(DutiesView {
        framework: framework.map_or(String::new(), |framework| {
            format!(
                "{}{}. {}",
                framework.title,
                superseded(duties),
                framework.citation
            )
        }),
        sentences: outcomes::sentences(run),
        projected: outcomes::projected(run),
        rule: outcomes::RULE,
        answered: answered(run),
        notes: notes.map(|o| (o.title.clone(), o.note.clone())).collect(),
        brief: DutiesReport(duties).in_brief(),
        checks,
    })
}

/// What is recalled is marked so wherever it is shown.
pub(super) fn marked(is_recalled: bool) -> &'static str {
    match is_recalled {
        true => " [wording recalled, to be confirmed]",
        false => "",
    }
}

/// What the framework measures each outcome by, and what the plan says of it.
fn answered(run: &Run) -> Table {
    let mut table = Table::new(
        "National outcomes: what the plan says",
        &[
            "Outcome",
            "Indicator",
            "Priority",
            "What the partners will do",
        ],
        4,
    );
    for outcome in &run.plan.duties.outcomes {
        let indicators = outcome.indicators.iter();
        let indicators: Vec<String> = indicators
            .map(|indicator| format!("{}{}", indicator.title, marked(indicator.is_recalled)))
            .collect();
        table.rows.push(vec![
            format!("{}{}", outcome.title, marked(outcome.is_recalled)),
            indicators.join("; "),
            priority(outcome),
            outcome.actions.join("; "),
        ]);
    }
    table
}

fn priority(outcome: &NationalOutcome) -> String {
    let answer = match outcome.is_priority {
        _ if outcome.is_overarching => return "Stands over the others".to_owned(),
        None => return "Not said in the scenario".to_owned(),
        Some(true) => "Yes",
        Some(false) => "No",
    };
    match &outcome.why {
        Some(why) => format!("{answer}. {why}"),
        None => answer.to_owned(),
    }
}
