//! The return clock of a person: it starts, takes up another hazard ratio, and fires.

use super::journey::stratum;
use super::laws::Laws;
use super::person::{Person, decision};
use super::scope::StratumIdx;
use super::versions::agreed;
use super::world::World;

/// The clock fires: a new conviction, counted in the cohort that the person is followed in. Returns the state that it
/// leads to.
pub fn fire(world: &mut World, laws: &Laws, person: &mut Person) -> Option<usize> {
    let clock = laws.plan.clock.as_ref()?;
    person.stop_clock();
    let now = world.now;
    let back = world.back();
    if std::mem::take(&mut back.in_cohort) {
        let steps = f64::from(now - back.cohort_step);
        if let (true, Ok(year)) = (steps <= clock.within, usize::try_from(back.cohort)) {
            world.tally.count(laws.study.counters.reconvicted + year);
        }
    }
    Some(clock.fires_to)
}

/// Entering a state starts the clock.
pub fn start(
    world: &mut World,
    laws: &Laws,
    person: &mut Person,
    index: usize,
    stratum: StratumIdx,
) {
    let (Some(law), Some(clock)) = (&laws.clock, &laws.plan.clock) else {
        return;
    };
    let ratio = hazard_ratio(laws, person, stratum);
    let at = (world.now, person.uniform(decision::CLOCK), ratio);
    let whose = (usize::from(person.area), stratum);
    let hand = law.start(&mut person.worlds, clock, index, whose, at);
    (person.is_clocked, person.fires) = (hand.is_running(), hand.fires);
    world.start_clock(laws.study, hand);
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
