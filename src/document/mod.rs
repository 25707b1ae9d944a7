//! The files as written, with the place of every value. The only room that reads files.
//!
//! [`read`] takes a scenario's path and yields [`Documents`]. Faults of a value, a key or a row do not stop the reading:
//! they stand in [`Documents::faults`], and `compile` adds its own before it refuses, so that one pass names them all.
//! [`drawn`] and [`scored`] do the same for tables made elsewhere.

mod book;
mod cells;
mod coalitions;
mod costs_file;
mod disclosure;
mod drawn;
mod duty_file;
mod elsewhere;
mod fields;
mod figures;
mod folders;
mod history;
mod judging_file;
mod library;
mod mixing_file;
mod model_file;
mod model_reading;
mod option_file;
mod outcomes_file;
mod protect;
mod published;
mod result_folder;
mod rules_file;
mod scenario_file;
mod scenario_money;
mod schema;
mod scored;
mod series;
mod series_where;
mod services_file;
mod shape;
mod sharing_file;
mod shelf;
mod source;
mod suite;
mod sweep;
mod table;
mod workbook_file;
mod workbook_lists;
mod workbook_words;

use std::collections::BTreeSet;
use std::path::Path;

pub use coalitions::{
    CoalitionRow, CoalitionTables, JOINED_BY, PartnerRow, PartnerWeights, coalitions,
};
pub use costs_file::{CostFile, PayerFile, SOCIETY};
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
    AssociationFile, BandFile, ChanceFile, ChanceLawFile, ClockFile, ClockStartFile, ExitFile,
    GROUPS, InflowFile, ItemFile, ModelFile, ModifierFile, OpeningFile, PrevalenceFile, ShareFile,
    StateFile, StayFile,
};
pub use option_file::{
    ArrangementFile, ChangeFile, OperationFile, OptionFile, SERVICE_PARTS, WhatFile,
};
pub use outcomes_file::{FittingFile, MeasureFile, OutcomesFile};
pub use result_folder::{
    ASSUMED, RecordedFigure, ResultAsked, ResultFolder, ResultManifest, ResultRow, read_results,
};
pub use rules_file::{RuleFile, RuleValueFile};
pub use scenario_file::{BetweenFile, ComparisonFile, DiscountingFile, PERSPECTIVES, ScenarioFile};
pub use scenario_money::{OneOffFile, OptimismFile, WeightsFile};
pub use schema::{schema, schema_names};
pub use scored::{COST_COLUMN, ScoreRow, ScoredTables, WeightRow, scored};
pub use series::{BreakRow, SeriesFile, SeriesRow, read_series};
pub use series_where::Condition;
pub use services_file::ServiceFile;
pub use sharing_file::{RunningCostFile, SharingFile, WorthFile};
pub use source::{At, Source, Sources, Spanned, Text};
pub use suite::{ProjectionRow, SuiteFile, SuiteScenario, SuiteSeries, read_suite};
pub use sweep::{AxisFile, CaseFile, Edit, SweepFile, read_edited, read_sweep, unquoted};
pub use workbook_file::{POPULATION_SHEET, RECORDED_SHEET};

use crate::diagnostic::Diagnostic;
use shelf::Shelf;

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
    /// Ids of parameters that stand in a workbook and in no other table.
    pub new_ids: BTreeSet<String>,
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
    /// Rows of tables whose place was taken by those of another.
    pub(crate) replaced: Vec<At>,
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
