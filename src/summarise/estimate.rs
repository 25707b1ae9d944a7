//! One number with its uncertainty: mean, quantiles and Monte Carlo error.

use crate::simulate::Value;

/// What is expected of one value. A number that cannot be had (no draws, or no draw in which the value exists,
/// such as the wait of nobody) is NaN and is left blank in every table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The mean over the draws.
    pub mean: f64,
    /// One draw in twenty is below.
    pub p05: f64,
    /// One in four is below.
    pub p25: f64,
    /// Half are below.
    pub p50: f64,
    /// Three in four are below.
    pub p75: f64,
    /// Nineteen in twenty are below.
    pub p95: f64,
    /// The standard error of the mean from the finite number of draws.
    pub mc_error: f64,
}

impl Estimate {
    /// Nothing known.
    pub const NONE: Estimate = Estimate::point(f64::NAN);

    /// A number without a statement of uncertainty.
    pub const fn point(mean: f64) -> Estimate {
        Estimate {
            mean,
            p05: f64::NAN,
            p25: f64::NAN,
            p50: f64::NAN,
            p75: f64::NAN,
            p95: f64::NAN,
            mc_error: f64::NAN,
        }
    }

    /// Of the values of one column of the trajectories, which is reordered.
    pub(crate) fn of_column<N: Value>(column: &mut [N]) -> Estimate {
        let first = column.first().copied().unwrap_or(N::MISSING);
        if column.len() > 1 && column.iter().all(|value| *value == first) {
            return Estimate::constant(first.into());
        }
        if column.len() == 1 {
            return Estimate::point(first.into());
        }
        let n = keep_numbers(column, |value| value.is_missing());
        let values = &mut column[..n];
        let (mean, sd) = moments(values.iter().map(|value| (*value).into()));
        values.sort_unstable_by(N::order);
        Estimate::of_sorted(mean, sd, n, |i| values[i].into())
    }

    /// Of values of which the first stands for row 0: it is used only when there is no other.
    pub(crate) fn of_rows(rows: &[f64]) -> Estimate {
        if rows.len() < 2 {
            return Estimate::point(rows.first().copied().unwrap_or(f64::NAN));
        }
        let mut values: Vec<f64> = rows[1..].to_vec();
        values.retain(|value| !value.is_nan());
        let (mean, sd) = moments(values.iter().copied());
        values.sort_unstable_by(f64::total_cmp);
        Estimate::of_sorted(mean, sd, values.len(), |i| values[i])
    }

    /// The same number in every draw.
    fn constant(value: f64) -> Estimate {
        Estimate {
            mean: value,
            p05: value,
            p25: value,
            p50: value,
            p75: value,
            p95: value,
            mc_error: 0.0,
        }
    }

    fn of_sorted(mean: f64, sd: f64, n: usize, at: impl Fn(usize) -> f64) -> Estimate {
        if n == 0 {
            return Estimate::NONE;
        }
        let quantile = |p| quantile(p, n, &at);
        Estimate {
            mean,
            p05: quantile(0.05),
            p25: quantile(0.25),
            p50: quantile(0.5),
            p75: quantile(0.75),
            p95: quantile(0.95),
            mc_error: sd / (n as f64).sqrt(),
        }
    }

    /// Whether the uncertainty is stated.
    pub fn has_range(&self) -> bool {
        self.p05.is_finite() && self.p95.is_finite()
    }
}

/// The quantile `p` of `n` rising values by linear interpolation (Hyndman and Fan's type 7).
fn quantile(p: f64, n: usize, at: impl Fn(usize) -> f64) -> f64 {
    let position = (n - 1) as f64 * p;
    let below = position.floor();
    let i = below as usize;
    if i + 1 >= n {
        return at(n - 1);
    }
    at(i) + (position - below) * (at(i + 1) - at(i))
}

/// Mean and standard deviation (with n - 1), in two passes so that large levels lose no digits.
pub(super) fn moments(values: impl Iterator<Item = f64> + Clone) -> (f64, f64) {
    let n = values.clone().count() as f64;
    let mean = values.clone().sum::<f64>() / n;
    let squares: f64 = values.map(|value| (value - mean).powi(2)).sum();
    (
        mean,
        if n > 1.0 {
            (squares / (n - 1.0)).sqrt()
        } else {
            0.0
        },
    )
}

/// Moves the numbers to the front and says how many they are.
fn keep_numbers<T: Copy>(values: &mut [T], is_missing: impl Fn(&T) -> bool) -> usize {
    let mut n = 0;
    for i in 0..values.len() {
        if !is_missing(&values[i]) {
            values[n] = values[i];
            n += 1;
        }
    }
    n
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_interpolate_between_neighbours() {
        // R: quantile(c(10, 2, 7, 5), c(.05, .25, .5, .75, .95), type = 7)
        let estimate = Estimate::of_column(&mut [10.0, 2.0, 7.0, 5.0]);
        let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a} is not {b}");
        close(estimate.mean, 6.0);
        close(estimate.p05, 2.45);
        close(estimate.p25, 4.25);
        close(estimate.p50, 6.0);
        close(estimate.p75, 7.75);
        close(estimate.p95, 9.55);
        // sd = sqrt((16 + 16 + 1 + 1) / 3), over sqrt(4)
        close(estimate.mc_error, (34.0_f64 / 3.0).sqrt() / 2.0);
    }

    #[test]
    fn a_value_missing_in_some_draws_is_judged_on_the_others() {
        let estimate = Estimate::of_column(&mut [f32::NAN, 1.0, f32::NAN, 3.0]);
        assert_eq!((estimate.mean, estimate.p50), (2.0, 2.0));
        assert!(Estimate::of_column(&mut [f32::NAN, f32::NAN]).mean.is_nan());
    }

    #[test]
    fn one_row_alone_states_no_uncertainty() {
        let estimate = Estimate::of_column(&mut [4.0]);
        assert_eq!(estimate.mean, 4.0);
        assert!(!estimate.has_range());
        assert_eq!(Estimate::of_rows(&[9.0, 1.0, 3.0]).mean, 2.0);
    }
}
