//! What every quantity is worth, step by step: tables that change only on dates, made once for a row and an option.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::compile::{Change, Keys, Plan, QuantityIdx, State, Stay, Stratum};
use crate::draw::Draws;
use crate::quantity::{Month, TimeUnit};

/// The first stratum, for quantities that do not depend on any.
pub(super) const FIRST: Stratum = Stratum {
    area: 0,
    sex: 0,
    age: 0,
    priors: 0,
};

/// The values of a row of the draws under some changes, from one date to the next.
pub(super) struct Timeline<'a> {
    pub plan: &'a Plan,
    draws: &'a Draws,
    pub row: usize,
    /// What differs from the model as it stands.
    pub changes: &'a [Change],
    strides: Vec<[usize; 4]>,
    /// Values by date.
    pub snapshots: Vec<Snapshot>,
    /// Which snapshot holds in each step.
    of_step: Vec<usize>,
    /// The shapes of gamma stays, by quantity: they are fixed where a world begins.
    gamma_shapes: BTreeMap<QuantityIdx, f64>,
}

/// The tables from one date to the next.
#[derive(Clone)]
pub(super) struct Snapshot {
    tables: Vec<Arc<Vec<f64>>>,
    /// The states whose present stays the date changes.
    pub reached: Vec<usize>,
    /// The step of the date.
    pub from: i32,
}

impl<'a> Timeline<'a> {
    /// The timeline of a row under changes that hold from `begins` on.
    pub fn new(
        plan: &'a Plan,
        draws: &'a Draws,
        row: usize,
        changes: &'a [Change],
        begins: Month,
    ) -> Timeline<'a> {
        let mut timeline = Timeline {
            plan,
            draws,
            row,
            changes,
            strides: Vec::new(),
            snapshots: Vec::new(),
            of_step: Vec::new(),
            gamma_shapes: BTreeMap::new(),
        };
        let n = plan.quantities.len();
        timeline.strides = (0..n).map(|q| strides(timeline.lengths(q))).collect();
        let dates: Vec<Vec<Month>> = (0..n).map(|q| timeline.dates(q)).collect();
        for step in 0..plan.n_steps() {
            let month = plan.month_of(step);
            // What is dated begins with the first step of its month.
            let is_first = plan.step_of(month) == step;
            let before = timeline.before(step);
            let is_new = |dates: &[Month]| {
                let begun = dates.partition_point(|from| *from <= before);
                is_first && dates.get(begun).is_some_and(|from| *from <= month)
            };
            let dated: Vec<usize> = (0..n).filter(|&q| is_new(&dates[q])).collect();
            if step == 0 || !dated.is_empty() {
                timeline.add(step, &dated);
            }
            timeline.of_step.push(timeline.snapshots.len() - 1);
        }
        for stay in plan.states.iter().flat_map(stays) {
            if let Stay::Gamma(_, shape) = stay {
                let value = draws.value_with(plan, row, changes, shape, FIRST, begins);
                timeline.gamma_shapes.insert(shape, value);
            }
        }
        timeline
    }

    /// Adds the tables of a step in which these quantities have a new value.
    fn add(&mut self, step: i32, dated: &[usize]) {
        let month = self.plan.month_of(step);
        let tables = match self.snapshots.last() {
            Some(last) => {
                let mut tables = last.tables.clone();
                for &quantity in dated {
                    tables[quantity] = Arc::new(self.table(quantity, month));
                }
                tables
            }
            None => (0..self.strides.len())
                .map(|quantity| Arc::new(self.table(quantity, month)))
                .collect(),
        };
        let reaches = |state: &State| {
            stays(state)
                .flat_map(Stay::lengths)
                .any(|length| dated.contains(&length) && self.reaches_someone(length, step))
        };
        let states = self.plan.states.iter().enumerate();
        let reached = states
            .filter(|(_, state)| reaches(state))
            .map(|(index, _)| index)
            .collect();
        self.snapshots.push(Snapshot {
            tables,
            reached,
            from: step,
        });
    }

    fn table(&self, quantity: QuantityIdx, month: Month) -> Vec<f64> {
        let [areas, sexes, ages, priors] = self.lengths(quantity);
        let mut values = Vec::with_capacity(areas * sexes * ages * priors);
        for area in 0..areas {
            for sex in 0..sexes {
                for age in 0..ages {
                    for priors in 0..priors {
                        let stratum = Stratum {
                            area,
                            sex,
                            age,
                            priors,
                        };
                        let (plan, changes) = (self.plan, self.changes);
                        values.push(
                            self.draws
                                .value_with(plan, self.row, changes, quantity, stratum, month),
                        );
                    }
                }
            }
        }
        values
    }

    /// The index of the snapshot that holds in a step.
    pub fn snapshot_at(&self, step: i32) -> usize {
        self.of_step[step.max(0) as usize]
    }

    /// The value of a quantity for a stratum, in a snapshot.
    #[inline]
    pub fn value(&self, snapshot: usize, quantity: QuantityIdx, stratum: Stratum) -> f64 {
        let [area, sex, age, priors] = self.strides[quantity];
        self.snapshots[snapshot].tables[quantity]
            [stratum.area * area + stratum.sex * sex + stratum.age * age + stratum.priors * priors]
    }

    /// The shape of a gamma stay.
    pub fn gamma_shape(&self, shape: QuantityIdx) -> f64 {
        self.gamma_shapes.get(&shape).copied().unwrap_or(f64::NAN)
    }

    /// The month in which the step before this one begins.
    fn before(&self, step: i32) -> Month {
        let month = self.plan.month_of(step);
        match self.plan.step {
            TimeUnit::Year => month.plus(-12),
            TimeUnit::Day | TimeUnit::Month => month.plus(-1),
        }
    }

    /// By how much the whole length of a present stay changes at a step.
    pub fn everyone_ratio(&self, stay: Stay, stratum: Stratum, step: i32) -> f64 {
        let months = (self.before(step), self.plan.month_of(step));
        stay.mean().map_or(1.0, |mean| {
            self.draws
                .everyone_ratio(self.plan, self.row, self.changes, mean, stratum, months)
        })
    }

    /// Whether what is new about a length since the step before reaches people who are staying.
    fn reaches_someone(&self, length: QuantityIdx, step: i32) -> bool {
        let (before, month) = (self.before(step), self.plan.month_of(step));
        let factors = &self.plan.quantities[length].factors;
        let is_law = |factor: &usize| self.plan.parameters[*factor].reaches_everyone;
        factors.iter().any(is_law)
            || self
                .touching(length)
                .any(|c| c.from > before && c.from <= month && c.reaches_everyone)
    }

    fn dates(&self, quantity: QuantityIdx) -> Vec<Month> {
        let factors = &self.plan.quantities[quantity].factors;
        let cells = factors.iter().flat_map(|&f| &self.plan.parameters[f].cells);
        let own = cells.flat_map(|dated| dated.iter().skip(1).map(|(from, _)| *from));
        let changed = self.touching(quantity).map(|change| change.from);
        let mut dates: Vec<Month> = own.chain(changed).collect();
        dates.sort();
        dates.dedup();
        dates
    }

    fn touching(&self, quantity: QuantityIdx) -> impl Iterator<Item = &'a Change> {
        let plan = self.plan;
        self.changes
            .iter()
            .filter(move |change| change.target.is_of(plan, quantity))
    }

    /// How many areas, sexes, ages and priors bands the values of a quantity tell apart.
    fn lengths(&self, quantity: QuantityIdx) -> [usize; 4] {
        let mut keys = self.plan.quantities[quantity].keys;
        for change in self.touching(quantity) {
            keys.area |= change.area.is_some();
            keys.sex |= change.sex.is_some();
            keys.age |= change.age.is_some();
            keys.priors |= change.priors.is_some();
        }
        lengths(self.plan, keys)
    }
}

/// The stay of a state and of each of its exits.
pub(super) fn stays(state: &State) -> impl Iterator<Item = Stay> + '_ {
    let of_exits = state.exits.iter().filter_map(|exit| exit.stay);
    of_exits.chain([state.stay])
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

fn strides(lengths: [usize; 4]) -> [usize; 4] {
    let mut strides = [0; 4];
    let mut stride = 1;
    for position in (0..4).rev() {
        if lengths[position] > 1 {
            strides[position] = stride;
        }
        stride *= lengths[position];
    }
    strides
}
