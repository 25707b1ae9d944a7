//! What is made of the months of a series when the run ends.

use super::account::Account;
use super::counters::LONGEST_WAIT;
use super::layout::{GROUP_MEASURES, Layout, Series};
use super::study::Study;
use super::tally::Tally;
use crate::compile::Plan;

/// What is made of the months of a series.
#[derive(Clone, Copy)]
pub enum Kind {
    /// Their sum.
    Sum,
    /// People of the year's cohort.
    Cohort,
    /// The share of the cohort reconvicted in time.
    Rate,
    /// The share of a service's places in use.
    Occupancy(usize),
    /// The mean wait of those who started a service.
    MeanWait(usize),
    /// The share of those who started a service who waited for at least a step.
    ShareWaiting(usize),
    /// The wait that this share of those who started a service did not exceed.
    Wait(usize, f64),
    /// What a service counts of people of a sex.
    OfSex(usize, usize, usize),
    /// What a service counts of people of an age band.
    OfAge(usize, usize, usize),
}

/// By series, what is made of its months.
pub fn kinds(plan: &Plan, layout: &Layout) -> Vec<Kind> {
    let kind = |series: &Series| {
        if let Some(kind) = of_group(plan, series) {
            return kind;
        }
        let id = series
            .breakdown
            .strip_prefix("service=")
            .unwrap_or_default();
        let service = plan.services.iter().position(|service| service.id == id);
        match (series.measure.as_str(), service) {
            ("reconviction_cohort", _) => Kind::Cohort,
            ("reconviction_rate", _) => Kind::Rate,
            ("occupancy", Some(service)) => Kind::Occupancy(service),
            ("share_who_wait", Some(service)) => Kind::ShareWaiting(service),
            ("wait_months_mean", Some(service)) => Kind::MeanWait(service),
            ("wait_months_p50", Some(service)) => Kind::Wait(service, 0.5),
            ("wait_months_p90", Some(service)) => Kind::Wait(service, 0.9),
            _ => Kind::Sum,
        }
    };
    layout.series.iter().map(kind).collect()
}

/// What a service counts by sex or by age band, if that is what a series is.
fn of_group(plan: &Plan, series: &Series) -> Option<Kind> {
    let mut measures = GROUP_MEASURES.iter();
    let what = measures.position(|(id, ..)| *id == series.measure)?;
    let (service, group) = series.breakdown.split_once(';')?;
    let service = service.strip_prefix("service=")?;
    let service = plan.services.iter().position(|own| own.id == service)?;
    let (key, id) = group.split_once('=')?;
    if key == "sex" {
        let sex = plan.strata.sexes.iter().position(|sex| sex == id)?;
        Some(Kind::OfSex(service, what, sex))
    } else {
        let age = plan.strata.ages.iter().position(|band| band.id == id)?;
        Some(Kind::OfAge(service, what, age))
    }
}

/// A world when the run has ended, in some areas.
pub struct Ended<'a> {
    /// What rows share.
    pub study: &'a Study<'a>,
    /// The counters that are not cleared.
    pub tally: &'a Tally,
    /// The numbers of the world.
    pub account: &'a Account,
    /// The world.
    pub world: usize,
    /// The areas.
    pub members: std::ops::Range<usize>,
}

impl Ended<'_> {
    /// The value of a series in a period: `offset` is where its periods begin.
    pub fn value(&self, kind: Kind, offset: usize, period: usize) -> f64 {
        let counters = &self.study.counters;
        let months = self.study.plan.step.months();
        match kind {
            Kind::Sum => {
                let n_slots = self.study.layout.n_slots;
                let members = self.members.clone();
                members
                    .map(|area| self.account.sums[area * n_slots + offset + period])
                    .sum()
            }
            Kind::Cohort => self.over(counters.cohort + period),
            Kind::Rate if !is_followed(self.study, period) => f64::NAN,
            Kind::Rate => ratio(
                self.over(counters.reconvicted + period),
                self.over(counters.cohort + period),
            ),
            Kind::Occupancy(service) => self.occupancy(service, period),
            Kind::ShareWaiting(service) => {
                let counts = self.waits(service, period);
                let waited: i32 = counts[1..].iter().sum();
                ratio(f64::from(waited), f64::from(counts.iter().sum::<i32>()))
            }
            Kind::MeanWait(service) => months * self.wait(service, period, None),
            Kind::Wait(service, share) => months * self.wait(service, period, Some(share)),
            Kind::OfSex(service, what, sex) => {
                let n = self.study.plan.strata.ages.len();
                let groups = sex * n..(sex + 1) * n;
                groups
                    .map(|group| self.over(counters.of_group(service, period, group, what)))
                    .sum()
            }
            Kind::OfAge(service, what, age) => {
                let strata = &self.study.plan.strata;
                let groups = (0..strata.sexes.len()).map(|sex| sex * strata.ages.len() + age);
                groups
                    .map(|group| self.over(counters.of_group(service, period, group, what)))
                    .sum()
            }
        }
    }

    fn over(&self, counter: usize) -> f64 {
        let members = self.members.clone();
        members
            .map(|area| f64::from(self.tally.get(self.world, area, counter)))
            .sum()
    }

    fn occupancy(&self, service: usize, year: usize) -> f64 {
        let (n_services, n_years) = (
            self.study.plan.services.len(),
            self.study.layout.years.len(),
        );
        let cell = |area: usize| self.account.used[(area * n_services + service) * n_years + year];
        let cells = self.members.clone().map(cell);
        let (used, places) = cells.fold((0.0, 0.0), |sum, cell| (sum.0 + cell.0, sum.1 + cell.1));
        ratio(used, places)
    }

    /// How many of those who started in a year waited how many steps.
    fn waits(&self, service: usize, year: usize) -> [i32; LONGEST_WAIT + 1] {
        let first = self.study.counters.waits_of(service, year);
        let mut counts = [0; LONGEST_WAIT + 1];
        for area in self.members.clone() {
            self.tally.add_to(self.world, area, first, &mut counts);
        }
        counts
    }

    /// The mean wait in steps of those who started in a year, or the wait that this share of them did not exceed.
    fn wait(&self, service: usize, year: usize, share: Option<f64>) -> f64 {
        let counts = self.waits(service, year);
        let n: i32 = counts.iter().sum();
        let Some(share) = share else {
            let waits = counts.iter().enumerate();
            let sum: i64 = waits
                .map(|(wait, &count)| wait as i64 * i64::from(count))
                .sum();
            return ratio(sum as f64, f64::from(n));
        };
        let mut reached = 0;
        for (wait, &count) in counts.iter().enumerate() {
            reached += count;
            if n > 0 && f64::from(reached) >= share * f64::from(n) {
                return wait as f64;
            }
        }
        f64::NAN
    }
}

/// Whether the run goes on long enough to follow everybody of a year's cohort for the published time.
fn is_followed(study: &Study, year: usize) -> bool {
    let clock = study.plan.clock.as_ref();
    let months = clock.map_or(0.0, |clock| clock.within * study.plan.step.months());
    let months = months.ceil() as i32;
    let year_end = study.layout.years[year].first_month().plus(12);
    year_end.plus(months) <= study.plan.end
}

/// Not a number where nothing was counted: an empty cell in every table, never a nought.
fn ratio(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { f64::NAN }
}
