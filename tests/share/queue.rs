//! Pooling alone shortens waits by what queueing theory says, through the program.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::needscast;
use crate::textbook::queue::{SUPPORT_DAYS, chain};

const SCENARIO: &str = r#"
title   = "One queue or two"
model   = "./queue"
profile = "./queue/profile"
areas   = ["T01", "T02", "T03"]
start   = "2025-04"
years   = 20
draws   = 400
seed    = 1
[[option]]
id = "business-as-usual"
[[option]]
id = "pooled"
[[option.change]]
from = "2025-04"
service = "support"
arrangement = { pool = ["T01", "T02", "T03"], host = "T01" }
source = "queueing theory"
"#;

/// Places and load of the areas: each M/M/c, and so are their pools, because Poisson arrivals add up.
const AREAS: [(usize, f64); 3] = [(1, 0.5), (2, 1.0), (3, 2.0)];

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        match path.is_dir() {
            true => copy(&path, &target),
            false => fs::copy(&path, &target).map(|_| ()).unwrap(),
        }
    }
}

/// Null: the mean wait in every coalition is that of the exact chain of days, which goes to Erlang C as days become
/// short (`tests/textbook/queue.rs`). Statistic: the mean over 400 draws of each draw's mean wait, for each of the four
/// pools of three areas, less the chain's, over its standard error, at alpha 1e-5 two-sided: 4.42 errors. An error of a
/// fifth of the wait is seen with a power of 99%, which the test proves. (A draw's mean wait is a ratio; with 500 starts
/// or more in each its bias is a few thousandths. Waits of more than 120 days are counted as 120, which takes a
/// twentieth from those of one place alone and nothing to speak of from those of pools: pools alone are asked.) People in need are the same to the last one.
#[test]
fn pools_wait_as_long_as_erlang_says() {
    let folder = tempfile::tempdir().unwrap();
    let model = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/textbook/queue");
    copy(&model, &folder.path().join("queue"));
    fs::write(folder.path().join("scenario.toml"), SCENARIO).unwrap();
    let arguments = [
        "share",
        "scenario.toml",
        "--format",
        "json",
        "--switching",
        "0",
        "--out",
        "out",
    ];
    let output = needscast(folder.path(), &arguments);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    let coalitions = answer["coalitions"].as_array().unwrap();
    assert_eq!(coalitions.len(), 7);
    for coalition in coalitions {
        let members = coalition["members"].as_array().unwrap();
        // The areas are called after their places.
        let of = AREAS.iter().filter(|(places, _)| {
            let own = |member: &Value| member.as_str().unwrap().starts_with(&places.to_string());
            members.iter().any(own)
        });
        let (c, a) = of.fold((0, 0.0), |(c, a), (places, load)| (c + places, a + load));
        assert!(c > 0, "{members:?}");
        let arising = &coalition["need_arising"]["difference"];
        assert!(
            ["mean", "p05", "p95"].iter().all(|key| arising[key] == 0.0),
            "{arising}"
        );
        if members.len() == 1 {
            continue;
        }
        let (_, waiting) = chain(c, a, SUPPORT_DAYS);
        // Little's law: as many wait as arrive times how long each waits.
        let months = waiting / (a / SUPPORT_DAYS) * 12.0 / 365.25;
        let wait = &coalition["wait_months_mean"]["together"];
        let number = |key: &str| wait[key].as_f64().unwrap();
        let (mean, error) = (number("mean"), number("mc_error"));
        assert!(
            (mean - months).abs() < 4.42 * error,
            "{members:?}: {mean} ± {error}, not {months}"
        );
        assert!(
            (4.42 + 2.33) * error < 0.2 * months,
            "{members:?}: {error} of {months}"
        );
        let difference = &coalition["wait_months_mean"]["difference"];
        assert!(
            difference["p95"].as_f64().unwrap() < 0.0,
            "pooling shortens waits: {difference}"
        );
    }
}
