//! The page of a calibration: one page that needs nothing but itself.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use super::numbers::{Shown, name, verdict};
use super::tables::role;
use super::{CalibrationRun, before_after, figures};
use crate::calibrate::Learnt;
use crate::report::number::{grouped, list, percent, signed};
use crate::report::page::render;
use crate::report::page::view::{Figure, Table, repeat};

pub(super) fn html(run: &CalibrationRun) -> Result<String, minijinja::Error> {
    render(
        "calibrate.html",
        include_str!("../calibrate.html"),
        Page::of(run),
    )
}

/// What the template is given.
#[derive(Serialize)]
struct Page {
    title: String,
    lead: String,
    learned: String,
    discrepancy: String,
    verdicts: Vec<Value>,
    whole: Option<Figure>,
    by_area: Vec<Figure>,
    posterior: Option<Figure>,
    multipliers: Option<Figure>,
    apart: Option<Table>,
    apart_words: Vec<String>,
    moves: Option<Table>,
    standing: Table,
    evidence: Table,
    dispersion: Option<Table>,
    inflows: Table,
    repeat: Value,
}

impl Page {
    fn of(run: &CalibrationRun) -> Page {
        let shown = Shown::all(run);
        let verdicts = run.fit.verdicts.iter();
        Page {
            title: format!("How the model was fitted: {}", run.before.title),
            lead: lead(run),
            learned: learned(&shown),
            discrepancy: discrepancy(run),
            verdicts: verdicts
                .map(|v| json!({ "text": v.text, "exceptions": v.exceptions }))
                .collect(),
            whole: figures::whole(run),
            by_area: figures::by_area(run),
            posterior: before_after::posterior(&shown),
            multipliers: before_after::multipliers(run),
            apart: apart(run),
            apart_words: apart_words(run),
            moves: moves(run, &shown),
            standing: standing(&shown),
            evidence: evidence(run),
            dispersion: dispersion(run),
            inflows: super::inflows::shown(run),
            repeat: repeat(run.manifest),
        }
    }
}

fn lead(run: &CalibrationRun) -> String {
    let n = run.before.fittings.len();
    let years = run.before.fittings.iter().map(|fit| fit.years);
    let first = years.clone().map(|years| years.0).min();
    let span = match (first, run.last_fitted()) {
        (Some(first), Some(last)) => format!("{first} to {last}"),
        _ => String::new(),
    };
    let worst = match run.distances.last() {
        Some(worst) => format!(
            " After {} rounds the worst national figure is {} off.",
            run.distances.len(),
            percent(*worst, 1)
        ),
        None => " They were left as they stood.".to_owned(),
    };
    format!("{n} sets of yearly multipliers are fitted to what was recorded, {span}.{worst}")
}

fn learned(shown: &[Shown]) -> String {
    let fitted = shown
        .iter()
        .filter(|shown| shown.number.verdict == Learnt::Fitted);
    let fitted: Vec<String> = fitted
        .map(|shown| {
            format!(
                "{} ({} of its variance removed)",
                shown.name(),
                percent(shown.number.removed, 0)
            )
        })
        .collect();
    let n = shown.len();
    match fitted.len() {
        0 => format!(
            "Of {n} uncertain numbers of the journey the record tells more than the prior of none: every prior stands."
        ),
        1 => format!(
            "Of {n} uncertain numbers of the journey the record tells more than the prior of one: {}. The other priors stand.",
            fitted[0]
        ),
        some => format!(
            "Of {n} uncertain numbers of the journey the record tells more than the prior of {some}: {}. The other priors stand.",
            list(&fitted)
        ),
    }
}

fn discrepancy(run: &CalibrationRun) -> String {
    let learned = run.learned;
    if !learned.discrepancy.is_finite() {
        return "There are too few recorded series of the whole, or draws, to tell how far the model misses what nothing is fitted to, so nothing was learned from them.".to_owned();
    }
    format!(
        "From {} recorded series of the whole and {} draws of the prior. Beyond what draws and chance explain, the model misses the level of a series by about {} (one standard deviation, estimated from the misses themselves); what is learned allows for it.",
        learned.evidence.len(),
        grouped(learned.n_draws as f64, 0),
        percent(learned.discrepancy, 1)
    )
}

fn apart(run: &CalibrationRun) -> Option<Table> {
    let header = [
        "Combination",
        "Number",
        "Weight",
        "Known of the combination",
        "Known of the number alone",
        "Verdict",
    ];
    let mut table = Table::new(
        "Combinations that the record knows better than their members",
        &header,
        2,
    );
    for (index, group) in run.learned.apart.iter().enumerate() {
        for &(at, weight) in &group.members {
            let number = &run.learned.numbers[at];
            table.rows.push(vec![
                (index + 1).to_string(),
                name(run, at),
                signed(weight, |v| grouped(v, 2)),
                percent(group.removed, 0),
                percent(number.removed, 0),
                verdict(number.verdict).to_owned(),
            ]);
        }
    }
    (!table.rows.is_empty()).then_some(table)
}

/// A sentence for each combination.
fn apart_words(run: &CalibrationRun) -> Vec<String> {
    let sentence = |group: &crate::calibrate::Apart| {
        let side = |is_up: bool| -> Vec<String> {
            let members = group
                .members
                .iter()
                .filter(|(_, weight)| (*weight > 0.0) == is_up);
            members.map(|(at, _)| name(run, *at)).collect()
        };
        let (up, down) = (side(true), side(false));
        let known = percent(group.removed, 0);
        match down.is_empty() {
            true => format!(
                "{}: the record knows them together ({known} of the variance of the combination is removed), because more of one looks like more of the other. It cannot tell which.",
                list(&up)
            ),
            false => format!(
                "{} against {}: the record knows how they stand to each other ({known} of the variance of the combination is removed), because more of the one looks like less of the other. It cannot tell how large each is.",
                list(&up),
                list(&down)
            ),
        }
    };
    run.learned.apart.iter().map(sentence).collect()
}

/// Numbers that, after the data, move with another one.
fn moves(run: &CalibrationRun, shown: &[Shown]) -> Option<Table> {
    let header = [
        "Number",
        "Moves with",
        "Correlation after the data",
        "Variance removed",
        "Verdict",
    ];
    let mut table = Table::new("Numbers that move together after the data", &header, 2);
    for shown in shown {
        if let Some((with, correlation)) = shown.number.moves_with {
            table.rows.push(vec![
                shown.name(),
                name(run, with),
                signed(correlation, |v| grouped(v, 2)),
                percent(shown.number.removed, 0),
                shown.verdict().to_owned(),
            ]);
        }
    }
    (!table.rows.is_empty()).then_some(table)
}

/// Parameters of which the record says little, with how much at most.
fn standing(shown: &[Shown]) -> Table {
    let mut parameters: BTreeMap<&str, Vec<&Shown>> = BTreeMap::new();
    for shown in shown.iter().filter(|shown| !shown.number.is_told()) {
        parameters.entry(shown.id).or_default().push(shown);
    }
    let header = [
        "Parameter",
        "Used by",
        "Grade",
        "Numbers",
        "Most variance removed of any",
    ];
    let mut table = Table::new(
        "Parameters of which the record tells too little: their priors stand",
        &header,
        3,
    );
    for (id, numbers) in parameters {
        let most = numbers
            .iter()
            .map(|shown| shown.number.removed)
            .fold(0.0, f64::max);
        table.rows.push(vec![
            id.to_owned(),
            numbers[0].used_by.clone(),
            numbers[0].cell.evidence.grade.name().to_owned(),
            numbers.len().to_string(),
            percent(most, 0),
        ]);
    }
    table
}

fn evidence(run: &CalibrationRun) -> Table {
    let header = [
        "Series",
        "Years",
        "Role",
        "Model above record, prior",
        "Model above record, after",
    ];
    let mut table = Table::new(
        "What numbers are learned from: the level of every recorded series",
        &header,
        3,
    );
    for figure in &run.learned.evidence {
        let span = match &figure.years[..] {
            [] => String::new(),
            [one] => one.to_string(),
            [first, .., last] => format!("{first} to {last} ({} years)", figure.years.len()),
        };
        let off = |log: f64| signed(log.exp() - 1.0, |v| percent(v, 1));
        let scale = if figure.is_share { ", of hazards" } else { "" };
        table.rows.push(vec![
            format!("{}{scale}", figure.title),
            span,
            role(figure.is_fitted).to_owned(),
            off(figure.miss),
            off(figure.left),
        ]);
    }
    table
}

/// Whether areas' counts vary beyond Poisson.
fn dispersion(run: &CalibrationRun) -> Option<Table> {
    let header = [
        "Series",
        "Areas",
        "Years",
        "Overdispersion",
        "95% interval",
        "Yearly step that stays",
        "Supported",
    ];
    let mut table = Table::new("Do areas\u{2019} counts vary beyond Poisson?", &header, 1);
    let show = |value: f64| signed(value, |v| grouped(v, 4));
    for found in run.dispersions {
        let (low, high) = (
            found.excess - 1.96 * found.error,
            found.excess + 1.96 * found.error,
        );
        table.rows.push(vec![
            found.title.clone(),
            found.n_areas.to_string(),
            found.n_years.to_string(),
            show(found.excess),
            format!("{} to {}", show(low), show(high)),
            percent(found.step.max(0.0).sqrt(), 1),
            if found.is_supported() { "yes" } else { "no" }.to_owned(),
        ]);
    }
    (!table.rows.is_empty()).then_some(table)
}
