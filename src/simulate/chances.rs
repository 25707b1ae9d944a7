//! States that may be left at every step: one uniform against the chances, in the order of the file.

use super::journey::stratum;
use super::laws::Laws;
use super::person::{Person, Step, decision, visit_key};
use super::scope::StratumIdx;
use super::world::World;
use crate::compile::{Destination, Leaving, chances_together, on_odds};

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
    way_taken(&chances_together(chances, chance), u)
}

/// The way whose part of the unit interval `u` falls in: parts as long as the chances, in their order.
fn way_taken(chances: &[f64], u: f64) -> Option<usize> {
    // Drawn chances may exceed one where central ones do not; they are then scaled to one.
    let total = chances.iter().sum::<f64>().max(1.0);
    let mut left = u * total;
    chances.iter().position(|&p| {
        let is_taken = left < p;
        left -= p;
        is_taken
    })
}

#[cfg(test)]
mod tests {
    use super::way_taken;

    #[test]
    fn each_way_has_a_part_of_the_interval_as_long_as_its_chance() {
        for (chances, parts) in [
            (vec![0.1, 0.36, 0.14], [1000, 3600, 1400, 4000]),
            // Together above one: scaled to one.
            (vec![0.5, 0.75, 1.25], [2000, 3000, 5000, 0]),
            (vec![0.0, 1.0, 0.0], [0, 10_000, 0, 0]),
        ] {
            let mut counted = [0; 4];
            for place in 0..10_000 {
                let u = (f64::from(place) + 0.5) / 10_000.0;
                counted[way_taken(&chances, u).unwrap_or(3)] += 1;
            }
            assert_eq!(counted, parts, "{chances:?}");
        }
    }
}
