//! `services.toml`, `outcomes.toml`, `costs.toml` and `rules.toml`.

use super::duty_file::{DutiesFile, duties};
use super::fields::{Fields, Product};
use super::model_file::StayFile;
use super::model_reading::stay;
use super::source::{At, Spanned, Text};
use crate::diagnostic::Diagnostic;
use crate::quantity::Month;

/// A service as written.
#[derive(Debug, Clone)]
pub struct ServiceFile {
    /// The id.
    pub id: Text,
    /// For people.
    pub title: Text,
    /// The need it meets.
    pub need: Text,
    /// States whose entry may refer.
    pub refers_on: Vec<Text>,
    /// States where people may wait and be supported.
    pub stays_in: Vec<Text>,
    /// Share of those with the need who join.
    pub uptake: Product,
    /// Mean time in the queue before giving up.
    pub patience: Product,
    /// How long support lasts.
    pub support: Option<Spanned<StayFile>>,
    /// Share who complete; everybody when not said.
    pub completion: Option<Product>,
    /// Chance that completion meets the need; certain when not said.
    pub meets_need: Option<Product>,
    /// Ratio on the clock's hazard; one when not said.
    pub hazard_ratio: Option<Product>,
    /// How long the ratio holds after completion; not at all when not said.
    pub effect_after: Option<Product>,
    /// Places by area.
    pub places: Product,
    /// Whether needs that it meets are discounted as money or as health: `standard`, `health`.
    pub discount: Text,
    /// The whole of it.
    pub at: At,
}

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

/// A cost as written.
#[derive(Debug, Clone)]
pub struct CostFile {
    /// The id.
    pub id: Text,
    /// For people.
    pub title: Text,
    /// Who pays.
    pub payer: Text,
    /// The measure it is charged on.
    pub measure: Text,
    /// And its breakdown.
    pub breakdown: Text,
    /// Pounds per unit.
    pub unit_cost: Product,
    /// Pounds per unit that one more or one fewer moves; nothing where average and marginal cost are not told apart.
    pub marginal_cost: Option<Product>,
    /// One is charged for every so many, begun ones whole; every single one when not said.
    pub per: Option<Product>,
    /// Whether it is charged once a year wherever there is anything at all.
    pub is_fixed: bool,
    /// Whether a saving would be cash.
    pub is_cashable: bool,
    /// The whole of it.
    pub at: At,
}

/// The perspective of those who bear what no budget pays.
pub const SOCIETY: &str = "society";

/// A payer as written.
#[derive(Debug, Clone)]
pub struct PayerFile {
    /// The id.
    pub id: Text,
    /// For people.
    pub title: Text,
    /// Whether it is a statutory partner.
    pub is_partner: bool,
    /// `public-sector`, or `society` for those who bear what no budget pays.
    pub perspective: Text,
}

/// A rule as written.
#[derive(Debug, Clone)]
pub struct RuleFile {
    /// The id.
    pub id: Text,
    /// For people.
    pub title: Text,
    /// Of the values.
    pub unit: Text,
    /// Whether a new value reaches people already in a state.
    pub reaches_everyone: bool,
    /// The values and the months from which they hold.
    pub values: Vec<RuleValueFile>,
    /// The whole of it.
    pub at: At,
}

/// One value of a rule.
#[derive(Debug, Clone)]
pub struct RuleValueFile {
    /// The first month.
    pub from: Option<Spanned<Month>>,
    /// The value.
    pub value: Option<Spanned<f64>>,
    /// Where it is laid down.
    pub citation: Text,
    /// The whole of it.
    pub at: At,
}

pub(super) fn services_file(fields: Fields<'_>) -> Vec<ServiceFile> {
    let services = fields.tables("service").into_iter().map(service).collect();
    fields.close();
    services
}

fn service(fields: Fields<'_>) -> ServiceFile {
    fields.require("refers_on", "a list of states");
    fields.require("stays_in", "a list of states");
    let id = fields.text("id");
    let service = ServiceFile {
        title: fields.text_or("title", &id.value),
        id,
        need: fields.text("need"),
        refers_on: fields.texts("refers_on"),
        stays_in: fields.texts("stays_in"),
        uptake: fields.product("uptake"),
        patience: fields.product("patience"),
        support: stay(&fields, "support", &[]),
        completion: fields.optional_product("completion"),
        meets_need: fields.optional_product("meets_need"),
        hazard_ratio: fields.optional_product("hazard_ratio"),
        effect_after: fields.optional_product("effect_after"),
        places: fields.product("places"),
        discount: fields.word("discount", &["standard", "health"]),
        at: fields.at,
    };
    fields.close();
    service
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

pub(super) fn costs_file(fields: Fields<'_>) -> (Vec<CostFile>, Vec<PayerFile>) {
    let costs = fields.tables("cost").into_iter().map(cost).collect();
    let payers = fields.tables("payer").into_iter().map(payer).collect();
    fields.close();
    (costs, payers)
}

fn cost(fields: Fields<'_>) -> CostFile {
    let id = fields.text("id");
    let cost = CostFile {
        title: fields.text_or("title", &id.value),
        id,
        payer: fields.text("payer"),
        measure: fields.text("measure"),
        breakdown: fields.text_or("breakdown", ""),
        unit_cost: fields.product("unit_cost"),
        marginal_cost: fields.optional_product("marginal_cost"),
        per: fields.optional_product("per"),
        is_fixed: fields.flag("fixed"),
        is_cashable: fields.flag("cashable"),
        at: fields.at,
    };
    if cost.is_fixed && cost.per.is_some() {
        let fault = Diagnostic::error("E110", "a cost is fixed or by steps, not both")
            .expected("one of `fixed`, `per`")
            .found("both");
        fields.report(cost.at, fault);
    }
    if cost.is_cashable && cost.marginal_cost.is_some() {
        let fault = Diagnostic::error("E110", "a cost says twice what a saving would be")
            .expected("`marginal_cost`, the part that is cash, or `cashable = true` for all of it")
            .found("both");
        fields.report(cost.at, fault);
    }
    fields.close();
    cost
}

fn payer(fields: Fields<'_>) -> PayerFile {
    let id = fields.text("id");
    let perspective = fields.word("perspective", &["public-sector", SOCIETY]);
    let is_public = perspective.value != SOCIETY;
    if is_public {
        fields.require(
            "partner",
            "`true` for a statutory partner, `false` for any other public budget",
        );
    }
    let payer = PayerFile {
        title: fields.text_or("title", &id.value),
        id,
        is_partner: fields.flag("partner"),
        perspective,
    };
    if !is_public && payer.is_partner {
        let fault = Diagnostic::error("E110", "a statutory partner is a public budget")
            .expected("`partner = true`, or `perspective = \"society\"`")
            .found("both");
        fields.report(fields.at, fault);
    }
    fields.close();
    payer
}

pub(super) fn rules_file(fields: Fields<'_>) -> (Vec<RuleFile>, DutiesFile) {
    let rules = fields.tables("rule").into_iter().map(rule).collect();
    let duties = duties(&fields);
    fields.close();
    (rules, duties)
}

fn rule(fields: Fields<'_>) -> RuleFile {
    let value = |fields: Fields<'_>| {
        fields.require("value", "a number");
        let value = RuleValueFile {
            from: fields.month("from"),
            value: fields.number("value"),
            citation: fields.text("citation"),
            at: fields.at,
        };
        fields.close();
        value
    };
    fields.require("values", "a list of { from, value, citation }");
    let id = fields.text("id");
    let rule = RuleFile {
        title: fields.text_or("title", &id.value),
        id,
        unit: fields.text("unit"),
        reaches_everyone: fields.word("reaches", &["entrants", "everyone"]).value == "everyone",
        values: fields.tables("values").into_iter().map(value).collect(),
        at: fields.at,
    };
    if rule.values.is_empty() && fields.has("values") {
        let fault = Diagnostic::error("E108", format!("the rule `{}` has no value", rule.id.value))
            .expected("at least one { from, value, citation }");
        fields.report(rule.at, fault);
    }
    fields.close();
    rule
}
