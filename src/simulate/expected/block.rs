//! A block of lanes, lived from the beginning of the run to its end under every option.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::arrivals;
use super::counters::{Counters, is_followed};
use super::crowd::{Crowd, Month, Role, Starts};
use super::kernel::Kernels;
use super::lanes::{Age, Lane, Telling};
use super::numbers::{Laws, Maker, Numbers, Shape, stay_of};
use super::program::{Program, Start};
use super::values::Timeline;
use crate::compile::{Stay, Stratum};
use crate::simulate::Layout;

/// Numbers made before: blocks of the same areas, sexes and atoms share them when they are of the same age.
#[derive(Default)]
pub(super) struct Known(Mutex<BTreeMap<KnownKey, Arc<Numbers>>>);

/// Timeline, snapshot, which lanes, age band, and the share above it.
type KnownKey = (usize, usize, usize, usize, u64);

/// So many are kept; then they are made anew.
const MOST_KNOWN: usize = 600;

impl Known {
    fn or_make(&self, key: KnownKey, make: impl FnOnce() -> Numbers) -> Arc<Numbers> {
        let known = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = known().get(&key) {
            return found.clone();
        }
        let made = Arc::new(make());
        let mut known = known();
        if known.len() >= MOST_KNOWN {
            known.clear();
        }
        known.entry(key).or_insert(made).clone()
    }
}

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
    /// Numbers made before.
    pub known: &'a Known,
}

/// Expected people of a block of lanes at the end of a month.
#[derive(Clone)]
pub(super) struct Block<'a> {
    question: &'a Question<'a>,
    /// Which of the lanes of a birth these are.
    place: usize,
    lanes: &'a [Lane],
    shape: Shape,
    now: i32,
    ages: Vec<Age>,
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
    pub fn new(
        question: &'a Question<'a>,
        (place, lanes): (usize, &'a [Lane]),
        counters: &mut Counters,
    ) -> Block<'a> {
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
            bands: (0..n_priors)
                .map(|number| band_of(number).unwrap_or(0))
                .collect(),
            n_bands: bands.len().max(1),
        };
        let mut block = Block {
            question,
            place,
            lanes,
            shape,
            now: -1,
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
        block.open(counters);
        block
    }

    fn maker(&self, timeline: usize) -> Maker<'_> {
        maker(self.question, &self.shape, self.lanes, timeline)
    }

    /// The opening people: some enter in the step before the run, the others are there when it begins.
    fn open(&mut self, counters: &mut Counters) {
        let plan = self.question.timelines[0].plan;
        let mut entering = Vec::new();
        for (state, start) in self.question.program.openings.iter().enumerate() {
            let (Some(start), Some(opening)) = (start, &plan.states[state].opening) else {
                continue;
            };
            let (timeline, telling) = (&self.question.timelines[0], self.question.telling);
            let people = arrivals::opening(timeline, telling, &self.shape, self.lanes, opening);
            match *start {
                Start::Entering(entry) => entering.push((entry, people)),
                Start::There(held) => {
                    let age = |lane: &Lane| lane.age(plan, 0);
                    let ages: Vec<Age> = self.lanes.iter().map(age).collect();
                    let laws = self.maker(0).laws(0, &ages, (state, None), true);
                    self.all.open(&self.shape, held, people, laws);
                }
            }
        }
        self.step(0, counters, |all, _, _| {
            for (entry, people) in &entering {
                all.arrive(*entry, people);
            }
        });
        counters.open();
        self.now = 0;
    }

    /// Brings the chances to this month, if a date or a birthday changes them.
    fn refresh(&mut self, timeline: usize) {
        let values = &self.question.timelines[timeline];
        let snapshot = (timeline, values.snapshot_at(self.now));
        let age = |lane: &Lane| lane.age(values.plan, self.now);
        let ages: Vec<Age> = self.lanes.iter().map(age).collect();
        if snapshot != self.snapshot || ages != self.ages {
            let age = ages.first().copied().unwrap_or(Age {
                band: 0,
                above: 0.0,
            });
            let key = (
                timeline,
                snapshot.1,
                self.place,
                age.band,
                age.above.to_bits(),
            );
            let make = || self.maker(timeline).numbers(snapshot.1, &ages);
            self.numbers = self.question.known.or_make(key, make);
            self.snapshot = snapshot;
            self.ages = ages;
        }
    }

    /// Lives on until (not including) a step, under a timeline.
    pub fn live_until(&mut self, timeline: usize, step: i32, counters: &mut Counters) {
        let question = self.question;
        let values = &question.timelines[timeline];
        while self.now < step {
            let (shape, lanes, now) = (self.shape.clone(), self.lanes, self.now);
            self.step(timeline, counters, |all, month, counters| {
                all.release(month, counters);
                for (inflow, &entry) in values.plan.inflows.iter().zip(&question.program.inflows) {
                    let (telling, shape) = (question.telling, &shape);
                    let people = arrivals::arriving(values, telling, shape, lanes, inflow, now);
                    all.arrive(entry, &people);
                }
            });
            counters.close_step(values, question.layout, self.now);
            self.now += 1;
        }
    }

    /// A step in which some people begin to move, as `begin` says, and go on until they are kept.
    fn step(
        &mut self,
        timeline: usize,
        counters: &mut Counters,
        begin: impl Fn(&mut Crowd, &Month, &mut Counters),
    ) {
        self.refresh(timeline);
        self.history.push(self.numbers.clone());
        let (numbers, history) = (self.numbers.clone(), std::mem::take(&mut self.history));
        let (shape, question) = (self.shape.clone(), self.question);
        let values = &question.timelines[timeline];
        let maker = maker(question, &shape, self.lanes, timeline);
        let snapshot = values.snapshot_at(self.now);
        // A chance is of the whole step, and so of the age at its beginning.
        let younger = |lane: &Lane| lane.age(values.plan, self.now - 1);
        let before: Vec<Age> = self.lanes.iter().map(younger).collect();
        let leaving = |state, needs, n| maker.leaving(snapshot, &before, state, needs, n);
        let month = Month {
            plan: values.plan,
            program: question.program,
            shape: &shape,
            lanes: self.lanes,
            numbers: &numbers,
            history: &history,
            leaving: &leaving,
            now: self.now,
        };
        self.rescale(&month, timeline);
        let year = counters.year(self.now);
        begin(&mut self.all, &month, counters);
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
        let within = month.plan.clock.as_ref().map_or(0.0, |clock| clock.within);
        let now = month.now;
        self.followed
            .retain(|(since, _)| f64::from(now - since) <= within);
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

    /// A date that reaches everyone multiplies whole stays, or has them read anew from a table.
    fn rescale(&mut self, month: &Month, timeline: usize) {
        let values = &self.question.timelines[timeline];
        let snapshot = &values.snapshots[values.snapshot_at(self.now)];
        if snapshot.from != self.now || snapshot.reached.is_empty() {
            return;
        }
        let (lanes, ages, kernels) = (self.lanes, &self.ages, self.question.kernels);
        let (now, n_lanes) = (self.now, month.shape.n_lanes);
        let mut known: BTreeMap<(usize, usize, usize, u64), _> = BTreeMap::new();
        let mut laws: Vec<(Arc<Laws>, usize, Arc<Laws>)> = Vec::new();
        let mut new_laws = |place: (usize, Option<usize>), old: &Arc<Laws>, age: usize| {
            let same =
                |(law, steps, _): &&(Arc<Laws>, usize, _)| Arc::ptr_eq(law, old) && *steps == age;
            if let Some((_, _, new)) = laws.iter().find(same) {
                return new.clone();
            }
            let stay = stay_of(month.plan, place);
            let new = Arc::new(Laws::new(month.shape, |number, lane| {
                let at = number * n_lanes + lane;
                let kernel = old.kernel(at);
                let stratum = Stratum {
                    area: lanes[lane].area,
                    sex: lanes[lane].sex,
                    age: ages[lane].band,
                    priors: month.shape.bands[number],
                };
                if let (Stay::Listed(_), Some(new)) = (stay, month.numbers.laws.get(&place)) {
                    let key = (
                        Arc::as_ptr(kernel) as usize,
                        age,
                        Arc::as_ptr(new.kernel(at)) as usize,
                        0,
                    );
                    let make = || kernels.reread(kernel, new.kernel(at), age);
                    return known.entry(key).or_insert_with(make).clone();
                }
                let ratio = values.everyone_ratio(stay, stratum, now);
                let key = (Arc::as_ptr(kernel) as usize, age, 0, ratio.to_bits());
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

fn maker<'b>(
    question: &'b Question<'_>,
    shape: &'b Shape,
    lanes: &'b [Lane],
    timeline: usize,
) -> Maker<'b> {
    Maker {
        program: question.program,
        timeline: &question.timelines[timeline],
        shape,
        lanes,
        kernels: question.kernels,
        is_rescaled: question.is_rescaled,
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
