//! Scores of many forecasts: means by method, horizon and area.

use std::collections::BTreeMap;

use super::{Backtest, Method, Scored};
use crate::compile::Panel;

/// Means over forecasts; NaN where there is none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scores {
    /// How many forecasts.
    pub n: usize,
    /// Continuous ranked probability score, in the unit of the values; smaller is better.
    pub crps: f64,
    /// Minus the logarithm of the probability of what was recorded; smaller is better.
    pub log_score: f64,
    /// The width of the 80% interval, and ten times the distance of what lies outside; smaller is better.
    pub interval_score_80: f64,
    /// The share of what was recorded that lies within the central intervals of 50, 80 and 95%.
    pub cover: [f64; 3],
    /// The width of these intervals.
    pub width: [f64; 3],
    /// Median less recorded: above 0 where too much was forecast.
    pub bias: f64,
    /// The absolute error of the median.
    pub mae: f64,
    /// The absolute error over the mean absolute change known at the origin, where there was any.
    pub mase: f64,
}

/// Scores of one method.
#[derive(Debug, Clone, PartialEq)]
pub struct ScoreRow {
    /// The method.
    pub method: Method,
    /// The horizon; `None` for all.
    pub horizon: Option<usize>,
    /// The area's code; `None` for all.
    pub area_code: Option<String>,
    /// The means.
    pub scores: Scores,
}

/// Where the intervals of 50, 80 and 95% begin and end among the quantiles of a forecast.
const INTERVALS: [(usize, usize); 3] = [(2, 4), (1, 5), (0, 6)];

impl Scored {
    /// The median.
    pub fn median(&self) -> f64 {
        self.quantiles[3]
    }

    /// The interval score of the central 80% (Gneiting and Raftery 2007, equation 43): its width, and twice the
    /// distance of what lies outside over the 20% that should.
    pub fn interval_score_80(&self) -> f64 {
        let (low, high) = (self.quantiles[1], self.quantiles[5]);
        let outside = (low - self.recorded).max(0.0) + (self.recorded - high).max(0.0);
        high - low + 2.0 / 0.2 * outside
    }
}

impl Scores {
    /// The means over these forecasts, in their order.
    pub fn of<'a>(forecasts: impl Iterator<Item = &'a Scored>) -> Scores {
        let mut sums = Sums::default();
        forecasts.for_each(|forecast| sums.add(forecast));
        sums.means()
    }
}

/// Sums while forecasts are gone through.
#[derive(Default)]
struct Sums {
    n: usize,
    sums: [f64; 11],
    n_scaled: usize,
    scaled: f64,
}

impl Sums {
    fn add(&mut self, forecast: &Scored) {
        let error = forecast.median() - forecast.recorded;
        let within = INTERVALS.map(|(low, high)| {
            let (low, high) = (forecast.quantiles[low], forecast.quantiles[high]);
            f64::from(u8::from(
                low <= forecast.recorded && forecast.recorded <= high,
            ))
        });
        let width = INTERVALS.map(|(low, high)| forecast.quantiles[high] - forecast.quantiles[low]);
        let terms = [
            forecast.crps,
            forecast.log_score,
            forecast.interval_score_80(),
            within[0],
            within[1],
            within[2],
            width[0],
            width[1],
            width[2],
            error,
            error.abs(),
        ];
        self.n += 1;
        for (sum, term) in self.sums.iter_mut().zip(terms) {
            *sum += term;
        }
        if !forecast.scaled_error.is_nan() {
            self.n_scaled += 1;
            self.scaled += forecast.scaled_error;
        }
    }

    fn means(&self) -> Scores {
        let [
            crps,
            log_score,
            interval_score_80,
            c50,
            c80,
            c95,
            w50,
            w80,
            w95,
            bias,
            mae,
        ] = self.sums.map(|sum| sum / self.n as f64);
        Scores {
            n: self.n,
            crps,
            log_score,
            interval_score_80,
            cover: [c50, c80, c95],
            width: [w50, w80, w95],
            bias,
            mae,
            mase: self.scaled / self.n_scaled as f64,
        }
    }
}

/// The scores by method, horizon and area, and over all horizons and areas; the strata of an area are pooled.
/// `is_meant` says which forecasts count; where none does there is no row.
pub fn score_rows(
    panel: &Panel,
    backtest: &Backtest,
    is_meant: impl Fn(&Scored) -> bool,
) -> Vec<ScoreRow> {
    let mut cells: BTreeMap<Cell<'_>, Sums> = BTreeMap::new();
    for forecast in backtest.forecasts.iter().filter(|f| is_meant(f)) {
        let area = panel.strands[forecast.strand].area_code.as_str();
        for horizon in [forecast.horizon, usize::MAX] {
            for area in [(false, area), (true, "")] {
                let cell = cells.entry((forecast.method, horizon, area)).or_default();
                cell.add(forecast);
            }
        }
    }
    let row = |((method, horizon, (is_all, area)), sums): (Cell<'_>, Sums)| ScoreRow {
        method,
        horizon: Some(horizon).filter(|horizon| *horizon != usize::MAX),
        area_code: (!is_all).then(|| area.to_owned()),
        scores: sums.means(),
    };
    cells.into_iter().map(row).collect()
}

/// A method, a horizon, and an area; all horizons and all areas sort after single ones.
type Cell<'a> = (Method, usize, (bool, &'a str));
