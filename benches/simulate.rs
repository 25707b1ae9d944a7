//! How long the parts of a run take, on the shipped Tayside scenario.

use criterion::{Criterion, criterion_group, criterion_main};
use needscast::{compile, document, draw, simulate};
use std::hint::black_box;
use std::path::Path;

fn plan(n_draws: usize) -> compile::Plan {
    let scenario = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/tayside-throughcare.toml");
    let documents = document::read(&scenario).expect("the shipped scenario reads");
    let mut plan = compile::compile(&documents).expect("the shipped scenario compiles");
    plan.n_draws = n_draws;
    plan
}

fn tayside(criterion: &mut Criterion) {
    let scenario = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/tayside-throughcare.toml");
    criterion.bench_function("compile the Tayside scenario", |b| {
        b.iter(|| {
            let documents = document::read(&scenario).expect("the shipped scenario reads");
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

criterion_group!(benches, tayside);
criterion_main!(benches);
