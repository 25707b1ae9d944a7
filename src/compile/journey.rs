//! States, inflows, the clock, deaths, and what is drawn on entering.

use super::quantities::Want;
use super::{Clock, Compiler, Destination, Exit, Inflow, Named, Opening, Prevalence, State, Stay};
use crate::diagnostic::Diagnostic;
use crate::document::{
    ClockFile, ExitFile, ModifierFile, OpeningFile, ShareFile, Spanned, StateFile, StayFile, Text,
};

/// People carry their needs as bits of one byte.
const MOST_NEEDS: usize = 8;

impl Compiler<'_> {
    /// Needs, then states with their stays, exits and opening people.
    pub(super) fn take_needs_and_states(&mut self) {
        let model = &self.documents.model;
        self.check_unique("need", model.needs.iter().map(|need| &need.id));
        self.check_unique("state", model.states.iter().map(|state| &state.id));
        for need in &model.needs {
            self.plan.needs.push(Named {
                id: need.id.value.clone(),
                title: need.title.value.clone(),
            });
        }
        if let Some(need) = model.needs.get(MOST_NEEDS) {
            let fault = Diagnostic::error("E412", "too many needs")
                .expected(format!("at most {MOST_NEEDS}"))
                .found(model.needs.len().to_string());
            self.report(need.id.at, fault);
        }
        for (index, state) in model.states.iter().enumerate() {
            self.state_ids
                .entry(state.id.value.clone())
                .or_insert(index);
        }
        self.state_ids.remove("");
        for file in &model.states {
            let state = self.take_state(file);
            self.plan.states.push(state);
        }
    }

    fn take_state(&mut self, file: &StateFile) -> State {
        let id = format!("state.{}", file.id.value);
        let user = file.title.value.as_str();
        let mut state = State {
            id: file.id.value.clone(),
            title: file.title.value.clone(),
            group: file.group.value.clone(),
            stay: Stay::Open,
            exits: Vec::new(),
            hazards: Vec::new(),
            convicts: file.convicts,
            opening: None,
        };
        if let Some(stay) = &file.stay {
            state.stay = self.stay(&id, "stay", stay, user);
        }
        for exit in &file.exits {
            self.take_exit(&id, exit, user, &mut state);
        }
        self.check_ways_out(file, &state);
        state.opening = file
            .opening
            .as_ref()
            .map(|opening| self.opening(&id, opening, user));
        state
    }

    /// A stay; `part` is the key it stands under.
    pub(super) fn stay(
        &mut self,
        id: &str,
        part: &str,
        stay: &Spanned<StayFile>,
        user: &str,
    ) -> Stay {
        let (kind, mean, shape) = match &stay.value {
            StayFile::None => return Stay::None,
            StayFile::Clock => return Stay::Clock,
            StayFile::Open => return Stay::Open,
            StayFile::Law { kind, mean, shape } => (*kind, mean, shape),
        };
        let mean = self.quantity(format!("{id}.{part}"), mean, Want::Time, user);
        let second = shape.as_ref();
        let second = second
            .map(|shape| self.quantity(format!("{id}.{part}.shape"), shape, Want::Shape, user));
        match (kind, second) {
            ("geometric", _) => Stay::Geometric(mean),
            ("exponential", _) => Stay::Exponential(mean),
            ("gamma", Some(shape)) => Stay::Gamma(mean, shape),
            ("weibull", Some(shape)) => Stay::Weibull(mean, shape),
            ("lognormal", Some(spread)) => Stay::LogNormal(mean, spread),
            _ => Stay::Fixed(mean),
        }
    }

    fn take_exit(&mut self, id: &str, file: &ExitFile, user: &str, state: &mut State) {
        let to = match file.to.value.as_str() {
            "leaves" => Some(Destination::Leaves),
            _ => self.state(&file.to).map(Destination::State),
        };
        let where_to = &file.to.value;
        let share = match &file.share {
            Some(ShareFile::Of(product)) => {
                Some(self.quantity(format!("{id}.exit.{where_to}"), product, Want::Share, user))
            }
            _ => None,
        };
        let hazard = file.hazard.as_ref();
        let hazard = hazard.map(|product| {
            self.quantity(
                format!("{id}.hazard.{where_to}"),
                product,
                Want::Hazard,
                user,
            )
        });
        let modifiers = self.modifiers(
            &format!("{id}.exit.{where_to}"),
            &file.modifiers,
            Want::OddsRatio,
            user,
        );
        let Some(to) = to else {
            return;
        };
        if let Some(hazard) = hazard {
            state.hazards.push((to, hazard));
        } else if file.share.is_some() {
            let counts = file.counts.as_ref().map(|counts| counts.value.clone());
            state.exits.push(Exit {
                to,
                share,
                modifiers,
                counts,
            });
        }
    }

    fn modifiers(
        &mut self,
        id: &str,
        files: &[ModifierFile],
        want: Want,
        user: &str,
    ) -> Vec<(usize, usize)> {
        let mut modifiers = Vec::new();
        for file in files {
            let need = self.need(&file.need);
            let ratio = self.quantity(
                format!("{id}.modifier.{}", file.need.value),
                &file.ratio,
                want,
                user,
            );
            modifiers.extend(need.map(|need| (need, ratio)));
        }
        modifiers
    }

    fn check_ways_out(&mut self, file: &StateFile, state: &State) {
        let Some(stay) = &file.stay else {
            return;
        };
        let n_shares = file
            .exits
            .iter()
            .filter(|exit| exit.share.is_some())
            .count();
        let n_hazards = file
            .exits
            .iter()
            .filter(|exit| exit.hazard.is_some())
            .count();
        let ends = !matches!(state.stay, Stay::Clock | Stay::Open);
        let fault = match stay.value {
            StayFile::Open if n_hazards == 0 => {
                Diagnostic::error("E406", format!("nobody can leave `{}`", state.id))
                    .expected("at least one exit with a hazard, because the stay is open")
                    .found("none")
            }
            _ if ends && n_shares == 0 => Diagnostic::error(
                "E405",
                format!("the stay in `{}` ends and leads nowhere", state.id),
            )
            .expected("at least one exit with a share, or a stay that is open")
            .found("none"),
            StayFile::Clock if self.documents.model.clock.is_none() => Diagnostic::error(
                "E102",
                "a stay until the clock ends, in a model without a clock",
            )
            .expected("a table `[clock]`")
            .found("none"),
            _ => return,
        };
        self.report(stay.at, fault);
    }

    fn opening(&mut self, id: &str, file: &OpeningFile, user: &str) -> Opening {
        let mut share = |key: &str, product: &Option<_>| {
            let product = product.as_ref()?;
            Some(self.quantity(format!("{id}.opening.{key}"), product, Want::Share, user))
        };
        let (area, sex) = (share("area", &file.area), share("sex", &file.sex));
        let (age, priors) = (share("age", &file.age), share("priors", &file.priors));
        let people = self.quantity(format!("{id}.opening"), &file.people, Want::People, user);
        let keys = self.plan.quantities[people].keys;
        let wanted = [
            ("area", keys.area, area),
            ("sex", keys.sex, sex),
            ("age", keys.age, age),
            ("priors", keys.priors, priors),
        ];
        let strata = &self.plan.strata;
        let lengths = [
            self.documents.areas.len(),
            strata.sexes.len(),
            strata.ages.len(),
            strata.priors.len(),
        ];
        for ((key, is_keyed, share), length) in wanted.into_iter().zip(lengths) {
            if is_keyed == share.is_some() && (length > 1 || is_keyed) {
                let fault = Diagnostic::error(
                    "E402",
                    format!("the opening people are not shared over `{key}` exactly once"),
                )
                .expected(format!(
                    "`people` keyed by {key}, or shares in `opening.{key}`"
                ))
                .found(if is_keyed { "both" } else { "neither" });
                self.report(file.people.at, fault);
            }
        }
        Opening {
            people,
            area,
            sex,
            age,
            priors,
        }
    }

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
