//! What chance leads to: nothing is told of numbers that say nothing, and the errors and intervals that are stated are
//! those that repeated simulation shows. Each of three verdicts is taken at alpha 1e-5.

use needscast::appraise::{Certainty, Comparison, Discounting, Schedule, compare};
use needscast::compile::{Alternative, Alternatives};
use needscast::random::{Key, normal_quantile};
use statrs::distribution::{ContinuousCDF, Normal};

use super::appraise;

/// Normal numbers of a column in a repetition.
fn normals(name: &str, time: usize, n: usize) -> Vec<f64> {
    let key = Key::new(2026).named(name).with(time as u64);
    let number = |draw: usize| normal_quantile(key.with(draw as u64).uniform());
    (0..n).map(number).collect()
}

/// Options of these costs and outcomes, the first being compared with, at a worth of 1.
fn compared(
    options: &[(Vec<f64>, Vec<f64>)],
    parameters: Vec<(String, Vec<Vec<f64>>)>,
) -> Comparison {
    let option = |(index, (costs, outcomes)): (usize, &(Vec<f64>, Vec<f64>))| Alternative {
        id: format!("option {index}"),
        years: vec![0],
        costs: costs.clone(),
        outcomes: outcomes.clone(),
    };
    let alternatives = Alternatives {
        n_draws: options[0].0.len(),
        options: options.iter().enumerate().map(option).collect(),
        comparator: 0,
        parameters,
        outcome: "outcome".to_owned(),
        has_years: false,
    };
    let rates = Discounting {
        costs: Schedule::constant(0.0),
        outcomes: Schedule::constant(0.0),
    };
    compare(&alternatives, &rates, &[1.0])
}

/// Doing nothing, and an increment in money.
fn against_nothing(increments: &[f64]) -> [(Vec<f64>, Vec<f64>); 2] {
    let nothing = vec![0.0; increments.len()];
    let costs = increments.iter().map(|gain| -gain).collect();
    [(nothing.clone(), nothing.clone()), (costs, nothing)]
}

/// Twenty columns of noise beside each of 200 tables of 200 draws. Null: at most 1 table in 20 is told anything of (the
/// level of all columns together); statistic: how many are, which 26 or more would be once in 100,000 times. Caught with
/// a probability of 99%: 1 table in 5.
#[test]
fn noise_has_no_switching_value_and_stands_in_no_tornado() {
    let mut n_told = 0;
    for time in 0..200 {
        let increments: Vec<f64> = normals("money", time, 200)
            .iter()
            .map(|z| 10.0 * z)
            .collect();
        let column = |c: usize| {
            let name = format!("noise {c}");
            let values = normals(&name, time, 200);
            (name, vec![values])
        };
        let parameters = (0..20).map(column).collect();
        let comparison = compared(&against_nothing(&increments), parameters);
        let leverages = comparison.learnings.iter().map(|(_, of)| &of[0]);
        let told = leverages.filter(|learning| {
            let own = learning.leverage[1].as_ref().unwrap();
            let is_silent = own.switching_values.is_empty()
                && own.switching_value_beyond_draws.is_none()
                && own.low_and_high.iter().all(|end| end.is_nan());
            assert!(own.is_told || (is_silent && learning.evppi.mean == 0.0));
            own.is_told
        });
        n_told += usize::from(told.count() > 0);
    }
    assert!(n_told < 26, "{n_told} of 200 tables of noise are told of");
}

/// What is beyond the draws is told, and told apart from what was drawn; and a constant has neither.
#[test]
fn a_straight_line_switches_beyond_what_was_drawn() {
    let mut table = "option,draw,cost,outcome,x,z\n".to_owned();
    for draw in 0..200 {
        let x = f64::from(draw) / 199.0;
        let z = f64::from((draw * 73) % 200);
        let saved = 1000.0 * (x - 1.5);
        table += &format!("a,{draw},0,0,{x},{z}\nb,{draw},{},0,{x},{z}\n", -saved);
    }
    let answer = appraise(&table, &["--threshold", "1", "--parameter", "x,z"]);
    let own = &answer["parameters"][0]["increments"][0];
    assert_eq!(own["switching_values"]["1"], serde_json::json!([]));
    let beyond = own["switching_value_beyond_draws"]["1"].as_f64().unwrap();
    assert!((beyond - 1.5).abs() < 1e-9, "{beyond}");
    assert_eq!(own["told_from_chance"]["1"], true);
    let other = &answer["parameters"][1]["increments"][0];
    assert_eq!(other["told_from_chance"]["1"], false);
    assert!(other["switching_value_beyond_draws"]["1"].is_null());
    assert_eq!(
        other["net_benefit_low_and_high"]["1"],
        serde_json::json!([null, null])
    );
}

/// Numbers whose squares cannot be held are refused with their place; they made a mean of nothing and a dominated option
/// the best.
#[test]
fn what_cannot_be_reckoned_with_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let table = "option,draw,cost,outcome\na,1,0,1\na,2,0,1\nb,1,1e308,1\nb,2,1e308,1\n";
    std::fs::write(folder.path().join("draws.csv"), table).unwrap();
    let from = ["appraise", "--from", "draws.csv", "--threshold"];
    let output = super::needscast(folder.path(), &[&from[..], &["1"]].concat());
    let told = super::words(&output);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        told.contains("E303") && told.contains("draws.csv:4"),
        "{told}"
    );
    let output = super::needscast(folder.path(), &[&from[..], &["1e40"]].concat());
    assert_eq!(output.status.code(), Some(2));
}

/// The spread of an estimate over repetitions, and the root mean square of the errors that were stated.
fn spread_and_stated(told: &[(f64, f64)]) -> (f64, f64) {
    let n = told.len() as f64;
    let mean = told.iter().map(|(value, _)| value).sum::<f64>() / n;
    let squares: f64 = told.iter().map(|(value, _)| (value - mean).powi(2)).sum();
    let errors: f64 = told.iter().map(|(_, error)| error.powi(2)).sum();
    ((squares / (n - 1.0)).sqrt(), (errors / n).sqrt())
}

/// How many times a question is asked anew.
const TIMES: usize = 300;

/// By what factor the error that is stated differs from the spread over repetitions, as a logarithm, and both in words.
fn astray(name: &str, told: impl Fn(usize) -> (f64, f64)) -> (f64, String) {
    let told: Vec<(f64, f64)> = (0..TIMES).map(told).collect();
    let (spread, stated) = spread_and_stated(&told);
    let mean = told.iter().map(|(value, _)| value).sum::<f64>() / TIMES as f64;
    let words = format!("{name}: {mean}, the error stated is {stated}, it is {spread}");
    ((stated / spread).ln(), words)
}

/// An increment of x and y, both normal, with these spreads.
fn of_two(mean: f64, x: f64, y: f64, n: usize, known: &str, time: usize) -> (f64, f64) {
    let (own, other) = (normals("x", time, n), normals("y", time, n));
    let sum = |draw: usize| mean + x * own[draw] + y * other[draw];
    let increments: Vec<f64> = (0..n).map(sum).collect();
    let extra = (0..3).map(|i| normals(&format!("extra {i}"), time, n));
    let numbers = match known {
        "x" => vec![own],
        "x+y" => vec![own, other],
        _ => std::iter::once(own).chain(extra).collect(),
    };
    let parameters = vec![(known.to_owned(), numbers)];
    let comparison = compared(&against_nothing(&increments), parameters);
    let evppi = &comparison.learnings[0].1[0].evppi;
    (evppi.mean, evppi.mc_error)
}

/// Three options of which none is clearly best.
fn three(time: usize) -> Comparison {
    let of = |name: &str, mean: f64| -> (Vec<f64>, Vec<f64>) {
        let costs = normals(name, time, TIMES);
        let costs = costs.iter().map(|z| mean + 50.0 * z);
        (costs.collect(), vec![0.0; TIMES])
    };
    compared(&[of("a", 0.0), of("b", 5.0), of("c", 30.0)], Vec::new())
}

/// Worths of information and regret over 300 repetitions of seven questions. Null: each stated error is the spread over
/// repetitions; statistic: the largest logarithm of their ratio, of which each has a standard error of 0.06 at most (that
/// of a spread over 300, whose square is three times as uncertain as for normal answers). Refused beyond a factor of 1.4,
/// which is more than five of these; caught with a probability of 99%: a factor of 1.62.
#[test]
fn the_error_of_what_knowledge_is_worth_is_what_repetition_shows() {
    let found = [
        astray("a weak parameter in many draws", |time| {
            of_two(0.0, 10.0, 100.0, 4000, "x", time)
        }),
        astray("a strong one in few", |time| {
            of_two(0.0, 50.0, 100.0, 500, "x", time)
        }),
        astray("where the choice is clearer", |time| {
            of_two(-40.0, 60.0, 80.0, 1000, "x", time)
        }),
        astray("two numbers by curves", |time| {
            of_two(-20.0, 50.0, 50.0, 700, "x+y", time)
        }),
        astray("four numbers by regression", |time| {
            of_two(-20.0, 60.0, 60.0, 300, "x and noise", time)
        }),
        astray("everything", |time| {
            let choice = &three(time).choices[0];
            (choice.evpi.mean, choice.evpi.mc_error)
        }),
        astray("regret", |time| {
            let choice = &three(time).choices[0];
            (choice.expected_regret[2], choice.regret_error[2])
        }),
    ];
    let words: Vec<&str> = found.iter().map(|(_, words)| words.as_str()).collect();
    let worst = found
        .iter()
        .map(|(ratio, _)| ratio.abs())
        .fold(0.0, f64::max);
    assert!(worst < 1.4_f64.ln(), "{}", words.join("\n"));
}

/// What an option adds: costs about 100, outcomes about 5, x behind the outcome.
fn increments(time: usize, n: usize) -> Comparison {
    let (x, y, z) = (
        normals("x", time, n),
        normals("y", time, n),
        normals("z", time, n),
    );
    let costs = (0..n).map(|d| 80.0 + 40.0 * y[d]).collect();
    let outcomes = (0..n)
        .map(|d| 100.0 + 30.0 * x[d] + 10.0 * y[d] + 20.0 * z[d])
        .collect();
    let nothing = vec![0.0; n];
    let parameters = vec![("x".to_owned(), vec![x])];
    compared(&[(nothing.clone(), nothing), (costs, outcomes)], parameters)
}

/// Six kinds of interval over 400 repetitions. Null: 95 in 100 of each cover what is exact; statistic: how many of the
/// worst kind do, which fewer than 358 would less than once in 100,000 times. Caught with a probability of 99%: intervals
/// that cover 85 in 100.
#[test]
fn intervals_cover_what_is_exact() {
    let n = 150;
    // The increment of net benefit is 20 + 30 x - 30 y + 20 z, of variance 2,200.
    let better = Normal::standard().cdf(20.0 / 2200.0_f64.sqrt());
    let ranks = 6.0 / std::f64::consts::PI * (30.0 / 2200.0_f64.sqrt() / 2.0).asin();
    let mut covered = [0; 6];
    let mut note = |which: usize, [low, high]: [f64; 2], exact: f64| {
        covered[which] += usize::from(low <= exact && exact <= high);
    };
    for time in 0..400 {
        let comparison = increments(time, n);
        let own = comparison.options[1].increment.as_ref().unwrap();
        note(0, own.cost_per_outcome_certainty.interval, 0.8);
        note(1, own.benefit_cost_ratio_certainty[0].interval, 1.25);
        note(
            2,
            Certainty::of_share(own.probability_better[0], n).interval,
            better,
        );
        note(3, comparison.options[1].icer.interval, 0.8);
        let leverage = comparison.learnings[0].1[0].leverage[1].as_ref().unwrap();
        let told = Certainty::of_rank_correlation(leverage.rank_correlation, n);
        note(4, told.interval, ranks);
        // The increment is expected to be 0 where 20 + 30 x is.
        let nearest = (leverage
            .switching_values
            .iter()
            .zip(&leverage.switching_errors))
        .min_by(|a, b| (a.0 + 2.0 / 3.0).abs().total_cmp(&(b.0 + 2.0 / 3.0).abs()));
        if let Some((value, error)) = nearest {
            note(5, [value - 1.96 * error, value + 1.96 * error], -2.0 / 3.0);
        }
    }
    assert!(covered.iter().all(|n| *n >= 358), "{covered:?} of 400");
}
