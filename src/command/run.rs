//! `needscast run`: documents to report.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::clock::Stopwatch;
use super::limits::Memory;
use super::machine::cores;
use super::prepared::{Prepared, Wish};
use super::running::Running;
use super::shard::ShardArgument;
use super::{Failure, estimate, limits, tell};
use crate::compile::{self, Plan, compile};
use crate::diagnostic::Diagnostic;
use crate::document::{self, Documents};
use crate::report::{self, Engine, Share};

/// What to run, and how.
#[derive(Debug, Args)]
pub struct RunArguments {
    /// The scenario file
    scenario: PathBuf,
    /// The folder to write to; an earlier report there is replaced [default: out/SCENARIO]
    #[arg(long)]
    out: Option<PathBuf>,
    /// How many draws, instead of the scenario's; 0 runs the central values alone
    #[arg(long, value_parser = clap::value_parser!(u64).range(..=MOST_DRAWS))]
    draws: Option<u64>,
    /// Where every random number begins, instead of the scenario's
    #[arg(long, value_parser = clap::value_parser!(u64).range(..=i64::MAX as u64))]
    seed: Option<u64>,
    /// How many threads to use; changes no number [default: one for each core]
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..=MOST_THREADS))]
    threads: Option<u64>,
    /// Propagate expectations instead of people, without chance; only for scenarios without services. BIRTHS tells
    /// ages apart: `by-step` is exact, `by-year` sooner done and nearly so; `by-band` is rough,
    /// and quick enough for a country
    #[arg(long, value_name = "BIRTHS", num_args = 0..=1, default_missing_value = "by-step", require_equals = true)]
    expected: Option<BirthsArgument>,
    /// In how many of the draws to measure what drives changes (population, rates, law, services, chance); 0 leaves it
    /// out [default: as many as take a twentieth of the run's time, from 4 to 40; none with --expected]
    #[arg(long, value_name = "DRAWS", value_parser = clap::value_parser!(u64).range(..=MOST_DRAWS))]
    drivers: Option<u64>,
    /// In how many of the draws to live every group of partners that could share a service, as `needscast share` does,
    /// and report who gains and what is fair; 0 leaves it out [default: 40 where the scenario says `[share]`; none with
    /// --expected]
    #[arg(long, value_name = "DRAWS", conflicts_with = "expected", value_parser = clap::value_parser!(u64).range(..=MOST_DRAWS))]
    share: Option<u64>,
    /// Print how the hindcast compares with what was recorded
    #[arg(long)]
    fit: bool,
    /// Live one share of the draws for `needscast merge`: I/N, or `array` for the task of a Slurm array, `array/N` for
    /// that of a Slurm array from 1 to N or of a Kubernetes indexed Job
    #[arg(long, value_name = "I/N")]
    shard: Option<ShardArgument>,
    /// Go on where a run into this folder was stopped; do nothing if it is finished
    #[arg(long)]
    resume: bool,
    #[command(flatten)]
    memory: Memory,
    /// Say how much time, memory and disk the run would take, from living a few of its draws, and run no more
    #[arg(long)]
    estimate: bool,
}

/// How expected flows tell people apart by birth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum BirthsArgument {
    #[value(name = "by-step")]
    Step,
    #[value(name = "by-year")]
    Year,
    #[value(name = "by-band")]
    Band,
}

impl BirthsArgument {
    fn engine(self) -> Engine {
        match self {
            BirthsArgument::Step => Engine::ExpectedFlows,
            BirthsArgument::Year => Engine::ExpectedFlowsByYear,
            BirthsArgument::Band => Engine::ExpectedFlowsByBand,
        }
    }
}

/// The most draws of a run, as in a scenario.
pub(super) const MOST_DRAWS: u64 = compile::MOST_DRAWS as u64;

/// More threads than any machine this is meant for has cores.
pub(super) const MOST_THREADS: u64 = 1024;

/// So many threads; one for each core when there are none.
pub(super) fn threads(n: usize) -> Result<rayon::ThreadPool, Failure> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(n).build();
    pool.map_err(|error| Failure::Machine(format!("cannot start {n} threads: {error}")))
}

pub(super) fn run(arguments: &RunArguments) -> Result<(), Failure> {
    let stopwatch = Stopwatch::start();
    let wish = Wish {
        draws: arguments.draws,
        seed: arguments.seed,
        drivers: arguments.drivers,
        share: arguments.share,
        engine: (arguments.expected).map_or(Engine::People, BirthsArgument::engine),
    };
    let prepared = Prepared::of(&arguments.scenario, &wish)?;
    let shard = match &arguments.shard {
        Some(asked) => Some(asked.share(&prepared)?),
        None => None,
    };
    let n_threads = arguments.threads.map_or(cores(), |n| n as usize);
    let folder = arguments
        .out
        .clone()
        .unwrap_or_else(|| default_folder(&arguments.scenario, shard));
    if arguments.estimate {
        let asked = (shard, n_threads);
        return estimate::estimate(
            prepared,
            &arguments.scenario,
            &wish,
            &folder,
            asked,
            arguments.memory,
        );
    }
    limits::check(&prepared, shard, arguments.memory)?;
    Running {
        stopwatch,
        prepared: &prepared,
        shard,
        folder: &folder,
        pool: &threads(n_threads)?,
        is_resumed: arguments.resume,
        prints_fit: arguments.fit,
        is_told: true,
    }
    .run()
}

/// The documents and the Plan, or everything that is wrong with them; warnings are said and passed.
pub(super) fn sound(scenario: &Path) -> Result<(Documents, Plan), Vec<Diagnostic>> {
    let documents = document::read(scenario)?;
    let plan = compile(&documents)?;
    for note in &plan.notes {
        tell(&format!("note: {note}"));
    }
    if let Some(hint) = plan.disclosure.hint() {
        tell(&format!("hint: {hint}"));
    }
    Ok((documents, plan))
}

/// `scenarios/one-council.toml` to `out/one-council`, and its shards to `out/one-council-shard-3-of-8`.
pub(super) fn default_folder(scenario: &Path, shard: Option<Share>) -> PathBuf {
    let name = scenario.file_stem().unwrap_or(scenario.as_os_str());
    let mut name = name.to_os_string();
    if let Some(share) = shard {
        name.push(format!("-shard-{}-of-{}", share.index, share.of));
    }
    Path::new("out").join(name)
}

/// As typed, but for the path of the program; quoted where a shell would need it.
pub(super) fn command_line() -> String {
    let quoted = std::env::args().skip(1).map(|word| report::in_shell(&word));
    std::iter::once("needscast".to_owned())
        .chain(quoted)
        .collect::<Vec<_>>()
        .join(" ")
}
