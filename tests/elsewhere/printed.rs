//! What is printed where, the tables that are written, and the exit codes.

use std::fs;

use super::{appraise, needscast, single_draws, words};

const DRAWS: &str = "note,outcome,option,draw,cost,homes\nx,30,today,1,100,3\nx,31,today,2,110,4\nx,34,regional,1,120,5\nx,36,regional,2,119,6\n";

#[test]
fn a_table_for_people_goes_to_stdout_and_json_when_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("draws.csv"), DRAWS).unwrap();
    let output = needscast(
        folder.path(),
        &["appraise", "--from", "draws.csv", "--threshold", "5"],
    );
    assert!(output.status.success(), "{}", words(&output));
    assert!(output.stderr.is_empty(), "{}", words(&output));
    let text = String::from_utf8(output.stdout).unwrap();
    for said in [
        "on the frontier",
        "If one more outcome is worth 5: regional is best",
        "Monte Carlo error",
    ] {
        assert!(text.contains(said), "{text}");
    }
}

#[test]
fn keys_are_as_the_user_wrote_them_and_options_as_the_table_has_them() {
    let table = single_draws(&[("z", 3.0, 1.0), ("a", 1.0, 0.0), ("m", 2.0, 0.5)]);
    let answer = appraise(&table, &["--threshold", "250, 1e3,250.0,250"]);
    let keys: Vec<_> = answer["evpi"]
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect();
    assert_eq!(keys, ["1e3", "250", "250.0"]);
    let order: Vec<_> = super::options_that(&answer, |_| true);
    assert_eq!(order, ["z", "a", "m"]);
    assert!(
        answer["options"][0]["cost_mc_error"].is_null(),
        "one draw has no error"
    );
    assert!(answer["options"][0]["probability_best"]["250"].is_number());
    assert_eq!(appraise(&table, &[])["evpi"], serde_json::json!({}));
}

#[test]
fn another_column_can_be_the_outcome() {
    let answer = appraise(DRAWS, &["--outcome", "homes", "--comparator", "regional"]);
    assert_eq!(answer["options"][0]["outcome_mean"], 3.5);
    assert_eq!(answer["options"][0]["increment"]["outcome"]["mean"], -2.0);
    assert_eq!(answer["outcome"], "homes");
}

#[test]
fn tables_are_written_all_or_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    fs::write(folder.path().join("draws.csv"), DRAWS).unwrap();
    fs::write(
        folder.path().join("scores.csv"),
        "option,access\na,1\nb,2\n",
    )
    .unwrap();
    fs::write(
        folder.path().join("weights.csv"),
        "criterion,weight\naccess,1\n",
    )
    .unwrap();
    let draws = [
        "appraise",
        "--from",
        "draws.csv",
        "--threshold",
        "5",
        "--out",
        "out",
    ];
    for _ in 0..2 {
        let output = needscast(folder.path(), &draws);
        assert!(output.status.success(), "{}", words(&output));
    }
    assert!(read("out/options.csv").starts_with("option,dominance,icer,cost_mean"));
    assert_eq!(read("out/choices.csv").lines().count(), 3);
    assert!(read("out/manifest.json").contains("\"sha256\""));
    let scores = [
        "appraise",
        "--from",
        "scores.csv",
        "--weights",
        "weights.csv",
        "--out",
        "out",
    ];
    assert!(needscast(folder.path(), &scores).status.success());
    assert!(read("out/options.csv").starts_with("option,value,rank,cost,access\n"));
    assert!(!folder.path().join("out/choices.csv").exists());
    fs::create_dir(folder.path().join("mine")).unwrap();
    fs::write(folder.path().join("mine/photo.txt"), "").unwrap();
    let foreign = [&draws[..5], &["--out", "mine"]].concat();
    assert_eq!(needscast(folder.path(), &foreign).status.code(), Some(1));
}

#[test]
fn exit_codes_tell_usage_from_input() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("draws.csv"), DRAWS).unwrap();
    let code = |more: &[&str]| {
        let output = needscast(folder.path(), &[&["appraise"], more].concat());
        assert!(
            !words(&output).is_empty() && output.stdout.is_empty(),
            "{more:?}"
        );
        output.status.code().unwrap()
    };
    assert_eq!(code(&[]), 2);
    assert_eq!(code(&["--from", "draws.csv", "--threshold", "5,many"]), 2);
    assert_eq!(code(&["--from", "draws.csv", "--threshold", "-5"]), 2);
    assert_eq!(code(&["--from", "draws.csv", "--threshold", "NaN"]), 2);
    assert_eq!(code(&["--from", "draws.csv", "--cost-rate", "-0.01"]), 2);
    assert_eq!(
        code(&[
            "--from",
            "draws.csv",
            "--weights",
            "w.csv",
            "--threshold",
            "5"
        ]),
        2
    );
    assert_eq!(code(&["--from", "draws.csv", "--cost-rate", "0.035"]), 1);
    assert_eq!(code(&["--from", "draws.csv", "--comparator", "nobody"]), 1);
    assert_eq!(code(&["--from", "no.csv"]), 1);
}
