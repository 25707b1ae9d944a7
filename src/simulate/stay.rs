//! How long people stay: one uniform inverted, and rounded to steps so that the mean is kept.

use crate::draw::{gamma_quantile, gamma_quantiles};
use crate::random::normal_quantile;

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

/// The law of a stay with its numbers filled in; means in steps.
pub enum StayLaw<'a> {
    /// Exactly this long.
    Fixed(f64),
    /// Geometric from 1 with this mean.
    Geometric(f64),
    /// Exponential with this mean.
    Exponential(f64),
    /// This mean times a tabulated law of mean 1.
    Tabled(f64, &'a QuantileTable),
    /// Weibull with this mean and shape.
    Weibull(f64, f64),
    /// Lognormal with this mean and spread.
    LogNormal(f64, f64),
    /// Whole steps with the share that is gone by then, rising to 1.
    Listed(Vec<(f64, f64)>),
}

impl StayLaw<'_> {
    /// The law of whole steps by weights.
    pub fn listed(weights: impl Iterator<Item = (i32, f64)>) -> Self {
        let mut reached = 0.0;
        let mut listed: Vec<(f64, f64)> = weights
            .filter(|(_, weight)| *weight > 0.0)
            .map(|(steps, weight)| {
                reached += weight;
                (f64::from(steps), reached)
            })
            .collect();
        listed.iter_mut().for_each(|(_, gone)| *gone /= reached);
        StayLaw::Listed(listed)
    }

    /// The length at `u`, in steps, not yet rounded.
    pub fn length(&self, u: f64) -> f64 {
        match *self {
            StayLaw::Listed(ref listed) => {
                let at = listed.partition_point(|(_, gone)| *gone <= u);
                listed
                    .get(at)
                    .or(listed.last())
                    .map_or(0.0, |(steps, _)| *steps)
            }
            StayLaw::Fixed(length) => length,
            StayLaw::Geometric(mean) => geometric(mean, u),
            StayLaw::Exponential(mean) => -mean * (1.0 - u).ln(),
            StayLaw::Tabled(mean, table) => mean * table.at(u),
            StayLaw::Weibull(mean, shape) => {
                mean / libm::tgamma(1.0 + 1.0 / shape) * (-(1.0 - u).ln()).powf(1.0 / shape)
            }
            StayLaw::LogNormal(mean, spread) => {
                mean * (spread * normal_quantile(u) - 0.5 * spread * spread).exp()
            }
        }
    }

    /// What remains of a stay that is under way in equilibrium: the length-biased stay times a uniform part.
    /// `residual` is the length-biased table where the law is tabled.
    pub fn remaining(&self, u: f64, part: f64, residual: Option<&QuantileTable>) -> f64 {
        match *self {
            StayLaw::Listed(ref listed) => {
                let mut before = 0.0;
                let mut biased = Vec::with_capacity(listed.len());
                for &(steps, gone) in listed {
                    biased.push((steps as i32, steps * (gone - before)));
                    before = gone;
                }
                (part * StayLaw::listed(biased.into_iter()).length(u)).ceil()
            }
            StayLaw::Geometric(_) => self.length(u),
            StayLaw::Exponential(_) => self.length(u),
            StayLaw::Fixed(length) => length * part,
            StayLaw::Tabled(mean, table) => part * mean * residual.unwrap_or(table).at(u),
            StayLaw::Weibull(mean, shape) => {
                // If T is Weibull, its length-biased power T^shape is gamma with shape 1 + 1/shape.
                let k = 1.0 + 1.0 / shape;
                part * mean / libm::tgamma(k) * (k * gamma_quantile(k, u)).powf(1.0 / shape)
            }
            StayLaw::LogNormal(mean, spread) => {
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

/// Whole months whose mean over `u` is the length: rounded up with the chance of its fraction. Monotone in the length.
pub fn whole_months(length: f64, u: f64) -> i32 {
    (length.min(12_000.0) + u).floor() as i32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Key;

    /// The mean over 200,000 stratified uniforms.
    fn mean(f: impl Fn(f64) -> f64) -> f64 {
        let n = 200_000;
        (0..n)
            .map(|i| f((f64::from(i) + 0.5) / f64::from(n)))
            .sum::<f64>()
            / f64::from(n)
    }

    #[test]
    fn every_law_has_the_mean_it_is_given() {
        let table = QuantileTable::gamma(0.7, 1.0);
        let laws = [
            StayLaw::Fixed(2.3),
            StayLaw::Geometric(2.3),
            StayLaw::Exponential(2.3),
            StayLaw::Tabled(2.3, &table),
            StayLaw::Weibull(2.3, 0.8),
            StayLaw::LogNormal(2.3, 0.9),
        ];
        for (index, law) in laws.iter().enumerate() {
            // The midpoint rule loses about 1e-4 of a heavy upper tail at this n.
            assert!(
                (mean(|u| law.length(u)) / 2.3 - 1.0).abs() < 1e-3,
                "law {index}"
            );
        }
    }

    #[test]
    fn the_remaining_stay_has_the_equilibrium_mean() {
        // E[residual] = E[T²] / (2 E[T]); for a gamma of mean m and shape k that is m (1 + 1/k) / 2.
        let (k, m) = (2.0, 6.0);
        let (table, residual) = (
            QuantileTable::gamma(k, 1.0),
            QuantileTable::gamma(k + 1.0, (k + 1.0) / k),
        );
        let gamma = mean(|u| StayLaw::Tabled(m, &table).remaining(u, 0.5, Some(&residual)));
        assert!(
            (gamma / (m * (1.0 + 1.0 / k) / 2.0) - 1.0).abs() < 1e-3,
            "gamma {gamma}"
        );
        let weibull = mean(|u| StayLaw::Weibull(m, 1.0).remaining(u, 0.5, None));
        assert!(
            (weibull / m - 1.0).abs() < 1e-3,
            "weibull of shape 1 is memoryless: {weibull}"
        );
    }

    #[test]
    fn whole_months_keep_the_mean_and_the_order() {
        // Null: mean 0.37 exactly; n = 100,000 gives sd 0.0015; alpha 1e-5 is 4.42 sd.
        let n = 100_000;
        let sum: i32 = (0..n)
            .map(|i| whole_months(0.37, Key::new(1).with(i).uniform()))
            .sum();
        assert!((f64::from(sum) / n as f64 - 0.37).abs() < 4.42 * 0.0015);
        for i in 0..1000 {
            let u = Key::new(2).with(i).uniform();
            assert!(whole_months(1.2, u) <= whole_months(1.9, u));
        }
    }
}
