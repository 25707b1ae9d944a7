//! State: the people of one world, their queues and their calendar.

use super::service::{Hold, QueueEntry};
use super::tables::Setting;
use super::tally::Tally;
use super::{inflow, journey, service};
use crate::compile::Stratum;
use crate::quantity::Month;
use crate::random::Key;

/// A step of the run, counted from its beginning.
pub type Step = i32;

/// Later than any month of any run.
pub const NEVER: Step = i32::MAX;

/// Decisions: the last part of the address of a random number.
pub mod decision {
    /// How long the stay is.
    pub const STAY: u64 = 0;
    /// Which way it is rounded to months.
    pub const ROUND: u64 = 1;
    /// Which exit is taken.
    pub const EXIT: u64 = 2;
    /// When the clock fires.
    pub const CLOCK: u64 = 3;
    /// When death comes.
    pub const DEATH: u64 = 4;
    /// Which part of a stay is left, for the opening stock.
    pub const PART: u64 = 5;
    /// Needs: without a visit, because they belong to the person.
    pub const NEEDS: u64 = 6;
    /// The day of birth within the age band.
    pub const BORN: u64 = 7;
    /// Previous convictions within the band.
    pub const PRIORS: u64 = 8;
    /// The order of those who join a queue in the same month.
    pub const ORDER: u64 = 9;
    /// Rounding when a dated change reaches a present stay.
    pub const RESCALE: u64 = 10;
    /// Which chance of leaving is taken at a step.
    pub const CHANCE: u64 = 11;
    /// When a hazard fires; its name follows.
    pub const HAZARD: u64 = 32;
    /// Whether a service is taken up; the service's name follows.
    pub const UPTAKE: u64 = 64;
    /// How long patience lasts; the service's name follows.
    pub const PATIENCE: u64 = 65;
    /// Support as a whole; the service's name follows.
    pub const SUPPORT: u64 = 66;
    /// Whether completion meets the need; the service's name follows.
    pub const MEETS_NEED: u64 = 68;
}

/// One person.
#[derive(Clone, Debug)]
pub struct Person {
    /// The address of everything about this person.
    pub key: Key,
    /// Rises with every state entered: part of the address.
    pub visit: u32,
    /// Rises each time the slot is used again, so that stale queue entries are known.
    pub serial: u32,
    /// The step of birth.
    pub born: Step,
    /// Where; [`Person::GONE`] in an empty slot.
    pub state: u16,
    /// Index of the area.
    pub area: u16,
    /// Index of the sex.
    pub sex: u8,
    /// How many convictions before the latest, up to 255.
    pub priors: u8,
    /// A bit for each need.
    pub needs: u8,
    /// A bit for each service whose hazard ratio holds now.
    pub effects: u8,
    /// A bit for each service of which the person may have anything in hand, so that most people are passed over at once.
    pub held: u8,
    /// Whether the person has been convicted since entering the model.
    pub is_convicted: bool,
    /// Whether this is the person's index conviction of a cohort still being followed.
    pub in_cohort: bool,
    /// The cohort's year as an index, or -1.
    pub cohort: i16,
    /// When the cohort's clock began.
    pub cohort_step: Step,
    /// The exit that was chosen on entering, or [`Person::NO_EXIT`].
    pub exit: u8,
    /// When the state was entered.
    pub entered: Step,
    /// When the stay ends.
    pub stay_due: Step,
    /// When the first hazard fires, and which.
    pub hazard_due: Step,
    /// Which hazard fires first.
    pub hazard: u8,
    /// When death comes, if the person stays that long.
    pub death_due: Step,
    /// The return clock.
    pub clock: super::clock::ClockHand,
    /// The earliest of all of them: the bucket of the calendar in which the person stands.
    pub due: Step,
}

impl Person {
    /// The state of an empty slot.
    pub const GONE: u16 = u16::MAX;

    /// No exit has been chosen.
    pub const NO_EXIT: u8 = u8::MAX;

    /// The random number of a decision that is made anew at every step of a visit.
    pub fn step_uniform(&self, decision: u64, step: Step) -> f64 {
        self.key
            .with(u64::from(self.visit) << 8 | decision)
            .with(step as u64)
            .uniform()
    }

    /// The random number of a decision of this visit.
    #[inline]
    pub fn uniform(&self, decision: u64) -> f64 {
        self.key
            .with(u64::from(self.visit) << 8 | decision)
            .uniform()
    }

    /// The random number of a decision of this visit about something with a name, folded by [`Key::folded`].
    #[inline]
    pub fn uniform_of(&self, decision: u64, name: u64) -> f64 {
        self.key
            .with(u64::from(self.visit) << 8 | decision)
            .with(name)
            .uniform()
    }

    /// The random number of a decision that belongs to the person.
    pub fn own_uniform(&self, decision: u64) -> f64 {
        self.key.with(u64::MAX - decision).uniform()
    }
}

/// One world: everybody in it at the end of a month.
#[derive(Clone)]
pub struct World {
    /// The next month to live.
    pub now: Step,
    /// Slots.
    pub people: Vec<Person>,
    /// Slots that are free.
    pub free: Vec<u32>,
    /// Who is due when: slots by step. A slot that is no longer due then is passed over.
    pub calendar: Vec<Vec<u32>>,
    /// `holds[slot * n_services + service]`.
    pub holds: Vec<Hold>,
    /// Queues by service and host area: `[service * n_areas + host]`.
    pub queues: Vec<Vec<QueueEntry>>,
    /// Those who joined a queue this month, by service: ordered and appended in the queue pass.
    pub joining: Vec<Vec<QueueEntry>>,
    /// Ends of support and of effects, by step: `(slot, serial, service)`.
    pub support_calendar: Vec<Vec<(u32, u32, u8)>>,
    /// People in support, `[service * n_areas + area]`.
    pub in_support: Vec<i32>,
    /// What has been counted.
    pub tally: Tally,
}

impl World {
    /// The world when the run begins, with its opening stock.
    pub fn new(setting: &Setting) -> World {
        let plan = setting.plan;
        let n_steps = plan.n_steps().max(0) as usize;
        let pools = plan.services.len() * plan.areas.len();
        let mut world = World {
            now: 0,
            people: Vec::new(),
            free: Vec::new(),
            calendar: vec![Vec::new(); n_steps],
            holds: Vec::new(),
            queues: vec![Vec::new(); pools],
            joining: vec![Vec::new(); plan.services.len()],
            support_calendar: vec![Vec::new(); n_steps],
            in_support: vec![0; pools],
            tally: Tally::new(setting),
        };
        inflow::open(&mut world, setting);
        world.tally.open();
        world
    }

    /// Lives on until (not including) a month.
    pub fn live_until(&mut self, setting: &mut Setting, month: Month) {
        let last = setting.plan.step_of(month.min(setting.plan.end));
        while self.now < last {
            self.live_step(setting);
        }
    }

    fn live_step(&mut self, setting: &mut Setting) {
        let month = setting.plan.month_of(self.now);
        for state in setting.refresh(self.now) {
            journey::rescale(self, setting, state);
        }
        inflow::arrive(self, setting, month);
        let due = std::mem::take(&mut self.calendar[self.now as usize]);
        for slot in due {
            journey::happen(self, setting, slot);
        }
        service::support_ends(self, setting);
        service::queue_pass(self, setting);
        self.tally
            .close_step(setting, month, self.now, &self.in_support);
        self.now += 1;
        self.check_conservation();
    }

    /// A slot for a new person, whose fields the caller has set.
    pub fn admit(&mut self, person: Person, n_services: usize) -> u32 {
        self.tally.came_in += 1;
        if let Some(slot) = self.free.pop() {
            let serial = self.people[slot as usize].serial + 1;
            self.people[slot as usize] = Person { serial, ..person };
            return slot;
        }
        self.people.push(person);
        self.holds
            .resize(self.people.len() * n_services, Hold::default());
        (self.people.len() - 1) as u32
    }

    /// Puts a person in the bucket of the month in which something happens next.
    pub fn schedule(&mut self, slot: u32) {
        let person = &mut self.people[slot as usize];
        person.due = person
            .stay_due
            .min(person.hazard_due)
            .min(person.death_due)
            .min(person.clock.fires);
        if let Some(bucket) = self.calendar.get_mut(person.due.max(0) as usize) {
            bucket.push(slot);
        }
    }

    /// The stratum of a person now: age and priors move.
    pub fn stratum(&self, setting: &Setting, slot: u32) -> Stratum {
        let person = &self.people[slot as usize];
        Stratum {
            area: usize::from(person.area),
            sex: usize::from(person.sex),
            age: setting.age_band(self.now - person.born),
            priors: setting.priors_band(person.priors),
        }
    }

    fn check_conservation(&self) {
        let inside = self.people.len() - self.free.len();
        assert!(
            self.tally.came_in - self.tally.went_out == inside as u64
                && self.tally.stock_total() == inside as i64,
            "people are conserved: {} came in, {} went out, {inside} are here, {} are counted in the stocks",
            self.tally.came_in,
            self.tally.went_out,
            self.tally.stock_total(),
        );
    }
}
