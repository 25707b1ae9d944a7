//! Services: who is referred, who starts, what support does, and who leaves.

use super::counters::{flow, of_group};
use super::crowd::NOBODY;
use super::journey::{TOGETHER, stratum};
use super::laws::Laws;
use super::person::{Person, Step, decision, visit_key};
use super::returns;
use super::scope::StratumIdx;
use super::stay::whole_steps;
use super::versions::{Worlds, agreed, each};
use super::world::World;
use crate::compile::Service;
use crate::random::Key;

/// What a person has of one service.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hold {
    /// When support, or its effect afterwards, ends; of somebody who waits, when they joined the queue.
    pub until: Step,
    /// Whether support will be completed.
    pub completes: bool,
}

/// The end of a support or of its effect.
#[derive(Clone, Copy, Debug)]
pub struct Booking {
    /// Whose: a slot that somebody else has taken is known by it.
    pub key: Key,
    /// The record.
    pub slot: u32,
    /// The service.
    pub service: u8,
}

/// Refers a person who enters a state to the services that refer there, if the need is present and nothing of the
/// service but the effect of an earlier support is in hand.
pub fn refer(
    world: &mut World,
    laws: &Laws,
    person: &mut Person,
    mut wanted: u32,
    stratum: StratumIdx,
) {
    let counters = &laws.study.counters;
    let now = world.now;
    let address = |decision| visit_key(person.key, person.visit, decision);
    let (uptake, patience) = (address(decision::UPTAKE), address(decision::PATIENCE));
    while wanted != 0 {
        let index = wanted.trailing_zeros() as usize;
        wanted &= wanted - 1;
        let name = laws.study.service_names[index];
        let (referral, area) = (laws.services[index].referral(), usize::from(person.area));
        let patience = referral.decide(&mut person.worlds, area, |referral| {
            let here = referral.at(stratum);
            (uptake.with(name).uniform() < here.uptake)
                .then(|| here.patience.steps(patience.with(name)))
        });
        let (tally, study) = (&mut world.tally, laws.study);
        tally.group(study, (index, now), stratum, of_group::NEED);
        let Some(patience) = patience else {
            tally.service(counters, index, flow::DECLINED);
            tally.group(study, (index, now), stratum, of_group::UNMET_NEED);
            continue;
        };
        world.tally.service(counters, index, flow::REFERRALS);
        if person.effects >> index & 1 == 1 {
            clear_effect(world, laws, person, index);
        }
        person.waiting |= 1 << index;
        world.join(index, person.visit, now + patience);
    }
}

/// A person who leaves the model leaves every queue and every support.
pub fn let_go(world: &mut World, laws: &Laws, person: &mut Person) {
    drop(world, laws, person, u32::MAX);
}

/// A person drops out of the queues, supports and effects of some services.
pub fn drop(world: &mut World, laws: &Laws, person: &mut Person, services: u32) {
    let counters = &laws.study.counters;
    for index in each(Worlds::from(person.waiting & services)) {
        world.tally.service(counters, index, flow::DROPPED_WAITING);
        never_starts(world, laws, person, index);
    }
    for index in each(Worlds::from(person.supported & services)) {
        world.tally.service(counters, index, flow::DROPPED_SUPPORT);
    }
    person.waiting &= !services;
    person.supported &= !services;
    person.effects &= !services;
}

/// Supports and effects that end this month.
pub fn support_ends(world: &mut World, laws: &Laws) {
    let n_services = laws.plan.services.len();
    let ending = std::mem::take(&mut world.crowd.support_calendar[world.now as usize]);
    for bookings in ending.chunks(TOGETHER) {
        for booking in bookings {
            let (slot, service) = (std::iter::once(booking.slot), usize::from(booking.service));
            std::hint::black_box(world.crowd.fetch_served(slot, service, n_services));
        }
        for booking in bookings {
            support_ends_of(world, laws, booking);
        }
    }
}

/// What a booking says happens to all records of its person.
#[inline]
fn support_ends_of(world: &mut World, laws: &Laws, booking: &Booking) {
    let (now, n_services) = (world.now, laws.plan.services.len());
    let index = usize::from(booking.service);
    if !world.crowd.is_of(booking.slot, booking.key) {
        return;
    }
    let mut slot = booking.slot;
    while slot != NOBODY {
        let person = &world.crowd.people[slot as usize];
        let (is_supported, has_effect) = (person.supported >> index, person.effects >> index);
        // Where a record stands for every world, no other is left.
        let is_alone = person.worlds == world.everywhere;
        let next = match is_alone {
            true => NOBODY,
            false => world.crowd.twin(slot),
        };
        if has_effect & 1 == 1 && world.crowd.hold(slot, index, n_services).until == now {
            world.part(slot, Worlds::MAX, |world, person| match is_supported & 1 {
                1 => end_support(world, laws, person, index),
                _ => clear_effect(world, laws, person, index),
            });
        }
        slot = next;
    }
}

fn end_support(world: &mut World, laws: &Laws, person: &mut Person, index: usize) {
    let service = &laws.plan.services[index];
    let counters = &laws.study.counters;
    person.supported &= !(1 << index);
    if !world.completes(index) {
        world.tally.service(counters, index, flow::DROPPED_SUPPORT);
        return clear_effect(world, laws, person, index);
    }
    world.tally.service(counters, index, flow::COMPLETIONS);
    let stratum = stratum(laws, world.now, person);
    let u = person.uniform_of(decision::MEETS_NEED, laws.study.service_names[index]);
    let (ending, area) = (laws.services[index].ending(), usize::from(person.area));
    let (is_met, after) = ending.decide(&mut person.worlds, area, |ending| {
        let here = ending.at(stratum);
        (u < here.meets_need, here.effect_after)
    });
    if is_met {
        person.needs &= !(1 << service.need);
        world.tally.service(counters, index, flow::NEEDS_MET);
        let at = (index, world.now);
        world
            .tally
            .group(laws.study, at, stratum, of_group::NEEDS_MET);
    }
    if after == 0 {
        return clear_effect(world, laws, person, index);
    }
    let hold = Hold {
        until: world.now.saturating_add(after),
        completes: true,
    };
    world.book(index, hold);
    // A need that has been met may change the hazard too.
    returns::reset_clock(world, laws, person);
}

/// Nothing of a service is in hand any more, nor its effect.
fn clear_effect(world: &mut World, laws: &Laws, person: &mut Person, index: usize) {
    person.let_go_of(index);
    returns::reset_clock(world, laws, person);
}

/// Somebody in a queue gives up waiting.
pub fn give_up(world: &mut World, laws: &Laws, person: &mut Person, index: usize) {
    let counters = &laws.study.counters;
    world.tally.service(counters, index, flow::GAVE_UP);
    never_starts(world, laws, person, index);
    person.waiting &= !(1 << index);
}

/// Somebody with the need leaves the queue without ever starting.
fn never_starts(world: &mut World, laws: &Laws, person: &Person, index: usize) {
    let who = stratum(laws, world.now, person);
    let at = (index, world.now);
    world.tally.group(laws.study, at, who, of_group::UNMET_NEED);
}

/// Somebody in a queue gets a place.
pub fn start(world: &mut World, laws: &Laws, person: &mut Person, index: usize, joined: Step) {
    let service = &laws.plan.services[index];
    let now = world.now;
    world.tally.start(laws.study, index, now, now - joined);
    let (completes, steps) = support(laws, now, person, (index, service), joined);
    let hold = Hold {
        until: now.saturating_add(steps),
        completes,
    };
    world.book(index, hold);
    person.waiting &= !(1 << index);
    person.supported |= 1 << index;
    person.effects |= 1 << index;
    returns::reset_clock(world, laws, person);
}

/// Whether support will be completed, and for how many steps it lasts.
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
    let lengths = laws.lengths_at(laws.plan.states.len() + index);
    let on_support = &laws.services[index].on_support;
    let differs = on_support.differs(usize::from(person.area));
    agreed(&mut person.worlds, differs, |world| {
        let completes = key.with(0).uniform() < laws.value(world, service.completion, stratum);
        let lengths = lengths.of(world);
        let (at, round) = (key.with(1), || key.with(3));
        let steps = if completes {
            lengths.whole_steps(stratum, at, round)
        } else {
            let length = lengths.law(stratum).length(at.uniform());
            whole_steps(length * key.with(2).uniform(), round().uniform())
        };
        (completes, steps.max(1))
    })
}
