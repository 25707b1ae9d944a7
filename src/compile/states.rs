//! Needs and states: stays, exits, hazards and opening people.

use super::quantities::Want;
use super::{Compiler, Destination, Exit, Leaving, Named, Opening, State, Stay};
use crate::diagnostic::Diagnostic;
use crate::document::{
    ExitFile, ModifierFile, OpeningFile, ShareFile, Spanned, StateFile, StayFile,
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
            chances: Vec::new(),
            convicts: file.convicts,
            opening: None,
        };
        if let Some(stay) = &file.stay {
            state.stay = self.stay(&id, "stay", stay, user);
        }
        let mut are_whole = file.are_exits_read;
        for exit in &file.exits {
            are_whole &= self.take_exit(&id, (exit, are_whole), user, &mut state);
        }
        self.check_ways_out(file, &state);
        state.opening = file
            .opening
            .as_ref()
            .map(|opening| self.opening(&id, opening, user, state.stay == Stay::OfExit));
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
            StayFile::Open | StayFile::Forever => return Stay::Open,
            StayFile::OfExit => return Stay::OfExit,
            StayFile::Listed(weights) => {
                let id = format!("{id}.{part}");
                return Stay::Listed(self.listed(&id, weights, Want::Weight, user));
            }
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

    /// Takes a way out, told whether all before it were `are_whole`; and tells whether it leads anywhere.
    fn take_exit(
        &mut self,
        id: &str,
        (file, are_whole): (&ExitFile, bool),
        user: &str,
        state: &mut State,
    ) -> bool {
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
        let chance = file.chance.as_ref();
        let chance =
            chance.map(|chance| self.chance(&format!("{id}.chance.{where_to}"), chance, user));
        let stay = file.stay.as_ref();
        let stay = stay.map(|stay| self.stay(&format!("{id}.exit.{where_to}"), "stay", stay, user));
        let modifiers = self.modifiers(
            &format!("{id}.exit.{where_to}"),
            &file.modifiers,
            Want::OddsRatio,
            user,
        );
        let Some(to) = to else {
            return false;
        };
        if let (Some(name), None) = (file.unless.first(), &file.chance) {
            let fault = Diagnostic::error("E419", "only a chance has others that go before it")
                .expected("`unless` beside `chance = …`")
                .found("a share or a hazard");
            self.report(name.at, fault);
        }
        let counts = file.counts.as_ref().map(|counts| counts.value.clone());
        if let Some(hazard) = hazard {
            state.hazards.push((to, hazard));
        } else if let Some(chance) = chance {
            let unless = self.unless(file, &state.chances, are_whole);
            state.chances.push(Leaving {
                to,
                chance,
                unless,
                modifiers,
                counts,
            });
        } else if file.share.is_some() {
            state.exits.push(Exit {
                to,
                share,
                stay,
                modifiers,
                counts,
            });
        }
        true
    }

    /// Ratios for people with a need.
    pub(super) fn modifiers(
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
            .filter(|exit| exit.hazard.is_some() || exit.chance.is_some())
            .count();
        self.check_stays_of_exits(file, stay);
        // A way out that could not be read has been reported, and is one.
        let is_read = |exit: &ExitFile| {
            exit.share.is_some() || exit.hazard.is_some() || exit.chance.is_some()
        };
        if !file.are_exits_read || !file.exits.iter().all(is_read) {
            return;
        }
        let ends = !matches!(state.stay, Stay::Clock | Stay::Open);
        let fault = match stay.value {
            StayFile::Open if n_hazards == 0 => {
                Diagnostic::error("E406", format!("nobody can leave `{}`", state.id))
                    .expected(
                        "at least one exit with a hazard or a chance, because the stay is open",
                    )
                    .found("none")
            }
            StayFile::Forever if !file.exits.is_empty() => Diagnostic::error(
                "E417",
                format!("`{}` has exits, and nobody leaves it", state.id),
            )
            .expected("no exits, because the stay is forever; or another stay")
            .found(format!("{} exits", file.exits.len())),
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

    /// Exits have stays of their own exactly where the state's stay says so, and chances only where it is open.
    fn check_stays_of_exits(&mut self, file: &StateFile, stay: &Spanned<StayFile>) {
        let is_of_exit = matches!(stay.value, StayFile::OfExit);
        let is_open = matches!(stay.value, StayFile::Open);
        for exit in &file.exits {
            let has_stay = exit.stay.is_some();
            if has_stay != (is_of_exit && exit.share.is_some()) {
                let fault = Diagnostic::error(
                    "E417",
                    "a stay of an exit that does not go with the state's stay",
                )
                .expected(match is_of_exit {
                    true => {
                        "`stay` in every exit with a share, because the state's stay is \"of-exit\""
                    }
                    false => "no `stay` in an exit, unless the state's stay is \"of-exit\"",
                })
                .found(if has_stay { "a stay" } else { "none" });
                self.report(exit.at, fault);
            }
            if let Some(chance) = exit.chance.as_ref().filter(|_| !is_open) {
                let fault = Diagnostic::error(
                    "E417",
                    "a chance of leaving where the stay is not open",
                )
                .expected(
                    "`stay = \"open\"`, where people stay until a chance or a hazard takes them",
                )
                .found("another stay");
                self.report(chance.at, fault);
            }
        }
    }

    fn opening(&mut self, id: &str, file: &OpeningFile, user: &str, is_of_exit: bool) -> Opening {
        let mut share = |key: &str, product: &Option<_>| {
            let product = product.as_ref()?;
            Some(self.quantity(format!("{id}.opening.{key}"), product, Want::Share, user))
        };
        let (area, sex) = (share("area", &file.area), share("sex", &file.sex));
        let (age, priors) = (share("age", &file.age), share("priors", &file.priors));
        let people = self.quantity(format!("{id}.opening"), &file.people, Want::People, user);
        let keys = self.plan.quantities[people].keys;
        let aged = self.aged(file);
        if is_of_exit && !file.is_fresh {
            let fault = Diagnostic::error("E417", "opening people whose stay is their exit's")
                .expected("`fresh = true`: they enter when the run begins")
                .found("stays under way")
                .hint("or write a state with a stay of its own for them");
            self.report(file.people.at, fault);
        }
        let wanted = [
            ("area", keys.area, area),
            ("sex", keys.sex, sex),
            ("age", keys.age || file.aged.is_some(), age),
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
            is_fresh: file.is_fresh,
            aged,
        }
    }

    /// The age that all opening people have, if the file gives one; it must fall in a band.
    fn aged(&mut self, file: &OpeningFile) -> Option<u32> {
        let written = file.aged.as_ref()?;
        let age = u32::try_from(written.value).ok();
        let bands = &self.plan.strata.ages;
        let is_in = |age: &u32| {
            bands
                .iter()
                .any(|band| band.from <= *age && band.to.is_none_or(|to| *age <= to))
        };
        let found = age.filter(is_in);
        if found.is_none() {
            let fault = Diagnostic::error("E303", "an age that is in no band of the model")
                .expected("whole years within the model's ages")
                .found(written.value.to_string());
            self.report(written.at, fault);
        }
        found
    }
}
