//! Workload P in ixa: people are entities, and everything that happens to them is a plan.
//!
//! Whole numbers are months. Within a month arrivals and transitions come first, then ends of support, the queues
//! and the counters. Reads a seed a line and answers with the seconds of processor time that a run took and its totals.

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

/// Seconds of processor time that this process, of one thread, has had; on the clock where the system does not tell.
fn processor_seconds(since: Instant) -> f64 {
    let text = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    let nanoseconds = text.split(' ').next().and_then(|n| n.parse::<f64>().ok());
    nanoseconds.map_or_else(|| since.elapsed().as_secs_f64(), |n| n / 1e9)
}

fn main() {
    inputs::read();
    for line in std::io::stdin().lines() {
        let seed = line.unwrap().trim().parse().unwrap();
        let since = Instant::now();
        let before = processor_seconds(since);
        let mut context = run(seed);
        let seconds = processor_seconds(since) - before;
        let totals = counts::counts(&mut context).totals();
        let totals: Vec<String> = totals.iter().map(f64::to_string).collect();
        println!("{seconds} {}", totals.join(" "));
        std::io::stdout().flush().unwrap();
    }
}
