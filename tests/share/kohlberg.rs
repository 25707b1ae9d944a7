//! The nucleolus by what singles it out: Kohlberg's balanced collections, and the order of excesses.

use microlp::{ComparisonOp, OptimizationDirection, Problem};
use needscast::appraise::sharing::nucleolus;
use needscast::compile::Coalitions;
use proptest::prelude::*;

use super::{game, members, sum};

/// Excesses of games with whole costs differ by this or not at all.
const SAME: f64 = 1e-7;

/// The excess of every group but nobody and everybody.
fn excesses(game: &Coalitions, shares: &[f64]) -> Vec<(f64, usize)> {
    let groups = 1..game.costs.len() - 1;
    groups
        .map(|group| (sum(shares, group) - game.costs[group], group))
        .collect()
}

/// Whether shares exist with which nobody pays more than alone.
fn has_imputations(game: &Coalitions) -> bool {
    let alone: f64 = (0..game.partners.len())
        .map(|partner| game.costs[1 << partner])
        .sum();
    game.costs[game.costs.len() - 1] <= alone
}

/// Whether weights above 0 of these groups, and of 0 or more of these partners, sum to 1 for everybody.
fn is_balanced(n: usize, groups: &[usize], capped: &[usize]) -> bool {
    let mut problem = Problem::new(OptimizationDirection::Maximize);
    let least = problem.add_var(1.0, (0.0, 1.0));
    let mut terms = vec![Vec::new(); n];
    for group in groups {
        // The weight of a group is this variable and the least weight.
        let more = problem.add_var(0.0, (0.0, f64::INFINITY));
        members(*group).for_each(|member| terms[member].push((more, 1.0)));
    }
    for (partner, terms) in terms.iter_mut().enumerate() {
        let own = groups.iter().filter(|group| **group >> partner & 1 == 1);
        terms.push((least, own.count() as f64));
    }
    for partner in capped {
        terms[*partner].push((problem.add_var(0.0, (0.0, f64::INFINITY)), 1.0));
    }
    for terms in terms {
        problem.add_constraint(terms, ComparisonOp::Eq, 1.0);
    }
    let solved = problem
        .solve()
        .map(|outcome| outcome.into_solution().unwrap());
    solved.is_ok_and(|solution| solution.objective() > 1e-6)
}

/// Kohlberg (1971): at every level the groups whose excess is at least that are balanced, together with partners who
/// pay as much as alone where nobody may pay more.
fn check_kohlberg(game: &Coalitions, shares: &[f64]) {
    let n = game.partners.len();
    let mut sorted = excesses(game, shares);
    sorted.sort_by(|a, b| b.0.total_cmp(&a.0));
    let is_tight = |partner: &usize| shares[*partner] > game.costs[1 << partner] - SAME;
    let capped: Vec<usize> = (0..n)
        .filter(|p| has_imputations(game) && is_tight(p))
        .collect();
    for at in 1..=sorted.len() {
        if at < sorted.len() && sorted[at - 1].0 - sorted[at].0 < SAME {
            continue;
        }
        let groups: Vec<usize> = sorted[..at].iter().map(|(_, group)| *group).collect();
        assert!(
            is_balanced(n, &groups, &capped),
            "{groups:?} of {shares:?} in {:?}",
            game.costs
        );
    }
}

#[test]
fn the_criterion_finds_shares_that_are_not_the_nucleolus() {
    let three = game(3, |group| [0.0, 6.0, 6.0, 9.0, 6.0, 9.0, 9.0, 12.0][group]);
    assert!(is_balanced(3, &[1, 2, 4], &[]) && !is_balanced(3, &[1, 2], &[]));
    check_kohlberg(&three, &nucleolus(&three).unwrap());
    let wrong = std::panic::catch_unwind(|| check_kohlberg(&three, &[4.0, 4.0 + 1e-4, 4.0 - 1e-4]));
    assert!(wrong.is_err());
}

/// Whole costs of few sizes, so that ties and degenerate programmes are common.
fn whole_costs(most: i32) -> impl Strategy<Value = Coalitions> {
    (2_usize..=6).prop_flat_map(move |n| {
        let costs = prop::collection::vec(-1..=most, 1 << n);
        costs.prop_map(move |costs| game(n, |group| f64::from(costs[group])))
    })
}

/// A cost that grows with the group, more slowly the larger it is, as shared services do; whole numbers.
fn with_economies() -> impl Strategy<Value = Coalitions> {
    (2_usize..=7, prop::collection::vec(1..=9, 7), 0..=20).prop_map(|(n, sizes, fixed)| {
        game(n, |group| {
            let size: i32 = members(group).map(|member| sizes[member]).sum();
            f64::from(fixed) + (f64::from(size) * 3.0).sqrt().floor()
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, rng_seed: prop::test_runner::RngSeed::Fixed(8), ..ProptestConfig::default() })]

    #[test]
    fn small_whole_costs(game in whole_costs(3)) {
        check_kohlberg(&game, &nucleolus(&game).unwrap());
    }

    #[test]
    fn large_whole_costs(game in whole_costs(1000)) {
        check_kohlberg(&game, &nucleolus(&game).unwrap());
    }

    #[test]
    fn economies_of_scale(game in with_economies()) {
        check_kohlberg(&game, &nucleolus(&game).unwrap());
    }

    #[test]
    fn no_other_shares_have_smaller_excesses(game in whole_costs(9), moves in prop::collection::vec(-1.0..1.0, 6)) {
        let shares = nucleolus(&game).unwrap();
        let n = shares.len();
        let mean = moves[..n].iter().sum::<f64>() / n as f64;
        let sorted = |shares: &[f64]| {
            let mut all: Vec<f64> = excesses(&game, shares).into_iter().map(|(excess, _)| excess).collect();
            all.sort_by(|a, b| b.total_cmp(a));
            all
        };
        let best = sorted(&shares);
        for step in [1e-3, 0.1, 1.0, 5.0] {
            let other: Vec<f64> = shares.iter().zip(&moves).map(|(s, m)| s + step * (m - mean)).collect();
            let pays_more = (0..n).any(|p| other[p] > game.costs[1 << p]);
            if has_imputations(&game) && pays_more {
                continue;
            }
            let first = best.iter().zip(sorted(&other)).map(|(b, o)| o - b).find(|d| d.abs() > SAME);
            prop_assert!(first.is_none_or(|difference| difference > 0.0), "{shares:?} {other:?}");
        }
    }
}
