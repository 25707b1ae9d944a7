//! The command as a user meets it: what it prints where, its exit codes, and the same bytes from any number of threads.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const SCENARIO: &str = "models/textbook/tiny/scenario.toml";
const TABLES: [&str; 6] = [
    "forecast.csv",
    "contrasts.csv",
    "appraisal.csv",
    "assumptions.csv",
    "drivers.csv",
    "fit.csv",
];

fn needscast(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_needscast"));
    command
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(arguments)
        .output()
        .unwrap()
}

fn words(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn run_into(folder: &Path, more: &[&str]) -> Output {
    let out = folder.to_str().unwrap();
    needscast(&[&["run", SCENARIO, "--draws", "5", "--out", out], more].concat())
}

#[test]
fn threads_change_no_byte_and_the_seed_changes_many() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two, other) = (
        folder.path().join("one"),
        folder.path().join("two"),
        folder.path().join("other"),
    );
    for (target, more) in [
        (&one, ["--threads", "1"]),
        (&two, ["--threads", "2"]),
        (&other, ["--seed", "99"]),
    ] {
        let output = run_into(target, &more);
        assert!(output.status.success(), "{}", words(&output));
        assert!(output.stdout.is_empty(), "words belong on stderr");
    }
    let read = |from: &Path, name: &str| fs::read(from.join(name)).unwrap();
    for name in TABLES {
        assert_eq!(
            read(&one, name),
            read(&two, name),
            "{name} differs by threads"
        );
    }
    assert_ne!(read(&one, "forecast.csv"), read(&other, "forecast.csv"));
    let manifest: serde_json::Value = serde_json::from_slice(&read(&two, "manifest.json")).unwrap();
    assert_eq!(manifest["draws"], 5);
    assert_eq!(manifest["threads"], 2);
    assert!(
        manifest["command_line"]
            .as_str()
            .unwrap()
            .contains("--threads 2")
    );
    assert!(manifest["inputs"].as_array().unwrap().len() > 5);
    assert!(read(&one, "report.html").len() > 10_000);
}

#[test]
fn the_fit_is_data_and_goes_to_stdout() {
    let folder = tempfile::tempdir().unwrap();
    let output = run_into(&folder.path().join("out"), &["--fit"]);
    assert!(String::from_utf8_lossy(&output.stdout).contains("recorded"));
    assert!(words(&output).contains("report.html"));
}

#[test]
fn exit_codes_say_whose_fault_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let foreign = folder.path().join("holiday");
    fs::create_dir(&foreign).unwrap();
    fs::write(foreign.join("photo.txt"), "mine").unwrap();
    let below_a_file = foreign.join("photo.txt").join("out");
    let code = |output: &Output| output.status.code().unwrap();
    assert_eq!(code(&needscast(&["check", SCENARIO])), 0);
    assert_eq!(code(&needscast(&["check", "no/such/scenario.toml"])), 1);
    assert_eq!(code(&needscast(&["explain", "E999"])), 1);
    assert_eq!(code(&needscast(&["run"])), 2);
    assert_eq!(code(&needscast(&["run", SCENARIO, "--draws", "many"])), 2);
    let refused = run_into(&foreign, &[]);
    assert_eq!(code(&refused), 1);
    assert!(words(&refused).contains("--out"), "{}", words(&refused));
    assert_eq!(code(&run_into(&below_a_file, &[])), 3);
    assert_eq!(fs::read_dir(&foreign).unwrap().count(), 1);
}

#[test]
fn areas_are_listed_as_csv() {
    let output = needscast(&["areas"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.starts_with("code,name\n"));
    assert_eq!(text.lines().count(), 33);
    assert!(text.contains("S12000042,Dundee City\n"));
}

#[test]
fn a_code_is_explained_in_any_case() {
    let output = needscast(&["explain", "e001"]);
    assert!(output.status.success());
    assert!(!output.stdout.is_empty());
}
