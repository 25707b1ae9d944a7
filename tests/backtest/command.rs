//! `needscast backtest` as a user meets it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const SHIPPED: &str = "profiles/scotland/prison_arrivals.csv";

fn needscast(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_needscast"));
    command
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .arg("backtest")
        .args(arguments)
        .output()
        .unwrap()
}

fn words(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn rows(path: &Path) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    reader.deserialize().map(|row| row.unwrap()).collect()
}

#[test]
fn a_shipped_table_becomes_a_track_record() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let breaks = "profiles/scotland/breaks.csv";
    let output = needscast(&[
        SHIPPED,
        "--out",
        out.to_str().unwrap(),
        "--breaks",
        breaks,
        "--series",
        "prison_arrivals_per_1000",
    ]);
    assert!(output.status.success(), "{}", words(&output));
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        said.contains("prison_arrivals_per_1000: 768 forecasts of 32 areas"),
        "{said}"
    );
    let header = fs::read_to_string(out.join("scores.csv")).unwrap();
    assert_eq!(
        header.lines().next().unwrap(),
        "series,method,horizon,area_code,n,crps,log_score,interval_score_80,cover_50,cover_80,cover_95,width_80,bias,mae,mase"
    );
    let scores = rows(&out.join("scores.csv"));
    assert_eq!(scores.len(), 5 * 4 * 33);
    let outside = rows(&out.join("scores_outside_breaks.csv"));
    let n = |rows: &[BTreeMap<String, String>]| {
        let is_whole =
            |row: &&BTreeMap<String, String>| row["horizon"] == "all" && row["area_code"] == "all";
        let whole = rows.iter().filter(is_whole);
        whole.map(|row| row["n"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(n(&scores), ["768"; 5]);
    // The year 2020-21 is a target of three origins in each of 32 areas.
    assert_eq!(n(&outside), ["672"; 5]);
    let forecasts = rows(&out.join("forecasts.csv"));
    assert_eq!(forecasts.len(), 5 * 768);
    let first = &forecasts[0];
    assert_eq!(
        (first["origin"].as_str(), first["period"].as_str()),
        ("2014-15", "2015-16")
    );
    assert_eq!(rows(&out.join("skill.csv")).len(), 4 * 4);
    let page = fs::read_to_string(out.join("backtest.html")).unwrap();
    assert!(page.contains("COVID-19 and 348 early releases"));
    let manifest: serde_json::Value =
        serde_json::from_slice(&fs::read(out.join("manifest.json")).unwrap()).unwrap();
    assert_eq!(manifest["program"], "needscast");
    assert_eq!(manifest["inputs"].as_array().unwrap().len(), 2);
}

#[test]
fn threads_and_the_order_of_rows_change_no_byte() {
    let folder = tempfile::tempdir().unwrap();
    let text = super::table(5, 12);
    let mut lines: Vec<&str> = text.lines().collect();
    lines[1..].reverse();
    let middle = lines.len() / 2;
    lines[1..].rotate_left(middle);
    let shuffled = lines.join("\n");
    let mut tables = Vec::new();
    for (name, text, threads) in [("a", &text, "1"), ("b", &text, "2"), ("c", &shuffled, "2")] {
        let path = folder.path().join(name).join("needs.csv");
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        let out = folder.path().join(name).join("out");
        let output = needscast(&[
            path.to_str().unwrap(),
            "--out",
            out.to_str().unwrap(),
            "--threads",
            threads,
        ]);
        assert!(output.status.success(), "{}", words(&output));
        let is_said = words(&output).contains("they were sorted");
        assert_eq!(is_said, name == "c", "{}", words(&output));
        tables.push(
            ["scores.csv", "skill.csv", "forecasts.csv", "verdicts.csv"]
                .map(|file| fs::read(out.join(file)).unwrap()),
        );
    }
    assert!(tables[0] == tables[1], "threads change a number");
    assert!(tables[0] == tables[2], "the order of rows changes a number");
}

#[test]
fn four_points_work_and_say_what_was_done() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("short.csv");
    fs::write(&path, super::table(1, 4)).unwrap();
    let out = folder.path().join("out");
    let output = needscast(&[path.to_str().unwrap(), "--out", out.to_str().unwrap()]);
    assert!(output.status.success(), "{}", words(&output));
    assert!(
        words(&output)
            .contains("4 periods are too few to begin with 6 known ones; forecasts begin with 2"),
        "{}",
        words(&output)
    );
    assert_eq!(rows(&out.join("forecasts.csv")).len(), 5 * 3);
}

#[test]
fn a_whole_model_is_tested_from_its_recorded_past() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let quick = [
        "--first",
        "11",
        "--horizons",
        "1",
        "--draws",
        "10",
        "--rounds",
        "1",
    ];
    let to = ["scenarios/scotland.toml", "--out", out.to_str().unwrap()];
    let output = needscast(&[&to[..], &quick[..]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", words(&output));
    let scores = fs::read_to_string(out.join("scores.csv")).unwrap();
    for method in ["needscast", "naive", "drift", "seasonal_naive", "ets"] {
        let row = format!("prison_population,{method},1,S92000003,1,");
        assert!(scores.contains(&row), "{scores}");
    }
    assert!(words(&output).contains("structure, stays and hazards rest on the whole record"));
}

#[test]
fn what_cannot_be_back_tested_is_refused_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let to = out.to_str().unwrap();
    let bad = folder.path().join("bad.csv");
    fs::write(
        &bad,
        "area_code,period,value\nA,2001,-1\nA,soon,2\nA,2003,3\n",
    )
    .unwrap();
    for (arguments, code, says) in [
        (
            vec!["scenarios/scotland.toml", "--first", "40", "--out", to],
            1,
            "no recorded series of the scenario has more than 40 financial years",
        ),
        (vec!["no-such.csv", "--out", to], 1, "E001"),
        (vec![bad.to_str().unwrap(), "--out", to], 1, "E604"),
        (vec![bad.to_str().unwrap(), "--out", to], 1, "E601"),
        (
            vec![SHIPPED, "--series", "prison_arivals", "--out", to],
            1,
            "did you mean `prison_arrivals`?",
        ),
        (vec![SHIPPED, "--out", to, "--first", "1"], 2, "--first"),
        (
            vec![SHIPPED, "--out", folder.path().to_str().unwrap()],
            1,
            "not an earlier report",
        ),
    ] {
        let output = needscast(&arguments);
        assert_eq!(
            output.status.code(),
            Some(code),
            "{arguments:?}: {}",
            words(&output)
        );
        assert!(
            words(&output).contains(says),
            "{arguments:?}: {}",
            words(&output)
        );
        assert!(output.stdout.is_empty() && !out.exists(), "{arguments:?}");
    }
}

/// Two years of months of two areas, with a total beside its parts.
fn with_totals() -> String {
    let mut text = String::from("area_code,period,value,breakdown,note\n");
    for area in ["S1", "S2"] {
        for year in 2001..2011 {
            let (remand, sentenced) = (20 + year % 3, 40 + year % 5);
            for (part, value) in [
                ("", remand + sentenced),
                ("remand", remand),
                ("\"sentenced, all\"", sentenced),
            ] {
                text += &format!("{area},{year},{value},{part},{}\n", year % 2);
            }
        }
    }
    text
}

#[test]
fn totals_are_kept_apart_from_their_parts_by_a_condition() {
    let folder = tempfile::tempdir().unwrap();
    let table = folder.path().join("people.csv");
    fs::write(&table, with_totals()).unwrap();
    let out = folder.path().join("out");
    let forecasts = |conditions: &[&str]| {
        let mut arguments = vec![table.to_str().unwrap(), "--out", out.to_str().unwrap()];
        for condition in conditions {
            arguments.extend(["--where", condition]);
        }
        let output = needscast(&arguments);
        assert!(output.status.success(), "{}", words(&output));
        let mut seen: Vec<(String, String)> = rows(&out.join("forecasts.csv"))
            .into_iter()
            .map(|row| (row["area_code"].clone(), row["stratum"].clone()))
            .collect();
        seen.sort();
        seen.dedup();
        seen
    };
    let pair = |area: &str, stratum: &str| (area.to_owned(), stratum.to_owned());
    assert_eq!(forecasts(&[]).len(), 6);
    assert_eq!(forecasts(&["breakdown="]), [pair("S1", ""), pair("S2", "")]);
    assert_eq!(
        forecasts(&["breakdown != ", "area_code=S2"]),
        [pair("S2", "remand"), pair("S2", "sentenced, all")]
    );
    for (condition, code, says) in [
        ("breakdwn=remand", 1, "did you mean `breakdown`?"),
        ("breakdown=remande", 1, "did you mean `remand`?"),
        ("breakdown", 2, "expected COLUMN=VALUE"),
    ] {
        let output = needscast(&[table.to_str().unwrap(), "--where", condition]);
        assert_eq!(output.status.code(), Some(code), "{condition}");
        assert!(words(&output).contains(says), "{}", words(&output));
    }
}
