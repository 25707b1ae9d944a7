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

impl Planted {
    /// Words that repeat the few, in figures of several scripts, as a word and as the Romans wrote it.
    fn said(&self) -> String {
        let few = self.few;
        let word = ["no", "one", "two", "three", "four"].get(few as usize);
        let roman = ["", "I", "ii", "iii", "iv"].get(few as usize);
        let digits: String = [0xFF10, 0x0660, 0x245F]
            .iter()
            .filter_map(|nought| char::from_u32(nought + few))
            .collect();
        let [word, roman] = [word, roman].map(|word| word.copied().unwrap_or("many"));
        format!("ours {few} of 40 {digits} {word} {roman}")
    }

    /// A table of parameters: shares, rates at several scales, numbers of the author's own, and people.
    fn parameters(&self) -> String {
        let Planted { few, many, .. } = self;
        let said = self.said();
        let rows = [
            ("housing_need", share(*few, 40), *few, 40, "share"),
            ("health_need", share(40 - few, 40), 40 - few, 40, "share"),
            ("homes_completion", share(*many, 8000), *many, 8000, "share"),
            (
                "death_rate",
                share(*few, 4000),
                *few,
                4000,
                "per person per year",
            ),
            ("return_shape", 0.9, *few, 40, "shape"),
            ("homes_length", 4.0, *few, 40, "months"),
            ("homes_patience", 6.0, *few, 10 * few, "months"),
            ("homes_effect", 0.8, *few, 40, "hazard ratio"),
        ];
        let mut table =
            "id,value,events,n,unit,period,source,url,grade,population,note\n".to_owned();
        for (id, value, events, n, unit) in rows {
            table += &format!(
                "{id},{value},{events},{n},{unit},2024 ({few} cases),{said},https://example.org/foi?had={few},official,{said},{events} of {n} asked\n"
            );
        }
        table + &format!("opening_custody,{few},,,people,2024-25,our own count,,official,,\n")
    }
}

fn share(events: u32, n: u32) -> f64 {
    f64::from(events) / f64::from(n)
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
                    let unit = format!("\"{unit}\"");
                    format!(
                        "prison_population,{area},,{year},,{value},{unit},,{},{n},{few} of them\n",
                        planted.said()
                    )
                };
                let text: String = text.lines().map(|line| format!("{line},,\n")).collect();
                let text = text.replacen("source,,", "source,n,notes", 1);
                let share = f64::from(*few) / 40.0;
                let percent = (100.0 * share).to_string();
                let thousand = (1000.0 * share).to_string();
                text + &row("T01", "2025-26", &few.to_string(), "people", "")
                    + &row("T02", "2025-26", "38", "people", "")
                    + &row("T01", "2026-27", "612", "people", "")
                    + &row("T02", "2026-27", &many.to_string(), "people", "")
                    + &row("T01", "2027-28", &percent, "percent", "40")
                    + &row("T01", "2028-29", &percent, "per cent", "40")
                    + &row("T01", "2029-30", &thousand, "Crude rate per 1,000", "40")
                    + &row("T02", "2027-28", &share.to_string(), "ratio", "40")
                    + &row("T02", "2028-29", &few.to_string(), "cases per month", "40")
                    + &row("T02", "2029-30", "575", "per 1,000", "40")
                    + &row("T02", "2030-31", "4000", "GBP", &few.to_string())
            }
            _ => text,
        };
        fs::write(profile.join(name), text).unwrap();
    }
    fs::write(folder.join("local.csv"), planted.parameters()).unwrap();
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
    for (area, period) in [
        ("T01,Northshire", "2028-29"),
        ("T01,Northshire", "2029-30"),
        ("T02,Southshire", "2027-28"),
        ("T02,Southshire", "2028-29"),
    ] {
        let withheld = format!("prison_population,{area},{period},people,[c],");
        assert!(fit.contains(&withheld), "{period}: {fit}");
    }
    assert!(
        fit.contains("prison_population,T02,Southshire,2029-30,people,625,"),
        "25 of 40 and not 23: {fit}"
    );
    let assumptions = text(&three, "assumptions.csv");
    assert!(assumptions.contains("2024 ([c] cases)"), "{assumptions}");
    assert!(!assumptions.contains("had="), "{assumptions}");
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

#[test]
fn a_number_that_is_not_the_record_of_its_events_stays() {
    let folder = tempfile::tempdir().unwrap();
    for few in [1, 3, 23] {
        let planted = Planted {
            few,
            many: 4127,
            words: "",
        };
        plant(folder.path(), &planted);
        let documents = read(folder.path());
        let value = |id: &str| {
            let mut rows = documents.parameters.iter();
            rows.find(|row| row.text("id") == id).unwrap().value
        };
        let own = ["homes_length", "homes_patience", "homes_effect"].map(value);
        assert_eq!(own, [4.0, 6.0, 0.8], "{few}");
        let rate = if few < 5 { 2.5 / 4000.0 } else { 25.0 / 4000.0 };
        assert_eq!(value("death_rate"), rate, "{few}");
    }
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
    assert_eq!(of("local.csv").n_counts, 9);
}
