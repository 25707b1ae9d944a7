//! How good forecasts of a group of series are, in a handful of numbers that can be followed from release to release.

use super::backtest::foretell;
use super::{Backtest, LEVELS, Method, Scored, backtest};
use crate::compile::Panel;

/// One series, forecast from every moment of its past.
pub struct Trial {
    /// What was recorded, with the declared breaks.
    panel: Panel,
    /// Forecasts that did not know of the breaks.
    untold: Backtest,
    /// Forecasts that knew of each break from its beginning on; `None` where none is declared.
    told: Option<Backtest>,
    /// The mean of what was recorded, which scores are divided by.
    level: f64,
}

/// The scores of a group of series.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Skilled {
    /// How many forecasts of ours.
    pub n: usize,
    /// How many series.
    pub n_series: usize,
    /// The baseline with the smallest mean CRPS.
    pub best: Method,
    /// Mean CRPS as a share of the series' mean level.
    pub crps: f64,
    /// One less our mean CRPS over that of the best baseline.
    pub skill: f64,
    /// The same for forecasts that are told of the declared breaks.
    pub skill_told: f64,
    /// The share of records outside disrupted periods that lie in the central 80% interval.
    pub cover_80: f64,
    /// The same for 95%.
    pub cover_95: f64,
    /// The mean width of the 80% interval over that of drift, outside disrupted periods.
    pub width: f64,
}

/// Forecasts a series twice where it has declared breaks: without a word of them, and told of each from its beginning.
///
/// What breaks are declared is known with hindsight, so the first is what a user would have had without it.
pub fn trial(panel: Panel, first: usize, horizons: usize) -> Trial {
    let untold = Panel {
        breaks: Vec::new(),
        ..panel.clone()
    };
    let untold = backtest(&untold, first, horizons, &|| {});
    Trial {
        level: level(&untold),
        untold,
        told: (!panel.breaks.is_empty()).then(|| backtest(&panel, first, horizons, &|| {})),
        panel,
    }
}

/// The scores of all series of a group together; `None` where nothing was forecast. Each series' scores are divided by
/// the mean of what was recorded there, so that orders and hours can be averaged; every forecast counts the same.
pub fn skilled(trials: &[Trial]) -> Option<Skilled> {
    let is_scored = |trial: &&Trial| !trial.untold.forecasts.is_empty();
    let trials: Vec<&Trial> = trials.iter().filter(is_scored).collect();
    let untold = mean_crps(&trials, |trial| &trial.untold);
    let told = mean_crps(&trials, |trial| {
        trial.told.as_ref().unwrap_or(&trial.untold)
    });
    let baselines = Method::ALL.iter().zip(untold).skip(1);
    let (best, theirs) = baselines.min_by(|a, b| a.1.total_cmp(&b.1))?;
    let of = |method: Method| trials.iter().flat_map(move |trial| trial.outside(method));
    let ours = || of(Method::Needscast);
    let cover = |low: usize, high: usize| {
        let is_in = |s: &Scored| s.quantiles[low] <= s.recorded && s.recorded <= s.quantiles[high];
        ours().filter(|(scored, _)| is_in(scored)).count() as f64 / ours().count() as f64
    };
    let width = |method: Method| {
        let widths = of(method).map(|(s, level)| (s.quantiles[5] - s.quantiles[1]) / level);
        widths.sum::<f64>()
    };
    let n_of = |trial: &&Trial| {
        let forecasts = trial.untold.forecasts.iter();
        forecasts.filter(|s| s.method == Method::Needscast).count()
    };
    let n: usize = trials.iter().map(n_of).sum();
    (n > 0).then(|| Skilled {
        n,
        n_series: trials.len(),
        best: *best,
        crps: untold[0],
        skill: 1.0 - untold[0] / theirs,
        skill_told: 1.0 - told[0] / theirs,
        cover_80: cover(1, 5),
        cover_95: cover(0, 6),
        width: width(Method::Needscast) / width(Method::Drift),
    })
}

/// The mean CRPS of each method over all forecasts, as a share of the level of their series.
fn mean_crps(trials: &[&Trial], of: fn(&Trial) -> &Backtest) -> [f64; 5] {
    Method::ALL.map(|method| {
        let (mut sum, mut n) = (0.0, 0);
        for trial in trials {
            let forecasts = of(trial).forecasts.iter();
            for scored in forecasts.filter(|scored| scored.method == method) {
                sum += scored.crps / trial.level;
                n += 1;
            }
        }
        sum / f64::from(n)
    })
}

/// The mean of what was recorded at the targets; 1 where that is 0.
fn level(backtest: &Backtest) -> f64 {
    let ours = backtest
        .forecasts
        .iter()
        .filter(|s| s.method == Method::Needscast);
    let (sum, n) = ours.fold((0.0, 0.0), |(sum, n), s| (sum + s.recorded, n + 1.0));
    if sum > 0.0 { sum / n } else { 1.0 }
}

impl Trial {
    /// A method's forecasts of what was not declared disrupted, each with the level of the series.
    fn outside(&self, method: Method) -> impl Iterator<Item = (&Scored, f64)> {
        let level = self.level;
        let ours = self
            .untold
            .forecasts
            .iter()
            .filter(move |s| s.method == method);
        let is_typical = |s: &&Scored| {
            let strand = self.panel.strands.get(s.strand);
            strand.is_some_and(|strand| !self.panel.is_disrupted(strand, s.origin + s.horizon - 1))
        };
        ours.filter(is_typical).map(move |scored| (scored, level))
    }
}

/// A forecast of one month from a start in the past.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Foreseen {
    /// The last recorded value at the start.
    pub last: f64,
    /// The quantiles at [`LEVELS`].
    pub quantiles: [f64; 7],
}

/// Our forecast of a strand `n_ahead` periods (1 or more) after the first `n_known`, from what was known then; `None`
/// where nothing was.
pub fn foresee(panel: &Panel, strand: usize, n_known: usize, n_ahead: usize) -> Option<Foreseen> {
    let known = panel.known_at(n_known);
    let values = &known.strands.get(strand)?.values;
    let last = *values.iter().rev().find(|value| !value.is_nan())?;
    let forecasts = foretell(&known, n_ahead);
    let predictive = forecasts.get(strand)?.get(n_ahead.checked_sub(1)?)?;
    Some(Foreseen {
        last,
        quantiles: LEVELS.map(|level| predictive.quantile(level)),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::calibrate::specimen;
    use crate::compile::{Break, BreakKind};

    /// Forecasts of one strand at this level, none of it disrupted: ours, then of the baselines, with these scores and as
    /// wide as this.
    fn untold(recorded: f64, scores: [&[f64]; 5], widths: [f64; 5]) -> Backtest {
        let of_method = |method: usize| {
            let scores = scores[method].iter().enumerate();
            scores.map(move |(at, crps)| Scored {
                method: Method::ALL[method],
                strand: 0,
                origin: 3 + at,
                horizon: 1,
                recorded,
                quantiles: [-1.5, -0.5, -0.2, 0.0, 0.2, 0.5, 1.5]
                    .map(|part| recorded + part * widths[method]),
                crps: *crps,
                log_score: 0.0,
                scaled_error: 1.0,
                pit: 0.5,
                is_disrupted: false,
            })
        };
        Backtest {
            first: 3,
            horizons: 1,
            forecasts: (0..5).flat_map(of_method).collect(),
            blends: BTreeMap::new(),
        }
    }

    fn of_series(untold: Backtest, told: Option<Backtest>) -> Trial {
        let panel = specimen::panel(&[("A", "", &[1.0; 6])]);
        Trial {
            level: level(&untold),
            panel,
            untold,
            told,
        }
    }

    /// Two forecasts of a series at 10 and one of a series at 100, by hand: ours are off by 10%, 20% and 6%, which is 12%
    /// in the mean; drift by 20% each, and the others by more. Told of a break, ours of the first are off by 10% and 8%.
    #[test]
    fn the_skill_of_two_series_is_what_is_left_of_the_best_baseline() {
        let theirs: [&[f64]; 4] = [&[3.0, 3.0], &[2.0, 2.0], &[4.0, 4.0], &[2.0, 3.0]];
        let with = |ours: &'static [f64]| [ours, theirs[0], theirs[1], theirs[2], theirs[3]];
        let mut small = untold(10.0, with(&[1.0, 2.0]), [2.0, 9.0, 4.0, 9.0, 9.0]);
        let told = untold(10.0, with(&[1.0, 0.8]), [2.0, 9.0, 4.0, 9.0, 9.0]);
        // The second forecast lies too high: 11 to 13 in four cases of five, 9 to 15 in nineteen of twenty.
        small.forecasts[1].quantiles = [9.0, 11.0, 11.5, 12.0, 12.5, 13.0, 15.0];
        let large = untold(
            100.0,
            [&[6.0], &[30.0], &[20.0], &[40.0], &[30.0]],
            [10.0, 90.0, 20.0, 90.0, 90.0],
        );
        let trials = [of_series(small, Some(told)), of_series(large, None)];
        let found = skilled(&trials).unwrap();
        assert_eq!((found.n, found.n_series), (3, 2));
        assert_eq!(found.best, Method::Drift);
        let numbers = [
            (found.crps, 0.12),
            (found.skill, 0.4),
            (found.skill_told, 0.6),
            (found.cover_80, 2.0 / 3.0),
            (found.cover_95, 1.0),
            // 20% + 20% + 10% over 40% + 40% + 20%.
            (found.width, 0.5),
        ];
        for (number, expected) in numbers {
            assert!((number - expected).abs() < 1e-12, "{found:?}");
        }
        assert_eq!(skilled(&[]), None);
    }

    #[test]
    fn what_is_forecast_for_a_disrupted_period_is_no_trial() {
        let scores: [&[f64]; 5] = [&[1.0, 2.0]; 5];
        let mut trial = of_series(untold(10.0, scores, [2.0; 5]), None);
        let is_tried = |trial: &Trial| -> Vec<usize> {
            let tried = trial.outside(Method::Needscast);
            tried.map(|(scored, _)| scored.origin).collect()
        };
        assert_eq!(is_tried(&trial), [3, 4]);
        // Forecasts from an origin on are of the period that the origin is the number of.
        trial.panel.breaks.push(Break {
            area_code: None,
            from: 4,
            to: 4,
            kind: BreakKind::Disrupted,
            reason: String::new(),
            source: String::new(),
        });
        assert_eq!(is_tried(&trial), [3]);
    }

    #[test]
    fn what_was_recorded_as_nought_is_measured_as_it_is() {
        let scores: [&[f64]; 5] = [&[1.0, 2.0]; 5];
        assert_eq!(level(&untold(0.0, scores, [2.0; 5])), 1.0);
        assert_eq!(level(&untold(8.0, scores, [2.0; 5])), 8.0);
    }
}
