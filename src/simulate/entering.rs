//! Entering a state, and how long the person stays in it.

use super::journey::{choose_exit, stratum};
use super::laws::Laws;
use super::lengths::Lengths;
use super::person::{NEVER, Person, Step, decision, visit_key};
use super::scope::{ByStratum, StratumIdx};
use super::states::Staying;
use super::versions::{Versions, Worlds};
use super::world::World;
use super::{returns, service};
use crate::compile::Stay;
use crate::random::Key;

/// What entering a state brings, whether or not it keeps the person: the count, a conviction, needs, referrals and
/// the clock. Returns the stratum that the person is in then.
#[inline(always)]
pub fn enter(
    world: &mut World,
    laws: &Laws,
    person: &mut Person,
    state: usize,
    mut at: StratumIdx,
) -> StratumIdx {
    let law = &laws.states[state];
    person.visit += 1;
    person.state = state as u16;
    world.tally.enter(&laws.study.counters, state);
    if law.convicts {
        // Previous convictions are those before the latest: the one before becomes previous now.
        person.priors = person.priors.saturating_add(u8::from(person.is_convicted));
        person.is_convicted = true;
        at = stratum(laws, world.now, person);
    }
    if law.drawn_needs != 0 {
        let u = person.own_uniform(decision::NEEDS);
        let place = (state, usize::from(person.area));
        let needs = &laws.needs;
        person.needs = needs.on_entering(&mut person.worlds, place, at, person.needs, u);
        // A need that was brought along arose before.
        let arisen = person.needs & law.drawn_needs;
        world.tally.arise(&laws.study.counters, arisen);
    }
    if law.refers {
        let in_hand = person.waiting | person.supported;
        let wanted = law.refers_to[usize::from(person.needs)] & !in_hand;
        if wanted != 0 {
            service::refer(world, laws, person, wanted, at);
        }
    }
    if let Some(start) = law.starts_clock {
        returns::start(world, laws, person, start as usize, at);
    }
    at
}

/// A state keeps the person, if the stay is at least a step; otherwise false, and the stay ends at once.
#[inline(always)]
pub fn settle(
    world: &mut World,
    laws: &Laws,
    person: &mut Person,
    state: usize,
    stratum: StratumIdx,
) -> bool {
    let now = world.now;
    let law = &laws.states[state];
    if law.stops_clock {
        person.stop_clock();
    }
    let drops = (person.waiting | person.effects) & law.not_served;
    if drops != 0 {
        service::drop(world, laws, person, drops);
    }
    person.exit = Person::NO_EXIT;
    let stay = match law.staying {
        Staying::Drawn => draw_stay(laws, person, state, stratum),
        Staying::Clock if person.is_clocked => (world.back().clock.ends - now).max(0),
        Staying::Never | Staying::Clock => 0,
        Staying::Chances => 1,
        Staying::Open => NEVER - now,
        Staying::OfExit => stay_of_exit(laws, person, state, stratum),
    };
    if stay <= 0 {
        return false;
    }
    let stay_due = now.saturating_add(stay);
    keep(world, laws, person, state, stratum, stay_due);
    true
}

/// A stay in whole steps, by the lengths at a place.
#[inline(always)]
fn draw_stay(laws: &Laws, person: &mut Person, place: usize, stratum: StratumIdx) -> Step {
    let (key, visit) = (person.key, person.visit);
    let at = visit_key(key, visit, decision::STAY);
    let round = || visit_key(key, visit, decision::ROUND);
    let lengths = laws.lengths_at(place);
    match lengths.only() {
        Some(lengths) => lengths.whole_steps(stratum, at, round),
        None => {
            let area = usize::from(person.area);
            draw_apart(lengths, &mut person.worlds, (area, stratum), (at, round()))
        }
    }
}

#[inline(never)]
fn draw_apart(
    lengths: &Versions<Lengths>,
    worlds: &mut Worlds,
    (area, stratum): (usize, StratumIdx),
    (at, round): (Key, Key),
) -> Step {
    lengths.decide(worlds, area, |lengths| {
        lengths.whole_steps(stratum, at, || round)
    })
}

/// The stay of the exit that is chosen now, where exits have stays of their own.
fn stay_of_exit(laws: &Laws, person: &mut Person, state: usize, stratum: StratumIdx) -> Step {
    let index = choose_exit(laws, person, state, stratum);
    person.exit = index as u8;
    let exits = &laws.plan.states[state].exits;
    match exits.get(index).and_then(|exit| exit.stay) {
        None | Some(Stay::None) => 0,
        Some(_) => {
            let first = laws.states[state].first_exit as usize;
            draw_stay(laws, person, first + index, stratum)
        }
    }
}

/// The person stays in the state until `stay_due`, unless a hazard, the clock or death comes first.
#[inline(always)]
pub fn keep(
    world: &mut World,
    laws: &Laws,
    person: &mut Person,
    state: usize,
    stratum: StratumIdx,
    stay_due: Step,
) {
    person.state = state as u16;
    person.entered = world.now;
    person.stay_due = stay_due;
    let law = &laws.states[state];
    (person.other_due, person.other) = (NEVER, 0);
    if let Some(death) = law.only_death {
        let u = visit_key(person.key, person.visit, decision::DEATH).uniform();
        let (now, left) = (world.now, world.steps_left());
        let death = laws.table(death);
        (person.other_due, person.other) = match death.only() {
            Some(hazards) => death_at(u, *hazards.at(stratum), (now, left)),
            None => {
                let whose = (usize::from(person.area), stratum);
                death_apart(death, &mut person.worlds, whose, u, (now, left))
            }
        };
    } else if law.has_hazards {
        let (now, left) = (world.now, world.steps_left());
        let (key, visit) = (person.key, person.visit);
        let address = |decision| visit_key(key, visit, decision);
        (person.other_due, person.other) =
            law.hazards
                .decide(&mut person.worlds, usize::from(person.area), |world| {
                    first_hazard(laws, world, state, stratum, address, (now, left))
                });
    }
    world.tally.count(laws.study.counters.stock + state);
}

/// When death comes that has this hazard.
#[inline(always)]
fn death_at(u: f64, hazard: f64, (now, left): (Step, Step)) -> (Step, u8) {
    let at = waiting_time(u, hazard, f64::from(left));
    due((at, Person::DEATH), now, left)
}

#[inline(never)]
fn death_apart(
    death: &Versions<ByStratum<f64>>,
    worlds: &mut Worlds,
    (area, stratum): (usize, StratumIdx),
    u: f64,
    (now, left): (Step, Step),
) -> (Step, u8) {
    death.decide(worlds, area, |hazards| {
        death_at(u, *hazards.at(stratum), (now, left))
    })
}

/// When the first hazard of a state fires or death comes, and which; [`NEVER`] when that is not within the steps that are
/// `left` of the run. The first to happen wins within a step too.
#[inline]
fn first_hazard(
    laws: &Laws,
    world: usize,
    state: usize,
    stratum: StratumIdx,
    address: impl Fn(u64) -> Key,
    (now, left): (Step, Step),
) -> (Step, u8) {
    let steps_left = f64::from(left);
    let mut first = (f64::INFINITY, 0);
    let hazards = laws.plan.states[state].hazards.iter();
    for (index, &(_, quantity)) in hazards.enumerate() {
        let name = laws.study.hazard_names[state][index];
        let hazard = laws.value(world, quantity, stratum);
        let u = address(decision::HAZARD).with(name).uniform();
        let at = waiting_time(u, hazard, steps_left);
        if at < first.0 {
            first = (at, index as u8);
        }
    }
    if let Some(quantity) = laws.plan.death {
        let hazard = laws.value(world, quantity, stratum);
        let at = waiting_time(address(decision::DEATH).uniform(), hazard, steps_left);
        if at < first.0 {
            first = (at, Person::DEATH);
        }
    }
    due(first, now, left)
}

/// The step at whose end something happens that comes after so many steps; [`NEVER`] after the end of the run.
#[inline]
fn due((after, what): (f64, u8), now: Step, left: Step) -> (Step, u8) {
    if after > f64::from(left) {
        return (NEVER, 0);
    }
    (now + (after.ceil() as Step).max(1), what)
}

/// In how many steps an event of constant hazard (per step) happens; infinite where that is surely more than `left`.
#[inline]
fn waiting_time(u: f64, hazard: f64, left: f64) -> f64 {
    // -ln(1 - u) is at least u, so that most people are passed over without a logarithm.
    if u > hazard * left || hazard <= 0.0 {
        return f64::INFINITY;
    }
    -(1.0 - u).ln() / hazard
}
