//! Options compared by draws made elsewhere, as JSON, as text for a terminal and as tables.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use super::csv::Csv;
use super::number::{exact, percent, plain};
use crate::appraise::{Choice, Compared, Comparison, Dominance};
use crate::summarise::Estimate;

/// The worth of one more of the outcome.
#[derive(Debug, Clone, PartialEq)]
pub struct Threshold {
    /// As the user wrote it.
    pub written: String,
    /// The number.
    pub value: f64,
}

/// A comparison and the worths of an outcome as they were written, in the same order.
pub struct ComparisonReport<'a> {
    /// The options.
    pub comparison: &'a Comparison,
    /// The worths.
    pub thresholds: &'a [Threshold],
}

/// Values by worth of an outcome, under the words the user chose.
struct ByThreshold<'a, T>(Vec<(&'a str, T)>);

impl<T: Serialize> Serialize for ByThreshold<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (key, value) in &self.0 {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

#[derive(Serialize)]
struct Whole<'a> {
    options: Vec<Entry<'a>>,
    evpi: ByThreshold<'a, f64>,
    evpi_mc_error: ByThreshold<'a, f64>,
    best: ByThreshold<'a, &'a str>,
    comparator: &'a str,
    outcome: &'a str,
    draws: usize,
    discounting: Option<DiscountingEntry<'a>>,
}

#[derive(Serialize)]
struct DiscountingEntry<'a> {
    costs: &'a str,
    outcomes: &'a str,
}

#[derive(Serialize)]
struct Entry<'a> {
    id: &'a str,
    cost_mean: f64,
    cost_mc_error: f64,
    outcome_mean: f64,
    outcome_mc_error: f64,
    dominance: &'static str,
    frontier: bool,
    icer: Option<f64>,
    probability_best: ByThreshold<'a, f64>,
    net_benefit_mean: ByThreshold<'a, f64>,
    net_benefit_mc_error: ByThreshold<'a, f64>,
    expected_regret: ByThreshold<'a, f64>,
    maximum_regret: ByThreshold<'a, f64>,
    increment: Option<IncrementEntry<'a>>,
}

#[derive(Serialize)]
struct IncrementEntry<'a> {
    cost: EstimateEntry,
    outcome: EstimateEntry,
    net_benefit: ByThreshold<'a, EstimateEntry>,
    probability_better: ByThreshold<'a, f64>,
    benefit_cost_ratio: ByThreshold<'a, Option<f64>>,
}

#[derive(Serialize)]
struct EstimateEntry {
    mean: f64,
    p05: f64,
    p50: f64,
    p95: f64,
    mc_error: f64,
}

impl From<&Estimate> for EstimateEntry {
    fn from(estimate: &Estimate) -> EstimateEntry {
        EstimateEntry {
            mean: estimate.mean,
            p05: estimate.p05,
            p50: estimate.p50,
            p95: estimate.p95,
            mc_error: estimate.mc_error,
        }
    }
}

impl<'a> ComparisonReport<'a> {
    fn by_threshold<T>(&self, of: impl Fn(usize, &'a Choice) -> T) -> ByThreshold<'a, T> {
        let pairs = self
            .thresholds
            .iter()
            .zip(&self.comparison.choices)
            .enumerate();
        let entry = |(index, (threshold, choice)): (usize, (&'a Threshold, &'a Choice))| {
            (threshold.written.as_str(), of(index, choice))
        };
        ByThreshold(pairs.map(entry).collect())
    }

    fn id(&self, option: usize) -> &'a str {
        &self.comparison.options[option].id
    }

    fn entry(&self, index: usize, option: &'a Compared) -> Entry<'a> {
        Entry {
            id: &option.id,
            cost_mean: option.cost.mean,
            cost_mc_error: option.cost.mc_error,
            outcome_mean: option.outcome.mean,
            outcome_mc_error: option.outcome.mc_error,
            dominance: option.standing.dominance.word(),
            frontier: option.standing.is_on_frontier(),
            icer: option.standing.icer,
            probability_best: self.by_threshold(|_, choice| choice.probability_best[index]),
            net_benefit_mean: self.by_threshold(|_, choice| choice.net_benefit[index].mean),
            net_benefit_mc_error: self.by_threshold(|_, c| c.net_benefit[index].mc_error),
            expected_regret: self.by_threshold(|_, choice| choice.expected_regret[index]),
            maximum_regret: self.by_threshold(|_, choice| choice.maximum_regret[index]),
            increment: option.increment.as_ref().map(|increment| IncrementEntry {
                cost: (&increment.cost).into(),
                outcome: (&increment.outcome).into(),
                net_benefit: self.by_threshold(|at, _| (&increment.net_benefit[at]).into()),
                probability_better: self.by_threshold(|at, _| increment.probability_better[at]),
                benefit_cost_ratio: self.by_threshold(|at, _| increment.benefit_cost_ratio[at]),
            }),
        }
    }

    /// Everything, in full precision; what cannot be had is `null`.
    pub fn json(&self) -> String {
        let comparison = self.comparison;
        let options = comparison.options.iter().enumerate();
        let whole = Whole {
            options: options
                .map(|(index, option)| self.entry(index, option))
                .collect(),
            evpi: self.by_threshold(|_, choice| choice.evpi.mean),
            evpi_mc_error: self.by_threshold(|_, choice| choice.evpi.mc_error),
            best: self.by_threshold(|_, choice| self.id(choice.best)),
            comparator: self.id(comparison.comparator),
            outcome: &comparison.outcome,
            draws: comparison.n_draws,
            discounting: comparison.discounting.as_ref().map(|d| DiscountingEntry {
                costs: &d.costs.edition,
                outcomes: &d.outcomes.edition,
            }),
        };
        // A value made of numbers and words can always be written.
        serde_json::to_string_pretty(&whole).unwrap_or_default() + "\n"
    }

    /// What stands on the terminal: where options stand, then the choice at each worth of an outcome.
    pub fn text(&self) -> String {
        let comparison = self.comparison;
        let width = comparison
            .options
            .iter()
            .map(|o| o.id.chars().count())
            .max();
        let width = width.unwrap_or(0).max("option".len());
        let mut out = format!(
            "{:<width$} {:>14} {:>14} {:>20}  cost of one more {}\n",
            "option", "cost", comparison.outcome, "", comparison.outcome
        );
        for option in &comparison.options {
            out += &format!(
                "{:<width$} {:>14} {:>14} {:>20}  {}\n",
                option.id,
                number(option.cost.mean),
                number(option.outcome.mean),
                standing(option),
                option.standing.icer.map_or(String::new(), number),
            );
        }
        for (threshold, choice) in self.thresholds.iter().zip(&comparison.choices) {
            out += &format!(
                "\nIf one more {} is worth {}: {} is best on average\n",
                comparison.outcome,
                threshold.written,
                self.id(choice.best)
            );
            out += &format!(
                "{:<width$} {:>14} {:>17} {:>16} {:>16}\n",
                "option", "net benefit", "probability best", "expected regret", "maximum regret"
            );
            for (index, option) in comparison.options.iter().enumerate() {
                out += &format!(
                    "{:<width$} {:>14} {:>17} {:>16} {:>16}\n",
                    option.id,
                    number(choice.net_benefit[index].mean),
                    percent(choice.probability_best[index], 1),
                    number(choice.expected_regret[index]),
                    number(choice.maximum_regret[index]),
                );
            }
            out += &format!(
                "Knowing everything before choosing would be worth {}",
                number(choice.evpi.mean)
            );
            out += &match choice.evpi.mc_error.is_finite() {
                true => format!(" (Monte Carlo error {})\n", number(choice.evpi.mc_error)),
                false => ".\n".to_owned(),
            };
        }
        if let Some(discounting) = &comparison.discounting {
            out += &format!(
                "\nDiscounted: costs {}; outcomes {}.\n",
                discounting.costs.edition, discounting.outcomes.edition
            );
        }
        out
    }

    /// `options.csv`, and `choices.csv` where a worth of an outcome is given.
    pub fn tables(&self) -> Vec<(&'static str, Vec<u8>)> {
        let mut tables = vec![("options.csv", self.options_table())];
        if !self.thresholds.is_empty() {
            tables.push(("choices.csv", self.choices_table()));
        }
        tables
    }

    fn options_table(&self) -> Vec<u8> {
        let mut table = Csv::new(&[
            "option",
            "dominance",
            "icer",
            "cost_mean",
            "cost_p05",
            "cost_p95",
            "cost_mc_error",
            "outcome_mean",
            "outcome_p05",
            "outcome_p95",
            "outcome_mc_error",
            "comparator",
            "cost_increment_mean",
            "cost_increment_p05",
            "cost_increment_p95",
            "outcome_increment_mean",
            "outcome_increment_p05",
            "outcome_increment_p95",
        ]);
        let comparator = self.id(self.comparison.comparator);
        for option in &self.comparison.options {
            let (cost, outcome) = (&option.cost, &option.outcome);
            let mut cells = vec![
                option.id.clone(),
                option.standing.dominance.word().to_owned(),
            ];
            cells.push(plain(option.standing.icer.unwrap_or(f64::NAN)));
            for estimate in [cost, outcome] {
                let numbers = [estimate.mean, estimate.p05, estimate.p95, estimate.mc_error];
                cells.extend(numbers.map(plain));
            }
            cells.push(comparator.to_owned());
            let increment = option.increment.as_ref();
            let increment = increment.map_or([Estimate::NONE; 2], |i| [i.cost, i.outcome]);
            for estimate in increment {
                cells.extend([estimate.mean, estimate.p05, estimate.p95].map(plain));
            }
            table.cells(&cells);
        }
        table.into_bytes()
    }

    /// The acceptability curve, with its frontier where `is_best` is `yes`.
    fn choices_table(&self) -> Vec<u8> {
        let mut table = Csv::new(&[
            "threshold",
            "option",
            "is_best",
            "net_benefit_mean",
            "net_benefit_p05",
            "net_benefit_p95",
            "net_benefit_mc_error",
            "probability_best",
            "expected_regret",
            "maximum_regret",
            "evpi",
            "evpi_mc_error",
        ]);
        for (threshold, choice) in self.thresholds.iter().zip(&self.comparison.choices) {
            for (index, option) in self.comparison.options.iter().enumerate() {
                let benefit = &choice.net_benefit[index];
                let is_best = if index == choice.best { "yes" } else { "no" };
                table.row(
                    [&threshold.written, &option.id, &is_best.to_owned()],
                    [
                        benefit.mean,
                        benefit.p05,
                        benefit.p95,
                        benefit.mc_error,
                        choice.probability_best[index],
                        choice.expected_regret[index],
                        choice.maximum_regret[index],
                        choice.evpi.mean,
                        choice.evpi.mc_error,
                    ],
                );
            }
        }
        table.into_bytes()
    }
}

fn number(value: f64) -> String {
    exact(value, "")
}

fn standing(option: &Compared) -> &'static str {
    match option.standing.dominance {
        Dominance::None => "on the frontier",
        Dominance::Strong => "dominated",
        Dominance::Extended => "dominated by a mix",
    }
}
