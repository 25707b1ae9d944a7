//! Four times the people: four times the mean, and half the coefficient of variation.
//!
//! The power of these tests is worked out with the sampled moments, so their errors are stated with a tenth to spare.

use crate::support::question::{Answer, Question};
use crate::support::statistics::check_normal;

const N_DRAWS: usize = 1500;

/// People who come, go to custody, return by the clock and leave; `times` the population and the opening stock. The
/// rate of arrival has this relative spread from draw to draw.
fn people(times: f64, spread: f64) -> Answer {
    let law = match spread > 0.0 {
        true => format!(
            "gamma,{},{}",
            0.12 * (1.0 - 1.96 * spread),
            0.12 * (1.0 + 1.96 * spread)
        ),
        false => ",,".to_owned(),
    };
    let question = Question::new(
        r#"
[[inflow]]
id = "in"
title = "In"
into = "tried"
rate = "rate"
priors = "everyone"
[[state]]
id = "tried"
title = "Tried"
group = "court"
stay = { exponential = "trial" }
exits = [{ to = "custody", share = "custody_share" }, { to = "free", share = "rest" }]
[[state]]
id = "custody"
title = "Custody"
group = "custody"
stay = { lognormal = { mean = ["sentence"], spread = "sentence_spread" } }
exits = [{ to = "free", share = "rest" }]
opening = ["inside"]
[[state]]
id = "free"
title = "Free"
group = "liberty"
stay = "clock"
[clock]
title = "Reconviction"
within_months = 12
ends_after = "follow_up"
shape = "sentence_spread"
fires_to = "tried"
runs_in = ["free"]
[[clock.start]]
entering = ["free"]
probability = ["custody_share"]
"#,
    )
    .number("trial", 2.2, "months")
    .number("custody_share", 0.4, "share")
    .number("sentence", 8.0, "months")
    .number("sentence_spread", 0.9, "shape")
    .number("follow_up", 24.0, "months")
    .number("inside", 30.0 * times, "people")
    .file(
        "model/parameters/rate.csv",
        &format!(
            "id,value,unit,period,source,grade,distribution,low,high\n\
             rate,0.12,per person per year,2024,a test,judgement,{law}\n"
        ),
    )
    .measure("custody", "stock = [\"custody\"]")
    .years(3)
    .draws(N_DRAWS);
    let table = question
        .text("profile/population.csv")
        .replace(",1000,", &format!(",{},", 1000.0 * times));
    question.file("profile/population.csv", &table).answer()
}

/// Mean and variance over the draws of those in custody at the end of the third year.
fn moments(answer: &Answer) -> (f64, f64) {
    let values: Vec<f64> = answer
        .draws()
        .map(|row| answer.month(row, 0, ("custody", ""), 35))
        .collect();
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    (
        mean,
        values
            .iter()
            .map(|value| (value - mean).powi(2))
            .sum::<f64>()
            / (n - 1.0),
    )
}

/// Null: where nobody waits for anybody, four times the people have four times the mean; both means are normal. Error:
/// a mean 2.8% too high.
#[test]
fn the_mean_is_proportional_to_the_people() {
    let (mean, variance) = moments(&people(1.0, 0.0));
    let n = N_DRAWS as f64;
    let error_of = |variance_of_four: f64| ((variance_of_four + 16.0 * variance) / n).sqrt();
    check_normal(
        "four times the mean",
        0.028,
        |error| {
            let (four, variance_of_four) = moments(&people(4.0 * (1.0 + error), 0.0));
            (four - 4.0 * mean) / error_of(variance_of_four)
        },
        |error| 4.0 * mean * error / error_of(4.0 * variance),
    );
}

/// Null: the people are independent, so that four times as many have four times the variance and half the coefficient
/// of variation; the logarithm of a ratio of two sample variances of nearly normal numbers is normal with variance
/// 4 / (n - 1). Error: a luck that all share, as if the rate of arrival were drawn with a spread of 4.7%.
#[test]
fn the_coefficient_of_variation_falls_with_the_root_of_the_people() {
    let (mean, variance) = moments(&people(1.0, 0.0));
    let cv_ratio = |spread: f64| {
        let (four, variance_of_four) = moments(&people(4.0, spread));
        (variance_of_four.sqrt() / four) / (variance.sqrt() / mean)
    };
    let se = (4.0 / (N_DRAWS as f64 - 1.0)).sqrt();
    check_normal(
        "half the coefficient of variation",
        0.047,
        |spread| 2.0 * (2.0 * cv_ratio(spread)).ln() / se,
        |spread| (1.0 + spread * spread * 4.0 * mean * mean / variance).ln() / se,
    );
}
