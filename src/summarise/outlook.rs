//! Where measures are heading, and the places at which hardly anybody would wait.

use std::ops::Range;

use statrs::distribution::{ContinuousCDF, Gamma};

use super::Estimate;
use crate::compile::Plan;
use crate::simulate::{Layout, Trajectory, Value};

/// What draws say together that estimates of single years cannot.
#[derive(Debug, Clone, Default)]
pub struct Outlook {
    trends: Vec<Trend>,
    places: Vec<PlacesNeeded>,
    /// Areas and their total, services, years.
    n: [usize; 3],
    first_year: usize,
}

/// From the first year of the forecast to the last, under the comparator, draw by draw.
#[derive(Debug, Clone, Copy)]
pub struct Trend {
    /// The area, or the total.
    pub area: usize,
    /// The series, by year.
    pub series: usize,
    /// The last year less the first.
    pub change: Estimate,
    /// The share of draws in which the last year is above the first, ties counting half; NaN without draws.
    pub probability_of_rise: f64,
}

/// The places of a service that its referrals would need.
///
/// In each draw the people in support who would be there if nobody waited are `load = referrals × months / 12`, where
/// `months` is how long support lasts per start, `12 × people in support / starts`, over all years and areas of the
/// forecast (Little 1961, "A proof for the queuing formula L = λW", Operations Research 9). If referrals come at random,
/// the number there is Poisson with that mean whatever the law of the length (the M/G/∞ queue; Eick, Massey and Whitt
/// 1993, "The physics of the M_t/G/∞ queue", Operations Research 41), and `needed` is its quantile at [`ENOUGH`]. It is
/// an approximation: it takes those who now give up to stay as long as those who start, and nobody to come back more
/// seldom because they were helped.
#[derive(Debug, Clone, Copy)]
pub struct PlacesNeeded {
    /// People in support at a time if nobody waited.
    pub load: Estimate,
    /// Places with which nobody would wait in nine months of ten.
    pub needed: Estimate,
    /// How many more that is than there are; 0 where there are enough.
    pub more: Estimate,
    /// The share of draws in which there are too few; NaN without draws.
    pub probability_short: f64,
}

impl PlacesNeeded {
    const NONE: PlacesNeeded = PlacesNeeded {
        load: Estimate::NONE,
        needed: Estimate::NONE,
        more: Estimate::NONE,
        probability_short: f64::NAN,
    };
}

/// The share of the time in which places should do.
pub const ENOUGH: f64 = 0.9;

impl Outlook {
    /// Where a series of an area is heading.
    pub fn trend(&self, area: usize, series: usize) -> Option<&Trend> {
        let mut trends = self.trends.iter();
        trends.find(|trend| trend.area == area && trend.series == series)
    }

    /// The places of a service in an area (or of all) in a year of the layout.
    pub fn places(&self, option: usize, area: usize, service: usize, year: usize) -> PlacesNeeded {
        let [n_areas, n_services, n_years] = self.n;
        let is_known = area < n_areas && service < n_services;
        let year = year.checked_sub(self.first_year).filter(|y| *y < n_years);
        let at = year
            .filter(|_| is_known)
            .map(|year| ((option * n_areas + area) * n_services + service) * n_years + year);
        at.and_then(|at| self.places.get(at))
            .copied()
            .unwrap_or(PlacesNeeded::NONE)
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
    Outlook {
        trends: trends(plan, layout, rows, &years),
        places: places(plan, layout, rows, &years),
        n: [layout.n_areas, plan.services.len(), years.len()],
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
    let by_year = |(_, series): &(usize, &crate::simulate::Series)| !series.is_monthly;
    for area in 0..layout.n_areas {
        for (series, _) in layout.series.iter().enumerate().filter(by_year) {
            let at = |year| layout.at(plan.comparator, area, series, year);
            let (first, last) = (at(years.start), at(years.end - 1));
            let change = |row: &Trajectory<N>| -> f64 {
                let (first, last): (f64, f64) = (row.values[first].into(), row.values[last].into());
                last - first
            };
            let mut column: Vec<f64> = rows.iter().map(change).collect();
            found.push(Trend {
                area,
                series,
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

/// By option, area, service and year.
fn places<N: Value>(
    plan: &Plan,
    layout: &Layout,
    rows: &[Trajectory<N>],
    years: &Range<usize>,
) -> Vec<PlacesNeeded> {
    let mut loads = Loads::default();
    let n_areas = layout.n_areas;
    let (n_services, n_years) = (plan.services.len(), years.len());
    let mut all = vec![PlacesNeeded::NONE; layout.n_options * n_areas * n_services * n_years];
    for option in 0..layout.n_options {
        for service in 0..n_services {
            let Some(counted) = Counted::of(plan, layout, option, service) else {
                continue;
            };
            let months: Vec<f64> = rows
                .iter()
                .map(|row| counted.months_per_start(row, years))
                .collect();
            for (y, year) in years.clone().enumerate() {
                let columns = counted.columns(plan, (rows, &months), year, &mut loads);
                for (area, columns) in columns.into_iter().enumerate() {
                    let probability_short = share_of(&columns[2], |more| f64::from(more > 0.0));
                    let [load, needed, more] =
                        columns.map(|mut column| Estimate::of_column(&mut column));
                    all[((option * n_areas + area) * n_services + service) * n_years + y] =
                        PlacesNeeded {
                            load,
                            needed,
                            more,
                            probability_short,
                        };
                }
            }
        }
    }
    all
}

/// Where the counts of one service under one option stand.
struct Counted<'a> {
    layout: &'a Layout,
    option: usize,
    service: usize,
    referrals: usize,
    starts: usize,
    in_support: usize,
    places: usize,
}

impl<'a> Counted<'a> {
    fn of(plan: &Plan, layout: &'a Layout, option: usize, service: usize) -> Option<Counted<'a>> {
        let breakdown = format!("service={}", plan.services[service].id);
        let find = |measure| layout.find(measure, &breakdown);
        Some(Counted {
            layout,
            option,
            service,
            referrals: find("referrals")?,
            starts: find("starts")?,
            in_support: find("in_support")?,
            places: find("places")?,
        })
    }

    fn value<N: Value>(&self, row: &Trajectory<N>, area: usize, series: usize, year: usize) -> f64 {
        row.values[self.layout.at(self.option, area, series, year)].into()
    }

    /// How long support lasts per start, over all areas and years; unknown where nobody starts.
    fn months_per_start<N: Value>(&self, row: &Trajectory<N>, years: &Range<usize>) -> f64 {
        let total = self.layout.n_areas - 1;
        let sum = |series| -> f64 {
            let years = years.clone();
            years.map(|year| self.value(row, total, series, year)).sum()
        };
        12.0 * sum(self.in_support) / sum(self.starts)
    }

    /// By area and for the total, over the draws: the load, the places needed, and how many more that is. Areas that
    /// share a pool share what the pool needs by their loads.
    fn columns<N: Value>(
        &self,
        plan: &Plan,
        (rows, months): (&[Trajectory<N>], &[f64]),
        year: usize,
        loads: &mut Loads,
    ) -> Vec<[Vec<f64>; 3]> {
        let n = plan.areas.len();
        let hosts = hosts(plan, self, year);
        let mut columns =
            vec![[(); 3].map(|()| Vec::with_capacity(rows.len())); self.layout.n_areas];
        for (row, months) in rows.iter().zip(months) {
            let load = |area| self.value(row, area, self.referrals, year) * months / 12.0;
            let mine: Vec<f64> = (0..n).map(load).collect();
            let mut sums = [0.0; 3];
            let mut of_area = vec![[0.0; 3]; n];
            for host in 0..n {
                let members: Vec<usize> = (0..n).filter(|area| hosts[*area] == host).collect();
                if members.is_empty() {
                    continue;
                }
                let pooled: f64 = members.iter().map(|area| mine[*area]).sum();
                let there = members
                    .iter()
                    .map(|area| self.value(row, *area, self.places, year));
                let needed = loads.places(pooled);
                // The larger of a number that is not known and nought would be nought.
                let more = match needed.is_nan() {
                    true => f64::NAN,
                    false => (needed - there.sum::<f64>()).max(0.0),
                };
                for area in members {
                    let share = if pooled > 0.0 {
                        mine[area] / pooled
                    } else {
                        0.0
                    };
                    of_area[area] = [mine[area], needed * share, more * share];
                }
                sums = [sums[0] + pooled, sums[1] + needed, sums[2] + more];
            }
            if self.layout.n_areas > n {
                of_area.push(sums);
            }
            for (columns, values) in columns.iter_mut().zip(of_area) {
                columns
                    .iter_mut()
                    .zip(values)
                    .for_each(|(column, value)| column.push(value));
            }
        }
        columns
    }
}

/// Which area's pool each area belongs to at the end of a year.
fn hosts(plan: &Plan, counted: &Counted, year: usize) -> Vec<usize> {
    let end = counted.layout.years[year].plus(1).first_month();
    let dated = plan.options[counted.option].pools.get(counted.service);
    let known = dated
        .into_iter()
        .flatten()
        .rev()
        .find(|(from, _)| *from < end);
    let own = || (0..plan.areas.len()).collect();
    known.map_or_else(own, |(_, hosts)| hosts.clone())
}

/// The largest load at which so many places do, by the number of places.
#[derive(Default)]
struct Loads(Vec<f64>);

/// Tables end somewhere; from here on the normal law with the correction of Cornish and Fisher is as good.
const LONGEST: usize = 4_000;

impl Loads {
    /// The smallest number of places that do for a load in [`ENOUGH`] of the time; NaN where the load is unknown.
    fn places(&mut self, load: f64) -> f64 {
        if !load.is_finite() || load < 0.0 {
            return f64::NAN;
        }
        if load == 0.0 {
            return 0.0;
        }
        while self.0.last().is_none_or(|most| *most < load) && self.0.len() < LONGEST {
            self.0.push(most(self.0.len()));
        }
        match self.0.partition_point(|most| *most < load) {
            found if found < self.0.len() => found as f64,
            _ => (load + NORMAL * load.sqrt() + (NORMAL * NORMAL - 1.0) / 6.0).ceil(),
        }
    }
}

/// The standard normal quantile at [`ENOUGH`].
const NORMAL: f64 = 1.281_551_565_544_600_4;

/// A Poisson number with mean `m` is at most `c` with the probability that a gamma number of shape `c + 1` exceeds `m`.
fn most(places: usize) -> f64 {
    let law = Gamma::new(places as f64 + 1.0, 1.0);
    law.map_or(f64::NAN, |law| law.inverse_cdf(1.0 - ENOUGH))
}

#[cfg(test)]
mod tests {
    use super::*;
    use statrs::distribution::{DiscreteCDF, Poisson};

    #[test]
    fn places_are_the_quantile_of_a_poisson_number() {
        let mut loads = Loads::default();
        for load in [0.01, 0.1, 0.2, 1.0, 2.5, 9.99, 40.0, 123.4, 1_000.0] {
            let law = Poisson::new(load).unwrap();
            let places = loads.places(load);
            assert!(law.cdf(places as u64) >= ENOUGH, "{load}: {places}");
            let fewer = (places as u64).checked_sub(1);
            assert!(
                fewer.is_none_or(|n| law.cdf(n) < ENOUGH),
                "{load}: {places}"
            );
        }
        assert_eq!(loads.places(0.0), 0.0);
        assert!(loads.places(f64::NAN).is_nan());
    }

    #[test]
    fn beyond_the_table_the_normal_law_goes_on_where_it_ends() {
        let mut loads = Loads::default();
        let inside = loads.places(3_900.0);
        let normal = 3_900.0 + NORMAL * 3_900.0_f64.sqrt();
        assert!((inside - normal).abs() < 2.0);
        assert!((loads.places(40_000.0) - 40_257.0).abs() < 2.0);
    }

    #[test]
    fn a_rise_is_counted_draw_by_draw() {
        assert_eq!(probability_of_rise(&[1.0, -1.0, 0.0, f64::NAN, 2.0]), 0.625);
        assert!(probability_of_rise(&[1.0]).is_nan());
    }
}
