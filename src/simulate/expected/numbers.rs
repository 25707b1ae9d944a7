//! Every chance of a block of lanes, from one date or birthday to the next.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::kernel::{Kernel, Kernels, Recipe};
use super::lanes::{Age, Lane};
use super::laws::{Curves, Laws, Rows};
use super::lengths::Length;
use super::precision::Number;
use super::program::{Program, Running, exit_needs, stay_of};
use super::shape::Shape;
use super::values::Timeline;
use crate::compile::{Clock, Exit, Leaving, QuantityIdx, Stay, Stratum, chances_together, on_odds};

/// Every chance of a block.
#[derive(Debug, Default)]
pub(super) struct Numbers<N> {
    /// By place in a state: a chance for each exit, where there are several.
    pub exits: Vec<Option<Arc<Vec<Rows<N>>>>>,
    /// By place in a state: the kernels of those who enter now; none where nobody is kept.
    pub laws: Vec<Option<Arc<Laws>>>,
    /// By state and drawn needs that matter: the chance of just those.
    pub drawn: BTreeMap<(usize, u8), Rows<N>>,
    /// By place before a state that draws needs: for each need the chance of having it, then of having 0, 1, … needs,
    /// by priors band and lane.
    pub arising: Vec<Arc<Vec<Rows<f64>>>>,
    /// By place in a state: the clock that starts there, or ran when they came.
    pub curves: Vec<Option<Arc<Curves<N>>>>,
}

/// What numbers are made from.
pub(super) struct Maker<'a> {
    /// What is asked for.
    pub program: &'a Program,
    /// The values.
    pub timeline: &'a Timeline<'a>,
    /// Of the values of a place.
    pub shape: &'a Shape,
    /// Who.
    pub lanes: &'a [Lane],
    /// Shared kernels.
    pub kernels: &'a Kernels,
    /// By state: whether a date rescales its present stays under any option.
    pub is_rescaled: &'a [bool],
}

impl Maker<'_> {
    /// The numbers of a snapshot with every lane in its age band.
    pub fn numbers<N: Number>(&self, snapshot: usize, ages: &[Age]) -> Numbers<N> {
        let plan = self.timeline.plan;
        let mut numbers = Numbers::default();
        let (mut exits, mut laws, mut curves) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        for held in &self.program.held {
            let state = held.kind.state;
            let needs = held.kind.needs & exit_needs(plan, state);
            let described = &plan.states[state].exits;
            let make = || Arc::new(self.exits(snapshot, ages, described, needs));
            let several = described.len() > 1;
            let several = several.then(|| exits.entry((state, needs)).or_insert_with(make).clone());
            numbers.exits.push(several);
            let key = (state, held.kind.exit);
            let make = || Arc::new(self.laws(snapshot, ages, key, false));
            let keeps = !matches!(held.stay, Stay::None);
            let kept = keeps.then(|| laws.entry(key).or_insert_with(make).clone());
            numbers.laws.push(kept);
            let running = plan.clock.as_ref().zip(held.kind.clock);
            numbers.curves.push(running.map(|(clock, running)| {
                let make = || Arc::new(self.curves(snapshot, ages, clock, running));
                curves.entry(running).or_insert_with(make).clone()
            }));
        }
        self.add_needs(&mut numbers, snapshot, ages);
        numbers
    }

    /// The mean over a lane's ages.
    fn mixed(
        &self,
        age: Age,
        lane: usize,
        priors: usize,
        mut value: impl FnMut(Stratum) -> f64,
    ) -> f64 {
        let mut at = |age| {
            value(Stratum {
                area: self.lanes[lane].area,
                sex: self.lanes[lane].sex,
                age,
                priors,
            })
        };
        match age.above > 0.0 {
            true => (1.0 - age.above) * at(age.band) + age.above * at(age.band + 1),
            false => at(age.band),
        }
    }

    /// A number for every priors band and lane.
    fn banded(&self, ages: &[Age], mut value: impl FnMut(Stratum) -> f64) -> Rows<f64> {
        let mut rows = Vec::with_capacity(self.shape.n_bands * self.lanes.len());
        for band in 0..self.shape.n_bands {
            for (lane, &age) in ages.iter().enumerate() {
                rows.push(self.mixed(age, lane, band, &mut value));
            }
        }
        rows
    }

    /// The chance of each exit for people with these needs.
    fn exits<N: Number>(
        &self,
        snapshot: usize,
        ages: &[Age],
        exits: &[Exit],
        needs: u8,
    ) -> Vec<Rows<N>> {
        let rest = exits.iter().rposition(|exit| exit.share.is_none());
        let rest = rest.unwrap_or(exits.len() - 1);
        let value = |q, stratum| self.timeline.value(snapshot, q, stratum);
        let shares: Vec<Rows<f64>> = exits
            .iter()
            .map(|exit| {
                self.banded(ages, |stratum| {
                    let Some(share) = exit.share else { return 0.0 };
                    let odds: f64 = exit
                        .modifiers
                        .iter()
                        .filter(|(need, _)| needs >> need & 1 == 1)
                        .map(|&(_, ratio)| value(ratio, stratum))
                        .product();
                    on_odds(value(share, stratum), odds)
                })
            })
            .collect();
        let n = shares.first().map_or(0, Vec::len);
        let mut chances = shares.clone();
        for at in 0..n {
            let total: f64 = shares.iter().map(|rows| rows[at]).sum();
            for rows in &mut chances {
                rows[at] /= total.max(1.0);
            }
            chances[rest][at] += (1.0 - total).max(0.0);
        }
        let spread = |chances: Rows<f64>| self.shape.spread(&chances, None);
        chances.into_iter().map(spread).collect()
    }

    /// The kernels of those who enter a state, or of its opening people.
    pub fn laws(
        &self,
        snapshot: usize,
        ages: &[Age],
        (state, exit): (usize, Option<usize>),
        is_opening: bool,
    ) -> Laws {
        let plan = self.timeline.plan;
        let described = &plan.states[state];
        let value = |quantity, (age, lane, band): (Age, usize, usize)| {
            self.mixed(age, lane, band, |stratum| {
                self.timeline.value(snapshot, quantity, stratum)
            })
        };
        let stay = stay_of(plan, (state, exit));
        let asked = numbers_of(stay).chain(described.hazards.iter().map(|(_, hazard)| *hazard));
        let asked: Vec<QuantityIdx> = asked.chain(plan.death).collect();
        // Most lanes share their numbers, and so their kernel.
        let mut known: Vec<(Vec<f64>, Arc<Kernel>)> = Vec::new();
        let mut kernels = Vec::new();
        for band in 0..self.shape.n_bands {
            for (lane, &age) in ages.iter().enumerate() {
                let who = (age, lane, band);
                let numbers: Vec<f64> = asked.iter().map(|q| value(*q, who)).collect();
                if let Some((_, kernel)) = known.iter().find(|(known, _)| *known == numbers) {
                    kernels.push(kernel.clone());
                    continue;
                }
                let hazards = described.hazards.iter();
                let hazards: Vec<f64> = hazards.map(|(_, hazard)| value(*hazard, who)).collect();
                let kernel = self.kernels.of(&Recipe {
                    length: self.length(stay, is_opening, &|quantity| value(quantity, who)),
                    is_residual: is_opening,
                    is_rescaled: self.is_rescaled[state],
                    death: plan.death.map_or(0.0, |death| value(death, who)),
                    hazards: &hazards,
                });
                known.push((numbers, kernel.clone()));
                kernels.push(kernel);
            }
        }
        let n = self.lanes.len();
        Laws::new(self.shape, |number, lane| {
            kernels[self.shape.bands[number] * n + lane].clone()
        })
    }

    fn length(&self, stay: Stay, is_opening: bool, value: &dyn Fn(usize) -> f64) -> Length {
        match stay {
            Stay::Fixed(length) => Length::Fixed(value(length)),
            Stay::Geometric(mean) => Length::Geometric(value(mean)),
            Stay::Exponential(mean) => Length::Gamma(value(mean), 1.0),
            Stay::Gamma(mean, shape) => {
                Length::Gamma(value(mean), self.timeline.gamma_shape(shape))
            }
            Stay::Weibull(mean, shape) => Length::Weibull(value(mean), value(shape)),
            Stay::LogNormal(mean, spread) => Length::LogNormal(value(mean), value(spread)),
            Stay::Listed(list) => {
                let weights: Vec<(usize, f64)> = list
                    .steps()
                    .map(|(steps, weight)| (steps.max(0) as usize, value(weight).max(0.0)))
                    .collect();
                let sum: f64 = weights.iter().map(|(_, weight)| weight).sum();
                let share = |(steps, weight): (usize, f64)| (steps, weight / sum);
                Length::Listed(Arc::new(weights.into_iter().map(share).collect()))
            }
            Stay::Open => Length::Open,
            // The people engine knows no law of what is left of these: a step.
            Stay::None | Stay::Clock | Stay::OfExit if is_opening => Length::Fixed(0.0),
            Stay::None | Stay::Clock | Stay::OfExit => Length::Open,
        }
    }

    /// The chances of leaving at the `n`-th step after entering, for people with these needs.
    pub fn leaving<N: Number>(
        &self,
        snapshot: usize,
        ages: &[Age],
        state: usize,
        needs: u8,
        n: i32,
    ) -> Vec<Rows<N>> {
        let value = |q, stratum| self.timeline.value(snapshot, q, stratum);
        let chances = &self.timeline.plan.states[state].chances;
        let alone = |leaving: &Leaving, stratum| {
            let p = leaving.chance.at(n, |q| value(q, stratum));
            let modifiers = leaving.modifiers.iter();
            let had = modifiers.filter(|(need, _)| needs >> need & 1 == 1);
            on_odds(p, had.map(|&(_, ratio)| value(ratio, stratum)).product())
        };
        let together =
            |way: usize, stratum| chances_together(chances, |leaving| alone(leaving, stratum))[way];
        let ways = 0..chances.len();
        let mut rows: Vec<Rows<f64>> = ways
            .map(|way| self.banded(ages, |stratum| together(way, stratum)))
            .collect();
        for at in 0..rows.first().map_or(0, Vec::len) {
            let total = rows.iter().map(|rows| rows[at]).sum::<f64>().max(1.0);
            rows.iter_mut().for_each(|rows| rows[at] /= total);
        }
        let spread = |rows: Rows<f64>| self.shape.spread(&rows, None);
        rows.into_iter().map(spread).collect()
    }

    /// The survival of a clock that starts now.
    fn curves<N: Number>(
        &self,
        snapshot: usize,
        ages: &[Age],
        clock: &Clock,
        Running { start, needs, band }: Running,
    ) -> Curves<N> {
        let value = |quantity, stratum| self.timeline.value(snapshot, quantity, stratum);
        let described = &clock.starts[start];
        let last = self.banded(ages, |stratum| {
            value(described.ends_after, stratum).round().max(1.0)
        });
        let spread = |rows: &Rows<f64>| self.shape.spread(rows, band);
        let last_of: Rows<f64> = self.shape.spread(&last, band);
        let last_of = last_of.into_iter().map(|months| months as usize).collect();
        let last: Vec<usize> = last.into_iter().map(|months| months as usize).collect();
        let hazard = self.banded(ages, |stratum| {
            let ratio: f64 = clock
                .modifiers
                .iter()
                .filter(|(need, _)| needs >> need & 1 == 1)
                .map(|&(_, ratio)| value(ratio, stratum))
                .product();
            // A certainty has no finite hazard; one in a billion escapes, as in the people engine.
            let p = value(described.probability, stratum).clamp(0.0, 1.0 - 1e-9);
            -(1.0 - p).ln() * described.hazard_ratio.map_or(1.0, |q| value(q, stratum)) * ratio
        });
        let shape = self.banded(ages, |stratum| value(clock.shape, stratum));
        let longest = last.iter().copied().max().unwrap_or(0);
        let survival = (0..=longest).map(|months| {
            // Lanes mostly share the power, which is the dear part.
            let (mut known, mut power) = ((usize::MAX, f64::NAN), 0.0);
            let each = hazard
                .iter()
                .zip(&last)
                .zip(&shape)
                .map(|((hazard, last), shape)| {
                    let reached = (months.min(*last), *shape);
                    if known != reached {
                        known = reached;
                        power = (reached.0 as f64 / clock.within).powf(*shape);
                    }
                    (-hazard * power).exp()
                });
            spread(&each.collect())
        });
        let survival: Vec<Rows<N>> = survival.collect();
        Curves {
            begins_whole: survival[0].iter().all(|left| *left == N::of(1.0)),
            survival,
            last: last_of,
        }
    }
}

/// The quantities of a stay.
fn numbers_of(stay: Stay) -> impl Iterator<Item = QuantityIdx> {
    let shape = match stay {
        Stay::Gamma(_, shape) | Stay::Weibull(_, shape) | Stay::LogNormal(_, shape) => Some(shape),
        _ => None,
    };
    stay.lengths().chain(shape)
}
