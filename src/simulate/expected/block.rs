//! A block of lanes, lived from the beginning of the run to its end under every option.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::arrivals;
use super::counters::{Counters, is_followed};
use super::crowd::{Crowd, Month, Role, Starts};
use super::kernel::Kernels;
use super::lanes::{Lane, Telling};
use super::numbers::{Laws, Maker, Numbers, Shape};
use super::program::Program;
use super::values::Timeline;
use crate::simulate::Layout;

/// What every block of a row reads.
pub(super) struct Question<'a> {
    /// The places.
    pub program: &'a Program,
    /// What makes a difference after arrival.
    pub telling: Telling,
    /// Values before any option differs, then of each option that does.
    pub timelines: &'a [Timeline<'a>],
    /// By option: its timeline.
    pub timeline_of: &'a [usize],
    /// Where values stand.
    pub layout: &'a Layout,
    /// Shared kernels.
    pub kernels: &'a Kernels,
    /// By state: whether a date rescales its present stays under any option.
    pub is_rescaled: &'a [bool],
}

/// Expected people of a block of lanes at the end of a month.
#[derive(Clone)]
pub(super) struct Block<'a> {
    question: &'a Question<'a>,
    lanes: &'a [Lane],
    shape: Shape,
    now: i32,
    ages: Vec<usize>,
    numbers: Arc<Numbers>,
    snapshot: (usize, usize),
    history: Vec<Arc<Numbers>>,
    all: Crowd,
    /// Those who have been convicted in the cohort's year, where a clock follows cohorts.
    tagged: Option<(Option<usize>, Crowd)>,
    followed: Vec<(i32, Crowd)>,
}

impl<'a> Block<'a> {
    /// The block when the run begins, with its opening people.
    pub fn new(question: &'a Question<'a>, lanes: &'a [Lane]) -> Block<'a> {
        let plan = question.timelines[0].plan;
        let bands = &plan.strata.priors;
        let n_priors = match (question.telling.priors, bands.last()) {
            (true, Some(last)) => last.from as usize + 1,
            _ => 1,
        };
        let band_of = |number: usize| bands.iter().rposition(|band| number >= band.from as usize);
        let shape = Shape {
            n_lanes: lanes.len(),
            n_priors,
            bands: (0..n_priors).map(|number| band_of(number).unwrap_or(0)).collect(),
            n_bands: bands.len().max(1),
        };
        let mut block = Block {
            question,
            lanes,
            shape,
            now: 0,
            ages: Vec::new(),
            numbers: Arc::default(),
            snapshot: (usize::MAX, 0),
            history: Vec::new(),
            all: Crowd::new(question.program, Role::All),
            tagged: plan
                .clock
                .is_some()
                .then(|| (None, Crowd::new(question.program, Role::Tagged))),
            followed: Vec::new(),
        };
        block.refresh(0);
        block.open();
        block
    }

    fn maker<'b>(&'b self, timeline: usize) -> Maker<'b>
    where
        'a: 'b,
    {
        Maker {
            program: self.question.program,
            timeline: &self.question.timelines[timeline],
            shape: &self.shape,
            lanes: self.lanes,
            kernels: self.question.kernels,
            is_rescaled: self.question.is_rescaled,
        }
    }

    fn open(&mut self) {
        let timeline = &self.question.timelines[0];
        for (state, held) in self.question.program.openings.iter().enumerate() {
            let (Some(held), Some(opening)) = (held, &timeline.plan.states[state].opening) else {
                continue;
            };
            let telling = self.question.telling;
            let people = arrivals::opening(timeline, telling, &self.shape, self.lanes, opening);
            let laws = self.maker(0).laws(0, &self.ages, state, true);
            self.all.open(&self.shape, *held, people, laws);
        }
    }

    /// Brings the chances to this month, if a date or a birthday changes them.
    fn refresh(&mut self, timeline: usize) {
        let values = &self.question.timelines[timeline];
        let snapshot = (timeline, values.snapshot_at(self.now));
        let age = |lane: &Lane| lane.age(values.plan, self.now);
        let ages: Vec<usize> = self.lanes.iter().map(age).collect();
        if snapshot != self.snapshot || ages != self.ages {
            self.numbers = Arc::new(self.maker(timeline).numbers(snapshot.1, &ages));
            self.snapshot = snapshot;
            self.ages = ages;
        }
    }

    /// Lives on until (not including) a step, under a timeline.
    pub fn live_until(&mut self, timeline: usize, step: i32, counters: &mut Counters) {
        while self.now < step {
            self.live_month(timeline, counters);
            let values = &self.question.timelines[timeline];
            let month = values.plan.history_from.plus(self.now);
            counters.close_month(values, self.question.layout, self.now, month);
            self.now += 1;
        }
    }

    fn live_month(&mut self, timeline: usize, counters: &mut Counters) {
        self.refresh(timeline);
        self.history.push(self.numbers.clone());
        let (numbers, history) = (self.numbers.clone(), std::mem::take(&mut self.history));
        let (shape, question) = (self.shape.clone(), self.question);
        let values = &question.timelines[timeline];
        let month = Month {
            plan: values.plan,
            program: question.program,
            shape: &shape,
            lanes: self.lanes,
            numbers: &numbers,
            history: &history,
            now: self.now,
        };
        self.rescale(&month, timeline);
        let year = counters.year(self.now);
        self.all.release(&month, counters);
        for (inflow, &entry) in values.plan.inflows.iter().zip(&question.program.inflows) {
            let people =
                arrivals::arriving(values, question.telling, &shape, self.lanes, inflow, self.now);
            self.all.arrive(entry, &people);
        }
        self.all.settle(&month, year, counters);
        self.follow(&month, year, counters);
        self.all.count(&month, counters);
        self.history = history;
    }

    /// The cohorts: who is convicted for the first time in a year, and who of them is reconvicted in time.
    fn follow(&mut self, month: &Month, year: Option<usize>, counters: &mut Counters) {
        let Some((of_year, tagged)) = &mut self.tagged else {
            return;
        };
        let within = month.plan.clock.as_ref().map_or(0.0, |clock| clock.within_months);
        let now = month.now;
        self.followed.retain(|(since, _)| f64::from(now - since) <= within);
        for (_, crowd) in &mut self.followed {
            crowd.release(month, counters);
            crowd.settle(month, year, counters);
        }
        if year.is_some() && *of_year != year {
            tagged.clear();
            *of_year = year;
        }
        tagged.release(month, counters);
        if let Some(year) = year {
            for (&held, people) in &self.all.starts {
                tagged.keep(month, held, 0, people.clone());
            }
            tagged.settle(month, Some(year), counters);
            let new = difference(&self.all.starts, &tagged.starts);
            let mut crowd = Crowd::new(month.program, Role::Followed(year));
            for (held, people) in new {
                for (at, people) in people.iter().enumerate() {
                    let lane = at % month.shape.n_lanes;
                    counters.index(month.lanes[lane].area, year, *people);
                }
                crowd.keep(month, held, 0, people);
            }
            crowd.settle(month, Some(year), counters);
            if is_followed(month.plan, self.question.layout, year) {
                self.followed.push((now, crowd));
            }
        } else {
            tagged.settle(month, None, counters);
        }
    }

    /// A date that reaches everyone multiplies whole stays.
    fn rescale(&mut self, month: &Month, timeline: usize) {
        let values = &self.question.timelines[timeline];
        let snapshot = &values.snapshots[values.snapshot_at(self.now)];
        if snapshot.from != self.now || snapshot.reached.is_empty() {
            return;
        }
        let (lanes, ages, kernels) = (self.lanes, &self.ages, self.question.kernels);
        let date = month.plan.history_from.plus(self.now);
        let ratio = |state: usize, number: usize, lane: usize| {
            let stratum = crate::compile::Stratum {
                area: lanes[lane].area,
                sex: lanes[lane].sex,
                age: ages[lane],
                priors: month.shape.bands[number],
            };
            values.everyone_ratio(state, stratum, date)
        };
        let mut known: BTreeMap<(usize, usize, usize, u64), _> = BTreeMap::new();
        let mut laws: Vec<(Arc<Laws>, usize, Arc<Laws>)> = Vec::new();
        let mut new_laws = |state: usize, old: &Arc<Laws>, age: usize| {
            let same = |(law, months, _): &&(Arc<Laws>, usize, _)| Arc::ptr_eq(law, old) && *months == age;
            if let Some((_, _, new)) = laws.iter().find(same) {
                return new.clone();
            }
            let new = Arc::new(Laws::new(month.shape, |number, lane| {
                let kernel = old.kernel(number * month.shape.n_lanes + lane);
                let ratio = ratio(state, number, lane);
                let key = (Arc::as_ptr(kernel) as usize, age, state, ratio.to_bits());
                let make = || kernels.rescaled(kernel, age, ratio);
                known.entry(key).or_insert_with(make).clone()
            }));
            laws.push((old.clone(), age, new.clone()));
            new
        };
        let tagged = self.tagged.as_mut().map(|(_, crowd)| crowd);
        let followed = self.followed.iter_mut().map(|(_, crowd)| crowd);
        for crowd in std::iter::once(&mut self.all).chain(tagged).chain(followed) {
            crowd.rescale(month, &snapshot.reached, &mut new_laws);
        }
    }
}

/// Those of the first who are not among the second.
fn difference(all: &Starts, some: &Starts) -> Starts {
    let mut left = all.clone();
    for (held, people) in some {
        if let Some(all) = left.get_mut(held) {
            for (left, people) in all.iter_mut().zip(people) {
                *left = (*left - people).max(0.0);
            }
        }
    }
    left
}
