//! What is believed of a rate, and the gamma law by which it is matched.

use super::settings::Setting;

/// What is believed of the logarithm of a rate after the last period: means and covariance of level and slope, and how
/// likely it is that the level has just jumped.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Belief {
    pub level: f64,
    pub slope: f64,
    pub level_variance: f64,
    pub covariance: f64,
    pub slope_variance: f64,
    /// 0 to 1, less by the period since.
    pub unrest: f64,
    /// How likely it is that the last value lay apart from its rate, 0 to 1.
    pub doubt: f64,
}

impl Belief {
    /// One period on.
    pub fn after_a_period(&self, setting: &Setting) -> Belief {
        let damping = setting.damping;
        Belief {
            level: self.level + self.slope,
            slope: damping * self.slope,
            level_variance: self.level_variance
                + 2.0 * self.covariance
                + self.slope_variance
                + setting.level_sd.powi(2),
            covariance: damping * (self.covariance + self.slope_variance),
            slope_variance: damping.powi(2) * self.slope_variance + setting.slope_sd.powi(2),
            unrest: self.unrest,
            doubt: self.doubt,
        }
    }
}

/// One belief with the mean and the covariance of a mixture of them.
pub(super) fn merge(parts: &[(Belief, f64)]) -> Belief {
    let mean =
        |of: &dyn Fn(&Belief) -> f64| -> f64 { parts.iter().map(|(part, w)| w * of(part)).sum() };
    let (level, slope) = (mean(&|b| b.level), mean(&|b| b.slope));
    Belief {
        level,
        slope,
        level_variance: mean(&|b| b.level_variance + (b.level - level).powi(2)),
        covariance: mean(&|b| b.covariance + (b.level - level) * (b.slope - slope)),
        slope_variance: mean(&|b| b.slope_variance + (b.slope - slope).powi(2)),
        unrest: 0.0,
        doubt: 0.0,
    }
}

/// The shape of the gamma law whose logarithm has this variance, above 0.
pub(super) fn shape_of(variance: f64) -> f64 {
    // trigamma(shape) = 1/shape + 1/(2 shape^2) nearly, if the shape is not small.
    let mut shape = (1.0 + (1.0 + 2.0 * variance).sqrt()) / (2.0 * variance);
    if variance > 0.2 {
        // Newton's method on the logarithm of trigamma, which is nearly straight in the logarithm of the shape.
        for _ in 0..3 {
            let (of, step) = (trigamma(shape), 1e-4 * shape);
            let slope = (trigamma(shape + step) - of) / step;
            shape *= ((variance / of).ln() * of / (slope * shape)).exp();
        }
    }
    shape
}

/// The second derivative of the logarithm of the gamma function, for `x` above 0.
pub(super) fn trigamma(x: f64) -> f64 {
    LogGamma::at(x).second
}

/// The logarithm of the gamma function and its first two derivatives at one point.
#[derive(Debug, Clone, Copy)]
pub(super) struct LogGamma {
    pub value: f64,
    pub first: f64,
    pub second: f64,
}

impl LogGamma {
    /// For `x` above 0: Abramowitz and Stegun 1964, 6.1.41, 6.3.18 and 6.4.12, after steps up to 8 or more by 6.1.15,
    /// 6.3.5 and 6.4.6; to twelve digits. All three in one, because they share their logarithm and their steps.
    pub fn at(x: f64) -> LogGamma {
        let (mut x, mut product, mut first, mut second) = (x, 1.0, 0.0, 0.0);
        while x < 8.0 {
            let inverse = 1.0 / x;
            product *= x;
            first -= inverse;
            second += inverse * inverse;
            x += 1.0;
        }
        let (inverse, log) = (1.0 / x, x.ln());
        let y = inverse * inverse;
        let of_value = 1.0 / 12.0
            - y * (1.0 / 360.0 - y * (1.0 / 1260.0 - y * (1.0 / 1680.0 - y * (1.0 / 1188.0))));
        let of_first = 1.0 / 12.0
            - y * (1.0 / 120.0 - y * (1.0 / 252.0 - y * (1.0 / 240.0 - y * (1.0 / 132.0))));
        let of_second =
            1.0 / 6.0 - y * (1.0 / 30.0 - y * (1.0 / 42.0 - y * (1.0 / 30.0 - y * 5.0 / 66.0)));
        let stepped = if product == 1.0 { 0.0 } else { product.ln() };
        LogGamma {
            value: (x - 0.5) * log - x + HALF_LOG_2_PI + of_value * inverse - stepped,
            first: first + log - 0.5 * inverse - of_first * y,
            second: second + inverse + 0.5 * y + of_second * inverse * y,
        }
    }
}

/// Half the logarithm of twice pi.
const HALF_LOG_2_PI: f64 = 0.918_938_533_204_672_8;

#[cfg(test)]
mod tests {
    use std::f64::consts::PI;

    use statrs::function::gamma::digamma;

    use super::*;

    #[test]
    fn beliefs_merge_into_one_with_the_moments_of_their_mixture() {
        let part = |level, slope| Belief {
            level,
            slope,
            level_variance: 0.5,
            covariance: 0.1,
            slope_variance: 0.2,
            unrest: 0.7,
            doubt: 0.3,
        };
        let merged = merge(&[(part(1.0, 4.0), 0.25), (part(5.0, 2.0), 0.75)]);
        let found = [
            merged.level,
            merged.slope,
            merged.level_variance,
            merged.covariance,
            merged.slope_variance,
        ];
        // Means 4 and 2.5; between the parts variances of 3 and 0.75, and a covariance of -1.5.
        let expected = [4.0, 2.5, 3.5, -1.4, 0.95];
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-12, "{merged:?}");
        }
        assert_eq!([merged.unrest, merged.doubt], [0.0, 0.0]);
    }

    #[test]
    fn trigamma_at_known_points() {
        assert!((trigamma(1.0) - PI * PI / 6.0).abs() < 1e-10);
        assert!((trigamma(0.5) - PI * PI / 2.0).abs() < 1e-10);
        assert!((trigamma(20.0) - 0.051_270_822_935_203_1).abs() < 1e-12);
    }

    #[test]
    fn logarithms_of_gamma_are_as_another_library_has_them() {
        for x in [1e-3, 0.2, 1.0, 1.5, 7.9, 8.0, 30.0, 1e3, 1e6] {
            let found = LogGamma::at(x);
            let scale = |value: f64| 1e-11 * value.abs().max(1.0);
            let (value, first) = (statrs::function::gamma::ln_gamma(x), digamma(x));
            assert!((found.value - value).abs() < scale(value), "{x}: {found:?}");
            assert!((found.first - first).abs() < scale(first), "{x}: {found:?}");
        }
    }
}
