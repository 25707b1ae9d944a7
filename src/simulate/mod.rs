//! A draw, with all its options, to a trajectory: the people engine.
//!
//! All options of a draw are lived in one pass. An option is a *world*; a record stands for a person in every world in
//! which that person lives the same ([`versions`]), and is copied where an outcome differs. Because every random number
//! has an address, each world equals its own separate run bit for bit.
//!
//! Five things are kept apart. *What rows share* is [`study::Study`]: where everything stands. *Shared parameters* are
//! [`laws::Laws`]: what every quantity is worth this month in every world. *State* is [`world::World`]: people,
//! queues, the calendar. *Scratch* is [`tally::Tally`] and [`account::Accounts`]: what has been counted.
//! *Randomness* is addresses ([`crate::random::Key`]): person, visit, decision; nothing is consumed.
//!
//! A step has a fixed order, which is part of the law: dated changes reach people; arrivals and transitions;
//! ends of support; the queue pass; the counters.

mod account;
mod chances;
mod clock;
mod counters;
mod crowd;
mod ended;
mod entering;
mod exits;
mod expected;
mod held;
mod inflow;
mod journey;
mod laws;
mod layout;
mod lengths;
mod lines;
mod needs;
mod opening;
mod passage;
mod person;
mod queue;
mod reach;
mod returns;
mod scope;
mod season;
mod service;
mod services;
mod states;
mod stay;
mod study;
mod tally;
mod versions;
mod walk;
mod ways;
mod world;

#[cfg(test)]
mod tests;

pub use expected::{Births, expect, expect_handing_on, expect_rows};
pub use layout::{Layout, Series};

use crate::compile::Plan;
use crate::draw::Draws;
use crowd::{Crowd, Memory};
use laws::Laws;
use rayon::prelude::*;
use std::cmp::Ordering;
use std::ops::Sub;
use study::Study;
use versions::MOST_WORLDS;
use world::World;

/// What happened in one draw, or is expected in it: values laid out as [`Layout`] says. What happened is kept in half
/// the memory, because there are many draws; what is expected is kept in full.
#[derive(Debug, Clone, PartialEq)]
pub struct Trajectory<N = f32> {
    /// The values.
    pub values: Vec<N>,
}

/// A value of a trajectory, in half or in full precision.
pub trait Value: Copy + PartialEq + Into<f64> + Sub<Output = Self> + Send + Sync {
    /// No number.
    const MISSING: Self;

    /// The nearest value.
    fn of(number: f64) -> Self;

    /// The order of numbers.
    fn order(&self, other: &Self) -> Ordering;

    /// Whether it is no number.
    fn is_missing(self) -> bool {
        self.into().is_nan()
    }
}

impl Value for f32 {
    const MISSING: f32 = f32::NAN;

    fn of(number: f64) -> f32 {
        number as f32
    }

    fn order(&self, other: &f32) -> Ordering {
        self.total_cmp(other)
    }
}

impl Value for f64 {
    const MISSING: f64 = f64::NAN;

    fn of(number: f64) -> f64 {
        number
    }

    fn order(&self, other: &f64) -> Ordering {
        self.total_cmp(other)
    }
}

/// Every trajectory of a run: row 0 (central parameters) first, then the draws.
#[derive(Debug, Clone)]
pub struct Trajectories<N = f32> {
    /// Where each value stands.
    pub layout: Layout,
    /// One a row of the draws.
    pub rows: Vec<Trajectory<N>>,
    /// By option, of the people who are in the model when the central row ends, the share from 0 to 1 whose whole life
    /// is the same as in some other option, and was lived once for both; not a number where nobody is there.
    pub shared: Vec<f64>,
}

/// Simulates every row of the draws with all its options, on as many threads as rayon has; `row_done` is called
/// after each. The number of threads changes no number.
pub fn simulate(plan: &Plan, draws: &Draws, row_done: &(dyn Fn() + Sync)) -> Trajectories {
    let rows: Vec<usize> = (0..draws.n_rows()).collect();
    simulate_rows(plan, draws, &rows, row_done)
}

/// Simulates these rows of the draws alone, in their order; [`Trajectories::shared`] is then of row 0 if it is among
/// them.
pub fn simulate_rows(
    plan: &Plan,
    draws: &Draws,
    rows: &[usize],
    row_done: &(dyn Fn() + Sync),
) -> Trajectories {
    let layout = Layout::of(plan);
    let lived = each_row(plan, draws, &layout, rows, |lived| {
        row_done();
        lived
    });
    Trajectories {
        shared: lived
            .first()
            .map(|row| row.shared.clone())
            .unwrap_or_default(),
        rows: lived.into_iter().map(|row| row.trajectory).collect(),
        layout,
    }
}

/// Simulates these rows of the draws and keeps of each only what `take` makes of its values, laid out as the layout
/// says: for runs whose trajectories would not fit together.
pub fn simulate_each<T: Send>(
    plan: &Plan,
    draws: &Draws,
    rows: &[usize],
    take: impl Fn(&Layout, &[f32]) -> T + Sync,
) -> Vec<T> {
    let layout = Layout::of(plan);
    each_row(plan, draws, &layout, rows, |lived| {
        take(&layout, &lived.trajectory.values)
    })
}

fn each_row<T: Send>(
    plan: &Plan,
    draws: &Draws,
    layout: &Layout,
    rows: &[usize],
    take: impl Fn(Lived) -> T + Sync,
) -> Vec<T> {
    let study = Study::new(plan, draws, layout);
    let memory = Memory::default();
    let rows = rows.par_iter();
    rows.map(|&row| take(simulate_row(&study, draws, row, &memory)))
        .collect()
}

/// Simulates these rows of the draws and hands each on as soon as it is done, in whatever order and from whatever
/// thread: nothing is kept here. What is handed on is the row, its trajectory and, of row 0,
/// [`Trajectories::shared`]. Stops at the first error, and returns it.
pub fn simulate_handing_on<E: Send>(
    plan: &Plan,
    draws: &Draws,
    rows: &[usize],
    take: impl Fn(usize, Trajectory, Vec<f64>) -> Result<(), E> + Sync,
) -> Result<(), E> {
    let layout = Layout::of(plan);
    let study = Study::new(plan, draws, &layout);
    let memory = Memory::default();
    // One row at a time, so that neighbours are done at about the same time and can be put away together.
    rows.par_iter().with_max_len(1).try_for_each(|&row| {
        let lived = simulate_row(&study, draws, row, &memory);
        take(row, lived.trajectory, lived.shared)
    })
}

/// How many things happen to people in one row: arrivals, transitions, starts and ends of support, and those who
/// gave up or were dropped. What several options share is counted once.
pub fn person_events(plan: &Plan, draws: &Draws, row: usize) -> u64 {
    let layout = Layout::of(plan);
    let study = Study::new(plan, draws, &layout);
    simulate_row(&study, draws, row, &Memory::default()).events
}

/// What became of one row.
struct Lived {
    trajectory: Trajectory,
    events: u64,
    /// By option, for the central row; see [`Trajectories::shared`].
    shared: Vec<f64>,
}

/// One row with all its options.
fn simulate_row(study: &Study, draws: &Draws, row: usize, memory: &Memory) -> Lived {
    let mut shared = Vec::new();
    let mut values = vec![0.0; study.layout.n_values()];
    let options: Vec<usize> = (0..study.plan.options.len()).collect();
    let mut events = 0;
    for options in options.chunks(MOST_WORLDS) {
        let mut laws = Laws::new(study, draws, row, options);
        let mut world = World::new(study, options.len());
        let crowds = live(study, &mut laws, &mut world, memory.crowds(study));
        if row == 0 {
            shared.extend((0..options.len()).map(|own| shared_in(&crowds, own)));
        }
        for (own, &option) in options.iter().enumerate() {
            world
                .accounts
                .write(study, &world.tally, own, option, &mut values);
        }
        events += world.tally.events;
        memory.keep(crowds);
    }
    Lived {
        trajectory: Trajectory { values },
        events,
        shared,
    }
}

/// Of the people who are there in a world, the share who live the same in another.
fn shared_in(crowds: &[Crowd], world: usize) -> f64 {
    let people = crowds.iter().flat_map(|crowd| &crowd.people);
    let here = people.filter(|person| !person.is_gone() && person.worlds >> world & 1 == 1);
    let (shared, all) = here.fold((0u32, 0u32), |(shared, all), person| {
        (shared + u32::from(person.worlds != 1 << world), all + 1)
    });
    f64::from(shared) / f64::from(all)
}

/// A row lives from its beginning to its end, one span at a time in which no number changes, and one crowd at a time
/// in each; returns them as they then are.
fn live(study: &Study, laws: &mut Laws, world: &mut World, mut crowds: Vec<Crowd>) -> Vec<Crowd> {
    for crowd in &mut crowds {
        std::mem::swap(&mut world.crowd, crowd);
        world.open(laws);
        std::mem::swap(&mut world.crowd, crowd);
    }
    for (index, &from) in study.chapters.iter().enumerate() {
        let until = study.chapters.get(index + 1).copied();
        let until = until.unwrap_or(study.plan.n_steps());
        let changed = laws.turn_to(from);
        world.accounts.part(laws.parted);
        for crowd in &mut crowds {
            std::mem::swap(&mut world.crowd, crowd);
            world.live(laws, &changed, until);
            std::mem::swap(&mut world.crowd, crowd);
        }
    }
    crowds
}
