//! Which is better, how probably, and what one more of it costs.

use super::certainty::Certainty;
use super::frontier::ROUNDING;
use crate::compile::Better;
use crate::summarise::Estimate;

/// The note of a cost for each outcome that is a saving.
pub const SAVED: &str = "pounds saved for each one that is forgone";

/// The ratio of the mean increments over rows of which the first stands for row 0, see [`ratio_of_means`].
pub(super) fn cost_per_unit(cost: &[f64], more: &[f64]) -> (Estimate, Certainty, &'static str) {
    let first = usize::from(cost.len() > 1);
    ratio_of_means(&cost[first..], &more[first..])
}

/// The ratio of the mean increments over draws, with the quantiles of the draws' own ratios and the Monte Carlo error of a
/// ratio of means; nothing when a ratio has no meaning.
pub(super) fn ratio_of_means(cost: &[f64], more: &[f64]) -> (Estimate, Certainty, &'static str) {
    let pairs = cost.iter().zip(more);
    let known = pairs.filter(|(cost, more)| cost.is_finite() && more.is_finite());
    let (cost, more): (Vec<f64>, Vec<f64>) = known.map(|(cost, more)| (*cost, *more)).unzip();
    let of = |values: &[f64]| Estimate::of_column(&mut values.to_vec());
    let (costs, units) = (of(&cost), of(&more));
    let (low, high) = if units.has_range() {
        (units.p05, units.p95)
    } else {
        (units.mean, units.mean)
    };
    let nothing = |why| (Estimate::NONE, Certainty::NONE, why);
    if low <= 0.0 && high >= 0.0 {
        return nothing("not stated: the 90% interval of what it adds spans zero");
    }
    match (costs.mean <= 0.0, units.mean > 0.0) {
        (true, true) => nothing("not stated: the option dominates, achieving more at no more cost"),
        (false, false) => {
            nothing("not stated: the option is dominated, achieving less at more cost")
        }
        (is_saving, _) => {
            let mut ratios: Vec<f64> = cost.iter().zip(&more).map(|(c, m)| c / m).collect();
            let certainty = Certainty::of_ratio(&cost, &more);
            let estimate = Estimate {
                mean: costs.mean / units.mean,
                mc_error: certainty.mc_error,
                ..Estimate::of_column(&mut ratios)
            };
            let note = if is_saving {
                SAVED
            } else {
                "the mean is the ratio of the means"
            };
            (estimate, certainty, note)
        }
    }
}

/// Whether a gain is one: 1 above 0, 0 below, and half a one where it is 0 but for the rounding of numbers of this size.
pub(super) fn better(gain: f64, size: f64) -> f64 {
    match gain {
        gain if gain.abs() <= ROUNDING * size => 0.5,
        gain if gain > 0.0 => 1.0,
        _ => 0.0,
    }
}

/// The share of draws in which the first is more than the second, ties counting half.
pub(super) fn probability(ours: &[f64], theirs: &[f64]) -> Estimate {
    let first = usize::from(ours.len() > 1);
    let pairs = ours.iter().zip(theirs).skip(first);
    let known = pairs.filter(|(ours, theirs)| !(*ours - *theirs).is_nan());
    let scores: Vec<f64> = known
        .map(|(ours, theirs)| better(ours - theirs, ours.abs() + theirs.abs()))
        .collect();
    share(scores.iter().sum::<f64>() / scores.len() as f64, ours.len())
}

/// The interval of a probability, for whoever reads its row.
pub(super) fn in_words(estimate: &Estimate, n_rows: usize, ties: &str) -> String {
    let told = Certainty::of_share(estimate.mean, n_rows.saturating_sub(1));
    let [low, high] = told.interval;
    match low.is_finite() {
        true => format!(
            "{ties}; 95% interval from the finite number of draws {low:.4} to {high:.4} (Wilson)"
        ),
        false => ties.to_owned(),
    }
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
        let (estimate, ..) = cost_per_unit(&[0.0, 100.0, 300.0], &[0.0, 10.0, 10.0]);
        assert_eq!(estimate.mean, 20.0);
        for (cost, more, word) in [
            ([0.0, 5.0, 5.0], [0.0, -1.0, 1.0], "spans zero"),
            ([0.0, -5.0, -5.0], [0.0, 1.0, 1.0], "dominates"),
            ([0.0, 5.0, 5.0], [0.0, -1.0, -1.0], "dominated"),
        ] {
            let (estimate, _, note) = cost_per_unit(&cost, &more);
            assert!(estimate.mean.is_nan() && note.contains(word), "{note}");
        }
    }

    #[test]
    fn the_share_of_draws_with_more_counts_ties_half_and_no_central_run() {
        let (ours, theirs) = ([0.0, 1.0, 3.0, 2.0, 7.0], [9.0, 2.0, 1.0, 2.0, 5.0]);
        let found = probability(&ours, &theirs);
        assert_eq!(found.mean, 0.625);
        // Of four draws.
        let error = (0.625_f64 * 0.375 / 4.0).sqrt();
        assert!((found.mc_error - error).abs() < 1e-15, "{found:?}");
        // What is not known in one of the two is in no share.
        let gap = [0.0, f64::NAN, 3.0, 2.0, 7.0];
        assert!((probability(&gap, &theirs).mean - 2.5 / 3.0).abs() < 1e-15);
        assert!(probability(&[3.0], &[1.0]).mean.is_nan());
    }

    #[test]
    fn the_best_option_is_counted_draw_by_draw() {
        let values = [vec![9.0, 1.0, 2.0, 3.0, 4.0], vec![0.0, 2.0, 1.0, 3.0, 3.0]];
        assert_eq!(probability_best(&values, Better::Higher), [0.625, 0.375]);
        assert_eq!(probability_best(&values, Better::Lower), [0.375, 0.625]);
    }
}
