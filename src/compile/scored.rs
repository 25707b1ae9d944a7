//! Scores and weights to criteria side by side: every option has a score on every criterion, and the weights sum.

use std::collections::BTreeMap;

use super::value_function::value_function;
use crate::diagnostic::{Diagnostic, Place, Severity, nearest};
use crate::document::{At, COST_COLUMN, ScoreRow, ScoredTables, Tables, WeightRow};

/// Options that are known by their scores.
#[derive(Debug, Clone, PartialEq)]
pub struct Scores {
    /// The options, in the order of the table.
    pub options: Vec<String>,
    /// The criteria, in the order of the weights.
    pub criteria: Vec<Criterion>,
    /// What the weights sum to as they are written: 1, 100, or anything where they are to be scaled.
    pub total: f64,
    /// By option, a score for each criterion, as written.
    pub scores: Vec<Vec<f64>>,
    /// By option, where the table tells; never part of the value.
    pub costs: Option<Vec<f64>>,
}

/// A criterion and how much it counts.
#[derive(Debug, Clone, PartialEq)]
pub struct Criterion {
    /// Its name.
    pub id: String,
    /// Its weight as written, 0 or more.
    pub weight: f64,
    /// Scores and their values, rising by score, with straight lines between; empty where a score is a value already.
    pub points: Vec<(f64, f64)>,
}

/// How far a sum of weights may be off by rounding.
const ROUNDING: f64 = 1e-6;

/// What weights may sum to instead of one.
const PER_CENT: f64 = 100.0;

/// Proves scores and weights sound. With `is_scaled` weights may sum to anything above 0.
///
/// # Errors
/// Every fault that was found, those of the reading included.
pub fn scores(tables: &Tables<ScoredTables>, is_scaled: bool) -> Result<Scores, Vec<Diagnostic>> {
    let mut check = Check {
        tables,
        faults: tables.faults.clone(),
    };
    let criteria = check.criteria();
    let total: f64 = criteria.iter().map(|criterion| criterion.weight).sum();
    // A row that was left out for a fault of its own leaves a sum that says nothing.
    if criteria.len() == tables.content.weights.len() {
        check.check_total(total, is_scaled);
    }
    check.check_criteria(&criteria);
    let (options, scores, costs) = check.options(&criteria);
    check.check_range(&criteria);
    if check.faults.iter().any(|f| f.severity == Severity::Error) {
        return Err(check.faults);
    }
    Ok(Scores {
        options,
        criteria,
        total,
        scores,
        costs,
    })
}

/// Whether a name is that of what is no criterion.
pub(super) fn is_cost(name: &str) -> bool {
    name.eq_ignore_ascii_case(COST_COLUMN)
}

/// Whether weights with this sum are a whole: 1, or 100.
pub(super) fn is_whole(total: f64) -> bool {
    [1.0, PER_CENT]
        .iter()
        .any(|whole| (total / whole - 1.0).abs() < ROUNDING)
}

/// The tables while they are looked at.
struct Check<'a> {
    tables: &'a Tables<ScoredTables>,
    faults: Vec<Diagnostic>,
}

impl Check<'_> {
    fn place(&self, at: At, column: usize) -> Place {
        self.tables.sources.cell(at, column)
    }

    fn weight_place(&self, row: &WeightRow, wanted: &str) -> Place {
        let source = self.tables.sources.get(row.at.file);
        let header = source.and_then(|s| s.text.lines().next()).unwrap_or("");
        let column = header.split(',').position(|name| name.trim() == wanted);
        self.place(row.at, column.unwrap_or(usize::MAX))
    }

    fn criteria(&mut self) -> Vec<Criterion> {
        let mut criteria: Vec<Criterion> = Vec::new();
        let tables = self.tables;
        for row in tables
            .content
            .weights
            .iter()
            .filter(|row| !row.criterion.is_empty())
        {
            let name = &row.criterion;
            if is_cost(name) {
                let fault = Diagnostic::error("E707", "cost is given a weight")
                    .at(&self.weight_place(row, "criterion"))
                    .expected("criteria of what is achieved: cost is set against the value, not added to it")
                    .found(format!("`{name}`"))
                    .hint("take this row away; the column `cost` of the scores is shown beside the value");
                self.faults.push(fault);
                continue;
            }
            if criteria.iter().any(|other| other.id == *name) {
                let fault =
                    Diagnostic::error("E701", format!("the weight of `{name}` stands twice"))
                        .at(&self.weight_place(row, "criterion"))
                        .expected("each criterion once")
                        .found(format!("`{name}` again"))
                        .hint("take one of the rows away");
                self.faults.push(fault);
                continue;
            }
            if row.weight < 0.0 {
                let fault = Diagnostic::error("E303", format!("the weight of `{name}` is below 0"))
                    .at(&self.weight_place(row, "weight"))
                    .expected("0 or more")
                    .found(row.weight.to_string())
                    .hint("where less is better, write `lower` under `direction`, with `low` and `high`");
                self.faults.push(fault);
            }
            let points = value_function(row).unwrap_or_else(|wrong| {
                let place = self.weight_place(row, wrong.column);
                self.faults.push(wrong.fault.at(&place));
                Vec::new()
            });
            criteria.push(Criterion {
                id: name.clone(),
                weight: row.weight,
                points,
            });
        }
        criteria
    }

    fn check_total(&mut self, total: f64, is_scaled: bool) {
        let weights = &self.tables.content.weights;
        let Some(first) = weights.first().filter(|_| !total.is_nan()) else {
            return;
        };
        if is_whole(total) || (is_scaled && total > 0.0 && total.is_finite()) {
            return;
        }
        let fault = Diagnostic::error("E705", "the weights do not sum to one")
            .at(&self.weight_place(first, "weight"))
            .expected(match is_scaled {
                true => "weights of which one is above 0",
                false => "a sum of 1, or of 100",
            })
            .found(format!("a sum of {}", (total * 1e9).round() / 1e9))
            .hint("give --scale-weights where the weights are as people judged them, such as 100 for the widest swing");
        self.faults.push(fault);
    }

    /// Every scored criterion has a weight, and every weight somebody's score.
    fn check_criteria(&mut self, criteria: &[Criterion]) {
        let tables = self.tables;
        let mut unknown: Vec<&str> = Vec::new();
        for row in &tables.content.scores {
            let name = row.criterion.as_str();
            let is_known = is_cost(name) || criteria.iter().any(|c| c.id == name);
            // A row without a criterion has been reported where it was read.
            if is_known || unknown.contains(&name) || (name.is_empty() && row.value.is_nan()) {
                continue;
            }
            unknown.push(name);
            let (at, column) = row.criterion_at;
            let fault = Diagnostic::error("E706", format!("no weight for the criterion `{name}`"))
                .at(&self.place(at, column))
                .expected(format!("one of {}", names(criteria)))
                .found(format!("`{name}`"))
                .nearest(name, criteria.iter().map(|c| c.id.as_str()))
                .hint("add its weight (0 leaves it out of the value), or take it away");
            self.faults.push(fault);
        }
        for row in &tables.content.weights {
            let name = &row.criterion;
            let is_misspelt = nearest(name, unknown.iter().copied()).is_some();
            if self.is_scored(name) || is_cost(name) || name.is_empty() || is_misspelt {
                continue;
            }
            let fault = Diagnostic::error("E706", format!("no option has a score on `{name}`"))
                .at(&self.weight_place(row, "criterion"))
                .expected("a score of every option")
                .found("none")
                .hint("add the scores, or take the weight away");
            self.faults.push(fault);
        }
    }

    fn is_scored(&self, criterion: &str) -> bool {
        let rows = &self.tables.content.scores;
        rows.iter().any(|row| row.criterion == criterion)
    }

    /// The scores by option and criterion, and the costs.
    fn options(
        &mut self,
        criteria: &[Criterion],
    ) -> (Vec<String>, Vec<Vec<f64>>, Option<Vec<f64>>) {
        let tables = self.tables;
        let rows = &tables.content.scores;
        let mut options: Vec<&ScoreRow> = Vec::new();
        let mut found: BTreeMap<(&str, &str), &ScoreRow> = BTreeMap::new();
        for row in rows.iter().filter(|row| !row.option.is_empty()) {
            if !options.iter().any(|first| first.option == row.option) {
                options.push(row);
            }
            let criterion = match is_cost(&row.criterion) {
                true => COST_COLUMN,
                false => row.criterion.as_str(),
            };
            if let Some(first) = found.insert((&row.option, criterion), row) {
                let line = tables.sources.file_and_line(first.at);
                let message = format!("`{}` is scored twice on `{criterion}`", row.option);
                let fault = Diagnostic::error("E701", message)
                    .at(&self.place(row.at, row.column))
                    .expected("one score for each option and criterion")
                    .found(format!("another at {line}"))
                    .hint("take one of them away");
                self.faults.push(fault);
            }
        }
        let has_costs = rows.iter().any(|row| is_cost(&row.criterion));
        let is_sound = tables.faults.is_empty();
        let mut score = |option: &ScoreRow, criterion: &str| {
            if let Some(row) = found.get(&(option.option.as_str(), criterion)) {
                return row.value;
            }
            // A row that could not be read may be the one that is missing.
            let is_scored = rows
                .iter()
                .any(|row| row.criterion.eq_ignore_ascii_case(criterion));
            if is_sound && is_scored {
                let message = format!("`{}` has no score on `{criterion}`", option.option);
                let fault = Diagnostic::error("E706", message)
                    .at(&tables.sources.cell(option.at, option.criterion_at.1))
                    .expected("a score for every option and criterion")
                    .found("none")
                    .hint("add the score, or take the weight away");
                self.faults.push(fault);
            }
            f64::NAN
        };
        let by_option = |option: &&ScoreRow| -> Vec<f64> {
            criteria.iter().map(|c| score(option, &c.id)).collect()
        };
        let scores = options.iter().map(by_option).collect();
        let costs = has_costs.then(|| options.iter().map(|o| score(o, COST_COLUMN)).collect());
        let ids = options.iter().map(|row| row.option.clone()).collect();
        (ids, scores, costs)
    }

    /// A score beyond its scale has no value.
    fn check_range(&mut self, criteria: &[Criterion]) {
        for row in &self.tables.content.scores {
            let Some(criterion) = criteria.iter().find(|c| c.id == row.criterion) else {
                continue;
            };
            let (Some(first), Some(last)) = (criterion.points.first(), criterion.points.last())
            else {
                continue;
            };
            if row.value < first.0 || row.value > last.0 {
                let fault = Diagnostic::error(
                    "E708",
                    format!("a score outside the scale of `{}`", criterion.id),
                )
                .at(&self.place(row.at, row.column))
                .expected(format!("a score from {} to {}", first.0, last.0))
                .found(row.value.to_string())
                .hint("widen the scale of the criterion, which every option then shares");
                self.faults.push(fault);
            }
        }
    }
}

fn names(criteria: &[Criterion]) -> String {
    let names: Vec<&str> = criteria.iter().map(|c| c.id.as_str()).collect();
    names.join(", ")
}
