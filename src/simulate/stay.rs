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
mod tests {
    use super::*;

    /// The mean over 200,000 stratified uniforms.
    fn mean(f: impl Fn(f64) -> f64) -> f64 {
        let n = 200_000;
        (0..n)
            .map(|i| f((f64::from(i) + 0.5) / f64::from(n)))
            .sum::<f64>()
            / f64::from(n)
    }

    #[test]
    fn what_is_listed_is_found_as_if_it_were_looked_for() {
        let gone = vec![(1.0, 0.25), (3.0, 0.25), (4.0, 0.6), (10.0, 1.0)];
        let listed = Listed::new(gone.clone());
        assert_eq!(listed.gone(), gone);
        let n = 10 * N_BEGINS;
        for i in 0..n {
            let u = (i as f64 + 0.5) / n as f64;
            let cell = (u * N_BEGINS as f64) as usize;
            let expected = match u {
                _ if u < 0.25 => 1,
                _ if u < 0.6 => 4,
                _ => 10,
            };
            assert_eq!(listed.steps_at(cell, u), expected, "{u}");
            assert_eq!(StayLaw::Listed(&gone).length(u), f64::from(expected), "{u}");
        }
        assert_eq!(Listed::new(Vec::new()).steps_at(0, 0.5), 0);
        // Of stays under way twice as many are of twice the length, each of which has a part left, rounded up.
        let even = vec![(2.0, 0.5), (4.0, 1.0)];
        let left = |u, part| StayLaw::Listed(&even).remaining(u, part, None);
        assert_eq!(
            [left(0.3, 0.9), left(0.4, 0.9), left(0.4, 0.3)],
            [2.0, 4.0, 2.0]
        );
    }

    #[test]
    fn guides_enclose_the_lengths_of_their_cells() {
        for shaped in [
            Shaped::gamma(0.7),
            Shaped::weibull(0.8),
            Shaped::lognormal(0.9),
            Shaped::exponential(),
        ] {
            for cell in 1..N_GUIDES - 1 {
                let ends = [cell, cell + 1].map(|end| end as f64 / N_GUIDES as f64);
                let (low, high) = shaped.between(cell);
                assert!(low < shaped.length(1.0, ends[0]), "{cell}");
                assert!(high > shaped.length(1.0, ends[1]), "{cell}");
                // Between them the law itself is asked wherever they do not agree on the whole steps.
                for (mean, round) in [(0.4, 0.9), (2.5, 0.1), (7.3, 0.6)] {
                    for u in [0.01, 0.5, 0.99].map(|part| ends[0] + part * (ends[1] - ends[0])) {
                        let steps = shaped.steps_at(mean, (cell, || u), round);
                        assert_eq!(steps, whole_steps(shaped.length(mean, u), round), "{u}");
                    }
                }
            }
        }
    }

    #[test]
    fn geometric_steps_are_those_of_the_law_itself() {
        let exponential = Arc::new(Shaped::exponential());
        for mean in [1.0, 1.3, 4.0, 60.0, 5_000.0] {
            let geometric_law = Geometric::new(mean, &exponential);
            for cell in 0..N_GUIDES {
                for part in [0.01, 0.5, 0.99] {
                    let u = (cell as f64 + part) / N_GUIDES as f64;
                    let steps = geometric_law.steps_at(cell, || u);
                    assert_eq!(f64::from(steps), geometric(mean, u), "{mean} {u}");
                }
            }
        }
    }

    #[test]
    fn a_list_is_looked_up_at_an_address_as_by_its_uniform() {
        let gone = vec![(1.0, 0.25), (4.0, 0.6), (10.0, 1.0)];
        let listed = Listed::new(gone.clone());
        for i in 0..200 {
            let at = Key::new(i);
            assert_eq!(f64::from(listed.steps(at)), listed_at(&gone, at.uniform()));
        }
    }

    #[test]
    fn every_law_has_the_mean_it_is_given() {
        let shapes = [
            Shaped::gamma(0.7),
            Shaped::weibull(0.8),
            Shaped::lognormal(0.9),
            Shaped::exponential(),
        ];
        let laws = [
            StayLaw::Fixed(2.3),
            StayLaw::Geometric(2.3),
            StayLaw::Shaped(2.3, &shapes[3]),
            StayLaw::Shaped(2.3, &shapes[0]),
            StayLaw::Shaped(2.3, &shapes[1]),
            StayLaw::Shaped(2.3, &shapes[2]),
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
        let (shaped, residual) = (
            Shaped::gamma(k),
            QuantileTable::gamma(k + 1.0, (k + 1.0) / k),
        );
        let gamma = mean(|u| StayLaw::Shaped(m, &shaped).remaining(u, 0.5, Some(&residual)));
        assert!(
            (gamma / (m * (1.0 + 1.0 / k) / 2.0) - 1.0).abs() < 1e-3,
            "gamma {gamma}"
        );
        let memoryless = Shaped::weibull(1.0);
        let weibull = mean(|u| StayLaw::Shaped(m, &memoryless).remaining(u, 0.5, None));
        assert!(
            (weibull / m - 1.0).abs() < 1e-3,
            "weibull of shape 1 is memoryless: {weibull}"
        );
    }

    #[test]
    fn whole_steps_keep_the_mean_and_the_order() {
        // Null: mean 0.37 exactly; n = 100,000 gives sd 0.0015; alpha 1e-5 is 4.42 sd.
        let n = 100_000;
        let sum: i32 = (0..n)
            .map(|i| whole_steps(0.37, Key::new(1).with(i).uniform()))
            .sum();
        assert!((f64::from(sum) / n as f64 - 0.37).abs() < 4.42 * 0.0015);
        for i in 0..1000 {
            let u = Key::new(2).with(i).uniform();
            assert!(whole_steps(1.2, u) <= whole_steps(1.9, u));
        }
    }

    #[test]
    fn a_list_gives_the_same_months_from_its_cells_on() {
        let weights = (0..90).map(|i| (i / 2, f64::from(i * 7 % 11)));
        for gone in [
            listed(weights),
            listed([(5, 2.0)].into_iter()),
            listed(std::iter::empty()),
        ] {
            let list = Listed::new(gone);
            for i in 0..20_000 {
                // Where cells begin and end is looked at too.
                let u = match i % 3 {
                    0 => (f64::from(i % 64) / 64.0).max(1e-16),
                    1 => f64::from(i % 64 + 1) / 64.0 - 1e-16,
                    _ => Key::new(8).with(i as u64).uniform(),
                };
                let cell = ((u * N_BEGINS as f64) as usize).min(N_BEGINS - 1);
                let expected = listed_at(list.gone(), u) as i32;
                assert_eq!(list.steps_at(cell, u), expected, "u {u}");
            }
        }
    }

    #[test]
    fn guides_give_the_same_months_as_the_law_itself() {
        let exponential = Arc::new(Shaped::exponential());
        let cell = |u: f64| (u * N_GUIDES as f64) as usize;
        let at = Key::new(5).with(6);
        assert_eq!(cell_of(at), cell(at.uniform()));
        for shaped in [
            Shaped::gamma(0.4),
            Shaped::gamma(8.0),
            Shaped::weibull(0.6),
            Shaped::lognormal(1.3),
        ] {
            for i in 0..100_000u64 {
                let (u, round) = (Key::new(3).with(i).uniform(), Key::new(4).with(i).uniform());
                // The ends of the unit interval and a wide range of means are looked at too.
                let u = match i % 50 {
                    0 => u * 1e-15,
                    1 => (1.0 - u * 1e-15).min(1.0 - 1.2e-16),
                    _ => u,
                };
                let mean = 0.05 * (1.0 + (i % 97) as f64).powi(2);
                assert_eq!(
                    shaped.steps_at(mean, (cell(u), || u), round),
                    whole_steps(shaped.length(mean, u), round),
                    "u {u}"
                );
                let waits = Geometric::new(mean, &exponential);
                let steps = waits.steps_at(cell(u), || u);
                assert_eq!(f64::from(steps), geometric(mean, u), "u {u}");
            }
        }
    }
}
