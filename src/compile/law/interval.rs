//! The 95% interval of a law, as tables show it.

use crate::compile::Law;
use crate::random::normal_quantile;

/// The 95% interval of a law.
pub(in crate::compile) fn interval(law: Law) -> Option<(f64, f64)> {
    let z = normal_quantile(0.975);
    let logistic = |x: f64| 1.0 / (1.0 + (-x).exp());
    Some(match law {
        Law::Fixed => return None,
        Law::LogNormal(mean, sd) | Law::Walk(mean, sd) => {
            ((mean - z * sd).exp(), (mean + z * sd).exp())
        }
        Law::LogitNormal(mean, sd) => (logistic(mean - z * sd), logistic(mean + z * sd)),
        Law::Normal(mean, sd) => (mean - z * sd, mean + z * sd),
        Law::Uniform(low, high) => (low + 0.025 * (high - low), high - 0.025 * (high - low)),
        Law::Beta(a, b) => {
            let below = |x: f64| statrs::function::beta::checked_beta_reg(a, b, x).unwrap_or(x);
            let sd = (a * b / (a + b + 1.0)).sqrt() / (a + b);
            search(below, (a / (a + b), sd), 1.0)
        }
        Law::Gamma(shape, mean) => {
            let below = |x: f64| {
                statrs::function::gamma::checked_gamma_lr(
                    shape,
                    (x * shape / mean).max(f64::MIN_POSITIVE),
                )
                .unwrap_or(1.0)
            };
            if mean <= 0.0 {
                return Some((0.0, 0.0));
            }
            search(
                below,
                (mean, mean / shape.sqrt()),
                mean * (20.0 + 40.0 / shape),
            )
        }
    })
}

/// Shapes above this are so narrow that the normal law serves, and the incomplete beta function loses digits.
const NARROW: f64 = 5e-3;

/// The two quantiles of a rising distribution function on 0 to `most`, to four figures, which is what a table shows.
fn search(below: impl Fn(f64) -> f64, (mean, sd): (f64, f64), most: f64) -> (f64, f64) {
    let z = normal_quantile(0.975);
    if sd < NARROW * mean.min((most - mean).max(mean * f64::EPSILON)) {
        return (mean - z * sd, mean + z * sd);
    }
    let quantile = |p: f64| {
        let (mut low, mut high) = (0.0, most);
        for _ in 0..60 {
            let middle = 0.5 * (low + high);
            if below(middle) < p {
                low = middle;
            } else {
                high = middle;
            }
            if high - low <= 1e-4 * high {
                break;
            }
        }
        0.5 * (low + high)
    };
    (quantile(0.025), quantile(0.975))
}
