//! Queues: who waits for a service, in which order, and who gets the places that are free.

use super::laws::Laws;
use super::person::{Person, Step};
use super::service;
use super::versions::{Worlds, all, each};
use super::world::{NOBODY, World};
use crate::random::Key;
use std::collections::VecDeque;

/// Those who wait for a service in a pool, in the order in which they joined.
#[derive(Clone, Default)]
pub struct Queue {
    entries: VecDeque<QueueEntry>,
    /// So many entries are looked through for those who have gone.
    tidy_at: usize,
}

/// Somebody in a queue.
#[derive(Clone, Copy, Debug)]
pub struct QueueEntry {
    /// Whose: a slot that somebody else has taken is known by it.
    pub key: Key,
    /// The worlds in which they wait here.
    pub worlds: Worlds,
    /// Orders those who join in the same month: an address, so that no other order can matter.
    pub order: u64,
    /// The record, from which all records of the person in the entry's worlds can be reached.
    pub slot: u32,
    /// When.
    pub joined: Step,
}

/// The end of somebody's patience.
#[derive(Clone, Copy)]
pub struct Patience {
    /// The place in the queue.
    pub entry: QueueEntry,
    /// The service.
    pub service: u8,
}

/// The queue pass: this month's joiners take their place in an addressed order; those whose patience has ended leave;
/// then free places are filled, first come first served.
pub fn pass(world: &mut World, laws: &Laws, may_repool: bool) {
    let n_areas = laws.plan.areas.len();
    let ending = std::mem::take(&mut world.crowd.patience_calendar[world.now as usize]);
    for Patience { entry, service } in ending {
        let index = usize::from(service);
        attend(world, index, &entry, |world, slot, here| {
            world.part(slot, here, |world, person| {
                service::give_up(world, laws, person, index);
            });
        });
    }
    for index in 0..laws.plan.services.len() {
        if may_repool && laws.repooled[index] != 0 {
            repool(world, laws, index, laws.repooled[index]);
        }
        let mut joining = std::mem::take(&mut world.crowd.joining[index]);
        joining.sort_unstable_by_key(|entry| (entry.order, entry.slot));
        for entry in joining.drain(..) {
            join(world, laws, index, entry);
        }
        world.crowd.joining[index] = joining;
        for position in 0..world.crowd.areas.len() {
            let host = world.crowd.areas[position];
            if !world.crowd.queues[index * n_areas + host]
                .entries
                .is_empty()
            {
                serve(world, laws, index, host);
            }
        }
    }
}

/// An entry takes its place at the end of the queue of its area's pool, in each of its worlds.
fn join(world: &mut World, laws: &Laws, index: usize, entry: QueueEntry) {
    let n_areas = laws.plan.areas.len();
    let area = usize::from(world.crowd.people[entry.slot as usize].area);
    let mut left = entry.worlds;
    while left != 0 {
        let host = laws.host(left.trailing_zeros() as usize, index, area);
        let worlds = laws.hosted(index, area, host) & left;
        left &= !worlds;
        let queue = &mut world.crowd.queues[index * n_areas + host];
        queue.entries.push_back(QueueEntry { worlds, ..entry });
    }
}

/// The arrangement has changed in some worlds: everybody who waits goes to the queue of their area's new pool, in the
/// order in which they joined.
fn repool(world: &mut World, laws: &Laws, index: usize, worlds: Worlds) {
    let n_areas = laws.plan.areas.len();
    let mut moving = Vec::new();
    for host in 0..n_areas {
        let mut queue = std::mem::take(&mut world.crowd.queues[index * n_areas + host]);
        // A slot that somebody else has taken does not tell the area of who waited.
        queue.tidy(world, index);
        for entry in &mut queue.entries {
            let moves = entry.worlds & worlds;
            if moves != 0 {
                moving.push(QueueEntry {
                    worlds: moves,
                    ..*entry
                });
                entry.worlds &= !worlds;
            }
        }
        queue.entries.retain(|entry| entry.worlds != 0);
        world.crowd.queues[index * n_areas + host] = queue;
    }
    for entry in moving {
        join(world, laws, index, entry);
    }
    for queue in &mut world.crowd.queues[index * n_areas..(index + 1) * n_areas] {
        let entries = queue.entries.make_contiguous();
        entries.sort_by_key(|entry| (entry.joined, entry.order, entry.slot));
    }
}

/// How many places of a pool are free, by world, and the worlds in which any is.
fn free_places(world: &World, laws: &Laws, index: usize, host: usize) -> (Vec<i32>, Worlds) {
    let mut any = 0;
    let free = |at: usize| {
        let areas = world.crowd.areas.iter().copied();
        let members = || {
            areas
                .clone()
                .filter(|&area| laws.host(at, index, area) == host)
        };
        let places: f64 = members().map(|area| laws.places(at, index, area)).sum();
        let busy: i32 = members()
            .map(|area| {
                world
                    .tally
                    .in_support(&laws.study.counters, at, area, index)
            })
            .sum();
        let free = places.round() as i32 - busy;
        any |= Worlds::from(free > 0) << at;
        free
    };
    let free = (0..laws.n_worlds()).map(free).collect();
    (free, any)
}

/// Free places are filled from the front. Nobody looks at a queue that has no place free: whoever has gone stays in it
/// until their turn comes, or until there are too many of them.
fn serve(world: &mut World, laws: &Laws, index: usize, host: usize) {
    let at = index * laws.plan.areas.len() + host;
    let (mut free, mut any_free) = free_places(world, laws, index, host);
    let mut queue = std::mem::take(&mut world.crowd.queues[at]);
    let mut passed_over = Vec::new();
    while any_free != 0
        && let Some(mut entry) = queue.entries.pop_front()
    {
        if entry.worlds & any_free != 0 {
            let mut waiting = 0;
            attend(world, index, &entry, |world, slot, here| {
                let starting = here & any_free;
                waiting |= here & !starting;
                if starting != 0 {
                    world.part(slot, starting, |world, person| {
                        service::start(world, laws, person, index, entry.joined);
                    });
                }
                for world in each(starting) {
                    free[world] -= 1;
                    any_free &= !(Worlds::from(free[world] <= 0) << world);
                }
            });
            entry.worlds = waiting;
        }
        if entry.worlds != 0 {
            passed_over.push(entry);
        }
    }
    while let Some(entry) = passed_over.pop() {
        queue.entries.push_front(entry);
    }
    if queue.entries.len() > queue.tidy_at {
        queue.tidy(world, index);
        queue.tidy_at = 2 * queue.entries.len() + 64;
    }
    world.crowd.queues[at] = queue;
}

impl Queue {
    /// Those who have gone are taken out, and only worlds are left in which somebody waits.
    fn tidy(&mut self, world: &mut World, index: usize) {
        self.entries.retain_mut(|entry| {
            let mut waiting = 0;
            attend(world, index, entry, |_, _, here| waiting |= here);
            entry.worlds = waiting;
            waiting != 0
        });
    }
}

/// Every record that still waits where an entry says, and the worlds in which it does.
fn attend(
    world: &mut World,
    index: usize,
    entry: &QueueEntry,
    mut happens: impl FnMut(&mut World, u32, Worlds),
) {
    if !world.crowd.is_of(entry.slot, entry.key) {
        return;
    }
    let mut slot = entry.slot;
    while slot != NOBODY {
        let person: &Person = &world.crowd.people[slot as usize];
        // Where a record stands for every world, no other is left.
        let next = match person.worlds == world.everywhere {
            true => NOBODY,
            false => world.crowd.twin(slot),
        };
        let here = person.worlds & entry.worlds;
        let is_here = person.waiting >> index & 1 == 1
            && world.crowd.hold(slot, index, world.n_services()).until == entry.joined;
        if is_here && here != 0 {
            happens(world, slot, here);
        }
        slot = next;
    }
}

impl Laws<'_> {
    /// The worlds in which an area's pool for a service has this host.
    fn hosted(&self, service: usize, area: usize, host: usize) -> Worlds {
        if self.parted == 0 {
            return all(self.n_worlds());
        }
        (0..self.n_worlds()).fold(0, |worlds, world| {
            worlds | Worlds::from(self.host(world, service, area) == host) << world
        })
    }
}
