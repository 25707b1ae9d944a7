//! Shared parameters: what every number of a row is worth this month, in every world.

use super::clock::ClockLaw;
use super::held::Held;
use super::inflow::{Entrants, entrants};
use super::lengths::{Lengths, Stays};
use super::needs::Needs;
use super::passage::Passage;
use super::person::Step;
use super::scope::{ByStratum, Scope, StratumIdx};
use super::services::ServiceLaw;
use super::states::StateLaw;
use super::stay::QuantileTable;
use super::study::Study;
use super::versions::{BASE, Versions, Worlds, agreed, each};
use super::walk::luck_root;
use crate::compile::{Change, Plan, QuantityIdx, Stay, Target};
use crate::draw::Draws;
use crate::quantity::{Month, TimeUnit};
use crate::random::Key;
use std::sync::Arc;

/// Everything that people read and never write, in every world of a pass.
pub struct Laws<'a> {
    /// What all rows share.
    pub study: &'a Study<'a>,
    /// The question.
    pub plan: &'a Plan,
    draws: &'a Draws,
    /// The row of the draws.
    pub row: usize,
    /// The option of each world.
    options: &'a [usize],
    /// The address of everything in this row that is somebody's luck.
    pub root: Key,
    /// The step that they stand at.
    pub now: Step,
    /// The month in which it begins.
    month: Month,
    tables: Vec<Versions<ByStratum<f64>>>,
    /// By state.
    pub states: Vec<StateLaw>,
    /// By service.
    pub services: Vec<ServiceLaw>,
    /// By inflow, the states that newcomers pass through before anything about them matters.
    pub passages: Vec<Passage>,
    /// By inflow, the shares of the priors bands among those who arrive.
    pub entrants: Vec<Versions<ByStratum<Entrants>>>,
    /// Joint laws of needs.
    pub needs: Needs,
    /// The return clock.
    pub clock: Option<ClockLaw>,
    stays: Stays,
    /// Whether the first step has begun, so that changes hold.
    has_begun: bool,
    /// `[world][service][area]`: the host of the area's pool.
    hosts: Vec<Vec<Vec<usize>>>,
    /// `[world][service][area]`: of the pool's places, those that are kept for the area.
    kept: Vec<Vec<Vec<u32>>>,
    /// By service: the worlds in which places are kept for areas.
    pub keeping: Vec<Worlds>,
    /// By service: the worlds whose arrangement has changed this month.
    pub repooled: Vec<Worlds>,
    /// The worlds in which anything has differed from no change so far.
    pub parted: Worlds,
    /// Where the population is held.
    pub population: Held,
    /// Where the walks are held.
    pub walks: Held,
}

impl<'a> Laws<'a> {
    /// The laws of a row in the worlds of some options, as they stand when the run begins and no option has changed
    /// anything: the laws of the opening stock.
    pub fn new(
        study: &'a Study<'a>,
        draws: &'a Draws,
        row: usize,
        options: &'a [usize],
    ) -> Laws<'a> {
        let plan = study.plan;
        let mut laws = Laws {
            study,
            plan,
            draws,
            row,
            options,
            root: luck_root(plan, row),
            now: 0,
            has_begun: false,
            month: plan.history_from,
            tables: Vec::new(),
            states: (0..plan.states.len())
                .map(|state| StateLaw::of(study, state))
                .collect(),
            needs: Needs::of(plan),
            clock: plan
                .clock
                .as_ref()
                .map(|clock| ClockLaw::of(clock, study.on_clock.clone())),
            stays: Stays::new(plan),
            services: Vec::new(),
            entrants: Vec::new(),
            passages: Vec::new(),
            hosts: vec![vec![Vec::new(); plan.services.len()]; options.len()],
            kept: vec![vec![Vec::new(); plan.services.len()]; options.len()],
            keeping: vec![0; plan.services.len()],
            repooled: vec![0; plan.services.len()],
            parted: 0,
            population: Held::default(),
            walks: Held::default(),
        };
        laws.tables = (0..plan.quantities.len())
            .map(|quantity| laws.read(quantity))
            .collect();
        laws.follow(&vec![true; plan.quantities.len()]);
        let services = plan.services.iter();
        laws.services = services
            .map(|service| ServiceLaw::of(&laws, service))
            .collect();
        let inflows = plan.inflows.iter();
        laws.entrants = inflows
            .clone()
            .map(|inflow| entrants(&laws, inflow))
            .collect();
        laws.passages = inflows
            .map(|inflow| Passage::of(&laws, inflow.into))
            .collect();
        laws.repool();
        laws.repooled.fill(0);
        laws
    }

    /// Brings the laws to a step; returns by quantity whether it has changed in any world.
    pub fn turn_to(&mut self, now: Step) -> Vec<bool> {
        let is_first = !self.has_begun;
        self.has_begun = true;
        self.now = now;
        self.month = self.plan.month_of(now);
        let is_new = |&from: &Step| from == now || is_first && from < now;
        let options = || {
            self.options
                .iter()
                .map(|&option| &self.study.touching[option])
        };
        let changed: Vec<bool> = (0..self.tables.len())
            .map(|quantity| {
                self.study.dates[quantity].contains(&now)
                    || options().any(|touching| touching[quantity].iter().any(is_new))
            })
            .collect();
        for quantity in (0..changed.len()).filter(|&quantity| changed[quantity]) {
            self.tables[quantity] = self.read(quantity);
        }
        self.follow(&changed);
        self.repool();
        self.hold();
        changed
    }

    /// What is held and is no quantity follows the month.
    fn hold(&mut self) {
        let held = |target| {
            let worlds = (0..self.n_worlds()).map(|world| self.changes(world));
            Held::of(target, worlds, self.month)
        };
        let (population, walks) = (held(Target::Population), held(Target::Walks));
        self.parted |= population.worlds | walks.worlds;
        (self.population, self.walks) = (population, walks);
    }

    /// What is worked out from quantities follows those that have changed.
    fn follow(&mut self, changed: &[bool]) {
        for table in &self.tables {
            self.parted |= table.owners();
        }
        let plan = self.plan;
        let mut stays = std::mem::take(&mut self.stays);
        stays.follow(self, changed);
        self.stays = stays;
        let mut services = std::mem::take(&mut self.services);
        for (law, service) in services.iter_mut().zip(&plan.services) {
            law.follow(self, service, changed);
        }
        self.services = services;
        for (index, inflow) in plan.inflows.iter().enumerate() {
            if changed[inflow.priors] && index < self.entrants.len() {
                self.entrants[index] = entrants(self, inflow);
            }
        }
        let mut states = std::mem::take(&mut self.states);
        for (law, state) in states.iter_mut().zip(&plan.states) {
            law.follow(self, state, changed);
        }
        self.states = states;
        let mut needs = std::mem::take(&mut self.needs);
        needs.follow(self, changed);
        self.needs = needs;
        if let Some(mut clock) = self.clock.take() {
            clock.follow(self, changed);
            self.clock = Some(clock);
        }
    }

    fn repool(&mut self) {
        for service in 0..self.plan.services.len() {
            self.repooled[service] = 0;
            self.keeping[service] = 0;
            for (world, &option) in self.options.iter().enumerate() {
                let kept = self.plan.options[option].kept(service, self.month);
                self.kept[world][service] = kept.to_vec();
                if kept.iter().any(|places| *places > 0) {
                    self.keeping[service] |= 1 << world;
                    self.parted |= 1 << world;
                }
                let dated = &self.plan.options[option].pools[service];
                let begun = dated.partition_point(|(from, _)| *from <= self.month);
                let hosts = &dated[begun.saturating_sub(1)].1;
                if self.hosts[world][service] != *hosts {
                    self.hosts[world][service].clone_from(hosts);
                    self.repooled[service] |= 1 << world;
                }
                // Every option begins with the pools of the model as it stands.
                if *hosts != dated[0].1 {
                    self.parted |= 1 << world;
                }
            }
        }
    }

    fn read(&self, quantity: QuantityIdx) -> Versions<ByStratum<f64>> {
        let strata = &self.study.strata;
        let scope = self.study.scope(&[quantity]);
        let values = |changes: &[Change]| {
            ByStratum::of(scope, |stratum| {
                let stratum = strata.stratum(stratum);
                self.draws
                    .value_with(self.plan, self.row, changes, quantity, stratum, self.month)
            })
        };
        let base = values(&[]);
        let mut own = Vec::new();
        let mut differs = vec![0; self.plan.areas.len()];
        for world in 0..self.options.len() {
            let touching = &self.study.touching[self.options[world]][quantity];
            if !self.has_begun || touching.iter().all(|from| *from > self.now) {
                continue;
            }
            let version = values(self.changes(world));
            let n_areas = self.plan.areas.len();
            let differs_in = |area: usize| version.differs_in(&base, area, n_areas);
            if !(0..n_areas).any(differs_in) {
                continue;
            }
            for (area, worlds) in differs.iter_mut().enumerate() {
                *worlds |= Worlds::from(differs_in(area)) << world;
            }
            own.push((world, version));
        }
        Versions::new(base, own, differs)
    }

    /// The changes of a world.
    pub fn changes(&self, world: usize) -> &'a [Change] {
        match self.options.get(world) {
            Some(&option) => &self.plan.options[option].changes,
            None => &[],
        }
    }

    /// How many worlds there are.
    pub fn n_worlds(&self) -> usize {
        self.options.len()
    }

    /// What a quantity is worth, in every world.
    #[inline]
    pub fn table(&self, quantity: QuantityIdx) -> &Versions<ByStratum<f64>> {
        &self.tables[quantity]
    }

    /// The value of a quantity for a stratum.
    #[inline]
    pub fn value(&self, world: usize, quantity: QuantityIdx, stratum: StratumIdx) -> f64 {
        *self.tables[quantity].of(world).at(stratum)
    }

    /// The worlds in which any of these quantities differs for people of an area.
    #[inline]
    pub fn differs(&self, quantities: &[QuantityIdx], area: usize) -> Worlds {
        if self.parted == 0 {
            return 0;
        }
        let each = quantities.iter();
        each.fold(0, |worlds, &quantity| {
            worlds | self.tables[quantity].differs(area)
        })
    }

    /// What a person of an area decides on by these quantities; see [`agreed`].
    #[inline]
    pub fn decide<T: PartialEq>(
        &self,
        worlds: &mut Worlds,
        quantities: &[QuantityIdx],
        area: usize,
        outcome: impl Fn(usize) -> T,
    ) -> T {
        agreed(worlds, self.differs(quantities, area), outcome)
    }

    /// The cells over everything that any of these quantities depends on.
    pub fn scope(&self, quantities: &[QuantityIdx]) -> &Scope {
        self.study.scope(quantities)
    }

    /// Something worked out from quantities, for every world in which any of them differs.
    pub fn versions<T>(
        &self,
        quantities: &[QuantityIdx],
        make: impl Fn(usize) -> T,
    ) -> Versions<T> {
        let owners = quantities.iter();
        let owners = owners.fold(0, |owners, &quantity| {
            owners | self.tables[quantity].owners()
        });
        let areas = 0..self.plan.areas.len();
        Versions::new(
            make(BASE),
            each(owners).map(|world| (world, make(world))).collect(),
            areas.map(|area| self.differs(quantities, area)).collect(),
        )
    }

    /// The lengths of the stay at a place; see [`Stays`].
    #[inline]
    pub fn lengths_at(&self, place: usize) -> &Versions<Lengths> {
        self.stays.at(place)
    }

    /// The length-biased tables of a stay, for an opening stock; see [`Stays::residuals`].
    pub fn residuals(&self, stay: &Stay) -> Option<Versions<Arc<QuantileTable>>> {
        self.stays.residuals(self, stay)
    }

    /// The value of a quantity that is the same for everybody, as it stands now.
    pub fn number(&self, world: usize, quantity: QuantityIdx) -> f64 {
        self.value(world, quantity, 0)
    }

    /// The worlds in which any change, begun or not, is to a quantity or its factors.
    pub fn touched(&self, quantity: QuantityIdx) -> Worlds {
        let touches = |option: &usize| !self.study.touching[*option][quantity].is_empty();
        let options = self.options.iter().enumerate();
        options.fold(0, |worlds, (world, option)| {
            worlds | Worlds::from(touches(option)) << world
        })
    }

    /// The worlds in which a length that changes at this step reaches people who are staying.
    pub fn reached(&self, length: QuantityIdx) -> Worlds {
        let factors = &self.plan.quantities[length].factors;
        let parameters = factors.iter().map(|&factor| &self.plan.parameters[factor]);
        let is_for_everyone = parameters.clone().any(|p| p.reaches_everyone);
        let is_dated = self.study.dates[length].contains(&self.now);
        let reaches = |world: usize| {
            let touching = &self.study.touching[self.options[world]][length];
            let is_new = |change: &Change| {
                self.plan.step_of(change.from) == self.now && change.target.is_of(self.plan, length)
            };
            let mut changes = self.changes(world).iter();
            match is_for_everyone {
                true => is_dated || touching.contains(&self.now),
                false => changes.any(|change| change.reaches_everyone && is_new(change)),
            }
        };
        (0..self.n_worlds()).fold(0, |worlds, world| {
            worlds | Worlds::from(reaches(world)) << world
        })
    }

    /// By how much the remaining law of a state's stay changes this month for people already there.
    pub fn everyone_ratio(&self, world: usize, mean: QuantityIdx, stratum: StratumIdx) -> f64 {
        let changes = self.changes(world);
        let before = match self.plan.step {
            TimeUnit::Year => self.month.plus(-12),
            TimeUnit::Day | TimeUnit::Month => self.month.plus(-1),
        };
        let months = (before, self.month);
        let stratum = self.study.strata.stratum(stratum);
        self.draws
            .everyone_ratio(self.plan, self.row, changes, mean, stratum, months)
    }

    /// The host of an area's pool for a service.
    pub fn host(&self, world: usize, service: usize, area: usize) -> usize {
        self.hosts[world][service][area]
    }

    /// Of the places of an area's pool, how many are kept for its people.
    pub fn kept(&self, world: usize, service: usize, area: usize) -> i32 {
        let kept = self.kept[world][service].get(area);
        kept.map_or(0, |places| *places as i32)
    }

    /// The places of a service that an area hosts: those of every member of its pool; none where another area hosts.
    pub fn places_hosted(&self, world: usize, service: usize, area: usize) -> f64 {
        let hosts = self.hosts[world][service].iter().enumerate();
        let members = hosts.filter(|(_, host)| **host == area);
        let places = members.map(|(member, _)| self.places(world, service, member));
        places.sum()
    }

    /// The whole places of a service that an area has, or brings to its pool: as many there as by itself.
    pub fn places(&self, world: usize, service: usize, area: usize) -> f64 {
        let stratum = self.study.strata.first_of(area);
        let places = self.value(world, self.plan.services[service].places, stratum);
        places.round()
    }
}
