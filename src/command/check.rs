//! `needscast check`: whether a scenario is sound, without running it.

use std::path::Path;

use super::Failure;
use super::run::sound;

pub(super) fn check(scenario: &Path) -> Result<(), Failure> {
    let (documents, plan) = sound(scenario)?;
    eprintln!(
        "sound: {} areas, {} options, {} services, {} parameters from {} files; {} to {}",
        plan.areas.len(),
        plan.options.len(),
        plan.services.len(),
        plan.parameters.len(),
        documents.inputs.len(),
        plan.history_from,
        plan.end.plus(-1),
    );
    Ok(())
}
