//! What a state does with people, worked out from the Plan once and from its numbers as they change.

use super::exits::Exits;
use super::laws::Laws;
use super::shapes::first_exit;
use super::versions::{Worlds, agreed};
use crate::compile::{Exit, Leaving, Plan, QuantityIdx, State, Stay};

/// Quantities that are read together, and by area the worlds in which any of them differs.
pub struct Reading {
    quantities: Vec<QuantityIdx>,
    differs: Vec<Worlds>,
}

impl Reading {
    fn of(quantities: Vec<QuantityIdx>) -> Reading {
        Reading {
            quantities,
            differs: Vec::new(),
        }
    }

    fn follow(&mut self, laws: &Laws, changed: &[bool]) {
        if self.differs.is_empty() || self.quantities.iter().any(|&quantity| changed[quantity]) {
            let areas = 0..laws.plan.areas.len();
            let differs = areas.map(|area| laws.differs(&self.quantities, area));
            self.differs = differs.collect();
        }
    }

    /// Whether nothing is read.
    pub fn is_empty(&self) -> bool {
        self.quantities.is_empty()
    }

    /// What a person of an area decides on by these quantities; see [`agreed`].
    #[inline]
    pub fn decide<T: PartialEq>(
        &self,
        worlds: &mut Worlds,
        area: usize,
        outcome: impl Fn(usize) -> T,
    ) -> T {
        agreed(worlds, self.differs[area], outcome)
    }
}

/// A state, ready for people.
pub struct StateLaw {
    /// The way on.
    pub exits: Exits,
    /// Whether anybody can stay in it.
    pub keeps: bool,
    /// What the length of the stay is read from.
    pub stay: Reading,
    /// Where the stay of its first exit stands among all stays, and what that of each exit is read from.
    pub exit_stays: (usize, Vec<Reading>),
    /// What hazards and death are read from.
    pub hazards: Reading,
    /// What the chances of leaving at every step are read from.
    pub chances: Reading,
    /// The services that entering it refers to.
    pub refers_to: Vec<usize>,
    /// The start of the clock that entering it is.
    pub starts_clock: Option<usize>,
    /// Whether it stops the clock of those who stay.
    pub stops_clock: bool,
    /// Whether entering it changes nobody, and where they go on to depends on nothing that has to be known of a person
    /// who has just arrived beyond sex and age: such people need no record.
    pub only_passes: bool,
    changes_nobody: bool,
}

impl StateLaw {
    /// A state, with no numbers yet.
    pub fn of(plan: &Plan, index: usize) -> StateLaw {
        let state = &plan.states[index];
        let clock = plan.clock.as_ref();
        let services = plan.services.iter().enumerate();
        let refers_to: Vec<usize> = services
            .filter(|(_, service)| service.refers_on[index])
            .map(|(service, _)| service)
            .collect();
        let starts_clock = clock.and_then(|clock| clock.started_by[index]);
        let keeps = !matches!(state.stay, Stay::None);
        let draws_needs = plan.prevalences.iter().any(|p| p.entering[index]);
        let of_exit =
            |exit: &Exit| Reading::of(exit.stay.map(Stay::quantities).unwrap_or_default());
        let of_chance = |leaving: &Leaving| {
            let modifiers = leaving.modifiers.iter().map(|modifier| modifier.1);
            let chance = leaving.chance.quantities().into_iter();
            chance.chain(modifiers).collect::<Vec<_>>()
        };
        let hazards = state.hazards.iter().map(|hazard| hazard.1);
        StateLaw {
            exits: Exits::of(&state.exits),
            keeps,
            stay: Reading::of(state.stay.quantities()),
            exit_stays: (
                first_exit(plan, index),
                state.exits.iter().map(of_exit).collect(),
            ),
            hazards: Reading::of(hazards.chain(plan.death).collect()),
            chances: Reading::of(state.chances.iter().flat_map(of_chance).collect()),
            stops_clock: clock.is_some_and(|clock| !clock.runs_in[index]),
            changes_nobody: !keeps
                && !state.convicts
                && !draws_needs
                && refers_to.is_empty()
                && starts_clock.is_none(),
            refers_to,
            starts_clock,
            only_passes: false,
        }
    }

    /// Takes up the numbers that have changed.
    pub fn follow(&mut self, laws: &Laws, state: &State, changed: &[bool]) {
        if self.exits.is_stale(changed) {
            self.exits.fill(laws, &state.exits);
        }
        let of_exits = self.exit_stays.1.iter_mut();
        for reading in [&mut self.stay, &mut self.hazards, &mut self.chances]
            .into_iter()
            .chain(of_exits)
        {
            reading.follow(laws, changed);
        }
        self.only_passes = self.changes_nobody && !self.exits.looks_at_person();
    }
}
