//! The places at which hardly anybody would wait, and how many more those are than there are.

use std::ops::Range;

use statrs::distribution::{ContinuousCDF, Gamma};

use super::share_of;
use crate::compile::Plan;
use crate::simulate::{Layout, Trajectory, Value};
use crate::summarise::Estimate;

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
    pub(super) const NONE: PlacesNeeded = PlacesNeeded {
        load: Estimate::NONE,
        needed: Estimate::NONE,
        more: Estimate::NONE,
        probability_short: f64::NAN,
    };
}

/// How many more places of a service would do than there are in a month: the places that its year needs, less those of
/// the month, draw by draw.
#[derive(Debug, Clone, Copy)]
pub struct Shortage {
    /// How many more; 0 where there are enough.
    pub more: Estimate,
    /// The share of draws in which there are too few; NaN without draws.
    pub probability_short: f64,
}

impl Shortage {
    pub(super) const NONE: Shortage = Shortage {
        more: Estimate::NONE,
        probability_short: f64::NAN,
    };

    /// Of the draws, which are reordered.
    fn of(draws: &mut [f64]) -> Shortage {
        Shortage {
            probability_short: share_of(draws, |more| f64::from(more > 0.0)),
            more: Estimate::of_column(draws),
        }
    }
}

/// The share of the time in which places should do.
pub const ENOUGH: f64 = 0.9;

/// By option, area, service and year, then by month.
pub(super) fn places<N: Value>(
    plan: &Plan,
    layout: &Layout,
    rows: &[Trajectory<N>],
    years: &Range<usize>,
) -> (Vec<PlacesNeeded>, Vec<Shortage>) {
    let mut loads = Loads::default();
    let n_areas = layout.n_areas;
    let (n_services, n_years, n_months) = (plan.services.len(), years.len(), layout.months.len());
    let n_all = layout.n_options * n_areas * n_services;
    let mut by_year = vec![PlacesNeeded::NONE; n_all * n_years];
    let mut by_month = vec![Shortage::NONE; n_all * n_months];
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
                let first = counted.months_of(year).start;
                for (area, columns) in columns.into_iter().enumerate() {
                    let at = (option * n_areas + area) * n_services + service;
                    let (found, shortages) = columns.estimates();
                    by_year[at * n_years + y] = found;
                    let first = at * n_months + first;
                    by_month[first..first + shortages.len()].copy_from_slice(&shortages);
                }
            }
        }
    }
    (by_year, by_month)
}

/// What the draws say of an area, or of all of them, in one year.
#[derive(Clone, Default)]
struct Columns {
    load: Vec<f64>,
    needed: Vec<f64>,
    more: Vec<f64>,
    /// By month of the year.
    more_of_month: Vec<Vec<f64>>,
}

impl Columns {
    fn push(&mut self, [load, needed, more]: [f64; 3], months: impl Iterator<Item = f64>) {
        self.load.push(load);
        self.needed.push(needed);
        self.more.push(more);
        for (column, more) in self.more_of_month.iter_mut().zip(months) {
            column.push(more);
        }
    }

    /// Months in which as many places are short as in the month before, draw by draw, are estimated once.
    fn estimates(mut self) -> (PlacesNeeded, Vec<Shortage>) {
        let mut shortages: Vec<Shortage> = Vec::with_capacity(self.more_of_month.len());
        for month in 0..self.more_of_month.len() {
            let before = month
                .checked_sub(1)
                .map(|before| &self.more_of_month[before]);
            let is_same = before.is_some_and(|before| *before == self.more_of_month[month]);
            let last = shortages.last().copied().filter(|_| is_same);
            let own = || Shortage::of(&mut self.more_of_month[month].clone());
            shortages.push(last.unwrap_or_else(own));
        }
        let Shortage {
            more,
            probability_short,
        } = Shortage::of(&mut self.more);
        let found = PlacesNeeded {
            load: Estimate::of_column(&mut self.load),
            needed: Estimate::of_column(&mut self.needed),
            more,
            probability_short,
        };
        (found, shortages)
    }
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
    /// The same by month, where months are told.
    monthly_places: Option<usize>,
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
            monthly_places: layout.find_monthly("places", &breakdown),
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

    /// The months of a year, as far as the forecast has them.
    fn months_of(&self, year: usize) -> Range<usize> {
        let named = self.layout.years[year];
        let (first, end) = (named.first_month(), named.plus(1).first_month());
        let months = &self.layout.months;
        match self.monthly_places {
            Some(_) => {
                months.partition_point(|month| *month < first)
                    ..months.partition_point(|month| *month < end)
            }
            None => 0..0,
        }
    }

    /// By area and for the total, over the draws: the load, the places needed, and how many more that is, in the year
    /// and in its months. Areas that share a pool share what the pool needs by their loads.
    fn columns<N: Value>(
        &self,
        plan: &Plan,
        (rows, months): (&[Trajectory<N>], &[f64]),
        year: usize,
        loads: &mut Loads,
    ) -> Vec<Columns> {
        let n = plan.areas.len();
        let pools = pools(plan, self, year);
        // Where months are not told there is none to ask it of.
        let monthly_places = self.monthly_places.unwrap_or(self.places);
        let months_of_year = self.months_of(year);
        let empty = Columns {
            more_of_month: vec![Vec::with_capacity(rows.len()); months_of_year.len()],
            ..Columns::default()
        };
        let mut columns = vec![empty; self.layout.n_areas];
        for (row, months) in rows.iter().zip(months) {
            let load = |area| self.value(row, area, self.referrals, year) * months / 12.0;
            let mine: Vec<f64> = (0..n).map(load).collect();
            let mut sums = [0.0; 3];
            let mut sums_of_month = vec![0.0; months_of_year.len()];
            for pool in &pools {
                let pooled: f64 = pool.iter().map(|area| mine[*area]).sum();
                let needed = loads.places(pooled);
                let short = |places: usize, period: usize| {
                    let there = |area: &usize| self.value(row, *area, places, period);
                    lacking(needed, pool.iter().map(there).sum())
                };
                let more = short(self.places, year);
                let of_month: Vec<f64> = months_of_year
                    .clone()
                    .map(|month| short(monthly_places, month))
                    .collect();
                for &area in pool {
                    let share = match pooled > 0.0 {
                        true => mine[area] / pooled,
                        false => 0.0,
                    };
                    let own = [mine[area], needed * share, more * share];
                    columns[area].push(own, of_month.iter().map(|more| more * share));
                }
                sums = [sums[0] + pooled, sums[1] + needed, sums[2] + more];
                for (sum, more) in sums_of_month.iter_mut().zip(of_month) {
                    *sum += more;
                }
            }
            if self.layout.n_areas > n {
                columns[n].push(sums, sums_of_month.into_iter());
            }
        }
        columns
    }
}

/// How many more places are needed than there are. The larger of a number that is not known and nought would be nought.
fn lacking(needed: f64, there: f64) -> f64 {
    match needed.is_nan() {
        true => f64::NAN,
        false => (needed - there).max(0.0),
    }
}

/// The areas of each pool at the end of a year.
fn pools(plan: &Plan, counted: &Counted, year: usize) -> Vec<Vec<usize>> {
    let hosts = hosts(plan, counted, year);
    let of_host = |host: usize| -> Vec<usize> {
        let areas = 0..hosts.len();
        areas.filter(|area| hosts[*area] == host).collect()
    };
    let pools = (0..hosts.len()).map(of_host);
    pools.filter(|pool| !pool.is_empty()).collect()
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
}
