//! `outcomes.toml`: what is measured, and what the model is fitted to.

use super::fields::{Fields, Product};
use super::source::{At, Spanned, Text};
use crate::diagnostic::Diagnostic;

/// `outcomes.toml` as written.
#[derive(Debug, Clone, Default)]
pub struct OutcomesFile {
    /// Measures of the model.
    pub measures: Vec<MeasureFile>,
    /// What the profile records of a measure that every run has: `(measure, series, whether only the country's)`.
    pub recorded: Vec<(Text, Text, bool)>,
    /// Series of the profile that tell what an area is like: `(series, title)`.
    pub context: Vec<(Text, Text)>,
    /// Flows from stage to stage.
    pub flows: Vec<FlowFile>,
    /// Multipliers that `calibrate` fits.
    pub fittings: Vec<FittingFile>,
}

/// A flow from stage to stage as written.
#[derive(Debug, Clone)]
pub struct FlowFile {
    /// The stage that people leave.
    pub from: Text,
    /// The stage that they reach.
    pub to: Text,
    /// The measure that counts them.
    pub measure: Text,
}

/// A multiplier and the recorded measure it is fitted to.
#[derive(Debug, Clone)]
pub struct FittingFile {
    /// The multiplier.
    pub parameter: Text,
    /// The measure.
    pub measure: Text,
    /// The first financial year fitted.
    pub first_year: Text,
    /// The last.
    pub last_year: Text,
    /// Whether each area is fitted to its own figure.
    pub is_by_area: bool,
    /// How a year's figure answers to the multiplier of that year, of the year before, and so on.
    pub lags: Vec<f64>,
    /// For how many years after the last the multiplier is forecast from its history.
    pub ahead_years: Option<Spanned<i64>>,
    /// Years after the last take the mean of the fitted years from this one.
    pub otherwise_mean_from: Option<Text>,
    /// Years after the last keep their own course, scaled as the fitted years from this one were.
    pub otherwise_scaled_from: Option<Text>,
}

/// A measure as written.
#[derive(Debug, Clone)]
pub struct MeasureFile {
    /// The id.
    pub id: Text,
    /// For people.
    pub title: Text,
    /// Of the number.
    pub unit: Text,
    /// `lower`, `higher` or `neither`.
    pub better: Text,
    /// States whose month-end stock is counted.
    pub stock: Option<Vec<Text>>,
    /// States whose entries are counted.
    pub entries: Option<Vec<Text>>,
    /// Moves that are counted.
    pub moves: Option<Vec<(Text, Text)>>,
    /// Named departures that are counted.
    pub departures: Option<Vec<Text>>,
    /// Whether a stock is counted at the `start`, the `middle` or the `end` of a step.
    pub counted: Text,
    /// Factors by the state entered or, for a stock, the state people are in.
    pub weights: Vec<(Vec<Text>, Product)>,
    /// The recorded series beside it.
    pub recorded: Option<Text>,
    /// Whether the report leads with it.
    pub is_headline: bool,
    /// Whether months are reported.
    pub is_monthly: bool,
    /// Whether the appraisal sums it over the years: a stock then in person-years.
    pub is_summed: bool,
    /// Whether the appraisal discounts it as money or as health: `standard`, `health`.
    pub discount: Text,
    /// The whole of it.
    pub at: At,
}

pub(super) fn outcomes_file(fields: Fields<'_>) -> OutcomesFile {
    let recorded = |fields: Fields<'_>| {
        let recorded = (
            fields.text("measure"),
            fields.text("series"),
            fields.flag("national"),
        );
        fields.close();
        recorded
    };
    let outcomes = OutcomesFile {
        measures: fields.tables("measure").into_iter().map(measure).collect(),
        recorded: fields
            .tables("recorded")
            .into_iter()
            .map(recorded)
            .collect(),
        flows: fields.tables("flow").into_iter().map(flow).collect(),
        context: fields.tables("context").into_iter().map(context).collect(),
        fittings: fields.tables("fit").into_iter().map(fitting).collect(),
    };
    fields.close();
    outcomes
}

fn flow(fields: Fields<'_>) -> FlowFile {
    let flow = FlowFile {
        from: fields.text("from"),
        to: fields.text("to"),
        measure: fields.text("measure"),
    };
    fields.close();
    flow
}

fn context(fields: Fields<'_>) -> (Text, Text) {
    let context = (fields.text("series"), fields.text("title"));
    fields.close();
    context
}

fn fitting(fields: Fields<'_>) -> FittingFile {
    let fitting = FittingFile {
        parameter: fields.text("parameter"),
        measure: fields.text("measure"),
        first_year: fields.text("first_year"),
        last_year: fields.text("last_year"),
        is_by_area: fields.flag("by_area"),
        lags: fields.shares("lags"),
        ahead_years: fields.whole("ahead_years"),
        otherwise_mean_from: fields.optional_text("otherwise_mean_from"),
        otherwise_scaled_from: fields.optional_text("otherwise_scaled_from"),
    };
    fields.close();
    fitting
}

fn measure(fields: Fields<'_>) -> MeasureFile {
    let id = fields.text("id");
    let texts = |key| fields.has(key).then(|| fields.texts(key));
    let moved = |fields: Fields<'_>| {
        let pair = (fields.text("from"), fields.text("to"));
        fields.close();
        pair
    };
    let weight = |fields: Fields<'_>| {
        let key = if fields.has("in") { "in" } else { "entering" };
        fields.require(key, "a list of states");
        let pair = (fields.texts(key), fields.product("by"));
        fields.close();
        pair
    };
    let measure = MeasureFile {
        title: fields.text_or("title", &id.value),
        id,
        unit: fields.text("unit"),
        better: fields.word("better", &["neither", "lower", "higher"]),
        stock: texts("stock"),
        entries: texts("entries"),
        moves: fields
            .has("moves")
            .then(|| fields.tables("moves").into_iter().map(moved).collect()),
        departures: texts("departures"),
        counted: fields.word("counted", &["end", "start", "middle"]),
        weights: fields.tables("weights").into_iter().map(weight).collect(),
        recorded: fields.optional_text("recorded"),
        is_headline: fields.flag("headline"),
        is_monthly: fields.flag("monthly"),
        is_summed: fields.flag("summed"),
        discount: fields.word("discount", &["standard", "health"]),
        at: fields.at,
    };
    let said = [
        measure.stock.is_some(),
        measure.entries.is_some(),
        measure.moves.is_some(),
        measure.departures.is_some(),
    ];
    let n_said = said.iter().filter(|is_said| **is_said).count();
    if n_said != 1 {
        let fault = Diagnostic::error("E110", "a measure counts exactly one thing")
            .expected("one of `stock`, `entries`, `moves`, `departures`")
            .found(format!("{n_said} of them"));
        fields.report(measure.at, fault);
    }
    fields.close();
    measure
}
