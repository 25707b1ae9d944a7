//! Values that do not change by themselves: a table of them is kept, and a change of it names itself in the changelog.

use std::fs;

use sha2::{Digest, Sha256};

use super::{Bench, root};

/// What is kept: of the tiny model, as the program writes it to the last digit.
const KEPT: &str = "tests/reliable/values.csv";

/// The measures of the forecast whose totals are kept.
const MEASURES: [&str; 8] = [
    "prison_population",
    "convictions",
    "releases",
    "reconviction_rate",
    "starts",
    "needs_met",
    "unmet_need",
    "wait_months_mean",
];

/// Rows of the total in the first and the last year, and of money.
fn values() -> String {
    let bench = Bench::new();
    let written = bench.written("out", &["--draws", "16"]);
    let lines = |name: &str| {
        let text = String::from_utf8(written[name].clone()).unwrap();
        text.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    let mut kept = Vec::new();
    for line in lines("forecast.csv") {
        let cells: Vec<&str> = line.split(',').collect();
        let is_when = cells[5] == "2025-26" || cells[5] == "2029-30";
        if cells[1] == "total" && is_when && MEASURES.contains(&cells[3]) {
            let key = format!("{},{},{},{}", cells[0], cells[3], cells[4], cells[5]);
            kept.push(format!("{key},{},{},{}", cells[7], cells[8], cells[12]));
        }
    }
    for line in lines("appraisal.csv") {
        let cells: Vec<&str> = line.split(',').collect();
        if cells[0] == "shared" && cells[4] == "GBP" {
            let key = format!("{},{},{},", cells[0], cells[2], cells[3]);
            kept.push(format!("{key},{},{},{}", cells[5], cells[6], cells[9]));
        }
    }
    kept.sort();
    format!(
        "option,measure,of,period,mean,p05,mc_error\n{}\n",
        kept.join("\n")
    )
}

#[test]
fn a_value_that_changes_names_itself_in_the_changelog() {
    let found = values();
    assert!(found.lines().count() > 30, "{found}");
    let path = root().join(KEPT);
    if std::env::var("NEEDSCAST_BLESS").is_ok() {
        fs::write(&path, &found).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap();
    let differs = kept
        .lines()
        .zip(found.lines())
        .find(|(kept, found)| kept != found);
    let hash = Sha256::digest(kept.as_bytes());
    let name: String = hash
        .iter()
        .take(6)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    assert!(
        kept == found,
        "the same question gives other numbers: {differs:?}.\nIf that is meant, run this test with NEEDSCAST_BLESS=1, \
         which writes them to {KEPT}, and say in CHANGELOG.md under `Values changed` what changed and why."
    );
    let changelog = fs::read_to_string(root().join("CHANGELOG.md")).unwrap();
    let mut values = changelog
        .split("\n### ")
        .filter(|part| part.starts_with("Values changed"));
    assert!(
        values.any(|part| part.contains(&name)),
        "{KEPT} is another: write an entry under `Values changed` in CHANGELOG.md that says what changed and why, and \
         ends with `(values {name})`"
    );
}
