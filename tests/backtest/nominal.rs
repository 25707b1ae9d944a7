//! Series that obey the stated law are covered as often as intervals say.

use needscast::calibrate::forecast;
use needscast::compile::{Panel, Strand};
use needscast::quantity::Cadence;
use needscast::random::{Key, normal_quantile, poisson_quantile};
use rayon::prelude::*;

const YEARS: usize = 14;

/// Luck in order.
struct Luck(Key, u64);

impl Luck {
    fn uniform(&mut self) -> f64 {
        self.1 += 1;
        self.0.with(self.1).uniform()
    }

    fn normal(&mut self) -> f64 {
        normal_quantile(self.uniform())
    }
}

/// Counts of one area by the law that docs/backtest.md states for a total, written down a second time: a level whose
/// yearly change is `level`, a slope whose change is `ratio` of that and of which `damping` is left after a year, jumps
/// of four times the change (of 8% at least) in 7 years of 100, and counts of Poisson's law. The rarer events are left
/// out: intervals are wider for them than these series need by less than the bounds.
fn simulated(number: u64) -> Vec<f64> {
    let mut luck = Luck(Key::new(20_261_122).with(number), 0);
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
