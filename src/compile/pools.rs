//! Arrangements: which areas share a service, and who hosts it.

use super::options::Draft;
use super::{Compiler, Operation, PlanOption, Target};
use crate::diagnostic::Diagnostic;
use crate::document::{ArrangementFile, Text, WhatFile};
use crate::quantity::Month;

impl Compiler<'_> {
    /// Takes an arrangement; returns the members of the pool that it makes.
    pub(super) fn arrange(
        &mut self,
        draft: &Draft<'_>,
        service: usize,
        file: &ArrangementFile,
        option: &mut PlanOption,
    ) -> Option<Vec<usize>> {
        let present = option.pools[service]
            .last()
            .map(|(_, pools)| pools.clone())
            .unwrap_or_default();
        let present_kept = option.guaranteed[service]
            .last()
            .map(|(_, kept)| kept.clone())
            .unwrap_or_default();
        let (pools, members) = if file.is_local {
            (
                self.return_to_local(draft, service, file, &present, option),
                None,
            )
        } else {
            let (pools, members) = self.pool(file, &present)?;
            (pools, Some(members))
        };
        let kept = self.guarantee(file, &pools, members.as_deref(), &present_kept);
        if pools == present && kept == present_kept && !self.are_areas_known {
            return members;
        }
        if pools == present && kept == present_kept {
            self.no_effect(file.at, "the arrangement is so already".to_owned());
            return members;
        }
        begin(&mut option.pools[service], draft.from, pools);
        begin(&mut option.guaranteed[service], draft.from, kept);
        members
    }

    /// The places that are kept for each area: those of the new pool as it says, none of areas by themselves.
    fn guarantee(
        &mut self,
        file: &ArrangementFile,
        pools: &[usize],
        members: Option<&[usize]>,
        present: &[u32],
    ) -> Vec<u32> {
        let mut kept = present.to_vec();
        for area in 0..kept.len() {
            let is_alone = pools.iter().filter(|host| **host == pools[area]).count() == 1;
            if is_alone || members.is_some_and(|members| members.contains(&area)) {
                kept[area] = 0;
            }
        }
        for (name, places) in &file.guaranteed {
            let Some(area) = self.scenario_area(name) else {
                continue;
            };
            if !members.is_some_and(|members| members.contains(&area)) {
                let fault = Diagnostic::error(
                    "E551",
                    format!(
                        "places are kept for `{}`, which is not in the pool",
                        name.value
                    ),
                )
                .expected("one of the areas of the pool")
                .found(format!("`{}`", name.value));
                self.report(name.at, fault);
            } else if places.value < 0.0 || places.value.fract() != 0.0 {
                let fault = Diagnostic::error("E505", "places are counted in whole numbers")
                    .expected("a whole number, 0 or more")
                    .found(places.value.to_string());
                self.report(places.at, fault);
            } else {
                kept[area] = places.value as u32;
            }
        }
        kept
    }

    /// The pools with a new one; `None` when it is at fault.
    pub(super) fn pool(
        &mut self,
        file: &ArrangementFile,
        present: &[usize],
    ) -> Option<(Vec<usize>, Vec<usize>)> {
        let n_faults = self.faults.len();
        if file.pool.is_empty() {
            let fault = Diagnostic::error("E552", "a pool without areas")
                .expected("`pool = […]`: the areas that share the service, or `local = true`")
                .found("none");
            self.report(file.at, fault);
            return None;
        }
        let (written, members) = self.pool_members(file);
        let Some(host) = &file.host else {
            let fault = Diagnostic::error("E506", "a pool without a host")
                .expected("`host = …`: the area that runs the service")
                .found("none");
            self.report(file.at, fault);
            return None;
        };
        let host_area = self.scenario_area(host)?;
        // One of those whose name nobody knows may be the host.
        let are_known = members.len() == file.pool.len();
        if are_known && !members.contains(&host_area) {
            let fault = Diagnostic::error(
                "E507",
                format!("the host `{}` is not in its pool", host.value),
            )
            .expected("one of the areas of the pool")
            .found(format!("`{}`", host.value));
            self.report(host.at, fault);
        }
        for (name, area) in written.into_iter().zip(&members) {
            let old: Vec<usize> = (0..present.len())
                .filter(|other| present[*other] == present[*area])
                .collect();
            if old.len() > 1 && !old.iter().all(|other| members.contains(other)) {
                let old_host = self.plan.areas[present[*area]].name.clone();
                let fault = Diagnostic::error("E509", format!("`{}` is in two pools", name.value))
                    .expected("each area in one pool at a time")
                    .found(format!("it is in the pool hosted by {old_host} already"))
                    .hint(
                        "return it with `arrangement = { local = true }` and `areas = […]` first",
                    );
                self.report(name.at, fault);
            }
        }
        if self.faults.len() > n_faults {
            return None;
        }
        let mut pools = present.to_vec();
        for area in &members {
            pools[*area] = host_area;
        }
        Some((pools, members))
    }

    /// Those of a pool whose names are known, as they are written and which areas they are.
    fn pool_members<'f>(&mut self, file: &'f ArrangementFile) -> (Vec<&'f Text>, Vec<usize>) {
        let mut members: Vec<usize> = Vec::new();
        let mut written = Vec::new();
        for name in &file.pool {
            let Some(area) = self.scenario_area(name) else {
                continue;
            };
            if members.contains(&area) {
                let fault =
                    Diagnostic::error("E509", format!("`{}` stands twice in the pool", name.value))
                        .expected("each area once")
                        .found("twice");
                self.report(name.at, fault);
            }
            members.push(area);
            written.push(name);
        }
        (written, members)
    }

    /// The pools once some areas, or all, have their own again.
    fn return_to_local(
        &mut self,
        draft: &Draft<'_>,
        service: usize,
        file: &ArrangementFile,
        present: &[usize],
        option: &PlanOption,
    ) -> Vec<usize> {
        let leaving = draft
            .scope
            .area
            .clone()
            .unwrap_or_else(|| (0..present.len()).collect());
        let mut pools = present.to_vec();
        for area in &leaving {
            pools[*area] = *area;
        }
        // When the host leaves, the first of those who stay runs the pool.
        for area in 0..pools.len() {
            if pools[area] != area && leaving.contains(&pools[area]) {
                let old = pools[area];
                for other in pools.iter_mut().skip(area).filter(|other| **other == old) {
                    *other = area;
                }
                pools[old] = old;
            }
        }
        let quantity = Target::Quantity(self.plan.services[service].places);
        let was_set = option.changes.iter().any(|change| {
            let is_set = change.target == quantity && matches!(change.operation, Operation::Set(_));
            is_set
                && change
                    .area
                    .iter()
                    .flatten()
                    .any(|area| leaving.contains(area))
        });
        let says_places = matches!(&draft.file.what, WhatFile::Service { operations, .. }
            if operations.iter().any(|(part, ..)| *part == "places"));
        if was_set && !says_places {
            let fault = Diagnostic::error("E510", "a return to local that does not say who has the places")
                .expected("`places = { set = …, source = \"…\" }`, because the pool's places were set as a whole")
                .found("no `places`")
                .hint("write one change for each area, with `areas = [\"…\"]`");
            self.report(file.at, fault);
        }
        pools
    }
}

/// From a month on something else holds; what began in that month is replaced.
fn begin<T>(dated: &mut Vec<(Month, T)>, from: Month, what: T) {
    if dated.len() > 1 && dated.last().is_some_and(|(last, _)| *last == from) {
        dated.pop();
    }
    dated.push((from, what));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_in_the_same_month_is_replaced_and_what_holds_at_first_is_not() {
        let months = [4, 5].map(|month| Month::new(2025, month).unwrap());
        let mut dated = vec![(months[0], 'a')];
        begin(&mut dated, months[0], 'b');
        assert_eq!(dated, [(months[0], 'a'), (months[0], 'b')]);
        begin(&mut dated, months[1], 'c');
        begin(&mut dated, months[1], 'd');
        let expected = [(months[0], 'a'), (months[0], 'b'), (months[1], 'd')];
        assert_eq!(dated, expected);
    }
}
