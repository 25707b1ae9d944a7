//! Answers that are published, or exact by a published formula.

use needscast::appraise::sharing::{nucleolus, shapley};
use serde_json::json;

use super::{assert_close, game, members, share, shares, sum};

/// The table of a game in which a group costs what its dearest member costs.
fn airport(costs: &[(&str, f64)]) -> String {
    let mut table = "members,cost\n".to_owned();
    for group in 1_usize..1 << costs.len() {
        let names: Vec<&str> = members(group).map(|member| costs[member].0).collect();
        let cost = members(group)
            .map(|member| costs[member].1)
            .fold(0.0, f64::max);
        table += &format!("{},{cost}\n", names.join("+"));
    }
    table
}

#[test]
fn the_airport_of_littlechild_and_owen() {
    // Littlechild & Owen (1973).
    let answer = share(
        &airport(&[("A", 8.0), ("B", 11.0), ("C", 13.0), ("D", 18.0)]),
        "",
    );
    let names = ["A", "B", "C", "D"];
    assert_eq!(answer["partners"], json!(names));
    assert_close(&shares(&answer, "shapley", &names), &[2.0, 3.0, 4.0, 9.0]);
    assert_close(&shares(&answer, "marginal", &names), &[0.0, 0.0, 0.0, 5.0]);
    assert_eq!(answer["core_empty"], false);
    for (rule, is_stable) in [
        ("shapley", true),
        ("nucleolus", true),
        ("marginal", false),
        ("equal", false),
    ] {
        assert_eq!(answer["in_core"][rule], is_stable, "{rule}");
    }
    // Equal shares are 4.5: the three smaller pay 13.5 and could pay 13.
    assert_eq!(
        answer["objection"]["equal"]["members"],
        json!(["A", "B", "C"])
    );
    assert_close(&[answer["side_payment"]["equal"].as_f64().unwrap()], &[0.5]);
    assert_close(
        &[answer["transfers"]["equal"]["total"].as_f64().unwrap()],
        &[0.5],
    );
}

#[test]
fn runways() {
    let names = ["small", "middle", "large"];
    for (largest, expected) in [
        (3000.0, [500.0, 850.0, 1650.0]),
        (3500.0, [500.0, 850.0, 2150.0]),
    ] {
        let costs = [("small", 1500.0), ("middle", 2200.0), ("large", largest)];
        assert_close(
            &shares(&share(&airport(&costs), ""), "shapley", &names),
            &expected,
        );
    }
}

#[test]
fn the_tennessee_valley_authority() {
    // Straffin & Heaney (1981): navigation, flood control, power, in thousands of dollars.
    let table = "members,cost\nN,163520\nF,140826\nP,250096\nN+F,301607\nN+P,378821\nF+P,367370\nN+F+P,412584\n";
    let answer = share(table, "");
    let names = ["N", "F", "P"];
    let shapley = [117_829.0, 100_756.5, 193_998.5];
    assert_eq!(shares(&answer, "shapley", &names), shapley);
    // Separable costs 45214, 33763, 110977; what is left, 222630, in proportion to 118306, 107063, 139119.
    let separable = [45_214.0, 33_763.0, 110_977.0];
    assert_close(&shares(&answer, "marginal", &names), &separable);
    let remaining = [118_306.0, 107_063.0, 139_119.0];
    let scrb: Vec<f64> = separable
        .iter()
        .zip(remaining)
        .map(|(s, r)| s + 222_630.0 * r / 364_488.0)
        .collect();
    assert_close(&shares(&answer, "scrb", &names), &scrb);
    // The saving of each pair, 2739, 34795, 23552, is small beside that of all, 141858: the nucleolus shares it equally.
    let saving = 141_858.0 / 3.0;
    let alone = [163_520.0, 140_826.0, 250_096.0];
    assert_close(
        &shares(&answer, "nucleolus", &names),
        &alone.map(|cost| cost - saving),
    );
    assert_eq!(answer["core_empty"], false);
}

#[test]
fn the_nucleolus_of_an_airport_has_a_closed_form() {
    // Littlechild (1974): step by step, the smallest of the mean extra cost of the next so many classes over the number
    // of partners there and one more. Here the classes have one partner each.
    let steps = [3.0, 4.0, 7.0, 7.5, 20.0, 21.0, 50.0];
    let n = steps.len();
    let mut expected = Vec::new();
    let (mut from, mut paid) = (0, 0.0);
    while from < n {
        let level = |upto: usize| match upto == n {
            // The last class pays what is left of the whole cost.
            true => (steps[n - 1] - paid) / (n - from) as f64,
            false => (steps[upto - 1] - paid) / (upto - from + 1) as f64,
        };
        let upto = (from + 1..=n)
            .min_by(|a, b| level(*a).total_cmp(&level(*b)))
            .unwrap();
        let share = level(upto);
        expected.extend(std::iter::repeat_n(share, upto - from));
        paid += share * (upto - from) as f64;
        from = upto;
    }
    let airport = game(n, |group| {
        members(group).map(|m| steps[m]).fold(0.0, f64::max)
    });
    assert_close(&nucleolus(&airport).unwrap(), &expected);
}

#[test]
fn the_estates_of_the_talmud() {
    // Aumann & Maschler (1985). A group is sure of what the estate leaves when all others are paid; as a cost, it is
    // below 0.
    let claims = [100.0, 200.0, 300.0];
    let answers = [
        (100.0, [100.0 / 3.0; 3]),
        (200.0, [50.0, 75.0, 75.0]),
        (300.0, [50.0, 100.0, 150.0]),
    ];
    for (estate, expected) in answers {
        let costs = |group: usize| -(estate - sum(&claims, 7 ^ group)).max(0.0);
        let shares = nucleolus(&game(3, costs)).unwrap();
        assert_close(&shares, &expected.map(|share| -share));
    }
}

#[test]
fn ten_creditors_share_as_the_talmud_does() {
    // The rule of Aumann & Maschler (1985): up to half the claims, equal awards of at most half of each claim; beyond,
    // equal losses of at most half of each claim.
    let claims = [10.0, 20.0, 30.0, 30.0, 45.0, 50.0, 60.0, 75.0, 80.0, 100.0];
    let total: f64 = claims.iter().sum();
    let equal = |amount: f64| {
        let (mut low, mut high) = (0.0_f64, 100.0_f64);
        for _ in 0..200 {
            let level = (low + high) / 2.0;
            let given: f64 = claims.iter().map(|claim| level.min(claim / 2.0)).sum();
            if given < amount {
                low = level
            } else {
                high = level
            }
        }
        claims.map(|claim| low.min(claim / 2.0))
    };
    for estate in [60.0, 180.0, 250.0, 333.0, 460.0] {
        let awards = match estate <= total / 2.0 {
            true => equal(estate),
            false => {
                let losses = equal(total - estate);
                std::array::from_fn(|creditor| claims[creditor] - losses[creditor])
            }
        };
        let costs = |group: usize| -(estate - sum(&claims, 1023 ^ group)).max(0.0);
        assert_close(
            &nucleolus(&game(10, costs)).unwrap(),
            &awards.map(|award| -award),
        );
    }
}

#[test]
fn a_game_without_a_core() {
    // Each pair saves as much as all three: 60 of 180 saved, so every pair that leaves out one is better out.
    let costs = |group: usize| match group.count_ones() {
        1 => 60.0,
        2 => 60.0,
        _ => 120.0,
    };
    let three = game(3, costs);
    assert_close(&nucleolus(&three).unwrap(), &[40.0; 3]);
    assert_close(&shapley(&three), &[40.0; 3]);
    let table = "members,cost\na,60\nb,60\nc,60\na+b,60\na+c,60\nb+c,60\na+b+c,120\n";
    let answer = share(table, "");
    assert_eq!(answer["core_empty"], true);
    // A pair pays 80 and could pay 60. Asked for 30 each, nobody would leave, and 30 would have to come from outside.
    assert_close(&[answer["least_core"].as_f64().unwrap()], &[20.0]);
    assert_close(&[answer["subsidy"].as_f64().unwrap()], &[30.0]);
    assert_close(
        &[answer["side_payment"]["shapley"].as_f64().unwrap()],
        &[20.0],
    );
    assert_eq!(answer["objection"]["shapley"]["members"], json!(["a", "b"]));
    assert_eq!(answer["transfers"]["shapley"], json!(null));
    assert_eq!(answer["in_core"]["nucleolus"], false);
    assert_eq!(answer["individually_rational"]["nucleolus"], true);
}

#[test]
fn where_a_group_wants_more_than_its_members_may_pay() {
    // The first pays at most what it costs alone, although the smallest largest excess would ask for more.
    let costs = [0.0, 0.0, 10.0, 10.0, 10.0, 10.0, 0.0, 10.0];
    let shares = nucleolus(&game(3, |group| costs[group])).unwrap();
    assert!(shares[0] <= 1e-9, "{shares:?}");
    assert_close(&shares, &[0.0, 5.0, 5.0]);
}
