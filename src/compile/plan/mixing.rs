//! Which places may be chosen, for what, and within which budget.

use super::Better;
use crate::diagnostic::Place;
use crate::quantity::Month;

/// A question about places: which of them give the most of an outcome within a budget.
#[derive(Debug, Clone)]
pub struct Mixing {
    /// What is to be had most of, or least.
    pub outcome: Sought,
    /// The month from which places are chosen.
    pub from: Month,
    /// The option whose other changes and arrangements hold in every mix.
    pub option: usize,
    /// The costs that the budget has to bear: indices of [`super::Plan::costs`], each of a service whose places are
    /// chosen.
    pub costs: Vec<usize>,
    /// What may be spent.
    pub budget: Budget,
    /// Where places are chosen, at least one of them freely: by service, then by area.
    pub sites: Vec<Site>,
}

/// What is to be had most of, or least.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sought {
    /// As written.
    pub id: String,
    /// The series that it is the sum of: measures and their breakdowns.
    pub series: Vec<(String, String)>,
    /// Which way is better; never neither.
    pub better: Better,
}

/// A budget.
#[derive(Debug, Clone)]
pub struct Budget {
    /// Pounds in the prices of [`super::Plan::price_year`], 0 or more: a year, or for the whole time.
    pub pounds: f64,
    /// Whether that is for every year; otherwise it is for all years together.
    pub is_yearly: bool,
    /// Who says so.
    pub source: String,
    /// Where it is written, for faults that only a run can find.
    pub place: Place,
}

/// A service in an area, or in a pool of areas, and how many places it may have there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// The service.
    pub service: usize,
    /// The areas that share the places, in the order of areas.
    pub areas: Vec<usize>,
    /// The area that has them: the only one, or the host of the pool.
    pub host: usize,
    /// The fewest.
    pub least: u32,
    /// The most, not fewer than the fewest.
    pub most: u32,
    /// What there is without a choice, by central values, rounded.
    pub today: u32,
    /// Who says what the bounds are.
    pub source: String,
}
