//! What every quantity is worth, month by month: tables that change only on dates, made once for a row and an option.

use std::sync::Arc;

use crate::compile::{Change, Keys, Plan, QuantityIdx, Stay, Stratum, Target};
use crate::draw::Draws;
use crate::quantity::Month;

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
    changes: &'a [Change],
    strides: Vec<[usize; 4]>,
    /// Values by date.
    pub snapshots: Vec<Snapshot>,
    /// Which snapshot holds in each step.
    of_step: Vec<usize>,
    /// By state: the shape of a gamma stay, which is fixed where a world begins.
    pub gamma_shapes: Vec<f64>,
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
            gamma_shapes: Vec::new(),
        };
        let n = plan.quantities.len();
        timeline.strides = (0..n).map(|q| strides(timeline.lengths(q))).collect();
        let dates: Vec<Vec<Month>> = (0..n).map(|q| timeline.dates(q)).collect();
        let n_steps = plan.end.since(plan.history_from).max(0);
        for step in 0..n_steps {
            let month = plan.history_from.plus(step);
            let touched: Vec<usize> = (0..n)
                .filter(|&q| step == 0 || dates[q].binary_search(&month).is_ok())
                .collect();
            if !touched.is_empty() {
                timeline.add(step, month, &touched);
            }
            timeline.of_step.push(timeline.snapshots.len() - 1);
        }
        timeline.gamma_shapes = plan
            .states
            .iter()
            .map(|state| match state.stay {
                Stay::Gamma(_, shape) => {
                    draws.value_with(plan, row, changes, shape, FIRST, begins)
                }
                _ => f64::NAN,
            })
            .collect();
        timeline
    }

    fn add(&mut self, step: i32, month: Month, touched: &[usize]) {
        let mut tables = match self.snapshots.last() {
            Some(last) => last.tables.clone(),
            None => vec![Arc::new(Vec::new()); self.strides.len()],
        };
        for &quantity in touched {
            tables[quantity] = Arc::new(self.table(quantity, month));
        }
        let reached = (0..self.plan.states.len())
            .filter(|&state| step > 0 && self.reaches_someone(state, month, touched))
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

    /// Whether the row is the central one, whose inflows do not walk.
    pub fn is_central(&self) -> bool {
        self.row == 0
    }

    /// By how much the whole length of a present stay changes in `month`.
    pub fn everyone_ratio(&self, state: usize, stratum: Stratum, month: Month) -> f64 {
        self.plan.states[state].stay.mean().map_or(1.0, |mean| {
            self.draws
                .everyone_ratio(self.plan, self.row, self.changes, mean, stratum, month)
        })
    }

    fn reaches_someone(&self, state: usize, month: Month, touched: &[usize]) -> bool {
        let Some(mean) = self.plan.states[state].stay.mean() else {
            return false;
        };
        let factors = &self.plan.quantities[mean].factors;
        touched.contains(&mean)
            && (factors
                .iter()
                .any(|&f| self.plan.parameters[f].reaches_everyone)
                || self.changes.iter().any(|c| {
                    c.from == month
                        && c.reaches_everyone
                        && match c.target {
                            Target::Quantity(q) => q == mean,
                            Target::Parameter(p) => factors.contains(&p),
                        }
                }))
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
        self.changes.iter().filter(move |change| match change.target {
            Target::Quantity(q) => q == quantity,
            Target::Parameter(p) => plan.quantities[quantity].factors.contains(&p),
        })
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
