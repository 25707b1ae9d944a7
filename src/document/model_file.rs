//! What `model.toml` may say: strata, needs, states, the clock and what is drawn on entering.

use super::fields::Product;
use super::source::{At, Spanned, Text};
use crate::quantity::Month;

/// The file as written.
#[derive(Debug, Clone, Default)]
pub struct ModelFile {
    /// For people.
    pub title: Text,
    /// The step of time: `month`, `day` or `year`.
    pub step: Text,
    /// The month the run begins.
    pub history_from: Option<Spanned<Month>>,
    /// Ids of the sexes.
    pub sexes: Vec<Text>,
    /// Age bands.
    pub ages: Vec<BandFile>,
    /// Bands of previous convictions.
    pub priors: Vec<BandFile>,
    /// Needs.
    pub needs: Vec<ItemFile>,
    /// Inflows.
    pub inflows: Vec<InflowFile>,
    /// States.
    pub states: Vec<StateFile>,
    /// The return clock.
    pub clock: Option<ClockFile>,
    /// Deaths per person per year.
    pub death: Option<Product>,
    /// Needs drawn on entering states.
    pub prevalences: Vec<PrevalenceFile>,
    /// Odds ratios between pairs of needs.
    pub associations: Vec<AssociationFile>,
}

/// An id and a title.
#[derive(Debug, Clone)]
pub struct ItemFile {
    /// The id.
    pub id: Text,
    /// For people.
    pub title: Text,
}

/// A band of whole numbers.
#[derive(Debug, Clone)]
pub struct BandFile {
    /// The id.
    pub id: Text,
    /// The lowest.
    pub from: Option<Spanned<i64>>,
    /// The highest.
    pub to: Option<Spanned<i64>>,
    /// The whole of it.
    pub at: At,
}

/// People entering from outside.
#[derive(Debug, Clone)]
pub struct InflowFile {
    /// The id.
    pub id: Text,
    /// For people.
    pub title: Text,
    /// The state they enter.
    pub into: Text,
    /// Per person of the population per year; or, where `people` says so, people per time.
    pub rate: Product,
    /// Whether the rate is of people and not per person of the population.
    pub is_of_people: bool,
    /// Shares over the priors bands.
    pub priors: Product,
    /// Standard deviation of the yearly log random walk.
    pub walk: Option<Product>,
    /// Relative variance of an area's yearly arrivals beyond Poisson.
    pub overdispersion: Option<Product>,
    /// What the ids of twelve parameters begin with, one for each month of the year.
    pub season: Option<Text>,
}

/// A state.
#[derive(Debug, Clone)]
pub struct StateFile {
    /// The id.
    pub id: Text,
    /// For people.
    pub title: Text,
    /// For charts.
    pub group: Text,
    /// How long; `None` when that could not be read.
    pub stay: Option<Spanned<StayFile>>,
    /// Ways out.
    pub exits: Vec<ExitFile>,
    /// Whether all that is written for them could be read.
    pub are_exits_read: bool,
    /// Whether entering it adds a conviction.
    pub convicts: bool,
    /// People in it when the run begins.
    pub opening: Option<OpeningFile>,
    /// The whole of it.
    pub at: At,
}

/// How long people stay.
#[derive(Debug, Clone)]
pub enum StayFile {
    /// Leaves in the month of entry.
    None,
    /// Until the clock ends.
    Clock,
    /// Until a hazard fires or a chance is taken.
    Open,
    /// As the exit says.
    OfExit,
    /// Nobody leaves, but by death.
    Forever,
    /// Whole steps by weights.
    Listed(Product),
    /// A law with a mean and, for some, a shape or spread.
    Law {
        /// `fixed`, `geometric`, `exponential`, `gamma`, `weibull` or `lognormal`.
        kind: &'static str,
        /// The mean.
        mean: Product,
        /// The shape or the spread.
        shape: Option<Product>,
    },
}

/// A way out.
#[derive(Debug, Clone)]
pub struct ExitFile {
    /// A state, or `leaves`.
    pub to: Text,
    /// Taken when the stay ends.
    pub share: Option<ShareFile>,
    /// How long those who take it stay first.
    pub stay: Option<Spanned<StayFile>>,
    /// Competes with the stay.
    pub hazard: Option<Product>,
    /// Taken with this chance at every step.
    pub chance: Option<Spanned<ChanceFile>>,
    /// Exits by chance that come first: this one is taken by those whom they have not taken in the same step.
    pub unless: Vec<Text>,
    /// Odds ratios by need.
    pub modifiers: Vec<ModifierFile>,
    /// The name of the flow.
    pub counts: Option<Text>,
    /// The whole of it.
    pub at: At,
}

/// The chance of an exit at every step.
#[derive(Debug, Clone)]
pub enum ChanceFile {
    /// By steps since entering, or the same at all.
    Listed(Product),
    /// By a law of the time since entering.
    Law(ChanceLawFile),
}

/// A law of the time since entering, as written.
#[derive(Debug, Clone)]
pub struct ChanceLawFile {
    /// One of those in [`ChanceLawFile::KINDS`].
    pub kind: &'static str,
    /// The number that says how soon: scale, rate, median or mean.
    pub scale: Product,
    /// The shape or spread, where the law has one.
    pub shape: Option<Product>,
    /// What its hazard is multiplied by.
    pub hazard_ratio: Option<Product>,
    /// How many steps of its time have passed on entering.
    pub elapsed: Option<Spanned<i64>>,
}

impl ChanceLawFile {
    /// Every law, what says how soon, and what its shape is called if it has one.
    pub const KINDS: [(&'static str, &'static str, Option<&'static str>); 6] = [
        ("exponential", "rate", None),
        ("weibull", "scale", Some("shape")),
        ("gompertz", "scale", Some("shape")),
        ("loglogistic", "scale", Some("shape")),
        ("lognormal", "median", Some("spread")),
        ("gamma", "mean", Some("shape")),
    ];
}

/// A share of an exit.
#[derive(Debug, Clone)]
pub enum ShareFile {
    /// What the others leave.
    Rest,
    /// A product of parameters.
    Of(Product),
}

/// A ratio for people with a need.
#[derive(Debug, Clone)]
pub struct ModifierFile {
    /// The need.
    pub need: Text,
    /// The ratio.
    pub ratio: Product,
}

/// People in a state when the run begins.
#[derive(Debug, Clone)]
pub struct OpeningFile {
    /// How many.
    pub people: Product,
    /// Shares over areas, where `people` is national.
    pub area: Option<Product>,
    /// Shares over sexes.
    pub sex: Option<Product>,
    /// Shares over ages.
    pub age: Option<Product>,
    /// Shares over priors bands.
    pub priors: Option<Product>,
    /// Whether they have just entered.
    pub is_fresh: bool,
    /// Their age in years, where all have the same.
    pub aged: Option<Spanned<i64>>,
}

/// The return clock.
#[derive(Debug, Clone)]
pub struct ClockFile {
    /// For people.
    pub title: Text,
    /// The time that the probabilities refer to.
    pub within_months: Option<Spanned<f64>>,
    /// When it ends.
    pub ends_after: Product,
    /// Weibull shape.
    pub shape: Product,
    /// Where it leads.
    pub fires_to: Text,
    /// Where it runs on.
    pub runs_in: Vec<Text>,
    /// What starts it.
    pub starts: Vec<ClockStartFile>,
    /// Hazard ratios by need.
    pub modifiers: Vec<ModifierFile>,
    /// The whole of it.
    pub at: At,
}

/// What starts the clock.
#[derive(Debug, Clone)]
pub struct ClockStartFile {
    /// The states.
    pub entering: Vec<Text>,
    /// The probability within the clock's months.
    pub probability: Product,
    /// Ratios on the hazard.
    pub hazard_ratio: Option<Product>,
    /// When the clock ends, where it is not as for the others.
    pub ends_after: Option<Product>,
}

/// A need drawn on entering states.
#[derive(Debug, Clone)]
pub struct PrevalenceFile {
    /// The states.
    pub entering: Vec<Text>,
    /// The need.
    pub need: Text,
    /// The share who have it.
    pub share: Product,
}

/// The association of two needs.
#[derive(Debug, Clone)]
pub struct AssociationFile {
    /// The two.
    pub needs: Vec<Text>,
    /// The odds ratio.
    pub odds_ratio: Product,
    /// The whole of it.
    pub at: At,
}

/// The groups that a state may be in.
pub const GROUPS: [&str; 4] = ["court", "custody", "community", "liberty"];
