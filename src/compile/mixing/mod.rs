//! `[optimise]`: which places may be chosen, for what, and within which budget.

mod sites;

use super::{Better, Budget, Compiler, Mixing, Sought};
use crate::diagnostic::Diagnostic;
use crate::document::{BudgetFile, MixingFile, Part, Text};
use crate::quantity::Month;

/// Measures that every run has and that one can want more or less of: which way is better, and whether a service's may
/// be added to another's.
pub const WANTED: [(&str, Better, bool); 14] = [
    ("needs_met", Better::Higher, true),
    ("starts", Better::Higher, true),
    ("completions", Better::Higher, true),
    ("in_support", Better::Higher, true),
    ("unmet_need", Better::Lower, true),
    ("declined", Better::Lower, true),
    ("gave_up", Better::Lower, true),
    ("dropped_out", Better::Lower, true),
    ("waiting", Better::Lower, true),
    ("wait_months_mean", Better::Lower, false),
    ("wait_months_p50", Better::Lower, false),
    ("wait_months_p90", Better::Lower, false),
    ("share_who_wait", Better::Lower, false),
    ("reconviction_rate", Better::Lower, false),
];

/// The most places of a site: more than there are people in any need.
const MOST_PLACES: i64 = 100_000;

impl Compiler<'_> {
    /// The question about places, where the scenario asks one.
    pub(super) fn take_mixing(&mut self) {
        let documents = self.documents;
        let Some(file) = &documents.scenario.mixing else {
            return;
        };
        let n_faults = self.faults.len();
        if documents.scenario.without_services.is_some() {
            let fault = Diagnostic::error("E511", "places of services in a scenario without them")
                .expected("no `[optimise]`, because of `services = \"none\"`")
                .found("`[optimise]`")
                .hint("take `[optimise]` away, or `services = \"none\"`");
            return self.report(file.at, fault);
        }
        let outcome = self.sought(&file.outcome);
        let option = match &file.option {
            Some(name) => self.named_option(name),
            None => Some(self.plan.comparator),
        };
        let from = self.mixed_from(file);
        let services = self.mixed_services(file);
        let costs = self.mixed_costs(file, &services);
        let budget = file.budget.as_ref().and_then(|file| self.budget(file));
        let sites = option.map_or(Vec::new(), |option| {
            self.sites(file, &services, (option, from))
        });
        self.check_free(file, &sites);
        if let (Some(outcome), Some(option), Some(budget)) = (outcome, option, budget)
            && self.faults.len() == n_faults
        {
            self.plan.mixing = Some(Mixing {
                outcome,
                from,
                option,
                costs,
                budget,
                sites,
            });
        }
    }

    /// A measure of the model, or one that every run has, and which way it is better.
    fn sought(&mut self, name: &Text) -> Option<Sought> {
        let (measure, breakdown) = name.value.split_once(';').unwrap_or((&name.value, ""));
        let text = |value: &str| Text {
            value: value.trim().to_owned(),
            at: name.at,
        };
        let (measure, breakdown) = (text(measure), text(breakdown));
        self.is_stock(&measure)?;
        let wanted = WANTED.iter().find(|(id, ..)| *id == measure.value);
        let is_of_all = breakdown.is_missing() && wanted.is_some_and(|(.., adds_up)| *adds_up);
        let n_faults = self.faults.len();
        if !is_of_all {
            self.check_breakdown(&measure, &breakdown);
        }
        let mut own = self.documents.outcomes.measures.iter();
        let own = own.position(|file| file.id.value == measure.value);
        let own = own.and_then(|index| self.plan.measures.get(index));
        let better = own
            .map(|measure| measure.better)
            .or(wanted.map(|(_, better, _)| *better));
        let better = better.unwrap_or(Better::Neither);
        if better == Better::Neither {
            let fault = Diagnostic::error(
                "E531",
                format!("of `{}` neither more nor less is better", name.value),
            )
            .expected(format!(
                "a measure with `better = \"higher\"` or `\"lower\"`, or one of {}",
                WANTED.map(|(id, ..)| id).join(", ")
            ))
            .found(format!("`{}`", name.value))
            .hint("say in outcomes.toml which way the measure is better, or choose another");
            self.report(name.at, fault);
        }
        let of = |breakdown: &str| (measure.value.clone(), breakdown.to_owned());
        let services = self.documents.services.iter();
        (self.faults.len() == n_faults).then(|| Sought {
            id: name.value.clone(),
            series: match is_of_all {
                true => services
                    .map(|service| of(&format!("service={}", service.id.value)))
                    .collect(),
                false => vec![of(&breakdown.value)],
            },
            better,
        })
    }

    /// The month from which places are chosen; a whole financial year has to follow.
    fn mixed_from(&mut self, file: &MixingFile) -> Month {
        if let Some(from) = &file.from {
            self.check_month(from);
        }
        let from = file
            .from
            .as_ref()
            .map_or(self.plan.start, |from| from.value);
        let years = self.plan.whole_years();
        let is_known = self.are_months_known && !self.documents.unread.contains(&Part::Model);
        let is_within = from >= self.plan.start && from < self.plan.end;
        if is_known && is_within && years.iter().all(|year| year.first_month() < from) {
            let at = file.from.as_ref().map_or(file.at, |from| from.at);
            let fault = Diagnostic::error("E512", "no year is left to spend the budget in")
                .expected("a whole financial year, from April to March, after `from`")
                .found(format!("{from} to {}", self.last_month()))
                .hint("choose an earlier month, or ask for more `years`");
            self.report(at, fault);
        }
        from
    }

    /// The services that are named, or all of them.
    fn mixed_services(&mut self, file: &MixingFile) -> Vec<usize> {
        let Some(names) = &file.services else {
            return (0..self.documents.services.len()).collect();
        };
        self.check_unique("service", names.iter());
        if names.is_empty() {
            let fault = Diagnostic::error("E108", "`services` is empty")
                .expected("a list of services, or no `services` for all of them")
                .found("an empty list, []");
            self.report(file.at, fault);
        }
        let known = names.iter().filter_map(|name| self.service_of(name));
        let mut known: Vec<usize> = known.collect();
        known.sort_unstable();
        known.dedup();
        known
    }

    /// The costs of each service to those whose costs count. A service without any could have places for nothing.
    fn mixed_costs(&mut self, file: &MixingFile, services: &[usize]) -> Vec<usize> {
        let payers: Option<Vec<usize>> = file.payers.as_ref().map(|names| {
            self.check_unique("payer", names.iter());
            names
                .iter()
                .filter_map(|name| self.public_payer(name))
                .collect()
        });
        let mut found = Vec::new();
        for &service in services {
            let id = &self.documents.services[service].id;
            let breakdown = format!("service={}", id.value);
            let is_public = |payer: usize| self.plan.payers.get(payer).is_some_and(|p| p.is_public);
            let counts = |payer: usize| match &payers {
                Some(own) => own.contains(&payer),
                None => is_public(payer),
            };
            let costs = self.plan.costs.iter().enumerate();
            let costs = costs.filter(|(_, cost)| cost.breakdown == breakdown && counts(cost.payer));
            let before = found.len();
            found.extend(costs.map(|(index, _)| index));
            let is_read = !self.documents.unread.contains(&Part::Costs)
                && self.is_sound("costs.toml")
                && payers
                    .as_ref()
                    .is_none_or(|own| Some(own.len()) == file.payers.as_ref().map(Vec::len));
            if found.len() == before && is_read && !id.is_missing() {
                let fault =
                    Diagnostic::error("E532", format!("the service `{}` costs nothing", id.value))
                        .expected(format!(
                            "a `[[cost]]` with `breakdown = \"{breakdown}\"`{}",
                            match payers {
                                Some(_) => " that one of these payers pays",
                                None => "",
                            }
                        ))
                        .found("none: no budget could bound its places")
                        .hint("give it a cost in costs.toml, name its payer, or leave the service out of `services`");
                let named = file.services.iter().flatten();
                let mut named = named.filter(|name| name.value == id.value);
                let at = named.next().map_or(file.at, |name| name.at);
                self.report(at, fault);
            }
        }
        found
    }

    fn budget(&mut self, file: &BudgetFile) -> Option<Budget> {
        let year = self.price_year(&file.price_year);
        let gbp = file.gbp.as_ref()?;
        if gbp.value < 0.0 {
            let fault = Diagnostic::error("E303", "a negative budget")
                .expected("0 or more pounds")
                .found(gbp.value.to_string());
            self.report(gbp.at, fault);
            return None;
        }
        let pounds = gbp.value * self.price_ratio(year?);
        Some(Budget {
            pounds,
            is_yearly: file.per.value != "horizon",
            source: file.source.value.clone(),
            place: self.documents.sources.place(gbp.at),
        })
    }
}
