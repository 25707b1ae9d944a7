//! What happens to a person: entering a state, staying, and going on.

use super::laws::Laws;
use super::person::{NEVER, Person, Step, decision, visit_key};
use super::scope::StratumIdx;
use super::service;
use super::stay::whole_steps;
use super::versions::{Worlds, agreed};
use super::world::World;
use crate::compile::{Destination, Leaving, QuantityIdx, Stay, on_odds};
use crate::random::Key;

/// A person passes at most this many states within one step; a longer chain waits for the next step.
const LONGEST_CHAIN: usize = 64;

/// The stratum of a person now: age and priors move.
#[inline]
pub fn stratum(laws: &Laws, now: Step, person: &Person) -> StratumIdx {
    let first = usize::from(person.of_sex) * laws.study.n_strata_of_sex;
    first + laws.study.within_sex(now - person.born, person.priors)
}

/// What is due for the person in `slot` happens, if it still is.
pub fn happen(world: &mut World, laws: &Laws, slot: u32) {
    let person = &world.crowd.people[slot as usize];
    if person.due() == world.now {
        world.part(slot, Worlds::MAX, |world, person| {
            come_due(world, laws, person);
        });
    }
}

fn come_due(world: &mut World, laws: &Laws, person: &mut Person) {
    let now = world.now;
    let counters = &laws.study.counters;
    let state = usize::from(person.state);
    world.tally.uncount(counters.stock + state);
    let is_other = person.other_due == now;
    if is_other && person.other == Person::DEATH {
        world.tally.count(counters.deaths);
        remove(world, laws, person);
    } else if person.fires == now {
        fire(world, laws, person, state);
    } else if is_other {
        let (to, _) = laws.plan.states[state].hazards[usize::from(person.other)];
        match to {
            Destination::State(to) => go(world, laws, person, (Some(state), to)),
            Destination::Leaves => remove(world, laws, person),
        }
    } else if !laws.plan.states[state].chances.is_empty() {
        take_chance(world, laws, person, state);
    } else if let Some(next) = go_on(world, laws, person, state) {
        go(world, laws, person, (Some(state), next));
    }
}

/// A step in a state with chances: one uniform against them, in the order of the file; whom none takes stays on.
fn take_chance(world: &mut World, laws: &Laws, person: &mut Person, state: usize) {
    let counters = &laws.study.counters;
    let described = &laws.plan.states[state];
    // A chance is of the whole step, and so of the age at its beginning.
    let stratum = stratum(laws, world.now - 1, person);
    let n = world.now - person.entered;
    let u = visit_key(person.key, person.visit, decision::CHANCE)
        .with(n as u64)
        .uniform();
    let needs = person.needs;
    let law = &laws.states[state];
    let taken = law
        .chances
        .decide(&mut person.worlds, usize::from(person.area), |world| {
            chance_taken(laws, world, &described.chances, (stratum, needs), n, u)
        });
    let Some(index) = taken else {
        person.stay_due = world.now + 1;
        return world.tally.count(counters.stock + state);
    };
    match described.chances[index].to {
        Destination::State(to) => go(world, laws, person, (Some(state), to)),
        Destination::Leaves => {
            let exit = described.exits.len() + index;
            world.tally.depart(counters, state, exit);
            remove(world, laws, person);
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

/// The clock fires: a new conviction, counted in the cohort that the person is followed in.
fn fire(world: &mut World, laws: &Laws, person: &mut Person, state: usize) {
    let Some(clock) = &laws.plan.clock else {
        return;
    };
    person.stop_clock();
    let now = world.now;
    let back = world.back();
    if std::mem::take(&mut back.in_cohort) {
        let steps = f64::from(now - back.cohort_step);
        if let (true, Ok(year)) = (steps <= clock.within, usize::try_from(back.cohort)) {
            world.tally.count(laws.study.counters.reconvicted + year);
        }
    }
    go(world, laws, person, (Some(state), clock.fires_to));
}

/// A stay has ended: the state that the person goes on to, or `None` if they have left.
fn go_on(world: &mut World, laws: &Laws, person: &mut Person, state: usize) -> Option<usize> {
    let exits = &laws.states[state].exits;
    let Some(index) = choose_exit(world, laws, person, state) else {
        remove(world, laws, person);
        return None;
    };
    match exits.to[index] {
        Destination::State(next) => Some(next),
        Destination::Leaves => {
            world.tally.depart(&laws.study.counters, state, index);
            remove(world, laws, person);
            None
        }
    }
}

/// The exit that a person takes from a state, or has chosen on entering it.
fn choose_exit(world: &World, laws: &Laws, person: &mut Person, state: usize) -> Option<usize> {
    let exits = &laws.states[state].exits;
    let chosen = usize::from(person.exit);
    if chosen < exits.to.len() && laws.plan.states[state].stay == Stay::OfExit {
        return Some(chosen);
    }
    match exits.to.len() {
        0 => None,
        1 => Some(0),
        _ => {
            let u = person.uniform(decision::EXIT);
            let stratum = stratum(laws, world.now, person);
            let needs = person.needs;
            let area = usize::from(person.area);
            Some(exits.choose(&mut person.worlds, area, stratum, needs, u))
        }
    }
}

/// A person goes to a state, and on through states that do not keep them, until one does or they leave.
pub fn go(world: &mut World, laws: &Laws, person: &mut Person, (from, to): (Option<usize>, usize)) {
    let (mut from, mut state) = (from, to);
    for passed in 0.. {
        enter(world, laws, person, from, state);
        let keeps = laws.states[state].keeps;
        if keeps && settle(world, laws, person, state) {
            return;
        }
        if keeps && passed >= LONGEST_CHAIN {
            person.entered = world.now;
            person.stay_due = world.now + 1;
            person.other_due = NEVER;
            return world.tally.count(laws.study.counters.stock + state);
        }
        let Some(next) = go_on(world, laws, person, state) else {
            return;
        };
        from = Some(state);
        state = next;
    }
}

/// What entering a state brings, whether or not it keeps the person: the count, a conviction, needs, referrals and
/// the clock.
fn enter(world: &mut World, laws: &Laws, person: &mut Person, from: Option<usize>, state: usize) {
    let law = &laws.states[state];
    let now = world.now;
    person.visit += 1;
    person.state = state as u16;
    world.tally.enter(&laws.study.counters, from, state);
    if laws.plan.states[state].convicts {
        // Previous convictions are those before the latest: the one before becomes previous now.
        person.priors = person.priors.saturating_add(u8::from(person.is_convicted));
        person.is_convicted = true;
    }
    if laws.needs.is_drawn_on(state) {
        let u = person.own_uniform(decision::NEEDS);
        let stratum = stratum(laws, now, person);
        let at = (state, usize::from(person.area));
        let needs = &laws.needs;
        person.needs = needs.on_entering(&mut person.worlds, at, stratum, person.needs, u);
        world.tally.arise(&laws.study.counters, person.needs);
    }
    let wanted = law.refers_to[usize::from(person.needs)] & !(person.waiting | person.supported);
    if wanted != 0 {
        service::refer(world, laws, person, wanted);
    }
    if let (Some(start), Some(clock), Some(plan)) =
        (law.starts_clock, &laws.clock, &laws.plan.clock)
    {
        let stratum = stratum(laws, now, person);
        let ratio = hazard_ratio(laws, person, stratum);
        let at = (now, person.uniform(decision::CLOCK), ratio);
        let whose = (usize::from(person.area), stratum);
        let hand = clock.start(&mut person.worlds, plan, start, whose, at);
        (person.is_clocked, person.fires) = (hand.is_running(), hand.fires);
        world.start_clock(laws.study, hand);
    }
}

/// A state keeps the person, if the stay is at least a step; otherwise false, and the stay ends at once.
fn settle(world: &mut World, laws: &Laws, person: &mut Person, state: usize) -> bool {
    let now = world.now;
    let law = &laws.states[state];
    if law.stops_clock {
        person.stop_clock();
    }
    if person.is_served() {
        service::drop_where_not_served(world, laws, person, state);
    }
    let stratum = stratum(laws, now, person);
    let (described, place) = choose_stay(world, laws, person, state);
    let stay = match described {
        Stay::None | Stay::OfExit => 0,
        Stay::Open if !laws.plan.states[state].chances.is_empty() => 1,
        Stay::Open => NEVER - now,
        Stay::Clock if person.is_clocked => (world.back().clock.ends - now).max(0),
        Stay::Clock => 0,
        _ => {
            let (key, visit) = (person.key, person.visit);
            let address = |decision| visit_key(key, visit, decision);
            let (lengths, area) = (laws.lengths_at(place), usize::from(person.area));
            lengths.decide(&mut person.worlds, area, |lengths| {
                lengths.whole_steps(stratum, address(decision::STAY), || {
                    address(decision::ROUND)
                })
            })
        }
    };
    if stay <= 0 {
        return false;
    }
    keep(
        world,
        laws,
        person,
        state,
        stratum,
        now.saturating_add(stay),
    );
    true
}

/// The stay of a state, or of the exit that is chosen now where exits have stays of their own, and where it stands among
/// all stays.
fn choose_stay(world: &World, laws: &Laws, person: &mut Person, state: usize) -> (Stay, usize) {
    let stay = laws.plan.states[state].stay;
    person.exit = Person::NO_EXIT;
    if stay == Stay::OfExit
        && let Some(index) = choose_exit(world, laws, person, state)
    {
        person.exit = index as u8;
        let own = laws.plan.states[state].exits[index].stay;
        let place = laws.states[state].first_exit + index;
        return (own.unwrap_or(Stay::None), place);
    }
    (stay, state)
}

/// The person stays in the state until `stay_due`, unless a hazard, the clock or death comes first.
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
    if !law.hazards.is_empty() {
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
    let left = f64::from(left);
    let mut first = (f64::INFINITY, 0);
    let hazards = laws.plan.states[state].hazards.iter();
    for (index, &(_, quantity)) in hazards.enumerate() {
        let name = laws.study.hazard_names[state][index];
        let hazard = laws.value(world, quantity, stratum);
        let u = address(decision::HAZARD).with(name).uniform();
        let at = waiting_time(u, hazard, left);
        if at < first.0 {
            first = (at, index as u8);
        }
    }
    if let Some(quantity) = laws.plan.death {
        let hazard = laws.value(world, quantity, stratum);
        let at = waiting_time(address(decision::DEATH).uniform(), hazard, left);
        if at < first.0 {
            first = (at, Person::DEATH);
        }
    }
    let steps = first.0.ceil().max(1.0);
    if steps <= left {
        (now + steps as Step, first.1)
    } else {
        (NEVER, 0)
    }
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

/// The hazard ratio of the person's needs and of the services whose effect holds now.
fn hazard_ratio(laws: &Laws, person: &mut Person, stratum: StratumIdx) -> f64 {
    let (needs, effects) = (person.needs, person.effects);
    let Some(clock) = &laws.clock else { return 1.0 };
    if needs == 0 && effects == 0 {
        return 1.0;
    }
    let differs = clock.ratio_differs(usize::from(person.area));
    agreed(&mut person.worlds, differs, |world| {
        clock.ratio(laws, world, (needs, effects), stratum)
    })
}

/// The clock takes up the hazard ratio that holds now.
pub fn reset_clock(world: &mut World, laws: &Laws, person: &mut Person) {
    let (Some(clock), Some(law), true) = (&laws.plan.clock, &laws.clock, person.is_clocked) else {
        return;
    };
    let now = world.now;
    let stratum = stratum(laws, now, person);
    let (hand, needs, effects) = (world.back().clock, person.needs, person.effects);
    let differs = law.ratio_differs(usize::from(person.area));
    let hand = agreed(&mut person.worlds, differs, |world| {
        let ratio = law.ratio(laws, world, (needs, effects), stratum);
        let shape = laws.value(world, clock.shape, stratum);
        law.change_ratio(hand, (shape, clock.within), now, ratio)
    });
    person.fires = hand.fires;
    world.back().clock = hand;
}

/// Dated changes that reach everyone: the whole length of a present stay is multiplied by new over old, or read anew
/// from a list at its own uniform, and ends now if the new length has passed already.
pub fn reach_everyone(world: &mut World, laws: &Laws, changed: &[bool]) {
    for (state, described) in laws.plan.states.iter().enumerate() {
        let of_exits = described.exits.iter().filter_map(|exit| exit.stay);
        let lengths = of_exits.chain([described.stay]).flat_map(Stay::lengths);
        let lengths: Vec<QuantityIdx> = lengths.collect();
        let new = lengths.iter().filter(|length| changed[**length]);
        let reached = new.fold(0, |worlds, &length| worlds | laws.reached(length));
        if reached == 0 {
            continue;
        }
        let touched = lengths.iter();
        let touched = touched.fold(0, |worlds, &length| worlds | laws.touched(length));
        // Records that are made on the way have been looked at.
        let people = world.crowd.people.iter().enumerate();
        let here = people.filter(|(_, person)| usize::from(person.state) == state);
        let here: Vec<u32> = here.map(|(slot, _)| slot as u32).collect();
        for slot in here {
            world.part(slot, reached, |world, person| {
                reach(world, laws, person, state, touched);
            });
        }
    }
}

/// The stay of somebody in a state becomes what it is now; only worlds in `touched` can come to another length.
fn reach(world: &World, laws: &Laws, person: &mut Person, state: usize, touched: Worlds) {
    let now = world.now;
    let stratum = stratum(laws, now, person);
    let (entered, due) = (person.entered, person.stay_due);
    let described = &laws.plan.states[state];
    let exit = usize::from(person.exit);
    let of_exit = described.exits.get(exit).and_then(|exit| exit.stay);
    let (stay, place) = match described.stay {
        Stay::OfExit => (
            of_exit.unwrap_or(Stay::None),
            laws.states[state].first_exit + exit,
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
                let ratio = laws.everyone_ratio(world, mean, stratum);
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

/// A person leaves the model.
pub fn remove(world: &mut World, laws: &Laws, person: &mut Person) {
    if person.is_served() {
        service::let_go(world, laws, person);
    }
    world.tally.uncount(laws.study.counters.inside);
    world.tally.events += 1;
    person.state = Person::GONE;
}
