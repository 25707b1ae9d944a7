//! Counts of local origin: what is withheld is in no file that is written, nor anything from which it could be had.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use needscast::compile::compile;
use needscast::document::{self, Documents};

const TINY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/models/textbook/tiny");

/// Counts that a partnership may have written: of its record, its needs, its opening, its people.
struct Planted {
    /// Of few people.
    few: u32,
    /// Of many.
    many: u32,
    /// The scenario's own words on disclosure.
    words: &'static str,
}

/// The tiny scenario with local counts in every place that takes them.
fn plant(folder: &Path, planted: &Planted) {
    let Planted { few, many, words } = planted;
    let profile = folder.join("profile");
    fs::create_dir_all(&profile).unwrap();
    for name in ["areas.csv", "population.csv", "recorded.csv"] {
        let text = fs::read_to_string(format!("{TINY}/profile/{name}")).unwrap();
        let text = match name {
            "population.csv" => {
                let row = "T01,2024,women,16,30,2000,projection";
                assert!(text.contains(row));
                text.replace(row, &format!("T01,2024,women,16,30,{few},projection"))
            }
            "recorded.csv" => {
                let row = |area, year, value: &str, unit, n: &str| {
                    format!("prison_population,{area},,{year},,{value},{unit},,ours,{n}\n")
                };
                let text: String = text.lines().map(|line| format!("{line},\n")).collect();
                let text = text.replacen("source,", "source,n", 1);
                text + &row("T01", "2025-26", &few.to_string(), "people", "")
                    + &row("T02", "2025-26", "38", "people", "")
                    + &row("T01", "2026-27", "612", "people", "")
                    + &row("T02", "2026-27", &many.to_string(), "people", "")
                    + &row(
                        "T01",
                        "2027-28",
                        &format!("{}", 0.25 * f64::from(*few)),
                        "percent",
                        "400",
                    )
            }
            _ => text,
        };
        fs::write(profile.join(name), text).unwrap();
    }
    let table = format!(
        "id,value,events,n,unit,period,source,grade,note\n\
         housing_need,{},{few},40,share,2024-25,our own count,official,\"{few} of 40 asked\"\n\
         health_need,{},{},40,share,2024-25,our own count,official,all but {few}\n\
         homes_completion,{},{many},8000,share,2024-25,our own count,official,{many} of them\n\
         opening_custody,{few},,,people,2024-25,our own count,official,\n",
        f64::from(*few) / 40.0,
        f64::from(40 - few) / 40.0,
        40 - few,
        f64::from(*many) / 8000.0,
    );
    fs::write(folder.join("local.csv"), table).unwrap();
    let scenario = fs::read_to_string(format!("{TINY}/scenario.toml")).unwrap();
    let scenario = scenario.replace("draws      = 20", "draws = 4\nparameters = \"local.csv\"");
    fs::write(
        folder.join("scenario.toml"),
        format!("{scenario}\n{words}\n"),
    )
    .unwrap();
}

fn run(folder: &Path) -> Output {
    let output = Command::new(env!("CARGO_BIN_EXE_needscast"))
        .current_dir(folder)
        .args(["run", "scenario.toml", "--out", "out"])
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    output
}

/// Every file of the result, by name; of the manifest, what does not vary from run to run.
fn written(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<(String, Vec<u8>)> = fs::read_dir(folder.join("out"))
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let bytes = fs::read(&path).unwrap();
            if name != "manifest.json" {
                return (name, bytes);
            }
            let mut manifest: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
            for key in ["started", "duration_seconds"] {
                manifest.as_object_mut().unwrap().remove(key);
            }
            (name, manifest.to_string().into_bytes())
        })
        .collect();
    files.sort();
    files
}

fn text<'a>(files: &'a [(String, Vec<u8>)], name: &str) -> &'a str {
    let (_, bytes) = files.iter().find(|(file, _)| file == name).unwrap();
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn nothing_that_is_written_tells_a_withheld_count_from_another() {
    let folder = tempfile::tempdir().unwrap();
    let result = |few, many| {
        let planted = Planted {
            few,
            many,
            words: "",
        };
        plant(folder.path(), &planted);
        run(folder.path());
        written(folder.path())
    };
    let three = result(3, 4127);
    // Files that are the same to the byte for 1, 3 and 4 hold nothing from which 3 could be had, by whatever means.
    for (few, many) in [(4, 4127), (1, 4127), (3, 4126)] {
        let other = result(few, many);
        assert_eq!(three.len(), other.len());
        for ((name, ours), (_, theirs)) in three.iter().zip(&other) {
            assert!(
                ours == theirs,
                "{name} tells {few} and {many} from 3 and 4127"
            );
        }
    }
    // The test can fail: what the rule does tell apart is told apart.
    assert_ne!(three, result(7, 4127));
    let fit = text(&three, "fit.csv");
    assert!(
        fit.contains("prison_population,T01,Northshire,2025-26,people,[c],"),
        "{fit}"
    );
    assert!(
        fit.contains("prison_population,T02,Southshire,2025-26,people,[c],"),
        "{fit}"
    );
    assert!(
        fit.contains("prison_population,T02,Southshire,2026-27,people,4125,"),
        "{fit}"
    );
    assert!(
        fit.contains(",2026-27,people,4735,"),
        "the sum is of what is told: {fit}"
    );
    assert!(
        fit.contains("prison_population,T01,Northshire,2027-28,people,[c],"),
        "{fit}"
    );
    for name in ["report.html", "datapackage.json"] {
        let words = "local counts below 5 are withheld";
        assert!(text(&three, name).contains(words), "{name}");
    }
    let manifest: serde_json::Value = serde_json::from_str(text(&three, "manifest.json")).unwrap();
    assert_eq!(manifest["disclosure"]["below"], 5.0);
    assert_eq!(
        manifest["disclosure"]["local_files"]
            .as_array()
            .unwrap()
            .len(),
        3
    );
}

#[test]
fn switched_off_it_says_why_and_tells_everything() {
    let folder = tempfile::tempdir().unwrap();
    let planted = Planted {
        few: 3,
        many: 4127,
        words: "[disclosure]\noff = \"seen by the partnership alone\"",
    };
    plant(folder.path(), &planted);
    let said = run(folder.path());
    let files = written(folder.path());
    assert!(text(&files, "fit.csv").contains("2025-26,people,3,"));
    let reason = "seen by the partnership alone";
    for name in ["report.html", "datapackage.json", "manifest.json"] {
        assert!(text(&files, name).contains(reason), "{name}");
    }
    assert!(String::from_utf8_lossy(&said.stderr).contains(reason));
}

fn read(folder: &Path) -> Documents {
    document::read(&folder.join("scenario.toml")).unwrap()
}

#[test]
fn another_rule_is_the_scenarios_to_give() {
    let folder = tempfile::tempdir().unwrap();
    let planted = Planted {
        few: 9,
        many: 4127,
        words: "[disclosure]\nbelow = 10\nround_to = 100\nsource = \"our policy\"",
    };
    plant(folder.path(), &planted);
    let documents = read(folder.path());
    assert!(documents.faults.is_empty(), "{:?}", documents.faults);
    let need = documents
        .parameters
        .iter()
        .find(|row| row.text("id") == "housing_need")
        .unwrap();
    // Nine of forty: the middle of what is below ten, of a hundred at least.
    assert!((need.value - 5.0 / 100.0).abs() < 1e-12, "{}", need.value);
    assert!(!need.text("note").contains('9'), "{}", need.text("note"));
    let plan = compile(&documents).unwrap();
    let words = plan.disclosure.words().unwrap();
    assert!(
        words.contains("our policy") && words.contains("nearest 100"),
        "{words}"
    );
}

#[test]
fn what_is_known_less_well_is_drawn_wider() {
    // Three of forty, and the same when all that is known is that it was 1, 2, 3 or 4: the law is that much wider.
    let folder = tempfile::tempdir().unwrap();
    let width = |words| {
        plant(
            folder.path(),
            &Planted {
                few: 3,
                many: 4127,
                words,
            },
        );
        let plan = compile(&read(folder.path())).unwrap();
        let index = plan
            .parameters
            .iter()
            .position(|p| p.id == "housing_need")
            .unwrap();
        let cell = plan
            .cells
            .iter()
            .find(|cell| cell.parameter == index)
            .unwrap();
        let (low, high) = cell.interval.unwrap();
        (high - low) / cell.value
    };
    let (known, withheld) = (width("[disclosure]\noff = \"a test\""), width(""));
    assert!(
        withheld > 1.15 * known && withheld < 2.0 * known,
        "{withheld} and {known}"
    );
}

#[test]
fn what_is_published_stays_as_it_is() {
    let shipped = document::read("scenarios/one-council.toml".as_ref()).unwrap();
    assert_eq!(shipped.disclosure.files, []);
    assert_eq!(compile(&shipped).unwrap().disclosure.words(), None);
    let small = shipped
        .recorded
        .iter()
        .filter(|row| row.value > 0.0 && row.value < 5.0);
    assert!(small.count() > 100, "small published figures are told");
    // One local row in a copy of a published table: the other rows are still published.
    let folder = tempfile::tempdir().unwrap();
    plant(
        folder.path(),
        &Planted {
            few: 8,
            many: 4127,
            words: "",
        },
    );
    let documents = read(folder.path());
    let value = |area: &str, period: &str| {
        let mut rows = documents.recorded.iter();
        let found = rows
            .find(|row| row.area == area && row.period == period)
            .unwrap();
        found.value
    };
    assert_eq!(
        (value("T01", "2025-26"), value("T02", "2025-26")),
        (10.0, 40.0)
    );
    let files = &documents.disclosure.files;
    let of = |name: &str| files.iter().find(|file| file.name.ends_with(name)).unwrap();
    assert_eq!(of("population.csv").n_counts, 1);
    assert_eq!(of("local.csv").n_counts, 4);
}
