//! What a quantity is worth: in a row of the draws, under an option, for a stratum, in a month.

use super::Draws;
use crate::compile::{Change, ParameterIdx, Parts, Plan, QuantityIdx, Stratum, Target};
use crate::quantity::Month;

impl Draws {
    /// The value of a quantity under an option, in the engine's unit (months, per month, pounds, a share …).
    ///
    /// The factors are multiplied (odds ratios and hazard ratios on the odds and the hazard of a share), the option's changes that have begun are applied in their order (those of a
    /// parameter to that factor, those of the quantity to the product), and the result is cut to the unit's bounds.
    pub fn value(
        &self,
        plan: &Plan,
        row: usize,
        option: usize,
        quantity: QuantityIdx,
        stratum: Stratum,
        month: Month,
    ) -> f64 {
        self.value_with(
            plan,
            row,
            &plan.options[option].changes,
            quantity,
            stratum,
            month,
        )
    }

    /// The same under an explicit list of changes.
    pub fn value_with(
        &self,
        plan: &Plan,
        row: usize,
        changes: &[Change],
        quantity: QuantityIdx,
        stratum: Stratum,
        month: Month,
    ) -> f64 {
        let described = &plan.quantities[quantity];
        let mut parts = Parts::NONE;
        for &factor in &described.factors {
            let value = self.parameter_with(plan, row, changes, factor, stratum, month);
            parts.times(plan.acts_on(quantity, factor), value);
        }
        let mut value = parts.value();
        for change in changes {
            if change.target == Target::Quantity(quantity) && change.applies(stratum, month) {
                value = change.operation.on(value);
            }
        }
        let (low, high) = described.unit.bounds();
        value.clamp(low, high) * described.scale
    }

    /// The value of a parameter, in its own unit.
    pub fn parameter_with(
        &self,
        plan: &Plan,
        row: usize,
        changes: &[Change],
        parameter: ParameterIdx,
        stratum: Stratum,
        month: Month,
    ) -> f64 {
        let described = &plan.parameters[parameter];
        let dated = &described.cells[plan.index_in(described.keys, stratum)];
        let target = Target::Parameter(parameter);
        let applying = || {
            let changes = changes.iter();
            changes.filter(move |change| change.target == target && change.applies(stratum, month))
        };
        let held = applying().find_map(|change| change.held_at(target));
        let at = held.unwrap_or(month);
        let begun = dated.partition_point(|(from, _)| *from <= at);
        // Compile proves that a cell holds in every month of the run; before it, the first one stands.
        let mut value = self.cells(row)[dated[begun.saturating_sub(1)].1];
        for change in applying() {
            value = change.operation.on(value);
        }
        value
    }

    /// By how much what holds for people already there in the second month differs from the first: the product, over
    /// the factors and changes that reach everyone, of new over old. 1 when nothing that begins reaches them.
    pub fn everyone_ratio(
        &self,
        plan: &Plan,
        row: usize,
        changes: &[Change],
        quantity: QuantityIdx,
        stratum: Stratum,
        (before, month): (Month, Month),
    ) -> f64 {
        let mut ratio = 1.0;
        for &factor in &plan.quantities[quantity].factors {
            let value = |changes: &[Change], month| {
                self.parameter_with(plan, row, changes, factor, stratum, month)
            };
            ratio *= if plan.parameters[factor].reaches_everyone {
                safe_ratio(value(changes, month), value(changes, before))
            } else {
                let others = without_new(changes, Target::Parameter(factor), (before, month));
                safe_ratio(value(changes, month), value(&others, month))
            };
        }
        let value =
            |changes: &[Change]| self.value_with(plan, row, changes, quantity, stratum, month);
        ratio
            * safe_ratio(
                value(changes),
                value(&without_new(
                    changes,
                    Target::Quantity(quantity),
                    (before, month),
                )),
            )
    }
}

/// The changes, less those to `target` that begin after the first month, until the second, and reach everyone.
fn without_new(changes: &[Change], target: Target, (before, month): (Month, Month)) -> Vec<Change> {
    changes
        .iter()
        .filter(|c| {
            let is_new = c.from > before && c.from <= month;
            !(c.target == target && is_new && c.reaches_everyone)
        })
        .cloned()
        .collect()
}

fn safe_ratio(new: f64, old: f64) -> f64 {
    if old > 0.0 { new / old } else { 1.0 }
}
