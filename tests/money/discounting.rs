//! Rates of money and of health: steps of a schedule, rates that are given, and the rate and the cost at which a verdict
//! switches.

use needscast::appraise::{Appraisal, GREEN_BOOK_2026, PEOPLE, PUBLIC_SECTOR};

use super::{COSTS, appraised, close, mean};
use crate::support::question::Question;

#[test]
fn a_rate_of_nothing_gives_plain_sums() {
    let rates = "\n[discounting]\ncosts = 0\noutcomes = 0\nsource = \"a paper\"\n";
    let (_, appraisal) = appraised(&Question::tiny().more("scenario.toml", rates));
    let mut n = 0;
    for row in &appraisal.rows {
        let plain = match row.measure.as_str() {
            "present_value_of_cost" => "cost".to_owned(),
            measure => match measure.strip_suffix("_discounted") {
                Some(plain) => plain.to_owned(),
                None => continue,
            },
        };
        close(
            row.estimate.mean,
            mean(&appraisal, row.option, &plain, &row.perspective),
        );
        n += 1;
    }
    assert!(n > 10, "{n} present values");
}

#[test]
fn health_is_discounted_at_the_rate_of_health() {
    let health = Question::tiny().more("model/services.toml", "discount = \"health\"\n");
    for (question, rate) in [(Question::tiny(), 0.035_f64), (health, 0.015)] {
        let (answer, appraisal) = appraised(&question);
        let layout = &answer.out.layout;
        let first = layout.years.len() - 5;
        let of_row = |row: usize| -> f64 {
            let total = layout.n_areas - 1;
            let met = |year| answer.year(row, total, ("needs_met", "service=homes"), first + year);
            (0..5)
                .map(|year| met(year) * (1.0 + rate).powi(-(year as i32)))
                .sum()
        };
        let draws = answer.draws();
        let n = draws.len() as f64;
        let expected = draws.map(of_row).sum::<f64>() / n;
        close(
            mean(&appraisal, 0, "needs_met_discounted", PEOPLE),
            expected,
        );
    }
}

#[test]
fn steps_and_rates_of_health_are_the_scenarios_to_give() {
    let steps = "\n[discounting]\ncosts = \"5%,2:1%\"\nhealth = 0.02\nsource = \"a paper\"\n";
    let (answer, appraisal) = appraised(&Question::tiny().more("scenario.toml", steps));
    let factors = needscast::appraise::Factors::of(&answer.plan, 4);
    for (found, expected) in factors
        .costs
        .iter()
        .zip([1.0, 1.05, 1.05 * 1.01, 1.05 * 1.0201])
    {
        close(*found, 1.0 / expected);
    }
    close(factors.health[3], 1.02_f64.powi(-3));
    close(factors.standard[1], 1.0 / 1.05);
    close(factors.outcomes[3], 1.0);
    assert!(
        appraisal
            .notes
            .iter()
            .any(|note| note.contains("5% from year 1, 1% from year 2"))
    );
}

/// A hundred people who stay for good cost £100 a year for 110 years, through the steps after years 30 and 75.
#[test]
fn a_long_run_meets_every_step_of_the_schedule() {
    let people: String = (2024..=2140)
        .map(|year| format!("Shire,{year},people,16,,1000,projection\n"))
        .collect();
    let question = Question::new(
        "[[state]]\nid = \"there\"\ntitle = \"There\"\ngroup = \"liberty\"\nstay = \"forever\"\nopening = [\"people\"]\n",
    )
    .number("people", 100.0, "people")
    .measure("there", "stock = [\"there\"]")
    .file(
        "profile/population.csv",
        &format!("area_code,year,sex,age_from,age_to,population,status\n{people}"),
    )
    .file(
        COSTS,
        "[[payer]]\nid = \"us\"\ntitle = \"Us\"\npartner = true\n[[cost]]\nid = \"c\"\ntitle = \"C\"\npayer = \"us\"\n\
         measure = \"there\"\nunit_cost = [\"price\"]\n",
    )
    .rows("price,,,,,,1,GBP per person-year,2024-25,a test,judgement")
    .years(110);
    let (_, appraisal) = appraised(&question);
    close(mean(&appraisal, 0, "cost", "us"), 11_000.0);
    let found = mean(&appraisal, 0, "present_value_of_cost", "us");
    close(found, GREEN_BOOK_2026.present_value(&[100.0; 110]));
    let mut by_hand = 0.0;
    let mut factor = 1.0;
    for year in 0..110 {
        factor /= match year {
            0 => 1.0,
            1..=30 => 1.035,
            31..=75 => 1.030,
            _ => 1.025,
        };
        by_hand += 100.0 * factor;
    }
    close(found, by_hand);
}

/// What a service costs to run, whatever it does.
const RUNNING: &str = "\n[[running_cost]]\ntitle = \"A manager\"\nservice = \"homes\"\npayer = \"council\"\n\
    gbp = 900\nprice_year = \"2024-25\"\nsource = \"a paper\"\n";

/// The cost of setting up at which the mean NPSV is 0 at 10%, found exactly: at that cost it is 0 at 10%, and the rate at
/// which it is 0 under the Green Book's schedule is 10%.
#[test]
fn what_is_given_switches_the_verdict_exactly() {
    let at_ten = "\n[discounting]\ncosts = 0.1\nsource = \"a paper\"\n";
    let fixed = |appraisal: &Appraisal, input: &str| {
        let mut all = appraisal.fixed.iter();
        all.find(|fixed| fixed.input == input).unwrap().clone()
    };
    let mut found = Vec::new();
    for running in ["", RUNNING] {
        let with_cost = |gbp: f64| {
            let cost = format!("gbp        = {gbp}");
            let question = Question::tiny().edit("scenario.toml", "gbp        = 10000", &cost);
            question.more("scenario.toml", running)
        };
        let (_, appraisal) = appraised(&with_cost(10_000.0).more("scenario.toml", at_ten));
        let cost = fixed(&appraisal, "own_cost");
        assert_eq!(cost.switching_values.len(), 1, "{cost:?}");
        // Given in other prices than it is told in.
        let gbp = 10_000.0 * cost.switching_values[0] / cost.value;
        let (_, appraisal) = appraised(&with_cost(gbp).more("scenario.toml", at_ten));
        let size = mean(&appraisal, 1, "present_value_of_cost", PUBLIC_SECTOR);
        assert!(mean(&appraisal, 1, "npsv", PUBLIC_SECTOR).abs() < 1e-6 * size);
        let (_, appraisal) = appraised(&with_cost(gbp));
        let npsv = mean(&appraisal, 1, "npsv", PUBLIC_SECTOR);
        assert!(npsv.abs() > 1e-4 * size, "{npsv}");
        let rate = fixed(&appraisal, "discount_rate");
        close(rate.value, 0.035);
        let nearest = rate.switching_values.iter().map(|rate| (rate - 0.1).abs());
        assert!(nearest.fold(1.0, f64::min) < 1e-6, "{rate:?}");
        found.push(gbp);
    }
    // One manager in place of two leaves something to set it up with.
    assert!(found[1] > found[0], "{found:?}");
}
