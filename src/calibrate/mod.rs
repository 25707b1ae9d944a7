//! History to fitted multipliers: the hindcast is brought to what was published, and says by how much it was moved.
//!
//! Each [`Fitting`] pairs a dated multiplier with a recorded series. The model is run with its central values, the
//! multiplier of each year (and area) is scaled by recorded over modelled, and again, until nothing moves: iterative
//! proportional fitting through the people engine itself (Deming and Stephan 1940 is the same idea on a table). Where
//! people answer years after they are reported, the ratio of a year is shared over the years they come from, by the
//! fitting's lags: the multiplicative deconvolution of Richardson (1972) and Lucy (1974), which stays positive and does
//! not swing. What has no recorded figure is left as it was or follows the years that have one. Later years are forecast from
//! the fitted ones (`ahead`), by the method that back-tests judge (`forecast`, `backtest`).
//!
//! Beside it stands what history by itself says of the future: [`forecast`] and the baselines it must beat, each a
//! [`Predictive`] distribution made of a panel; [`foretell`], in which baselines that have done better have a share; and
//! [`backtest`], which makes them from every moment of the past and scores them.

mod ahead;
mod backtest;
mod baseline;
mod benchmark;
mod blend;
mod dispersion;
mod forecast;
mod inflows;
mod learn;
mod missed;
mod predictive;
mod replay;
mod score;
mod season;
mod skill;
#[cfg(test)]
mod specimen;
mod track;
mod trend;

pub use ahead::{Ahead, ahead, carry_on};
pub use backtest::{Backtest, LEVELS, Method, Scored, backtest, foretell, n_origins};
pub use baseline::{drift, ets, naive, seasonal_naive};
pub use benchmark::{Foreseen, Skilled, Trial, foresee, skilled, trial};
pub use blend::Blend;
pub use dispersion::{Dispersion, dispersions};
pub use forecast::forecast;
pub use inflows::{InflowRecord, carry_inflows, inflow_records};
pub use learn::{Apart, Evidence, Learned, Learnt, Number, OnScale, Scale, learn};
pub use missed::{FEWEST, FIRST, MOST, Miss, Missed, has_past, missed};
pub use predictive::Predictive;
pub use replay::{Replay, origins, replay};
pub use score::{ScoreRow, Scores, score_rows};
pub use season::SeasonRecord;
pub use skill::{Skill, SkillRow, skill, skill_rows};
pub use track::{Aim, Broken, Score, Tracked, track};

use crate::compile::{Cell, CellIdx, Fitting, Law, Otherwise, Plan};
use crate::draw::draw;
use crate::quantity::{FinancialYear, Month};
use crate::simulate::{Trajectories, simulate};
use std::collections::BTreeMap;

/// What was fitted.
#[derive(Debug, Clone)]
pub struct Fitted {
    /// The new value of each cell that was moved.
    pub values: BTreeMap<CellIdx, f64>,
    /// For each round, the largest relative distance between modelled and recorded over the national series.
    pub distances: Vec<f64>,
}

/// Rounds and replicates of a calibration.
#[derive(Debug, Clone, Copy)]
pub struct Effort {
    /// How often the multipliers are scaled.
    pub rounds: usize,
    /// How many runs each round averages: they share parameters and differ in luck.
    pub replicates: usize,
}

/// The part of the distance, in logarithms, that one round goes: an arrival answers to two multipliers (its kind's and
/// its area's), and a whole step of both would overshoot.
const STEP: f64 = 0.5;

/// No multiplier moves by more than this factor in a round.
const LARGEST: f64 = 1.3;

/// Fits the multipliers of a plan that covers every area with a recorded figure.
pub fn calibrate(plan: &Plan, effort: Effort, round_done: &dyn Fn(usize, f64)) -> Fitted {
    let fits = &plan.fittings;
    let mut working = hindcast_plan(plan, fits, effort);
    let mut fitted = Fitted {
        values: BTreeMap::new(),
        distances: Vec::new(),
    };
    for round in 0..effort.rounds {
        let out = simulate(&working, &draw(&working), &|| {});
        let mut distance: f64 = 0.0;
        let mut scales: BTreeMap<CellIdx, (f64, f64)> = BTreeMap::new();
        for fit in fits {
            distance = distance.max(scale(plan, &out, fit, &mut scales));
        }
        for (cell, (weighted, weight)) in scales {
            let by = (weighted / weight).powf(STEP).clamp(1.0 / LARGEST, LARGEST);
            let value = &mut working.cells[cell].value;
            *value *= by;
            fitted.values.insert(cell, *value);
        }
        for fit in fits {
            follow(plan, &mut working, fit, &mut fitted.values);
        }
        fitted.distances.push(distance);
        round_done(round + 1, distance);
    }
    fitted
}

/// Brings a number to another value: a law with room on either side moves along.
pub fn move_to(cell: &mut Cell, value: f64) {
    let by = value / cell.value;
    if by == 1.0 || !(by.is_finite() && by > 0.0) {
        cell.value = value;
        return;
    }
    cell.law = match cell.law {
        Law::LogNormal(mean, sd) => Law::LogNormal(mean + by.ln(), sd),
        Law::Walk(mean, sd) => Law::Walk(mean + by.ln(), sd),
        Law::Gamma(shape, mean) => Law::Gamma(shape, mean * by),
        Law::Normal(mean, sd) => Law::Normal(mean * by, sd * by),
        Law::Uniform(low, high) => Law::Uniform(low * by, high * by),
        law @ (Law::Fixed | Law::Beta(..) | Law::LogitNormal(..)) => law,
    };
    let is_moved = !matches!(cell.law, Law::Fixed | Law::Beta(..) | Law::LogitNormal(..));
    cell.interval = cell
        .interval
        .filter(|_| is_moved)
        .map(|(low, high)| (low * by, high * by))
        .or(cell.interval);
    cell.value = value;
}

/// The plan with central values only, the comparator only, and nothing after the last year fitted.
fn hindcast_plan(plan: &Plan, fits: &[Fitting], effort: Effort) -> Plan {
    let mut working = plan.clone();
    let last = fits.iter().map(|fit| fit.years.1).max();
    // A cohort's last members are followed for a year after the year of their conviction.
    let end = last.map_or(plan.start, |year| year.plus(2).first_month());
    working.end = end.min(plan.end);
    working.start = working.start.min(working.end);
    working.options = vec![plan.options[plan.comparator].clone()];
    working.comparator = 0;
    working.n_draws = effort.replicates.saturating_sub(1);
    for cell in &mut working.cells {
        cell.law = Law::Fixed;
    }
    working
}

/// Adds recorded over modelled to the scale of each cell that it answers to; returns the largest national distance.
fn scale(
    plan: &Plan,
    out: &Trajectories,
    fit: &Fitting,
    scales: &mut BTreeMap<CellIdx, (f64, f64)>,
) -> f64 {
    let layout = &out.layout;
    let Some(series) = layout.find(&fit.measure, "") else {
        return 0.0;
    };
    let is_share = layout.series[series].unit == "share";
    let mut worst: f64 = 0.0;
    for (period, &year) in layout.years.iter().enumerate() {
        if year < fit.years.0 || year > fit.years.1 {
            continue;
        }
        let areas: Vec<usize> = if fit.is_by_area {
            (0..plan.areas.len()).collect()
        } else {
            vec![layout.n_areas - 1]
        };
        for area in areas {
            let Some(recorded) = recorded(plan, area, fit, year) else {
                continue;
            };
            let modelled = mean(out, series, area, period);
            if !(modelled > 0.0 && recorded > 0.0) {
                continue;
            }
            let by = factor(is_share, recorded, modelled);
            if !fit.is_by_area {
                worst = worst.max((modelled / recorded - 1.0).abs());
            }
            for (lag, &weight) in fit.lags.iter().enumerate() {
                if let Some(cell) = cell_of(plan, fit, area, year.plus(-(lag as i32))) {
                    let sum = scales.entry(cell).or_insert((0.0, 0.0));
                    *sum = (sum.0 + weight * by, sum.1 + weight);
                }
            }
        }
    }
    worst
}

/// What brings a modelled number to the recorded one. A probability is moved on the scale of its hazard, on which
/// multipliers act.
fn factor(is_share: bool, recorded: f64, modelled: f64) -> f64 {
    if is_share {
        (1.0 - recorded).ln() / (1.0 - modelled).ln()
    } else {
        recorded / modelled
    }
}

fn mean(out: &Trajectories, series: usize, area: usize, period: usize) -> f64 {
    let at = out.layout.at(0, area, series, period);
    out.rows
        .iter()
        .map(|row| f64::from(row.values[at]))
        .sum::<f64>()
        / out.rows.len() as f64
}

/// The published figure of an area and year. Figures of areas are scaled so that they add to the country's, because
/// people whose residence is unknown are somewhere.
fn recorded(plan: &Plan, area: usize, fit: &Fitting, year: FinancialYear) -> Option<f64> {
    let period = year.to_string();
    let of = |code: &str| {
        let found = plan
            .recorded
            .iter()
            .find(|r| r.measure == fit.measure && r.area_code == code && r.period == period);
        found.map(|r| r.value)
    };
    if !fit.is_by_area || area >= plan.areas.len() {
        return of(&plan.total.code);
    }
    let known: f64 = plan.areas.iter().filter_map(|a| of(&a.code)).sum();
    let scale =
        of(&plan.total.code).map_or(1.0, |total| if known > 0.0 { total / known } else { 1.0 });
    of(&plan.areas[area].code).map(|value| value * scale)
}

/// The cell that holds in a year. A cell that holds for several years answers to all of them, by their mean.
fn cell_of(plan: &Plan, fit: &Fitting, area: usize, year: FinancialYear) -> Option<CellIdx> {
    let parameter = &plan.parameters[fit.parameter];
    let index = if parameter.keys.area { area } else { 0 };
    let dated = parameter.cells.get(index)?;
    let begun = dated.partition_point(|(from, _)| *from <= year.first_month());
    begun.checked_sub(1).map(|at| dated[at].1)
}

/// The first financial year of which a cell holds in the first month.
fn answers_for(from: Month) -> FinancialYear {
    from.plus(11).financial_year()
}

/// Cells after the fitted years follow them, unless another fitting moves them.
fn follow(seeds: &Plan, working: &mut Plan, fit: &Fitting, values: &mut BTreeMap<CellIdx, f64>) {
    let (Some(rule), Some(from)) = (fit.otherwise, fit.otherwise_from) else {
        return;
    };
    let is_fitted = |year: FinancialYear| {
        let of_it = working
            .fittings
            .iter()
            .filter(|other| other.parameter == fit.parameter);
        of_it
            .into_iter()
            .any(|other| year >= other.years.0 && year <= other.years.1)
    };
    let mut moved = Vec::new();
    for dated in &working.parameters[fit.parameter].cells {
        let recent = dated.iter().filter(|(month, _)| {
            let year = answers_for(*month);
            year >= from && year <= fit.years.1
        });
        let recent: Vec<CellIdx> = recent.map(|&(_, cell)| cell).collect();
        let later = dated.iter().filter(|(month, _)| {
            let year = answers_for(*month);
            year > fit.years.1 && !is_fitted(year)
        });
        let mean = |value: &dyn Fn(CellIdx) -> f64| {
            recent.iter().map(|&c| value(c)).sum::<f64>() / recent.len() as f64
        };
        for &(_, cell) in later.filter(|_| !recent.is_empty()) {
            moved.push((
                cell,
                match rule {
                    Otherwise::Mean => mean(&|c| working.cells[c].value),
                    Otherwise::Scaled => {
                        seeds.cells[cell].value
                            * mean(&|c| working.cells[c].value / seeds.cells[c].value)
                    }
                },
            ));
        }
    }
    for (cell, value) in moved {
        working.cells[cell].value = value;
        values.insert(cell, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probabilities_are_moved_by_the_ratio_of_their_hazards() {
        // Who escapes one chance of a tenth twice in a row escapes one of 0.19.
        assert!((factor(true, 0.19, 0.1) - 2.0).abs() < 1e-12);
        assert!((factor(true, 0.1, 0.19) - 0.5).abs() < 1e-12);
        assert_eq!(factor(false, 30.0, 20.0), 1.5);
    }
}
