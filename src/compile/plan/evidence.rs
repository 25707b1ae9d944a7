//! Numbers with their evidence, and the products of them that the rest of the Plan asks for.

use super::{CellIdx, ParameterIdx, Plan, QuantityIdx};
use crate::quantity::{Grade, Month, Unit};

/// One number with its evidence.
#[derive(Debug, Clone)]
pub struct Cell {
    /// The parameter it belongs to.
    pub parameter: ParameterIdx,
    /// The keys other than `from`, joined; with the id, the address of its random number.
    pub keys: String,
    /// The month from which it holds.
    pub from: Option<Month>,
    /// The central value.
    pub value: f64,
    /// How it is drawn.
    pub law: Law,
    /// The 95% interval implied by the law, for the assumptions table.
    pub interval: Option<(f64, f64)>,
    /// What the evidence is.
    pub evidence: Evidence,
}

/// The law that a cell is drawn from; each is sampled by inverting one uniform, a walk by one for each step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Law {
    /// Always the central value.
    Fixed,
    /// Beta(a, b).
    Beta(f64, f64),
    /// Gamma with this shape and this mean.
    Gamma(f64, f64),
    /// exp(Normal(mean, sd)).
    LogNormal(f64, f64),
    /// The same, but the logarithms of rows that differ only in `from` are a walk: what a row has more of variance than
    /// the row before it is a step of its own.
    Walk(f64, f64),
    /// 1 / (1 + exp(-Normal(mean, sd))).
    LogitNormal(f64, f64),
    /// Normal(mean, sd), cut to the unit's bounds.
    Normal(f64, f64),
    /// Uniform on this interval.
    Uniform(f64, f64),
}

/// Where a number comes from.
#[derive(Debug, Clone)]
pub struct Evidence {
    /// The time the evidence is from; for money the price year.
    pub period: String,
    /// The people and place it is about.
    pub population: String,
    /// The publication.
    pub source: String,
    /// Its address.
    pub url: String,
    /// How good it is.
    pub grade: Grade,
    /// Anything the reader should know.
    pub note: String,
    /// File and line of the row, as shown to the user.
    pub place: String,
}

/// A parameter: cells by stratum and date.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// As in the files.
    pub id: String,
    /// Of every cell.
    pub unit: Unit,
    /// The keys it depends on.
    pub keys: Keys,
    /// Dated cells by key combination, laid out `[area][sex][age][priors]` over the keys in use (see [`Keys`]).
    pub cells: Vec<Vec<(Month, CellIdx)>>,
    /// Whether a dated value that is law also reaches people already in a state.
    pub reaches_everyone: bool,
    /// Whether it is a rule: fixed by law or guidance, and known before it takes effect.
    pub is_law: bool,
    /// Titles of what uses it (states, services, costs), for the assumptions table.
    pub used_by: Vec<String>,
}

/// The keys that a parameter or a quantity depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Keys {
    /// By area.
    pub area: bool,
    /// By sex.
    pub sex: bool,
    /// By age band.
    pub age: bool,
    /// By priors band.
    pub priors: bool,
}

/// A stratum: indices into the Plan's areas and strata.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stratum {
    /// Index of the area.
    pub area: usize,
    /// Index of the sex.
    pub sex: usize,
    /// Index of the age band.
    pub age: usize,
    /// Index of the priors band.
    pub priors: usize,
}

/// A product of parameters.
#[derive(Debug, Clone)]
pub struct Quantity {
    /// Where it stands, such as `state.custody.stay`: for errors and the assumptions table.
    pub id: String,
    /// The factors.
    pub factors: Vec<ParameterIdx>,
    /// What the value is multiplied by to be in the engine's unit (months, per month …).
    pub scale: f64,
    /// The keys that any factor depends on.
    pub keys: Keys,
    /// The unit of the factor that carries one.
    pub unit: Unit,
}

impl Plan {
    /// Every area, sex and age band that the population is told by.
    pub fn strata_of_people(&self) -> Vec<Stratum> {
        let mut strata = Vec::new();
        for (area, sexes) in self.population.iter().enumerate() {
            for (sex, ages) in sexes.iter().enumerate() {
                strata.extend((0..ages.len()).map(|age| Stratum {
                    area,
                    sex,
                    age,
                    priors: 0,
                }));
            }
        }
        strata
    }

    /// The people of an area, sex and age band in a month: mid-year values joined by straight lines, level beyond the
    /// first and the last.
    pub fn people(&self, stratum: Stratum, month: Month) -> f64 {
        let series = &self.population[stratum.area][stratum.sex][stratum.age];
        // A month is centred half a step after its first day; the mid-year is the end of June.
        let years = f64::from(month.year() - self.population_from)
            + (f64::from(month.month()) - 6.5) / 12.0;
        let last = series.len().saturating_sub(1);
        let position = years.clamp(0.0, last as f64);
        let before = (position as usize).min(last);
        let after = (before + 1).min(last);
        series[before] + (series[after] - series[before]) * (position - before as f64)
    }

    /// What a factor of a quantity multiplies: among the factors of a share an odds ratio its odds, a hazard ratio the
    /// hazard behind it; otherwise the product.
    pub fn acts_on(&self, quantity: QuantityIdx, factor: ParameterIdx) -> ActsOn {
        match (
            &self.quantities[quantity].unit,
            &self.parameters[factor].unit,
        ) {
            (Unit::Share, Unit::OddsRatio) => ActsOn::Odds,
            (Unit::Share, Unit::HazardRatio) => ActsOn::Hazard,
            _ => ActsOn::Product,
        }
    }
}

/// What a factor multiplies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActsOn {
    /// The product itself.
    Product,
    /// The odds of a share.
    Odds,
    /// The hazard behind a share.
    Hazard,
}

/// A product under way.
#[derive(Debug, Clone, Copy)]
pub struct Parts {
    product: f64,
    odds: f64,
    hazard: f64,
}

impl Parts {
    /// Of no factors.
    pub const NONE: Parts = Parts {
        product: 1.0,
        odds: 1.0,
        hazard: 1.0,
    };

    /// One factor more.
    pub fn times(&mut self, acts_on: ActsOn, value: f64) {
        *(match acts_on {
            ActsOn::Product => &mut self.product,
            ActsOn::Odds => &mut self.odds,
            ActsOn::Hazard => &mut self.hazard,
        }) *= value;
    }

    /// What it comes to.
    pub fn value(self) -> f64 {
        on_hazard(on_odds(self.product, self.odds), self.hazard)
    }
}

/// A probability whose hazard is multiplied: `1 - (1 - p) ^ ratio`; nothing where the ratio is.
fn on_hazard(probability: f64, ratio: f64) -> f64 {
    match ratio {
        1.0 => probability,
        0.0 => 0.0,
        _ => -(ratio * (-probability.clamp(0.0, 1.0)).ln_1p()).exp_m1(),
    }
}

/// A probability whose odds are multiplied: it stays a probability however large the ratio.
pub fn on_odds(probability: f64, ratio: f64) -> f64 {
    if ratio == 1.0 {
        return probability;
    }
    let p = probability.clamp(0.0, 1.0);
    p * ratio / (1.0 - p + p * ratio)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_act_on_the_product_the_odds_and_the_hazard_in_this_order() {
        let value = |factors: &[(ActsOn, f64)]| {
            let mut parts = Parts::NONE;
            for &(acts_on, factor) in factors {
                parts.times(acts_on, factor);
            }
            parts.value()
        };
        let (product, odds, hazard) = (ActsOn::Product, ActsOn::Odds, ActsOn::Hazard);
        for (factors, expected) in [
            (&[(hazard, 3.0), (product, 0.2)][..], 1.0 - 0.8_f64.powi(3)),
            (&[(product, 0.2), (odds, 2.0)], 1.0 / 3.0),
            (
                &[(product, 0.4), (hazard, 2.0), (product, 0.5), (odds, 2.0)],
                5.0 / 9.0,
            ),
            (&[(product, 0.2), (hazard, 0.5), (hazard, 2.0)], 0.2),
            (&[(product, 1.0), (hazard, 0.5)], 1.0),
            (&[(product, 1.0), (hazard, 0.0)], 0.0),
            (&[(product, 0.0), (hazard, 5.0)], 0.0),
        ] {
            let found = value(factors);
            assert!((found - expected).abs() < 1e-15, "{factors:?}: {found}");
        }
        // A chance that is far too small to be taken from one.
        let tiny = value(&[(product, 1e-20), (hazard, 3.0)]);
        assert!((tiny / 3e-20 - 1.0).abs() < 1e-14, "{tiny:e}");
    }
}
