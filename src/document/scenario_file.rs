//! The scenario: one question.

use super::disclosure::{DisclosureFile, disclosure};
use super::duty_file::{PartnershipPlanFile, partnership_plan};
use super::fields::Fields;
use super::judging_file::{JudgingFile, judging};
use super::mixing_file::{MixingFile, mixing};
use super::scenario_money::{OneOffFile, OptimismFile, WeightsFile, one_off, optimism, weights};
use super::sharing_file::{RunningCostFile, SharingFile, running_cost, sharing};
use super::source::{At, Spanned, Text};
use crate::diagnostic::Diagnostic;
use crate::quantity::Month;

/// The file as written.
#[derive(Debug, Clone, Default)]
pub struct ScenarioFile {
    /// For people.
    pub title: Text,
    /// The model's name or folder.
    pub model: Text,
    /// The profile's name or folder.
    pub profile: Text,
    /// A table of parameters that take the place of the model's and the profile's.
    pub parameters: Option<Text>,
    /// A workbook whose sheets take the place of tables of the model and the profile, and add to the scenario.
    pub workbook: Option<Text>,
    /// The areas; `None` for all.
    pub areas: Option<Vec<Text>>,
    /// Where the areas are written, if they are.
    pub areas_at: Option<At>,
    /// The first month of the forecast.
    pub start: Option<Spanned<Month>>,
    /// How many years.
    pub years: Option<Spanned<i64>>,
    /// How many draws.
    pub draws: Option<Spanned<i64>>,
    /// Where every random number begins.
    pub seed: Option<Spanned<i64>>,
    /// In whose prices money is reported.
    pub price_year: Option<Text>,
    /// Yearly rates of discounting that take the place of the Green Book's.
    pub discounting: Option<DiscountingFile>,
    /// Whose costs and gains are added up, beside those of the public sector.
    pub perspectives: Vec<Text>,
    /// Allowances for optimism bias.
    pub optimism: Option<OptimismFile>,
    /// Weights of groups of people.
    pub weights: Option<WeightsFile>,
    /// Which option every increment is against.
    pub comparator: Text,
    /// Where it says that it does without services, if it does.
    pub without_services: Option<At>,
    /// The options.
    pub options: Vec<OptionFile>,
    /// Changes to be explained.
    pub comparisons: Vec<ComparisonFile>,
    /// Which places are to be chosen, where that is asked.
    pub mixing: Option<MixingFile>,
    /// How options are judged.
    pub judging: JudgingFile,
    /// Who may share a service with whom.
    pub sharing: Option<SharingFile>,
    /// What running a service costs, however few people it serves.
    pub running_costs: Vec<RunningCostFile>,
    /// What it says of the partnership's plan.
    pub plan: Option<PartnershipPlanFile>,
    /// How recorded counts of local origin are made safe to publish.
    pub disclosure: DisclosureFile,
}

/// A change to be explained, as written.
#[derive(Debug, Clone)]
pub struct ComparisonFile {
    /// Of which measures; `None` when not said.
    pub measures: Option<Vec<Text>>,
    /// Between what.
    pub between: BetweenFile,
    /// The whole of it.
    pub at: At,
}

/// What is compared.
#[derive(Debug, Clone)]
pub enum BetweenFile {
    /// Two years of an option; of the comparator when none is said.
    Years {
        /// The option.
        option: Option<Text>,
        /// The earlier year.
        from: Text,
        /// The later year.
        to: Text,
    },
    /// Two options, in a year or over the whole forecast.
    Options {
        /// The one whose difference is explained.
        option: Text,
        /// From which it differs.
        against: Text,
        /// In which year.
        year: Option<Text>,
    },
    /// It says neither or both, which has been reported.
    Unclear,
}

/// Rates of discounting as written.
#[derive(Debug, Clone)]
pub struct DiscountingFile {
    /// Of money.
    pub costs: Option<Spanned<f64>>,
    /// Of outcomes.
    pub outcomes: Option<Spanned<f64>>,
    /// How often the first year is discounted.
    pub first_year: Option<Spanned<f64>>,
    /// Why.
    pub source: Text,
}

/// An option as written.
#[derive(Debug, Clone)]
pub struct OptionFile {
    /// The id.
    pub id: Text,
    /// For people.
    pub title: Text,
    /// What differs.
    pub changes: Vec<ChangeFile>,
    /// Costs of its own: one-off, of a transition, or a year's.
    pub costs: Vec<OneOffFile>,
    /// Why it costs nothing of its own, where it says so.
    pub without_costs: Option<Text>,
}

/// A change as written.
#[derive(Debug, Clone)]
pub struct ChangeFile {
    /// The first month.
    pub from: Option<Spanned<Month>>,
    /// What it changes.
    pub what: WhatFile,
    /// Only these areas.
    pub areas: Option<Vec<Text>>,
    /// Whether it reaches people already in a state; `None` when not said.
    pub reaches_everyone: Option<bool>,
    /// Why, for all of it.
    pub source: Option<Text>,
    /// The whole of it.
    pub at: At,
}

/// What a change changes.
#[derive(Debug, Clone)]
pub enum WhatFile {
    /// A service.
    Service {
        /// Which.
        service: Text,
        /// Its key and how it changes.
        operations: Vec<(&'static str, Option<OperationFile>, At)>,
        /// The uptake of one area.
        access: Vec<(Text, Option<OperationFile>)>,
        /// Who shares it.
        arrangement: Option<ArrangementFile>,
    },
    /// A parameter.
    Parameter {
        /// Which.
        parameter: Text,
        /// For whom: key and value.
        scope: Vec<(&'static str, Text)>,
        /// How.
        operation: Option<OperationFile>,
    },
    /// A rule.
    Rule {
        /// Which.
        rule: Text,
        /// How.
        operation: Option<OperationFile>,
    },
    /// It says none of these or several: what there is, none of which can be meant alone.
    Unclear(Vec<WhatFile>),
}

/// How a number changes.
#[derive(Debug, Clone)]
pub struct OperationFile {
    /// `set`, `multiply` or `add`.
    pub kind: &'static str,
    /// By how much; `NaN` stands for a number that has already been reported.
    pub by: Spanned<f64>,
    /// Why.
    pub source: Option<Text>,
}

/// Who shares a service.
#[derive(Debug, Clone)]
pub struct ArrangementFile {
    /// Each area its own.
    pub is_local: bool,
    /// The areas of the pool.
    pub pool: Vec<Text>,
    /// The area that runs it.
    pub host: Option<Text>,
    /// Places that are kept for people of one area.
    pub guaranteed: Vec<(Text, Spanned<f64>)>,
    /// The whole of it.
    pub at: At,
}

/// Whose costs and gains may be added up.
pub const PERSPECTIVES: [&str; 2] = ["public-sector", "society"];

/// The parts of a service that a scenario may change.
pub const SERVICE_PARTS: [&str; 8] = [
    "places",
    "uptake",
    "patience",
    "support",
    "completion",
    "meets_need",
    "hazard_ratio",
    "effect_after",
];

pub(super) fn scenario_file(fields: Fields<'_>) -> ScenarioFile {
    fields.require("areas", "a list of names or codes, or \"all\"");
    fields.require("years", "a whole number of years");
    fields.require("draws", "a whole number of draws");
    fields.require("seed", "a whole number");
    let is_all = fields
        .has_text("areas")
        .is_some_and(|areas| areas.value == "all");
    let services = fields
        .has("services")
        .then(|| fields.word("services", &["none"]));
    let scenario = ScenarioFile {
        title: fields.text("title"),
        model: fields.text("model"),
        profile: match fields.has("profile") {
            true => fields.text("profile"),
            false => fields.text_or("profile", "scotland"),
        },
        parameters: fields.optional_text("parameters"),
        workbook: fields.has("workbook").then(|| fields.text("workbook")),
        areas: (!is_all).then(|| fields.texts("areas")),
        areas_at: fields.at_of("areas"),
        start: fields.month("start"),
        years: fields.whole("years"),
        draws: fields.whole("draws"),
        seed: fields.whole("seed"),
        price_year: fields.optional_text("price_year"),
        discounting: fields.optional_table("discounting").map(discounting),
        perspectives: perspectives(&fields),
        optimism: fields.optional_table("optimism_bias").map(optimism),
        weights: fields.optional_table("distributional_weights").map(weights),
        comparator: fields.text_or("comparator", "business-as-usual"),
        without_services: services
            .filter(|services| services.value == "none")
            .map(|services| services.at),
        options: fields.tables("option").into_iter().map(option).collect(),
        comparisons: fields
            .tables("compare")
            .into_iter()
            .map(comparison)
            .collect(),
        mixing: fields.optional_table("optimise").map(mixing),
        judging: judging(&fields),
        sharing: fields.optional_table("share").map(sharing),
        running_costs: fields
            .tables("running_cost")
            .into_iter()
            .map(running_cost)
            .collect(),
        plan: fields.optional_table("plan").map(partnership_plan),
        disclosure: (fields.optional_table("disclosure")).map_or_else(Default::default, disclosure),
    };
    fields.close();
    scenario
}

/// Perspectives as written; the public sector's is always among them.
fn perspectives(fields: &Fields<'_>) -> Vec<Text> {
    fields.refuse_nothing("perspectives");
    let perspectives = fields.texts("perspectives");
    for text in perspectives.iter().filter(|text| !text.is_missing()) {
        if !PERSPECTIVES.contains(&text.as_str()) {
            fields.unknown_word("perspectives", text, &PERSPECTIVES);
        }
    }
    perspectives
}

fn discounting(fields: Fields<'_>) -> DiscountingFile {
    let discounting = DiscountingFile {
        costs: fields.number("costs"),
        outcomes: fields.number("outcomes"),
        first_year: fields.number("first_year"),
        source: fields.text("source"),
    };
    fields.close();
    discounting
}

fn comparison(fields: Fields<'_>) -> ComparisonFile {
    let at = fields.at;
    let says_years = fields.has("from") || fields.has("to");
    let between = match (says_years, fields.has("against")) {
        (true, false) => BetweenFile::Years {
            option: fields.optional_text("option"),
            from: fields.text("from"),
            to: fields.text("to"),
        },
        (false, true) => BetweenFile::Options {
            option: fields.text("option"),
            against: fields.text("against"),
            year: fields.optional_text("year"),
        },
        (years, _) => {
            let fault = Diagnostic::error("E110", "a comparison is of two years or of two options")
                .expected("either `from` and `to`, or `option` and `against`")
                .found(if years { "both" } else { "neither" });
            fields.report(at, fault);
            for key in ["option", "from", "to", "against", "year"] {
                fields.has(key);
            }
            BetweenFile::Unclear
        }
    };
    let comparison = ComparisonFile {
        measures: fields.has("measures").then(|| fields.texts("measures")),
        between,
        at,
    };
    fields.close();
    comparison
}

pub(super) fn option(fields: Fields<'_>) -> OptionFile {
    let id = fields.text("id");
    let option = OptionFile {
        title: fields.text_or("title", &id.value),
        id,
        changes: fields.tables("change").into_iter().map(change).collect(),
        costs: fields.tables("cost").into_iter().map(one_off).collect(),
        without_costs: fields.optional_text("without_costs"),
    };
    fields.close();
    option
}

pub(super) fn change(fields: Fields<'_>) -> ChangeFile {
    let at = fields.at;
    let reaches = fields
        .has("reaches")
        .then(|| fields.word("reaches", &["entrants", "everyone"]).value == "everyone");
    let n_said = ["service", "parameter", "rule"]
        .into_iter()
        .filter(|key| fields.has(key))
        .count();
    if n_said != 1 {
        let fault = Diagnostic::error("E110", "a change changes exactly one thing")
            .expected("one of `service`, `parameter`, `rule`")
            .found(format!("{n_said} of them"));
        fields.report(at, fault);
    }
    let what = if n_said != 1 {
        WhatFile::Unclear(unclear(&fields, at))
    } else if fields.has("service") {
        service_change(&fields)
    } else if fields.has("parameter") {
        WhatFile::Parameter {
            parameter: fields.text("parameter"),
            scope: scope(&fields),
            operation: Some(operation(&fields, at)),
        }
    } else {
        WhatFile::Rule {
            rule: fields.text("rule"),
            operation: Some(operation(&fields, at)),
        }
    };
    let change = ChangeFile {
        from: fields.month("from"),
        what,
        areas: fields.has("areas").then(|| fields.texts("areas")),
        reaches_everyone: reaches,
        source: fields.optional_text("source"),
        at,
    };
    fields.close();
    change
}

/// What a change says that says none or several of a service, a parameter and a rule.
fn unclear(fields: &Fields<'_>, at: At) -> Vec<WhatFile> {
    let mut parts = vec![service_change(fields)];
    let name = |key| match fields.has(key) {
        true => fields.text(key),
        false => Text::default(),
    };
    let says_how = ["set", "multiply", "add"]
        .into_iter()
        .filter(|key| fields.has(key))
        .count();
    parts.push(WhatFile::Parameter {
        parameter: name("parameter"),
        scope: scope(fields),
        operation: (says_how > 0).then(|| operation(fields, at)),
    });
    parts.push(WhatFile::Rule {
        rule: name("rule"),
        operation: None,
    });
    parts
}

fn service_change(fields: &Fields<'_>) -> WhatFile {
    let mut operations = Vec::new();
    for key in SERVICE_PARTS {
        if let Some(at) = fields.at_of(key) {
            let operation = fields.optional_table(key).map(owned_operation);
            operations.push((key, operation, at));
        }
    }
    let named = fields
        .optional_table("access")
        .map(|table| table.named_tables());
    let access = named
        .into_iter()
        .flatten()
        .map(|(area, table)| (area, Some(owned_operation(table))))
        .collect();
    let arrangement = fields.optional_table("arrangement").map(|table| {
        let arrangement = ArrangementFile {
            is_local: table.flag("local"),
            pool: table.texts("pool"),
            host: table.optional_text("host"),
            guaranteed: guaranteed(&table),
            at: table.at,
        };
        table.close();
        arrangement
    });
    WhatFile::Service {
        service: match fields.has("service") {
            true => fields.text("service"),
            false => Text::default(),
        },
        operations,
        access,
        arrangement,
    }
}

/// Places by area, as `{ "Angus" = { places = 5 } }`.
fn guaranteed(table: &Fields<'_>) -> Vec<(Text, Spanned<f64>)> {
    let named = table
        .optional_table("guaranteed")
        .map(|areas| areas.named_tables());
    let places = |(area, table): (Text, Fields<'_>)| {
        table.require("places", "a whole number of places");
        let places = table.number("places");
        table.close();
        places.map(|places| (area, places))
    };
    named.into_iter().flatten().filter_map(places).collect()
}

fn owned_operation(table: Fields<'_>) -> OperationFile {
    let operation = OperationFile {
        source: table.optional_text("source"),
        ..operation(&table, table.at)
    };
    table.close();
    operation
}

/// Exactly one of `set`, `multiply` and `add`.
fn operation(fields: &Fields<'_>, at: At) -> OperationFile {
    let kinds = ["set", "multiply", "add"];
    let said: Vec<&'static str> = kinds.into_iter().filter(|key| fields.has(key)).collect();
    let [kind] = said[..] else {
        let fault = Diagnostic::error("E110", "a change says how in exactly one way")
            .expected("one of `set`, `multiply`, `add`")
            .found(match said.is_empty() {
                true => "none of them".to_owned(),
                false => said.join(" and "),
            });
        fields.report(at, fault);
        let at = said
            .first()
            .and_then(|kind| fields.at_of(kind))
            .unwrap_or(at);
        for kind in &said {
            fields.number(kind);
        }
        return unreadable("", at);
    };
    let at = fields.at_of(kind).unwrap_or(at);
    let number = fields.number(kind);
    number.map_or(unreadable(kind, at), |by| OperationFile {
        kind,
        by,
        source: None,
    })
}

/// An operation whose number has been reported.
fn unreadable(kind: &'static str, at: At) -> OperationFile {
    let by = Spanned {
        value: f64::NAN,
        at,
    };
    OperationFile {
        kind,
        by,
        source: None,
    }
}

fn scope(fields: &Fields<'_>) -> Vec<(&'static str, Text)> {
    let Some(table) = fields.optional_table("where") else {
        return Vec::new();
    };
    let keys = ["area", "sex", "age", "priors", "duration"];
    let scope = keys
        .into_iter()
        .filter_map(|key| table.optional_text(key).map(|text| (key, text)))
        .collect();
    table.close();
    scope
}
