//! Options: changes in order of date, one-off costs, and when an option begins to differ.

use super::{Change, Compiler, Operation, ParameterIdx, PlanOption};
use crate::diagnostic::Diagnostic;
use crate::document::{At, ChangeFile, OptionFile, Spanned, Text, WhatFile};
use crate::quantity::Month;

/// The scope of a change once its names are known.
#[derive(Clone, Default)]
pub(super) struct Scope {
    pub area: Option<Vec<usize>>,
    pub sex: Option<usize>,
    pub age: Option<usize>,
    pub priors: Option<usize>,
}

/// A change while it is being made.
pub(super) struct Draft<'f> {
    pub file: &'f ChangeFile,
    pub from: Month,
    pub scope: Scope,
}

impl Compiler<'_> {
    /// Every option, and which one the others are compared with.
    pub(super) fn take_options(&mut self) {
        let scenario = &self.documents.scenario;
        self.check_unique("option", scenario.options.iter().map(|option| &option.id));
        for file in &scenario.options {
            let option = self.take_option(file);
            self.plan.options.push(option);
        }
        if scenario.options.is_empty() {
            let (id, title) = (
                scenario.comparator.value.clone(),
                "Business as usual".to_owned(),
            );
            let option = self.empty_option(id, title);
            self.plan.options.push(option);
        }
        let found = self
            .plan
            .options
            .iter()
            .position(|option| option.id == scenario.comparator.value);
        if found.is_none() {
            let ids: Vec<&str> = scenario
                .options
                .iter()
                .map(|option| option.id.as_str())
                .collect();
            match scenario.comparator.at.start == scenario.comparator.at.end {
                true => self.no_usual(&scenario.options[0], &ids),
                false => self.unknown("E210", "option", &scenario.comparator, &ids),
            }
        }
        self.plan.comparator = found.unwrap_or(0);
        self.widen_keys();
        self.take_differences();
    }

    /// No option has the id of the comparator that is meant where the scenario names none.
    fn no_usual(&mut self, first: &OptionFile, ids: &[&str]) {
        let usual = self.documents.scenario.comparator.value.clone();
        if !self.may_report(("E210", "option"), &usual, ids) {
            return;
        }
        let fault = Diagnostic::error("E210", format!("no option is called `{usual}`"))
            .expected(format!(
                "an option `{usual}`, with which the others are compared, or `comparator = …` in the scenario, which names one of {}",
                ids.join(", ")
            ))
            .found(format!("`{}`", ids.join("`, `")))
            .hint(format!("write the id `{usual}` where that option stands, or name another in the scenario"));
        self.report(first.id.at, fault);
    }

    fn empty_option(&self, id: String, title: String) -> PlanOption {
        let local: Vec<usize> = (0..self.plan.areas.len()).collect();
        PlanOption {
            id,
            title,
            changes: Vec::new(),
            guaranteed: vec![
                vec![(self.plan.history_from, vec![0; local.len()])];
                self.documents.services.len()
            ],
            pools: vec![vec![(self.plan.history_from, local)]; self.documents.services.len()],
            pooled_places: Vec::new(),
            costs: Vec::new(),
            differs_from: None,
        }
    }

    fn take_option(&mut self, file: &OptionFile) -> PlanOption {
        let mut option = self.empty_option(file.id.value.clone(), file.title.value.clone());
        let mut dated: Vec<(Month, &ChangeFile)> = Vec::new();
        let mut undated: Vec<(Month, &ChangeFile)> = Vec::new();
        for change in &file.changes {
            match &change.from {
                Some(from) => {
                    self.check_month(from);
                    dated.push((from.value, change));
                }
                None => undated.push((self.plan.start, change)),
            }
        }
        // A change whose month could not be read is looked at by itself, so that its other faults are named too.
        for (from, change) in undated {
            let mut alone = option.clone();
            self.take_dated(from, change, &mut alone);
        }
        dated.sort_by_key(|(from, _)| *from);
        for (from, change) in dated {
            self.take_dated(from, change, &mut option);
        }
        option.changes.sort_by_key(|change| change.from);
        for cost in &file.costs {
            self.take_own_cost(cost, &mut option);
        }
        self.check_priced(file, &option);
        self.check_differs(file);
        option
    }

    /// An option beside business as usual that has neither changes nor costs is the same under another name.
    fn check_differs(&mut self, file: &OptionFile) {
        let is_usual = file.id.value == self.documents.scenario.comparator.value;
        if is_usual || !file.changes.is_empty() || !file.costs.is_empty() {
            return;
        }
        let message = format!("the option `{}` changes nothing", file.id.value);
        let fault = Diagnostic::warning("E503", message)
            .expected("a change or a cost in which it differs from business as usual")
            .found("none")
            .hint("say what it changes, or take it away");
        self.report(file.id.at, fault);
    }

    fn take_dated(&mut self, from: Month, change: &ChangeFile, option: &mut PlanOption) {
        let area = self.area_scope(change);
        let is_known = area.is_some();
        let scope = Scope {
            area: area.flatten(),
            ..Scope::default()
        };
        let draft = Draft {
            file: change,
            from,
            scope,
        };
        match is_known {
            true => self.take_change(draft, option),
            false => {
                self.check_names(&draft);
                self.check_alone(&draft);
            }
        }
    }

    /// A change or a cost must fall within the forecast.
    pub(super) fn check_month(&mut self, from: &Spanned<Month>) {
        if !self.is_start_known {
            return;
        }
        let (start, end) = (self.plan.start, self.plan.end);
        let (code, message, hint) = match from.value {
            month if month < start => (
                "E501",
                "a change before the forecast begins",
                "let the change begin with the forecast, or move the scenario's `start`",
            ),
            month if month >= end && self.are_months_known => (
                "E502",
                "a change after the forecast ends",
                "choose an earlier month, or ask for more `years`",
            ),
            _ => return,
        };
        let fault = Diagnostic::error(code, message)
            .expected(match self.are_months_known {
                true => format!("a month from {start} to {}", self.last_month()),
                false => format!("a month from {start} on"),
            })
            .found(from.value.to_string())
            .hint(hint);
        self.report(from.at, fault);
    }

    /// The areas that a change names; `None` when something is wrong with them.
    fn area_scope(&mut self, change: &ChangeFile) -> Option<Option<Vec<usize>>> {
        let Some(names) = &change.areas else {
            return Some(None);
        };
        if names.is_empty() {
            self.no_effect(change.at, "it names no area".to_owned());
            return None;
        }
        let areas: Vec<Option<usize>> = names.iter().map(|name| self.scenario_area(name)).collect();
        let areas: Option<Vec<usize>> = areas.into_iter().collect();
        areas.map(Some)
    }

    /// Reports a change that changes nothing.
    pub(super) fn no_effect(&mut self, at: At, why: String) {
        let fault = Diagnostic::error("E503", "a change that changes nothing")
            .expected("a change with an effect somewhere in the forecast")
            .found(why)
            .hint("take the change away, or say what should differ");
        self.report(at, fault);
    }

    fn take_change(&mut self, mut draft: Draft<'_>, option: &mut PlanOption) {
        if self.is_left_out(draft.file) {
            return self.check_alone(&draft);
        }
        match &draft.file.what {
            WhatFile::Unclear(_) => {
                self.check_names(&draft);
                self.check_alone(&draft);
            }
            WhatFile::Parameter {
                parameter,
                scope,
                operation,
            } => {
                let indices = self.changed(parameter, scope);
                let is_known = self.take_scope(scope, &mut draft.scope);
                match operation {
                    Some(operation) if is_known && !indices.is_empty() => {
                        for index in indices {
                            self.change_parameter(&draft, index, operation, option);
                        }
                    }
                    _ => self.check_alone(&draft),
                }
            }
            WhatFile::Rule { rule, operation } => {
                let index = self.rule_of(rule);
                match (index, operation) {
                    (Some(index), Some(operation)) => {
                        self.change_parameter(&draft, index, operation, option);
                    }
                    _ => self.check_alone(&draft),
                }
            }
            WhatFile::Service { .. } => self.change_service(&draft, option),
        }
    }

    pub(super) fn rule_of(&mut self, name: &Text) -> Option<ParameterIdx> {
        let rules = &self.documents.rules;
        if rules.iter().any(|file| file.id.value == name.value) {
            return self.parameter(name);
        }
        let ids: Vec<&str> = rules.iter().map(|file| file.id.as_str()).collect();
        self.unknown("E208", "rule", name, &ids);
        None
    }

    /// The parameters that a change is about: one, or those of a table by duration.
    pub(super) fn changed(
        &mut self,
        name: &Text,
        scope: &[(&'static str, Text)],
    ) -> Vec<ParameterIdx> {
        let duration = scope.iter().find(|(key, _)| *key == "duration");
        let Some(family) = self.families.get(&name.value).cloned() else {
            if let Some((_, text)) = duration {
                let fault = Diagnostic::error("E415", format!("`{}` has no duration", name.value))
                    .expected("a table by duration, or no `duration` in `where`")
                    .found(format!("duration = \"{}\"", text.value));
                self.report(text.at, fault);
            }
            return self.parameter(name).into_iter().collect();
        };
        let Some((_, text)) = duration else {
            return family.parameters;
        };
        let steps = text.value.parse::<i32>().ok();
        let index = steps.and_then(|steps| usize::try_from(steps - family.from).ok());
        let found = index
            .and_then(|index| family.parameters.get(index))
            .copied();
        if found.is_none() {
            let last = family.from + family.parameters.len() as i32 - 1;
            let fault = Diagnostic::error("E209", format!("unknown duration `{}`", text.value))
                .expected(format!("a number of steps from {} to {last}", family.from))
                .found(format!("`{}`", text.value));
            self.report(text.at, fault);
        }
        found.into_iter().collect()
    }

    /// The groups that a change names; false when one is unknown.
    pub(super) fn take_scope(&mut self, names: &[(&'static str, Text)], scope: &mut Scope) -> bool {
        let mut is_known = true;
        for (key, name) in names {
            if *key == "duration" {
                continue;
            }
            if *key == "area" {
                let area = self.scenario_area(name);
                is_known &= area.is_some();
                scope.area = area.map(|area| vec![area]);
                continue;
            }
            let strata = &self.plan.strata;
            let ids: Vec<String> = match *key {
                "sex" => strata.sexes.clone(),
                "age" => strata.ages.iter().map(|band| band.id.clone()).collect(),
                _ => strata.priors.iter().map(|band| band.id.clone()).collect(),
            };
            let found = ids.iter().position(|id| *id == name.value);
            if found.is_none() {
                let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
                self.unknown("E209", &format!("{key} band"), name, &ids);
                is_known = false;
            }
            match *key {
                "sex" => scope.sex = found,
                "age" => scope.age = found,
                _ => scope.priors = found,
            }
        }
        is_known
    }

    /// A quantity depends on the keys of every change that touches it, under any option.
    fn widen_keys(&mut self) {
        let changes: Vec<Change> = self
            .plan
            .options
            .iter()
            .flat_map(|option| option.changes.clone())
            .collect();
        for change in changes {
            for index in 0..self.plan.quantities.len() {
                if change.target.is_of(&self.plan, index) {
                    let quantity = &mut self.plan.quantities[index];
                    quantity.keys = quantity.keys.or(change.keys());
                }
            }
        }
    }

    /// The first month in which each option, the comparator among them, differs from the model as it stands.
    fn take_differences(&mut self) {
        for option in &mut self.plan.options {
            option.differs_from = first_difference(option);
        }
    }
}

/// The first month of anything that an option changes.
pub(super) fn first_difference(option: &PlanOption) -> Option<Month> {
    let changes = option.changes.iter().map(|change| change.from);
    let pools = option
        .pools
        .iter()
        .flat_map(|dated| dated.iter().skip(1).map(|(from, _)| *from));
    let kept = option.guaranteed.iter().flatten();
    let kept = kept.filter(|(_, places)| places.iter().any(|places| *places > 0));
    let pools = pools.chain(kept.map(|(from, _)| *from));
    let costs = option.costs.iter().map(|cost| cost.from);
    changes.chain(pools).chain(costs).min()
}

/// An operation in words.
pub(super) fn operation_words(operation: Operation) -> String {
    match operation {
        Operation::Set(to) => format!("set to {to}"),
        Operation::Multiply(by) => format!("multiplied by {by}"),
        Operation::Add(by) if by < 0.0 => format!("lowered by {}", -by),
        Operation::Add(by) => format!("raised by {by}"),
        Operation::Hold(at) => format!("held as in {at}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_are_told_as_they_are_written() {
        let month = Month::new(2025, 4).unwrap();
        for (operation, words) in [
            (Operation::Set(3.0), "set to 3"),
            (Operation::Multiply(0.9), "multiplied by 0.9"),
            (Operation::Add(-0.5), "lowered by 0.5"),
            (Operation::Add(2.0), "raised by 2"),
            (Operation::Hold(month), "held as in 2025-04"),
        ] {
            assert_eq!(operation_words(operation), words);
        }
    }
}
