//! How long fair shares take: the nucleolus of ten partners, 1,023 coalitions, and everything that `share` answers.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use needscast::appraise::sharing::{nucleolus, shapley, share};
use needscast::compile::{Coalitions, coalition_worlds, compile};
use needscast::document;
use needscast::draw::draw;
use needscast::random::Key;
use needscast::simulate::simulate_each;

const PARTNERS: usize = 10;

/// Economies of scale in the size of a group, and luck of a given spread in its cost.
fn game(spread: f64) -> Coalitions {
    let key = Key::new(1);
    let cost = |group: usize| {
        let size = f64::from(group.count_ones());
        100.0 * size.powf(0.7) + spread * key.with(group as u64).uniform()
    };
    Coalitions {
        partners: (0..PARTNERS).map(|partner| partner.to_string()).collect(),
        costs: (0..1 << PARTNERS)
            .map(|group| if group == 0 { 0.0 } else { cost(group) })
            .collect(),
        weights: Vec::new(),
    }
}

fn sharing(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("10 partners");
    group.sample_size(10);
    // Without luck every optimum has ties everywhere; with much of it the core is empty.
    for (name, spread) in [("alike", 0.0), ("some luck", 20.0), ("much luck", 500.0)] {
        let game = game(spread);
        group.bench_function(format!("nucleolus, {name}"), |b| {
            b.iter(|| black_box(nucleolus(&game)));
        });
        group.bench_function(format!("all rules, {name}"), |b| {
            b.iter(|| black_box(share(&game)))
        });
    }
    let game = game(20.0);
    group.bench_function("shapley", |b| b.iter(|| black_box(shapley(&game))));
    group.finish();
}

/// One draw of all 31 coalitions of five councils over ten years.
fn coalitions_of_five(criterion: &mut Criterion) {
    let documents = document::read("scenarios/highlands-and-islands.toml".as_ref()).expect("sound");
    let mut plan = compile(&documents).expect("sound");
    plan.n_draws = 1;
    let draws = draw(&plan);
    let groups: Vec<u64> = (1..32).collect();
    let worlds = coalition_worlds(&plan, &groups).expect("partners");
    let mut group = criterion.benchmark_group("31 coalitions of five councils");
    group.sample_size(10);
    group.bench_function("one draw", |b| {
        b.iter(|| simulate_each(&worlds.plan, &draws, &[1], |_, values| black_box(values[0])));
    });
    plan.options.truncate(1);
    group.bench_function("one draw of going alone", |b| {
        b.iter(|| simulate_each(&plan, &draws, &[1], |_, values| black_box(values[0])));
    });
    group.finish();
}

criterion_group!(benches, sharing, coalitions_of_five);
criterion_main!(benches);
