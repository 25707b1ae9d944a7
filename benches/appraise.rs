//! How long it takes to appraise 20 options with 10,000 draws each from a table made elsewhere.

use std::fmt::Write;
use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use needscast::appraise::{Discounting, GREEN_BOOK_2026, Schedule, compare};
use needscast::compile::alternatives;
use needscast::document::drawn;
use needscast::random::{Key, normal_quantile};
use needscast::report::{ComparisonReport, Digits, Threshold};

const OPTIONS: u64 = 20;
const DRAWS: u64 = 10_000;

/// Draws around means that rise with the option, in the order in which a model writes them: draw by draw.
fn table() -> String {
    let key = Key::new(1);
    let mut text = "option,draw,cost,outcome\n".to_owned();
    for draw in 0..DRAWS {
        for option in 0..OPTIONS {
            let normal = |part| normal_quantile(key.with(draw).with(option).with(part).uniform());
            let cost = 10_000.0 * option as f64 + 20_000.0 * normal(0);
            let outcome = (100.0 * option as f64).sqrt() + 10.0 * normal(1);
            // Writing to a string cannot fail.
            let _ = writeln!(text, "option {option},{draw},{cost},{outcome}");
        }
    }
    text
}

fn appraising(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("draws.csv");
    std::fs::write(&path, table()).expect("the table is written");
    let thresholds = [250.0, 500.0, 1000.0].map(|value| Threshold {
        written: format!("{value}"),
        value,
    });
    let values: Vec<f64> = thresholds.iter().map(|threshold| threshold.value).collect();
    let discounting = Discounting {
        costs: GREEN_BOOK_2026.clone(),
        outcomes: Schedule::constant(0.0),
    };
    let read = || drawn(&path, "outcome", &[], false).expect("the table reads");
    let written = read();
    let checked = alternatives(&written, None).expect("the table is sound");
    let mut group = criterion.benchmark_group("20 options, 10,000 draws");
    group.sample_size(10);
    group.bench_function("read", |b| b.iter(|| black_box(read())));
    group.bench_function("check", |b| {
        b.iter(|| black_box(alternatives(&written, None)))
    });
    group.bench_function("compare at three thresholds", |b| {
        b.iter(|| black_box(compare(&checked, &discounting, &values)));
    });
    group.bench_function("whole", |b| {
        b.iter(|| {
            let checked = alternatives(&read(), None).expect("the table is sound");
            let comparison = compare(&checked, &discounting, &values);
            let report = ComparisonReport {
                comparison: &comparison,
                thresholds: &thresholds,
                digits: Digits::Seven,
            };
            black_box(report.json())
        });
    });
    group.finish();
}

criterion_group!(benches, appraising);
criterion_main!(benches);
