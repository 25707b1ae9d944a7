//! How long it takes to forecast one series, and a panel of 32 areas, from fifteen years; and to back-test the panel.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use needscast::calibrate::{backtest, forecast};
use needscast::compile::{Panel, Strand};
use needscast::quantity::Cadence;
use needscast::random::{Key, poisson_quantile};

const YEARS: usize = 15;

/// Counts about means that differ between areas and fall by 3% a year.
fn panel(n_areas: usize) -> Panel {
    let strand = |area: usize| {
        let mean = |year: usize| 30.0 * (area + 1) as f64 * 0.97_f64.powi(year as i32);
        let key = Key::new(1).with(area as u64);
        let value = |year: usize| poisson_quantile(key.with(year as u64).uniform(), mean(year));
        Strand {
            area_code: format!("S{area:02}"),
            area_name: String::new(),
            stratum: String::new(),
            values: (0..YEARS).map(|year| value(year) as f64).collect(),
            exposure: None,
            published: Vec::new(),
        }
    };
    Panel {
        series: "made up".to_owned(),
        unit: String::new(),
        cadence: Cadence::Year,
        periods: (0..YEARS).map(|year| (2009 + year).to_string()).collect(),
        strands: (0..n_areas).map(strand).collect(),
        is_count: true,
        resolution: 1.0,
        breaks: Vec::new(),
        first_editions: Vec::new(),
    }
}

fn forecasting(criterion: &mut Criterion) {
    let (one, many) = (panel(1), panel(32));
    let mut group = criterion.benchmark_group("15 years, horizons 1 to 3");
    group.sample_size(10);
    group.bench_function("fit and forecast one series", |b| {
        b.iter(|| black_box(forecast(&one, 3)));
    });
    group.bench_function("fit and forecast 32 areas", |b| {
        b.iter(|| black_box(forecast(&many, 3)));
    });
    group.bench_function("back-test 32 areas, every origin and method", |b| {
        b.iter(|| black_box(backtest(&many, 6, 3, &|| {})));
    });
    group.finish();
}

criterion_group!(benches, forecasting);
criterion_main!(benches);
