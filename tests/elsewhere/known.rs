//! What it is worth to know one uncertain number, against closed forms and by hand.

use needscast::appraise::{Discounting, Schedule, compare};
use needscast::compile::{Alternative, Alternatives};
use needscast::random::normal_quantile;
use proptest::prelude::*;
use statrs::distribution::{Continuous, ContinuousCDF, Normal};

use super::{appraise, close, number};

/// Evenly spread pairs of uniforms (a rank-1 lattice with the golden ratio): sums over them are integrals but for terms in
/// 1 / n, so that no verdict depends on chance.
fn spread(n: usize) -> impl Iterator<Item = (f64, f64)> {
    let golden = (5.0_f64.sqrt() - 1.0) / 2.0;
    (0..n).map(move |i| {
        (
            (i as f64 + 0.5) / n as f64,
            (i as f64 * golden + 0.25).fract().clamp(1e-9, 1.0 - 1e-9),
        )
    })
}

/// Raiffa and Schlaifer's loss of a normal increment.
fn worth(mean: f64, spread: f64) -> f64 {
    let (normal, z) = (Normal::standard(), mean.abs() / spread);
    spread * normal.pdf(z) - mean.abs() * normal.cdf(-z)
}

/// A table of two options whose increment in money is a function of two normal numbers.
fn table(n: usize, increment: impl Fn(f64, f64) -> f64) -> String {
    let mut table = "option,draw,cost,outcome,x,y\n".to_owned();
    for (draw, (u, v)) in spread(n).enumerate() {
        let (x, y) = (normal_quantile(u), normal_quantile(v));
        table += &format!(
            "now,{draw},0,0,{x},{y}\nnew,{draw},{},0,{x},{y}\n",
            -increment(x, y)
        );
    }
    table
}

const BOTH: [&str; 4] = ["--threshold", "1", "--parameter", "x,y"];

#[test]
fn what_explains_everything_is_worth_everything() {
    let answer = appraise(&table(4000, |x, _| 100.0 + 250.0 * x), &BOTH);
    let evpi = number(&answer["evpi"]["1"]);
    close(&answer["evpi"]["1"], worth(100.0, 250.0), 0.05);
    close(&answer["parameters"][0]["evppi"]["1"], evpi, 1e-9 * evpi);
    close(&answer["parameters"][1]["evppi"]["1"], 0.0, 0.01 * evpi);
    // A bend that no straight line follows: better at both ends.
    let answer = appraise(&table(4000, |x, _| x * x - 1.2), &BOTH);
    let evpi = number(&answer["evpi"]["1"]);
    close(&answer["parameters"][0]["evppi"]["1"], evpi, 0.01 * evpi);
}

#[test]
fn a_part_of_a_normal_increment_is_worth_its_closed_form() {
    let answer = appraise(&table(10_000, |x, y| -20.0 + 80.0 * x + 60.0 * y), &BOTH);
    close(&answer["evpi"]["1"], worth(20.0, 100.0), 0.05);
    for (parameter, part) in [(0, 80.0), (1, 60.0)] {
        let exact = worth(20.0, part);
        close(
            &answer["parameters"][parameter]["evppi"]["1"],
            exact,
            0.02 * exact,
        );
    }
    let of_x = &answer["parameters"][0]["increments"][0];
    assert_eq!(of_x["id"], "new");
    // The increment is expected to be 0 at x = 20 / 80, and the correlation of ranks is that of a bivariate normal law
    // with correlation 0.8 (Pearson 1907): 6 / pi times the arc sine of its half.
    close(&of_x["switching_values"]["1"][0], 0.25, 0.01);
    close(
        &of_x["rank_correlation"]["1"],
        6.0 / std::f64::consts::PI * 0.4_f64.asin(),
        0.005,
    );
    let z = Normal::standard().inverse_cdf(0.95);
    close(
        &of_x["net_benefit_low_and_high"]["1"][0],
        -20.0 - 80.0 * z,
        1.0,
    );
    close(
        &of_x["net_benefit_low_and_high"]["1"][1],
        -20.0 + 80.0 * z,
        1.0,
    );
}

/// Two numbers together explain everything, by a sum or by a product that neither says anything of alone.
#[test]
fn a_group_is_worth_what_its_numbers_are_worth_together() {
    let asked = ["--threshold", "1", "--parameter", "x,x+y,y"];
    let answer = appraise(&table(10_000, |x, y| -20.0 + 80.0 * x + 60.0 * y), &asked);
    let evpi = number(&answer["evpi"]["1"]);
    close(&answer["parameters"][1]["evppi"]["1"], evpi, 1e-3 * evpi);
    assert_eq!(answer["parameters"][1]["id"], "x+y");
    assert_eq!(answer["parameters"][1]["increments"], serde_json::json!([]));
    let answer = appraise(&table(10_000, |x, y| 50.0 * x * y - 10.0), &asked);
    let evpi = number(&answer["evpi"]["1"]);
    close(&answer["parameters"][0]["evppi"]["1"], 0.0, 0.03 * evpi);
    close(&answer["parameters"][1]["evppi"]["1"], evpi, 0.01 * evpi);
}

/// Twenty draws of each of four kinds: the increment is 0, -100, 70 or -30, and the number tells the first two from the
/// last two. Expected increments are -50 and 20, so knowing it gains 20 half the time.
#[test]
fn a_number_of_two_levels_by_hand() {
    let mut table = "option,draw,cost,outcome,level\n".to_owned();
    for draw in 0..80 {
        let (increment, level) = [(0, "1"), (-100, "1"), (70, "2"), (-30, "2")][draw % 4];
        table += &format!("1,{draw},0,0,{level}\n2,{draw},0,{increment},{level}\n");
    }
    let answer = appraise(&table, &["--threshold", "1,0", "--parameter", "level"]);
    close(&answer["parameters"][0]["evppi"]["1"], 10.0, 1e-9);
    close(&answer["parameters"][0]["evppi"]["0"], 0.0, 0.0);
    close(&answer["evpi"]["1"], 17.5, 1e-9);
    close(
        &answer["parameters"][0]["increments"][0]["switching_values"]["1"][0],
        1.0 + 5.0 / 7.0,
        1e-9,
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn knowing_a_part_is_worth_something_from_nothing_to_everything(
        rows in proptest::collection::vec((-9..=9_i32, -9..=9_i32, -9..=9_i32, -3..=3_i32), 1..60),
    ) {
        let option = |id: &str, cost: fn(&(i32, i32, i32, i32)) -> i32| Alternative {
            id: id.to_owned(),
            years: vec![0],
            costs: rows.iter().map(|row| f64::from(cost(row))).collect(),
            outcomes: vec![0.0; rows.len()],
        };
        let alternatives = Alternatives {
            options: vec![option("a", |row| row.0), option("b", |row| row.1), option("c", |row| row.2)],
            n_draws: rows.len(),
            comparator: 1,
            parameters: vec![("p".to_owned(), vec![rows.iter().map(|row| f64::from(row.3)).collect()])],
            outcome: "outcome".to_owned(),
            has_years: false,
        };
        let rates = Discounting { costs: Schedule::constant(0.0), outcomes: Schedule::constant(0.0) };
        let comparison = compare(&alternatives, &rates, &[1.0]);
        let (evpi, learning) = (comparison.choices[0].evpi.mean, &comparison.learnings[0].1[0]);
        prop_assert!((0.0..=evpi).contains(&learning.evppi.mean), "{} of {evpi}", learning.evppi.mean);
        prop_assert!(learning.leverage[1].is_none());
        for leverage in learning.leverage.iter().flatten() {
            prop_assert!(leverage.rank_correlation.abs() <= 1.0 + 1e-12);
            prop_assert!(leverage.switching_values.is_sorted());
        }
    }
}
