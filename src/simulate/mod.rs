//! A draw, with all its options, to a trajectory: the people engine.
//!
//! Four things are kept apart. *State* is [`world::World`]: people, queues, the calendar. *Shared parameters* are
//! [`tables::Tables`]: what every quantity is worth this month under this option. *Scratch* is
//! [`tally::Tally`]: what has been counted. *Randomness* is addresses ([`crate::random::Key`]): person, visit,
//! decision; nothing is consumed.
//!
//! A month has a fixed order, which is part of the law: dated changes reach people; arrivals and transitions;
//! ends of support; the queue pass; the counters.

mod clock;
mod expected;
mod inflow;
mod journey;
mod layout;
mod needs;
mod service;
mod stay;
mod tables;
mod tally;
mod world;

#[cfg(test)]
mod tests;

pub use expected::{Births, expect};
pub use layout::{Layout, Series};

use crate::compile::{Change, Plan};
use crate::draw::Draws;
use rayon::prelude::*;
use std::cmp::Ordering;
use std::ops::Sub;
use tables::{Setting, Shapes};
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
}

/// Simulates every row of the draws with all its options, on as many threads as rayon has; `row_done` is called
/// after each. The number of threads changes no number.
pub fn simulate(plan: &Plan, draws: &Draws, row_done: &(dyn Fn() + Sync)) -> Trajectories {
    let layout = Layout::of(plan);
    let shapes = Shapes::of(plan, draws);
    let rows = (0..draws.n_rows())
        .into_par_iter()
        .map(|row| {
            let trajectory = simulate_row(plan, draws, row, &layout, &shapes);
            row_done();
            trajectory
        })
        .collect();
    Trajectories { layout, rows }
}

/// One row with all its options. The months in which no option differs are lived once; each option then goes on
/// from a copy of that world, which is exact because every random number has an address.
fn simulate_row(
    plan: &Plan,
    draws: &Draws,
    row: usize,
    layout: &Layout,
    shapes: &Shapes,
) -> Trajectory {
    let mut values = vec![0.0; layout.n_values()];
    let mut order: Vec<usize> = (0..plan.options.len()).collect();
    order.sort_by_key(|&option| {
        (
            plan.options[option].differs_from.unwrap_or(plan.end),
            option,
        )
    });
    let unchanged: Vec<Change> = Vec::new();
    let mut setting = Setting::new(
        plan,
        draws,
        row,
        &unchanged,
        None,
        shapes,
        layout,
        plan.history_from,
    );
    let mut world = World::new(&setting);
    for option in order {
        let differs_from = plan.options[option].differs_from.unwrap_or(plan.end);
        world.live_until(&mut setting, differs_from);
        if differs_from < plan.end {
            let changes = &plan.options[option].changes;
            let mut own = Setting::new(
                plan,
                draws,
                row,
                changes,
                Some(option),
                shapes,
                layout,
                differs_from,
            );
            let mut other = world.clone();
            other.live_until(&mut own, plan.end);
            other.tally.write(&own, option, &mut values);
        } else {
            world.tally.write(&setting, option, &mut values);
        }
    }
    Trajectory { values }
}
