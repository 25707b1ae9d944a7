//! The engines behind one face: so many runs from a seed, timed, with the totals of each.

use crate::MANY;
use crate::twin::inputs::Inputs;
use crate::twin::{NAMES, Twin};
use needscast::compile::{self, Plan};
use needscast::simulate::{Layout, Trajectories};
use needscast::{document, draw, simulate};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Instant;

/// Some runs: the processor time they took together, and the totals of each in the order of [`NAMES`].
pub struct Batch {
    pub seconds: f64,
    pub runs: Vec<Vec<f64>>,
}

/// Something that lives workload P.
pub trait Engine {
    fn name(&self) -> &'static str;
    fn run(&mut self, seed: u64, runs: usize) -> Batch;
}

/// Seconds of processor time that this process has had, all its threads together: other work on the machine does not
/// count. Where the system does not tell, seconds on the clock.
fn processor_seconds(since: Instant) -> f64 {
    let tasks = std::fs::read_dir("/proc/self/task")
        .into_iter()
        .flatten()
        .flatten();
    let times = tasks.filter_map(|task| {
        let text = std::fs::read_to_string(task.path().join("schedstat")).ok()?;
        text.split(' ').next()?.parse::<f64>().ok()
    });
    let nanoseconds: f64 = times.sum();
    if nanoseconds > 0.0 {
        nanoseconds / 1e9
    } else {
        since.elapsed().as_secs_f64()
    }
}

/// What `work` gives, and the seconds of processor time that it took.
fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let since = Instant::now();
    let before = processor_seconds(since);
    let result = work();
    (result, processor_seconds(since) - before)
}

/// The Plan of workload P with so many times the people, arrivals and places.
fn plan(people: usize) -> Plan {
    let scenario =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("models/textbook/workload-p/scenario.toml");
    let documents = document::read(&scenario).expect("workload P reads");
    let mut plan = compile::compile(&documents).expect("workload P compiles");
    for value in plan.population.iter_mut().flatten().flatten().flatten() {
        *value *= people as f64;
    }
    for cell in &mut plan.cells {
        if plan.parameters[cell.parameter].id.starts_with("places_") {
            cell.value *= people as f64;
        }
    }
    plan
}

fn inputs(people: usize) -> Inputs {
    let mut plan = plan(people);
    plan.n_draws = 0;
    let draws = draw::draw(&plan);
    Inputs::of(&plan, &draws)
}

/// The hand-written twin.
pub struct TwinEngine(Twin);

/// The twin with so many times the people.
pub fn twin_of(people: usize) -> TwinEngine {
    TwinEngine(Twin::of(&inputs(people)))
}

impl TwinEngine {
    /// So many runs, one after another.
    pub fn run(&self, seed: u64, runs: usize) -> Batch {
        let live = |run| self.0.run(seed * 1_000 + run);
        let (counts, seconds) = timed(|| (0..runs as u64).map(live).collect::<Vec<_>>());
        Batch {
            seconds,
            runs: counts.iter().map(|counts| counts.totals()).collect(),
        }
    }

    /// How long the runs take on so many threads, in seconds on the clock.
    pub fn clock_seconds(&self, seed: u64, runs: usize, threads: u64) -> f64 {
        let begun = Instant::now();
        std::thread::scope(|scope| {
            for part in 0..threads {
                scope.spawn(move || {
                    (0..runs as u64)
                        .filter(|run| run % threads == part)
                        .for_each(|run| drop(std::hint::black_box(self.0.run(seed * 1_000 + run))));
                });
            }
        });
        begun.elapsed().as_secs_f64()
    }
}

impl Engine for TwinEngine {
    fn name(&self) -> &'static str {
        "twin"
    }

    fn run(&mut self, seed: u64, runs: usize) -> Batch {
        TwinEngine::run(self, seed, runs)
    }
}

/// The library as everybody uses it: rows of one Plan on a pool of threads.
pub struct Library {
    plan: Plan,
    pool: rayon::ThreadPool,
}

impl Library {
    /// The library with so many times the people, on so many threads.
    pub fn new(people: usize, threads: usize) -> Library {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        Library {
            plan: plan(people),
            pool: pool.expect("threads start"),
        }
    }

    /// How long the runs take, in seconds on the clock.
    pub fn clock_seconds(&mut self, seed: u64, runs: usize) -> f64 {
        let begun = Instant::now();
        self.run(seed, runs);
        begun.elapsed().as_secs_f64()
    }
}

impl Engine for Library {
    fn name(&self) -> &'static str {
        "needscast"
    }

    fn run(&mut self, seed: u64, runs: usize) -> Batch {
        self.plan.seed = seed;
        self.plan.n_draws = runs - 1;
        let draws = draw::draw(&self.plan);
        let (lived, seconds) = timed(|| {
            self.pool
                .install(|| simulate::simulate(&self.plan, &draws, &|| {}))
        });
        Batch {
            seconds,
            runs: (0..runs)
                .map(|row| totals(&self.plan, &lived, row))
                .collect(),
        }
    }
}

/// The totals of one row, from the values that every run of the library has.
fn totals(plan: &Plan, lived: &Trajectories, row: usize) -> Vec<f64> {
    let layout: &Layout = &lived.layout;
    let values = &lived.rows[row].values;
    let total = layout.n_areas - 1;
    let years = |area: usize, measure: &str, breakdown: &str| -> Vec<f64> {
        let series = layout
            .find(measure, breakdown)
            .expect("a measure of workload P");
        let at = |year| f64::from(values[layout.at(0, area, series, year)]);
        (0..layout.years.len()).map(at).collect()
    };
    let sum =
        |area, measure: &str, breakdown: &str| years(area, measure, breakdown).iter().sum::<f64>();
    let n_years = layout.years.len() as f64;
    let at_end = |area: usize, state: &str| {
        let is_it =
            |s: &needscast::simulate::Series| s.is_monthly && s.measure == format!("stock_{state}");
        let series = layout
            .series
            .iter()
            .position(is_it)
            .expect("monthly stocks");
        f64::from(values[layout.at(0, area, series, layout.months.len() - 1)])
    };
    let service = |need: &str| format!("service={need}");
    let states = || plan.states.iter().map(|state| state.id.as_str());
    let needs = || plan.needs.iter().map(|need| need.id.as_str());
    let mut totals: Vec<f64> = states()
        .map(|s| sum(total, &format!("entries_{s}"), ""))
        .collect();
    totals.extend(states().map(|s| sum(total, &format!("stock_{s}"), "") / n_years));
    totals.extend(needs().map(|n| sum(total, "need_arising", &format!("need={n}"))));
    for measure in [
        "referrals",
        "starts",
        "completions",
        "needs_met",
        "gave_up",
        "dropped_out",
    ] {
        totals.extend(needs().map(|n| sum(total, measure, &service(n))));
    }
    totals.extend(needs().map(|n| sum(total, "waiting", &service(n)) / n_years));
    totals.extend(needs().map(|n| sum(total, "in_support", &service(n)) / n_years));
    totals.extend(needs().map(|n| {
        let (means, starts) = (
            years(total, "wait_months_mean", &service(n)),
            years(total, "starts", &service(n)),
        );
        means
            .iter()
            .zip(&starts)
            .filter(|(_, k)| **k > 0.0)
            .map(|(mean, k)| mean * k)
            .sum::<f64>()
    }));
    totals.extend((0..total).map(|area| {
        needs()
            .map(|n| sum(area, "starts", &service(n)))
            .sum::<f64>()
    }));
    totals.extend((0..total).map(|area| states().map(|s| at_end(area, s)).sum::<f64>()));
    let flows = ["starts", "completions", "gave_up", "dropped_out"];
    let served: f64 = needs()
        .flat_map(|n| flows.map(|flow| sum(total, flow, &service(n))))
        .sum();
    let entries: f64 = states()
        .map(|s| sum(total, &format!("entries_{s}"), ""))
        .sum();
    let left = sum(total, "entries_reported", "") - states().map(|s| at_end(total, s)).sum::<f64>();
    totals.push(entries + left + served);
    totals
}

/// A peer in a process of its own: it reads a seed a line, and writes the seconds of processor time that one run took and its totals.
pub struct Peer {
    name: &'static str,
    process: Child,
    seeds: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Peer {
    /// The peer in `folder`, if it is installed there, with the inputs of so many times the people.
    pub fn start(name: &'static str, folder: &Path, people: usize) -> Option<Peer> {
        let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers");
        let python = folder.join("venv/bin/python");
        let (program, script) = match name {
            "NumPy" => (python, Some(scripts.join("numpy_peer.py"))),
            "SimPy" => (python, Some(scripts.join("simpy_peer.py"))),
            _ => (folder.join("ixa/release/ixa-peer"), None),
        };
        if !program.is_file() || people > MANY {
            return None;
        }
        let path = folder.join(format!("inputs-{name}-{people}.json"));
        std::fs::write(&path, serde_json::to_vec(&inputs(people)).ok()?).ok()?;
        // One thread each: none of the peers is given a second.
        let mut process = Command::new(program)
            .args(script)
            .arg(&path)
            .env("OMP_NUM_THREADS", "1")
            .env("OPENBLAS_NUM_THREADS", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .ok()?;
        let (seeds, answers) = (
            process.stdin.take()?,
            BufReader::new(process.stdout.take()?),
        );
        Some(Peer {
            name,
            process,
            seeds,
            answers,
        })
    }
}

impl Engine for Peer {
    fn name(&self) -> &'static str {
        self.name
    }

    fn run(&mut self, seed: u64, runs: usize) -> Batch {
        let mut batch = Batch {
            seconds: 0.0,
            runs: Vec::new(),
        };
        for run in 0..runs as u64 {
            writeln!(self.seeds, "{}", seed * 1_000 + run).expect("the peer reads");
            let mut line = String::new();
            self.answers.read_line(&mut line).expect("the peer answers");
            let mut numbers = line
                .split_whitespace()
                .map(|n| n.parse::<f64>().expect("a number"));
            batch.seconds += numbers
                .next()
                .unwrap_or_else(|| unreachable!("{} ended early", self.name));
            let totals: Vec<f64> = numbers.collect();
            assert_eq!(
                totals.len(),
                NAMES.iter().map(|(_, n)| n).sum::<usize>(),
                "{}",
                self.name
            );
            batch.runs.push(totals);
        }
        batch
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // The end of its input would end it too; a run under way is not waited for.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
