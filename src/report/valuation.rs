//! Options valued by criteria, as JSON, as text for a terminal and as tables.

use serde::Serialize;
use serde_json::{Map, Value};

use super::csv::Csv;
use super::number::{exact, list, plain};
use crate::appraise::{Crossover, Dominance, Valuation, Valued};

/// A valuation to be shown.
pub struct ValuationReport<'a>(pub &'a Valuation);

#[derive(Serialize)]
struct Whole<'a> {
    options: Vec<Entry<'a>>,
    weights: Vec<WeightEntry<'a>>,
    crossovers: Vec<CrossoverEntry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    id: &'a str,
    value: f64,
    rank: usize,
    parts: Map<String, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cost: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dominance: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    frontier: Option<bool>,
    crossovers: Vec<OwnCrossover<'a>>,
}

/// A crossover as one of its two options sees it.
#[derive(Serialize)]
struct OwnCrossover<'a> {
    criterion: &'a str,
    weight: f64,
    with: &'a str,
}

#[derive(Serialize)]
struct WeightEntry<'a> {
    criterion: &'a str,
    weight: f64,
    share: f64,
}

#[derive(Serialize)]
struct CrossoverEntry<'a> {
    criterion: &'a str,
    weight: f64,
    current_weight: f64,
    options: [&'a str; 2],
    ahead_below: &'a str,
    ahead_above: &'a str,
    changes_best: bool,
}

impl ValuationReport<'_> {
    fn id(&self, option: usize) -> &str {
        &self.0.options[option].id
    }

    fn criterion(&self, crossover: &Crossover) -> &str {
        &self.0.weights[crossover.criterion].0
    }

    fn entry<'a>(&'a self, index: usize, option: &'a Valued) -> Entry<'a> {
        let own = |crossover: &'a Crossover| {
            let with = match [crossover.ahead_below, crossover.ahead_above] {
                [a, b] if a == index => b,
                [a, b] if b == index => a,
                _ => return None,
            };
            Some(OwnCrossover {
                criterion: self.criterion(crossover),
                weight: crossover.weight,
                with: self.id(with),
            })
        };
        let parts = self.0.weights.iter().zip(&option.parts);
        Entry {
            id: &option.id,
            value: option.value,
            rank: option.rank,
            parts: parts
                .map(|((criterion, _, _), part)| (criterion.clone(), Value::from(*part)))
                .collect(),
            cost: option.cost,
            dominance: option.standing.map(|standing| standing.dominance.word()),
            frontier: option.standing.map(|standing| standing.is_on_frontier()),
            crossovers: self.0.crossovers.iter().filter_map(own).collect(),
        }
    }

    /// Everything, in full precision.
    pub fn json(&self) -> String {
        let valuation = self.0;
        let crossover = |crossover: &Crossover| {
            let mut pair = [crossover.ahead_below, crossover.ahead_above];
            pair.sort_unstable();
            (pair, crossover.clone())
        };
        let crossovers: Vec<_> = valuation.crossovers.iter().map(crossover).collect();
        let whole = Whole {
            options: (valuation.options.iter().enumerate())
                .map(|(index, option)| self.entry(index, option))
                .collect(),
            weights: (valuation.weights.iter())
                .map(|(criterion, share, weight)| WeightEntry {
                    criterion,
                    weight: *weight,
                    share: *share,
                })
                .collect(),
            crossovers: (crossovers.iter())
                .map(|(pair, crossover)| CrossoverEntry {
                    criterion: self.criterion(crossover),
                    weight: crossover.weight,
                    current_weight: valuation.weights[crossover.criterion].2,
                    options: pair.map(|option| self.id(option)),
                    ahead_below: self.id(crossover.ahead_below),
                    ahead_above: self.id(crossover.ahead_above),
                    changes_best: crossover.changes_best,
                })
                .collect(),
        };
        // A value made of numbers and words can always be written.
        serde_json::to_string_pretty(&whole).unwrap_or_default() + "\n"
    }

    /// What stands on the terminal: values and ranks, then the weights at which the best option changes.
    pub fn text(&self) -> String {
        let valuation = self.0;
        let number = |value| exact(value, "");
        let width = valuation.options.iter().map(|o| o.id.chars().count()).max();
        let width = width.unwrap_or(0).max("option".len());
        let has_costs = valuation.options.iter().any(|option| option.cost.is_some());
        let mut out = format!("{:<width$} {:>10} {:>6}", "option", "value", "rank");
        out += if has_costs { "           cost\n" } else { "\n" };
        for option in &valuation.options {
            out += &format!(
                "{:<width$} {:>10} {:>6}",
                option.id,
                number(option.value),
                option.rank
            );
            if let (Some(cost), Some(standing)) = (option.cost, option.standing) {
                out += &format!(" {:>14}", number(cost));
                out += match standing.dominance {
                    Dominance::None => "  on the frontier of value and cost",
                    Dominance::Strong => "  dominated: another is worth no less at no more cost",
                    Dominance::Extended => "  dominated by a mix of others",
                };
            }
            out.push('\n');
        }
        out.push('\n');
        for (index, (criterion, _, weight)) in valuation.weights.iter().enumerate() {
            let own = valuation.crossovers.iter().filter(|c| c.criterion == index);
            let changes: Vec<String> = own
                .filter(|crossover| crossover.changes_best)
                .map(|c| {
                    format!(
                        "{} (above it {}, below it {})",
                        plain(c.weight),
                        self.id(c.ahead_above),
                        self.id(c.ahead_below)
                    )
                })
                .collect();
            out += &match changes.is_empty() {
                true => format!(
                    "{criterion}, weight {}: no weight changes which is best\n",
                    plain(*weight)
                ),
                false => format!(
                    "{criterion}, weight {}: the best changes at {}\n",
                    plain(*weight),
                    list(&changes)
                ),
            };
        }
        out
    }

    /// `options.csv` and `crossovers.csv`.
    pub fn tables(&self) -> Vec<(&'static str, Vec<u8>)> {
        let valuation = self.0;
        let names = valuation
            .weights
            .iter()
            .map(|(criterion, _, _)| criterion.as_str());
        let header: Vec<&str> = ["option", "value", "rank", "cost"]
            .into_iter()
            .chain(names)
            .collect();
        let mut options = Csv::new(&header);
        for option in &valuation.options {
            let mut cells = vec![
                option.id.clone(),
                plain(option.value),
                option.rank.to_string(),
            ];
            cells.push(plain(option.cost.unwrap_or(f64::NAN)));
            cells.extend(option.parts.iter().map(|part| plain(*part)));
            options.cells(&cells);
        }
        vec![
            ("options.csv", options.into_bytes()),
            ("crossovers.csv", self.crossovers_table()),
        ]
    }

    /// The weights at which two options change places.
    pub(super) fn crossovers_table(&self) -> Vec<u8> {
        let valuation = self.0;
        let mut crossovers = Csv::new(&[
            "criterion",
            "ahead_below",
            "ahead_above",
            "changes_best",
            "weight",
            "current_weight",
        ]);
        for crossover in &valuation.crossovers {
            let changes = if crossover.changes_best { "yes" } else { "no" };
            crossovers.row(
                [
                    &self.criterion(crossover).to_owned(),
                    &self.id(crossover.ahead_below).to_owned(),
                    &self.id(crossover.ahead_above).to_owned(),
                    &changes.to_owned(),
                ],
                [crossover.weight, valuation.weights[crossover.criterion].2],
            );
        }
        crossovers.into_bytes()
    }
}
