//! The same Plan propagated as expectations: how many are expected where, step by step, without chance.
//!
//! Nothing is approximated, unless people are asked to be told apart by year of birth. Who never mixes (area, sex, birth, needs' atom) is a *lane*; what a person's future depends
//! on beside that (state, convictions, needs that still matter, the clock and when it started, when the state was
//! entered) is told apart within it. The reconviction cohort is followed by two smaller crowds of the same people, who
//! are moved by the same chances. What this cannot do exactly, queues, is refused before it is asked to.

mod arrivals;
mod atoms;
mod block;
mod counters;
mod crowd;
mod kernel;
mod lanes;
mod lengths;
mod numbers;
mod program;
mod values;

use rayon::prelude::*;

use super::{Layout, Trajectories, Trajectory};
use crate::compile::{Change, Plan};
use crate::draw::Draws;
use block::{Block, Known, Question};
use counters::Counters;
use kernel::Kernels;
use lanes::{Lane, Telling};
use program::Program;
use values::Timeline;

/// Lanes that are propagated together: enough to share what they have in common, few enough to stay near the
/// processor.
const LANES_TOGETHER: usize = 32;

/// Parts of the people whose counts are kept apart until they are summed in order, so that the number of threads
/// changes no number.
const PARTS: usize = 32;

/// How finely people are told apart by birth, where age makes a difference after arrival.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Births {
    /// By step: exact.
    ByStep,
    /// By year: those born in the same year share the mean of two age bands' chances in the year in which they pass
    /// from one to the other. An approximation, unless bands are shorter than a year, which are then told by step.
    ByYear,
}

/// Propagates every row of the draws under all its options.
pub fn expect(
    plan: &Plan,
    draws: &Draws,
    births: Births,
    row_done: &(dyn Fn() + Sync),
) -> Trajectories<f64> {
    let layout = Layout::of(plan);
    let rows = (0..draws.n_rows())
        .map(|row| {
            let values = expect_row(plan, draws, row, births, &layout);
            row_done();
            Trajectory { values }
        })
        .collect();
    Trajectories { layout, rows }
}

fn expect_row(plan: &Plan, draws: &Draws, row: usize, births: Births, layout: &Layout) -> Vec<f64> {
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
    let kernels = Kernels::new(plan.n_steps() as usize + 1);
    let lanes = lanes::lanes(&program, telling, &timelines, lanes::width(plan, births));
    let question = Question {
        program: &program,
        telling,
        timelines: &timelines,
        timeline_of: &timeline_of,
        layout,
        kernels: &kernels,
        is_rescaled: &is_rescaled,
        known: &Known::default(),
    };
    let chunks = |lanes: &'_ Vec<Lane>| -> Vec<(usize, Vec<Lane>)> {
        // A block of one sex mostly shares its kernels.
        let of_sex = lanes.chunk_by(|one, other| one.sex == other.sex);
        let chunks = of_sex
            .flat_map(|lanes| lanes.chunks(LANES_TOGETHER))
            .map(<[Lane]>::to_vec);
        chunks.enumerate().collect()
    };
    let blocks: Vec<(usize, Vec<Lane>)> = lanes.iter().flat_map(chunks).collect();
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
fn expect_part(question: &Question, blocks: &[(usize, Vec<Lane>)]) -> Vec<Counters> {
    let plan = question.timelines[0].plan;
    let empty = Counters::new(plan, question.layout);
    let mut sums = vec![empty.clone(); plan.options.len()];
    let differs = |option: usize| plan.options[option].differs_from.unwrap_or(plan.end);
    let mut order: Vec<usize> = (0..plan.options.len()).collect();
    order.sort_by_key(|&option| (differs(option), option));
    for (place, lanes) in blocks {
        let mut counters = empty.clone();
        let mut block = Block::new(question, (*place, lanes), &mut counters);
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
