//! `needscast calibrate --out`: what is learned from a record whose truth is known, the page, and the run that reads it.

mod learned;
mod overdispersion;
mod printed;
mod season;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// People stay first for 9 months where the table says 6, four in ten go on to a second stay of 15 months where the
/// table says five in ten and 10 months, which is a product of two numbers. Years until 2019-20 are fitted.
struct Known {
    folder: tempfile::TempDir,
}

const MODEL: &str = r#"
title        = "Two stays"
history_from = "2013-04"
[strata]
sexes  = ["people"]
ages   = [{ id = "all", from = 16 }]
priors = [{ id = "any", from = 0 }]
[[inflow]]
id = "in"
title = "In"
into = "first"
rate = ["rate", "level_year", "level_area"]
priors = "everyone"
[[state]]
id = "first"
title = "First"
group = "custody"
stay = { gamma = { mean = ["stay_first"], shape = "shape" } }
exits = [{ to = "second", share = ["share_second"] }, { to = "leaves", share = "rest", counts = "gone" }]
[[state]]
id = "second"
title = "Second"
group = "custody"
stay = { gamma = { mean = ["long_a", "long_b"], shape = "shape" } }
exits = [{ to = "leaves", share = "rest", counts = "out" }]
"#;

const OUTCOMES: &str = r#"
[[measure]]
id = "arrivals"
title = "Arrivals"
unit = "people"
entries = ["first"]
recorded = "arrivals"
[[measure]]
id = "first"
title = "In a first stay"
unit = "people"
stock = ["first"]
recorded = "first"
[[measure]]
id = "seconds"
title = "Second stays begun"
unit = "people"
entries = ["second"]
recorded = "seconds"
[[measure]]
id = "second"
title = "In a second stay"
unit = "people"
stock = ["second"]
recorded = "second"
[[measure]]
id = "gone"
title = "Gone"
unit = "people"
departures = ["gone"]
recorded = "gone"
[[fit]]
parameter = "level_year"
measure = "arrivals"
first_year = "2013-14"
last_year = "2019-20"
[[fit]]
parameter = "level_area"
measure = "arrivals"
first_year = "2013-14"
last_year = "2019-20"
by_area = true
"#;

const AREAS: [(&str, f64); 3] = [("Moor", 400.0), ("Shire", 500.0), ("Vale", 600.0)];

impl Known {
    fn new() -> Known {
        let known = Known {
            folder: tempfile::tempdir().unwrap(),
        };
        let mut numbers = "id,area,sex,age,priors,from,value,low,high,unit,period,source,grade\n\
            everyone,,,,any,,1,,,share,2013,a test,judgement\n\
            rate,,,,,,0.5,,,per person per year,2013,a test,judgement\n\
            stay_first,,,,,,6,3,12,months,2013,a test,judgement\n\
            share_second,,,,,,0.5,0.3,0.7,share,2013,a test,judgement\n\
            long_a,,,,,,10,5,20,months,2013,a test,judgement\n\
            long_b,,,,,,1,0.5,2,ratio,2013,a test,judgement\n\
            shape,,,,,,2,1.5,2.6,shape,2013,a test,judgement\n"
            .to_owned();
        for year in 2013..=2020 {
            numbers += &format!("level_year,,,,,{year}-04,0.8,,,ratio,2013,a test,judgement\n");
        }
        let (mut areas, mut people) = (String::new(), String::new());
        let mut recorded =
            "measure,area_code,area_name,period,breakdown,value,unit,precision,source\n".to_owned();
        for (area, arrivals) in AREAS {
            areas += &format!("{area},{area},\n");
            numbers += &format!("level_area,{area},,,,,1,,,ratio,2013,a test,judgement\n");
            for year in 2012..=2030 {
                people += &format!("{area},{year},people,16,,1000,projection\n");
            }
            for year in 2013..=2020 {
                let period = format!("{year}-{}", year % 100 + 1);
                let mut row = |measure: &str, value: f64| {
                    recorded +=
                        &format!("{measure},{area},{area},{period},,{value},people,exact,a test\n");
                };
                row("arrivals", arrivals);
                // By then nobody is missing who would have come before the run.
                if year >= 2017 {
                    row("first", arrivals * 9.0 / 12.0);
                    row("seconds", arrivals * 0.4);
                    row("second", arrivals * 0.4 * 15.0 / 12.0);
                    row("gone", arrivals * 0.6);
                }
            }
        }
        for (path, text) in [
            ("model/model.toml", MODEL.to_owned()),
            ("model/outcomes.toml", OUTCOMES.to_owned()),
            ("model/services.toml", String::new()),
            ("model/costs.toml", String::new()),
            ("model/rules.toml", String::new()),
            ("model/parameters/numbers.csv", numbers),
            (
                "profile/areas.csv",
                format!("area_code,area_name,aliases\n{areas}"),
            ),
            (
                "profile/population.csv",
                format!("area_code,year,sex,age_from,age_to,population,status\n{people}"),
            ),
            ("profile/recorded.csv", recorded),
            ("scenario.toml", scenario("")),
            ("fitted.toml", scenario("parameters = \"out/fitted.csv\"\n")),
            ("nowhere.toml", scenario("parameters = \"nowhere.csv\"\n")),
        ] {
            let path = known.path(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        known
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_needscast"));
        command
            .current_dir(self.folder.path())
            .args(arguments)
            .output()
            .unwrap()
    }

    /// What is unknown, learnt in so many rounds.
    fn calibrated(rounds: &str) -> Known {
        let known = Known::new();
        let arguments = ["--out", "out", "--rounds", rounds, "--draws", "60"];
        known.done(&[&["calibrate", "scenario.toml"], &arguments[..]].concat());
        known
    }

    fn done(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap()
    }
}

fn scenario(more: &str) -> String {
    format!(
        "title = \"Two stays\"\nmodel = \"./model\"\nprofile = \"./profile\"\n{more}areas = \"all\"\nstart = \"2021-04\"\n\
         years = 2\ndraws = 20\nseed = 7\nprice_year = \"2020-21\"\n[[option]]\nid = \"business-as-usual\"\n"
    )
}

/// The rows of a table, by the words of its header.
fn table(path: &Path) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    reader.deserialize().map(|row| row.unwrap()).collect()
}

fn row<'a>(
    rows: &'a [BTreeMap<String, String>],
    column: &str,
    value: &str,
) -> &'a BTreeMap<String, String> {
    rows.iter()
        .find(|row| row[column] == value)
        .unwrap_or_else(|| panic!("no {value} in {column}"))
}

fn number(text: &str) -> f64 {
    let plain: String = text
        .replace('−', "-")
        .chars()
        .filter(|c| c.is_ascii_digit() || "-.".contains(*c))
        .collect();
    plain
        .parse()
        .unwrap_or_else(|_| panic!("{text} is no number"))
}

/// For the browser.
pub fn page() -> String {
    let known = Known::calibrated("1");
    fs::read_to_string(known.path("out/calibrate.html")).unwrap()
}
