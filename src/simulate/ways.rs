//! Where exits lead: into states that only pass people on, and through those that have a single way on, with one count
//! for all of it.

use super::counters::Counters;
use super::states::passes;
use crate::compile::{Destination, Plan};
use std::collections::BTreeMap;

/// Where an exit leads in the end.
#[derive(Clone, Copy)]
pub struct Way {
    /// The state, or [`Way::OUT`].
    to: u16,
    /// How many states that only pass people on are entered with it, the last of which may be where it leads: each is a
    /// visit of its own.
    pub passed: u16,
    /// The counter of those who take it, for everything that is counted on the way.
    pub counter: u32,
}

impl Way {
    const OUT: u16 = u16::MAX;

    /// The way that nobody takes, out of a state without exits.
    pub fn nowhere(counters: &Counters) -> Way {
        Way {
            to: Way::OUT,
            passed: 0,
            counter: counters.nowhere,
        }
    }

    /// The state; `None` when it leads out of the model.
    #[inline]
    pub fn to(self) -> Option<usize> {
        (self.to != Way::OUT).then(|| usize::from(self.to))
    }
}

/// The ways of a plan, by state and exit. Where states are entered with one, what is counted gets a counter that stands
/// for all.
pub fn ways(plan: &Plan, counters: &mut Counters) -> Vec<Vec<Way>> {
    let mut together = BTreeMap::new();
    let mut of = |state: usize| -> Vec<Way> {
        let exits = 0..plan.states[state].exits.len();
        exits
            .map(|exit| way(plan, counters, &mut together, (state, exit)))
            .collect()
    };
    (0..plan.states.len()).map(&mut of).collect()
}

/// The state that an exit leads to, if it only passes people on.
fn passing(plan: &Plan, to: Destination) -> Option<usize> {
    match to {
        Destination::State(to) if passes(plan, to) => Some(to),
        _ => None,
    }
}

fn way(
    plan: &Plan,
    counters: &mut Counters,
    together: &mut BTreeMap<Vec<u32>, u32>,
    (mut state, mut exit): (usize, usize),
) -> Way {
    let (mut counted, mut passed) = (Vec::new(), 0);
    let to = loop {
        let to = plan.states[state].exits[exit].to;
        counted.push(match to {
            Destination::State(to) => counters.of_move(state, to),
            Destination::Leaves => counters.of_exit(state, exit),
        });
        let Some(through) = passing(plan, to) else {
            break to;
        };
        counted.push((counters.entries + through) as u32);
        passed += 1;
        // Compile refuses rings of states that keep nobody, so that there is an end.
        if plan.states[through].exits.len() > 1 {
            break to;
        }
        (state, exit) = (through, 0);
    };
    Way {
        to: match to {
            Destination::State(to) => to as u16,
            Destination::Leaves => Way::OUT,
        },
        passed,
        counter: match passed {
            0 => counted[0],
            _ => *together
                .entry(counted)
                .or_insert_with_key(|counted| counters.stand_for(counted.clone())),
        },
    }
}
