//! What stands in the folders of a question: its model, its own parameters, its profile.

use std::collections::BTreeSet;

use super::figures::{self, ParameterRow};
use super::library::{Folder, Library};
use super::shelf::Shelf;
use super::source::Text;
use super::{Part, costs_file, model_reading, outcomes_file, rules_file, series, services_file};

impl Shelf {
    pub(super) fn read_model(&mut self, folder: &Folder) {
        if !folder.has("model.toml") {
            self.missing(Part::Model, folder.lacks("model.toml"));
        } else if let Some(model) = self.apart(Part::Model, |shelf| {
            shelf.toml_in(folder, "model.toml", model_reading::model_file)
        }) {
            self.documents.model = model;
        }
        if let Some(services) = self.apart(Part::Services, |shelf| {
            shelf.toml_in(folder, "services.toml", services_file::services_file)
        }) {
            self.documents.services = services;
        }
        if let Some(outcomes) = self.apart(Part::Outcomes, |shelf| {
            shelf.toml_in(folder, "outcomes.toml", outcomes_file::outcomes_file)
        }) {
            self.documents.outcomes = outcomes;
        }
        if let Some((costs, payers)) = self.apart(Part::Costs, |shelf| {
            shelf.toml_in(folder, "costs.toml", costs_file::costs_file)
        }) {
            self.documents.costs = costs;
            self.documents.payers = payers;
        }
        if let Some((rules, duties)) = self.apart(Part::Rules, |shelf| {
            shelf.toml_in(folder, "rules.toml", rules_file::rules_file)
        }) {
            self.documents.rules = rules;
            self.documents.duties = duties;
        }
        let n_faults = self.documents.faults.len();
        self.documents.deflators = self.apart(Part::Deflators, |shelf| {
            shelf.table_in(folder, "deflators.csv", figures::deflators)
        });
        let is_sound = self.documents.faults.len() == n_faults;
        if self.documents.deflators.is_empty() && (is_sound || !folder.has("deflators.csv")) {
            self.documents.missing_deflators = Some(folder.shown("deflators.csv"));
        }
        for name in folder.tables("parameters") {
            let mut rows = self.parameters_in(folder, &name);
            self.documents.parameters.append(&mut rows);
        }
    }

    pub(super) fn parameters_in(&mut self, folder: &Folder, name: &str) -> Vec<ParameterRow> {
        self.apart(Part::Parameters, |shelf| {
            shelf.table_in(folder, name, figures::parameters)
        })
    }

    /// The table that the scenario names takes the place of the model's and the profile's.
    pub(super) fn read_own_parameters(&mut self, library: &Library, named: &Text) {
        match library.file(&named.value) {
            Ok((name, bytes)) => {
                self.is_local = true;
                let rows = self.apart(Part::Parameters, |shelf| {
                    shelf.table(name, &bytes, figures::parameters)
                });
                self.is_local = false;
                self.take_the_place(rows);
            }
            Err(fault) => {
                let fault =
                    fault.expected("a table of parameters, beside the scenario or in this folder");
                self.without(&[Part::Parameters], named.at, fault);
            }
        }
    }

    /// Notes the ids that stand in these rows of a workbook and in no table before it.
    pub(super) fn note_new_ids(&mut self, rows: &[ParameterRow]) {
        let known: BTreeSet<&str> = (self.documents.parameters.iter())
            .map(|row| row.text("id"))
            .collect();
        let new = rows.iter().map(|row| row.text("id"));
        let new: Vec<String> = new
            .filter(|id| !id.is_empty() && !known.contains(id))
            .map(str::to_owned)
            .collect();
        self.documents.new_ids.extend(new);
    }

    /// An id that stands in these rows is theirs wholly.
    pub(super) fn take_the_place(&mut self, mut rows: Vec<ParameterRow>) {
        let ids: BTreeSet<&str> = rows.iter().map(|row| row.text("id")).collect();
        let is_theirs = |row: &ParameterRow| ids.contains(row.text("id"));
        let before = std::mem::take(&mut self.documents.parameters);
        let (replaced, kept): (Vec<_>, Vec<_>) = before.into_iter().partition(is_theirs);
        self.documents.parameters = kept;
        let replaced = replaced.into_iter().map(|row| row.at);
        self.documents.replaced.extend(replaced);
        self.documents.parameters.append(&mut rows);
    }

    pub(super) fn read_profile(&mut self, folder: &Folder) {
        for name in folder.tables("parameters") {
            // Local figures take the place of the model's.
            self.is_local = true;
            let rows = self.parameters_in(folder, &name);
            self.is_local = false;
            self.take_the_place(rows);
        }
        if !folder.has("areas.csv") {
            self.missing(Part::Areas, folder.lacks("areas.csv"));
        }
        let n_faults = self.documents.faults.len();
        self.read_series(folder);
        let is_sound = self.documents.faults.len() == n_faults;
        if self.documents.population.is_empty() && (is_sound || !folder.has("population.csv")) {
            self.documents.missing_population = Some(folder.shown("population.csv"));
        }
    }

    /// The tables of a profile: areas, population, and recorded series by whatever name.
    pub(super) fn read_series(&mut self, folder: &Folder) {
        for name in folder.tables("") {
            match name.as_str() {
                "areas.csv" => {
                    self.documents.areas = self.apart(Part::Areas, |shelf| {
                        shelf.table_in(folder, &name, figures::areas)
                    });
                }
                "population.csv" => {
                    self.documents.population = self.apart(Part::Population, |shelf| {
                        shelf.table_in(folder, &name, figures::population)
                    });
                }
                // Reserved for descriptions of today's services, which no part of the Plan is made from yet.
                "services.csv" => {}
                // Other people's projections are read by the benchmark.
                "projections.csv" => {}
                "breaks.csv" => {
                    self.documents.breaks = self.apart(Part::Recorded, |shelf| {
                        shelf.table_in(folder, &name, series::break_rows)
                    });
                }
                _ => {
                    let mut rows = self.apart(Part::Recorded, |shelf| {
                        shelf.table_in(folder, &name, figures::recorded)
                    });
                    self.documents.recorded.append(&mut rows);
                }
            }
        }
    }
}
