//! Scratch: what is counted in a month, and what the months add up to.

use super::tables::{FIRST, Setting};
use super::world::{Person, Step};
use crate::compile::{Counted, Counts, Measure, Plan, Stratum};
use crate::quantity::Month;

/// What a service counts in a month.
pub mod flow {
    /// Joined the queue.
    pub const REFERRALS: usize = 0;
    /// Had the need and did not take it up.
    pub const DECLINED: usize = 1;
    /// Started.
    pub const STARTS: usize = 2;
    /// Completed.
    pub const COMPLETIONS: usize = 3;
    /// Had the need met.
    pub const NEEDS_MET: usize = 4;
    /// Gave up waiting.
    pub const GAVE_UP: usize = 5;
    /// Left the queue for another reason.
    pub const DROPPED_WAITING: usize = 6;
    /// Left support before completing it.
    pub const DROPPED_SUPPORT: usize = 7;
    /// How many there are.
    pub const N: usize = 8;
}

/// Waits longer than this many steps are counted as this long.
const LONGEST_WAIT: usize = 120;

/// Counters of one world.
#[derive(Clone)]
pub struct Tally {
    n_states: usize,
    n_needs: usize,
    n_services: usize,
    n_years: usize,
    /// People who came into the model.
    pub came_in: u64,
    /// People who went out of it.
    pub went_out: u64,
    stock: Vec<i32>,
    /// The stocks when the step began.
    stock_before: Vec<i32>,
    entries: Vec<u32>,
    moves: Vec<u32>,
    /// `(from, to)` pairs that a measure counts.
    pairs: Vec<(usize, usize)>,
    /// `[from][to]`: which pair that is; out of range where no measure counts it.
    pair_of: Vec<u16>,
    departures: Vec<u32>,
    /// `(state, exit)` pairs that a measure counts.
    exits: Vec<(usize, usize)>,
    arising: Vec<u32>,
    by_number: Vec<u32>,
    flows: Vec<u32>,
    deaths: Vec<u32>,
    /// `[area][slot]`, in the order of the layout: yearly and monthly values still to be divided.
    sums: Vec<f64>,
    /// `[area][year]`.
    cohort: Vec<u32>,
    reconvicted: Vec<u32>,
    /// `[area][service][year][wait]`.
    waits: Vec<u32>,
    /// `[area][service][year]`: people in support and places of the area's pool, summed over months.
    used: Vec<(f64, f64)>,
    /// `[area][service]`.
    waiting: Vec<i32>,
    year_of_step: Vec<i16>,
    n_steps_of_year: Vec<f64>,
}

impl Tally {
    /// Empty counters.
    pub fn new(setting: &Setting) -> Tally {
        let plan = setting.plan;
        let n_areas = plan.areas.len();
        let (n_states, n_needs, n_services) =
            (plan.states.len(), plan.needs.len(), plan.services.len());
        let layout = setting.layout;
        let n_years = layout.years.len();
        let pairs = pairs(plan);
        let exits = counted_exits(plan);
        let first_year = layout.years.first().map_or(0, |year| year.first_year());
        let year_of = |step: i32| plan.month_of(step).financial_year().first_year() - first_year;
        let in_range = |year: i32| {
            if (0..n_years as i32).contains(&year) {
                year as i16
            } else {
                -1
            }
        };
        let year_of_step: Vec<i16> = (0..plan.n_steps())
            .map(|step| in_range(year_of(step)))
            .collect();
        let steps_in = |year: usize| year_of_step.iter().filter(|y| **y == year as i16).count();
        Tally {
            n_steps_of_year: (0..n_years)
                .map(|year| steps_in(year).max(1) as f64)
                .collect(),
            n_states,
            n_needs,
            n_services,
            n_years,
            came_in: 0,
            went_out: 0,
            stock: vec![0; n_areas * n_states],
            stock_before: vec![0; n_areas * n_states],
            entries: vec![0; n_areas * n_states],
            moves: vec![0; n_areas * pairs.len()],
            pair_of: pair_index(&pairs, n_states),
            pairs,
            departures: vec![0; n_areas * exits.len()],
            exits,
            arising: vec![0; n_areas * n_needs],
            by_number: vec![0; n_areas * (n_needs + 1)],
            flows: vec![0; n_areas * n_services * flow::N],
            deaths: vec![0; n_areas],
            sums: vec![0.0; n_areas * layout.n_slots],
            cohort: vec![0; n_areas * n_years],
            reconvicted: vec![0; n_areas * n_years],
            waits: vec![0; n_areas * n_services * n_years * (LONGEST_WAIT + 1)],
            used: vec![(0.0, 0.0); n_areas * n_services * n_years],
            waiting: vec![0; n_areas * n_services],
            year_of_step,
        }
    }

    /// Somebody enters a state.
    #[inline]
    pub fn enter(&mut self, area: usize, from: Option<usize>, state: usize) {
        self.entries[area * self.n_states + state] += 1;
        if let Some(from) = from {
            let pair = usize::from(self.pair_of[from * self.n_states + state]);
            if let Some(count) = self.moves.get_mut(area * self.pairs.len() + pair)
                && pair < self.pairs.len()
            {
                *count += 1;
            }
        }
    }

    /// Somebody is kept by a state.
    pub fn enter_stock(&mut self, area: usize, state: usize) {
        self.stock[area * self.n_states + state] += 1;
    }

    /// Somebody leaves the state that kept them.
    pub fn leave_stock(&mut self, area: usize, state: usize) {
        self.stock[area * self.n_states + state] -= 1;
    }

    /// Everybody in every stock.
    pub fn stock_total(&self) -> i64 {
        self.stock.iter().map(|&n| i64::from(n)).sum()
    }

    /// Somebody leaves the model by an exit.
    pub fn departure(&mut self, area: usize, state: usize, exit: usize) {
        if let Some(index) = self.exits.iter().position(|&e| e == (state, exit)) {
            self.departures[area * self.exits.len() + index] += 1;
        }
    }

    /// Somebody dies.
    pub fn die(&mut self, area: usize) {
        self.deaths[area] += 1;
    }

    /// Somebody's needs are drawn.
    pub fn arise(&mut self, area: usize, needs: u8) {
        for need in 0..self.n_needs {
            self.arising[area * self.n_needs + need] += u32::from(needs >> need & 1);
        }
        self.by_number[area * (self.n_needs + 1) + needs.count_ones() as usize] += 1;
    }

    /// Something happens to somebody in a service.
    pub fn service(&mut self, area: usize, service: usize, what: usize) {
        self.flows[(area * self.n_services + service) * flow::N + what] += 1;
        self.waiting[area * self.n_services + service] += match what {
            flow::REFERRALS => 1,
            flow::STARTS | flow::GAVE_UP | flow::DROPPED_WAITING => -1,
            _ => 0,
        };
    }

    /// Somebody starts support after waiting.
    pub fn start(&mut self, area: usize, service: usize, now: Step, wait: Step) {
        self.service(area, service, flow::STARTS);
        if let Some(year) = self.year(now) {
            let cell = (area * self.n_services + service) * self.n_years + year;
            self.waits[cell * (LONGEST_WAIT + 1) + (wait.max(0) as usize).min(LONGEST_WAIT)] += 1;
        }
    }

    /// Somebody's clock starts: their index conviction, if it is their first of the year.
    pub fn index(&mut self, person: &mut Person, now: Step) {
        let Some(year) = self.year(now) else { return };
        if person.cohort != year as i16 {
            person.cohort = year as i16;
            person.cohort_step = now;
            person.in_cohort = true;
            self.cohort[usize::from(person.area) * self.n_years + year] += 1;
        }
    }

    /// Somebody is reconvicted in time, and counts for the year of their index conviction.
    pub fn reconvict(&mut self, area: usize, cohort: i16) {
        if let Ok(year) = usize::try_from(cohort) {
            self.reconvicted[area * self.n_years + year] += 1;
        }
    }

    fn year(&self, step: Step) -> Option<usize> {
        self.year_of_step
            .get(step.max(0) as usize)
            .and_then(|&year| usize::try_from(year).ok())
    }

    /// The run begins: what made the opening stock is not counted, only that it is there.
    pub fn open(&mut self) {
        self.clear();
        self.stock_before.clone_from(&self.stock);
    }

    /// The counters of the step are added to its month and its year, and cleared.
    pub fn close_step(&mut self, setting: &Setting, month: Month, now: Step, in_support: &[i32]) {
        let year = self.year(now);
        let forecast = usize::try_from(month.since(setting.plan.start)).ok();
        for area in 0..setting.plan.areas.len() {
            let values = self.month_values(setting, area, in_support);
            let base = area * setting.layout.n_slots;
            let mut values = values.into_iter();
            let mut value = 0.0;
            for series in &setting.layout.series {
                if series.is_monthly {
                    // A monthly series follows its yearly twin and holds the same number.
                    let slot = forecast.filter(|period| *period < series.n_periods);
                    if let Some(sum) =
                        slot.map(|period| &mut self.sums[base + series.offset + period])
                    {
                        // A month of several steps has the sum of their flows and the last of their stocks.
                        *sum = if series.is_flow { *sum + value } else { value };
                    }
                    continue;
                }
                value = values.next().unwrap_or(0.0);
                if let Some(year) = year {
                    self.sums[base + series.offset + year] += if series.is_flow {
                        value
                    } else {
                        value / self.n_steps_of_year[year]
                    };
                }
            }
            if let Some(year) = year {
                self.add_use(setting, area, year, month, in_support);
            }
        }
        self.stock_before.clone_from(&self.stock);
        self.clear();
    }

    fn clear(&mut self) {
        for counters in [
            &mut self.entries,
            &mut self.moves,
            &mut self.departures,
            &mut self.arising,
            &mut self.by_number,
            &mut self.flows,
            &mut self.deaths,
        ] {
            counters.fill(0);
        }
    }

    /// This month's number for every yearly series, in the order of the layout; 0 for those that are worked out at
    /// the end.
    fn month_values(&self, setting: &Setting, area: usize, in_support: &[i32]) -> Vec<f64> {
        let plan = setting.plan;
        let mut values: Vec<f64> = plan
            .measures
            .iter()
            .map(|m| self.measure(setting, area, m))
            .collect();
        if self.n_needs > 0 {
            values.extend(
                part(&self.arising, area, self.n_needs)
                    .iter()
                    .map(|&n| f64::from(n)),
            );
            values.extend(
                part(&self.by_number, area, self.n_needs + 1)
                    .iter()
                    .map(|&n| f64::from(n)),
            );
        }
        if plan.clock.is_some() {
            values.extend([0.0, 0.0, f64::from(self.deaths[area])]);
        }
        for service in 0..self.n_services {
            let count =
                |what| f64::from(self.flows[(area * self.n_services + service) * flow::N + what]);
            let waiting = f64::from(self.waiting[area * self.n_services + service]);
            let supported = f64::from(in_support[service * plan.areas.len() + area]);
            values.extend([
                count(flow::REFERRALS),
                count(flow::DECLINED),
                count(flow::STARTS),
                count(flow::COMPLETIONS),
                count(flow::NEEDS_MET),
                count(flow::GAVE_UP),
                count(flow::DROPPED_WAITING) + count(flow::DROPPED_SUPPORT),
                waiting,
                supported,
                setting.places(service, area).round(),
                0.0,
                count(flow::DECLINED) + count(flow::GAVE_UP) + count(flow::DROPPED_WAITING),
                0.0,
                0.0,
                0.0,
                0.0,
            ]);
        }
        values
    }

    fn measure(&self, setting: &Setting, area: usize, measure: &Measure) -> f64 {
        match &measure.counts {
            Counts::Stock(states) => {
                let counted = (0..self.n_states).filter(|state| states[*state]);
                counted
                    .map(|state| {
                        let at = area * self.n_states + state;
                        let before = f64::from(self.stock_before[at]);
                        let after = f64::from(self.stock[at]);
                        let people = match measure.counted {
                            Counted::Start => before,
                            Counted::Middle => 0.5 * (before + after),
                            Counted::End => after,
                        };
                        people * weight(setting, area, measure, state)
                    })
                    .sum()
            }
            Counts::Entries(states) => {
                let here = part(&self.entries, area, self.n_states);
                let counted = here.iter().enumerate().filter(|(state, _)| states[*state]);
                counted
                    .map(|(state, &n)| f64::from(n) * weight(setting, area, measure, state))
                    .sum()
            }
            Counts::Moves(pairs) => {
                let here = part(&self.moves, area, self.pairs.len());
                let counted = self
                    .pairs
                    .iter()
                    .zip(here)
                    .filter(|(pair, _)| pairs.contains(pair));
                counted
                    .map(|(pair, &n)| f64::from(n) * weight(setting, area, measure, pair.1))
                    .sum()
            }
            Counts::Departures(exits) => {
                let here = part(&self.departures, area, self.exits.len());
                let counted = self
                    .exits
                    .iter()
                    .zip(here)
                    .filter(|(exit, _)| exits.contains(exit));
                counted.map(|(_, &n)| f64::from(n)).sum()
            }
        }
    }

    /// People in support and places of the pool that serves an area, for its occupancy.
    fn add_use(
        &mut self,
        setting: &Setting,
        area: usize,
        year: usize,
        month: Month,
        in_support: &[i32],
    ) {
        let n_areas = setting.plan.areas.len();
        for service in 0..self.n_services {
            let pool = setting.pool(service, area, month);
            let members = (0..n_areas).filter(|&other| setting.pool(service, other, month) == pool);
            let cell = &mut self.used[(area * self.n_services + service) * self.n_years + year];
            for member in members {
                cell.0 += f64::from(in_support[service * n_areas + member]);
                cell.1 += setting.places(service, member).round();
            }
        }
    }

    /// Writes the numbers of this world into an option's part of a trajectory, and of the sum of the areas.
    pub fn write(&self, setting: &Setting, option: usize, values: &mut [f32]) {
        let layout = setting.layout;
        let n_areas = setting.plan.areas.len();
        let months = setting.plan.step.months();
        for out in 0..layout.n_areas {
            let members: Vec<usize> = if out < n_areas {
                vec![out]
            } else {
                (0..n_areas).collect()
            };
            for (index, series) in layout.series.iter().enumerate() {
                for period in 0..series.n_periods {
                    let at = series.offset + period;
                    let sum = || {
                        members
                            .iter()
                            .map(|&area| self.sums[area * layout.n_slots + at])
                            .sum::<f64>()
                    };
                    let service = || self.service_of(setting, &series.breakdown);
                    let value = match series.measure.as_str() {
                        "reconviction_cohort" => self.over(&self.cohort, &members, period),
                        "reconviction_rate" if !is_followed(setting, period) => f64::NAN,
                        "reconviction_rate" => ratio(
                            self.over(&self.reconvicted, &members, period),
                            self.over(&self.cohort, &members, period),
                        ),
                        "occupancy" => self.occupancy(&members, service(), period),
                        "wait_months_mean" => months * self.wait(&members, service(), period, None),
                        "wait_months_p50" => {
                            months * self.wait(&members, service(), period, Some(0.5))
                        }
                        "wait_months_p90" => {
                            months * self.wait(&members, service(), period, Some(0.9))
                        }
                        "share_who_wait" => self.share_who_wait(&members, service(), period),
                        _ => sum(),
                    };
                    values[layout.at(option, out, index, period)] = value as f32;
                }
            }
        }
    }

    fn service_of(&self, setting: &Setting, breakdown: &str) -> usize {
        let id = breakdown.strip_prefix("service=").unwrap_or_default();
        setting
            .plan
            .services
            .iter()
            .position(|service| service.id == id)
            .unwrap_or(0)
    }

    fn over(&self, counts: &[u32], members: &[usize], year: usize) -> f64 {
        members
            .iter()
            .map(|&area| f64::from(counts[area * self.n_years + year]))
            .sum()
    }

    fn occupancy(&self, members: &[usize], service: usize, year: usize) -> f64 {
        let cells = members
            .iter()
            .map(|&area| self.used[(area * self.n_services + service) * self.n_years + year]);
        let (used, places) = cells.fold((0.0, 0.0), |sum, cell| (sum.0 + cell.0, sum.1 + cell.1));
        ratio(used, places)
    }

    /// The share of those who started in a year who waited for at least a step.
    fn share_who_wait(&self, members: &[usize], service: usize, year: usize) -> f64 {
        let counts = self.wait_counts(members, service, year);
        ratio(
            counts[1..].iter().sum::<u64>() as f64,
            counts.iter().sum::<u64>() as f64,
        )
    }

    /// How many of those who started in a year waited how many steps.
    fn wait_counts(
        &self,
        members: &[usize],
        service: usize,
        year: usize,
    ) -> [u64; LONGEST_WAIT + 1] {
        let mut counts = [0u64; LONGEST_WAIT + 1];
        for &area in members {
            let cell = (area * self.n_services + service) * self.n_years + year;
            let waits = part(&self.waits, cell, LONGEST_WAIT + 1);
            for (count, &more) in counts.iter_mut().zip(waits) {
                *count += u64::from(more);
            }
        }
        counts
    }

    /// The mean wait in steps of those who started in a year, or the wait that this share of them did not exceed.
    fn wait(&self, members: &[usize], service: usize, year: usize, share: Option<f64>) -> f64 {
        let counts = self.wait_counts(members, service, year);
        let n: u64 = counts.iter().sum();
        let Some(share) = share else {
            let sum: u64 = counts
                .iter()
                .enumerate()
                .map(|(wait, &count)| wait as u64 * count)
                .sum();
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
fn is_followed(setting: &Setting, year: usize) -> bool {
    let clock = setting.plan.clock.as_ref();
    let months = clock.map_or(0.0, |clock| clock.within * setting.plan.step.months());
    let months = months.ceil() as i32;
    let year_end = setting.layout.years[year].first_month().plus(12);
    year_end.plus(months) <= setting.plan.end
}

/// Not a number where nothing was counted: an empty cell in every table, never a nought.
fn ratio(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { f64::NAN }
}

fn part<T>(all: &[T], index: usize, length: usize) -> &[T] {
    &all[index * length..(index + 1) * length]
}

fn weight(setting: &Setting, area: usize, measure: &Measure, state: usize) -> f64 {
    let factors = measure
        .weights
        .iter()
        .filter(|(entered, _)| *entered == state);
    factors
        .map(|&(_, quantity)| setting.value(quantity, Stratum { area, ..FIRST }))
        .product()
}

fn pairs(plan: &Plan) -> Vec<(usize, usize)> {
    let mut pairs: Vec<_> = plan
        .measures
        .iter()
        .filter_map(|m| {
            if let Counts::Moves(pairs) = &m.counts {
                Some(pairs.clone())
            } else {
                None
            }
        })
        .flatten()
        .collect();
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

fn pair_index(pairs: &[(usize, usize)], n_states: usize) -> Vec<u16> {
    let mut index = vec![u16::MAX; n_states * n_states];
    for (pair, &(from, to)) in pairs.iter().enumerate() {
        index[from * n_states + to] = pair as u16;
    }
    index
}

fn counted_exits(plan: &Plan) -> Vec<(usize, usize)> {
    let mut exits: Vec<_> = plan
        .measures
        .iter()
        .filter_map(|m| {
            if let Counts::Departures(exits) = &m.counts {
                Some(exits.clone())
            } else {
                None
            }
        })
        .flatten()
        .collect();
    exits.sort_unstable();
    exits.dedup();
    exits
}
