//! Dated changes that reach people who are already there.

use super::journey::stratum;
use super::laws::Laws;
use super::person::{NEVER, Person, Step, decision, visit_key};
use super::scope::StratumIdx;
use super::stay::whole_steps;
use super::versions::{BASE, Worlds, agreed};
use super::world::World;
use crate::compile::{QuantityIdx, State, Stay};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// Dated changes that reach everyone: the whole length of a present stay is multiplied by new over old, or read anew
/// from a list at its own uniform, and ends now if the new length has passed already.
pub fn reach_everyone(world: &mut World, laws: &Laws, changed: &[bool]) {
    let states = laws.plan.states.iter();
    let reaches: Vec<(Worlds, Worlds)> =
        states.map(|state| reached(laws, state, changed)).collect();
    if reaches.iter().all(|(reached, _)| *reached == 0) {
        return;
    }
    let ratios = Ratios::default();
    // Records that are made on the way have been looked at.
    let people = world.crowd.people.iter().enumerate();
    let here = people.filter_map(|(slot, person)| {
        let state = usize::from(person.state);
        let &(reached, touched) = reaches.get(state)?;
        (reached != 0).then_some((slot as u32, state, reached, touched))
    });
    for (slot, state, reached, touched) in here.collect::<Vec<_>>() {
        world.part(slot, reached, |world, person| {
            reach(world, laws, person, (state, touched), &ratios);
        });
    }
}

/// The worlds in which lengths that change now reach those who stay in a state, and those in which any change is to one
/// of its lengths.
fn reached(laws: &Laws, state: &State, changed: &[bool]) -> (Worlds, Worlds) {
    let of_exits = state.exits.iter().filter_map(|exit| exit.stay);
    let lengths = of_exits.chain([state.stay]).flat_map(Stay::lengths);
    let lengths: Vec<QuantityIdx> = lengths.collect();
    let new = lengths.iter().filter(|length| changed[**length]);
    let reached = new.fold(0, |worlds, &length| worlds | laws.reached(length));
    let all = lengths.iter();
    let touched = all.fold(0, |worlds, &length| worlds | laws.touched(length));
    (reached, touched)
}

/// The stay of somebody in a state becomes what it is now; only worlds in `touched` can come to another length.
fn reach(
    world: &World,
    laws: &Laws,
    person: &mut Person,
    (state, touched): (usize, Worlds),
    ratios: &Ratios,
) {
    let now = world.now;
    let stratum = stratum(laws, now, person);
    let (entered, due) = (person.entered, person.stay_due);
    let described = &laws.plan.states[state];
    let exit = usize::from(person.exit);
    let of_exit = described.exits.get(exit).and_then(|exit| exit.stay);
    let (stay, place) = match described.stay {
        Stay::OfExit => (
            of_exit.unwrap_or(Stay::None),
            laws.states[state].first_exit as usize + exit,
        ),
        stay => (stay, state),
    };
    let u = person.uniform(decision::STAY);
    let round = visit_key(person.key, person.visit, decision::RESCALE);
    person.stay_due = agreed(&mut person.worlds, touched, |world| {
        let length = match (stay, stay.mean()) {
            (Stay::Listed(_), _) => {
                let lengths = laws.lengths_at(place).of(world);
                lengths.law(stratum).length(u) as Step
            }
            (_, Some(mean)) if due != NEVER => {
                let world = if touched >> world & 1 == 1 {
                    world
                } else {
                    BASE
                };
                let ratio = ratios.of(laws, world, mean, stratum);
                if ratio == 1.0 {
                    return due;
                }
                let length = f64::from(due - entered) * ratio;
                whole_steps(length, round.with(now as u64).uniform())
            }
            _ => return due,
        };
        (entered + length).max(now)
    });
}

/// By how much lengths change for people who are there: worked out once for those of whom nothing that matters differs.
#[derive(Default)]
struct Ratios {
    /// By world, length and cell of the length.
    known: RefCell<BTreeMap<(usize, QuantityIdx, usize), f64>>,
}

impl Ratios {
    fn of(&self, laws: &Laws, world: usize, mean: QuantityIdx, stratum: StratumIdx) -> f64 {
        let cell = laws.scope(&[mean]).cell(stratum);
        let mut known = self.known.borrow_mut();
        let ratio = known.entry((world, mean, cell));
        *ratio.or_insert_with(|| laws.everyone_ratio(world, mean, stratum))
    }
}
