//! How sure a number is that was read off finitely many draws: its Monte Carlo error, and the interval that covers what
//! infinitely many draws would show in 95 of 100 runs. What is uncertain in the world is another matter: that is told by
//! the quantiles over the draws.

use super::choice::{difference, mean};
use crate::summarise::Estimate;

/// How sure a number is; not a number where nothing can be said, as with a single draw.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Certainty {
    /// The standard error from the finite number of draws.
    pub mc_error: f64,
    /// From where to where 95 of 100 runs would have it, with as many draws and another seed.
    pub interval: [f64; 2],
}

/// Half the width of a 95% interval in standard errors.
const Z: f64 = 1.959_963_984_540_054;

impl Certainty {
    /// Nothing can be said.
    pub const NONE: Certainty = Certainty {
        mc_error: f64::NAN,
        interval: [f64::NAN; 2],
    };

    /// Of a worth, which is never below 0: the mean and 1.96 errors about it.
    pub fn of_worth(worth: &Estimate) -> Certainty {
        let told = Certainty::of_mean(worth);
        Certainty {
            interval: told.interval.map(|end| if end < 0.0 { 0.0 } else { end }),
            ..told
        }
    }

    /// Of a mean: 1.96 errors about it.
    pub fn of_mean(mean: &Estimate) -> Certainty {
        let (value, error) = (mean.mean, mean.mc_error);
        match error.is_finite() {
            true => Certainty {
                mc_error: error,
                interval: [value - Z * error, value + Z * error],
            },
            false => Certainty::NONE,
        }
    }

    /// Of a share of so many draws (Wilson 1927, "Probable inference, the law of succession, and statistical inference"),
    /// which says something where the share is 0 or 1 too.
    pub fn of_share(share: f64, n_draws: usize) -> Certainty {
        if n_draws < 2 || !share.is_finite() {
            return Certainty::NONE;
        }
        let n = n_draws as f64;
        let middle = (share + Z * Z / (2.0 * n)) / (1.0 + Z * Z / n);
        let half = Z
            * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n))
                .max(0.0)
                .sqrt()
            / (1.0 + Z * Z / n);
        Certainty {
            mc_error: (share * (1.0 - share) / n).max(0.0).sqrt(),
            interval: [(middle - half).max(0.0), (middle + half).min(1.0)],
        }
    }

    /// Of the ratio of two means over the same draws: the error by the delta method, the interval by Fieller's theorem
    /// (Fieller 1954, "Some problems in interval estimation"). Where what is divided by cannot be told from 0 at 95%, no
    /// interval has two ends and none is given.
    pub fn of_ratio(over: &[f64], under: &[f64]) -> Certainty {
        let n = over.len() as f64;
        if over.len() < 2 {
            return Certainty::NONE;
        }
        let (a, b) = (mean(over), mean(under));
        let ratio = a / b;
        let centred = |values: &[f64], middle: f64| -> Vec<f64> {
            values.iter().map(|value| value - middle).collect()
        };
        let (x, y) = (centred(over, a), centred(under, b));
        let product =
            |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| x * y).sum::<f64>() / (n - 1.0) / n;
        let scaled: Vec<f64> = y.iter().map(|y| ratio * y).collect();
        let residuals = difference(&x, &scaled);
        let error = product(&residuals, &residuals).sqrt() / b.abs();
        let (aa, ab, bb) = (product(&x, &x), product(&x, &y), product(&y, &y));
        // The ratios r at which a - r b is not told from 0: a quadratic in r.
        let (two, one, none) = (b * b - Z * Z * bb, a * b - Z * Z * ab, a * a - Z * Z * aa);
        let root = (one * one - two * none).max(0.0).sqrt();
        let is_told = two > 0.0;
        Certainty {
            mc_error: if error.is_finite() { error } else { f64::NAN },
            interval: match is_told {
                true => [(one - root) / two, (one + root) / two],
                false => [f64::NAN; 2],
            },
        }
    }

    /// Of a correlation of ranks: by Fisher's transformation, with the variance that Fieller, Hartley and Pearson (1957,
    /// "Tests for rank correlation coefficients") found for ranks, 1.06 / (n - 3).
    pub fn of_rank_correlation(correlation: f64, n_draws: usize) -> Certainty {
        if n_draws < 4 || !correlation.is_finite() {
            return Certainty::NONE;
        }
        let spread = (1.06 / (n_draws as f64 - 3.0)).sqrt();
        let at = correlation.clamp(-1.0, 1.0).atanh();
        let end = |sign: f64| match at.is_finite() {
            true => (at + sign * Z * spread).tanh(),
            false => correlation,
        };
        Certainty {
            mc_error: (1.0 - correlation * correlation).max(0.0) * spread,
            interval: [end(-1.0), end(1.0)],
        }
    }

    /// Of the square of such a correlation.
    pub(super) fn error_of_square(correlation: f64, n_draws: usize) -> f64 {
        2.0 * correlation.abs() * Certainty::of_rank_correlation(correlation, n_draws).mc_error
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: f64, expected: f64, slack: f64) {
        assert!(
            (found - expected).abs() <= slack,
            "{found} is not {expected}"
        );
    }

    #[test]
    fn a_share_has_the_interval_of_wilson() {
        // 15 of 50: the roots of (0.3 - p)^2 = 1.96^2 p (1 - p) / 50.
        let told = Certainty::of_share(0.3, 50);
        close(told.interval[0], 0.191036, 1e-6);
        close(told.interval[1], 0.437504, 1e-6);
        close(told.mc_error, (0.21_f64 / 50.0).sqrt(), 1e-12);
        let never = Certainty::of_share(0.0, 100);
        assert!(never.interval[0] < 1e-12 && never.interval[1] > 0.03 && never.interval[1] < 0.04);
        assert!(Certainty::of_share(1.0, 1).mc_error.is_nan());
    }

    #[test]
    fn a_worth_is_a_mean_that_is_never_below_nothing() {
        let of = |mean, mc_error| {
            let worth = Estimate {
                mc_error,
                ..Estimate::point(mean)
            };
            Certainty::of_worth(&worth)
        };
        close(of(5.0, 1.0).interval[0], 5.0 - 1.959964, 1e-6);
        close(of(5.0, 1.0).interval[1], 5.0 + 1.959964, 1e-6);
        assert_eq!(of(1.0, 2.0).interval[0], 0.0);
        close(of(1.0, 2.0).interval[1], 1.0 + 2.0 * 1.959964, 1e-5);
        close(of(1.0, 2.0).mc_error, 2.0, 1e-12);
        assert!(of(1.0, f64::NAN).interval[0].is_nan());
    }

    #[test]
    fn a_ratio_of_equal_draws_is_sure_and_one_over_nothing_is_not() {
        let draws = [1.0, 2.0, 4.0, 5.0];
        let twice: Vec<f64> = draws.iter().map(|draw| 2.0 * draw).collect();
        let told = Certainty::of_ratio(&twice, &draws);
        close(told.mc_error, 0.0, 1e-12);
        close(told.interval[0], 2.0, 1e-6);
        close(told.interval[1], 2.0, 1e-6);
        let nothing = Certainty::of_ratio(&draws, &[1.0, -1.0, 1.0, -1.1]);
        assert!(nothing.interval[0].is_nan());
        // Against a constant the ratio is the mean over it.
        let told = Certainty::of_ratio(&draws, &[2.0; 4]);
        let error = Estimate::of_column(&mut draws.to_vec()).mc_error / 2.0;
        close(told.mc_error, error, 1e-12);
        close(told.interval[1], 1.5 + Z * error, 1e-9);
    }

    #[test]
    fn a_correlation_stays_within_one() {
        let told = Certainty::of_rank_correlation(0.9, 50);
        assert!(told.interval[0] > 0.8 && told.interval[1] < 1.0);
        assert_eq!(
            Certainty::of_rank_correlation(-1.0, 50).interval,
            [-1.0, -1.0]
        );
        assert!(Certainty::of_rank_correlation(0.5, 3).mc_error.is_nan());
    }
}
