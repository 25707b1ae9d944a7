//! `needscast backtest`: a table of figures to a track record.

use std::path::PathBuf;

use clap::Args;

use super::clock::Stopwatch;
use super::progress::Progress;
use super::run::command_line;
use super::{Failure, say, tell};
use crate::calibrate::{Effort, Replay, backtest, n_origins, origins, replay};
use crate::compile::{Panel, Panels, compile_series};
use crate::document::{Condition, Input, SeriesFile, read_series};
use crate::report::{self, BacktestRun, Manifest, Tested};

/// What to back-test, and how.
#[derive(Debug, Args)]
pub struct BacktestArguments {
    /// A CSV table with the columns area_code, period and value (see `docs/backtest.md` for the others), or a scenario
    series: PathBuf,
    /// The folder to write to; an earlier report there is replaced [default: out/backtest-SERIES]
    #[arg(long)]
    out: Option<PathBuf>,
    /// How many periods ahead to forecast
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u64).range(1..=MOST_HORIZONS))]
    horizons: u64,
    /// From how many known periods on to forecast
    #[arg(long, default_value_t = 6, value_parser = clap::value_parser!(u64).range(2..=MOST_PERIODS))]
    first: u64,
    /// Only these series of the table, separated by commas
    #[arg(long = "series", value_delimiter = ',', value_name = "NAMES")]
    only: Vec<String>,
    /// Further columns that tell the parts of an area apart, separated by commas
    #[arg(long, value_delimiter = ',')]
    by: Vec<String>,
    /// Only rows that have this value in this column, such as `sex=all`, or `area_code!=S92000003` for all others; may be
    /// given several times
    #[arg(long = "where", value_name = "COLUMN=VALUE", value_parser = Condition::parse)]
    wanted: Vec<Condition>,
    /// A CSV table of what is known to have broken the series
    #[arg(long)]
    breaks: Option<PathBuf>,
    /// Of a scenario: how many draws stand for a forecast
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u64).range(10..=100_000))]
    draws: u64,
    /// Of a scenario: how often the multipliers are scaled at every origin
    #[arg(long, default_value_t = 12, value_parser = clap::value_parser!(u64).range(1..=1000))]
    rounds: u64,
    /// How many threads to use; changes no number [default: one for each core]
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..=super::run::MOST_THREADS))]
    threads: Option<u64>,
}

/// Nobody plans by forecasts of more periods than ten years of months.
const MOST_HORIZONS: u64 = 120;

/// Every month from 1900 to 2200.
const MOST_PERIODS: u64 = 3612;

pub(super) fn run(arguments: &BacktestArguments) -> Result<(), Failure> {
    let stopwatch = Stopwatch::start();
    let folder = arguments.out.clone().unwrap_or_else(|| {
        let stem = arguments.series.file_stem().unwrap_or_default();
        PathBuf::from("out").join(format!("backtest-{}", stem.to_string_lossy()))
    });
    report::check(&folder)?;
    let threads = arguments.threads.unwrap_or(0) as usize;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    let pool =
        pool.map_err(|error| Failure::Machine(format!("cannot start {threads} threads: {error}")))?;
    let is_scenario = arguments
        .series
        .extension()
        .is_some_and(|ending| ending == "toml");
    let (inputs, tested, notes) = pool.install(|| match is_scenario {
        true => arguments.replayed(),
        false => arguments.of_table(),
    })?;
    let manifest = Manifest {
        inputs: inputs
            .into_iter()
            .map(|input| (input.name, input.sha256))
            .collect(),
        threads: pool.current_num_threads(),
        command_line: command_line(),
        started: stopwatch.started(),
        seconds: stopwatch.seconds(),
        ..Manifest::default()
    };
    let run = BacktestRun {
        tested: &tested,
        first: arguments.first as usize,
        horizons: arguments.horizons as usize,
        notes: &notes,
        manifest: &manifest,
    };
    report::write_backtest(&folder, &run)?;
    say(&report::backtest_text(&run))?;
    tell(&format!(
        "The report: {}",
        folder.join("backtest.html").display()
    ));
    Ok(())
}

/// The table and its panels, or everything that is wrong with it; what was made of it is said.
fn sound(arguments: &BacktestArguments) -> Result<(SeriesFile, Panels), Failure> {
    let path = &arguments.series;
    let mut file = read_series(path, &arguments.by, arguments.breaks.as_deref())?;
    file.asked = arguments.only.clone();
    file.keep_where(&arguments.wanted)?;
    let panels = compile_series(&file)?;
    for note in &panels.notes {
        tell(&format!("note: {note}"));
    }
    Ok((file, panels))
}

/// What was read, what was tested, and what its author may not expect.
type Found = (Vec<Input>, Vec<Tested>, Vec<String>);

impl BacktestArguments {
    fn of_table(&self) -> Result<Found, Failure> {
        let (file, panels) = sound(self)?;
        let mut notes = panels.notes;
        let tested = self.tested(panels.panels, &mut notes)?;
        Ok((file.inputs, tested, notes))
    }

    /// The whole model of a scenario, from every moment of its recorded past.
    fn replayed(&self) -> Result<Found, Failure> {
        let (documents, plan) = super::run::sound(&self.series)?;
        let wanted = Replay {
            first: self.first as usize,
            horizons: self.horizons as usize,
            n_draws: self.draws as usize,
            effort: Effort {
                rounds: self.rounds as usize,
                replicates: 4,
            },
        };
        let n_origins = origins(&plan, wanted.first).len();
        if n_origins == 0 {
            return Err(Failure::Input(format!(
                "error: no recorded series of the scenario has more than {} financial years\n  hint: ask for fewer known years with --first",
                wanted.first
            )));
        }
        let progress = Progress::start(n_origins, "origins");
        let found = replay(&plan, wanted, &|| progress.step());
        progress.finish();
        let tested = found
            .into_iter()
            .map(|(panel, backtest)| Tested { panel, backtest });
        let note = "At every origin the model's multipliers are fitted to what was recorded until then; its structure, stays and hazards rest on the whole record, and so does the population.";
        tell(&format!("note: {note}"));
        Ok((documents.inputs, tested.collect(), vec![note.to_owned()]))
    }

    /// Every series that has anything to check; what was left out or shortened goes to the notes.
    fn tested(&self, panels: Vec<Panel>, notes: &mut Vec<String>) -> Result<Vec<Tested>, Failure> {
        let (first, horizons) = (self.first as usize, self.horizons as usize);
        let n_rows = panels.iter().map(|panel| n_origins(panel, first, horizons));
        let progress = Progress::start(n_rows.sum(), "origins");
        let each = panels.into_iter().map(|panel| Tested {
            backtest: backtest(&panel, first, horizons, &|| progress.step()),
            panel,
        });
        let (tested, unchecked): (Vec<Tested>, Vec<Tested>) =
            each.partition(|tested| !tested.backtest.forecasts.is_empty());
        progress.finish();
        let mut note = |note: String| {
            tell(&format!("note: {note}"));
            notes.push(note);
        };
        for Tested { panel, .. } in unchecked {
            note(format!(
                "{}: {}: left out, because nowhere were two figures known in time",
                self.series.display(),
                panel.series
            ));
        }
        if tested.is_empty() {
            return Err(Failure::Input(
                "error: no forecast can be checked: nowhere were two figures known before a third was recorded".to_owned(),
            ));
        }
        for Tested { panel, backtest } in &tested {
            if backtest.first < first {
                note(format!(
                    "{}: {}: {} periods are too few to begin with {first} known ones; forecasts begin with {}",
                    self.series.display(),
                    panel.series,
                    panel.periods.len(),
                    backtest.first
                ));
            }
        }
        Ok(tested)
    }
}
