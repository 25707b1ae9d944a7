//! `model.toml`: strata, needs, states, the clock and what is drawn on entering.

use super::fields::{Fields, Product};
use super::source::{At, Spanned, Text};
use crate::diagnostic::Diagnostic;
use crate::quantity::Month;

/// The file as written.
#[derive(Debug, Clone, Default)]
pub struct ModelFile {
    /// For people.
    pub title: Text,
    /// The month the run begins.
    pub history_from: Option<Spanned<Month>>,
    /// Ids of the sexes.
    pub sexes: Vec<Text>,
    /// Age bands.
    pub ages: Vec<BandFile>,
    /// Bands of previous convictions.
    pub priors: Vec<BandFile>,
    /// Needs.
    pub needs: Vec<ItemFile>,
    /// Inflows.
    pub inflows: Vec<InflowFile>,
    /// States.
    pub states: Vec<StateFile>,
    /// The return clock.
    pub clock: Option<ClockFile>,
    /// Deaths per person per year.
    pub death: Option<Product>,
    /// Needs drawn on entering states.
    pub prevalences: Vec<PrevalenceFile>,
    /// Odds ratios between pairs of needs.
    pub associations: Vec<AssociationFile>,
}

/// An id and a title.
#[derive(Debug, Clone)]
pub struct ItemFile {
    /// The id.
    pub id: Text,
    /// For people.
    pub title: Text,
}

/// A band of whole numbers.
#[derive(Debug, Clone)]
pub struct BandFile {
    /// The id.
    pub id: Text,
    /// The lowest.
    pub from: Option<Spanned<i64>>,
    /// The highest.
    pub to: Option<Spanned<i64>>,
    /// The whole of it.
    pub at: At,
}

/// People entering from outside.
#[derive(Debug, Clone)]
pub struct InflowFile {
    /// The id.
    pub id: Text,
    /// For people.
    pub title: Text,
    /// The state they enter.
    pub into: Text,
    /// Per person of the population per year.
    pub rate: Product,
    /// Shares over the priors bands.
    pub priors: Product,
    /// Standard deviation of the yearly log random walk.
    pub walk: Option<Product>,
}

/// A state.
#[derive(Debug, Clone)]
pub struct StateFile {
    /// The id.
    pub id: Text,
    /// For people.
    pub title: Text,
    /// For charts.
    pub group: Text,
    /// How long; `None` when that could not be read.
    pub stay: Option<Spanned<StayFile>>,
    /// Ways out.
    pub exits: Vec<ExitFile>,
    /// Whether entering it adds a conviction.
    pub convicts: bool,
    /// People in it when the run begins.
    pub opening: Option<OpeningFile>,
    /// The whole of it.
    pub at: At,
}

/// How long people stay.
#[derive(Debug, Clone)]
pub enum StayFile {
    /// Leaves in the month of entry.
    None,
    /// Until the clock ends.
    Clock,
    /// Until a hazard fires.
    Open,
    /// A law with a mean and, for some, a shape or spread.
    Law {
        /// `fixed`, `geometric`, `exponential`, `gamma`, `weibull` or `lognormal`.
        kind: &'static str,
        /// The mean.
        mean: Product,
        /// The shape or the spread.
        shape: Option<Product>,
    },
}

/// A way out.
#[derive(Debug, Clone)]
pub struct ExitFile {
    /// A state, or `leaves`.
    pub to: Text,
    /// Taken when the stay ends.
    pub share: Option<ShareFile>,
    /// Competes with the stay.
    pub hazard: Option<Product>,
    /// Odds ratios by need.
    pub modifiers: Vec<ModifierFile>,
    /// The name of the flow.
    pub counts: Option<Text>,
    /// The whole of it.
    pub at: At,
}

/// A share of an exit.
#[derive(Debug, Clone)]
pub enum ShareFile {
    /// What the others leave.
    Rest,
    /// A product of parameters.
    Of(Product),
}

/// A ratio for people with a need.
#[derive(Debug, Clone)]
pub struct ModifierFile {
    /// The need.
    pub need: Text,
    /// The ratio.
    pub ratio: Product,
}

/// People in a state when the run begins.
#[derive(Debug, Clone)]
pub struct OpeningFile {
    /// How many.
    pub people: Product,
    /// Shares over areas, where `people` is national.
    pub area: Option<Product>,
    /// Shares over sexes.
    pub sex: Option<Product>,
    /// Shares over ages.
    pub age: Option<Product>,
    /// Shares over priors bands.
    pub priors: Option<Product>,
}

/// The return clock.
#[derive(Debug, Clone)]
pub struct ClockFile {
    /// For people.
    pub title: Text,
    /// The time that the probabilities refer to.
    pub within_months: Option<Spanned<f64>>,
    /// When it ends.
    pub ends_after: Product,
    /// Weibull shape.
    pub shape: Product,
    /// Where it leads.
    pub fires_to: Text,
    /// Where it runs on.
    pub runs_in: Vec<Text>,
    /// What starts it.
    pub starts: Vec<ClockStartFile>,
    /// Hazard ratios by need.
    pub modifiers: Vec<ModifierFile>,
    /// The whole of it.
    pub at: At,
}

/// What starts the clock.
#[derive(Debug, Clone)]
pub struct ClockStartFile {
    /// The states.
    pub entering: Vec<Text>,
    /// The probability within the clock's months.
    pub probability: Product,
    /// Ratios on the hazard.
    pub hazard_ratio: Option<Product>,
}

/// A need drawn on entering states.
#[derive(Debug, Clone)]
pub struct PrevalenceFile {
    /// The states.
    pub entering: Vec<Text>,
    /// The need.
    pub need: Text,
    /// The share who have it.
    pub share: Product,
}

/// The association of two needs.
#[derive(Debug, Clone)]
pub struct AssociationFile {
    /// The two.
    pub needs: Vec<Text>,
    /// The odds ratio.
    pub odds_ratio: Product,
    /// The whole of it.
    pub at: At,
}

/// The groups that a state may be in.
pub const GROUPS: [&str; 4] = ["court", "custody", "community", "liberty"];

pub(super) fn model_file(fields: Fields<'_>) -> ModelFile {
    let mut model = ModelFile {
        title: fields.text("title"),
        history_from: fields.month("history_from"),
        needs: fields.tables("need").into_iter().map(item).collect(),
        inflows: fields.tables("inflow").into_iter().map(inflow).collect(),
        states: fields.tables("state").into_iter().map(state).collect(),
        clock: fields.optional_table("clock").map(clock),
        death: fields.optional_table("death").map(death),
        prevalences: fields
            .tables("prevalence")
            .into_iter()
            .map(prevalence)
            .collect(),
        associations: fields
            .tables("association")
            .into_iter()
            .map(association)
            .collect(),
        ..ModelFile::default()
    };
    fields.require("strata", "a table of sexes, ages and priors");
    if let Some(strata) = fields.optional_table("strata") {
        strata.require("sexes", "a list of texts in quotes");
        model.sexes = strata.texts("sexes");
        strata.require("ages", "a list of bands");
        model.ages = strata.tables("ages").into_iter().map(band).collect();
        strata.require("priors", "a list of bands");
        model.priors = strata.tables("priors").into_iter().map(band).collect();
        strata.close();
    }
    fields.close();
    model
}

pub(super) fn item(fields: Fields<'_>) -> ItemFile {
    let id = fields.text("id");
    let title = fields.text_or("title", &id.value);
    fields.close();
    ItemFile { id, title }
}

fn band(fields: Fields<'_>) -> BandFile {
    fields.require("from", "the lowest number of the band");
    let band = BandFile {
        id: fields.text("id"),
        from: fields.whole("from"),
        to: fields.whole("to"),
        at: fields.at,
    };
    fields.close();
    band
}

fn inflow(fields: Fields<'_>) -> InflowFile {
    let id = fields.text("id");
    let inflow = InflowFile {
        title: fields.text_or("title", &id.value),
        id,
        into: fields.text("into"),
        rate: fields.product("rate"),
        priors: fields.product("priors"),
        walk: fields.optional_product("walk"),
    };
    fields.close();
    inflow
}

fn state(fields: Fields<'_>) -> StateFile {
    let id = fields.text("id");
    let title = fields.text_or("title", &id.value);
    fields.require("group", "court, custody, community or liberty");
    let state = StateFile {
        id,
        title,
        group: fields.word("group", &GROUPS),
        stay: stay(&fields, "stay", &["none", "clock", "open"]),
        exits: fields.tables("exits").into_iter().map(exit).collect(),
        convicts: fields.flag("convicts"),
        opening: opening(&fields),
        at: fields.at,
    };
    fields.close();
    state
}

/// The laws of a stay and the key of their second number.
const LAWS: [(&str, Option<&str>); 6] = [
    ("fixed", None),
    ("geometric", None),
    ("exponential", None),
    ("gamma", Some("shape")),
    ("weibull", Some("shape")),
    ("lognormal", Some("spread")),
];

/// A stay: one of `words`, or a table with one law.
pub(super) fn stay(
    fields: &Fields<'_>,
    key: &'static str,
    words: &[&str],
) -> Option<Spanned<StayFile>> {
    let expected = "\"none\", \"clock\", \"open\" or a law such as { fixed = [\"p\"] }";
    fields.require(key, expected);
    if let Some(text) = fields.has_text(key) {
        if !words.contains(&text.as_str()) {
            fields.unknown_word(key, &text, words);
            return None;
        }
        let value = match text.as_str() {
            "none" => StayFile::None,
            "clock" => StayFile::Clock,
            _ => StayFile::Open,
        };
        return Some(Spanned { value, at: text.at });
    }
    let table = fields.optional_table(key)?;
    let at = table.at;
    let mut laws = Vec::new();
    for (kind, second) in LAWS {
        if table.has(kind) {
            laws.push(law(&table, kind, second));
        }
    }
    if laws.len() != 1 {
        let fault = Diagnostic::error("E110", format!("`{key}` needs exactly one law"))
            .expected("one of fixed, geometric, exponential, gamma, weibull, lognormal")
            .found(format!("{} of them", laws.len()));
        fields.report(at, fault);
    }
    table.close();
    let value = laws.pop().filter(|_| laws.is_empty())?;
    Some(Spanned { value, at })
}

fn law(table: &Fields<'_>, kind: &'static str, second: Option<&'static str>) -> StayFile {
    let Some(second) = second else {
        let mean = table.product(kind);
        return StayFile::Law {
            kind,
            mean,
            shape: None,
        };
    };
    let empty = || Product {
        names: Vec::new(),
        at: table.at,
    };
    let (mean, shape) = match table.optional_table(kind) {
        Some(inner) => {
            let pair = (inner.product("mean"), inner.product(second));
            inner.close();
            pair
        }
        None => (empty(), empty()),
    };
    StayFile::Law {
        kind,
        mean,
        shape: Some(shape),
    }
}

fn exit(fields: Fields<'_>) -> ExitFile {
    let share = match fields.optional_product("share") {
        Some(product) if product.names.iter().any(|name| name.value == "rest") => {
            Some(ShareFile::Rest)
        }
        Some(product) => Some(ShareFile::Of(product)),
        None => None,
    };
    let exit = ExitFile {
        to: fields.text("to"),
        share,
        hazard: fields.optional_product("hazard"),
        modifiers: modifiers(&fields, "modifiers", "odds_ratio"),
        counts: fields.optional_text("counts"),
        at: fields.at,
    };
    if exit.share.is_some() == exit.hazard.is_some() {
        let fault = Diagnostic::error("E110", "an exit needs a share or a hazard, and not both")
            .expected("`share = …` or `hazard = …`")
            .found(if exit.share.is_some() {
                "both"
            } else {
                "neither"
            });
        fields.report(exit.at, fault);
    }
    fields.close();
    exit
}

fn modifiers(fields: &Fields<'_>, key: &'static str, ratio: &'static str) -> Vec<ModifierFile> {
    let read = |fields: Fields<'_>| {
        let modifier = ModifierFile {
            need: fields.text("need"),
            ratio: fields.product(ratio),
        };
        fields.close();
        modifier
    };
    fields.tables(key).into_iter().map(read).collect()
}

fn opening(fields: &Fields<'_>) -> Option<OpeningFile> {
    if !fields.is_table("opening") {
        let people = fields.optional_product("opening")?;
        return Some(OpeningFile {
            people,
            area: None,
            sex: None,
            age: None,
            priors: None,
        });
    }
    let table = fields.optional_table("opening")?;
    let opening = OpeningFile {
        people: table.product("people"),
        area: table.optional_product("area"),
        sex: table.optional_product("sex"),
        age: table.optional_product("age"),
        priors: table.optional_product("priors"),
    };
    table.close();
    Some(opening)
}

fn clock(fields: Fields<'_>) -> ClockFile {
    fields.require("within_months", "a number of months");
    let start = |fields: Fields<'_>| {
        fields.require("entering", "a list of states");
        let start = ClockStartFile {
            entering: fields.texts("entering"),
            probability: fields.product("probability"),
            hazard_ratio: fields.optional_product("hazard_ratio"),
        };
        fields.close();
        start
    };
    let clock = ClockFile {
        title: fields.text_or("title", "Return"),
        within_months: fields.number("within_months"),
        ends_after: fields.product("ends_after"),
        shape: fields.product("shape"),
        fires_to: fields.text("fires_to"),
        runs_in: fields.texts("runs_in"),
        starts: fields.tables("start").into_iter().map(start).collect(),
        modifiers: modifiers(&fields, "modifier", "hazard_ratio"),
        at: fields.at,
    };
    fields.close();
    clock
}

fn death(fields: Fields<'_>) -> Product {
    let rate = fields.product("rate");
    fields.close();
    rate
}

fn prevalence(fields: Fields<'_>) -> PrevalenceFile {
    fields.require("entering", "a list of states");
    let prevalence = PrevalenceFile {
        entering: fields.texts("entering"),
        need: fields.text("need"),
        share: fields.product("share"),
    };
    fields.close();
    prevalence
}

fn association(fields: Fields<'_>) -> AssociationFile {
    fields.require("needs", "a list of two needs");
    let association = AssociationFile {
        needs: fields.texts("needs"),
        odds_ratio: fields.product("odds_ratio"),
        at: fields.at,
    };
    if association.needs.len() != 2 && fields.has("needs") {
        let fault = Diagnostic::error("E110", "an association is between two needs")
            .expected("a list of two needs")
            .found(format!("{} needs", association.needs.len()));
        fields.report(association.at, fault);
    }
    fields.close();
    association
}
