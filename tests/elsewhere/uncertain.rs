//! What perfect information is worth, against closed forms.

use needscast::random::{Key, normal_quantile};
use statrs::distribution::{Continuous, ContinuousCDF, Normal};

use super::{appraise, close, number};
use crate::support::statistics::check_normal;

/// Mean and standard deviation of the increment in net benefit, as in the textbook example.
const MEAN: f64 = 100.0;
const SPREAD: f64 = 250.0;
const DRAWS: usize = 100_000;

/// What perfect information is worth where an increment is normal: the mean of what is lost by the better option
/// (Raiffa and Schlaifer 1961, the unit normal linear loss integral), and the standard deviation of that loss.
fn closed_form() -> (f64, f64) {
    let normal = Normal::standard();
    let z = MEAN / SPREAD;
    let evpi = SPREAD * normal.pdf(z) - MEAN * normal.cdf(-z);
    let square = (MEAN * MEAN + SPREAD * SPREAD) * normal.cdf(-z) - MEAN * SPREAD * normal.pdf(z);
    (evpi, (square - evpi * evpi).sqrt())
}

/// Null: the loss has the mean of the closed form; statistic: the mean found over its exact standard error. An error
/// multiplies the value found; the smallest that is caught at 99% power is 4.2%.
#[test]
fn a_normal_increment_is_worth_its_closed_form() {
    let mut table = "option,draw,cost,outcome\n".to_owned();
    let key = Key::new(2025).named("evpi");
    for draw in 0..DRAWS {
        let increment = MEAN + SPREAD * normal_quantile(key.with(draw as u64).uniform());
        // Half of it is money saved and half of it an outcome worth 250 each.
        let (saved, outcome) = (increment / 2.0, increment / 500.0);
        table += &format!("now,{draw},0,0\nnew,{draw},{},{outcome}\n", -saved);
    }
    let answer = appraise(&table, &["--threshold", "250"]);
    let (exact, spread) = closed_form();
    assert!((exact - 57.61).abs() < 0.005, "{exact}");
    let found = number(&answer["evpi"]["250"]);
    let error = spread / (DRAWS as f64).sqrt();
    check_normal(
        "EVPI of a normal increment",
        0.042,
        |wrong| (found * (1.0 + wrong) - exact) / error,
        |wrong| wrong * exact / error,
    );
    // The error that is printed is the one that the closed form has, but for chance in the spread itself.
    close(&answer["evpi_mc_error"]["250"], error, 0.05 * error);
}

/// Four options, each of which is best in a quarter of the draws: the worth is exact.
#[test]
fn the_best_of_several_options_is_worth_what_it_gains() {
    let mut table = "option,draw,cost,outcome\n".to_owned();
    for draw in 0..4 {
        for option in 0..4 {
            // Best by 30 in its own draw; option 0 is better by 2 on average.
            let outcome = if option == draw { 30 } else { 0 };
            table += &format!(
                "o{option},d{draw},{},{outcome}\n",
                if option == 0 { 8 } else { 10 }
            );
        }
    }
    let answer = appraise(&table, &["--threshold", "1,0.1,0"]);
    close(&answer["evpi"]["1"], (22.0 + 3.0 * 20.0) / 4.0 + 0.5, 1e-12);
    // At 0.1 an outcome of 30 is worth 3: draw by draw 3 - 8 or 3 - 10 against -8.
    close(&answer["evpi"]["0.1"], 3.0 * 1.0 / 4.0, 1e-12);
    close(&answer["evpi"]["0"], 0.0, 0.0);
    for option in 0..4 {
        close(
            &answer["options"][option]["probability_best"]["1"],
            0.25,
            0.0,
        );
    }
    assert_eq!(answer["options"][0]["probability_best"]["0"], 1.0);
    close(&answer["options"][1]["maximum_regret"]["1"], 32.0, 1e-12);
}
