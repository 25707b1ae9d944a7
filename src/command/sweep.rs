//! `needscast sweep`: one scenario in many cases, as one job.

use std::path::{Path, PathBuf};

use clap::Args;

use super::clock::Stopwatch;
use super::limits::Memory;
use super::machine::cores;
use super::prepared::{Prepared, Wish};
use super::run::{command_line, default_folder, threads};
use super::running::Running;
use super::{Failure, limits, tell};
use crate::compile::{Plan, compile};
use crate::diagnostic::{Diagnostic, nearest};
use crate::document::{self, Documents, Edit, SweepFile, unquoted};
use crate::report::{self, Manifest, SweepReport, SweptCase, Workplace, in_shell};

/// What to sweep.
#[derive(Debug, Args)]
pub struct SweepArguments {
    /// The sweep's file
    sweep: PathBuf,
    /// The folder to write to; an earlier sweep there is replaced [default: out/SWEEP]
    #[arg(long)]
    out: Option<PathBuf>,
    /// How many draws in every case, instead of the scenario's
    #[arg(long, value_parser = clap::value_parser!(u64).range(..=crate::compile::MOST_DRAWS as u64))]
    draws: Option<u64>,
    /// In how many of the draws to measure what drives changes
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u64).range(..=crate::compile::MOST_DRAWS as u64))]
    drivers: u64,
    /// How many threads to use; changes no number [default: one for each core]
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..=super::run::MOST_THREADS))]
    threads: Option<u64>,
    #[command(flatten)]
    memory: Memory,
    /// Go on where a sweep into this folder was stopped
    #[arg(long)]
    resume: bool,
}

/// More cases than anybody would look at.
const MOST_CASES: usize = 10_000;

/// The measures that are charted when nothing is said.
const USUAL: [&str; 2] = ["npsv", "needs_met_increment"];

/// One case as it is asked for.
struct Case {
    name: String,
    words: Vec<String>,
    edits: Vec<Edit>,
}

pub(super) fn run(arguments: &SweepArguments) -> Result<(), Failure> {
    let stopwatch = Stopwatch::start();
    let sweep = document::read_sweep(&arguments.sweep)?;
    let cases = cases(&sweep)?;
    let wish = Wish {
        draws: arguments.draws,
        drivers: Some(arguments.drivers),
        share: Some(0),
        ..Wish::default()
    };
    let out = arguments.out.clone();
    let out = out.unwrap_or_else(|| default_folder(&arguments.sweep, None));
    look_at(&sweep, &cases, (&out, &wish), arguments.memory)?;
    let workplace = Workplace::open(&out, arguments.resume)?;
    let pool = threads(arguments.threads.map_or(cores(), |n| n as usize))?;
    if !sweep.measures.is_empty() {
        let central = Wish {
            draws: Some(0),
            ..wish.clone()
        };
        let (prepared, _) = prepared(&sweep, &cases[0], &out, &central)?;
        let folder = workplace.parts().join("measures");
        live(&prepared, &folder, &pool)?;
        let looked_at = SweptCase {
            name: String::new(),
            words: Vec::new(),
            appraisal: report::appraisal_of(&folder)?,
        };
        // Nothing of it belongs to the sweep.
        let _ = std::fs::remove_dir_all(&folder);
        known_measures(&sweep, &looked_at)?;
    }
    let mut swept = Vec::new();
    for (index, case) in cases.iter().enumerate() {
        let (prepared, text) = prepared(&sweep, case, &out, &wish)?;
        let folder = workplace.parts().join("cases").join(&case.name);
        tell(&format!(
            "{} of {}: {}",
            index + 1,
            cases.len(),
            case.words.join(", ")
        ));
        live(&prepared, &folder, &pool)?;
        report::write_beside(&folder, &text)?;
        swept.push(SweptCase {
            name: case.name.clone(),
            words: case.words.clone(),
            appraisal: report::appraisal_of(&folder)?,
        });
    }
    finish(
        arguments,
        &sweep,
        swept,
        (stopwatch, pool.current_num_threads()),
        workplace,
    )?;
    tell(&format!("The sweep: {}", out.join("sweep.html").display()));
    Ok(())
}

/// Looks at every case before any work starts, so that a fault of the last is not found after hours. What is wrong with
/// the scenario in every case is told once.
fn look_at(
    sweep: &SweepFile,
    cases: &[Case],
    (out, wish): (&Path, &Wish),
    memory: Memory,
) -> Result<(), Failure> {
    let mut faults: Vec<Diagnostic> = Vec::new();
    for case in cases {
        match read(sweep, case) {
            Ok((documents, plan, _)) => {
                let prepared = Prepared::of_documents(out, documents, plan, wish)?;
                limits::check(&prepared, None, memory)?;
            }
            Err(found) => {
                for fault in found {
                    let same = |known: &Diagnostic| {
                        (known.code, &known.place, &known.found)
                            == (fault.code, &fault.place, &fault.found)
                    };
                    if !faults.iter().any(same) {
                        faults.push(fault);
                    }
                }
            }
        }
    }
    match faults.is_empty() {
        true => Ok(()),
        false => Err(faults.into()),
    }
}

/// Lives a case, or goes on with it.
fn live(prepared: &Prepared, folder: &Path, pool: &rayon::ThreadPool) -> Result<(), Failure> {
    Running {
        stopwatch: Stopwatch::start(),
        prepared,
        shard: None,
        folder,
        pool,
        is_resumed: true,
        prints_fit: false,
        is_told: false,
    }
    .run()
}

/// Writes what the cases come to, and puts everything into its place.
fn finish(
    arguments: &SweepArguments,
    sweep: &SweepFile,
    cases: Vec<SweptCase>,
    (stopwatch, threads): (Stopwatch, usize),
    workplace: Workplace,
) -> Result<(), Failure> {
    let inputs = sweep.inputs.iter();
    let manifest = Manifest {
        inputs: inputs
            .map(|input| (input.name.clone(), input.sha256.clone()))
            .collect(),
        threads,
        command_line: command_line(),
        started: stopwatch.started(),
        seconds: stopwatch.seconds(),
        ..Manifest::default()
    };
    let report = SweepReport {
        title: sweep.title.value.clone(),
        axes: axes(sweep),
        measures: measures(sweep),
        cases,
        command: format!(
            "needscast sweep {}",
            in_shell(&arguments.sweep.display().to_string())
        ),
    };
    let mut files = report::sweep_files(&report)?;
    files.push(("manifest.json", manifest.json_of_sweep(&report.title)));
    Ok(workplace.keep(&files)?)
}

/// The scenario of a case, ready to be lived, and its text.
fn prepared(
    sweep: &SweepFile,
    case: &Case,
    out: &Path,
    wish: &Wish,
) -> Result<(Prepared, String), Failure> {
    let (documents, plan, text) = read(sweep, case)?;
    let shown = out.join("cases").join(format!("{}.toml", case.name));
    Ok((Prepared::of_documents(&shown, documents, plan, wish)?, text))
}

/// The scenario of a case and its text.
fn read(sweep: &SweepFile, case: &Case) -> Result<(Documents, Plan, String), Vec<Diagnostic>> {
    let (documents, text) = document::read_edited(&sweep.scenario, &case.edits, &sweep.sources)?;
    let plan = compile(&documents).map_err(|faults| in_case(case, faults))?;
    Ok((documents, plan, text))
}

/// Faults of a scenario as it is in one case.
fn in_case(case: &Case, faults: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let hint = format!(
        "this is {} of the sweep: {}",
        case.name,
        case.words.join(", ")
    );
    let faults = faults.into_iter();
    faults.map(|fault| fault.hint(hint.clone())).collect()
}

fn axes(sweep: &SweepFile) -> Vec<String> {
    match sweep.axes.is_empty() {
        true => vec!["title".to_owned()],
        false => sweep
            .axes
            .iter()
            .map(|axis| axis.title.value.clone())
            .collect(),
    }
}

fn measures(sweep: &SweepFile) -> Vec<String> {
    match sweep.measures.is_empty() {
        true => USUAL.map(str::to_owned).into(),
        false => sweep
            .measures
            .iter()
            .map(|measure| measure.value.clone())
            .collect(),
    }
}

/// The cases of a list, or every combination of a grid, of which the last axis moves first.
fn cases(sweep: &SweepFile) -> Result<Vec<Case>, Failure> {
    let n_cases = match sweep.axes.is_empty() {
        true => sweep.cases.len(),
        false => sweep
            .axes
            .iter()
            .fold(1, |n: usize, axis| n.saturating_mul(axis.values.len())),
    };
    if n_cases > MOST_CASES {
        let fault = Diagnostic::error("E963", "more cases than a sweep may have")
            .at(&sweep.place(&sweep.title))
            .expected(format!("at most {MOST_CASES} cases"))
            .found(format!("{n_cases} cases"))
            .hint("vary less at once, or in larger steps");
        return Err(vec![fault].into());
    }
    let name = |index: usize| {
        format!(
            "case-{:0width$}",
            index + 1,
            width = n_cases.to_string().len()
        )
    };
    if sweep.axes.is_empty() {
        let listed = sweep.cases.iter().enumerate().map(|(index, case)| Case {
            name: name(index),
            words: vec![case.title.value.clone()],
            edits: case
                .set
                .iter()
                .map(|(path, value)| Edit {
                    path: path.clone(),
                    value: value.value.clone(),
                })
                .collect(),
        });
        return Ok(listed.collect());
    }
    let combined = (0..n_cases).map(|index| {
        let mut rest = index;
        let mut edits = Vec::new();
        let mut words = Vec::new();
        for axis in sweep.axes.iter().rev() {
            let value = &axis.values[rest % axis.values.len()];
            rest /= axis.values.len();
            words.push(unquoted(value));
            edits.push(Edit {
                path: axis.set.clone(),
                value: value.value.clone(),
            });
        }
        words.reverse();
        Case {
            name: name(index),
            words,
            edits,
        }
    });
    Ok(combined.collect())
}

/// Refuses a measure that the appraisal of a case has not.
fn known_measures(sweep: &SweepFile, case: &SweptCase) -> Result<(), Failure> {
    let known = case.measures();
    let unknown = sweep
        .measures
        .iter()
        .filter(|measure| !known.contains(&measure.value));
    let faults: Vec<Diagnostic> = unknown
        .map(|measure| {
            let fault = Diagnostic::error(
                "E964",
                format!("no measure `{}` in the appraisal", measure.value),
            )
            .at(&sweep.place(measure))
            .expected(format!("one of {}", known.join(", ")))
            .found(format!("`{}`", measure.value));
            match nearest(&measure.value, known.iter().map(String::as_str)) {
                Some(near) => fault.hint(format!("did you mean `{near}`?")),
                None => fault.hint("measures are those of appraisal.csv"),
            }
        })
        .collect();
    if faults.is_empty() {
        Ok(())
    } else {
        Err(faults.into())
    }
}
