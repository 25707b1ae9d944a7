//! What a state does with people, worked out from the Plan once and from its numbers as they change.

use super::exits::Exits;
use super::laws::Laws;
use crate::compile::{Plan, QuantityIdx, State, Stay};

/// A state, ready for people.
pub struct StateLaw {
    /// The way on.
    pub exits: Exits,
    /// Whether anybody can stay in it.
    pub keeps: bool,
    /// What the length of a stay is read from.
    pub stay: Vec<QuantityIdx>,
    /// What hazards and death are read from.
    pub hazards: Vec<QuantityIdx>,
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
        StateLaw {
            exits: Exits::of(&state.exits),
            keeps,
            stay: state.stay.quantities(),
            hazards: state.hazards.iter().map(|hazard| hazard.1).chain(plan.death).collect(),
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
        self.only_passes = self.changes_nobody && !self.exits.looks_at_person();
    }
}
