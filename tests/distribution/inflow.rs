//! Arrivals: their law in a month, from month to month, and along the random walk.

use super::exact::{over_normal, poisson};
use crate::support::question::{Answer, Question};
use crate::support::statistics::check_law;

/// People who pass through: `rate` a year for each of the 1,000 people of the shire, along a walk of this spread.
fn passing(rate: f64, spread: f64, years: usize, n_draws: usize) -> Answer {
    let walk = if spread > 0.0 {
        "walk = \"spread\""
    } else {
        ""
    };
    Question::new(&format!(
        r#"
[[inflow]]
id = "in"
title = "In"
into = "here"
rate = "rate"
priors = "everyone"
{walk}
[[state]]
id = "here"
title = "Here"
group = "court"
stay = "none"
exits = [{{ to = "leaves", share = "rest" }}]
"#
    ))
    .number("rate", rate, "per person per year")
    .number("spread", spread.max(0.01), "shape")
    .measure("here", "entries = [\"here\"]")
    .years(years)
    .draws(n_draws)
    .answer()
}

/// Null: arrivals of two months running are independent and Poisson with mean 3. Error: the mean is 5% higher.
#[test]
fn arrivals_of_neighbouring_months_are_poisson_and_independent() {
    const N_CELLS: usize = 12;
    check_law(
        "Poisson arrivals",
        0.05,
        |error| {
            let one = poisson(3.0 * (1.0 + error), N_CELLS);
            one.iter()
                .flat_map(|a| one.iter().map(move |b| a * b))
                .collect()
        },
        |error| {
            let answer = passing(0.036 * (1.0 + error), 0.0, 1, 10_000);
            let arrivals = |row, month| {
                answer
                    .month(row, 0, ("here", ""), month)
                    .min(N_CELLS as f64 - 1.0)
            };
            answer.tally(N_CELLS * N_CELLS, |row| {
                N_CELLS as f64 * arrivals(row, 4) + arrivals(row, 5)
            })
        },
    );
}

/// The law of a year's arrivals whose logarithm has walked: a Poisson law with a lognormal mean.
fn walked(mean: f64, spread: f64, n_cells: usize) -> Vec<f64> {
    over_normal(|score| poisson(mean * (spread * score).exp(), n_cells))
}

/// Null: in the third year the logarithm of the mean of 60 has taken three normal steps of 0.2. Error: steps 18% longer.
#[test]
fn the_walk_of_an_inflow_takes_a_step_a_year() {
    check_law(
        "random walk",
        0.18,
        |error| walked(60.0, 0.2 * (1.0 + error) * 3_f64.sqrt(), 400),
        |error| {
            let answer = passing(0.06, 0.2 * (1.0 + error), 3, 3000);
            answer.tally(400, |row| answer.year(row, 0, ("here", ""), 2))
        },
    );
}

/// Null: the first step is taken by those months that begin the forecast. Error: the step is 20% longer.
#[test]
fn the_first_year_of_the_forecast_has_taken_one_step() {
    check_law(
        "first step of the walk",
        0.2,
        |error| walked(60.0, 0.2 * (1.0 + error), 400),
        |error| {
            let answer = passing(0.06, 0.2 * (1.0 + error), 1, 3000);
            answer.tally(400, |row| answer.year(row, 0, ("here", ""), 0))
        },
    );
}

/// The law of a year's arrivals that are overdispersed: negative binomial with this mean and relative variance.
fn negative_binomial(mean: f64, variance: f64, n_cells: usize) -> Vec<f64> {
    let size = 1.0 / variance;
    let odds = mean * variance / (1.0 + mean * variance);
    let mut at = (1.0 - odds).powf(size);
    let mut law: Vec<f64> = (1..n_cells)
        .map(|count| {
            let here = at;
            at *= (count as f64 - 1.0 + size) / count as f64 * odds;
            here
        })
        .collect();
    law.push((1.0 - law.iter().sum::<f64>()).max(0.0));
    law
}

/// People who pass through, 60 a year in the mean, of whom a year's number varies so much more than Poisson.
fn overdispersed(variance: f64, years: usize, n_draws: usize) -> Answer {
    Question::new(
        r#"
[[inflow]]
id = "in"
title = "In"
into = "here"
rate = "rate"
priors = "everyone"
overdispersion = "more"
[[state]]
id = "here"
title = "Here"
group = "court"
stay = "none"
exits = [{ to = "leaves", share = "rest" }]
"#,
    )
    .number("rate", 0.06, "per person per year")
    .number("more", variance, "shape")
    .measure("here", "entries = [\"here\"]")
    .years(years)
    .draws(n_draws)
    .answer()
}

/// Null: a year's arrivals are negative binomial with mean 60 and a relative variance of 0.1 beyond Poisson. Error: the
/// variance is 22% larger.
#[test]
fn the_arrivals_of_an_overdispersed_year_are_negative_binomial() {
    check_law(
        "overdispersed arrivals",
        0.22,
        |error| negative_binomial(60.0, 0.1 * (1.0 + error), 300),
        |error| {
            let answer = overdispersed(0.1 * (1.0 + error), 1, 10_000);
            answer.tally(300, |row| answer.year(row, 0, ("here", ""), 0))
        },
    );
}

/// Null: what one year has too many is gone the year after. The correlation of two independent years over 2,000 draws has
/// a standard error of 0.022 and is refused beyond 0.098 (4.4 errors, alpha 1e-5); a number that stayed would give 0.86.
#[test]
fn an_overdispersed_year_is_forgotten() {
    let answer = overdispersed(0.1, 2, 2000);
    let of = |row, year| answer.year(row, 0, ("here", ""), year) - 60.0;
    let sum = |of: &dyn Fn(usize) -> f64| answer.draws().map(of).sum::<f64>();
    let product = sum(&|row| of(row, 0) * of(row, 1));
    let squares = sum(&|row| of(row, 0).powi(2)) * sum(&|row| of(row, 1).powi(2));
    let correlation = product / squares.sqrt();
    assert!(correlation.abs() < 0.098, "{correlation}");
}

#[test]
fn the_central_row_does_not_walk() {
    let (walking, standing) = (passing(0.06, 0.5, 3, 1), passing(0.06, 0.0, 3, 1));
    for year in 0..3 {
        let of = |answer: &Answer, row| answer.year(row, 0, ("here", ""), year);
        assert_eq!(of(&walking, 0), of(&standing, 0));
        assert_ne!(of(&walking, 1), of(&standing, 1));
    }
}
