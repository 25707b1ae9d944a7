//! Workload P, side by side: the library, the hand-written twin and, once `benches/peers/run` has installed them,
//! NumPy, ixa and SimPy, in interleaved blocks. Prints nanoseconds of processor time per event and ratios within blocks,
//! and checks that all engines follow one law.
//!
//! `cargo bench --bench workload_p` runs what is installed; `-- --blocks 3` makes it shorter. `-- --only needscast
//! --runs 3` lives three rows and prints their events, for `benches/instructions`.

mod agreement;
mod engines;
#[path = "../twin/mod.rs"]
mod twin;

use engines::{Batch, Engine, Library, Peer};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Runs of the twin from which the spread of every total is taken.
const REFERENCE_RUNS: u64 = 200;
/// Rows that the library lives in one call, and runs of the twin beside it.
const RUNS: usize = 8;
/// People are multiplied by this to see whether an event costs more among more people.
const MANY: usize = 10;

/// What one engine took: nanoseconds per event by block, and every run's totals.
struct Line {
    name: &'static str,
    block: Vec<f64>,
    runs: Vec<Vec<f64>>,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    if !arguments.iter().any(|a| a == "--bench") {
        println!("workload P is measured by `cargo bench --bench workload_p`");
        return ExitCode::SUCCESS;
    }
    let after = |flag: &str| {
        arguments
            .iter()
            .position(|a| a == flag)
            .and_then(|at| arguments.get(at + 1))
    };
    let blocks = after("--blocks").and_then(|n| n.parse().ok()).unwrap_or(7);
    if let Some(name) = after("--only") {
        return only(
            name,
            after("--runs").and_then(|n| n.parse().ok()).unwrap_or(1),
        );
    }
    let folder = after("--peers").map_or_else(installed, PathBuf::from);
    let lines = side_by_side(blocks, &folder);
    print_table(&lines);
    many_people(blocks.div_ceil(2), &folder);
    two_threads(blocks);
    let reference = engines::twin_of(1)
        .run(1_000_000, REFERENCE_RUNS as usize)
        .runs;
    let checks = lines
        .iter()
        .map(|line| agreement::check(line.name, &line.runs, &reference, lines.len()));
    // Every engine's line is printed, whether or not one before it differs.
    let disagree = checks.filter(|agrees| !agrees).count();
    if disagree == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Runs the library or the twin alone and prints the number of events, for counting instructions.
fn only(name: &str, runs: usize) -> ExitCode {
    let mut engine: Box<dyn Engine> = match name {
        "twin" => Box::new(engines::twin_of(1)),
        _ => Box::new(Library::new(1, 1)),
    };
    let events: f64 = engine
        .run(1, runs)
        .runs
        .iter()
        .filter_map(|run| run.last())
        .sum();
    println!("{events:.0}");
    ExitCode::SUCCESS
}

/// Where `benches/peers/run` puts the peers: beside the folder that cargo gives to benches.
fn installed() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("peers")
}

/// Each block runs every engine once, beginning with another engine each time. SimPy, hundreds of times slower, runs
/// in the first three blocks only.
fn side_by_side(blocks: usize, folder: &Path) -> Vec<Line> {
    let mut engines: Vec<(Box<dyn Engine>, usize, usize)> = vec![
        (Box::new(engines::twin_of(1)), RUNS, blocks),
        (Box::new(Library::new(1, 1)), RUNS, blocks),
    ];
    for (name, of_blocks) in [("NumPy", blocks), ("ixa", blocks), ("SimPy", blocks.min(3))] {
        match Peer::start(name, folder, 1) {
            Some(peer) => engines.push((Box::new(peer), 1, of_blocks)),
            None => println!("{name} is not installed; `bash benches/peers/run` installs it"),
        }
    }
    let mut lines: Vec<Line> = engines
        .iter()
        .map(|(engine, ..)| Line {
            name: engine.name(),
            block: Vec::new(),
            runs: Vec::new(),
        })
        .collect();
    for block in 0..blocks {
        for turn in 0..engines.len() {
            let index = (turn + block) % engines.len();
            let (engine, runs, of_blocks) = &mut engines[index];
            if block < *of_blocks {
                let batch = engine.run(block as u64 + 1, *runs);
                lines[index].block.push(batch.nanoseconds_per_event());
                lines[index].runs.extend(batch.runs);
            }
        }
    }
    lines
}

/// Medians over blocks of nanoseconds per event and of the ratios within blocks.
fn print_table(lines: &[Line]) {
    let (twin, library) = (&lines[0], &lines[1]);
    let over = |line: &Line, other: &Line| {
        let ratios = line.block.iter().zip(&other.block).map(|(a, b)| a / b);
        median(ratios.collect())
    };
    let events =
        twin.runs.iter().filter_map(|run| run.last()).sum::<f64>() / twin.runs.len() as f64;
    println!(
        "\nWorkload P, one thread, processor time, {events:.0} events a run, {} blocks",
        twin.block.len()
    );
    println!(
        "{:<16}{:>12}{:>16}{:>16}{:>14}{:>16}",
        "engine", "ns/event", "range", "events/s", "over twin", "over needscast"
    );
    for line in lines {
        let ns = median(line.block.clone());
        let (low, high) = line
            .block
            .iter()
            .fold((f64::MAX, 0.0f64), |(l, h), &x| (l.min(x), h.max(x)));
        println!(
            "{:<16}{ns:>12.1}{:>16}{:>16.0}{:>14.2}{:>16.2}",
            line.name,
            format!("{low:.1}-{high:.1}"),
            1e9 / ns,
            over(line, twin),
            over(line, library),
        );
    }
}

/// Ten times the people and the places: nanoseconds per event over those of the plain workload in the same block.
fn many_people(blocks: usize, folder: &Path) {
    let mut pairs: Vec<[Box<dyn Engine>; 2]> = vec![
        [
            Box::new(engines::twin_of(1)),
            Box::new(engines::twin_of(MANY)),
        ],
        [
            Box::new(Library::new(1, 1)),
            Box::new(Library::new(MANY, 1)),
        ],
    ];
    for name in ["NumPy", "ixa"] {
        if let (Some(one), Some(many)) = (
            Peer::start(name, folder, 1),
            Peer::start(name, folder, MANY),
        ) {
            pairs.push([Box::new(one), Box::new(many)]);
        }
    }
    println!(
        "\nTen times the people, one thread, {blocks} blocks: ns/event, and over the same engine's plain workload"
    );
    for [one, many] in &mut pairs {
        let (mut ns, mut ratios) = (Vec::new(), Vec::new());
        for block in 0..blocks as u64 {
            let plain = one.run(block + 1, RUNS).nanoseconds_per_event();
            ns.push(many.run(block + 1, 1).nanoseconds_per_event());
            ratios.extend(ns.last().map(|many| many / plain));
        }
        println!(
            "{:<16}{:>12.1}{:>10.2}",
            one.name(),
            median(ns),
            median(ratios)
        );
    }
}

/// Two threads over one: how many times as fast the library and the twin live the same runs.
fn two_threads(blocks: usize) {
    let (mut one, mut two) = (Library::new(1, 1), Library::new(1, 2));
    let twin = engines::twin_of(1);
    let (mut library, mut bare) = (Vec::new(), Vec::new());
    for block in 0..blocks as u64 {
        library.push(one.clock_seconds(block, RUNS) / two.clock_seconds(block, RUNS));
        bare.push(twin.clock_seconds(block, RUNS, 1) / twin.clock_seconds(block, RUNS, 2));
    }
    println!(
        "\nTwo threads, by the clock: the library is {:.2} times as fast, the twin {:.2}\n",
        median(library),
        median(bare)
    );
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let n = values.len();
    if n == 0 {
        f64::NAN
    } else {
        (values[(n - 1) / 2] + values[n / 2]) / 2.0
    }
}

impl Batch {
    fn nanoseconds_per_event(&self) -> f64 {
        let events: f64 = self.runs.iter().filter_map(|run| run.last()).sum();
        self.seconds * 1e9 / events
    }
}
