//! For whom it is: groups of people and areas add up to everybody, and weights are given or follow from incomes.

use needscast::appraise::{Appraisal, PEOPLE, SOCIETY};
use needscast::compile::Dimension;

use super::{SET_UP, appraised, asked, close, mean, with_victims};
use crate::support::question::Question;

fn group(appraisal: &Appraisal, option: usize, by: Dimension, measure: &str) -> Vec<f64> {
    let rows = appraisal.distribution.iter().filter(|row| {
        (row.option, row.dimension, row.measure) == (option, by, measure)
            && row.perspective == PEOPLE
    });
    rows.map(|row| row.estimate.mean).collect()
}

#[test]
fn groups_of_people_add_up_to_everybody_under_every_option() {
    let (answer, appraisal) = appraised(&Question::tiny());
    let layout = &answer.out.layout;
    for (option, row) in [(0, 0), (1, 0), (0, 3), (1, 7)] {
        for (year, _) in layout.years.iter().enumerate() {
            let at = |measure: &str, breakdown: &str| {
                let series = layout.find(measure, breakdown).unwrap();
                f64::from(
                    answer.out.rows[row].values
                        [layout.at(option, layout.n_areas - 1, series, year)],
                )
            };
            let whole = "service=homes";
            let need = at("referrals", whole) + at("declined", whole);
            for (measure, all) in [
                ("group_need", need),
                ("group_needs_met", at("needs_met", whole)),
                ("group_unmet_need", at("unmet_need", whole)),
            ] {
                let sexes = ["women", "men"].map(|sex| at(measure, &format!("{whole};sex={sex}")));
                let ages =
                    ["16-30", "over-30"].map(|age| at(measure, &format!("{whole};age={age}")));
                assert_eq!(sexes.iter().sum::<f64>(), all, "{measure} by sex");
                assert_eq!(ages.iter().sum::<f64>(), all, "{measure} by age");
                assert!(year < 2 || measure == "group_needs_met" || sexes.iter().all(|n| *n > 0.0));
            }
        }
    }
    for option in 0..2 {
        let met = mean(&appraisal, option, "needs_met", PEOPLE);
        for by in [Dimension::Area, Dimension::Sex, Dimension::Age] {
            close(group(&appraisal, option, by, "needs_met").iter().sum(), met);
        }
    }
    let increments = group(&appraisal, 1, Dimension::Sex, "needs_met_increment");
    close(
        increments.iter().sum(),
        mean(&appraisal, 1, "needs_met_increment", PEOPLE),
    );
}

#[test]
fn areas_add_up_to_the_whole_bill() {
    let text = Question::tiny().edit(
        "scenario.toml",
        SET_UP,
        &format!("{SET_UP}\narea = \"Southshire\""),
    );
    let (_, appraisal) = appraised(&text);
    let rows = appraisal.distribution.iter().filter(|row| {
        (row.option, row.measure, row.perspective.as_str())
            == (1, "present_value_of_cost", "council")
    });
    let by_area: Vec<f64> = rows.map(|row| row.estimate.mean).collect();
    assert_eq!(by_area.len(), 2);
    close(
        by_area.iter().sum(),
        mean(&appraisal, 1, "present_value_of_cost", "council"),
    );
}

#[test]
fn weights_follow_from_incomes_or_are_given() {
    let weighted = |text: &str| {
        let text = format!("\n[distributional_weights]\n{text}\nsource = \"a paper\"\n");
        appraised(&asked(with_victims()).more("scenario.toml", &text)).1
    };
    let incomes = "by = \"area\"\nincomes = { Northshire = 20000, Southshire = 40000 }\nreference = 30000\neta = 1.3";
    let appraisal = weighted(incomes);
    let met = group(&appraisal, 1, Dimension::Area, "needs_met");
    let expected = 1.5_f64.powf(1.3) * met[0] + 0.75_f64.powf(1.3) * met[1];
    close(mean(&appraisal, 1, "needs_met_weighted", PEOPLE), expected);
    let appraisal = weighted("by = \"area\"\nweights = { Northshire = 1, Southshire = 1 }");
    close(
        mean(&appraisal, 1, "npsv_weighted", SOCIETY),
        mean(&appraisal, 1, "npsv", SOCIETY),
    );
    let appraisal = weighted("by = \"sex\"\nweights = { women = 3, men = 0 }");
    let met = group(&appraisal, 1, Dimension::Sex, "needs_met");
    close(
        mean(&appraisal, 1, "needs_met_weighted", PEOPLE),
        3.0 * met[0],
    );
}
