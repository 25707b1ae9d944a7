//! `needscast merge`: the shards of a run to the very report that one process would have written.

use std::path::{Path, PathBuf};

use clap::Args;

use super::clock::Stopwatch;
use super::limits::Memory;
use super::living::Lived;
use super::machine::cores;
use super::prepared::{Prepared, Wish};
use super::results::Results;
use super::run::{default_folder, threads};
use super::running::{manifest, told, write};
use super::{Failure, limits, say};
use crate::diagnostic::{Diagnostic, Place};
use crate::draw::draw;
use crate::report::{self, Engine, Gathering, Kept, Rows, Shards, Workplace, shards};

/// Which shards to merge.
#[derive(Debug, Args)]
pub struct MergeArguments {
    /// The folders of the shards, every shard of the run once
    #[arg(required = true)]
    folders: Vec<PathBuf>,
    /// The folder to write to; an earlier report there is replaced [default: out/SCENARIO]
    #[arg(long)]
    out: Option<PathBuf>,
    /// Where the scenario stands now, if that is not where the shards had it
    #[arg(long)]
    scenario: Option<PathBuf>,
    /// How many threads to use; changes no number [default: one for each core]
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..=super::run::MOST_THREADS))]
    threads: Option<u64>,
    #[command(flatten)]
    memory: Memory,
    /// Print how the hindcast compares with what was recorded
    #[arg(long)]
    fit: bool,
}

pub(super) fn run(arguments: &MergeArguments) -> Result<(), Failure> {
    let stopwatch = Stopwatch::start();
    let shards = shards(&arguments.folders)?;
    let scenario = arguments.scenario.clone();
    let scenario = scenario.unwrap_or_else(|| PathBuf::from(&shards.question.scenario));
    let wish = Wish {
        draws: Some(shards.question.draws as u64),
        seed: Some(shards.question.seed),
        drivers: Some(shards.question.drivers as u64),
        share: Some(shards.question.share as u64),
        engine: Engine::named(&shards.question.engine).unwrap_or_default(),
    };
    let out = arguments.out.clone();
    let out = out.unwrap_or_else(|| default_folder(&scenario, None));
    apart(&out, &shards)?;
    let prepared = Prepared::of(&scenario, &wish)?;
    unchanged(&prepared, &shards)?;
    let n_threads = arguments.threads.map_or(cores(), |n| n as usize);
    limits::check(&prepared, None, arguments.memory)?;
    let workplace = Workplace::open(&out, false)?;
    let pool = threads(n_threads)?;
    let results = pool.install(|| match prepared.engine {
        Engine::People => merged::<f32>(&prepared, &shards),
        _ => merged::<f64>(&prepared, &shards),
    })?;
    let manifest = manifest(&prepared, n_threads, &stopwatch);
    pool.install(|| write(&prepared, &results, &manifest, &out))?;
    workplace.clear()?;
    if arguments.fit {
        say(&report::fit_text(&results.fit))?;
    }
    told(&prepared, &results, &manifest, &out);
    Ok(())
}

/// The merged report may not take the place of a shard.
fn apart(out: &Path, shards: &Shards) -> Result<(), Failure> {
    let whole = |path: &Path| path.canonicalize().ok();
    let ours = whole(out);
    let mut folders = shards.folders.values();
    match folders.find(|folder| ours.is_some() && whole(folder) == ours) {
        None => Ok(()),
        Some(folder) => Err(Failure::Input(format!(
            "error: {} is one of the shards that are merged: nothing was written\n  hint: name another folder with --out",
            folder.display()
        ))),
    }
}

fn merged<N: Lived>(prepared: &Prepared, shards: &Shards) -> Result<Results, Failure> {
    let draws = draw(&prepared.plan);
    Results::of(prepared, &draws, rows::<N>(prepared, shards)?)
}

/// The inputs as they now are must be those that the shards were made from.
fn unchanged(prepared: &Prepared, shards: &Shards) -> Result<(), Failure> {
    let Some(difference) = shards.question.difference(&prepared.question) else {
        return Ok(());
    };
    let folders = shards.folders.values();
    let folder = folders.map(|folder| folder.display().to_string()).next();
    let place = Place {
        file: folder.unwrap_or_default(),
        ..Place::default()
    };
    let what = format!(
        "the shards were made from something else: another {}",
        difference.what
    );
    let fault = Diagnostic::error("E956", what)
        .at(&place)
        .expected(format!("{}, as the shards say", difference.first))
        .found(difference.second)
        .hint("merge with the program and the files that made the shards (--scenario says where they are), or run them again");
    Err(vec![fault].into())
}

/// Every row of every table, from all shards.
fn rows<N: Lived>(prepared: &Prepared, shards: &Shards) -> Result<(Rows<N>, Vec<f64>), Failure> {
    let mut faults = Vec::new();
    let mut tables: Rows<N> = Vec::new();
    let mut shared = Vec::new();
    for (share, folder) in &shards.folders {
        let (question, of) = (&prepared.question, prepared.tables());
        let mut done = Gathering::<N>::new(folder, question, *share, of, Kept::Everything);
        let torn = done.take_up();
        if torn.is_empty() {
            faults.extend(done.missing().iter().map(|path| {
                let place = Place {
                    file: path.display().to_string(),
                    ..Place::default()
                };
                Diagnostic::error("E954", format!("a part of shard {share} is missing"))
                    .at(&place)
                    .expected("every part that the shard was left with")
                    .found("no such file")
                    .hint(format!("run the shard again with --shard {share}"))
            }));
        }
        faults.extend(torn);
        let (rows, of_central) = done.into_rows();
        if shared.is_empty() {
            shared = of_central;
        }
        tables.resize_with(rows.len(), Default::default);
        tables
            .iter_mut()
            .zip(rows)
            .for_each(|(all, rows)| all.extend(rows));
    }
    if faults.is_empty() {
        Ok((tables, shared))
    } else {
        Err(faults.into())
    }
}
