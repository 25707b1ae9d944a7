//! State: the people of a row in all its worlds, their queues and their calendar.

use super::account::Accounts;
use super::laws::Laws;
use super::person::{NEVER, Person, Step};
use super::queue::QueueEntry;
use super::service::{Hold, Stage};
use super::study::Study;
use super::tally::{Log, Tally};
use super::versions::{Worlds, all, each};
use super::{inflow, journey, opening, queue, service};

/// No record.
pub const NOBODY: u32 = u32::MAX;

/// The people of areas that share pools, who therefore must live together; other areas live by themselves.
#[derive(Default)]
pub struct Crowd {
    /// The areas.
    pub areas: Vec<usize>,
    /// Records by slot.
    pub people: Vec<Person>,
    /// Rises each time the slot is given back, so that stale entries are known.
    pub serials: Vec<u32>,
    /// `holds[slot * n_services + service]`, for the services that the record has in hand.
    pub holds: Vec<Hold>,
    /// The next record of the same person in other worlds, [`NOBODY`] at the end.
    pub twins: Vec<u32>,
    /// The first record of the person.
    roots: Vec<u32>,
    /// In the first record's slot, how many records of the person are not gone.
    living: Vec<u32>,
    free: Vec<u32>,
    /// Who is due when: slots by step. A slot that is no longer due then is passed over.
    calendar: Vec<Vec<u32>>,
    /// Queues by service and host area: `[service * n_areas + host]`.
    pub queues: Vec<Vec<QueueEntry>>,
    /// Those who joined a queue this month, by service: ordered and appended in the queue pass.
    pub joining: Vec<Vec<QueueEntry>>,
    /// Ends of support and of effects, by step: `(slot, serial, service)`.
    pub support_calendar: Vec<Vec<(u32, u32, u8)>>,
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
    /// What happens to the person in hand.
    pub log: Log,
    /// What the person in hand has of each service.
    pub hand: Vec<Hold>,
    /// The queues that the person in hand joins; slot and worlds are filled in when it is known who joins them.
    pub joins: Vec<(usize, QueueEntry)>,
    /// When a support or effect of the person in hand ends, and of which service.
    pub bookings: Vec<(Step, usize)>,
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
        self.serials.push(0);
        self.twins.push(NOBODY);
        self.roots.push(0);
        self.living.push(0);
        self.holds
            .resize(self.people.len() * n_services, Hold::default());
        (self.people.len() - 1) as u32
    }

    fn schedule(&mut self, slot: u32, due: Step) {
        if let Some(bucket) = self.calendar.get_mut(due.max(0) as usize) {
            bucket.push(slot);
        }
    }

    /// A copy of a record for some of its worlds, with everything that the record has in hand.
    fn copy(&mut self, slot: u32, worlds: Worlds, n_services: usize) -> u32 {
        let person = Person {
            worlds,
            ..self.people[slot as usize]
        };
        let copy = self.slot(person, n_services);
        let root = self.roots[slot as usize];
        self.roots[copy as usize] = root;
        self.living[root as usize] += 1;
        self.twins[copy as usize] = self.twins[slot as usize];
        self.twins[slot as usize] = copy;
        let (from, to) = (slot as usize * n_services, copy as usize * n_services);
        for index in each(Worlds::from(person.held)) {
            self.holds[to + index] = self.holds[from + index];
        }
        self.schedule(copy, person.due);
        copy
    }

    /// Nobody is in the slot any more. The slots of a person are used again when no record of the person is left,
    /// because entries lead from the first record to the others.
    fn vacate(&mut self, slot: u32) {
        let person = &mut self.people[slot as usize];
        person.state = Person::GONE;
        person.due = NEVER;
        person.held = 0;
        let root = self.roots[slot as usize];
        self.living[root as usize] -= 1;
        if self.living[root as usize] == 0 {
            let mut at = root;
            while at != NOBODY {
                self.free.push(at);
                self.serials[at as usize] += 1;
                at = self.twins[at as usize];
            }
        }
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
            log: Log::default(),
            hand: vec![Hold::default(); plan.services.len()],
            joins: Vec::new(),
            bookings: Vec::new(),
        }
    }

    /// The crowd is as it is when the run begins.
    pub fn open(&mut self, laws: &Laws) {
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
        journey::reach_everyone(self, laws, changed);
        let first = self.now;
        while self.now < until {
            inflow::arrive(self, laws);
            let due = std::mem::take(&mut self.crowd.calendar[self.now as usize]);
            for slot in due {
                journey::happen(self, laws, slot);
            }
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
    pub fn part(
        &mut self,
        slot: u32,
        mut worlds: Worlds,
        happens: impl Fn(&mut World, &mut Person),
    ) {
        let mut slot = slot;
        loop {
            let mut person = self.crowd.people[slot as usize];
            let before = person.worlds;
            person.worlds &= worlds;
            if person.worlds == 0 {
                return;
            }
            self.take_in_hand(slot, &person);
            happens(self, &mut person);
            worlds &= !person.worlds;
            let rest = before & !person.worlds;
            let other = match rest {
                0 => NOBODY,
                _ => self.crowd.copy(slot, rest, self.n_services),
            };
            self.put_down(slot, person);
            if rest == 0 {
                return;
            }
            slot = other;
        }
    }

    fn take_in_hand(&mut self, slot: u32, person: &Person) {
        for index in each(Worlds::from(person.held)) {
            self.hand[index] = self.crowd.holds[slot as usize * self.n_services + index];
        }
    }

    fn put_down(&mut self, slot: u32, mut person: Person) {
        self.write_down(&person);
        if person.state == Person::GONE {
            return self.crowd.vacate(slot);
        }
        person.due = person.next_due();
        let is_moved = person.due != self.crowd.people[slot as usize].due;
        self.crowd.people[slot as usize] = person;
        if is_moved {
            self.crowd.schedule(slot, person.due);
        }
        self.keep_hand(slot, &person);
    }

    /// A new person, after the first month's events, takes a slot; or none, if gone already.
    pub fn admit(&mut self, mut person: Person) {
        self.write_down(&person);
        if person.state == Person::GONE {
            return;
        }
        person.due = person.next_due();
        let slot = self.crowd.slot(person, self.n_services);
        self.crowd.roots[slot as usize] = slot;
        self.crowd.twins[slot as usize] = NOBODY;
        self.crowd.living[slot as usize] = 1;
        self.crowd.schedule(slot, person.due);
        self.keep_hand(slot, &person);
    }

    fn write_down(&mut self, person: &Person) {
        self.log
            .settle(&mut self.tally, person.worlds, usize::from(person.area));
        if person.held == 0 {
            // Whoever joined a queue and has nothing in hand has left it again.
            self.joins.clear();
            self.bookings.clear();
        }
    }

    #[inline]
    fn keep_hand(&mut self, slot: u32, person: &Person) {
        // Most people have nothing to do with any service.
        if person.held != 0 {
            self.keep_holds(slot, person);
        }
    }

    fn keep_holds(&mut self, slot: u32, person: &Person) {
        for index in each(Worlds::from(person.held)) {
            self.crowd.holds[slot as usize * self.n_services + index] = self.hand[index];
        }
        if self.joins.is_empty() && self.bookings.is_empty() {
            return;
        }
        let serial = self.crowd.serials[slot as usize];
        for (index, entry) in self.joins.drain(..) {
            self.crowd.joining[index].push(QueueEntry {
                slot,
                serial,
                worlds: person.worlds,
                ..entry
            });
        }
        for (step, index) in self.bookings.drain(..) {
            if let Some(bucket) = self.crowd.support_calendar.get_mut(step as usize) {
                bucket.push((slot, serial, index as u8));
            }
        }
    }

    /// How far a record has come with a service.
    #[inline]
    pub fn stage(&self, slot: u32, index: usize) -> Stage {
        let person = &self.crowd.people[slot as usize];
        if person.state == Person::GONE || person.held >> index & 1 == 0 {
            return Stage::None;
        }
        self.crowd.holds[slot as usize * self.n_services + index].stage
    }

    /// What a record has of a service that it has in hand.
    pub fn hold(&self, slot: u32, index: usize) -> Hold {
        self.crowd.holds[slot as usize * self.n_services + index]
    }
}
