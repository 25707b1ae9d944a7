//! What law and guidance ask: each national outcome with its indicator, baseline, projection and priority, and whether
//! every duty is met.

use serde::Serialize;

use super::super::duties::{DutiesReport, superseded};
use super::super::{Run, number};
use super::view::Table;
use crate::compile::NationalOutcome;

/// The section; nothing where the model asks nothing of a plan.
#[derive(Serialize)]
pub(super) struct DutiesView {
    /// Which framework the outcomes are of.
    framework: String,
    /// Each outcome's measures.
    projected: Option<Table>,
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
        &["Answer", "What is asked", "Why", "Where it stands"],
        4,
    );
    for check in &duties.checks {
        checks.rows.push(vec![
            check.verdict.words().to_owned(),
            format!("{}{}", check.title, marked(check.is_recalled)),
            check.reason.clone(),
            check.citation.clone(),
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
        projected: projected(run),
        answered: answered(run),
        notes: notes.map(|o| (o.title.clone(), o.note.clone())).collect(),
        brief: DutiesReport(duties).in_brief(),
        checks,
    })
}

/// What is recalled is marked so wherever it is shown.
fn marked(is_recalled: bool) -> &'static str {
    match is_recalled {
        true => " [wording recalled, to be confirmed]",
        false => "",
    }
}

/// How each outcome's measures stand and where they go; an outcome without a measure says so.
fn projected(run: &Run) -> Option<Table> {
    let years = run.first_and_last();
    let (first, last) = (*years.first()?, *years.last()?);
    let mut table = Table::new(
        format!(
            "National outcomes: the model’s measures, business as usual, {}",
            run.plan.total.name
        ),
        &[
            "Outcome",
            "Measure",
            &run.year_name(first),
            &run.year_name(last),
            "90% range",
        ],
        2,
    );
    for outcome in &run.plan.duties.outcomes {
        let indicators = outcome.indicators.iter();
        let measures: Vec<_> = indicators.flat_map(|i| &i.measures).collect();
        if measures.is_empty() {
            let missing = || number::MISSING.to_owned();
            let cells = [outcome.title.clone(), not_measured(outcome)];
            let numbers = [missing(), missing(), missing()];
            table.rows.push(cells.into_iter().chain(numbers).collect());
        }
        for (measure, breakdown) in measures {
            let numbers = projection(run, measure, breakdown, (first, last));
            let head = std::iter::once(outcome.title.clone());
            table
                .rows
                .extend(numbers.map(|numbers| head.chain(numbers).collect()));
        }
    }
    (!table.rows.is_empty()).then_some(table)
}

fn not_measured(outcome: &NationalOutcome) -> String {
    match (&outcome.assessment, &outcome.indicator_not_used) {
        (Some(words), _) => format!("In the plan’s words: {words}"),
        (None, Some(why)) => format!("Not used: {why}"),
        (None, None) => "The model has no measure of it".to_owned(),
    }
}

/// A measure's title, its first and its last year with the range; nothing where the run does not have it.
fn projection(
    run: &Run,
    measure: &str,
    breakdown: &str,
    (first, last): (usize, usize),
) -> Option<[String; 4]> {
    let series = run.forecast.layout.find(measure, breakdown)?;
    let series = &run.forecast.layout.series[series];
    let at = |year| run.estimate(run.plan.comparator, run.total(), measure, breakdown, year);
    let [before, _] = super::mean_and_range(&at(first), &series.unit);
    let [after, range] = super::mean_and_range(&at(last), &series.unit);
    Some([series.title.clone(), before, after, range])
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
