//! Options of a run on money and one outcome: closed forms, laws, and the same answer as for a table made elsewhere.

use std::process::Command;

use needscast::appraise::{Weighing, Why, appraise};
use needscast::draw::draw;
use serde_json::Value;
use statrs::distribution::{Continuous, ContinuousCDF, Normal};

use super::{appraised, gauge, lives, normal_question, three_options, weighed};
use crate::support::statistics::check_normal;

/// The worth of one more need met at which the two options of the normal question are as good in the mean.
fn even(weighing: &Weighing) -> f64 {
    let increment = weighing.comparison.options[1].increment.as_ref().unwrap();
    increment.cost.mean / increment.outcome.mean
}

fn close(found: f64, expected: f64) {
    let size = expected.abs().max(1.0);
    assert!(
        (found - expected).abs() <= 1e-9 * size,
        "{found} is not {expected}"
    );
}

/// Null: the loss of the better option has the mean of Raiffa and Schlaifer's unit normal loss; statistic: the mean found
/// over its exact standard error. An error multiplies the value found; the smallest that is caught at 99% power is 26%.
#[test]
fn a_normal_increment_of_a_run_is_worth_its_closed_form() {
    const DRAWS: usize = 4000;
    let (mut plan, lives) = normal_question(DRAWS);
    // Without draws the extra cost is that of the central price, which is the mean.
    let central = {
        let (mut central, mut lives) = (plan.clone(), lives.clone());
        central.n_draws = 0;
        lives.rows.truncate(1);
        appraise(&central, &draw(&central), &lives)
            .weighing
            .unwrap()
    };
    let increment = central.comparison.options[1].increment.clone().unwrap();
    let spread = increment.cost.mean * 300.0 / 2000.0;
    let worth = 1.05 * even(&central);
    plan.judging.worths = vec![worth];
    let weighing = appraise(&plan, &draw(&plan), &lives).weighing.unwrap();
    let mean = worth * increment.outcome.mean - increment.cost.mean;
    let (normal, z) = (Normal::standard(), mean / spread);
    let exact = spread * normal.pdf(z) - mean * normal.cdf(-z);
    let square = (mean * mean + spread * spread) * normal.cdf(-z) - mean * spread * normal.pdf(z);
    let error = (square - exact * exact).sqrt() / (DRAWS as f64).sqrt();
    let found = weighing.comparison.choices[1].evpi.mean;
    check_normal(
        "EVPI of a run",
        0.26,
        |wrong| (found * (1.0 + wrong) - exact) / error,
        |wrong| wrong * exact / error,
    );
}

#[test]
fn what_explains_a_run_is_worth_everything_and_what_it_does_not_use_nothing() {
    let (mut plan, lives) = normal_question(400);
    plan.judging.worths = vec![even(
        &appraise(&plan, &draw(&plan), &lives).weighing.unwrap(),
    )];
    let weighing = appraise(&plan, &draw(&plan), &lives).weighing.unwrap();
    let evpi = weighing.comparison.choices[1].evpi.mean;
    assert!(evpi > 0.0);
    let worth = |id: &str| {
        let input = weighing.inputs.iter().position(|input| input.id == id);
        let learnings = &weighing.comparison.learnings[input.unwrap()].1;
        learnings[1].evppi.mean
    };
    for known in ["support_cost", "all", "part=costs", "grade=placeholder"] {
        assert!(
            (worth(known) / evpi - 1.0).abs() < 1e-3,
            "{known}: {} of {evpi}",
            worth(known)
        );
    }
    close(worth("support_cost"), evpi);
    assert!(worth("prison_place_cost") < 1e-9 * evpi);
    assert!(
        weighing.inputs.iter().all(|input| input.id != "places"),
        "it is fixed"
    );
    // The net benefit is even where the price is at its mean, and falls as the price rises.
    let input = weighing
        .inputs
        .iter()
        .position(|input| input.id == "support_cost")
        .unwrap();
    let leverage = weighing.comparison.learnings[input].1[1].leverage[1]
        .clone()
        .unwrap();
    let mean = weighing.comparison.options[1]
        .increment
        .as_ref()
        .unwrap()
        .cost
        .mean;
    let central = weighing.inputs[input].low_and_high();
    assert!(central[0] < 2_000.0 && central[1] > 2_000.0);
    assert_eq!(leverage.switching_values.len(), 1);
    let price = leverage.switching_values[0];
    assert!(
        (price - 2_000.0).abs() < 60.0,
        "{price} at a mean cost of {mean}"
    );
    assert!(leverage.low_and_high[0] > 0.0 && leverage.low_and_high[1] < 0.0);
    close(leverage.rank_correlation, -1.0);
}

#[test]
fn knowledge_is_worth_from_nothing_to_everything_and_a_group_no_less_than_its_members() {
    let mut plan = three_options();
    plan.n_draws = 120;
    plan.judging.worths = vec![500.0, 20_000.0];
    let weighing = weighed(&plan);
    let comparison = &weighing.comparison;
    assert_eq!(comparison.choices.len(), 3);
    for (at, choice) in comparison.choices.iter().enumerate() {
        assert!(choice.evpi.mean >= 0.0);
        let total: f64 = choice.probability_best.iter().sum();
        close(total, 1.0);
        let worth = |index: usize| comparison.learnings[index].1[at].evppi.mean;
        for (index, input) in weighing.inputs.iter().enumerate() {
            assert!(
                (0.0..=choice.evpi.mean).contains(&worth(index)),
                "{}",
                input.id
            );
            let parts = weighing.inputs.iter().enumerate();
            for (part, member) in parts.filter(|_| input.is_group) {
                let is_within = member.members.iter().all(|m| input.members.contains(m));
                assert!(
                    !is_within || worth(part) <= worth(index),
                    "{} in {}",
                    member.id,
                    input.id
                );
            }
        }
    }
}

#[test]
fn swapping_the_comparator_flips_the_signs() {
    let mut plan = three_options();
    plan.judging.worths = vec![7_000.0];
    let mut swapped = plan.clone();
    swapped.comparator = 1;
    let (ours, theirs) = (weighed(&plan), weighed(&swapped));
    let ours = ours.comparison.options[1].increment.clone().unwrap();
    let theirs = theirs.comparison.options[0].increment.clone().unwrap();
    close(ours.cost.mean, -theirs.cost.mean);
    close(ours.outcome.mean, -theirs.outcome.mean);
    for at in 0..2 {
        close(ours.net_benefit[at].mean, -theirs.net_benefit[at].mean);
        close(ours.net_benefit[at].p05, -theirs.net_benefit[at].p95);
        close(
            ours.probability_better[at],
            1.0 - theirs.probability_better[at],
        );
    }
}

#[test]
fn increments_against_do_minimum_are_those_of_both_against_the_comparator() {
    let plan = three_options();
    let weighing = weighed(&plan);
    let least = weighing.do_minimum.as_ref().unwrap();
    assert_eq!(least.comparator, 2);
    let usual = |option: usize| {
        let increment = weighing.comparison.options[option].increment.as_ref();
        increment.map_or([0.0; 2], |i| [i.cost.mean, i.outcome.mean])
    };
    for option in 0..2 {
        let increment = least.options[option].increment.as_ref().unwrap();
        let [cost, outcome] = usual(option);
        let [least_cost, least_outcome] = usual(2);
        close(increment.cost.mean, cost - least_cost);
        close(increment.outcome.mean, outcome - least_outcome);
    }
    assert!(least.options[2].increment.is_none());
}

#[test]
fn an_outcome_of_which_fewer_is_better_is_counted_below_nothing() {
    let mut plan = three_options();
    plan.judging.outcome = Some(gauge("unmet_need"));
    let weighing = weighed(&plan);
    assert!(weighing.is_fewer);
    let rows = appraised(&plan).rows;
    let row = rows
        .iter()
        .find(|r| r.option == 1 && r.measure == "unmet_need")
        .unwrap();
    close(
        weighing.comparison.options[1].outcome.mean,
        -row.estimate.mean,
    );
    let increment = weighing.comparison.options[1].increment.as_ref().unwrap();
    assert!(
        increment.outcome.mean > 0.0,
        "the second option leaves fewer unmet"
    );
}

#[test]
fn nothing_is_decided_without_a_worth_and_the_curve_covers_every_change_of_the_best() {
    // Without the price of prison places what achieves more costs more.
    let mut dear = three_options();
    dear.costs.remove(0);
    let weighing = weighed(&dear);
    assert_eq!(weighing.worths[0].why, Why::Money);
    assert!(weighing.worths.iter().all(|worth| worth.why != Why::Given));
    let most = weighing
        .curve
        .iter()
        .map(|choice| choice.evpi.mean)
        .fold(0.0, f64::max);
    let least_sure = weighing
        .worths
        .iter()
        .position(|worth| worth.why == Why::LeastSure);
    close(
        weighing.comparison.choices[least_sure.unwrap()].evpi.mean,
        most,
    );
    let prices = weighing
        .comparison
        .options
        .iter()
        .filter_map(|option| option.standing.icer);
    let end = weighing.curve.last().unwrap().threshold;
    assert!(prices.clone().count() > 0);
    assert!(prices.into_iter().all(|price| price < end));
    let mut plan = three_options();
    plan.judging.worths = vec![250.0, 1_000.0];
    let weighing = weighed(&plan);
    assert!(
        weighing
            .worths
            .iter()
            .all(|worth| worth.why != Why::LeastSure)
    );
    assert_eq!(weighing.curve.last().unwrap().threshold, 2_000.0);
    plan.judging.up_to = Some(1_500.0);
    assert_eq!(weighed(&plan).curve.last().unwrap().threshold, 1_500.0);
}

#[test]
fn identical_options_share_the_draws_and_few_draws_say_nothing_of_parameters() {
    let mut plan = three_options();
    plan.options.push(plan.options[0].clone());
    plan.options[3].id = "twin".to_owned();
    plan.n_draws = 15;
    let weighing = weighed(&plan);
    let shares = &weighing.comparison.choices[0].probability_best;
    assert_eq!(shares[0], shares[3]);
    assert!(weighing.inputs.is_empty());
    let (ours, twin) = (
        &weighing.comparison.options[0],
        &weighing.comparison.options[3],
    );
    assert_eq!(ours.standing, twin.standing);
    plan.n_draws = 0;
    let weighing = weighed(&plan);
    assert_eq!(weighing.comparison.n_draws, 1);
    assert!(weighing.comparison.options[1].cost.mc_error.is_nan());
}

/// What a run says of its options, `needscast appraise --from` says of a table of the run's draws.
#[test]
fn a_run_and_a_table_of_its_draws_have_one_answer() {
    let mut plan = three_options();
    plan.judging.worths = vec![4_000.0];
    let appraisal = appraise(&plan, &draw(&plan), &lives(&plan));
    let weighing = appraisal.weighing.unwrap();
    let mut table = "option,draw,cost,outcome\n".to_owned();
    for (option, cloud) in plan.options.iter().zip(&weighing.clouds) {
        for (draw, (outcome, cost)) in cloud.iter().enumerate() {
            table += &format!("{},{draw},{cost},{outcome}\n", option.id);
        }
    }
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("draws.csv"), table).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_needscast"))
        .current_dir(folder.path())
        .args([
            "appraise",
            "--from",
            "draws.csv",
            "--threshold",
            "0,4000",
            "--format",
            "json",
        ])
        .output()
        .unwrap();
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    let number = |value: &Value| value.as_f64().unwrap();
    let rough = |found: f64, expected: f64| {
        let size = expected.abs().max(1.0);
        assert!(
            (found - expected).abs() <= 1e-6 * size,
            "{found} is not {expected}"
        );
    };
    for (at, threshold) in ["0", "4000"].into_iter().enumerate() {
        let choice = &weighing.comparison.choices[at];
        rough(number(&answer["evpi"][threshold]), choice.evpi.mean);
        for (index, option) in weighing.comparison.options.iter().enumerate() {
            let elsewhere = &answer["options"][index];
            assert_eq!(elsewhere["dominance"], option.standing.dominance.word());
            rough(
                number(&elsewhere["expected_regret"][threshold]),
                choice.expected_regret[index],
            );
            rough(
                number(&elsewhere["maximum_regret"][threshold]),
                choice.maximum_regret[index],
            );
            rough(
                number(&elsewhere["probability_best"][threshold]),
                choice.probability_best[index],
            );
            if let Some(increment) = &option.increment {
                let other = &elsewhere["increment"]["net_benefit"][threshold];
                rough(number(&other["mean"]), increment.net_benefit[at].mean);
                rough(number(&other["p95"]), increment.net_benefit[at].p95);
            }
        }
    }
}
