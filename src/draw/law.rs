//! The laws that cells are drawn from, each sampled by inverting one uniform.

use crate::compile::Law;
use crate::random::normal_quantile;
use statrs::distribution::{Beta, Continuous, ContinuousCDF, Gamma};

/// The quantile of a law at `u` in (0, 1).
///
/// The beta and gamma inverses are found by Newton's method on the distribution function of `statrs`, whose own
/// inverses can fail for extreme arguments, within bounds that halve where a step would leave them.
pub fn quantile(law: Law, u: f64) -> f64 {
    match law {
        Law::Fixed => f64::NAN,
        Law::Beta(a, b) => match Beta::new(a, b) {
            Ok(beta) => {
                let (mean, n) = (a / (a + b), a + b);
                let sd = (mean * (1.0 - mean) / (n + 1.0)).sqrt();
                let start = mean + sd * normal_quantile(u);
                let slope = |x| beta.pdf(x);
                solve(u, |x| beta.cdf(x), slope, start, (0.0, 1.0))
            }
            Err(_) => a / (a + b),
        },
        Law::Gamma(shape, mean) => mean * gamma_quantile(shape, u),
        Law::LogNormal(mean, sd) | Law::Walk(mean, sd) => (mean + sd * normal_quantile(u)).exp(),
        Law::LogitNormal(mean, sd) => 1.0 / (1.0 + (-(mean + sd * normal_quantile(u))).exp()),
        Law::Normal(mean, sd) => mean + sd * normal_quantile(u),
        Law::Uniform(low, high) => low + (high - low) * u,
    }
}

/// The quantile at `u` of the gamma distribution with this shape and mean 1.
pub fn gamma_quantile(shape: f64, u: f64) -> f64 {
    let Ok(gamma) = Gamma::new(shape, shape) else {
        return 1.0;
    };
    let mut high = 2.0;
    while gamma.cdf(high) < u && high < 1e9 {
        high *= 2.0;
    }
    // Wilson and Hilferty 1931: the cube root of a gamma is nearly normal.
    let spread = 1.0 / (9.0 * shape);
    let start = (1.0 - spread + spread.sqrt() * normal_quantile(u)).powi(3);
    solve(u, |x| gamma.cdf(x), |x| gamma.pdf(x), start, (0.0, high))
}

/// The quantiles of the gamma distribution with this shape and mean 1 at rising levels: Newton's method on the
/// logarithm, kept between bounds. Where levels are evenly spaced in some score, the logarithms lie on a smooth curve,
/// so that each search begins where the last three point to.
pub fn gamma_quantiles(shape: f64, levels: impl Iterator<Item = f64>) -> Vec<f64> {
    let Ok(gamma) = Gamma::new(shape, shape) else {
        return levels.map(|_| 1.0).collect();
    };
    let mut logs: Vec<f64> = Vec::new();
    for u in levels {
        // Near nought the distribution function is (shape x)^shape / Gamma(shape + 1), and never above it.
        let small = (u.ln() + libm::lgamma(shape + 1.0)) / shape - shape.ln();
        let lowest = logs.last().map_or(small, |last| last.max(small));
        let start = match logs[..] {
            [.., a, b, c] => (a - 3.0 * b + 3.0 * c).max(lowest),
            _ => lowest,
        };
        logs.push(newton(&gamma, u, start, lowest - 1e-9));
    }
    logs.into_iter().map(f64::exp).collect()
}

/// The logarithm of the quantile at `u`, from a start, where it is not below `low`.
fn newton(gamma: &Gamma, u: f64, start: f64, mut low: f64) -> f64 {
    let (mut high, mut log) = (f64::INFINITY, start);
    for _ in 0..100 {
        let x = log.exp();
        let miss = gamma.cdf(x) - u;
        if miss < 0.0 {
            low = low.max(log);
        } else {
            high = high.min(log);
        }
        let slope = gamma.pdf(x) * x;
        let step = miss / slope;
        let next = log - step;
        // The error after a step is of the order of its square.
        if step.abs() < 1e-7 {
            return next;
        }
        let inside = slope > 0.0 && next > low && next < high;
        log = match (inside, high.is_finite()) {
            (true, _) => next.min(log + 2.0),
            (false, true) => 0.5 * (low + high),
            (false, false) => log + 1.0,
        };
    }
    log
}

/// Where a rising function between bounds reaches `u`, from a start: Newton's method, and halving where it fails.
fn solve(
    u: f64,
    cdf: impl Fn(f64) -> f64,
    slope: impl Fn(f64) -> f64,
    start: f64,
    (mut low, mut high): (f64, f64),
) -> f64 {
    let is_inside = |x: f64, low: f64, high: f64| x > low && x < high;
    let mut x = match is_inside(start, low, high) {
        true => start,
        false => 0.5 * (low + high),
    };
    for _ in 0..200 {
        let miss = cdf(x) - u;
        if miss < 0.0 {
            low = x;
        } else {
            high = x;
        }
        let next = x - miss / slope(x);
        let next = match is_inside(next, low, high) {
            true => next,
            false => 0.5 * (low + high),
        };
        let is_found = (next - x).abs() <= 1e-14 * x;
        x = next;
        if is_found || !is_inside(x, low, high) {
            break;
        }
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_invert_their_distribution_functions() {
        for (a, b) in [(61.5, 79.5), (0.5, 20.5), (2000.5, 9000.5)] {
            let beta = Beta::new(a, b).unwrap();
            for u in [0.0001, 0.025, 0.5, 0.975, 0.9999] {
                assert!(
                    (beta.cdf(quantile(Law::Beta(a, b), u)) - u).abs() < 1e-9,
                    "beta {a} {b} {u}"
                );
            }
        }
        assert!((quantile(Law::LogNormal(0.0, 0.1), 0.5) - 1.0).abs() < 1e-12);
        assert!(
            (quantile(Law::LogNormal(0.0, 1.0), 0.975) - 1.959_963_984_540_054_f64.exp()).abs()
                < 1e-9
        );
        assert!((quantile(Law::LogitNormal(0.0, 1.0), 0.5) - 0.5).abs() < 1e-12);
        // The median of a gamma with shape 1 (an exponential of mean 1) is ln 2.
        assert!((gamma_quantile(1.0, 0.5) - std::f64::consts::LN_2).abs() < 1e-9);
        for shape in [0.05, 0.4, 1.0, 3.7, 40.0, 900.0] {
            let levels = [1e-9, 0.001, 0.2, 0.5, 0.9, 0.999, 1.0 - 1e-9];
            for (u, quick) in levels
                .into_iter()
                .zip(gamma_quantiles(shape, levels.into_iter()))
            {
                let slow = gamma_quantile(shape, u);
                assert!(
                    (quick / slow - 1.0).abs() < 1e-6 || slow < 1e-12,
                    "shape {shape} u {u}: {quick} {slow}"
                );
            }
        }
    }
}
