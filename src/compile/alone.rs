//! What can be said of a change by itself, when what it is about is not known: its numbers, sources and pools.

use super::Compiler;
use super::options::{Draft, Scope};
use crate::document::{ArrangementFile, OperationFile, WhatFile};
use crate::quantity::Unit;

impl Compiler<'_> {
    /// Reports the unknown names of a change: of its service, parameter or rule, and of its groups.
    pub(super) fn check_names(&mut self, draft: &Draft<'_>) {
        match &draft.file.what {
            WhatFile::Unclear(parts) => parts.iter().for_each(|what| self.check_names_of(what)),
            what => self.check_names_of(what),
        }
    }

    fn check_names_of(&mut self, what: &WhatFile) {
        match what {
            WhatFile::Unclear(_) => {}
            WhatFile::Parameter {
                parameter, scope, ..
            } => {
                self.changed(parameter, scope);
                self.take_scope(scope, &mut Scope::default());
            }
            WhatFile::Rule { rule, .. } => {
                self.rule_of(rule);
            }
            WhatFile::Service { service, .. } => {
                self.service_of(service);
            }
        }
    }

    /// Reports the faults of a change whose service, parameter, rule, group or area is unknown.
    pub(super) fn check_alone(&mut self, draft: &Draft<'_>) {
        match &draft.file.what {
            WhatFile::Unclear(parts) => {
                for what in parts {
                    self.check_alone_of(draft, what);
                }
            }
            what => self.check_alone_of(draft, what),
        }
    }

    fn check_alone_of(&mut self, draft: &Draft<'_>, what: &WhatFile) {
        match what {
            WhatFile::Unclear(_) => {}
            WhatFile::Parameter {
                parameter: name,
                operation,
                ..
            }
            | WhatFile::Rule {
                rule: name,
                operation,
            } => {
                let index = self.parameter_ids.get(&name.value);
                let unit = index.map(|index| self.plan.parameters[*index].unit.clone());
                if let Some(operation) = operation {
                    self.check_number(draft, operation, &unit.unwrap_or(Unit::Ratio));
                }
            }
            WhatFile::Service {
                operations,
                access,
                arrangement,
                service,
            } => {
                for (part, operation, _) in operations {
                    if let Some(operation) = operation {
                        self.check_part(draft, part, operation);
                    }
                }
                for (area, operation) in access {
                    self.scenario_area(area);
                    if let Some(operation) = operation {
                        self.check_number(draft, operation, &Unit::Share);
                    }
                }
                let says_parts = !operations.is_empty() || !access.is_empty();
                if let Some(arrangement) = arrangement {
                    self.check_pool(arrangement);
                    if !says_parts {
                        self.source_of(draft, None, arrangement.at);
                    }
                } else if !says_parts && !service.is_missing() {
                    self.says_nothing(draft, service);
                }
            }
        }
    }

    fn check_part(&mut self, draft: &Draft<'_>, part: &str, file: &OperationFile) {
        let unit = match part {
            "places" => Unit::Places,
            "uptake" | "completion" | "meets_need" => Unit::Share,
            _ => Unit::Ratio,
        };
        if part == "places" {
            self.is_whole(file);
        }
        self.check_number(draft, file, &unit);
    }

    /// A pool by itself: its areas, each once, and its host among them.
    fn check_pool(&mut self, file: &ArrangementFile) {
        if !file.is_local {
            let local: Vec<usize> = (0..self.plan.areas.len()).collect();
            self.pool(file, &local);
        }
    }

    /// The number and the source of an operation, and that it is not idle whatever it is applied to.
    pub(super) fn check_number(&mut self, draft: &Draft<'_>, file: &OperationFile, unit: &Unit) {
        self.source_of(draft, file.source.as_ref(), file.by.at);
        if self.operation(file, unit).is_none() {
            return;
        }
        let by = file.by.value;
        if (file.kind, by) == ("multiply", 1.0) || (file.kind, by) == ("add", 0.0) {
            let found = format!("{} = {by}: everything stays as it is", file.kind);
            self.no_effect(file.by.at, found);
        }
    }
}
