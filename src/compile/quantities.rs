//! Products of parameters: their units, and what brings them to the engine's unit.

use super::{Compiler, Keys, ParameterIdx, Quantity, QuantityIdx};
use crate::diagnostic::Diagnostic;
use crate::document::{At, Product, Text};
use crate::quantity::{TimeUnit, Unit};

/// What a number is wanted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Want {
    /// A share or a probability.
    Share,
    /// A pure factor.
    Factor,
    /// A factor of odds.
    OddsRatio,
    /// A factor of a hazard.
    HazardRatio,
    /// A length of time, brought to steps.
    Time,
    /// Events per person, brought to a step.
    PerPerson,
    /// Events, brought to a step.
    PerTime,
    /// A hazard, brought to a step.
    Hazard,
    /// People.
    People,
    /// Places.
    Places,
    /// People, places or a count.
    Number,
    /// A shape or a spread.
    Shape,
    /// A weight: only its size beside others matters.
    Weight,
    /// Pounds, brought to the price year by the caller.
    Money,
}

impl Want {
    fn words(self) -> &'static str {
        match self {
            Want::Share => {
                "a share, and nothing else but shares, ratios, odds ratios and hazard ratios"
            }
            Want::Factor => "ratios only",
            Want::OddsRatio => "an odds ratio, and nothing else but ratios",
            Want::HazardRatio => "a hazard ratio, and nothing else but ratios",
            Want::Time => "one factor in days, months or years, the others shares or ratios",
            Want::PerPerson => "one factor `per person per year`, the others shares or ratios",
            Want::PerTime | Want::Hazard => {
                "one factor `per year`, `per month` or `per day`, the others shares or ratios"
            }
            Want::People => "one factor in people, the others shares or ratios",
            Want::Places => "one factor in places, the others shares or ratios",
            Want::Number => {
                "one factor in places, in people or a count, the others shares or ratios"
            }
            Want::Shape => "one factor of the unit shape, the others ratios",
            Want::Weight => "one factor in people, a count or a share, the others shares or ratios",
            Want::Money => "one factor in GBP, the others shares or ratios",
        }
    }

    /// What a number per month is multiplied by to be counted in steps of so many months.
    fn in_steps(self, months: f64) -> f64 {
        match self {
            Want::Time => 1.0 / months,
            Want::PerPerson | Want::PerTime | Want::Hazard => months,
            _ => 1.0,
        }
    }

    /// The scale to months when a factor of this unit is the one that carries it.
    fn carries(self, unit: &Unit) -> Option<f64> {
        let months = |time: &TimeUnit| time.months();
        match (self, unit) {
            (Want::Share, Unit::Share) => Some(1.0),
            (Want::Factor, Unit::Share | Unit::Ratio | Unit::OddsRatio | Unit::HazardRatio) => {
                Some(1.0)
            }
            (Want::OddsRatio, Unit::OddsRatio | Unit::Ratio) => Some(1.0),
            (Want::HazardRatio, Unit::HazardRatio | Unit::Ratio) => Some(1.0),
            (Want::Time, Unit::Time(time)) => Some(time.months()),
            (Want::PerPerson, Unit::PerPersonPerYear) => Some(1.0 / 12.0),
            (Want::PerTime, Unit::Per(time)) => Some(1.0 / months(time)),
            (Want::Hazard, Unit::Per(time)) => Some(1.0 / months(time)),
            (Want::Hazard, Unit::PerPersonPerYear) => Some(1.0 / 12.0),
            (Want::People, Unit::People | Unit::Count) => Some(1.0),
            (Want::Places, Unit::Places | Unit::Count) => Some(1.0),
            (Want::Number, Unit::People | Unit::Places | Unit::Count) => Some(1.0),
            (Want::Shape, Unit::Shape | Unit::Count) => Some(1.0),
            (Want::Weight, Unit::People | Unit::Count | Unit::Share) => Some(1.0),
            (Want::Money, Unit::Gbp(_)) => Some(1.0),
            _ => None,
        }
    }

    /// Whether a factor of this unit may stand beside the one that carries the unit.
    fn allows(self, unit: &Unit) -> bool {
        match self {
            Want::OddsRatio | Want::HazardRatio => self.carries(unit).is_some(),
            _ => matches!(unit, Unit::Share) || unit.is_multiplier(),
        }
    }

    /// Whether several factors of the carried unit multiply to the same unit.
    fn may_repeat(self) -> bool {
        matches!(
            self,
            Want::Share | Want::Factor | Want::OddsRatio | Want::HazardRatio
        )
    }
}

impl Compiler<'_> {
    /// The product of these parameters, wanted as `want` by `user`.
    pub(super) fn quantity(
        &mut self,
        id: String,
        product: &Product,
        want: Want,
        user: &str,
    ) -> QuantityIdx {
        for name in &product.names {
            self.refuse_family(name);
        }
        self.quantity_at_step(id, product, want, user, 0)
    }

    /// The product at so many steps since entering, which picks a row of each table by duration.
    pub(super) fn quantity_at_step(
        &mut self,
        id: String,
        product: &Product,
        want: Want,
        user: &str,
        step: i32,
    ) -> QuantityIdx {
        let mut factors = Vec::new();
        let mut is_known = !product.names.is_empty();
        for name in &product.names {
            let family = self.families.get(&name.value);
            let of_step = family.and_then(|family| family.at(step));
            match of_step.or_else(|| self.parameter(name)) {
                Some(factor) => {
                    is_known &= !self.is_broken[factor];
                    let used_by = &mut self.plan.parameters[factor].used_by;
                    if !used_by.iter().any(|title| title == user) {
                        used_by.push(user.to_owned());
                    }
                    factors.push(factor);
                }
                None => is_known = false,
            }
        }
        let carried = self.carried(&factors, want);
        if carried.is_none() && is_known {
            let units = factors.iter().map(|factor| &self.plan.parameters[*factor]);
            let found: Vec<String> = units.map(|p| format!("`{}` ({})", p.id, p.unit)).collect();
            let fault =
                Diagnostic::error("E312", format!("the units of `{id}` do not go together"))
                    .expected(want.words())
                    .found(found.join(" × "))
                    .hint("one factor carries the unit, the others are plain ratios");
            let rows = self.documents.parameters.iter();
            let mut of_them = rows.filter(|row| {
                let mut names = product.names.iter();
                names.any(|name| name.value == row.text("id"))
            });
            // Who writes a table of their own can mend that, and not the model that the program brings along.
            let own = self.documents.sources.is_shipped(product.at);
            let own = own.then(|| of_them.find(|row| !self.documents.sources.is_shipped(row.at)));
            match own.flatten() {
                Some(row) => self.report_cell(row, "unit", fault),
                None => self.report(product.at, fault),
            }
        }
        let (unit, scale) = carried.unwrap_or((Unit::Ratio, 1.0));
        let quantity = self.add_quantity(
            Quantity {
                id,
                factors,
                scale,
                keys: Keys::default(),
                unit,
            },
            product.at,
        );
        self.is_quantity_whole[quantity] = is_known;
        quantity
    }

    /// A table by duration stands only where time since entering is counted.
    fn refuse_family(&mut self, name: &Text) {
        if self.families.contains_key(&name.value) {
            let fault =
                Diagnostic::error("E415", format!("`{}` is a table by duration", name.value))
                    .expected(
                        "a parameter without `duration`; tables stand under `chance` and `table`",
                    )
                    .found(format!("`{}`", name.value));
            self.report(name.at, fault);
        }
    }

    /// A product that must stand, or this number when the file says nothing.
    pub(super) fn quantity_or(
        &mut self,
        id: String,
        product: &Option<Product>,
        want: Want,
        user: &str,
        default: (f64, Unit),
    ) -> QuantityIdx {
        match product {
            Some(product) => self.quantity(id, product, want, user),
            None => {
                let (scale, unit) = default;
                let nothing = Quantity {
                    id,
                    factors: Vec::new(),
                    scale,
                    keys: Keys::default(),
                    unit,
                };
                self.add_quantity(nothing, At::default())
            }
        }
    }

    fn add_quantity(&mut self, mut quantity: Quantity, at: At) -> QuantityIdx {
        let keys = quantity
            .factors
            .iter()
            .map(|factor| self.plan.parameters[*factor].keys);
        quantity.keys = keys.fold(Keys::default(), Keys::or);
        self.plan.quantities.push(quantity);
        self.quantity_at.push(at);
        self.is_quantity_whole.push(true);
        self.plan.quantities.len() - 1
    }

    /// The unit that the product carries and its scale; `None` when the units do not go together.
    fn carried(&self, factors: &[ParameterIdx], want: Want) -> Option<(Unit, f64)> {
        let units: Vec<&Unit> = factors
            .iter()
            .map(|factor| &self.plan.parameters[*factor].unit)
            .collect();
        let carriers: Vec<&&Unit> = units
            .iter()
            .filter(|unit| want.carries(unit).is_some())
            .collect();
        let first = carriers.first()?;
        let others_fit = units
            .iter()
            .all(|unit| want.carries(unit).is_some() || want.allows(unit));
        let is_one = carriers.len() == 1 || want.may_repeat();
        let scale = want.carries(first)? * want.in_steps(self.plan.step.months());
        (others_fit && is_one).then(|| ((**first).clone(), scale))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn what_is_wanted_is_told_in_words_of_its_own() {
        let all = [
            Want::Share,
            Want::Factor,
            Want::OddsRatio,
            Want::HazardRatio,
            Want::Time,
            Want::PerPerson,
        ];
        let words: BTreeSet<&str> = all.iter().map(|want| want.words()).collect();
        assert_eq!(words.len(), all.len(), "{words:?}");
        assert!(Want::Time.words().contains("days"));
    }
}
