//! Clocks that return people, that run on through states, and that run out.

use needscast::simulate::Births;

use super::{Flows, by_priors, meet, share_by_priors};
use crate::support::question::Question;

const N_PEOPLE: f64 = 1000.0;

/// The chance of returning within twelve months, without and with previous convictions.
const RETURN: [f64; 2] = [0.4, 0.7];

/// The share that has not returned so many months after the clock started: of a constant hazard.
fn waiting(band: usize, months: usize) -> f64 {
    (1.0 - RETURN[band]).powf(months as f64 / 12.0)
}

/// The share that returns in a month, counted from the start of the clock, which ends after a year.
fn returns(band: usize, month: usize) -> f64 {
    match month {
        1..=12 => waiting(band, month - 1) - waiting(band, month),
        _ => 0.0,
    }
}

const GATE: &str = r#"
[[state]]
id = "gate"
title = "Gate"
group = "custody"
stay = { fixed = "a_month" }
exits = [{ to = "out", share = "rest" }]
opening = { people = "cohort", priors = "everyone", fresh = true }
"#;

const CLOCK: &str = r#"
[clock]
title = "Reconviction"
within_months = 12
ends_after = "follow_up"
shape = "constant"
fires_to = "back"
"#;

/// A thousand people, each area's own, who leave the gate in the first month of the run.
fn freed(states: &str, shares: [f64; 2]) -> Question {
    by_priors(&format!("{GATE}{states}{CLOCK}"), shares)
        .number("a_month", 1.0, "months")
        .number("cohort", N_PEOPLE, "people")
        .number("constant", 1.0, "shape")
        .rows(&share_by_priors("returning", RETURN))
}

fn months(from: usize, to: usize) -> std::ops::Range<usize> {
    12 * from..12 * to
}

/// Convictions by how many somebody had before in the model, and month: everybody's first is in the first month, and
/// the first of them all makes no previous one, so that the third is the first to be followed as fast as the fast band.
fn convictions(n_months: usize) -> Vec<Vec<f64>> {
    let mut all = vec![vec![0.0; n_months]];
    all[0][0] = N_PEOPLE;
    while all.len() < n_months {
        let (last, band) = (&all[all.len() - 1], usize::from(all.len() > 1));
        let next = |month: usize| {
            let each = (0..month).map(|before| last[before] * returns(band, month - before));
            each.sum()
        };
        let next = (0..n_months).map(next).collect();
        all.push(next);
    }
    all
}

#[test]
fn whoever_is_convicted_twice_in_a_year_is_one_of_its_cohort_and_in_the_next_years_anew() {
    let states = r#"
[[state]]
id = "out"
title = "Convicted"
group = "court"
stay = "none"
convicts = true
exits = [{ to = "free", share = "rest" }]
[[state]]
id = "free"
title = "Free"
group = "liberty"
stay = "clock"
"#;
    let clock = "runs_in = [\"free\"]\n[[clock.start]]\nentering = [\"free\"]\nprobability = [\"returning\"]\n";
    let question = freed(states, [1.0, 0.0])
        .edit("model/model.toml", "fires_to = \"back\"\n", "fires_to = \"out\"\n")
        .more("model/model.toml", clock)
        .number("follow_up", 12.0, "months")
        .areas(&["North", "South"])
        .rows("shire,North,,,,,0.5,share,2024,a test,judgement\nshire,South,,,,,0.5,share,2024,a test,judgement")
        .edit("model/model.toml", "people = \"cohort\",", "people = \"cohort\", area = \"shire\",")
        .measure("convictions", "entries = [\"out\"]")
        .years(4);
    let by_number = convictions(48);
    let sum = |of: &dyn Fn(usize, &[f64]) -> f64| -> f64 {
        let each = by_number.iter().enumerate();
        each.map(|(before, months)| of(before, months)).sum()
    };
    let all: Vec<f64> = (0..48)
        .map(|month| sum(&|_, months| months[month]))
        .collect();
    // Whoever is convicted in a year for the first time in it: in the first of their lives, or after one in a year before;
    // and how many of them are convicted again within twelve months.
    let joining = |year: usize, again: [f64; 2]| {
        let first: f64 = months(year, year + 1)
            .map(|month| by_number[0][month])
            .sum();
        let next = |before: usize, of: &[f64]| -> f64 {
            let pairs = months(0, year).flat_map(|s| months(year, year + 1).map(move |t| (s, t)));
            pairs
                .map(|(s, t)| of[s] * returns(usize::from(before > 0), t - s))
                .sum()
        };
        first * again[0] + sum(&next) * again[1]
    };
    let cohorts: Vec<f64> = (0..4).map(|year| joining(year, [1.0, 1.0])).collect();
    let rates: Vec<f64> = (0..3)
        .map(|year| joining(year, RETURN) / cohorts[year])
        .collect();
    // By age band those whose clock started within three months of one another are followed together.
    for births in [Births::ByStep, Births::ByYear] {
        let flows = Flows::of(&question, births);
        let of_two = flows.months(0, "convictions").into_iter().map(|n| 2.0 * n);
        meet("convictions", births, &of_two.collect::<Vec<_>>(), &all);
        let ours = flows.years(2, "reconviction_cohort", "");
        meet("cohorts", births, &ours, &cohorts);
        let ours = flows.years(2, "reconviction_rate", "");
        meet("rates", births, &ours[..3], &rates);
        meet("deaths", births, &flows.years(2, "deaths", ""), &[0.0; 4]);
    }
    assert!(cohorts[0] == N_PEOPLE && all[..12].iter().sum::<f64>() > 1.3 * N_PEOPLE);
}

/// Half without and half with previous convictions, whose clocks end after three and nine months. They are in the first
/// place for six months and in the second for six more: whose clock has run out stays as long as anybody.
#[test]
fn a_clock_that_runs_out_frees_nobody_whose_stay_goes_on() {
    let states = r#"
[[state]]
id = "out"
title = "Hostel"
group = "community"
stay = { fixed = "half_a_year" }
exits = [{ to = "home", share = "rest" }]
[[state]]
id = "home"
title = "Home"
group = "liberty"
stay = { fixed = "half_a_year" }
exits = [{ to = "leaves", share = "rest" }]
[[state]]
id = "back"
title = "Back"
group = "court"
stay = "none"
exits = [{ to = "leaves", share = "rest" }]
"#;
    let clock = "runs_in = [\"out\", \"home\"]\n[[clock.start]]\nentering = [\"out\"]\nprobability = [\"returning\"]\n";
    let question = freed(states, [0.5, 0.5])
        .more("model/model.toml", clock)
        .number("half_a_year", 6.0, "months")
        .rows("follow_up,,,,0,,3,months,2024,a test,judgement\nfollow_up,,,,1+,,9,months,2024,a test,judgement")
        .measure("in_out", "stock = [\"out\"]")
        .measure("in_home", "stock = [\"home\"]")
        .measure("back", "entries = [\"back\"]");
    let left = |month: usize| {
        let half = 0.5 * N_PEOPLE;
        half * waiting(0, month.min(3)) + half * waiting(1, month.min(9))
    };
    let (mut first, mut second, mut back) = ([0.0; 12], [0.0; 12], [0.0; 12]);
    for month in 0..12 {
        let here = if month < 6 { &mut first } else { &mut second };
        here[month] = left(month);
        back[month] = if month > 0 {
            left(month - 1) - left(month)
        } else {
            0.0
        };
    }
    for births in [Births::ByStep, Births::ByYear] {
        let flows = Flows::of(&question, births);
        meet("first", births, &flows.months(0, "in_out"), &first);
        meet("second", births, &flows.months(0, "in_home"), &second);
        meet("back", births, &flows.months(0, "back"), &back);
        meet("deaths", births, &flows.years(0, "deaths", ""), &[0.0]);
    }
}

/// Two months after the clock has started everybody is convicted once more, which starts no clock: it goes on as the
/// convictions before its start had it.
#[test]
fn a_conviction_that_starts_no_clock_leaves_the_one_that_runs_as_it_was() {
    let states = r#"
[[state]]
id = "out"
title = "Convicted"
group = "court"
stay = "none"
convicts = true
exits = [{ to = "free", share = "rest" }]
[[state]]
id = "free"
title = "Free"
group = "liberty"
stay = { fixed = "two_months" }
exits = [{ to = "fined", share = "rest" }]
[[state]]
id = "fined"
title = "Convicted and fined"
group = "court"
stay = "none"
convicts = true
exits = [{ to = "still_free", share = "rest" }]
[[state]]
id = "still_free"
title = "Still free"
group = "liberty"
stay = "clock"
[[state]]
id = "back"
title = "Back"
group = "court"
stay = "none"
exits = [
  { to = "leaves", share = ["of_none"], counts = "with_none" },
  { to = "leaves", share = "rest", counts = "with_some" },
]
"#;
    let clock = "runs_in = [\"free\", \"still_free\"]\n[[clock.start]]\nentering = [\"free\"]\nprobability = [\"returning\"]\n";
    let question = freed(states, [0.5, 0.5])
        .more("model/model.toml", clock)
        .number("two_months", 2.0, "months")
        .number("follow_up", 12.0, "months")
        .rows(&share_by_priors("of_none", [1.0, 0.0]))
        .areas(&["North", "South"])
        .rows("shire,North,,,,,0.5,share,2024,a test,judgement\nshire,South,,,,,0.5,share,2024,a test,judgement")
        .edit("model/model.toml", "people = \"cohort\",", "people = \"cohort\", area = \"shire\",")
        .measure("none", "departures = [\"with_none\"]")
        .measure("some", "departures = [\"with_some\"]")
        .years(2);
    let month = |band: usize, month: usize| 0.25 * N_PEOPLE * returns(band, month);
    // Of whose clock fires in the month of the second conviction it fires before that; from then on all have one.
    let none: Vec<f64> = (0..24)
        .map(|m| if m < 3 { month(0, m) } else { 0.0 })
        .collect();
    let all = (0..24).map(|m| month(0, m) + month(1, m));
    let some: Vec<f64> = all.zip(&none).map(|(all, none)| all - none).collect();
    for births in [Births::ByStep, Births::ByYear] {
        let flows = Flows::of(&question, births);
        for area in 0..2 {
            meet("none", births, &flows.months(area, "none"), &none);
            meet("some", births, &flows.months(area, "some"), &some);
        }
    }
}
