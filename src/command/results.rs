//! What a run comes to: the plan lived, and the further lives that tell what drives its changes.

use super::Failure;
use super::prepared::Prepared;
use super::share_scenario::share_plan;
use crate::appraise::joint::Joint;
use crate::appraise::{Appraisal, appraise};
use crate::calibrate::{Missed, missed};
use crate::compile::{self, Between, Counterfactuals, Plan};
use crate::draw::Draws;
use crate::report::{Manifest, Rows, Run};
use crate::simulate::{Layout, Trajectories, Trajectory, Value};
use crate::summarise::{Drivers, Fit, Forecast, drivers, fit, summarise};

/// What is made of the trajectories, which are then given up.
pub(super) struct Results {
    /// What to expect.
    pub forecast: Forecast,
    /// How the hindcast compares with the record.
    pub fit: Fit,
    /// Options side by side.
    pub appraisal: Appraisal,
    /// What drives changes.
    pub drivers: Drivers,
    /// Every group of partners that could share a service, where that is asked for.
    pub joint: Option<Joint>,
    /// How far earlier forecasts of the recorded series missed.
    pub missed: Vec<Missed>,
    /// By option, the share of lives that it has in common with another.
    pub shared: Vec<f64>,
}

impl Results {
    /// Of every row of the run, by table: whether one process lived them or many makes no difference here.
    pub fn of<N: Value>(
        prepared: &Prepared,
        draws: &Draws,
        (rows, shared): (Rows<N>, Vec<f64>),
    ) -> Result<Results, Failure> {
        let mut tables = rows.into_iter().map(|rows| {
            let values = rows.into_values();
            values.map(|values| Trajectory { values }).collect()
        });
        let plan = &prepared.plan;
        let run = Trajectories {
            layout: prepared.layout.clone(),
            rows: tables.next().unwrap_or_default(),
            shared,
        };
        let lives = |asked: &Asked| {
            let lives = tables.map(|rows| Trajectories {
                layout: asked.layout.clone(),
                rows,
                shared: Vec::new(),
            });
            lives.collect::<Vec<_>>()
        };
        let joint = match prepared.question.share {
            0 => None,
            n_draws => {
                let plan = Plan {
                    n_draws,
                    ..plan.clone()
                };
                Some(share_plan(&plan, None)?)
            }
        };
        Ok(Results {
            joint,
            forecast: summarise(plan, &run),
            fit: fit(plan, &run),
            appraisal: appraise(plan, draws, &run),
            drivers: prepared.asked.as_ref().map_or(Drivers::default(), |asked| {
                drivers(plan, &run, &asked.worlds, &lives(asked))
            }),
            missed: missed(plan),
            shared: run.shared,
        })
    }
}

impl Results {
    /// All that a report tells of.
    pub fn run<'a>(&'a self, plan: &'a Plan, manifest: &'a Manifest) -> Run<'a> {
        Run {
            plan,
            forecast: &self.forecast,
            fit: &self.fit,
            appraisal: &self.appraisal,
            drivers: &self.drivers,
            joint: self.joint.as_ref(),
            missed: &self.missed,
            manifest,
        }
    }
}

/// Where nothing is said, measuring what drives changes may take so much of what the run takes itself, as far as years
/// lived tell. They tell a little less, because later years have more people in them.
const PART_OF_RUN: f64 = 0.04;

/// However short the run is, no fewer draws than tell how a part goes with the whole, nor more than are of use.
const USUAL_DRAWS: (usize, usize) = (4, 40);

/// How many lives of such a draw are lived, to tell what is expected from luck.
const N_LIVES: u64 = 2;

/// So many draws as may be lived again in the worlds that are asked for.
fn usual_draws(plan: &Plan, asked: &Counterfactuals) -> usize {
    let months = f64::from(plan.end.since(plan.history_from));
    let games = plan.comparisons.iter().zip(&asked.games);
    let apart = games.map(|(comparison, game)| {
        // A world that was never is a life of its own from the moment at which something is held.
        let held = match comparison.between {
            Between::Years { from, .. } => from.plus(1).first_month(),
            Between::Options { .. } => plan.start,
        };
        let is_own = |world: &&usize| **world >= plan.options.len();
        let n_worlds = game.worlds.iter().filter(is_own).count() as f64;
        n_worlds * f64::from(plan.end.since(held)) / months
    });
    let lives = N_LIVES as f64 * (1.0 + apart.sum::<f64>());
    // One of the lives is the run's own.
    let usual = PART_OF_RUN * plan.n_draws as f64 / (lives - 1.0);
    (usual as usize).clamp(USUAL_DRAWS.0, USUAL_DRAWS.1)
}

/// The worlds in which it is measured what drives changes.
pub(super) struct Asked {
    /// The worlds.
    pub worlds: Counterfactuals,
    /// The plan of those worlds, with the luck of each life.
    pub lives: Vec<Plan>,
    /// The rows of the draws that are lived.
    pub rows: Vec<usize>,
    /// Where everything stands in a life.
    pub whole: Layout,
    /// Where the series that are asked for stand, which alone are kept of it.
    pub layout: Layout,
}

impl Asked {
    /// Of so many draws, or of the usual number; expected flows have no luck, and one life. None where nothing is asked.
    pub fn of(plan: &Plan, n_draws: Option<u64>, is_expected: bool) -> Option<Asked> {
        if n_draws.map_or(is_expected, |draws| draws == 0) || plan.comparisons.is_empty() {
            return None;
        }
        let mut worlds = compile::counterfactuals(plan);
        let n_draws = n_draws.map_or_else(|| usual_draws(plan, &worlds), |draws| draws as usize);
        worlds.plan.n_draws = n_draws.min(plan.n_draws);
        let n_lives = if is_expected { 1 } else { N_LIVES };
        let lives = (0..n_lives).map(|luck| Plan {
            luck,
            ..worlds.plan.clone()
        });
        let whole = Layout::of(&worlds.plan);
        let layout = whole.thinned(|series| {
            let asked = plan
                .comparisons
                .iter()
                .flat_map(|comparison| &comparison.measures);
            let mut asked = asked.filter(|(measure, _)| *measure == series.measure);
            !series.is_monthly && asked.any(|(_, breakdown)| *breakdown == series.breakdown)
        });
        Some(Asked {
            lives: lives.collect(),
            rows: match worlds.plan.n_draws {
                0 => vec![0],
                n => (1..=n).collect(),
            },
            worlds,
            whole,
            layout,
        })
    }
}
