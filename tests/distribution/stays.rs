//! Lengths of stay in whole months, of people who enter and of people who are there when the run begins.

use statrs::distribution::{ContinuousCDF, Exp, Gamma, LogNormal, Normal, Weibull};
use statrs::function::gamma::gamma;

use super::exact::{a_month_at_least, whole_months};
use crate::support::question::{Answer, Question};
use crate::support::statistics::check_law;

/// Months that are followed; the last cell takes longer stays.
const N_MONTHS: usize = 57;

/// People who stay by this law: those who enter in month 1, or those there at the opening.
fn staying(stay: &str, mean: f64, unit: &str, shape: f64, is_opening: bool) -> Answer {
    let opening = "opening = [\"people\"]";
    let (gate, here) = match is_opening {
        true => ("people_none", opening.to_owned()),
        false => ("people", String::new()),
    };
    Question::new(&format!(
        r#"
[[state]]
id = "gate"
title = "Gate"
group = "court"
stay = {{ fixed = "one_month" }}
exits = [{{ to = "here", share = "rest" }}]
opening = ["{gate}"]
[[state]]
id = "here"
title = "Here"
group = "custody"
stay = {stay}
exits = [{{ to = "leaves", share = "rest", counts = "gone" }}]
{here}
"#
    ))
    .number("one_month", 1.0, "months")
    .number("people", 2000.0, "people")
    .number("people_none", 0.0, "people")
    .number("mean_stay", mean, unit)
    .number("shape_of_stay", shape, "shape")
    .measure("gone", "departures = [\"gone\"]")
    .years(5)
    .draws(20)
    .answer()
}

/// How many left after 0, 1, 2 … months.
fn lengths(answer: &Answer, entered: usize) -> Vec<f64> {
    let mut cells = answer.by_month(N_MONTHS, |row, month| {
        answer.month(row, 0, ("gone", ""), month + entered)
    });
    cells.push(2000.0 * answer.draws().len() as f64 - cells.iter().sum::<f64>());
    cells
}

/// Those who enter stay by `survival(mean, x)`; with an error the mean is longer by that part of it.
fn check_stay(
    name: &'static str,
    smallest: f64,
    stay: (&str, f64, &str, f64),
    survival: impl Fn(f64, f64) -> f64,
) {
    let (kind, mean, unit, shape) = stay;
    check_law(
        name,
        smallest,
        |error| whole_months(|x| survival(1.0 + error, x), N_MONTHS + 1),
        |error| lengths(&staying(kind, mean * (1.0 + error), unit, shape, false), 1),
    );
}

/// Null: a stay of 3.4 months is 3 months with chance 0.6 and 4 with chance 0.4. Error: 0.6% longer.
#[test]
fn a_fixed_stay_is_rounded_so_that_its_mean_is_kept() {
    check_stay(
        "fixed stay",
        0.006,
        ("{ fixed = \"mean_stay\" }", 3.4, "months", 1.0),
        |times, x| f64::from(x < 3.4 * times),
    );
}

/// Null: geometric from 1 with mean 3, which needs no rounding. Error: the mean is 4% longer.
#[test]
fn a_geometric_stay_is_counted_from_one() {
    check_stay(
        "geometric stay",
        0.04,
        ("{ geometric = \"mean_stay\" }", 3.0, "months", 1.0),
        |times, x| (1.0 - 1.0 / (3.0 * times)).powf(x.floor()),
    );
}

/// Null: exponential with mean 2.5. Error: the mean is 5% longer.
#[test]
fn an_exponential_stay_is_exponential_to_the_month() {
    check_stay(
        "exponential stay",
        0.05,
        ("{ exponential = \"mean_stay\" }", 2.5, "months", 1.0),
        |times, x| Exp::new(0.4 / times).unwrap().sf(x),
    );
}

/// Null: gamma with mean 4 and shape 0.7. Error: the mean is 6% longer.
#[test]
fn a_gamma_stay_is_gamma_to_the_month() {
    check_stay(
        "gamma stay",
        0.06,
        (
            "{ gamma = { mean = [\"mean_stay\"], shape = \"shape_of_stay\" } }",
            4.0,
            "months",
            0.7,
        ),
        |times, x| Gamma::new(0.7, 0.7 / (4.0 * times)).unwrap().sf(x),
    );
}

/// Null: Weibull with mean 4 and shape 1.6. Error: the mean is 3% longer.
#[test]
fn a_weibull_stay_is_weibull_to_the_month() {
    check_stay(
        "Weibull stay",
        0.03,
        (
            "{ weibull = { mean = [\"mean_stay\"], shape = \"shape_of_stay\" } }",
            4.0,
            "months",
            1.6,
        ),
        |times, x| weibull(4.0 * times, 1.6).sf(x),
    );
}

fn weibull(mean: f64, shape: f64) -> Weibull {
    Weibull::new(shape, mean / gamma(1.0 + 1.0 / shape)).unwrap()
}

/// Null: lognormal with mean 91.3125 days, which are three months, and spread 0.9. Error: the mean is 5% longer.
#[test]
fn a_lognormal_stay_in_days_is_lognormal_to_the_month() {
    check_stay(
        "lognormal stay",
        0.05,
        (
            "{ lognormal = { mean = [\"mean_stay\"], spread = \"shape_of_stay\" } }",
            91.3125,
            "days",
            0.9,
        ),
        |times, x| lognormal(3.0 * times, 0.9).sf(x),
    );
}

fn lognormal(mean: f64, spread: f64) -> LogNormal {
    LogNormal::new(mean.ln() - 0.5 * spread * spread, spread).unwrap()
}

/// People there at the opening have the rest of a stay under way in equilibrium: what is left outlasts x months with
/// chance E(T - x)+ / E T, that is `longer(x) - x survival(x) / mean` with `longer` of the length-biased stay. They stay
/// at least until the next month.
fn check_rest(
    name: &'static str,
    smallest: f64,
    stay: (&str, f64, f64),
    left: impl Fn(f64, f64) -> f64,
) {
    let (kind, mean, shape) = stay;
    check_law(
        name,
        smallest,
        |error| {
            a_month_at_least(whole_months(
                |x| left(mean * (1.0 + error), x),
                N_MONTHS + 1,
            ))
        },
        |error| {
            lengths(
                &staying(kind, mean * (1.0 + error), "months", shape, true),
                0,
            )
        },
    );
}

/// Null: what is left of a fixed stay of 12 months is uniform. Error: the stay is 1% longer.
#[test]
fn the_rest_of_a_fixed_stay_is_uniform() {
    check_rest(
        "rest of a fixed stay",
        0.01,
        ("{ fixed = \"mean_stay\" }", 12.0, 1.0),
        |mean, x| (1.0 - x / mean).max(0.0),
    );
}

/// Null: what is left of an exponential stay of mean 4 is as long again. Error: the mean is 5% longer.
#[test]
fn the_rest_of_an_exponential_stay_is_exponential() {
    check_rest(
        "rest of an exponential stay",
        0.05,
        ("{ exponential = \"mean_stay\" }", 4.0, 1.0),
        |mean, x| (-x / mean).exp(),
    );
}

/// Null: what is left of a gamma stay of mean 4 and shape 0.7. Error: the mean is 6% longer.
#[test]
fn the_rest_of_a_gamma_stay_is_its_equilibrium_law() {
    check_rest(
        "rest of a gamma stay",
        0.06,
        (
            "{ gamma = { mean = [\"mean_stay\"], shape = \"shape_of_stay\" } }",
            4.0,
            0.7,
        ),
        |mean, x| {
            let of = |shape: f64| Gamma::new(shape, 0.7 / mean).unwrap().sf(x);
            of(1.7) - x / mean * of(0.7)
        },
    );
}

/// Null: what is left of a Weibull stay of mean 4 and shape 1.6. Error: the mean is 4% longer.
#[test]
fn the_rest_of_a_weibull_stay_is_its_equilibrium_law() {
    check_rest(
        "rest of a Weibull stay",
        0.04,
        (
            "{ weibull = { mean = [\"mean_stay\"], shape = \"shape_of_stay\" } }",
            4.0,
            1.6,
        ),
        |mean, x| {
            let scale = mean / gamma(1.0 + 1.0 / 1.6);
            // The power of a length-biased Weibull stay is gamma.
            let longer = Gamma::new(1.0 + 1.0 / 1.6, 1.0)
                .unwrap()
                .sf((x / scale).powf(1.6));
            longer - x / mean * weibull(mean, 1.6).sf(x)
        },
    );
}

/// Null: what is left of a lognormal stay of mean 3 and spread 0.9. Error: the mean is 7% longer.
#[test]
fn the_rest_of_a_lognormal_stay_is_its_equilibrium_law() {
    check_rest(
        "rest of a lognormal stay",
        0.07,
        (
            "{ lognormal = { mean = [\"mean_stay\"], spread = \"shape_of_stay\" } }",
            3.0,
            0.9,
        ),
        |mean, x| {
            let longer = Normal::standard().sf((x.ln() - mean.ln() - 0.5 * 0.81) / 0.9);
            longer - x / mean * lognormal(mean, 0.9).sf(x)
        },
    );
}
