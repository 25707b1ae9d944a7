//! Options of a run valued by criteria: values by hand, exact crossovers, and the same answer as for scores made elsewhere.

use needscast::appraise::{Judged, PEOPLE, PUBLIC_SECTOR};
use needscast::compile::{Criterion, Plan, Weighted};

use super::{appraised, gauge, three_options};

/// All payers together, and what is achieved.
const KINDS: [&str; 2] = [PEOPLE, PUBLIC_SECTOR];

fn weighted(measure: &str, weight: f64, points: &[(f64, f64)]) -> Weighted {
    Weighted {
        criterion: Criterion {
            id: measure.to_owned(),
            weight,
            points: points.to_vec(),
        },
        title: String::new(),
        gauge: gauge(measure),
        source: "a test".to_owned(),
    }
}

/// More needs met, on a straight line; fewer months in prison, on a bent one.
fn valued(weights: [f64; 2]) -> (Plan, Judged) {
    let mut plan = three_options();
    plan.judging.criteria = vec![
        weighted("needs_met", weights[0], &[(1_000.0, 0.0), (2_000.0, 100.0)]),
        weighted(
            "prison_months",
            weights[1],
            &[(0.0, 100.0), (20_000.0, 60.0), (60_000.0, 0.0)],
        ),
    ];
    plan.judging.total_weight = weights.iter().sum();
    let judged = appraised(&plan).judged.unwrap();
    (plan, judged)
}

fn close(found: f64, expected: f64) {
    assert!(
        (found - expected).abs() < 1e-6 * expected.abs().max(1.0),
        "{found} is not {expected}"
    );
}

#[test]
fn a_value_is_the_weighted_sum_of_what_scores_are_worth() {
    let (plan, judged) = valued([70.0, 30.0]);
    let rows = appraised(&plan).rows;
    let mean = |option: usize, measure: &str| {
        let mut rows = rows.iter().filter(|row| row.option == option);
        let row = rows.find(|row| row.measure == measure && KINDS.contains(&&*row.perspective));
        row.unwrap().estimate.mean
    };
    for option in 0..3 {
        let met = (mean(option, "needs_met") - 1_000.0) / 10.0;
        let months = mean(option, "prison_months");
        assert!(months < 20_000.0 || months > 0.0);
        close(judged.criteria[0].values[option], met);
        close(
            judged.criteria[0].scores[option].mean,
            mean(option, "needs_met"),
        );
        let valued = &judged.valuation.options[option];
        close(
            valued.value,
            0.7 * met + 0.3 * judged.criteria[1].values[option],
        );
        close(judged.values[option].mean, valued.value);
        close(valued.cost.unwrap(), mean(option, "present_value_of_cost"));
    }
    // Within one draw the bent line is bent: a mean of values, not the value of a mean.
    let on_lines = |score: f64| match score {
        s if s <= 20_000.0 => 100.0 - 40.0 * s / 20_000.0,
        s => 60.0 - 60.0 * (s - 20_000.0) / 40_000.0,
    };
    let months = mean(0, "prison_months");
    assert!((judged.criteria[1].values[0] - on_lines(months)).abs() < 5.0);
    let total: f64 = judged.probability_first.iter().sum();
    close(total, 1.0);
    assert_eq!(judged.criteria[0].title, "Needs met by services");
}

#[test]
fn crossovers_are_where_the_two_values_are_equal() {
    let (_, judged) = valued([70.0, 30.0]);
    for crossover in &judged.valuation.crossovers {
        let weight = crossover.weight / 100.0;
        let weights = match crossover.criterion {
            0 => [weight, 1.0 - weight],
            _ => [1.0 - weight, weight],
        };
        let value = |option: usize| {
            let values = judged.criteria.iter().zip(weights);
            values
                .map(|(c, weight)| c.values[option] * weight)
                .sum::<f64>()
        };
        close(value(crossover.ahead_below), value(crossover.ahead_above));
    }
    // Do minimum meets fewest needs, and prison months are as in business as usual: no weight makes it better.
    let ranks: Vec<usize> = judged.valuation.options.iter().map(|o| o.rank).collect();
    assert_eq!(ranks, [2, 1, 3]);
}

#[test]
fn cost_changes_no_value() {
    let (plan, judged) = valued([50.0, 50.0]);
    let mut dearer = plan.clone();
    for quantity in &mut dearer.quantities {
        quantity.scale *= 10.0;
    }
    let other = appraised(&dearer).judged.unwrap();
    for option in 0..3 {
        assert_eq!(judged.values[option], other.values[option]);
        let costs = [&judged, &other].map(|j| j.valuation.options[option].cost.unwrap());
        close(costs[1], 10.0 * costs[0]);
    }
    let mut free = plan;
    free.costs.clear();
    let free = appraised(&free).judged.unwrap();
    assert!(free.npsv.is_none() && free.valuation.options[0].cost.is_none());
    assert_eq!(free.values[1], judged.values[1]);
}

#[test]
fn a_breakdown_and_a_level_are_scores_too() {
    let mut plan = three_options();
    let mut part = weighted("needs_met", 50.0, &[(0.0, 0.0), (1e4, 100.0)]);
    part.gauge.breakdown = "service=homes".to_owned();
    let level = weighted("prison_population", 50.0, &[(0.0, 100.0), (1e3, 0.0)]);
    plan.judging.criteria = vec![part, level];
    plan.judging.total_weight = 100.0;
    let appraisal = appraised(&plan);
    let judged = appraisal.judged.unwrap();
    let row = |measure: &str| {
        let found = appraisal
            .rows
            .iter()
            .find(|r| r.option == 1 && r.measure == measure);
        found.unwrap().estimate.mean
    };
    // Two services of the same size, and the mean of the years of a stock.
    close(judged.criteria[0].scores[1].mean, row("needs_met") / 2.0);
    close(judged.criteria[1].scores[1].mean, row("prison_population"));
}

#[test]
fn a_score_beyond_its_scale_is_said_to_be() {
    let (_, judged) = valued([50.0, 50.0]);
    let means = judged.criteria[0].scores.iter().map(|score| score.mean);
    let is_beyond = means
        .into_iter()
        .any(|mean| !(1_000.0..=2_000.0).contains(&mean));
    assert_eq!(judged.criteria[0].is_outside, is_beyond);
}
