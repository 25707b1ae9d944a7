//! Games with known answers at the smallest scale; published ones and laws stand in `tests/share`.

use super::programme::{Point, TOLERANCE, with_groups};
use super::*;

fn game(costs: &[f64]) -> Coalitions {
    let n = costs.len().trailing_zeros();
    Coalitions {
        partners: (0..n).map(|partner| partner.to_string()).collect(),
        costs: costs.to_vec(),
        weights: Vec::new(),
    }
}

#[test]
fn two_partners_share_the_saving_equally() {
    let shares = nucleolus(&game(&[0.0, 10.0, 20.0, 24.0])).unwrap();
    assert!(
        (shares[0] - 7.0).abs() < 1e-9 && (shares[1] - 17.0).abs() < 1e-9,
        "{shares:?}"
    );
}

fn close(found: &[f64], expected: &[f64]) {
    let is_close = |(a, b): (&f64, &f64)| (a - b).abs() < 1e-9;
    assert!(
        found.len() == expected.len() && found.iter().zip(expected).all(is_close),
        "{found:?}, not {expected:?}"
    );
}

/// Alone 10, 9 and 12; the first two together 16, the first and the last 19, the last two 20; all together 24. Separable
/// are 4, 5 and 8, which leaves 7 for remaining benefits of 6, 4 and 4. In the six orders the first adds 10, 10, 7, 7, 4
/// and 4.
#[test]
fn three_partners_share_as_on_paper() {
    let game = game(&[0.0, 10.0, 9.0, 16.0, 12.0, 19.0, 20.0, 24.0]);
    close(&shapley(&game), &[7.0, 7.0, 10.0]);
    close(&marginal(&game), &[4.0, 5.0, 8.0]);
    close(
        &separable_costs_remaining_benefits(&game),
        &[7.0, 7.0, 10.0],
    );
    close(&proportional(&game, &[1.0, 2.0, 3.0]), &[4.0, 8.0, 12.0]);
}

/// 0.1, 0.2 and 0.3 sum to 0.3 and 0.6 in decimals, and to a hair beside them in binary fractions.
#[test]
fn nobody_leaves_for_the_rounding_of_a_sum() {
    let found = share(&game(&[0.0, 0.1, 0.2, 0.3, 0.3, 0.4, 0.5, 0.6])).unwrap();
    assert!(!found.is_core_empty && found.subsidy == 0.0);
    assert!(found.least_core.abs() < 1e-12, "{}", found.least_core);
    for rule in &found.rules {
        let is_equal = rule.id == "equal";
        assert_eq!(rule.is_in_core, !is_equal, "{}", rule.id);
        assert_eq!(rule.is_individually_rational(), !is_equal, "{}", rule.id);
    }
}

/// A saving that is the rounding of sums is none, and yet no pound of the cost stays unpaid.
#[test]
fn what_is_left_by_rounding_is_paid_in_equal_parts() {
    let shares = nucleolus(&game(&[0.0, 1e12, 1e12, 2e12 + 1.0])).unwrap();
    assert_eq!(shares, [1e12 + 0.5; 2]);
}

/// Three partners who pay 1 each while any group is forgotten, and nothing once all are thought of; no group may pay. The
/// groups that pay most come first, twice as many as there are partners at a time, and then the last one.
#[test]
fn a_programme_is_solved_with_the_groups_that_break_their_limit_most() {
    let mut seen: Vec<Vec<usize>> = Vec::new();
    let solve = |groups: &[usize]| {
        seen.push(groups.to_vec());
        let number = if groups.len() == 7 { 0.0 } else { 1.0 };
        match seen.len() < 9 {
            true => Ok(Point {
                numbers: vec![number; 3],
                level: 0.0,
            }),
            false => Err(Unsolved("it never ends".to_owned())),
        }
    };
    let found = with_groups(&[0.0; 8], &[true; 8], &mut Vec::new(), solve).unwrap();
    assert_eq!(found.numbers, [0.0; 3]);
    let most = vec![7, 3, 5, 6, 1, 2];
    assert_eq!(seen, [vec![], most.clone(), [most, vec![4]].concat()]);
}

#[test]
fn a_limit_may_be_broken_by_as_much_as_is_allowed() {
    let mut n_solved = 0;
    let solve = |_: &[usize]| {
        n_solved += 1;
        Ok(Point {
            numbers: vec![TOLERANCE, 0.0],
            level: 0.0,
        })
    };
    let mut working = Vec::new();
    with_groups(&[0.0, 0.0, 0.0, 1.0], &[true; 4], &mut working, solve).unwrap();
    assert_eq!((n_solved, working), (1, vec![]));
}

#[test]
fn whoever_gets_no_shares_is_told_why() {
    let words = Unsolved("the solver stopped early".to_owned()).to_string();
    assert!(words.contains("fair shares") && words.ends_with("the solver stopped early"));
}
