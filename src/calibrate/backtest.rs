//! Forecasts from every moment of the past, set against what was recorded afterwards.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::baseline::{drift, ets, naive, seasonal_naive};
use super::blend::Foretold;
use super::forecast::forecast;
use super::trend::trend;
use super::{Blend, Predictive};
use crate::compile::{Panel, Strand};
use crate::random::Key;

/// A way of forecasting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Method {
    /// The method of this program.
    Needscast,
    /// The last recorded value.
    Naive,
    /// The last recorded value and the mean change.
    Drift,
    /// The last recorded value of the same season.
    SeasonalNaive,
    /// Exponential smoothing.
    Ets,
    /// A trend that all strands are smoothed to alike: it is not scored by itself, but may have a share of our forecasts.
    Trend,
}

impl Method {
    /// Ours, then the baselines.
    pub const ALL: [Method; 5] = [
        Method::Needscast,
        Method::Naive,
        Method::Drift,
        Method::SeasonalNaive,
        Method::Ets,
    ];

    /// Those that may have a share of our forecasts, ours first.
    pub const SHARING: [Method; 6] = [
        Method::Needscast,
        Method::Naive,
        Method::Drift,
        Method::SeasonalNaive,
        Method::Ets,
        Method::Trend,
    ];

    /// What anybody could do without a model.
    pub const BASELINES: [Method; 4] = [
        Method::Naive,
        Method::Drift,
        Method::SeasonalNaive,
        Method::Ets,
    ];

    /// As in every table.
    pub fn name(self) -> &'static str {
        match self {
            Method::Needscast => "needscast",
            Method::Naive => "naive",
            Method::Drift => "drift",
            Method::SeasonalNaive => "seasonal_naive",
            Method::Ets => "ets",
            Method::Trend => "trend",
        }
    }

    /// What it forecasts of each strand and each of the next periods.
    pub(super) fn forecasts(
        self,
        known: &Panel,
        horizons: usize,
        ours: Ours<'_>,
    ) -> Vec<Vec<Predictive>> {
        let seasons = known.cadence.seasons();
        let of_each = |by: &dyn Fn(&[f64]) -> Vec<Predictive>| {
            let strands = known.strands.iter();
            strands.map(|strand| by(&strand.values)).collect()
        };
        match self {
            Method::Needscast => ours(known, horizons),
            Method::Naive => of_each(&|values| naive(values, horizons)),
            Method::Drift => of_each(&|values| drift(values, horizons)),
            Method::SeasonalNaive => of_each(&|values| seasonal_naive(values, seasons, horizons)),
            Method::Ets => of_each(&|values| ets(values, seasons, horizons)),
            Method::Trend => trend(known, horizons),
        }
    }
}

/// How our own forecasts are made of a panel that is known to an origin: by strand and period ahead.
pub(super) type Ours<'a> = &'a (dyn Fn(&Panel, usize) -> Vec<Vec<Predictive>> + Sync);

/// The levels of the quantiles that are kept of every forecast.
pub const LEVELS: [f64; 7] = [0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975];

/// One forecast of one value, and how it did.
#[derive(Debug, Clone, PartialEq)]
pub struct Scored {
    /// Who made it.
    pub method: Method,
    /// Index of the strand.
    pub strand: usize,
    /// How many periods were over when it was made.
    pub origin: usize,
    /// How many periods after the last of these its target lies, from 1.
    pub horizon: usize,
    /// What was recorded.
    pub recorded: f64,
    /// The quantiles at [`LEVELS`].
    pub quantiles: [f64; 7],
    /// Continuous ranked probability score.
    pub crps: f64,
    /// Log score.
    pub log_score: f64,
    /// The absolute error of the median over the mean absolute change that was known; NaN where nothing ever changed.
    pub scaled_error: f64,
    /// Where the record lies in the forecast, 0 to 1.
    pub pit: f64,
    /// Whether the target was declared disrupted.
    pub is_disrupted: bool,
}

/// Every forecast of one series.
#[derive(Debug, Clone)]
pub struct Backtest {
    /// From how many known periods on forecasts were made: less than was asked for where the series is short.
    pub first: usize,
    /// The furthest horizon.
    pub horizons: usize,
    /// By origin, method, strand and horizon.
    pub forecasts: Vec<Scored>,
    /// What each method has of our forecasts of an origin, where others had done better until then.
    pub blends: BTreeMap<usize, Blend>,
}

/// How many origins a back-test of a panel has.
pub fn n_origins(panel: &Panel, first: usize, horizons: usize) -> usize {
    let first = first_origin(panel, first, horizons);
    panel.periods.len().saturating_sub(first)
}

/// The first origin: `first` known periods, or where the series is too short for that as few as leave all horizons a
/// target, but at least two.
fn first_origin(panel: &Panel, first: usize, horizons: usize) -> usize {
    // The last origin with anything to check: a strand's last record, with at least two others before it.
    let last_of = |strand: &Strand| {
        let recorded = || (0..strand.values.len()).filter(|i| !strand.values[*i].is_nan());
        recorded().next_back().filter(|_| recorded().count() > 2)
    };
    let last = panel.strands.iter().filter_map(last_of).max();
    let last = last.unwrap_or(panel.periods.len());
    match first.max(2) {
        first if first <= last => first,
        _ => (last + 1).saturating_sub(horizons).max(2),
    }
}

/// The shares of methods are learnt from forecasts that are made from so many known periods on, whatever the first
/// origin: with fewer than four the interval of drift rests on a single change.
const LEARNT_FROM: usize = 4;

/// Forecasts every period of a panel that follows at least `first` others, from 1 to `horizons` periods ahead, by every
/// method, from [`Panel::known_at`] alone; where other methods had done better until then they take a share of ours
/// ([`Blend`]). A strand takes part where its target and at least two values before are recorded. `origin_done` is
/// called once for every origin, from any thread.
pub fn backtest(
    panel: &Panel,
    first: usize,
    horizons: usize,
    origin_done: &(dyn Fn() + Sync),
) -> Backtest {
    let first = first_origin(panel, first, horizons);
    let alone = each_origin(panel, first, horizons, &|origin| {
        if origin >= first {
            origin_done();
        }
    });
    let foretold = Foretold::of(alone.values().flatten());
    let shared: Vec<(usize, Option<Blend>, Vec<Scored>)> = alone
        .into_par_iter()
        .filter(|(origin, _)| *origin >= first)
        .map(|(origin, mut scored)| {
            let known = panel.known_at(origin);
            let blend = Blend::learnt(&known, &foretold);
            if let Some(blend) = blend {
                let ours = |known: &Panel, n: usize| blend.forecasts(known, n, &forecast);
                let horizons = horizons.min(panel.periods.len() - origin);
                scored.retain(|one| one.method != Method::Needscast);
                let blended = scored_at(panel, origin, horizons, (&[Method::Needscast], &ours));
                scored.splice(0..0, blended);
            }
            scored.retain(|one| Method::ALL.contains(&one.method));
            (origin, blend, scored)
        })
        .collect();
    let blends = shared
        .iter()
        .filter_map(|(origin, blend, _)| Some((*origin, (*blend)?)));
    Backtest {
        first,
        horizons,
        blends: blends.collect(),
        forecasts: shared
            .into_iter()
            .flat_map(|(_, _, scored)| scored)
            .collect(),
    }
}

/// What is forecast of a panel to whose end everything is known, by strand and period ahead: our own method's forecasts
/// ([`forecast`]), of which others have a share where they have done better so far, at up to as many periods ahead.
/// [`backtest`] scores the same.
pub fn foretell(known: &Panel, horizons: usize) -> Vec<Vec<Predictive>> {
    let alone = each_origin(known, LEARNT_FROM, horizons, &|_| {});
    let foretold = Foretold::of(alone.values().flatten());
    match Blend::learnt(known, &foretold) {
        Some(blend) => blend.forecasts(known, horizons, &forecast),
        None => forecast(known, horizons),
    }
}

/// What every method forecasts by itself, from `first` and every origin after it, and from those from which shares are
/// learnt.
fn each_origin(
    panel: &Panel,
    first: usize,
    horizons: usize,
    origin_done: &(dyn Fn(usize) + Sync),
) -> BTreeMap<usize, Vec<Scored>> {
    let n = panel.periods.len();
    let origins: Vec<usize> = (LEARNT_FROM.min(first)..n).collect();
    let scored = origins.into_par_iter().map(|origin| {
        let horizons = horizons.min(n - origin);
        let scored = scored_at(panel, origin, horizons, (&Method::SHARING, &forecast));
        origin_done(origin);
        (origin, scored)
    });
    scored.collect()
}

/// What `ours` and the baselines forecast of a panel that is known to one origin, scored.
pub(super) fn at_origin(
    panel: &Panel,
    origin: usize,
    horizons: usize,
    ours: Ours<'_>,
) -> Vec<Scored> {
    scored_at(panel, origin, horizons, (&Method::ALL, ours))
}

/// The forecasts of some methods from one origin, scored.
fn scored_at(
    panel: &Panel,
    origin: usize,
    horizons: usize,
    (methods, ours): (&[Method], Ours<'_>),
) -> Vec<Scored> {
    let known = panel.known_at(origin);
    let histories: Vec<History> = known
        .strands
        .iter()
        .map(|strand| History::of(strand, panel.cadence.seasons()))
        .collect();
    let mut scored = Vec::new();
    for &method in methods {
        let forecasts = method.forecasts(&known, horizons, ours);
        for (index, of_strand) in forecasts.iter().enumerate() {
            if histories[index].n_recorded < 2 {
                continue;
            }
            for (ahead, predictive) in of_strand.iter().enumerate() {
                let target = Target {
                    panel,
                    strand: index,
                    origin,
                    horizon: ahead + 1,
                };
                scored.extend(target.score(method, predictive, &histories[index]));
            }
        }
    }
    scored
}

/// What the record of a strand is like up to an origin.
struct History {
    n_recorded: usize,
    /// The mean absolute change from one period (of the same season) to the next.
    change: f64,
}

impl History {
    /// The scale of Hyndman and Koehler 2006 (doi 10.1016/j.ijforecast.2006.03.001): changes from the same season of
    /// the year before, or where no season is recorded twice in a row, from the period before.
    fn of(strand: &Strand, seasons: usize) -> History {
        let values = &strand.values;
        let change = |lag: usize| {
            let pairs = values.iter().zip(values.iter().skip(lag));
            let changes: Vec<f64> = pairs
                .map(|(a, b)| (b - a).abs())
                .filter(|change| !change.is_nan())
                .collect();
            changes.iter().sum::<f64>() / changes.len() as f64
        };
        let seasonal = change(seasons);
        History {
            n_recorded: values.iter().filter(|value| !value.is_nan()).count(),
            change: if seasonal.is_nan() {
                change(1)
            } else {
                seasonal
            },
        }
    }
}

/// A value that is forecast.
struct Target<'a> {
    panel: &'a Panel,
    strand: usize,
    origin: usize,
    horizon: usize,
}

impl Target<'_> {
    /// `None` where nothing was recorded.
    fn score(&self, method: Method, forecast: &Predictive, history: &History) -> Option<Scored> {
        let strand = self.panel.strands.get(self.strand)?;
        let period = self.origin + self.horizon - 1;
        let recorded = *strand.values.get(period).filter(|value| !value.is_nan())?;
        let quantiles = LEVELS.map(|level| forecast.quantile(level));
        let error = (quantiles[3] - recorded).abs();
        let has_scale = history.change > 0.0;
        // Between the probability of less and that of at most what was recorded, so that points are spread evenly. The
        // place is the same for all methods.
        let place = Key::new(0).named("pit").named(&self.panel.series);
        let place = place.named(&strand.area_code).named(&strand.stratum);
        let place = place.with(self.origin as u64).with(self.horizon as u64);
        let (below, at_most) = (forecast.below(recorded), forecast.cdf(recorded));
        Some(Scored {
            method,
            strand: self.strand,
            origin: self.origin,
            horizon: self.horizon,
            recorded,
            quantiles,
            crps: forecast.crps(recorded),
            log_score: forecast.log_score(recorded, self.panel.resolution),
            scaled_error: if has_scale {
                error / history.change
            } else {
                f64::NAN
            },
            pit: below + place.uniform() * (at_most - below),
            is_disrupted: self.panel.is_disrupted(strand, period),
        })
    }
}
