//! The Plan: a question that has been proved sound. Everything is an index into something else; nothing can be missing.

mod accounts;
mod comparison;
mod duty;
mod evidence;
mod history;
mod journey;
mod judging;
mod mixing;
mod option;
mod outcome;
mod service;
mod sharing;
mod stay;

pub use comparison::*;
pub use duty::*;
pub use evidence::*;
pub use history::*;
pub use journey::*;
pub use judging::*;
pub use mixing::*;
pub use option::*;
pub use outcome::*;
pub use service::*;
pub use sharing::*;
pub use stay::*;

use crate::document::Disclosure;
use crate::quantity::{FinancialYear, Month, TimeUnit};

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
    /// Which luck the people of every row have, the parameters and the walks of the row being what they are: 0 in a
    /// run, other numbers where one asks what luck does.
    pub luck: u64,
    /// The step of time: every length and hazard of the Plan is counted in it.
    pub step: TimeUnit,
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
    /// Where people go from stage to stage, for the picture of the journey.
    pub flows: Vec<Flow>,
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
    /// How later years are discounted.
    pub discounting: Discounting,
    /// Allowances for optimism bias, where the scenario makes any.
    pub optimism: Option<Optimism>,
    /// Weights of groups of people, where the scenario gives any.
    pub weights: Option<GroupWeights>,
    /// Who may share a service with whom, where the scenario says or shows it.
    pub sharing: Option<SharingPlan>,
    /// What running services costs, however few people they serve.
    pub running_costs: Vec<RunningCost>,
    /// Changes to be explained.
    pub comparisons: Vec<Comparison>,
    /// Which places are to be chosen, where that is asked.
    pub mixing: Option<Mixing>,
    /// How options are judged.
    pub judging: Judging,
    /// What was recorded, to set beside the measures.
    pub recorded: Vec<Recorded>,
    /// What the profile declares to have broken those series.
    pub breaks: Vec<BrokenSeries>,
    /// Figures that tell what an area is like; nothing is computed from them.
    pub context: Vec<Context>,
    /// Multipliers that `calibrate` fits to what was recorded.
    pub fittings: Vec<Fitting>,
    /// What law and guidance ask of a plan, and the answers.
    pub duties: Duties,
    /// How recorded counts of local origin were made safe to publish.
    pub disclosure: Disclosure,
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

impl Plan {
    /// How many steps the run has.
    pub fn n_steps(&self) -> i32 {
        self.step_of(self.end)
    }

    /// The month that a step begins in; steps are counted from the beginning of the run.
    pub fn month_of(&self, step: i32) -> Month {
        match self.step {
            TimeUnit::Day => Month::of_day(self.history_from.first_day() + step),
            TimeUnit::Month => self.history_from.plus(step),
            TimeUnit::Year => self.history_from.plus(12 * step),
        }
    }

    /// The first step that begins in this month or later.
    pub fn step_of(&self, month: Month) -> i32 {
        let months = month.since(self.history_from);
        match self.step {
            TimeUnit::Day => month.first_day() - self.history_from.first_day(),
            TimeUnit::Month => months,
            TimeUnit::Year => (months + 11).div_euclid(12),
        }
    }

    /// The whole financial years of the run.
    pub fn whole_years(&self) -> Vec<FinancialYear> {
        let first = self.history_from.plus(11).financial_year();
        let first = match first.first_month() < self.history_from {
            true => first.plus(1),
            false => first,
        };
        let last = self.end.financial_year();
        (first.first_year()..last.first_year())
            .map(FinancialYear::starting)
            .collect()
    }

    /// How many steps a year has, in the mean.
    pub fn steps_per_year(&self) -> f64 {
        12.0 / self.step.months()
    }
}

/// Whether people are told apart by which needs they have together, and not only by how many: two needs to five, of
/// which there are 32 sets at most.
pub fn tells_sets(n_needs: usize) -> bool {
    (2..=5).contains(&n_needs)
}

/// Every set of needs that is told apart, in the order of its bits: `none`, or the ids in their alphabetical order, joined by `+`.
pub fn need_sets(needs: &[Named]) -> Vec<String> {
    if !tells_sets(needs.len()) {
        return Vec::new();
    }
    let name = |set: usize| {
        let own = needs.iter().enumerate();
        let ids = own.filter(|(bit, _)| set >> bit & 1 == 1);
        let mut ids: Vec<&str> = ids.map(|(_, need)| need.id.as_str()).collect();
        // A set has one name, in whatever order the needs are written.
        ids.sort_unstable();
        match ids.is_empty() {
            true => "none".to_owned(),
            false => ids.join("+"),
        }
    };
    (0..1 << needs.len()).map(name).collect()
}
