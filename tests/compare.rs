//! Two runs side by side: what changed is found, and nothing else; and what was forecast stands beside what came.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

const TINY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/models/textbook/tiny");

fn needscast(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_needscast"));
    command
        .current_dir(folder)
        .args(arguments)
        .output()
        .unwrap()
}

fn words(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The tiny question in a folder of its own, with other words in its scenario.
fn question(folder: &Path, edits: &[(&str, &str)]) {
    let profile = folder.join("profile");
    fs::create_dir_all(&profile).unwrap();
    for name in ["areas.csv", "population.csv", "recorded.csv"] {
        fs::copy(format!("{TINY}/profile/{name}"), profile.join(name)).unwrap();
    }
    let mut scenario = fs::read_to_string(format!("{TINY}/scenario.toml")).unwrap();
    for (from, to) in edits {
        assert!(scenario.contains(from), "{from}");
        scenario = scenario.replacen(from, to, 1);
    }
    fs::write(folder.join("scenario.toml"), scenario).unwrap();
}

fn run(folder: &Path, out: &str) {
    let arguments = ["run", "scenario.toml", "--drivers", "0", "--out", out];
    let output = needscast(folder, &arguments);
    assert!(output.status.success(), "{}", words(&output));
}

fn compared(folder: &Path) -> Value {
    let output = needscast(folder, &["compare", "a", "b", "--format", "json"]);
    assert!(output.status.success(), "{}", words(&output));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn text(folder: &Path) -> String {
    let output = needscast(folder, &["compare", "a", "b"]);
    assert!(output.status.success(), "{}", words(&output));
    String::from_utf8(output.stdout).unwrap()
}

/// The number of this column in the rows of a table in which the others are as said.
fn number(folder: &Path, file: &str, wanted: &[(&str, &str)], column: &str) -> f64 {
    let mut reader = csv::Reader::from_path(folder.join(file)).unwrap();
    let header = reader.headers().unwrap().clone();
    let at = |name: &str| header.iter().position(|cell| cell == name).unwrap();
    let is_it = |row: &csv::StringRecord| wanted.iter().all(|(name, cell)| row[at(name)] == **cell);
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).filter(is_it).collect();
    assert_eq!(rows.len(), 1, "{file} {wanted:?}");
    rows[0][at(column)].parse().unwrap()
}

#[test]
fn a_run_and_itself_differ_in_nothing() {
    let folder = tempfile::tempdir().unwrap();
    question(folder.path(), &[]);
    run(folder.path(), "a");
    run(folder.path(), "b");
    let found = compared(folder.path());
    assert_eq!(found["one_question"], true);
    for list in ["settings", "files", "parameters"] {
        assert_eq!(found[list].as_array().unwrap().len(), 0, "{list}");
    }
    let answers = found["answers"].as_array().unwrap();
    assert!(answers.len() > 500, "{}", answers.len());
    assert!(
        answers
            .iter()
            .all(|answer| answer["beyond_chance"] == false)
    );
    assert_eq!(found["order"]["changed"], false);
    let told = text(folder.path());
    assert!(told.contains("Both runs answer one question"), "{told}");
    assert!(told.contains("Nothing changed."), "{told}");
}

#[test]
fn what_changed_is_told_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    question(folder.path(), &[]);
    run(folder.path(), "a");
    let header = "id,value,events,n,low,high,unit,period,source,grade\n";
    let row = "conviction_share,0.75,,,0.7,0.8,share,2024-25,a court's own count,official\n";
    fs::write(folder.path().join("own.csv"), format!("{header}{row}")).unwrap();
    question(
        folder.path(),
        &[
            ("seed       = 7", "seed = 8\nparameters = \"own.csv\""),
            ("draws      = 20", "draws = 30"),
            ("id    = \"shared\"", "id = \"joint\""),
        ],
    );
    run(folder.path(), "b");
    let found = compared(folder.path());
    let settings: Vec<&str> = found["settings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| s["what"].as_str().unwrap())
        .collect();
    assert_eq!(settings, ["seed", "draws", "options"]);
    let files: Vec<&str> = found["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| f["name"].as_str().unwrap())
        .collect();
    assert_eq!(files, ["own.csv", "the scenario"]);
    let parameters = found["parameters"].as_array().unwrap();
    assert_eq!(parameters.len(), 1, "{parameters:?}");
    let changed: Vec<&str> = parameters[0]["changed"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| c.as_str().unwrap())
        .collect();
    assert_eq!(parameters[0]["id"], "conviction_share");
    for field in ["value", "low", "high", "period", "source", "grade"] {
        assert!(changed.contains(&field), "{field}: {changed:?}");
    }
    // A quarter more convictions is more than the luck of 20 draws; and the table has the numbers of the two.
    let wanted = [
        ("option", "business-as-usual"),
        ("area_code", "total"),
        ("measure", "convictions"),
        ("breakdown", ""),
        ("period", "2029-30"),
    ];
    let [a, b] = ["a", "b"].map(|run| {
        let file = format!("{run}/forecast.csv");
        [
            number(folder.path(), &file, &wanted, "mean"),
            number(folder.path(), &file, &wanted, "mc_error"),
        ]
    });
    let answers = found["answers"].as_array().unwrap();
    let answer = answers
        .iter()
        .find(|answer| wanted.iter().all(|(name, cell)| answer[*name] == **cell))
        .unwrap();
    assert_eq!(
        (answer["a"].as_f64(), answer["b"].as_f64()),
        (Some(a[0]), Some(b[0]))
    );
    let error = a[1].hypot(b[1]);
    assert!((answer["mc_error"].as_f64().unwrap() - error).abs() < 1e-9 * error);
    let is_beyond = (b[0] - a[0]).abs() > 1.96 * error;
    assert_eq!(answer["beyond_chance"], is_beyond);
    assert!(is_beyond, "{a:?} {b:?}");
    // An option that only one run has is in no answer.
    assert!(
        answers
            .iter()
            .all(|answer| answer["option"] == "business-as-usual")
    );
    // Those beyond chance stand first.
    let ranks: Vec<bool> = answers
        .iter()
        .map(|answer| answer["beyond_chance"] == true)
        .collect();
    assert!(ranks.is_sorted_by(|a, b| a >= b));
    let told = text(folder.path());
    assert!(told.contains("The seed: 7 then, 8 now."), "{told}");
    assert!(
        told.contains("conviction_share: 0.6 then, 0.75 now; its low:"),
        "{told}"
    );
    let output = needscast(folder.path(), &["compare", "a", "b", "--out", "c"]);
    assert!(output.status.success(), "{}", words(&output));
    for name in [
        "compare.csv",
        "inputs_changed.csv",
        "datapackage.json",
        "manifest.json",
    ] {
        assert!(folder.path().join("c").join(name).is_file(), "{name}");
    }
    let mean = number(&folder.path().join("c"), "compare.csv", &wanted, "mean_b");
    assert_eq!(mean, b[0]);
}

#[test]
fn a_forecast_is_held_to_what_was_recorded_since() {
    let folder = tempfile::tempdir().unwrap();
    question(folder.path(), &[]);
    run(folder.path(), "a");
    let of = |area: &str, year: &str, column: &str| {
        let wanted = [
            ("option", "business-as-usual"),
            ("area_code", area),
            ("measure", "prison_population"),
            ("breakdown", ""),
            ("period", year),
        ];
        number(folder.path(), "a/forecast.csv", &wanted, column)
    };
    // Of three figures that came since, one is what was expected, one within the range of 90% alone, one beyond it.
    let came = [
        ("T01", "2025-26", of("T01", "2025-26", "mean")),
        (
            "T02",
            "2025-26",
            0.5 * (of("T02", "2025-26", "p75") + of("T02", "2025-26", "p95")),
        ),
        ("T01", "2026-27", 3.0 * of("T01", "2026-27", "p95")),
    ];
    let profile = folder.path().join("profile/recorded.csv");
    let mut record = fs::read_to_string(&profile).unwrap();
    for (area, year, value) in came {
        record += &format!("prison_population,{area},,{year},,{value},people,exact,ours\n");
    }
    fs::write(profile, record).unwrap();
    let scenario = folder.path().join("scenario.toml");
    let exact = fs::read_to_string(&scenario).unwrap() + "\n[disclosure]\noff = \"made up\"\n";
    fs::write(scenario, exact).unwrap();
    run(folder.path(), "b");
    let found = compared(folder.path());
    // Beside the three, the sum of the year in which both areas have one.
    let measure = &found["track"]["measures"][0];
    assert_eq!(measure["measure"], "prison_population");
    assert_eq!(measure["figures"], 4);
    let figures = found["track"]["figures"].as_array().unwrap();
    let inside = |area: &str, year: &str| {
        let mut figures = figures.iter();
        let figure = figures
            .find(|f| f["area_code"] == area && f["period"] == year)
            .unwrap();
        (
            figure["inside_50"].as_bool().unwrap(),
            figure["inside_90"].as_bool().unwrap(),
        )
    };
    assert_eq!(inside("T01", "2025-26"), (true, true));
    assert_eq!(inside("T02", "2025-26"), (false, true));
    assert_eq!(inside("T01", "2026-27"), (false, false));
    let errors: Vec<f64> = figures
        .iter()
        .map(|f| (f["forecast"].as_f64().unwrap() - f["recorded"].as_f64().unwrap()).abs())
        .collect();
    let mean = errors.iter().sum::<f64>() / 4.0;
    assert!((measure["mean_absolute_error"].as_f64().unwrap() - mean).abs() < 1e-9 * mean);
    // What the first run knew already is no forecast.
    assert!(figures.iter().all(|figure| figure["period"] != "2024-25"));
    let told = text(folder.path());
    assert!(
        told.contains("4 figures have been recorded since; 3 of 4 within the 90% range"),
        "{told}"
    );
    // On the page as in the table: one chart for each place, and its numbers.
    let page = page_of(folder.path());
    assert_eq!(page.matches("<figure id=\"figure-track-").count(), 3);
    assert!(page.contains("4 figures have been recorded since; 3 of 4 within the 90% range"));
    assert!(
        page.contains(
            "Northshire: 1 of 2 figures recorded since lie within the 90% range of the forecast"
        ),
        "{page}"
    );
    // The other way round nothing has come since.
    let output = needscast(folder.path(), &["compare", "b", "a"]);
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(told.contains("Nothing has been recorded since"), "{told}");
}

fn page_of(folder: &Path) -> String {
    let output = needscast(folder, &["compare", "a", "b", "--out", "c"]);
    assert!(output.status.success(), "{}", words(&output));
    fs::read_to_string(folder.join("c/compare.html")).unwrap()
}

/// The page of two runs that differ, in what went in, what came out and what has been recorded since.
pub fn page() -> String {
    let folder = tempfile::tempdir().unwrap();
    question(folder.path(), &[]);
    run(folder.path(), "a");
    let scenario = folder.path().join("scenario.toml");
    let text = fs::read_to_string(&scenario)
        .unwrap()
        .replace("seed       = 7", "seed = 8");
    fs::write(
        scenario,
        text + "\n[disclosure]\noff = \"<b>made up</b>\"\n",
    )
    .unwrap();
    let profile = folder.path().join("profile/recorded.csv");
    let record = fs::read_to_string(&profile).unwrap();
    let rows = "prison_population,T01,,2025-26,,40,people,exact,ours\nprison_population,T01,,2026-27,,42,people,exact,ours\n";
    fs::write(profile, record + rows).unwrap();
    run(folder.path(), "b");
    page_of(folder.path())
}

#[test]
fn what_is_no_run_or_half_a_run_is_said() {
    let folder = tempfile::tempdir().unwrap();
    question(folder.path(), &[("draws      = 20", "draws = 2")]);
    run(folder.path(), "a");
    let copy = |name: &str| {
        let to = folder.path().join(name);
        fs::create_dir_all(&to).unwrap();
        for entry in fs::read_dir(folder.path().join("a")).unwrap() {
            let path = entry.unwrap().path();
            fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
        }
        to
    };
    let refused = |b: &str, code: &str, says: &[&str]| {
        let output = needscast(folder.path(), &["compare", "a", b]);
        let words = words(&output);
        assert_eq!(output.status.code(), Some(1), "{words}");
        assert!(
            output.stdout.is_empty() && words.contains(code),
            "{b}: {words}"
        );
        for say in says {
            assert!(words.contains(say), "{b} does not say {say}: {words}");
        }
    };
    refused("nowhere", "E981", &["no such folder"]);
    refused("scenario.toml", "E981", &[]);
    refused("profile", "E981", &["without manifest.json"]);
    let half = copy("half");
    fs::remove_file(half.join("assumptions.csv")).unwrap();
    fs::remove_file(half.join("appraisal.csv")).unwrap();
    refused(
        "half",
        "E982",
        &["half/assumptions.csv", "half/appraisal.csv"],
    );
    let edit = |path: &Path, from: &str, to: &str| {
        let text = fs::read_to_string(path).unwrap();
        assert!(text.contains(from));
        fs::write(path, text.replace(from, to)).unwrap();
    };
    let other = copy("other");
    edit(
        &other.join("manifest.json"),
        "models/textbook/tiny/",
        "models/textbook/decay/",
    );
    refused("other", "E983", &["textbook/tiny", "textbook/decay"]);
    let apart = copy("apart");
    edit(&apart.join("forecast.csv"), "T0", "X0");
    edit(&apart.join("forecast.csv"), ",total,", ",X,");
    refused("apart", "E984", &["no areas in common", "`X01`"]);
    let shard = copy("shard");
    edit(
        &shard.join("manifest.json"),
        "\"seed\"",
        "\"shard\": \"1/2\", \"seed\"",
    );
    refused("shard", "E981", &["needscast merge"]);
    let damaged = copy("damaged");
    edit(&damaged.join("forecast.csv"), "mc_error", "error");
    refused("damaged", "E104", &["damaged/forecast.csv"]);
    let cut = copy("cut");
    let text = fs::read_to_string(cut.join("forecast.csv")).unwrap();
    fs::write(cut.join("forecast.csv"), &text[..text.len() / 2]).unwrap();
    refused("cut", "E106", &["cut/forecast.csv"]);
    let output = needscast(folder.path(), &["compare", "a", "a", "--out", "a"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        folder.path().join("a/report.html").is_file(),
        "a run is not replaced by its comparison"
    );
}
