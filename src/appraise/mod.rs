//! Trajectories to an Appraisal: what each option costs, to whom, what it achieves, and how sure we are. Pure.
//!
//! The measures that need no trajectories ([`frontier`], [`choice`], [`value`]) take any options, and [`compare`] puts
//! them together: for options whose draws were made elsewhere, and in [`Weighing`] for the options of a run.

mod bill;
mod certainty;
mod charging;
mod choice;
mod compare;
mod cost;
mod criteria;
mod curve;
mod discount;
mod distribution;
mod fixed;
mod frontier;
mod gauge;
mod information;
pub mod joint;
mod judge;
pub mod mix;
mod npsv;
mod outcome;
mod own_cost;
mod present;
mod ridge;
mod row;
mod running;
pub mod sharing;
mod table;
#[cfg(test)]
mod tests;
mod uncertain;
mod valuing;
mod variance;
mod weighing;
mod worths;

pub use crate::quantity::{GREEN_BOOK_2026, GREEN_BOOK_2026_HEALTH, RATES, Schedule};
pub use certainty::Certainty;
pub use choice::{Choice, Ties, choice};
pub use compare::{Compared, Comparison, Increment, compare};
pub use criteria::{Crossover, RANK_ROUNDING, Valuation, Valued, value};
pub use discount::Factors;
pub use distribution::DistributionRow;
pub use fixed::FixedInput;
pub use frontier::{Dominance, Standing, frontier};
pub use information::{Learning, Leverage};
pub use judge::SAVED;
pub use present::{Discounting, PresentValues};
pub use row::{AppraisalRow, PEOPLE, PUBLIC_SECTOR, SOCIETY, STATUTORY_PARTNERS};
pub use uncertain::{Input, OF_CENTRAL};
pub use valuing::{Judged, Scored};
pub use variance::VarianceShares;
pub use weighing::{Weighing, quarters};
pub use worths::{Why, Worth};

use crate::compile::Plan;
use crate::draw::Draws;
use crate::quantity::FinancialYear;
use crate::simulate::{Trajectories, Value};
use crate::summarise::forecast_years;

/// Options side by side, over the whole forecast and all areas.
#[derive(Debug, Clone)]
pub struct Appraisal {
    /// What each option costs and achieves, in the order of options.
    pub rows: Vec<AppraisalRow>,
    /// Who gains and who pays: by area, sex and age band.
    pub distribution: Vec<DistributionRow>,
    /// Which option does best on what.
    pub best: Vec<Best>,
    /// Options on money and one outcome; `None` where the run has no costs, no outcome or one option alone.
    pub weighing: Option<Weighing>,
    /// Options by the criteria of the scenario; `None` where it has none.
    pub judged: Option<Judged>,
    /// How much of the uncertainty rests on which evidence.
    pub variance: VarianceShares,
    /// The same for the NPSV of every option but the comparator.
    pub variances: Vec<VarianceShares>,
    /// Money that is given and not drawn, and at which value of it the verdict turns.
    pub fixed: Vec<FixedInput>,
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

/// Why criteria lead to no value.
const NO_SCORE: &str = "Options are not valued by the criteria: in no draw does every option have a score on each of them.";

/// Appraises every option against the comparator. Year 0 is the first year of the forecast.
pub fn appraise<N: Value>(plan: &Plan, draws: &Draws, trajectories: &Trajectories<N>) -> Appraisal {
    let years = forecast_years(plan, &trajectories.layout);
    let schedule = discount::of_money(plan);
    let factors = Factors::of(plan, years.len());
    let (bills, mut notes) = cost::bills(plan, draws, trajectories, years.clone(), &factors.costs);
    let mut outcomes = outcome::outcomes(plan, trajectories, years.clone(), &factors);
    outcomes.extend(distribution::weighted_needs_met(
        plan,
        trajectories,
        years.clone(),
    ));
    let distribution = distribution::rows(plan, trajectories, years.clone(), &bills);
    let price_year = FinancialYear::starting(plan.price_year);
    let words = format!("prices of {price_year}, {}", factors.words);
    let rows = row::rows(plan, &bills, &outcomes, &words);
    let best = npsv::best(plan, &bills, &outcomes);
    let weighing = weighing::weigh(plan, draws, trajectories, years.clone(), &bills, &outcomes);
    let judged = valuing::judge(plan, trajectories, years.clone(), &bills, &outcomes);
    if judged.is_none() && !plan.judging.criteria.is_empty() {
        notes.push(NO_SCORE.to_owned());
    }
    let fixed = fixed::inputs(plan, &bills, &trajectories.layout.years[years.clone()]);
    let variances = variance::by_option(plan, draws, &bills);
    let variance = variance::shares(plan, draws, trajectories, &bills, years);
    if !bills.is_empty() {
        notes.push(format!("Money is in {words}."));
        notes.push(row::NOT_MONETISED.to_owned());
        notes.extend(optimism_words(plan));
    }
    Appraisal {
        rows,
        distribution,
        best,
        weighing,
        judged,
        variance,
        variances,
        fixed,
        schedule,
        notes,
    }
}

/// What is allowed for optimism bias, if anything.
fn optimism_words(plan: &Plan) -> Option<String> {
    if plan.options.len() < 2 {
        return None;
    }
    let Some(optimism) = &plan.optimism else {
        let none = "No allowance is made for optimism bias: the scenario gives none.";
        return Some(none.to_owned());
    };
    let share = |(grade, share): &(crate::quantity::Grade, f64)| {
        format!("{}% on {}", 100.0 * share, grade.name())
    };
    let shares: Vec<String> = optimism.shares.iter().map(share).collect();
    Some(format!(
        "The allowance for optimism bias stands in its own line: {} ({}).",
        shares.join(", "),
        optimism.source
    ))
}
