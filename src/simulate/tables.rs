//! Shared parameters: what every quantity is worth this month, in this row, under this option.

use super::layout::Layout;
use super::needs::NeedTables;
use super::stay::QuantileTable;
use super::world::Step;
use crate::compile::{Change, Destination, Keys, Plan, QuantityIdx, State, Stay, Stratum, Target};
use crate::draw::Draws;
use crate::quantity::{Month, TimeUnit};
use crate::random::Key;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Everything that a world reads and never writes.
pub struct Setting<'a> {
    /// The question.
    pub plan: &'a Plan,
    draws: &'a Draws,
    row: usize,
    changes: &'a [Change],
    /// Whose pools; `None` for the model as it stands, whose pools are those from which every option begins.
    option: Option<usize>,
    /// Where values stand.
    pub layout: &'a Layout,
    /// The address of everything in this row.
    pub root: Key,
    tables: Vec<Table>,
    /// The age in steps at which each age band begins.
    begins_at: Vec<Step>,
    service_names: Vec<u64>,
    hazard_names: Vec<Vec<u64>>,
    refers: Vec<bool>,
    /// Quantile tables of the stays that have a shape.
    pub shapes: RowShapes,
    /// Joint laws of needs, by state.
    pub needs: NeedTables,
}

struct Table {
    strides: [usize; 4],
    values: Vec<f64>,
    dates: Vec<Month>,
}

impl<'a> Setting<'a> {
    /// The setting of a row under some changes, as it stands in `month`.
    #[allow(
        clippy::too_many_arguments,
        reason = "every argument is one thing a world must not change"
    )]
    pub fn new(
        plan: &'a Plan,
        draws: &'a Draws,
        row: usize,
        changes: &'a [Change],
        option: Option<usize>,
        shapes: &Shapes,
        layout: &'a Layout,
        month: Month,
    ) -> Setting<'a> {
        let tables = plan
            .quantities
            .iter()
            .enumerate()
            .map(|(q, _)| Table::new(plan, changes, q))
            .collect();
        let mut setting = Setting {
            plan,
            draws,
            row,
            changes,
            option,
            layout,
            root: Key::new(plan.seed).named("draw").with(row as u64),
            tables,
            begins_at: plan
                .strata
                .ages
                .iter()
                .map(|band| (f64::from(band.from) * plan.steps_per_year()).round() as Step)
                .collect(),
            service_names: plan.services.iter().map(|s| Key::folded(&s.id)).collect(),
            hazard_names: (0..plan.states.len())
                .map(|state| hazard_names(plan, state))
                .collect(),
            refers: (0..plan.states.len())
                .map(|state| plan.services.iter().any(|service| service.refers_on[state]))
                .collect(),
            shapes: shapes.of_row(plan, draws, row, changes, month),
            needs: NeedTables::default(),
        };
        for quantity in 0..setting.tables.len() {
            setting.fill(quantity, month);
        }
        setting.needs = NeedTables::of(&setting);
        setting
    }

    /// The value of a quantity for a stratum.
    #[inline]
    pub fn value(&self, quantity: QuantityIdx, stratum: Stratum) -> f64 {
        let table = &self.tables[quantity];
        let [area, sex, age, priors] = table.strides;
        table.values
            [stratum.area * area + stratum.sex * sex + stratum.age * age + stratum.priors * priors]
    }

    /// How far apart the values of neighbouring strata stand, by area, sex, age and priors; 0 where it does not depend.
    pub fn strides(&self, quantity: QuantityIdx) -> [usize; 4] {
        self.tables[quantity].strides
    }

    /// Brings the tables to a step; returns the states whose present stays change, by state index.
    pub fn refresh(&mut self, now: Step) -> Vec<usize> {
        let month = self.plan.month_of(now);
        let mut reached = Vec::new();
        if self.plan.step_of(month) != now {
            return reached;
        }
        let before = self.before(now);
        for quantity in 0..self.tables.len() {
            let dates = &self.tables[quantity].dates;
            let begun = dates.partition_point(|from| *from <= before);
            if dates.get(begun).is_some_and(|from| *from <= month) {
                self.fill(quantity, month);
                reached.push(quantity);
            }
        }
        let needs = self
            .plan
            .prevalences
            .iter()
            .map(|p| p.share)
            .chain(self.plan.associations.iter().map(|a| a.2));
        if needs
            .into_iter()
            .any(|quantity| reached.contains(&quantity))
        {
            self.needs = NeedTables::of(self);
        }
        let states = self.plan.states.iter().enumerate();
        let reaches = |state: &State| {
            let of_exits = state.exits.iter().filter_map(|exit| exit.stay);
            let stays = of_exits.chain([state.stay]);
            stays.flat_map(Stay::lengths).any(|length| {
                reached.contains(&length) && self.reaches_someone(length, before, month)
            })
        };
        states
            .filter(|(_, state)| reaches(state))
            .map(|(index, _)| index)
            .collect()
    }

    /// The month in which the step before this one begins.
    fn before(&self, now: Step) -> Month {
        let month = self.plan.month_of(now);
        match self.plan.step {
            TimeUnit::Year => month.plus(-12),
            TimeUnit::Day | TimeUnit::Month => month.plus(-1),
        }
    }

    /// The stay of a state, or of one of its exits where exits have stays of their own.
    pub fn stay(&self, state: usize, exit: usize) -> Stay {
        let described = &self.plan.states[state];
        let of_exit = described.exits.get(exit).and_then(|exit| exit.stay);
        match described.stay {
            Stay::OfExit => of_exit.unwrap_or(Stay::None),
            stay => stay,
        }
    }

    /// By how much the remaining law of a stay changes at this step for people already there.
    pub fn everyone_ratio(&self, stay: Stay, stratum: Stratum, now: Step) -> f64 {
        let months = (self.before(now), self.plan.month_of(now));
        match stay.mean() {
            Some(mean) => {
                self.draws
                    .everyone_ratio(self.plan, self.row, self.changes, mean, stratum, months)
            }
            None => 1.0,
        }
    }

    /// Whether what is new about a length since the step before reaches people who are staying.
    fn reaches_someone(&self, length: QuantityIdx, before: Month, month: Month) -> bool {
        let factors = &self.plan.quantities[length].factors;
        factors
            .iter()
            .any(|&f| self.plan.parameters[f].reaches_everyone)
            || self.changes.iter().any(|c| {
                c.from > before
                    && c.from <= month
                    && c.reaches_everyone
                    && match c.target {
                        Target::Quantity(q) => q == length,
                        Target::Parameter(p) => factors.contains(&p),
                    }
            })
    }

    /// The age band of somebody of this age in steps; those younger than the first band are in it.
    #[inline]
    pub fn age_band(&self, steps: Step) -> usize {
        self.begins_at
            .iter()
            .rposition(|begins| steps >= *begins)
            .unwrap_or(0)
    }

    /// The priors band of somebody with this many previous convictions.
    #[inline]
    pub fn priors_band(&self, priors: u8) -> usize {
        self.plan
            .strata
            .priors
            .iter()
            .rposition(|band| u32::from(priors) >= band.from)
            .unwrap_or(0)
    }

    /// The number that stands for the name of a service in an address.
    #[inline]
    pub fn service_name(&self, service: usize) -> u64 {
        self.service_names[service]
    }

    /// The number that stands for the name of a state's hazard in an address.
    #[inline]
    pub fn hazard_name(&self, state: usize, hazard: usize) -> u64 {
        self.hazard_names[state][hazard]
    }

    /// Whether entering a state refers to any service.
    #[inline]
    pub fn refers_anywhere(&self, state: usize) -> bool {
        self.refers[state]
    }

    /// Whether this is the row of central values.
    pub fn is_central(&self) -> bool {
        self.row == 0
    }

    /// The pool of an area for a service in a month, as the index of its host area.
    pub fn pool(&self, service: usize, area: usize, month: Month) -> usize {
        let dated = self.pools(service);
        let begun = dated.partition_point(|(from, _)| *from <= month);
        dated[begun.saturating_sub(1)].1[area]
    }

    /// Whether the arrangement of a service changes at this step.
    pub fn repools(&self, service: usize, now: Step) -> bool {
        self.pools(service)
            .iter()
            .skip(1)
            .any(|(from, _)| self.plan.step_of(*from) == now)
    }

    fn pools(&self, service: usize) -> &[(Month, Vec<usize>)] {
        match self.option {
            Some(option) => &self.plan.options[option].pools[service],
            None => &self.plan.options[self.plan.comparator].pools[service][..1],
        }
    }

    fn fill(&mut self, quantity: QuantityIdx, month: Month) {
        let keys = self.plan.quantities[quantity].keys;
        let lengths = lengths(self.plan, scope(self.plan, self.changes, quantity, keys));
        let mut values = Vec::with_capacity(lengths.iter().product());
        for area in 0..lengths[0] {
            for sex in 0..lengths[1] {
                for age in 0..lengths[2] {
                    for priors in 0..lengths[3] {
                        let stratum = Stratum {
                            area,
                            sex,
                            age,
                            priors,
                        };
                        values.push(self.draws.value_with(
                            self.plan,
                            self.row,
                            self.changes,
                            quantity,
                            stratum,
                            month,
                        ));
                    }
                }
            }
        }
        self.tables[quantity].values = values;
    }
}

impl Table {
    fn new(plan: &Plan, changes: &[Change], quantity: QuantityIdx) -> Table {
        let described = &plan.quantities[quantity];
        let lengths = lengths(plan, scope(plan, changes, quantity, described.keys));
        let mut strides = [0; 4];
        let mut stride = 1;
        for position in (0..4).rev() {
            if lengths[position] > 1 {
                strides[position] = stride;
            }
            stride *= lengths[position];
        }
        let mut dates: Vec<Month> = Vec::new();
        for &factor in &described.factors {
            for dated in &plan.parameters[factor].cells {
                dates.extend(dated.iter().skip(1).map(|(from, _)| *from));
            }
        }
        dates.extend(
            changes
                .iter()
                .filter(|c| touches(plan, c, quantity))
                .map(|c| c.from),
        );
        dates.sort();
        dates.dedup();
        Table {
            strides,
            values: Vec::new(),
            dates,
        }
    }
}

/// The names of a state's hazards: where each leads, and how many before it lead there too.
fn hazard_names(plan: &Plan, state: usize) -> Vec<u64> {
    let hazards = &plan.states[state].hazards;
    let name = |index: usize| {
        let to = hazards[index].0;
        let same = hazards[..index]
            .iter()
            .filter(|(before, _)| *before == to)
            .count();
        let id = match to {
            Destination::State(state) => &plan.states[state].id,
            Destination::Leaves => "leaves",
        };
        Key::folded(id).wrapping_add(same as u64)
    };
    (0..hazards.len()).map(name).collect()
}

/// The keys that a quantity depends on once the changes are made: a change for one sex makes it depend on sex.
fn scope(plan: &Plan, changes: &[Change], quantity: QuantityIdx, mut keys: Keys) -> Keys {
    for change in changes.iter().filter(|c| touches(plan, c, quantity)) {
        keys.area |= change.area.is_some();
        keys.sex |= change.sex.is_some();
        keys.age |= change.age.is_some();
        keys.priors |= change.priors.is_some();
    }
    keys
}

fn touches(plan: &Plan, change: &Change, quantity: QuantityIdx) -> bool {
    match change.target {
        Target::Quantity(q) => q == quantity,
        Target::Parameter(p) => plan.quantities[quantity].factors.contains(&p),
    }
}

fn lengths(plan: &Plan, keys: Keys) -> [usize; 4] {
    let length = |used: bool, n: usize| if used { n } else { 1 };
    [
        length(keys.area, plan.areas.len()),
        length(keys.sex, plan.strata.sexes.len()),
        length(keys.age, plan.strata.ages.len()),
        length(keys.priors, plan.strata.priors.len()),
    ]
}

/// Quantile tables for the shapes of row 0, which most rows share because shapes are mostly fixed.
pub struct Shapes(BTreeMap<(u64, bool), Arc<QuantileTable>>);

/// The quantile tables of one row: by state, then by service; `None` where the stay needs none.
pub struct RowShapes {
    states: Vec<Option<Arc<QuantileTable>>>,
    exits: Vec<Vec<Option<Arc<QuantileTable>>>>,
    states_residual: Vec<Option<Arc<QuantileTable>>>,
    services: Vec<Option<Arc<QuantileTable>>>,
}

impl Shapes {
    /// The tables of the central row.
    pub fn of(plan: &Plan, draws: &Draws) -> Shapes {
        let mut shapes = Shapes(BTreeMap::new());
        let stays = plan
            .states
            .iter()
            .flat_map(|s| {
                s.exits
                    .iter()
                    .filter_map(|e| e.stay.as_ref())
                    .chain([&s.stay])
            })
            .chain(plan.services.iter().map(|s| &s.support));
        for stay in stays {
            if let Stay::Gamma(_, shape) = *stay {
                let value = draws.value_with(plan, 0, &[], shape, FIRST, plan.history_from);
                for residual in [false, true] {
                    shapes
                        .0
                        .entry((value.to_bits(), residual))
                        .or_insert_with(|| make(value, residual));
                }
            }
        }
        shapes
    }

    fn of_row(
        &self,
        plan: &Plan,
        draws: &Draws,
        row: usize,
        changes: &[Change],
        month: Month,
    ) -> RowShapes {
        let mut own: BTreeMap<(u64, bool), Arc<QuantileTable>> = BTreeMap::new();
        let mut find = |stay: &Stay, residual: bool| match *stay {
            Stay::Gamma(_, shape) => {
                let value = draws.value_with(plan, row, changes, shape, FIRST, month);
                let key = (value.to_bits(), residual);
                let shared = self.0.get(&key).cloned();
                Some(shared.unwrap_or_else(|| {
                    own.entry(key)
                        .or_insert_with(|| make(value, residual))
                        .clone()
                }))
            }
            _ => None,
        };
        // Residual tables serve the opening stock only, so a world that begins later does without.
        let opens = month == plan.history_from;
        RowShapes {
            states: plan.states.iter().map(|s| find(&s.stay, false)).collect(),
            exits: plan
                .states
                .iter()
                .map(|s| {
                    let stays = s.exits.iter().map(|exit| exit.stay.as_ref());
                    stays.map(|stay| find(stay?, false)).collect()
                })
                .collect(),
            states_residual: plan
                .states
                .iter()
                .map(|s| {
                    if opens && s.opening.is_some() {
                        find(&s.stay, true)
                    } else {
                        None
                    }
                })
                .collect(),
            services: plan
                .services
                .iter()
                .map(|s| find(&s.support, false))
                .collect(),
        }
    }
}

impl RowShapes {
    /// The table of a state's stay, or of one of its exits where that has a stay of its own.
    pub fn state(&self, state: usize, exit: usize) -> Option<&QuantileTable> {
        let of_exit = self.exits[state].get(exit).and_then(Option::as_deref);
        of_exit.or(self.states[state].as_deref())
    }

    /// The length-biased table of a state's stay, for its opening stock.
    pub fn residual(&self, state: usize) -> Option<&QuantileTable> {
        self.states_residual[state].as_deref()
    }

    /// The table of a service's support.
    pub fn service(&self, service: usize) -> Option<&QuantileTable> {
        self.services[service].as_deref()
    }
}

/// The first stratum, for quantities that do not depend on any.
pub const FIRST: Stratum = Stratum {
    area: 0,
    sex: 0,
    age: 0,
    priors: 0,
};

fn make(shape: f64, residual: bool) -> Arc<QuantileTable> {
    // The length-biased gamma has one more shape, and (shape + 1) / shape times the mean.
    Arc::new(if residual {
        QuantileTable::gamma(shape + 1.0, (shape + 1.0) / shape)
    } else {
        QuantileTable::gamma(shape, 1.0)
    })
}
