//! `needscast run`: documents to report.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::clock::Stopwatch;
use super::progress::Progress;
use super::results::{Asked, Results};
use super::{Failure, say, tell};
use crate::compile::{self, Plan, compile};
use crate::diagnostic::Diagnostic;
use crate::document::{self, Documents};
use crate::draw::{Draws, draw};
use crate::report::{self, Engine, Manifest, Run};
use crate::simulate::{Births, Layout, expect_rows, simulate_rows};

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
    /// Print how the hindcast compares with what was recorded
    #[arg(long)]
    fit: bool,
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
    fn births(self) -> Births {
        match self {
            BirthsArgument::Step => Births::ByStep,
            BirthsArgument::Year => Births::ByYear,
            BirthsArgument::Band => Births::ByBand,
        }
    }

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

/// The most memory that the trajectories of a run may take, in bytes.
const MOST_BYTES: u64 = 16 << 30;

/// Refuses a run whose trajectories would not fit, before it begins.
pub(super) fn check_size(plan: &Plan, bytes_of_value: u64) -> Result<(), Failure> {
    let values = Layout::of(plan).n_values() as u64 * bytes_of_value + plan.cells.len() as u64 * 8;
    let bytes = values.saturating_mul(plan.n_draws as u64 + 1);
    if bytes <= MOST_BYTES {
        return Ok(());
    }
    let gigabytes = |bytes: u64| bytes as f64 / f64::from(1 << 30);
    Err(Failure::Input(format!(
        "error: {} draws of this scenario would take {:.0} GB of memory, more than {:.0} GB\nhint: use at most {} draws",
        plan.n_draws,
        gigabytes(bytes),
        gigabytes(MOST_BYTES),
        MOST_BYTES / values.max(1)
    )))
}

/// So many threads; one for each core when there are none.
pub(super) fn threads(n: usize) -> Result<rayon::ThreadPool, Failure> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(n).build();
    pool.map_err(|error| Failure::Machine(format!("cannot start {n} threads: {error}")))
}

/// Says which options had to be lived by themselves: they cost a run of their own each.
fn tell_apart(plan: &Plan, shared: &[f64]) {
    let apart = plan.options.iter().zip(shared);
    let apart = apart.filter(|(_, shared)| **shared < HARDLY);
    let titles: Vec<&str> = apart.map(|(option, _)| option.title.as_str()).collect();
    if plan.options.len() > 1 && !titles.is_empty() {
        tell(&format!(
            "Touches everybody, shares nothing with other options and takes a run of its own: {}",
            titles.join("; ")
        ));
    }
}

/// The share of lives that an option has in common with another below which it shares nothing to speak of.
const HARDLY: f64 = 0.05;

pub(super) fn run(arguments: &RunArguments) -> Result<(), Failure> {
    let stopwatch = Stopwatch::start();
    let (documents, mut plan) = sound(&arguments.scenario)?;
    plan.n_draws = arguments.draws.map_or(plan.n_draws, |draws| draws as usize);
    let engine = arguments
        .expected
        .map_or(Engine::People, BirthsArgument::engine);
    if arguments.expected.is_some() {
        compile::check_expected(&documents, &plan)?;
    }
    plan.notes.extend(engine.notes().map(str::to_owned));
    check_size(&plan, if arguments.expected.is_some() { 8 } else { 4 })?;
    plan.seed = arguments.seed.unwrap_or(plan.seed);
    let folder = arguments
        .out
        .clone()
        .unwrap_or_else(|| default_folder(&arguments.scenario));
    report::check(&folder)?;

    let draws = draw(&plan);
    let pool = threads(arguments.threads.unwrap_or(0) as usize)?;
    let asked = Asked::of(&plan, arguments.drivers, arguments.expected.is_some())?;
    let n_more = asked.as_ref().map_or(0, Asked::n_more);
    let progress = Progress::start(draws.n_rows() + n_more, "draws");
    let done = || progress.step();
    let results = if let Some(births) = arguments.expected {
        let live = |plan: &Plan, draws: &Draws, rows: &[usize]| {
            expect_rows(plan, draws, births.births(), rows, &done)
        };
        pool.install(|| Results::of(&plan, &draws, asked.as_ref(), live))
    } else {
        let live =
            |plan: &Plan, draws: &Draws, rows: &[usize]| simulate_rows(plan, draws, rows, &done);
        pool.install(|| Results::of(&plan, &draws, asked.as_ref(), live))
    };
    progress.finish();
    tell_apart(&plan, &results.shared);
    let manifest = Manifest {
        inputs: documents
            .inputs
            .into_iter()
            .map(|input| (input.name, input.sha256))
            .collect(),
        engine,
        threads: pool.current_num_threads(),
        command_line: command_line(),
        started: stopwatch.started(),
        seconds: stopwatch.seconds(),
    };
    let run = Run {
        plan: &plan,
        forecast: &results.forecast,
        fit: &results.fit,
        appraisal: &results.appraisal,
        drivers: &results.drivers,
        manifest: &manifest,
    };
    report::write(&folder, &run)?;
    if arguments.fit {
        say(&report::fit_text(&results.fit))?;
    }
    tell(&format!("\n{}\n", report::in_brief(&run)));
    tell(&format!(
        "The report: {}",
        folder.join("report.html").display()
    ));
    Ok(())
}

/// The documents and the Plan, or everything that is wrong with them; warnings are said and passed.
pub(super) fn sound(scenario: &Path) -> Result<(Documents, Plan), Vec<Diagnostic>> {
    let documents = document::read(scenario)?;
    let plan = compile(&documents)?;
    for note in &plan.notes {
        tell(&format!("note: {note}"));
    }
    Ok((documents, plan))
}

/// `scenarios/one-council.toml` to `out/one-council`.
fn default_folder(scenario: &Path) -> PathBuf {
    Path::new("out").join(scenario.file_stem().unwrap_or(scenario.as_os_str()))
}

/// As typed, but for the path of the program; quoted where a shell would need it.
pub(super) fn command_line() -> String {
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
