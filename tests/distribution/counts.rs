//! Counts of people: who is left, who goes where, who is there.

use super::exact::{binomial, poisson};
use crate::support::question::{Answer, Question};
use crate::support::statistics::check_law;

/// A hundred people of two shires, with geometric stays of this mean in months.
fn hundred(mean_stay: f64) -> Answer {
    Question::new(
        r#"
[[state]]
id = "here"
title = "Here"
group = "community"
stay = { geometric = "mean_stay" }
exits = [{ to = "leaves", share = "rest" }]
opening = ["people"]
"#,
    )
    .areas(&["Nether", "Over"])
    .number("mean_stay", mean_stay, "months")
    .rows("people,Nether,,,,,60,people,2024,a test,judgement")
    .rows("people,Over,,,,,40,people,2024,a test,judgement")
    .measure("here", "stock = [\"here\"]")
    .years(2)
    .draws(3000)
    .answer()
}

/// Null: of 100 people who each leave with chance 1/5 a month, Binomial(100, 0.8^6) are left six months on, whatever
/// their shire. Error: the mean stay is 2% longer.
#[test]
fn people_with_geometric_stays_are_left_as_a_binomial_says() {
    check_law(
        "binomial survival",
        0.02,
        |error| binomial(100, (1.0 - 0.2 / (1.0 + error)).powi(6)),
        |error| {
            let answer = hundred(5.0 * (1.0 + error));
            answer.tally(101, |row| answer.month(row, 2, ("here", ""), 6))
        },
    );
}

/// Null: who has left by month 12 is of those who were left at month 6 by the same chance, so that the pair has the law
/// of a binomial of a binomial. Error: the mean stay is 2% longer.
#[test]
fn who_is_left_later_is_of_those_who_were_left_before() {
    const MOST: usize = 15;
    let law = |error: f64| {
        let survives = (1.0 - 0.2 / (1.0 + error)).powi(6);
        let before = binomial(100, survives);
        let mut cells = Vec::new();
        for band in 0..4 {
            let band = band_of(band);
            let mut later = vec![0.0; MOST + 1];
            for left in band {
                for (count, p) in binomial(left as u64, survives).into_iter().enumerate() {
                    later[count.min(MOST)] += before[left] * p;
                }
            }
            cells.extend(later);
        }
        cells
    };
    check_law("binomial of a binomial", 0.02, law, |error| {
        let answer = hundred(5.0 * (1.0 + error));
        answer.tally(4 * (MOST + 1), |row| {
            let left = answer.month(row, 2, ("here", ""), 6) as usize;
            let later = answer.month(row, 2, ("here", ""), 12).min(MOST as f64);
            let band = (0..4)
                .position(|band| band_of(band).contains(&left))
                .unwrap();
            (band * (MOST + 1)) as f64 + later
        })
    });
}

/// Quarters of the law of who is left after six months.
fn band_of(band: usize) -> std::ops::Range<usize> {
    let ends = [0, 23, 26, 29, 101];
    ends[band]..ends[band + 1]
}

/// `people` people who go to a, to b or away; the share of a is uniform on 0.5 ± `spread`.
fn split(people: f64, share: f64, spread: f64, n_draws: usize) -> Answer {
    let law = match spread > 0.0 {
        true => format!(",uniform,{},{}", share - spread, share + spread),
        false => ",,,".to_owned(),
    };
    let table = "id,priors,value,unit,period,source,grade,distribution,low,high";
    Question::new(
        r#"
[[state]]
id = "gate"
title = "Gate"
group = "court"
stay = { fixed = "one_month" }
exits = [{ to = "a", share = "to_a" }, { to = "b", share = "to_b" }, { to = "leaves", share = "rest" }]
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
group = "community"
stay = "none"
exits = [{ to = "leaves", share = "rest" }]
"#,
    )
    .number("one_month", 1.0, "months")
    .number("people", people, "people")
    .number("to_b", 0.3, "share")
    .file(
        "model/parameters/shares.csv",
        &format!("{table}\nto_a,,{share},share,2024,a test,judgement{law}\n"),
    )
    .measure("a", "entries = [\"a\"]")
    .measure("b", "entries = [\"b\"]")
    .draws(n_draws)
    .answer()
}

/// The law of how many of six go to a and to b, by cells `7 a + b`.
fn six_in_three(share: f64) -> Vec<f64> {
    let factorial = |n: usize| (1..=n).product::<usize>() as f64;
    let mut cells = vec![0.0; 49];
    for a in 0..=6 {
        for b in 0..=6 - a {
            let ways = factorial(6) / (factorial(a) * factorial(b) * factorial(6 - a - b));
            let (to_a, to_b) = (share.powi(a as i32), 0.3_f64.powi(b as i32));
            cells[7 * a + b] = ways * to_a * to_b * (0.7 - share).powi((6 - a - b) as i32);
        }
    }
    cells
}

fn six(share: f64, spread: f64) -> Vec<f64> {
    let answer = split(6.0, share, spread, 12_000);
    answer.tally(49, |row| {
        7.0 * answer.month(row, 0, ("a", ""), 1) + answer.month(row, 0, ("b", ""), 1)
    })
}

/// Null: six people split 0.5 : 0.3 : 0.2 as a multinomial says, with its covariance -n p q between two ways.
/// Error: the first share is 0.015 higher.
#[test]
fn people_split_over_the_exits_as_a_multinomial_says() {
    check_law(
        "multinomial split",
        0.015,
        |error| six_in_three(0.5 + error),
        |error| six(0.5 + error, 0.0),
    );
}

/// Null: the same, of people who each have their own luck. Error: the six share some of it, as if their share were
/// drawn once for all of them from 0.5 ± 0.11.
#[test]
fn each_of_those_who_split_has_a_luck_of_their_own() {
    let law = |spread: f64| {
        let mut mean = vec![0.0; 49];
        for strip in 0..200 {
            let share = 0.5 + spread * ((f64::from(strip) + 0.5) / 100.0 - 1.0);
            for (sum, cell) in mean.iter_mut().zip(six_in_three(share)) {
                *sum += cell / 200.0;
            }
        }
        mean
    };
    check_law("luck of their own", 0.11, law, |spread| six(0.5, spread));
}

/// Poisson arrivals of 4 a month who stay a geometric time of this mean.
fn arrivals(mean_stay: f64) -> Question {
    Question::new(
        r#"
[[inflow]]
id = "in"
title = "In"
into = "here"
rate = "rate"
priors = "everyone"
[[state]]
id = "here"
title = "Here"
group = "community"
stay = { geometric = "mean_stay" }
exits = [{ to = "leaves", share = "rest" }]
"#,
    )
    .number("rate", 0.048, "per person per year")
    .number("mean_stay", mean_stay, "months")
    .measure("here", "stock = [\"here\"]")
    .years(3)
    .draws(4000)
}

/// The law of their stock after 25 months from an empty beginning: 4 (1 + q + … + q^24) for a chance q of staying on.
fn stock_of(mean_stay: f64) -> Vec<f64> {
    let stays = 1.0 - 1.0 / mean_stay;
    poisson(4.0 * (1.0 - stays.powi(25)) / (1.0 - stays), 60)
}

fn stock_after_25(question: &Question) -> Vec<f64> {
    let answer = question.answer();
    answer.tally(60, |row| answer.month(row, 0, ("here", ""), 24))
}

/// Null: Poisson arrivals with geometric stays of mean 5 make a Poisson stock. Error: the mean stay is 4% longer.
#[test]
fn poisson_arrivals_with_geometric_stays_make_a_poisson_stock() {
    check_law(
        "Poisson stock",
        0.04,
        |error| stock_of(5.0 * (1.0 + error)),
        |error| stock_after_25(&arrivals(5.0 * (1.0 + error))),
    );
}

/// Null: the stock has the same law when the people are told apart as two sexes and two ages that differ in nothing.
/// Error: the mean stay is 4% longer.
#[test]
fn strata_that_differ_in_nothing_change_no_law() {
    let split = |question: Question| {
        let table = question.text("profile/population.csv").to_owned();
        let mut rows = vec![table.lines().next().unwrap().to_owned()];
        for year in 2024..=2040 {
            for sex in ["women", "men"] {
                rows.push(format!("Shire,{year},{sex},16,30,250,projection"));
                rows.push(format!("Shire,{year},{sex},31,,250,projection"));
            }
        }
        question
            .edit("model/model.toml", "[\"people\"]", "[\"women\", \"men\"]")
            .edit(
                "model/model.toml",
                "[{ id = \"all\", from = 16 }]",
                "[{ id = \"young\", from = 16, to = 30 }, { id = \"old\", from = 31 }]",
            )
            .file("profile/population.csv", &(rows.join("\n") + "\n"))
    };
    check_law(
        "strata in halves",
        0.04,
        |error| stock_of(5.0 * (1.0 + error)),
        |error| stock_after_25(&split(arrivals(5.0 * (1.0 + error)))),
    );
}

/// Null: where 2.3 people are expected at the opening there are three with chance 0.3 and two otherwise.
/// Error: three with chance 0.36.
#[test]
fn a_part_of_a_person_is_there_with_that_chance() {
    check_law(
        "part of a person",
        0.06,
        |error| vec![0.7 - error, 0.3 + error],
        |error| {
            // Whoever goes to neither way is left out by sharing everybody over the two.
            let answer = split(2.3 + error, 0.7, 0.0, 3000);
            answer.tally(2, |row| {
                answer.month(row, 0, ("a", ""), 1) + answer.month(row, 0, ("b", ""), 1) - 2.0
            })
        },
    );
}

/// Null: of needs with shares 0.4 and 0.3 and an odds ratio of 3 between them, the joint law that has exactly these.
/// Error: an odds ratio of 3.9 (three tenths more).
#[test]
fn two_needs_come_together_as_their_odds_ratio_says() {
    let law = |error: f64| {
        let (a, b, ratio) = (0.4, 0.3, 3.0 * (1.0 + error));
        // Plackett (1965): the share with both solves a quadratic.
        let s = 1.0 + (a + b) * (ratio - 1.0);
        let both =
            (s - f64::sqrt(s * s - 4.0 * ratio * (ratio - 1.0) * a * b)) / (2.0 * (ratio - 1.0));
        vec![1.0 - a - b + both, a - both, b - both, both]
    };
    check_law("needs together", 0.3, law, |error| {
        let answer = Question::new(
            r#"
[[need]]
id = "home"
title = "A home"
[[need]]
id = "work"
title = "Work"
[[state]]
id = "gate"
title = "Gate"
group = "court"
stay = { fixed = "one_month" }
exits = [{ to = "free", share = "rest" }]
opening = ["people"]
[[state]]
id = "free"
title = "Free"
group = "liberty"
stay = "none"
exits = [{ to = "leaves", share = "rest" }]
[[prevalence]]
entering = ["free"]
need = "home"
share = "home_share"
[[prevalence]]
entering = ["free"]
need = "work"
share = "work_share"
[[association]]
needs = ["home", "work"]
odds_ratio = "together"
"#,
        )
        .number("one_month", 1.0, "months")
        .number("people", 1.0, "people")
        .number("home_share", 0.4, "share")
        .number("work_share", 0.3, "share")
        .number("together", 3.0 * (1.0 + error), "odds ratio")
        .draws(16_400)
        .answer();
        let has = |row, need| answer.month(row, 0, ("need_arising", need), 1);
        answer.tally(4, |row| has(row, "need=home") + 2.0 * has(row, "need=work"))
    });
}
