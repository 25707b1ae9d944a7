//! Hazards that compete with each other, with a stay and with death.

use super::exact::by_month;
use crate::support::question::Question;
use crate::support::statistics::check_law;

/// Null: hazards of 0.10, 0.06 and (deaths) 0.04 a month compete in continuous time, so that the first to happen is
/// each in proportion, whichever stands first in the file and in whichever month it falls; and whoever is left when a
/// geometric stay of mean 8 ends leaves then. Cells: month by way out. Error: the second hazard is 12% higher.
#[test]
fn the_first_hazard_to_happen_wins_in_proportion() {
    const N_MONTHS: usize = 40;
    let law = |error: f64| {
        let hazards = [0.10, 0.06 * (1.0 + error), 0.04];
        let all: f64 = hazards.iter().sum();
        let (survives, stays) = ((-all).exp(), 1.0 - 1.0 / 8.0);
        let mut cells = Vec::new();
        for hazard in hazards {
            // Up to the month before, the stay had not ended; within it, hazards come before its end.
            let here = |month: usize| {
                let before = (survives * stays).powi(month as i32 - 1);
                before * (1.0 - survives) * hazard / all
            };
            cells.extend((1..=N_MONTHS).map(here));
        }
        cells.extend(
            (1..=N_MONTHS)
                .map(|month| (survives * stays).powi(month as i32 - 1) * survives * (1.0 - stays)),
        );
        let rest = 1.0 - cells.iter().sum::<f64>();
        cells.push(rest);
        cells
    };
    check_law("competing hazards", 0.12, law, |error| {
        let answer = Question::new(
            r#"
[[state]]
id = "here"
title = "Here"
group = "community"
stay = { geometric = "mean_stay" }
exits = [
  { to = "a", hazard = "to_a" },
  { to = "b", hazard = "to_b" },
  { to = "leaves", share = "rest", counts = "gone" },
]
opening = ["people"]
[[state]]
id = "a"
title = "A"
group = "custody"
stay = "none"
exits = [{ to = "leaves", share = "rest" }]
[[state]]
id = "b"
title = "B"
group = "custody"
stay = "none"
exits = [{ to = "leaves", share = "rest" }]
[death]
rate = "death_rate"
"#,
        )
        .number("people", 2000.0, "people")
        .number("mean_stay", 8.0, "months")
        .number("to_a", 0.10, "per month")
        .number("to_b", 0.06 * (1.0 + error), "per month")
        .number("death_rate", 0.48, "per person per year")
        .measure("here", "stock = [\"here\"]")
        .measure("a", "entries = [\"a\"]")
        .measure("b", "entries = [\"b\"]")
        .measure("gone", "departures = [\"gone\"]")
        .years(4)
        .draws(30)
        .answer();
        let of = |measure: &'static str| {
            answer.by_month(N_MONTHS, |row, month| {
                answer.month(row, 0, (measure, ""), month + 1)
            })
        };
        let (a, b, gone, left) = (of("a"), of("b"), of("gone"), of("here"));
        let n = 2000.0 * answer.draws().len() as f64;
        let before = |month: usize| if month == 0 { n } else { left[month - 1] };
        let died = (0..N_MONTHS)
            .map(|m| before(m) - left[m] - a[m] - b[m] - gone[m])
            .collect();
        let never = vec![left[N_MONTHS - 1]];
        [a, b, died, gone, never].concat()
    });
}

/// Null: an open stay with one hazard of 0.3 a month ends in month t with chance exp(-0.3 (t - 1)) - exp(-0.3 t).
/// Error: the hazard is 5% higher.
#[test]
fn an_open_stay_ends_when_its_hazard_fires() {
    check_law(
        "open stay",
        0.05,
        |error| by_month(|month| (-0.3 * (1.0 + error) * month as f64).exp(), 30),
        |error| {
            let answer = Question::new(
                r#"
[[state]]
id = "here"
title = "Here"
group = "community"
stay = "open"
exits = [{ to = "leaves", hazard = "rate" }]
opening = ["people"]
"#,
            )
            .number("people", 2000.0, "people")
            .number("rate", 3.6 * (1.0 + error), "per year")
            .measure("here", "stock = [\"here\"]")
            .years(3)
            .draws(20)
            .answer();
            let left = answer.by_month(31, |row, month| answer.month(row, 0, ("here", ""), month));
            let mut cells: Vec<f64> = left.windows(2).map(|pair| pair[0] - pair[1]).collect();
            cells.push(left[30]);
            cells
        },
    );
}
