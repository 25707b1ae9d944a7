//! What is forecast of one value: a distribution that can be asked and scored.

use std::f64::consts::{FRAC_1_SQRT_2, PI};

use crate::random::normal_quantile;

/// The distribution of one future value, in the panel's unit.
#[derive(Debug, Clone, PartialEq)]
pub enum Predictive {
    /// A normal distribution; with `sd` 0 a point.
    Normal {
        /// Its mean.
        mean: f64,
        /// Its standard deviation, 0 or more.
        sd: f64,
    },
    /// Evenly weighted values in rising order; at least one, none of them NaN.
    Sample(Vec<f64>),
}

/// No probability of what was recorded is taken for less than this.
const LEAST_PROBABILITY: f64 = 1e-10;

impl Predictive {
    /// The mean.
    pub fn mean(&self) -> f64 {
        match self {
            Predictive::Normal { mean, .. } => *mean,
            Predictive::Sample(values) => values.iter().sum::<f64>() / values.len() as f64,
        }
    }

    /// The median.
    pub fn median(&self) -> f64 {
        self.quantile(0.5)
    }

    /// The quantile at `level`, strictly between 0 and 1; of a sample, by linear interpolation between the values
    /// (definition 7 of Hyndman and Fan 1996, doi 10.2307/2684934).
    pub fn quantile(&self, level: f64) -> f64 {
        match self {
            // The inverted normal law is only nearly 0 there.
            Predictive::Normal { mean, .. } if level == 0.5 => *mean,
            Predictive::Normal { mean, sd } => mean + sd * normal_quantile(level),
            Predictive::Sample(values) => {
                let at = level * (values.len() - 1) as f64;
                let low = values[at as usize];
                let high = values[(at as usize + 1).min(values.len() - 1)];
                low + (high - low) * at.fract()
            }
        }
    }

    /// The probability of a value of at most `x`.
    pub fn cdf(&self, x: f64) -> f64 {
        match self {
            Predictive::Normal { mean, sd } if *sd > 0.0 => normal_cdf((x - mean) / sd),
            Predictive::Normal { mean, .. } => f64::from(u8::from(*mean <= x)),
            Predictive::Sample(values) => {
                share(values.partition_point(|value| *value <= x), values)
            }
        }
    }

    /// The probability of a value below `x`.
    pub fn below(&self, x: f64) -> f64 {
        match self {
            Predictive::Normal { mean, sd } if *sd == 0.0 => f64::from(u8::from(*mean < x)),
            Predictive::Normal { .. } => self.cdf(x),
            Predictive::Sample(values) => share(values.partition_point(|value| *value < x), values),
        }
    }

    /// The continuous ranked probability score against `recorded`, in the unit of the values; smaller is better.
    ///
    /// For a normal distribution the closed form, for a sample that of its empirical distribution: Gneiting and
    /// Raftery 2007, doi 10.1198/016214506000001437, sections 4.2 and 4.1.
    pub fn crps(&self, recorded: f64) -> f64 {
        match self {
            Predictive::Normal { mean, sd } if *sd > 0.0 => {
                let z = (recorded - mean) / sd;
                sd * (z * (2.0 * normal_cdf(z) - 1.0) + 2.0 * normal_density(z) - 1.0 / PI.sqrt())
            }
            Predictive::Normal { mean, .. } => (recorded - mean).abs(),
            Predictive::Sample(values) => {
                let n = values.len() as f64;
                let distance = values.iter().map(|x| (x - recorded).abs()).sum::<f64>() / n;
                // Between sorted values the i-th gap is crossed by i + 1 values from below and the others from above.
                let gaps = values.windows(2).enumerate();
                let spread: f64 = gaps
                    .map(|(i, pair)| (i + 1) as f64 * (n - (i + 1) as f64) * (pair[1] - pair[0]))
                    .sum();
                distance - spread / (n * n)
            }
        }
    }

    /// Minus the natural logarithm of the probability of what was recorded, to within half a `resolution` (above 0)
    /// on either side; smaller is better. No probability is taken for less than 1e-10, so that it is at most 23.03.
    ///
    /// A value that more than the root of a sample's number share is a point. The others stand for a normal kernel each,
    /// of the width of Silverman 1986, section 3.4.2, less what the resolution itself smooths: its square is that of a
    /// uniform's spread.
    pub fn log_score(&self, recorded: f64, resolution: f64) -> f64 {
        let (low, high) = (recorded - resolution / 2.0, recorded + resolution / 2.0);
        let probability = match self {
            Predictive::Normal { mean, sd } if *sd > 0.0 => {
                between((low - mean) / sd, (high - mean) / sd)
            }
            Predictive::Normal { .. } => self.below(high) - self.below(low),
            Predictive::Sample(values) => smoothed(values, (low, high)),
        };
        -probability.max(LEAST_PROBABILITY).ln()
    }
}

/// The probability of a value from `low` to below `high` by sorted values, smoothed but for points.
fn smoothed(values: &[f64], (low, high): (f64, f64)) -> f64 {
    let n = values.len() as f64;
    let equal = || values.chunk_by(|a, b| a == b);
    let is_point = |equal: &&[f64]| equal.len() as f64 > n.sqrt();
    let is_inside = |x: &f64| f64::from(u8::from(low <= *x && *x < high));
    let points: f64 = equal()
        .filter(is_point)
        .map(|equal| equal.len() as f64 * is_inside(&equal[0]))
        .sum();
    let others: Vec<f64> = equal()
        .filter(|e| !is_point(e))
        .flatten()
        .copied()
        .collect();
    let square = bandwidth(&others).powi(2) - (high - low).powi(2) / 12.0;
    let width = square.max(0.0).sqrt();
    let near = |x: &f64| match width > 0.0 {
        true => between((low - x) / width, (high - x) / width),
        false => is_inside(x),
    };
    (points + others.iter().map(near).sum::<f64>()) / n
}

fn share(n: usize, values: &[f64]) -> f64 {
    n as f64 / values.len() as f64
}

/// The probability that a standard normal value lies between two numbers, exact in either tail.
fn between(low: f64, high: f64) -> f64 {
    if low > 0.0 {
        normal_cdf(-low) - normal_cdf(-high)
    } else {
        normal_cdf(high) - normal_cdf(low)
    }
}

fn normal_cdf(z: f64) -> f64 {
    0.5 * libm::erfc(-z * FRAC_1_SQRT_2)
}

fn normal_density(z: f64) -> f64 {
    libm::exp(-0.5 * z * z) / (2.0 * PI).sqrt()
}

/// Silverman's width of a kernel for sorted values: 0.9 times the smaller of the standard deviation and the
/// interquartile range over 1.34, times the fifth root of one over their number; 0 for none.
fn bandwidth(values: &[f64]) -> f64 {
    if values.is_empty() {
        return 0.0;
    }
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let sd = (values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n).sqrt();
    let quartile = |share: f64| values[(share * (n - 1.0)) as usize];
    let range = (quartile(0.75) - quartile(0.25)) / 1.34;
    0.9 * sd.min(range) * n.powf(-0.2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_has_all_of_its_probability_where_it_is() {
        let point = Predictive::Normal { mean: 5.0, sd: 0.0 };
        assert_eq!(point.log_score(5.0, 1.0), 0.0);
        // From 5 to below 6, and from 4 to below 5.
        assert_eq!(point.log_score(5.5, 1.0), 0.0);
        assert_eq!(point.log_score(4.5, 1.0), -LEAST_PROBABILITY.ln());
    }
}
