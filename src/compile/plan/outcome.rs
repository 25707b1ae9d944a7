//! What is counted, what it costs and who pays.

use super::{QuantityIdx, StateIdx};

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

/// How later years are discounted, where the scenario says so.
#[derive(Debug, Clone, PartialEq)]
pub struct Discounting {
    /// The yearly rate of money; `None` for the Green Book's schedule.
    pub costs: Option<f64>,
    /// The yearly rate of outcomes; `None` where they are not discounted.
    pub outcomes: Option<f64>,
    /// How often the first year of the forecast is discounted: 0, 0.5 or 1 times, for example.
    pub first_year: f64,
    /// Why, where the scenario gives rates of its own.
    pub source: String,
}
