//! What a state does with people, worked out from the Plan once and from its numbers as they change.

use super::exits::Exits;
use super::laws::Laws;
use super::lengths::first_exit;
use super::study::Study;
use super::versions::{Worlds, agreed};
use crate::compile::{Clock, Leaving, Plan, QuantityIdx, Service, State, Stay};

/// Quantities that are read together, and by area the worlds in which any of them differs.
pub struct Reading {
    quantities: Vec<QuantityIdx>,
    differs: Vec<Worlds>,
}

impl Reading {
    /// These quantities, with no numbers yet.
    pub fn of(quantities: Vec<QuantityIdx>) -> Reading {
        Reading {
            quantities,
            differs: Vec::new(),
        }
    }

    /// Takes up the numbers that have changed.
    pub fn follow(&mut self, laws: &Laws, changed: &[bool]) {
        if self.differs.is_empty() || self.quantities.iter().any(|&quantity| changed[quantity]) {
            let areas = 0..laws.plan.areas.len();
            let differs = areas.map(|area| laws.differs(&self.quantities, area));
            self.differs = differs.collect();
        }
    }

    /// The worlds in which any of them differs for people of an area.
    #[inline]
    pub fn differs(&self, area: usize) -> Worlds {
        self.differs[area]
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

/// Whether entering a state changes nobody and everybody goes on.
pub fn passes(plan: &Plan, state: usize) -> bool {
    let described = &plan.states[state];
    let starts_clock = |clock: &Clock| clock.started_by[state].is_some();
    !described.exits.is_empty()
        && Staying::of(described) == Staying::Never
        && !described.convicts
        && !plan.prevalences.iter().any(|p| p.entering[state])
        && !plan.services.iter().any(|service| service.refers_on[state])
        && !plan.clock.as_ref().is_some_and(starts_clock)
}

/// How a state keeps people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Staying {
    /// It does not: they go on within the step.
    Never,
    /// For a length that is drawn.
    Drawn,
    /// Until the clock ends.
    Clock,
    /// Until a hazard fires.
    Open,
    /// Until a chance is taken, at the end of every step.
    Chances,
    /// As the exit says that is chosen on entering.
    OfExit,
}

impl Staying {
    fn of(state: &State) -> Staying {
        match state.stay {
            Stay::None => Staying::Never,
            Stay::Clock => Staying::Clock,
            Stay::OfExit => Staying::OfExit,
            Stay::Open if state.chances.is_empty() => Staying::Open,
            Stay::Open => Staying::Chances,
            _ => Staying::Drawn,
        }
    }
}

/// A state, ready for people. There are more states than stay near the processor, so that what everybody is asked who
/// comes by stands in one line of its cache, and what most are asked who go on in the next.
#[repr(C, align(64))]
pub struct StateLaw {
    /// How it keeps people.
    pub staying: Staying,
    /// Whether entering it changes nobody and everybody goes on.
    pub only_passes: bool,
    /// Whether, besides, where they go on to depends in the model as it stands on nothing that has to be known of a
    /// person who has just arrived beyond sex and age: such people need no record.
    pub passes_strangers: bool,
    /// Whether entering it is a conviction.
    pub convicts: bool,
    /// The needs that are drawn on entering it.
    pub drawn_needs: u8,
    /// Whether entering it refers anybody.
    pub refers: bool,
    /// Whether it stops the clock of those who stay.
    pub stops_clock: bool,
    /// Whether hazards or death may come before the stay ends.
    pub has_hazards: bool,
    /// A bit for each service that does not reach people who stay in it.
    pub not_served: u32,
    /// Where the stay of its first exit stands among all stays.
    pub first_exit: u32,
    /// The start of the clock that entering it is.
    pub starts_clock: Option<u32>,
    /// What the chance of death is, where there is no other hazard.
    pub only_death: Option<QuantityIdx>,
    /// By combination of needs, a bit for each service that entering it refers to.
    pub refers_to: Box<[u32; 256]>,
    /// The way on.
    pub exits: Exits,
    /// What hazards and death are read from.
    pub hazards: Reading,
    /// What the chances of leaving at every step are read from.
    pub chances: Reading,
}

#[cfg(target_pointer_width = "64")]
const _: () = assert!(std::mem::offset_of!(StateLaw, exits) == 48);

impl StateLaw {
    /// A state, with no numbers yet.
    pub fn of(study: &Study, index: usize) -> StateLaw {
        let plan = study.plan;
        let state = &plan.states[index];
        let clock = plan.clock.as_ref();
        let services = plan.services.iter().enumerate();
        let mask = |chosen: &dyn Fn(&Service) -> bool| {
            let chosen = services.clone().filter(|(_, service)| chosen(service));
            chosen.fold(0, |services, (index, _)| services | 1 << index)
        };
        let services_for =
            |needs: u8| mask(&|service| service.refers_on[index] && needs >> service.need & 1 == 1);
        let refers_to: [u32; 256] = std::array::from_fn(|needs| services_for(needs as u8));
        let starts_clock = clock.and_then(|clock| clock.started_by[index]);
        let starts_clock = starts_clock.map(|start| start as u32);
        let staying = Staying::of(state);
        let drawn = plan.prevalences.iter().filter(|p| p.entering[index]);
        let drawn_needs = drawn.fold(0, |needs, prevalence| needs | 1 << prevalence.need);
        let of_chance = |leaving: &Leaving| {
            let modifiers = leaving.modifiers.iter().map(|modifier| modifier.1);
            let chance = leaving.chance.quantities().into_iter();
            chance.chain(modifiers).collect::<Vec<_>>()
        };
        let hazards = state.hazards.iter().map(|hazard| hazard.1);
        let exits = Exits::of(study, index, &state.exits);
        let refers = refers_to.iter().any(|&services| services != 0);
        let only_passes = passes(plan, index);
        StateLaw {
            staying,
            convicts: state.convicts,
            drawn_needs,
            only_death: plan.death.filter(|_| state.hazards.is_empty()),
            has_hazards: !state.hazards.is_empty() || plan.death.is_some(),
            first_exit: first_exit(plan, index) as u32,
            hazards: Reading::of(hazards.chain(plan.death).collect()),
            chances: Reading::of(state.chances.iter().flat_map(of_chance).collect()),
            stops_clock: clock.is_some_and(|clock| !clock.runs_in[index]),
            only_passes,
            not_served: mask(&|service| !service.stays_in[index]),
            refers,
            refers_to: Box::new(refers_to),
            starts_clock,
            passes_strangers: only_passes && !exits.is_personal,
            exits,
        }
    }

    /// Takes up the numbers that have changed.
    pub fn follow(&mut self, laws: &Laws, state: &State, changed: &[bool]) {
        if self.exits.is_stale(changed) {
            self.exits.fill(laws, &state.exits);
        }
        self.hazards.follow(laws, changed);
        self.chances.follow(laws, changed);
    }
}
