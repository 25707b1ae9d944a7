//! The rows of a share, lived and put away as they are done.

use super::prepared::{Prepared, births};
use super::progress::Progress;
use crate::compile::Plan;
use crate::draw::Draws;
use crate::report::{Engine, Gathering, Share, Stored, WriteError};
use crate::simulate::{Births, Trajectory, expect_handing_on, simulate_handing_on};

/// A value that an engine yields.
pub(super) trait Lived: Stored {
    /// Lives rows, and hands each on when it is done.
    fn each(
        engine: Engine,
        of: (&Plan, &Draws),
        rows: &[usize],
        take: impl Fn(usize, Trajectory<Self>, Vec<f64>) -> Result<(), WriteError> + Sync,
    ) -> Result<(), WriteError>;
}

impl Lived for f32 {
    fn each(
        _: Engine,
        (plan, draws): (&Plan, &Draws),
        rows: &[usize],
        take: impl Fn(usize, Trajectory, Vec<f64>) -> Result<(), WriteError> + Sync,
    ) -> Result<(), WriteError> {
        simulate_handing_on(plan, draws, rows, take)
    }
}

impl Lived for f64 {
    fn each(
        engine: Engine,
        (plan, draws): (&Plan, &Draws),
        rows: &[usize],
        take: impl Fn(usize, Trajectory<f64>, Vec<f64>) -> Result<(), WriteError> + Sync,
    ) -> Result<(), WriteError> {
        let births = births(engine).unwrap_or(Births::ByStep);
        expect_handing_on(plan, draws, births, rows, |row, lived| {
            take(row, lived, Vec::new())
        })
    }
}

/// The rows that are to be lived, by what they are lived in.
pub(super) struct Left {
    /// For every life that tells what drives changes, its rows.
    pub lives: Vec<Vec<usize>>,
    /// The rows of the run that no such life tells.
    pub draws: Vec<usize>,
}

impl Left {
    /// The rows of a share that a gathering lacks.
    pub fn of<N: Stored>(prepared: &Prepared, share: Share, done: &Gathering<N>) -> Left {
        let ours = prepared.rows_of(share);
        let is_told = |row: usize| {
            let mut asked = prepared.asked.iter();
            row > 0 && asked.any(|asked| asked.rows.contains(&row))
        };
        let n_lives = prepared.asked.as_ref().map_or(0, |asked| asked.lives.len());
        let lives = (1..=n_lives).map(|life| {
            let is_left = |row: &usize| {
                done.lacks(life, *row) || life == 1 && is_told(*row) && done.lacks(0, *row)
            };
            ours.iter().copied().filter(is_left).collect()
        });
        let is_left = |row: &usize| !is_told(*row) && done.lacks(0, *row);
        Left {
            lives: lives.collect(),
            draws: ours.iter().copied().filter(is_left).collect(),
        }
    }

    /// How many rows are lived.
    pub fn n_rows(&self) -> usize {
        self.lives.iter().map(Vec::len).sum::<usize>() + self.draws.len()
    }
}

/// Lives what is left of a share.
///
/// # Errors
/// When a part cannot be written; those that were written before are sound.
pub(super) fn live<N: Lived>(
    prepared: &Prepared,
    draws: &Draws,
    left: &Left,
    done: &Gathering<N>,
    progress: &Progress,
) -> Result<(), WriteError> {
    let lives = prepared.asked.iter().flat_map(|asked| {
        let lives = asked.lives.iter().zip(&left.lives).enumerate();
        lives.map(move |(index, life)| (asked, index + 1, life))
    });
    for (asked, life, (plan, rows)) in lives {
        N::each(prepared.engine, (plan, draws), rows, |row, lived, _| {
            let thin = asked.whole.thin(&lived.values, &asked.layout);
            if life == 1 && row > 0 {
                // The options of the plan come first among the worlds of a life, and are as in a run of their own.
                let mut values = lived.values;
                values.truncate(prepared.layout.n_values());
                values.shrink_to_fit();
                done.take(0, row, values, &[])?;
            }
            progress.step();
            done.take(life, row, thin, &[])
        })?;
    }
    N::each(
        prepared.engine,
        (&prepared.plan, draws),
        &left.draws,
        |row, lived, shared| {
            progress.step();
            done.take(0, row, lived.values, &shared)
        },
    )
}
