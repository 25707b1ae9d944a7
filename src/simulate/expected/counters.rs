//! What is expected to be counted, laid out as trajectories are.

use super::lanes::Lane;
use super::values::{FIRST, Timeline};
use std::sync::Arc;

use crate::compile::{Account, Counted, Counts, Measure, Plan, Stratum, tells_sets};
use crate::simulate::Layout;

/// Expected counts of a part of the people, by area; parts add up.
#[derive(Debug, Clone)]
pub(super) struct Counters {
    n_areas: usize,
    /// From and to: the areas in which somebody is counted.
    areas: std::ops::Range<usize>,
    n_states: usize,
    n_needs: usize,
    /// `[area][state]`, at the end of the step.
    stock: Vec<f64>,
    stock_before: Vec<f64>,
    entries: Vec<f64>,
    /// By state: whether a measure counts entries into it.
    is_entered: Vec<bool>,
    /// `(from, to)` pairs that a measure counts.
    pairs: Vec<(usize, usize)>,
    moves: Vec<f64>,
    /// `(state, exit)` pairs that a measure counts.
    exits: Vec<(usize, usize)>,
    departures: Vec<f64>,
    /// `[area][need, then number of needs]`.
    arising: Vec<f64>,
    deaths: Vec<f64>,
    /// `[area][slot]`.
    sums: Vec<f64>,
    /// `[area][year]`.
    cohort: Vec<f64>,
    reconvicted: Vec<f64>,
    /// By step: the year of the layout, where it is a whole one of the run.
    year_of_step: Vec<Option<usize>>,
    n_steps_of_year: Vec<f64>,
    /// By account that is kept and step of the forecast.
    moments: Arc<Vec<(Account, Vec<[f64; 2]>)>>,
}

impl Counters {
    /// Nothing counted.
    pub fn new(plan: &Plan, layout: &Layout) -> Counters {
        let (n_areas, n_states, n_needs) = (plan.areas.len(), plan.states.len(), plan.needs.len());
        let (pairs, exits) = counted(plan);
        let n_years = layout.years.len();
        let first = layout.years.first().map_or(0, |year| year.first_year());
        let year = |step: i32| {
            let year = plan.month_of(step).financial_year().first_year() - first;
            usize::try_from(year).ok().filter(|year| *year < n_years)
        };
        let year_of_step: Vec<Option<usize>> = (0..plan.n_steps()).map(year).collect();
        let steps_in = |year: usize| year_of_step.iter().filter(|of| **of == Some(year)).count();
        Counters {
            n_areas,
            areas: 0..n_areas,
            n_states,
            n_needs,
            stock: vec![0.0; n_areas * n_states],
            stock_before: vec![0.0; n_areas * n_states],
            entries: vec![0.0; n_areas * n_states],
            is_entered: (0..n_states).map(|state| is_entered(plan, state)).collect(),
            moves: vec![0.0; n_areas * pairs.len()],
            pairs,
            departures: vec![0.0; n_areas * exits.len()],
            exits,
            arising: vec![0.0; n_areas * n_arising(n_needs)],
            deaths: vec![0.0; n_areas],
            sums: vec![0.0; n_areas * layout.n_slots],
            cohort: vec![0.0; n_areas * n_years],
            reconvicted: vec![0.0; n_areas * n_years],
            n_steps_of_year: (0..n_years)
                .map(|year| steps_in(year).max(1) as f64)
                .collect(),
            year_of_step,
            moments: Arc::new(moments(plan, layout)),
        }
    }

    /// Only people of these lanes will be counted.
    pub fn only(&mut self, lanes: &[Lane]) {
        let areas = || lanes.iter().map(|lane| lane.area);
        self.areas = areas().min().unwrap_or(0)..areas().max().map_or(0, |last| last + 1);
    }

    /// Adds what another part counted.
    pub fn add(&mut self, other: &Counters) {
        for (mine, theirs) in [
            (&mut self.sums, &other.sums),
            (&mut self.cohort, &other.cohort),
            (&mut self.reconvicted, &other.reconvicted),
        ] {
            for (sum, part) in mine.iter_mut().zip(theirs) {
                *sum += part;
            }
        }
    }

    /// The year of the layout that a step belongs to.
    pub fn year(&self, step: i32) -> Option<usize> {
        *self.year_of_step.get(step.max(0) as usize)?
    }

    /// Whether a measure counts entries into a state.
    pub fn counts_entries(&self, state: usize) -> bool {
        self.is_entered[state]
    }

    /// People enter a state, by lane.
    pub fn enter(&mut self, lanes: &[Lane], state: usize, people: &[f64]) {
        for (lane, people) in lanes.iter().zip(people) {
            self.entries[lane.area * self.n_states + state] += people;
        }
    }

    /// People are in a state at the end of the step, by lane.
    pub fn stay(&mut self, lanes: &[Lane], state: usize, people: &[f64]) {
        for (lane, people) in lanes.iter().zip(people) {
            self.stock[lane.area * self.n_states + state] += people;
        }
    }

    /// Which counter a move has, if a measure counts it.
    pub fn pair(&self, from: usize, to: usize) -> Option<usize> {
        self.pairs.binary_search(&(from, to)).ok()
    }

    /// People move, by lane.
    pub fn step(&mut self, lanes: &[Lane], pair: usize, people: &[f64]) {
        for (lane, people) in lanes.iter().zip(people) {
            self.moves[lane.area * self.pairs.len() + pair] += people;
        }
    }

    /// Which counter a departure has, if a measure counts it.
    pub fn exit(&self, state: usize, exit: usize) -> Option<usize> {
        self.exits.binary_search(&(state, exit)).ok()
    }

    /// People leave the model, by lane.
    pub fn depart(&mut self, lanes: &[Lane], exit: usize, people: &[f64]) {
        for (lane, people) in lanes.iter().zip(people) {
            self.departures[lane.area * self.exits.len() + exit] += people;
        }
    }

    /// People die, by lane.
    pub fn die(&mut self, lanes: &[Lane], people: &[f64]) {
        for (lane, people) in lanes.iter().zip(people) {
            self.deaths[lane.area] += people;
        }
    }

    /// People arise with needs, by lane: `which` counts the needs, then the numbers of needs, then their sets.
    pub fn arise(&mut self, lanes: &[Lane], which: usize, people: &[f64]) {
        for (lane, people) in lanes.iter().zip(people) {
            self.arising[lane.area * n_arising(self.n_needs) + which] += people;
        }
    }

    /// People join a year's cohort.
    pub fn index(&mut self, area: usize, year: usize, people: f64) {
        let n_years = self.cohort.len() / self.n_areas;
        self.cohort[area * n_years + year] += people;
    }

    /// People of a year's cohort are reconvicted in time, by lane.
    pub fn reconvict(&mut self, lanes: &[Lane], year: usize, people: &[f64]) {
        let n_years = self.cohort.len() / self.n_areas;
        for (lane, people) in lanes.iter().zip(people) {
            self.reconvicted[lane.area * n_years + year] += people;
        }
    }

    /// The run begins: what made the opening people is not counted, only that they are there.
    pub fn open(&mut self) {
        let stock = std::mem::take(&mut self.stock);
        self.clear();
        self.stock = vec![0.0; stock.len()];
        self.stock_before = stock;
    }

    /// Adds the step to its month and its year, and clears it.
    pub fn close_step(&mut self, timeline: &Timeline, layout: &Layout, step: i32) {
        let plan = timeline.plan;
        let year = self.year(step);
        let forecast = usize::try_from(plan.month_of(step).since(plan.start)).ok();
        let snapshot = timeline.snapshot_at(step);
        for area in self.areas.clone() {
            let values = self.step_values(timeline, snapshot, area);
            let base = area * layout.n_slots;
            let (mut values, mut value) = (values.into_iter(), 0.0);
            let mut n_yearly = 0;
            for series in &layout.series {
                if let Some(account) = series.account {
                    let measure = &plan.measures[n_yearly - 1];
                    let moments = self.moments_at(account, step - plan.step_of(plan.start));
                    if let (Some(moments), Some(year)) = (moments, year) {
                        let value = self.measure((timeline, snapshot), area, measure, moments);
                        let steps = if series.is_flow {
                            1.0
                        } else {
                            self.n_steps_of_year[year]
                        };
                        // By month, or by the year that is one step.
                        let period = if series.is_monthly {
                            forecast.unwrap_or(0)
                        } else {
                            year
                        };
                        self.sums[base + series.offset + period] += value / steps;
                    }
                    continue;
                }
                if series.is_monthly {
                    // A monthly series follows its yearly twin and holds the same number.
                    let period = forecast.filter(|period| *period < series.n_periods);
                    if let Some(period) = period {
                        let sum = &mut self.sums[base + series.offset + period];
                        // A month of several steps has the sum of their flows and the last of their stocks.
                        *sum = if series.is_flow { *sum + value } else { value };
                    }
                    continue;
                }
                n_yearly += 1;
                value = values.next().unwrap_or(0.0);
                if let Some(year) = year {
                    let steps = if series.is_flow {
                        1.0
                    } else {
                        self.n_steps_of_year[year]
                    };
                    self.sums[base + series.offset + year] += value / steps;
                }
            }
        }
        std::mem::swap(&mut self.stock, &mut self.stock_before);
        self.clear();
    }

    fn clear(&mut self) {
        for counters in [
            &mut self.stock,
            &mut self.entries,
            &mut self.moves,
            &mut self.departures,
            &mut self.arising,
            &mut self.deaths,
        ] {
            counters.fill(0.0);
        }
    }

    fn step_values(&self, timeline: &Timeline, snapshot: usize, area: usize) -> Vec<f64> {
        let plan = timeline.plan;
        let measures = plan.measures.iter();
        let mut values: Vec<f64> = measures
            .map(|measure| self.measure((timeline, snapshot), area, measure, [1.0; 2]))
            .collect();
        if self.n_needs > 0 {
            values.extend(part(&self.arising, area, n_arising(self.n_needs)));
        }
        if plan.clock.is_some() {
            // The cohort and its rate are worked out at the end.
            values.extend([0.0, 0.0, self.deaths[area]]);
        }
        values
    }

    /// By what an account multiplies a step of the forecast.
    fn moments_at(&self, account: Account, step: i32) -> Option<[f64; 2]> {
        let known = self.moments.iter().find(|(known, _)| *known == account);
        let (_, moments) = known?;
        moments.get(usize::try_from(step).ok()?).copied()
    }

    /// A measure in the step, what is counted at its start times the first of `moments` and what is counted at its end
    /// times the second.
    fn measure(
        &self,
        (timeline, snapshot): (&Timeline, usize),
        area: usize,
        measure: &Measure,
        [start, end]: [f64; 2],
    ) -> f64 {
        let weight = |state: usize| -> f64 {
            let factors = measure
                .weights
                .iter()
                .filter(|(entered, _)| *entered == state);
            let stratum = Stratum { area, ..FIRST };
            factors
                .map(|&(_, quantity)| timeline.value(snapshot, quantity, stratum))
                .product()
        };
        let is_in = |states: &[bool], state: usize| states.get(state).copied().unwrap_or(false);
        match &measure.counts {
            Counts::Stock(states) => {
                let counted = (0..self.n_states).filter(|state| is_in(states, *state));
                counted
                    .map(|state| {
                        let at = area * self.n_states + state;
                        let (before, after) = (start * self.stock_before[at], end * self.stock[at]);
                        let people = match measure.counted {
                            Counted::Start => before,
                            Counted::Middle => 0.5 * (before + after),
                            Counted::End => after,
                        };
                        people * weight(state)
                    })
                    .sum()
            }
            Counts::Entries(states) => {
                let here = part(&self.entries, area, self.n_states).iter().enumerate();
                here.filter(|(state, _)| is_in(states, *state))
                    .map(|(state, n)| end * n * weight(state))
                    .sum()
            }
            Counts::Moves(pairs) => {
                let here = part(&self.moves, area, self.pairs.len());
                let counted = self.pairs.iter().zip(here);
                counted
                    .filter(|(pair, _)| pairs.contains(pair))
                    .map(|(pair, n)| end * n * weight(pair.1))
                    .sum()
            }
            Counts::Departures(exits) => {
                let here = part(&self.departures, area, self.exits.len());
                let counted = self.exits.iter().zip(here);
                counted
                    .filter(|(exit, _)| exits.contains(exit))
                    .map(|(_, n)| end * n)
                    .sum()
            }
        }
    }

    /// Writes the numbers into an option's part of a row, and their sum over the areas. What is a ratio is the ratio
    /// of expectations.
    pub fn write(&self, plan: &Plan, layout: &Layout, option: usize, values: &mut [f64]) {
        let n_years = layout.years.len();
        for out in 0..layout.n_areas {
            let members = if out < self.n_areas {
                out..out + 1
            } else {
                0..self.n_areas
            };
            let over = |counts: &[f64], year: usize| -> f64 {
                members
                    .clone()
                    .map(|area| counts[area * n_years + year])
                    .sum()
            };
            for (index, series) in layout.series.iter().enumerate() {
                for period in 0..series.n_periods {
                    let value = match series.measure.as_str() {
                        "reconviction_cohort" => over(&self.cohort, period),
                        "reconviction_rate" if !is_followed(plan, layout, period) => f64::NAN,
                        "reconviction_rate" => {
                            let cohort = over(&self.cohort, period);
                            // Nobody followed has no rate: an empty cell, never a nought.
                            if cohort > 0.0 {
                                over(&self.reconvicted, period) / cohort
                            } else {
                                f64::NAN
                            }
                        }
                        _ => {
                            let at = series.offset + period;
                            let each = members.clone();
                            each.map(|area| self.sums[area * layout.n_slots + at]).sum()
                        }
                    };
                    values[layout.at(option, out, index, period)] = value;
                }
            }
        }
    }
}

/// By what each account that is kept multiplies the steps of the forecast.
fn moments(plan: &Plan, layout: &Layout) -> Vec<(Account, Vec<[f64; 2]>)> {
    let mut kept: Vec<(Account, Vec<[f64; 2]>)> = Vec::new();
    for account in layout.series.iter().filter_map(|series| series.account) {
        if kept.iter().all(|(known, _)| *known != account) {
            kept.push((account, plan.moments(account)));
        }
    }
    kept
}

/// Whether the run goes on long enough to follow everybody of a year's cohort for the published time.
pub(super) fn is_followed(plan: &Plan, layout: &Layout, year: usize) -> bool {
    let months = plan
        .clock
        .as_ref()
        .map_or(0.0, |clock| clock.within * plan.step.months());
    let months = months.ceil() as i32;
    layout.years[year].first_month().plus(12 + months) <= plan.end
}

fn part(all: &[f64], index: usize, length: usize) -> &[f64] {
    &all[index * length..(index + 1) * length]
}

/// Whether a measure counts entries into a state.
fn is_entered(plan: &Plan, state: usize) -> bool {
    plan.measures.iter().any(|measure| match &measure.counts {
        Counts::Entries(states) => states.get(state).copied().unwrap_or(false),
        _ => false,
    })
}

type Pairs = Vec<(usize, usize)>;

/// The moves and the departures that any measure counts.
fn counted(plan: &Plan) -> (Pairs, Pairs) {
    let (mut moves, mut departures) = (Pairs::new(), Pairs::new());
    for measure in &plan.measures {
        match &measure.counts {
            Counts::Moves(pairs) => moves.extend(pairs),
            Counts::Departures(exits) => departures.extend(exits),
            Counts::Stock(_) | Counts::Entries(_) => {}
        }
    }
    for pairs in [&mut moves, &mut departures] {
        pairs.sort_unstable();
        pairs.dedup();
    }
    (moves, departures)
}

/// How many numbers are counted of people who arise with needs: of each need, of each number of them, of each set.
pub fn n_arising(n_needs: usize) -> usize {
    let n_sets = if tells_sets(n_needs) { 1 << n_needs } else { 0 };
    2 * n_needs + 1 + n_sets
}
