//! What a run needs of a machine, and what it may ask for.

use super::Failure;
use super::prepared::Prepared;
use crate::report::{Engine, Share};

/// The most memory that a run may take, in bytes.
const MOST_BYTES: u64 = 16 << 30;

/// Refuses a run that would not fit, before it begins.
pub(super) fn check(prepared: &Prepared, share: Share, n_threads: usize) -> Result<(), Failure> {
    let bytes = memory(prepared, share, n_threads);
    if bytes <= MOST_BYTES {
        return Ok(());
    }
    let gigabytes = |bytes: u64| bytes as f64 / f64::from(1 << 30);
    let n_rows = prepared.plan.n_draws as u64 + 1;
    Err(Failure::Input(format!(
        "error: {} draws of this scenario would take {:.0} GB of memory, more than {:.0} GB\nhint: use at most {} draws",
        prepared.plan.n_draws,
        gigabytes(bytes),
        gigabytes(MOST_BYTES),
        MOST_BYTES / (bytes / n_rows).max(1)
    )))
}

/// About how much memory a run takes, in bytes.
fn memory(prepared: &Prepared, share: Share, _n_threads: usize) -> u64 {
    let bytes = match prepared.engine {
        Engine::People => 4,
        _ => 8,
    };
    let n_rows = prepared.rows_of(share).len() as u64;
    let draws = prepared.plan.cells.len() as u64 * 8;
    let values = match share {
        Share::WHOLE => prepared.layout.n_values() as u64 * bytes,
        _ => 0,
    };
    n_rows.saturating_mul(draws + values)
}
