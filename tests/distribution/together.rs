//! Decisions of one person are each their own: how long, where to, and how long again.

use super::exact::whole_months;
use crate::support::question::{Answer, Question};
use crate::support::statistics::check_law;

const N_MONTHS: usize = 24;

/// People who stay an exponential time of mean 2.5 months, then go to a second stay with chance `share`, of
/// this exponential mean, or leave.
fn staying_twice(share: f64, second_stay: f64) -> Answer {
    Question::new(
        r#"
[[state]]
id = "gate"
title = "Gate"
group = "court"
stay = { fixed = "one_month" }
exits = [{ to = "first", share = "rest" }]
opening = ["people"]
[[state]]
id = "first"
title = "First"
group = "custody"
stay = { exponential = "first_stay" }
exits = [{ to = "second", share = "share" }, { to = "leaves", share = "rest", counts = "gone" }]
[[state]]
id = "second"
title = "Second"
group = "community"
stay = { exponential = "second_stay" }
exits = [{ to = "leaves", share = "rest", counts = "done" }]
"#,
    )
    .number("one_month", 1.0, "months")
    .number("people", 2000.0, "people")
    .number("share", share, "share")
    .number("first_stay", 2.5, "months")
    .number("second_stay", second_stay, "months")
    .measure("second", "entries = [\"second\"]")
    .measure("gone", "departures = [\"gone\"]")
    .measure("done", "departures = [\"done\"]")
    .years(5)
    .draws(20)
    .answer()
}

fn exponential(mean: f64, n_cells: usize) -> Vec<f64> {
    whole_months(|x| (-x / mean).exp(), n_cells)
}

/// Null: how long somebody stays says nothing of where they go, so that month and way out have the product of their
/// laws. Error: a share of 0.525 instead of 0.5 takes the first way.
#[test]
fn how_long_people_stay_says_nothing_of_where_they_go() {
    check_law(
        "stay and exit",
        0.025,
        |error| {
            let months = exponential(2.5, N_MONTHS);
            let goes_on = months.iter().map(|p| p * (0.5 + error));
            let leaves = months.iter().map(|p| p * (0.5 - error));
            goes_on.chain(leaves).collect()
        },
        |error| {
            let answer = staying_twice(0.5 + error, 2.5);
            let by_length = |measure: &'static str| {
                let of = |row, month| answer.month(row, 0, (measure, ""), month);
                let mut cells = answer.by_month(N_MONTHS - 1, |row, month| of(row, month + 1));
                cells.push(
                    answer
                        .draws()
                        .map(|row| (N_MONTHS..60).map(|m| of(row, m)).sum::<f64>())
                        .sum(),
                );
                cells
            };
            [by_length("second"), by_length("gone")].concat()
        },
    );
}

/// Null: two stays running are independent, so that their sum has the convolution of their laws. Error: the second is
/// 7% longer.
#[test]
fn a_second_stay_has_a_luck_of_its_own() {
    check_law(
        "two stays running",
        0.07,
        |error| {
            let (first, second) = (exponential(2.5, 60), exponential(2.5 * (1.0 + error), 60));
            let mut sums = vec![0.0; N_MONTHS];
            for (i, p) in first.iter().enumerate() {
                for (j, q) in second.iter().enumerate() {
                    sums[(i + j).min(N_MONTHS - 1)] += p * q;
                }
            }
            sums
        },
        |error| {
            let answer = staying_twice(1.0, 2.5 * (1.0 + error));
            let mut cells = answer.by_month(N_MONTHS - 1, |row, month| {
                answer.month(row, 0, ("done", ""), month + 1)
            });
            cells.push(2000.0 * answer.draws().len() as f64 - cells.iter().sum::<f64>());
            cells
        },
    );
}
