//! Where measures are heading, and the places at which hardly anybody would wait.

mod places;

pub use places::{ENOUGH, PlacesNeeded, Shortage};

use std::ops::Range;

use super::Estimate;
use crate::compile::Plan;
use crate::simulate::{Layout, Trajectory, Value};

/// What draws say together that estimates of single years cannot.
#[derive(Debug, Clone, Default)]
pub struct Outlook {
    trends: Vec<Trend>,
    places: Vec<PlacesNeeded>,
    /// By option, area, service and month.
    months: Vec<Shortage>,
    /// Areas and their total, services, years, months.
    n: [usize; 4],
    first_year: usize,
}

/// From the first year of the forecast with a number to the last, under the comparator, draw by draw.
#[derive(Debug, Clone, Copy)]
pub struct Trend {
    /// The area, or the total.
    pub area: usize,
    /// The series, by year.
    pub series: usize,
    /// The first and the last year of the layout in which any draw has a number; `None` where that is no two years.
    pub between: Option<[usize; 2]>,
    /// The last year less the first.
    pub change: Estimate,
    /// The share of draws in which the last year is above the first, ties counting half; NaN without draws, or without
    /// two such years.
    pub probability_of_rise: f64,
}

impl Outlook {
    /// Where a series of an area is heading.
    pub fn trend(&self, area: usize, series: usize) -> Option<&Trend> {
        let mut trends = self.trends.iter();
        trends.find(|trend| trend.area == area && trend.series == series)
    }

    /// The places of a service in an area (or of all) in a year of the layout.
    pub fn places(&self, option: usize, area: usize, service: usize, year: usize) -> PlacesNeeded {
        let [n_areas, n_services, n_years, _] = self.n;
        let is_known = area < n_areas && service < n_services;
        let year = year.checked_sub(self.first_year).filter(|y| *y < n_years);
        let at = year
            .filter(|_| is_known)
            .map(|year| ((option * n_areas + area) * n_services + service) * n_years + year);
        at.and_then(|at| self.places.get(at))
            .copied()
            .unwrap_or(PlacesNeeded::NONE)
    }

    /// How many more places of a service would do in a month of the layout, in an area or in all; not known of months
    /// outside of whole years.
    pub fn month(&self, option: usize, area: usize, service: usize, month: usize) -> Shortage {
        let [n_areas, n_services, _, n_months] = self.n;
        let is_known = area < n_areas && service < n_services && month < n_months;
        let at = ((option * n_areas + area) * n_services + service) * n_months + month;
        let found = self.months.get(at).filter(|_| is_known);
        found.copied().unwrap_or(Shortage::NONE)
    }
}

/// What the draws say of the years of the forecast.
pub(super) fn outlook<N: Value>(
    plan: &Plan,
    layout: &Layout,
    rows: &[Trajectory<N>],
    years: Range<usize>,
) -> Outlook {
    if years.is_empty() {
        return Outlook::default();
    }
    let n = [
        layout.n_areas,
        plan.services.len(),
        years.len(),
        layout.months.len(),
    ];
    let (places, months) = places::places(plan, layout, rows, &years);
    Outlook {
        trends: trends(plan, layout, rows, &years),
        places,
        months,
        n,
        first_year: years.start,
    }
}

fn trends<N: Value>(
    plan: &Plan,
    layout: &Layout,
    rows: &[Trajectory<N>],
    years: &Range<usize>,
) -> Vec<Trend> {
    let mut found = Vec::new();
    let by_year = |(_, series): &(usize, &crate::simulate::Series)| {
        !series.is_monthly && series.account.is_none()
    };
    for area in 0..layout.n_areas {
        for (series, _) in layout.series.iter().enumerate().filter(by_year) {
            let value = |row: &Trajectory<N>, year| -> f64 {
                row.values[layout.at(plan.comparator, area, series, year)].into()
            };
            let is_known = |year: &usize| rows.iter().any(|row| !value(row, *year).is_nan());
            let first = years.clone().find(is_known);
            let last = years.clone().rev().find(is_known);
            let between = match (first, last) {
                (Some(first), Some(last)) if first < last => Some([first, last]),
                _ => None,
            };
            let change = |row: &Trajectory<N>| match between {
                Some([first, last]) => value(row, last) - value(row, first),
                None => f64::NAN,
            };
            let mut column: Vec<f64> = rows.iter().map(change).collect();
            found.push(Trend {
                area,
                series,
                between,
                probability_of_rise: probability_of_rise(&column),
                change: Estimate::of_column(&mut column),
            });
        }
    }
    found
}

fn probability_of_rise(changes: &[f64]) -> f64 {
    share_of(changes, |change| match change {
        change if change > 0.0 => 1.0,
        0.0 => 0.5,
        _ => 0.0,
    })
}

/// The mean score of the draws in which there is a number; NaN without draws.
fn share_of(draws: &[f64], score: impl Fn(f64) -> f64) -> f64 {
    let known: Vec<f64> = draws
        .iter()
        .copied()
        .filter(|value| !value.is_nan())
        .collect();
    match draws.len() < 2 || known.is_empty() {
        true => f64::NAN,
        false => known.iter().map(|value| score(*value)).sum::<f64>() / known.len() as f64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rise_is_counted_draw_by_draw() {
        assert_eq!(probability_of_rise(&[1.0, -1.0, 0.0, f64::NAN, 2.0]), 0.625);
        assert!(probability_of_rise(&[1.0]).is_nan());
    }
}
