//! How much of the uncertainty rests on which parameter, and on which grade of evidence.

use std::ops::Range;

use statrs::distribution::{ContinuousCDF, Normal};

use super::bill::Bills;
use super::certainty::Certainty;
use super::npsv::npsv;
use crate::compile::{Law, Parameter, Plan};
use crate::draw::Draws;
use crate::quantity::Grade;
use crate::simulate::{Series, Trajectories, Trajectory, Value};

/// Shares of the variance of one output, first order: the squared rank correlation of each parameter with it.
/// What is left over belongs to parameters acting together, to those too weak for this many draws to show, and to chance
/// in people's lives.
#[derive(Debug, Clone)]
pub struct VarianceShares {
    /// The output, in words.
    pub output: String,
    /// The option whose output it is; `None` for a measure of the comparator.
    pub option: Option<usize>,
    /// By parameter; `None` when it is not drawn or too weak to be told from nothing.
    pub by_parameter: Vec<Option<f64>>,
    /// By grade, best first: how many parameters are of this grade (the worst of their cells), how many of them are
    /// drawn, and the share.
    pub by_grade: Vec<(Grade, usize, usize, f64)>,
    /// Monte Carlo errors of the shares by grade: those of the squared correlations, as if parameters of a grade were
    /// drawn apart from each other.
    pub errors: Vec<f64>,
    /// Whether there were enough draws to tell.
    pub is_known: bool,
    /// The smallest share that this many draws can show.
    pub smallest: f64,
}

/// With fewer draws nothing can be said.
pub(super) const ENOUGH: usize = 20;

/// Shares for NPSV of the option with the largest spread; when options do not vary in money, for the needs that arise in
/// the last year, or for the headline measure of a model without needs.
pub(super) fn shares<N: Value>(
    plan: &Plan,
    draws: &Draws,
    trajectories: &Trajectories<N>,
    bills: &Bills,
    years: Range<usize>,
) -> VarianceShares {
    let (output, option, values) = output(plan, trajectories, bills, years);
    of_output(plan, draws, (output, option), &values)
}

/// Shares for the NPSV of every option but the comparator; none where nothing costs anything.
pub(super) fn by_option(plan: &Plan, draws: &Draws, bills: &Bills) -> Vec<VarianceShares> {
    let options = (0..bills.len()).filter(|option| *option != plan.comparator);
    options
        .map(|option| {
            let values = npsv(bills, option, plan.comparator);
            of_output(plan, draws, (NPSV.to_owned(), Some(option)), &values)
        })
        .collect()
}

/// The output that a choice is about.
const NPSV: &str = "the net present social value";

fn of_output(
    plan: &Plan,
    draws: &Draws,
    (output, option): (String, Option<usize>),
    values: &[f64],
) -> VarianceShares {
    let n = values.len().saturating_sub(1);
    let n_drawn = plan
        .parameters
        .iter()
        .filter(|p| !p.used_by.is_empty())
        .filter(|p| cells(p).any(|c| plan.cells[c].law != Law::Fixed))
        .count();
    let is_known = n >= ENOUGH && spread(values) > 0.0;
    let smallest = smallest(n, n_drawn);
    let mut by_parameter = vec![None; plan.parameters.len()];
    let mut errors = vec![0.0; plan.parameters.len()];
    if is_known {
        let ranked = ranks(&values[1..]);
        let parameters = errors.iter_mut().zip(&plan.parameters);
        for (share, (error, parameter)) in by_parameter.iter_mut().zip(parameters) {
            let with = relative_values(plan, draws, parameter, n)
                .map(|values| correlation(&ranks(&values), &ranked))
                .filter(|with| with.powi(2) > smallest);
            *share = with.map(|with| with.powi(2) - 1.0 / (n - 1) as f64);
            *error = with.map_or(0.0, |with| Certainty::error_of_square(with, n));
        }
        let sum: f64 = by_parameter.iter().flatten().sum();
        if sum > 1.0 {
            by_parameter
                .iter_mut()
                .flatten()
                .for_each(|share| *share /= sum);
            errors.iter_mut().for_each(|error| *error /= sum);
        }
    }
    let by_grade = by_grade(plan, &by_parameter);
    let squares = |grade: Grade| -> f64 {
        let of = plan.parameters.iter().zip(&errors);
        let of = of.filter(|(p, _)| worst(plan, p) == Some(grade) && !p.used_by.is_empty());
        of.map(|(_, error)| error.powi(2)).sum()
    };
    let errors = Grade::ALL.into_iter().map(|grade| match is_known {
        true => squares(grade).sqrt(),
        false => f64::NAN,
    });
    VarianceShares {
        output,
        option,
        by_parameter,
        by_grade,
        errors: errors.collect(),
        is_known,
        smallest,
    }
}

/// The squared correlation that about one unrelated parameter among all of them would reach by chance.
pub(super) fn smallest(n_draws: usize, n_parameters: usize) -> f64 {
    if n_draws < ENOUGH {
        return 1.0;
    }
    let p = 1.0 - 0.5 / n_parameters.max(2) as f64;
    let z = Normal::new(0.0, 1.0).map_or(3.0, |normal| normal.inverse_cdf(p));
    (z * z / (n_draws - 1) as f64).min(1.0)
}

fn output<N: Value>(
    plan: &Plan,
    trajectories: &Trajectories<N>,
    bills: &Bills,
    years: Range<usize>,
) -> (String, Option<usize>, Vec<f64>) {
    if !bills.is_empty() {
        let options = (0..plan.options.len()).filter(|option| *option != plan.comparator);
        let widest = options
            .map(|option| (option, npsv(bills, option, plan.comparator)))
            .max_by(|(_, a), (_, b)| spread(a).total_cmp(&spread(b)));
        if let Some((option, values)) = widest.filter(|(_, values)| spread(values) > 0.0) {
            return (NPSV.to_owned(), Some(option), values);
        }
    }
    let layout = &trajectories.layout;
    if layout.series.is_empty() || years.is_empty() {
        return (String::new(), None, Vec::new());
    }
    let headline = plan.measures.iter().find(|measure| measure.is_headline);
    let headline = headline
        .and_then(|measure| layout.find(&measure.id, ""))
        .unwrap_or(0);
    let of_needs = |(index, series): (usize, &Series)| {
        (!series.is_monthly && series.measure == "need_arising").then_some(index)
    };
    let needs: Vec<_> = layout
        .series
        .iter()
        .enumerate()
        .filter_map(of_needs)
        .collect();
    let (title, counted) = if needs.is_empty() {
        (layout.series[headline].title.to_lowercase(), vec![headline])
    } else {
        ("the needs that people arise with".to_owned(), needs)
    };
    let at = |series| layout.at(plan.comparator, layout.n_areas - 1, series, years.end - 1);
    let sum = |row: &Trajectory<N>| -> f64 {
        counted
            .iter()
            .map(|series| row.values[at(*series)].into())
            .sum()
    };
    let values = trajectories.rows.iter().map(sum).collect();
    (
        format!("{title}, {}", layout.years[years.end - 1]),
        None,
        values,
    )
}

fn spread(values: &[f64]) -> f64 {
    let draws = values.get(1..).unwrap_or_default();
    let mean = draws.iter().sum::<f64>() / draws.len() as f64;
    draws.iter().map(|value| (value - mean).powi(2)).sum()
}

/// The cells of a parameter.
pub(super) fn cells(parameter: &Parameter) -> impl Iterator<Item = usize> {
    parameter.cells.iter().flatten().map(|(_, cell)| *cell)
}

/// The mean over a parameter's drawn cells of drawn over central value, by draw; `None` when none is drawn.
fn relative_values(
    plan: &Plan,
    draws: &Draws,
    parameter: &Parameter,
    n: usize,
) -> Option<Vec<f64>> {
    let drawn: Vec<_> = cells(parameter)
        .filter(|cell| plan.cells[*cell].law != Law::Fixed)
        .collect();
    if drawn.is_empty() || draws.n_rows() <= n {
        return None;
    }
    let relative = |row: usize| {
        let row = draws.cells(row);
        let of = |cell: &usize| row[*cell] / plan.cells[*cell].value.abs().max(f64::MIN_POSITIVE);
        drawn.iter().map(of).sum::<f64>() / drawn.len() as f64
    };
    Some((1..=n).map(relative).collect())
}

/// Ranks from 1, ties sharing their mean rank.
pub(super) fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut ranks = vec![0.0; values.len()];
    let mut first = 0;
    while first < order.len() {
        let tied = order[first..]
            .iter()
            .take_while(|i| values[**i] == values[order[first]])
            .count()
            .max(1);
        for i in &order[first..first + tied] {
            ranks[*i] = first as f64 + (tied + 1) as f64 / 2.0;
        }
        first += tied;
    }
    ranks
}

/// Pearson's correlation; 0 where one of the two does not vary.
pub(super) fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let n = a.len() as f64;
    let (mean_a, mean_b) = (a.iter().sum::<f64>() / n, b.iter().sum::<f64>() / n);
    let (mut ab, mut aa, mut bb) = (0.0, 0.0, 0.0);
    for (a, b) in a.iter().zip(b) {
        ab += (a - mean_a) * (b - mean_b);
        aa += (a - mean_a).powi(2);
        bb += (b - mean_b).powi(2);
    }
    if aa * bb > 0.0 {
        ab / (aa * bb).sqrt()
    } else {
        0.0
    }
}

/// A parameter is as good as its worst cell.
pub(super) fn worst(plan: &Plan, parameter: &Parameter) -> Option<Grade> {
    let cells = cells(parameter);
    cells.map(|cell| plan.cells[cell].evidence.grade).max()
}

fn by_grade(plan: &Plan, by_parameter: &[Option<f64>]) -> Vec<(Grade, usize, usize, f64)> {
    let is_drawn = |p: &Parameter| cells(p).any(|cell| plan.cells[cell].law != Law::Fixed);
    let of_grade = |grade| {
        let of = plan
            .parameters
            .iter()
            .zip(by_parameter)
            .filter(move |(p, _)| worst(plan, p) == Some(grade) && !p.used_by.is_empty());
        let drawn = of.clone().filter(|(p, _)| is_drawn(p)).count();
        (
            grade,
            of.clone().count(),
            drawn,
            of.filter_map(|(_, share)| *share).sum(),
        )
    };
    Grade::ALL.into_iter().map(of_grade).collect()
}

#[cfg(test)]
mod tests;
