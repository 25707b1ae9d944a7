//! What is counted, what it costs and who pays.

use super::{QuantityIdx, StateIdx};
use crate::quantity::{Grade, Schedule};

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
    /// When in a step a stock is counted.
    pub counted: Counted,
    /// Factors by the state entered or, for a stock, the state people are in: `(state, quantity)`.
    pub weights: Vec<(StateIdx, QuantityIdx)>,
    /// Whether the report leads with it.
    pub is_headline: bool,
    /// Whether a month's value is reported for the forecast, beside the year's.
    pub is_monthly: bool,
    /// Whether the appraisal sums it over the years, a stock then in person-years.
    pub is_summed: bool,
    /// Whether it is discounted at the rate of health.
    pub is_health: bool,
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

/// When in a step a stock is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// Before anything happens in it.
    Start,
    /// As the mean of its start and its end.
    Middle,
    /// When everything has happened.
    End,
}

/// What a measure counts.
#[derive(Debug, Clone)]
pub enum Counts {
    /// The mean over the steps of the stocks of these states (by state).
    Stock(Vec<bool>),
    /// Entries into these states (by state).
    Entries(Vec<bool>),
    /// Moves from one state to another.
    Moves(Vec<(StateIdx, StateIdx)>),
    /// Departures from the model by the named exits `(state, exit)`.
    Departures(Vec<(StateIdx, usize)>),
}

/// People who go from one stage of the journey to another, as a picture shows it.
#[derive(Debug, Clone)]
pub struct Flow {
    /// The stage they leave, for people.
    pub from: String,
    /// The stage they reach.
    pub to: String,
    /// The measure that counts them.
    pub measure: String,
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
    /// Of them, what one more or one fewer moves, which is cash; nothing where the two are not told apart.
    pub marginal_cost: Option<QuantityIdx>,
    /// What is counted.
    pub charged: Charged,
    /// Whether a saving would be cash.
    pub is_cashable: bool,
}

/// How units of a cost follow from a measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Charged {
    /// Every single one.
    Each,
    /// One for every so many, begun ones whole, in each area by itself; a pool's places are its host's.
    Step(QuantityIdx),
    /// One a year in every area where there is any.
    Fixed,
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
    /// Whether it is a public budget; society bears the rest, and only where the scenario asks for it.
    pub is_public: bool,
}

/// By how much costs turn out higher, and savings lower, than thought.
#[derive(Debug, Clone, PartialEq)]
pub struct Optimism {
    /// Shares by grade of evidence; grades that are not named have none.
    pub shares: Vec<(Grade, f64)>,
    /// Why.
    pub source: String,
}

impl Optimism {
    /// The share of a grade.
    pub fn share(&self, grade: Grade) -> f64 {
        let found = self.shares.iter().find(|(of, _)| *of == grade);
        found.map_or(0.0, |(_, share)| *share)
    }
}

/// What people are told apart by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dimension {
    /// Where they live.
    Area,
    /// Their sex.
    Sex,
    /// Their age band.
    Age,
}

/// Weights of groups of people, so that what reaches some of them counts for more.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupWeights {
    /// Of which groups.
    pub by: Dimension,
    /// By group, in the order of areas, sexes or ages.
    pub weights: Vec<f64>,
    /// How they were made, and why.
    pub words: String,
}

/// What is discounted as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Each {
    /// All of a year.
    Year,
    /// All of a step.
    Step,
    /// What is counted at the same moment: at the start or at the end of a step.
    Moment,
}

/// What the appraisal needs of a measure beside its years.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Account {
    /// The numbers as they are, by month: prices change within a year.
    Counted,
    /// Discounted as money.
    Costs,
    /// Discounted as outcomes.
    Outcomes,
    /// Discounted as health.
    Health,
}

impl Account {
    /// As a breakdown of the measure.
    pub fn breakdown(self) -> &'static str {
        match self {
            Account::Counted => "account=counted",
            Account::Costs => "account=costs",
            Account::Outcomes => "account=outcomes",
            Account::Health => "account=health",
        }
    }
}

/// How later years are discounted, where the scenario says so.
#[derive(Debug, Clone, PartialEq)]
pub struct Discounting {
    /// The rates of money; `None` for the Green Book's schedule.
    pub costs: Option<Schedule>,
    /// The rates of outcomes; `None` where they are not discounted.
    pub outcomes: Option<Schedule>,
    /// The rates of health; `None` for those of outcomes, or the Green Book's schedule of health.
    pub health: Option<Schedule>,
    /// What is discounted as one.
    pub each: Each,
    /// How often the first year of the forecast is discounted, or the first step where each step is: 0, 0.5 or 1 times,
    /// for example.
    pub first: f64,
    /// Why, where the scenario gives rates of its own.
    pub source: String,
}
