//! How far forecasts of the recorded series missed when they were made before: the band beside a fan.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::{Method, backtest};
use crate::compile::{Panel, Plan, Strand};
use crate::quantity::{Cadence, FinancialYear};
use crate::simulate::Layout;

/// How far forecasts of one recorded series missed, by years ahead.
#[derive(Debug, Clone, PartialEq)]
pub struct Missed {
    /// The measure.
    pub measure: String,
    /// The area, by code (the total included).
    pub area_code: String,
    /// The last financial year with a record; the band begins after it.
    pub last: FinancialYear,
    /// By years ahead, from one on.
    pub by_horizon: Vec<Miss>,
}

/// How far forecasts so many years ahead missed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Miss {
    /// How many forecasts were set against the record.
    pub n: usize,
    /// At least [`MOST`] of the records lay no further from the median that was forecast than this share of it.
    pub share: f64,
}

/// The share of the forecasts that a band holds at least.
pub const MOST: f64 = 0.8;

/// From how many known years on forecasts are made.
pub const FIRST: usize = 6;

/// Fewer forecasts than this say nothing of a band.
pub const FEWEST: usize = 5;

/// How many years ahead forecasts are made.
const HORIZONS: usize = 5;

/// Every headline series by financial year that the record is long enough for: each by itself, from every moment from
/// [`FIRST`] known years on, with what came later hidden, as [`super::foretell`] forecasts it, which is told what is
/// declared to have broken it. It judges that method on the series, and not the model: [`super::replay`] does that.
pub fn missed(plan: &Plan) -> Vec<Missed> {
    let of_panel = |panel: Panel| of_panel(&panel);
    panels(plan).into_par_iter().filter_map(of_panel).collect()
}

/// Whether a measure is recorded for long enough, somewhere, to be forecast from its past.
pub fn has_past(plan: &Plan, measure: &str) -> bool {
    panels(plan).iter().any(|panel| panel.series == measure)
}

/// The headline series that are recorded for long enough, one strand each.
fn panels(plan: &Plan) -> Vec<Panel> {
    let layout = Layout::of(plan);
    let headline = plan.measures.iter().filter(|measure| measure.is_headline);
    let mut measures: Vec<&str> = headline.map(|measure| measure.id.as_str()).collect();
    let rate = "reconviction_rate";
    if plan.clock.is_some() && !measures.contains(&rate) {
        measures.push(rate);
    }
    let mut panels = Vec::new();
    for measure in measures {
        if let Some(series) = layout.find(measure, "") {
            let unit = &layout.series[series].unit;
            for area in plan.areas.iter().chain([&plan.total]) {
                let named = [&area.code, &area.name];
                panels.extend(recorded_panel(plan, (measure, unit), named, None));
            }
        }
    }
    // The only area of a scenario is its own total.
    panels
        .dedup_by(|a, b| a.series == b.series && a.strands[0].area_code == b.strands[0].area_code);
    let is_known = |value: &&f64| !value.is_nan();
    panels.retain(|panel| {
        let known = panel.strands[0].values.iter().filter(is_known);
        known.count() >= FIRST + FEWEST
    });
    panels
}

/// Nothing where too few forecasts could be scored.
fn of_panel(panel: &Panel) -> Option<Missed> {
    let strand = &panel.strands[0];
    let tested = backtest(panel, FIRST, HORIZONS, &|| {});
    let forecasts = tested.forecasts.iter();
    let ours = forecasts.filter(|one| one.method == Method::Needscast);
    let mut shares = vec![Vec::new(); HORIZONS];
    for one in ours {
        let median = one.quantiles[3];
        shares[one.horizon - 1].push((one.recorded - median).abs() / median);
    }
    let last = panel.periods.last()?;
    let found = Missed {
        measure: panel.series.clone(),
        area_code: strand.area_code.clone(),
        last: FinancialYear::parse(last)?,
        by_horizon: shares.into_iter().map_while(Miss::of).collect(),
    };
    (!found.by_horizon.is_empty()).then_some(found)
}

impl Miss {
    /// The smallest of the misses that enough of them do not exceed; nothing where there are few, or where a median of
    /// nought was forecast.
    fn of(mut shares: Vec<f64>) -> Option<Miss> {
        let n = shares.len();
        if n < FEWEST {
            return None;
        }
        shares.sort_unstable_by(f64::total_cmp);
        let rank = (MOST * n as f64).ceil() as usize;
        let share = shares[rank.clamp(1, n) - 1];
        share.is_finite().then_some(Miss { n, share })
    }
}

/// The recorded years of a measure in an area, from a year on or else from the first recorded, as one strand; nothing
/// where nothing above nought is recorded.
pub(super) fn recorded_panel(
    plan: &Plan,
    (measure, unit): (&str, &str),
    [code, name]: [&String; 2],
    begin: Option<FinancialYear>,
) -> Option<Panel> {
    let of_series = plan
        .recorded
        .iter()
        .filter(|row| row.measure == measure && row.area_code == *code);
    let by_year = of_series.filter_map(|row| Some((FinancialYear::parse(&row.period)?, row.value)));
    let by_year: BTreeMap<FinancialYear, f64> = by_year.collect();
    let (first, last) = (*by_year.keys().next()?, *by_year.keys().next_back()?);
    let begin = begin.unwrap_or(first);
    let n_years = (last.first_year() - begin.first_year() + 1).max(0);
    let years: Vec<FinancialYear> = (0..n_years).map(|year| begin.plus(year)).collect();
    let value = |year: &FinancialYear| by_year.get(year).copied().unwrap_or(f64::NAN);
    let mean = by_year.values().sum::<f64>() / by_year.len() as f64;
    let is_count = by_year.values().all(|value| value.fract() == 0.0);
    (mean > 0.0).then(|| Panel {
        series: measure.to_owned(),
        unit: unit.to_owned(),
        cadence: Cadence::Year,
        periods: years.iter().map(FinancialYear::to_string).collect(),
        strands: vec![Strand {
            area_code: code.clone(),
            area_name: name.clone(),
            stratum: String::new(),
            values: years.iter().map(value).collect(),
            exposure: None,
            published: Vec::new(),
        }],
        is_count,
        // Of a share or a mean, what no reader would tell apart.
        resolution: if is_count { 1.0 } else { mean / 1000.0 },
        breaks: super::ahead::breaks(plan, measure, &years),
        first_editions: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_miss_is_one_that_four_in_five_do_not_exceed() {
        let shares = |n: usize| -> Vec<f64> { (1..=n).rev().map(|i| i as f64 / 100.0).collect() };
        for (n, rank) in [(5, 4), (6, 5), (9, 8), (10, 8), (11, 9)] {
            let found = Miss::of(shares(n)).unwrap();
            assert_eq!((found.n, found.share), (n, rank as f64 / 100.0));
        }
        assert_eq!(Miss::of(shares(4)), None);
        assert_eq!(Miss::of(vec![0.1, 0.2, f64::INFINITY, f64::NAN, 0.3]), None);
    }
}
