//! Changes to services: the arrangement first, then the parts, then the access of single areas.

use super::options::{Draft, Scope};
use super::{Compiler, PlanOption, QuantityIdx, Service, Target};
use crate::diagnostic::Diagnostic;
use crate::document::{ArrangementFile, At, OperationFile, Text, WhatFile};
use crate::quantity::Unit;

impl Compiler<'_> {
    /// A change to a service.
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
        let Some(index) = self.service_of(service) else {
            self.check_alone(draft);
            return;
        };
        let says_parts = !operations.is_empty() || !access.is_empty();
        if !says_parts && arrangement.is_none() {
            return self.says_nothing(draft, service);
        }
        let mut pool = None;
        if let Some(arrangement) = arrangement {
            pool = self.arrange(draft, index, arrangement, option);
            if !says_parts {
                self.source_of(draft, None, arrangement.at);
            }
        }
        for (part, operation, at) in operations {
            let quantity = part_of(&self.plan.services[index], part);
            match (*part, operation, quantity) {
                ("places", Some(operation), _) => {
                    self.change_places(draft, index, operation, pool.as_deref(), option);
                }
                (_, Some(operation), Some(quantity)) => {
                    let part = (*part, *at);
                    self.change_part(draft, quantity, part, operation, &draft.scope, option);
                }
                _ => {}
            }
        }
        if let (Some(arrangement), Some(pool)) = (arrangement, &pool) {
            self.check_kept(draft, index, arrangement, pool, option);
        }
        for (area, operation) in access {
            self.change_access(draft, index, (area, operation.as_ref()), option);
        }
    }

    /// A pool cannot keep more places for its areas than it has.
    fn check_kept(
        &mut self,
        draft: &Draft<'_>,
        service: usize,
        file: &ArrangementFile,
        pool: &[usize],
        option: &PlanOption,
    ) {
        let kept = option.kept(service, draft.from);
        let kept: u32 = pool.iter().filter_map(|area| kept.get(*area)).sum();
        let has = self
            .plan
            .pool_places(service, pool, draft.from, &option.changes);
        if kept > 0 && f64::from(kept) > has {
            let fault = Diagnostic::error("E551", "more places are kept than the pool has")
                .expected(format!("at most {has} places"))
                .found(kept.to_string());
            self.report(file.at, fault);
        }
    }

    /// Reports a change that names a service and nothing about it.
    pub(super) fn says_nothing(&mut self, draft: &Draft<'_>, service: &Text) {
        let found = format!("nothing about `{}` is said to differ", service.value);
        self.no_effect(draft.file.at, found);
    }

    pub(super) fn service_of(&mut self, name: &Text) -> Option<usize> {
        let services = &self.documents.services;
        let found = services.iter().position(|file| file.id.value == name.value);
        if found.is_none() {
            let ids: Vec<&str> = services.iter().map(|file| file.id.as_str()).collect();
            self.unknown("E205", "service", name, &ids);
        }
        found
    }

    /// Access is the uptake of one area.
    fn change_access(
        &mut self,
        draft: &Draft<'_>,
        service: usize,
        (area, operation): (&Text, Option<&OperationFile>),
        option: &mut PlanOption,
    ) {
        let area = self.scenario_area(area);
        let Some(operation) = operation else {
            return;
        };
        let Some(area) = area else {
            self.check_number(draft, operation, &Unit::Share);
            return;
        };
        let scope = Scope {
            area: Some(vec![area]),
            ..Scope::default()
        };
        let uptake = self.plan.services[service].uptake;
        let part = ("access", operation.by.at);
        self.change_part(draft, uptake, part, operation, &scope, option);
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
            self.check_number(draft, file, &unit);
            // What the model says may stand where something could not be read.
            if self.is_sound("services.toml") {
                let found = format!("the model says nothing about `{part}` of this service");
                self.no_effect(at, found);
            }
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
