//! Services: who is referred, who starts, what support does, and who leaves.

use super::journey::{self, stratum};
use super::laws::Laws;
use super::person::{Person, Step, decision, visit_key};
use super::queue::QueueEntry;
use super::stay::{geometric, whole_steps};
use super::tally::flow;
use super::versions::{Worlds, each};
use super::world::{NOBODY, World};
use crate::compile::Service;

/// What a person has of one service.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hold {
    /// How far they have come.
    pub stage: Stage,
    /// Whether support will be completed.
    pub completes: bool,
    /// When support, or its effect afterwards, ends.
    pub until: Step,
}

/// How far a person has come with a service.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stage {
    /// Nothing in hand.
    #[default]
    None,
    /// In the queue.
    Waiting,
    /// In support.
    Supported,
    /// Completed; the effect still holds.
    After,
}

/// Refers a person who enters a state to the services that refer there, if the need is present and nothing of the
/// service is in hand.
pub fn refer(world: &mut World, laws: &Laws, person: &mut Person, refers_to: &[usize]) {
    let counters = &laws.study.counters;
    for &index in refers_to {
        let service = &laws.plan.services[index];
        let stage = match person.held >> index & 1 {
            0 => Stage::None,
            _ => world.hand[index].stage,
        };
        let has_need = person.needs >> service.need & 1 == 1;
        if !has_need || !matches!(stage, Stage::None | Stage::After) {
            continue;
        }
        let stratum = stratum(laws, world.now, person);
        let u = person.uniform_of(decision::UPTAKE, laws.study.service_names[index]);
        let takes_up = laws.decide(
            &mut person.worlds,
            &[service.uptake],
            stratum.area,
            |world| u < laws.value(world, service.uptake, stratum),
        );
        if !takes_up {
            world.log.service(counters, index, flow::DECLINED);
            continue;
        }
        let u = person.uniform_of(decision::PATIENCE, laws.study.service_names[index]);
        let worlds = &mut person.worlds;
        let patience = laws.decide(worlds, &[service.patience], stratum.area, |world| {
            let mean = laws.value(world, service.patience, stratum);
            geometric(mean, u).min(100_000.0) as Step
        });
        world.log.service(counters, index, flow::REFERRALS);
        if stage == Stage::After {
            clear_effect(world, laws, person, index);
        }
        world.hand[index] = Hold {
            stage: Stage::Waiting,
            ..Hold::default()
        };
        person.held |= 1 << index;
        let entry = QueueEntry {
            slot: NOBODY,
            serial: 0,
            worlds: 0,
            joined: world.now,
            gives_up: world.now + patience,
            order: visit_key(person.key, person.visit, decision::ORDER).bits(),
        };
        world.joins.push((index, entry));
    }
}

/// A person settling in a state where a service does not reach them leaves its queue or its support.
pub fn drop_where_not_served(world: &mut World, laws: &Laws, person: &mut Person, state: usize) {
    for index in each(Worlds::from(person.held)) {
        if !laws.plan.services[index].stays_in[state] {
            drop_hold(world, laws, person, index);
        }
    }
}

/// A person who leaves the model leaves every queue and every support.
pub fn let_go(world: &mut World, laws: &Laws, person: &mut Person) {
    for index in each(Worlds::from(person.held)) {
        drop_hold(world, laws, person, index);
    }
}

fn drop_hold(world: &mut World, laws: &Laws, person: &mut Person, index: usize) {
    let counters = &laws.study.counters;
    match world.hand[index].stage {
        Stage::Waiting => world.log.service(counters, index, flow::DROPPED_WAITING),
        Stage::Supported => world.log.service(counters, index, flow::DROPPED_SUPPORT),
        Stage::None | Stage::After => {}
    }
    person.effects &= !(1 << index);
    person.held &= !(1 << index);
}

/// Supports and effects that end this month.
pub fn support_ends(world: &mut World, laws: &Laws) {
    let now = world.now;
    let ending = std::mem::take(&mut world.crowd.support_calendar[now as usize]);
    for (slot, serial, index) in ending {
        let index = usize::from(index);
        if world.crowd.serials[slot as usize] != serial {
            continue;
        }
        let mut slot = slot;
        while slot != NOBODY {
            let next = world.crowd.twins[slot as usize];
            let stage = world.stage(slot, index);
            if stage != Stage::None && world.hold(slot, index).until == now {
                match stage {
                    Stage::Supported => world.part(slot, Worlds::MAX, |world, person| {
                        end_support(world, laws, person, index);
                    }),
                    Stage::After => world.part(slot, Worlds::MAX, |world, person| {
                        clear_effect(world, laws, person, index);
                    }),
                    Stage::None | Stage::Waiting => {}
                }
            }
            slot = next;
        }
    }
}

fn end_support(world: &mut World, laws: &Laws, person: &mut Person, index: usize) {
    let service = &laws.plan.services[index];
    let counters = &laws.study.counters;
    if !world.hand[index].completes {
        world.log.service(counters, index, flow::DROPPED_SUPPORT);
        return clear_effect(world, laws, person, index);
    }
    world.log.service(counters, index, flow::COMPLETIONS);
    let stratum = stratum(laws, world.now, person);
    let u = person.uniform_of(decision::MEETS_NEED, laws.study.service_names[index]);
    let read = [service.meets_need, service.effect_after];
    let (is_met, after) = laws.decide(&mut person.worlds, &read, stratum.area, |world| {
        let value = |quantity| laws.value(world, quantity, stratum);
        let after = value(service.effect_after).round() as Step;
        (u < value(service.meets_need), after.max(0))
    });
    if is_met {
        person.needs &= !(1 << service.need);
        world.log.service(counters, index, flow::NEEDS_MET);
    }
    if after == 0 {
        return clear_effect(world, laws, person, index);
    }
    world.hand[index] = Hold {
        stage: Stage::After,
        until: world.now + after,
        completes: true,
    };
    world.bookings.push((world.now + after, index));
    // A need that has been met may change the hazard too.
    journey::reset_clock(world, laws, person);
}

/// Nothing of a service is in hand any more, nor its effect.
fn clear_effect(world: &mut World, laws: &Laws, person: &mut Person, index: usize) {
    person.held &= !(1 << index);
    person.effects &= !(1 << index);
    journey::reset_clock(world, laws, person);
}

/// Somebody in a queue gives up waiting.
pub fn give_up(world: &mut World, laws: &Laws, person: &mut Person, index: usize) {
    let counters = &laws.study.counters;
    world.log.service(counters, index, flow::GAVE_UP);
    person.held &= !(1 << index);
}

/// Somebody in a queue gets a place.
pub fn start(world: &mut World, laws: &Laws, person: &mut Person, index: usize, joined: Step) {
    let service = &laws.plan.services[index];
    let now = world.now;
    world.log.start(laws.study, index, now, now - joined);
    let (completes, months) = support(laws, now, person, (index, service), joined);
    let until = now.saturating_add(months);
    world.hand[index] = Hold {
        stage: Stage::Supported,
        until,
        completes,
    };
    world.bookings.push((until, index));
    person.effects |= 1 << index;
    journey::reset_clock(world, laws, person);
}

/// Whether support will be completed, and for how many months it lasts.
fn support(
    laws: &Laws,
    now: Step,
    person: &mut Person,
    (index, service): (usize, &Service),
    joined: Step,
) -> (bool, Step) {
    let stratum = stratum(laws, now, person);
    // Support is addressed by the month of joining, not by the visit, which may have moved on while waiting.
    let key = person.key.with((joined as u64) << 8 | decision::SUPPORT);
    let key = key.with(laws.study.service_names[index]);
    let place = laws.plan.states.len() + index;
    let read = &laws.study.on_support[index];
    laws.decide(&mut person.worlds, read, stratum.area, |world| {
        let completes = key.with(0).uniform() < laws.value(world, service.completion, stratum);
        let law = laws.stay(world, &service.support, place, stratum);
        let (u, round) = (key.with(1).uniform(), || key.with(3).uniform());
        let steps = if completes {
            law.whole_steps(u, round)
        } else {
            whole_steps(law.length(u) * key.with(2).uniform(), round())
        };
        (completes, steps.max(1))
    })
}
