//! How long people stay, and the chance of leaving at every step.

use super::{Destination, QuantityIdx};

/// A chance of leaving at every step.
#[derive(Debug, Clone)]
pub struct Leaving {
    /// Where it leads.
    pub to: Destination,
    /// How it goes on with the time since entering.
    pub chance: Chance,
    /// The odds ratio for people with a need, `(need, quantity)`.
    pub modifiers: Vec<(usize, QuantityIdx)>,
    /// The name of the flow, for exits that leave.
    pub counts: Option<String>,
}

/// The chance of leaving at the `n`-th step after entering, `n` from 1.
///
/// The parametric laws give `1 - S(n) / S(n - 1)`, with `S` the survival function at `n` steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chance {
    /// By step since entering; the last holds for all later steps.
    Listed(Listed),
    /// `S(t) = exp(-scale * t ^ shape)`.
    Weibull(QuantityIdx, QuantityIdx),
    /// `S(t) = exp(-scale / shape * (exp(shape * t) - 1))`.
    Gompertz(QuantityIdx, QuantityIdx),
    /// `S(t) = 1 / (1 + scale * t ^ shape)`.
    LogLogistic(QuantityIdx, QuantityIdx),
}

impl Chance {
    /// Every quantity that it is read from.
    pub fn quantities(&self) -> Vec<QuantityIdx> {
        match *self {
            Chance::Listed(list) => list.steps().map(|(_, quantity)| quantity).collect(),
            Chance::Weibull(scale, shape)
            | Chance::Gompertz(scale, shape)
            | Chance::LogLogistic(scale, shape) => vec![scale, shape],
        }
    }

    /// The survival at `t` steps of a parametric law, by its two numbers; 1 for a list.
    pub fn survival(&self, scale: f64, shape: f64, t: f64) -> f64 {
        match self {
            Chance::Listed(_) => 1.0,
            Chance::Weibull(..) => (-scale * t.powf(shape)).exp(),
            Chance::Gompertz(..) if shape == 0.0 => (-scale * t).exp(),
            Chance::Gompertz(..) => (-scale / shape * (shape * t).exp_m1()).exp(),
            Chance::LogLogistic(..) => 1.0 / (1.0 + scale * t.powf(shape)),
        }
    }

    /// The chance at the `n`-th step after entering, `n` from 1, where `value` tells what a quantity is worth.
    pub fn at(&self, n: i32, value: impl Fn(QuantityIdx) -> f64) -> f64 {
        match *self {
            Chance::Listed(list) => value(list.at(n)),
            Chance::Weibull(scale, shape)
            | Chance::Gompertz(scale, shape)
            | Chance::LogLogistic(scale, shape) => {
                let (scale, shape) = (value(scale), value(shape));
                let before = self.survival(scale, shape, f64::from(n - 1));
                let after = self.survival(scale, shape, f64::from(n));
                // Nobody is left to leave where even the step before has no survivors.
                if before > 0.0 {
                    1.0 - after / before
                } else {
                    1.0
                }
            }
        }
    }
}

/// Quantities that stand next to each other, one for every number of steps since entering.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listed {
    /// The first of them.
    pub first: QuantityIdx,
    /// The number of steps that the first is for.
    pub from: i32,
    /// How many there are.
    pub n: usize,
}

impl Listed {
    /// The quantity of this many steps; the last one holds for all later.
    pub fn at(&self, steps: i32) -> QuantityIdx {
        let last = self.n.saturating_sub(1);
        self.first + usize::try_from(steps - self.from).unwrap_or(0).min(last)
    }

    /// Every number of steps and its quantity.
    pub fn steps(self) -> impl Iterator<Item = (i32, QuantityIdx)> {
        (0..self.n).map(move |index| (self.from + index as i32, self.first + index))
    }

    /// Whether this quantity is among them.
    pub fn holds(&self, quantity: QuantityIdx) -> bool {
        (self.first..self.first + self.n).contains(&quantity)
    }
}

/// How long people stay in a state, in steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stay {
    /// They pass through within the month.
    None,
    /// Until the clock ends.
    Clock,
    /// Until a hazard fires or a chance is taken.
    Open,
    /// As the exit says that is chosen on entering.
    OfExit,
    /// This many whole steps, by weights that need not sum to one.
    Listed(Listed),
    /// Exactly this long.
    Fixed(QuantityIdx),
    /// Geometric with this mean, counted from 1.
    Geometric(QuantityIdx),
    /// Exponential with this mean.
    Exponential(QuantityIdx),
    /// Gamma with this mean and shape.
    Gamma(QuantityIdx, QuantityIdx),
    /// Weibull with this mean and shape.
    Weibull(QuantityIdx, QuantityIdx),
    /// Lognormal with this mean and spread (sd of the logarithm).
    LogNormal(QuantityIdx, QuantityIdx),
}

impl Stay {
    /// Every quantity that says how long it is.
    pub fn lengths(self) -> impl Iterator<Item = QuantityIdx> {
        let listed = match self {
            Stay::Listed(list) => Some(list),
            _ => None,
        };
        let of_list = listed
            .into_iter()
            .flat_map(|list| list.steps().map(|(_, quantity)| quantity));
        self.mean().into_iter().chain(of_list)
    }

    /// Every quantity that a length is read from, shapes included.
    pub fn quantities(self) -> Vec<QuantityIdx> {
        let shape = match self {
            Stay::Gamma(_, shape) | Stay::Weibull(_, shape) | Stay::LogNormal(_, shape) => {
                Some(shape)
            }
            _ => None,
        };
        self.lengths().chain(shape).collect()
    }

    /// The quantity that carries the mean (or the length), if the stay has one.
    pub fn mean(&self) -> Option<QuantityIdx> {
        match *self {
            Stay::None | Stay::Clock | Stay::Open | Stay::OfExit | Stay::Listed(_) => None,
            Stay::Fixed(mean) | Stay::Geometric(mean) | Stay::Exponential(mean) => Some(mean),
            Stay::Gamma(mean, _) | Stay::Weibull(mean, _) | Stay::LogNormal(mean, _) => Some(mean),
        }
    }
}
