//! Quality assurance: what was checked in this run and by what, and who has still to sign.

use serde::Serialize;

use super::super::{Engine, Run, VERSION, commit, number};
use super::view::Table;
use crate::compile::Verdict;
use crate::quantity::Grade;

/// The section.
#[derive(Serialize)]
pub(super) struct QualityView {
    /// What was checked, how, and what came of it.
    checked: Table,
    /// Who has to sign.
    signatures: Table,
}

/// Roles of the Aqua Book, and what each answers for.
const ROLES: [(&str, &str); 4] = [
    (
        "Commissioner",
        "The question is the right one, and what the answer may be used for",
    ),
    (
        "Analyst",
        "The inputs, the assumptions and the reading of the results",
    ),
    (
        "Analytical assurer",
        "Independent of the analyst: the method, the inputs and the checks suffice for the use",
    ),
    (
        "Approver",
        "The analysis may be used, with the limits that are stated",
    ),
];

/// What stands behind this run.
pub(super) fn quality(run: &Run) -> QualityView {
    let mut checked = Table::new("What was checked", &["What", "How", "What came of it"], 3);
    let rows = [
        inputs(run),
        conserved(run),
        repeatable(run),
        Some(arithmetic()),
        validated(run),
        uncertainty(run),
        evidence(run),
        duties(run),
    ];
    checked.rows = rows.into_iter().flatten().map(Vec::from).collect();
    let mut signatures = Table::new(
        "Who has still to sign",
        &["Role", "Answers for", "Name", "Signature", "Date"],
        5,
    );
    for (role, of) in ROLES {
        let blank = || "\u{a0}".to_owned();
        signatures.rows.push(vec![
            role.to_owned(),
            of.to_owned(),
            blank(),
            blank(),
            blank(),
        ]);
    }
    QualityView {
        checked,
        signatures,
    }
}

/// What, how, and what came of it.
type Checked = [String; 3];

fn told(what: &str, how: &str, result: String) -> Option<Checked> {
    Some([what.to_owned(), how.to_owned(), result])
}

fn inputs(run: &Run) -> Option<Checked> {
    told(
        "Verification: inputs are complete and consistent",
        "Every file is read and checked before anything runs: names, units, periods, sources, shares that sum to one, changes that change something",
        format!(
            "No fault in {} files, otherwise nothing would have run; {} notes to the reader, in the first section",
            run.manifest.inputs.len(),
            run.plan.notes.len()
        ),
    )
}

fn conserved(run: &Run) -> Option<Checked> {
    let result = match run.manifest.engine {
        Engine::People => "Held in every month of every draw, otherwise the run would have ended",
        _ => "Held by the equations: expected flows were used",
    };
    told(
        "Verification: nobody is lost or counted twice",
        "People who enter are counted against those inside, gone and dead, in every month",
        result.to_owned(),
    )
}

fn repeatable(run: &Run) -> Option<Checked> {
    told(
        "Verification: the numbers can be made again",
        "Version, commit, fingerprints of inputs and seed are in manifest.json; the same ones give the same bytes with any number of threads",
        format!(
            "needscast {VERSION}, commit {}, seed {}",
            commit(),
            run.plan.seed
        ),
    )
}

fn arithmetic() -> Checked {
    [
        "Verification: the arithmetic is right",
        "The program’s tests, run by its makers and not in this run: textbook models with published answers, two engines against each other, published appraisals; `bash tests/run` repeats them",
        "Not part of this run; the assurer should ask for the result of the tests of this commit",
    ]
    .map(str::to_owned)
}

fn validated(run: &Run) -> Option<Checked> {
    let lines = &run.fit.headline;
    let within = lines
        .iter()
        .filter(|line| line.relative_error.abs() <= 0.05)
        .count();
    let inside = lines
        .iter()
        .filter(|line| line.is_inside == Some(true))
        .count();
    let result = match lines.len() {
        0 => format!(
            "{}: nothing recorded of all areas together",
            number::MISSING
        ),
        n => format!(
            "{within} of {n} figures of all areas together within 5% of the record, {inside} inside the 90% range: section 3"
        ),
    };
    told(
        "Validation: the model retells what was recorded",
        "The hindcast is set beside every recorded figure of the last years",
        result,
    )
}

fn uncertainty(run: &Run) -> Option<Checked> {
    let year = *run.first_and_last().last()?;
    let headline = run.plan.measures.iter().filter(|m| m.is_headline);
    let errors = headline.filter_map(|measure| {
        let e = run.estimate(run.plan.comparator, run.total(), &measure.id, "", year);
        (e.mean > 0.0 && e.mc_error.is_finite()).then_some((e.mc_error / e.mean, &measure.title))
    });
    let largest = errors.max_by(|a, b| a.0.total_cmp(&b.0));
    let result = match largest {
        Some((error, title)) => format!(
            "Largest error of a headline mean in {}: {} ({})",
            run.year_name(year),
            number::percent(error, 1),
            number::lower_first(title)
        ),
        None => format!(
            "{}: without draws nothing is said of uncertainty",
            number::MISSING
        ),
    };
    told(
        "Validation: there are enough draws",
        "Monte Carlo error of every mean, in the tables",
        result,
    )
}

fn evidence(run: &Run) -> Option<Checked> {
    let grades = &run.appraisal.variance.by_grade;
    let n: usize = grades.iter().map(|(_, n, _, _)| n).sum();
    let weak = grades
        .iter()
        .find(|(grade, ..)| *grade == Grade::Placeholder);
    told(
        "Validation: assumptions are evidenced",
        "Every number carries its source and grade: the assumptions log",
        format!(
            "{} of {n} parameters are placeholders",
            weak.map_or(0, |(_, n, _, _)| *n)
        ),
    )
}

fn duties(run: &Run) -> Option<Checked> {
    let checks = &run.plan.duties.checks;
    let count = |verdict| {
        checks
            .iter()
            .filter(|check| check.verdict == verdict)
            .count()
    };
    let recalled = checks.iter().filter(|check| check.is_recalled).count();
    if checks.is_empty() {
        return None;
    }
    told(
        "Fitness for use: the duties of a plan",
        "Each duty is answered from the inputs, or from what the plan states",
        format!(
            "{} met, {} not met, {} cannot tell; the wording of {recalled} is recalled and to be confirmed",
            count(Verdict::Met),
            count(Verdict::NotMet),
            count(Verdict::CannotTell)
        ),
    )
}
