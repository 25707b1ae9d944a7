//! The measures of a run: money against one outcome, what it turns on, what is worth knowing, and value by criteria.

mod cases;
mod criteria;
mod sentences;
mod weighing;

use needscast::appraise::{Appraisal, Weighing, appraise};
use needscast::compile::{Gauge, Law, Plan};
use needscast::draw::draw;
use needscast::simulate::Trajectories;

use crate::support;

/// The made-up question with a third option, do-minimum, in which services start and meet four fifths of what they do.
fn three_options() -> Plan {
    let mut plan = support::plan();
    let mut third = plan.options[0].clone();
    third.id = "do-minimum".to_owned();
    third.title = "Do minimum".to_owned();
    plan.options.push(third);
    plan.judging.do_minimum = Some(2);
    plan
}

/// Trajectories of a question of three options.
fn lives(plan: &Plan) -> Trajectories {
    let mut lives = support::trajectories(plan);
    let layout = lives.layout.clone();
    for row in &mut lives.rows {
        for (index, series) in layout.series.iter().enumerate() {
            let is_served = ["starts", "needs_met"].contains(&series.measure.as_str());
            for area in 0..layout.n_areas {
                for period in (0..series.n_periods).filter(|_| is_served) {
                    row.values[layout.at(2, area, index, period)] *= 0.8;
                }
            }
        }
    }
    lives
}

fn appraised(plan: &Plan) -> Appraisal {
    appraise(plan, &draw(plan), &lives(plan))
}

fn weighed(plan: &Plan) -> Weighing {
    appraised(plan).weighing.unwrap()
}

fn gauge(measure: &str) -> Gauge {
    Gauge {
        measure: measure.to_owned(),
        breakdown: String::new(),
    }
}

/// The made-up question in which nothing varies but the price of support, which is normal: the extra net benefit of the
/// second option over the first is then normal too.
fn normal_question(n_draws: usize) -> (Plan, Trajectories) {
    let mut plan = support::plan();
    plan.n_draws = n_draws;
    plan.costs.remove(0);
    plan.cells[1].law = Law::Normal(2_000.0, 300.0);
    let mut lives = support::trajectories(&plan);
    let still = lives.rows[0].clone();
    lives.rows.iter_mut().for_each(|row| *row = still.clone());
    (plan, lives)
}
