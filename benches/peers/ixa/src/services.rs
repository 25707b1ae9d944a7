//! Services: referral, queues, support.

use crate::counts::counts;
use crate::inputs::{AREAS, NEEDS, inputs};
use crate::people::{Effects, Needs, Origin, Person, PersonId, change_ratio};
use ixa::prelude::*;
use rand::seq::SliceRandom;
use rand_distr::Geometric;

define_rng!(ServiceRng);

/// By service: the month of joining its queue, of those who wait.
#[derive(Copy, Clone, Debug, PartialEq)]
struct Waiting([Option<i32>; NEEDS]);
impl_property!(Waiting, Person, default_const = Waiting([None; NEEDS]), persist = false);

/// By service: the plan that ends support, of those in support.
#[derive(Copy, Clone, Debug, PartialEq)]
struct Supported([Option<PlanId>; NEEDS]);
impl_property!(Supported, Person, default_const = Supported([None; NEEDS]), persist = false);

#[derive(Clone, Copy)]
struct Entry {
    person: PersonId,
    joined: i32,
    gives_up: i32,
}

#[derive(Default)]
struct Queues {
    queues: [[Vec<Entry>; NEEDS]; AREAS],
    joining: [[Vec<Entry>; NEEDS]; AREAS],
}

define_data_plugin!(QueuesPlugin, Queues, Queues::default());

pub fn refer(context: &mut Context, person: PersonId, area: usize) {
    let (Needs(needs), Waiting(mut waiting)) = (context.get_property(person), context.get_property(person));
    let Supported(supported) = context.get_property(person);
    let now = context.get_current_time() as i32;
    for service in 0..NEEDS {
        let is_eligible = needs >> service & 1 == 1 && waiting[service].is_none() && supported[service].is_none();
        if !is_eligible || !context.sample_bool(ServiceRng, inputs().support.uptake) {
            continue;
        }
        let patience = Geometric::new(1.0 / inputs().support.patience).unwrap();
        let gives_up = now + 1 + context.sample_distr(ServiceRng, patience) as i32;
        let Effects(effects) = context.get_property(person);
        context.set_property(person, Effects(effects & !(1 << service)));
        waiting[service] = Some(now);
        context.set_property(person, Waiting(waiting));
        let entry = Entry { person, joined: now, gives_up };
        context.get_data_mut(QueuesPlugin).joining[area][service].push(entry);
        let counts = &mut counts(context).now[area].services[service];
        counts.referrals += 1;
        counts.waiting += 1;
    }
}

pub fn drop_out(context: &mut Context, person: PersonId, area: usize) {
    let (Waiting(waiting), Supported(supported)) = (context.get_property(person), context.get_property(person));
    let Effects(effects) = context.get_property(person);
    if effects == 0 && waiting == [None; NEEDS] && supported == [None; NEEDS] {
        return;
    }
    for service in 0..NEEDS {
        if let Some(plan) = supported[service] {
            context.cancel_plan(&plan);
        }
        let counts = &mut counts(context).now[area].services[service];
        let (waits, is_in) = (i32::from(waiting[service].is_some()), i32::from(supported[service].is_some()));
        counts.waiting -= waits;
        counts.in_support -= is_in;
        counts.dropped += waits + is_in;
    }
    context.set_property(person, Waiting([None; NEEDS]));
    context.set_property(person, Supported([None; NEEDS]));
    context.set_property(person, Effects(0));
}

fn end_support(context: &mut Context, person: PersonId, area: usize, service: usize) {
    let Supported(mut supported) = context.get_property(person);
    supported[service] = None;
    context.set_property(person, Supported(supported));
    let met = context.sample_bool(ServiceRng, inputs().support.meets_need);
    let counts = &mut counts(context).now[area].services[service];
    counts.in_support -= 1;
    counts.completions += 1;
    if met {
        counts.needs_met += 1;
        let Needs(needs) = context.get_property(person);
        context.set_property(person, Needs(needs & !(1 << service)));
        change_ratio(context, person);
    }
}

/// Joiners take their places in a random order; the impatient leave; free places are filled.
pub fn queue_pass(context: &mut Context) {
    for area in 0..AREAS {
        for service in 0..NEEDS {
            let Queues { queues, joining } = context.get_data_mut(QueuesPlugin);
            let (queue, mut joining) =
                (std::mem::take(&mut queues[area][service]), std::mem::take(&mut joining[area][service]));
            let () = context.sample(ServiceRng, |rng| joining.shuffle(rng));
            let stays = |entry: &Entry| !leaves_queue(context, entry, service);
            let queue: Vec<Entry> = queue.into_iter().chain(joining).filter(stays).collect();
            context.get_data_mut(QueuesPlugin).queues[area][service] = queue;
        }
    }
    context.add_plan(context.get_current_time() + 1.0, queue_pass);
}

fn leaves_queue(context: &mut Context, entry: &Entry, service: usize) -> bool {
    let person = entry.person;
    let Waiting(mut waiting) = context.get_property(person);
    if waiting[service] != Some(entry.joined) {
        return true;
    }
    let Origin { area, .. } = context.get_property(person);
    let time = context.get_current_time();
    let now = time as i32;
    let month = &mut counts(context).now[area].services[service];
    let gives_up = entry.gives_up <= now;
    if !gives_up && month.in_support >= inputs().support.places[service][area] {
        return false;
    }
    month.waiting -= 1;
    if gives_up {
        month.gave_up += 1;
    } else {
        month.starts += 1;
        month.in_support += 1;
    }
    waiting[service] = None;
    context.set_property(person, Waiting(waiting));
    if !gives_up {
        counts(context).wait(area, service, now - entry.joined);
        let length = context.sample_distr(ServiceRng, inputs().support.stay.as_ref().unwrap()).max(1);
        let ends = time.floor() + f64::from(length) + crate::SUPPORT_ENDS;
        let plan = context.add_plan(ends, move |context| end_support(context, person, area, service));
        let (Supported(mut supported), Effects(effects)) = (context.get_property(person), context.get_property(person));
        supported[service] = Some(plan);
        context.set_property(person, Supported(supported));
        context.set_property(person, Effects(effects | 1 << service));
        change_ratio(context, person);
    }
    true
}
