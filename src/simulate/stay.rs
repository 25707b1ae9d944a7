//! How long people stay: one uniform inverted, and rounded to steps so that the mean is kept.

use crate::draw::{gamma_quantile, gamma_quantiles};
use crate::random::{Key, normal_quantile};
use std::sync::Arc;

/// A quantile function with a given mean, tabulated against the normal score, so that tails are as fine as the
/// middle. Linear interpolation of the logarithm between 193 nodes is within 1e-4 of the exact quantile.
pub struct QuantileTable {
    logs: Vec<f64>,
}

const LOWEST_SCORE: f64 = -6.0;
const NODES_PER_SCORE: f64 = 16.0;
const N_NODES: usize = 193;

impl QuantileTable {
    /// The table of a gamma distribution with this shape and mean.
    pub fn gamma(shape: f64, mean: f64) -> QuantileTable {
        let scores = (0..N_NODES).map(|i| LOWEST_SCORE + i as f64 / NODES_PER_SCORE);
        let levels = scores.map(|score| 0.5 * libm::erfc(-score / std::f64::consts::SQRT_2));
        let logs = gamma_quantiles(shape, levels)
            .into_iter()
            .map(|quantile| (mean * quantile).max(1e-12).ln());
        QuantileTable {
            logs: logs.collect(),
        }
    }

    /// The quantile at `u`.
    pub fn at(&self, u: f64) -> f64 {
        let position = ((normal_quantile(u) - LOWEST_SCORE) * NODES_PER_SCORE)
            .clamp(0.0, (N_NODES - 1) as f64);
        let node = (position as usize).min(N_NODES - 2);
        let part = position - node as f64;
        (self.logs[node] * (1.0 - part) + self.logs[node + 1] * part).exp()
    }
}

/// A law with a shape, for any mean, and between which lengths it lies in each part of the unit interval, so that most
/// stays are known in whole months without inverting anything.
pub struct Shaped {
    law: ShapedLaw,
    /// Lengths for a mean of 1 at every cell's lower end, and at 1.
    guides: Vec<f32>,
}

enum ShapedLaw {
    Exponential,
    Tabled(QuantileTable),
    /// The shape, and the mean of the law with scale 1.
    Weibull(f64, f64),
    LogNormal(f64),
}

const N_GUIDES: usize = 1024;
/// Wider than the error of a guide, which is kept in single precision.
const GUIDE_MARGIN: f64 = 1e-6;

impl Shaped {
    /// Gamma with this shape.
    pub fn gamma(shape: f64) -> Shaped {
        Shaped::of(ShapedLaw::Tabled(QuantileTable::gamma(shape, 1.0)))
    }

    /// Exponential.
    pub fn exponential() -> Shaped {
        Shaped::of(ShapedLaw::Exponential)
    }

    /// Weibull with this shape.
    pub fn weibull(shape: f64) -> Shaped {
        Shaped::of(ShapedLaw::Weibull(shape, libm::tgamma(1.0 + 1.0 / shape)))
    }

    /// Lognormal with this spread.
    pub fn lognormal(spread: f64) -> Shaped {
        Shaped::of(ShapedLaw::LogNormal(spread))
    }

    fn of(law: ShapedLaw) -> Shaped {
        let mut shaped = Shaped {
            law,
            guides: Vec::new(),
        };
        // The lowest and the highest uniform there are stand for the ends.
        let ends = |i: usize| (i as f64 / N_GUIDES as f64).clamp(5e-17, 1.0 - 1.2e-16);
        shaped.guides = (0..=N_GUIDES)
            .map(|i| shaped.length(1.0, ends(i)) as f32)
            .collect();
        shaped
    }

    /// The length at `u` for a mean, not yet rounded.
    fn length(&self, mean: f64, u: f64) -> f64 {
        match &self.law {
            ShapedLaw::Exponential => -mean * (1.0 - u).ln(),
            ShapedLaw::Tabled(table) => mean * table.at(u),
            ShapedLaw::Weibull(shape, unit) => mean / unit * (-(1.0 - u).ln()).powf(1.0 / shape),
            ShapedLaw::LogNormal(spread) => {
                mean * (spread * normal_quantile(u) - 0.5 * spread * spread).exp()
            }
        }
    }

    /// Between which lengths for a mean of 1 those in a cell of the unit interval lie.
    #[inline]
    fn between(&self, cell: usize) -> (f64, f64) {
        match self.guides.get(cell..cell + 2) {
            Some(&[low, high]) => (
                f64::from(low) * (1.0 - GUIDE_MARGIN),
                f64::from(high) * (1.0 + GUIDE_MARGIN),
            ),
            _ => (0.0, f64::INFINITY),
        }
    }

    /// The length at an address, rounded at `round`.
    #[inline]
    pub fn whole_steps(&self, mean: f64, at: Key, round: f64) -> i32 {
        self.steps_at(mean, (cell_of(at), || at.uniform()), round)
    }

    #[inline]
    fn steps_at(&self, mean: f64, (cell, u): (usize, impl Fn() -> f64), round: f64) -> i32 {
        let (low, high) = self.between(cell);
        let (low, high) = (mean * low, mean * high);
        let shortest = (low + round) as i32;
        if high < LONGEST && high + round < f64::from(shortest + 1) {
            return shortest;
        }
        self.inverted(mean, u(), round)
    }

    /// Few lengths need the law itself.
    #[cold]
    fn inverted(&self, mean: f64, u: f64, round: f64) -> i32 {
        whole_steps(self.length(mean, u), round)
    }
}

/// A geometric length from 1, ready to be inverted.
#[derive(Clone)]
pub struct Geometric {
    mean: f64,
    /// The mean of the exponential length that is rounded up; 0 where the length is always 1.
    scale: f64,
    exponential: Arc<Shaped>,
}

impl Geometric {
    /// With this mean, by the guides of the exponential law.
    pub fn new(mean: f64, exponential: &Arc<Shaped>) -> Geometric {
        let scale = match mean <= 1.0 {
            true => 0.0,
            false => -1.0 / (1.0 - 1.0 / mean).ln(),
        };
        Geometric {
            mean,
            scale,
            exponential: Arc::clone(exponential),
        }
    }

    /// The mean.
    pub fn mean(&self) -> f64 {
        self.mean
    }

    /// The length at an address.
    #[inline]
    pub fn steps(&self, at: Key) -> i32 {
        self.steps_at(cell_of(at), || at.uniform())
    }

    #[inline]
    fn steps_at(&self, cell: usize, u: impl Fn() -> f64) -> i32 {
        let (low, high) = self.exponential.between(cell);
        let (low, high) = (self.scale * low, self.scale * high);
        let shortest = low as i32;
        // Strictly between two whole numbers there is only one way up.
        if high < LONGEST && f64::from(shortest) < low && high < f64::from(shortest + 1) {
            return shortest + 1;
        }
        self.inverted(u())
    }

    #[cold]
    fn inverted(&self, u: f64) -> i32 {
        geometric(self.mean, u).min(100_000.0) as i32
    }
}

/// The cell of the unit interval in which the uniform at an address lies.
#[inline]
fn cell_of(at: Key) -> usize {
    (at.bits() >> (64 - N_GUIDES.ilog2())) as usize
}

/// Longer than any run, in steps.
const LONGEST: f64 = 12_000.0;

/// The law of a stay with its numbers filled in; means in steps.
#[derive(Clone)]
pub enum StayLaw<'a> {
    /// Exactly this long.
    Fixed(f64),
    /// Geometric from 1 with this mean.
    Geometric(f64),
    /// This mean times a law of mean 1.
    Shaped(f64, &'a Shaped),
    /// Whole steps with the share that is gone by then, rising to 1.
    Listed(&'a [(f64, f64)]),
}

/// Whole steps by weights, with the share that is gone by then, rising to 1.
pub fn listed(weights: impl Iterator<Item = (i32, f64)>) -> Vec<(f64, f64)> {
    let mut reached = 0.0;
    let mut listed: Vec<(f64, f64)> = weights
        .filter(|(_, weight)| *weight > 0.0)
        .map(|(steps, weight)| {
            reached += weight;
            (f64::from(steps), reached)
        })
        .collect();
    listed.iter_mut().for_each(|(_, gone)| *gone /= reached);
    listed
}

/// A list of whole steps, ready to be inverted.
pub struct Listed {
    gone: Vec<(f64, f64)>,
    /// By cell of the unit interval, how many steps of the list are gone where it begins.
    begins: Vec<u32>,
}

const N_BEGINS: usize = 64;

impl Listed {
    /// By the share that is gone by each, rising to 1.
    pub fn new(gone: Vec<(f64, f64)>) -> Listed {
        let begins = |cell: usize| {
            let from = cell as f64 / N_BEGINS as f64;
            gone.partition_point(|(_, gone)| *gone <= from) as u32
        };
        Listed {
            begins: (0..N_BEGINS).map(begins).collect(),
            gone,
        }
    }

    /// Steps with the share that is gone by then.
    pub fn gone(&self) -> &[(f64, f64)] {
        &self.gone
    }

    /// The length at an address.
    #[inline]
    pub fn steps(&self, at: Key) -> i32 {
        self.steps_at(
            (at.bits() >> (64 - N_BEGINS.ilog2())) as usize,
            at.uniform(),
        )
    }

    #[inline]
    fn steps_at(&self, cell: usize, u: f64) -> i32 {
        let rest = self.gone.get(self.begins[cell] as usize..).unwrap_or(&[]);
        let found = rest.iter().find(|(_, gone)| *gone > u);
        found
            .or(self.gone.last())
            .map_or(0, |(steps, _)| *steps as i32)
    }
}

pub(super) fn listed_at(listed: &[(f64, f64)], u: f64) -> f64 {
    let at = listed.partition_point(|(_, gone)| *gone <= u);
    let found = listed.get(at).or(listed.last());
    found.map_or(0.0, |(steps, _)| *steps)
}

impl StayLaw<'_> {
    /// The length at `u`, in steps, not yet rounded.
    pub fn length(&self, u: f64) -> f64 {
        match *self {
            StayLaw::Listed(listed) => listed_at(listed, u),
            StayLaw::Fixed(length) => length,
            StayLaw::Geometric(mean) => geometric(mean, u),
            StayLaw::Shaped(mean, shaped) => shaped.length(mean, u),
        }
    }

    /// What remains of a stay that is under way in equilibrium: the length-biased stay times a uniform part.
    /// `residual` is the length-biased table where the law is tabled.
    pub fn remaining(&self, u: f64, part: f64, residual: Option<&QuantileTable>) -> f64 {
        let (mean, shaped) = match *self {
            StayLaw::Geometric(_) => return self.length(u),
            StayLaw::Fixed(length) => return length * part,
            StayLaw::Listed(gone_by) => {
                let mut before = 0.0;
                let biased = gone_by.iter().map(|&(steps, gone)| {
                    let share = gone - before;
                    before = gone;
                    (steps as i32, steps * share)
                });
                return (part * listed_at(&listed(biased), u)).ceil();
            }
            StayLaw::Shaped(mean, shaped) => (mean, shaped),
        };
        match &shaped.law {
            ShapedLaw::Exponential => self.length(u),
            ShapedLaw::Tabled(table) => part * mean * residual.unwrap_or(table).at(u),
            ShapedLaw::Weibull(shape, _) => {
                // If T is Weibull, its length-biased power T^shape is gamma with shape 1 + 1/shape.
                let k = 1.0 + 1.0 / shape;
                part * mean / libm::tgamma(k) * (k * gamma_quantile(k, u)).powf(1.0 / shape)
            }
            ShapedLaw::LogNormal(spread) => {
                part * mean * (spread * normal_quantile(u) + 0.5 * spread * spread).exp()
            }
        }
    }
}

/// A geometric length from 1 with this mean (of at least 1), at `u`.
pub fn geometric(mean: f64, u: f64) -> f64 {
    if mean <= 1.0 {
        return 1.0;
    }
    ((1.0 - u).ln() / (1.0 - 1.0 / mean).ln()).ceil().max(1.0)
}

/// Whole steps whose mean over `u` is the length, which is not negative: rounded up with the chance of its fraction. Monotone in the length.
pub fn whole_steps(length: f64, u: f64) -> i32 {
    (length.min(LONGEST) + u) as i32
}

#[cfg(test)]
mod tests;
