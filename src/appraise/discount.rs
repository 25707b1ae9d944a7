//! The factors by which years of a forecast are discounted.

use crate::compile::{Each, Plan};
use crate::quantity::{GREEN_BOOK_2026, GREEN_BOOK_2026_HEALTH, Schedule};

/// Factors of money and of outcomes by year of the forecast, and what they are.
#[derive(Debug, Clone, PartialEq)]
pub struct Factors {
    /// Of money.
    pub costs: Vec<f64>,
    /// Of outcomes that are summed; 1 where the scenario does not discount them.
    pub outcomes: Vec<f64>,
    /// The same of those that are health.
    pub summed_health: Vec<f64>,
    /// Of outcomes that stand discounted beside what they add up to.
    pub standard: Vec<f64>,
    /// Of those that are health.
    pub health: Vec<f64>,
    /// In words, for the report.
    pub words: String,
    /// How outcomes are discounted, in words.
    pub standard_words: String,
    /// How health is.
    pub health_words: String,
}

impl Factors {
    /// The factors of a plan's forecast: the Green Book's schedules, unless the scenario gives rates. Outcomes are
    /// discounted as money is unless the scenario gives rates of outcomes; health by its own schedule, by rates of health
    /// that the scenario gives, or else by its rates of outcomes.
    ///
    /// A constant rate `r` gives `(1 + r) ^ -(first_year + year)`, with `year` counted from 0; where steps or moments
    /// are discounted, that is for what is known by years alone.
    pub fn of(plan: &Plan, n_years: usize) -> Factors {
        let own = &plan.discounting;
        let first_year = plan.first_year();
        let by = |given: Option<&Schedule>, usual: &Schedule| match given {
            None => (
                usual.factors_from(first_year, n_years),
                format!("discounted as in {}", usual.edition),
            ),
            Some(given) if given.is_none() => (
                vec![1.0; n_years],
                format!("not discounted ({})", own.source),
            ),
            Some(given) => (
                given.factors_from(first_year, n_years),
                format!("discounted at {} ({})", given.edition, own.source),
            ),
        };
        let first = match (own.each, own.first) {
            (Each::Moment, _) => "every value from the moment at which it is counted".to_owned(),
            (Each::Step, first) => format!("step by step, the first {first} times"),
            (Each::Year, 0.0) => "year 0 is the first year of the forecast".to_owned(),
            (Each::Year, first) => {
                format!("the first year of the forecast is discounted {first} times")
            }
        };
        let outcomes = own.outcomes.as_ref();
        let summed = |given: Option<&Schedule>| {
            given.map_or_else(
                || vec![1.0; n_years],
                |given| given.factors_from(first_year, n_years),
            )
        };
        let (costs, words) = by(own.costs.as_ref(), &GREEN_BOOK_2026);
        let (standard, standard_words) = by(outcomes.or(own.costs.as_ref()), &GREEN_BOOK_2026);
        let (health, health_words) = by(own.health.as_ref().or(outcomes), &GREEN_BOOK_2026_HEALTH);
        Factors {
            costs,
            outcomes: summed(outcomes),
            summed_health: summed(own.health.as_ref().or(outcomes)),
            standard,
            health,
            words: format!("{words}; {first}"),
            standard_words,
            health_words,
        }
    }
}

/// The schedule by which a plan's money is discounted.
pub(super) fn of_money(plan: &Plan) -> Schedule {
    let own = plan.discounting.costs.clone();
    own.unwrap_or_else(|| GREEN_BOOK_2026.clone())
}
