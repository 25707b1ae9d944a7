//! How options are judged: the outcome that stands beside money, what one more of it may be worth, and criteria.

use crate::compile::Criterion;

/// How options are judged; nothing here is decided where the scenario says nothing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Judging {
    /// The option that does the least there is to do, where there is one beside the comparator.
    pub do_minimum: Option<usize>,
    /// The outcome that options are compared on; the needs met where the scenario names none.
    pub outcome: Option<Gauge>,
    /// Pounds that one more of the outcome may be worth, rising, each once; none where nothing is to be decided.
    pub worths: Vec<f64>,
    /// Who says so.
    pub source: String,
    /// Where curves over that worth end, where the scenario says so.
    pub up_to: Option<f64>,
    /// What an option's value is made of.
    pub criteria: Vec<Weighted>,
    /// What the weights sum to as they are written.
    pub total_weight: f64,
}

/// What is read off a forecast for each option: over the whole forecast and all areas.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gauge {
    /// A measure, or an outcome of the appraisal.
    pub measure: String,
    /// Blank where it is taken as a whole.
    pub breakdown: String,
}

/// A criterion of the scenario.
#[derive(Debug, Clone, PartialEq)]
pub struct Weighted {
    /// Its weight, and how scores become values.
    pub criterion: Criterion,
    /// For people; blank where the measure's title says it.
    pub title: String,
    /// What its scores are.
    pub gauge: Gauge,
    /// Who judged the weight.
    pub source: String,
}
