//! Workload P in ixa: people are entities, and everything that happens to them is a plan.
//!
//! Whole numbers are months. Within a month arrivals and transitions come first, then ends of support, the queues
//! and the counters. Reads a seed a line and answers with the seconds that a run took and its totals.

mod counts;
mod inputs;
mod people;
mod services;

use ixa::prelude::*;
use std::io::Write;
use std::time::Instant;

/// Ends of support, the queues and the counters, after the beginning of a month.
pub const SUPPORT_ENDS: f64 = 0.25;
const QUEUES: f64 = 0.5;
const COUNTERS: f64 = 0.75;

fn close_month(context: &mut Context) {
    counts::counts(&mut *context).close_month();
    let next = context.get_current_time() + 1.0;
    if next < inputs::inputs().months as f64 {
        context.add_plan(next, close_month);
    } else {
        context.shutdown();
    }
}

fn run(seed: u64) -> Context {
    let mut context = Context::new();
    context.init_random(seed);
    context.add_plan(0.0, people::arrive);
    context.add_plan(QUEUES, services::queue_pass);
    context.add_plan(COUNTERS, close_month);
    context.execute();
    context
}

fn main() {
    inputs::read();
    for line in std::io::stdin().lines() {
        let seed = line.unwrap().trim().parse().unwrap();
        let begun = Instant::now();
        let mut context = run(seed);
        let seconds = begun.elapsed().as_secs_f64();
        let totals = counts::counts(&mut context).totals();
        let totals: Vec<String> = totals.iter().map(f64::to_string).collect();
        println!("{seconds} {}", totals.join(" "));
        std::io::stdout().flush().unwrap();
    }
}
