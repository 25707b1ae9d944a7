//! `needscast share SCENARIO`: every coalition lived on the same draws, and what sharing comes to.

use std::path::Path;

use rayon::prelude::*;

use super::Failure;
use super::progress::Progress;
use super::run::sound;
use crate::appraise::joint::{
    Joint, LEVERS, LivedRow, Numbers, OwnCosts, Taker, groups, joint, lever_rows, orders,
};
use crate::compile::{CoalitionWorlds, Plan, SharingPlan, coalition_worlds, lever_worlds};
use crate::document::Input;
use crate::draw::{Draws, draw};
use crate::simulate::{Layout, simulate_each};

/// What is asked of a scenario.
pub(super) struct Asked {
    pub draws: Option<u64>,
    pub seed: Option<u64>,
    /// In how many draws it is asked what would change the verdict; a fifth of them, from 10 to 40, when not said.
    pub switching: Option<u64>,
}

/// What was found, and from which files.
pub(super) struct Found {
    pub plan: Plan,
    pub joint: Joint,
    pub inputs: Vec<Input>,
}

/// Lives every coalition of a scenario's partners.
pub(super) fn share_scenario(scenario: &Path, asked: &Asked) -> Result<Found, Failure> {
    let (documents, mut plan) = sound(scenario)?;
    plan.n_draws = asked.draws.map_or(plan.n_draws, |draws| draws as usize);
    plan.seed = asked.seed.unwrap_or(plan.seed);
    Ok(Found {
        joint: share_plan(&plan, asked.switching)?,
        inputs: documents.inputs,
        plan,
    })
}

/// Lives every coalition of a plan's partners in all its draws, and pulls levers in so many of them.
pub(super) fn share_plan(plan: &Plan, switching: Option<u64>) -> Result<Joint, Failure> {
    let sharing = plan.sharing.as_ref().ok_or_else(nobody_shares)?;
    let draws = draw(plan);
    let n_levers = n_levers(plan.n_draws, switching);
    let pulled = if n_levers > 0 { n_levers + 1 } else { 0 };
    let progress = Progress::start(draws.n_rows() + pulled, "draws with every coalition");
    let rows = live(plan, sharing, &draws, &|| progress.step());
    let own = OwnCosts::of(plan, sharing, &Layout::of(plan));
    let levers = match pulled {
        0 => Vec::new(),
        n => {
            let rows = pull(plan, sharing, &draws, n, &|| progress.step());
            lever_rows(plan, sharing, &rows, &own)
        }
    };
    progress.finish();
    Ok(joint(plan, sharing, &rows, own, levers)?)
}

/// In how many draws levers are pulled.
pub(super) fn n_levers(n_draws: usize, asked: Option<u64>) -> usize {
    let usual = (n_draws / 5).clamp(10, 40) as u64;
    asked.unwrap_or(usual).min(n_draws as u64) as usize
}

pub(super) fn nobody_shares() -> Failure {
    Failure::Input("error: nobody shares a service in this scenario\nhint: an option must pool one, with `arrangement = { pool = […], host = … }`; where several do, say which in `[share]`".to_owned())
}

/// Every row with all its coalitions; what several coalitions have in common is lived once.
fn live(
    plan: &Plan,
    sharing: &SharingPlan,
    draws: &Draws,
    row_done: &(dyn Fn() + Sync),
) -> Vec<LivedRow> {
    let n = sharing.partners.len();
    let of_row = |row: usize| {
        let orders = orders(n, plan.seed, row);
        let worlds = coalition_worlds(plan, &groups(n, &orders));
        worlds.map(|worlds| (worlds, orders))
    };
    let of_first = of_row(0);
    let rows = 0..draws.n_rows();
    let lived = rows.into_par_iter().filter_map(|row| {
        // Where all coalitions are lived, they are the same in every row.
        let own = match of_first
            .as_ref()
            .is_some_and(|(_, orders)| orders.is_empty())
        {
            true => None,
            false => of_row(row),
        };
        let (worlds, orders) = own.as_ref().or(of_first.as_ref())?;
        let taken = taken(worlds, sharing, draws, row)?;
        row_done();
        Some(LivedRow {
            world_of: worlds.world_of.clone(),
            taken,
            orders: orders.clone(),
        })
    });
    lived.collect()
}

fn taken(
    worlds: &CoalitionWorlds,
    sharing: &SharingPlan,
    draws: &Draws,
    row: usize,
) -> Option<Vec<Vec<Numbers>>> {
    take_row(&worlds.plan, sharing, draws, row)
}

fn take_row(
    plan: &Plan,
    sharing: &SharingPlan,
    draws: &Draws,
    row: usize,
) -> Option<Vec<Vec<Numbers>>> {
    let take = |layout: &Layout, values: &[f32]| {
        Taker::new((plan, sharing), draws, row, (layout, values)).take()
    };
    simulate_each(plan, draws, &[row], take).pop()
}

/// The first rows with every lever pulled.
fn pull(
    plan: &Plan,
    sharing: &SharingPlan,
    draws: &Draws,
    n_rows: usize,
    row_done: &(dyn Fn() + Sync),
) -> Vec<Vec<Vec<Numbers>>> {
    let Some(asked) = lever_worlds(plan, &LEVERS) else {
        return Vec::new();
    };
    let rows = (0..n_rows).into_par_iter().filter_map(|row| {
        let taken = take_row(&asked, sharing, draws, row);
        row_done();
        taken
    });
    rows.collect()
}
