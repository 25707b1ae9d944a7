//! `needscast explain`: the page of the manual behind a code.

use super::{Failure, say};
use crate::diagnostic;

pub(super) fn explain(code: &str) -> Result<(), Failure> {
    let wanted = code.to_uppercase();
    if let Some(page) = diagnostic::explain(&wanted) {
        return say(&format!("{}\n", page.trim_end()));
    }
    let codes = diagnostic::codes();
    let near = diagnostic::nearest(&wanted, codes.iter().copied());
    let hint = near.map_or(String::new(), |near| {
        format!("\n  hint: did you mean `{near}`?")
    });
    Err(Failure::Input(format!(
        "error: there is no code `{code}`{hint}"
    )))
}
