//! A measure: what it counts and how, and in which files it stands.

use std::collections::BTreeSet;

use serde::Serialize;

use super::Glossary;
use super::defined::{DEFINED, Defined, ENDINGS};
use crate::calibrate::has_past;
use crate::compile::Better;
use crate::document::MeasureFile;

/// Everything there is to know of a measure.
#[derive(Debug, Clone, Serialize)]
pub(super) struct MeasurePage {
    id: String,
    title: String,
    unit: String,
    /// `lower`, `higher` or `neither`.
    better: &'static str,
    definition: String,
    /// Whether months are told beside years.
    is_monthly: bool,
    /// What it is told by, such as `service=ID`.
    breakdowns: Vec<String>,
    /// The recorded series of the profile beside it.
    recorded: Option<String>,
    /// The file and line of the model that names it; none of those that every run has.
    place: Option<String>,
    files: Vec<&'static str>,
}

impl Glossary<'_> {
    /// The measure of this name, in lower case; nothing where there is none.
    pub(super) fn measure(&self, id: &str) -> Option<MeasurePage> {
        let series: Vec<_> = self
            .layout
            .series
            .iter()
            .filter(|s| s.measure == id)
            .collect();
        let files = &self.documents.outcomes.measures;
        let file = files.iter().find(|file| file.id.value == id);
        let defined = DEFINED.iter().find(|defined| defined.id == id);
        if series.is_empty() && file.is_none() && defined.is_none() {
            return self.ending(id);
        }
        let first = series.first();
        let mut breakdowns: Vec<String> = series
            .iter()
            .map(|s| s.breakdown.clone())
            .filter(|text| !text.is_empty())
            .collect();
        breakdowns.dedup();
        let title = match (file, defined) {
            (Some(file), _) => file.title.value.clone(),
            (None, Some(defined)) => defined.title.to_owned(),
            (None, None) => first.map_or(String::new(), |series| series.title.clone()),
        };
        Some(MeasurePage {
            id: id.to_owned(),
            title,
            unit: match (first, defined) {
                (Some(series), _) => series.unit.clone(),
                (None, Some(defined)) => defined.unit.to_owned(),
                (None, None) => file.map_or(String::new(), |file| file.unit.value.clone()),
            },
            better: first.map_or("neither", |series| better(series.better)),
            definition: match (file, defined) {
                (Some(file), _) => self.counted(file),
                (None, defined) => defined.map_or(String::new(), |it| it.about.to_owned()),
            },
            is_monthly: series.iter().any(|series| series.is_monthly),
            breakdowns,
            recorded: self.recorded(id),
            place: file.map(|file| self.documents.sources.file_and_line(file.at)),
            files: self.files(id, file, defined),
        })
    }

    /// What the appraisal makes of another measure.
    fn ending(&self, id: &str) -> Option<MeasurePage> {
        let (stem, about) = ENDINGS
            .iter()
            .find_map(|(ending, about)| Some((id.strip_suffix(ending)?, about)))?;
        let of = self.measure(stem)?;
        let is_share = id.ends_with("_probability_better");
        Some(MeasurePage {
            id: id.to_owned(),
            title: format!("{}: {about}", of.title),
            unit: if is_share {
                "share".to_owned()
            } else {
                of.unit
            },
            better: if is_share { "higher" } else { of.better },
            definition: format!("{about}. Of `{stem}`: {}", of.definition),
            is_monthly: false,
            breakdowns: Vec::new(),
            recorded: None,
            place: of.place,
            files: of
                .files
                .into_iter()
                .filter(|file| APPRAISED.contains(file))
                .collect(),
        })
    }

    fn recorded(&self, id: &str) -> Option<String> {
        let outcomes = &self.documents.outcomes;
        let own = outcomes.measures.iter().find(|file| file.id.value == id);
        let own = own
            .and_then(|file| file.recorded.as_ref())
            .map(|series| series.value.clone());
        let of_all = outcomes
            .recorded
            .iter()
            .find(|(measure, ..)| measure.value == id);
        own.or_else(|| of_all.map(|(_, series, _)| series.value.clone()))
    }

    /// How a measure of the model is counted.
    fn counted(&self, file: &MeasureFile) -> String {
        let state = |id: &str| {
            let found = self.plan.states.iter().find(|state| state.id == id);
            found.map_or_else(
                || id.to_owned(),
                |state| format!("{} (`{id}`)", state.title),
            )
        };
        let list = |names: &[crate::document::Text]| {
            let names: Vec<String> = names.iter().map(|name| state(&name.value)).collect();
            names.join(", ")
        };
        let mut told = if let Some(states) = &file.stock {
            let when = match file.counted.value.as_str() {
                "start" => "at the start of each step",
                "middle" => "at the middle of each step, the mean of its start and its end",
                _ => "at the end of each step",
            };
            format!(
                "People in these states: {}; counted {when}; of a year, the mean over its steps.",
                list(states)
            )
        } else if let Some(states) = &file.entries {
            format!(
                "Entries, everyone as often as they enter: {}.",
                list(states)
            )
        } else if let Some(moves) = &file.moves {
            let moves = moves
                .iter()
                .map(|(from, to)| format!("{} to {}", state(&from.value), state(&to.value)));
            format!("Moves: {}.", moves.collect::<Vec<_>>().join("; "))
        } else {
            let names = file
                .departures
                .iter()
                .flatten()
                .map(|name| format!("`{}`", name.value));
            format!(
                "People who leave the model by {}.",
                names.collect::<Vec<_>>().join(", ")
            )
        };
        if !file.weights.is_empty() {
            told += " Each is weighted by the factors that the model names.";
        }
        if file.is_summed {
            told += " The appraisal sums it over the years.";
        }
        told
    }

    /// The files of a run in which the measure stands.
    fn files(
        &self,
        id: &str,
        file: Option<&MeasureFile>,
        defined: Option<&Defined>,
    ) -> Vec<&'static str> {
        let mut files: BTreeSet<&'static str> = BTreeSet::new();
        if self.layout.series.iter().any(|series| series.measure == id) {
            files.extend(["forecast.csv", "contrasts.csv"]);
            let mut compared = self.plan.comparisons.iter().flat_map(|it| &it.measures);
            if compared.any(|(measure, _)| measure == id) {
                files.insert("drivers.csv");
            }
        }
        if self
            .plan
            .recorded
            .iter()
            .any(|recorded| recorded.measure == id)
        {
            files.insert("fit.csv");
        }
        if has_past(self.plan, id) {
            files.insert("backtest.csv");
        }
        let outcomes = self.plan.duties.outcomes.iter();
        let mut indicators = outcomes
            .flat_map(|it| &it.indicators)
            .flat_map(|it| &it.measures);
        let is_indicator = indicators.any(|(measure, _)| measure == id);
        if is_indicator || file.is_some_and(|file| file.is_summed || file.is_headline) {
            files.insert("appraisal.csv");
        }
        files.extend(
            defined
                .into_iter()
                .flat_map(|defined| defined.files)
                .copied(),
        );
        files.into_iter().collect()
    }
}

/// Files whose measures have endings.
const APPRAISED: [&str; 2] = ["appraisal.csv", "distribution.csv"];

fn better(better: Better) -> &'static str {
    match better {
        Better::Lower => "lower",
        Better::Higher => "higher",
        Better::Neither => "neither",
    }
}

impl MeasurePage {
    pub(super) fn text(&self) -> String {
        let mut out = format!(
            "{}: a measure of the results, in {}.\n\n",
            self.id, self.unit
        );
        out += &format!(
            "{}. {}\n",
            self.title.trim_end_matches('.'),
            self.definition
        );
        out += match self.better {
            "lower" => "Lower is better.\n",
            "higher" => "Higher is better.\n",
            _ => "Neither more nor less of it is better.\n",
        };
        if self.is_monthly {
            out += "Months of the forecast are told beside years.\n";
        }
        if !self.breakdowns.is_empty() {
            let n = self.breakdowns.len();
            let shown: Vec<&str> = self.breakdowns.iter().take(8).map(String::as_str).collect();
            let more = if n > 8 {
                format!(" and {} more", n - 8)
            } else {
                String::new()
            };
            out += &format!("Told by: {}{more}.\n", shown.join(", "));
        }
        if let Some(recorded) = &self.recorded {
            out += &format!("The profile's series `{recorded}` stands beside it.\n");
        }
        if let Some(place) = &self.place {
            out += &format!("Named in {place}.\n");
        }
        match self.files.is_empty() {
            true => out + "It stands in no file of this scenario's run.\n",
            false => out + &format!("It stands in {}.\n", self.files.join(", ")),
        }
    }
}
