//! What drives a change: parts that are known exactly, worlds that are what they say, and numbers that add up as printed.

mod exact;
mod lives;
mod printed;

use needscast::compile::{Counterfactuals, Driver, Plan, counterfactuals};
use needscast::draw::draw;
use needscast::simulate::{Births, Trajectories, Value, expect, simulate};
use needscast::summarise::{Driven, Drivers, Estimate, Part, drivers};

/// A plan, its worlds, and what drives its changes.
struct Split {
    plan: Plan,
    drivers: Drivers,
}

impl Split {
    fn of<N: Value>(
        plan: Plan,
        n_draws: usize,
        n_lives: u64,
        live: impl Fn(&Plan) -> Trajectories<N>,
    ) -> Split {
        let asked = asked(&plan, n_draws);
        let life = |luck: u64| {
            let mut life = live(&Plan {
                luck,
                ..asked.plan.clone()
            });
            // Row 0 is told only where it is alone.
            if plan.n_draws > 0 {
                life.rows.remove(0);
            }
            life
        };
        let lives: Vec<_> = (0..n_lives).map(life).collect();
        Split {
            drivers: drivers(&plan, &live(&plan), &asked, &lives),
            plan,
        }
    }

    /// Of people, in so many of the draws and so many lives of each.
    fn of_people(plan: Plan, n_draws: usize, n_lives: u64) -> Split {
        Split::of(plan, n_draws, n_lives, |plan| {
            simulate(plan, &draw(plan), &|| {})
        })
    }

    /// Of expected flows with the central parameters.
    fn expected(mut plan: Plan) -> Split {
        plan.n_draws = 0;
        Split::of(plan, 0, 1, |plan| {
            expect(plan, &draw(plan), Births::ByStep, &|| {})
        })
    }

    /// The change of a measure over all areas.
    fn change(&self, comparison: usize, measure: &str) -> &Driven {
        let (name, _) = measure.split_once(';').unwrap_or((measure, ""));
        let measures = &self.plan.comparisons[comparison].measures;
        let position = measures.iter().position(|(id, _)| id == name).unwrap();
        let n_areas = if self.plan.areas.len() > 1 {
            self.plan.areas.len() + 1
        } else {
            1
        };
        let of_comparison = |driven: &&Driven| driven.comparison == comparison;
        let changes: Vec<&Driven> = self.drivers.changes.iter().filter(of_comparison).collect();
        changes[position * n_areas + n_areas - 1]
    }
}

fn asked(plan: &Plan, n_draws: usize) -> Counterfactuals {
    let mut asked = counterfactuals(plan);
    asked.plan.n_draws = n_draws;
    asked
}

/// The size of a part.
fn part(driven: &Driven, wanted: Part) -> Estimate {
    let mut parts = driven.parts.iter();
    parts.find(|(part, _)| *part == wanted).unwrap().1
}

fn driver(driven: &Driven, wanted: Driver) -> f64 {
    part(driven, Part::Driver(wanted)).mean
}

/// Whether a part is nothing, to the bit, and surely so.
fn is_nothing(estimate: Estimate) -> bool {
    let numbers = [estimate.mean, estimate.p05, estimate.p95, estimate.mc_error];
    let is_zero = |number: &f64| number.to_bits() == 0.0_f64.to_bits() || number.is_nan();
    estimate.mean.to_bits() == 0.0_f64.to_bits() && numbers.iter().all(is_zero)
}
