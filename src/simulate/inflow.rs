//! Who is there when the run begins, and who arrives.

use super::clock::ClockHand;
use super::journey;
use super::stay::whole_months;
use super::tables::{FIRST, Setting};
use super::world::{NEVER, Person, Step, World, decision};
use crate::compile::{Band, Inflow, Opening, Stay, Stratum};
use crate::quantity::{Month, TimeUnit};
use crate::random::{Key, normal_quantile, poisson_quantile};

/// This month's arrivals: for each inflow, area, sex and age a Poisson count, and as many people. The count inverts
/// one uniform, so that a higher rate adds people and changes none.
pub fn arrive(world: &mut World, setting: &Setting, month: Month) {
    let plan = setting.plan;
    for inflow in &plan.inflows {
        let root = setting.root.named("inflow").named(&inflow.id);
        let walk = walk(setting, inflow, root, month);
        for (area, described) in plan.areas.iter().enumerate() {
            let here = root
                .named(&described.code)
                .with(address_of(setting, world.now));
            for sex in 0..plan.strata.sexes.len() {
                for age in 0..plan.strata.ages.len() {
                    let stratum = Stratum {
                        area,
                        sex,
                        age,
                        priors: 0,
                    };
                    let people = match inflow.is_of_population {
                        true => population(setting, stratum, month),
                        false => 1.0,
                    };
                    let mean = people * setting.value(inflow.rate, stratum) * walk;
                    let address = here
                        .named(&plan.strata.sexes[sex])
                        .named(&plan.strata.ages[age].id);
                    for number in 0..poisson_quantile(address.uniform(), mean) {
                        let slot =
                            new_person(world, setting, inflow, stratum, address.with(number));
                        journey::begin(world, setting, slot, inflow.into);
                    }
                }
            }
        }
    }
}

/// Steps are addressed by their distance from here, so that a longer history moves no arrival.
const EPOCH: Month = Month::EPOCH;

fn address_of(setting: &Setting, now: Step) -> u64 {
    let plan = setting.plan;
    match plan.step {
        TimeUnit::Day => (plan.history_from.first_day() + now) as u64,
        TimeUnit::Month | TimeUnit::Year => plan.month_of(now).since(EPOCH) as u64,
    }
}

/// The random walk of an inflow: the exponential of a sum of yearly normal steps from the start month on.
/// Row 0 does not walk.
fn walk(setting: &Setting, inflow: &Inflow, root: Key, month: Month) -> f64 {
    let years = month.since(setting.plan.start).div_euclid(12) + 1;
    match inflow.walk {
        Some(quantity) if years > 0 && !setting.is_central() => {
            let spread = setting.value(quantity, FIRST);
            let step = |year: i32| normal_quantile(root.named("walk").with(year as u64).uniform());
            let first = setting.plan.start.since(EPOCH).div_euclid(12);
            (spread * (0..years).map(|year| step(first + year)).sum::<f64>()).exp()
        }
        _ => 1.0,
    }
}

/// The population of a stratum in a month: mid-year values joined by straight lines.
fn population(setting: &Setting, stratum: Stratum, month: Month) -> f64 {
    let plan = setting.plan;
    let series = &plan.population[stratum.area][stratum.sex][stratum.age];
    // A month is centred half a step after its first day; the mid-year is the end of June.
    let years =
        f64::from(month.year() - plan.population_from) + (f64::from(month.month()) - 6.5) / 12.0;
    let last = series.len().saturating_sub(1);
    let position = years.clamp(0.0, last as f64);
    let before = (position as usize).min(last);
    let after = (before + 1).min(last);
    series[before] + (series[after] - series[before]) * (position - before as f64)
}

fn new_person(
    world: &mut World,
    setting: &Setting,
    inflow: &Inflow,
    stratum: Stratum,
    key: Key,
) -> u32 {
    let bands = &setting.plan.strata.priors;
    let u = key.with(u64::MAX - decision::PRIORS).uniform();
    let share = |priors: usize| setting.value(inflow.priors, Stratum { priors, ..stratum });
    let (band, within) = split(u, bands.len(), share);
    let person = person(
        world.now,
        setting,
        Stratum {
            priors: band,
            ..stratum
        },
        key,
        within,
    );
    world.admit(person, setting.plan.services.len())
}

/// Which of `n` shares a uniform falls in, and how far into it, from 0 to 1.
fn split(u: f64, n: usize, share: impl Fn(usize) -> f64) -> (usize, f64) {
    let total: f64 = (0..n).map(&share).sum();
    let mut left = u * total;
    for index in 0..n {
        let here = share(index);
        if left < here || index + 1 == n {
            return (
                index,
                if here > 0.0 {
                    (left / here).clamp(0.0, 1.0 - 1e-12)
                } else {
                    0.0
                },
            );
        }
        left -= here;
    }
    (0, 0.0)
}

fn person(now: Step, setting: &Setting, stratum: Stratum, key: Key, within_priors: f64) -> Person {
    let age = &setting.plan.strata.ages[stratum.age];
    let born = key.with(u64::MAX - decision::BORN).uniform();
    // An open age band is entered over its first twenty years.
    let width = f64::from(age.to.map_or(20, |to| to + 1 - age.from));
    Person {
        key,
        visit: 0,
        serial: 0,
        born: now - ((f64::from(age.from) + width * born) * setting.plan.steps_per_year()) as Step,
        state: Person::GONE,
        area: stratum.area as u16,
        sex: stratum.sex as u8,
        priors: number_in(&setting.plan.strata.priors[stratum.priors], within_priors),
        needs: 0,
        effects: 0,
        held: 0,
        is_convicted: false,
        in_cohort: false,
        cohort: -1,
        cohort_step: 0,
        exit: Person::NO_EXIT,
        entered: now,
        stay_due: NEVER,
        hazard_due: NEVER,
        hazard: 0,
        death_due: NEVER,
        clock: ClockHand::STOPPED,
        due: NEVER,
    }
}

/// A number within a band, evenly; the lowest of an open band.
fn number_in(band: &Band, part: f64) -> u8 {
    let width = f64::from(band.to.map_or(1, |to| to + 1 - band.from));
    (f64::from(band.from) + (width * part).floor()).min(255.0) as u8
}

/// The opening stock: each cell's expected number, rounded up with the chance of its fraction, with stays under way.
pub fn open(world: &mut World, setting: &Setting) {
    let plan = setting.plan;
    for (state, described) in plan.states.iter().enumerate() {
        let Some(opening) = &described.opening else {
            continue;
        };
        let root = setting.root.named("opening").named(&described.id);
        for area in 0..plan.areas.len() {
            for sex in 0..plan.strata.sexes.len() {
                for age in 0..plan.strata.ages.len() {
                    for priors in 0..plan.strata.priors.len() {
                        let stratum = Stratum {
                            area,
                            sex,
                            age,
                            priors,
                        };
                        let names = root
                            .named(&plan.areas[area].code)
                            .named(&plan.strata.sexes[sex])
                            .named(&plan.strata.ages[age].id)
                            .named(&plan.strata.priors[priors].id);
                        if opening
                            .aged
                            .is_some_and(|aged| band_of(setting, aged) != age)
                        {
                            continue;
                        }
                        let expected = expected_opening(setting, opening, stratum);
                        for number in 0..(expected + names.uniform()).floor() as u64 {
                            open_one(world, setting, state, stratum, names.with(number));
                        }
                    }
                }
            }
        }
    }
}

/// The age band of somebody of so many years.
fn band_of(setting: &Setting, years: u32) -> usize {
    let bands = &setting.plan.strata.ages;
    bands
        .iter()
        .rposition(|band| years >= band.from)
        .unwrap_or(0)
}

fn expected_opening(setting: &Setting, opening: &Opening, stratum: Stratum) -> f64 {
    let parts = [opening.area, opening.sex, opening.age, opening.priors];
    let share: f64 = parts
        .into_iter()
        .flatten()
        .map(|quantity| setting.value(quantity, stratum))
        .product();
    setting.value(opening.people, stratum) * share
}

fn open_one(world: &mut World, setting: &Setting, state: usize, stratum: Stratum, key: Key) {
    let part = key.with(u64::MAX - decision::PRIORS).uniform();
    let described = &setting.plan.states[state];
    let opening = described.opening.as_ref();
    let is_fresh = opening.is_some_and(|opening| opening.is_fresh);
    let mut person = Person {
        is_convicted: !is_fresh,
        ..person(world.now, setting, stratum, key, part)
    };
    if let Some(aged) = opening.and_then(|opening| opening.aged) {
        // They are of this age when they enter, at the end of the step before the run.
        let steps = f64::from(aged) * setting.plan.steps_per_year();
        person.born = world.now - Step::from(is_fresh) - steps.round() as Step;
    }
    let slot = world.admit(person, setting.plan.services.len());
    if is_fresh {
        world.now -= 1;
        journey::begin(world, setting, slot, state);
        world.now += 1;
        return;
    }
    if matches!(described.stay, Stay::Open) {
        let first = match described.chances.is_empty() {
            true => NEVER,
            false => world.now + 1,
        };
        return journey::keep(world, setting, slot, state, stratum, first);
    }
    let law = journey::stay_law(
        setting,
        &described.stay,
        stratum,
        setting.shapes.state(state, usize::from(Person::NO_EXIT)),
    );
    let person = &world.people[slot as usize];
    let part = person.uniform(decision::PART);
    let left = law.remaining(
        person.uniform(decision::STAY),
        part,
        setting.shapes.residual(state),
    );
    // Somebody in the stock when the run begins is there for at least the rest of that month.
    let stay_due = match described.stay {
        Stay::Open => NEVER,
        _ => world.now + whole_months(left, person.uniform(decision::ROUND)).max(1),
    };
    journey::keep(world, setting, slot, state, stratum, stay_due);
}
