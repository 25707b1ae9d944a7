//! What every engine is given: the figures of workload P, read off a compiled Plan, central values only.

use needscast::compile::{Destination, Plan, QuantityIdx, Stay, Stratum, on_odds};
use needscast::draw::Draws;
use serde::Serialize;

/// The number of states; an exit to this "state" leaves.
pub const STATES: usize = 12;
/// The number of areas.
pub const AREAS: usize = 3;
/// The number of needs, and of services: service `k` meets need `k`.
pub const NEEDS: usize = 4;
/// Combinations of needs, bit `k` for need `k`.
pub const COMBINATIONS: usize = 1 << NEEDS;

/// A length of stay in months. Lengths that are not whole are rounded up with the chance of their fraction, so that
/// the mean is kept.
#[derive(Serialize)]
#[serde(tag = "law", rename_all = "lowercase")]
pub enum Length {
    /// Whole months from 1.
    Geometric { mean: f64 },
    /// Weibull: `scale (-ln u)^(1/shape)`.
    Weibull { scale: f64, shape: f64 },
    /// Chances of 1, 2, … whole months.
    Table { chances: Vec<f64> },
    /// Until the return clock ends.
    Clock,
}

/// The return clock: the cumulative hazard `t` months after the start is `ratio * base * (t / within)^shape`.
#[derive(Serialize)]
pub struct ReturnClock {
    /// `[state][stratum]`; 0 where entering the state starts no clock.
    pub base: Vec<Vec<f64>>,
    /// By need present.
    pub ratio: Vec<f64>,
    pub within: f64,
    pub shape: f64,
    /// `[state]`: months after entering; 0 where entering starts no clock.
    pub ends_after: Vec<usize>,
    pub fires_to: usize,
}

/// What the four services have in common, and their places.
#[derive(Serialize)]
pub struct Support {
    pub uptake: f64,
    /// Geometric, mean months.
    pub patience: f64,
    /// At least one month.
    pub length: Length,
    /// Chance that the need is met at the end.
    pub meets_need: f64,
    /// Hazard ratio on the clock from the start of support until custody, leaving or a new referral.
    pub effect: f64,
    /// `[service][area]`.
    pub places: Vec<Vec<i32>>,
}

/// The whole of workload P. A stratum is `(sex * ages + age) * priors + priors band`.
#[derive(Serialize)]
pub struct Inputs {
    pub months: usize,
    /// `[area][sex][age]`: mean arrivals a month.
    pub arrivals: Vec<Vec<Vec<f64>>>,
    /// Shares over the priors bands.
    pub arrival_priors: Vec<f64>,
    /// `(from, width)` in years; people are born evenly over the band and grow older.
    pub ages: Vec<(u32, u32)>,
    /// `(from, width)`; previous convictions are even over the band.
    pub priors: Vec<(u32, u32)>,
    /// `[stratum][combination]`: the law of needs on arrival.
    pub needs: Vec<Vec<f64>>,
    /// `[state]`: where the exits lead, the last taking the rest.
    pub targets: Vec<Vec<usize>>,
    /// `[state][stratum][combination][exit]`: running sums of the shares of all exits but the last.
    pub exits: Vec<Vec<Vec<Vec<f64>>>>,
    pub lengths: Vec<Length>,
    /// `[state]`: entering it is a conviction; the one before becomes a previous one.
    pub convicts: Vec<bool>,
    /// `[state]`: outside custody: entering refers, and people may wait and be supported.
    pub is_free: Vec<bool>,
    pub clock: ReturnClock,
    pub support: Support,
}

/// Reads a Plan of one option whose values do not change with time or draw.
struct Reader<'a> {
    plan: &'a Plan,
    draws: &'a Draws,
}

impl Inputs {
    /// The figures of a Plan of workload P, or of one with more people.
    pub fn of(plan: &Plan, draws: &Draws) -> Inputs {
        let shape = (plan.areas.len(), plan.states.len(), plan.needs.len());
        assert_eq!(shape, (AREAS, STATES, NEEDS), "a Plan of workload P");
        assert!(plan.death.is_none() && plan.services.len() == NEEDS);
        let reader = Reader { plan, draws };
        let bands = |bands: &[needscast::compile::Band], open: u32| {
            let width = |b: &needscast::compile::Band| b.to.map_or(open, |to| to + 1 - b.from);
            bands.iter().map(|b| (b.from, width(b))).collect()
        };
        Inputs {
            months: plan.end.since(plan.history_from) as usize,
            arrivals: reader.arrivals(),
            arrival_priors: (0..plan.strata.priors.len())
                .map(|priors| {
                    let stratum = Stratum {
                        area: 0,
                        sex: 0,
                        age: 0,
                        priors,
                    };
                    reader.value(plan.inflows[0].priors, stratum)
                })
                .collect(),
            // An open age band is entered over twenty years; an open band of convictions at its lowest.
            ages: bands(&plan.strata.ages, 20),
            priors: bands(&plan.strata.priors, 1),
            needs: reader.strata().map(|s| reader.needs(s)).collect(),
            targets: (0..STATES).map(|state| reader.targets(state)).collect(),
            exits: (0..STATES).map(|state| reader.exits(state)).collect(),
            lengths: plan.states.iter().map(|s| reader.length(&s.stay)).collect(),
            convicts: plan.states.iter().map(|s| s.convicts).collect(),
            is_free: plan.services[0].stays_in.clone(),
            clock: reader.clock(),
            support: reader.support(),
        }
    }
}

impl Reader<'_> {
    fn value(&self, quantity: QuantityIdx, stratum: Stratum) -> f64 {
        let month = self.plan.history_from;
        self.draws
            .value_with(self.plan, 0, &[], quantity, stratum, month)
    }

    fn constant(&self, quantity: QuantityIdx) -> f64 {
        let first = Stratum {
            area: 0,
            sex: 0,
            age: 0,
            priors: 0,
        };
        self.value(quantity, first)
    }

    fn strata(&self) -> impl Iterator<Item = Stratum> + use<> {
        let (ages, priors) = (self.plan.strata.ages.len(), self.plan.strata.priors.len());
        (0..self.plan.strata.sexes.len() * ages * priors).map(move |stratum| Stratum {
            area: 0,
            sex: stratum / (ages * priors),
            age: stratum / priors % ages,
            priors: stratum % priors,
        })
    }

    fn arrivals(&self) -> Vec<Vec<Vec<f64>>> {
        let (plan, rate) = (self.plan, self.plan.inflows[0].rate);
        let cell = |area: usize, sex: usize, age: usize| {
            plan.population[area][sex][age][0]
                * self.value(
                    rate,
                    Stratum {
                        area,
                        sex,
                        age,
                        priors: 0,
                    },
                )
        };
        (0..AREAS)
            .map(|area| {
                let ages = |sex| {
                    (0..plan.strata.ages.len())
                        .map(|age| cell(area, sex, age))
                        .collect()
                };
                (0..plan.strata.sexes.len()).map(ages).collect()
            })
            .collect()
    }

    /// The law over combinations with the given margins and conditional odds ratios, by proportional fitting.
    fn needs(&self, stratum: Stratum) -> Vec<f64> {
        let has = |combination: usize, need: usize| combination >> need & 1 == 1;
        let mut law = vec![1.0; COMBINATIONS];
        for &(a, b, quantity) in &self.plan.associations {
            let both = (0..COMBINATIONS).filter(|&c| has(c, a) && has(c, b));
            both.for_each(|c| law[c] *= self.constant(quantity));
        }
        for _ in 0..200 {
            for prevalence in &self.plan.prevalences {
                let share = self.value(prevalence.share, stratum);
                let total = |wanted: bool, law: &[f64]| {
                    let sum = |c: &usize| has(*c, prevalence.need) == wanted;
                    (0..COMBINATIONS).filter(sum).map(|c| law[c]).sum::<f64>()
                };
                let (with, without) = (total(true, &law), total(false, &law));
                for (c, p) in law.iter_mut().enumerate() {
                    *p *= if has(c, prevalence.need) {
                        share / with
                    } else {
                        (1.0 - share) / without
                    };
                }
            }
        }
        law
    }

    fn targets(&self, state: usize) -> Vec<usize> {
        let to = |to: Destination| match to {
            Destination::State(state) => state,
            Destination::Leaves => STATES,
        };
        let exits = &self.plan.states[state].exits;
        let rest = exits
            .iter()
            .filter(|e| e.share.is_none())
            .map(|e| to(e.to))
            .next();
        let shares = exits.iter().filter(|e| e.share.is_some()).map(|e| to(e.to));
        shares.chain([rest.unwrap_or(STATES)]).collect()
    }

    fn exits(&self, state: usize) -> Vec<Vec<Vec<f64>>> {
        let exits = &self.plan.states[state].exits;
        let sums = |stratum: Stratum, combination: usize| {
            let mut sum = 0.0;
            let mut sums = Vec::new();
            for exit in exits {
                let Some(share) = exit.share else { continue };
                let present = exit
                    .modifiers
                    .iter()
                    .filter(|(need, _)| combination >> need & 1 == 1);
                let odds: f64 = present.map(|&(_, q)| self.constant(q)).product();
                sum += on_odds(self.value(share, stratum), odds);
                sums.push(sum);
            }
            assert!(
                sum <= 1.0,
                "shares that need no scaling: {sum} in state {state}"
            );
            sums
        };
        self.strata()
            .map(|stratum| (0..COMBINATIONS).map(|c| sums(stratum, c)).collect())
            .collect()
    }

    fn length(&self, stay: &Stay) -> Length {
        let value = |quantity: QuantityIdx| self.constant(quantity);
        match *stay {
            Stay::Geometric(mean) => Length::Geometric { mean: value(mean) },
            Stay::Weibull(mean, shape) => {
                let shape = value(shape);
                let scale = value(mean) / libm::tgamma(1.0 + 1.0 / shape);
                Length::Weibull { scale, shape }
            }
            Stay::Listed(list) => {
                assert_eq!(list.from, 1);
                let weights: Vec<f64> = list.steps().map(|(_, q)| value(q)).collect();
                let total: f64 = weights.iter().sum();
                Length::Table {
                    chances: weights.iter().map(|w| w / total).collect(),
                }
            }
            Stay::Clock => Length::Clock,
            _ => unreachable!("workload P has no such stay: {stay:?}"),
        }
    }

    fn clock(&self) -> ReturnClock {
        let clock = self
            .plan
            .clock
            .as_ref()
            .expect("workload P has a return clock");
        let base = |state: usize, stratum: Stratum| {
            clock.started_by[state].map_or(0.0, |start| {
                let needscast::compile::ClockStart {
                    probability,
                    hazard_ratio,
                    ..
                } = clock.starts[start];
                let ratio = hazard_ratio.map_or(1.0, |q| self.value(q, stratum));
                -(1.0 - self.value(probability, stratum)).ln() * ratio
            })
        };
        let ratio = |need: usize| {
            let of_need = clock.modifiers.iter().filter(|(n, _)| *n == need);
            of_need.map(|&(_, q)| self.constant(q)).product()
        };
        let ends_after = |start: usize| self.constant(clock.starts[start].ends_after) as usize;
        ReturnClock {
            base: (0..STATES)
                .map(|s| self.strata().map(|stratum| base(s, stratum)).collect())
                .collect(),
            ratio: (0..NEEDS).map(ratio).collect(),
            within: clock.within,
            shape: self.constant(clock.shape),
            ends_after: clock
                .started_by
                .iter()
                .map(|start| start.map_or(0, ends_after))
                .collect(),
            fires_to: clock.fires_to,
        }
    }

    fn support(&self) -> Support {
        let services = &self.plan.services;
        let first = &services[0];
        for (need, service) in services.iter().enumerate() {
            let same = |q: fn(&needscast::compile::Service) -> QuantityIdx| {
                self.constant(q(service)) == self.constant(q(first))
            };
            assert!(service.need == need && service.refers_on == service.stays_in);
            assert!(service.stays_in == first.stays_in && self.constant(service.completion) == 1.0);
            assert!(same(|s| s.uptake) && same(|s| s.patience) && same(|s| s.meets_need));
            assert!(same(|s| s.hazard_ratio) && self.constant(service.effect_after) >= 240.0);
        }
        let places = |quantity: QuantityIdx| {
            let here = |area| Stratum {
                area,
                sex: 0,
                age: 0,
                priors: 0,
            };
            (0..AREAS)
                .map(|area| self.value(quantity, here(area)).round() as i32)
                .collect()
        };
        Support {
            uptake: self.constant(first.uptake),
            patience: self.constant(first.patience),
            length: self.length(&first.support),
            meets_need: self.constant(first.meets_need),
            effect: self.constant(first.hazard_ratio),
            places: services.iter().map(|s| places(s.places)).collect(),
        }
    }
}
