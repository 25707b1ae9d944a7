//! One scenario in many cases.

use std::fs;

use super::{Bench, done, needscast, refused, words};

const GRID: &str = r#"
title = "Places and how far they are"
scenario = "SCENARIO"
measures = ["npsv", "starts"]

[[axis]]
title  = "Places"
set    = "option.shared.change.2.places.set"
values = [6, 12]

[[axis]]
title  = "Years"
set    = "years"
values = [3, 4, 5]
"#;

fn scenario(bench: &Bench) -> String {
    let text = fs::read_to_string(super::SCENARIO).unwrap();
    let profile = std::path::absolute("models/textbook/tiny/profile").unwrap();
    let text = text.replace(
        "\"./profile\"",
        &format!("{:?}", profile.display().to_string()),
    );
    fs::write(bench.path("scenario.toml"), &text).unwrap();
    text
}

fn sweep(bench: &Bench, text: &str, more: &[&str]) -> std::process::Output {
    fs::write(bench.path("sweep.toml"), text).unwrap();
    let (file, out) = (bench.name("sweep.toml"), bench.name("out"));
    needscast(&[&["sweep", &file, "--draws", "6", "--out", &out], more].concat())
}

fn rows(bench: &Bench) -> Vec<std::collections::BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(bench.path("out/sweep.csv")).unwrap();
    reader.deserialize().map(|row| row.unwrap()).collect()
}

#[test]
fn every_case_of_a_grid_is_the_run_of_its_scenario() {
    let bench = Bench::new();
    let text = scenario(&bench);
    let grid = GRID
        .replace("SCENARIO", "scenario.toml")
        .replace("change.2.places", "change.1.places");
    done(&sweep(&bench, &grid, &[]));
    let rows = rows(&bench);
    let cases: std::collections::BTreeSet<&str> =
        rows.iter().map(|row| row["case"].as_str()).collect();
    assert_eq!(cases.len(), 6);
    let of_third = rows.iter().find(|row| row["case"] == "case-4").unwrap();
    assert_eq!(
        (of_third["Places"].as_str(), of_third["Years"].as_str()),
        ("12", "3")
    );
    // The fourth case by hand, where the sweep says that its scenario stands.
    let by_hand = text.replace("places      = { set = 36", "places      = { set = 12");
    let by_hand = by_hand.replace("years      = 5", "years      = 3");
    let written = fs::read_to_string(bench.path("out/cases/case-4.toml")).unwrap();
    assert_eq!(written, by_hand);
    let case = bench.name("out/cases/case-4.toml");
    let out = bench.name("by-hand");
    done(&needscast(&[
        "run",
        &case,
        "--draws",
        "6",
        "--drivers",
        "0",
        "--out",
        &out,
    ]));
    // The page and the manifest name the file that was read, which is another.
    for table in ["forecast.csv", "contrasts.csv", "appraisal.csv"] {
        let read = |folder: &str| fs::read(bench.path(folder).join(table)).unwrap();
        assert_eq!(read("by-hand"), read("out/cases/case-4"), "{table}");
    }
    let page = fs::read_to_string(bench.path("out/sweep.html")).unwrap();
    assert_eq!(page.matches("<svg").count(), 2);
    // Done again it is the same, and what is there is gone on with.
    let before = fs::read(bench.path("out/sweep.csv")).unwrap();
    done(&sweep(&bench, &grid, &["--threads", "1"]));
    assert_eq!(before, fs::read(bench.path("out/sweep.csv")).unwrap());
}

#[test]
fn a_list_of_cases_sets_several_values_at_once() {
    let bench = Bench::new();
    scenario(&bench);
    let list = r#"
title = "Three ways"
scenario = "scenario.toml"
[[case]]
title = "small and near"
set = { "option.shared.change.1.places.set" = 4, "option.shared.change.1.access.Southshire.multiply" = 0.95 }
[[case]]
title = "as it is"
set = {}
"#;
    done(&sweep(&bench, list, &[]));
    let rows = rows(&bench);
    let npsv = |title: &str| {
        let row = rows
            .iter()
            .find(|row| row["title"] == title && row["measure"] == "npsv");
        row.unwrap()["mean"].parse::<f64>().unwrap()
    };
    assert!(
        npsv("small and near") > npsv("as it is"),
        "fewer places cost less"
    );
}

#[test]
fn a_sweep_that_was_stopped_goes_on() {
    let bench = Bench::new();
    scenario(&bench);
    let grid = GRID
        .replace("SCENARIO", "scenario.toml")
        .replace("change.2.places", "change.1.places");
    fs::write(bench.path("sweep.toml"), &grid).unwrap();
    let (file, out) = (bench.name("sweep.toml"), bench.name("out"));
    let mut stopped = super::program();
    stopped.args(["sweep", &file, "--draws", "60", "--out", &out]);
    let mut stopped = stopped.stderr(std::process::Stdio::null()).spawn().unwrap();
    let case = bench.path(".out.unfinished/cases/case-1/manifest.json");
    while !case.exists() && stopped.try_wait().unwrap().is_none() {}
    stopped.kill().unwrap();
    stopped.wait().unwrap();
    let first = fs::read(&case).unwrap();
    let (file, out) = (bench.name("sweep.toml"), bench.name("out"));
    let goes_on = ["sweep", &file, "--draws", "60", "--out", &out, "--resume"];
    done(&needscast(&goes_on));
    assert_eq!(
        first,
        fs::read(bench.path("out/cases/case-1/manifest.json")).unwrap()
    );
}

#[test]
fn wrong_sweeps_are_refused_with_their_places() {
    let bench = Bench::new();
    scenario(&bench);
    let grid = GRID
        .replace("SCENARIO", "scenario.toml")
        .replace("change.2.places", "change.1.places");
    let wrong = |from: &str, to: &str| {
        assert!(grid.contains(from));
        sweep(&bench, &grid.replace(from, to), &[])
    };
    refused(
        &wrong("option.shared.", "option.sharde."),
        "E962",
        &["sweep.toml:8", "did you mean `shared`?"],
    );
    refused(
        &wrong("change.1.places", "change.9.places"),
        "E962",
        &["found: `9`"],
    );
    refused(
        &wrong("change.1.places.set", "change.1.places"),
        "E962",
        &["a value and not a table"],
    );
    refused(
        &wrong("\"years\"", "\"years.more\""),
        "E962",
        &["nothing further"],
    );
    refused(&wrong("values = [3, 4, 5]", "values = []"), "E108", &[]);
    refused(
        &wrong("[[axis]]", "[[case]]"),
        "E101",
        &["unknown key `values`"],
    );
    refused(
        &wrong("title = \"Places and", "tilte = \"Places and"),
        "E101",
        &["did you mean `title`?"],
    );
    refused(
        &sweep(&bench, "title = \"t\"\nscenario = \"scenario.toml\"\n", &[]),
        "E961",
        &["found: neither"],
    );
    let many = (0..5).map(|axis| {
        format!("[[axis]]\ntitle = \"{axis}\"\nset = \"years\"\nvalues = [1, 2, 3, 4, 5, 6, 7]\n")
    });
    let many = format!(
        "title = \"t\"\nscenario = \"scenario.toml\"\n{}",
        many.collect::<String>()
    );
    refused(&sweep(&bench, &many, &[]), "E963", &["16807 cases"]);
    refused(
        &wrong("\"starts\"]", "\"start\"]"),
        "E964",
        &["did you mean `starts`?"],
    );
    assert!(!bench.path("out").exists() && !bench.path(".out.unfinished/cases").exists());
    fs::remove_dir_all(bench.path(".out.unfinished")).unwrap();
    refused(
        &wrong("\"years\"", "\"option.2.change.1.places.set\""),
        "E965",
        &[
            "sweep.toml:13",
            "beside `option.shared.change.1.places.set`",
        ],
    );
    refused(&wrong("[3, 4, 5]", "[3, 4, 3]"), "E966", &["`3` again"]);
    for title in ["Places", "measure"] {
        refused(
            &wrong("\"Years\"", &format!("{title:?}")),
            "E966",
            &["stands twice"],
        );
    }
    let several = wrong("[3, 4, 5]", "[\"x\", 4, -1, 1.5]");
    for found in ["the text \"x\"", "found: -1", "the number 1.5"] {
        let text = words(&several);
        assert!(text.contains(found), "{found} is not told: {text}");
    }
    // A case that cannot be run is found before any is.
    let negative = wrong("[6, 12]", "[6, -12]");
    assert_eq!(negative.status.code(), Some(1));
    assert!(
        words(&negative).contains("case-4 of the sweep"),
        "{}",
        words(&negative)
    );
    assert!(!bench.path("out").exists() && !bench.path(".out.unfinished").exists());
}
