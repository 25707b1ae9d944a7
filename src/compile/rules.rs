//! Rules to parameters: fixed numbers with dates and citations.

use super::rows::{number_of, out_of_bounds};
use super::{Cell, Compiler, Evidence, Keys, Law, Parameter};
use crate::diagnostic::Diagnostic;
use crate::document::RuleFile;
use crate::quantity::{Grade, Unit};

impl Compiler<'_> {
    /// A rule as a parameter that everybody shares.
    pub(super) fn take_rule(&mut self, rule: &RuleFile) {
        let n_faults = self.faults.len();
        let unit = Unit::parse(&rule.unit.value);
        if unit.is_none() {
            self.unknown("E211", "unit", &rule.unit, &Unit::SPELLINGS);
        }
        let unit = unit.unwrap_or(Unit::Ratio);
        let index = self.plan.parameters.len();
        let mut dated: Vec<(_, usize)> = Vec::new();
        for value in &rule.values {
            let (Some(from), Some(number)) = (&value.from, &value.value) else {
                continue;
            };
            if let Some(expected) = out_of_bounds(&unit, number.value) {
                let fault =
                    Diagnostic::error("E303", format!("the value cannot be {}", number_of(&unit)))
                        .expected(expected)
                        .found(number.value.to_string());
                self.report(number.at, fault);
            }
            if dated.iter().any(|(month, _)| *month == from.value) {
                let fault = Diagnostic::error(
                    "E307",
                    format!("a second value of `{}` from the same month", rule.id.value),
                )
                .expected("one value for every month")
                .found(from.value.to_string());
                self.report(from.at, fault);
            }
            dated.push((from.value, self.plan.cells.len()));
            self.plan.cells.push(Cell {
                parameter: index,
                keys: String::new(),
                from: Some(from.value),
                value: number.value,
                law: Law::Fixed,
                interval: None,
                evidence: Evidence {
                    period: format!("from {}", from.value),
                    population: String::new(),
                    source: value.citation.value.clone(),
                    url: String::new(),
                    grade: Grade::Official,
                    note: rule.title.value.clone(),
                    place: self.documents.sources.file_and_line(value.at),
                },
            });
        }
        dated.sort_unstable();
        self.parameter_at.push(rule.id.at);
        self.is_broken
            .push(self.faults.len() > n_faults || dated.is_empty());
        self.plan.parameters.push(Parameter {
            id: rule.id.value.clone(),
            unit,
            keys: Keys::default(),
            cells: vec![dated],
            is_law: true,
            reaches_everyone: rule.reaches_everyone,
            used_by: Vec::new(),
        });
    }
}
