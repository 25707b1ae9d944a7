//! Two runs side by side: for a terminal, as JSON, and as tables.

mod json;
mod page;
mod tables;
mod text;

use crate::document::ResultFolder;
use crate::summarise::{AnswerChange, RunChanges};

/// What changed, and the runs that it is told of.
pub struct RunsReport<'a> {
    /// The first run.
    pub a: &'a ResultFolder,
    /// The second.
    pub b: &'a ResultFolder,
    /// What changed.
    pub changes: &'a RunChanges,
}

impl RunsReport<'_> {
    /// The title of a measure, where either run tells it; its id otherwise.
    fn title(&self, measure: &str) -> String {
        let runs = [self.b, self.a].into_iter();
        let mut named = runs.flat_map(|run| &run.manifest.asked.headline);
        let found = named.find(|(id, _)| id == measure);
        found.map_or_else(|| measure.replace('_', " "), |(_, title)| title.clone())
    }
}

/// Whether an answer changed by more than chance, in a word.
fn verdict(change: &AnswerChange) -> &'static str {
    match change.is_beyond_chance {
        Some(true) => "yes",
        Some(false) => "no",
        None => "cannot tell",
    }
}
