//! The Plan: a question that has been proved sound. Everything is an index into something else; nothing can be missing.

use crate::quantity::{FinancialYear, Grade, Month, Unit};

/// Index of a [`Cell`] in [`Plan::cells`] and of a column of the draws.
pub type CellIdx = usize;
/// Index of a [`Parameter`].
pub type ParameterIdx = usize;
/// Index of a [`Quantity`].
pub type QuantityIdx = usize;
/// Index of a [`State`].
pub type StateIdx = usize;

/// One sound question, ready to be drawn and simulated.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The scenario's title.
    pub title: String,
    /// Where every random number begins.
    pub seed: u64,
    /// How many draws beside row 0.
    pub n_draws: usize,
    /// The first month simulated.
    pub history_from: Month,
    /// The first month of the forecast: options may differ from here on.
    pub start: Month,
    /// The month after the last.
    pub end: Month,
    /// The areas, in the scenario's order.
    pub areas: Vec<Area>,
    /// The code and name under which the sum of the areas is reported.
    pub total: Area,
    /// Sexes, ages and priors bands.
    pub strata: Strata,
    /// The needs; at most eight.
    pub needs: Vec<Named>,
    /// Every uncertain number: one row of a parameter table, or one dated value of a rule.
    pub cells: Vec<Cell>,
    /// Parameters, sorted by id.
    pub parameters: Vec<Parameter>,
    /// Products of parameters, wherever the model asks for a number.
    pub quantities: Vec<Quantity>,
    /// People of the population: `population[area][sex][age]`, a year each from [`Plan::population_from`].
    pub population: Vec<Vec<Vec<Vec<f64>>>>,
    /// The calendar year of the first population value; the value is the mid-year's.
    pub population_from: i32,
    /// Inflows from outside.
    pub inflows: Vec<Inflow>,
    /// States.
    pub states: Vec<State>,
    /// The return clock, if the model has one.
    pub clock: Option<Clock>,
    /// Deaths per person per year.
    pub death: Option<QuantityIdx>,
    /// Needs drawn on entering states.
    pub prevalences: Vec<Prevalence>,
    /// Odds ratios between pairs of needs, `(first, second, quantity)`; pairs not named have 1.
    pub associations: Vec<(usize, usize, QuantityIdx)>,
    /// Services.
    pub services: Vec<Service>,
    /// Measures named by the model.
    pub measures: Vec<Measure>,
    /// Costs.
    pub costs: Vec<Cost>,
    /// Payers.
    pub payers: Vec<Payer>,
    /// Options, the comparator among them.
    pub options: Vec<PlanOption>,
    /// Which option every increment is against.
    pub comparator: usize,
    /// The financial year in whose prices money is reported (its first calendar year).
    pub price_year: i32,
    /// What was recorded, to set beside the measures.
    pub recorded: Vec<Recorded>,
    /// Figures that tell what an area is like; nothing is computed from them.
    pub context: Vec<Context>,
    /// Multipliers that `calibrate` fits to what was recorded.
    pub fittings: Vec<Fitting>,
    /// Warnings that the reader should see; nothing that stops a run.
    pub notes: Vec<String>,
}

/// A code (GSS where there is one) and a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Area {
    /// For example `S12000042`.
    pub code: String,
    /// For example `Dundee City`.
    pub name: String,
}

/// An id and a title.
#[derive(Debug, Clone)]
pub struct Named {
    /// As in the files.
    pub id: String,
    /// For people.
    pub title: String,
}

/// The groups that people belong to.
#[derive(Debug, Clone)]
pub struct Strata {
    /// Ids of the sexes.
    pub sexes: Vec<String>,
    /// Age bands, rising, without gaps.
    pub ages: Vec<Band>,
    /// Bands of previous convictions, rising from 0, without gaps.
    pub priors: Vec<Band>,
}

/// A band of whole numbers.
#[derive(Debug, Clone)]
pub struct Band {
    /// As in the files.
    pub id: String,
    /// The lowest number in it.
    pub from: u32,
    /// The highest number in it; `None` when open.
    pub to: Option<u32>,
}

/// One number with its evidence.
#[derive(Debug, Clone)]
pub struct Cell {
    /// The parameter it belongs to.
    pub parameter: ParameterIdx,
    /// The keys other than `from`, joined; with the id, the address of its random number.
    pub keys: String,
    /// The month from which it holds.
    pub from: Option<Month>,
    /// The central value.
    pub value: f64,
    /// How it is drawn.
    pub law: Law,
    /// The 95% interval implied by the law, for the assumptions table.
    pub interval: Option<(f64, f64)>,
    /// What the evidence is.
    pub evidence: Evidence,
}

/// The law that a cell is drawn from; each is sampled by inverting one uniform.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Law {
    /// Always the central value.
    Fixed,
    /// Beta(a, b).
    Beta(f64, f64),
    /// Gamma with this shape and this mean.
    Gamma(f64, f64),
    /// exp(Normal(mean, sd)).
    LogNormal(f64, f64),
    /// 1 / (1 + exp(-Normal(mean, sd))).
    LogitNormal(f64, f64),
    /// Normal(mean, sd), cut to the unit's bounds.
    Normal(f64, f64),
    /// Uniform on this interval.
    Uniform(f64, f64),
}

/// Where a number comes from.
#[derive(Debug, Clone)]
pub struct Evidence {
    /// The time the evidence is from; for money the price year.
    pub period: String,
    /// The people and place it is about.
    pub population: String,
    /// The publication.
    pub source: String,
    /// Its address.
    pub url: String,
    /// How good it is.
    pub grade: Grade,
    /// Anything the reader should know.
    pub note: String,
    /// File and line of the row, as shown to the user.
    pub place: String,
}

/// A parameter: cells by stratum and date.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// As in the files.
    pub id: String,
    /// Of every cell.
    pub unit: Unit,
    /// The keys it depends on.
    pub keys: Keys,
    /// Dated cells by key combination, laid out `[area][sex][age][priors]` over the keys in use (see [`Keys`]).
    pub cells: Vec<Vec<(Month, CellIdx)>>,
    /// Whether a dated value that is law also reaches people already in a state.
    pub reaches_everyone: bool,
    /// Titles of what uses it (states, services, costs), for the assumptions table.
    pub used_by: Vec<String>,
}

/// The keys that a parameter or a quantity depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Keys {
    /// By area.
    pub area: bool,
    /// By sex.
    pub sex: bool,
    /// By age band.
    pub age: bool,
    /// By priors band.
    pub priors: bool,
}

/// A stratum: indices into the Plan's areas and strata.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stratum {
    /// Index of the area.
    pub area: usize,
    /// Index of the sex.
    pub sex: usize,
    /// Index of the age band.
    pub age: usize,
    /// Index of the priors band.
    pub priors: usize,
}

/// A product of parameters.
#[derive(Debug, Clone)]
pub struct Quantity {
    /// Where it stands, such as `state.custody.stay`: for errors and the assumptions table.
    pub id: String,
    /// The factors.
    pub factors: Vec<ParameterIdx>,
    /// What the value is multiplied by to be in the engine's unit (months, per month …).
    pub scale: f64,
    /// The keys that any factor depends on.
    pub keys: Keys,
    /// The unit of the factor that carries one.
    pub unit: Unit,
}

impl Plan {
    /// Whether a factor of a quantity multiplies odds: an odds ratio among the factors of a share.
    pub fn acts_on_odds(&self, quantity: QuantityIdx, factor: ParameterIdx) -> bool {
        self.quantities[quantity].unit == Unit::Share
            && self.parameters[factor].unit == Unit::OddsRatio
    }
}

/// A probability whose odds are multiplied: it stays a probability however large the ratio.
pub fn on_odds(probability: f64, ratio: f64) -> f64 {
    if ratio == 1.0 {
        return probability;
    }
    let p = probability.clamp(0.0, 1.0);
    p * ratio / (1.0 - p + p * ratio)
}

/// People entering from outside.
#[derive(Debug, Clone)]
pub struct Inflow {
    /// As in the files.
    pub id: String,
    /// For people.
    pub title: String,
    /// Where they enter.
    pub into: StateIdx,
    /// Entries per person of the population per month.
    pub rate: QuantityIdx,
    /// Shares over the priors bands (keyed by priors).
    pub priors: QuantityIdx,
    /// Standard deviation of the yearly log random walk from the start month on.
    pub walk: Option<QuantityIdx>,
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
    /// Hazards that compete with the stay, per month.
    pub hazards: Vec<(Destination, QuantityIdx)>,
    /// Whether entering it adds a conviction for somebody whose clock did not just fire.
    pub convicts: bool,
    /// People in it when the run begins.
    pub opening: Option<Opening>,
}

/// How long people stay in a state, in months.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stay {
    /// They pass through within the month.
    None,
    /// Until the clock ends.
    Clock,
    /// Until a hazard fires.
    Open,
    /// Exactly this long.
    Fixed(QuantityIdx),
    /// Geometric with this mean, counted from 1.
    Geometric(QuantityIdx),
    /// Exponential with this mean.
    Exponential(QuantityIdx),
    /// Gamma with this mean and shape.
    Gamma(QuantityIdx, QuantityIdx),
    /// Weibull with this mean and shape.
    Weibull(QuantityIdx, QuantityIdx),
    /// Lognormal with this mean and spread (sd of the logarithm).
    LogNormal(QuantityIdx, QuantityIdx),
}

impl Stay {
    /// The quantity that carries the mean (or the length), if the stay has one.
    pub fn mean(&self) -> Option<QuantityIdx> {
        match *self {
            Stay::None | Stay::Clock | Stay::Open => None,
            Stay::Fixed(mean) | Stay::Geometric(mean) | Stay::Exponential(mean) => Some(mean),
            Stay::Gamma(mean, _) | Stay::Weibull(mean, _) | Stay::LogNormal(mean, _) => Some(mean),
        }
    }

    /// Every quantity that a length is read from.
    pub fn quantities(&self) -> Vec<QuantityIdx> {
        match *self {
            Stay::None | Stay::Clock | Stay::Open => Vec::new(),
            Stay::Fixed(mean) | Stay::Geometric(mean) | Stay::Exponential(mean) => vec![mean],
            Stay::Gamma(mean, shape) | Stay::Weibull(mean, shape) => vec![mean, shape],
            Stay::LogNormal(mean, spread) => vec![mean, spread],
        }
    }
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
}

/// The return clock: a hazard that follows a person across states.
#[derive(Debug, Clone)]
pub struct Clock {
    /// For people.
    pub title: String,
    /// The months that the probabilities refer to.
    pub within_months: f64,
    /// Months after which it ends.
    pub ends_after: QuantityIdx,
    /// Weibull shape of the time to firing.
    pub shape: QuantityIdx,
    /// Where it leads when it fires.
    pub fires_to: StateIdx,
    /// By state: whether it runs on there.
    pub runs_in: Vec<bool>,
    /// By state: what entering it starts, as an index into `starts`.
    pub started_by: Vec<Option<usize>>,
    /// `(probability, hazard ratios)`.
    pub starts: Vec<(QuantityIdx, Option<QuantityIdx>)>,
    /// Hazard ratio for people with a need, `(need, quantity)`.
    pub modifiers: Vec<(usize, QuantityIdx)>,
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

/// A service.
#[derive(Debug, Clone)]
pub struct Service {
    /// As in the files.
    pub id: String,
    /// For people.
    pub title: String,
    /// The need it meets.
    pub need: usize,
    /// By state: whether entering it may refer.
    pub refers_on: Vec<bool>,
    /// By state: whether people may wait and be supported there.
    pub stays_in: Vec<bool>,
    /// Share of those with the need who join.
    pub uptake: QuantityIdx,
    /// Mean months in the queue before giving up.
    pub patience: QuantityIdx,
    /// How long support lasts.
    pub support: Stay,
    /// Share who complete.
    pub completion: QuantityIdx,
    /// Chance that completion meets the need.
    pub meets_need: QuantityIdx,
    /// Hazard ratio on the clock.
    pub hazard_ratio: QuantityIdx,
    /// Months after completion for which the hazard ratio holds.
    pub effect_after: QuantityIdx,
    /// Places, by area.
    pub places: QuantityIdx,
}

/// What is counted.
#[derive(Debug, Clone)]
pub struct Measure {
    /// As in the files.
    pub id: String,
    /// For people.
    pub title: String,
    /// Of the number reported.
    pub unit: String,
    /// Which way is better.
    pub better: Better,
    /// What it counts.
    pub counts: Counts,
    /// Factors by the state entered: `(state, quantity)`.
    pub weights: Vec<(StateIdx, QuantityIdx)>,
    /// Whether the report leads with it.
    pub is_headline: bool,
    /// Whether a month's value is reported for the forecast, beside the year's.
    pub is_monthly: bool,
}

/// Which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Better {
    /// Fewer.
    Lower,
    /// More.
    Higher,
    /// Neither.
    Neither,
}

/// What a measure counts.
#[derive(Debug, Clone)]
pub enum Counts {
    /// The mean of the month-end stocks of these states (by state).
    Stock(Vec<bool>),
    /// Entries into these states (by state).
    Entries(Vec<bool>),
    /// Moves from one state to another.
    Moves(Vec<(StateIdx, StateIdx)>),
    /// Departures from the model by the named exits `(state, exit)`.
    Departures(Vec<(StateIdx, usize)>),
}

/// A cost.
#[derive(Debug, Clone)]
pub struct Cost {
    /// As in the files.
    pub id: String,
    /// For people.
    pub title: String,
    /// Who pays.
    pub payer: usize,
    /// The measure it is charged on.
    pub measure: String,
    /// And its breakdown.
    pub breakdown: String,
    /// Pounds per unit in prices of [`Plan::price_year`].
    pub unit_cost: QuantityIdx,
    /// Whether a saving would be cash.
    pub is_cashable: bool,
}

/// Who pays.
#[derive(Debug, Clone)]
pub struct Payer {
    /// As in the files.
    pub id: String,
    /// For people.
    pub title: String,
    /// Whether it is a statutory partner.
    pub is_partner: bool,
}

/// An option: what differs from the model as it stands.
#[derive(Debug, Clone)]
pub struct PlanOption {
    /// As in the files.
    pub id: String,
    /// For people.
    pub title: String,
    /// Changes in order of date, then of the file.
    pub changes: Vec<Change>,
    /// For each service: the pool of each area by month of change, `(from, pool of each area)`; the first entry
    /// holds from the beginning. A pool is named by the index of its host area.
    pub pools: Vec<Vec<(Month, Vec<usize>)>>,
    /// One-off costs: `(month, payer, pounds in the price year, title, source)`.
    pub costs: Vec<(Month, usize, f64, String, String)>,
    /// The first month in which it differs from business as usual, if any.
    pub differs_from: Option<Month>,
}

/// One change to one quantity or parameter. Its number is in the unit of its target ([`Parameter::unit`] or
/// [`Quantity::unit`]): a quantity's change acts on the product before [`Quantity::scale`].
#[derive(Debug, Clone)]
pub struct Change {
    /// The first month.
    pub from: Month,
    /// What changes.
    pub target: Target,
    /// For whom: `None` means all.
    pub area: Option<Vec<usize>>,
    /// For whom: `None` means all.
    pub sex: Option<usize>,
    /// For whom: `None` means all.
    pub age: Option<usize>,
    /// For whom: `None` means all.
    pub priors: Option<usize>,
    /// How.
    pub operation: Operation,
    /// Whether it reaches people already in a state.
    pub reaches_everyone: bool,
    /// Why.
    pub source: String,
    /// What it says, in words, for the report.
    pub words: String,
}

/// What a change changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// A parameter, wherever it is used.
    Parameter(ParameterIdx),
    /// One quantity.
    Quantity(QuantityIdx),
}

/// How a change changes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Operation {
    /// To this value.
    Set(f64),
    /// By this factor.
    Multiply(f64),
    /// By this much.
    Add(f64),
}

/// A recorded series to set beside a measure.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// The measure.
    pub measure: String,
    /// The area, by code (the total included).
    pub area_code: String,
    /// `2023-24`.
    pub period: String,
    /// The value.
    pub value: f64,
    /// Whether it was published rounded.
    pub is_rounded: bool,
    /// The source key.
    pub source: String,
}

/// A dated multiplier and the recorded measure it is fitted to.
#[derive(Debug, Clone)]
pub struct Fitting {
    /// The multiplier; dated, and by area where `is_by_area`.
    pub parameter: ParameterIdx,
    /// The measure whose recorded series it is fitted to.
    pub measure: String,
    /// Whether each area has its own figure.
    pub is_by_area: bool,
    /// The first and the last year fitted.
    pub years: (FinancialYear, FinancialYear),
    /// How a year's figure answers to the multiplier of that year, of the year before, and so on; sums to one.
    pub lags: Vec<f64>,
    /// What later cells that nothing fits do.
    pub otherwise: Option<Otherwise>,
    /// The fitted years that they follow: from this one to the last.
    pub otherwise_from: Option<FinancialYear>,
}

/// What the cells after the fitted years do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Otherwise {
    /// They take the mean of the last fitted ones.
    Mean,
    /// They keep their own course, scaled as the last fitted ones were.
    Scaled,
}

/// A published series that tells what an area is like.
#[derive(Debug, Clone)]
pub struct Context {
    /// For people.
    pub title: String,
    /// Of the values.
    pub unit: String,
    /// The source key of the profile.
    pub source: String,
    /// `(area code, period, value)`, the country's among them, in the profile's order.
    pub values: Vec<(String, String, f64)>,
}
