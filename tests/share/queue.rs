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
years   = YEARS
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
[disclosure]
off = "nobody lives in a textbook, and rounded arrivals are another load"
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

/// What `needscast share` answers for the queue with this mean support, the load staying as it is.
fn answer(days: f64, (years, n_draws): (usize, usize)) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let model = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/textbook/queue");
    copy(&model, &folder.path().join("queue"));
    let numbers = folder.path().join("queue/parameters/queue.csv");
    let text = fs::read_to_string(&numbers).unwrap();
    let rows: Vec<String> = text
        .lines()
        .map(|row| {
            let mut cells: Vec<String> = row.split(',').map(str::to_owned).collect();
            match cells[0].as_str() {
                "support" => cells[4] = days.to_string(),
                "arrivals" => {
                    let rate: f64 = cells[4].parse().unwrap();
                    cells[4] = (rate * SUPPORT_DAYS / days).to_string();
                }
                _ => {}
            }
            cells.join(",")
        })
        .collect();
    fs::write(&numbers, rows.join("\n") + "\n").unwrap();
    let scenario = SCENARIO.replace("YEARS", &years.to_string());
    fs::write(folder.path().join("scenario.toml"), scenario).unwrap();
    let (n_draws, seed) = (n_draws.to_string(), format!("{days}"));
    let fixed = [
        "share",
        "scenario.toml",
        "--format",
        "json",
        "--switching",
        "0",
        "--out",
        "out",
    ];
    let output = needscast(
        folder.path(),
        &[&fixed[..], &["--draws", &n_draws, "--seed", &seed]].concat(),
    );
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Places and load of a coalition, and how many areas it has.
fn pool(coalition: &Value) -> (usize, f64, usize) {
    let members = coalition["members"].as_array().unwrap();
    // The areas are called after their places.
    let of = AREAS.iter().filter(|(places, _)| {
        let own = |member: &Value| member.as_str().unwrap().starts_with(&places.to_string());
        members.iter().any(own)
    });
    let (c, a) = of.fold((0, 0.0), |(c, a), (places, load)| (c + places, a + load));
    assert!(c > 0, "{members:?}");
    (c, a, members.len())
}

/// The mean wait by Erlang C, in units of the mean support: `C / (c - a)`.
fn erlang(c: usize, a: f64) -> f64 {
    let blocked = (1..=c).fold(1.0, |b, k| a * b / (k as f64 + a * b));
    blocked / (1.0 - a / c as f64 * (1.0 - blocked)) / (c as f64 - a)
}

/// Erlang C itself, of which a chain in steps falls short by half a step of the mean support: of 5 days by a tenth, of 10
/// by a twentieth. Two steps extrapolate to none (Richardson 1911), with an error that the exact chain puts at less than
/// 0.2%; that the queues begin empty takes less than 0.4% from fifty years (the same chain, step by step from nobody).
///
/// Null: twice the mean wait of all three areas together with a support of 10 days less that with one of 5, each over its
/// support, is Erlang's. Statistic: the extrapolated wait less Erlang's over its standard error, from the draws of two
/// runs of other lives; alpha 1e-5 two-sided: 4.42 errors, beside the 0.6%. An error of [`UNSEEN`] of the wait is seen
/// with a power of 99%, which the test proves.
#[test]
fn pools_go_to_erlang_c_as_steps_become_short() {
    const DAYS: [f64; 2] = [5.0, 10.0];
    const UNSEEN: f64 = 0.18;
    const STEPS: f64 = 0.002;
    const FILLING: f64 = 0.004;
    let (c, a) = AREAS
        .iter()
        .fold((0, 0.0), |(c, a), (places, load)| (c + places, a + load));
    let exact = erlang(c, a);
    let of_chain = DAYS.map(|days| chain(c, a, days).1 / a);
    let left = 2.0 * of_chain[1] - of_chain[0] - exact;
    assert!(left.abs() < STEPS * exact, "the chain leaves {left}");
    let waits = DAYS.map(|days| {
        let answer = answer(days, (50, 240));
        let coalitions = answer["coalitions"].as_array().unwrap();
        let everybody = coalitions.last().unwrap();
        assert_eq!(pool(everybody), (c, a, AREAS.len()));
        let wait = &everybody["wait_months_mean"]["together"];
        ["mean", "mc_error"].map(|key| wait[key].as_f64().unwrap() * 365.25 / 12.0 / days)
    });
    let [coarse, fine] = waits;
    let limit = 2.0 * fine[0] - coarse[0];
    let error = (4.0 * fine[1].powi(2) + coarse[1].powi(2)).sqrt();
    assert!(
        (limit - exact).abs() < 4.42 * error + (STEPS + FILLING) * exact,
        "{limit} ± {error}, not {exact}"
    );
    let smallest = (4.42 + 2.33) * error / exact + STEPS + FILLING;
    assert!(smallest < UNSEEN, "errors below {smallest:.3} go unseen");
}

/// Null: the mean wait in every coalition is that of the exact chain of days, which goes to Erlang C as days become
/// short (`tests/textbook/queue.rs`). Statistic: the mean over 400 draws of each draw's mean wait, for each of the four
/// pools of three areas, less the chain's, over its standard error, at alpha 1e-5 two-sided: 4.42 errors. An error of a
/// fifth of the wait is seen with a power of 99%, which the test proves. (A draw's mean wait is a ratio; with 500 starts
/// or more in each its bias is a few thousandths. Waits of more than 120 days are counted as 120, which takes a
/// twentieth from those of one place alone and nothing to speak of from those of pools: pools alone are asked.) People in need are the same to the last one.
#[test]
fn pools_wait_as_long_as_erlang_says() {
    let answer = answer(SUPPORT_DAYS, (20, 400));
    let coalitions = answer["coalitions"].as_array().unwrap();
    assert_eq!(coalitions.len(), 7);
    for coalition in coalitions {
        let members = &coalition["members"];
        let (c, a, n_members) = pool(coalition);
        let arising = &coalition["need_arising"]["difference"];
        assert!(
            ["mean", "p05", "p95"].iter().all(|key| arising[key] == 0.0),
            "{arising}"
        );
        if n_members == 1 {
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
