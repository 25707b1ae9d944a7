//! State: the people who live together, their queues and their calendar.

use super::person::{NEVER, Person, Return, Step};
use super::queue::QueueEntry;
use super::service::{Booking, Hold};
use super::study::Study;
use super::versions::{Worlds, each};
use crate::random::Key;
use std::sync::Mutex;

/// No record.
pub const NOBODY: u32 = u32::MAX;

/// The people of areas that share pools, who therefore must live together; other areas live by themselves.
#[derive(Default)]
pub struct Crowd {
    /// The areas.
    pub areas: Vec<usize>,
    /// Records by slot.
    pub people: Vec<Person>,
    /// By slot, what is not looked at every time something happens.
    pub(super) behind: Vec<Behind>,
    /// `holds[slot * n_services + service]`, for the services that the record has in hand.
    pub(super) holds: Vec<Hold>,
    free: Vec<u32>,
    /// Who is due when: slots by step. A slot that is no longer due then is passed over.
    pub(super) calendar: Vec<Vec<u32>>,
    /// Months that are over.
    spare: Vec<Vec<u32>>,
    /// Queues by service and host area: `[service * n_areas + host]`.
    pub queues: Vec<Vec<QueueEntry>>,
    /// Those who joined a queue this month, by service: ordered and appended in the queue pass.
    pub joining: Vec<Vec<QueueEntry>>,
    /// Scratch of the queue pass.
    pub(super) in_order: Vec<u32>,
    /// Ends of support and of effects, by step.
    pub support_calendar: Vec<Vec<Booking>>,
}

/// What is not looked at every time something happens: one line of the processor's cache.
#[derive(Clone, Copy)]
#[repr(align(64))]
pub(super) struct Behind {
    /// What the return clock knows.
    pub back: Return,
    /// The other records of the person.
    pub kin: Kin,
}

/// The records of one person in different worlds, by slot.
#[derive(Clone, Copy)]
pub(super) struct Kin {
    /// The next record, [`NOBODY`] at the end.
    pub twin: u32,
    /// The first record.
    pub root: u32,
    /// In the first record's slot, how many records of the person are not gone.
    pub living: u32,
}

impl Crowd {
    /// Nobody yet, in the memory of a crowd that has lived.
    pub fn new(study: &Study, areas: &[usize], lived: Crowd) -> Crowd {
        let plan = study.plan;
        let n_steps = plan.n_steps().max(0) as usize;
        let n_queues = plan.services.len() * plan.areas.len();
        Crowd {
            areas: areas.to_vec(),
            people: emptied(lived.people),
            behind: emptied(lived.behind),
            holds: emptied(lived.holds),
            free: emptied(lived.free),
            calendar: each_emptied(lived.calendar, n_steps),
            spare: lived.spare,
            queues: each_emptied(lived.queues, n_queues),
            joining: each_emptied(lived.joining, plan.services.len()),
            in_order: emptied(lived.in_order),
            support_calendar: each_emptied(lived.support_calendar, n_steps),
        }
    }

    /// A free slot.
    pub fn slot(&mut self, person: Person, n_services: usize) -> u32 {
        if let Some(slot) = self.free.pop() {
            self.people[slot as usize] = person;
            return slot;
        }
        self.people.push(person);
        self.behind.push(Behind {
            back: Return::NEVER_CLOCKED,
            kin: Kin {
                twin: NOBODY,
                root: 0,
                living: 0,
            },
        });
        self.holds
            .resize(self.people.len() * n_services, Hold::default());
        (self.people.len() - 1) as u32
    }

    /// A record stands in the calendar at a step, if the run lasts so long.
    #[inline]
    pub fn schedule(&mut self, slot: u32, due: Step) {
        if let Some(month) = self.calendar.get_mut(due.max(0) as usize) {
            if month.capacity() == 0 {
                *month = self.spare.pop().unwrap_or_default();
            }
            month.push(slot);
        }
    }

    /// A month of the calendar is over, and its memory is there for another.
    pub fn tear_off(&mut self, mut month: Vec<u32>) {
        month.clear();
        self.spare.push(month);
    }

    /// A copy of a record for some of its worlds, with everything that the record has in hand.
    #[cold]
    pub fn copy(&mut self, slot: u32, worlds: Worlds, n_services: usize) -> u32 {
        let person = Person {
            worlds,
            ..self.people[slot as usize]
        };
        let copy = self.slot(person, n_services);
        self.behind[copy as usize].back = self.behind[slot as usize].back;
        let Kin { twin, root, .. } = self.behind[slot as usize].kin;
        self.behind[root as usize].kin.living += 1;
        let kin = &mut self.behind[copy as usize].kin;
        (kin.twin, kin.root) = (twin, root);
        self.behind[slot as usize].kin.twin = copy;
        let (from, to) = (slot as usize * n_services, copy as usize * n_services);
        for index in each(Worlds::from(person.waiting | person.effects)) {
            self.holds[to + index] = self.holds[from + index];
        }
        self.schedule(copy, person.due());
        copy
    }

    /// Nobody is in the slot any more. The slots of a person are used again when no record of the person is left,
    /// because entries lead from the first record to the others.
    pub fn vacate(&mut self, slot: u32) {
        let person = &mut self.people[slot as usize];
        person.state = Person::GONE;
        person.stay_due = NEVER;
        person.other_due = NEVER;
        person.fires = NEVER;
        (person.waiting, person.supported, person.effects) = (0, 0, 0);
        let root = self.behind[slot as usize].kin.root;
        self.behind[root as usize].kin.living -= 1;
        if self.behind[root as usize].kin.living == 0 {
            let mut at = root;
            while at != NOBODY {
                self.free.push(at);
                // Nothing that still leads here may take whoever comes next for the person who was here.
                self.people[at as usize].key = Key::NOBODY;
                at = self.behind[at as usize].kin.twin;
            }
        }
    }

    /// What a record has of a service that it has in hand.
    #[inline]
    pub fn hold(&self, slot: u32, service: usize, n_services: usize) -> Hold {
        self.holds[slot as usize * n_services + service]
    }

    /// Looks at what else there is of some records, so that the processor fetches it for all of them side by side.
    #[inline(always)]
    pub fn fetch(&self, slots: &[u32]) -> Step {
        let mut seen = 0;
        for &slot in slots {
            seen ^= self.behind[slot as usize].back.cohort_step;
        }
        seen
    }

    /// The same for whatever there is of records that something is about to happen to in a service.
    #[inline]
    pub fn fetch_served(
        &self,
        slots: impl Iterator<Item = u32>,
        service: usize,
        n_services: usize,
    ) -> Step {
        let mut seen = 0;
        for slot in slots {
            let back = &self.behind[slot as usize].back;
            seen ^= self.people[slot as usize].entered ^ back.cohort_step;
            seen ^= self.hold(slot, service, n_services).until;
        }
        seen
    }

    /// The next record of the same person in other worlds, [`NOBODY`] at the end.
    #[inline]
    pub fn twin(&self, slot: u32) -> u32 {
        self.behind[slot as usize].kin.twin
    }

    /// Whether the slot still belongs to somebody.
    #[inline]
    pub fn is_of(&self, slot: u32, key: Key) -> bool {
        self.people[slot as usize].key == key
    }
}

/// The memory of a list without what was in it.
fn emptied<T>(mut list: Vec<T>) -> Vec<T> {
    list.clear();
    list
}

/// So many empty lists, in the memory of those that there were.
fn each_emptied<T>(mut lists: Vec<Vec<T>>, n: usize) -> Vec<Vec<T>> {
    lists.resize_with(n, Vec::new);
    lists.iter_mut().for_each(Vec::clear);
    lists
}

/// The memory of crowds that have lived, for rows that are still to be lived: taken and given back by whole rows.
#[derive(Default)]
pub struct Memory {
    lived: Mutex<Vec<Vec<Crowd>>>,
}

impl Memory {
    /// A crowd of nobody for each cluster of areas.
    pub fn crowds(&self, study: &Study) -> Vec<Crowd> {
        let lived = self.lived.lock().ok().and_then(|mut lived| lived.pop());
        let mut lived = lived.unwrap_or_default().into_iter();
        let areas = study.clusters.iter();
        areas
            .map(|areas| Crowd::new(study, areas, lived.next().unwrap_or_default()))
            .collect()
    }

    /// Crowds have lived to the end.
    pub fn keep(&self, crowds: Vec<Crowd>) {
        if let Ok(mut lived) = self.lived.lock() {
            lived.push(crowds);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_that_is_free_is_nobodys() {
        let somebody = |key| Person {
            key: Key::new(key),
            worlds: 0b11,
            stay_due: NEVER,
            other_due: NEVER,
            fires: NEVER,
            visit: 0,
            born: 0,
            entered: 0,
            waiting: 0,
            supported: 0,
            effects: 0,
            state: 0,
            area: 0,
            of_sex: 0,
            priors: 0,
            needs: 0,
            other: 0,
            exit: Person::NO_EXIT,
            is_convicted: false,
            is_clocked: false,
        };
        let mut crowd = Crowd::default();
        let first = crowd.slot(somebody(1), 2);
        crowd.behind[first as usize].kin = Kin {
            twin: NOBODY,
            root: first,
            living: 1,
        };
        let twin = crowd.copy(first, 0b10, 2);
        assert!(crowd.is_of(first, Key::new(1)) && crowd.is_of(twin, Key::new(1)));
        assert_eq!(crowd.twin(first), twin);
        // An entry may still lead to the twin through the first record, until both have gone.
        crowd.vacate(first);
        assert!(crowd.is_of(first, Key::new(1)) && crowd.free.is_empty());
        crowd.vacate(twin);
        assert!(!crowd.is_of(first, Key::new(1)) && !crowd.is_of(twin, Key::new(1)));
        assert_eq!(crowd.free.len(), 2);
        let next = crowd.slot(somebody(2), 2);
        assert!(crowd.is_of(next, Key::new(2)) && next != NOBODY);
    }
}
