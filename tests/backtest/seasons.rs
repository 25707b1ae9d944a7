//! Months and quarters with seasons: foreseen at least as well as by repeating last year, and covered.

use needscast::calibrate::{Backtest, Method, backtest, forecast};
use needscast::compile::{Panel, Strand};
use needscast::quantity::Cadence;
use needscast::random::Key;
use rayon::prelude::*;

use super::luck::Luck;

impl Luck {
    /// The effects of a year's seasons, of mean nought, each its own or on a wave.
    fn season(&mut self, n: usize, sd: f64, is_wave: bool) -> Vec<f64> {
        let turned = self.uniform();
        let wave = |at: usize| {
            let turn = at as f64 / n as f64 + turned;
            2f64.sqrt() * (std::f64::consts::TAU * turn).sin()
        };
        let all: Vec<f64> = match is_wave {
            true => (0..n).map(wave).collect(),
            false => (0..n).map(|_| self.normal()).collect(),
        };
        let mean = all.iter().sum::<f64>() / n as f64;
        all.iter().map(|effect| sd * (effect - mean)).collect()
    }
}

fn panel(name: &str, cadence: Cadence, areas: Vec<Vec<f64>>) -> Panel {
    let n = areas[0].len();
    let are_whole = areas.iter().flatten().all(|value| value.fract() == 0.0);
    let strand = |(area, values): (usize, Vec<f64>)| Strand {
        area_code: format!("S{area}"),
        area_name: String::new(),
        stratum: String::new(),
        values,
        exposure: None,
        published: Vec::new(),
    };
    Panel {
        series: name.to_owned(),
        unit: String::new(),
        cadence,
        periods: (0..n).map(|period| period.to_string()).collect(),
        strands: areas.into_iter().enumerate().map(strand).collect(),
        is_count: are_whole,
        resolution: 1.0,
        breaks: Vec::new(),
        first_editions: Vec::new(),
    }
}

/// A kind of seasonal series: what it is like, and how it is forecast.
struct Kind {
    name: &'static str,
    cadence: Cadence,
    /// How many periods are simulated, and from how many known ones on forecasts are made.
    periods: (usize, usize),
    /// Our mean CRPS over that of the same season last year is below this.
    at_most: f64,
}

const KINDS: [Kind; 7] = [
    Kind {
        name: "a wandering level under a season that stays",
        cadence: Cadence::Month,
        periods: (44, 30),
        at_most: 0.9,
    },
    Kind {
        name: "small counts on a wave",
        cadence: Cadence::Month,
        periods: (44, 30),
        at_most: 0.9,
    },
    Kind {
        name: "a season that changes",
        cadence: Cadence::Month,
        periods: (44, 30),
        at_most: 1.0,
    },
    Kind {
        name: "two and a half years",
        cadence: Cadence::Month,
        periods: (30, 12),
        at_most: 1.0,
    },
    Kind {
        name: "quarters",
        cadence: Cadence::Quarter,
        periods: (32, 12),
        at_most: 1.0,
    },
    Kind {
        name: "amounts with a season that adds",
        cadence: Cadence::Month,
        periods: (44, 30),
        at_most: 1.0,
    },
    Kind {
        name: "areas, each with a season of its own",
        cadence: Cadence::Month,
        periods: (40, 30),
        at_most: 0.9,
    },
];

impl Kind {
    /// Series of laws that are not the filter's: seasons are waves or numbers of their own, levels walk without slopes.
    fn simulated(&self, number: u64) -> Panel {
        let mut luck = Luck::new(Key::new(12).named(self.name).with(number));
        let n = self.periods.0;
        let seasons = self.cadence.seasons();
        let mut series = |mean: f64, step: f64, effects: Vec<f64>, change: f64| -> Vec<f64> {
            let (mut log, mut effects) = (mean.ln(), effects);
            let value = |at: usize| {
                log += step * luck.normal();
                effects[at % seasons] += change * luck.normal();
                luck.count((log + effects[at % seasons]).exp())
            };
            (0..n).map(value).collect()
        };
        let mut other = Luck::new(Key::new(13).named(self.name).with(number));
        let is_wave = number.is_multiple_of(2);
        let areas = match self.name {
            "a wandering level under a season that stays" => {
                vec![series(300.0, 0.02, other.season(seasons, 0.2, false), 0.0)]
            }
            "small counts on a wave" => {
                vec![series(40.0, 0.005, other.season(seasons, 0.25, true), 0.0)]
            }
            "a season that changes" => {
                vec![series(
                    500.0,
                    0.01,
                    other.season(seasons, 0.25, is_wave),
                    0.06,
                )]
            }
            "two and a half years" => {
                vec![series(
                    200.0,
                    0.01,
                    other.season(seasons, 0.25, is_wave),
                    0.0,
                )]
            }
            "quarters" => vec![series(250.0, 0.03, other.season(seasons, 0.2, false), 0.0)],
            "amounts with a season that adds" => {
                let effects = other.season(seasons, 20.0, is_wave);
                let mut level = 100.0;
                let value = |at: usize| {
                    level += other.normal();
                    let value: f64 = level + effects[at % seasons] + 4.0 * other.normal();
                    (100.0 * value.max(0.0)).round() / 100.0
                };
                vec![(0..n).map(value).collect()]
            }
            _ => (0..4)
                .map(|_| series(80.0, 0.01, other.season(seasons, 0.25, is_wave), 0.0))
                .collect(),
        };
        panel(&format!("{} {number}", self.name), self.cadence, areas)
    }

    fn tested(&self, n: u64) -> Vec<Backtest> {
        let one = |number| backtest(&self.simulated(number), self.periods.1, 3, &|| {});
        (0..n).into_par_iter().map(one).collect()
    }
}

/// The ratio of two sums over independent series, and its standard error (Cochran 1977, section 6.4).
fn ratio(sums: &[(f64, f64)]) -> (f64, f64) {
    let n = sums.len() as f64;
    let (ours, theirs) = sums
        .iter()
        .fold((0.0, 0.0), |of, s| (of.0 + s.0, of.1 + s.1));
    let ratio = ours / theirs;
    let squares: f64 = sums.iter().map(|s| (s.0 - ratio * s.1).powi(2)).sum();
    (ratio, (n / (n - 1.0) * squares).sqrt() / theirs)
}

/// Null: over series of a kind our mean CRPS is at most the stated part of that of the same season last year, and
/// intervals hold 74% to 86% and 91% to 99%. Statistics: the ratio over 12 series from every origin, and the shares held,
/// each with its standard error from series to series; refused beyond 4 standard errors, which at 11 degrees of freedom
/// is an alpha of 1e-3 for a kind that lies exactly on its bound. The standard errors are 2 to 6 points, asserted to be
/// below 7: a ratio beyond its bound by 0.2 is caught with a power of 99% where the error is 3 points, as it is for most.
#[test]
fn seasons_are_foreseen_better_than_by_last_year() {
    for kind in KINDS {
        let tested = kind.tested(12);
        let sums = |tested: &Backtest, of: &dyn Fn(&needscast::calibrate::Scored) -> f64| {
            let of_method = |method: Method| -> f64 {
                let all = tested.forecasts.iter().filter(|s| s.method == method);
                all.map(of).sum()
            };
            (
                of_method(Method::Needscast),
                of_method(Method::SeasonalNaive),
            )
        };
        let crps: Vec<(f64, f64)> = tested.iter().map(|t| sums(t, &|s| s.crps)).collect();
        let (found, error) = ratio(&crps);
        println!("{}: {found:.3} ({error:.3})", kind.name);
        assert!(error < 0.07, "{}: {error}", kind.name);
        assert!(
            found < kind.at_most + 4.0 * error,
            "{}: {found} ({error})",
            kind.name
        );
        for (low, high, least, most) in [(1, 5, 0.74, 0.86), (0, 6, 0.91, 0.99)] {
            let is_in = |s: &needscast::calibrate::Scored| {
                let held = s.quantiles[low] <= s.recorded && s.recorded <= s.quantiles[high];
                f64::from(u8::from(held))
            };
            let held = tested
                .iter()
                .map(|t| (sums(t, &is_in).0, sums(t, &|_| 1.0).0));
            let (share, error) = ratio(&held.collect::<Vec<_>>());
            println!("    {share:.3} ({error:.3})");
            assert!(error < 0.07, "{}: {error}", kind.name);
            assert!(
                (least - 4.0 * error..most + 4.0 * error).contains(&share),
                "{}: {share} ({error})",
                kind.name
            );
        }
    }
}

/// Thirty months of the law that docs/backtest.md states for seasons, written down a second time, and three more: each
/// month has an effect of a standard deviation of 4, 13 or 45%, its own or like its neighbours', which changes by a
/// twentieth or three tenths of that from year to year, over a level that moves by a lognormal step.
fn by_the_law(number: u64) -> Vec<f64> {
    let mut luck = Luck::new(Key::new(20_261_123).with(number));
    let step = 12f64.powf(-0.75) * (0.1 * (0.7 * luck.normal()).exp()).clamp(0.008, 0.24);
    let sd = [0.04, 0.13, 0.45][(3.0 * luck.uniform()) as usize];
    let change = sd * [0.05, 0.3][(2.0 * luck.uniform()) as usize];
    let own: Vec<f64> = (0..12).map(|_| luck.normal()).collect();
    let is_smooth = luck.uniform() < 0.5;
    let near = |apart: usize| {
        let sine = (std::f64::consts::PI * apart as f64 / 12.0).sin();
        // A moving sum of independent numbers with these weights has nearly the covariance exp(-2 sin^2).
        (-4.0 * sine * sine).exp()
    };
    let all: Vec<f64> = (0..12)
        .map(|at| match is_smooth {
            true => (0..12)
                .map(|from| near((at + 12 - from) % 12) * own[from])
                .sum(),
            false => own[at],
        })
        .collect();
    let mean = all.iter().sum::<f64>() / 12.0;
    let norm = match is_smooth {
        true => {
            let (sum, squares) = (0..12)
                .map(near)
                .fold((0.0, 0.0), |(s, q), w| (s + w, q + w * w));
            (squares - sum * sum / 12.0).sqrt()
        }
        false => (11.0f64 / 12.0).sqrt(),
    };
    let mut effects: Vec<f64> = all
        .iter()
        .map(|effect| sd * (effect - mean) / norm)
        .collect();
    let mut log = 300f64.ln();
    let value = |at: usize| {
        log += step * luck.normal();
        effects[at % 12] += change * luck.normal();
        luck.count((log + effects[at % 12]).exp())
    };
    (0..33).map(value).collect()
}

/// Null: each of 600 independent series is covered at one horizon with a probability within 3.5 points of the nominal at
/// 80% and 3 points at 95%: jumps, slopes and the chance that there is no season are allowed for by the method and left
/// out here, and a grid stands for a continuous law. Statistic: the largest of six, the shares covered at three horizons
/// and two levels, each with a standard error of 1.63 points at 80% and 0.89 at 95%; refused where one is beyond its 3.5
/// or 3 points by 4.79 errors more (alpha 1e-5 for all six together): 11.3 and 7.3. Coverage of 80% that is wrong by 15.1
/// points is caught with a power of 99%.
#[test]
fn seasonal_series_by_the_stated_law_are_covered_at_the_nominal_rate() {
    let n = 600;
    let covered: Vec<[[bool; 2]; 3]> = (0..n)
        .into_par_iter()
        .map(|number| {
            let values = by_the_law(number);
            let known = panel("by law", Cadence::Month, vec![values[..30].to_vec()]);
            let ahead = forecast(&known, 3).remove(0);
            [0, 1, 2].map(|horizon| {
                [(0.1, 0.9), (0.025, 0.975)].map(|(low, high)| {
                    let of = |level| ahead[horizon].quantile(level);
                    let recorded = values[30 + horizon];
                    of(low) <= recorded && recorded <= of(high)
                })
            })
        })
        .collect();
    for horizon in 0..3 {
        for (interval, nominal, reach) in [(0, 0.8, 0.113), (1, 0.95, 0.073)] {
            let inside = covered.iter().filter(|of| of[horizon][interval]).count();
            let share = inside as f64 / n as f64;
            println!("{horizon} {nominal}: {share:.3}");
            assert!((share - nominal).abs() < reach, "{horizon} ahead: {share}");
        }
    }
}
