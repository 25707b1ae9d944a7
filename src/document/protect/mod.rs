//! Recorded counts of local origin, made safe to publish before anything is computed from them: what is not in the
//! documents can be in no output. Local is every row that the program does not bring along itself.

mod events;
mod parameters;
mod recorded;
mod touched;
mod units;
mod words;

use super::source::At;
use super::{Documents, library, published};
use parameters::protect_parameters;
use recorded::protect_recorded;
use touched::Touched;

/// A mark in the place of what is withheld, as in the government's guidance on symbols in tables.
const MARK: &str = "[c]";

/// Applies the scenario's rule to every row of local origin.
pub(super) fn protect(documents: &mut Documents) {
    documents.disclosure = documents.scenario.disclosure.control();
    let rule = documents.disclosure.rule;
    let mut touched = Touched::default();
    let is_local = local_rows(documents);
    protect_parameters(documents, rule, &is_local, &mut touched);
    protect_recorded(documents, rule, &is_local, &mut touched);
    for row in &mut documents.population {
        if is_local(row.at) && row.people > 0.0 && !published::has_people(row) {
            let used = rule.map_or(row.people, |rule| rule.used(row.people));
            let is_small = rule.is_some_and(|rule| rule.is_small(row.people));
            touched.add(row.at, is_small, vec![("population", used.to_string())]);
            row.people = used;
        }
    }
    let replaced = documents.replaced.iter();
    replaced
        .filter(|at| is_local(**at))
        .for_each(|at| touched.replace(*at));
    touched.tell(documents);
}

/// Whether a row stands in a file that the program does not bring along as it is. Such a row may still repeat a figure
/// that is published.
fn local_rows(documents: &Documents) -> impl Fn(At) -> bool + use<> {
    let sources = &documents.sources;
    let files = (0..).map_while(|file| sources.get(file));
    let is_shipped: Vec<bool> = files.map(library::is_shipped).collect();
    move |at| is_shipped.get(at.file as usize) == Some(&false)
}
