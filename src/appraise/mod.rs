//! Trajectories to an Appraisal: what each option costs, to whom, what it achieves, and how sure we are. Pure.
//!
//! The measures that need no trajectories ([`frontier`], [`choice`], [`value`]) take any options, and [`compare`] puts
//! them together for options whose draws were made elsewhere.

mod choice;
mod compare;
mod cost;
mod criteria;
mod curve;
mod discount;
mod frontier;
mod information;
mod judge;
pub mod mix;
mod outcome;
mod present;
mod row;
pub mod sharing;
mod variance;

pub use choice::{Choice, choice};
pub use compare::{Compared, Comparison, Increment, compare};
pub use criteria::{Crossover, Valuation, Valued, value};
pub use discount::{Factors, GREEN_BOOK_2026, GREEN_BOOK_2026_HEALTH, RATES, Schedule};
pub use frontier::{Dominance, Standing, frontier};
pub use information::{Learning, Leverage};
pub use judge::SAVED;
pub use present::{Discounting, PresentValues};
pub use row::{AppraisalRow, PEOPLE, PUBLIC_SECTOR};
pub use variance::VarianceShares;

use crate::compile::Plan;
use crate::draw::Draws;
use crate::simulate::{Trajectories, Value};
use crate::summarise::forecast_years;

/// Options side by side, over the whole forecast and all areas.
#[derive(Debug, Clone)]
pub struct Appraisal {
    /// What each option costs and achieves, in the order of options.
    pub rows: Vec<AppraisalRow>,
    /// Which option does best on what.
    pub best: Vec<Best>,
    /// How much of the uncertainty rests on which evidence.
    pub variance: VarianceShares,
    /// How money in later years is discounted.
    pub schedule: Schedule,
    /// What the reader should know.
    pub notes: Vec<String>,
}

/// Which option does best on one criterion.
#[derive(Debug, Clone)]
pub struct Best {
    /// The criterion: a measure of [`Appraisal::rows`].
    pub measure: String,
    /// For people.
    pub title: String,
    /// By option: the share of draws in which it is best, ties shared; without draws, of row 0.
    pub probability: Vec<f64>,
}

/// Appraises every option against the comparator. Year 0 is the first year of the forecast.
pub fn appraise<N: Value>(plan: &Plan, draws: &Draws, trajectories: &Trajectories<N>) -> Appraisal {
    let years = forecast_years(plan, &trajectories.layout);
    let schedule = GREEN_BOOK_2026;
    let factors = Factors::of(plan, &schedule, years.len());
    let (bills, mut notes) = cost::bills(plan, draws, trajectories, years.clone(), &factors.costs);
    let outcomes = outcome::outcomes(plan, trajectories, years.clone(), &factors);
    let rows = row::rows(plan, &bills, &outcomes);
    let best = row::best(plan, &bills, &outcomes);
    let variance = variance::shares(plan, draws, trajectories, &bills, years);
    if !bills.is_empty() {
        notes.push(format!(
            "Money is in prices of {}, {}.",
            crate::quantity::FinancialYear::starting(plan.price_year),
            factors.words
        ));
        notes.push(row::NOT_MONETISED.to_owned());
    }
    Appraisal {
        rows,
        best,
        variance,
        schedule,
        notes,
    }
}
