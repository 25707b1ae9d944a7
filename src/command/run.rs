//! `needscast run`: documents to report.

use std::path::{Path, PathBuf};

use clap::Args;

use super::clock::Stopwatch;
use super::progress::Progress;
use super::{Failure, say};
use crate::appraise::appraise;
use crate::compile::{Plan, compile};
use crate::diagnostic::Diagnostic;
use crate::document::{self, Documents};
use crate::draw::draw;
use crate::report::{self, Manifest, Run};
use crate::simulate::{Trajectories, simulate};
use crate::summarise::{fit, summarise};

/// What to run, and how.
#[derive(Debug, Args)]
pub struct RunArguments {
    /// The scenario file
    scenario: PathBuf,
    /// The folder to write to; an earlier report there is replaced [default: out/SCENARIO]
    #[arg(long)]
    out: Option<PathBuf>,
    /// How many draws, instead of the scenario's; 0 runs the central values alone
    #[arg(long)]
    draws: Option<usize>,
    /// Where every random number begins, instead of the scenario's
    #[arg(long)]
    seed: Option<u64>,
    /// How many threads to use; changes no number [default: one for each core]
    #[arg(long)]
    threads: Option<usize>,
    /// Print how the hindcast compares with what was recorded
    #[arg(long)]
    fit: bool,
}

pub(super) fn run(arguments: &RunArguments) -> Result<(), Failure> {
    let stopwatch = Stopwatch::start();
    let (documents, mut plan) = sound(&arguments.scenario)?;
    plan.n_draws = arguments.draws.unwrap_or(plan.n_draws);
    plan.seed = arguments.seed.unwrap_or(plan.seed);
    let folder = arguments
        .out
        .clone()
        .unwrap_or_else(|| default_folder(&arguments.scenario));
    report::check(&folder)?;

    let draws = draw(&plan);
    let threads = arguments.threads.unwrap_or(0);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    let pool =
        pool.map_err(|error| Failure::Machine(format!("cannot start {threads} threads: {error}")))?;
    let progress = Progress::start(draws.n_rows());
    let trajectories: Trajectories = pool.install(|| simulate(&plan, &draws, &|| progress.step()));
    progress.finish();

    let forecast = summarise(&plan, &trajectories);
    let fit = fit(&plan, &trajectories);
    let appraisal = appraise(&plan, &draws, &trajectories);
    drop(trajectories);
    let manifest = Manifest {
        inputs: documents
            .inputs
            .into_iter()
            .map(|input| (input.name, input.sha256))
            .collect(),
        threads: pool.current_num_threads(),
        command_line: command_line(),
        started: stopwatch.started(),
        seconds: stopwatch.seconds(),
    };
    let run = Run {
        plan: &plan,
        forecast: &forecast,
        fit: &fit,
        appraisal: &appraisal,
        manifest: &manifest,
    };
    report::write(&folder, &run)?;
    if arguments.fit {
        say(&report::fit_text(&fit))?;
    }
    eprintln!("\n{}\n", report::in_brief(&run));
    eprintln!("The report: {}", folder.join("report.html").display());
    Ok(())
}

/// The documents and the Plan, or everything that is wrong with them; warnings are said and passed.
pub(super) fn sound(scenario: &Path) -> Result<(Documents, Plan), Vec<Diagnostic>> {
    let documents = document::read(scenario)?;
    let plan = compile(&documents)?;
    for note in &plan.notes {
        eprintln!("note: {note}");
    }
    Ok((documents, plan))
}

/// `scenarios/one-council.toml` to `out/one-council`.
fn default_folder(scenario: &Path) -> PathBuf {
    Path::new("out").join(scenario.file_stem().unwrap_or(scenario.as_os_str()))
}

/// As typed, but for the path of the program; quoted where a shell would need it.
fn command_line() -> String {
    let quoted = std::env::args().skip(1).map(|word| {
        let is_plain = word
            .chars()
            .all(|c| c.is_alphanumeric() || "-_./=:,+".contains(c))
            && !word.is_empty();
        if is_plain {
            word
        } else {
            format!("'{}'", word.replace('\'', "'\\''"))
        }
    });
    std::iter::once("needscast".to_owned())
        .chain(quoted)
        .collect::<Vec<_>>()
        .join(" ")
}
