//! What must always hold, on the shipped scenarios and through the public path.

use needscast::compile::{Change, Operation, Plan, PlanOption, Target, compile};
use needscast::document;
use needscast::draw::draw;
use needscast::simulate::{Trajectories, simulate};
use std::path::Path;

/// The plan of a shipped scenario, with this many draws.
pub fn shipped(name: &str, n_draws: usize) -> Plan {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("scenarios")
        .join(format!("{name}.toml"));
    let documents = document::read(&path).unwrap_or_else(|faults| panic!("{faults:#?}"));
    let mut plan = compile(&documents).unwrap_or_else(|faults| panic!("{faults:#?}"));
    plan.n_draws = n_draws;
    plan
}

fn run(plan: &Plan) -> Trajectories {
    simulate(plan, &draw(plan), &|| {})
}

/// The bits of values, so that an empty cell equals itself.
pub fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|value| value.to_bits()).collect()
}

/// One option's part of a row.
pub fn option_bits(out: &Trajectories, row: usize, option: usize) -> Vec<u32> {
    let n = out.layout.n_areas * out.layout.n_slots;
    bits(&out.rows[row].values[option * n..(option + 1) * n])
}

#[test]
fn one_thread_and_two_give_the_same_bytes() {
    let plan = shipped("tayside-throughcare", 3);
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| run(&plan))
    };
    let (one, two) = (with(1), with(2));
    for (a, b) in one.rows.iter().zip(&two.rows) {
        assert_eq!(bits(&a.values), bits(&b.values));
    }
}

#[test]
fn more_draws_leave_the_earlier_ones_as_they_were() {
    let few = run(&shipped("one-council", 2));
    let more = run(&shipped("one-council", 4));
    for (a, b) in few.rows.iter().zip(&more.rows) {
        assert_eq!(bits(&a.values), bits(&b.values));
    }
}

#[test]
fn an_option_without_changes_is_business_as_usual_bit_for_bit() {
    let mut plan = shipped("tayside-throughcare", 2);
    let copy = PlanOption {
        id: "copy".to_owned(),
        ..plan.options[plan.comparator].clone()
    };
    plan.options.push(copy);
    let out = run(&plan);
    for row in 0..out.rows.len() {
        assert_eq!(
            option_bits(&out, row, plan.comparator),
            option_bits(&out, row, plan.options.len() - 1)
        );
    }
}

#[test]
fn adding_an_option_changes_no_other_option() {
    let all = shipped("tayside-throughcare", 2);
    let mut fewer = all.clone();
    fewer.options.remove(1);
    let (with, without) = (run(&all), run(&fewer));
    for row in 0..with.rows.len() {
        assert_eq!(option_bits(&with, row, 0), option_bits(&without, row, 0));
        assert_eq!(option_bits(&with, row, 2), option_bits(&without, row, 1));
    }
}

#[test]
fn every_option_lived_from_its_fork_equals_its_own_separate_run() {
    for name in ["tayside-throughcare", "release-point"] {
        let plan = shipped(name, 1);
        let together = run(&plan);
        for option in 0..plan.options.len() {
            let mut alone = plan.clone();
            alone.options = vec![plan.options[option].clone()];
            alone.comparator = 0;
            alone.options[0].differs_from = Some(plan.history_from);
            let separate = run(&alone);
            for row in 0..together.rows.len() {
                assert_eq!(
                    option_bits(&together, row, option),
                    option_bits(&separate, row, 0),
                    "{name}: {} in row {row}",
                    plan.options[option].id
                );
            }
        }
    }
}

#[test]
fn adding_an_area_changes_no_other_area_where_nothing_is_shared() {
    let three = shipped("tayside-throughcare", 1);
    let one = shipped("one-council", 1);
    let shared = one.areas.iter().find_map(|area| {
        let there = three
            .areas
            .iter()
            .position(|other| other.code == area.code)?;
        Some((
            there,
            one.areas.iter().position(|other| other.code == area.code)?,
        ))
    });
    let Some((there, here)) = shared else {
        panic!("the two scenarios share a council")
    };
    let same_luck = one.seed == three.seed
        && one.history_from == three.history_from
        && one.start == three.start;
    assert!(
        same_luck,
        "the two scenarios share seed and dates, so that they can be compared"
    );
    let (wide, narrow) = (run(&three), run(&one));
    let base = |out: &Trajectories, area: usize| area * out.layout.n_slots;
    let (w, n) = (base(&wide, there), base(&narrow, here));
    let slots = wide.layout.n_slots;
    assert_eq!(
        bits(&wide.rows[1].values[w..w + slots]),
        bits(&narrow.rows[1].values[n..n + slots])
    );
}

#[test]
fn services_account_for_everybody_in_every_draw_and_area() {
    let plan = shipped("tayside-throughcare", 2);
    let out = run(&plan);
    let first = out
        .layout
        .years
        .iter()
        .position(|year| year.first_month() >= plan.start)
        .unwrap();
    for row in &out.rows {
        for option in 0..out.layout.n_options {
            for area in 0..out.layout.n_areas {
                for service in &plan.services {
                    let by = format!("service={}", service.id);
                    let sum = |measure: &str| {
                        let series = out.layout.find(measure, &by).unwrap();
                        let years = 0..out.layout.years.len();
                        years
                            .map(|y| f64::from(row.values[out.layout.at(option, area, series, y)]))
                            .sum::<f64>()
                    };
                    let at_end = |measure: &str| {
                        let series = &out.layout.series;
                        let is_it = |s: &needscast::simulate::Series| {
                            s.is_monthly && s.measure == measure && s.breakdown == by
                        };
                        let series = series.iter().position(is_it).unwrap();
                        f64::from(
                            row.values[out.layout.at(
                                option,
                                area,
                                series,
                                out.layout.months.len() - 1,
                            )],
                        )
                    };
                    let left_waiting = sum("unmet_need") - sum("declined") - sum("gave_up");
                    let waited = sum("starts") + sum("gave_up") + left_waiting + at_end("waiting");
                    assert_eq!(sum("referrals"), waited, "{} in area {area}", service.id);
                    let left_support = sum("dropped_out") - left_waiting;
                    assert_eq!(
                        sum("starts"),
                        sum("completions") + left_support + at_end("in_support")
                    );
                    let occupancy = out.layout.find("occupancy", &by).unwrap();
                    let used = row.values[out.layout.at(option, area, occupancy, first)];
                    // Where places are taken away, those in support keep theirs until they end.
                    let is_fall = |change: &Change| {
                        let is_of_places = change.target == Target::Quantity(service.places);
                        is_of_places
                            && match change.operation {
                                Operation::Multiply(by) => by < 1.0,
                                Operation::Add(by) => by < 0.0,
                                Operation::Set(_) => true,
                                Operation::Hold(_) => false,
                            }
                    };
                    let highest = match plan.options[option].changes.iter().any(is_fall) {
                        true => f32::INFINITY,
                        false => 1.001,
                    };
                    assert!(used.is_nan() || (0.0..=highest).contains(&used), "{used}");
                }
            }
        }
    }
}
