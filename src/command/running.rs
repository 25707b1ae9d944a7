//! A run under way: what is left of it is lived, and what was asked for is written.

use std::path::Path;

use super::clock::Stopwatch;
use super::living::{Left, Lived, live};
use super::prepared::Prepared;
use super::progress::Progress;
use super::results::Results;
use super::run::command_line;
use super::{Failure, say, tell};
use crate::compile::Plan;
use crate::draw::draw_rows;
use crate::report::{self, Engine, Gathering, Kept, Manifest, Share, Workplace};

/// A run under way.
pub(super) struct Running<'a> {
    pub stopwatch: Stopwatch,
    pub prepared: &'a Prepared,
    /// The share that is lived and left as it is; none for the whole, which becomes a report.
    pub shard: Option<Share>,
    pub folder: &'a Path,
    pub pool: &'a rayon::ThreadPool,
    pub is_resumed: bool,
    pub prints_fit: bool,
    /// Whether the report is told in brief.
    pub is_told: bool,
}

impl Running<'_> {
    /// Lives what is left, and writes what was asked for.
    pub fn run(self) -> Result<(), Failure> {
        match self.prepared.engine {
            Engine::People => self.go::<f32>(),
            _ => self.go::<f64>(),
        }
    }

    fn go<N: Lived>(self) -> Result<(), Failure> {
        let prepared = self.prepared;
        let share = self.shard.unwrap_or(Share::WHOLE);
        if self.is_resumed && report::is_finished(self.folder, &prepared.question, self.shard) {
            // A run that was killed after its last step may have left its parts beside what it had finished.
            Workplace::open(self.folder, true)?.clear()?;
            tell(&format!(
                "Nothing is left to do: {} is finished",
                self.folder.display()
            ));
            return Ok(());
        }
        if !self.is_resumed && Workplace::is_begun(self.folder) {
            tell("note: a run that was stopped is begun anew; --resume goes on where it was");
        }
        let workplace = Workplace::open(self.folder, self.is_resumed)?;
        let kept = match self.shard {
            None => Kept::Everything,
            Some(_) => Kept::Nothing,
        };
        let mut done = Gathering::<N>::new(
            workplace.parts(),
            &prepared.question,
            share,
            prepared.tables(),
            kept,
        );
        take_up(&mut done)?;
        let left = Left::of(prepared, share, &done);
        let draws = self
            .pool
            .install(|| draw_rows(&prepared.plan, prepared.rows_of(share)));
        let progress = Progress::start(left.n_rows(), "draws");
        self.pool
            .install(|| live(prepared, &draws, &left, &done, &progress))
            .map_err(|error| stopped(error.into()))?;
        progress.finish();
        if self.shard.is_some() {
            let title = &prepared.plan.title;
            let manifest = self
                .manifest()
                .json_of_share(title, &prepared.question, share);
            workplace.keep(&[("manifest.json", manifest)])?;
            tell(&format!("Shard {share}: {}", self.folder.display()));
            return Ok(());
        }
        tell("Summing up what was lived");
        let results = self
            .pool
            .install(|| Results::of(prepared, &draws, done.into_rows()))
            .map_err(stopped)?;
        tell("Writing the report");
        let manifest = self.manifest();
        self.pool
            .install(|| write(prepared, &results, &manifest, self.folder))
            .map_err(stopped)?;
        workplace.clear()?;
        if self.prints_fit {
            say(&report::fit_text(&results.fit))?;
        }
        if self.is_told {
            told(prepared, &results, &self.manifest(), self.folder);
        }
        Ok(())
    }

    fn manifest(&self) -> Manifest {
        manifest(
            self.prepared,
            self.pool.current_num_threads(),
            &self.stopwatch,
        )
    }
}

/// Takes up what a run that was stopped has left. A part that cannot be read is made anew; one of another run is a fault.
fn take_up<N: Lived>(done: &mut Gathering<N>) -> Result<(), Failure> {
    let (torn, other): (Vec<_>, Vec<_>) = done
        .take_up()
        .into_iter()
        .partition(|fault| fault.code == "E952");
    for fault in torn {
        let file = fault.place.map_or(String::new(), |place| place.file);
        tell(&format!("note: {file} cannot be read and is made anew"));
    }
    if other.is_empty() {
        Ok(())
    } else {
        Err(other.into())
    }
}

/// What was finished before a failure is not lost.
fn stopped(failure: Failure) -> Failure {
    match failure {
        Failure::Machine(words) => Failure::Machine(format!(
            "{words}\n  hint: an earlier report is as it was, and what is done is kept; run again with --resume to go on"
        )),
        other => other,
    }
}

/// How a run was made.
pub(super) fn manifest(prepared: &Prepared, threads: usize, stopwatch: &Stopwatch) -> Manifest {
    Manifest {
        inputs: prepared.question.inputs.clone(),
        engine: prepared.engine,
        threads,
        command_line: command_line(),
        started: stopwatch.started(),
        seconds: stopwatch.seconds(),
        question: Some(prepared.question.clone()),
    }
}

/// Writes the report.
pub(super) fn write(
    prepared: &Prepared,
    results: &Results,
    manifest: &Manifest,
    folder: &Path,
) -> Result<(), Failure> {
    Ok(report::write(
        folder,
        &results.run(&prepared.plan, manifest),
    )?)
}

/// Says in brief what the report says, and where it is.
pub(super) fn told(prepared: &Prepared, results: &Results, manifest: &Manifest, folder: &Path) {
    tell_apart(&prepared.plan, &results.shared);
    let run = results.run(&prepared.plan, manifest);
    tell(&format!("\n{}\n", report::in_brief(&run)));
    tell(&format!(
        "The report: {}",
        folder.join("report.html").display()
    ));
}

/// Says which options had to be lived by themselves: they cost a run of their own each.
fn tell_apart(plan: &Plan, shared: &[f64]) {
    let apart = plan.options.iter().zip(shared);
    let apart = apart.filter(|(_, shared)| **shared < HARDLY);
    let titles: Vec<&str> = apart.map(|(option, _)| option.title.as_str()).collect();
    if plan.options.len() > 1 && !titles.is_empty() {
        tell(&format!(
            "Touches everybody, shares nothing with other options and takes a run of its own: {}",
            titles.join("; ")
        ));
    }
}

/// The share of lives that an option has in common with another below which it shares nothing to speak of.
const HARDLY: f64 = 0.05;
