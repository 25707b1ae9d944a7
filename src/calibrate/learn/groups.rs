//! What the data know and what they cannot tell apart.

use super::bayes::directions;
use super::{Learnt, MORE_THAN_PRIOR, Number, TOGETHER};

/// Numbers of which the data know a combination, and not each.
#[derive(Debug, Clone, PartialEq)]
pub struct Apart {
    /// Places among the numbers, and the weight of each in the combination, in standard deviations of its prior; the
    /// squares sum to one over all that could be learned of, and small ones are left out.
    pub members: Vec<(usize, f64)>,
    /// The share of the combination's prior variance that the data remove.
    pub removed: f64,
}

/// Weights whose squares are below this are left out of a combination.
const LIGHT: f64 = 0.05;

/// From this correlation on it is said which other number one moves with.
const SAID: f64 = 0.3;

/// Gives every number its verdict, and returns the combinations; `removed` says what the data remove of the joint prior
/// of two numbers, `correlation` how they go together after the data.
pub(super) fn tell_apart(
    numbers: &mut [Number],
    removed: &dyn Fn(usize, usize) -> f64,
    correlation: &dyn Fn(usize, usize) -> f64,
) -> Vec<Apart> {
    let told: Vec<usize> = (0..numbers.len())
        .filter(|&at| numbers[at].is_told())
        .collect();
    for &a in &told {
        let others = told.iter().filter(|&&b| b != a);
        let with = others.map(|&b| (b, correlation(a, b)));
        let most = with.max_by(|x, y| x.1.abs().total_cmp(&y.1.abs()));
        numbers[a].moves_with = most.filter(|(_, with)| with.abs() >= SAID);
    }
    let mut mixed = Vec::new();
    for &at in &told {
        let number = &mut numbers[at];
        let is_free = number
            .moves_with
            .is_none_or(|(_, with)| with.abs() < TOGETHER);
        match (number.is_multiplier, number.removed >= MORE_THAN_PRIOR) {
            (true, _) => continue,
            (false, true) if is_free => number.verdict = Learnt::Fitted,
            (false, true) => number.verdict = Learnt::NotAlone,
            (false, false) => {}
        }
        if number.verdict != Learnt::Fitted {
            mixed.push(at);
        }
    }
    // A multiplier that a number moves with stands in its combinations.
    let with = told.iter().filter(|&&at| numbers[at].is_multiplier);
    let with = with.filter(|&&at| {
        mixed
            .iter()
            .any(|&number| correlation(number, at).abs() >= TOGETHER)
    });
    let with: Vec<usize> = with.copied().collect();
    let apart = combinations(&[mixed, with].concat(), numbers, removed);
    for &(at, _) in apart.iter().flat_map(|group| &group.members) {
        if numbers[at].verdict == Learnt::Stands {
            numbers[at].verdict = Learnt::NotAlone;
        }
    }
    apart
}

/// Directions in which the data tell more than the prior, among numbers that are not told by themselves, and that more
/// than one number has a part in.
fn combinations(
    mixed: &[usize],
    numbers: &[Number],
    removed: &dyn Fn(usize, usize) -> f64,
) -> Vec<Apart> {
    let entry = |a: usize, b: usize| match a == b {
        true => numbers[a].removed,
        false => removed(a, b),
    };
    let row = |a: &usize| mixed.iter().map(|&b| entry(*a, b)).collect();
    let table: Vec<Vec<f64>> = mixed.iter().map(row).collect();
    let known = directions(&table)
        .into_iter()
        .filter(|(share, _)| *share >= MORE_THAN_PRIOR);
    let groups = known.filter_map(|(share, weights)| {
        let all = mixed.iter().copied().zip(weights);
        let mut members: Vec<(usize, f64)> =
            all.filter(|(_, weight)| weight.powi(2) >= LIGHT).collect();
        members.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
        // The heaviest weighs on the side of more.
        let side = members.first().map_or(1.0, |(_, weight)| weight.signum());
        members.iter_mut().for_each(|(_, weight)| *weight *= side);
        let is_of_journey = members.iter().any(|(at, _)| !numbers[*at].is_multiplier);
        (members.len() > 1 && is_of_journey).then_some(Apart {
            members,
            removed: share.min(1.0),
        })
    });
    groups.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(removed: f64) -> Number {
        Number {
            cells: Vec::new(),
            is_multiplier: false,
            removed,
            removed_error: 0.01,
            shift: 0.0,
            moves_with: None,
            verdict: Learnt::Stands,
        }
    }

    /// Of 0.8 of one number more and 0.6 of another less the data remove 0.6, of what is at right angles to that 0.1:
    /// of the first 0.64 * 0.6 + 0.36 * 0.1, of the second 0.36 * 0.6 + 0.64 * 0.1, of both together 0.48 * (0.1 - 0.6).
    #[test]
    fn what_two_numbers_tell_together_is_said_with_the_heavier_on_the_side_of_more() {
        for side in [-1.0, 1.0] {
            let mut numbers = [number(0.42), number(0.28)];
            let apart = tell_apart(&mut numbers, &|_, _| side * 0.24, &|_, _| 0.0);
            let [Apart { members, removed }] = &apart[..] else {
                panic!("{apart:?}");
            };
            assert!((removed - 0.6).abs() < 1e-12, "{apart:?}");
            let expected = [(0, 0.8), (1, side * 0.6)];
            assert_eq!(members.len(), 2, "{apart:?}");
            for ((at, weight), (other, expected)) in members.iter().zip(expected) {
                assert_eq!(*at, other);
                assert!((weight - expected).abs() < 1e-12, "{apart:?}");
            }
            let verdicts = numbers.map(|number| number.verdict);
            assert_eq!(verdicts, [Learnt::NotAlone; 2]);
        }
    }
}
