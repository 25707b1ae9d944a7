//! `needscast run`: documents to report.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::clock::Stopwatch;
use super::living::{Left, Lived, live};
use super::machine::cores;
use super::prepared::{Prepared, Wish};
use super::progress::Progress;
use super::results::Results;
use super::shard::ShardArgument;
use super::{Failure, limits, say, tell};
use crate::compile::{self, Plan, compile};
use crate::diagnostic::Diagnostic;
use crate::document::{self, Documents};
use crate::draw::draw_rows;
use crate::report::{self, Engine, Gathering, Kept, Manifest, Run, Share, Workplace};

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
    /// out [default: a fifth of them, from 10 to 40; none with --expected]
    #[arg(long, value_name = "DRAWS", value_parser = clap::value_parser!(u64).range(..=MOST_DRAWS))]
    drivers: Option<u64>,
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
const MOST_DRAWS: u64 = compile::MOST_DRAWS as u64;

/// More threads than any machine this is meant for has cores.
pub(super) const MOST_THREADS: u64 = 1024;

/// So many threads; one for each core when there are none.
pub(super) fn threads(n: usize) -> Result<rayon::ThreadPool, Failure> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(n).build();
    pool.map_err(|error| Failure::Machine(format!("cannot start {n} threads: {error}")))
}

/// Says which options had to be lived by themselves: they cost a run of their own each.
pub(super) fn tell_apart(plan: &Plan, shared: &[f64]) {
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
    let wish = Wish {
        draws: arguments.draws,
        seed: arguments.seed,
        drivers: arguments.drivers,
        engine: (arguments.expected).map_or(Engine::People, BirthsArgument::engine),
    };
    let prepared = Prepared::of(&arguments.scenario, &wish)?;
    let share = match &arguments.shard {
        Some(asked) => asked.share(&prepared)?,
        None => Share::WHOLE,
    };
    let n_threads = arguments.threads.map_or(cores(), |n| n as usize);
    limits::check(&prepared, share, n_threads)?;
    let folder = arguments
        .out
        .clone()
        .unwrap_or_else(|| default_folder(&arguments.scenario, share));
    let running = Running {
        stopwatch,
        prepared: &prepared,
        share,
        folder: &folder,
        pool: threads(n_threads)?,
        is_resumed: arguments.resume,
        prints_fit: arguments.fit,
    };
    match prepared.engine {
        Engine::People => running.go::<f32>(),
        _ => running.go::<f64>(),
    }
}

/// A run under way.
struct Running<'a> {
    stopwatch: Stopwatch,
    prepared: &'a Prepared,
    share: Share,
    folder: &'a Path,
    pool: rayon::ThreadPool,
    is_resumed: bool,
    prints_fit: bool,
}

impl Running<'_> {
    fn go<N: Lived>(self) -> Result<(), Failure> {
        let (prepared, share) = (self.prepared, self.share);
        if self.is_resumed && report::is_finished(self.folder, &prepared.question, share) {
            tell(&format!("Nothing is left to do: {} is finished", self.folder.display()));
            return Ok(());
        }
        if !self.is_resumed && Workplace::is_begun(self.folder) {
            tell("note: a run that was stopped is begun anew; --resume goes on where it was");
        }
        let workplace = Workplace::open(self.folder, self.is_resumed)?;
        let kept = match share {
            Share::WHOLE => Kept::Everything,
            _ => Kept::Nothing,
        };
        let mut done =
            Gathering::<N>::new(workplace.parts(), &prepared.question, share, prepared.tables(), kept);
        take_up(&mut done)?;
        let left = Left::of(prepared, share, &done);
        let draws = self.pool.install(|| draw_rows(&prepared.plan, prepared.rows_of(share)));
        let progress = Progress::start(left.n_rows(), "draws");
        self.pool
            .install(|| live(prepared, &draws, &left, &done, &progress))
            .map_err(|error| stopped(error.into()))?;
        progress.finish();
        if share != Share::WHOLE {
            let manifest = self.manifest();
            let title = &prepared.plan.title;
            workplace.keep(manifest.json_of_share(title, &prepared.question, share))?;
            tell(&format!("Shard {share}: {}", self.folder.display()));
            return Ok(());
        }
        let results = self.pool.install(|| Results::of(prepared, &draws, done.into_rows()));
        write(prepared, &results, &self.manifest(), self.folder, self.prints_fit)
            .map_err(stopped)?;
        Ok(workplace.clear()?)
    }

    fn manifest(&self) -> Manifest {
        manifest(self.prepared, self.pool.current_num_threads(), &self.stopwatch)
    }
}

/// Takes up what a run that was stopped has left. A part that cannot be read is made anew; one of another run is a fault.
fn take_up<N: Lived>(done: &mut Gathering<N>) -> Result<(), Failure> {
    let (torn, other): (Vec<_>, Vec<_>) =
        done.take_up().into_iter().partition(|fault| fault.code == "E952");
    for fault in torn {
        let file = fault.place.map_or(String::new(), |place| place.file);
        tell(&format!("note: {file} cannot be read and is made anew"));
    }
    if other.is_empty() { Ok(()) } else { Err(other.into()) }
}

/// What was finished before a failure is not lost.
fn stopped(failure: Failure) -> Failure {
    match failure {
        Failure::Machine(words) => Failure::Machine(format!(
            "{words}\n  hint: an earlier report is as it was, and what is done is kept; run again with --resume to go on"
        )),
        other => other,
    }
}

/// How a run was made.
pub(super) fn manifest(prepared: &Prepared, threads: usize, stopwatch: &Stopwatch) -> Manifest {
    Manifest {
        inputs: prepared.question.inputs.clone(),
        engine: prepared.engine,
        threads,
        command_line: command_line(),
        started: stopwatch.started(),
        seconds: stopwatch.seconds(),
        question: Some(prepared.question.clone()),
    }
}

/// Writes the report, and says what it says in brief.
pub(super) fn write(
    prepared: &Prepared,
    results: &Results,
    manifest: &Manifest,
    folder: &Path,
    prints_fit: bool,
) -> Result<(), Failure> {
    let run = Run {
        plan: &prepared.plan,
        forecast: &results.forecast,
        fit: &results.fit,
        appraisal: &results.appraisal,
        drivers: &results.drivers,
        manifest,
    };
    report::write(folder, &run)?;
    tell_apart(&prepared.plan, &results.shared);
    if prints_fit {
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

/// `scenarios/one-council.toml` to `out/one-council`, and its shards to `out/one-council-shard-3-of-8`.
pub(super) fn default_folder(scenario: &Path, share: Share) -> PathBuf {
    let name = scenario.file_stem().unwrap_or(scenario.as_os_str());
    let mut name = name.to_os_string();
    if share != Share::WHOLE {
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
