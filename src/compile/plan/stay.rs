//! How long people stay, and the chance of leaving at every step.

use libm::erfc;
use statrs::function::gamma::checked_gamma_ur;

use super::{Destination, QuantityIdx};

/// A chance of leaving at every step.
#[derive(Debug, Clone)]
pub struct Leaving {
    /// Where it leads.
    pub to: Destination,
    /// How it goes on with the time since entering.
    pub chance: Chance,
    /// The places, before this one, of those that come first: the chance is of those whom they do not take.
    pub unless: Vec<usize>,
    /// The odds ratio for people with a need, `(need, quantity)`.
    pub modifiers: Vec<(usize, QuantityIdx)>,
    /// The name of the flow, for exits that leave.
    pub counts: Option<String>,
}

/// The chance with which each way out is taken at a step, in the order of the file, from what each says `alone`: those
/// that it is `unless` of go first, so that `p = alone (1 - sum of theirs)`. Two that are of the survivors of a third
/// are so by the same chance of surviving, as in the matrix of a Markov model whose rows begin with death.
pub fn chances_together(ways: &[Leaving], mut alone: impl FnMut(&Leaving) -> f64) -> Vec<f64> {
    let mut chances: Vec<f64> = Vec::with_capacity(ways.len());
    for way in ways {
        let first: f64 = way.unless.iter().map(|&earlier| chances[earlier]).sum();
        chances.push(alone(way) * (1.0 - first).max(0.0));
    }
    chances
}

/// The chance of leaving at the `n`-th step after entering, `n` from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chance {
    /// By step since entering; the last holds for all later steps.
    Listed(Listed),
    /// By a law of the time since entering.
    Law(ChanceLaw),
}

/// A parametric law of the time `t` that has passed, in steps: the chance at the `n`-th step is
/// `1 - (S(t) / S(t - 1)) ^ ratio` with `t = elapsed + n`, `S` the survival function and the hazard ratio.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChanceLaw {
    /// Which.
    pub kind: LawKind,
    /// Its scale, or its median or mean in steps.
    pub scale: QuantityIdx,
    /// Its shape or spread.
    pub shape: QuantityIdx,
    /// What its hazard is multiplied by.
    pub hazard_ratio: QuantityIdx,
    /// How many steps of its time have passed when the state is entered; 0 or more.
    pub elapsed: i32,
}

/// The survival functions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LawKind {
    /// `S(t) = exp(-scale * t ^ shape)`; exponential where the shape is 1.
    Weibull,
    /// `S(t) = exp(-scale / shape * (exp(shape * t) - 1))`.
    Gompertz,
    /// `S(t) = 1 / (1 + scale * t ^ shape)`.
    LogLogistic,
    /// `S(t) = erfc(ln(t / median) / (spread * sqrt(2))) / 2`.
    LogNormal,
    /// `S(t) = Q(shape, shape * t / mean)`, the upper regularised incomplete gamma function.
    Gamma,
}

impl LawKind {
    /// The hazard added up over the first `t` steps, minus the logarithm of the share that is left after them; infinite
    /// where nobody is. `t` is 0 or more.
    pub fn hazard_until(self, scale: f64, shape: f64, t: f64) -> f64 {
        let of = |survival: f64| -survival.ln();
        match self {
            LawKind::Weibull => scale * t.powf(shape),
            LawKind::Gompertz if shape == 0.0 => scale * t,
            LawKind::Gompertz => scale / shape * (shape * t).exp_m1(),
            LawKind::LogLogistic => (scale * t.powf(shape)).ln_1p(),
            LawKind::LogNormal | LawKind::Gamma if t <= 0.0 => 0.0,
            // Of no length at all.
            LawKind::LogNormal | LawKind::Gamma if scale <= 0.0 => f64::INFINITY,
            LawKind::LogNormal => {
                of(0.5 * erfc((t / scale).ln() / (shape * std::f64::consts::SQRT_2)))
            }
            LawKind::Gamma => of(checked_gamma_ur(shape, shape * t / scale).unwrap_or(0.0)),
        }
    }
}

impl Chance {
    /// Every quantity that it is read from.
    pub fn quantities(&self) -> Vec<QuantityIdx> {
        match *self {
            Chance::Listed(list) => list.steps().map(|(_, quantity)| quantity).collect(),
            Chance::Law(law) => vec![law.scale, law.shape, law.hazard_ratio],
        }
    }

    /// The chance at the `n`-th step after entering, `n` from 1, where `value` tells what a quantity is worth.
    pub fn at(&self, n: i32, value: impl Fn(QuantityIdx) -> f64) -> f64 {
        match *self {
            Chance::Listed(list) => value(list.at(n)),
            Chance::Law(law) => {
                let (scale, shape) = (value(law.scale), value(law.shape));
                let until = |t| law.kind.hazard_until(scale, shape, t);
                let t = f64::from(law.elapsed.saturating_add(n));
                let before = until(t - 1.0);
                match (value(law.hazard_ratio), before.is_finite()) {
                    (0.0, _) => 0.0,
                    (ratio, true) => -(-ratio * (until(t) - before)).exp_m1(),
                    // Nobody is left to leave where even the step before has no survivors.
                    (_, false) => 1.0,
                }
            }
        }
    }
}

/// Quantities that stand next to each other, one for every number of steps since entering.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listed {
    /// The first of them.
    pub first: QuantityIdx,
    /// The number of steps that the first is for.
    pub from: i32,
    /// How many there are.
    pub n: usize,
}

impl Listed {
    /// The quantity of this many steps; the last one holds for all later.
    pub fn at(&self, steps: i32) -> QuantityIdx {
        let last = self.n.saturating_sub(1);
        self.first + usize::try_from(steps - self.from).unwrap_or(0).min(last)
    }

    /// Every number of steps and its quantity.
    pub fn steps(self) -> impl Iterator<Item = (i32, QuantityIdx)> {
        (0..self.n).map(move |index| (self.from + index as i32, self.first + index))
    }
}

/// How long people stay in a state, in steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stay {
    /// They pass through within the month.
    None,
    /// Until the clock ends.
    Clock,
    /// Until a hazard fires or a chance is taken.
    Open,
    /// As the exit says that is chosen on entering.
    OfExit,
    /// This many whole steps, by weights that need not sum to one.
    Listed(Listed),
    /// Exactly this long.
    Fixed(QuantityIdx),
    /// Geometric with this mean, counted from 1.
    Geometric(QuantityIdx),
    /// Exponential with this mean.
    Exponential(QuantityIdx),
    /// Gamma with this mean and shape.
    Gamma(QuantityIdx, QuantityIdx),
    /// Weibull with this mean and shape.
    Weibull(QuantityIdx, QuantityIdx),
    /// Lognormal with this mean and spread (sd of the logarithm).
    LogNormal(QuantityIdx, QuantityIdx),
}

impl Stay {
    /// Every quantity that says how long it is.
    pub fn lengths(self) -> impl Iterator<Item = QuantityIdx> {
        let listed = match self {
            Stay::Listed(list) => Some(list),
            _ => None,
        };
        let of_list = listed
            .into_iter()
            .flat_map(|list| list.steps().map(|(_, quantity)| quantity));
        self.mean().into_iter().chain(of_list)
    }

    /// Every quantity that a length is read from, shapes included.
    pub fn quantities(self) -> Vec<QuantityIdx> {
        let shape = match self {
            Stay::Gamma(_, shape) | Stay::Weibull(_, shape) | Stay::LogNormal(_, shape) => {
                Some(shape)
            }
            _ => None,
        };
        self.lengths().chain(shape).collect()
    }

    /// The quantity that carries the mean (or the length), if the stay has one.
    pub fn mean(&self) -> Option<QuantityIdx> {
        match *self {
            Stay::None | Stay::Clock | Stay::Open | Stay::OfExit | Stay::Listed(_) => None,
            Stay::Fixed(mean) | Stay::Geometric(mean) | Stay::Exponential(mean) => Some(mean),
            Stay::Gamma(mean, _) | Stay::Weibull(mean, _) | Stay::LogNormal(mean, _) => Some(mean),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn laws_are_what_their_closed_forms_say() {
        for (kind, scale, shape, t, survival) in [
            (LawKind::Weibull, 0.1, 1.0, 3.0, (-0.3_f64).exp()),
            (LawKind::Weibull, 0.1, 2.0, 3.0, (-0.9_f64).exp()),
            (
                LawKind::Gompertz,
                0.1,
                2.0_f64.ln(),
                1.0,
                (-0.1 / 2.0_f64.ln()).exp(),
            ),
            (LawKind::LogLogistic, 0.25, 2.0, 4.0, 0.2),
            (LawKind::LogNormal, 5.0, 0.5, 5.0, 0.5),
            // The normal law one deviation out.
            (
                LawKind::LogNormal,
                5.0,
                0.5,
                5.0 * 0.5_f64.exp(),
                0.158_655_253_931_457,
            ),
            (LawKind::Gamma, 4.0, 1.0, 3.0, (-0.75_f64).exp()),
            (LawKind::Gamma, 4.0, 2.0, 3.0, 2.5 * (-1.5_f64).exp()),
        ] {
            let left = (-kind.hazard_until(scale, shape, t)).exp();
            assert!((left - survival).abs() < 1e-12, "{kind:?}: {left}");
            assert_eq!(kind.hazard_until(scale, shape, 0.0), 0.0, "{kind:?}");
        }
        // Nobody is left of what has no length, or after ages.
        for kind in [LawKind::LogNormal, LawKind::Gamma] {
            assert_eq!(kind.hazard_until(0.0, 1.0, 1.0), f64::INFINITY);
            assert_eq!(kind.hazard_until(1e-6, 0.1, 1e9), f64::INFINITY);
        }
    }

    #[test]
    fn a_hazard_ratio_multiplies_the_hazard_of_a_step() {
        let chance = |values: [f64; 3], n: i32| {
            let law = ChanceLaw {
                kind: LawKind::Gompertz,
                scale: 0,
                shape: 1,
                hazard_ratio: 2,
                elapsed: 4,
            };
            Chance::Law(law).at(n, |quantity| values[quantity])
        };
        let hazard = 0.02 / 0.3 * ((0.3_f64 * 6.0).exp() - (0.3_f64 * 5.0).exp());
        for ratio in [0.5, 1.0, 3.0] {
            let found = chance([0.02, 0.3, ratio], 2);
            assert!((found - (1.0 - (-ratio * hazard).exp())).abs() < 1e-15);
        }
        // Of a hazard beyond all numbers everybody goes, unless it is multiplied by nothing.
        assert_eq!(chance([1.0, 1e3, 2.0], 1), 1.0);
        assert_eq!(chance([1.0, 1e3, 2.0], 2), 1.0);
        assert_eq!(chance([1.0, 1e3, 0.0], 2), 0.0);
    }

    #[test]
    fn what_goes_first_leaves_the_others_its_survivors() {
        let way = |unless: &[usize]| Leaving {
            to: Destination::Leaves,
            chance: Chance::Listed(Listed {
                first: 0,
                from: 1,
                n: 1,
            }),
            unless: unless.to_vec(),
            modifiers: Vec::new(),
            counts: None,
        };
        // Death; two of its survivors' ways; one of those who are left by all; and one that asks after nobody.
        let ways = [way(&[]), way(&[0]), way(&[0]), way(&[0, 1, 2]), way(&[])];
        let mut alone = [0.2, 0.5, 0.25, 1.0, 0.1].into_iter();
        let together = chances_together(&ways, |_| alone.next().unwrap());
        let expected = [0.2, 0.4, 0.2, 0.2, 0.1];
        for (ours, expected) in together.iter().zip(expected) {
            assert!((ours - expected).abs() < 1e-15, "{together:?}");
        }
        // Drawn chances that are more than one together leave nobody.
        let full = chances_together(&[way(&[]), way(&[]), way(&[0, 1])], |_| 0.8);
        assert_eq!(full, [0.8, 0.8, 0.0]);
    }
}
