//! The people engine against answers that are known exactly, on plans built by hand.

mod build;
mod exact;
mod options;
mod service;
mod shared;
mod ways;

use super::*;
use crate::compile::*;
use crate::draw::draw;
use crate::quantity::{Grade, Month, TimeUnit, Unit};
use build::{Build, option};
use service::with_service;

fn run(plan: &Plan) -> Trajectories {
    simulate(plan, &draw(plan), &|| {})
}

fn total(plan: &Plan, out: &Trajectories, option: usize, measure: &str, year: usize) -> f64 {
    let series = out.layout.find(measure, "").expect("a series of that name");
    f64::from(out.rows[0].values[out.layout.at(option, plan.areas.len(), series, year)])
}

/// 8,000 people of the population in eight cells, 0.0375 a month each: 300 arrivals a month, mean stay 10.
fn birth_and_death(months: i32) -> Build {
    let mut build = Build::new(months);
    let mean = build.number(10.0);
    let stays = build.state(
        "here",
        Stay::Geometric(mean),
        &[(Destination::Leaves, None)],
    );
    build.inflow(stays, 0.0375);
    build
}
