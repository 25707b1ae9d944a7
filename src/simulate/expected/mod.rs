//! The same Plan propagated as expectations: how many are expected where, step by step, without chance.
//!
//! Nothing is approximated, unless people are asked to be told apart by year of birth or by age band. Who never mixes
//! (area, sex, birth, needs' atom) is a *lane*; what a person's future depends on beside that (state, convictions, needs
//! that still matter, the clock and when it started, when the state was entered) is told apart within it, in cells of
//! people who entered together. The reconviction cohort is followed by smaller crowds of the same people, who are moved
//! by the same chances. What this cannot do exactly, queues, is refused before it is asked to.

mod ages;
mod arising;
mod arrivals;
mod atoms;
mod block;
mod cell;
mod chances;
mod cohorts;
mod counters;
mod crowd;
mod kernel;
mod lanes;
mod laws;
mod lengths;
mod moves;
mod numbers;
mod precision;
mod program;
mod release;
mod rescale;
mod shape;
mod values;
mod vectors;

use rayon::prelude::*;

use super::{Layout, Trajectories, Trajectory};
use crate::compile::{Change, Plan};
use crate::draw::Draws;
use block::{Block, Known, Question};
use counters::Counters;
use kernel::Kernels;
use lanes::{Telling, Together};
use precision::Number;
use program::Program;
use values::Timeline;

/// Parts of the people whose counts are kept apart until they are summed in order, so that the number of threads
/// changes no number.
const PARTS: usize = 32;

/// How finely people are told apart by birth, where age makes a difference after arrival.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Births {
    /// By step: exact.
    ByStep,
    /// By year: those born in the same year share the mean of two age bands' chances in the year in which they pass
    /// from one to the other. An approximation, unless steps are years.
    ByYear,
    /// By age band: a share of a band passes into the next once a year, and much else is told less finely. Its error is
    /// measured, not bounded; it is quick enough for a whole country.
    ByBand,
}

impl Births {
    /// The tail of a stay that is added to the step before it.
    fn smallest_tail(self) -> f64 {
        match self {
            Births::ByStep | Births::ByYear => lengths::SMALLEST_TAIL,
            Births::ByBand => 1e-4,
        }
    }
}

/// Propagates every row of the draws under all its options.
pub fn expect(
    plan: &Plan,
    draws: &Draws,
    births: Births,
    row_done: &(dyn Fn() + Sync),
) -> Trajectories<f64> {
    let rows: Vec<usize> = (0..draws.n_rows()).collect();
    expect_rows(plan, draws, births, &rows, row_done)
}

/// Propagates these rows of the draws alone, in their order.
pub fn expect_rows(
    plan: &Plan,
    draws: &Draws,
    births: Births,
    rows: &[usize],
    row_done: &(dyn Fn() + Sync),
) -> Trajectories<f64> {
    let layout = Layout::of(plan);
    let rows = rows
        .iter()
        .map(|&row| {
            let values = expect_row(plan, draws, row, births, &layout);
            row_done();
            Trajectory { values }
        })
        .collect();
    Trajectories {
        layout,
        rows,
        shared: Vec::new(),
    }
}

/// Propagates these rows of the draws and hands each on as soon as it is done, in their order. Stops at the first error,
/// and returns it.
pub fn expect_handing_on<E>(
    plan: &Plan,
    draws: &Draws,
    births: Births,
    rows: &[usize],
    take: impl Fn(usize, Trajectory<f64>) -> Result<(), E>,
) -> Result<(), E> {
    let layout = Layout::of(plan);
    rows.iter().try_for_each(|&row| {
        let values = expect_row(plan, draws, row, births, &layout);
        take(row, Trajectory { values })
    })
}

/// What is approximate anyway is propagated in single precision, which takes half the memory and so half the time.
fn expect_row(plan: &Plan, draws: &Draws, row: usize, births: Births, layout: &Layout) -> Vec<f64> {
    match births {
        Births::ByStep | Births::ByYear => expect_in::<f64>(plan, draws, row, births, layout),
        Births::ByBand => expect_in::<f32>(plan, draws, row, births, layout),
    }
}

fn expect_in<N: Number>(
    plan: &Plan,
    draws: &Draws,
    row: usize,
    births: Births,
    layout: &Layout,
) -> Vec<f64> {
    let unchanged: Vec<Change> = Vec::new();
    let mut timelines = vec![Timeline::new(
        plan,
        draws,
        row,
        &unchanged,
        plan.history_from,
    )];
    let mut timeline_of = Vec::new();
    for option in &plan.options {
        timeline_of.push(match option.differs_from {
            Some(from) if from < plan.end => {
                timelines.push(Timeline::new(plan, draws, row, &option.changes, from));
                timelines.len() - 1
            }
            _ => 0,
        });
    }
    let program = Program::of(&timelines[0]);
    let telling = Telling::of(plan);
    let is_rescaled: Vec<bool> = (0..plan.states.len())
        .map(|state| {
            let mut snapshots = timelines.iter().flat_map(|timeline| &timeline.snapshots);
            snapshots.any(|snapshot| snapshot.reached.contains(&state))
        })
        .collect();
    let kernels = Kernels::new(plan.n_steps() as usize + 1, births.smallest_tail());
    let question = Question {
        program: &program,
        telling,
        timelines: &timelines,
        timeline_of: &timeline_of,
        layout,
        kernels: &kernels,
        is_rescaled: &is_rescaled,
        known: &Known::<N>::default(),
    };
    let blocks = lanes::together(&program, telling, &timelines, births);
    let parts: Vec<Vec<Counters>> = blocks
        .par_chunks(blocks.len().div_ceil(PARTS).max(1))
        .map(|blocks| expect_part(&question, blocks))
        .collect();
    let mut values = vec![0.0; layout.n_values()];
    for option in 0..plan.options.len() {
        let mut sum = Counters::new(plan, layout);
        for part in &parts {
            sum.add(&part[option]);
        }
        sum.write(plan, layout, option, &mut values);
    }
    values
}

/// What some blocks count, by option.
fn expect_part<N: Number>(question: &Question<N>, blocks: &[Together]) -> Vec<Counters> {
    let plan = question.timelines[0].plan;
    let empty = Counters::new(plan, question.layout);
    let mut sums = vec![empty.clone(); plan.options.len()];
    let differs = |option: usize| plan.options[option].differs_from.unwrap_or(plan.end);
    let mut order: Vec<usize> = (0..plan.options.len()).collect();
    order.sort_by_key(|&option| (differs(option), option));
    for together in blocks {
        let mut counters = empty.clone();
        counters.only(&together.lanes);
        let mut block = Block::new(question, together, &mut counters);
        for &option in &order {
            // The months in which no option differs are lived once; each option goes on from a copy.
            let from = differs(option).min(plan.end);
            block.live_until(0, plan.step_of(from), &mut counters);
            if from < plan.end {
                let (mut own, mut counted) = (block.clone(), counters.clone());
                own.live_until(question.timeline_of[option], plan.n_steps(), &mut counted);
                sums[option].add(&counted);
            } else {
                sums[option].add(&counters);
            }
        }
    }
    sums
}
