//! People who pass from one age band to the next.

use needscast::simulate::Births;

use super::{Flows, meet};
use crate::support::question::Question;

/// A thousand people of an age, half in each of two areas, of whom nobody leaves before they are 21 and everybody then.
fn growing(aged: u32, step: &str) -> Question {
    let states = format!(
        r#"
[[state]]
id = "youth"
title = "Youth"
group = "community"
stay = "open"
opening = {{ people = "cohort", area = "shire", fresh = true, aged = {aged} }}
exits = [{{ to = "leaves", chance = ["is_grown"], counts = "grown" }}]
"#
    );
    let question = Question::new(&states)
        .edit(
            "model/model.toml",
            "ages   = [{ id = \"all\", from = 16 }]",
            "ages   = [{ id = \"16-20\", from = 16, to = 20 }, { id = \"over-20\", from = 21 }]",
        )
        .edit(
            "model/model.toml",
            "history_from",
            &format!("step = \"{step}\"\nhistory_from"),
        )
        .areas(&["North", "South"])
        .number("cohort", 1000.0, "people")
        .rows("shire,North,,,,,0.5,share,2024,a test,judgement\nshire,South,,,,,0.5,share,2024,a test,judgement")
        .rows("is_grown,,,16-20,,,0,share,2024,a test,judgement\nis_grown,,,over-20,,,1,share,2024,a test,judgement")
        .measure("left", "departures = [\"grown\"]")
        .measure("young", "stock = [\"youth\"]")
        .years(6);
    match step {
        // What is told by month cannot be told of years.
        "year" => {
            let outcomes = question
                .text("model/outcomes.toml")
                .replace("monthly = true\n", "");
            question.file("model/outcomes.toml", &outcomes)
        }
        _ => question,
    }
}

/// The band is five years wide, so that by band a fifth of it passes on every birthday, half-way through the year.
#[test]
fn by_age_band_a_fifth_of_five_years_passes_on_once_a_year() {
    let question = growing(16, "month");
    let mut left = vec![0.0; 72];
    for year in 0..6 {
        left[12 * year + 6] = 500.0 * 0.2 * 0.8_f64.powi(year as i32);
    }
    let births = Births::ByBand;
    let flows = Flows::of(&question, births);
    for area in 0..2 {
        meet("left", births, &flows.months(area, "left"), &left);
    }
}

/// Whoever is 16 at the end of the month before the run is 21 sixty months later, and leaves in the month after.
#[test]
fn by_birth_everybody_grows_out_of_the_band_on_the_day() {
    let question = growing(16, "month");
    let mut left = vec![0.0; 72];
    left[60] = 500.0;
    for births in [Births::ByStep, Births::ByYear] {
        let flows = Flows::of(&question, births);
        let meet = |area: usize, left: &[f64]| {
            meet("left", births, &flows.months(area, "left"), left);
        };
        if births == Births::ByStep {
            meet(0, &left);
            meet(1, &left);
        }
        let all: f64 = flows.months(0, "left").iter().sum();
        assert!((all - 500.0).abs() < 1e-9, "{births:?}: {all}");
    }
}

/// In years: who is so old when they come is not of age in the first year if they are 20, and then leaves in the second.
#[test]
fn nobody_is_lost_who_is_about_to_be_of_the_oldest_band() {
    for (aged, year) in [(16, 5), (19, 2), (20, 1), (21, 0), (40, 0)] {
        let question = growing(aged, "year");
        for births in [Births::ByStep, Births::ByYear] {
            let flows = Flows::of(&question, births);
            let mut left = [0.0; 6];
            left[year] = 500.0;
            let young: Vec<f64> = (0..6).map(|y| if y < year { 500.0 } else { 0.0 }).collect();
            for area in 0..2 {
                let aged = |what: &str| format!("{what}, aged {aged}");
                meet(&aged("left"), births, &flows.years(area, "left", ""), &left);
                meet(
                    &aged("young"),
                    births,
                    &flows.years(area, "young", ""),
                    &young,
                );
            }
        }
    }
}
