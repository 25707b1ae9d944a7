//! Fair shares, as JSON, as text for a terminal and as tables.

mod json;
mod tables;
mod text;

pub use json::reserved_names;

use crate::appraise::sharing::{Objection, Sharing};

/// Shares to be shown.
pub struct SharingReport<'a>(pub &'a Sharing);

impl SharingReport<'_> {
    /// The names of a group's members.
    fn names(&self, objection: &Objection) -> Vec<String> {
        let members = objection.members.iter();
        members
            .map(|member| self.0.partners[*member].clone())
            .collect()
    }
}
