//! The tables of a back-test, as CSV: the same bytes for any number of threads and any order of the rows it was made of.

use super::{BacktestRun, Standing, shares};
use crate::calibrate::{Blend, Method, Scored, score_rows, skill_rows};
use crate::report::csv::Csv;
use crate::report::number::plain;

/// What stands for all horizons, and for all areas.
const ALL: &str = "all";

/// Mean scores by series, method, horizon and area, over the forecasts that are meant.
pub(super) fn scores(run: &BacktestRun, is_meant: impl Fn(&Scored) -> bool) -> Vec<u8> {
    let mut table = Csv::new(&[
        "series",
        "method",
        "horizon",
        "area_code",
        "n",
        "crps",
        "log_score",
        "interval_score_80",
        "cover_50",
        "cover_80",
        "cover_95",
        "width_80",
        "bias",
        "mae",
        "mase",
    ]);
    for tested in run.tested {
        for row in score_rows(&tested.panel, &tested.backtest, &is_meant) {
            let s = row.scores;
            let words = [
                &tested.panel.series,
                &row.method.name().to_owned(),
                &horizon(row.horizon),
                &row.area_code.unwrap_or_else(|| ALL.to_owned()),
            ];
            let numbers = [
                s.n as f64,
                s.crps,
                s.log_score,
                s.interval_score_80,
                s.cover[0],
                s.cover[1],
                s.cover[2],
                s.width[1],
                s.bias,
                s.mae,
                s.mase,
            ];
            table.row(words, numbers);
        }
    }
    table.into_bytes()
}

fn horizon(horizon: Option<usize>) -> String {
    horizon.map_or(ALL.to_owned(), |horizon| horizon.to_string())
}

/// The skill of our forecasts against each baseline.
pub(super) fn skill(run: &BacktestRun) -> Vec<u8> {
    let mut table = Csv::new(&["series", "baseline", "horizon", "skill", "low", "high", "n"]);
    for tested in run.tested {
        for row in skill_rows(&tested.backtest) {
            let words = [
                &tested.panel.series,
                &row.baseline.name().to_owned(),
                &horizon(row.horizon),
            ];
            let s = row.skill;
            table.row(words, [s.skill, s.low, s.high, s.n as f64]);
        }
    }
    table.into_bytes()
}

/// What came of each series: whether the best baseline is beaten, and where other methods had a share of our
/// forecasts.
pub(super) fn verdicts(run: &BacktestRun) -> Vec<u8> {
    let mut table = Csv::new(&[
        "series",
        "verdict",
        "best_baseline",
        "shared_first",
        "shared_last",
        "skill",
        "low",
        "high",
        "origins",
        "origins_shared",
    ]);
    for tested in run.tested {
        let (panel, backtest) = (&tested.panel, &tested.backtest);
        let shared = |found: Option<(&usize, &Blend)>| {
            let period = |origin: &usize| panel.periods.get(origin - 1).map_or("", String::as_str);
            found.map_or(String::new(), |(origin, blend)| {
                format!("{} after {}", shares(blend, Method::name), period(origin))
            })
        };
        let mut origins: Vec<usize> = backtest.forecasts.iter().map(|f| f.origin).collect();
        origins.dedup();
        let s = tested.skill();
        let first = shared(backtest.blends.first_key_value());
        let last = shared(backtest.blends.last_key_value());
        let words = [
            panel.series.as_str(),
            Standing::of(&s).name(),
            tested.best_baseline().name(),
            first.as_str(),
            last.as_str(),
        ];
        let counts = [origins.len(), backtest.blends.len()].map(|n| n as f64);
        table.row(words, [s.skill, s.low, s.high, counts[0], counts[1]]);
    }
    table.into_bytes()
}

/// Every forecast, so that each can be traced.
pub(super) fn forecasts(run: &BacktestRun) -> Vec<u8> {
    let mut table = Csv::new(&[
        "series",
        "method",
        "area_code",
        "stratum",
        "origin",
        "period",
        "horizon",
        "recorded",
        "median",
        "p10",
        "p90",
        "p025",
        "p975",
        "pit",
    ]);
    for tested in run.tested {
        let panel = &tested.panel;
        for forecast in &tested.backtest.forecasts {
            let strand = &panel.strands[forecast.strand];
            let words = [
                &panel.series,
                &forecast.method.name().to_owned(),
                &strand.area_code,
                &strand.stratum,
                &panel.periods[forecast.origin - 1],
                &panel.periods[forecast.origin + forecast.horizon - 1],
                &forecast.horizon.to_string(),
            ];
            let [p025, p10, _, median, _, p90, p975] = forecast.quantiles;
            let numbers = [
                forecast.recorded,
                median,
                p10,
                p90,
                p025,
                p975,
                forecast.pit,
            ];
            let numbers = numbers.map(plain);
            let cells: Vec<String> = words.into_iter().cloned().chain(numbers).collect();
            table.cells(&cells);
        }
    }
    table.into_bytes()
}
