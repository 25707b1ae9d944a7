//! What happens to a person: a stay ends, or something comes before its end, and the person goes on.

use super::laws::Laws;
use super::person::{NEVER, Person, Step, decision};
use super::scope::StratumIdx;
use super::states::Staying;
use super::versions::Worlds;
use super::world::World;
use super::{chances, entering, returns, service};
use crate::compile::Destination;

/// A person passes at most this many states within one step; a longer chain waits for the next step.
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
const TOGETHER: usize = 64;

fn come_due(world: &mut World, laws: &Laws, person: &mut Person) {
    let now = world.now;
    let counters = &laws.study.counters;
    let state = usize::from(person.state);
    let stratum = stratum(laws, now, person);
    world.tally.uncount(counters.stock + state);
    if person.other_due == now && person.other == Person::DEATH {
        world.tally.count(counters.deaths);
        remove(world, laws, person);
    } else if person.fires == now {
        if let Some(to) = returns::fire(world, laws, person) {
            go(world, laws, person, (Some(state), to), stratum);
        }
    } else if person.other_due == now {
        let (to, _) = laws.plan.states[state].hazards[usize::from(person.other)];
        match to {
            Destination::State(to) => go(world, laws, person, (Some(state), to), stratum),
            Destination::Leaves => remove(world, laws, person),
        }
    } else if laws.states[state].staying == Staying::Chances {
        if let Some(to) = chances::take(world, laws, person, state) {
            go(world, laws, person, (Some(state), to), stratum);
        }
    } else if let Some(next) = go_on(world, laws, person, state, stratum) {
        go(world, laws, person, (Some(state), next), stratum);
    }
}

/// A stay has ended: the state that the person goes on to, or `None` if they have left.
#[inline]
fn go_on(
    world: &mut World,
    laws: &Laws,
    person: &mut Person,
    state: usize,
    stratum: StratumIdx,
) -> Option<usize> {
    let law = &laws.states[state];
    let chosen = usize::from(person.exit);
    let index = match law.staying {
        Staying::OfExit if chosen < law.exits.to.len() => Some(chosen),
        _ => choose_exit(laws, person, state, stratum),
    };
    let Some(index) = index else {
        remove(world, laws, person);
        return None;
    };
    match law.exits.to[index] {
        Destination::State(next) => Some(next),
        Destination::Leaves => {
            world.tally.depart(&laws.study.counters, state, index);
            remove(world, laws, person);
            None
        }
    }
}

/// The exit that a person takes from a state.
#[inline]
pub fn choose_exit(
    laws: &Laws,
    person: &mut Person,
    state: usize,
    stratum: StratumIdx,
) -> Option<usize> {
    let exits = &laws.states[state].exits;
    match exits.to.len() {
        0 => None,
        1 => Some(0),
        _ => {
            let u = person.uniform(decision::EXIT);
            let (area, needs) = (usize::from(person.area), person.needs);
            Some(exits.choose(&mut person.worlds, area, stratum, needs, u))
        }
    }
}

/// A person of a stratum goes to a state, and on through states that do not keep them, until one does or they leave.
pub fn go(
    world: &mut World,
    laws: &Laws,
    person: &mut Person,
    (mut from, mut state): (Option<usize>, usize),
    mut stratum: StratumIdx,
) {
    for passed in 0.. {
        stratum = entering::enter(world, laws, person, (from, state), stratum);
        let keeps = laws.states[state].staying != Staying::Never;
        if keeps && entering::settle(world, laws, person, state, stratum) {
            return;
        }
        if keeps && passed >= LONGEST_CHAIN {
            person.entered = world.now;
            person.stay_due = world.now + 1;
            person.other_due = NEVER;
            return world.tally.count(laws.study.counters.stock + state);
        }
        let Some(next) = go_on(world, laws, person, state, stratum) else {
            return;
        };
        from = Some(state);
        state = next;
    }
}

/// A person leaves the model.
pub fn remove(world: &mut World, laws: &Laws, person: &mut Person) {
    if person.is_served() {
        service::let_go(world, laws, person);
    }
    world.tally.uncount(laws.study.counters.inside);
    world.tally.events += 1;
    person.state = Person::GONE;
}
