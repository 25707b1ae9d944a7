//! Fair shares through the command as a finance director would ask for them: published answers, laws that must hold,
//! and what is printed where.

mod arrangements;
mod command;
mod kohlberg;
mod laws;
mod needs;
mod published;
mod question;
mod queue;
mod report;
mod rounding;
mod sampled;
mod simulated;
mod worlds;

pub use simulated::page;

use std::path::Path;
use std::process::{Command, Output};

use needscast::compile::Coalitions;
use serde_json::Value;

/// Runs the program in a folder.
fn needscast(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_needscast"))
        .current_dir(folder)
        .args(arguments)
        .output()
        .unwrap()
}

/// What `needscast share --from coalitions.csv --format json` answers; with weights where there are any.
fn share(costs: &str, weights: &str) -> Value {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("coalitions.csv"), costs).unwrap();
    std::fs::write(folder.path().join("partners.csv"), weights).unwrap();
    let mut arguments = vec!["share", "--from", "coalitions.csv", "--format", "json"];
    if !weights.is_empty() {
        arguments.extend(["--weights", "partners.csv"]);
    }
    let output = needscast(folder.path(), &arguments);
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{words}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// What an allocation gives to these partners.
fn shares(answer: &Value, rule: &str, partners: &[&str]) -> Vec<f64> {
    let number = |partner: &&str| answer[rule][*partner].as_f64();
    partners
        .iter()
        .map(|p| number(p).unwrap_or_else(|| panic!("{rule} of {p}: {answer}")))
        .collect()
}

/// Equal to within a millionth of the largest.
fn assert_close(found: &[f64], expected: &[f64]) {
    let size = expected
        .iter()
        .fold(1e-300_f64, |most, number| most.max(number.abs()));
    let is_close = |(a, b): (&f64, &f64)| (a - b).abs() <= 1e-6 * size;
    assert!(
        found.len() == expected.len() && found.iter().zip(expected).all(is_close),
        "{found:?} is not {expected:?}"
    );
}

/// A game of `n` partners called 0, 1, 2 …, with the cost of every group.
fn game(n: usize, cost: impl Fn(usize) -> f64) -> Coalitions {
    Coalitions {
        partners: (0..n).map(|partner| partner.to_string()).collect(),
        costs: (0..1 << n)
            .map(|group| if group == 0 { 0.0 } else { cost(group) })
            .collect(),
        weights: Vec::new(),
    }
}

/// The partners in a group.
fn members(group: usize) -> impl Iterator<Item = usize> {
    (0..20).filter(move |partner| group >> partner & 1 == 1)
}

/// The sum of the members' numbers.
fn sum(values: &[f64], group: usize) -> f64 {
    members(group).map(|member| values[member]).sum()
}
