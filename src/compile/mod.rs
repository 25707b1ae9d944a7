//! Documents to Plan: everything that can be wrong is found here, in one pass. Pure.
//!
//! Each file takes one part of the documents, adds to the Plan what is sound and to the faults what is not. A part that
//! is at fault still leaves something behind (an unknown name, an empty product), so that the other parts can be
//! looked at; what would only repeat a fault that has been reported is passed over.

mod alone;
mod calendar;
mod coalitions;
mod common;
mod comparisons;
mod costs;
mod counterfactual;
mod drawn;
mod durations;
mod duties;
mod graph;
mod groups;
mod journey;
mod judging;
mod law;
mod leaving;
mod measures;
mod mixes;
mod mixing;
mod names;
mod operations;
mod options;
mod own_costs;
mod panel;
mod parameters;
mod places;
mod plan;
mod pools;
mod population;
mod quantities;
mod queues;
mod recorded;
mod rows;
mod rules;
mod scored;
mod seasons;
mod series;
mod service_changes;
mod services;
mod shares;
mod sharing;
mod size;
mod states;
mod strata;
mod value_function;
mod values;
mod valuing;
mod verdicts;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

pub use calendar::{MOST_DRAWS, MOST_YEARS};
pub use coalitions::{Coalitions, MOST_PARTNERS, coalitions};
pub use counterfactual::{Counterfactuals, Game, Moved, counterfactuals};
pub use drawn::{Alternative, Alternatives, LARGEST, alternatives};
pub use mixes::mixes;
pub use mixing::WANTED;
pub use panel::{Break, BreakKind, Panel, Published, Strand};
pub use plan::*;
pub use queues::check_expected;
pub use scored::{Criterion, Scores, scores};
pub use series::{Panels, compile_series};
pub use sharing::{CoalitionWorlds, Group, Lever, MOST_SHARING, coalition_worlds, lever_worlds};

use crate::diagnostic::{Diagnostic, Place, Severity};
use crate::document::{At, Documents, Part};

/// Proves the documents sound and turns them into a Plan; warnings stand in [`Plan::notes`].
///
/// # Errors
/// Every fault that was found, those of the reading included.
pub fn compile(documents: &Documents) -> Result<Plan, Vec<Diagnostic>> {
    let mut compiler = Compiler::new(documents);
    compiler.take_calendar();
    compiler.take_areas();
    compiler.take_strata();
    compiler.take_parameters();
    compiler.take_needs_and_states();
    compiler.take_inflows();
    compiler.take_clock();
    compiler.take_draws_on_entering();
    compiler.take_services();
    compiler.take_measures();
    compiler.take_flows();
    compiler.take_costs();
    compiler.take_population();
    compiler.take_valuing();
    compiler.take_options();
    compiler.take_mixing();
    compiler.leave_out_services();
    compiler.take_sharing();
    compiler.take_comparisons();
    compiler.take_judging();
    compiler.check_graph();
    compiler.check_parameters();
    compiler.check_shares();
    compiler.check_common();
    compiler.check_seasons();
    compiler.check_counts();
    compiler.check_size();
    compiler.take_recorded();
    compiler.take_duties();
    compiler.finish()
}

/// The Plan while it is being made.
struct Compiler<'a> {
    documents: &'a Documents,
    faults: Vec<Diagnostic>,
    plan: Plan,
    /// For every area of the profile: its index among the scenario's areas.
    scenario_area: Vec<Option<usize>>,
    /// Whether every area of the scenario was found.
    are_areas_known: bool,
    /// Whether the bands of the strata follow each other.
    are_bands_sound: bool,
    /// Whether the first month of the forecast is as written.
    is_start_known: bool,
    /// Whether the months of the run are as written.
    are_months_known: bool,
    /// Every name and code of an area, in lower case, and its row in the profile.
    area_names: BTreeMap<String, usize>,
    /// Parameters by id.
    parameter_ids: BTreeMap<String, ParameterIdx>,
    /// Tables by time since entering, by id.
    families: BTreeMap<String, durations::Family>,
    /// Where each parameter begins in its file.
    parameter_at: Vec<At>,
    /// Whether a parameter's rows have a fault, so that what follows from it is not reported again.
    is_broken: Vec<bool>,
    /// States by id.
    state_ids: BTreeMap<String, StateIdx>,
    /// Where each quantity is written.
    quantity_at: Vec<At>,
    /// Whether every factor of each quantity is known.
    is_quantity_whole: Vec<bool>,
    /// Parameters of a perspective that the scenario does without.
    left_out: BTreeSet<ParameterIdx>,
}

impl<'a> Compiler<'a> {
    fn new(documents: &'a Documents) -> Compiler<'a> {
        Compiler {
            documents,
            faults: documents.faults.clone(),
            plan: calendar::empty_plan(),
            scenario_area: Vec::new(),
            are_areas_known: true,
            are_bands_sound: true,
            is_start_known: true,
            are_months_known: true,
            area_names: BTreeMap::new(),
            parameter_ids: BTreeMap::new(),
            families: BTreeMap::new(),
            parameter_at: Vec::new(),
            is_broken: Vec::new(),
            state_ids: BTreeMap::new(),
            quantity_at: Vec::new(),
            is_quantity_whole: Vec::new(),
            left_out: BTreeSet::new(),
        }
    }

    fn report(&mut self, at: At, fault: Diagnostic) {
        let place = self.documents.sources.place(at);
        self.faults.push(fault.at(&place));
    }

    fn finish(mut self) -> Result<Plan, Vec<Diagnostic>> {
        let is_error = |fault: &Diagnostic| fault.severity == Severity::Error;
        let unread = &self.documents.unread;
        self.faults.retain(|fault| !follows(fault, unread));
        without_followers(&mut self.faults);
        if self.faults.iter().any(is_error) {
            // A warning may only follow from an error, so it waits until there is none.
            self.faults.retain(is_error);
            return Err(self.faults);
        }
        for warning in &self.faults {
            let place = warning.place.as_ref();
            let place = place.map_or(String::new(), |p| format!(" ({})", p.shown()));
            self.plan.notes.push(format!("{}{place}", warning.message));
        }
        self.plan.notes.extend(self.plan.disclosure.words());
        Ok(self.plan)
    }
}

/// Takes away what is also said of a cell of a workbook that cannot be read: it is one fault.
fn without_followers(faults: &mut Vec<Diagnostic>) {
    let is_unreadable = |fault: &&Diagnostic| {
        fault.severity == Severity::Error && matches!(fault.code, "E127" | "E128" | "E129")
    };
    let cell = |place: &Place| {
        let Place { file, sheet, .. } = place.clone();
        (file, sheet, place.line, place.column)
    };
    if !faults.iter().any(|fault| is_unreadable(&fault)) {
        return;
    }
    let unreadable: BTreeSet<_> = faults
        .iter()
        .filter(is_unreadable)
        .filter_map(|fault| Some(cell(fault.place.as_ref()?)))
        .collect();
    faults.retain(|fault| {
        let place = fault.place.as_ref().map(cell);
        is_unreadable(&fault) || !place.is_some_and(|place| unreadable.contains(&place))
    });
}

/// Whether a fault of the system as a whole may only follow from a part that could not be read. What follows from
/// single names and numbers is passed over where it would be raised.
fn follows(fault: &Diagnostic, unread: &BTreeSet<Part>) -> bool {
    use Part::{Areas, Model, Parameters, Population, Rules};
    let needed: &[Part] = match fault.code {
        "E309" => &[Model],
        "E407" | "E409" => &[Model, Population],
        "E411" => &[Model, Areas, Population],
        "E404" | "E405" | "E406" => &[Model, Parameters, Rules],
        "E420" => &[Part::Recorded, Part::Outcomes],
        "E210" => &[Part::Workbook],
        _ => &[],
    };
    needed.iter().any(|part| unread.contains(part))
}
