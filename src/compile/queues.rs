//! A journey without services, and what else expected flows must be spared.

use super::{Compiler, Plan, Stay};
use crate::diagnostic::Diagnostic;
use crate::document::{ChangeFile, Documents, WhatFile};

/// How the quantities of services begin.
const OF_SERVICES: &str = "service.";

impl Compiler<'_> {
    /// Takes the services away, once they have been looked at, where the scenario does without them; and what is
    /// charged on them.
    pub(super) fn leave_out_services(&mut self) {
        if self.documents.scenario.without_services.is_none() || self.plan.services.is_empty() {
            return;
        }
        self.plan.services.clear();
        for option in &mut self.plan.options {
            option.pools.clear();
            option.guaranteed.clear();
        }
        let measures: Vec<&str> = self.plan.measures.iter().map(|m| m.id.as_str()).collect();
        let standard = [
            "need_arising",
            "people_by_number_of_needs",
            "people_by_needs",
            "reconviction_cohort",
            "deaths",
        ];
        let costs = &mut self.plan.costs;
        costs.retain(|cost| {
            measures.contains(&cost.measure.as_str()) || standard.contains(&cost.measure.as_str())
        });
        self.plan.notes.push(
            "Services are left out, as the scenario says: a forecast of the journey alone, and nothing is charged on services."
                .to_owned(),
        );
    }

    /// Reports a change to a service, or to a number that only services use, where the scenario does without them.
    pub(super) fn is_left_out(&mut self, change: &ChangeFile) -> bool {
        if self.documents.scenario.without_services.is_none() {
            return false;
        }
        let found = match &change.what {
            WhatFile::Service { service, .. } => {
                format!("a change to the service `{}`", service.value)
            }
            WhatFile::Parameter {
                parameter: name, ..
            }
            | WhatFile::Rule { rule: name, .. } => {
                let Some(&parameter) = self.parameter_ids.get(&name.value) else {
                    return false;
                };
                let quantities = self.plan.quantities.iter();
                let mut users = quantities
                    .filter(|q| q.factors.contains(&parameter))
                    .peekable();
                if users.peek().is_none() || users.any(|q| !q.id.starts_with(OF_SERVICES)) {
                    return false;
                }
                format!("a change to `{}`, which only services use", name.value)
            }
            WhatFile::Unclear(_) => return false,
        };
        let fault = Diagnostic::error("E511", "a change to services in a scenario without them")
            .expected("changes to the journey, because of `services = \"none\"`")
            .found(found)
            .hint("take the change away, or `services = \"none\"`");
        self.report(change.at, fault);
        true
    }
}

/// Refuses to propagate as expectations what that would not be exact for: queues, whose waits are no linear thing,
/// and opening people under way in a stay that a date has read anew from a table.
///
/// # Errors
/// E424, with the place of the first service or state, naming them all.
pub fn check_expected(documents: &Documents, plan: &Plan) -> Result<(), Vec<Diagnostic>> {
    if let Some(first) = documents
        .services
        .first()
        .filter(|_| !plan.services.is_empty())
    {
        let names: Vec<&str> = plan
            .services
            .iter()
            .map(|service| service.id.as_str())
            .collect();
        let fault = Diagnostic::error("E424", "expected flows are not exact where people queue")
            .expected("a scenario without services")
            .found(format!("places, and so queues, of {}", names.join(", ")))
            .hint("write `services = \"none\"` in the scenario for a forecast of the journey alone")
            .hint("run it without --expected");
        return Err(vec![fault.at(&documents.sources.place(first.id.at))]);
    }
    for (state, file) in plan.states.iter().zip(&documents.model.states) {
        let is_under_way = state
            .opening
            .as_ref()
            .is_some_and(|opening| !opening.is_fresh);
        if is_under_way
            && matches!(state.stay, Stay::Listed(_))
            && reaches_everyone(plan, state.stay)
        {
            let fault = Diagnostic::error(
                "E424",
                "expected flows are not exact for these opening people",
            )
            .expected(
                "opening people who have just entered, or a table that reaches entrants alone",
            )
            .found(format!(
                "a change of the stay in `{}` that reaches people under way",
                state.id
            ))
            .hint("run it without --expected");
            return Err(vec![fault.at(&documents.sources.place(file.id.at))]);
        }
    }
    Ok(())
}

/// Whether a date or a change of any option may reach people in this stay.
fn reaches_everyone(plan: &Plan, stay: Stay) -> bool {
    let changes = || plan.options.iter().flat_map(|option| &option.changes);
    stay.lengths().any(|length| {
        let factors = &plan.quantities[length].factors;
        let is_dated = |factor: &usize| plan.parameters[*factor].reaches_everyone;
        factors.iter().any(is_dated) || changes().any(|change| change.reaches_everyone)
    })
}
