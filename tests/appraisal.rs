//! Forecast and appraisal against what can be worked out on paper.

use needscast::appraise::{Appraisal, GREEN_BOOK_2026, PUBLIC_SECTOR, appraise};
use needscast::compile::{OptionCost, Plan};
use needscast::draw::draw;
use needscast::quantity::Grade;
use needscast::summarise::{Span, fit, summarise};

use crate::support;

fn appraised(plan: &Plan) -> Appraisal {
    appraise(plan, &draw(plan), &support::trajectories(plan))
}

fn mean(appraisal: &Appraisal, option: usize, measure: &str, perspective: &str) -> f64 {
    let found = appraisal
        .rows
        .iter()
        .find(|r| r.option == option && r.measure == measure && r.perspective == perspective);
    found
        .unwrap_or_else(|| panic!("no {measure} for {perspective}"))
        .estimate
        .mean
}

#[test]
fn a_cost_is_quantity_times_price_discounted_year_by_year() {
    let mut plan = support::plan();
    plan.n_draws = 0;
    let trajectories = support::trajectories(&plan);
    let layout = &trajectories.layout;
    let series = layout.find("prison_population", "").unwrap();
    let years = layout.years.len() - 4..layout.years.len();
    let stream: Vec<f64> = years
        .map(|year| {
            (0..2)
                .map(|area| {
                    f64::from(trajectories.rows[0].values[layout.at(0, area, series, year)])
                })
                .sum::<f64>()
                * 50_000.0
        })
        .collect();
    let appraisal = appraise(&plan, &draw(&plan), &trajectories);
    let ours = mean(&appraisal, 0, "present_value_of_cost", "prison-service");
    assert!((ours / GREEN_BOOK_2026.present_value(&stream) - 1.0).abs() < 1e-12);
    let ours = mean(&appraisal, 0, "cost", "prison-service");
    assert!((ours / stream.iter().sum::<f64>() - 1.0).abs() < 1e-12);
}

#[test]
fn payers_add_up_and_npsv_is_minus_the_increment() {
    let appraisal = appraised(&support::plan());
    let sum: f64 = ["prison-service", "council"]
        .iter()
        .map(|payer| mean(&appraisal, 1, "present_value_of_cost", payer))
        .sum();
    let all = mean(&appraisal, 1, "present_value_of_cost", PUBLIC_SECTOR);
    assert!((sum / all - 1.0).abs() < 1e-12);
    let increment = mean(
        &appraisal,
        1,
        "present_value_of_cost_increment",
        PUBLIC_SECTOR,
    );
    let cash = mean(&appraisal, 1, "cashable_increment", PUBLIC_SECTOR);
    let other = mean(&appraisal, 1, "non_cashable_increment", PUBLIC_SECTOR);
    assert!((cash + other - increment).abs() < 1e-6 * increment.abs());
    assert_eq!(mean(&appraisal, 1, "npsv", PUBLIC_SECTOR), -increment);
    assert!(
        (increment - (all - mean(&appraisal, 0, "present_value_of_cost", PUBLIC_SECTOR))).abs()
            < 1e-6 * all
    );
}

#[test]
fn swapping_the_comparator_flips_the_signs() {
    let plan = support::plan();
    let mut swapped = plan.clone();
    swapped.comparator = 1;
    let (ours, theirs) = (appraised(&plan), appraised(&swapped));
    for measure in [
        "npsv",
        "present_value_of_cost_increment",
        "cashable_increment",
    ] {
        assert_eq!(
            mean(&ours, 1, measure, PUBLIC_SECTOR),
            -mean(&theirs, 0, measure, PUBLIC_SECTOR),
            "{measure}"
        );
    }
    assert_eq!(
        mean(&ours, 1, "needs_met_increment", "people"),
        -mean(&theirs, 0, "needs_met_increment", "people")
    );
}

#[test]
fn prices_times_k_make_money_times_k() {
    let plan = support::plan();
    let mut dearer = plan.clone();
    for quantity in &mut dearer.quantities {
        quantity.scale *= 3.0;
    }
    let (ours, theirs) = (appraised(&plan), appraised(&dearer));
    for (a, b) in ours
        .rows
        .iter()
        .zip(&theirs.rows)
        .filter(|(a, _)| a.unit == "GBP")
    {
        assert!(
            (3.0 * a.estimate.mean - b.estimate.mean).abs() <= 1e-9 * b.estimate.mean.abs(),
            "{}",
            a.measure
        );
    }
    assert_eq!(
        mean(&ours, 1, "probability_best", PUBLIC_SECTOR),
        mean(&theirs, 1, "probability_best", PUBLIC_SECTOR)
    );
}

#[test]
fn one_off_costs_count_in_the_year_they_fall_in() {
    let mut plan = support::plan();
    let before = mean(&appraised(&plan), 1, "npsv", PUBLIC_SECTOR);
    let month = plan.start.plus(12);
    plan.options[1].costs.push(OptionCost {
        from: month,
        until: None,
        pounds: 1035.0,
        payer: 1,
        recipient: None,
        area: None,
        is_cashable: true,
        grade: Grade::Judgement,
        title: "Setting up".to_owned(),
        source: "made up".to_owned(),
    });
    let after = mean(&appraised(&plan), 1, "npsv", PUBLIC_SECTOR);
    assert!((before - after - 1000.0).abs() < 1e-4, "{}", before - after);
}

#[test]
fn an_option_that_changes_nothing_differs_by_nothing() {
    let mut plan = support::plan();
    plan.options.truncate(1);
    plan.options.push(plan.options[0].clone());
    let mut trajectories = support::trajectories(&plan);
    let half = trajectories.layout.n_values() / 2;
    for row in &mut trajectories.rows {
        row.values.copy_within(..half, half);
    }
    let appraisal = appraise(&plan, &draw(&plan), &trajectories);
    assert_eq!(mean(&appraisal, 1, "npsv", PUBLIC_SECTOR), 0.0);
    assert_eq!(mean(&appraisal, 1, "probability_best", PUBLIC_SECTOR), 0.5);
    let forecast = summarise(&plan, &trajectories);
    assert!(forecast.contrasts.iter().all(|c| c.difference.mean == 0.0));
    assert!(
        forecast
            .contrasts
            .iter()
            .all(|c| c.probability_better.is_nan() || c.probability_better == 0.5)
    );
}

#[test]
fn the_horizon_adds_flows_and_averages_levels() {
    let plan = support::plan();
    let forecast = summarise(&plan, &support::trajectories(&plan));
    let total = forecast.layout.n_areas - 1;
    for (measure, breakdown, is_flow) in [
        ("needs_met", "service=homes", true),
        ("prison_population", "", false),
    ] {
        let series = forecast.layout.find(measure, breakdown).unwrap();
        let of = |span| {
            forecast
                .contrasts
                .iter()
                .find(|c| c.series == series && c.area == total && c.span == span)
                .unwrap()
        };
        let sum: f64 = forecast
            .years
            .clone()
            .map(|year| of(Span::Year(year)).difference.mean)
            .sum();
        let expected = if is_flow { sum } else { sum / 4.0 };
        let found = of(Span::Horizon).difference.mean;
        assert!(
            (found - expected).abs() < 1e-4 * expected.abs(),
            "{measure}: {found} is not {expected}"
        );
    }
}

#[test]
fn areas_arrivals_are_scaled_to_those_with_a_known_residence() {
    let plan = support::plan();
    let trajectories = support::trajectories(&plan);
    let fitted = fit(&plan, &trajectories);
    assert!(fitted.is_scaled_to_known_residence);
    let layout = &trajectories.layout;
    let series = layout.find("prison_arrivals", "").unwrap();
    let of = |area: usize, code: &str, factor: f64| {
        let line = fitted
            .lines
            .iter()
            .find(|l| {
                l.measure == "prison_arrivals" && l.area.code == code && l.period == "2023-24"
            })
            .unwrap();
        let rows = &trajectories.rows[1..];
        let mean = rows
            .iter()
            .map(|row| f64::from(row.values[layout.at(0, area, series, 4)]))
            .sum::<f64>()
            / rows.len() as f64;
        assert!(
            (line.modelled.mean / (mean * factor) - 1.0).abs() < 1e-6,
            "{code}"
        );
    };
    of(0, "S12000042", 0.8);
    of(2, "total", 0.8);
    assert_eq!(fitted.headline.len(), 6);
    assert_eq!(fitted.areas.len(), 2);
    assert!(
        fitted.verdicts[0].text.contains("of 2 areas within 20%"),
        "{}",
        fitted.verdicts[0].text
    );
}

#[test]
fn variance_falls_to_the_parameters_that_move_the_answer() {
    let mut plan = support::plan();
    plan.n_draws = 200;
    // Only the price of prison places matters when nothing else is charged.
    plan.costs.truncate(1);
    plan.cells[0].law = needscast::compile::Law::Gamma(4.0, 50_000.0);
    let variance = appraised(&plan).variance;
    assert!(variance.is_known);
    assert!(variance.by_parameter[0].unwrap() > 0.3);
    assert_eq!(
        variance.by_parameter[2], None,
        "a fixed parameter carries nothing"
    );
    let sum: f64 = variance.by_grade.iter().map(|(.., share)| share).sum();
    assert!(sum <= 1.0 + 1e-12);
}
