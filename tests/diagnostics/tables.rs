//! Faults of tables made elsewhere: draws of options, scores and weights.

mod draws;
mod scores;

use std::fs;

use needscast::appraise::{Discounting, GREEN_BOOK_2026, GREEN_BOOK_2026_HEALTH, compare, value};
use needscast::compile;
use needscast::diagnostic::{Diagnostic, render};
use needscast::document;
use proptest::prelude::*;

const DRAWS: &str = "\
option,draw,year,cost,outcome,effect
today,1,0,100,30,0.5
today,1,1,90,31,0.5
today,2,0,110,29,0.6
today,2,1,95,30,0.6
regional,1,0,120,34,0.5
regional,1,1,80,35,0.5
regional,2,0,119,33,0.6
regional,2,1,85,36,0.6
";

const SCORES: &str = "\
option,cost,access,wait
today,100,40,30
regional,120,60,20
";

const WEIGHTS: &str = "\
criterion,weight,direction,low,high,points
access,0.6,,,,
wait,0.4,lower,0,60,
";

fn draws_faults(table: &str, comparator: Option<&str>) -> Vec<Diagnostic> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("draws.csv");
    fs::write(&path, table).unwrap();
    let parameters = ["effect".to_owned()];
    let read = document::drawn(&path, "outcome", &parameters, true);
    let sound = read.and_then(|table| compile::alternatives(&table, comparator));
    // What is sound can be appraised, whatever its numbers.
    let rates = Discounting {
        costs: GREEN_BOOK_2026.clone(),
        outcomes: GREEN_BOOK_2026_HEALTH.clone(),
    };
    sound
        .map(|alternatives| compare(&alternatives, &rates, &[250.0]))
        .err()
        .unwrap_or_default()
}

fn scores_faults(scores: &str, weights: &str) -> Vec<Diagnostic> {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("scores.csv"), scores).unwrap();
    fs::write(path("weights.csv"), weights).unwrap();
    let read = document::scored(&path("scores.csv"), &path("weights.csv"));
    let sound = read.and_then(|tables| compile::scores(&tables, false));
    sound.map(|scores| value(&scores)).err().unwrap_or_default()
}

#[test]
fn the_good_tables_are_good() {
    assert!(draws_faults(DRAWS, Some("regional")).is_empty());
    assert!(scores_faults(SCORES, WEIGHTS).is_empty());
}

#[test]
fn every_fault_is_named_in_one_pass() {
    let table = DRAWS
        .replacen("100,30", "x,30", 1)
        .replacen("90,31", "90,NaN", 1)
        .replacen("regional,2,1,85,36,0.6\n", "", 1);
    let mut codes: Vec<&str> = draws_faults(&table, Some("nobody"))
        .iter()
        .map(|f| f.code)
        .collect();
    codes.sort_unstable();
    assert_eq!(codes, ["E210", "E301", "E302", "E703"]);
    let scores = SCORES.replacen("60,20", "NaN,90", 1);
    let weights = WEIGHTS
        .replacen("0.6", "0.7", 1)
        .replacen("lower", "lowr", 1);
    let mut codes: Vec<&str> = scores_faults(&scores, &weights)
        .iter()
        .map(|f| f.code)
        .collect();
    codes.sort_unstable();
    assert_eq!(codes, ["E111", "E302", "E705"]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever stands in a cell, there is a verdict and never a panic; what is sound can be appraised.
    #[test]
    fn a_spoilt_cell_never_panics(
        line in 0..12_usize, cell in 0..6_usize,
        with in prop_oneof![
            "[ -~\n\r\t]{0,12}",
            proptest::sample::select(vec!["", "\"", ",", "NaN", "-1", "1e999", "1e308", "0", "é", "today", "cost"])
                .prop_map(str::to_owned),
        ],
    ) {
        let spoil = |table: &str| -> String {
            let mut lines: Vec<String> = table.lines().map(str::to_owned).collect();
            let line = line % lines.len();
            let mut cells: Vec<&str> = lines[line].split(',').collect();
            let cell = cell % cells.len();
            cells[cell] = &with;
            lines[line] = cells.join(",");
            lines.join("\n") + "\n"
        };
        for faults in [
            draws_faults(&spoil(DRAWS), None),
            scores_faults(&spoil(SCORES), WEIGHTS),
            scores_faults(SCORES, &spoil(WEIGHTS)),
        ] {
            prop_assert!(faults.is_empty() || !render(&faults).is_empty());
        }
    }
}
