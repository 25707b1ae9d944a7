//! Sites: every service in every area or pool, with the bounds of its places.

use super::MOST_PLACES;
use crate::compile::{Compiler, Site, Stratum, Target};
use crate::diagnostic::Diagnostic;
use crate::document::{At, BoundsFile, MixingFile};
use crate::quantity::Month;

/// Bounds of places once their names are known.
struct Bounds {
    service: usize,
    areas: Option<Vec<usize>>,
    least: u32,
    most: u32,
    source: String,
    at: At,
}

impl Compiler<'_> {
    /// Every service in every area, or pool of the option, with its bounds.
    pub(super) fn sites(
        &mut self,
        file: &MixingFile,
        services: &[usize],
        (option, from): (usize, Month),
    ) -> Vec<Site> {
        let mut bounds: Vec<Bounds> = Vec::new();
        for file in &file.places {
            bounds.extend(self.bounds(file, services));
        }
        let mut sites = Vec::new();
        for &service in services {
            self.check_later(file, service, (option, from));
            let dated = &self.plan.options[option].pools[service];
            let begun = dated.iter().rev().find(|(month, _)| *month <= from);
            let pools = begun.map_or(Vec::new(), |(_, pools)| pools.clone());
            for host in 0..pools.len() {
                let areas: Vec<usize> = (0..pools.len()).filter(|a| pools[*a] == host).collect();
                if !areas.is_empty() {
                    let place = (service, host, areas);
                    sites.extend(self.site(file, place, &bounds, (option, from)));
                }
            }
        }
        self.check_idle(&bounds, &sites);
        sites
    }

    fn site(
        &mut self,
        file: &MixingFile,
        (service, host, areas): (usize, usize, Vec<usize>),
        bounds: &[Bounds],
        (option, from): (usize, Month),
    ) -> Option<Site> {
        let of = |bounds: &&Bounds| {
            let is_here = |own: &Vec<usize>| own.contains(&host);
            bounds.service == service && bounds.areas.as_ref().is_none_or(is_here)
        };
        let mut found = bounds.iter().filter(of);
        let own = found.next();
        let name = self.documents.services[service].id.value.clone();
        let area = self.plan.areas[host].name.clone();
        if let Some(second) = found.next() {
            let fault = Diagnostic::error(
                "E534",
                format!("the places of `{name}` in {area} are bounded twice"),
            )
            .expected("one `[[optimise.places]]` for every service in an area or pool")
            .found("a second one")
            .hint("say `areas` in each, so that they do not overlap");
            self.report(second.at, fault);
        }
        let Some(own) = own else {
            // Bounds that could not be read may be the ones that are missing.
            if bounds.len() == file.places.len() && self.are_areas_known {
                let fault = Diagnostic::error(
                    "E533",
                    format!("the places of `{name}` in {area} have no bounds"),
                )
                .expected("a `[[optimise.places]]`, or a row of the sheet Bounds, with the most that there may be")
                .found("none")
                .hint(format!(
                    "[[optimise.places]] with service = \"{name}\", areas = [\"{area}\"], most = … and a source; in a workbook a row of the sheet Bounds"
                ));
                self.report(file.at, fault);
            }
            return None;
        };
        let changes = &self.plan.options[option].changes;
        let quantity = self.plan.services[service].places;
        let places = areas.iter().map(|area| {
            let stratum = Stratum {
                area: *area,
                sex: 0,
                age: 0,
                priors: 0,
            };
            self.plan.central_product(quantity, stratum, from, changes)
        });
        let today = places.sum::<f64>().round().clamp(0.0, MOST_PLACES as f64);
        Some(Site {
            service,
            areas,
            host,
            least: own.least,
            most: own.most,
            today: today as u32,
            source: own.source.clone(),
        })
    }

    /// Bounds by themselves; `None` when something is wrong with them.
    fn bounds(&mut self, file: &BoundsFile, services: &[usize]) -> Option<Bounds> {
        let n_faults = self.faults.len();
        let service = self.service_of(&file.service);
        if service.is_some_and(|service| !services.contains(&service)) {
            let fault = Diagnostic::error(
                "E535",
                format!("places of `{}` are not to be chosen", file.service.value),
            )
            .expected("bounds of a service that `services` names")
            .found(format!("`{}`", file.service.value))
            .hint("name it among `services`, or take its bounds away");
            self.report(file.service.at, fault);
        }
        let areas: Option<Vec<Option<usize>>> = file
            .areas
            .as_ref()
            .map(|names| names.iter().map(|name| self.scenario_area(name)).collect());
        let areas = areas.map(|areas| areas.into_iter().flatten().collect());
        for number in file.least.iter().chain(&file.most) {
            if !(0..=MOST_PLACES).contains(&number.value) {
                let fault = Diagnostic::error("E303", "a bound of places is outside its limits")
                    .expected(format!("a whole number from 0 to {MOST_PLACES}"))
                    .found(number.value.to_string());
                self.report(number.at, fault);
            }
        }
        let most = file.most.as_ref()?;
        let least = file.least.as_ref().map_or(0, |least| least.value);
        if least > most.value {
            let fault = Diagnostic::error("E536", "the bounds of places cross")
                .expected(format!("a `most` of {least} or more"))
                .found(format!("least = {least}, most = {}", most.value));
            self.report(most.at, fault);
        }
        (self.faults.len() == n_faults).then(|| Bounds {
            service: service.unwrap_or(0),
            areas,
            least: least as u32,
            most: most.value as u32,
            source: file.source.value.clone(),
            at: file.at,
        })
    }

    /// Bounds of an area that has no places of its own, because it is in a pool that another hosts.
    fn check_idle(&mut self, bounds: &[Bounds], sites: &[Site]) {
        for own in bounds {
            for &area in own.areas.iter().flatten() {
                let of = |site: &&Site| site.service == own.service && site.areas.contains(&area);
                let Some(site) = sites.iter().find(of).filter(|site| site.host != area) else {
                    continue;
                };
                let (name, host) = (
                    &self.plan.areas[area].name,
                    &self.plan.areas[site.host].name,
                );
                let fault = Diagnostic::error("E535", format!("{name} has no places of its own"))
                    .expected(format!("bounds of {host}, which hosts the pool"))
                    .found(format!("bounds of {name}"));
                self.report(own.at, fault);
            }
        }
    }

    /// Whatever the option does to these places later would undo what was chosen.
    fn check_later(&mut self, file: &MixingFile, service: usize, (option, from): (usize, Month)) {
        let name = &self.documents.services[service].id.value;
        let option = &self.plan.options[option];
        let target = Target::Quantity(self.plan.services[service].places);
        let mut changes = option.changes.iter();
        let change = changes.find(|change| change.target == target && change.from > from);
        let mut pools = option.pools[service].iter().skip(1);
        let pool = pools.find(|(month, _)| *month > from);
        let later = change.map(|c| c.from).or(pool.map(|(month, _)| *month));
        if let Some(month) = later {
            let at = file.option.as_ref().map_or(file.at, |name| name.at);
            let fault = Diagnostic::error(
                "E537",
                format!(
                    "`{}` changes the places of `{name}` after they are chosen",
                    option.id
                ),
            )
            .expected(format!(
                "no change of its places or arrangement after {from}"
            ))
            .found(format!("one in {month}"))
            .hint(format!(
                "choose places from {month} on: `from = \"{month}\"`"
            ));
            self.report(at, fault);
        }
    }

    pub(super) fn check_free(&mut self, file: &MixingFile, sites: &[Site]) {
        if !sites.is_empty() && sites.iter().all(|site| site.least == site.most) {
            let fault = Diagnostic::error("E538", "there is nothing to choose")
                .expected("a service with more than one number of places between its bounds")
                .found("`least` and `most` are the same everywhere");
            self.report(file.at, fault);
        }
    }
}
