//! States that may be left at every step: one uniform against the chances, in the order of the file.

use super::journey::stratum;
use super::laws::Laws;
use super::person::{Person, Step, decision, visit_key};
use super::scope::StratumIdx;
use super::world::World;
use crate::compile::{Destination, Leaving, on_odds};

/// What is taken at a step.
pub enum Taken {
    /// None: the person stays on.
    None,
    /// One that leads to a state.
    State(usize),
    /// One that leads out of the model.
    Leaves,
}

/// A step in a state with chances.
pub fn take(world: &mut World, laws: &Laws, person: &mut Person, state: usize) -> Taken {
    let counters = &laws.study.counters;
    let described = &laws.plan.states[state];
    // A chance is of the whole step, and so of the age at its beginning.
    let stratum = stratum(laws, world.now - 1, person);
    let n = world.now - person.entered;
    let u = visit_key(person.key, person.visit, decision::CHANCE)
        .with(n as u64)
        .uniform();
    let (needs, area) = (person.needs, usize::from(person.area));
    let chances = &laws.states[state].chances;
    let taken = chances.decide(&mut person.worlds, area, |world| {
        chance_taken(laws, world, &described.chances, (stratum, needs), n, u)
    });
    let Some(index) = taken else {
        person.stay_due = world.now + 1;
        world.tally.count(counters.stock + state);
        return Taken::None;
    };
    match described.chances[index].to {
        Destination::State(to) => {
            world.tally.go(counters.of_move(state, to));
            Taken::State(to)
        }
        Destination::Leaves => {
            let exit = described.exits.len() + index;
            world.tally.go(counters.of_exit(state, exit));
            Taken::Leaves
        }
    }
}

/// The chance that the uniform `u` takes at the `n`-th step after entering, if any.
fn chance_taken(
    laws: &Laws,
    world: usize,
    chances: &[Leaving],
    (stratum, needs): (StratumIdx, u8),
    n: Step,
    u: f64,
) -> Option<usize> {
    let value = |quantity| laws.value(world, quantity, stratum);
    let chance = |leaving: &Leaving| {
        let modifiers = leaving.modifiers.iter();
        let present = modifiers.filter(|(need, _)| needs >> need & 1 == 1);
        let odds = present.fold(1.0, |odds, modifier| odds * value(modifier.1));
        on_odds(leaving.chance.at(n, value), odds)
    };
    // Drawn chances may exceed one where central ones do not; they are then scaled to one.
    let total = chances.iter().map(chance).sum::<f64>().max(1.0);
    let mut left = u * total;
    chances.iter().position(|leaving| {
        let p = chance(leaving);
        let is_taken = left < p;
        left -= p;
        is_taken
    })
}
