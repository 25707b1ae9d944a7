//! What happens to a person: entering a state, staying, and going on.

use super::service;
use super::stay::{StayLaw, whole_months};
use super::tables::Setting;
use super::world::{NEVER, Person, Step, World, decision};
use crate::compile::{Destination, Exit, Leaving, QuantityIdx, Stay, Stratum, on_odds};

/// A person passes at most this many states within one month; a longer chain waits for the next month.
const LONGEST_CHAIN: usize = 64;

/// What is due for the person in `slot` happens, if it still is.
pub fn happen(world: &mut World, setting: &Setting, slot: u32) {
    let now = world.now;
    let person = &world.people[slot as usize];
    if person.state == Person::GONE || person.due != now {
        return;
    }
    let state = usize::from(person.state);
    world.tally.leave_stock(usize::from(person.area), state);
    if person.death_due == now {
        world.tally.die(usize::from(person.area));
        remove(world, setting, slot);
    } else if person.clock.fires == now {
        fire(world, setting, slot, state);
    } else if person.hazard_due == now {
        let (to, _) = setting.plan.states[state].hazards[usize::from(person.hazard)];
        depart(world, setting, slot, state, to);
    } else if setting.plan.states[state].chances.is_empty() {
        end_stay(world, setting, slot, state);
    } else {
        take_chance(world, setting, slot, state);
    }
}

/// A step in a state with chances: one uniform against them, in the order of the file; whom none takes stays on.
fn take_chance(world: &mut World, setting: &Setting, slot: u32, state: usize) {
    let now = world.now;
    let chances = &setting.plan.states[state].chances;
    let stratum = world.stratum(setting, slot);
    let person = &mut world.people[slot as usize];
    let n = now - person.entered;
    let each: Vec<f64> = chances
        .iter()
        .map(|leaving| {
            let p = leaving
                .chance
                .at(n, |quantity| setting.value(quantity, stratum));
            with_odds(setting, p, &leaving.modifiers, stratum, person.needs)
        })
        .collect();
    // Drawn chances may exceed one where central ones do not; they are then scaled to one.
    let total = each.iter().sum::<f64>().max(1.0);
    let mut left = person.step_uniform(decision::CHANCE, n) * total;
    for (index, (p, leaving)) in each.iter().zip(chances).enumerate() {
        if left < *p {
            return leave(world, setting, slot, state, (index, leaving));
        }
        left -= p;
    }
    person.stay_due = now + 1;
    world.tally.enter_stock(stratum.area, state);
    world.schedule(slot);
}

fn leave(
    world: &mut World,
    setting: &Setting,
    slot: u32,
    state: usize,
    (index, leaving): (usize, &Leaving),
) {
    if leaving.to == Destination::Leaves {
        let area = usize::from(world.people[slot as usize].area);
        let n_exits = setting.plan.states[state].exits.len();
        world.tally.departure(area, state, n_exits + index);
    }
    depart(world, setting, slot, state, leaving.to);
}

/// The clock fires: a new conviction, counted in the cohort that the person is followed in.
fn fire(world: &mut World, setting: &Setting, slot: u32, state: usize) {
    let Some(clock) = &setting.plan.clock else {
        return;
    };
    let now = world.now;
    let person = &mut world.people[slot as usize];
    person.clock = super::clock::ClockHand::STOPPED;
    if person.in_cohort {
        person.in_cohort = false;
        if f64::from(now - person.cohort_step) <= clock.within {
            world
                .tally
                .reconvict(usize::from(person.area), person.cohort);
        }
    }
    depart(
        world,
        setting,
        slot,
        state,
        Destination::State(clock.fires_to),
    );
}

fn end_stay(world: &mut World, setting: &Setting, slot: u32, state: usize) {
    match choose_exit(world, setting, slot, state) {
        Some((index, exit)) => {
            if exit.to == Destination::Leaves {
                world
                    .tally
                    .departure(usize::from(world.people[slot as usize].area), state, index);
            }
            depart(world, setting, slot, state, exit.to);
        }
        None => remove(world, setting, slot),
    }
}

/// The exit that a person takes now: one uniform against the shares, in the order of the file.
fn choose_exit<'a>(
    world: &World,
    setting: &'a Setting,
    slot: u32,
    state: usize,
) -> Option<(usize, &'a Exit)> {
    let exits = &setting.plan.states[state].exits;
    let chosen = usize::from(world.people[slot as usize].exit);
    if let (Stay::OfExit, Some(exit)) = (setting.plan.states[state].stay, exits.get(chosen)) {
        return Some((chosen, exit));
    }
    if exits.len() == 1 {
        return exits.first().map(|exit| (0, exit));
    }
    let person = &world.people[slot as usize];
    let stratum = world.stratum(setting, slot);
    let u = person.uniform(decision::EXIT);
    let (chosen, total) = exit_at(setting, exits, stratum, person.needs, u);
    // Drawn shares may exceed one where central ones do not; they are then scaled to one.
    let chosen = if total > 1.0 {
        exit_at(setting, exits, stratum, person.needs, u * total).0
    } else {
        chosen
    };
    chosen.map(|index| (index, &exits[index]))
}

/// The exit whose part of the shares, laid end to end, holds `u`, or the one that takes the rest; and the sum of the
/// shares.
fn exit_at(
    setting: &Setting,
    exits: &[Exit],
    stratum: Stratum,
    needs: u8,
    u: f64,
) -> (Option<usize>, f64) {
    let (mut chosen, mut rest, mut reached) = (None, exits.len().checked_sub(1), 0.0);
    for (index, exit) in exits.iter().enumerate() {
        match exit.share {
            None => rest = Some(index),
            Some(quantity) => {
                reached += modified(setting, exit, quantity, stratum, needs);
                if chosen.is_none() && u < reached {
                    chosen = Some(index);
                }
            }
        }
    }
    (chosen.or(rest), reached)
}

/// A share with the odds ratios of the needs that the person has now.
fn modified(setting: &Setting, exit: &Exit, share: usize, stratum: Stratum, needs: u8) -> f64 {
    let p = setting.value(share, stratum);
    with_odds(setting, p, &exit.modifiers, stratum, needs)
}

fn with_odds(
    setting: &Setting,
    p: f64,
    modifiers: &[(usize, QuantityIdx)],
    stratum: Stratum,
    needs: u8,
) -> f64 {
    let mut odds = 1.0;
    for &(need, quantity) in modifiers {
        if needs >> need & 1 == 1 {
            odds *= setting.value(quantity, stratum);
        }
    }
    on_odds(p, odds)
}

/// A person leaves `from` for `to`, and on through states without a stay, until one keeps them.
fn depart(world: &mut World, setting: &Setting, slot: u32, from: usize, to: Destination) {
    let Destination::State(mut state) = to else {
        return remove(world, setting, slot);
    };
    let mut from = Some(from);
    for passed in 0.. {
        enter(world, setting, slot, from, state);
        let keeps = !matches!(setting.plan.states[state].stay, Stay::None);
        if keeps && settle(world, setting, slot, state) {
            return;
        }
        let area = usize::from(world.people[slot as usize].area);
        if passed >= LONGEST_CHAIN && keeps {
            world.people[slot as usize].stay_due = world.now + 1;
            world.tally.enter_stock(area, state);
            return world.schedule(slot);
        }
        match choose_exit(world, setting, slot, state) {
            Some((index, exit)) if exit.to == Destination::Leaves => {
                world.tally.departure(area, state, index);
                return remove(world, setting, slot);
            }
            Some((
                _,
                &Exit {
                    to: Destination::State(next),
                    ..
                },
            )) => {
                from = Some(state);
                state = next;
            }
            _ => return remove(world, setting, slot),
        }
    }
}

/// A new person enters from outside and goes on until a state keeps them.
pub fn begin(world: &mut World, setting: &Setting, slot: u32, state: usize) {
    enter(world, setting, slot, None, state);
    let keeps = !matches!(setting.plan.states[state].stay, Stay::None);
    if keeps && settle(world, setting, slot, state) {
        return;
    }
    end_stay(world, setting, slot, state);
}

/// What entering a state brings, whether or not it keeps the person: the count, a conviction, needs, referrals and
/// the clock.
fn enter(world: &mut World, setting: &Setting, slot: u32, from: Option<usize>, state: usize) {
    let plan = setting.plan;
    let now = world.now;
    let person = &mut world.people[slot as usize];
    person.visit += 1;
    person.state = state as u16;
    let area = usize::from(person.area);
    world.tally.enter(area, from, state);
    if plan.states[state].convicts {
        // Previous convictions are those before the latest: the one before becomes previous now.
        person.priors = person.priors.saturating_add(u8::from(person.is_convicted));
        person.is_convicted = true;
    }
    if setting.needs.is_drawn_on(state) {
        let stratum = world.stratum(setting, slot);
        let person = &mut world.people[slot as usize];
        let u = person.own_uniform(decision::NEEDS);
        if let Some(needs) = setting.needs.on_entering(state, stratum, person.needs, u) {
            person.needs = needs;
            world.tally.arise(area, needs);
        }
    }
    service::refer(world, setting, slot, state);
    if let Some(clock) = &plan.clock
        && let Some(start) = clock.started_by[state]
    {
        let stratum = world.stratum(setting, slot);
        let ratio = hazard_ratio(world, setting, slot, stratum);
        let person = &mut world.people[slot as usize];
        let u = person.uniform(decision::CLOCK);
        person
            .clock
            .start(setting, clock, start, stratum, (now, u, ratio));
        world.tally.index(&mut world.people[slot as usize], now);
    }
}

/// A state keeps the person, if the stay is at least a month; otherwise false, and the stay ends at once.
fn settle(world: &mut World, setting: &Setting, slot: u32, state: usize) -> bool {
    let now = world.now;
    let described = &setting.plan.states[state];
    let stratum = world.stratum(setting, slot);
    if setting
        .plan
        .clock
        .as_ref()
        .is_some_and(|clock| !clock.runs_in[state])
    {
        world.people[slot as usize].clock = super::clock::ClockHand::STOPPED;
    }
    service::drop_where_not_served(world, setting, slot, state);
    let stay = choose_stay(world, setting, slot, state);
    let person = &mut world.people[slot as usize];
    let stay = match stay {
        Stay::None | Stay::OfExit => 0,
        Stay::Open if !described.chances.is_empty() => 1,
        Stay::Open => NEVER - now,
        Stay::Clock if person.clock.is_running() => (person.clock.ends - now).max(0),
        Stay::Clock => 0,
        _ => {
            let table = setting.shapes.state(state, usize::from(person.exit));
            let law = stay_law(setting, &stay, stratum, table);
            whole_months(
                law.length(person.uniform(decision::STAY)),
                person.uniform(decision::ROUND),
            )
        }
    };
    if stay <= 0 {
        return false;
    }
    keep(
        world,
        setting,
        slot,
        state,
        stratum,
        now.saturating_add(stay),
    );
    true
}

/// The stay of a state, or of the exit that is chosen now where exits have stays of their own.
fn choose_stay(world: &mut World, setting: &Setting, slot: u32, state: usize) -> Stay {
    world.people[slot as usize].exit = Person::NO_EXIT;
    let stay = setting.plan.states[state].stay;
    if stay != Stay::OfExit {
        return stay;
    }
    match choose_exit(world, setting, slot, state) {
        Some((index, exit)) => {
            world.people[slot as usize].exit = index as u8;
            exit.stay.unwrap_or(Stay::None)
        }
        None => Stay::None,
    }
}

/// The person stays in the state until `stay_due`, unless a hazard, the clock or death comes first.
pub fn keep(
    world: &mut World,
    setting: &Setting,
    slot: u32,
    state: usize,
    stratum: Stratum,
    stay_due: Step,
) {
    let now = world.now;
    let person = &mut world.people[slot as usize];
    person.state = state as u16;
    person.entered = now;
    person.stay_due = stay_due;
    let mut first = f64::INFINITY;
    for (index, &(_, quantity)) in setting.plan.states[state].hazards.iter().enumerate() {
        let at = waiting_time(
            person.uniform_of(decision::HAZARD, setting.hazard_name(state, index)),
            setting.value(quantity, stratum),
        );
        if at < first {
            first = at;
            person.hazard = index as u8;
        }
    }
    person.death_due = NEVER;
    // The first to happen wins within a month too, so what would have come later is left out.
    if let Some(quantity) = setting.plan.death {
        let at = waiting_time(
            person.uniform(decision::DEATH),
            setting.value(quantity, stratum),
        );
        if at < first {
            first = f64::INFINITY;
            person.death_due = month_of(at, now);
        }
    }
    person.hazard_due = month_of(first, now);
    world.tally.enter_stock(stratum.area, state);
    world.schedule(slot);
}

/// In how many steps an event of constant hazard (per step) happens.
fn waiting_time(u: f64, hazard: f64) -> f64 {
    if hazard > 0.0 {
        -(1.0 - u).ln() / hazard
    } else {
        f64::INFINITY
    }
}

/// The month that ends with or after something so many months from now: at least the next.
fn month_of(months: f64, now: Step) -> Step {
    if months < 100_000.0 {
        now + months.ceil().max(1.0) as Step
    } else {
        NEVER
    }
}

/// The law of a stay with its numbers filled in.
pub fn stay_law<'a>(
    setting: &Setting,
    stay: &Stay,
    stratum: Stratum,
    table: Option<&'a super::stay::QuantileTable>,
) -> StayLaw<'a> {
    let value = |quantity| setting.value(quantity, stratum);
    match (*stay, table) {
        (Stay::Fixed(length), _) => StayLaw::Fixed(value(length)),
        (Stay::Geometric(mean), _) => StayLaw::Geometric(value(mean)),
        (Stay::Exponential(mean), _) => StayLaw::Exponential(value(mean)),
        (Stay::Gamma(mean, _), Some(table)) => StayLaw::Tabled(value(mean), table),
        (Stay::Gamma(mean, _), None) => StayLaw::Exponential(value(mean)),
        (Stay::Weibull(mean, shape), _) => StayLaw::Weibull(value(mean), value(shape)),
        (Stay::LogNormal(mean, spread), _) => StayLaw::LogNormal(value(mean), value(spread)),
        (Stay::Listed(list), _) => StayLaw::listed(list.steps().map(|(n, q)| (n, value(q)))),
        (Stay::None | Stay::Clock | Stay::Open | Stay::OfExit, _) => StayLaw::Fixed(0.0),
    }
}

/// The hazard ratio of the person's needs and of the services whose effect holds now.
pub fn hazard_ratio(world: &World, setting: &Setting, slot: u32, stratum: Stratum) -> f64 {
    let person = &world.people[slot as usize];
    let mut ratio = 1.0;
    if let Some(clock) = &setting.plan.clock {
        for &(need, quantity) in &clock.modifiers {
            if person.needs >> need & 1 == 1 {
                ratio *= setting.value(quantity, stratum);
            }
        }
    }
    for (index, service) in setting.plan.services.iter().enumerate() {
        if person.effects >> index & 1 == 1 {
            ratio *= setting.value(service.hazard_ratio, stratum);
        }
    }
    ratio
}

/// The clock takes up a new hazard ratio, and the person a new place in the calendar.
pub fn reset_clock(world: &mut World, setting: &Setting, slot: u32) {
    let Some(clock) = &setting.plan.clock else {
        return;
    };
    let stratum = world.stratum(setting, slot);
    let ratio = hazard_ratio(world, setting, slot, stratum);
    let now = world.now;
    let person = &mut world.people[slot as usize];
    person
        .clock
        .change_ratio(setting, clock, stratum, now, ratio);
    let due = person.due;
    world.schedule(slot);
    debug_assert!(
        world.people[slot as usize].due > now || due == now,
        "a changed clock fires later than now"
    );
}

/// A dated change reaches the people in a state: the whole length of a present stay is multiplied by new over old,
/// or read anew from a table at its own uniform, and ends now if the new length has passed already.
pub fn rescale(world: &mut World, setting: &Setting, state: usize) {
    let now = world.now;
    for slot in 0..world.people.len() as u32 {
        if usize::from(world.people[slot as usize].state) != state {
            continue;
        }
        let stratum = world.stratum(setting, slot);
        let exit = usize::from(world.people[slot as usize].exit);
        let stay = setting.stay(state, exit);
        let person = &mut world.people[slot as usize];
        if let Stay::Listed(_) = stay {
            let law = stay_law(setting, &stay, stratum, None);
            let length = law.length(person.uniform(decision::STAY)) as Step;
            person.stay_due = (person.entered + length).max(now);
            world.schedule(slot);
            continue;
        }
        let ratio = setting.everyone_ratio(stay, stratum, now);
        if ratio == 1.0 || person.stay_due == NEVER {
            continue;
        }
        let u = person
            .key
            .with(u64::from(person.visit) << 8 | decision::RESCALE)
            .with(now as u64)
            .uniform();
        let length = whole_months(f64::from(person.stay_due - person.entered) * ratio, u);
        person.stay_due = (person.entered + length).max(now);
        world.schedule(slot);
    }
}

/// A person leaves the model.
fn remove(world: &mut World, setting: &Setting, slot: u32) {
    service::let_go(world, setting, slot);
    let person = &mut world.people[slot as usize];
    person.state = Person::GONE;
    person.due = NEVER;
    world.free.push(slot);
    world.tally.went_out += 1;
}
