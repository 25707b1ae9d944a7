//! What is learned of a known truth and what is left, and that a run reads it.

use std::fs;
use std::process::Command;

use super::{AREAS, Known, number, row, table};

/// Null: the record is met exactly by 9 months, 0.4 and 15 months; the seed is fixed. What is learned has its 95% interval
/// around the truth and no wider than a third of the prior's; what is only known as a product is not fitted.
#[test]
fn a_known_truth_is_found_and_what_cannot_be_told_apart_is_left() {
    let known = Known::new();
    let model = fs::read(known.path("model/parameters/numbers.csv")).unwrap();
    let said = known.done(&[
        "calibrate",
        "scenario.toml",
        "--out",
        "out",
        "--rounds",
        "12",
        "--draws",
        "160",
    ]);
    assert_eq!(
        fs::read(known.path("model/parameters/numbers.csv")).unwrap(),
        model
    );
    assert!(
        said.contains("stay_first") && said.contains("Known together and not apart: long_"),
        "{said}"
    );

    let posterior = table(&known.path("out/posterior.csv"));
    for (id, truth) in [("stay_first", 9.0), ("share_second", 0.4)] {
        let of = row(&posterior, "id", id);
        assert_eq!(of["verdict"], "fitted", "{of:?}");
        let [low, high, prior_low, prior_high] =
            ["posterior_low", "posterior_high", "prior_low", "prior_high"]
                .map(|column| number(&of[column]));
        assert!(low < truth && truth < high, "{of:?}");
        assert!(high - low < (prior_high - prior_low) / 3.0, "{of:?}");
    }
    for id in ["long_a", "long_b"] {
        let of = row(&posterior, "id", id);
        assert_eq!(of["verdict"], "not told apart", "{of:?}");
        assert!(number(&of["correlation"]) < -0.7, "{of:?}");
    }
    assert_eq!(row(&posterior, "id", "shape")["verdict"], "prior stands");

    let apart = table(&known.path("out/apart.csv"));
    let weights: Vec<f64> = apart.iter().map(|row| number(&row["weight"])).collect();
    assert_eq!(apart.len(), 2, "{apart:?}");
    assert!(
        weights.iter().all(|weight| *weight > 0.5) && number(&apart[0]["variance_removed"]) > 0.9,
        "{apart:?}"
    );

    let fitted = table(&known.path("out/fitted.csv"));
    assert!(
        !fitted
            .iter()
            .any(|row| row["id"].starts_with("long_") || row["id"] == "shape")
    );
    let years = fitted.iter().filter(|row| row["id"] == "level_year");
    let years: Vec<f64> = years.map(|row| number(&row["value"])).collect();
    assert_eq!(years.len(), 8);
    let level = years[..7].iter().sum::<f64>() / 7.0;
    // 500 people a year come with both multipliers at 1; only their product is known. The fit averages four runs, whose
    // seven years have a relative error of 1% in the smallest area.
    for (area, arrivals) in AREAS {
        let mut of_areas = fitted.iter().filter(|row| row["id"] == "level_area");
        let own = of_areas.find(|row| row["area"] == area).unwrap();
        let come = 500.0 * level * number(&own["value"]);
        assert!((come / arrivals - 1.0).abs() < 0.05, "{area}: {come}");
    }
    assert!(row(&fitted, "id", "stay_first")["note"].contains("graded judgement"));
}

#[test]
fn a_run_reads_the_fitted_table_and_a_calibration_does_not() {
    let known = Known::calibrated("2");
    known.done(&["run", "fitted.toml", "--out", "lived"]);
    let fitted = table(&known.path("out/fitted.csv"));
    let used = table(&known.path("lived/assumptions.csv"));
    for id in ["stay_first", "share_second"] {
        let (written, read) = (row(&fitted, "id", id), row(&used, "id", id));
        for column in ["value", "low", "high"] {
            let (written, read) = (number(&written[column]), number(&read[column]));
            assert!(
                (written / read - 1.0).abs() < 1e-5,
                "{id} {column}: {written} {read}"
            );
        }
    }
    assert_eq!(number(&row(&used, "id", "long_a")["value"]), 10.0);

    let again = known.run(&["calibrate", "fitted.toml", "--out", "twice"]);
    assert_eq!(again.status.code(), Some(1));
    assert!(
        String::from_utf8(again.stderr)
            .unwrap()
            .contains("count twice")
    );
    assert!(!known.path("twice").exists());
    let missing = known.run(&["run", "nowhere.toml", "--out", "none"]);
    assert_eq!(missing.status.code(), Some(1));
    let words = String::from_utf8(missing.stderr).unwrap();
    assert!(
        words.contains("E001") && words.contains("nowhere.csv") && words.contains("nowhere.toml:4"),
        "{words}"
    );
}

#[test]
fn without_draws_every_prior_stands() {
    let known = Known::new();
    let said = known.done(&[
        "calibrate",
        "scenario.toml",
        "--out",
        "out",
        "--rounds",
        "0",
        "--draws",
        "0",
    ]);
    assert!(said.starts_with("No number is known better"), "{said}");
    let fitted = table(&known.path("out/fitted.csv"));
    assert!(fitted.iter().all(|row| row["id"].starts_with("level_")));
    let levels = fitted.iter().filter(|row| row["id"] == "level_year");
    assert!(
        levels
            .map(|row| number(&row["value"]))
            .all(|level| level == 0.8)
    );
}

/// The figures of the country itself are of no area that is left out.
#[test]
fn the_shipped_country_can_be_calibrated() {
    let output = Command::new(env!("CARGO_BIN_EXE_needscast"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["calibrate", "--rounds", "0", "--dry-run"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("later values of"), "{said}");
}
