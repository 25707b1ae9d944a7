//! The return clock: when it fires, and how needs and support change that; what support lasts and brings.

use super::exact::{a_month_at_least, by_month, whole_months};
use crate::support::question::{Answer, Question};
use crate::support::statistics::check_law;

const FOLLOWED: usize = 24;
const N_PEOPLE: f64 = 1000.0;
const N_DRAWS: usize = 30;

/// People set free in month 1, whose clock runs for two years: `probability` is the chance that it fires within one,
/// `home_share` the share with the need.
fn freed(probability: f64, home_share: f64) -> Question {
    Question::new(
        r#"
[[need]]
id = "home"
title = "A home"
[[state]]
id = "gate"
title = "Gate"
group = "custody"
stay = { fixed = "one_month" }
exits = [{ to = "free", share = "rest" }]
opening = ["people"]
[[state]]
id = "free"
title = "Free"
group = "liberty"
stay = "clock"
[[state]]
id = "again"
title = "Again"
group = "court"
stay = "none"
exits = [{ to = "leaves", share = "rest" }]
[clock]
title = "Reconviction"
within_months = 12
ends_after = "follow_up"
shape = "return_shape"
fires_to = "again"
runs_in = ["free"]
[[clock.start]]
entering = ["free"]
probability = ["probability"]
[[clock.modifier]]
need = "home"
hazard_ratio = "home_hazard"
[[prevalence]]
entering = ["free"]
need = "home"
share = ["home_share"]
"#,
    )
    .number("one_month", 1.0, "months")
    .number("people", N_PEOPLE, "people")
    .number("follow_up", FOLLOWED as f64, "months")
    .number("return_shape", 0.8, "shape")
    .number("probability", probability, "share")
    .number("home_hazard", 1.5, "hazard ratio")
    .number("home_share", home_share, "share")
    .measure("again", "entries = [\"again\"]")
    .years(3)
    .draws(N_DRAWS)
}

/// By months since release, then those who never return while followed.
fn firings(answer: &Answer) -> Vec<f64> {
    let mut cells = answer.by_month(FOLLOWED, |row, month| {
        answer.month(row, 0, ("again", ""), month + 2)
    });
    cells.push(N_PEOPLE * answer.draws().len() as f64 - cells.iter().sum::<f64>());
    cells
}

/// Null: with a chance of 0.4 within a year and a Weibull shape of 0.8, a share 0.6^((t/12)^0.8) has not returned t
/// months on, and nobody returns after two years. Error: the chance is 6% higher (0.424).
#[test]
fn the_clock_fires_when_its_weibull_hazard_says() {
    check_law(
        "return clock",
        0.06,
        |error| {
            let escapes = 1.0 - 0.4 * (1.0 + error);
            by_month(
                |month| escapes.powf((month as f64 / 12.0).powf(0.8)),
                FOLLOWED,
            )
        },
        |error| firings(&freed(0.4 * (1.0 + error), 0.0).answer()),
    );
}

/// The same people, all with the need, all supported for six months with a hazard ratio of 0.5 that holds three months
/// more; whoever completes, as everybody does, has the need met.
fn supported(ratio: f64) -> Question {
    freed(0.4, 1.0)
        .services(
            r#"
[[service]]
id = "help"
title = "Help"
need = "home"
refers_on = ["free"]
stays_in = ["free"]
uptake = ["certain"]
patience = ["six_months"]
support = { fixed = ["six_months"] }
hazard_ratio = ["effect"]
effect_after = ["three_months"]
places = ["plenty"]
"#,
        )
        .number("certain", 1.0, "share")
        .number("six_months", 6.0, "months")
        .number("three_months", 3.0, "months")
        .number("effect", ratio, "hazard ratio")
        .number("plenty", 100_000.0, "places")
}

/// Null: the hazard is 1.5 times as high while the need lasts and half as high while support and its effect last: 0.75
/// for six months, 0.5 for three, then 1. Error: support has a hazard ratio of 0.56 instead of 0.5.
#[test]
fn support_holds_the_clock_back_for_as_long_as_it_says() {
    let law = |error: f64| {
        let ratio = 0.5 * (1.0 + error);
        let at = |month: f64| (month / 12.0).powf(0.8);
        let hazard = |month: usize| {
            let month = month as f64;
            let (six, nine) = (month.min(6.0), month.clamp(6.0, 9.0));
            1.5 * ratio * at(six) + ratio * (at(nine) - at(6.0)) + at(month.max(9.0)) - at(9.0)
        };
        by_month(|month| 0.6_f64.powf(hazard(month)), FOLLOWED)
    };
    check_law("clock under support", 0.12, law, |error| {
        firings(&supported(0.5 * (1.0 + error)).answer())
    });
}

/// Null: of the people with the need 0.7 take up support, 0.6 of them complete it, and half of those have the need met.
/// Error: the share who complete is 0.625.
#[test]
fn take_up_completion_and_success_split_people_as_they_say() {
    check_law(
        "take-up, completion and success",
        0.025,
        |error| {
            let completes = 0.6 + error;
            vec![
                0.3,
                0.7 * (1.0 - completes),
                0.35 * completes,
                0.35 * completes,
            ]
        },
        |error| {
            let answer = helped(0.6 + error, 10.0).answer();
            let total = |measure| -> f64 {
                let years = answer
                    .draws()
                    .flat_map(|row| (0..3).map(move |year| (row, year)));
                years
                    .map(|(row, year)| answer.year(row, 0, (measure, "service=help"), year))
                    .sum()
            };
            let met = total("needs_met");
            vec![
                total("declined"),
                total("dropped_out"),
                total("completions") - met,
                met,
            ]
        },
    );
}

/// Null: whoever completes is supported for the whole 10 months and whoever does not for a uniform part of them, rounded
/// at random but a month at least. Error: support is 4% longer, so that the parts are.
#[test]
fn whoever_does_not_complete_leaves_at_a_uniform_point() {
    let law = |error: f64| {
        let full = 10.0 * (1.0 + error);
        let whole = whole_months(|x| f64::from(x < full), 20);
        let part = a_month_at_least(whole_months(|x| (1.0 - x / full).max(0.0), 20));
        let both = whole.into_iter().zip(part);
        both.map(|(whole, part)| 0.2 * whole + 0.8 * part).collect()
    };
    check_law("length of support", 0.04, law, |error| {
        let answer = helped(0.2, 10.0 * (1.0 + error)).answer();
        let inside = |month| -> f64 {
            let rows = answer.draws();
            rows.map(|row| answer.month(row, 0, ("in_support", "service=help"), month))
                .sum()
        };
        (0..20)
            .map(|months: usize| match months {
                0 => 0.0,
                _ => inside(months) - inside(months + 1),
            })
            .collect()
    });
}

/// People with the need who never return, of whom 0.7 take up support of this length.
fn helped(completion: f64, length: f64) -> Question {
    freed(0.0, 1.0)
        .services(
            r#"
[[service]]
id = "help"
title = "Help"
need = "home"
refers_on = ["free"]
stays_in = ["free"]
uptake = ["uptake"]
patience = ["length"]
support = { fixed = ["length"] }
completion = ["completion"]
meets_need = ["half"]
places = ["plenty"]
"#,
        )
        .number("uptake", 0.7, "share")
        .number("half", 0.5, "share")
        .number("completion", completion, "share")
        .number("length", length, "months")
        .number("plenty", 100_000.0, "places")
}
