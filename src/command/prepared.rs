//! A scenario made ready: read, found sound, and brought to what was asked on the command line.

use std::path::Path;

use super::Failure;
use super::results::Asked;
use super::run::sound;
use super::share_scenario::nobody_shares;
use crate::compile::{self, Plan};
use crate::document::{Documents, Input};
use crate::report::{Engine, Question, Share, Table, VERSION, commit};
use crate::simulate::{Births, Layout};

/// What a command says beside the scenario.
#[derive(Debug, Clone, Default)]
pub(super) struct Wish {
    /// How many draws, instead of the scenario's.
    pub draws: Option<u64>,
    /// Where every random number begins, instead of the scenario's.
    pub seed: Option<u64>,
    /// In how many draws to measure what drives changes, instead of the usual number.
    pub drivers: Option<u64>,
    /// In how many draws to live every group of partners, instead of the usual number.
    pub share: Option<u64>,
    /// What lives the journey.
    pub engine: Engine,
}

/// A scenario that can be lived.
pub(super) struct Prepared {
    /// What to live.
    pub plan: Plan,
    /// Where its values stand.
    pub layout: Layout,
    /// What lives it.
    pub engine: Engine,
    /// The worlds that tell what drives changes, where they are asked for.
    pub asked: Option<Asked>,
    /// What all numbers follow from.
    pub question: Question,
}

impl Prepared {
    /// Reads a scenario and brings it to what is wished.
    pub fn of(scenario: &Path, wish: &Wish) -> Result<Prepared, Failure> {
        let (documents, plan) = sound(scenario)?;
        Prepared::of_documents(scenario, documents, plan, wish)
    }

    /// Brings documents, and the plan that was made of them, to what is wished.
    pub fn of_documents(
        scenario: &Path,
        documents: Documents,
        mut plan: Plan,
        wish: &Wish,
    ) -> Result<Prepared, Failure> {
        plan.n_draws = wish.draws.map_or(plan.n_draws, |draws| draws as usize);
        plan.seed = wish.seed.unwrap_or(plan.seed);
        let is_expected = births(wish.engine).is_some();
        if is_expected {
            compile::check_expected(&documents, &plan)?;
        }
        plan.notes.extend(wish.engine.notes().map(str::to_owned));
        let asked = Asked::of(&plan, wish.drivers, is_expected);
        let share = shared_draws(&plan, wish.share, is_expected)?;
        let question = Question {
            version: VERSION.to_owned(),
            commit: commit().to_owned(),
            engine: wish.engine.name().to_owned(),
            scenario: scenario.display().to_string(),
            inputs: named(documents.inputs),
            seed: plan.seed,
            draws: plan.n_draws,
            drivers: asked.as_ref().map_or(0, |asked| asked.rows.len()),
            share,
        };
        Ok(Prepared {
            layout: Layout::of(&plan),
            engine: wish.engine,
            plan,
            asked,
            question,
        })
    }

    /// The tables of the run: its draws, then the lives that tell what drives changes.
    pub fn tables(&self) -> Vec<Table<'_>> {
        let draws = Table {
            plan: &self.plan,
            layout: &self.layout,
            rows: (0..=self.plan.n_draws).collect(),
        };
        let lives = self.asked.iter().flat_map(|asked| {
            asked.lives.iter().map(|plan| Table {
                plan,
                layout: &asked.layout,
                rows: asked.rows.clone(),
            })
        });
        std::iter::once(draws).chain(lives).collect()
    }

    /// The rows of the draws that a share lives.
    pub fn rows_of(&self, share: Share) -> Vec<usize> {
        share.of_rows(0..=self.plan.n_draws)
    }
}

/// Where nothing is said, coalitions are lived in so many draws: enough for a range and a probability to a few hundredths,
/// in a small part of the time of a usual run.
const USUAL_SHARED: usize = 40;

/// In how many draws every group of partners is lived: as wished, or in some where the scenario says `[share]`.
fn shared_draws(plan: &Plan, wished: Option<u64>, is_expected: bool) -> Result<usize, Failure> {
    match (wished, &plan.sharing) {
        (Some(0), _) => Ok(0),
        (Some(draws), Some(_)) => Ok((draws as usize).min(plan.n_draws)),
        (Some(_), None) => Err(nobody_shares()),
        (None, Some(sharing)) if sharing.is_asked && !is_expected => {
            Ok(USUAL_SHARED.min(plan.n_draws))
        }
        (None, _) => Ok(0),
    }
}

fn named(inputs: Vec<Input>) -> Vec<(String, String)> {
    let inputs = inputs.into_iter();
    inputs.map(|input| (input.name, input.sha256)).collect()
}

/// How an engine of expected flows tells people apart by birth; none of people.
pub(super) fn births(engine: Engine) -> Option<Births> {
    match engine {
        Engine::People => None,
        Engine::ExpectedFlows => Some(Births::ByStep),
        Engine::ExpectedFlowsByYear => Some(Births::ByYear),
        Engine::ExpectedFlowsByBand => Some(Births::ByBand),
    }
}
