//! Rules with a formula: Shapley, marginal cost, separable costs remaining benefits, shares in proportion.

use super::rounding::Rounding;
use crate::appraise::choice::sum;
use crate::compile::Coalitions;

/// What a partner adds to the cost of whoever is there before, on average over all orders of joining.
///
/// Shapley (1953); exact, over all groups without the partner.
pub fn shapley(game: &Coalitions) -> Vec<f64> {
    let n = game.partners.len();
    let factorial = |n: usize| (2..=n).map(|factor| factor as f64).product::<f64>();
    // The orders, of all n!, in which exactly a given group of this size is there before. Divided at the end, so that
    // whole costs lose nothing on the way.
    let orders: Vec<f64> = (0..n)
        .map(|size| factorial(size) * factorial(n - size - 1))
        .collect();
    let added = |partner: usize| {
        let joins = (0..game.costs.len()).filter(|group| group >> partner & 1 == 0);
        let added = joins.map(|group| {
            let more = game.costs[group | 1 << partner] - game.costs[group];
            orders[group.count_ones() as usize] * more
        });
        sum(added) / factorial(n)
    };
    (0..n).map(added).collect()
}

/// What all pay together less what they would pay without the partner: the cost of whoever joins last. These do not
/// sum to the cost of all: they fall short of it where there are economies of scale.
pub fn marginal(game: &Coalitions) -> Vec<f64> {
    let all = game.costs.len() - 1;
    (0..game.partners.len())
        .map(|partner| game.costs[all] - game.costs[all ^ 1 << partner])
        .collect()
}

/// Each pays the separable cost, which is the marginal one, and of what is left a share in proportion to the remaining
/// benefit: the cost alone less the separable cost, or 0 where that is below 0. Where nobody has a benefit remaining,
/// what is left is shared equally.
///
/// Straffin & Heaney (1981), Young, Okada & Hashimoto (1982), with the cost alone for the lesser of benefit and
/// alternative cost.
pub fn separable_costs_remaining_benefits(game: &Coalitions) -> Vec<f64> {
    let separable = marginal(game);
    let alone: Vec<f64> = (0..separable.len()).map(|i| game.costs[1 << i]).collect();
    let all = game.costs[game.costs.len() - 1];
    let rounding = Rounding::of(game.costs.iter().copied());
    let remaining = remaining_benefits(&alone, &separable, rounding);
    let left = all - separable.iter().sum::<f64>();
    separable
        .iter()
        .zip(in_proportion(left, &remaining))
        .map(|(own, share)| own + share)
        .collect()
}

/// What each would pay alone beyond the separable cost; 0 where that is below 0, or rounding.
pub(crate) fn remaining_benefits(alone: &[f64], separable: &[f64], rounding: Rounding) -> Vec<f64> {
    let pairs = alone.iter().zip(separable);
    let remaining = pairs.map(|(alone, own)| match alone - own {
        benefit if benefit <= rounding.between([*alone, *own]) => 0.0,
        benefit => benefit,
    });
    remaining.collect()
}

/// The cost of all together in proportion to weights of 0 or more. Equal weights share it equally.
pub fn proportional(game: &Coalitions, weights: &[f64]) -> Vec<f64> {
    in_proportion(game.costs[game.costs.len() - 1], weights)
}

/// Equal shares where nobody weighs anything.
pub(crate) fn in_proportion(cost: f64, weights: &[f64]) -> Vec<f64> {
    // Divided by the largest first, so that no sum overflows.
    let most = weights
        .iter()
        .fold(0.0_f64, |most, weight| most.max(*weight));
    let total: f64 = weights.iter().map(|weight| weight / most).sum();
    let share = |weight: &f64| match most > 0.0 {
        true => cost * (weight / most / total),
        false => cost / weights.len() as f64,
    };
    weights.iter().map(share).collect()
}
