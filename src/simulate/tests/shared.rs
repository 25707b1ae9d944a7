//! What all rows share: which areas are lived together, what series are called, and where walks have their steps.

use super::super::study::Study;
use super::super::walk::walked;
use super::*;
use std::collections::BTreeSet;

/// The plan with a service has an option whose first area is host to the second; a third area has its own all along.
#[test]
fn areas_that_share_a_pool_at_any_time_are_lived_together_and_others_apart() {
    let mut plan = with_service(5.0);
    plan.areas.push(Area {
        code: "A3".to_owned(),
        name: "A3".to_owned(),
    });
    plan.population.push(plan.population[0].clone());
    for option in &mut plan.options {
        for (_, hosts) in option.pools.iter_mut().flatten() {
            hosts.push(2);
        }
    }
    let layout = Layout::of(&plan);
    let study = Study::new(&plan, &draw(&plan), &layout);
    assert_eq!(study.clusters, [vec![0, 1], vec![2]]);
    // With today's pools alone each area has its own.
    plan.options.truncate(1);
    let study = Study::new(&plan, &draw(&plan), &layout);
    assert_eq!(study.clusters, [[0], [1], [2]]);
}

#[test]
fn every_series_has_a_title_that_no_other_has() {
    let layout = Layout::of(&with_service(5.0));
    let of_years = || layout.series.iter().filter(|series| !series.is_monthly);
    for series in of_years() {
        assert!(
            !series.title.is_empty(),
            "{} {}",
            series.measure,
            series.breakdown
        );
    }
    let titles: BTreeSet<&str> = of_years().map(|series| series.title.as_str()).collect();
    assert_eq!(titles.len(), of_years().count());
    let titled = |measure: &str, breakdown: &str| {
        let series = layout.find(measure, breakdown).unwrap();
        layout.series[series].title.as_str()
    };
    assert!(titled("need_arising", "need=housing").contains("housing"));
    let group = titled("group_unmet_need", "service=support;sex=women");
    assert!(
        group.starts_with("Support: ") && group.ends_with(", women"),
        "{group}"
    );
}

/// A run that starts a year later walks the same step in every financial year that both have.
#[test]
fn a_year_of_a_walk_has_the_same_step_whenever_the_run_starts() {
    let mut build = birth_and_death(120);
    build.0.inflows[0].walk = Some(build.number(0.1));
    let plan = build.plan();
    let mut later = plan.clone();
    later.start = plan.start.plus(12);
    let april = |years: i32| plan.start.plus(12 * years);
    let inflow = &plan.inflows[0];
    let at = |plan: &Plan, month: Month| walked(plan, 1, inflow, month).unwrap();
    let step = |plan: &Plan, years: i32| at(plan, april(years)) - at(plan, april(years - 1));
    for years in 2..8 {
        let (one, other) = (step(&plan, years), step(&later, years));
        assert!((one - other).abs() < 1e-12, "{years}: {one} {other}");
        assert!((one - step(&plan, years - 1)).abs() > 1e-6, "{years}");
    }
    // The year of the start has a step already, the month before it has none, and the central row never walks.
    assert_eq!(
        at(&plan, april(1)) - at(&plan, april(0)),
        at(&later, april(1))
    );
    assert_eq!(walked(&plan, 1, inflow, plan.start.plus(-1)), None);
    assert_eq!(walked(&plan, 0, inflow, april(3)), None);
}
