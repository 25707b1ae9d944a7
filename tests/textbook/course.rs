//! A disease that gets worse month by month, beside a loop of its own.

use statrs::distribution::{ContinuousCDF, Gamma};

use super::exact::{answers_of, meet};
use super::plan_of;

const MONTHS: usize = 180;

/// Chances of dying in a month from 60 on, as the model's table has them.
fn mortality(month: usize) -> f64 {
    let age = 60 + month / 12;
    match age {
        ..70 => {
            let rounded = 0.0008 * 1.1_f64.powi(age as i32 - 60);
            (rounded * 1e6).round() / 1e6
        }
        _ => 0.003,
    }
}

/// Discounted cost and quality, who is stable at the start of each month, and how many become worse, in all.
fn course(has_drug: bool) -> (f64, f64, Vec<f64>, f64) {
    let to_worse = |t: f64| 0.5 * libm::erfc((t / 30.0).ln() / (0.9 * 2_f64.sqrt()));
    let to_death = Gamma::new(1.6, 1.6 / 20.0).unwrap();
    let law = |survival: &dyn Fn(f64) -> f64, month: usize, ratio: f64| {
        let t = month as f64;
        let before = if month == 0 { 1.0 } else { survival(t) };
        1.0 - (survival(t + 1.0) / before).powf(ratio)
    };
    let moment = |rate: f64, months: usize| (1.0_f64 + rate).powf(-(months as f64) / 12.0);
    let (mut stable, mut worse) = (1.0, vec![0.0; MONTHS]);
    let (mut cost, mut quality, mut trace, mut all) = (0.0, 0.0, Vec::new(), 0.0);
    for month in 0..MONTHS {
        trace.push(stable);
        let effect = match month {
            0..24 if has_drug => 0.5,
            24..36 if has_drug => 0.8,
            _ => 1.0,
        };
        let price = if has_drug && month < 18 { 900.0 } else { 0.0 };
        let (dies, frail) = (mortality(month), 1.0 - (1.0 - mortality(month)).powi(3));
        let there: f64 = worse.iter().sum();
        let becomes = stable * (1.0 - dies) * law(&to_worse, month, effect);
        cost += price * stable * moment(0.035, month);
        let before = 0.8 * stable + 0.55 * there;
        stable = stable * (1.0 - dies) - becomes;
        for since in (0..MONTHS - 1).rev() {
            worse[since + 1] =
                worse[since] * (1.0 - frail) * (1.0 - law(&|t| to_death.sf(t), since, 1.0));
        }
        worse[0] = becomes;
        all += becomes;
        let then: f64 = worse.iter().sum();
        let mean = |start: f64, end: f64, rate: f64| {
            0.5 * (start * moment(rate, month) + end * moment(rate, month + 1))
        };
        cost += 600.0 * mean(there, then, 0.035) + 450.0 * becomes * moment(0.035, month + 1);
        quality += mean(before, 0.8 * stable + 0.55 * then, 0.015) / 12.0;
    }
    (cost, quality, trace, all)
}

#[test]
fn a_course_of_months_is_what_a_loop_of_its_own_finds() {
    let ours = answers_of(plan_of("course/scenario"));
    let mut found = Vec::new();
    for (option, id) in ["care", "drug"].into_iter().enumerate() {
        let (cost, quality, trace, all) = course(option == 1);
        let appraised = |measure| ours.appraised(option, measure);
        meet(
            "cost",
            &[appraised("present_value_of_cost")],
            &[cost],
            1e-9 * cost,
        );
        meet("quality", &[appraised("quality")], &[quality], 1e-9);
        meet(
            "stable",
            &ours.series(id, "are_stable", true),
            &trace,
            1e-11,
        );
        let become_worse = ours.series(id, "become_worse", false);
        meet("worse", &[become_worse.iter().sum()], &[all], 1e-11);
        found.push((cost, quality));
    }
    let of_one = (found[1].0 - found[0].0) / (found[1].1 - found[0].1);
    meet(
        "a year",
        &[ours.appraised(1, "cost_per_quality")],
        &[of_one],
        1e-6,
    );
}
