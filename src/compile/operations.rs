//! Changes to parameters and quantities: their numbers, their sources and their effect.

use super::options::{Draft, Scope, operation_words};
use super::rows::{number_of, out_of_bounds};
use super::{Change, Compiler, Keys, Operation, ParameterIdx, PlanOption, Stratum, Target};
use crate::diagnostic::Diagnostic;
use crate::document::{At, OperationFile, Part, Text};
use crate::quantity::{Month, Unit};

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
            // What uses it may stand where something could not be read.
            self.check_number(draft, file, &unit);
            if self.are_users_sound() {
                self.no_effect(draft.file.at, format!("nothing uses `{id}`"));
            }
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
        let source = self.source_of(draft, file.source.as_ref(), file.by.at);
        let (operation, source) = (self.operation(file, unit)?, source?);
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

    pub(super) fn operation(&mut self, file: &OperationFile, unit: &Unit) -> Option<Operation> {
        let by = file.by.value;
        // A number that could not be read has been reported.
        if by.is_nan() {
            return None;
        }
        let expected = match file.kind {
            "set" => out_of_bounds(unit, by),
            "multiply" if by < 0.0 => Some("0 or more".to_owned()),
            _ => None,
        };
        if let Some(expected) = expected {
            let fault = Diagnostic::error("E303", format!("`{}` is outside its limits", file.kind))
                .expected(expected)
                .found(by.to_string())
                .hint(match file.kind {
                    "set" if *unit == Unit::Places && by < 0.0 => {
                        "`set = 0` closes the service; `add` takes places away"
                    }
                    "set" => "`set` replaces the number; `multiply` and `add` start from it",
                    _ => "`multiply = 0.9` lowers by a tenth, `add` may be below 0",
                });
            self.report(file.by.at, fault);
            return None;
        }
        Some(match file.kind {
            "set" => Operation::Set(by),
            "multiply" => Operation::Multiply(by),
            _ => Operation::Add(by),
        })
    }

    /// Whether everything that may name a parameter could be read.
    fn are_users_sound(&self) -> bool {
        use Part::{Costs, Model, Outcomes, Services};
        let parts = [Model, Services, Outcomes, Costs];
        !parts
            .iter()
            .any(|part| self.documents.unread.contains(part))
            && ["model.toml", "services.toml", "outcomes.toml", "costs.toml"]
                .iter()
                .all(|file| self.is_sound(file))
    }

    /// Whether the areas and the strata could be read.
    fn are_people_known(&self) -> bool {
        let unread = &self.documents.unread;
        self.are_areas_known
            && !unread.contains(&Part::Areas)
            && !unread.contains(&Part::Model)
            && self.is_sound("model.toml")
            && self.is_sound("areas.csv")
    }

    /// Whether reading this file found nothing wrong in it.
    pub(super) fn is_sound(&self, file: &str) -> bool {
        let is_there = |fault: &Diagnostic| {
            let place = fault.place.as_ref();
            place.is_some_and(|place| place.file.rsplit(['/', '\\']).next() == Some(file))
        };
        !self.documents.faults.iter().any(is_there)
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
        let mut wrong = None;
        let (keys, values) = self.values_before(&change, &option.changes);
        let n_values = values.len();
        for (before, stratum, month) in values {
            let after = change.operation.on(before);
            // A value that is not known belongs to a fault that has been reported.
            has_effect |= before.is_nan() || (after - before).abs() > SAME * before.abs().max(SAME);
            if wrong.is_none() && out_of_bounds(unit, after).is_some() {
                wrong = Some((after, stratum, month));
            }
        }
        // Of nobody nothing can be said: who there is may stand where something could not be read.
        let is_known = n_values > 0 || self.are_people_known();
        if !has_effect && is_known {
            let found = format!("{}: it is so already, wherever this applies", change.words);
            self.no_effect(at, found);
            return;
        }
        if let Some((after, stratum, month)) = wrong {
            let who = self.plan.words(keys, stratum);
            let message = format!("the change leads to {} that cannot be", number_of(unit));
            let fault = Diagnostic::error("E303", message)
                .expected(out_of_bounds(unit, after).unwrap_or_default())
                .found(format!("{after} for {who} in {month}"))
                .hint("take a smaller step, or say with `where` and `areas` for whom the change is meant");
            self.report(at, fault);
            return;
        }
        option.changes.push(change);
    }

    /// The central values that a change meets, whose they are and when.
    fn values_before(&self, change: &Change, earlier: &[Change]) -> (Keys, Vec<Met>) {
        let (keys, parameters) = match change.target {
            Target::Parameter(parameter) => (self.plan.parameters[parameter].keys, vec![parameter]),
            Target::Quantity(quantity) => {
                let quantity = &self.plan.quantities[quantity];
                (quantity.keys, quantity.factors.clone())
            }
            // What is only ever held meets no value.
            Target::Population | Target::Walks => return (Keys::default(), Vec::new()),
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
                    Target::Population | Target::Walks => continue,
                };
                values.push((value, stratum, month));
            }
        }
        (keys, values)
    }
}

/// A value that a change meets.
type Met = (f64, Stratum, Month);
