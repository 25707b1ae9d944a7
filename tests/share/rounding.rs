//! Which differences are rounding: a little of what is compared, however large other numbers of the table are.

use serde_json::{Value, json};

use super::{assert_close, game, share, shares};
use needscast::appraise::sharing::{nucleolus, separable_costs_remaining_benefits};

/// Three partners who save by sharing. Equal shares are 1,000, which is 20 more than A pays alone, 10 more than B and 100
/// more than both do together. One row is as given.
fn table(row: &str, cost: f64) -> String {
    let rows = [
        ("A", 980.0),
        ("B", 990.0),
        ("C", 1900.0),
        ("A+B", 1900.0),
        ("A+C", 2500.0),
        ("B+C", 2600.0),
        ("A+B+C", 3000.0),
    ];
    let mut table = "members,cost\n".to_owned();
    for (members, own) in rows {
        let cost = if members == row { cost } else { own };
        table += &format!("{members},{cost}\n");
    }
    table
}

#[test]
fn a_large_cost_elsewhere_hides_no_reason_to_leave() {
    let usual = share(&table("", 0.0), "");
    for row in ["A+C", "B+C", "C"] {
        for cost in [1e11, 1e13] {
            let answer = share(&table(row, cost), "");
            assert_eq!(answer["in_core"]["equal"], false, "{row} {cost}");
            assert_eq!(answer["individually_rational"]["equal"], false, "{row}");
            assert_eq!(
                answer["better_inside"]["equal"],
                json!({"A": false, "B": false, "C": true})
            );
            assert_eq!(
                answer["objection"]["equal"]["members"],
                json!(["A", "B"]),
                "{row}"
            );
            let owed = answer["side_payment"]["equal"].as_f64().unwrap();
            assert_close(&[owed], &[100.0]);
            assert_eq!(answer["core_empty"], false, "{row}");
            assert_eq!(answer["in_core"]["nucleolus"], true, "{row}");
            assert_eq!(answer["objection"]["equal"], usual["objection"]["equal"]);
        }
    }
}

/// No group that costs more than its members alone decides what the others' shares are, however much more it is.
#[test]
fn the_nucleolus_does_not_feel_how_dear_a_useless_group_is() {
    let names = ["A", "B", "C"];
    let of = |answer: &Value| shares(answer, "nucleolus", &names);
    let expected = of(&share(&table("A+C", 5000.0), ""));
    for cost in [1e6, 1e9, 1e12, 1e15] {
        assert_close(&of(&share(&table("A+C", cost), "")), &expected);
    }
    // With an empty core too: all together cost more than A and B, and C.
    let empty = |cost: f64| table("A+C", cost).replace("A+B+C,3000", "A+B+C,3810");
    let answer = share(&empty(5000.0), "");
    assert_eq!(answer["core_empty"], true);
    for cost in [1e6, 1e12] {
        let dear = share(&empty(cost), "");
        assert_eq!(dear["core_empty"], true);
        assert_close(&of(&dear), &of(&answer));
        for key in ["least_core", "subsidy"] {
            assert_close(
                &[dear[key].as_f64().unwrap()],
                &[answer[key].as_f64().unwrap()],
            );
        }
    }
}

#[test]
fn benefits_that_remain_are_seen_beside_a_large_cost() {
    // A would pay 40 alone, B 20, both 30. C costs a hundred thousand million, whoever is there.
    let huge = 1e11;
    let game = game(3, |group| {
        [0.0, 40.0, 20.0, 30.0][group & 3] + if group & 4 == 4 { huge } else { 0.0 }
    });
    // Separable: A 30 - 20 = 10, B 30 - 40 = -10; left 30; benefits 30 each, and none of C.
    let shares = separable_costs_remaining_benefits(&game);
    for (found, expected) in shares.iter().zip([25.0, 5.0, huge]) {
        assert!((found - expected).abs() < 1e-3, "{shares:?}");
    }
}

#[test]
fn ties_stay_ties_whatever_the_unit() {
    // Tenths that are not exact in binary fractions, from pennies to a national budget.
    for unit in [1e-4, 1.0, 1e9] {
        let own = [0.1, 0.2, 0.7, 1.1];
        let sum = |group: usize| {
            (0..4)
                .filter(|i| group >> i & 1 == 1)
                .map(|i| own[i] * unit)
                .sum::<f64>()
        };
        let additive = game(4, sum);
        let sharing = needscast::appraise::sharing::share(&additive).unwrap();
        let [shapley, nucleolus, scrb, marginal] = &sharing.rules[..4] else {
            panic!()
        };
        for rule in [shapley, nucleolus, scrb, marginal] {
            assert!(
                rule.is_in_core && rule.is_individually_rational(),
                "{unit} {}",
                rule.id
            );
            assert_eq!(rule.side_payment(), 0.0, "{unit} {}", rule.id);
        }
    }
}

#[test]
fn a_penny_is_a_penny_among_a_million() {
    // Two who would save a penny of two million by leaving are told so.
    let costs = game(3, |group| match group {
        7 => 3_000_000.0,
        3 => 1_999_999.99,
        group => 1_000_001.0 * f64::from(group.count_ones()),
    });
    let sharing = needscast::appraise::sharing::share(&costs).unwrap();
    let equal = sharing
        .rules
        .iter()
        .find(|rule| rule.id == "equal")
        .unwrap();
    assert!(!equal.is_in_core);
    assert!(
        (equal.side_payment() - 0.01).abs() < 1e-8,
        "{}",
        equal.side_payment()
    );
    let shares = nucleolus(&costs).unwrap();
    assert!(shares[0] + shares[1] <= 1_999_999.99 + 1e-6, "{shares:?}");
}
