//! `needscast run --estimate`: what a run would take, from living a few of its draws.

use std::path::Path;

use super::clock::Stopwatch;
use super::limits::{self, Memory, bytes_of_rows};
use super::living::{Left, Lived, live};
use super::machine::{Held, memory};
use super::prepared::{Prepared, Wish};
use super::progress::Progress;
use super::results::Results;
use super::run::threads;
use super::running::{manifest, write};
use super::share_scenario::{n_levers, share_plan};
use super::{Failure, say};
use crate::compile::Plan;
use crate::draw::draw_rows;
use crate::report::{Engine, Gathering, Kept, Share, Workplace};

/// How many draws of each kind are lived for every thread.
const SAMPLE: usize = 4;

/// What a sample took.
struct Sample {
    /// Of rows in which it is measured what drives changes: how many, and their time in seconds.
    driven: (usize, f64),
    /// Of the other rows.
    plain: (usize, f64),
    /// The time of everything that is made of the rows when they are done, in seconds.
    telling: f64,
    /// The memory when the rows have been lived and nothing is made of them yet.
    held: Option<Held>,
    /// Parts of the draws, and of the lives that tell what drives changes, in bytes.
    parts: [u64; 2],
    /// Of the report, in bytes.
    report: u64,
}

/// Says what a run would take.
pub(super) fn estimate(
    whole: Prepared,
    scenario: &Path,
    wish: &Wish,
    folder: &Path,
    (shard, n_threads): (Option<Share>, usize),
    allowed: Memory,
) -> Result<(), Failure> {
    let stopwatch = Stopwatch::start();
    let n_drivers = whole.question.drivers;
    let n_draws = whole.plan.n_draws;
    let n_shared = match shard {
        None => whole.question.share,
        // Coalitions are lived where shards are merged.
        Some(_) => 0,
    };
    let n_plain = n_draws + 1 - n_drivers.min(n_draws);
    let of_rows = bytes_of_rows(&whole, shard);
    let fits = limits::check(&whole, shard, allowed);
    // A run holds one preparation, and so must the sample whose memory is told.
    drop(whole);
    let sample = Wish {
        draws: Some((n_threads * SAMPLE * 2).min(n_draws) as u64),
        drivers: Some((n_threads * SAMPLE).min(n_drivers) as u64),
        // Timed by itself, because it grows with the draws as the rest of what is told of them does not.
        share: Some(0),
        ..wish.clone()
    };
    let small = Prepared::of(scenario, &sample)?;
    let before = stopwatch.seconds();
    let sample = match small.engine {
        Engine::People => lived::<f32>(&small, folder, n_threads),
        _ => lived::<f64>(&small, folder, n_threads),
    }?;
    let share = shard.unwrap_or(Share::WHOLE);
    let of = share.of as f64;
    let each = |(n, seconds): (usize, f64)| seconds / n.max(1) as f64;
    let lived = each(sample.driven) * n_drivers as f64 + each(sample.plain) * n_plain as f64;
    let told = if shard.is_none() { sample.telling } else { 0.0 };
    let sharing = seconds_of_sharing(&small.plan, n_shared, n_threads)?;
    let grown = of_rows as f64 - bytes_of_rows(&small, None) as f64;
    let memory = most_memory(&sample, grown, shard);
    let grows = [
        (n_draws + 1) as f64 / (small.plan.n_draws + 1) as f64,
        n_drivers as f64 / small.question.drivers.max(1) as f64,
    ];
    let parts = sample.parts.iter().zip(grows);
    let parts = parts
        .map(|(bytes, grows)| *bytes as f64 * grows)
        .sum::<f64>()
        / of;
    let mut text = format!(
        "draws      {} and the central row, of which {n_drivers} with what drives changes; share {share}\n",
        n_draws
    );
    let seconds = before + lived / of + told + sharing;
    text += &format!("threads    {n_threads}\n");
    text += &format!(
        "time       {} ({:.3} s a draw, {:.3} s with what drives changes)\n",
        duration(seconds),
        each(sample.plain),
        each(sample.driven)
    );
    text += &words_of_sharing(n_shared, sharing);
    text += &words_of_space(memory, (parts, sample.report as f64), shard);
    say(&text)?;
    fits
}

/// The most memory of a run whose rows take so much more than those of the sample. Rows are given up before the report
/// is written, which takes as much however many there were; a shard writes none.
fn most_memory(sample: &Sample, grown: f64, shard: Option<Share>) -> Option<f64> {
    let (lived, told) = sample.held.zip(memory())?;
    let most = match shard {
        None => told.most,
        Some(_) => lived.most,
    };
    Some(most.max(lived.now + grown.max(0.0)))
}

/// What of the time every group of partners takes.
fn words_of_sharing(n_draws: usize, seconds: f64) -> String {
    match n_draws {
        0 => String::new(),
        _ => format!(
            "           {} of it for every group of partners (--share 0 leaves it out)\n",
            duration(seconds)
        ),
    }
}

/// Memory, and the disk for parts and report.
fn words_of_space(
    memory: Option<f64>,
    (parts, report): (f64, f64),
    shard: Option<Share>,
) -> String {
    let memory = match memory {
        Some(bytes) => format!("memory     {}", size(bytes)),
        None => "memory     this system does not tell".to_owned(),
    };
    let disk = format!("disk       {} while it runs", size(parts + report));
    let left = match shard {
        None => format!(", {} for the report", size(report)),
        Some(_) => " and afterwards".to_owned(),
    };
    format!("{memory}\n{disk}{left}\n")
}

/// How long it takes to live every group of partners in so many draws, from a few of them.
fn seconds_of_sharing(plan: &Plan, n_draws: usize, n_threads: usize) -> Result<f64, Failure> {
    if n_draws == 0 {
        return Ok(0.0);
    }
    let n_rows = (n_threads * SAMPLE).min(n_draws);
    let plan = Plan {
        n_draws: n_rows,
        ..plan.clone()
    };
    let pool = threads(n_threads)?;
    let timed = |levers: usize| -> Result<f64, Failure> {
        let stopwatch = Stopwatch::start();
        pool.install(|| share_plan(&plan, Some(levers as u64)))?;
        Ok(stopwatch.seconds())
    };
    let rows = timed(0)?;
    let levers = (timed(n_rows)? - rows).max(0.0);
    let grown = |n_draws: usize| (n_draws + 1) as f64 / (n_rows + 1) as f64;
    Ok(rows * grown(n_draws) + levers * grown(n_levers(n_draws, None)))
}

/// Lives a sample as a run of its own, beside the folder that is meant, and leaves nothing.
fn lived<N: Lived>(small: &Prepared, folder: &Path, n_threads: usize) -> Result<Sample, Failure> {
    let mut name = folder
        .file_name()
        .unwrap_or(folder.as_os_str())
        .to_os_string();
    name.push(".estimate");
    let workplace = Workplace::open(&folder.with_file_name(name), false)?;
    let parts = workplace.parts().to_path_buf();
    let pool = threads(n_threads)?;
    let (question, share) = (&small.question, Share::WHOLE);
    let done = Gathering::<N>::new(&parts, question, share, small.tables(), Kept::Everything);
    let draws = pool.install(|| draw_rows(&small.plan, small.rows_of(share)));
    // A run encodes it once, however many draws it has.
    done.prepare()?;
    let mut left = Left::of(small, share, &done);
    let progress = Progress::start(left.n_rows(), "draws of a sample");
    let timed = |left: &Left| -> Result<(usize, f64), Failure> {
        let stopwatch = Stopwatch::start();
        pool.install(|| live(small, &draws, left, &done, &progress))?;
        Ok((left.n_rows(), stopwatch.seconds()))
    };
    let plain = std::mem::take(&mut left.draws);
    let n_lives = left.lives.len();
    let (n_driven, driven) = timed(&left)?;
    let plain = timed(&Left {
        lives: vec![Vec::new(); n_lives],
        draws: plain,
    })?;
    progress.finish();
    let held = memory();
    let stopwatch = Stopwatch::start();
    let bytes = ["draws-", "life-"].map(|start| size_of(&parts, start));
    let results = pool.install(|| Results::of(small, &draws, done.into_rows()))?;
    let report = parts.join("report");
    // By the threads of a run, because memory that other threads have given up is not theirs to use.
    let manifest = manifest(small, n_threads, &stopwatch);
    pool.install(|| write(small, &results, &manifest, &report))?;
    let sample = Sample {
        driven: (n_driven / n_lives.max(1), driven),
        plain,
        telling: stopwatch.seconds(),
        held,
        parts: bytes,
        report: size_of(&report, ""),
    };
    workplace.clear()?;
    Ok(sample)
}

/// The files of a folder whose names start so, in bytes.
fn size_of(folder: &Path, start: &str) -> u64 {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let files = entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(start));
    files
        .filter_map(|entry| entry.metadata().ok())
        .filter(std::fs::Metadata::is_file)
        .map(|data| data.len())
        .sum()
}

fn size(bytes: f64) -> String {
    match bytes {
        bytes if bytes < 1e9 => format!("{:.0} MB", (bytes / 1e6).max(1.0)),
        bytes => format!("{:.1} GB", bytes / 1e9),
    }
}

fn duration(seconds: f64) -> String {
    match seconds {
        s if s < 120.0 => format!("{s:.1} s"),
        s if s < 7200.0 => format!("{:.0} minutes", s / 60.0),
        s => format!("{:.1} hours", s / 3600.0),
    }
}
