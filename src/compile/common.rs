//! Numbers that are one for everybody: weights of measures, prices, shapes of stays.

use super::{Charged, Compiler, Keys, QuantityIdx, Stay};
use crate::diagnostic::Diagnostic;

impl Compiler<'_> {
    /// Nobody is told apart where these are used, so that rows or changes by band would be passed over but for the first.
    pub(super) fn check_common(&mut self) {
        for quantity in self.of_areas() {
            self.refuse_keys(quantity, true);
        }
        for quantity in self.of_all() {
            self.refuse_keys(quantity, false);
        }
    }

    /// What may differ by area: weights and prices.
    fn of_areas(&self) -> Vec<QuantityIdx> {
        let weights = self.plan.measures.iter().flat_map(|m| &m.weights);
        let mut found: Vec<QuantityIdx> = weights.map(|(_, quantity)| *quantity).collect();
        for cost in &self.plan.costs {
            found.push(cost.unit_cost);
            found.extend(cost.marginal_cost);
            if let Charged::Step(per) = cost.charged {
                found.push(per);
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// What may not: shapes of stays and of support, and how needs hang together.
    fn of_all(&self) -> Vec<QuantityIdx> {
        let states = self.plan.states.iter();
        let of_exits = states
            .clone()
            .flat_map(|state| state.exits.iter().filter_map(|exit| exit.stay));
        let support = self.plan.services.iter().map(|service| service.support);
        let stays = states
            .map(|state| state.stay)
            .chain(of_exits)
            .chain(support);
        let shape = |stay: Stay| match stay {
            Stay::Gamma(_, shape) | Stay::Weibull(_, shape) | Stay::LogNormal(_, shape) => {
                Some(shape)
            }
            _ => None,
        };
        let together = self.plan.associations.iter().map(|(.., ratio)| *ratio);
        stays.filter_map(shape).chain(together).collect()
    }

    fn refuse_keys(&mut self, quantity: QuantityIdx, is_area_allowed: bool) {
        let mut keys = self.plan.quantities[quantity].keys;
        let changes = self.plan.options.iter().flat_map(|option| &option.changes);
        for change in changes.filter(|change| change.target.is_of(&self.plan, quantity)) {
            keys = keys.or(Keys {
                area: change.area.is_some(),
                sex: change.sex.is_some(),
                age: change.age.is_some(),
                priors: change.priors.is_some(),
            });
        }
        let told = [
            ("area", keys.area && !is_area_allowed),
            ("sex", keys.sex),
            ("age", keys.age),
            ("priors", keys.priors),
        ];
        let told: Vec<&str> = told
            .into_iter()
            .filter_map(|(key, is)| is.then_some(key))
            .collect();
        if told.is_empty() || !self.is_quantity_whole[quantity] {
            return;
        }
        let id = &self.plan.quantities[quantity].id;
        let fault = Diagnostic::error("E425", format!("`{id}` is one number for everybody"))
            .expected(match is_area_allowed {
                true => "rows and changes by `area` and `from` at most",
                false => "rows and changes by `from` at most",
            })
            .found(format!("rows or changes by {}", told.join(" and ")))
            .hint("where everybody is of one age, rows by `from` say the same; otherwise write a state and a measure for each group");
        self.report(self.quantity_at[quantity], fault);
    }
}
