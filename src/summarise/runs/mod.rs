//! Two runs side by side: what changed in what went in, what changed in the answers, and how the forecast of the first
//! stands beside what was recorded by the time of the second.

mod answers;
mod inputs;
mod track;

pub use answers::{AnswerChange, Choice, Order};
pub use inputs::{FileChange, ParameterChange, Setting};
pub use track::{Track, TrackLine, Tracked};

use std::collections::BTreeSet;

use crate::diagnostic::Diagnostic;
use crate::document::ResultFolder;

/// What changed from the first run to the second.
#[derive(Debug, Clone, Default)]
pub struct RunChanges {
    /// Whether both answer one question: the same program, inputs, seed and draws.
    pub is_one_question: bool,
    /// Program, seed, draws, options, horizon and areas that differ.
    pub settings: Vec<Setting>,
    /// Files that differ, by their hashes.
    pub files: Vec<FileChange>,
    /// Numbers that went in and differ, what the answer rests on most first.
    pub parameters: Vec<ParameterChange>,
    /// How many numbers went into both.
    pub n_parameters: usize,
    /// Every answer that both runs give, what changed most beyond chance first.
    pub answers: Vec<AnswerChange>,
    /// Options by net present social value; `None` where either run has none.
    pub order: Option<Order>,
    /// Which option is best at each worth of the outcome that both runs have.
    pub choices: Vec<Choice>,
    /// The forecast of the first beside the record of the second.
    pub track: Track,
}

/// Compares two runs.
///
/// # Errors
/// When they are of different models (E983), or have no answer in common (E984).
pub fn changes(a: &ResultFolder, b: &ResultFolder) -> Result<RunChanges, Vec<Diagnostic>> {
    check_models(a, b)?;
    let answers = answers::answers(a, b);
    if answers.is_empty() {
        return Err(vec![nothing_in_common(a, b)]);
    }
    let (parameters, n_parameters) = inputs::parameters(a, b);
    Ok(RunChanges {
        is_one_question: a.manifest.fingerprint == b.manifest.fingerprint,
        settings: inputs::settings(a, b),
        files: inputs::files(a, b),
        parameters,
        n_parameters,
        answers,
        order: answers::order(a, b),
        choices: answers::choices(a, b),
        track: track::track(a, b),
    })
}

fn check_models(a: &ResultFolder, b: &ResultFolder) -> Result<(), Vec<Diagnostic>> {
    let (ours, theirs) = (model(a), model(b));
    if ours == theirs || ours.is_none() || theirs.is_none() {
        return Ok(());
    }
    let said = |model: Option<String>| model.unwrap_or_default();
    let fault = Diagnostic::error("E983", "the runs are of different models")
        .expected(format!("two runs of `{}`", said(ours)))
        .found(format!("`{}` in {}", said(theirs), b.name))
        .hint("compare runs of one model; its numbers and its version may differ");
    Err(vec![fault])
}

/// The folder of the model that a run was of, by the last part of its name.
fn model(run: &ResultFolder) -> Option<String> {
    let names = run
        .manifest
        .inputs
        .iter()
        .map(|input| plain_name(&input.name));
    let folder = names
        .filter_map(|name| name.strip_suffix("/model.toml"))
        .next()?;
    let name = folder
        .rsplit_once("models/")
        .map_or(folder, |(_, name)| name);
    Some(name.to_owned())
}

/// Whether a code means the same people in both runs. Where they are of other areas, their sums (and what has no area,
/// the appraisal) are of other people.
fn same_places<'a>(a: &'a ResultFolder, b: &'a ResultFolder) -> impl Fn(&str) -> bool + use<'a> {
    let [ours, theirs] = [a, b].map(|run| -> BTreeSet<&str> {
        run.forecast.iter().map(|row| row.key[1].as_str()).collect()
    });
    let sums = [(a, ours.len()), (b, theirs.len())].map(|(run, n_areas)| {
        let last = run.forecast.last().filter(|_| n_areas > 1);
        last.map_or("", |row| row.key[1].as_str())
    });
    let is_alike = ours == theirs;
    move |code| is_alike || !code.is_empty() && !sums.contains(&code)
}

/// The name of a file without where it came from.
fn plain_name(name: &str) -> &str {
    name.trim_end_matches(" (built in)")
}

fn nothing_in_common(a: &ResultFolder, b: &ResultFolder) -> Diagnostic {
    let values = |run: &ResultFolder, part: usize| {
        let mut values: Vec<&str> = run
            .forecast
            .iter()
            .map(|row| row.key[part].as_str())
            .collect();
        values.sort_unstable();
        values.dedup();
        let n = values.len();
        let shown = values.iter().take(6).map(|value| format!("`{value}`"));
        let shown = shown.collect::<Vec<_>>().join(", ");
        if n > 6 {
            format!("{shown} and {} more", n - 6)
        } else {
            shown
        }
    };
    let parts = ["options", "areas", "measures", "breakdowns", "years"];
    let both = |part: usize| {
        let mut ours = a.forecast.iter().map(|row| &row.key[part]);
        ours.any(|value| b.forecast.iter().any(|row| row.key[part] == *value))
    };
    let apart = (0..parts.len()).find(|part| !both(*part)).unwrap_or(2);
    Diagnostic::error(
        "E984",
        format!("the runs have no {} in common", parts[apart]),
    )
    .expected(format!("some of {} of {}", values(a, apart), a.name))
    .found(format!("{} in {}", values(b, apart), b.name))
    .hint("compare runs that share an option, an area, a measure and a year")
}
