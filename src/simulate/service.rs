//! Services: who is referred, who waits, who starts, who gives up, and what support does.

use super::journey;
use super::stay::{StayLaw, geometric, whole_months};
use super::tables::{FIRST, Setting};
use super::tally::flow;
use super::world::{Person, Step, World, decision};
use crate::compile::{Stay, Stratum};
use crate::quantity::Month;

/// What a person has of one service.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hold {
    /// How far they have come.
    pub stage: Stage,
    /// When support, or its effect afterwards, ends.
    pub until: Step,
    /// Whether support will be completed.
    pub completes: bool,
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

/// Somebody in a queue.
#[derive(Clone, Copy, Debug)]
pub struct QueueEntry {
    /// Whose.
    pub slot: u32,
    /// Of the slot, when joining.
    pub serial: u32,
    /// When.
    pub joined: Step,
    /// When patience ends.
    pub gives_up: Step,
    /// Orders those who join in the same month: an address, so that no other order can matter.
    pub order: u64,
}

/// Refers a person who enters `state` to the services that refer there, if the need is present and nothing of the
/// service is in hand.
pub fn refer(world: &mut World, setting: &Setting, slot: u32, state: usize) {
    let services = &setting.plan.services;
    if !setting.refers_anywhere(state) || world.people[slot as usize].needs == 0 {
        return;
    }
    for (index, service) in services.iter().enumerate() {
        let person = &world.people[slot as usize];
        let held = world.holds[slot as usize * services.len() + index].stage;
        let is_eligible = service.refers_on[state] && person.needs >> service.need & 1 == 1;
        if !is_eligible || !matches!(held, Stage::None | Stage::After) {
            continue;
        }
        let stratum = world.stratum(setting, slot);
        let area = stratum.area;
        let name = setting.service_name(index);
        let person = &world.people[slot as usize];
        if person.uniform_of(decision::UPTAKE, name) >= setting.value(service.uptake, stratum) {
            world.tally.service(area, index, flow::DECLINED);
            continue;
        }
        let patience = geometric(
            setting.value(service.patience, stratum),
            person.uniform_of(decision::PATIENCE, name),
        );
        let entry = QueueEntry {
            slot,
            serial: person.serial,
            joined: world.now,
            gives_up: world.now + patience.min(100_000.0) as Step,
            order: person
                .key
                .with(u64::from(person.visit) << 8 | decision::ORDER)
                .bits(),
        };
        world.tally.service(area, index, flow::REFERRALS);
        if held == Stage::After {
            end_effect(world, setting, slot, index);
        }
        world.holds[slot as usize * services.len() + index] = Hold {
            stage: Stage::Waiting,
            ..Hold::default()
        };
        world.people[slot as usize].held |= 1 << index;
        world.joining[index].push(entry);
    }
}

/// A person settling in a state where a service does not reach them leaves its queue or its support.
pub fn drop_where_not_served(world: &mut World, setting: &Setting, slot: u32, state: usize) {
    if world.people[slot as usize].held == 0 {
        return;
    }
    for (index, service) in setting.plan.services.iter().enumerate() {
        if !service.stays_in[state] {
            drop_hold(world, setting, slot, index);
        }
    }
}

/// A person who leaves the model leaves every queue and every support.
pub fn let_go(world: &mut World, setting: &Setting, slot: u32) {
    if world.people[slot as usize].held == 0 {
        return;
    }
    for index in 0..setting.plan.services.len() {
        drop_hold(world, setting, slot, index);
    }
}

fn drop_hold(world: &mut World, setting: &Setting, slot: u32, index: usize) {
    let at = slot as usize * setting.plan.services.len() + index;
    let area = usize::from(world.people[slot as usize].area);
    let hold = std::mem::take(&mut world.holds[at]);
    match hold.stage {
        Stage::None => return,
        Stage::Waiting => world.tally.service(area, index, flow::DROPPED_WAITING),
        Stage::Supported => {
            world.in_support[index * setting.plan.areas.len() + area] -= 1;
            world.tally.service(area, index, flow::DROPPED_SUPPORT);
        }
        Stage::After => {}
    }
    let person = &mut world.people[slot as usize];
    person.effects &= !(1 << index);
    person.held &= !(1 << index);
}

/// Supports and effects that end this month.
pub fn support_ends(world: &mut World, setting: &Setting) {
    let n_services = setting.plan.services.len();
    for (slot, serial, index) in std::mem::take(&mut world.support_calendar[world.now as usize]) {
        let hold = world.holds[slot as usize * n_services + usize::from(index)];
        let person = &world.people[slot as usize];
        if person.state == Person::GONE || person.serial != serial || hold.until != world.now {
            continue;
        }
        match hold.stage {
            Stage::Supported => {
                end_support(world, setting, slot, usize::from(index), hold.completes)
            }
            Stage::After => end_effect(world, setting, slot, usize::from(index)),
            Stage::None | Stage::Waiting => {}
        }
    }
}

fn end_support(world: &mut World, setting: &Setting, slot: u32, index: usize, completes: bool) {
    let service = &setting.plan.services[index];
    let stratum = world.stratum(setting, slot);
    let at = slot as usize * setting.plan.services.len() + index;
    world.in_support[index * setting.plan.areas.len() + stratum.area] -= 1;
    if !completes {
        world
            .tally
            .service(stratum.area, index, flow::DROPPED_SUPPORT);
        world.holds[at] = Hold::default();
        return clear_effect(world, setting, slot, index);
    }
    world.tally.service(stratum.area, index, flow::COMPLETIONS);
    let person = &mut world.people[slot as usize];
    let u = person.uniform_of(decision::MEETS_NEED, setting.service_name(index));
    if u < setting.value(service.meets_need, stratum) {
        person.needs &= !(1 << service.need);
        world.tally.service(stratum.area, index, flow::NEEDS_MET);
    }
    let after = setting.value(service.effect_after, stratum).round() as Step;
    if after <= 0 {
        world.holds[at] = Hold::default();
        return clear_effect(world, setting, slot, index);
    }
    world.holds[at] = Hold {
        stage: Stage::After,
        until: world.now + after,
        completes: true,
    };
    book(world, slot, index, world.now + after);
    // A need that has been met may change the hazard too.
    journey::reset_clock(world, setting, slot);
}

fn end_effect(world: &mut World, setting: &Setting, slot: u32, index: usize) {
    world.holds[slot as usize * setting.plan.services.len() + index] = Hold::default();
    clear_effect(world, setting, slot, index);
}

fn clear_effect(world: &mut World, setting: &Setting, slot: u32, index: usize) {
    world.people[slot as usize].effects &= !(1 << index);
    journey::reset_clock(world, setting, slot);
}

fn book(world: &mut World, slot: u32, index: usize, step: Step) {
    let serial = world.people[slot as usize].serial;
    if let Some(bucket) = world.support_calendar.get_mut(step as usize) {
        bucket.push((slot, serial, index as u8));
    }
}

/// The queue pass: this month's joiners take their place in an addressed order; those whose patience has ended or
/// who have gone leave; then free places are filled, first come first served.
pub fn queue_pass(world: &mut World, setting: &Setting) {
    let month = setting.plan.month_of(world.now);
    let n_areas = setting.plan.areas.len();
    for index in 0..setting.plan.services.len() {
        if setting.repools(index, world.now) {
            repool(world, setting, index, month);
        }
        let mut joining = std::mem::take(&mut world.joining[index]);
        joining.sort_unstable_by_key(|entry| (entry.order, entry.slot));
        for entry in joining {
            let area = usize::from(world.people[entry.slot as usize].area);
            let host = setting.pool(index, area, month);
            world.queues[index * n_areas + host].push(entry);
        }
        for host in 0..n_areas {
            serve(world, setting, index, host, month);
        }
    }
}

/// The arrangement has changed: everybody who waits goes to the queue of their area's new pool, in the order in which
/// they joined.
fn repool(world: &mut World, setting: &Setting, index: usize, month: Month) {
    let n_areas = setting.plan.areas.len();
    let mut waiting: Vec<QueueEntry> = (0..n_areas)
        .flat_map(|host| std::mem::take(&mut world.queues[index * n_areas + host]))
        .collect();
    waiting.sort_by_key(|entry| (entry.joined, entry.order, entry.slot));
    for entry in waiting {
        let area = usize::from(world.people[entry.slot as usize].area);
        world.queues[index * n_areas + setting.pool(index, area, month)].push(entry);
    }
}

fn serve(world: &mut World, setting: &Setting, index: usize, host: usize, month: Month) {
    let n_areas = setting.plan.areas.len();
    let members = |area: &usize| setting.pool(index, *area, month) == host;
    let places: f64 = (0..n_areas)
        .filter(members)
        .map(|area| setting.places(index, area))
        .sum();
    let busy: i32 = (0..n_areas)
        .filter(members)
        .map(|area| world.in_support[index * n_areas + area])
        .sum();
    let mut free = places.round() as i32 - busy;
    let mut queue = std::mem::take(&mut world.queues[index * n_areas + host]);
    let now = world.now;
    queue.retain(|entry| {
        if !is_waiting(world, setting, index, entry) {
            return false;
        }
        if entry.gives_up <= now {
            let area = usize::from(world.people[entry.slot as usize].area);
            world.tally.service(area, index, flow::GAVE_UP);
            world.holds[entry.slot as usize * setting.plan.services.len() + index] =
                Hold::default();
            return false;
        }
        if free > 0 {
            free -= 1;
            start(world, setting, index, entry);
            return false;
        }
        true
    });
    world.queues[index * n_areas + host] = queue;
}

fn is_waiting(world: &World, setting: &Setting, index: usize, entry: &QueueEntry) -> bool {
    let person = &world.people[entry.slot as usize];
    person.state != Person::GONE
        && person.serial == entry.serial
        && world.holds[entry.slot as usize * setting.plan.services.len() + index].stage
            == Stage::Waiting
}

fn start(world: &mut World, setting: &Setting, index: usize, entry: &QueueEntry) {
    let service = &setting.plan.services[index];
    let slot = entry.slot;
    let stratum = world.stratum(setting, slot);
    let now = world.now;
    world
        .tally
        .start(stratum.area, index, now, now - entry.joined);
    world.in_support[index * setting.plan.areas.len() + stratum.area] += 1;
    // Support is addressed by the month of joining, not by the visit, which may have moved on while waiting.
    let key = world.people[slot as usize]
        .key
        .with((entry.joined as u64) << 8 | decision::SUPPORT)
        .with(setting.service_name(index));
    let completes = key.with(0).uniform() < setting.value(service.completion, stratum);
    let full = support_law(setting, index, &service.support, stratum).length(key.with(1).uniform());
    let part = if completes {
        1.0
    } else {
        key.with(2).uniform()
    };
    let months = whole_months(full * part, key.with(3).uniform()).max(1);
    let until = now.saturating_add(months);
    world.holds[slot as usize * setting.plan.services.len() + index] = Hold {
        stage: Stage::Supported,
        until,
        completes,
    };
    book(world, slot, index, until);
    world.people[slot as usize].effects |= 1 << index;
    journey::reset_clock(world, setting, slot);
}

fn support_law<'a>(
    setting: &'a Setting,
    index: usize,
    support: &Stay,
    stratum: Stratum,
) -> StayLaw<'a> {
    journey::stay_law(setting, support, stratum, setting.shapes.service(index))
}

impl Setting<'_> {
    /// The places of a service that an area brings to its pool.
    pub fn places(&self, service: usize, area: usize) -> f64 {
        self.value(
            self.plan.services[service].places,
            Stratum { area, ..FIRST },
        )
    }
}
