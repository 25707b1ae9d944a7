//! Central values, for the checks: what a parameter or a product is worth in a month, under changes.

use super::{Change, Keys, Operation, ParameterIdx, Parts, Plan, QuantityIdx, Stratum, Target};
use crate::quantity::Month;

impl Plan {
    /// The central value of a parameter under changes; `NaN` where rows are missing, which has been reported.
    pub(super) fn central(
        &self,
        parameter: ParameterIdx,
        stratum: Stratum,
        month: Month,
        changes: &[Change],
    ) -> f64 {
        let described = &self.parameters[parameter];
        let dated = described
            .cells
            .get(self.index_in(described.keys, stratum))
            .map_or(&[][..], Vec::as_slice);
        let begun = dated.partition_point(|(from, _)| *from <= month);
        let cell = dated.get(begun.saturating_sub(1));
        let value = cell.map_or(f64::NAN, |(_, cell)| self.cells[*cell].value);
        changed(value, Target::Parameter(parameter), stratum, month, changes)
    }

    /// The central value of a product under changes, in its own unit.
    pub(super) fn central_product(
        &self,
        quantity: QuantityIdx,
        stratum: Stratum,
        month: Month,
        changes: &[Change],
    ) -> f64 {
        let mut parts = Parts::NONE;
        for &factor in &self.quantities[quantity].factors {
            let value = self.central(factor, stratum, month, changes);
            parts.times(self.acts_on(quantity, factor), value);
        }
        changed(
            parts.value(),
            Target::Quantity(quantity),
            stratum,
            month,
            changes,
        )
    }

    /// The months of the run, from `first`, in which a factor takes another value; `first` is among them.
    pub(super) fn breakpoints(&self, quantities: &[QuantityIdx], first: Month) -> Vec<Month> {
        let factors = quantities
            .iter()
            .flat_map(|quantity| &self.quantities[*quantity].factors);
        self.parameter_breakpoints(factors.copied(), first)
    }

    /// The same for parameters.
    pub(super) fn parameter_breakpoints(
        &self,
        parameters: impl Iterator<Item = ParameterIdx>,
        first: Month,
    ) -> Vec<Month> {
        let mut months = vec![first];
        for parameter in parameters {
            let dated = self.parameters[parameter].cells.iter().flatten();
            months.extend(
                dated
                    .map(|(from, _)| *from)
                    .filter(|from| *from > first && *from < self.end),
            );
        }
        months.sort_unstable();
        months.dedup();
        months
    }

    /// The keys that any of these products depends on.
    pub(super) fn keys_of(&self, quantities: &[QuantityIdx]) -> Keys {
        let keys = quantities
            .iter()
            .map(|quantity| self.quantities[*quantity].keys);
        keys.fold(Keys::default(), Keys::or)
    }

    /// The product of some factors in a month as a table over `keys`, which hold every key of the factors.
    pub(super) fn table(
        &self,
        quantity: QuantityIdx,
        keys: Keys,
        strata: &[Stratum],
        month: Month,
    ) -> Vec<f64> {
        let mut table = vec![Parts::NONE; strata.len()];
        debug_assert_eq!(strata.len(), self.size_of(keys));
        for &factor in &self.quantities[quantity].factors {
            let described = &self.parameters[factor];
            let values: Vec<f64> = described
                .cells
                .iter()
                .map(|dated| {
                    let begun = dated.partition_point(|(from, _)| *from <= month);
                    let cell = dated.get(begun.saturating_sub(1));
                    cell.map_or(f64::NAN, |(_, cell)| self.cells[*cell].value)
                })
                .collect();
            let acts_on = self.acts_on(quantity, factor);
            for (parts, stratum) in table.iter_mut().zip(strata) {
                parts.times(acts_on, values[self.index_in(described.keys, *stratum)]);
            }
        }
        table.into_iter().map(Parts::value).collect()
    }
}

impl Change {
    /// Whether it concerns this stratum in this month.
    pub fn applies(&self, stratum: Stratum, month: Month) -> bool {
        self.from <= month
            && self
                .area
                .as_ref()
                .is_none_or(|areas| areas.contains(&stratum.area))
            && self.sex.is_none_or(|sex| sex == stratum.sex)
            && self.age.is_none_or(|age| age == stratum.age)
            && self.priors.is_none_or(|priors| priors == stratum.priors)
    }

    /// The keys that its scope depends on.
    pub fn keys(&self) -> Keys {
        Keys {
            area: self.area.is_some(),
            sex: self.sex.is_some(),
            age: self.age.is_some(),
            priors: self.priors.is_some(),
        }
    }
}

impl Operation {
    /// The value after it.
    pub fn on(self, value: f64) -> f64 {
        match self {
            Operation::Set(to) => to,
            Operation::Multiply(by) => value * by,
            Operation::Add(by) => value + by,
            Operation::Hold(_) => value,
        }
    }
}

fn changed(value: f64, target: Target, stratum: Stratum, month: Month, changes: &[Change]) -> f64 {
    let applying = changes
        .iter()
        .filter(|c| c.target == target && c.applies(stratum, month));
    applying.fold(value, |value, change| change.operation.on(value))
}
