//! The worlds in which coalitions live: an option of the plan for every few coalitions that have no partner in common.
//!
//! People of an area meet those of another only in a pool, so a coalition lives the same whoever else has joined
//! together. Going alone is one world for all partners, and a group and those it leaves out are one world too: of five
//! partners the 31 coalitions live in 17 worlds.

use std::collections::BTreeMap;

use crate::compile::options::first_difference;
use crate::compile::{Change, Operation, Plan, PlanOption, SharingPlan, Target};
use crate::quantity::Month;

/// A group of partners: bit `i` says whether partner `i` belongs.
pub type Group = u64;

/// A plan whose options are worlds of coalitions.
#[derive(Debug, Clone)]
pub struct CoalitionWorlds {
    /// The plan; its first option is that everybody goes alone.
    pub plan: Plan,
    /// The option in which each group lives; single partners live in the first.
    pub world_of: BTreeMap<Group, usize>,
}

/// The worlds in which these groups of partners live, with every partner alone; `None` where nobody shares anything.
pub fn coalition_worlds(plan: &Plan, groups: &[Group]) -> Option<CoalitionWorlds> {
    let maker = Maker::of(plan)?;
    let mut together: Vec<Group> = groups
        .iter()
        .copied()
        .filter(|g| g.count_ones() > 1)
        .collect();
    // Large groups first, so that each finds those it leaves out.
    together.sort_by_key(|group| (std::cmp::Reverse(group.count_ones()), *group));
    together.dedup();
    let mut packed: Vec<Vec<Group>> = Vec::new();
    for &group in &together {
        let is_free = |world: &&mut Vec<Group>| world.iter().all(|other| other & group == 0);
        match packed.iter_mut().find(is_free) {
            Some(world) => world.push(group),
            None => packed.push(vec![group]),
        }
    }
    let mut worlds = CoalitionWorlds {
        plan: plan.clone(),
        world_of: BTreeMap::new(),
    };
    worlds.plan.options = vec![maker.option(&[])];
    for partner in 0..maker.sharing.partners.len() {
        worlds.world_of.insert(1 << partner, 0);
    }
    for groups in packed {
        for &group in &groups {
            worlds.world_of.insert(group, worlds.plan.options.len());
        }
        worlds.plan.options.push(maker.option(&groups));
    }
    worlds.plan.comparator = 0;
    Some(worlds)
}

/// What a world is made from.
pub(super) struct Maker<'a> {
    pub plan: &'a Plan,
    pub sharing: &'a SharingPlan,
    pub joint: &'a PlanOption,
    pub alone: &'a PlanOption,
}

impl<'a> Maker<'a> {
    pub fn of(plan: &'a Plan) -> Option<Maker<'a>> {
        let sharing = plan.sharing.as_ref()?;
        Some(Maker {
            plan,
            sharing,
            joint: &plan.options[sharing.option],
            alone: &plan.options[sharing.alone],
        })
    }

    pub fn everybody(&self) -> Group {
        (1 << self.sharing.partners.len()) - 1
    }

    fn areas(&self, group: Group) -> Vec<usize> {
        let partners = self.sharing.partners.iter().enumerate();
        let members = partners.filter(|(index, _)| group >> index & 1 == 1);
        members.map(|(_, area)| *area).collect()
    }

    /// The world in which these groups, which have no partner in common, share what the joint option shares, and
    /// everybody else goes alone.
    pub fn option(&self, groups: &[Group]) -> PlanOption {
        let groups: Vec<Vec<usize>> = groups.iter().map(|group| self.areas(*group)).collect();
        let inside: Vec<usize> = groups.concat();
        let n_areas = self.plan.areas.len();
        let outside: Vec<usize> = (0..n_areas).filter(|area| !inside.contains(area)).collect();
        let names = |group: &Vec<usize>| {
            let names = group
                .iter()
                .map(|area| self.plan.areas[*area].name.as_str());
            names.collect::<Vec<_>>().join("+")
        };
        let id = groups.iter().map(names).collect::<Vec<_>>().join(" and ");
        let mut option = PlanOption {
            title: id.clone(),
            id,
            changes: Vec::new(),
            pools: Vec::new(),
            guaranteed: Vec::new(),
            pooled_places: Vec::new(),
            costs: Vec::new(),
            differs_from: None,
        };
        for service in 0..self.plan.services.len() {
            let (pools, kept) = self.arrangement(service, &groups);
            option.pools.push(pools);
            option.guaranteed.push(kept);
        }
        for change in &self.joint.changes {
            let pooled = self.joint.pooled_places.iter();
            let mut begun = pooled.filter(|pooled| pooled.change == *change);
            if let Some(pooled) = begun.next() {
                for group in &groups {
                    self.give_places(pooled, group, &mut option);
                }
            } else if self.is_kept(change, &option) {
                option.changes.extend(within(change, &inside));
            }
        }
        let theirs = self.alone.changes.iter();
        let theirs = theirs.filter_map(|change| within(change, &outside));
        option.changes.extend(theirs);
        option.changes.sort_by_key(|change| change.from);
        option.differs_from = first_difference(&option);
        option
    }

    /// The pools of a service, month by month, and the places that are kept for areas: within each group as in the joint
    /// option, elsewhere as alone.
    fn arrangement(&self, service: usize, groups: &[Vec<usize>]) -> (Dated<usize>, Dated<u32>) {
        let (joint, alone) = (self.joint, self.alone);
        let of = |option: &PlanOption| -> Vec<Month> {
            let pools = option.pools[service].iter().map(|(from, _)| *from);
            let kept = option.guaranteed.get(service).into_iter().flatten();
            pools.chain(kept.map(|(from, _)| *from)).collect()
        };
        let mut months = [of(joint), of(alone)].concat();
        months.sort_unstable();
        months.dedup();
        // Everything begins with the model as it stands, even where the first change comes in the first month.
        let (first, local) = &alone.pools[service][0];
        let mut pools: Dated<usize> = vec![(*first, local.clone())];
        let mut kept: Dated<u32> = vec![(*first, vec![0; local.len()])];
        for month in months {
            let mut hosts = alone.hosts(service, month).to_vec();
            let mut places = vec![0; hosts.len()];
            for group in groups {
                for &area in group {
                    let mates = self.mates(service, month, area, group);
                    hosts[area] = self.host(service, month, &mates);
                    let kept = joint.kept(service, month).get(area).copied();
                    places[area] = kept.filter(|_| mates.len() > 1).unwrap_or(0);
                }
            }
            if pools.last().is_none_or(|(_, before)| *before != hosts) {
                pools.push((month, hosts));
            }
            if kept.last().is_none_or(|(_, before)| *before != places) {
                kept.push((month, places));
            }
        }
        (pools, kept)
    }

    /// Those of a group with whom an area shares a service in the joint option.
    fn mates(&self, service: usize, month: Month, area: usize, group: &[usize]) -> Vec<usize> {
        let hosts = self.joint.hosts(service, month);
        let mates = group.iter().filter(|other| hosts[**other] == hosts[area]);
        mates.copied().collect()
    }

    /// Who hosts a pool: the host of the joint option, if it belongs; otherwise the first who may.
    pub fn host(&self, service: usize, month: Month, mates: &[usize]) -> usize {
        let hosts = self.joint.hosts(service, month);
        let usual = hosts[mates[0]];
        if mates.contains(&usual) {
            return usual;
        }
        let mut order = self.sharing.hosts.iter();
        *order.find(|area| mates.contains(area)).unwrap_or(&mates[0])
    }

    /// Whether a change of the joint option holds in a smaller pool: not that members hold no places of their own, which
    /// is said anew, nor the access of an area that now hosts.
    fn is_kept(&self, change: &Change, option: &PlanOption) -> bool {
        let services = &self.plan.services;
        let is_pooled = self.joint.pooled_places.iter().any(|pooled| {
            let is_of = change.target == Target::Quantity(services[pooled.service].places);
            let mut areas = change.area.iter().flatten();
            is_of
                && change.from == pooled.from
                && change.operation == Operation::Set(0.0)
                && areas.all(|area| pooled.members.contains(area))
        });
        let hosts_now = self.sharing.services.iter().any(|service| {
            let is_access = change.target == Target::Quantity(services[*service].uptake);
            let Some([area]) = change.area.as_deref().filter(|_| is_access) else {
                return false;
            };
            let here = option.hosts(*service, change.from);
            let n_shared = here.iter().filter(|host| *host == area).count();
            here[*area] == *area
                && n_shared > 1
                && self.joint.hosts(*service, change.from)[*area] != *area
        });
        !is_pooled && !hosts_now
    }
}

/// What holds, by area, from each month on.
type Dated<T> = Vec<(Month, Vec<T>)>;

/// The change for those of its areas that are among these; `None` where it is for none of them.
fn within(change: &Change, areas: &[usize]) -> Option<Change> {
    let left: Vec<usize> = match &change.area {
        Some(own) => own
            .iter()
            .copied()
            .filter(|area| areas.contains(area))
            .collect(),
        None => areas.to_vec(),
    };
    (!left.is_empty()).then(|| Change {
        area: Some(left),
        ..change.clone()
    })
}
