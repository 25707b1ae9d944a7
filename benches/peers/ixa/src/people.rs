//! People: their properties, arrival, and the way from state to state.

use crate::counts::counts;
use crate::inputs::{AREAS, NEEDS, STATES, inputs};
use crate::services;
use ixa::prelude::*;
use rand_distr::{Distribution, Exp1, Poisson};

define_entity!(Person);
define_rng!(ArrivalRng);
define_rng!(JourneyRng);

#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Origin {
    pub area: usize,
    sex: usize,
    born: i32,
}
impl_property!(Origin, Person, persist = false);

#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Record {
    priors: u8,
    convicted: bool,
}
impl_property!(Record, Person, persist = false);

/// A bit for each need present.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Needs(pub u8);
impl_property!(Needs, Person, persist = false);

/// A bit for each service whose effect holds.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Effects(pub u8);
impl_property!(Effects, Person, default_const = Effects(0), persist = false);

/// The state, when the stay in it ends, and the plan to go on.
#[derive(Copy, Clone, Debug, PartialEq)]
struct Stay {
    state: u8,
    ends: f64,
    plan: Option<PlanId>,
}
impl_property!(Stay, Person, default_const = Stay { state: 0, ends: 0.0, plan: None }, persist = false);

/// The return clock; it does not run where the base is 0.
#[derive(Copy, Clone, Debug, PartialEq)]
struct ReturnClock {
    base: f64,
    started: f64,
    ratio: f64,
    target: f64,
    fires: f64,
}
const STOPPED: ReturnClock = ReturnClock { base: 0.0, started: 0.0, ratio: 1.0, target: 0.0, fires: f64::INFINITY };
impl_property!(ReturnClock, Person, default_const = STOPPED, persist = false);

/// Everybody who arrives this month; and the plan for the next.
pub fn arrive(context: &mut Context) {
    let now = context.get_current_time();
    for area in 0..AREAS {
        for (sex, ages) in inputs().arrivals[area].iter().enumerate() {
            for (age, &mean) in ages.iter().enumerate() {
                let number = context.sample_distr(ArrivalRng, Poisson::new(mean).unwrap()) as usize;
                (0..number).for_each(|_| arrive_one(context, area, sex, age));
            }
        }
    }
    context.add_plan(now + 1.0, arrive);
}

fn arrive_one(context: &mut Context, area: usize, sex: usize, age: usize) {
    let p = inputs();
    let (from, width) = p.ages[age];
    let months = (f64::from(from) + f64::from(width) * context.sample_range(ArrivalRng, 0.0..1.0)) * 12.0;
    let born = context.get_current_time() as i32 - months as i32;
    let band = context.sample_weighted(ArrivalRng, &p.arrival_priors);
    let (from, width) = p.priors[band];
    let priors = from + context.sample_range(ArrivalRng, 0..width);
    let law = &p.needs[(sex * p.ages.len() + age) * p.priors.len() + band];
    let needs = context.sample_weighted(ArrivalRng, law);
    let record = Record { priors, convicted: false };
    let origin = Origin { area, sex, born };
    let person = context.add_entity(with!(Person, origin, record, Needs(needs as u8))).unwrap();
    let arising = &mut counts(context).now[area].arising;
    (0..NEEDS).for_each(|need| arising[need] += (needs >> need & 1) as i32);
    enter(context, person, 0);
}

fn stratum(context: &Context, person: PersonId) -> usize {
    let p = inputs();
    let (origin, record): (Origin, Record) = (context.get_property(person), context.get_property(person));
    let months = context.get_current_time() as i32 - origin.born;
    let age = p.ages.iter().rposition(|(from, _)| months >= from * 12).unwrap_or(0);
    let priors = p.priors.iter().rposition(|(from, _)| record.priors >= *from).unwrap_or(0);
    (origin.sex * p.ages.len() + age) * p.priors.len() + priors
}

fn exit(context: &Context, person: PersonId, state: u8) -> u8 {
    let Needs(needs) = context.get_property(person);
    let sums = &inputs().exits[usize::from(state)][stratum(context, person)][usize::from(needs)];
    let u: f64 = context.sample_range(JourneyRng, 0.0..1.0);
    inputs().targets[usize::from(state)][sums.partition_point(|&sum| sum <= u)]
}

/// The stay ends, or the clock fires.
fn go_on(context: &mut Context, person: PersonId) {
    let (stay, clock): (Stay, ReturnClock) = (context.get_property(person), context.get_property(person));
    let Origin { area, .. } = context.get_property(person);
    counts(context).now[area].stock[usize::from(stay.state)] -= 1;
    let next = if clock.fires <= stay.ends { inputs().clock.fires_to } else { exit(context, person, stay.state) };
    enter(context, person, next);
}

/// A person enters a state, and goes on at once from stays of no month.
fn enter(context: &mut Context, person: PersonId, mut state: u8) {
    let p = inputs();
    let Origin { area, .. } = context.get_property(person);
    let now = context.get_current_time();
    while usize::from(state) < STATES {
        let index = usize::from(state);
        counts(context).now[area].entries[index] += 1;
        if p.convicts[index] {
            let Record { priors, convicted } = context.get_property(person);
            let priors = priors.saturating_add(u8::from(convicted));
            context.set_property(person, Record { priors, convicted: true });
        }
        if p.is_free[index] {
            services::refer(context, person, area);
        } else {
            services::drop_out(context, person, area);
        }
        let length = context.sample_distr(JourneyRng, &p.stays[index]);
        let clock = start_clock(context, person, index);
        if clock != context.get_property(person) {
            context.set_property(person, clock);
        }
        if length > 0 {
            counts(context).now[area].stock[index] += 1;
            let ends = now + f64::from(length);
            return plan(context, person, Stay { state, ends, plan: None }, clock);
        }
        state = exit(context, person, state);
    }
    services::drop_out(context, person, area);
    counts(context).now[area].left += 1;
}

fn plan(context: &mut Context, person: PersonId, stay: Stay, clock: ReturnClock) {
    let plan = context.add_plan(stay.ends.min(clock.fires), move |context| go_on(context, person));
    context.set_property(person, Stay { plan: Some(plan), ..stay });
}

fn ratio(context: &Context, person: PersonId) -> f64 {
    let (Needs(needs), Effects(effects)) = (context.get_property(person), context.get_property(person));
    let present = inputs().clock.ratio.iter().enumerate().filter(|(need, _)| needs >> need & 1 == 1);
    present.map(|(_, ratio)| ratio).product::<f64>() * inputs().support.effect.powi(effects.count_ones() as i32)
}

fn start_clock(context: &Context, person: PersonId, state: usize) -> ReturnClock {
    let base = inputs().clock.base[state][stratum(context, person)];
    if base == 0.0 {
        return STOPPED;
    }
    let (started, ratio) = (context.get_current_time(), ratio(context, person));
    let threshold: f64 = context.sample(JourneyRng, |rng| Exp1.sample(rng));
    ReturnClock { base, started, ratio, target: threshold / base / ratio, fires: 0.0 }.with_firing()
}

impl ReturnClock {
    fn with_firing(self) -> ReturnClock {
        let powers = &inputs().clock.powers;
        let months = powers.partition_point(|&power| power < self.target);
        let fires = if months < powers.len() { self.started + months.max(1) as f64 } else { f64::INFINITY };
        ReturnClock { fires, ..self }
    }
}

/// Needs or effects have changed: the clock goes on at the new ratio.
pub fn change_ratio(context: &mut Context, person: PersonId) {
    let old: ReturnClock = context.get_property(person);
    if old.base == 0.0 {
        return;
    }
    let (now, ratio) = (context.get_current_time().floor(), ratio(context, person));
    let reached = inputs().clock.powers[(now - old.started) as usize];
    let target = reached + (old.target - reached).max(0.0) * old.ratio / ratio;
    let mut clock = ReturnClock { ratio, target, ..old }.with_firing();
    clock.fires = clock.fires.max(now + 1.0);
    context.set_property(person, clock);
    let stay: Stay = context.get_property(person);
    if clock.fires.min(stay.ends) != old.fires.min(stay.ends) {
        stay.plan.iter().for_each(|id| context.cancel_plan(id));
        plan(context, person, stay, clock);
    }
}
