//! `needscast check`: whether a scenario is sound, and whether its plan does what law and guidance ask, without running it.

use std::path::PathBuf;

use clap::Args;

use super::answer::Format;
use super::run::sound;
use super::{Failure, say, tell};
use crate::report::DutiesReport;

/// What to check.
#[derive(Debug, Args)]
pub struct CheckArguments {
    /// The scenario file
    scenario: PathBuf,
    /// Also answer what the Act, the national strategy, the performance framework and the guidance ask of a plan: met,
    /// not met, or cannot tell
    #[arg(long)]
    rules: bool,
    /// How the answers are printed
    #[arg(long, value_enum, default_value_t = Format::Text, requires = "rules")]
    format: Format,
}

pub(super) fn check(arguments: &CheckArguments) -> Result<(), Failure> {
    let (documents, plan) = sound(&arguments.scenario)?;
    tell(&format!(
        "sound: {}, {}, {}, {} from {}; {} to {}",
        counted(plan.areas.len(), "area"),
        counted(plan.options.len(), "option"),
        counted(plan.services.len(), "service"),
        counted(plan.parameters.len(), "parameter"),
        counted(documents.inputs.len(), "file"),
        plan.history_from,
        plan.end.plus(-1),
    ));
    let report = DutiesReport(&plan.duties);
    match (arguments.rules, arguments.format) {
        (false, _) => Ok(()),
        (true, Format::Text) => say(&report.text()),
        (true, Format::Json) => say(&report.json()),
    }
}

/// `1 area`, `3 areas`.
fn counted(n: usize, what: &str) -> String {
    match n {
        1 => format!("1 {what}"),
        n => format!("{n} {what}s"),
    }
}
