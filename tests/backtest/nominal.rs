//! Series that obey the stated law are covered as often as intervals say.

use needscast::calibrate::{Method, backtest, forecast};
use needscast::compile::{Panel, Strand};
use needscast::quantity::Cadence;
use needscast::random::{Key, normal_quantile, poisson_quantile};
use rayon::prelude::*;

use super::luck::Luck;

const YEARS: usize = 14;

/// Counts of one area by the law that docs/backtest.md states for a total, written down a second time: a level whose
/// yearly change is `level`, a slope whose change is `ratio` of that and of which `damping` is left after a year, jumps
/// of four times the change (of 8% at least) in 7 years of 100, and counts of Poisson's law. The rarer events are left
/// out: intervals are wider for them than these series need by less than the bounds.
fn simulated(number: u64) -> Vec<f64> {
    let mut luck = Luck::new(Key::new(20_261_122).with(number));
    let level = (0.1 * (0.7 * luck.normal()).exp()).clamp(0.008, 0.24);
    let slopes = [(0.0, 0.0), (0.7, 0.6), (0.6, 0.8), (0.4, 0.95), (0.2, 0.99)];
    let (ratio, damping): (f64, f64) = match luck.uniform() {
        u if u < 0.2 => slopes[0],
        u => slopes[1 + ((u - 0.2) / 0.2001) as usize],
    };
    let slope_sd = ratio * level;
    let mut log = 600.0_f64.ln();
    let mut slope = slope_sd / (1.0 - damping * damping).sqrt() * luck.normal();
    let values = (0..YEARS + 3).map(|_| {
        log += slope + level * luck.normal();
        slope = damping * slope + slope_sd * luck.normal();
        if luck.uniform() < 0.07 {
            log += (4.0 * level).max(0.08) * luck.normal();
        }
        let (mean, u) = (log.exp(), luck.uniform());
        match mean < 10_000.0 {
            true => poisson_quantile(u, mean) as f64,
            // A normal law of as many is the same to within far less than the bounds.
            false => (mean + mean.sqrt() * normal_quantile(u)).round(),
        }
    });
    values.collect()
}

fn panel(number: u64, values: &[f64]) -> Panel {
    Panel {
        series: format!("simulated {number}"),
        unit: String::new(),
        cadence: Cadence::Year,
        periods: (0..values.len())
            .map(|year| (2001 + year).to_string())
            .collect(),
        strands: vec![Strand {
            area_code: "S1".to_owned(),
            area_name: String::new(),
            stratum: String::new(),
            values: values.to_vec(),
            exposure: None,
            published: Vec::new(),
        }],
        is_count: true,
        resolution: 1.0,
        breaks: Vec::new(),
        first_editions: Vec::new(),
    }
}

/// Null: each of 1,500 independent series is covered at one horizon with a probability within 2.5 points of the nominal,
/// which is what a grid for a continuous law, merged mixtures and the rarer events are allowed to cost. Statistic: the
/// share covered, with a standard error of 1.03 points at 80% and 0.56 at 95%; refused beyond 2.5 points and 4.4 errors
/// (alpha 1e-5): 7.0 and 5.0. With power 99% (2.33 errors more) coverage of 80% that is wrong by 9.4 points is caught.
#[test]
fn series_by_the_stated_law_are_covered_at_the_nominal_rate() {
    let n = 1500;
    let covered: Vec<[[bool; 2]; 3]> = (0..n)
        .into_par_iter()
        .map(|number| {
            let values = simulated(number);
            let ahead = forecast(&panel(number, &values[..YEARS]), 3).remove(0);
            [0, 1, 2].map(|horizon| {
                [(0.1, 0.9), (0.025, 0.975)].map(|(low, high)| {
                    let recorded = values[YEARS + horizon];
                    let of = |level| ahead[horizon].quantile(level);
                    of(low) <= recorded && recorded <= of(high)
                })
            })
        })
        .collect();
    for horizon in 0..3 {
        for (interval, nominal, reach) in [(0, 0.8, 0.070), (1, 0.95, 0.050)] {
            let inside = covered.iter().filter(|c| c[horizon][interval]).count();
            let share = inside as f64 / n as f64;
            assert!(
                (share - nominal).abs() < reach,
                "{} ahead: {share}",
                horizon + 1
            );
        }
    }
}

/// Series that do not obey the stated law but resemble what is recorded: 16 years of counts, and what may be said of the
/// logarithm of their means from one year to the next.
fn of_kind(kind: &str, number: u64) -> Vec<f64> {
    let mut luck = Luck::new(Key::new(31).named(kind).with(number));
    let mut log = match kind {
        "one in two years" | "rates of one in two years" => 0.5_f64.ln(),
        "five a year" => 5.0_f64.ln(),
        "heaps" => 60.0_f64.ln() + luck.normal(),
        _ => 400.0_f64.ln() + luck.normal(),
    };
    let mut slope = 0.03 * luck.normal();
    let values = (0..16).map(|_| {
        log += match kind {
            "a walk" => 0.1 * luck.normal(),
            "a walk with shocks" => {
                let shock = if luck.uniform() < 0.06 { 0.3 } else { 0.0 };
                0.05 * luck.normal() + shock * luck.normal()
            }
            "heavy tails" => {
                let normal = luck.normal();
                let square: f64 = (0..3).map(|_| luck.normal().powi(2)).sum();
                0.07 * normal / (square / 3.0).sqrt()
            }
            "turning slopes" => {
                slope = 0.9 * slope + 0.03 * luck.normal();
                slope
            }
            _ => 0.0,
        };
        let mean = match kind {
            "heaps" => log.exp() * heap(&mut luck),
            _ => log.min(9.0).exp(),
        };
        poisson_quantile(luck.uniform(), mean) as f64
    });
    let values: Vec<f64> = values.collect();
    match kind {
        // The rate per hundred of so many people, to two places.
        "rates of one in two years" => {
            let people = 20.0 + 580.0 * luck.uniform();
            let rate = |value: &f64| (1e4 * value / people).round() / 100.0;
            values.iter().map(rate).collect()
        }
        _ => values,
    }
}

/// A gamma number of shape 4 and mean 1: counts about it have a variance of a quarter of the square of their mean more.
fn heap(luck: &mut Luck) -> f64 {
    let exponential = (0..4).map(|_| -luck.uniform().ln());
    exponential.sum::<f64>() / 4.0
}

/// Null: over 60 series of a kind, from every origin and at every horizon, intervals hold 73% to 89% and 90% to 99.7%
/// of what came, and forecasts are no more than 10% worse than the last value. Records of one series hang together, so
/// that the share has a standard error of about 2 points at 80% and 1.2 at 95%; in 100 series of each kind it was between
/// 79% and 84.4%, and 90.5% and 97.6%. Coverage of 80% that falls to 68% is caught at a power of 99%.
#[test]
fn kinds_of_series_that_were_not_fitted_to_are_covered() {
    let kinds = [
        "a walk",
        "a walk with shocks",
        "heavy tails",
        "turning slopes",
        "five a year",
        "one in two years",
        "rates of one in two years",
        "heaps",
    ];
    for kind in kinds {
        let tested: Vec<_> = (0..60_u64)
            .into_par_iter()
            .map(|number| {
                let mut panel = panel(number, &of_kind(kind, number));
                panel.is_count = !kind.starts_with("rates");
                backtest(&panel, 6, 3, &|| {})
            })
            .collect();
        let of = |method: Method| {
            let all = tested.iter().flat_map(|tested| &tested.forecasts);
            all.filter(move |scored| scored.method == method)
        };
        let n = of(Method::Needscast).count() as f64;
        let share = |low: usize, high: usize| {
            let inside = of(Method::Needscast)
                .filter(|s| s.quantiles[low] <= s.recorded && s.recorded <= s.quantiles[high]);
            inside.count() as f64 / n
        };
        let (of_80, of_95) = (share(1, 5), share(0, 6));
        assert!((0.73..0.89).contains(&of_80), "{kind}: {of_80}");
        assert!((0.90..0.997).contains(&of_95), "{kind}: {of_95}");
        let crps = |method: Method| of(method).map(|scored| scored.crps).sum::<f64>();
        let ratio = crps(Method::Needscast) / crps(Method::Naive);
        assert!(ratio < 1.1, "{kind}: {ratio}");
    }
}
