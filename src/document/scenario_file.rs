//! The scenario: one question.

use super::disclosure::{DisclosureFile, disclosure};
use super::duty_file::{PartnershipPlanFile, partnership_plan};
use super::fields::Fields;
use super::judging_file::{JudgingFile, judging};
use super::mixing_file::{MixingFile, mixing};
use super::option_file::{OptionFile, option};
use super::scenario_money::{OptimismFile, WeightsFile, optimism, weights};
use super::sharing_file::{RunningCostFile, SharingFile, running_cost, sharing};
use super::source::{At, Spanned, Text};
use crate::diagnostic::Diagnostic;
use crate::quantity::{Month, RATES, Schedule};

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
    pub costs: Option<Spanned<Schedule>>,
    /// Of outcomes.
    pub outcomes: Option<Spanned<Schedule>>,
    /// Of health.
    pub health: Option<Spanned<Schedule>>,
    /// What is discounted as one: `year`, `step` or `moment`.
    pub each: Text,
    /// How often the first year is discounted.
    pub first_year: Option<Spanned<f64>>,
    /// How often the first step is.
    pub first_step: Option<Spanned<f64>>,
    /// Why.
    pub source: Text,
}

/// Whose costs and gains may be added up.
pub const PERSPECTIVES: [&str; 2] = ["public-sector", "society"];

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
        costs: rates(&fields, "costs"),
        outcomes: rates(&fields, "outcomes"),
        health: rates(&fields, "health"),
        each: fields.word("each", &["year", "step", "moment"]),
        first_year: fields.number("first_year"),
        first_step: fields.number("first_step"),
        source: fields.text("source"),
    };
    fields.close();
    discounting
}

/// A rate for every year, as a number, or rates by year in words.
fn rates(fields: &Fields<'_>, key: &'static str) -> Option<Spanned<Schedule>> {
    let read = fields.number_or_text(key, "a rate such as 0.035, or rates by year in quotes")?;
    let value = match &read.value {
        Ok(rate) if (0.0..1.0).contains(rate) => Ok(Schedule::constant(*rate)),
        Ok(rate) => Err(rate.to_string()),
        Err(words) => Schedule::parse(words).map_err(|_| format!("\"{words}\"")),
    };
    match value {
        Ok(value) => Some(Spanned { value, at: read.at }),
        Err(found) => {
            let fault = Diagnostic::error("E315", format!("`{key}` is no rate of discounting"))
                .expected(format!("a number from 0 to 1, such as 0.035; or {RATES}"))
                .found(found)
                .hint("a rate is a share of 0 or more and below 1: 3.5% is 0.035");
            fields.report(read.at, fault);
            None
        }
    }
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
