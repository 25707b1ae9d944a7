//! Places: whole, and for a pool the pool's.

use super::options::{Draft, Scope};
use super::{Change, Compiler, Operation, Plan, PlanOption, PooledPlaces, Stratum, Target};
use crate::diagnostic::Diagnostic;
use crate::document::OperationFile;
use crate::quantity::{Month, Unit};

impl Plan {
    /// The places that areas have of a service in a month, by the central values.
    pub(super) fn pool_places(
        &self,
        service: usize,
        areas: &[usize],
        month: Month,
        changes: &[Change],
    ) -> f64 {
        let places = |area: &usize| {
            let stratum = Stratum {
                area: *area,
                sex: 0,
                age: 0,
                priors: 0,
            };
            self.central_product(self.services[service].places, stratum, month, changes)
        };
        areas.iter().map(places).sum()
    }
}

impl Compiler<'_> {
    /// A change of places; `pool` holds the members when the same change makes a pool.
    pub(super) fn change_places(
        &mut self,
        draft: &Draft<'_>,
        service: usize,
        file: &OperationFile,
        pool: Option<&[usize]>,
        option: &mut PlanOption,
    ) {
        if !self.is_whole(file) {
            return self.check_number(draft, file, &Unit::Places);
        }
        let quantity = self.plan.services[service].places;
        let id = &self.documents.services[service].id.value;
        let name = format!("{id}: places");
        let target = Target::Quantity(quantity);
        let members = pool.map(<[usize]>::to_vec).or(draft.scope.area.clone());
        let scope = Scope {
            area: members.clone(),
            ..Scope::default()
        };
        let Some(change) = self.change(draft, target, file, &scope, &name, &Unit::Places) else {
            return;
        };
        if file.kind == "multiply" {
            self.push_change(change, file.by.at, &Unit::Places, option);
            return;
        }
        let pools = option.pools[service]
            .last()
            .map(|(_, pools)| pools.clone())
            .unwrap_or_default();
        let members = members.unwrap_or_else(|| (0..pools.len()).collect());
        let mut hosts: Vec<usize> = members.iter().map(|area| pools[*area]).collect();
        hosts.sort_unstable();
        hosts.dedup();
        let mut alone = Vec::new();
        for host in hosts {
            let together: Vec<usize> = (0..pools.len())
                .filter(|area| pools[*area] == host)
                .collect();
            match together.len() {
                1 => alone.push(host),
                _ => self.pool_places((service, &change), host, &together, file, option),
            }
        }
        if !alone.is_empty() {
            let is_everyone = alone.len() == pools.len();
            let area = (!is_everyone).then_some(alone);
            self.push_change(Change { area, ..change }, file.by.at, &Unit::Places, option);
        }
    }

    /// Whether places stay whole; reports it when they do not.
    pub(super) fn is_whole(&mut self, file: &OperationFile) -> bool {
        if file.kind == "multiply" || file.by.value.fract() == 0.0 || file.by.value.is_nan() {
            return true;
        }
        let fault = Diagnostic::error("E505", "places are counted in whole numbers")
            .expected("a whole number")
            .found(file.by.value.to_string());
        self.report(file.by.at, fault);
        false
    }

    /// The pool's places are the sum over its areas: the host has them all, the others none.
    fn pool_places(
        &mut self,
        (service, change): (usize, &Change),
        host: usize,
        together: &[usize],
        file: &OperationFile,
        option: &mut PlanOption,
    ) {
        let now = self
            .plan
            .pool_places(service, together, change.from, &option.changes);
        let after = change.operation.on(now);
        if after == now {
            self.no_effect(file.by.at, format!("the pool has {now} places already"));
            return;
        }
        if after < 0.0 {
            let fault = Diagnostic::error(
                "E303",
                "the change leads to a pool with fewer than no places",
            )
            .expected("0 or more places")
            .found(after.to_string())
            .hint(format!(
                "the pool has {now} places: take away no more than these"
            ));
            self.report(file.by.at, fault);
            return;
        }
        let others: Vec<usize> = together
            .iter()
            .copied()
            .filter(|area| *area != host)
            .collect();
        // Setting the sum outright also serves `add`: a host may have fewer places than are taken away.
        let set = |area: Vec<usize>, to: f64, words: String| Change {
            area: Some(area),
            operation: Operation::Set(to),
            words,
            ..change.clone()
        };
        let held = "its areas hold none of their own".to_owned();
        let given = set(vec![host], after, change.words.clone());
        option.pooled_places.push(PooledPlaces {
            from: change.from,
            service,
            members: together.to_vec(),
            places: after,
            change: given.clone(),
        });
        option.changes.push(given);
        option.changes.push(set(others, 0.0, held));
    }
}
