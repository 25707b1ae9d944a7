//! Who is there when the run begins.

use super::inflow::{number_in, person};
use super::laws::Laws;
use super::person::{NEVER, Person, Step, decision, own_key};
use super::scope::StratumIdx;
use super::stay::{QuantileTable, whole_steps};
use super::versions::{Versions, Worlds, agreed};
use super::world::World;
use super::{entering, journey};
use crate::compile::{Opening, QuantityIdx, Stay, Stratum};
use crate::random::Key;
use std::sync::Arc;

/// The stock of one state.
struct Stock<'a> {
    state: usize,
    opening: &'a Opening,
    /// What its size is read from.
    read: Vec<QuantityIdx>,
    residuals: Option<Versions<Arc<QuantileTable>>>,
}

/// The opening stock: each cell's expected number, rounded up with the chance of its fraction, with stays under way.
pub fn open(world: &mut World, laws: &Laws) {
    let plan = laws.plan;
    let strata = &laws.study.strata;
    let areas = world.crowd.areas.clone();
    for (state, described) in plan.states.iter().enumerate() {
        let Some(opening) = &described.opening else {
            continue;
        };
        let shares = [opening.area, opening.sex, opening.age, opening.priors];
        let stock = Stock {
            state,
            opening,
            read: shares
                .into_iter()
                .flatten()
                .chain([opening.people])
                .collect(),
            residuals: laws.residuals(&described.stay),
        };
        let root = laws.root.named("opening").named(&described.id);
        for stratum in areas.iter().flat_map(|&area| strata.of_area(area)) {
            let is_of_age = opening
                .aged
                .is_none_or(|aged| band_of(laws, aged) == stratum.age);
            if is_of_age {
                let names = root
                    .named(&plan.areas[stratum.area].code)
                    .named(&plan.strata.sexes[stratum.sex])
                    .named(&plan.strata.ages[stratum.age].id)
                    .named(&plan.strata.priors[stratum.priors].id);
                open_cell(world, laws, &stock, stratum, names);
            }
        }
    }
}

fn open_cell(world: &mut World, laws: &Laws, stock: &Stock, stratum: Stratum, names: Key) {
    let round = names.uniform();
    let at = laws.study.strata.number(stratum);
    let mut left = world.everywhere;
    while left != 0 {
        let mut worlds = left;
        let number = laws.decide(&mut worlds, &stock.read, stratum.area, |world| {
            (expected(laws, world, stock.opening, at) + round).floor() as u64
        });
        left &= !worlds;
        for number in 0..number {
            let mut worlds = worlds;
            while worlds != 0 {
                world.tally.turn_to(stratum.area);
                world.greet();
                let person = open_one(world, laws, stock, stratum, (names.with(number), worlds));
                worlds &= !person.worlds;
                world.admit(&person);
            }
        }
    }
}

/// The age band of somebody of so many years.
fn band_of(laws: &Laws, years: u32) -> usize {
    let bands = &laws.plan.strata.ages;
    let band = bands.iter().rposition(|band| years >= band.from);
    band.unwrap_or(0)
}

fn expected(laws: &Laws, world: usize, opening: &Opening, stratum: StratumIdx) -> f64 {
    let parts = [opening.area, opening.sex, opening.age, opening.priors];
    let share: f64 = parts
        .into_iter()
        .flatten()
        .map(|quantity| laws.value(world, quantity, stratum))
        .product();
    laws.value(world, opening.people, stratum) * share
}

fn open_one(
    world: &mut World,
    laws: &Laws,
    stock: &Stock,
    stratum: Stratum,
    (key, worlds): (Key, Worlds),
) -> Person {
    let band = &laws.plan.strata.priors[stratum.priors];
    let part = own_key(key, decision::PRIORS).uniform();
    let priors = number_in(band, part);
    let (is_fresh, plan) = (stock.opening.is_fresh, laws.plan);
    let mut person = Person {
        is_convicted: !is_fresh,
        ..person(world.now, laws.study, stratum, key, (worlds, priors))
    };
    if let Some(aged) = stock.opening.aged {
        // They are of this age when they enter, at the end of the step before the run.
        let steps = f64::from(aged) * plan.steps_per_year();
        person.born = world.now - Step::from(is_fresh) - steps.round() as Step;
    }
    world.tally.count(laws.study.counters.inside);
    if is_fresh {
        world.now -= 1;
        let at = journey::stratum(laws, world.now, &person);
        journey::enter_passing(world, laws, &mut person, stock.state);
        journey::go(world, laws, &mut person, Some(stock.state), at);
        world.now += 1;
        return person;
    }
    let described = &plan.states[stock.state].stay;
    let at = laws.study.strata.number(stratum);
    if matches!(described, Stay::Open) {
        let first = match plan.states[stock.state].chances.is_empty() {
            true => NEVER,
            false => world.now + 1,
        };
        entering::keep(world, laws, &mut person, stock.state, at, first);
        return person;
    }
    let lengths = laws.lengths_at(stock.state);
    let [u, part, round] =
        [decision::STAY, decision::PART, decision::ROUND].map(|decision| person.uniform(decision));
    let differs = lengths.differs(stratum.area);
    let stay = agreed(&mut person.worlds, differs, |world| {
        let residual = stock.residuals.as_ref();
        let residual = residual.map(|versions| versions.of(world).as_ref());
        let stay = lengths.of(world).law(at);
        // Somebody in the stock when the run begins is there for at least the rest of that month.
        whole_steps(stay.remaining(u, part, residual), round).max(1)
    });
    let due = world.now + stay;
    entering::keep(world, laws, &mut person, stock.state, at, due);
    person
}
