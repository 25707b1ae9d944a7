//! Options: what differs from the model as it stands.

use super::{ParameterIdx, Plan, QuantityIdx};
use crate::quantity::{Grade, Month};

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
    /// For each service: of the pool's places, how many are kept for each area from a month on.
    pub guaranteed: Vec<Vec<(Month, Vec<u32>)>>,
    /// Places that were set for a pool as a whole; [`PlanOption::changes`] gives them to its host.
    pub pooled_places: Vec<PooledPlaces>,
    /// Costs of its own.
    pub costs: Vec<OptionCost>,
    /// The first month in which it differs from the model as it stands, if any; the comparator may.
    pub differs_from: Option<Month>,
}

/// What an option costs by itself: setting up, a transition, or so much a year from then on.
#[derive(Debug, Clone, PartialEq)]
pub struct OptionCost {
    /// The month in which it is paid, or the first.
    pub from: Month,
    /// The first month in which a year's cost is no longer paid; `None` for what is paid once.
    pub until: Option<Month>,
    /// Pounds in the price year: once, or a year.
    pub pounds: f64,
    /// Who pays.
    pub payer: usize,
    /// Who receives it, where it only passes between payers.
    pub recipient: Option<usize>,
    /// Of which area, where it is of one.
    pub area: Option<usize>,
    /// Whether it is cash.
    pub is_cashable: bool,
    /// How good the evidence is.
    pub grade: Grade,
    /// For people.
    pub title: String,
    /// Why.
    pub source: String,
}

/// Places set for a pool as a whole.
#[derive(Debug, Clone, PartialEq)]
pub struct PooledPlaces {
    /// The first month.
    pub from: Month,
    /// The service.
    pub service: usize,
    /// The areas of the pool, its host among them.
    pub members: Vec<usize>,
    /// How many.
    pub places: f64,
    /// The change that gives them to the host.
    pub change: Change,
}

/// One change to one quantity or parameter. Its number is in the unit of its target ([`Parameter::unit`] or
/// [`Quantity::unit`]): a quantity's change acts on the product before [`Quantity::scale`].
#[derive(Debug, Clone, PartialEq)]
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
    /// The people of the population, from whom newcomers come; it can only be held.
    Population,
    /// The random walks of the inflows; they can only be held.
    Walks,
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
    /// Not at all: what is dated stays as it was in this month, so that one may ask what the rest does.
    Hold(Month),
}

impl PlanOption {
    /// The host of every area's pool for a service in a month.
    pub fn hosts(&self, service: usize, month: Month) -> &[usize] {
        in_force(&self.pools[service], month)
    }

    /// The places of a service that are kept for each area in a month.
    pub fn kept(&self, service: usize, month: Month) -> &[u32] {
        self.guaranteed
            .get(service)
            .map_or(&[], |dated| in_force(dated, month))
    }
}

/// What holds in a month; the first holds from the beginning.
fn in_force<T>(dated: &[(Month, Vec<T>)], month: Month) -> &[T] {
    let begun = dated.partition_point(|(from, _)| *from <= month);
    dated
        .get(begun.saturating_sub(1))
        .map_or(&[], |(_, now)| now.as_slice())
}

impl Target {
    /// Whether this is a quantity or one of its factors.
    pub fn is_of(self, plan: &Plan, quantity: QuantityIdx) -> bool {
        match self {
            Target::Quantity(own) => own == quantity,
            Target::Parameter(own) => plan.quantities[quantity].factors.contains(&own),
            Target::Population | Target::Walks => false,
        }
    }
}

impl Change {
    /// The month that this holds a target at, if that is what it does.
    pub fn held_at(&self, target: Target) -> Option<Month> {
        match self.operation {
            Operation::Hold(at) if self.target == target => Some(at),
            _ => None,
        }
    }
}
