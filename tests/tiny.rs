//! The tiny textbook model: what compile makes of it, number by number.

use std::path::Path;

use needscast::compile::{Law, Operation, Plan, Stay, Target, compile};
use needscast::diagnostic::render;
use needscast::document;

fn tiny() -> Plan {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/textbook/tiny/scenario.toml");
    let documents = document::read(&path).unwrap_or_else(|faults| panic!("{}", render(&faults)));
    compile(&documents).unwrap_or_else(|faults| panic!("{}", render(&faults)))
}

fn law_of(plan: &Plan, id: &str) -> Law {
    let cell = plan
        .cells
        .iter()
        .find(|cell| plan.parameters[cell.parameter].id == id);
    cell.unwrap().law
}

#[test]
fn months_areas_and_strata_are_as_written() {
    let plan = tiny();
    assert_eq!(plan.history_from.to_string(), "2024-04");
    assert_eq!(
        (plan.start.to_string(), plan.end.to_string()),
        ("2025-04".into(), "2030-04".into())
    );
    assert_eq!(plan.areas[1].code, "T02");
    assert_eq!(plan.total.code, "total");
    assert_eq!(plan.population_from, 2024);
    assert_eq!(plan.population[1][0][1][0], 10_000.0);
    assert_eq!(plan.notes, Vec::<String>::new());
}

#[test]
fn one_rule_turns_evidence_into_laws() {
    let plan = tiny();
    assert_eq!(law_of(&plan, "housing_need"), Law::Beta(61.5, 79.5));
    assert_eq!(law_of(&plan, "opening_custody"), Law::Fixed);
    assert_eq!(law_of(&plan, "homes_uptake"), Law::Uniform(0.0, 1.0));
    let Law::LogNormal(mean, sd) = law_of(&plan, "housing_health") else {
        panic!("an odds ratio with an interval is lognormal");
    };
    assert!((mean + sd * sd / 2.0 - 2f64.ln()).abs() < 1e-12);
    assert!((sd - 4f64.ln() / (2.0 * 1.959_963_984_540_054)).abs() < 1e-12);
    let Law::LogitNormal(mean, _) = law_of(&plan, "health_need") else {
        panic!("a share with an interval is logit-normal");
    };
    assert!(mean.abs() < 1e-12);
}

#[test]
fn the_interval_of_a_beta_agrees_with_an_independent_quantile() {
    use statrs::distribution::{Beta, ContinuousCDF};
    let plan = tiny();
    let found = plan
        .cells
        .iter()
        .find(|cell| cell.law == Law::Beta(61.5, 79.5))
        .unwrap();
    let (low, high) = found.interval.unwrap();
    let law = Beta::new(61.5, 79.5).unwrap();
    assert!(
        (low - law.inverse_cdf(0.025)).abs() < 1e-3 && (high - law.inverse_cdf(0.975)).abs() < 1e-3
    );
}

#[test]
fn units_come_to_months_and_to_pounds_of_the_price_year() {
    let plan = tiny();
    let scale = |id: &str| plan.quantities.iter().find(|q| q.id == id).unwrap().scale;
    assert!((scale("state.custody.stay") - 12.0 / 365.25).abs() < 1e-15);
    assert!((scale("inflow.first-reports.rate") - 1.0 / 12.0).abs() < 1e-15);
    assert!((scale("cost.custody") - 1.04).abs() < 1e-15);
    assert_eq!(scale("cost.homes"), 1.0);
    assert!(matches!(plan.states[2].stay, Stay::Fixed(_)));
    assert!((plan.options[1].costs[0].pounds - 10_400.0).abs() < 1e-9);
}

#[test]
fn cells_are_laid_out_by_the_keys_in_use_and_dated() {
    let plan = tiny();
    let parameter = |id: &str| plan.parameters.iter().find(|p| p.id == id).unwrap();
    let rates = parameter("report_rate");
    let value = |combination: usize| plan.cells[rates.cells[combination][0].1].value;
    assert_eq!(
        (value(0), value(1), value(2), value(3)),
        (0.01, 0.005, 0.05, 0.02)
    );
    assert_eq!(rates.cells[0][0].0.to_string(), "1900-04");
    let dated = &parameter("custody_area").cells[0];
    assert_eq!(
        dated
            .iter()
            .map(|(from, _)| from.to_string())
            .collect::<Vec<_>>(),
        ["2024-04", "2025-04"]
    );
    assert_eq!(plan.cells[dated[0].1].keys, plan.cells[dated[1].1].keys);
    assert!(parameter("release.short").reaches_everyone);
    assert_eq!(parameter("sentence").used_by, ["In custody"]);
}

#[test]
fn a_pool_has_the_places_that_were_set_for_it() {
    let plan = tiny();
    let shared = &plan.options[1];
    assert_eq!(shared.pools[0].len(), 2);
    assert_eq!(shared.pools[0][0].1, [0, 1]);
    assert_eq!(
        (shared.pools[0][1].0.to_string(), &shared.pools[0][1].1[..]),
        ("2026-04".to_owned(), &[0, 0][..])
    );
    let places = Target::Quantity(plan.services[0].places);
    let set: Vec<_> = shared
        .changes
        .iter()
        .filter(|c| c.target == places)
        .collect();
    assert_eq!(set[0].operation, Operation::Set(36.0));
    assert_eq!(set[0].area, Some(vec![0]));
    assert_eq!(set[1].operation, Operation::Set(0.0));
    assert_eq!(set[1].area, Some(vec![1]));
    assert_eq!(
        shared.differs_from.map(|m| m.to_string()),
        Some("2026-04".to_owned())
    );
    assert_eq!(plan.options[0].differs_from, None);
    assert!(plan.quantities[plan.services[0].uptake].keys.area);
}

#[test]
fn what_was_recorded_stands_beside_its_measure() {
    let plan = tiny();
    // Two areas, and their sum.
    assert_eq!(plan.recorded.len(), 3);
    assert_eq!(
        (plan.recorded[0].value, plan.recorded[0].is_rounded),
        (21.0, false)
    );
    assert!(plan.recorded[1].is_rounded);
}

#[test]
fn every_file_read_is_listed_with_its_hash() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/textbook/tiny/scenario.toml");
    let documents = document::read(&path).unwrap();
    assert_eq!(documents.inputs.len(), 11);
    assert!(
        documents
            .inputs
            .iter()
            .all(|input| input.sha256.len() == 64 && input.bytes > 0)
    );
}
