//! First come, first served: how many wait and for how long, by the exact chain of the queue in discrete time.

use super::exact::{binomial, poisson};
use crate::support::question::{Answer, Question};
use crate::support::statistics::check_law;

const PLACES: usize = 6;
const ARRIVALS: f64 = 1.5;
const PATIENCE: f64 = 12.0;
const SUPPORT: f64 = 4.0;

/// More people than this are in the system with a chance below 1e-9.
const MOST: usize = 70;

/// The law of how many are in the system, in support and waiting, after the queue pass of month `last`, when nobody was
/// before month 0. In a month each in support ends it with chance 1 / `support`, then each who waits gives up with
/// chance 1 / patience, then those who arrive join, then free places are filled.
fn in_system(support: f64, last: usize) -> Vec<f64> {
    let mut law = vec![0.0; MOST + 1];
    law[0] = 1.0;
    let arrivals = poisson(ARRIVALS, 20);
    for _ in 0..=last {
        let mut next = vec![0.0; MOST + 1];
        for (n, p) in law.iter().enumerate().filter(|(_, p)| **p > 1e-15) {
            let left = convolve(
                &still_in_support(n.min(PLACES), support),
                &still_waiting(n.saturating_sub(PLACES)),
            );
            for (count, q) in convolve(&left, &arrivals).into_iter().enumerate() {
                next[count.min(MOST)] += p * q;
            }
        }
        law = next;
    }
    law
}

fn still_in_support(busy: usize, support: f64) -> Vec<f64> {
    binomial(busy as u64, 1.0 - 1.0 / support)
}

fn still_waiting(waiting: usize) -> Vec<f64> {
    binomial(waiting as u64, 1.0 - 1.0 / PATIENCE)
}

fn convolve(a: &[f64], b: &[f64]) -> Vec<f64> {
    let mut sums = vec![0.0; a.len() + b.len() - 1];
    for (i, p) in a.iter().enumerate() {
        for (j, q) in b.iter().enumerate() {
            sums[i + j] += p * q;
        }
    }
    sums
}

/// A crowd that arrives at random in one shire, and one person of the other who is set free in month 30; both shires
/// share one waiting list.
fn answer(support: f64) -> Answer {
    let mut answer = Question::new(
        r#"
[[need]]
id = "home"
title = "A home"
[[inflow]]
id = "crowd"
title = "The crowd"
into = "free"
rate = "rate"
priors = "everyone"
[[state]]
id = "gate"
title = "Gate"
group = "custody"
stay = { fixed = "one_month" }
exits = [{ to = "cell", share = "rest" }]
opening = ["people"]
[[state]]
id = "cell"
title = "Cell"
group = "custody"
stay = { fixed = "long" }
exits = [{ to = "free", share = "rest" }]
[[state]]
id = "free"
title = "Free"
group = "liberty"
stay = { fixed = "for_ever" }
exits = [{ to = "leaves", share = "rest" }]
[[prevalence]]
entering = ["free"]
need = "home"
share = ["certain"]
"#,
    )
    .areas(&["Crowded", "Lonely"])
    .rows("rate,Crowded,,,,,0.018,per person per year,2024,a test,judgement")
    .rows("rate,Lonely,,,,,0,per person per year,2024,a test,judgement")
    .rows("people,Crowded,,,,,0,people,2024,a test,judgement")
    .rows("people,Lonely,,,,,1,people,2024,a test,judgement")
    .number("one_month", 1.0, "months")
    .number("long", 29.0, "months")
    .number("for_ever", 100.0, "years")
    .number("certain", 1.0, "share")
    .services(
        r#"
[[service]]
id = "help"
title = "Help"
need = "home"
refers_on = ["free"]
stays_in = ["free"]
uptake = ["certain"]
patience = ["patience"]
support = { geometric = ["support"] }
places = ["places"]
"#,
    )
    .number("patience", PATIENCE, "months")
    .number("support", support, "months")
    .number("places", PLACES as f64 / 2.0, "places")
    .options(
        r#"
[[option]]
id = "business-as-usual"
[[option]]
id = "pooled"
[[option.change]]
from = "2024-04"
service = "help"
arrangement = { pool = ["Crowded", "Lonely"], host = "Lonely" }
source = "a test"
"#,
    )
    .years(5)
    .draws(5000)
    .answer();
    answer.option = 1;
    answer
}

/// Null: how many wait at the end of month 29, before the lonely one joins, has the law of the queue's chain from an
/// empty beginning: Poisson(1.5) arrivals a month, six places, geometric support of mean 4, patience of mean 12.
/// Error: support is 5% longer.
#[test]
fn as_many_wait_as_the_chain_of_the_queue_says() {
    check_law(
        "people waiting",
        0.05,
        |error| {
            let law = in_system(SUPPORT * (1.0 + error), 29);
            let mut cells = vec![law[..=PLACES].iter().sum()];
            cells.extend(&law[PLACES + 1..]);
            cells
        },
        |error| {
            let answer = answer(SUPPORT * (1.0 + error));
            answer.tally(MOST - PLACES + 1, |row| {
                answer.month(row, 2, ("waiting", "service=help"), 29)
            })
        },
    );
}

/// The law of the wait of one who joins in month 30: by months from 0, the last cell of those who give up.
fn wait(support: f64, n_months: usize) -> Vec<f64> {
    let mut cells = vec![0.0; n_months + 1];
    let mut ahead = vec![0.0; MOST + 20];
    // Those who arrive in the same month stand before or behind at random.
    let arrivals = poisson(ARRIVALS, 20);
    let mut joined_before = vec![0.0; 20];
    for (n, p) in arrivals.iter().enumerate() {
        (0..=n).for_each(|place| joined_before[place] += p / (n + 1) as f64);
    }
    for (n, p) in in_system(support, 29).into_iter().enumerate() {
        let (busy, waiting) = (n.min(PLACES), n.saturating_sub(PLACES));
        let before = convolve(&still_waiting(waiting), &joined_before);
        for (count, q) in convolve(&still_in_support(busy, support), &before)
            .into_iter()
            .enumerate()
        {
            match count.checked_sub(PLACES) {
                None => cells[0] += p * q,
                Some(count) => ahead[count] += p * q,
            }
        }
    }
    let ends = binomial(PLACES as u64, 1.0 / support);
    for cell in 1..n_months {
        let mut next = vec![0.0; ahead.len()];
        for (waiting, p) in ahead.iter().enumerate().filter(|(_, p)| **p > 0.0) {
            cells[n_months] += p / PATIENCE;
            let stays = p * (1.0 - 1.0 / PATIENCE);
            for (count, q) in still_waiting(waiting).into_iter().enumerate() {
                for (free, r) in ends.iter().enumerate() {
                    match count.checked_sub(free) {
                        Some(left) => next[left] += stays * q * r,
                        None => cells[cell] += stays * q * r,
                    }
                }
            }
        }
        ahead = next;
    }
    let rest = 1.0 - cells.iter().sum::<f64>();
    cells[n_months - 1] += rest;
    cells
}

/// Null: the wait of the lonely one is that of the first come, first served: behind those who waited before and a random
/// part of those who came in the same month, ahead of all later ones. Error: support is 4.5% longer.
#[test]
fn people_wait_as_first_come_first_served_says() {
    const N_MONTHS: usize = 16;
    check_law(
        "first come, first served",
        0.045,
        |error| wait(SUPPORT * (1.0 + error), N_MONTHS),
        |error| {
            let answer = answer(SUPPORT * (1.0 + error));
            answer.tally(N_MONTHS + 1, |row| {
                let of = |measure, year| answer.year(row, 1, (measure, "service=help"), year);
                if (2..5).any(|year| of("gave_up", year) > 0.0) {
                    return N_MONTHS as f64;
                }
                let waits = (2..5).map(|year| of("wait_months_mean", year));
                let wait = waits
                    .into_iter()
                    .find(|wait| !wait.is_nan())
                    .unwrap_or(f64::MAX);
                wait.min(N_MONTHS as f64 - 1.0)
            })
        },
    );
}
