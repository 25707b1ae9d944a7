//! What the months add up to: the numbers of a row, kept once for the worlds that have not parted.

use super::counters::{Counters, LONGEST_WAIT, flow};
use super::laws::Laws;
use super::layout::{GROUP_MEASURES, Layout, SERVICE_MEASURES};
use super::study::Study;
use super::tally::Tally;
use super::versions::Worlds;
use crate::compile::{Counted, Counts, Measure, Plan, QuantityIdx};

/// A yearly series, its monthly twin if it has one, and what of a month's counters goes into them.
pub struct Line {
    offset: usize,
    monthly: Option<usize>,
    is_flow: bool,
    source: Source,
}

/// Where the number of a month comes from.
enum Source {
    /// It is worked out when the run ends.
    Later,
    /// The sum of some counters.
    Sum(Vec<usize>),
    /// The sum of counters, each times a product of quantities.
    Weighted(Vec<(usize, Vec<QuantityIdx>)>),
    /// The places of a service.
    Places(usize),
    /// Stocks as they are counted in a step, each times a product of quantities.
    Stock(Counted, Vec<(usize, Vec<QuantityIdx>)>),
}

/// What is made of the months of a series when the run ends.
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

/// The lines of a layout, in the order of its yearly series.
pub fn lines(plan: &Plan, layout: &Layout, counters: &Counters) -> Vec<Line> {
    let mut sources = sources(plan, counters).into_iter();
    let mut lines: Vec<Line> = Vec::new();
    for series in &layout.series {
        match lines.last_mut() {
            // A monthly series follows its yearly twin and holds the same number.
            Some(line) if series.is_monthly => line.monthly = Some(series.offset),
            _ => lines.push(Line {
                offset: series.offset,
                monthly: None,
                is_flow: series.is_flow,
                source: sources.next().unwrap_or(Source::Later),
            }),
        }
    }
    lines
}

fn sources(plan: &Plan, counters: &Counters) -> Vec<Source> {
    let measures = plan.measures.iter();
    let mut sources: Vec<Source> = measures.map(|m| measure(m, counters)).collect();
    let n_needs = plan.needs.len();
    if n_needs > 0 {
        sources.extend((0..n_needs).map(|need| Source::Sum(vec![counters.arising + need])));
        sources.extend((0..=n_needs).map(|n| Source::Sum(vec![counters.by_number + n])));
    }
    if plan.clock.is_some() {
        sources.extend([
            Source::Later,
            Source::Later,
            Source::Sum(vec![counters.deaths]),
        ]);
    }
    for service in 0..plan.services.len() {
        let of = |what: usize| counters.flows + service * flow::N + what;
        let sum = |what: &[usize]| Source::Sum(what.iter().map(|&what| of(what)).collect());
        sources.extend(SERVICE_MEASURES.iter().map(|measure| match measure.0 {
            "referrals" => sum(&[flow::REFERRALS]),
            "declined" => sum(&[flow::DECLINED]),
            "starts" => sum(&[flow::STARTS]),
            "completions" => sum(&[flow::COMPLETIONS]),
            "needs_met" => sum(&[flow::NEEDS_MET]),
            "gave_up" => sum(&[flow::GAVE_UP]),
            "dropped_out" => sum(&[flow::DROPPED_WAITING, flow::DROPPED_SUPPORT]),
            "unmet_need" => sum(&[flow::DECLINED, flow::GAVE_UP, flow::DROPPED_WAITING]),
            "waiting" => Source::Sum(vec![counters.waiting + service]),
            "in_support" => Source::Sum(vec![counters.in_support + service]),
            "places" => Source::Places(service),
            _ => Source::Later,
        }));
    }
    sources
}

fn measure(measure: &Measure, counters: &Counters) -> Source {
    let weighted = |counted: Vec<(usize, usize)>| {
        if measure.weights.is_empty() {
            return Source::Sum(counted.into_iter().map(|(counter, _)| counter).collect());
        }
        let weights = |state: usize| {
            let weights = measure
                .weights
                .iter()
                .filter(move |(entered, _)| *entered == state);
            weights.map(|&(_, quantity)| quantity).collect()
        };
        let counted = counted.into_iter();
        Source::Weighted(
            counted
                .map(|(counter, state)| (counter, weights(state)))
                .collect(),
        )
    };
    let chosen = |states: &[bool], first: usize| -> Vec<(usize, usize)> {
        let states = states.iter().enumerate().filter(|(_, counts)| **counts);
        states.map(|(state, _)| (first + state, state)).collect()
    };
    match &measure.counts {
        Counts::Stock(states) => match weighted(chosen(states, 0)) {
            Source::Sum(states) if matches!(measure.counted, Counted::End) => Source::Sum(
                states
                    .into_iter()
                    .map(|state| counters.stock + state)
                    .collect(),
            ),
            Source::Sum(states) => {
                let states = states.into_iter().map(|state| (state, Vec::new()));
                Source::Stock(measure.counted, states.collect())
            }
            Source::Weighted(states) => Source::Stock(measure.counted, states),
            other => other,
        },
        Counts::Entries(states) => weighted(chosen(states, counters.entries)),
        Counts::Moves(pairs) => {
            let counted = counters.pairs.iter().filter(|pair| pairs.contains(pair));
            let counter =
                |&(from, to): &(usize, usize)| Some((counters.of_move(from, to)? as usize, to));
            weighted(counted.filter_map(counter).collect())
        }
        Counts::Departures(exits) => {
            let mut exits = exits.clone();
            exits.sort_unstable();
            exits.dedup();
            let counter = |&(state, exit): &(usize, usize)| counters.of_exit(state, exit);
            Source::Sum(
                exits
                    .iter()
                    .filter_map(counter)
                    .map(|c| c as usize)
                    .collect(),
            )
        }
    }
}

/// By series, what is made of its months.
pub fn kinds(plan: &Plan, layout: &Layout) -> Vec<Kind> {
    let kind = |series: &super::layout::Series| {
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
fn of_group(plan: &Plan, series: &super::layout::Series) -> Option<Kind> {
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

/// The numbers of a row in every world.
pub struct Accounts {
    shared: Account,
    own: Vec<Option<Account>>,
}

#[derive(Clone)]
struct Account {
    /// `[area][slot]`, in the order of the layout: yearly and monthly values still to be divided.
    sums: Vec<f64>,
    /// `[area][service][year]`: people in support and places of the area's pool, summed over months.
    used: Vec<(f64, f64)>,
}

impl Accounts {
    /// Nothing yet.
    pub fn new(study: &Study, n_worlds: usize) -> Accounts {
        let (plan, layout) = (study.plan, study.layout);
        let n_areas = plan.areas.len();
        Accounts {
            shared: Account {
                sums: vec![0.0; n_areas * layout.n_slots],
                used: vec![(0.0, 0.0); n_areas * plan.services.len() * layout.years.len()],
            },
            own: vec![None; n_worlds],
        }
    }

    /// Worlds that have parted from the others have accounts of their own from now on.
    pub fn part(&mut self, worlds: Worlds) {
        for (world, own) in self.own.iter_mut().enumerate() {
            if worlds >> world & 1 == 1 && own.is_none() {
                *own = Some(self.shared.clone());
            }
        }
    }

    /// The counters of the step are added to its month and its year, and cleared.
    pub fn close_step(&mut self, laws: &Laws, tally: &mut Tally, areas: &[usize], step: i32) {
        let study = laws.study;
        let counters = &study.counters;
        let mut here: Vec<i32> = Vec::new();
        let mut present: Vec<i32> = Vec::new();
        for &area in areas {
            tally.close(area, counters);
        }
        // Any of the worlds that share an account stands for all of them.
        let sharing = self.own.iter().position(Option::is_none);
        let shared = sharing.map(|world| (world, &mut self.shared));
        let own = self.own.iter_mut().enumerate();
        let own = own.filter_map(|(world, own)| Some((world, own.as_mut()?)));
        for (world, account) in shared.into_iter().chain(own) {
            for &area in areas {
                tally.read(world, area, counters.n, &mut here);
                let stock = &here[counters.stock..counters.waiting];
                assert!(
                    stock.iter().sum::<i32>() == here[counters.inside],
                    "people are conserved: {} are in the model and {} in its stocks",
                    here[counters.inside],
                    stock.iter().sum::<i32>(),
                );
                account.add_step(laws, world, area, step, &here);
            }
            account.add_use(laws, world, tally, areas, step, &mut present);
        }
        for &area in areas {
            tally.turn(area, counters);
        }
    }

    /// Writes the numbers of a world into an option's part of a trajectory, and of the sum of the areas.
    pub fn write(
        &self,
        study: &Study,
        tally: &Tally,
        world: usize,
        option: usize,
        values: &mut [f32],
    ) {
        let account = self.own[world].as_ref().unwrap_or(&self.shared);
        let layout = study.layout;
        let n_areas = study.plan.areas.len();
        for out in 0..layout.n_areas {
            let ended = Ended {
                study,
                tally,
                account,
                world,
                members: if out < n_areas {
                    out..out + 1
                } else {
                    0..n_areas
                },
            };
            for (index, series) in layout.series.iter().enumerate() {
                let to = layout.at(option, out, index, 0);
                let values = &mut values[to..to + series.n_periods];
                for (period, value) in values.iter_mut().enumerate() {
                    *value = ended.value(study.kinds[index], series.offset, period) as f32;
                }
            }
        }
    }
}

impl Account {
    fn add_step(&mut self, laws: &Laws, world: usize, area: usize, step: i32, here: &[i32]) {
        let study = laws.study;
        let year = study.year(step);
        let month = study.plan.month_of(step);
        let period = usize::try_from(month.since(study.plan.start)).ok();
        let period = period.filter(|period| *period < study.layout.months.len());
        let n_slots = study.layout.n_slots;
        let sums = &mut self.sums[area * n_slots..(area + 1) * n_slots];
        let stratum = study.strata.first_of(area);
        let weight = |quantities: &[QuantityIdx]| -> f64 {
            quantities
                .iter()
                .map(|&q| laws.value(world, q, stratum))
                .product()
        };
        for line in &study.lines {
            let value = match &line.source {
                Source::Later => 0.0,
                Source::Sum(counters) => f64::from(counters.iter().map(|&c| here[c]).sum::<i32>()),
                Source::Weighted(counters) => {
                    let counted = counters.iter();
                    counted
                        .map(|(c, quantities)| f64::from(here[*c]) * weight(quantities))
                        .sum()
                }
                Source::Stock(counted, states) => {
                    let stock = |(state, quantities): &(usize, Vec<QuantityIdx>)| {
                        let before = f64::from(here[study.counters.stock_before + state]);
                        let after = f64::from(here[study.counters.stock + state]);
                        let people = match counted {
                            Counted::Start => before,
                            Counted::Middle => 0.5 * (before + after),
                            Counted::End => after,
                        };
                        people * weight(quantities)
                    };
                    states.iter().map(stock).sum()
                }
                Source::Places(service) => laws.places(world, *service, area).round(),
            };
            if let Some(year) = year {
                let part = if line.is_flow {
                    1.0
                } else {
                    study.n_steps_of_year[year]
                };
                sums[line.offset + year] += value / part;
            }
            if let (Some(monthly), Some(period)) = (line.monthly, period) {
                let sum = &mut sums[monthly + period];
                // A month of several steps has the sum of their flows and the last of their stocks.
                *sum = if line.is_flow { *sum + value } else { value };
            }
        }
    }

    /// People in support and places of the pool that serves an area, for its occupancy.
    fn add_use(
        &mut self,
        laws: &Laws,
        world: usize,
        tally: &Tally,
        areas: &[usize],
        step: i32,
        present: &mut Vec<i32>,
    ) {
        let study = laws.study;
        let Some(year) = study.year(step) else { return };
        let (n_services, n_years) = (study.plan.services.len(), study.layout.years.len());
        for service in 0..n_services {
            let counter = study.counters.in_support + service;
            present.clear();
            present.extend(areas.iter().map(|&area| tally.get(world, area, counter)));
            for &area in areas {
                let pool = laws.host(world, service, area);
                let cell = &mut self.used[(area * n_services + service) * n_years + year];
                for (&member, &present) in areas.iter().zip(present.iter()) {
                    if laws.host(world, service, member) == pool {
                        cell.0 += f64::from(present);
                        cell.1 += laws.places(world, service, member).round();
                    }
                }
            }
        }
    }
}

/// A world when the run has ended, in some areas.
struct Ended<'a> {
    study: &'a Study<'a>,
    tally: &'a Tally,
    account: &'a Account,
    world: usize,
    members: std::ops::Range<usize>,
}

impl Ended<'_> {
    fn value(&self, kind: Kind, offset: usize, period: usize) -> f64 {
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
                let waited: u64 = counts[1..].iter().sum();
                ratio(waited as f64, counts.iter().sum::<u64>() as f64)
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
    fn waits(&self, service: usize, year: usize) -> [u64; LONGEST_WAIT + 1] {
        let first = self.study.counters.waits_of(service, year);
        let mut counts = [0u64; LONGEST_WAIT + 1];
        for area in self.members.clone() {
            for (wait, count) in counts.iter_mut().enumerate() {
                *count += self.tally.get(self.world, area, first + wait) as u64;
            }
        }
        counts
    }

    /// The mean wait in steps of those who started in a year, or the wait that this share of them did not exceed.
    fn wait(&self, service: usize, year: usize, share: Option<f64>) -> f64 {
        let counts = self.waits(service, year);
        let n: u64 = counts.iter().sum();
        let Some(share) = share else {
            let waits = counts.iter().enumerate();
            let sum: u64 = waits.map(|(wait, &count)| wait as u64 * count).sum();
            return ratio(sum as f64, n as f64);
        };
        let mut reached = 0;
        for (wait, &count) in counts.iter().enumerate() {
            reached += count;
            if n > 0 && reached as f64 >= share * n as f64 {
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
