//! What a scenario says of how its options are judged: an outcome and its worth, and criteria with weights.

use super::fields::Fields;
use super::scored::WeightRow;
use super::source::{At, Spanned, Text};

/// How options are judged, as written.
#[derive(Debug, Clone, Default)]
pub struct JudgingFile {
    /// The option that does the least there is to do, beside business as usual.
    pub do_minimum: Option<Text>,
    /// What one more of an outcome may be worth.
    pub threshold: Option<ThresholdFile>,
    /// What an option's value is made of.
    pub criteria: Vec<CriterionFile>,
}

/// What one more of an outcome may be worth, as written.
#[derive(Debug, Clone)]
pub struct ThresholdFile {
    /// The outcome that options are compared on.
    pub outcome: Option<Text>,
    /// Pounds that one more of it may be worth; none where nothing is to be decided.
    pub gbp: Vec<Spanned<f64>>,
    /// Where curves over that worth end.
    pub up_to: Option<Spanned<f64>>,
    /// Who says so; there where `gbp` is.
    pub source: Option<Text>,
}

/// A criterion as written.
#[derive(Debug, Clone)]
pub struct CriterionFile {
    /// The id.
    pub id: Text,
    /// For people; the measure's where it is not said.
    pub title: Option<Text>,
    /// What is measured: a measure, or `measure;breakdown`.
    pub measure: Text,
    /// Its weight and how scores become values, as a row of a table of weights has them.
    pub row: WeightRow,
    /// Who judged the weight.
    pub source: Text,
    /// Where each key of the value function stands.
    pub places: Vec<(&'static str, At)>,
    /// The whole of it.
    pub at: At,
}

impl CriterionFile {
    /// Where a key stands; the whole criterion where the key is not written.
    pub fn place(&self, key: &str) -> At {
        let found = self.places.iter().find(|(name, _)| *name == key);
        found.map_or(self.at, |(_, at)| *at)
    }
}

/// The keys of a value function, and of the weight.
const KEYS: [&str; 5] = ["weight", "direction", "low", "high", "points"];

/// Reads what the scenario says of judging.
pub(super) fn judging(fields: &Fields<'_>) -> JudgingFile {
    JudgingFile {
        do_minimum: fields.optional_text("do_minimum"),
        threshold: fields.optional_table("threshold").map(threshold),
        criteria: fields
            .tables("criterion")
            .into_iter()
            .map(criterion)
            .collect(),
    }
}

fn threshold(fields: Fields<'_>) -> ThresholdFile {
    fields.refuse_nothing("gbp");
    let gbp = fields.numbers("gbp");
    let threshold = ThresholdFile {
        outcome: fields.optional_text("outcome"),
        source: match gbp.is_empty() {
            true => fields.optional_text("source"),
            false => Some(fields.text("source")),
        },
        gbp,
        up_to: fields.number("up_to"),
    };
    fields.close();
    threshold
}

pub(super) fn criterion(fields: Fields<'_>) -> CriterionFile {
    fields.require("weight", "a number of 0 or more");
    let id = fields.text("id");
    let word = |key| {
        let text = fields.optional_text(key);
        text.map_or(String::new(), |text| text.value)
    };
    // An end that is no number has been reported, and is no end that is missing.
    let end = |key| {
        let number = fields.number(key).map(|number| number.value);
        number.or(fields.has(key).then_some(f64::NAN))
    };
    let criterion = CriterionFile {
        title: fields.optional_text("title"),
        measure: fields.text("measure"),
        row: WeightRow {
            at: fields.at,
            criterion: id.value.clone(),
            weight: fields.number("weight").map_or(f64::NAN, |w| w.value),
            direction: word("direction"),
            ends: [end("low"), end("high")],
            points: word("points"),
        },
        source: fields.text("source"),
        places: KEYS
            .into_iter()
            .filter_map(|key| Some((key, fields.at_of(key)?)))
            .collect(),
        at: fields.at,
        id,
    };
    fields.close();
    criterion
}
