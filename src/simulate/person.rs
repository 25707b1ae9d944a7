//! One person, in all the worlds in which they live the same.

use super::clock::ClockHand;
use super::versions::Worlds;
use crate::random::Key;

/// A step of the run, counted from its beginning.
pub type Step = i32;

/// Later than any step of any run.
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

/// The address of a decision at a visit of somebody.
#[inline]
pub fn visit_key(key: Key, visit: u32, decision: u64) -> Key {
    key.with(u64::from(visit) << 8 | decision)
}

/// One person in a set of worlds. Where two worlds come to different outcomes the record is copied, and each goes on
/// for its own worlds. What is looked at every time something happens fills one line of the processor's cache; what
/// only the return clock needs is in [`Return`].
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
pub struct Person {
    /// The address of everything about this person.
    pub key: Key,
    /// The worlds that the record stands for.
    pub worlds: Worlds,
    /// When the stay ends.
    pub stay_due: Step,
    /// When the first hazard fires or death comes, if that is within the run.
    pub other_due: Step,
    /// When the return clock fires; [`NEVER`] when it will not.
    pub fires: Step,
    /// Rises with every state entered: part of the address.
    pub visit: u32,
    /// The step of birth.
    pub born: Step,
    /// When the state was entered.
    pub entered: Step,
    /// A bit for each service that the person waits for.
    pub waiting: u32,
    /// A bit for each service that supports the person.
    pub supported: u32,
    /// A bit for each service whose hazard ratio holds now: during support and for some time after it.
    pub effects: u32,
    /// Where; [`Person::GONE`] when nobody is there.
    pub state: u16,
    /// Index of the area.
    pub area: u16,
    /// Index of the area and sex, the sex running fastest.
    pub of_sex: u16,
    /// How many convictions before the latest, up to 255.
    pub priors: u8,
    /// A bit for each need.
    pub needs: u8,
    /// What comes at `other_due`: the index of a hazard, or [`Person::DEATH`].
    pub other: u8,
    /// The exit that was chosen on entering, or [`Person::NO_EXIT`].
    pub exit: u8,
    /// Whether the person has been convicted since entering the model.
    pub is_convicted: bool,
    /// Whether the return clock runs.
    pub is_clocked: bool,
}

/// What the return clock knows of a person.
#[derive(Clone, Copy, Debug)]
pub struct Return {
    /// The clock, if it runs.
    pub clock: ClockHand,
    /// When the cohort's clock began.
    pub cohort_step: Step,
    /// The cohort's year as an index, or -1.
    pub cohort: i16,
    /// Whether this is the person's index conviction of a cohort still being followed.
    pub in_cohort: bool,
}

impl Return {
    /// No clock has ever run.
    pub const NEVER_CLOCKED: Return = Return {
        clock: ClockHand::STOPPED,
        cohort_step: 0,
        cohort: -1,
        in_cohort: false,
    };
}

impl Person {
    /// The state of a record in which nobody is.
    pub const GONE: u16 = u16::MAX;
    /// No exit has been chosen.
    pub const NO_EXIT: u8 = u8::MAX;
    /// Death, among what may come before a stay ends.
    pub const DEATH: u8 = u8::MAX;

    /// The random number of a decision of this visit.
    #[inline]
    pub fn uniform(&self, decision: u64) -> f64 {
        visit_key(self.key, self.visit, decision).uniform()
    }

    /// The random number of a decision of this visit about something with a name, folded by [`Key::folded`].
    #[inline]
    pub fn uniform_of(&self, decision: u64, name: u64) -> f64 {
        visit_key(self.key, self.visit, decision)
            .with(name)
            .uniform()
    }

    /// The random number of a decision that belongs to the person.
    #[inline]
    pub fn own_uniform(&self, decision: u64) -> f64 {
        own_key(self.key, decision).uniform()
    }

    /// Whether nobody is there.
    pub fn is_gone(&self) -> bool {
        self.state == Person::GONE
    }

    /// The earliest of what may come: the bucket of the calendar in which the record stands.
    #[inline]
    pub fn due(&self) -> Step {
        self.stay_due.min(self.other_due).min(self.fires)
    }

    /// Whether the person has anything of any service in hand.
    #[inline]
    pub fn is_served(&self) -> bool {
        self.waiting | self.effects != 0
    }

    /// The return clock stops.
    #[inline]
    pub fn stop_clock(&mut self) {
        self.is_clocked = false;
        self.fires = NEVER;
    }

    /// Nothing of a service is in hand any more, nor its effect.
    #[inline]
    pub fn let_go_of(&mut self, service: usize) {
        self.waiting &= !(1 << service);
        self.supported &= !(1 << service);
        self.effects &= !(1 << service);
    }
}

/// The address of a decision that belongs to somebody.
#[inline]
pub fn own_key(key: Key, decision: u64) -> Key {
    key.with(u64::MAX - decision)
}
