//! How long every stage of the pipeline takes on shipped scenarios: compile, draw, simulate, summarise, appraise.

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use needscast::{appraise, compile, document, draw, simulate, summarise};
use std::hint::black_box;
use std::path::{Path, PathBuf};

/// Shipped scenarios by name: one council, three with four options, and the country.
const SCENARIOS: [&str; 3] = ["one-council", "tayside-throughcare", "scotland"];
/// Draws beside the central row: few, because every stage after drawing takes a time in proportion to them.
const DRAWS: usize = 3;

fn path(scenario: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("scenarios/{scenario}.toml"))
}

fn plan(scenario: &str) -> compile::Plan {
    let documents = document::read(&path(scenario)).expect("a shipped scenario reads");
    let mut plan = compile::compile(&documents).expect("a shipped scenario compiles");
    plan.n_draws = DRAWS;
    plan
}

/// Reading and proving the documents, apart.
fn compiling(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("read");
    for scenario in SCENARIOS {
        let path = path(scenario);
        group.bench_function(scenario, |b| b.iter(|| black_box(document::read(&path))));
    }
    group.finish();
    let mut group = criterion.benchmark_group("compile");
    for scenario in SCENARIOS {
        let documents = document::read(&path(scenario)).expect("a shipped scenario reads");
        group.bench_function(scenario, |b| {
            b.iter(|| black_box(compile::compile(&documents)))
        });
    }
    group.finish();
}

/// A thousand rows of parameters.
fn drawing(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("draw 1,000 rows");
    for scenario in SCENARIOS {
        let mut plan = plan(scenario);
        plan.n_draws = 999;
        group.bench_function(scenario, |b| b.iter(|| black_box(draw::draw(&plan))));
    }
    group.finish();
}

/// Simulating, summarising and appraising four rows with all their options. Simulation is on one thread, so that
/// the figure does not depend on the machine's cores; the country is left to `cargo run`, which takes a minute.
fn running(criterion: &mut Criterion) {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build()
        .expect("a thread starts");
    for scenario in &SCENARIOS[..2] {
        let plan = plan(scenario);
        let draws = draw::draw(&plan);
        let trajectories = simulate::simulate(&plan, &draws, &|| {});
        let mut group = criterion.benchmark_group("four rows");
        group.sample_size(10);
        group.bench_function(BenchmarkId::new("simulate", scenario), |b| {
            b.iter(|| pool.install(|| black_box(simulate::simulate(&plan, &draws, &|| {}))));
        });
        group.bench_function(BenchmarkId::new("summarise", scenario), |b| {
            b.iter(|| black_box(summarise::summarise(&plan, &trajectories)));
        });
        group.bench_function(BenchmarkId::new("appraise", scenario), |b| {
            b.iter(|| black_box(appraise::appraise(&plan, &draws, &trajectories)));
        });
        group.finish();
    }
}

/// What appraising adds to a run of the usual length, beside what its lives take: two hundred draws of the parameters over
/// a few lives that take turns, which are as long to appraise as if each were another.
fn appraising(criterion: &mut Criterion) {
    const ROWS: usize = 200;
    let mut plan = plan("tayside-throughcare");
    let mut lives = simulate::simulate(&plan, &draw::draw(&plan), &|| {});
    plan.n_draws = ROWS;
    let draws = draw::draw(&plan);
    let lived = lives.rows.clone();
    lives.rows = (0..=ROWS)
        .map(|row| lived[row % lived.len()].clone())
        .collect();
    let mut group = criterion.benchmark_group("two hundred draws of tayside-throughcare");
    group.sample_size(10);
    group.bench_function("appraise", |b| {
        b.iter(|| black_box(appraise::appraise(&plan, &draws, &lives)));
    });
    group.finish();
}

/// One row of the whole country as expected flows by age band, without services, on as many threads as there are cores.
fn expecting(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let text = std::fs::read_to_string(path("scotland")).expect("a shipped scenario");
    let model = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/scotland");
    let alone = format!("\"{}\"\nservices = \"none\"", model.display());
    let scenario = folder.path().join("scenario.toml");
    std::fs::write(&scenario, text.replacen("\"scotland\"", &alone, 1)).expect("a file");
    let documents = document::read(&scenario).expect("the scenario reads");
    let mut plan = compile::compile(&documents).expect("the scenario compiles");
    plan.n_draws = 0;
    let draws = draw::draw(&plan);
    let mut group = criterion.benchmark_group("expected flows");
    group.sample_size(10);
    group.bench_function("scotland by age band, one row", |b| {
        let births = simulate::Births::ByBand;
        b.iter(|| black_box(simulate::expect(&plan, &draws, births, &|| {})));
    });
    group.finish();
}

criterion_group!(benches, compiling, drawing, running, appraising, expecting);
criterion_main!(benches);
