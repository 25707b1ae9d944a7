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
