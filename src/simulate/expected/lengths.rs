//! The exact law of a stay in whole steps.
//!
//! A stay of length X is rounded to `N = floor(X + U)` with U uniform, so `P(N >= k)` is the integral of the survival
//! function of X from `k - 1` to `k`: a difference of limited expected values `E[min(X, x)]`, which every law here has
//! in closed form. What is left of a stay under way has the equilibrium law, whose survival function is one minus
//! `E[min(X, x)] / E[X]`; its own limited expected values need `E[min(X, x)^2]`.

use std::sync::Arc;

use statrs::function::gamma::checked_gamma_lr;

/// A tail below this is added to the month before it.
pub(super) const SMALLEST_TAIL: f64 = 1e-13;

/// The law of a stay with its numbers filled in; lengths in steps.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Length {
    /// Never ends by itself.
    Open,
    /// Exactly this long.
    Fixed(f64),
    /// Geometric from 1 with this mean.
    Geometric(f64),
    /// Gamma with this mean and shape; the exponential is the gamma of shape 1.
    Gamma(f64, f64),
    /// Weibull with this mean and shape.
    Weibull(f64, f64),
    /// Lognormal with this mean and spread.
    LogNormal(f64, f64),
    /// Whole steps with their shares, rising.
    Listed(Arc<Vec<(usize, f64)>>),
}

impl Length {
    /// `P(N >= k)` for k from 0 until it is smaller than `smallest` (or as far as `horizon`, after which nothing is asked).
    pub fn reaches(&self, horizon: usize, smallest: f64) -> Vec<f64> {
        match *self {
            Length::Open => vec![1.0; horizon + 2],
            Length::Listed(ref shares) => tabulate((horizon, smallest), |k| {
                let later = shares.iter().filter(|(steps, _)| *steps >= k);
                later.map(|(_, share)| share).sum()
            }),
            Length::Geometric(mean) => {
                let stays = if mean <= 1.0 { 0.0 } else { 1.0 - 1.0 / mean };
                tabulate((horizon, smallest), |k| {
                    if k == 0 {
                        1.0
                    } else {
                        stays.powi(k as i32 - 1)
                    }
                })
            }
            _ => {
                let limited = |x: f64| self.limited(x);
                let mut before = 0.0;
                tabulate((horizon, smallest), |k| {
                    if k == 0 {
                        return 1.0;
                    }
                    let now = limited(k as f64);
                    let reach = now - before;
                    before = now;
                    reach
                })
            }
        }
    }

    /// The same for what is left of a stay under way in equilibrium, of which at least a month is left.
    pub fn residual_reaches(&self, horizon: usize, smallest: f64) -> Vec<f64> {
        match self {
            Length::Open => vec![1.0; horizon + 2],
            Length::Geometric(_) => self.reaches(horizon, smallest),
            Length::Listed(shares) => tabulate((horizon, smallest), |k| {
                let biased = |at: &(usize, f64)| at.0 as f64 * at.1;
                let all: f64 = shares.iter().map(biased).sum();
                if k <= 1 || all == 0.0 {
                    return f64::from(u8::from(k <= 1));
                }
                // What is left is a uniform part of a stay taken in proportion to its length, rounded up.
                let gone = (k - 1) as f64;
                let left = |at: &(usize, f64)| (1.0 - gone / at.0 as f64).max(0.0) * biased(at);
                shares.iter().filter(|at| at.0 > 0).map(left).sum::<f64>() / all
            }),
            _ => {
                let mean = self.mean();
                if mean <= 0.0 {
                    return vec![1.0, 1.0, 0.0];
                }
                let left = |x: f64| x - (x * self.limited(x) - 0.5 * self.limited_square(x)) / mean;
                let mut before = left(1.0);
                tabulate((horizon, smallest), |k| {
                    if k <= 1 {
                        return 1.0;
                    }
                    let now = left(k as f64);
                    let reach = now - before;
                    before = now;
                    reach
                })
            }
        }
    }

    fn mean(&self) -> f64 {
        match *self {
            Length::Open | Length::Listed(_) => f64::INFINITY,
            Length::Fixed(mean) | Length::Geometric(mean) => mean,
            Length::Gamma(mean, _) | Length::Weibull(mean, _) | Length::LogNormal(mean, _) => mean,
        }
    }

    /// `E[min(X, x)]`.
    fn limited(&self, x: f64) -> f64 {
        self.moment(1, x)
    }

    /// `E[min(X, x)^2]`.
    fn limited_square(&self, x: f64) -> f64 {
        self.moment(2, x)
    }

    /// `E[min(X, x)^power]`: the moment up to x, and `x^power` with the chance of getting there.
    fn moment(&self, power: i32, x: f64) -> f64 {
        let n = f64::from(power);
        if self.mean() <= 0.0 {
            return 0.0;
        }
        match *self {
            Length::Open => x.powi(power),
            Length::Fixed(length) => length.min(x).powi(power),
            // These are whole already and are never rounded.
            Length::Geometric(_) | Length::Listed(_) => f64::NAN,
            Length::Gamma(mean, shape) => {
                let z = x * shape / mean;
                let whole = (0..power).fold(1.0, |m, i| m * (shape + f64::from(i)) * mean / shape);
                whole * gamma_lr(shape + n, z) + x.powi(power) * (1.0 - gamma_lr(shape, z))
            }
            Length::Weibull(mean, shape) => {
                let scale = mean / libm::tgamma(1.0 + 1.0 / shape);
                let z = (x / scale).powf(shape);
                let whole = scale.powi(power) * libm::tgamma(1.0 + n / shape);
                whole * gamma_lr(1.0 + n / shape, z) + x.powi(power) * (-z).exp()
            }
            Length::LogNormal(mean, spread) => {
                let location = mean.ln() - 0.5 * spread * spread;
                let below =
                    |shift: f64| normal_below((x.ln() - location) / spread - shift * spread);
                let whole = (n * location + 0.5 * n * n * spread * spread).exp();
                whole * below(n) + x.powi(power) * (1.0 - below(0.0))
            }
        }
    }
}

/// The gamma distribution function with this shape and scale 1; not a number where the shape is not positive.
fn gamma_lr(shape: f64, x: f64) -> f64 {
    checked_gamma_lr(shape, x).unwrap_or(f64::NAN)
}

fn normal_below(z: f64) -> f64 {
    0.5 * libm::erfc(-z / std::f64::consts::SQRT_2)
}

/// Values that fall from 1, ended by a nought once they are too small to matter.
fn tabulate((horizon, smallest): (usize, f64), mut reach: impl FnMut(usize) -> f64) -> Vec<f64> {
    let mut reaches: Vec<f64> = Vec::new();
    for k in 0..=horizon + 1 {
        let last = reaches.last().copied().unwrap_or(1.0);
        let here = reach(k).clamp(0.0, last);
        if here < smallest {
            reaches.push(0.0);
            break;
        }
        reaches.push(here);
    }
    reaches
}

/// The law of a stay that is read anew from a table at its own uniform, by people who have been there for `age` steps:
/// those with the longer of the old stays have the longer of the new.
pub(super) fn reread(reaches: &[f64], new: &[f64], age: usize) -> Vec<f64> {
    let there = reaches.get(age).copied().unwrap_or(0.0);
    let mut read: Vec<f64> = reaches.iter().copied().take(age + 1).collect();
    read.resize(age + 1, 0.0);
    read.extend(new.iter().skip(age + 1).map(|reach| reach.min(there)));
    read.push(0.0);
    read
}

/// The law of a stay after a date that multiplies its whole length by `ratio` for people who have been there for
/// `age` months: rounded anew, and ending now where the new length has passed. `reaches` may be a part of a law: what
/// has been reached keeps its size, so everything before `age` is as it was.
pub(super) fn rescale(reaches: &[f64], age: usize, ratio: f64, horizon: usize) -> Vec<f64> {
    let at = |k: usize| reaches.get(k).copied().unwrap_or(0.0);
    let mut ends = vec![0.0; horizon + 2];
    let last = ends.len() - 1;
    let mut add = |k: usize, p: f64| ends[k.max(age).min(last)] += p;
    for k in age..reaches.len() {
        let p = at(k) - at(k + 1);
        if p <= 0.0 {
            continue;
        }
        let length = (k as f64 * ratio).min(12_000.0);
        let whole = length.floor();
        let part = length - whole;
        add(whole as usize, p * (1.0 - part));
        add(whole as usize + 1, p * part);
    }
    let mut left: f64 = at(age);
    let mut new: Vec<f64> = reaches.iter().copied().take(age + 1).collect();
    new.resize(age + 1, 0.0);
    for ended in &ends[age..last] {
        left -= ended;
        if left < SMALLEST_TAIL {
            new.push(0.0);
            return new;
        }
        new.push(left);
    }
    new
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(reaches: &[f64]) -> f64 {
        reaches.iter().skip(1).sum()
    }

    #[test]
    fn whole_steps_keep_the_mean_of_every_law() {
        let listed = Length::Listed(Arc::new(vec![(0, 0.25), (2, 0.5), (5, 0.25)]));
        let laws = [
            (Length::Fixed(2.3), 2.3),
            (Length::Geometric(2.3), 2.3),
            (Length::Gamma(2.3, 0.7), 2.3),
            (Length::Weibull(2.3, 0.8), 2.3),
            (Length::LogNormal(2.3, 0.9), 2.3),
            (listed, 2.25),
        ];
        for (law, mean) in laws {
            let found = sum(&law.reaches(12_000, SMALLEST_TAIL));
            assert!((found - mean).abs() < 1e-9, "{law:?}: {found}");
        }
    }

    #[test]
    fn what_is_left_has_the_equilibrium_mean() {
        // E[left] = E[X^2] / (2 E[X]); rounding keeps it, but for lifting what is below a step to one step, which adds
        // P(N = 0) = 1 - the integral of the survival of what is left from 0 to 1.
        for (law, second) in [
            (Length::Fixed(6.0), 36.0),
            (Length::Gamma(6.0, 2.0), 54.0),
            (Length::Weibull(6.0, 1.0), 72.0),
            (Length::LogNormal(6.0, 0.5), 36.0 * 0.25_f64.exp()),
        ] {
            let within = 1.0 - (law.limited(1.0) - 0.5 * law.limited_square(1.0)) / 6.0;
            let found = sum(&law.residual_reaches(12_000, SMALLEST_TAIL));
            let expected = second / 12.0 + (1.0 - within);
            assert!(
                (found - expected).abs() < 1e-8,
                "{law:?}: {found} {expected}"
            );
        }
        // A list: 2 or 4 steps with even chances leaves 1, 2, 3 or 4 with chances 1/3, 1/3, 1/6, 1/6.
        let left =
            Length::Listed(Arc::new(vec![(2, 0.5), (4, 0.5)])).residual_reaches(10, SMALLEST_TAIL);
        for (found, exact) in left
            .iter()
            .zip([1.0, 1.0, 2.0 / 3.0, 1.0 / 3.0, 1.0 / 6.0, 0.0])
        {
            assert!((found - exact).abs() < 1e-12, "{left:?}");
        }
    }

    #[test]
    fn a_date_cuts_whole_lengths_and_nothing_that_has_passed() {
        let four = Length::Fixed(4.0).reaches(100, SMALLEST_TAIL);
        // At half: two steps have passed already for those there for three, who leave now.
        assert_eq!(rescale(&four, 3, 0.5, 100), [1.0, 1.0, 1.0, 1.0, 0.0]);
        assert_eq!(rescale(&four, 1, 0.5, 100), [1.0, 1.0, 1.0, 0.0]);
        // Of those there for one step, half have two and half three.
        let split = rescale(&four, 1, 0.625, 100);
        assert_eq!(split, [1.0, 1.0, 1.0, 0.5, 0.0]);
    }

    #[test]
    fn a_table_read_anew_keeps_the_order_of_the_stays() {
        // Old: 2 or 6 steps; new: 1 or 4. Those there for three steps had six, and now have four.
        let old = [1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.5, 0.0];
        let new = [1.0, 1.0, 0.5, 0.5, 0.5, 0.0];
        assert_eq!(reread(&old, &new, 3), [1.0, 1.0, 1.0, 0.5, 0.5, 0.0, 0.0]);
    }
}
