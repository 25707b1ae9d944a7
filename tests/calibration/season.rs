//! A season: found in a record by month, written, read by a run and drawn.

use std::fs;

use needscast::compile::compile;
use needscast::document;
use needscast::draw::draw;
use needscast::quantity::MONTHS_FROM_APRIL;
use needscast::simulate::{Births, expect};

use super::{AREAS, Known, MODEL, OUTCOMES, number, row, scenario, table};

/// A season of 25%, whose mean is 1.
const SEASON: [f64; 12] = [1.25, 1.2, 1.1, 1.0, 0.9, 0.8, 0.75, 0.8, 0.9, 1.0, 1.1, 1.2];

/// The two stays with a record of arrivals by month of eight years, which this season moves, and a model that names a
/// season of which it knows nothing, in the rows that `months` makes of each month's name.
fn seasonal(season: &[f64; 12], months: impl Fn(&str) -> String) -> Known {
    let known = Known::new();
    let read = |name: &str| fs::read_to_string(known.path(name)).unwrap();
    let named = "priors = \"everyone\"\nseason = \"busy\"\n[[state]]";
    let mut numbers = read("model/parameters/numbers.csv");
    numbers.extend(MONTHS_FROM_APRIL.map(months));
    let mut recorded = read("profile/recorded.csv");
    for (area, arrivals) in AREAS {
        for month in 0..96 {
            let (year, from_april) = (2013 + (month + 3) / 12, month % 12);
            let value = (arrivals / 12.0 * season[from_april]).round();
            let period = format!("{year}-{:02}", (from_april + 3) % 12 + 1);
            recorded += &format!("arrivals,{area},{area},{period},,{value},people,exact,a test\n");
        }
    }
    // Nobody is protected by rounding them.
    let scenario = |more: &str| {
        let text = scenario(more);
        text + "[disclosure]\noff = \"made-up figures\"\n"
    };
    let fitted = scenario("parameters = \"out/fitted.csv\"\n");
    for (name, text) in [
        (
            "model/model.toml",
            MODEL.replace("priors = \"everyone\"\n[[state]]", named),
        ),
        (
            "model/outcomes.toml",
            OUTCOMES.replacen("unit = \"people\"", "unit = \"people\"\nmonthly = true", 1),
        ),
        ("model/parameters/numbers.csv", numbers),
        ("profile/recorded.csv", recorded),
        ("past.toml", fitted.replace("2021-04", "2017-04")),
        ("fitted.toml", fitted),
        ("scenario.toml", scenario("")),
    ] {
        fs::write(known.path(name), text).unwrap();
    }
    known
}

fn unknown(month: &str) -> String {
    format!("busy.{month},,,,,,1,0.5,2,ratio,2013,a test,judgement\n")
}

fn calibrate(known: &Known) {
    known.done(&[
        "calibrate",
        "scenario.toml",
        "--out",
        "out",
        "--rounds",
        "2",
        "--draws",
        "0",
    ]);
}

/// Expected arrivals of the whole in the months of a scenario, of row 0.
fn arrivals(known: &Known, name: &str) -> Vec<f64> {
    let documents = document::read(&known.path(name)).unwrap();
    let mut plan = compile(&documents).unwrap();
    plan.n_draws = 0;
    let out = expect(&plan, &draw(&plan), Births::ByStep, &|| {});
    let layout = &out.layout;
    let is_it = |s: &needscast::simulate::Series| s.is_monthly && s.measure == "arrivals";
    let series = layout.series.iter().position(is_it).unwrap();
    let at = |month| out.rows[0].values[layout.at(0, AREAS.len(), series, month)];
    (0..layout.months.len()).map(at).collect()
}

#[test]
fn a_season_is_fitted_written_drawn_and_seen_in_the_hindcast() {
    let known = seasonal(&SEASON, unknown);
    calibrate(&known);
    let inflows = table(&known.path("out/inflows.csv"));
    let of = row(&inflows, "inflow", "in");
    assert_eq!(of["season_verdict"], "fitted", "{of:?}");
    assert_eq!((&*of["season_drawn"], &*of["n_months"]), ("busy", "96"));
    let fitted = table(&known.path("out/fitted.csv"));
    let posterior = table(&known.path("out/posterior.csv"));
    let mut sum = 0.0;
    let mut values = [0.0; 12];
    for (at, month) in MONTHS_FROM_APRIL.into_iter().enumerate() {
        let written = row(&fitted, "id", &format!("busy.{month}"));
        let [value, low, high] = ["value", "low", "high"].map(|column| number(&written[column]));
        let truth = SEASON[at];
        assert!(low < truth && truth < high, "{month} {truth}: {written:?}");
        // Eight months of 94 and more have an error of 4% at most.
        assert!(high / low < 1.2, "{written:?}");
        assert_eq!(of[month], written["value"], "{month}");
        let law = (&*written["distribution"], &*written["grade"]);
        assert_eq!(law, ("lognormal", "study"));
        assert!(written["note"].contains("in 96 months"), "{written:?}");
        assert!(written["note"].contains("Before: 1, graded judgement"));
        assert!(posterior.iter().all(|row| row["id"] != written["id"]));
        values[at] = value;
        sum += value;
    }
    assert!((sum / 12.0 - 1.0).abs() < 1e-5, "{sum}");

    // A run draws from these rows, month by month.
    known.done(&["run", "fitted.toml", "--out", "lived"]);
    let used = table(&known.path("lived/assumptions.csv"));
    for (month, value) in MONTHS_FROM_APRIL.iter().zip(values) {
        let used = row(&used, "id", &format!("busy.{month}"));
        assert!((number(&used["value"]) / value - 1.0).abs() < 1e-5);
    }
    let ahead = arrivals(&known, "fitted.toml");
    let year: f64 = ahead[..12].iter().sum();
    for (month, found) in ahead[..12].iter().enumerate() {
        let share = 12.0 * found / year;
        assert!((share / values[month] - 1.0).abs() < 1e-5, "{month}");
    }
    // And so does what it says of the recorded years.
    let past = arrivals(&known, "past.toml");
    let year: f64 = past[..12].iter().sum();
    for (month, found) in past[..12].iter().enumerate() {
        let share = 12.0 * found / year;
        let off = share / SEASON[month] - 1.0;
        assert!(off.abs() < 0.03, "{month}: {share}");
    }
}

#[test]
fn rows_of_a_season_that_the_record_does_not_tell_stand() {
    // Every month alike.
    let known = seasonal(&[1.0; 12], unknown);
    calibrate(&known);
    let inflows = table(&known.path("out/inflows.csv"));
    let of = row(&inflows, "inflow", "in");
    assert_eq!(of["season_verdict"], "none beyond chance");
    assert_eq!((&*of["season_drawn"], &*of["april"]), ("busy", ""));
    let stands = |known: &Known| {
        let fitted = table(&known.path("out/fitted.csv"));
        fitted.iter().all(|row| !row["id"].starts_with("busy"))
    };
    assert!(stands(&known));

    // A record of the whole does not tell the seasons of areas.
    let by_area = |month: &str| {
        let row = |(area, _): (&str, f64)| {
            format!("busy.{month},{area},,,,,1,0.5,2,ratio,2013,a test,judgement\n")
        };
        AREAS.map(row).concat()
    };
    let known = seasonal(&SEASON, by_area);
    calibrate(&known);
    let inflows = table(&known.path("out/inflows.csv"));
    let of = row(&inflows, "inflow", "in");
    assert_eq!(of["season_verdict"], "supported, rows stand");
    assert!(number(&of["april"]) > 1.15, "{of:?}");
    assert!(stands(&known));

    // Nor does the record of one inflow tell what another has too.
    let known = seasonal(&SEASON, unknown);
    let other = "[[inflow]]\nid = \"also\"\ninto = \"second\"\nrate = \"rate\"\npriors = \"everyone\"\nseason = \"busy\"\n";
    let model = fs::read_to_string(known.path("model/model.toml")).unwrap() + other;
    fs::write(known.path("model/model.toml"), model).unwrap();
    calibrate(&known);
    let inflows = table(&known.path("out/inflows.csv"));
    let of = row(&inflows, "inflow", "in");
    assert_eq!(of["season_verdict"], "supported, rows stand");
    assert!(stands(&known));
}

#[test]
fn a_season_that_no_inflow_names_is_told_and_not_drawn() {
    let known = seasonal(&SEASON, |_| String::new());
    fs::write(known.path("model/model.toml"), MODEL).unwrap();
    calibrate(&known);
    let inflows = table(&known.path("out/inflows.csv"));
    let of = row(&inflows, "inflow", "in");
    assert_eq!(of["season_verdict"], "supported, not drawn");
    assert_eq!(of["season_drawn"], "");
}
