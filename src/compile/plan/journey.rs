//! The journey: who enters, where they stay, how they leave, and what follows them.

use super::{Leaving, QuantityIdx, StateIdx, Stay};

/// People entering from outside.
#[derive(Debug, Clone)]
pub struct Inflow {
    /// As in the files.
    pub id: String,
    /// For people.
    pub title: String,
    /// Where they enter.
    pub into: StateIdx,
    /// Entries per step, per person of the population where `is_of_population`.
    pub rate: QuantityIdx,
    /// Whether the rate is per person of the population, or of itself.
    pub is_of_population: bool,
    /// Shares over the priors bands (keyed by priors).
    pub priors: QuantityIdx,
    /// Standard deviation of the yearly log random walk from the start month on.
    pub walk: Option<QuantityIdx>,
    /// Relative variance of an area's arrivals of a financial year beyond Poisson, from the start month on.
    pub overdispersion: Option<QuantityIdx>,
    /// By month of the financial year, from April on: how a month's arrivals stand to those of the others.
    pub season: Option<[QuantityIdx; 12]>,
}

/// A state of the journey.
#[derive(Debug, Clone)]
pub struct State {
    /// As in the files.
    pub id: String,
    /// For people.
    pub title: String,
    /// `court`, `custody`, `community` or `liberty`.
    pub group: String,
    /// How long people stay.
    pub stay: Stay,
    /// Where they go when the stay ends; the shares sum to one, the rest taken by the exit marked so.
    pub exits: Vec<Exit>,
    /// Hazards that compete with the stay, per step; they are read on entering.
    pub hazards: Vec<(Destination, QuantityIdx)>,
    /// Chances of leaving, read anew at every step for its month and for the age at its beginning; they add up.
    pub chances: Vec<Leaving>,
    /// Whether entering it adds a conviction for somebody whose clock did not just fire.
    pub convicts: bool,
    /// People in it when the run begins.
    pub opening: Option<Opening>,
}

/// Where an exit leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Destination {
    /// Another state.
    State(StateIdx),
    /// Out of the model.
    Leaves,
}

/// A way out of a state.
#[derive(Debug, Clone)]
pub struct Exit {
    /// Where it leads.
    pub to: Destination,
    /// The share that takes it; `None` takes the rest. Exactly one exit of a state that ends has `None`
    /// unless the shares sum to one by themselves, in which case the last exit has `None`.
    pub share: Option<QuantityIdx>,
    /// How long those who take it stay first, where the state's stay is [`Stay::OfExit`].
    pub stay: Option<Stay>,
    /// The odds ratio for people with a need, `(need, quantity)`.
    pub modifiers: Vec<(usize, QuantityIdx)>,
    /// The name of the flow, for exits that leave.
    pub counts: Option<String>,
}

/// People in a state when the run begins.
#[derive(Debug, Clone)]
pub struct Opening {
    /// How many, by the keys in use.
    pub people: QuantityIdx,
    /// Shares of the country's people over areas, where `people` is national.
    pub area: Option<QuantityIdx>,
    /// Shares over sexes, ages and priors where `people` is not keyed by them.
    pub sex: Option<QuantityIdx>,
    /// By age.
    pub age: Option<QuantityIdx>,
    /// By priors.
    pub priors: Option<QuantityIdx>,
    /// Whether they have entered at the end of the step before the run; otherwise their stays are under way in
    /// equilibrium.
    pub is_fresh: bool,
    /// Their age in whole years, where all have the same.
    pub aged: Option<u32>,
}

/// The return clock: a hazard that follows a person across states.
#[derive(Debug, Clone)]
pub struct Clock {
    /// For people.
    pub title: String,
    /// The steps that the probabilities refer to.
    pub within: f64,
    /// Steps after which it ends, where the start does not say.
    pub ends_after: QuantityIdx,
    /// Weibull shape of the time to firing.
    pub shape: QuantityIdx,
    /// Where it leads when it fires.
    pub fires_to: StateIdx,
    /// By state: whether it runs on there.
    pub runs_in: Vec<bool>,
    /// By state: what entering it starts, as an index into `starts`.
    pub started_by: Vec<Option<usize>>,
    /// What starts it.
    pub starts: Vec<ClockStart>,
    /// Hazard ratio for people with a need, `(need, quantity)`.
    pub modifiers: Vec<(usize, QuantityIdx)>,
}

/// What entering certain states starts.
#[derive(Debug, Clone)]
pub struct ClockStart {
    /// The probability of firing within [`Clock::within`] steps.
    pub probability: QuantityIdx,
    /// Hazard ratios on it.
    pub hazard_ratio: Option<QuantityIdx>,
    /// Steps after which the clock ends.
    pub ends_after: QuantityIdx,
}

/// A need drawn on entering states.
#[derive(Debug, Clone)]
pub struct Prevalence {
    /// By state: whether entering it draws the need.
    pub entering: Vec<bool>,
    /// The need.
    pub need: usize,
    /// The share who have it.
    pub share: QuantityIdx,
}
