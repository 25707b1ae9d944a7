//! Measures, and what was recorded beside them.

use super::quantities::Want;
use super::{Better, Compiler, Counted, Counts, Flow, Measure, need_sets};
use crate::diagnostic::Diagnostic;
use crate::document::{MeasureFile, Part, Text};

/// Measures that every run has, and whether each is a stock.
const STANDARD: [(&str, bool); 21] = [
    ("need_arising", false),
    ("people_by_number_of_needs", false),
    ("people_by_needs", false),
    ("reconviction_cohort", false),
    ("reconviction_rate", false),
    ("referrals", false),
    ("declined", false),
    ("starts", false),
    ("completions", false),
    ("needs_met", false),
    ("gave_up", false),
    ("dropped_out", false),
    ("waiting", true),
    ("in_support", true),
    ("places", true),
    ("occupancy", false),
    ("unmet_need", false),
    ("wait_months_mean", false),
    ("wait_months_p50", false),
    ("wait_months_p90", false),
    ("share_who_wait", false),
];

impl Compiler<'_> {
    /// The measures of the model.
    pub(super) fn take_measures(&mut self) {
        let measures = &self.documents.outcomes.measures;
        self.check_unique("measure", measures.iter().map(|measure| &measure.id));
        for file in measures {
            if STANDARD.iter().any(|(id, _)| *id == file.id.value) {
                let fault = Diagnostic::error(
                    "E109",
                    format!("every run has a measure `{}`", file.id.value),
                )
                .expected("an id that nothing else has")
                .found(format!("`{}`", file.id.value));
                self.report(file.id.at, fault);
            }
            let Some(counts) = self.counts(file) else {
                continue;
            };
            let weights = self.weights(file);
            self.plan.measures.push(Measure {
                id: file.id.value.clone(),
                title: file.title.value.clone(),
                unit: file.unit.value.clone(),
                better: match file.better.value.as_str() {
                    "lower" => Better::Lower,
                    "higher" => Better::Higher,
                    _ => Better::Neither,
                },
                counts,
                counted: match file.counted.value.as_str() {
                    "start" => Counted::Start,
                    "middle" => Counted::Middle,
                    _ => Counted::End,
                },
                weights,
                is_headline: file.is_headline,
                is_monthly: file.is_monthly,
                is_summed: file.is_summed,
                is_health: file.discount.value == "health",
            });
        }
    }

    fn counts(&mut self, file: &MeasureFile) -> Option<Counts> {
        if let Some(states) = &file.stock {
            return Some(Counts::Stock(self.states(states)));
        }
        if let Some(states) = &file.entries {
            return Some(Counts::Entries(self.states(states)));
        }
        if let Some(moves) = &file.moves {
            let mut pairs = Vec::new();
            for (from, to) in moves {
                let pair = (self.state(from), self.state(to));
                if let (Some(from), Some(to)) = pair {
                    pairs.push((from, to));
                }
            }
            return Some(Counts::Moves(pairs));
        }
        let names = file.departures.as_ref()?;
        let mut exits = Vec::new();
        for name in names {
            let found = self.departures(name);
            if found.is_empty() {
                let states = self.plan.states.iter();
                let known: Vec<String> = states
                    .flat_map(|s| {
                        let chances = s.chances.iter().map(|leaving| &leaving.counts);
                        s.exits.iter().map(|exit| &exit.counts).chain(chances)
                    })
                    .flatten()
                    .cloned()
                    .collect();
                let known: Vec<&str> = known.iter().map(String::as_str).collect();
                self.unknown("E204", "named departure", name, &known);
            }
            exits.extend(found);
        }
        Some(Counts::Departures(exits))
    }

    /// Named departures; those by a chance are counted after the exits.
    fn departures(&self, name: &Text) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        for (index, state) in self.plan.states.iter().enumerate() {
            let exits = state.exits.iter().map(|exit| &exit.counts);
            let chances = state.chances.iter().map(|leaving| &leaving.counts);
            let named = exits
                .chain(chances)
                .enumerate()
                .filter(|(_, counts)| counts.as_deref() == Some(name.as_str()));
            found.extend(named.map(|(exit, _)| (index, exit)));
        }
        found
    }

    fn weights(&mut self, file: &MeasureFile) -> Vec<(usize, usize)> {
        let mut weights = Vec::new();
        for (entering, by) in &file.weights {
            let first = entering.first().map_or("", Text::as_str);
            let id = format!("measure.{}.weight.{first}", file.id.value);
            let by = self.quantity(id, by, Want::Factor, &file.title.value);
            for name in entering {
                weights.extend(self.state(name).map(|state| (state, by)));
            }
        }
        weights
    }

    /// Whether a measure is a stock; `None` when there is no such measure.
    pub(super) fn is_stock(&mut self, measure: &Text) -> Option<bool> {
        let files = &self.documents.outcomes.measures;
        let file = files.iter().find(|file| file.id.value == measure.value);
        let own = file.map(|file| file.stock.is_some());
        let standard = STANDARD.iter().find(|(id, _)| *id == measure.value);
        let found = own.or(standard.map(|(_, is_stock)| *is_stock));
        if found.is_none() {
            let mut names: Vec<&str> = files.iter().map(|file| file.id.as_str()).collect();
            names.extend(STANDARD.iter().map(|(id, _)| *id));
            self.unknown("E204", "measure", measure, &names);
        }
        found
    }

    /// Where people go, for the picture of the journey: flows from stage to stage, each counted by a measure.
    pub(super) fn take_flows(&mut self) {
        for file in &self.documents.outcomes.flows {
            let Some(is_stock) = self.is_stock(&file.measure) else {
                continue;
            };
            let own = self.plan.measures.iter();
            let is_own = own.clone().any(|measure| measure.id == file.measure.value);
            if is_stock || !is_own {
                let names: Vec<&str> = own.map(|measure| measure.id.as_str()).collect();
                let fault = Diagnostic::error(
                    "E110",
                    "a flow is counted by a measure of the model that is no stock",
                )
                .expected("a measure with `entries`, `moves` or `departures`")
                .found(format!("`{}`", file.measure.value))
                .nearest(&file.measure.value, names);
                self.report(file.measure.at, fault);
                continue;
            }
            self.plan.flows.push(Flow {
                from: file.from.value.clone(),
                to: file.to.value.clone(),
                measure: file.measure.value.clone(),
            });
        }
    }

    /// `measure`, or `measure;breakdown`.
    pub(super) fn named_measure(&mut self, name: &Text) -> (String, String) {
        let (measure, breakdown) = name.value.split_once(';').unwrap_or((&name.value, ""));
        let text = |value: &str| Text {
            value: value.trim().to_owned(),
            at: name.at,
        };
        let (measure, breakdown) = (text(measure), text(breakdown));
        if self.is_stock(&measure).is_some() {
            self.check_breakdown(&measure, &breakdown);
        }
        (measure.value, breakdown.value)
    }

    /// A whole measure of the model, or one that every run has by need, by their number or by service.
    pub(super) fn check_breakdown(&mut self, measure: &Text, breakdown: &Text) {
        let documents = self.documents;
        let is_own = documents
            .outcomes
            .measures
            .iter()
            .any(|file| file.id.value == measure.value);
        let ids = |key: &str, ids: Vec<&Text>| -> Vec<String> {
            let ids = ids.into_iter().filter(|id| !id.is_missing());
            ids.map(|id| format!("{key}={}", id.value)).collect()
        };
        let needs = &documents.model.needs;
        let (known, parts) = match measure.as_str() {
            _ if is_own => (Vec::new(), &[][..]),
            "need_arising" => (
                ids("need", needs.iter().map(|need| &need.id).collect()),
                &[Part::Model][..],
            ),
            "people_by_number_of_needs" => (
                (0..=needs.len()).map(|n| format!("needs={n}")).collect(),
                &[Part::Model][..],
            ),
            "people_by_needs" => (
                need_sets(&self.plan.needs)
                    .iter()
                    .map(|set| format!("needs={set}"))
                    .collect(),
                &[Part::Model][..],
            ),
            "reconviction_cohort" | "reconviction_rate" => (Vec::new(), &[][..]),
            _ => (
                ids(
                    "service",
                    documents.services.iter().map(|file| &file.id).collect(),
                ),
                &[Part::Services][..],
            ),
        };
        let is_unread = parts.iter().any(|part| documents.unread.contains(part));
        if known.contains(&breakdown.value)
            || known.is_empty() && breakdown.is_missing()
            || is_unread
        {
            return;
        }
        let message = match breakdown.as_str() {
            "" => format!("`{}` is not counted as a whole", measure.value),
            text => format!("`{}` has no breakdown `{text}`", measure.value),
        };
        let fault = Diagnostic::error("E204", message)
            .expected(match known.is_empty() {
                true => "no `breakdown`".to_owned(),
                false => format!("one of {}", known.join(", ")),
            })
            .found(match breakdown.as_str() {
                "" => "nothing".to_owned(),
                text => format!("`{text}`"),
            })
            .nearest(&breakdown.value, known.iter().map(String::as_str));
        self.report(breakdown.at, fault);
    }
}
