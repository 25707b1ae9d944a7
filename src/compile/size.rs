//! Whether a question is one that a machine can hold.

use super::{Compiler, Stratum};
use crate::diagnostic::Diagnostic;
use crate::quantity::Month;

/// The most people who may arrive in a month, over every inflow, area, sex and age; Scotland has about 20,000.
const MOST_ARRIVALS: f64 = 1e6;

impl Compiler<'_> {
    /// Refuses inflows that would bring more people than can be simulated.
    pub(super) fn check_size(&mut self) {
        let plan = &self.plan;
        let mut found = None;
        for inflow in &plan.inflows {
            let months = plan.breakpoints(&[inflow.rate], plan.history_from);
            let most = months
                .into_iter()
                .map(|month| (self.arrivals(inflow.rate, month), month));
            if let Some((arrivals, month)) = most.max_by(|a, b| a.0.total_cmp(&b.0))
                && arrivals > MOST_ARRIVALS
            {
                found = Some((inflow.rate, inflow.id.clone(), arrivals, month));
            }
        }
        if let Some((rate, id, arrivals, month)) = found {
            let fault = Diagnostic::error(
                "E315",
                format!("inflow `{id}` brings more people than can be simulated"),
            )
            .expected(format!("at most {MOST_ARRIVALS:.0} a month over all areas"))
            .found(format!("{arrivals:.0} in {month}"))
            .hint("check the unit of the rate: it is per person of the population per year");
            self.report(self.quantity_at[rate], fault);
        }
    }

    /// Central arrivals of a month over every area, sex and age, at the largest population of the run.
    fn arrivals(&self, rate: usize, month: Month) -> f64 {
        let plan = &self.plan;
        let mut sum = 0.0;
        for (area, sexes) in plan.population.iter().enumerate() {
            for (sex, ages) in sexes.iter().enumerate() {
                for (age, years) in ages.iter().enumerate() {
                    let people = years.iter().copied().fold(0.0, f64::max);
                    let stratum = Stratum {
                        area,
                        sex,
                        age,
                        priors: 0,
                    };
                    let each = plan.central_product(rate, stratum, month, &[]);
                    sum += people * each * plan.quantities[rate].scale;
                }
            }
        }
        sum
    }
}
