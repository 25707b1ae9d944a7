//! What every sharing must do, whatever the costs.

use needscast::appraise::sharing::{
    Rule, Sharing, marginal, nucleolus, proportional, separable_costs_remaining_benefits, shapley,
    share,
};
use needscast::compile::Coalitions;
use proptest::prelude::*;

use super::{assert_close, game, sum};

fn any_game() -> impl Strategy<Value = Coalitions> {
    (1_usize..=6).prop_flat_map(|n| {
        let costs = prop::collection::vec(-50.0..1000.0, 1 << n);
        costs.prop_map(move |costs| game(n, |group| costs[group]))
    })
}

fn together(game: &Coalitions) -> f64 {
    game.costs[game.costs.len() - 1]
}

fn with_costs(game: &Coalitions, costs: impl Fn(usize) -> f64) -> Coalitions {
    Coalitions {
        costs: (0..game.costs.len())
            .map(|group| if group == 0 { 0.0 } else { costs(group) })
            .collect(),
        ..game.clone()
    }
}

/// The group in which two partners have changed places.
fn swapped(group: usize, a: usize, b: usize) -> usize {
    let differ = (group >> a ^ group >> b) & 1;
    group ^ (differ << a) ^ (differ << b)
}

fn rule<'a>(sharing: &'a Sharing, id: &str) -> &'a Rule {
    sharing.rules.iter().find(|rule| rule.id == id).unwrap()
}

const SHARED: [fn(&Coalitions) -> Vec<f64>; 3] = [
    shapley,
    |game| nucleolus(game).unwrap(),
    separable_costs_remaining_benefits,
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, rng_seed: prop::test_runner::RngSeed::Fixed(6), ..ProptestConfig::default() })]

    #[test]
    fn everything_is_paid_for(game in any_game()) {
        for shares in SHARED.map(|rule| rule(&game)) {
            prop_assert!((shares.iter().sum::<f64>() - together(&game)).abs() < 1e-8, "{shares:?}");
        }
    }

    #[test]
    fn partners_who_add_the_same_pay_the_same(game in any_game()) {
        let last = game.partners.len() - 1;
        let alike = with_costs(&game, |group| game.costs[group] + game.costs[swapped(group, 0, last)]);
        for shares in SHARED.map(|rule| rule(&alike)) {
            prop_assert!((shares[0] - shares[last]).abs() < 1e-6, "{shares:?}");
        }
    }

    #[test]
    fn who_adds_a_fixed_cost_pays_it(game in any_game(), own in -10.0..10.0) {
        // The first partner adds `own` to every group; 0 is the null player.
        for own in [own, 0.0] {
            let dummy = with_costs(&game, |group| game.costs[group & !1] + if group & 1 == 1 { own } else { 0.0 });
            prop_assert!((shapley(&dummy)[0] - own).abs() < 1e-9);
            prop_assert!((marginal(&dummy)[0] - own).abs() < 1e-9);
        }
    }

    #[test]
    fn shapley_shares_of_sums_are_sums_of_shares(a in any_game(), times in 0.0..9.0) {
        let b = with_costs(&a, |group| times * a.costs[(group * 5 + 3) % a.costs.len()]);
        let both = with_costs(&a, |group| a.costs[group] + b.costs[group]);
        let sums: Vec<f64> = shapley(&a).iter().zip(shapley(&b)).map(|(x, y)| x + y).collect();
        assert_close(&shapley(&both), &sums);
    }

    #[test]
    fn the_unit_and_what_each_pays_anyway_change_nothing_else(game in any_game(), unit in 1e-3..1e6, own in 0.0..500.0) {
        let n = game.partners.len();
        let own: Vec<f64> = (0..n).map(|partner| own * partner as f64).collect();
        let other = with_costs(&game, |group| unit * (game.costs[group] + sum(&own, group)));
        for rule in SHARED {
            let expected: Vec<f64> = rule(&game).iter().zip(&own).map(|(s, o)| unit * (s + o)).collect();
            assert_close(&rule(&other), &expected);
        }
    }

    #[test]
    fn the_core_is_where_the_nucleolus_says(game in any_game(), kind in 0..2) {
        // The kind without economies of scale has an empty core almost always, the other never.
        let game = match kind {
            0 => game,
            _ => with_costs(&game, |group| 100.0 * f64::from(group.count_ones()) + game.costs[0] + 400.0
                + if group == game.costs.len() - 1 { 0.0 } else { game.costs[group].abs() }),
        };
        let sharing = share(&game).unwrap();
        let nucleolus = rule(&sharing, "nucleolus");
        prop_assert_eq!(nucleolus.is_in_core, !sharing.is_core_empty);
        prop_assert!(kind == 0 || !sharing.is_core_empty);
        for rule in sharing.rules.iter().filter(|rule| rule.unallocated == 0.0) {
            let Some(objection) = &rule.objection else { continue };
            prop_assert!(objection.excess >= sharing.least_core - 1e-6, "{}", rule.id);
            prop_assert_eq!(rule.is_in_core, rule.side_payment() == 0.0);
            prop_assert_eq!(rule.transfers.is_some(), !sharing.is_core_empty);
            let Some(transfers) = &rule.transfers else { continue };
            // At least what the group that objects most is owed passes, and afterwards nobody objects.
            prop_assert!(transfers.total >= rule.side_payment() - 1e-6);
            let paid: Vec<f64> = rule.shares.iter().zip(&transfers.payments).map(|(s, p)| s + p).collect();
            prop_assert!((paid.iter().sum::<f64>() - together(&game)).abs() < 1e-5);
            for group in 1..game.costs.len() {
                prop_assert!(sum(&paid, group) <= game.costs[group] + 1e-5, "{} {group}", rule.id);
            }
        }
        // Money from outside: none with a core; without, at least what the least core asks of some group.
        let is_enough = match sharing.is_core_empty {
            true => sharing.subsidy >= sharing.least_core - 1e-6,
            false => sharing.subsidy == 0.0,
        };
        prop_assert!(is_enough, "{sharing:?}");
    }
}

#[test]
fn costs_that_add_up_are_paid_by_whoever_causes_them() {
    // In tenths, whose sums are not exact in binary fractions.
    for n in [1, 2, 3, 5, 10] {
        let own: Vec<f64> = (0..n).map(|partner| 0.1 * (partner + 1) as f64).collect();
        let additive = game(n, |group| sum(&own, group));
        for rule in SHARED {
            assert_close(&rule(&additive), &own);
        }
        let sharing = share(&additive).unwrap();
        assert!(
            !sharing.is_core_empty && rule(&sharing, "nucleolus").is_in_core,
            "{n}"
        );
        assert_eq!((sharing.least_core, sharing.subsidy), (0.0, 0.0));
    }
}

#[test]
fn nothing_costs_nothing() {
    let sharing = share(&game(4, |_| 0.0)).unwrap();
    assert!(
        sharing
            .rules
            .iter()
            .all(|rule| rule.shares == [0.0; 4] && rule.is_in_core)
    );
}

#[test]
fn twins_share_alike_to_ten_partners() {
    // Symmetric games: every optimum of every programme has many vertices.
    for cost in [
        |size: f64| size.sqrt(),
        |size: f64| 3.0 + size,
        |size: f64| 10.0 - (size - 5.0).powi(2) / 10.0,
    ] {
        let twins = game(10, |group| cost(f64::from(group.count_ones())));
        let equal = [together(&twins) / 10.0; 10];
        for rule in SHARED {
            assert_close(&rule(&twins), &equal);
        }
    }
}

#[test]
fn where_no_benefit_remains_what_is_left_is_shared_equally() {
    // Each adds 10 to the others and would pay 10 alone; a pair costs 5.
    let odd = game(3, |group| {
        [0.0, 10.0, 10.0, 5.0, 10.0, 5.0, 5.0, 15.0][group]
    });
    assert_close(&marginal(&odd), &[10.0; 3]);
    assert_close(&separable_costs_remaining_benefits(&odd), &[5.0; 3]);
}

#[test]
fn a_benefit_below_nothing_counts_as_none() {
    // Separable costs 12, 2, 2; alone 10, 6, 8; remaining benefits 0, 4, 6; left 20 - 16 = 4.
    let game = game(3, |group| {
        [0.0, 10.0, 6.0, 18.0, 8.0, 18.0, 8.0, 20.0][group]
    });
    assert_close(
        &separable_costs_remaining_benefits(&game),
        &[12.0, 2.0 + 1.6, 2.0 + 2.4],
    );
}

#[test]
fn weights_share_in_proportion() {
    let game = game(3, |_| 60.0);
    assert_close(&proportional(&game, &[1.0, 2.0, 3.0]), &[10.0, 20.0, 30.0]);
    assert_close(
        &proportional(&game, &[0.0, f64::MAX, f64::MAX]),
        &[0.0, 30.0, 30.0],
    );
}

#[test]
fn shapley_shares_of_twenty_partners() {
    // The share of an airport's partner is a sum over the steps of its runway (Littlechild & Owen 1973).
    let steps: Vec<f64> = (1..=20).map(|step| f64::from(step * step)).collect();
    let airport = game(20, |group| steps[group.ilog2() as usize]);
    let mut expected: Vec<f64> = Vec::new();
    for (at, step) in steps.iter().enumerate() {
        let before = if at == 0 { 0.0 } else { steps[at - 1] };
        let paid = expected.last().copied().unwrap_or(0.0);
        expected.push(paid + (step - before) / (20 - at) as f64);
    }
    assert_close(&shapley(&airport), &expected);
}

#[test]
fn small_savings_beside_large_costs_are_shared_too() {
    // Pennies saved on hundreds of thousands: the core is next to a point.
    for n in 3..=9 {
        let own: Vec<f64> = (0..n)
            .map(|partner| 123_456.78 * (partner + 1) as f64)
            .collect();
        let saved = |group: usize| {
            0.01 * f64::from((group * 7919 % 13 < 6) as u8) * f64::from(group.count_ones() - 1)
        };
        let all = (1 << n) - 1;
        let most = 0.01 * (n * n) as f64;
        let thin = game(n, |group| {
            sum(&own, group) - if group == all { most } else { saved(group) }
        });
        let sharing = share(&thin).unwrap();
        let nucleolus = rule(&sharing, "nucleolus");
        assert!(nucleolus.is_in_core && !sharing.is_core_empty, "{n}");
        // Equal shares ask the smallest for far too much, and most of it must pass.
        let equal = rule(&sharing, "equal");
        let total = equal.transfers.as_ref().unwrap().total;
        let alone: f64 = equal
            .shares
            .iter()
            .zip(&own)
            .map(|(share, own)| (share - own).max(0.0))
            .sum();
        assert!((total - alone).abs() < 2.0 * most, "{n}: {total} {alone}");
    }
}

#[test]
fn a_core_that_rounding_decides_on_is_empty_or_holds_the_nucleolus() {
    // A pair would pay more than its members alone by less than rounding, and all save about as much.
    for missed in [1e-6, 1e-4, 5e-4, 1e-3, 1e-1] {
        let own = [68_803.0, 69_685.0, 330_102.0];
        let all = sum(&own, 7);
        let near = game(3, |group| match group {
            7 => all - missed,
            5 => sum(&own, group) + missed,
            group => sum(&own, group) - missed / 3.0 * f64::from(group.count_ones() - 1),
        });
        let sharing = share(&near).unwrap();
        let nucleolus = rule(&sharing, "nucleolus");
        assert_eq!(nucleolus.is_in_core, !sharing.is_core_empty, "{missed}");
    }
}
