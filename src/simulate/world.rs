//! State: a row under way in all its worlds, and whatever happens to one person of it.

use super::account::Accounts;
use super::clock::ClockHand;
use super::crowd::{Crowd, Kin, NOBODY};
use super::laws::Laws;
use super::passage::Share;
use super::person::{Person, Return, Step, decision, visit_key};
use super::queue::QueueEntry;
use super::service::{Booking, Hold};
use super::study::Study;
use super::tally::Tally;
use super::versions::{Worlds, all};
use super::{inflow, journey, opening, queue, reach, service};

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
    /// Scratch of the way in of newcomers.
    pub shares: Vec<Share>,
    hand: Hand,
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
            shares: Vec::new(),
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
            self.crowd.tear_off(due);
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
    pub fn part(&mut self, slot: u32, worlds: Worlds, happens: impl Fn(&mut World, &mut Person)) {
        let lived = self.crowd.people[slot as usize].worlds;
        if self.tally.is_together() && lived & !worlds == 0 {
            self.change(slot, happens);
        } else {
            self.part_worlds(slot, worlds, happens);
        }
    }

    /// Nothing can part the worlds now, so that the record is changed where it stands.
    #[inline(always)]
    fn change(&mut self, slot: u32, happens: impl Fn(&mut World, &mut Person)) {
        let mut people = std::mem::take(&mut self.crowd.people);
        let person = &mut people[slot as usize];
        let due = person.due();
        self.take_in_hand(slot, person);
        happens(self, person);
        if person.is_gone() {
            self.forget();
            self.crowd.people = people;
            return self.crowd.vacate(slot);
        }
        self.put_back(slot, person, due);
        self.crowd.people = people;
    }

    fn part_worlds(
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
            self.take_in_hand(slot, &person);
            happens(self, &mut person);
            let rest = before & !person.worlds;
            if rest == 0 {
                return self.put_down(slot, &person, due);
            }
            worlds &= !person.worlds;
            slot = self.split(slot, &person, (rest, due));
        }
    }

    #[inline(always)]
    fn take_in_hand(&mut self, slot: u32, person: &Person) {
        self.tally.turn_to(usize::from(person.area));
        self.hand.slot = slot;
        self.hand.is_known = false;
    }

    /// The rest of a record's worlds keep it as it was; returns where it is now.
    #[cold]
    fn split(&mut self, slot: u32, person: &Person, (rest, due): (Worlds, Step)) -> u32 {
        let other = self.crowd.copy(slot, rest, self.n_services);
        self.put_down(slot, person, due);
        other
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
        let join = Join {
            service,
            gives_up,
            visit,
        };
        let mut joins = self.hand.joins.iter_mut();
        match joins.find(|join| join.service == service) {
            Some(earlier) => *earlier = join,
            None => self.hand.joins.push(join),
        }
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

    #[inline(always)]
    fn put_down(&mut self, slot: u32, person: &Person, due_before: Step) {
        self.tally.settle(person.worlds);
        if person.is_gone() {
            self.forget();
            return self.crowd.vacate(slot);
        }
        self.crowd.people[slot as usize] = *person;
        self.put_back(slot, person, due_before);
    }

    /// The record is what it is now, and what else is known of the person follows it.
    #[inline(always)]
    fn put_back(&mut self, slot: u32, person: &Person, due_before: Step) {
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
        if person.is_gone() {
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

    #[inline(always)]
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

    #[inline(never)]
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
                    area: person.area,
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
