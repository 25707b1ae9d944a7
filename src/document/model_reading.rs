//! Reads `model.toml`.

use super::fields::{Fields, Product};
use super::model_file::{
    AssociationFile, BandFile, ChanceFile, ChanceLawFile, ClockFile, ClockStartFile, ExitFile,
    GROUPS, InflowFile, ItemFile, ModelFile, ModifierFile, OpeningFile, PrevalenceFile, ShareFile,
    StateFile, StayFile,
};
use super::source::{Spanned, Text};
use crate::diagnostic::Diagnostic;
use crate::quantity::TimeUnit;

/// Nobody is older.
const MOST_AGE: i64 = 129;

pub(super) fn model_file(fields: Fields<'_>) -> ModelFile {
    let mut model = ModelFile {
        title: fields.text("title"),
        step: fields.word("step", &TimeUnit::STEPS),
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
        model.ages = strata.tables("ages").into_iter().flat_map(ages).collect();
        strata.require("priors", "a list of bands");
        model.priors = strata.tables("priors").into_iter().map(band).collect();
        for key in ["sexes", "ages", "priors"] {
            strata.refuse_nothing(key);
        }
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

/// A band of ages, or one for each year of age from the lowest to the highest.
fn ages(fields: Fields<'_>) -> Vec<BandFile> {
    if !fields.has("each") {
        return vec![band(fields)];
    }
    fields.require("from", "the lowest age");
    fields.require("to", "the highest age");
    let (from, to) = (fields.whole("from"), fields.whole("to"));
    let (each, at) = (fields.word("each", &["year"]), fields.at);
    let is_sound = |from: i64, to: i64| (0..=MOST_AGE).contains(&to) && (0..=to).contains(&from);
    let known = from.zip(to);
    if let Some((from, to)) = known
        .as_ref()
        .filter(|(from, to)| !is_sound(from.value, to.value))
    {
        let fault = Diagnostic::error("E315", "ages outside the limits")
            .expected(format!("`from` not above `to`, both from 0 to {MOST_AGE}"))
            .found(format!("{} to {}", from.value, to.value));
        fields.report(at, fault);
    }
    fields.close();
    let known = known.filter(|(from, to)| is_sound(from.value, to.value));
    let Some((from, to)) = known else {
        return Vec::new();
    };
    let year = |age: i64| BandFile {
        id: Text {
            value: age.to_string(),
            at: each.at,
        },
        from: Some(Spanned {
            value: age,
            at: from.at,
        }),
        to: Some(Spanned {
            value: age,
            at: to.at,
        }),
        at,
    };
    (from.value..=to.value).map(year).collect()
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
        is_of_people: fields.has("people"),
        rate: match fields.optional_product("people") {
            Some(people) => people,
            None => fields.product("rate"),
        },
        priors: fields.product("priors"),
        walk: fields.optional_product("walk"),
        overdispersion: fields.optional_product("overdispersion"),
        season: fields.optional_text("season"),
    };
    if inflow.is_of_people && fields.has("rate") {
        let fault = Diagnostic::error("E110", "an inflow needs a rate or people, and not both")
            .expected("`rate = …` or `people = …`")
            .found("both");
        fields.report(fields.at, fault);
    }
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
        stay: stay(
            &fields,
            "stay",
            &["none", "clock", "open", "of-exit", "forever"],
        ),
        are_exits_read: !fields.has("exits") || fields.holds_tables("exits"),
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
            "of-exit" => StayFile::OfExit,
            "forever" => StayFile::Forever,
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
    if table.has("table") {
        laws.push(StayFile::Listed(table.product("table")));
    }
    if laws.len() != 1 {
        let fault = Diagnostic::error("E110", format!("`{key}` needs exactly one law"))
            .expected("one of fixed, geometric, exponential, gamma, weibull, lognormal, table")
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

/// A chance: parameters, or a table with one law.
fn chance(fields: &Fields<'_>) -> Option<Spanned<ChanceFile>> {
    if !fields.is_table("chance") {
        let product = fields.optional_product("chance")?;
        let at = product.at;
        return Some(Spanned {
            value: ChanceFile::Listed(product),
            at,
        });
    }
    let table = fields.optional_table("chance")?;
    let at = table.at;
    let (elapsed, hazard_ratio) = (
        table.whole("elapsed"),
        table.optional_product("hazard_ratio"),
    );
    let mut laws = Vec::new();
    for (kind, scale, shape) in ChanceLawFile::KINDS {
        if let Some(inner) = table.optional_table(kind) {
            laws.push(ChanceFile::Law(ChanceLawFile {
                kind,
                scale: inner.product(scale),
                shape: shape.map(|shape| inner.product(shape)),
                hazard_ratio: hazard_ratio.clone(),
                elapsed: elapsed.clone(),
            }));
            inner.close();
        }
    }
    if laws.len() != 1 {
        let kinds = ChanceLawFile::KINDS.map(|(kind, ..)| kind).join(", ");
        let fault = Diagnostic::error("E110", "`chance` needs exactly one law")
            .expected(format!("parameters, or one of {kinds}"))
            .found(format!("{} of them", laws.len()));
        fields.report(at, fault);
    }
    table.close();
    let value = laws.pop().filter(|_| laws.is_empty())?;
    Some(Spanned { value, at })
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
        stay: fields
            .has("stay")
            .then(|| stay(&fields, "stay", &["none"]))
            .flatten(),
        hazard: fields.optional_product("hazard"),
        chance: chance(&fields),
        unless: fields.texts("unless"),
        modifiers: modifiers(&fields, "modifiers", "odds_ratio"),
        counts: fields.optional_text("counts"),
        at: fields.at,
    };
    let ways = ["share", "hazard", "chance"];
    let said: Vec<&str> = ways.into_iter().filter(|key| fields.has(key)).collect();
    if said.len() != 1 {
        let fault = Diagnostic::error("E110", "an exit needs exactly one of share, hazard, chance")
            .expected("`share = …`, `hazard = …` or `chance = …`")
            .found(match said.is_empty() {
                true => "none of them".to_owned(),
                false => said.join(" and "),
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
            is_fresh: false,
            aged: None,
        });
    }
    let table = fields.optional_table("opening")?;
    let opening = OpeningFile {
        people: table.product("people"),
        area: table.optional_product("area"),
        sex: table.optional_product("sex"),
        age: table.optional_product("age"),
        priors: table.optional_product("priors"),
        is_fresh: table.flag("fresh"),
        aged: table.whole("aged"),
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
            ends_after: fields.optional_product("ends_after"),
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
    let is_read = !association.needs.iter().any(|need| need.is_missing());
    if association.needs.len() != 2 && is_read && fields.has("needs") {
        let fault = Diagnostic::error("E110", "an association is between two needs")
            .expected("a list of two needs")
            .found(format!("{} needs", association.needs.len()));
        fields.report(association.at, fault);
    }
    fields.close();
    association
}
