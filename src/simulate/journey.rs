//! What happens to a person: a stay ends, or something comes before its end, and the person goes on.

use super::chances::{self, Taken};
use super::laws::Laws;
use super::person::{NEVER, Person, Step, decision, visit_key};
use super::scope::StratumIdx;
use super::states::Staying;
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
        return go(world, laws, person, From::Stay(state), stratum);
    };
    go(world, laws, person, From::Elsewhere(next), stratum);
}

/// A stay has ended: the state that the person goes on to, or `None` if they leave.
#[inline(always)]
fn go_on(
    world: &mut World,
    laws: &Laws,
    person: &mut Person,
    state: usize,
    stratum: StratumIdx,
) -> Option<usize> {
    let law = &laws.states[state];
    let chosen = usize::from(person.exit);
    let way = match law.staying {
        Staying::OfExit if chosen < law.exits.ways.len() => law.exits.ways[chosen],
        _ => {
            let (key, visit) = (person.key, person.visit);
            let whose = (usize::from(person.area), stratum, person.needs);
            law.exits.take(&mut person.worlds, whose, || {
                visit_key(key, visit, decision::EXIT)
            })
        }
    };
    world.tally.go(way.counter);
    way.to.map(usize::from)
}

/// The exit that a person takes from a state; the first where there is no choice.
pub fn choose_exit(laws: &Laws, person: &mut Person, state: usize, stratum: StratumIdx) -> usize {
    let (key, visit) = (person.key, person.visit);
    let whose = (usize::from(person.area), stratum, person.needs);
    let exits = &laws.states[state].exits;
    exits.choose(&mut person.worlds, whose, || {
        visit_key(key, visit, decision::EXIT)
    })
}

/// Where somebody comes from.
pub enum From {
    /// A stay in a state that has ended: the way on is still to be chosen.
    Stay(usize),
    /// Anywhere else, on the way to a state; or out of the model.
    Elsewhere(Option<usize>),
}

/// A person of a stratum goes to a state, and on through states that do not keep them, until one does or they leave.
pub fn go(
    world: &mut World,
    laws: &Laws,
    person: &mut Person,
    mut from: From,
    mut stratum: StratumIdx,
) {
    let mut passed = 0;
    loop {
        let next = match from {
            From::Stay(state) => go_on(world, laws, person, state, stratum),
            From::Elsewhere(next) => next,
        };
        let Some(state) = next else {
            return remove(world, laws, person);
        };
        from = From::Stay(state);
        let law = &laws.states[state];
        if law.only_passes {
            person.visit += 1;
            world.tally.enter(&laws.study.counters, state);
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
    }
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
