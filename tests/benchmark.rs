//! `needscast benchmark` on a tiny suite, and the skill of the shipped one.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use needscast::calibrate::{Method, backtest, foresee, skill, skilled, trial};
use needscast::compile::{Panel, compile_series};
use needscast::document::{SuiteSeries, read_suite};

const SHIPPED: &str = "profiles/scotland/suite.toml";

/// One series of three areas and, where asked for, one scenario.
struct Tiny {
    folder: tempfile::TempDir,
}

impl Tiny {
    fn new(tolerances: &str, rest: &str) -> Tiny {
        let folder = tempfile::tempdir().unwrap();
        let mut table = String::from("area_code,period,value,breakdown\n");
        for (area, level) in [("A", 100), ("B", 40), ("C", 7)] {
            for year in 0..12 {
                let value = level + (level * ((year * 7 + level) % 5)) / 10 + year;
                table += &format!(
                    "{area},{},{value},\n{area},{},1,sex=men\n",
                    2010 + year,
                    2010 + year
                );
            }
        }
        fs::write(folder.path().join("counts.csv"), table).unwrap();
        let suite = format!(
            "slower_at_most = 1e9\n{rest}\n[[series]]\nid = \"counts\"\ntitle = \"Counts\"\ntable = \"counts.csv\"\ntotals = true\n{tolerances}\n"
        );
        fs::write(folder.path().join("suite.toml"), suite).unwrap();
        Tiny { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, more: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_needscast"));
        command
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .arg("benchmark");
        command.arg("--suite").arg(self.path("suite.toml"));
        command.arg("--history").arg(self.path("history.csv"));
        command.args(more).output().unwrap()
    }

    fn history(&self) -> Vec<BTreeMap<String, String>> {
        let mut reader = csv::Reader::from_path(self.path("history.csv")).unwrap();
        reader.deserialize().map(|row| row.unwrap()).collect()
    }
}

fn words(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn every_run_adds_one_line_and_says_what_changed() {
    let tiny = Tiny::new("skill_at_least = -9", "");
    let out = tiny.path("out");
    let first = tiny.run(&["--out", out.to_str().unwrap()]);
    assert!(first.status.success(), "{}", words(&first));
    assert!(said(&first).contains("This is the first line of the history"));
    assert!(said(&first).contains("| Counts | 45 |"), "{}", said(&first));
    assert_eq!(
        fs::read_to_string(out.join("benchmark.md")).unwrap(),
        said(&first)
    );
    assert!(
        fs::read_to_string(out.join("scores.csv"))
            .unwrap()
            .contains("counts_skill,")
    );

    let second = tiny.run(&[]);
    assert!(second.status.success(), "{}", words(&second));
    assert!(!said(&second).contains("first line"));
    let row = said(&second)
        .lines()
        .find(|line| line.contains("counts_skill |"))
        .unwrap()
        .to_owned();
    assert_eq!(row.matches("| 0.0000 |").count(), 2, "{row}");
    let lines = tiny.history();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0]["counts_skill"], lines[1]["counts_skill"]);
    assert_eq!(lines[0]["version"], env!("CARGO_PKG_VERSION"));
    assert!(!lines[0]["machine"].is_empty() && lines[0]["cores"].parse::<u32>().is_ok());
    let left: Vec<_> = fs::read_dir(tiny.folder.path())
        .unwrap()
        .map(|e| e.unwrap().file_name())
        .collect();
    assert!(
        left.iter()
            .all(|name| !name.to_string_lossy().contains("partial")),
        "{left:?}"
    );
}

#[test]
fn a_broken_tolerance_is_an_error_with_a_sentence() {
    let tiny = Tiny::new("skill_at_least = 0.99\ncover_80_at_most = 0.01", "");
    let output = tiny.run(&[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        words(&output).contains("error: counts_skill is"),
        "{}",
        words(&output)
    );
    assert!(words(&output).contains("the suite asks for at least 0.99"));
    assert!(words(&output).contains("error: counts_cover_80 is"));
    assert_eq!(tiny.history().len(), 1, "a run that is worse is a run");
}

#[test]
fn a_run_is_held_to_the_best_and_not_to_the_last() {
    let tiny = Tiny::new("skill_may_fall = 0.01", "");
    let header = "version,commit,date,machine,cores,old_score,counts_skill\n";
    let lines = "0,a,2025-01-01,\"x, y\",2,3,0.95\n0,b,2025-01-02,\"x, y\",2,,-5\n";
    fs::write(tiny.path("history.csv"), format!("{header}{lines}")).unwrap();
    let output = tiny.run(&[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        words(&output).contains("worse than the best so far, 0.9500, by more than 0.01"),
        "{}",
        words(&output)
    );
    let lines = tiny.history();
    assert_eq!(lines.len(), 3);
    // What stood there stays, new scores get columns, and scores that are no more are blank.
    assert_eq!(
        (lines[0]["old_score"].as_str(), lines[0]["machine"].as_str()),
        ("3", "x, y")
    );
    assert_eq!(
        (
            lines[0]["counts_crps"].as_str(),
            lines[2]["old_score"].as_str()
        ),
        ("", "")
    );
    assert!(lines[2]["counts_crps"].parse::<f64>().unwrap() > 0.0);
}

#[test]
fn times_are_compared_on_the_same_machine_only() {
    let scenario = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/textbook/tiny/scenario.toml");
    let scenario = format!(
        "[[scenario]]\nid = \"tiny\"\nfile = {:?}\ndraws = 1\nrepetitions = 2",
        scenario.to_str().unwrap()
    );
    let tiny = Tiny::new("", &scenario);
    let other = "version,commit,date,machine,cores,tiny_seconds\n0,a,2025-01-01,another,1,1e-9\n";
    fs::write(tiny.path("history.csv"), other).unwrap();
    let output = tiny.run(&[]);
    assert!(output.status.success(), "{}", words(&output));
    assert!(
        said(&output).contains("Times of other machines are not compared"),
        "{}",
        said(&output)
    );
    let line = &tiny.history()[1];
    for score in ["tiny_seconds", "tiny_events_per_second", "tiny_compile_ms"] {
        assert!(line[score].parse::<f64>().unwrap() > 0.0, "{score}");
    }
    let quick = tiny.run(&["--quick"]);
    assert!(quick.status.success() && !said(&quick).contains("tiny_seconds"));
    assert_eq!(tiny.history()[2]["tiny_seconds"], "");
}

#[test]
fn a_damaged_history_is_shown_and_left_alone() {
    let header = "version,commit,date,machine,cores,counts_skill\n";
    let good = "0,a,2025-01-01,m,2,0.1\n";
    for (bad, code, place) in [
        ("0,a,2025-01-02,m,2,0.", "E901", "history.csv:3:"),
        ("0,a,2025-01-02,m,2,much\n", "E301", "history.csv:3:20"),
        ("0,a,2025-01-02\n", "E106", "history.csv:3:1"),
    ] {
        let tiny = Tiny::new("", "");
        let text = format!("{header}{good}{bad}");
        fs::write(tiny.path("history.csv"), &text).unwrap();
        let output = tiny.run(&[]);
        assert_eq!(output.status.code(), Some(1), "{bad}");
        assert!(
            words(&output).contains(code) && words(&output).contains(place),
            "{}",
            words(&output)
        );
        assert_eq!(fs::read_to_string(tiny.path("history.csv")).unwrap(), text);
    }
    let tiny = Tiny::new("", "");
    fs::write(
        tiny.path("history.csv"),
        "version,commit,date,counts_skill\n",
    )
    .unwrap();
    assert!(words(&tiny.run(&[])).contains("E104"));
}

#[test]
fn faults_of_a_suite_are_shown_with_their_place() {
    let output = Tiny::new("skil_at_least = 0.1", "").run(&[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        words(&output).contains("E101")
            && words(&output).contains("did you mean `skill_at_least`?"),
        "{}",
        words(&output)
    );
    let output = Tiny::new("[[scenario]]\nid = \"counts\"\nfile = \"x.toml\"", "").run(&[]);
    assert!(
        words(&output).contains("E109") && words(&output).contains("suite.toml:9:"),
        "{}",
        words(&output)
    );
    let tiny = Tiny::new("", "[projections]\nmonths = \"m.csv\"\ntable = \"p.csv\"");
    let rows = "edition,start,target,low,high,recorded,recorded_on\nMay,2024-13,2024-10,1,2,,\n";
    fs::write(tiny.path("p.csv"), rows).unwrap();
    let output = tiny.run(&[]);
    assert!(
        words(&output).contains("E306") && words(&output).contains("p.csv:2:5"),
        "{}",
        words(&output)
    );
}

fn months() -> Panel {
    let suite = read_suite(SHIPPED.as_ref()).unwrap();
    let series = SuiteSeries {
        table: "history/prison_population_months.csv".to_owned(),
        ..SuiteSeries::default()
    };
    let panel = compile_series(&suite.read(&series).unwrap())
        .unwrap()
        .panels
        .remove(0);
    Panel {
        breaks: Vec::new(),
        ..panel
    }
}

#[test]
fn the_skill_of_one_series_is_that_of_its_back_test() {
    let panel = months();
    let plain = backtest(&panel, 30, 2, &|| {});
    let ours = skilled(&[trial(panel, 30, 2)]).unwrap();
    let theirs = Method::BASELINES.map(|method| skill(&plain, method, |_| true).skill);
    let best = theirs.into_iter().reduce(f64::min).unwrap();
    assert!((ours.skill - best).abs() < 1e-12, "{} {best}", ours.skill);
    assert_eq!(ours.skill, ours.skill_told, "nothing is declared");
}

#[test]
fn a_forecast_beside_projections_knows_nothing_of_what_came() {
    let panel = months();
    let mut other = panel.clone();
    let n_known = 58;
    for strand in &mut other.strands {
        strand.values[n_known..].fill(1.0);
    }
    let ours = foresee(&panel, 0, n_known, 5).unwrap();
    assert_eq!(ours, foresee(&other, 0, n_known, 5).unwrap());
    assert_eq!(ours.last, panel.strands[0].values[n_known - 1]);
    assert_ne!(ours, foresee(&panel, 0, n_known + 1, 5).unwrap());
}

/// The bounds are those of the shipped suite, which lie at least a hundredth of skill away from what holds today. Every number of
/// the run but its times is the same everywhere, so this is no statistical test.
#[test]
fn the_shipped_series_are_forecast_as_well_as_the_suite_asks() {
    let folder = tempfile::tempdir().unwrap();
    let history = folder.path().join("history.csv");
    let output = Command::new(env!("CARGO_BIN_EXE_needscast"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args([
            "benchmark",
            "--quick",
            "--history",
            history.to_str().unwrap(),
        ])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", words(&output));
    for title in [
        "Arrivals in prison",
        "Reconvictions",
        "Prison population",
        "National series",
    ] {
        assert!(said(&output).contains(title), "{}", said(&output));
    }
    assert!(said(&output).contains("Over the 5 editions whose target is recorded"));
}
