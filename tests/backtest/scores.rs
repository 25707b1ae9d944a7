//! Scores against values worked out by hand or by other programs, and against simple twins.

use needscast::calibrate::{
    Backtest, Method, Predictive, Scored, Scores, backtest, score_rows, skill_rows,
};

use super::{panel, table};

fn near(found: f64, expected: f64) {
    assert!(
        (found - expected).abs() <= 1e-9 * expected.abs().max(1.0),
        "{found} is not {expected}"
    );
}

const fn normal(mean: f64, sd: f64) -> Predictive {
    Predictive::Normal { mean, sd }
}

fn sample(values: &[f64]) -> Predictive {
    Predictive::Sample(values.to_vec())
}

#[test]
fn the_ranked_probability_score_is_exact() {
    // properscoring 0.1: crps_gaussian(1, 0, 1), crps_gaussian(4.2, 3, 0.7), and (sqrt 2 - 1) / sqrt pi at the mean.
    near(normal(0.0, 1.0).crps(1.0), 0.602_441_357_627_616_3);
    near(normal(3.0, 0.7).crps(4.2), 0.829_792_216_473_923_2);
    near(normal(5.0, 2.0).crps(5.0), 2.0 * 0.233_694_977_254_862_1);
    near(normal(5.0, 0.0).crps(7.5), 2.5);
    // By hand: mean distance less half the mean distance of pairs; the last also by properscoring.
    near(sample(&[0.0, 2.0]).crps(1.0), 0.5);
    near(sample(&[1.0, 2.0, 4.0]).crps(3.0), 2.0 / 3.0);
    near(sample(&[0.0, 0.0, 1.0, 5.0, 9.0]).crps(2.5), 1.26);
    near(sample(&[4.0]).crps(1.0), 3.0);
}

#[test]
fn a_large_sample_scores_like_its_law() {
    // 20,000 evenly spaced quantiles of a normal law differ from it by less than one in 10,000.
    let law = normal(10.0, 3.0);
    let quantiles = (0..20_000).map(|i| law.quantile((f64::from(i) + 0.5) / 20_000.0));
    let points = sample(&quantiles.collect::<Vec<_>>());
    for recorded in [4.0, 9.5, 16.0] {
        assert!((points.crps(recorded) - law.crps(recorded)).abs() < 1e-3);
        let (found, expected) = (
            points.log_score(recorded, 1.0),
            law.log_score(recorded, 1.0),
        );
        assert!((found - expected).abs() < 0.01, "{found} {expected}");
        assert!((points.cdf(recorded) - law.cdf(recorded)).abs() < 1e-4);
    }
}

#[test]
fn the_log_score_is_of_the_recording_and_finite() {
    // -ln(Phi(0.5) - Phi(-0.5)) and -ln(Phi(3.5) - Phi(2.5)).
    near(
        normal(0.0, 1.0).log_score(0.0, 1.0),
        0.959_916_333_695_622_2,
    );
    near(normal(0.0, 1.0).log_score(-3.0, 1.0), 5.119_830_444_788_22);
    near(normal(0.0, 1.0).log_score(3.0, 1.0), 5.119_830_444_788_22);
    let worst = 10f64.ln() * 10.0;
    near(normal(0.0, 1.0).log_score(1e6, 1.0), worst);
    near(normal(4.0, 0.0).log_score(4.0, 1.0), 0.0);
    near(normal(4.0, 0.0).log_score(5.0, 1.0), worst);
    // Points on whole numbers: the share of them that are what was recorded.
    near(
        sample(&[3.0, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0, 5.0]).log_score(5.0, 1.0),
        8f64.ln(),
    );
    near(sample(&[3.0; 8]).log_score(2.0, 1.0), worst);
    // A hundred noughts in four hundred are a point and keep their quarter, however far the others are spread.
    let spread = (0..300).map(|i| 4000.0 + f64::from(i));
    let mixed: Vec<f64> = std::iter::repeat_n(0.0, 100).chain(spread).collect();
    near(sample(&mixed).log_score(0.0, 1.0), 4f64.ln());
    // Amid the others one value in four hundred is to be expected at each.
    assert!((sample(&mixed).log_score(4150.0, 1.0) - 400f64.ln()).abs() < 0.01);
}

#[test]
fn quantiles_and_probabilities_agree() {
    near(
        normal(10.0, 2.0).quantile(0.975),
        10.0 + 2.0 * 1.959_963_984_540_054,
    );
    near(normal(10.0, 2.0).median(), 10.0);
    near(normal(0.0, 1.0).cdf(1.5), 0.933_192_798_731_141_9);
    let points = sample(&[1.0, 2.0, 2.0, 5.0]);
    // R: quantile(c(1, 2, 2, 5), c(0.1, 0.5, 0.9))
    near(points.quantile(0.1), 1.3);
    near(points.median(), 2.0);
    near(points.quantile(0.9), 4.1);
    assert_eq!((points.below(2.0), points.cdf(2.0)), (0.25, 0.75));
    near(points.mean(), 2.5);
    let point = normal(3.0, 0.0);
    assert_eq!(
        (point.below(3.0), point.cdf(3.0), point.cdf(2.9)),
        (0.0, 1.0, 0.0)
    );
}

/// A forecast with these quantiles of something recorded.
fn scored(recorded: f64, quantiles: [f64; 7]) -> Scored {
    Scored {
        method: Method::Naive,
        strand: 0,
        origin: 6,
        horizon: 1,
        recorded,
        quantiles,
        crps: 1.0,
        log_score: 2.0,
        scaled_error: f64::NAN,
        pit: 0.5,
        is_disrupted: false,
    }
}

#[test]
fn means_are_as_by_hand() {
    let quantiles = [0.0, 2.0, 4.0, 5.0, 6.0, 8.0, 10.0];
    let inside = scored(5.0, quantiles);
    let outside = scored(9.0, quantiles);
    near(inside.interval_score_80(), 6.0);
    // One above the interval: 6 + 2 / 0.2.
    near(outside.interval_score_80(), 16.0);
    near(scored(1.5, quantiles).interval_score_80(), 11.0);
    let with_scale = Scored {
        scaled_error: 0.5,
        ..inside.clone()
    };
    let found = Scores::of([with_scale, outside].iter());
    assert_eq!(found.n, 2);
    assert_eq!(found.cover, [0.5, 0.5, 1.0]);
    assert_eq!(found.width, [2.0, 6.0, 10.0]);
    assert_eq!((found.bias, found.mae, found.mase), (-2.0, 2.0, 0.5));
    assert_eq!(
        (found.crps, found.log_score, found.interval_score_80),
        (1.0, 2.0, 11.0)
    );
}

fn of_table() -> (needscast::compile::Panel, Backtest) {
    let panel = panel(&table(4, 13));
    let backtest = backtest(&panel, 6, 3, &|| {});
    (panel, backtest)
}

/// The slow twin of a baseline: mean and standard deviation `h` periods after the last of `y`.
fn twin(method: Method, y: &[f64], h: f64) -> (f64, f64) {
    let t = y.len() as f64;
    let last = y[y.len() - 1];
    let changes: Vec<f64> = y.windows(2).map(|pair| pair[1] - pair[0]).collect();
    match method {
        Method::Drift => {
            let slope = (last - y[0]) / (t - 1.0);
            let squares: f64 = changes.iter().map(|c| (c - slope).powi(2)).sum();
            let sigma = (squares / (t - 2.0)).sqrt();
            (last + h * slope, sigma * (h * (1.0 + h / (t - 1.0))).sqrt())
        }
        _ => {
            let squares: f64 = changes.iter().map(|c| c * c).sum();
            (last, (squares / (t - 1.0) * h).sqrt())
        }
    }
}

#[test]
fn baselines_are_those_of_the_textbook_from_every_origin() {
    let (panel, backtest) = of_table();
    let mut n = 0;
    for f in &backtest.forecasts {
        if [Method::Needscast, Method::Ets].contains(&f.method) {
            continue;
        }
        let known = &panel.strands[f.strand].values[..f.origin];
        let (mean, sd) = twin(f.method, known, f.horizon as f64);
        near(f.median(), mean);
        near(f.crps, normal(mean, sd).crps(f.recorded));
        near(f.quantiles[1], mean - 1.281_551_565_544_600_4 * sd);
        let changes = known.windows(2).map(|pair| (pair[1] - pair[0]).abs());
        let scale = changes.sum::<f64>() / (f.origin - 1) as f64;
        near(f.scaled_error, (mean - f.recorded).abs() / scale);
        n += 1;
    }
    assert_eq!(n, 3 * 4 * (3 * 5 + 2 + 1));
}

#[test]
fn rows_are_means_of_what_they_stand_for() {
    let (panel, backtest) = of_table();
    let rows = score_rows(&panel, &backtest, |_| true);
    // 5 methods, 3 horizons and all, 4 areas and all.
    assert_eq!(rows.len(), 5 * 4 * 5);
    for row in &rows {
        let is_meant = |f: &&Scored| {
            f.method == row.method
                && row.horizon.is_none_or(|h| h == f.horizon)
                && row
                    .area_code
                    .as_ref()
                    .is_none_or(|a| *a == panel.strands[f.strand].area_code)
        };
        let meant: Vec<&Scored> = backtest.forecasts.iter().filter(is_meant).collect();
        assert_eq!(row.scores.n, meant.len());
        near(
            row.scores.crps,
            meant.iter().map(|f| f.crps).sum::<f64>() / meant.len() as f64,
        );
    }
    let crps = |method: Method, horizon: Option<usize>| {
        let found = rows
            .iter()
            .find(|r| r.method == method && r.horizon == horizon && r.area_code.is_none());
        found.unwrap().scores.crps
    };
    for row in skill_rows(&backtest) {
        let ratio = crps(Method::Needscast, row.horizon) / crps(row.baseline, row.horizon);
        near(row.skill.skill, 1.0 - ratio);
        assert!(row.skill.low < row.skill.skill && row.skill.skill < row.skill.high);
    }
}
