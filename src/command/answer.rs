//! An answer made from tables that stand elsewhere: printed, and written where that was asked for.

use std::path::Path;

use clap::ValueEnum;

use super::clock::Stopwatch;
use super::run::command_line;
use super::{Failure, say, tell};
use crate::document::Input;
use crate::report::{self, Manifest};

/// How the answer is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    Text,
    Json,
}

/// An answer in every form.
pub(super) struct Answer {
    pub text: String,
    pub json: String,
    pub tables: Vec<(&'static str, Vec<u8>)>,
    pub inputs: Vec<Input>,
}

/// Makes the answer, writes its tables to `out` with a manifest, and prints it.
pub(super) fn deliver(
    out: Option<&Path>,
    format: Format,
    make: impl FnOnce() -> Result<Answer, Failure>,
) -> Result<(), Failure> {
    let stopwatch = Stopwatch::start();
    if let Some(folder) = out {
        report::check(folder)?;
    }
    let answer = make()?;
    if let Some(folder) = out {
        let manifest = Manifest {
            inputs: (answer.inputs.into_iter())
                .map(|input| (input.name, input.sha256))
                .collect(),
            command_line: command_line(),
            started: stopwatch.started(),
            seconds: stopwatch.seconds(),
            ..Manifest::default()
        };
        report::write_tables(folder, answer.tables, &manifest)?;
        tell(&format!("The tables: {}", folder.display()));
    }
    match format {
        Format::Text => say(&answer.text),
        Format::Json => say(&answer.json),
    }
}
