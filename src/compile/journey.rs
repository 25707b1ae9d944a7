//! Inflows, the clock, deaths, and what is drawn on entering.

use super::quantities::Want;
use super::{Clock, ClockStart, Compiler, Inflow, Prevalence, QuantityIdx};
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
            let want = match file.is_of_people {
                true => Want::PerTime,
                false => Want::PerPerson,
            };
            let rate = self.quantity(format!("{id}.rate"), &file.rate, want, user);
            if file.is_of_people {
                self.check_shared(&file.id, rate, file.rate.at);
            }
            let priors = self.quantity(format!("{id}.priors"), &file.priors, Want::Share, user);
            let walk = file.walk.as_ref();
            let walk =
                walk.map(|walk| self.quantity(format!("{id}.walk"), walk, Want::Shape, user));
            let overdispersion = file.overdispersion.as_ref();
            let overdispersion = overdispersion
                .map(|more| self.quantity(format!("{id}.overdispersion"), more, Want::Shape, user));
            let season = file.season.as_ref();
            let season = season.and_then(|prefix| self.season(&id, prefix, user));
            if let Some(into) = self.state(&file.into) {
                let (id, title) = (file.id.value.clone(), file.title.value.clone());
                self.plan.inflows.push(Inflow {
                    id,
                    title,
                    into,
                    rate,
                    is_of_population: !file.is_of_people,
                    priors,
                    walk,
                    overdispersion,
                    season,
                });
            }
        }
    }

    /// People who enter by themselves, not per person, must be told apart by every stratum that there is.
    fn check_shared(&mut self, id: &Text, rate: QuantityIdx, at: crate::document::At) {
        let described = &self.plan.quantities[rate];
        let keys = described.keys;
        if described
            .factors
            .iter()
            .any(|factor| self.is_broken[*factor])
        {
            return;
        }
        let strata = &self.plan.strata;
        for (key, is_keyed, n) in [
            ("area", keys.area, self.plan.areas.len()),
            ("sex", keys.sex, strata.sexes.len()),
            ("age", keys.age, strata.ages.len()),
        ] {
            if !is_keyed && n > 1 {
                let fault = Diagnostic::error(
                    "E402",
                    format!(
                        "the people of inflow `{}` are not told apart by {key}",
                        id.value
                    ),
                )
                .expected(format!("a factor keyed by {key}, because there are {n}"))
                .found("the same number for each")
                .hint("multiply by shares that sum to one, such as a table of shares by area");
                self.report(at, fault);
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
        let (starts, started_by) = self.clock_starts(file, user, ends_after);
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
            within: within.map_or(12.0, |within| within.value) / self.plan.step.months(),
            ends_after,
            shape,
            fires_to: fires_to.unwrap_or(0),
            runs_in,
            started_by,
            starts,
            modifiers,
        });
    }

    fn clock_starts(
        &mut self,
        file: &ClockFile,
        user: &str,
        ends_after: QuantityIdx,
    ) -> (Vec<ClockStart>, Vec<Option<usize>>) {
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
            let ends = start.ends_after.as_ref();
            let ends =
                ends.map(|ends| self.quantity(format!("{id}.ends_after"), ends, Want::Time, user));
            starts.push(ClockStart {
                probability,
                hazard_ratio: ratio,
                ends_after: ends.unwrap_or(ends_after),
            });
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
            let (Some(one), Some(other)) = pair else {
                continue;
            };
            let is_pair = |known: &&(usize, usize, QuantityIdx)| {
                [(known.0, known.1), (known.1, known.0)].contains(&(one, other))
            };
            let is_known = self.plan.associations.iter().any(|known| is_pair(&known));
            if one == other || is_known {
                let fault = Diagnostic::error(
                    "E109",
                    format!("`{}` and `{}` stand twice", first.value, second.value),
                )
                .expected("two different needs, and every pair of them once")
                .found(match one == other {
                    true => "a need with itself",
                    false => "another association of the two",
                })
                .hint("take the association away, or name another need");
                self.report(second.at, fault);
                continue;
            }
            self.plan.associations.push((one, other, ratio));
        }
    }
}
