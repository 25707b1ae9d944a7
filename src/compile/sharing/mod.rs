//! Who may share a service with whom, and what running a service costs.

mod brought;
mod levers;
mod worlds;

pub use levers::{Lever, lever_worlds};
pub use worlds::{CoalitionWorlds, Group, coalition_worlds};

use super::{Compiler, MOST_EXACT_PARTNERS, PlanOption, RunningCost, SHARING_RULES, SharingPlan};
use crate::diagnostic::{Diagnostic, Severity};
use crate::document::{At, RunningCostFile, SharingFile, Text, WhatFile, WorthFile};
use crate::quantity::Grade;

/// Groups are drawn from no more partners than this.
pub const MOST_SHARING: usize = 32;

impl Compiler<'_> {
    /// Who may share a service with whom, as the scenario says it or as its options show it.
    pub(super) fn take_sharing(&mut self) {
        if self.plan.services.is_empty() {
            return;
        }
        let scenario = &self.documents.scenario;
        for file in &scenario.running_costs {
            if let Some(cost) = self.running_cost(file) {
                self.plan.notes.push(cost.words());
                self.plan.running_costs.push(cost);
            }
        }
        self.plan.sharing = match &scenario.sharing {
            Some(file) => self.sharing(file),
            None => self.shown_sharing(),
        };
    }

    fn running_cost(&mut self, file: &RunningCostFile) -> Option<RunningCost> {
        let service = self.service_of(&file.service);
        let payer = self.public_payer(&file.payer);
        let year = self.price_year(&file.price_year);
        let every = file.every_places.as_ref();
        if let Some(every) = every.filter(|every| every.value < 1.0) {
            let fault = Diagnostic::error("E303", "a team for less than a place")
                .expected("1 or more places")
                .found(every.value.to_string());
            self.report(every.at, fault);
        }
        let gbp = self.pounds(file.gbp.as_ref().map(|gbp| (gbp.value, gbp.at)));
        let (service, payer, year, gbp) = (service?, payer?, year?, gbp?);
        Some(RunningCost {
            title: file.title.value.clone(),
            service,
            payer,
            gbp: gbp * self.price_ratio(year),
            every_places: every.map(|every| every.value),
            grade: Grade::parse(&file.grade.value).unwrap_or(Grade::Judgement),
            source: file.source.value.clone(),
        })
    }

    fn pounds(&mut self, gbp: Option<(f64, At)>) -> Option<f64> {
        let (gbp, at) = gbp?;
        if gbp < 0.0 {
            let fault = Diagnostic::error("E303", "a negative amount of money")
                .expected("0 or more pounds")
                .found(gbp.to_string())
                .hint("take the sign away");
            self.report(at, fault);
        }
        Some(gbp)
    }

    /// The only option but the comparator that pools a service, if one does.
    fn shown_sharing(&self) -> Option<SharingPlan> {
        let option = self.only_pooling(self.plan.comparator)?;
        self.sharing_of(option, self.plan.comparator, None)
    }

    fn only_pooling(&self, alone: usize) -> Option<usize> {
        let n_areas = self.plan.areas.len();
        let options = self.plan.options.iter().enumerate();
        let mut pooling = options
            .filter(|(index, option)| *index != alone && !pooled(option, n_areas).is_empty())
            .map(|(index, _)| index);
        pooling.next().filter(|_| pooling.next().is_none())
    }

    fn sharing(&mut self, file: &SharingFile) -> Option<SharingPlan> {
        let alone = match &file.alone {
            Some(name) => self.option_of(name)?,
            None => self.plan.comparator,
        };
        let option = match &file.option {
            Some(name) => self.option_of(name)?,
            None => match self.only_pooling(alone) {
                Some(option) => option,
                None => {
                    let may_pool = |index: usize| index != alone;
                    return self.unclear(file.at, may_pool, "none, or several");
                }
            },
        };
        let named = match &file.partners {
            Some(names) => Some(self.named_areas(names)?),
            None => None,
        };
        let hosts = self.named_areas(&file.hosts)?;
        let need_met = file.need_met.as_ref().and_then(|worth| self.worth(worth));
        self.check_alone_is_alone(file, alone);
        let n_named = named.as_ref().map_or(2, Vec::len);
        let Some(mut sharing) = self.sharing_of(option, alone, named) else {
            let id = &self.plan.options[option].id;
            let found = match n_named {
                _ if option == alone => format!("`{id}`, which is what each does alone"),
                0 | 1 => format!("`partners` with {n_named} of them"),
                _ => format!("none in `{id}`"),
            };
            return self.unclear(file.at, |index| index == option && index != alone, &found);
        };
        let is_partner = |area: &usize| sharing.partners.contains(area);
        let strangers = hosts.iter().filter(|area| !is_partner(area));
        for stranger in strangers {
            let name = self.plan.areas[*stranger].name.clone();
            let fault = Diagnostic::error("E507", format!("the host `{name}` is no partner"))
                .expected("partners who share the service")
                .found(format!("`{name}`"));
            let mut written = file.hosts.iter();
            let at = written.find(|text| self.scenario_area(text) == Some(*stranger));
            self.report(at.map_or(file.at, |text| text.at), fault);
        }
        let others = sharing.hosts.iter().copied();
        let others = others.filter(|area| !hosts.contains(area));
        sharing.hosts = hosts.iter().copied().chain(others).collect();
        if let Some(rule) = &file.rule {
            self.check_rule(rule, sharing.partners.len());
            sharing.rule.clone_from(&rule.value);
        }
        sharing.need_met = need_met;
        sharing.is_asked = true;
        Some(sharing)
    }

    /// The nucleolus needs the cost of every coalition.
    fn check_rule(&mut self, rule: &Text, n_partners: usize) {
        let is_known = |known: &&str| n_partners <= MOST_EXACT_PARTNERS || *known != "nucleolus";
        let known: Vec<&str> = SHARING_RULES.into_iter().filter(is_known).collect();
        if rule.is_missing() || known.contains(&rule.as_str()) {
            return;
        }
        let fault = Diagnostic::error("E111", format!("unknown word `{}` for `rule`", rule.value))
            .expected(format!("one of {}", known.join(", ")))
            .found(format!("`{}`", rule.value))
            .nearest(&rule.value, known.iter().copied());
        self.report(rule.at, fault);
    }

    /// Where an option is written that pools a service, and has other faults, those are why there is none.
    fn unclear(
        &mut self,
        at: At,
        may_pool: impl Fn(usize) -> bool,
        found: &str,
    ) -> Option<SharingPlan> {
        let is_faulty = self.faults.iter().any(|f| f.severity == Severity::Error);
        if is_faulty && self.is_pool_written(may_pool) {
            return None;
        }
        let fault = Diagnostic::error("E553", "nobody shares a service")
            .expected("`option = …`: an option with a pool of two partners or more, 32 at most")
            .found(found.to_owned())
            .hint("say in `[share]` in which option the service is shared, and among which `partners`");
        self.report(at, fault);
        None
    }

    fn is_pool_written(&self, may_pool: impl Fn(usize) -> bool) -> bool {
        let options = self.documents.scenario.options.iter().enumerate();
        let meant = options.filter(|(index, _)| may_pool(*index));
        let mut changes = meant.flat_map(|(_, option)| &option.changes);
        changes.any(|change| match &change.what {
            WhatFile::Service { arrangement, .. } => {
                let mut arrangement = arrangement.iter();
                arrangement.any(|arrangement| !arrangement.is_local)
            }
            _ => false,
        })
    }

    fn option_of(&mut self, name: &Text) -> Option<usize> {
        let found = self.plan.options.iter().position(|o| o.id == name.value);
        if found.is_none() {
            let options = &self.documents.scenario.options;
            let ids: Vec<&str> = options.iter().map(|o| o.id.as_str()).collect();
            self.unknown("E210", "option", name, &ids);
        }
        found
    }

    /// The areas of these names, each once.
    fn named_areas(&mut self, names: &[Text]) -> Option<Vec<usize>> {
        let mut areas = Vec::new();
        let mut is_sound = true;
        for name in names {
            match self.scenario_area(name) {
                Some(area) if areas.contains(&area) => {
                    let fault = Diagnostic::error("E509", format!("`{}` stands twice", name.value))
                        .expected("each area once")
                        .found("twice");
                    self.report(name.at, fault);
                }
                Some(area) => areas.push(area),
                None => is_sound = false,
            }
        }
        is_sound.then_some(areas)
    }

    fn worth(&mut self, file: &WorthFile) -> Option<(f64, String)> {
        let year = self.price_year(&file.price_year);
        let gbp = self.pounds(file.gbp.as_ref().map(|gbp| (gbp.value, gbp.at)));
        let (year, gbp) = (year?, gbp?);
        Some((gbp * self.price_ratio(year), file.source.value.clone()))
    }

    /// Who goes alone shares with nobody, and pays nothing that belongs to no area.
    fn check_alone_is_alone(&mut self, file: &SharingFile, alone: usize) {
        let option = &self.plan.options[alone];
        let found = if !pooled(option, self.plan.areas.len()).is_empty() {
            format!("`{}` pools a service", option.id)
        } else if let Some(cost) = option.costs.iter().find(|cost| {
            // What only passes between payers costs them nothing together.
            cost.area.is_none() && cost.recipient.is_none()
        }) {
            format!(
                "“{}” of `{}`, a cost that belongs to no area",
                cost.title, option.id
            )
        } else {
            return;
        };
        let fault = Diagnostic::error("E554", "going alone is not by area")
            .expected("an option in which every area has services and costs of its own")
            .found(found)
            .hint("say with `area = …` whose each such cost is, or name another option with `alone = …`");
        self.report(file.at, fault);
    }

    /// Those who share a service in an option, of those that are named if any are.
    fn sharing_of(
        &self,
        option: usize,
        alone: usize,
        named: Option<Vec<usize>>,
    ) -> Option<SharingPlan> {
        let described = &self.plan.options[option];
        let n_areas = self.plan.areas.len();
        let members = pooled(described, n_areas);
        let partners = match named {
            Some(named) if named.iter().any(|area| !members.contains(area)) => return None,
            Some(named) => named,
            None => members,
        };
        let is_shared = |service: &usize| {
            let mut dated = described.pools[*service].iter();
            dated.any(|(_, hosts)| {
                let shares =
                    |area: &usize| hosts.iter().filter(|h| **h == hosts[*area]).count() > 1;
                partners.iter().filter(|area| shares(area)).count() > 1
            })
        };
        let services: Vec<usize> = (0..self.plan.services.len()).filter(is_shared).collect();
        if option == alone || !(2..=MOST_SHARING).contains(&partners.len()) || services.is_empty() {
            return None;
        }
        // Who hosts in the option hosts first.
        let is_host = |area: &usize| {
            let last = services.iter().filter_map(|s| described.pools[*s].last());
            last.into_iter().any(|(_, hosts)| hosts.contains(area))
        };
        let mut hosts: Vec<usize> = partners.iter().copied().filter(is_host).collect();
        hosts.extend(partners.iter().copied().filter(|area| !is_host(area)));
        // Along orders of joining Shapley's shares are exact in the mean only; these are in every draw.
        let rule = match partners.len() {
            0..=MOST_EXACT_PARTNERS => "shapley",
            _ => "scrb",
        };
        Some(SharingPlan {
            is_asked: false,
            option,
            alone,
            partners,
            hosts,
            services,
            rule: rule.to_owned(),
            need_met: None,
        })
    }
}

/// The areas that share any service with another at any time.
fn pooled(option: &PlanOption, n_areas: usize) -> Vec<usize> {
    let is_pooled = |area: &usize| {
        let mut dated = option.pools.iter().flatten();
        dated.any(|(_, hosts)| hosts.iter().filter(|host| **host == hosts[*area]).count() > 1)
    };
    (0..n_areas).filter(is_pooled).collect()
}
