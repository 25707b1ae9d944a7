//! State: the people of a row in all its worlds, their queues and their calendar.

use super::account::Accounts;
use super::clock::ClockHand;
use super::laws::Laws;
use super::person::{NEVER, Person, Return, Step, decision, visit_key};
use super::queue::QueueEntry;
use super::service::{Booking, Hold};
use super::study::Study;
use super::tally::Tally;
use super::versions::{Worlds, all, each};
use super::{inflow, journey, opening, queue, reach, service};
use crate::random::Key;

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
    behind: Vec<Behind>,
    /// `holds[slot * n_services + service]`, for the services that the record has in hand.
    holds: Vec<Hold>,
    free: Vec<u32>,
    /// Who is due when: slots by step. A slot that is no longer due then is passed over.
    calendar: Vec<Vec<u32>>,
    /// Queues by service and host area: `[service * n_areas + host]`.
    pub queues: Vec<Vec<QueueEntry>>,
    /// Those who joined a queue this month, by service: ordered and appended in the queue pass.
    pub joining: Vec<Vec<QueueEntry>>,
    /// Ends of support and of effects, by step.
    pub support_calendar: Vec<Vec<Booking>>,
}

/// What is not looked at every time something happens: one line of the processor's cache.
#[derive(Clone, Copy)]
#[repr(align(64))]
struct Behind {
    back: Return,
    kin: Kin,
}

/// The records of one person in different worlds, by slot.
#[derive(Clone, Copy)]
struct Kin {
    /// The next record, [`NOBODY`] at the end.
    twin: u32,
    /// The first record.
    root: u32,
    /// In the first record's slot, how many records of the person are not gone.
    living: u32,
}

/// The person whom something happens to, beyond the record, and what is to be written down when it is known in which
/// worlds it happened.
struct Hand {
    slot: u32,
    back: Return,
    is_known: bool,
    joins: Vec<Join>,
    booking: Option<(usize, Hold)>,
}

/// Somebody joins the queue for a service.
struct Join {
    service: usize,
    gives_up: Step,
    visit: u32,
}

/// A row under way: one crowd at a time, and what is counted in all of them.
pub struct World {
    /// The step that is lived.
    pub now: Step,
    n_steps: Step,
    n_services: usize,
    /// All worlds.
    pub everywhere: Worlds,
    /// The people who live now.
    pub crowd: Crowd,
    /// What has been counted.
    pub tally: Tally,
    /// What it adds up to.
    pub accounts: Accounts,
    hand: Hand,
}

impl Crowd {
    /// Nobody yet.
    pub fn new(study: &Study, areas: &[usize]) -> Crowd {
        let plan = study.plan;
        let n_steps = plan.n_steps().max(0) as usize;
        Crowd {
            areas: areas.to_vec(),
            calendar: vec![Vec::new(); n_steps],
            queues: vec![Vec::new(); plan.services.len() * plan.areas.len()],
            joining: vec![Vec::new(); plan.services.len()],
            support_calendar: vec![Vec::new(); n_steps],
            ..Crowd::default()
        }
    }

    /// A free slot.
    fn slot(&mut self, person: Person, n_services: usize) -> u32 {
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

    #[inline]
    fn schedule(&mut self, slot: u32, due: Step) {
        if let Some(bucket) = self.calendar.get_mut(due.max(0) as usize) {
            bucket.push(slot);
        }
    }

    /// A copy of a record for some of its worlds, with everything that the record has in hand.
    #[cold]
    fn copy(&mut self, slot: u32, worlds: Worlds, n_services: usize) -> u32 {
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
    fn vacate(&mut self, slot: u32) {
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
    #[inline]
    pub fn fetch(&self, slots: &[u32]) -> Step {
        let look = |&slot: &u32| self.behind[slot as usize].back.cohort_step;
        slots.iter().map(look).fold(0, |sum, step| sum ^ step)
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

impl World {
    /// Nobody yet, in `n_worlds` worlds.
    pub fn new(study: &Study, n_worlds: usize) -> World {
        let plan = study.plan;
        World {
            now: 0,
            n_steps: plan.n_steps(),
            n_services: plan.services.len(),
            everywhere: all(n_worlds),
            crowd: Crowd::default(),
            tally: Tally::new(study, n_worlds),
            accounts: Accounts::new(study, n_worlds),
            hand: Hand {
                slot: NOBODY,
                back: Return::NEVER_CLOCKED,
                is_known: true,
                joins: Vec::new(),
                booking: None,
            },
        }
    }

    /// The crowd is as it is when the run begins.
    pub fn open(&mut self, laws: &Laws) {
        self.tally.part(laws.parted != 0);
        opening::open(self, laws);
        // What made the opening stock is not counted, only that it is there.
        for &area in &self.crowd.areas {
            self.tally.turn(area, &laws.study.counters);
        }
    }

    /// The crowd lives on from the step at which the laws stand until (not including) another. `changed` tells by
    /// quantity whether the laws have changed now.
    pub fn live(&mut self, laws: &Laws, changed: &[bool], until: Step) {
        self.now = laws.now;
        self.tally.part(laws.parted != 0);
        reach::reach_everyone(self, laws, changed);
        let first = self.now;
        while self.now < until {
            inflow::arrive(self, laws);
            let due = std::mem::take(&mut self.crowd.calendar[self.now as usize]);
            journey::happen(self, laws, &due);
            service::support_ends(self, laws);
            queue::pass(self, laws, self.now == first);
            let Crowd { areas, .. } = &self.crowd;
            self.accounts
                .close_step(laws, &mut self.tally, areas, self.now);
            self.now += 1;
        }
    }

    /// How many steps are left of the run.
    #[inline]
    pub fn steps_left(&self) -> Step {
        self.n_steps - self.now
    }

    /// Something happens to a person in some worlds of a record. Where the outcome is not the same in all of them, it
    /// happens to each part by itself; worlds to which it does not happen keep the record as it was.
    #[inline]
    pub fn part(
        &mut self,
        mut slot: u32,
        mut worlds: Worlds,
        happens: impl Fn(&mut World, &mut Person),
    ) {
        loop {
            let mut person = self.crowd.people[slot as usize];
            let (before, due) = (person.worlds, person.due());
            person.worlds &= worlds;
            if person.worlds == 0 {
                return;
            }
            self.tally.turn_to(usize::from(person.area));
            self.hand.slot = slot;
            self.hand.is_known = false;
            happens(self, &mut person);
            let rest = before & !person.worlds;
            if rest == 0 {
                return self.put_down(slot, &person, due);
            }
            worlds &= !person.worlds;
            let other = self.crowd.copy(slot, rest, self.n_services);
            self.put_down(slot, &person, due);
            slot = other;
        }
    }

    /// How many services there are.
    #[inline]
    pub fn n_services(&self) -> usize {
        self.n_services
    }

    /// What the return clock knows of the person in hand.
    #[inline]
    pub fn back(&mut self) -> &mut Return {
        if !self.hand.is_known {
            self.hand.back = self.crowd.behind[self.hand.slot as usize].back;
            self.hand.is_known = true;
        }
        &mut self.hand.back
    }

    /// The return clock of the person in hand starts.
    #[inline]
    pub fn start_clock(&mut self, study: &Study, hand: ClockHand) {
        let now = self.now;
        self.back().clock = hand;
        self.tally.index(study, &mut self.hand.back, now);
    }

    /// The person in hand joins a queue at a visit, and will give up waiting then. Who has joined it already this month,
    /// and has been dropped since, has one place in it and not two.
    #[inline]
    pub fn join(&mut self, service: usize, visit: u32, gives_up: Step) {
        self.hand.joins.retain(|join| join.service != service);
        self.hand.joins.push(Join {
            service,
            gives_up,
            visit,
        });
    }

    /// The person in hand has something of a service until a step.
    #[inline]
    pub fn book(&mut self, service: usize, hold: Hold) {
        self.hand.booking = Some((service, hold));
    }

    /// Whether the person in hand will complete a support that is under way.
    pub fn completes(&self, service: usize) -> bool {
        self.crowd
            .hold(self.hand.slot, service, self.n_services)
            .completes
    }

    #[inline]
    fn put_down(&mut self, slot: u32, person: &Person, due_before: Step) {
        self.tally.settle(person.worlds);
        if person.state == Person::GONE {
            self.forget();
            return self.crowd.vacate(slot);
        }
        self.crowd.people[slot as usize] = *person;
        let due = person.due();
        if due != due_before {
            self.crowd.schedule(slot, due);
        }
        self.keep(slot, person);
    }

    /// A newcomer to an area is taken in hand.
    #[inline]
    pub fn greet(&mut self) {
        self.hand.slot = NOBODY;
        self.hand.back = Return::NEVER_CLOCKED;
        self.hand.is_known = true;
    }

    /// A new person, after the first month's events, takes a slot; or none, if gone already.
    #[inline]
    pub fn admit(&mut self, person: &Person) {
        self.tally.settle(person.worlds);
        if person.state == Person::GONE {
            return self.forget();
        }
        let slot = self.crowd.slot(*person, self.n_services);
        self.crowd.behind[slot as usize].kin = Kin {
            twin: NOBODY,
            root: slot,
            living: 1,
        };
        self.crowd.schedule(slot, person.due());
        self.keep(slot, person);
    }

    /// Whoever joined a queue on the way and has gone has left it again.
    fn forget(&mut self) {
        self.hand.joins.clear();
        self.hand.booking = None;
    }

    #[inline]
    fn keep(&mut self, slot: u32, person: &Person) {
        if self.hand.is_known {
            self.crowd.behind[slot as usize].back = self.hand.back;
        }
        if !self.hand.joins.is_empty() {
            self.keep_joins(slot, person);
        }
        if let Some((service, hold)) = self.hand.booking.take() {
            self.keep_booking(slot, person, service, hold);
        }
    }

    fn keep_joins(&mut self, slot: u32, person: &Person) {
        let holds = slot as usize * self.n_services;
        for join in &self.hand.joins {
            // Who has been dropped again on the way through this month's states does not join.
            if person.waiting >> join.service & 1 == 1 {
                self.crowd.holds[holds + join.service] = Hold {
                    until: self.now,
                    completes: false,
                };
                self.crowd.joining[join.service].push(QueueEntry {
                    key: person.key,
                    worlds: person.worlds,
                    order: visit_key(person.key, join.visit, decision::ORDER).bits(),
                    slot,
                    joined: self.now,
                    gives_up: join.gives_up,
                });
            }
        }
        self.hand.joins.clear();
    }

    fn keep_booking(&mut self, slot: u32, person: &Person, service: usize, hold: Hold) {
        self.crowd.holds[slot as usize * self.n_services + service] = hold;
        if let Some(bucket) = self.crowd.support_calendar.get_mut(hold.until as usize) {
            bucket.push(Booking {
                key: person.key,
                slot,
                service: service as u8,
            });
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
