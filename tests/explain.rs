//! Words that are looked up: every parameter and every measure of a run is explained, and what means nothing is not.

use std::collections::BTreeSet;
use std::fs;
use std::process::{Command, Output};

use needscast::compile::compile;
use needscast::document;
use needscast::report::Glossary;
use serde_json::Value;

fn explain(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_needscast"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .arg("explain")
        .args(arguments)
        .output()
        .unwrap()
}

fn told(arguments: &[&str]) -> String {
    let output = explain(arguments);
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{words}");
    String::from_utf8(output.stdout).unwrap()
}

/// The values of a column of the tables that a run writes.
fn column(folder: &std::path::Path, wanted: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "csv") {
            continue;
        }
        let mut reader = csv::Reader::from_path(&path).unwrap();
        let header = reader.headers().unwrap().clone();
        let Some(at) = header.iter().position(|cell| cell == wanted) else {
            continue;
        };
        let file = path.file_name().unwrap().to_string_lossy().into_owned();
        for row in reader.records() {
            let cell = row.unwrap()[at].to_owned();
            let measure = cell.split('[').next().unwrap();
            found.insert(format!("{measure} in {file}"));
        }
    }
    found
}

#[test]
fn every_measure_that_is_written_is_explained_with_its_files() {
    let folder = tempfile::tempdir().unwrap();
    for scenario in [
        "models/textbook/tiny/scenario.toml",
        "scenarios/tayside-throughcare.toml",
    ] {
        let out = folder.path().join("out");
        let output = Command::new(env!("CARGO_BIN_EXE_needscast"))
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .args([
                "run",
                scenario,
                "--draws",
                "1",
                "--drivers",
                "1",
                "--out",
                out.to_str().unwrap(),
            ])
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let documents = document::read(scenario.as_ref()).unwrap();
        let plan = compile(&documents).unwrap();
        let glossary = Glossary::of(&documents, &plan);
        let mut wrong = Vec::new();
        for measure_in_file in column(&out, "measure") {
            let (measure, file) = measure_in_file.split_once(" in ").unwrap();
            match glossary.explain(measure) {
                Ok(page) => {
                    let page: Value = serde_json::from_str(&page.json()).unwrap();
                    let pages = page["found"].as_array().unwrap();
                    let page = pages.iter().find(|page| page["kind"] == "measure");
                    let files = page.and_then(|page| page["files"].as_array());
                    let is_told = files.is_some_and(|files| files.iter().any(|it| it == file));
                    let about = page.map_or("", |page| page["definition"].as_str().unwrap());
                    if !is_told || about.is_empty() {
                        wrong.push(format!("{measure_in_file}: {page:?}"));
                    }
                }
                Err(_) => wrong.push(format!("{measure_in_file} means nothing")),
            }
        }
        assert!(wrong.is_empty(), "{scenario}: {wrong:#?}");
        for parameter in &plan.parameters {
            let page = glossary.explain(&parameter.id);
            assert!(page.is_ok(), "{}", parameter.id);
        }
    }
}

#[test]
fn a_parameter_is_told_with_its_evidence_its_law_and_its_places() {
    let tiny = ["--model", "textbook/tiny"];
    let page = told(&[&["conviction_share"], &tiny[..]].concat());
    for say in [
        "conviction_share: a parameter of the model, in share, the same for all areas and people",
        "Used by: Reported",
        "model.toml:30  { to = \"convicted\", share = \"conviction_share\" },",
        "0.6 share (Beta(60.5, 40.5); 95% of draws from 0.50",
        "parameters/tiny.csv:10",
        "grade study; a textbook",
    ] {
        assert!(page.contains(say), "{say}: {page}");
    }
    let page = told(&[&["custody_area"], &tiny[..]].concat());
    assert!(page.contains(", by area, month"), "{page}");
    assert!(
        page.contains("Northshire, from 2025-04: 1.2 ratio (lognormal"),
        "{page}"
    );
    let page = told(&[&["release.short"], &tiny[..]].concat());
    assert!(page.contains("a rule: law or guidance fixes it"), "{page}");
    let page: Value = serde_json::from_str(&told(
        &[&["housing_need", "--format", "json"], &tiny[..]].concat(),
    ))
    .unwrap();
    assert_eq!(page["found"][0]["kind"], "parameter");
    assert_eq!(page["found"][0]["values"][0]["value"], 0.4357);
}

#[test]
fn a_beginning_lists_its_members_and_a_measure_its_counting() {
    let tiny = ["--model", "textbook/tiny"];
    let page = told(&[&["homes_"], &tiny[..]].concat());
    assert!(page.contains("parameters begin with `homes_`"), "{page}");
    // As the tables spell it.
    let spelled = told(&[&["needs_met[service=homes]"], &tiny[..]].concat());
    assert_eq!(spelled, told(&[&["needs_met"], &tiny[..]].concat()));
    assert!(
        page.contains("homes_uptake") && !page.contains("housing_need"),
        "{page}"
    );
    let page = told(&[&["prison_population"], &tiny[..]].concat());
    for say in [
        "prison_population: a measure of the results, in people",
        "People in these states: In custody (`custody`); counted at the end of each step; of a year, the mean over its steps",
        "Lower is better",
        "series `prison_population` stands beside it",
        "outcomes.toml:",
        "forecast.csv",
        "fit.csv",
    ] {
        assert!(page.contains(say), "{say}: {page}");
    }
    assert!(told(&["remand_share"]).contains("Looked up in scenarios/scotland.toml"));
}

#[test]
fn a_word_that_means_nothing_is_answered_with_the_nearest() {
    for (word, near) in [
        ("conviction_shar3", "conviction_share"),
        ("unmet_ned", "unmet_need"),
        ("E98", "E981"),
    ] {
        let output = explain(&[word, "--model", "textbook/tiny"]);
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1));
        assert!(
            output.stdout.is_empty() && words.contains(near),
            "{word}: {words}"
        );
    }
    for word in ["", " ", "\u{1b}[2J", "--", "☃"] {
        let output = explain(&["--model", "textbook/tiny", "--", word]);
        assert_eq!(output.status.code(), Some(1), "{word:?}");
    }
    let none = explain(&["places", "--model", "no-such-model"]);
    assert_eq!(none.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&none.stderr).contains("E002"));
}
