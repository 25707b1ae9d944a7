//! Changes to parameters and to the parts of a service.

use super::options::{Draft, Scope, operation_words};
use super::parameters::out_of_bounds;
use super::{
    Change, Compiler, Keys, Operation, ParameterIdx, PlanOption, QuantityIdx, Service, Target,
};
use crate::diagnostic::Diagnostic;
use crate::document::{At, OperationFile, Text, WhatFile};
use crate::quantity::Unit;

/// Two values this near to each other are the same.
const SAME: f64 = 1e-12;

impl Compiler<'_> {
    /// A change to a parameter or a rule.
    pub(super) fn change_parameter(
        &mut self,
        draft: &Draft<'_>,
        parameter: ParameterIdx,
        file: &OperationFile,
        option: &mut PlanOption,
    ) {
        let described = &self.plan.parameters[parameter];
        let (id, unit) = (described.id.clone(), described.unit.clone());
        let reaches = draft
            .file
            .reaches_everyone
            .unwrap_or(described.reaches_everyone);
        if described.used_by.is_empty() {
            self.no_effect(draft.file.at, format!("nothing uses `{id}`"));
            return;
        }
        let target = Target::Parameter(parameter);
        let change = self.change(draft, target, file, &draft.scope, &id, &unit);
        if let Some(mut change) = change {
            change.reaches_everyone = reaches;
            self.push_change(change, file.by.at, &unit, option);
        }
    }

    /// A change of one operation; `None` when its number or its source is at fault.
    pub(super) fn change(
        &mut self,
        draft: &Draft<'_>,
        target: Target,
        file: &OperationFile,
        scope: &Scope,
        name: &str,
        unit: &Unit,
    ) -> Option<Change> {
        let source = self.source_of(draft, file.source.as_ref(), file.by.at)?;
        let operation = self.operation(file, unit)?;
        let whom = self.scope_words(scope);
        Some(Change {
            from: draft.from,
            target,
            area: scope.area.clone(),
            sex: scope.sex,
            age: scope.age,
            priors: scope.priors,
            operation,
            reaches_everyone: draft.file.reaches_everyone.unwrap_or(false),
            source,
            words: format!(
                "{name} {} from {}{whom}",
                operation_words(operation),
                draft.from
            ),
        })
    }

    /// The source of an operation, or of the whole change; nothing changes without one.
    pub(super) fn source_of(
        &mut self,
        draft: &Draft<'_>,
        own: Option<&Text>,
        at: At,
    ) -> Option<String> {
        let source = own
            .or(draft.file.source.as_ref())
            .filter(|source| !source.is_missing());
        if source.is_none() {
            let fault = Diagnostic::error("E504", "a change without a source")
                .expected("`source = \"…\"`: where the number comes from")
                .found("none")
                .hint("an assumption has a source too: `source = \"our assumption, agreed on …\"`");
            self.report(at, fault);
        }
        source.map(|source| source.value.clone())
    }

    fn operation(&mut self, file: &OperationFile, unit: &Unit) -> Option<Operation> {
        let by = file.by.value;
        let expected = match file.kind {
            "set" => out_of_bounds(unit, by),
            "multiply" if by < 0.0 => Some("0 or more".to_owned()),
            _ => None,
        };
        if let Some(expected) = expected {
            let fault = Diagnostic::error("E303", format!("`{}` is outside its limits", file.kind))
                .expected(expected)
                .found(by.to_string());
            self.report(file.by.at, fault);
            return None;
        }
        Some(match file.kind {
            "set" => Operation::Set(by),
            "multiply" => Operation::Multiply(by),
            _ => Operation::Add(by),
        })
    }

    fn scope_words(&self, scope: &Scope) -> String {
        let strata = &self.plan.strata;
        let mut words: Vec<String> = Vec::new();
        let areas = scope.area.iter().flatten();
        words.extend(areas.map(|area| self.plan.areas[*area].name.clone()));
        words.extend(scope.sex.map(|sex| strata.sexes[sex].clone()));
        words.extend(scope.age.map(|age| format!("age {}", strata.ages[age].id)));
        words.extend(
            scope
                .priors
                .map(|priors| format!("{} priors", strata.priors[priors].id)),
        );
        match words.is_empty() {
            true => String::new(),
            false => format!(" for {}", words.join(", ")),
        }
    }

    /// Adds a change once it is known to have an effect and to stay within bounds.
    pub(super) fn push_change(
        &mut self,
        change: Change,
        at: At,
        unit: &Unit,
        option: &mut PlanOption,
    ) {
        let mut has_effect = false;
        let mut wrong: Option<(f64, String)> = None;
        for (before, words) in self.values_before(&change, &option.changes) {
            let after = change.operation.on(before);
            // A value that is not known belongs to a fault that has been reported.
            has_effect |= before.is_nan() || (after - before).abs() > SAME * before.abs().max(SAME);
            let is_within = after.is_nan() || out_of_bounds(unit, after).is_none();
            if !is_within && wrong.is_none() {
                wrong = Some((after, words));
            }
        }
        if !has_effect {
            let found = format!("{}: it is so already, wherever this applies", change.words);
            self.no_effect(at, found);
            return;
        }
        if let Some((after, words)) = wrong {
            let fault = Diagnostic::error(
                "E303",
                format!("the change leads to a {unit} that cannot be"),
            )
            .expected(out_of_bounds(unit, after).unwrap_or_default())
            .found(format!("{after} for {words}"));
            self.report(at, fault);
            return;
        }
        option.changes.push(change);
    }

    /// The central values that a change meets, and whose they are.
    fn values_before(&self, change: &Change, earlier: &[Change]) -> Vec<(f64, String)> {
        let (keys, parameters) = match change.target {
            Target::Parameter(parameter) => (self.plan.parameters[parameter].keys, vec![parameter]),
            Target::Quantity(quantity) => {
                let quantity = &self.plan.quantities[quantity];
                (quantity.keys, quantity.factors.clone())
            }
        };
        let earlier_keys = earlier.iter().filter(|c| c.target == change.target);
        let keys: Keys = earlier_keys.fold(keys.or(change.keys()), |keys, c| keys.or(c.keys()));
        let months = self
            .plan
            .parameter_breakpoints(parameters.into_iter(), change.from);
        let mut values = Vec::new();
        for stratum in self.plan.strata_over(keys) {
            for &month in &months {
                if !change.applies(stratum, month) {
                    continue;
                }
                let value = match change.target {
                    Target::Parameter(parameter) => {
                        self.plan.central(parameter, stratum, month, earlier)
                    }
                    Target::Quantity(quantity) => {
                        self.plan.central_product(quantity, stratum, month, earlier)
                    }
                };
                values.push((
                    value,
                    format!("{} in {month}", self.plan.words(keys, stratum)),
                ));
            }
        }
        values
    }

    /// A change to a service: its arrangement first, then its parts.
    pub(super) fn change_service(&mut self, draft: &Draft<'_>, option: &mut PlanOption) {
        let WhatFile::Service {
            service,
            operations,
            access,
            arrangement,
        } = &draft.file.what
        else {
            return;
        };
        let services = &self.documents.services;
        let Some(index) = services
            .iter()
            .position(|file| file.id.value == service.value)
        else {
            let ids: Vec<&str> = services.iter().map(|file| file.id.as_str()).collect();
            self.unknown("E205", "service", service, &ids);
            return;
        };
        if operations.is_empty() && access.is_empty() && arrangement.is_none() {
            self.no_effect(
                draft.file.at,
                format!("nothing about `{}` is said to differ", service.value),
            );
            return;
        }
        let mut pool = None;
        if let Some(arrangement) = arrangement {
            pool = self.arrange(draft, index, arrangement, option);
            if operations.is_empty() && access.is_empty() {
                self.source_of(draft, None, arrangement.at);
            }
        }
        for (part, operation, at) in operations {
            let Some(operation) = operation else {
                continue;
            };
            if *part == "places" {
                self.change_places(draft, index, operation, pool.as_deref(), option);
                continue;
            }
            let Some(quantity) = part_of(&self.plan.services[index], part) else {
                continue;
            };
            self.change_part(
                draft,
                quantity,
                (part, *at),
                operation,
                &draft.scope,
                option,
            );
        }
        for (area, operation) in access {
            let area = self.scenario_area(area);
            if let (Some(area), Some(operation)) = (area, operation) {
                let scope = Scope {
                    area: Some(vec![area]),
                    ..Scope::default()
                };
                let uptake = self.plan.services[index].uptake;
                self.change_part(
                    draft,
                    uptake,
                    ("access", operation.by.at),
                    operation,
                    &scope,
                    option,
                );
            }
        }
    }

    fn change_part(
        &mut self,
        draft: &Draft<'_>,
        quantity: QuantityIdx,
        (part, at): (&str, At),
        file: &OperationFile,
        scope: &Scope,
        option: &mut PlanOption,
    ) {
        let described = &self.plan.quantities[quantity];
        let unit = described.unit.clone();
        let name = described
            .id
            .trim_start_matches("service.")
            .replace('.', ": ");
        if described.factors.is_empty() && described.scale == 0.0 {
            self.no_effect(
                at,
                format!("the model says nothing about `{part}` of this service"),
            );
            return;
        }
        let change = self.change(draft, Target::Quantity(quantity), file, scope, &name, &unit);
        if let Some(change) = change {
            self.push_change(change, file.by.at, &unit, option);
        }
    }
}

fn part_of(service: &Service, part: &str) -> Option<QuantityIdx> {
    match part {
        "uptake" => Some(service.uptake),
        "patience" => Some(service.patience),
        "support" => service.support.mean(),
        "completion" => Some(service.completion),
        "meets_need" => Some(service.meets_need),
        "hazard_ratio" => Some(service.hazard_ratio),
        _ => Some(service.effect_after),
    }
}
