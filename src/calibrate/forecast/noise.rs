//! What lies between a rate and what is recorded.

use super::luck::Luck;
use crate::random::{Key, normal_quantile, poisson_quantile};

/// The noise of one value in every future.
pub(super) struct Noise<'a> {
    of_count: Box<dyn Fn(usize) -> f64 + 'a>,
    within: Box<dyn Fn(usize) -> f64 + 'a>,
}

/// From how many counts on a Poisson law is taken for a normal one.
const MANY: f64 = 200.0;

impl<'a> Noise<'a> {
    /// The luck at an address.
    pub fn of(luck: &'a Luck, key: Key) -> Noise<'a> {
        Noise {
            of_count: Box::new(luck.dimension(key.named("count"))),
            within: Box::new(luck.dimension(key.named("within"))),
        }
    }

    /// A value, 0 or more, about a mean, with a variance of `dispersion` (above 0) times the mean: `dispersion` times a
    /// Poisson count (quasi-Poisson: Wedderburn 1974). Values are spread evenly between counts, so that intervals of
    /// small counts hold as much as they say and not the whole count at either end.
    pub fn about(&self, mean: f64, dispersion: f64, future: usize) -> f64 {
        let scaled = mean / dispersion;
        let u = (self.of_count)(future);
        let count = if scaled < MANY {
            poisson_quantile(u, scaled) as f64
        } else {
            scaled + scaled.sqrt() * normal_quantile(u)
        };
        (dispersion * (count + (self.within)(future) - 0.5)).max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::super::luck::N_FUTURES;
    use super::*;

    /// The same future has the same luck whatever its mean is, of few and of many.
    #[test]
    fn more_luck_is_a_higher_value() {
        let luck = Luck::new();
        let noise = Noise::of(&luck, Key::new(3));
        let luckiest = (0..N_FUTURES).max_by(|a, b| {
            let of = |future: &usize| (noise.of_count)(*future);
            of(a).total_cmp(&of(b))
        });
        for mean in [3.0, 5000.0] {
            let values: Vec<f64> = (0..N_FUTURES).map(|f| noise.about(mean, 1.0, f)).collect();
            let most = values.iter().copied().fold(0.0, f64::max);
            let found = luckiest.map_or(0.0, |future| values[future]);
            assert!(most - found <= 1.0, "{mean}: {found}, {most}");
        }
    }

    #[test]
    fn the_variance_is_the_dispersion_times_the_mean() {
        let luck = Luck::new();
        for (mean, dispersion) in [(3.0, 1.0), (40.0, 4.0), (900.0, 1.0), (5000.0, 0.5)] {
            let noise = Noise::of(&luck, Key::new(3));
            let values: Vec<f64> = (0..N_FUTURES)
                .map(|future| noise.about(mean, dispersion, future))
                .collect();
            let found = values.iter().sum::<f64>() / N_FUTURES as f64;
            let square = values.iter().map(|v| (v - found).powi(2)).sum::<f64>();
            let variance = square / N_FUTURES as f64;
            // Strata leave almost nothing to chance: both come out to within 4%.
            assert!((found / mean - 1.0).abs() < 0.02, "{mean}: {found}");
            let ratio = variance / (dispersion * mean);
            assert!((ratio - 1.0).abs() < 0.04, "{mean}: {ratio}");
        }
    }
}
