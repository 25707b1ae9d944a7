//! What happens to a person: a stay ends, or something comes before its end, and the person goes on.

use super::chances::{self, Taken};
use super::laws::Laws;
use super::person::{NEVER, Person, Step, decision, visit_key};
use super::scope::StratumIdx;
use super::states::{StateLaw, Staying};
use super::versions::Worlds;
use super::world::World;
use super::{entering, returns, service};
use crate::compile::Destination;

/// Of the states that could keep or change somebody a person passes at most this many within one step; a longer chain
/// waits for the next step.
const LONGEST_CHAIN: usize = 64;

/// The stratum of a person now: age and priors move.
#[inline]
pub fn stratum(laws: &Laws, now: Step, person: &Person) -> StratumIdx {
    let first = usize::from(person.of_sex) * laws.study.n_strata_of_sex;
    first + laws.study.within_sex(now - person.born, person.priors)
}

/// What is due this month happens to those in the calendar for whom it still is.
pub fn happen(world: &mut World, laws: &Laws, slots: &[u32]) {
    let now = world.now;
    let mut due = [0; TOGETHER];
    for slots in slots.chunks(TOGETHER) {
        // Looking at many records before anything happens to the first lets the processor fetch them side by side.
        let mut n = 0;
        for &slot in slots {
            due[n] = slot;
            n += usize::from(world.crowd.people[slot as usize].due() == now);
        }
        std::hint::black_box(world.crowd.fetch(&due[..n]));
        for &slot in &due[..n] {
            // The same record may stand in a bucket twice.
            if world.crowd.people[slot as usize].due() == now {
                world.part(slot, Worlds::MAX, |world, person| {
                    come_due(world, laws, person);
                });
            }
        }
    }
}

/// So many records as stay near the processor.
pub const TOGETHER: usize = 64;

fn come_due(world: &mut World, laws: &Laws, person: &mut Person) {
    let now = world.now;
    let counters = &laws.study.counters;
    let state = usize::from(person.state);
    let stratum = stratum(laws, now, person);
    world.tally.uncount(counters.stock + state);
    let next = if person.other_due == now && person.other == Person::DEATH {
        world.tally.count(counters.deaths);
        None
    } else if person.fires == now {
        let to = returns::fire(world, laws, person);
        to.inspect(|&to| world.tally.go(counters.of_move(state, to)))
    } else if person.other_due == now {
        match laws.plan.states[state].hazards[usize::from(person.other)].0 {
            Destination::State(to) => {
                world.tally.go(counters.of_move(state, to));
                Some(to)
            }
            Destination::Leaves => None,
        }
    } else if laws.states[state].staying == Staying::Chances {
        match chances::take(world, laws, person, state) {
            Taken::None => return,
            Taken::Leaves => None,
            Taken::State(to) => Some(to),
        }
    } else {
        let next = go_on(world, &laws.states[state], person, stratum);
        return go(world, laws, person, next, stratum);
    };
    next.inspect(|&state| enter_passing(world, laws, person, state));
    go(world, laws, person, next, stratum);
}

/// A stay has ended: the state that the person goes on to, or `None` if they leave.
#[inline(always)]
fn go_on(
    world: &mut World,
    law: &StateLaw,
    person: &mut Person,
    stratum: StratumIdx,
) -> Option<usize> {
    let chosen = usize::from(person.exit);
    let way = match law.staying {
        Staying::OfExit if chosen < law.exits.ways.len() => law.exits.ways[chosen],
        _ => {
            let at = visit_key(person.key, person.visit, decision::EXIT);
            law.exits.take(person, stratum, at)
        }
    };
    person.visit += u32::from(way.passed);
    world.tally.take(way);
    way.to()
}

/// The exit that a person takes from a state; the first where there is no choice.
pub fn choose_exit(laws: &Laws, person: &mut Person, state: usize, stratum: StratumIdx) -> usize {
    let at = visit_key(person.key, person.visit, decision::EXIT);
    laws.states[state].exits.choose(person, stratum, at)
}

/// A person comes to a state otherwise than by a way out of another: if it only passes people on, it is entered now.
pub fn enter_passing(world: &mut World, laws: &Laws, person: &mut Person, state: usize) {
    if laws.states[state].only_passes {
        person.visit += 1;
        world.tally.enter(&laws.study.counters, state);
    }
}

/// A person of a stratum goes to a state, and on through states that do not keep them, until one does or they leave.
/// States that only pass people on have been entered with the way that leads to them, or by [`enter_passing`].
pub fn go(
    world: &mut World,
    laws: &Laws,
    person: &mut Person,
    mut next: Option<usize>,
    mut stratum: StratumIdx,
) {
    let mut passed = 0;
    while let Some(state) = next {
        let law = &laws.states[state];
        if law.only_passes {
            next = go_on(world, law, person, stratum);
            continue;
        }
        stratum = entering::enter(world, laws, person, state, stratum);
        let keeps = law.staying != Staying::Never;
        if keeps && entering::settle(world, laws, person, state, stratum) {
            return;
        }
        passed += 1;
        if keeps && passed > LONGEST_CHAIN {
            person.entered = world.now;
            person.stay_due = world.now + 1;
            person.other_due = NEVER;
            return world.tally.count(laws.study.counters.stock + state);
        }
        next = go_on(world, law, person, stratum);
    }
    remove(world, laws, person);
}

/// A person leaves the model.
fn remove(world: &mut World, laws: &Laws, person: &mut Person) {
    if person.is_served() {
        service::let_go(world, laws, person);
    }
    world.tally.uncount(laws.study.counters.inside);
    world.tally.events += 1;
    person.state = Person::GONE;
}
