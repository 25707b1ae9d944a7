//! The whole model from moments of the past: fitted to what was recorded until then, run on, and set against what came.

use std::collections::{BTreeMap, BTreeSet};

use super::backtest::at_origin;
use super::missed::recorded_panel;
use super::{Backtest, Effort, Predictive, ahead, calibrate, carry_on};
use crate::compile::{CellIdx, Otherwise, Panel, Plan};
use crate::draw::draw;
use crate::quantity::FinancialYear;
use crate::simulate::{Layout, Trajectories, simulate};

/// What to replay.
#[derive(Debug, Clone, Copy)]
pub struct Replay {
    /// From how many known financial years on.
    pub first: usize,
    /// How many years ahead.
    pub horizons: usize,
    /// How many draws stand for a forecast.
    pub n_draws: usize,
    /// How the multipliers are fitted anew at every origin.
    pub effort: Effort,
}

/// Every measure with a recorded series of financial years long enough, with the model's forecasts from every origin.
///
/// At an origin the record ends with its year; multipliers are fitted to that and forecast from it; every other dated
/// number that is no law stays as it was in that year. What is not dated (shares, stays and hazards that rest on all
/// years together) and the population are as they are known today: the test is of how rates go on, not of whether the
/// journey would have been drawn in the same way. `origin_done` is called after each of them.
pub fn replay(plan: &Plan, wanted: Replay, origin_done: &dyn Fn()) -> Vec<(Panel, Backtest)> {
    let panels = panels(plan, wanted.first);
    let mut all: Vec<(Panel, Backtest)> = panels
        .into_iter()
        .map(|panel| {
            let backtest = Backtest {
                first: wanted.first,
                horizons: wanted.horizons,
                forecasts: Vec::new(),
                blends: BTreeMap::new(),
            };
            (panel, backtest)
        })
        .collect();
    for origin in origins(plan, wanted.first) {
        let last = first_year(plan).plus(origin as i32 - 1);
        let lived = lived_from(plan, last, wanted);
        for (panel, backtest) in &mut all {
            let n_ahead = wanted
                .horizons
                .min(panel.periods.len().saturating_sub(origin));
            if n_ahead > 0 {
                let ours = |known: &Panel, n: usize| of_model(&lived, known, last, n);
                backtest
                    .forecasts
                    .extend(at_origin(panel, origin, n_ahead, &ours));
            }
        }
        origin_done();
    }
    all.retain(|(_, backtest)| !backtest.forecasts.is_empty());
    all
}

/// The numbers of known years from which there is a year to come.
pub fn origins(plan: &Plan, first: usize) -> std::ops::Range<usize> {
    let longest = panels(plan, first)
        .iter()
        .map(|panel| panel.periods.len())
        .max();
    first..longest.unwrap_or(first).max(first)
}

fn first_year(plan: &Plan) -> FinancialYear {
    plan.history_from.plus(11).financial_year()
}

/// The recorded series of the whole, by measure: from the run's first year to the last recorded.
fn panels(plan: &Plan, first: usize) -> Vec<Panel> {
    let of_whole = plan
        .recorded
        .iter()
        .filter(|row| row.area_code == plan.total.code);
    let measures: BTreeSet<&str> = of_whole.map(|row| row.measure.as_str()).collect();
    let layout = Layout::of(plan);
    let panels = measures.into_iter().filter_map(|measure| {
        let unit = &layout.series[layout.find(measure, "")?].unit;
        let whole = [&plan.total.code, &plan.total.name];
        recorded_panel(plan, (measure, unit), whole, Some(first_year(plan)))
    });
    let is_long = |panel: &Panel| {
        let values = &panel.strands[0].values;
        let known = values.iter().take(first).filter(|value| !value.is_nan());
        known.count() >= 2 && values.len() > first
    };
    panels.filter(is_long).collect()
}

/// The model's forecasts of one series; a measure that the run has not is forecast as nought.
fn of_model(
    lived: &Trajectories,
    known: &Panel,
    last: FinancialYear,
    n: usize,
) -> Vec<Vec<Predictive>> {
    let layout = &lived.layout;
    let series = layout.find(&known.series, "");
    let ahead = (1..=n as i32).map(|ahead| {
        let period = layout
            .years
            .iter()
            .position(|year| *year == last.plus(ahead));
        let mut values: Vec<f64> = match (series, period) {
            (Some(series), Some(period)) => {
                let at = layout.at(0, layout.n_areas - 1, series, period);
                let drawn = lived.rows.iter().skip(1);
                drawn.map(|row| f64::from(row.values[at])).collect()
            }
            _ => vec![0.0],
        };
        values.sort_by(f64::total_cmp);
        Predictive::Sample(values)
    });
    vec![ahead.collect()]
}

/// The model as it would have been fitted after a year, run on from there.
fn lived_from(plan: &Plan, last: FinancialYear, wanted: Replay) -> Trajectories {
    let mut known = known_after(plan, last, wanted.horizons);
    let fitted = calibrate(&known, wanted.effort, &|_, _| {});
    for (cell, value) in &fitted.values {
        known.cells[*cell].value = *value;
    }
    let later = ahead(&known, &fitted.values);
    carry_on(&mut known, &later);
    known.n_draws = wanted.n_draws;
    simulate(&known, &draw(&known), &|| {})
}

/// The plan of somebody who knows nothing after a year: the comparator alone, from the year after on.
fn known_after(plan: &Plan, last: FinancialYear, horizons: usize) -> Plan {
    let mut known = plan.clone();
    known.start = last.plus(1).first_month();
    known.end = last.plus(1 + horizons as i32).first_month();
    known.options = vec![plan.options[plan.comparator].clone()];
    known.comparator = 0;
    known.recorded.retain(|row| {
        let year = FinancialYear::parse(&row.period);
        year.is_some_and(|year| year <= last)
    });
    known.breaks.retain(|found| found.from < known.start);
    known.fittings.retain(|fit| fit.years.0 <= last);
    for fit in &mut known.fittings {
        if fit.years.1 > last {
            fit.years.1 = last;
        }
        fit.ahead_years = if fit.ahead_years > 0 { horizons } else { 0 };
        // The last three years, or as many as there are.
        let recent = fit.years.1.plus(-2).max(fit.years.0);
        if fit.ahead_years == 0 {
            fit.otherwise = fit.otherwise.or(Some(Otherwise::Mean));
            fit.otherwise_from = Some(fit.otherwise_from.map_or(recent, |from| from.min(recent)));
        }
    }
    for (cell, like) in frozen(plan, last) {
        known.cells[cell].value = plan.cells[like].value;
        known.cells[cell].law = plan.cells[like].law;
    }
    known
}

/// Cells of later years, each with the cell of the last known year; law is known beforehand.
fn frozen(plan: &Plan, last: FinancialYear) -> Vec<(CellIdx, CellIdx)> {
    let rates = plan.parameters.iter().filter(|parameter| !parameter.is_law);
    let mut frozen = Vec::new();
    for dated in rates.flat_map(|parameter| &parameter.cells) {
        let is_later =
            |(from, _): &&(crate::quantity::Month, CellIdx)| super::answers_for(*from) > last;
        let before = dated.iter().rfind(|cell| !is_later(cell)).or(dated.first());
        if let Some(&(_, like)) = before {
            let later = dated.iter().filter(is_later).map(|&(_, cell)| (cell, like));
            frozen.extend(later.filter(|(cell, like)| cell != like));
        }
    }
    frozen
}
