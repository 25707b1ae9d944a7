//! Queues: who waits for a service, in which order, and who gets the places that are free.

use super::crowd::NOBODY;
use super::laws::Laws;
use super::person::{Person, Step};
use super::service;
use super::versions::{Worlds, each};
use super::world::World;
use crate::random::Key;

/// Somebody in a queue.
#[derive(Clone, Copy, Debug)]
pub struct QueueEntry {
    /// Whose: a slot that somebody else has taken is known by it.
    pub key: Key,
    /// The record, from which all records of the person in the entry's worlds can be reached.
    pub slot: u32,
    /// The worlds in which they wait here.
    pub worlds: Worlds,
    /// When.
    pub joined: Step,
    /// When patience ends.
    pub gives_up: Step,
    /// Orders those who join in the same month: an address, so that no other order can matter.
    pub order: u64,
    /// Where they are from.
    pub area: u16,
}

/// The queue pass: this month's joiners take their place in an addressed order; those whose patience has ended or
/// who have gone leave; then free places are filled, first come first served.
pub fn pass(world: &mut World, laws: &Laws, may_repool: bool) {
    let n_areas = laws.plan.areas.len();
    for index in 0..laws.plan.services.len() {
        if may_repool && laws.repooled[index] != 0 {
            repool(world, laws, index, laws.repooled[index]);
        }
        let joining = std::mem::take(&mut world.crowd.joining[index]);
        let mut in_order = std::mem::take(&mut world.crowd.in_order);
        put_in_order(&joining, &mut in_order);
        for &place in &in_order {
            join(world, laws, index, joining[place as usize]);
        }
        world.crowd.in_order = in_order;
        world.crowd.joining[index] = joining;
        world.crowd.joining[index].clear();
        for position in 0..world.crowd.areas.len() {
            let host = world.crowd.areas[position];
            if !world.crowd.queues[index * n_areas + host].is_empty() {
                serve(world, laws, index, host);
            }
        }
    }
}

/// The places of those who join, in their order. Orders are uniform, so that each entry is at once put where so many of
/// them would lead it to be expected, and is seldom more than a place or two away from there.
fn put_in_order(joining: &[QueueEntry], places: &mut Vec<u32>) {
    let before = |a: &QueueEntry, b: &QueueEntry| (a.order, a.slot) < (b.order, b.slot);
    let n = joining.len();
    let expected = |entry: &QueueEntry| ((u128::from(entry.order) * n as u128) >> 64) as usize;
    // By expected place, where it ends among all; then counted down as it is filled from behind.
    let mut ends = vec![0u32; n];
    for entry in joining {
        ends[expected(entry)] += 1;
    }
    let mut end = 0;
    for here in &mut ends {
        end += *here;
        *here = end;
    }
    places.clear();
    places.resize(n, 0);
    for (place, entry) in joining.iter().enumerate() {
        let end = &mut ends[expected(entry)];
        *end -= 1;
        places[*end as usize] = place as u32;
    }
    for sorted in 1..n {
        let mut at = sorted;
        let place = places[at];
        let entry = &joining[place as usize];
        while at > 0 && before(entry, &joining[places[at - 1] as usize]) {
            places[at] = places[at - 1];
            at -= 1;
        }
        places[at] = place;
    }
}

/// An entry takes its place at the end of the queue of its area's pool, in each of its worlds.
#[inline]
fn join(world: &mut World, laws: &Laws, index: usize, entry: QueueEntry) {
    let n_areas = laws.plan.areas.len();
    let area = usize::from(entry.area);
    if laws.parted == 0 {
        let host = laws.host(0, index, area);
        return world.crowd.queues[index * n_areas + host].push(entry);
    }
    join_apart(world, laws, index, entry);
}

#[inline(never)]
fn join_apart(world: &mut World, laws: &Laws, index: usize, entry: QueueEntry) {
    let n_areas = laws.plan.areas.len();
    let area = usize::from(entry.area);
    let mut left = entry.worlds;
    while left != 0 {
        let host = laws.host(left.trailing_zeros() as usize, index, area);
        let worlds = laws.hosted(index, area, host) & left;
        left &= !worlds;
        world.crowd.queues[index * n_areas + host].push(QueueEntry { worlds, ..entry });
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
        queue.retain(|entry| world.crowd.is_of(entry.slot, entry.key));
        for entry in queue.iter_mut() {
            let moves = entry.worlds & worlds;
            if moves != 0 {
                moving.push(QueueEntry {
                    worlds: moves,
                    ..*entry
                });
                entry.worlds &= !worlds;
            }
        }
        queue.retain(|entry| entry.worlds != 0);
        world.crowd.queues[index * n_areas + host] = queue;
    }
    for entry in moving {
        join(world, laws, index, entry);
    }
    for queue in &mut world.crowd.queues[index * n_areas..(index + 1) * n_areas] {
        queue.sort_by_key(|entry| (entry.joined, entry.order, entry.slot));
    }
}

/// How many places of a pool are free, by world, and the worlds in which any is.
struct Free {
    places: Vec<i32>,
    any: Worlds,
    kept: Option<Kept>,
}

/// Of a pool's free places, those that are kept for areas that have not filled their own yet.
struct Kept {
    /// `[world][area]`
    left: Vec<Vec<i32>>,
}

impl Free {
    /// The worlds in which somebody of an area may start: where a place is free beyond those that are kept for others,
    /// or one is kept for the area. Where more are kept than are free, whoever comes first of those areas starts.
    #[inline]
    fn open_to(&self, area: usize, here: Worlds) -> Worlds {
        let open = here & self.any;
        let Some(kept) = self.kept.as_ref().filter(|_| open != 0) else {
            return open;
        };
        let is_open = |world: &usize| {
            let left = &kept.left[*world];
            let others = left.iter().sum::<i32>() - left[area];
            left[area] > 0 || self.places[*world] > others
        };
        each(open)
            .filter(is_open)
            .fold(0, |worlds, world| worlds | 1 << world)
    }

    /// Somebody of an area takes a place in some worlds.
    #[inline]
    fn take(&mut self, area: usize, worlds: Worlds) {
        for world in each(worlds) {
            self.places[world] -= 1;
            self.any &= !(Worlds::from(self.places[world] <= 0) << world);
            if let Some(kept) = &mut self.kept {
                let left = &mut kept.left[world][area];
                *left = (*left - 1).max(0);
            }
        }
    }
}

impl Kept {
    /// Those of a pool, where any are kept.
    fn of(world: &World, laws: &Laws, index: usize, host: usize) -> Option<Kept> {
        if laws.keeping[index] == 0 {
            return None;
        }
        let n_areas = laws.plan.areas.len();
        let left = |at: usize| {
            let mut left = vec![0; n_areas];
            let members = world.crowd.areas.iter().copied();
            for area in members.filter(|&area| laws.host(at, index, area) == host) {
                let busy = world
                    .tally
                    .in_support(&laws.study.counters, at, area, index);
                left[area] = (laws.kept(at, index, area) - busy).max(0);
            }
            left
        };
        Some(Kept {
            left: (0..laws.n_worlds()).map(left).collect(),
        })
    }
}

fn free_places(world: &World, laws: &Laws, index: usize, host: usize) -> Free {
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
        let free = places as i32 - busy;
        any |= Worlds::from(free > 0) << at;
        free
    };
    let places = (0..laws.n_worlds()).map(free).collect();
    Free {
        places,
        any,
        kept: Kept::of(world, laws, index, host),
    }
}

fn serve(world: &mut World, laws: &Laws, index: usize, host: usize) {
    let at = index * laws.plan.areas.len() + host;
    let mut free = free_places(world, laws, index, host);
    let mut queue = std::mem::take(&mut world.crowd.queues[at]);
    fetch(world, index, &queue, &free.places);
    queue.retain_mut(|entry| {
        // Somebody who has dropped out keeps nobody from a place, so that nobody looks until there is one.
        if entry.worlds & free.any == 0 && entry.gives_up > world.now {
            return true;
        }
        if !world.crowd.is_of(entry.slot, entry.key) {
            return false;
        }
        entry.worlds = attend(world, laws, (index, entry), &mut free);
        entry.worlds != 0
    });
    world.crowd.queues[at] = queue;
}

/// Looks at the records of those who will give up or start, before anything happens to the first of them.
fn fetch(world: &World, index: usize, queue: &[QueueEntry], free: &[i32]) {
    let mut places = free.iter().copied().max().unwrap_or(0);
    let soon = queue.iter().filter(|entry| {
        let starts = places > 0;
        places -= i32::from(starts);
        starts || entry.gives_up <= world.now
    });
    let slots = soon.map(|entry| entry.slot);
    std::hint::black_box(world.crowd.fetch_served(slots, index, world.n_services()));
}

/// Somebody whose patience has ended gives up; whom there is a place for starts. Returns the worlds in which they go on
/// waiting.
fn attend(
    world: &mut World,
    laws: &Laws,
    (index, entry): (usize, &QueueEntry),
    free: &mut Free,
) -> Worlds {
    let mut waiting = 0;
    let mut slot = entry.slot;
    while slot != NOBODY {
        let (here, next) = waits(world, index, entry, slot);
        if here != 0 && entry.gives_up <= world.now {
            world.part(slot, here, |world, person| {
                service::give_up(world, laws, person, index);
            });
        } else if here != 0 {
            let area = usize::from(world.crowd.people[slot as usize].area);
            let starting = free.open_to(area, here);
            waiting |= here & !starting;
            if starting != 0 {
                world.part(slot, starting, |world, person| {
                    service::start(world, laws, person, index, entry.joined);
                });
            }
            free.take(area, starting);
        }
        slot = next;
    }
    waiting
}

/// The worlds in which a record still waits where the entry says, and the next record of the person.
#[inline]
fn waits(world: &World, index: usize, entry: &QueueEntry, slot: u32) -> (Worlds, u32) {
    let person: &Person = &world.crowd.people[slot as usize];
    // Where a record stands for every world, no other is left.
    let next = match person.worlds == world.everywhere {
        true => NOBODY,
        false => world.crowd.twin(slot),
    };
    let n_services = world.n_services();
    let is_here = person.waiting >> index & 1 == 1
        && world.crowd.hold(slot, index, n_services).until == entry.joined;
    (
        if is_here {
            person.worlds & entry.worlds
        } else {
            0
        },
        next,
    )
}

impl Laws<'_> {
    /// The worlds in which an area's pool for a service has this host.
    fn hosted(&self, service: usize, area: usize, host: usize) -> Worlds {
        (0..self.n_worlds()).fold(0, |worlds, world| {
            worlds | Worlds::from(self.host(world, service, area) == host) << world
        })
    }
}
