//! `needscast benchmark`: the fixed suite, one line more of its history, and what changed.

use std::path::{Path, PathBuf};

use clap::Args;

use super::clock::Stopwatch;
use super::machine::{cores, processor};
use super::run::{command_line, sound};
use super::{Failure, say, tell};
use crate::calibrate::{Aim, Score, Skilled, Trial, foresee, skilled, track, trial};
use crate::compile::{compile, compile_series};
use crate::document::{
    self, Input, SuiteFile, SuiteScenario, SuiteSeries, read_history, read_suite,
};
use crate::draw::draw;
use crate::quantity::Month;
use crate::report::{self, BenchmarkRun, Group, Manifest, Projected, VERSION};
use crate::simulate::{person_events, simulate};

/// What to measure, and what to compare it with.
#[derive(Debug, Args)]
pub struct BenchmarkArguments {
    /// The suite: series, scenarios and tolerances
    #[arg(long, default_value = "profiles/scotland/suite.toml")]
    suite: PathBuf,
    /// The history, a CSV file that gets one line more; made where there is none
    #[arg(long, default_value = "benchmark-history.csv")]
    history: PathBuf,
    /// Also write the report and its tables to this folder; an earlier report there is replaced
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// Leave out the scenarios that are timed: skill alone, which is the same on every machine
    #[arg(long)]
    quick: bool,
}

/// As in a back-test where nothing else is said.
const FIRST: usize = 6;
const HORIZONS: usize = 3;

pub(super) fn run(arguments: &BenchmarkArguments) -> Result<(), Failure> {
    let stopwatch = Stopwatch::start();
    let history = read_history(&arguments.history)?;
    let suite = read_suite(&arguments.suite)?;
    if let Some(folder) = &arguments.out {
        report::check(folder)?;
    }
    let mut inputs = suite.inputs.clone();
    let mut scores = Vec::new();
    let mut groups = Vec::new();
    for series in &suite.series {
        tell(&format!("{} …", series.title));
        let group = group(&suite, series, &mut inputs)?;
        scores.extend(of_skill(series, &group.skilled));
        groups.push(group);
    }
    let projected = projected(&suite, &mut inputs)?;
    let timed = suite.scenarios.iter().filter(|_| !arguments.quick);
    for scenario in timed {
        scores.extend(of_speed(&suite, scenario)?);
    }
    let started = stopwatch.started();
    let words = [
        VERSION.to_owned(),
        report::commit().to_owned(),
        started.chars().take(10).collect(),
        processor(),
        cores().to_string(),
    ];
    let tracked = track(scores, &history, [&words[3], &words[4]]);
    let manifest = Manifest {
        inputs: named(inputs),
        threads: cores(),
        command_line: command_line(),
        started,
        seconds: stopwatch.seconds(),
        ..Manifest::default()
    };
    let run = BenchmarkRun {
        words,
        groups: &groups,
        projected: &projected,
        tracked: &tracked,
        n_lines: history.lines.len(),
        manifest: &manifest,
    };
    report::append_line(&arguments.history, &history, &run)?;
    if let Some(folder) = &arguments.out {
        report::write_benchmark(folder, &run)?;
    }
    say(&report::benchmark_text(&run))?;
    match report::broken_text(&tracked) {
        broken if broken.is_empty() => Ok(()),
        broken => Err(Failure::Input(broken)),
    }
}

/// Names and hashes of what was read, each once.
fn named(inputs: Vec<Input>) -> Vec<(String, String)> {
    let mut named: Vec<(String, String)> = Vec::new();
    for input in inputs {
        let pair = (input.name, input.sha256);
        if !named.contains(&pair) {
            named.push(pair);
        }
    }
    named
}

fn group(
    suite: &SuiteFile,
    series: &SuiteSeries,
    inputs: &mut Vec<Input>,
) -> Result<Group, Failure> {
    let file = suite.read(series)?;
    inputs.extend(file.inputs.iter().cloned());
    let panels = compile_series(&file)?.panels.into_iter();
    let trials: Vec<Trial> = panels.map(|panel| trial(panel, FIRST, HORIZONS)).collect();
    let skilled = skilled(&trials).ok_or_else(|| {
        Failure::Input(format!(
            "error: nothing of `{}` can be forecast and checked",
            series.id
        ))
    })?;
    Ok(Group {
        id: series.id.clone(),
        title: series.title.clone(),
        skilled,
    })
}

fn of_skill(series: &SuiteSeries, skilled: &Skilled) -> Vec<Score> {
    let score =
        |name: &str, value: f64, aim| Score::of(format!("{}_{name}", series.id), value, aim);
    vec![
        score("crps", skilled.crps, Aim::Less),
        Score {
            bounds: [series.skill_at_least, None],
            may_fall: series.skill_may_fall,
            ..score("skill", skilled.skill, Aim::More)
        },
        score("skill_told", skilled.skill_told, Aim::More),
        Score {
            bounds: series.cover_80,
            ..score("cover_80", skilled.cover_80, Aim::At(0.8))
        },
        Score {
            bounds: series.cover_95,
            ..score("cover_95", skilled.cover_95, Aim::At(0.95))
        },
        score("width", skilled.width, Aim::Less),
    ]
}

/// Our forecasts from the months in which projections were made.
fn projected(suite: &SuiteFile, inputs: &mut Vec<Input>) -> Result<Vec<Projected>, Failure> {
    let Some((months, rows)) = &suite.projections else {
        return Ok(Vec::new());
    };
    let file = suite.read(&SuiteSeries {
        table: months.clone(),
        ..SuiteSeries::default()
    })?;
    inputs.extend(file.inputs.iter().cloned());
    let mut panels = compile_series(&file)?.panels;
    let Some(panel) = panels.first_mut() else {
        return Ok(Vec::new());
    };
    panel.breaks.clear();
    let total = panel.strands.iter().position(|s| s.stratum.is_empty());
    let of_row = |row: &document::ProjectionRow| {
        let is_start = |label: &String| Month::parse(label) == Some(row.start);
        let n_known = panel.periods.iter().position(is_start)? + 1;
        let n_ahead = usize::try_from(row.target.since(row.start)).ok()?;
        Some(Projected {
            row: row.clone(),
            ahead: foresee(panel, total?, n_known, n_ahead)?,
        })
    };
    let mut found = Vec::new();
    for row in rows {
        match of_row(row) {
            Some(projected) => found.push(projected),
            None => tell(&format!(
                "note: {} is left out: {} has no figure of {} before {}",
                row.edition, months, row.start, row.target
            )),
        }
    }
    Ok(found)
}

/// The shortest of several times of one scenario, and the work done in it.
fn of_speed(suite: &SuiteFile, scenario: &SuiteScenario) -> Result<Vec<Score>, Failure> {
    let path: &Path = &suite.folder.join(&scenario.file);
    let (documents, mut plan) = sound(path)?;
    plan.n_draws = scenario.draws;
    tell(&format!("{} …", plan.title));
    let draws = draw(&plan);
    let (mut seconds, mut compiling) = (f64::INFINITY, f64::INFINITY);
    for _ in 0..scenario.repetitions {
        let stopwatch = Stopwatch::start();
        compile(&documents)?;
        compiling = compiling.min(stopwatch.seconds());
        let stopwatch = Stopwatch::start();
        simulate(&plan, &draws, &|| {});
        seconds = seconds.min(stopwatch.seconds());
    }
    let rows = 0..draws.n_rows();
    let events: u64 = rows.map(|row| person_events(&plan, &draws, row)).sum();
    let score = |name: &str, value: f64, aim| Score {
        is_speed: true,
        may_fall: suite.slower_at_most,
        ..Score::of(format!("{}_{name}", scenario.id), value, aim)
    };
    Ok(vec![
        score("seconds", seconds, Aim::Less),
        Score {
            may_fall: None,
            ..score("events_per_second", events as f64 / seconds, Aim::More)
        },
        Score {
            may_fall: None,
            ..score("compile_ms", compiling * 1000.0, Aim::Less)
        },
    ])
}
