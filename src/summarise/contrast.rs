//! Options against the comparator, paired draw by draw: the same people, the same luck.

use std::ops::Range;

use super::Estimate;
use crate::compile::{Better, Plan};
use crate::simulate::{Layout, Series, Trajectory, Value};

/// The difference an option makes to one series: option minus comparator.
#[derive(Debug, Clone)]
pub struct Contrast {
    /// The option.
    pub option: usize,
    /// The area, or the total.
    pub area: usize,
    /// The series, by year.
    pub series: usize,
    /// Over which time.
    pub span: Span,
    /// The difference.
    pub difference: Estimate,
    /// The share of draws in which the option is better, ties counting half; NaN when neither way is better.
    pub probability_better: f64,
}

/// The time a contrast is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// One year, by its index in the layout.
    Year(usize),
    /// All years of the forecast: the sum of a flow, the mean of a level.
    Horizon,
}

impl Span {
    /// `2026-27`, or `2025-26 to 2034-35`.
    pub fn name(self, layout: &Layout, years: &Range<usize>) -> String {
        match self {
            Span::Year(year) => layout.years[year].to_string(),
            Span::Horizon => format!(
                "{} to {}",
                layout.years[years.start],
                layout.years[years.end - 1]
            ),
        }
    }
}

/// Every contrast of the forecast years. Before the start all options are one, so there is nothing to report.
pub(super) fn contrasts<N: Value>(
    plan: &Plan,
    layout: &Layout,
    rows: &[Trajectory<N>],
    years: Range<usize>,
) -> Vec<Contrast> {
    let mut found = Vec::new();
    if years.is_empty() {
        return found;
    }
    let mut column = vec![N::MISSING; rows.len()];
    let mut horizon = vec![[0.0_f64; 2]; rows.len()];
    for option in (0..layout.n_options).filter(|o| *o != plan.comparator) {
        for area in 0..layout.n_areas {
            for (index, series) in layout
                .series
                .iter()
                .enumerate()
                .filter(|(_, s)| !s.is_monthly && s.account.is_none())
            {
                let at = |option, year| layout.at(option, area, index, year);
                let mut add = |span, column: &mut [N]| {
                    let probability_better = probability_better(series.better, column);
                    let difference = Estimate::of_column(column);
                    found.push(Contrast {
                        option,
                        area,
                        series: index,
                        span,
                        difference,
                        probability_better,
                    });
                };
                horizon.fill([0.0; 2]);
                for year in years.clone() {
                    let (ours, theirs) = (at(option, year), at(plan.comparator, year));
                    for ((row, value), horizon) in rows.iter().zip(&mut column).zip(&mut horizon) {
                        *value = row.values[ours] - row.values[theirs];
                        if !value.is_missing() {
                            *horizon = [horizon[0] + (*value).into(), horizon[1] + 1.0];
                        }
                    }
                    add(Span::Year(year), &mut column);
                }
                for (value, total) in column.iter_mut().zip(&horizon) {
                    *value = N::of(over_horizon(series, *total));
                }
                add(Span::Horizon, &mut column);
            }
        }
    }
    found
}

/// The sum of a flow, the mean of a level over the years in which it exists.
pub(super) fn over_horizon(series: &Series, [sum, n]: [f64; 2]) -> f64 {
    match (series.is_flow, n > 0.0) {
        (_, false) => f64::NAN,
        (true, true) => sum,
        (false, true) => sum / n,
    }
}

fn probability_better<N: Value>(better: Better, differences: &[N]) -> f64 {
    let sign = match better {
        Better::Lower => -1.0,
        Better::Higher => 1.0,
        Better::Neither => return f64::NAN,
    };
    let (mut score, mut n) = (0.0, 0.0);
    for difference in differences.iter().filter(|d| !d.is_missing()) {
        n += 1.0;
        let gain: f64 = sign * (*difference).into();
        score += if gain > 0.0 {
            1.0
        } else if gain == 0.0 {
            0.5
        } else {
            0.0
        };
    }
    score / n
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_count_half_and_neither_has_no_better() {
        assert_eq!(
            probability_better(Better::Lower, &[-1.0_f64, 0.0, 2.0, -3.0]),
            0.625
        );
        assert_eq!(
            probability_better(Better::Higher, &[-1.0_f64, 0.0, 2.0, -3.0]),
            0.375
        );
        assert!(probability_better(Better::Neither, &[1.0_f64]).is_nan());
    }
}
