//! Tables made elsewhere, each a question of its own: draws of options, scores with their weights, and what coalitions
//! cost.

use std::path::Path;

use super::cells::NOT_KNOWN;
use super::source::{Source, Sources};
use super::{Input, Shelf, library};
use crate::diagnostic::Diagnostic;

/// Tables that were read for one question, with the place of every value.
#[derive(Debug, Clone)]
pub struct Tables<T> {
    /// What they hold.
    pub content: T,
    /// Where values stand.
    pub sources: Sources,
    /// Every file read, for the manifest.
    pub inputs: Vec<Input>,
    /// What is wrong with single values and rows.
    pub faults: Vec<Diagnostic>,
}

/// The files of one question while they are being read.
pub(super) struct Desk {
    shelf: Shelf,
}

impl Desk {
    pub fn new() -> Desk {
        Desk {
            shelf: Shelf {
                is_scenario: true,
                ..Shelf::default()
            },
        }
    }

    /// Reads one table; `None` when nothing sensible can follow from it, which has been reported.
    pub fn table<T>(
        &mut self,
        path: &Path,
        read: impl FnOnce(&Source, u32, &mut Vec<Diagnostic>) -> T,
    ) -> Option<T> {
        let shown = path.to_string_lossy().replace('\\', "/");
        let bytes = match std::fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) => {
                let fault = library::unreadable(&shown, &error).expected("a CSV file");
                self.shelf.stopping.push(fault);
                return None;
            }
        };
        let file = self.shelf.text(shown, &bytes)?;
        let source = self.shelf.documents.sources.get(file).cloned()?;
        let mut faults = Vec::new();
        let content = read(&source, file, &mut faults);
        // Without its columns a table has no rows, and every later fault would follow from that.
        let (stopping, mut passing): (Vec<_>, Vec<_>) = faults
            .into_iter()
            .partition(|fault| matches!(fault.code, "E005" | "E006" | "E104" | "E105"));
        let is_readable = stopping.is_empty();
        passing.retain(|fault| is_readable || matches!(fault.code, "E106" | "E107"));
        self.shelf.stopping.extend(stopping);
        let passing = passing.into_iter().map(without_grades);
        self.shelf.documents.faults.extend(passing);
        is_readable.then_some(content)
    }

    /// What was read, or every fault when some table is missing.
    pub fn clear<T>(self, content: Option<T>) -> Result<Tables<T>, Vec<Diagnostic>> {
        let mut faults = self.shelf.stopping;
        faults.extend(self.shelf.documents.faults);
        match content {
            Some(content) => Ok(Tables {
                content,
                sources: self.shelf.documents.sources,
                inputs: self.shelf.documents.inputs,
                faults,
            }),
            None => Err(faults),
        }
    }
}

/// Tables made elsewhere have no grades, so none can stand for what is not known.
pub(super) fn without_grades(mut fault: Diagnostic) -> Diagnostic {
    for hint in fault.hints.iter_mut().filter(|hint| *hint == NOT_KNOWN) {
        "write the number".clone_into(hint);
    }
    fault
}
