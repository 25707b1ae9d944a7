//! Inflows, the clock, deaths, and what is drawn on entering.

use super::quantities::Want;
use super::{Clock, Compiler, Inflow, Prevalence};
use crate::diagnostic::Diagnostic;
use crate::document::{ClockFile, Text};

impl Compiler<'_> {
    /// Inflows.
    pub(super) fn take_inflows(&mut self) {
        let inflows = &self.documents.model.inflows;
        self.check_unique("inflow", inflows.iter().map(|inflow| &inflow.id));
        for file in inflows {
            let id = format!("inflow.{}", file.id.value);
            let user = file.title.value.as_str();
            let rate = self.quantity(format!("{id}.rate"), &file.rate, Want::PerPerson, user);
            let priors = self.quantity(format!("{id}.priors"), &file.priors, Want::Share, user);
            let walk = file.walk.as_ref();
            let walk =
                walk.map(|walk| self.quantity(format!("{id}.walk"), walk, Want::Shape, user));
            if let Some(into) = self.state(&file.into) {
                let (id, title) = (file.id.value.clone(), file.title.value.clone());
                self.plan.inflows.push(Inflow {
                    id,
                    title,
                    into,
                    rate,
                    priors,
                    walk,
                });
            }
        }
    }

    /// The return clock.
    pub(super) fn take_clock(&mut self) {
        let Some(file) = &self.documents.model.clock else {
            return;
        };
        let fires_to = self.state(&file.fires_to);
        let runs_in = self.states(&file.runs_in);
        let user = file.title.value.as_str();
        let ends_after = self.quantity(
            "clock.ends_after".into(),
            &file.ends_after,
            Want::Time,
            user,
        );
        let shape = self.quantity("clock.shape".into(), &file.shape, Want::Shape, user);
        let (starts, started_by) = self.clock_starts(file, user);
        let modifiers = self.modifiers("clock", &file.modifiers, Want::HazardRatio, user);
        let within = file.within_months.as_ref();
        if let Some(within) = within.filter(|within| within.value <= 0.0) {
            let fault = Diagnostic::error("E303", "`within_months` is not a length of time")
                .expected("a number above 0")
                .found(within.value.to_string());
            self.report(within.at, fault);
        }
        self.plan.clock = Some(Clock {
            title: file.title.value.clone(),
            within_months: within.map_or(12.0, |within| within.value),
            ends_after,
            shape,
            fires_to: fires_to.unwrap_or(0),
            runs_in,
            started_by,
            starts,
            modifiers,
        });
    }

    #[allow(clippy::type_complexity)]
    fn clock_starts(
        &mut self,
        file: &ClockFile,
        user: &str,
    ) -> (Vec<(usize, Option<usize>)>, Vec<Option<usize>>) {
        let mut starts = Vec::new();
        let mut started_by: Vec<Option<usize>> = vec![None; self.documents.model.states.len()];
        for (index, start) in file.starts.iter().enumerate() {
            let id = format!(
                "clock.start.{}",
                start.entering.first().map_or("", Text::as_str)
            );
            let probability = self.quantity(id.clone(), &start.probability, Want::Share, user);
            let ratio = start.hazard_ratio.as_ref();
            let ratio = ratio.map(|ratio| {
                self.quantity(format!("{id}.hazard_ratio"), ratio, Want::Factor, user)
            });
            starts.push((probability, ratio));
            for name in &start.entering {
                let Some(state) = self.state(name) else {
                    continue;
                };
                if started_by[state].replace(index).is_some() {
                    let fault = Diagnostic::error(
                        "E109",
                        format!("`{}` starts the clock twice", name.value),
                    )
                    .expected("each state in one start at most")
                    .found("two");
                    self.report(name.at, fault);
                }
            }
        }
        (starts, started_by)
    }

    /// Deaths, prevalences and associations.
    pub(super) fn take_draws_on_entering(&mut self) {
        let model = &self.documents.model;
        let death = model.death.as_ref();
        self.plan.death =
            death.map(|rate| self.quantity("death.rate".into(), rate, Want::Hazard, "Deaths"));
        for file in &model.prevalences {
            let entering = self.states(&file.entering);
            let first = file.entering.first().map_or("", Text::as_str);
            let id = format!("prevalence.{}.{first}", file.need.value);
            let need = self.need(&file.need);
            let user = need.map_or(String::new(), |need| self.plan.needs[need].title.clone());
            let share = self.quantity(id, &file.share, Want::Share, &user);
            if let Some(need) = need {
                self.plan.prevalences.push(Prevalence {
                    entering,
                    need,
                    share,
                });
            }
        }
        for file in &model.associations {
            let [first, second] = &file.needs[..] else {
                continue;
            };
            let id = format!("association.{}.{}", first.value, second.value);
            let pair = (self.need(first), self.need(second));
            let ratio = self.quantity(id, &file.odds_ratio, Want::OddsRatio, "Needs together");
            if let (Some(first), Some(second)) = pair {
                self.plan.associations.push((first, second, ratio));
            }
        }
    }
}
