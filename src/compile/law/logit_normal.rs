//! Where a logit-normal law lies whose mean is known.

use crate::random::normal_quantile;

/// The centre of a logit-normal law with this spread whose mean is `value`. The median of a small share lies below its
/// mean, and a table of many such shares would otherwise draw too many events.
pub(super) fn centre(value: f64, spread: f64) -> f64 {
    let steps = steps(spread);
    let odds = steps.map(|step| (-step).exp());
    let reach = steps[0].abs();
    let is_below = |centre: f64| {
        // With one exponential rather than one of each step, the mean is the same to 13 digits as long as none of them
        // overflows, so that the slow one is asked where the two may differ.
        if centre.abs() + reach < 700.0 {
            let scale = (-centre).exp();
            let mean = odds
                .map(|odds| 1.0 / (1.0 + scale * odds))
                .iter()
                .sum::<f64>()
                / POINTS;
            if (mean - value).abs() > 1e-12 * value {
                return mean < value;
            }
        }
        mean(&steps, centre) < value
    };
    halved(value, is_below)
}

pub(super) fn logit(p: f64) -> f64 {
    (p / (1.0 - p)).ln()
}

/// How many equally likely steps stand for a normal law.
const POINTS: f64 = 64.0;

fn steps(spread: f64) -> [f64; POINTS as usize] {
    std::array::from_fn(|i| spread * normal_quantile((i as f64 + 0.5) / POINTS))
}

/// The mean of a logit-normal law with this centre and these steps from it.
fn mean(steps: &[f64], centre: f64) -> f64 {
    let logistic = |x: f64| 1.0 / (1.0 + (-x).exp());
    let shares = steps.iter().map(|step| logistic(centre + step));
    shares.sum::<f64>() / POINTS
}

/// Where it is no longer below, to the last digit, among the centres that a share of this size may have.
fn halved(value: f64, is_below: impl Fn(f64) -> bool) -> f64 {
    let (mut low, mut high) = (logit(value) - 40.0, logit(value) + 40.0);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        let end = match is_below(middle) {
            true => &mut low,
            false => &mut high,
        };
        // Between two numbers that follow each other there is none.
        if *end == middle {
            break;
        }
        *end = middle;
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quick_mean_finds_the_same_centre_to_the_last_bit() {
        let mut n = 0;
        for spread in [1e-9, 1e-3, 0.05, 0.3, 1.0, 2.5, 6.0, 30.0, 250.0, 5e3, 1e6] {
            let steps = steps(spread);
            for near in [
                1e-320, 1e-300, 1e-80, 1e-12, 1e-5, 0.003, 0.05, 0.21, 0.5, 0.77,
            ] {
                for part in 0..40 {
                    let value = near * (1.0 + f64::from(part) / 97.0);
                    for value in [value, 1.0 - value] {
                        let slow = halved(value, |centre| mean(&steps, centre) < value);
                        let quick = centre(value, spread);
                        assert_eq!(slow.to_bits(), quick.to_bits(), "{value} {spread}");
                        n += 1;
                    }
                }
            }
        }
        assert_eq!(n, 8800);
    }

    #[test]
    fn halving_ends_where_it_ended_with_every_step() {
        let every_step = |value: f64, root: f64| {
            let (mut low, mut high) = (logit(value) - 40.0, logit(value) + 40.0);
            for _ in 0..60 {
                let middle = 0.5 * (low + high);
                if middle < root {
                    low = middle;
                } else {
                    high = middle;
                }
            }
            0.5 * (low + high)
        };
        for value in [1e-9, 0.02, 0.4, 0.5, 0.93] {
            for part in -200..200 {
                let root = logit(value) + f64::from(part) / 7.0;
                let ended = halved(value, |centre| centre < root);
                assert_eq!(ended.to_bits(), every_step(value, root).to_bits());
            }
        }
    }
}
