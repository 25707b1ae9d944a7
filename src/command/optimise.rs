//! `needscast optimise`: places for a budget.

use std::path::{Path, PathBuf};

use clap::Args;

use super::answer::Format;
use super::clock::Stopwatch;
use super::progress::Progress;
use super::run::{MOST_DRAWS, MOST_THREADS, command_line, sound, threads};
use super::{Failure, say, tell};
use crate::appraise::mix::optimise;
use crate::diagnostic::{Diagnostic, Place};
use crate::draw::draw;
use crate::report::{self, Manifest, MixReport};

/// What to optimise, and how.
#[derive(Debug, Args)]
pub struct OptimiseArguments {
    /// The scenario file, with a table `[optimise]`
    scenario: PathBuf,
    /// The folder to write to; an earlier report there is replaced [default: out/optimise-SCENARIO]
    #[arg(long)]
    out: Option<PathBuf>,
    /// How many draws, instead of the scenario's; mixes are chosen by half of them and judged by the others
    #[arg(long, value_parser = clap::value_parser!(u64).range(..=MOST_DRAWS))]
    draws: Option<u64>,
    /// Where every random number begins, instead of the scenario's
    #[arg(long, value_parser = clap::value_parser!(u64).range(..=i64::MAX as u64))]
    seed: Option<u64>,
    /// How many threads to use; changes no number [default: one for each core]
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..=MOST_THREADS))]
    threads: Option<u64>,
    /// How the answer is printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub(super) fn run(arguments: &OptimiseArguments) -> Result<(), Failure> {
    let stopwatch = Stopwatch::start();
    let (documents, mut plan) = sound(&arguments.scenario)?;
    let Some(mixing) = plan.mixing.clone() else {
        return Err(vec![not_asked(&arguments.scenario)].into());
    };
    plan.n_draws = arguments.draws.map_or(plan.n_draws, |draws| draws as usize);
    plan.seed = arguments.seed.unwrap_or(plan.seed);
    let folder = arguments.out.clone().unwrap_or_else(|| {
        let stem = arguments.scenario.file_stem().unwrap_or_default();
        PathBuf::from("out").join(format!("optimise-{}", stem.to_string_lossy()))
    });
    report::check(&folder)?;
    let draws = draw(&plan);
    let pool = threads(arguments.threads.unwrap_or(0) as usize)?;
    let progress = Progress::open("lives of a mix in a draw");
    let mixed = pool.install(|| optimise(&plan, &mixing, &draws, &|lives| progress.add(lives)));
    progress.finish();
    let mixed = mixed.map_err(|fault| vec![*fault])?;
    let report = MixReport {
        plan: &plan,
        mixing: &mixing,
        mixed: &mixed,
    };
    let manifest = Manifest {
        inputs: (documents.inputs.into_iter())
            .map(|input| (input.name, input.sha256))
            .collect(),
        threads: pool.current_num_threads(),
        command_line: command_line(),
        started: stopwatch.started(),
        seconds: stopwatch.seconds(),
        ..Manifest::default()
    };
    report::write_mix(&folder, &report, &manifest)?;
    match arguments.format {
        Format::Text => say(&report.text())?,
        Format::Json => say(&report.json())?,
    }
    tell(&format!(
        "The report: {}",
        folder.join("optimise.html").display()
    ));
    Ok(())
}

/// The scenario asks nothing of places.
fn not_asked(scenario: &Path) -> Diagnostic {
    let place = Place {
        file: scenario.display().to_string(),
        ..Place::default()
    };
    Diagnostic::error("E541", "the scenario asks for no places to be chosen")
        .expected("a table `[optimise]` with an outcome, a budget and bounds of places")
        .found("none")
        .hint("scenarios/tayside-mix.toml has one to begin from; docs/optimise.md describes it")
        .at(&place)
}
