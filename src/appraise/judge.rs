//! Which is better, how probably, and what one more of it costs.

use crate::compile::Better;
use crate::summarise::Estimate;

/// The note of a cost for each outcome that is a saving.
pub const SAVED: &str = "pounds saved for each one that is forgone";

/// The ratio of the mean increments, with the quantiles of the draws' own ratios; nothing when a ratio has no meaning.
pub(super) fn cost_per_unit(cost: &[f64], more: &[f64]) -> (Estimate, &'static str) {
    let (costs, units) = (Estimate::of_rows(cost), Estimate::of_rows(more));
    let (low, high) = if units.has_range() {
        (units.p05, units.p95)
    } else {
        (units.mean, units.mean)
    };
    if low <= 0.0 && high >= 0.0 {
        return (
            Estimate::NONE,
            "not stated: the 90% interval of what it adds spans zero",
        );
    }
    match (costs.mean <= 0.0, units.mean > 0.0) {
        (true, true) => (
            Estimate::NONE,
            "not stated: the option dominates, achieving more at no more cost",
        ),
        (false, false) => (
            Estimate::NONE,
            "not stated: the option is dominated, achieving less at more cost",
        ),
        (is_saving, _) => {
            let ratios: Vec<_> = cost
                .iter()
                .zip(more)
                .map(|(cost, more)| cost / more)
                .collect();
            let estimate = Estimate {
                mean: costs.mean / units.mean,
                ..Estimate::of_rows(&ratios)
            };
            (
                estimate,
                if is_saving {
                    SAVED
                } else {
                    "the mean is the ratio of the means"
                },
            )
        }
    }
}

/// The share of draws above zero, ties counting half.
pub(super) fn probability(gains: &[f64]) -> Estimate {
    let draws = if gains.len() > 1 { &gains[1..] } else { gains };
    let numbers = draws.iter().filter(|gain| !gain.is_nan());
    let score: f64 = numbers
        .clone()
        .map(|gain| {
            if *gain > 0.0 {
                1.0
            } else if *gain == 0.0 {
                0.5
            } else {
                0.0
            }
        })
        .sum();
    share(score / numbers.count() as f64, gains.len())
}

pub(super) fn share(p: f64, n_rows: usize) -> Estimate {
    if n_rows < 2 {
        // One central run says which is better, not how probably.
        return Estimate::NONE;
    }
    Estimate {
        mc_error: (p * (1.0 - p) / (n_rows - 1) as f64).sqrt(),
        ..Estimate::point(p)
    }
}

/// By option: the share of draws in which it is best, ties shared.
pub(super) fn probability_best(values: &[Vec<f64>], better: Better) -> Vec<f64> {
    let sign = if better == Better::Lower { -1.0 } else { 1.0 };
    let n_rows = values.first().map_or(0, Vec::len);
    let rows = if n_rows > 1 { 1..n_rows } else { 0..n_rows };
    let n = rows.len() as f64;
    let mut wins = vec![0.0; values.len()];
    for row in rows {
        let gain = |option: usize| sign * values[option][row];
        let top = (0..values.len())
            .map(gain)
            .fold(f64::NEG_INFINITY, f64::max);
        let winners: Vec<_> = (0..values.len())
            .filter(|option| gain(*option) == top)
            .collect();
        for option in &winners {
            wins[*option] += 1.0 / winners.len() as f64;
        }
    }
    wins.iter().map(|win| win / n).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cost_per_need_is_stated_only_where_it_has_a_meaning() {
        let (estimate, _) = cost_per_unit(&[0.0, 100.0, 300.0], &[0.0, 10.0, 10.0]);
        assert_eq!(estimate.mean, 20.0);
        for (cost, more, word) in [
            ([0.0, 5.0, 5.0], [0.0, -1.0, 1.0], "spans zero"),
            ([0.0, -5.0, -5.0], [0.0, 1.0, 1.0], "dominates"),
            ([0.0, 5.0, 5.0], [0.0, -1.0, -1.0], "dominated"),
        ] {
            let (estimate, note) = cost_per_unit(&cost, &more);
            assert!(estimate.mean.is_nan() && note.contains(word), "{note}");
        }
    }

    #[test]
    fn the_best_option_is_counted_draw_by_draw() {
        let values = [vec![9.0, 1.0, 2.0, 3.0, 4.0], vec![0.0, 2.0, 1.0, 3.0, 3.0]];
        assert_eq!(probability_best(&values, Better::Higher), [0.625, 0.375]);
        assert_eq!(probability_best(&values, Better::Lower), [0.375, 0.625]);
    }
}
