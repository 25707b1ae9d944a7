//! Diagnostics as a person reads them.

use super::Diagnostic;

/// The diagnostics as text, worst first.
pub fn render(diagnostics: &[Diagnostic]) -> String {
    diagnostics
        .iter()
        .map(|d| format!("{}: {}\n", d.code, d.message))
        .collect()
}
