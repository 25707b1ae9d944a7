//! Stocks, splits, returns and stays against the laws that they follow.

use super::*;

#[test]
fn poisson_arrivals_with_geometric_stays_make_a_poisson_stock() {
    let plan = birth_and_death(240).plan();
    let out = run(&plan);
    // Null: the month-end stock is Poisson with mean 300 * 9 = 2,700 (those who leave in the month of counting are
    // gone; a stay of k months is counted at k month ends, mean 10, so 3,000). The mean of the last ten years has
    // sd sqrt(3000 / (120 / (2 * 9.5))) ~ 22; alpha 1e-5 is 4.42 sd = 97; an error of 5% is caught at 99% power.
    let mean: f64 = (10..20)
        .map(|year| total(&plan, &out, 0, "stock-here", year))
        .sum::<f64>()
        / 10.0;
    assert!((mean - 3000.0).abs() < 97.0, "mean stock {mean}");
    // Arrivals: Poisson with mean 3,600 a year; twenty years 72,000, sd 268; alpha 1e-5.
    let arrivals: f64 = (0..20)
        .map(|year| total(&plan, &out, 0, "into-here", year))
        .sum();
    assert!(
        (arrivals - 72_000.0).abs() < 4.42 * 268.4,
        "arrivals {arrivals}"
    );
}

#[test]
fn shares_split_as_they_say_and_the_rest_takes_the_rest() {
    let mut build = Build::new(120);
    let third = build.number(0.3);
    let a = build.state("a", Stay::None, &[(Destination::Leaves, None)]);
    let b = build.state("b", Stay::None, &[(Destination::Leaves, None)]);
    let split = build.state(
        "split",
        Stay::None,
        &[
            (Destination::State(a), Some(third)),
            (Destination::State(b), None),
        ],
    );
    build.inflow(split, 0.01);
    let plan = build.plan();
    let out = run(&plan);
    let sum = |measure: &str| {
        (0..10)
            .map(|year| total(&plan, &out, 0, measure, year))
            .sum::<f64>()
    };
    assert_eq!(sum("into-a") + sum("into-b"), sum("into-split"));
    // Null: binomial with share 0.3 of about 9,600: sd 45; alpha 1e-5; an error of 0.03 in the share is caught.
    let n = sum("into-split");
    assert!((sum("into-a") - 0.3 * n).abs() < 4.42 * (n * 0.21).sqrt());
}

#[test]
fn a_cohort_is_reconvicted_as_often_as_published() {
    let mut plan = with_service(0.0);
    plan.services.clear();
    for option in &mut plan.options {
        option.pools.clear();
        option.guaranteed.clear();
    }
    plan.options.truncate(1);
    let out = run(&plan);
    let series = out.layout.find("reconviction_rate", "").unwrap();
    let cohort = total(&plan, &out, 0, "reconviction_cohort", 5);
    let rate = f64::from(out.rows[0].values[out.layout.at(0, 2, series, 5)]);
    // Null: each of the cohort is reconvicted within twelve months with chance 0.4, whatever the months' rounding:
    // binomial; alpha 1e-5; with a cohort near 500 an error of 0.12 is caught at 99% power.
    assert!(cohort > 300.0, "cohort {cohort}");
    assert!(
        (rate - 0.4).abs() < 4.42 * (0.24 / cohort).sqrt(),
        "rate {rate} of {cohort}"
    );
}

#[test]
fn a_law_that_reaches_everyone_releases_people_who_are_there() {
    // R11's shape: 100 a month, everybody stays four months; from month 12 half as long.
    let release = |everyone: bool| {
        let mut build = Build::new(24);
        let start = build.0.start;
        let stay = build.dated(Unit::Count, &[(Month::EPOCH, 4.0), (start.plus(13), 2.0)]);
        build.0.parameters[0].reaches_everyone = everyone;
        let here = build.state("here", Stay::Fixed(stay), &[(Destination::Leaves, None)]);
        build.inflow(here, 0.0125);
        build.0.measures[0].is_monthly = true;
        let plan = build.plan();
        let out = run(&plan);
        let series = out
            .layout
            .series
            .iter()
            .position(|s| s.is_monthly && s.measure == "stock-here")
            .unwrap();
        let stock: Vec<f32> = (0..24)
            .map(|m| out.rows[0].values[out.layout.at(0, 2, series, m)])
            .collect();
        let into = out.layout.find("into-here", "").unwrap();
        (stock, out.rows[0].values[out.layout.at(0, 2, into, 0)])
    };
    let (entrants, _) = release(false);
    let (everyone, arrivals) = release(true);
    assert_eq!(entrants[..13], everyone[..13]);
    // About 400 are there before and 200 after; at once if it reaches everyone, two months later if only entrants.
    let month = arrivals / 12.0;
    assert!((everyone[12] / month - 4.0).abs() < 0.6 && (everyone[13] / month - 2.0).abs() < 0.6);
    assert!((entrants[13] / month - 4.0).abs() < 0.6 && (entrants[16] / month - 2.0).abs() < 0.6);
}

/// Fifteen people are held, six of whom go to jail on average: in fifty draws it would take a chance below 1e-160 for
/// nobody to go there, or nobody to prison.
#[test]
fn people_choose_among_exits_with_stays_of_their_own() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let held = root.join("models/textbook/length-of-stay/scenario.toml");
    let documents = crate::document::read(&held).expect("a sound scenario");
    let mut plan = crate::compile::compile(&documents).expect("a sound plan");
    plan.n_draws = 50;
    let out = run(&plan);
    let sum = |measure: &str| -> f64 {
        let series = out.layout.find(measure, "").expect("it is reported");
        let years = 0..out.layout.series[series].n_periods;
        let of_row = |row: &Trajectory| -> f64 {
            let at = |year| f64::from(row.values[out.layout.at(0, 0, series, year)]);
            years.clone().map(at).sum()
        };
        out.rows.iter().map(of_row).sum()
    };
    assert!(sum("to_jail") > 0.0 && sum("to_prison") > 0.0);
}

/// Everybody who arrives is there, then in the hall, and then gone: each of the three is one event.
#[test]
fn what_happens_to_people_is_counted_once_each() {
    let mut build = Build::new(24);
    let mean = build.number(3.0);
    let hall = Destination::State(1);
    let here = build.state("here", Stay::Geometric(mean), &[(hall, None)]);
    build.state("hall", Stay::None, &[(Destination::Leaves, None)]);
    build.inflow(here, 0.01);
    let plan = build.plan();
    let out = run(&plan);
    let both = |measure: &str| {
        (0..2)
            .map(|year| total(&plan, &out, 0, measure, year))
            .sum::<f64>()
    };
    let (arrived, left) = (both("into-here"), both("into-hall"));
    assert!(left > 0.0 && arrived > left, "{arrived} {left}");
    let expected = (arrived + 2.0 * left) as u64;
    assert_eq!(person_events(&plan, &draw(&plan), 0), expected);
}

/// People who stay on by chance are in the state that they are in, and in no other; two ways out are counted apart.
#[test]
fn whoever_no_chance_takes_is_still_there() {
    let mut build = Build::new(24);
    let [scale, one, stay] = [0.15, 1.0, 6.0].map(|value| build.number(value));
    let leaves = [(Destination::Leaves, None)];
    build.state("elsewhere", Stay::Geometric(stay), &leaves);
    let here = build.state("here", Stay::Open, &[]);
    let leaving = Leaving {
        to: Destination::Leaves,
        chance: Chance::Law(ChanceLaw {
            kind: LawKind::Weibull,
            scale,
            shape: one,
            hazard_ratio: one,
            elapsed: 0,
        }),
        unless: Vec::new(),
        modifiers: Vec::new(),
        counts: None,
    };
    build.0.states[here].chances = vec![leaving.clone(), leaving];
    for (id, way) in [("first", 0), ("second", 1)] {
        build.measure(id, Counts::Departures(vec![(here, way)]));
    }
    build.inflow(here, 0.01);
    let plan = build.plan();
    let out = run(&plan);
    for year in 0..2 {
        let of = |measure: &str| total(&plan, &out, 0, measure, year);
        assert!(of("stock-here") > 0.0 && of("first") > 0.0 && of("second") > 0.0);
        assert_eq!(of("stock-elsewhere"), 0.0);
    }
}
