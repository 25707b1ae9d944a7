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

/// Numbers of which the data remove less than this share are not looked at: so much, draws alone may seem to.
const LEAST: f64 = 0.1;

/// And they must be so many standard errors from none.
const ERRORS: f64 = 3.0;

/// Weights whose squares are below this are left out of a combination.
const LIGHT: f64 = 0.05;

/// From this correlation on it is said which other number one moves with.
const SAID: f64 = 0.3;

/// Gives every number its verdict, and returns the combinations; `removed` says what the data remove of the joint prior
/// of two numbers.
pub(super) fn tell_apart(
    numbers: &mut [Number],
    removed: &dyn Fn(usize, usize) -> f64,
) -> Vec<Apart> {
    let is_told = |number: &Number| {
        number.removed >= LEAST && number.removed >= ERRORS * number.removed_error
    };
    let told: Vec<usize> = (0..numbers.len())
        .filter(|&at| is_told(&numbers[at]))
        .collect();
    let left: Vec<f64> = numbers
        .iter()
        .map(|number| (1.0 - number.removed).max(1e-9).sqrt())
        .collect();
    for &a in &told {
        let others = told.iter().filter(|&&b| b != a);
        let correlation = |b: usize| (-removed(a, b) / (left[a] * left[b])).clamp(-1.0, 1.0);
        let with = others.map(|&b| (b, correlation(b)));
        let most = with.max_by(|x, y| x.1.abs().total_cmp(&y.1.abs()));
        numbers[a].moves_with = most.filter(|(_, with)| with.abs() >= SAID);
    }
    let is_alone = |number: &Number| {
        let is_free = number
            .moves_with
            .is_none_or(|(_, with)| with.abs() < TOGETHER);
        number.removed >= MORE_THAN_PRIOR && is_free
    };
    let mut mixed = Vec::new();
    let of_journey: Vec<usize> = told
        .into_iter()
        .filter(|&at| !numbers[at].is_multiplier)
        .collect();
    for at in of_journey {
        if is_alone(&numbers[at]) {
            numbers[at].verdict = Learnt::Fitted;
        } else {
            mixed.push(at);
        }
    }
    let apart = combinations(&mixed, numbers, removed);
    for (index, group) in apart.iter().enumerate() {
        for &(at, _) in &group.members {
            if numbers[at].verdict == Learnt::Stands {
                numbers[at].verdict = Learnt::NotAlone(index);
            }
        }
    }
    apart
}

/// Directions in which the data tell more than the prior, among numbers that are not told by themselves.
fn combinations(
    mixed: &[usize],
    numbers: &[Number],
    removed: &dyn Fn(usize, usize) -> f64,
) -> Vec<Apart> {
    let entry = |a: usize, b: usize| match a == b {
        true => numbers[a].removed,
        false => removed(a, b),
    };
    let table: Vec<Vec<f64>> = mixed
        .iter()
        .map(|&a| mixed.iter().map(|&b| entry(a, b)).collect())
        .collect();
    let known = directions(&table)
        .into_iter()
        .filter(|(share, _)| *share >= MORE_THAN_PRIOR);
    let groups = known.filter_map(|(share, weights)| {
        let heavy = mixed
            .iter()
            .copied()
            .zip(weights)
            .filter(|(_, weight)| weight.powi(2) >= LIGHT);
        let mut members: Vec<(usize, f64)> = heavy.collect();
        members.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
        // The heaviest weighs on the side of more.
        let side = members.first().map_or(1.0, |(_, weight)| weight.signum());
        members.iter_mut().for_each(|(_, weight)| *weight *= side);
        (members.len() > 1).then_some(Apart {
            members,
            removed: share.min(1.0),
        })
    });
    groups.collect()
}
