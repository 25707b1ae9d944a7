//! Tables made elsewhere, appraised through the command as an analyst would: published answers, laws that must hold,
//! and what is printed where.

mod chance;
mod criteria;
mod known;
mod printed;
mod properties;
mod published;
mod streams;
mod uncertain;

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

/// Runs the program in a folder.
fn needscast(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_needscast"))
        .current_dir(folder)
        .args(arguments)
        .output()
        .unwrap()
}

/// What `needscast appraise --from draws.csv --format json` answers.
fn appraise(table: &str, arguments: &[&str]) -> Value {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("draws.csv"), table).unwrap();
    let fixed = ["appraise", "--from", "draws.csv", "--format", "json"];
    answer(&needscast(folder.path(), &[&fixed, arguments].concat()))
}

/// What `needscast appraise --from scores.csv --weights weights.csv --format json` answers.
fn value(scores: &str, weights: &str, arguments: &[&str]) -> Value {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("scores.csv"), scores).unwrap();
    std::fs::write(folder.path().join("weights.csv"), weights).unwrap();
    let fixed = [
        "appraise",
        "--from",
        "scores.csv",
        "--weights",
        "weights.csv",
    ];
    let fixed = [&fixed[..], &["--format", "json"]].concat();
    answer(&needscast(folder.path(), &[&fixed, arguments].concat()))
}

fn answer(output: &Output) -> Value {
    assert!(output.status.success(), "{}", words(output));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn words(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A table of one draw of each option: its name, cost and outcome.
fn single_draws<N: AsRef<str>>(options: &[(N, f64, f64)]) -> String {
    let mut table = "option,draw,cost,outcome\n".to_owned();
    for (name, cost, outcome) in options {
        table += &format!("{},1,{cost},{outcome}\n", name.as_ref());
    }
    table
}

/// The options of an answer for which something holds, in order.
fn options_that(answer: &Value, holds: impl Fn(&Value) -> bool) -> Vec<String> {
    let options = answer["options"].as_array().unwrap().iter();
    options
        .filter(|option| holds(option))
        .map(|option| option["id"].as_str().unwrap().to_owned())
        .collect()
}

fn on_frontier(answer: &Value) -> Vec<String> {
    options_that(answer, |option| option["frontier"] == true)
}

fn dominated(answer: &Value, how: &str) -> Vec<String> {
    options_that(answer, |option| option["dominance"] == how)
}

fn number(value: &Value) -> f64 {
    value
        .as_f64()
        .unwrap_or_else(|| panic!("{value} is no number"))
}

#[track_caller]
fn close(value: &Value, expected: f64, within: f64) {
    let found = number(value);
    assert!(
        (found - expected).abs() <= within,
        "{found} is not {expected}"
    );
}
