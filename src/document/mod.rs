//! The files as written, with the place of every value. The only room that reads files.
//!
//! [`read`] takes a scenario's path and yields [`Documents`]. Faults of a value, a key or a row do not stop the reading:
//! they stand in [`Documents::faults`], and `compile` adds its own before it refuses, so that one pass names them all.
//! [`drawn`] and [`scored`] do the same for tables made elsewhere.

mod book;
mod coalitions;
mod disclosure;
mod drawn;
mod duty_file;
mod elsewhere;
mod fields;
mod figures;
mod history;
mod judging_file;
mod library;
mod mixing_file;
mod model_file;
mod model_parts;
mod model_reading;
mod protect;
mod published;
mod result_folder;
mod scenario_file;
mod scenario_money;
mod schema;
mod scored;
mod series;
mod shape;
mod sharing_file;
mod source;
mod suite;
mod sweep;
mod table;
mod workbook_file;
mod workbook_lists;

use std::collections::BTreeSet;
use std::path::Path;

use sha2::{Digest, Sha256};
use toml::de::DeTable;

pub use coalitions::{
    CoalitionRow, CoalitionTables, JOINED_BY, PartnerRow, PartnerWeights, coalitions,
};
pub use disclosure::{Disclosure, DisclosureFile, LocalFile, Rule, Withheld};
pub use drawn::{DrawnColumns, DrawnRow, DrawnTable, drawn};
pub use duty_file::{
    ASKS, DutiesFile, DutyFile, FrameworkFile, NationalOutcomeFile, OutcomeAnswerFile,
    PartnershipPlanFile, StatementFile,
};
pub use elsewhere::Tables;
pub use fields::Product;
pub use figures::{
    AreaRow, DeflatorRow, PARAMETER_COLUMNS, ParameterRow, PopulationRow, RecordedRow,
};
pub use history::{HISTORY_COLUMNS, HistoryFile, HistoryLine, read_history};
pub use judging_file::{CriterionFile, JudgingFile, ThresholdFile};
pub use library::Library;
pub use mixing_file::{BUDGET_TIMES, BoundsFile, BudgetFile, MixingFile};
pub use model_file::{
    AssociationFile, BandFile, ChanceFile, ClockFile, ClockStartFile, ExitFile, GROUPS, InflowFile,
    ItemFile, ModelFile, ModifierFile, OpeningFile, PrevalenceFile, ShareFile, StateFile, StayFile,
};
pub use model_parts::{
    CostFile, FittingFile, MeasureFile, OutcomesFile, PayerFile, RuleFile, RuleValueFile, SOCIETY,
    ServiceFile,
};
pub use result_folder::{
    ASSUMED, RecordedFigure, ResultAsked, ResultFolder, ResultManifest, ResultRow, read_results,
};
pub use scenario_file::{
    ArrangementFile, BetweenFile, ChangeFile, ComparisonFile, DiscountingFile, OperationFile,
    OptionFile, PERSPECTIVES, SERVICE_PARTS, ScenarioFile, WhatFile,
};
pub use scenario_money::{OneOffFile, OptimismFile, WeightsFile};
pub use schema::{schema, schema_names};
pub use scored::{COST_COLUMN, ScoreRow, ScoredTables, WeightRow, scored};
pub use series::{BreakRow, SeriesFile, SeriesRow, read_series};
pub use sharing_file::{RunningCostFile, SharingFile, WorthFile};
pub use source::{At, Source, Sources, Spanned, Text};
pub use suite::{ProjectionRow, SuiteFile, SuiteScenario, SuiteSeries, read_suite};
pub use sweep::{AxisFile, CaseFile, Edit, SweepFile, read_edited, read_sweep, unquoted};
pub use workbook_file::{POPULATION_SHEET, RECORDED_SHEET};

use crate::diagnostic::{Diagnostic, Place};
use fields::{Fields, Reading};
use library::Folder;

/// Everything that was read for one scenario.
#[derive(Debug, Clone, Default)]
pub struct Documents {
    /// The question.
    pub scenario: ScenarioFile,
    /// `model.toml`.
    pub model: ModelFile,
    /// `services.toml`.
    pub services: Vec<ServiceFile>,
    /// `outcomes.toml`.
    pub outcomes: OutcomesFile,
    /// `costs.toml`.
    pub costs: Vec<CostFile>,
    /// Payers, from `costs.toml`.
    pub payers: Vec<PayerFile>,
    /// `rules.toml`.
    pub rules: Vec<RuleFile>,
    /// What is asked of a plan, from `rules.toml`.
    pub duties: DutiesFile,
    /// Every row of `parameters/*.csv`.
    pub parameters: Vec<ParameterRow>,
    /// `deflators.csv`.
    pub deflators: Vec<DeflatorRow>,
    /// The profile's areas.
    pub areas: Vec<AreaRow>,
    /// The profile's population.
    pub population: Vec<PopulationRow>,
    /// The profile's recorded series.
    pub recorded: Vec<RecordedRow>,
    /// What the profile declares to have broken its recorded series.
    pub breaks: Vec<BreakRow>,
    /// How recorded counts of local origin were made safe to publish: the rows above hold nothing else any more.
    pub disclosure: Disclosure,
    /// Every file read, for the manifest.
    pub inputs: Vec<Input>,
    /// Where values stand.
    pub sources: Sources,
    /// What is wrong with single values, keys and rows.
    pub faults: Vec<Diagnostic>,
    /// The parts that could not be read, which has been reported: what only follows from that is passed over.
    pub unread: BTreeSet<Part>,
    /// The deflators' file as the user would name it, if there is none or it has no rows.
    pub missing_deflators: Option<String>,
    /// The population's file as the user would name it, if there is none or it has no rows.
    pub missing_population: Option<String>,
}

/// A part of the documents that other parts may do without while they are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// `model.toml`.
    Model,
    /// `services.toml`.
    Services,
    /// `outcomes.toml`.
    Outcomes,
    /// `costs.toml`.
    Costs,
    /// `rules.toml`.
    Rules,
    /// `deflators.csv`.
    Deflators,
    /// A table of parameters.
    Parameters,
    /// `areas.csv`.
    Areas,
    /// `population.csv`.
    Population,
    /// A recorded series.
    Recorded,
    /// A sheet of the scenario's workbook.
    Workbook,
}

impl Part {
    const OF_THE_MODEL: [Part; 7] = [
        Part::Model,
        Part::Services,
        Part::Outcomes,
        Part::Costs,
        Part::Rules,
        Part::Deflators,
        Part::Parameters,
    ];
    const OF_THE_PROFILE: [Part; 4] = [
        Part::Areas,
        Part::Population,
        Part::Recorded,
        Part::Parameters,
    ];
}

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// As the user would name it.
    pub name: String,
    /// The SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// Its length.
    pub bytes: usize,
}

/// Reads a scenario and the model and profile that it names.
///
/// # Errors
/// When the scenario is missing or is not text or TOML at all. The faults of every other file stand in
/// [`Documents::faults`].
pub fn read(scenario_path: &Path) -> Result<Documents, Vec<Diagnostic>> {
    let (name, bytes) = library::scenario(scenario_path).map_err(|fault| vec![*fault])?;
    read_bytes(scenario_path, name, &bytes)
}

/// Reads a scenario from its text, as if it stood at this path.
///
/// # Errors
/// As [`read`].
pub fn read_text(scenario_path: &Path, text: &str) -> Result<Documents, Vec<Diagnostic>> {
    let name = scenario_path.to_string_lossy().into_owned();
    read_bytes(scenario_path, name, text.as_bytes())
}

/// Reads a model with a question that asks nothing of it but its numbers: all areas of the shipped profile, a year.
///
/// # Errors
/// As [`read`].
pub fn read_model(model: &str) -> Result<Documents, Vec<Diagnostic>> {
    let name = toml::Value::from(model).to_string();
    let question = format!(
        "title = \"The model alone\"\nmodel = {name}\nareas = \"all\"\nstart = \"2025-04\"\nyears = 1\ndraws = 1\nseed = 1\nprice_year = \"2023-24\"\n"
    );
    let shown = format!("the model `{model}`");
    read_bytes(Path::new(""), shown, question.as_bytes())
}

/// Reads a scenario from its text, as if it stood there.
fn read_bytes(
    scenario_path: &Path,
    name: String,
    bytes: &[u8],
) -> Result<Documents, Vec<Diagnostic>> {
    let mut shelf = Shelf {
        is_scenario: true,
        ..Shelf::default()
    };
    let scenario = shelf.toml(name, bytes, scenario_file::scenario_file);
    let Some(mut scenario) = scenario else {
        return Err(shelf.stopping);
    };
    let library = Library::beside(scenario_path);
    if scenario.model.is_missing() {
        shelf.documents.unread.extend(Part::OF_THE_MODEL);
    } else {
        match library.folder("models", &scenario.model.value, "model.toml") {
            Ok(folder) => shelf.read_model(&folder),
            Err(fault) => shelf.without(&Part::OF_THE_MODEL, scenario.model.at, *fault),
        }
    }
    if scenario.profile.is_missing() {
        shelf.documents.unread.extend(Part::OF_THE_PROFILE);
    } else {
        match library.folder("profiles", &scenario.profile.value, "areas.csv") {
            Ok(folder) => shelf.read_profile(&folder),
            Err(fault) => shelf.without(&Part::OF_THE_PROFILE, scenario.profile.at, *fault),
        }
    }
    if let Some(named) = &scenario.parameters {
        shelf.read_own_parameters(&library, named);
    }
    if let Some(named) = scenario.workbook.clone() {
        shelf.read_workbook(&library, &named, &mut scenario);
    }
    if shelf.documents.unread.contains(&Part::Areas) {
        shelf.documents.areas = areas_by_name(&scenario);
    }
    shelf.documents.scenario = scenario;
    protect::protect(&mut shelf.documents);
    Ok(shelf.documents)
}

/// Without the profile's table of areas the scenario's own names stand for them, so that the rest can be looked at.
fn areas_by_name(scenario: &ScenarioFile) -> Vec<AreaRow> {
    let names = scenario.areas.iter().flatten();
    let row = |name: &Text| AreaRow {
        code: name.value.clone(),
        name: name.value.clone(),
        aliases: Vec::new(),
    };
    names.map(row).collect()
}

/// The areas of a profile, by the name that a scenario would use for it.
///
/// # Errors
/// When there is no such profile, or its table of areas cannot be read.
pub fn areas(profile: &str) -> Result<Vec<AreaRow>, Vec<Diagnostic>> {
    let library = Library::beside(Path::new(""));
    let folder = library
        .folder("profiles", profile, "areas.csv")
        .map_err(|fault| vec![*fault])?;
    if !folder.has("areas.csv") {
        return Err(vec![folder.lacks("areas.csv")]);
    }
    let mut shelf = Shelf::default();
    let areas = shelf.table_in(&folder, "areas.csv", figures::areas);
    let mut faults = shelf.stopping;
    faults.append(&mut shelf.documents.faults);
    if faults.is_empty() {
        Ok(areas)
    } else {
        Err(faults)
    }
}

/// How deep tables stand within tables in any file.
const DEEPEST: usize = 6;

/// The documents while they are being read.
#[derive(Default)]
struct Shelf {
    documents: Documents,
    /// Faults after which nothing sensible can follow.
    stopping: Vec<Diagnostic>,
    /// Whether the first file is a scenario.
    is_scenario: bool,
    /// Whether what is read now are local counts.
    is_local: bool,
}

impl Shelf {
    /// Goes on without the parts of a folder that is not there, which the scenario names here.
    fn without(&mut self, parts: &[Part], at: At, fault: Diagnostic) {
        let place = self.documents.sources.place(at);
        self.documents.faults.push(fault.at(&place));
        self.documents.unread.extend(parts);
    }

    fn missing(&mut self, part: Part, fault: Diagnostic) {
        self.documents.faults.push(fault);
        self.documents.unread.insert(part);
    }

    /// Reads a part without which the others can still be looked at: what would stop the reading is an ordinary fault.
    fn apart<T>(&mut self, part: Part, read: impl FnOnce(&mut Shelf) -> T) -> T {
        let n_stopping = self.stopping.len();
        let n_faults = self.documents.faults.len();
        let value = read(self);
        // A quotation that never ends takes the rows below it along, and nobody knows what they say.
        let mut faults = self.documents.faults[n_faults..].iter();
        if faults.any(|fault| fault.code == "E106" && is_open(fault)) {
            self.documents.unread.insert(part);
        }
        if self.stopping.len() > n_stopping {
            let stopping = self.stopping.drain(n_stopping..);
            self.documents.faults.extend(stopping);
            self.documents.unread.insert(part);
        }
        value
    }

    fn read_model(&mut self, folder: &Folder) {
        if !folder.has("model.toml") {
            self.missing(Part::Model, folder.lacks("model.toml"));
        } else if let Some(model) = self.apart(Part::Model, |shelf| {
            shelf.toml_in(folder, "model.toml", model_reading::model_file)
        }) {
            self.documents.model = model;
        }
        if let Some(services) = self.apart(Part::Services, |shelf| {
            shelf.toml_in(folder, "services.toml", model_parts::services_file)
        }) {
            self.documents.services = services;
        }
        if let Some(outcomes) = self.apart(Part::Outcomes, |shelf| {
            shelf.toml_in(folder, "outcomes.toml", model_parts::outcomes_file)
        }) {
            self.documents.outcomes = outcomes;
        }
        if let Some((costs, payers)) = self.apart(Part::Costs, |shelf| {
            shelf.toml_in(folder, "costs.toml", model_parts::costs_file)
        }) {
            self.documents.costs = costs;
            self.documents.payers = payers;
        }
        if let Some((rules, duties)) = self.apart(Part::Rules, |shelf| {
            shelf.toml_in(folder, "rules.toml", model_parts::rules_file)
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

    fn parameters_in(&mut self, folder: &Folder, name: &str) -> Vec<ParameterRow> {
        self.apart(Part::Parameters, |shelf| {
            shelf.table_in(folder, name, figures::parameters)
        })
    }

    /// The table that the scenario names takes the place of the model's and the profile's.
    fn read_own_parameters(&mut self, library: &Library, named: &Text) {
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

    /// An id that stands in these rows is theirs wholly.
    fn take_the_place(&mut self, mut rows: Vec<ParameterRow>) {
        let ids: BTreeSet<&str> = rows.iter().map(|row| row.text("id")).collect();
        let is_theirs = |row: &ParameterRow| ids.contains(row.text("id"));
        self.documents.parameters.retain(|row| !is_theirs(row));
        self.documents.parameters.append(&mut rows);
    }

    fn read_profile(&mut self, folder: &Folder) {
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
    fn read_series(&mut self, folder: &Folder) {
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

    /// Notes for the manifest that a file was read.
    fn note_input(&mut self, name: &str, bytes: &[u8]) {
        let hash = Sha256::digest(bytes);
        self.documents.inputs.push(Input {
            name: name.to_owned(),
            sha256: hash.iter().map(|byte| format!("{byte:02x}")).collect(),
            bytes: bytes.len(),
        });
    }

    /// A file as text; a file that is not text is a fault.
    fn text(&mut self, name: String, bytes: &[u8]) -> Option<u32> {
        self.note_input(&name, bytes);
        match std::str::from_utf8(bytes) {
            Ok(text) => {
                let mut source = Source::new(name, text);
                // The scenario is read first.
                source.is_question = self.documents.inputs.len() == 1 && self.is_scenario;
                source.is_local = self.is_local;
                Some(self.documents.sources.add(source))
            }
            Err(error) => {
                let good = &bytes[..error.valid_up_to()];
                let line = good.iter().filter(|byte| **byte == b'\n').count() + 1;
                let place = Place {
                    file: name,
                    line,
                    is_local: self.is_local,
                    ..Place::default()
                };
                let fault = Diagnostic::error("E003", "the file is not UTF-8 text")
                    .at(&place)
                    .expected("text in UTF-8")
                    .found(format!("the byte {:#04x}", bytes[error.valid_up_to()]))
                    .hint("save it as UTF-8 (in a spreadsheet: `CSV UTF-8`)");
                self.stopping.push(fault);
                None
            }
        }
    }

    fn toml_in<T>(
        &mut self,
        folder: &Folder,
        relative: &str,
        read: impl Fn(Fields<'_>) -> T,
    ) -> Option<T> {
        let Some(bytes) = folder.read(relative) else {
            let shown = folder.shown(relative);
            let fault = library::missing_file(&shown)
                .expected(format!("a file {relative} in the model's folder"))
                .hint("add the file; it may be empty");
            self.stopping.push(fault);
            return None;
        };
        match bytes {
            Ok(bytes) => self.toml(folder.shown(relative), &bytes, read),
            Err(fault) => {
                self.stopping.push(fault);
                None
            }
        }
    }

    fn toml<T>(&mut self, name: String, bytes: &[u8], read: impl Fn(Fields<'_>) -> T) -> Option<T> {
        let file = self.text(name, bytes)?;
        self.document_of(file, read)
    }

    /// Reads a text as a document.
    fn document_of<T>(&mut self, file: u32, read: impl Fn(Fields<'_>) -> T) -> Option<T> {
        let source = self.documents.sources.get(file)?.clone();
        let (table, errors) = DeTable::parse_recoverable(&source.text);
        // One bracket that is not closed makes an error of every line below it, so the first is the one to mend.
        let first = errors
            .iter()
            .min_by_key(|error| error.span().map_or(0, |span| span.start));
        if let Some(error) = first {
            self.stopping.push(syntax(&source, error));
            return None;
        }
        let reading = Reading {
            source: &source,
            file,
            faults: Default::default(),
            meant: Default::default(),
            watch: None,
        };
        let mut value = read(reading.fields(table.get_ref()));
        // Each reading finds the misspelt keys of one level more, and the next takes them for what they mean.
        let mut n_meant = 0;
        for _ in 0..DEEPEST {
            let found = reading.meant.borrow().len();
            if found == n_meant {
                break;
            }
            n_meant = found;
            reading.faults.borrow_mut().clear();
            value = read(reading.fields(table.get_ref()));
        }
        self.documents
            .faults
            .append(&mut reading.faults.borrow_mut());
        Some(value)
    }

    fn table_in<T>(
        &mut self,
        folder: &Folder,
        relative: &str,
        read: impl FnOnce(&Source, u32, &mut Vec<Diagnostic>) -> Vec<T>,
    ) -> Vec<T> {
        let bytes = match folder.read(relative) {
            Some(Ok(bytes)) => bytes,
            Some(Err(fault)) => {
                self.stopping.push(fault);
                return Vec::new();
            }
            None => return Vec::new(),
        };
        self.table(folder.shown(relative), &bytes, read)
    }

    fn table<T>(
        &mut self,
        name: String,
        bytes: &[u8],
        read: impl FnOnce(&Source, u32, &mut Vec<Diagnostic>) -> Vec<T>,
    ) -> Vec<T> {
        match self.text(name, bytes) {
            Some(file) => self.rows(file, read),
            None => Vec::new(),
        }
    }

    /// Reads a text as a table.
    fn rows<T>(
        &mut self,
        file: u32,
        read: impl FnOnce(&Source, u32, &mut Vec<Diagnostic>) -> Vec<T>,
    ) -> Vec<T> {
        let Some(source) = self.documents.sources.get(file).cloned() else {
            return Vec::new();
        };
        let mut faults = Vec::new();
        let rows = read(&source, file, &mut faults);
        // Without its columns a table has no rows, and every later fault would follow from that.
        let (stopping, mut passing): (Vec<_>, Vec<_>) = faults
            .into_iter()
            .partition(|fault| matches!(fault.code, "E005" | "E006" | "E104" | "E105"));
        if !stopping.is_empty() {
            passing.retain(|fault| matches!(fault.code, "E106" | "E107"));
            self.documents.faults.append(&mut passing);
            self.stopping.extend(stopping);
            return Vec::new();
        }
        self.documents.faults.append(&mut passing);
        rows
    }
}

/// Whether the line at fault begins a quotation that it does not end.
fn is_open(fault: &Diagnostic) -> bool {
    let quotes = |place: &Place| place.text.matches('"').count();
    fault.place.as_ref().is_some_and(|p| quotes(p) % 2 == 1)
}

fn syntax(source: &Source, error: &toml::de::Error) -> Diagnostic {
    let span = error.span().unwrap_or(0..0);
    let end = span.end.max(span.start + 1);
    Diagnostic::error("E004", "this is not TOML")
        .at(&source.place(span.start as u32, end as u32))
        .expected("TOML 1.0: `key = value`, texts in quotes, every bracket closed")
        .found(error.message().replace('\n', "; "))
}
