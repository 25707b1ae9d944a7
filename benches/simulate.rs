//! How long the parts of a run take, on the shipped Tayside scenario: what happens to people, one by one and by second,
//! and what further options of the same draws cost.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use needscast::compile::{self, Change, Operation, Plan, PlanOption, Target};
use needscast::{document, draw, simulate};
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Instant;

fn scenario() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/tayside-throughcare.toml")
}

fn plan(n_draws: usize) -> Plan {
    let documents = document::read(&scenario()).expect("the shipped scenario reads");
    let mut plan = compile::compile(&documents).expect("the shipped scenario compiles");
    plan.n_draws = n_draws;
    plan
}

/// Business as usual and up to fifteen options: each service in each area, then some services in all areas, with half
/// as many places again from a year into the forecast.
fn with_options(n_options: usize) -> Plan {
    let mut plan = plan(3);
    let base = plan.options[plan.comparator].clone();
    let from = plan.start.plus(12);
    let areas = (0..plan.areas.len()).map(|area| Some(vec![area]));
    let scopes: Vec<Option<Vec<usize>>> = areas.chain([None]).collect();
    let mut options = vec![base.clone()];
    for (scope, service) in scopes
        .iter()
        .flat_map(|scope| plan.services.iter().map(move |service| (scope, service)))
    {
        let change = Change {
            from,
            target: Target::Quantity(service.places),
            area: scope.clone(),
            sex: None,
            age: None,
            priors: None,
            operation: Operation::Multiply(1.5),
            reaches_everyone: false,
            source: "bench".to_owned(),
            words: "half as many places again".to_owned(),
        };
        options.push(PlanOption {
            id: format!("{}-{scope:?}", service.id),
            changes: vec![change],
            differs_from: Some(from),
            ..base.clone()
        });
    }
    options.truncate(n_options);
    plan.options = options;
    plan.comparator = 0;
    plan
}

fn on_one_thread<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build();
    pool.expect("a thread").install(work)
}

fn parts(criterion: &mut Criterion) {
    criterion.bench_function("compile the Tayside scenario", |b| {
        b.iter(|| {
            let documents = document::read(&scenario()).expect("the shipped scenario reads");
            black_box(compile::compile(&documents).expect("the shipped scenario compiles"))
        });
    });
    let plan = plan(9);
    criterion.bench_function("draw ten rows", |b| b.iter(|| black_box(draw::draw(&plan))));
    let draws = draw::draw(&plan);
    let mut group = criterion.benchmark_group("Tayside, four options, history and ten years");
    group.sample_size(10);
    // A thousand draws take a hundred times this.
    group.bench_function("simulate ten draws on every core", |b| {
        b.iter(|| black_box(simulate::simulate(&plan, &draws, &|| {})));
    });
    group.finish();
}

fn options(criterion: &mut Criterion) {
    let mut group =
        criterion.benchmark_group("Tayside on one thread, business as usual and options");
    group.sample_size(10);
    for n_options in [1, 2, 16] {
        let plan = with_options(n_options);
        let draws = draw::draw(&plan);
        let events = |row: usize| simulate::person_events(&plan, &draws, row);
        group.throughput(Throughput::Elements((0..draws.n_rows()).map(events).sum()));
        let name = match n_options {
            1 => "alone".to_owned(),
            n => format!("and {} options in the same pass", n - 1),
        };
        group.bench_function(name, |b| {
            b.iter(|| on_one_thread(|| black_box(simulate::simulate(&plan, &draws, &|| {}))));
        });
    }
    group.finish();
    table();
}

/// What an event costs, and what options cost beside business as usual alone: the medians of interleaved runs, so that a
/// drifting clock drifts for all of them.
fn table() {
    let plans: Vec<Plan> = [1, 2, 16].into_iter().map(with_options).collect();
    let draws: Vec<draw::Draws> = plans.iter().map(draw::draw).collect();
    let mut times: Vec<Vec<f64>> = vec![Vec::new(); plans.len()];
    for _ in 0..7 {
        for (at, plan) in plans.iter().enumerate() {
            let begun = Instant::now();
            on_one_thread(|| black_box(simulate::simulate(plan, &draws[at], &|| {})));
            times[at].push(begun.elapsed().as_secs_f64());
        }
    }
    let medians: Vec<f64> = times
        .into_iter()
        .map(|mut times| {
            times.sort_by(f64::total_cmp);
            times[times.len() / 2]
        })
        .collect();
    println!(
        "options  person-events  ns per event  million events a second  times business as usual alone"
    );
    for (at, plan) in plans.iter().enumerate() {
        let rows = 0..draws[at].n_rows();
        let events: u64 = rows
            .map(|row| simulate::person_events(plan, &draws[at], row))
            .sum();
        println!(
            "{:7}  {events:13}  {:12.1}  {:23.1}  {:29.2}",
            plan.options.len(),
            medians[at] * 1e9 / events as f64,
            events as f64 / medians[at] / 1e6,
            medians[at] / medians[0]
        );
    }
}

criterion_group!(benches, parts, options);
criterion_main!(benches);
