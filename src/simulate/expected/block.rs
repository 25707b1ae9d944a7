//! A block of lanes, lived from the beginning of the run to its end under every option.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::arrivals;
use super::cohorts::Cohorts;
use super::counters::Counters;
use super::crowd::{Crowd, Month, Role};
use super::kernel::Kernels;
use super::lanes::{Age, Lane, Telling, Together, begins};
use super::numbers::{Maker, Numbers};
use super::precision::Number;
use super::program::{Program, Start};
use super::shape::Shape;
use super::values::Timeline;
use crate::compile::{Band, Plan};
use crate::simulate::Layout;

/// Numbers made before: blocks of the same areas, sexes and atoms share them when they are of the same age.
#[derive(Default)]
pub(super) struct Known<N>(Mutex<BTreeMap<KnownKey, Arc<Numbers<N>>>>);

/// Timeline, snapshot, which lanes, age band, and the share above it.
type KnownKey = (usize, usize, usize, usize, u64);

/// So many are kept; then they are made anew.
const MOST_KNOWN: usize = 200;

impl<N> Known<N> {
    fn or_make(&self, key: KnownKey, make: impl FnOnce() -> Numbers<N>) -> Arc<Numbers<N>> {
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
pub(super) struct Question<'a, N> {
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
    pub known: &'a Known<N>,
}

/// Expected people of a block of lanes at the end of a month.
#[derive(Clone)]
pub(super) struct Block<'a, N> {
    pub(super) question: &'a Question<'a, N>,
    /// Which of the lanes of a birth these are.
    place: usize,
    pub(super) lanes: &'a [Lane],
    shape: Shape,
    pub(super) now: i32,
    pub(super) ages: Vec<Age>,
    numbers: Arc<Numbers<N>>,
    snapshot: (usize, usize),
    history: Vec<Arc<Numbers<N>>>,
    pub(super) all: Crowd<N>,
    /// Where a clock follows cohorts.
    pub(super) cohorts: Option<Cohorts<N>>,
}

impl<'a, N: Number> Block<'a, N> {
    /// The block when the run begins, with its opening people.
    pub fn new(
        question: &'a Question<'a, N>,
        together: &'a Together,
        counters: &mut Counters,
    ) -> Block<'a, N> {
        let plan = question.timelines[0].plan;
        let tagged = || Crowd::new(question.program, Role::Tagged);
        let mut block = Block {
            question,
            place: together.place,
            lanes: &together.lanes,
            shape: shape(plan, question.telling, together),
            now: -1,
            ages: Vec::new(),
            numbers: Arc::default(),
            snapshot: (usize::MAX, 0),
            history: Vec::new(),
            all: Crowd::new(question.program, Role::All),
            cohorts: plan.clock.is_some().then(|| Cohorts::new(tagged())),
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
                    self.all.open(&self.shape, held, &people, laws);
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
        begin: impl Fn(&mut Crowd<N>, &Month<N>, &mut Counters),
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
        if let Some(cohorts) = &mut self.cohorts {
            cohorts.live(&month, question.layout, (year, &self.all.starts), counters);
        }
        self.all.count(&month, counters);
        self.history = history;
    }
}

fn maker<'b, N>(
    question: &'b Question<'_, N>,
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

/// Where much is approximate the numbers of a band of previous convictions are followed in so many classes.
const CLASSES_OF_A_BAND: u32 = 2;

/// How the values of these lanes are laid out.
fn shape(plan: &Plan, telling: Telling, together: &Together) -> Shape {
    let bands = &plan.strata.priors;
    let together_by = if together.is_coarse {
        CLASSES_OF_A_BAND
    } else {
        u32::MAX
    };
    let classes = match (telling.priors, bands.last()) {
        (true, Some(_)) => bands
            .iter()
            .enumerate()
            .flat_map(|(index, band)| match index + 1 == bands.len() {
                true => vec![(band.from, band.from)],
                false => classes(band, together_by),
            })
            .collect(),
        _ => vec![(0, 0)],
    };
    let band_of = |class: &(u32, u32)| bands.iter().rposition(|band| class.0 >= band.from);
    let bands_of = classes
        .iter()
        .map(|class| band_of(class).unwrap_or(0))
        .collect();
    let lanes = (together.lanes.len(), together.n_groups);
    let shape = Shape::new(lanes, classes, bands_of, bands.len().max(1));
    if !together.is_coarse {
        return shape;
    }
    if together.n_groups == 1 {
        return shape.coarse(Vec::new());
    }
    let ages = &plan.strata.ages;
    let passing = ages.windows(2).map(|pair| {
        let steps = begins(plan, pair[1].from) - begins(plan, pair[0].from);
        1.0 / f64::from(steps.max(1))
    });
    shape.coarse(passing.chain([0.0]).collect())
}

/// A band of previous convictions in at most so many classes; an open band is one.
fn classes(band: &Band, most: u32) -> Vec<(u32, u32)> {
    let n = band.to.map_or(1, |to| to - band.from + 1);
    let n_classes = n.min(most);
    let from = |class: u32| band.from + class * n / n_classes;
    (0..n_classes)
        .map(|class| (from(class), from(class + 1) - 1))
        .collect()
}
