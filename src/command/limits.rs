//! What a run needs of a machine, and what it may ask for.

use clap::Args;

use super::Failure;
use super::prepared::{Prepared, births};
use crate::diagnostic::{Diagnostic, Place};
use crate::report::Share;

/// How much memory a run may take.
#[derive(Debug, Clone, Copy, Args)]
pub(super) struct Memory {
    /// The most memory that the numbers of a run may take, in GB; a run that would take more is refused
    #[arg(long, value_name = "GB", default_value_t = 16, value_parser = clap::value_parser!(u64).range(1..=1 << 20))]
    memory: u64,
}

/// As disks and clusters count, and `--estimate` prints.
const GIGABYTE: u64 = 1_000_000_000;

/// Refuses a run whose numbers would not fit, before it begins.
pub(super) fn check(
    prepared: &Prepared,
    shard: Option<Share>,
    allowed: Memory,
) -> Result<(), Failure> {
    let most = allowed.memory.saturating_mul(GIGABYTE);
    let bytes = bytes_of_rows(prepared, shard);
    if bytes <= most {
        return Ok(());
    }
    let gigabytes = |bytes: u64| bytes as f64 / GIGABYTE as f64;
    let place = Place {
        file: prepared.question.scenario.clone(),
        is_question: true,
        ..Place::default()
    };
    let n_rows = prepared.rows_of(shard.unwrap_or(Share::WHOLE)).len() as u64;
    let fault = Diagnostic::error("E957", "more than the memory that a run may take")
        .at(&place)
        .expected(format!(
            "at most {:.0} GB of numbers in memory",
            gigabytes(most)
        ))
        .found(format!(
            "{:.0} GB for {} draws of {} options and {} areas",
            gigabytes(bytes),
            prepared.plan.n_draws,
            prepared.plan.options.len(),
            prepared.plan.areas.len()
        ))
        .hint(format!(
            "use at most {} draws, or fewer options or areas; or say with --memory how much there is",
            (most / (bytes / n_rows.max(1)).max(1)).saturating_sub(1)
        ));
    Err(vec![fault].into())
}

/// How much memory grows with the rows of a share, in bytes: the table of draws, and where they are summarised in the
/// end, every value of every row.
pub(super) fn bytes_of_rows(prepared: &Prepared, shard: Option<Share>) -> u64 {
    let of_value = if births(prepared.engine).is_some() {
        8
    } else {
        4
    };
    let n_rows = prepared.rows_of(shard.unwrap_or(Share::WHOLE)).len() as u64;
    let draws = n_rows.saturating_mul(prepared.plan.cells.len() as u64 * 8);
    if shard.is_some() {
        return draws;
    }
    let values = n_rows.saturating_mul(prepared.layout.n_values() as u64 * of_value);
    let of_lives = prepared.asked.iter().map(|asked| {
        let n_rows = (asked.rows.len() * asked.lives.len()) as u64;
        n_rows.saturating_mul(asked.layout.n_values() as u64 * of_value)
    });
    of_lives.fold(draws.saturating_add(values), u64::saturating_add)
}
