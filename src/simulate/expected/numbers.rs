//! Every chance of a block of lanes, from one date or birthday to the next.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::atoms::Joints;
use super::kernel::{Kernel, Kernels, Recipe};
use super::lanes::{Age, Lane};
use super::lengths::Length;
use super::program::{Program, exit_needs};
use super::values::Timeline;
use crate::compile::{Clock, Exit, Plan, Stay, Stratum, on_odds};

/// How the values of a place are laid out: `[previous convictions][lane]`.
#[derive(Debug, Clone)]
pub(super) struct Shape {
    /// Lanes.
    pub n_lanes: usize,
    /// Numbers of previous convictions told apart, the last of them standing for itself and all above.
    pub n_priors: usize,
    /// The priors band of each number.
    pub bands: Vec<usize>,
    /// How many bands.
    pub n_bands: usize,
}

impl Shape {
    /// Values of one place.
    pub fn n_values(&self) -> usize {
        self.n_priors * self.n_lanes
    }

    /// For each number of previous convictions the range of its values, and its band.
    pub fn rows(&self) -> impl Iterator<Item = (std::ops::Range<usize>, usize)> {
        let n = self.n_lanes;
        let bands = self.bands.iter().enumerate();
        bands.map(move |(number, &band)| (number * n..(number + 1) * n, band))
    }
}

/// A chance for every band and lane: `[band][lane]`.
pub(super) type Rows = Vec<f64>;

/// A stretch of the values of a place that shares a kernel.
#[derive(Debug, Clone)]
pub(super) struct Run {
    /// From and to.
    pub range: std::ops::Range<usize>,
    /// What becomes of them.
    pub kernel: Arc<Kernel>,
}

/// The kernels of everybody who enters a state in a step.
#[derive(Debug)]
pub(super) struct Laws {
    /// Stretches, in order, without gaps.
    pub runs: Vec<Run>,
    /// After this many months nobody is left.
    pub months: usize,
}

impl Laws {
    /// The same stretches with other kernels, neighbours that share one joined.
    pub fn new(shape: &Shape, mut kernel_of: impl FnMut(usize, usize) -> Arc<Kernel>) -> Laws {
        let mut runs: Vec<Run> = Vec::new();
        for (number, _) in shape.bands.iter().enumerate() {
            for lane in 0..shape.n_lanes {
                let kernel = kernel_of(number, lane);
                let at = number * shape.n_lanes + lane;
                match runs.last_mut() {
                    Some(last) if Arc::ptr_eq(&last.kernel, &kernel) => last.range.end = at + 1,
                    _ => runs.push(Run {
                        range: at..at + 1,
                        kernel,
                    }),
                }
            }
        }
        let months = runs
            .iter()
            .map(|run| run.kernel.months())
            .max()
            .unwrap_or(0);
        Laws { runs, months }
    }

    /// The kernel of one value.
    pub fn kernel(&self, at: usize) -> &Arc<Kernel> {
        let run = self.runs.partition_point(|run| run.range.end <= at);
        &self.runs[run].kernel
    }
}

/// The chance that a clock has not fired, by months since it started.
#[derive(Debug)]
pub(super) struct Curves {
    /// `[months][band][lane]`, from no month to the longest.
    pub survival: Vec<Rows>,
    /// The months after which it ends, by band and lane.
    pub last: Vec<usize>,
}

/// Every chance of a block.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    /// By state and the needs its exits answer to: a chance for each exit.
    pub exits: BTreeMap<(usize, u8), Vec<Rows>>,
    /// By state and exit chosen on entering: the kernels of those who enter now; none where nobody is kept.
    pub laws: BTreeMap<(usize, Option<usize>), Arc<Laws>>,
    /// By state and drawn needs that matter: the chance of just those.
    pub drawn: BTreeMap<(usize, u8), Rows>,
    /// By state and needs kept from before: for each need the chance of having it, then of having 0, 1, … needs.
    pub arising: BTreeMap<(usize, u8), Vec<Rows>>,
    /// By start and the needs its ratio answers to.
    pub curves: BTreeMap<(usize, u8), Arc<Curves>>,
}

/// The stay of a state, or of the exit that was chosen on entering it.
pub(super) fn stay_of(plan: &Plan, (state, exit): (usize, Option<usize>)) -> Stay {
    let described = &plan.states[state];
    match (described.stay, exit) {
        (Stay::OfExit, Some(exit)) => described.exits[exit].stay.unwrap_or(Stay::None),
        (stay, _) => stay,
    }
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
    pub fn numbers(&self, snapshot: usize, ages: &[Age]) -> Numbers {
        let mut numbers = Numbers::default();
        let plan = self.timeline.plan;
        let mut joints = Joints::default();
        for held in &self.program.held {
            let state = held.kind.state;
            let needs = held.kind.needs & exit_needs(plan, state);
            if plan.states[state].exits.len() > 1 {
                let make = || self.exits(snapshot, ages, &plan.states[state].exits, needs);
                numbers.exits.entry((state, needs)).or_insert_with(make);
            }
            if let (Some(clock), Some(running)) = (&plan.clock, held.kind.clock) {
                let make =
                    || Arc::new(self.curves(snapshot, ages, clock, running.start, running.needs));
                numbers
                    .curves
                    .entry((running.start, running.needs))
                    .or_insert_with(make);
            }
        }
        for held in &self.program.held {
            let key = (held.kind.state, held.kind.exit);
            if !matches!(stay_of(plan, key), Stay::None) {
                let make = || Arc::new(self.laws(snapshot, ages, key, false));
                numbers.laws.entry(key).or_insert_with(make);
            }
        }
        for entry in self.program.entries.iter().filter(|entry| entry.draws) {
            self.add_needs(
                &mut numbers,
                &mut joints,
                snapshot,
                ages,
                entry.kind.state,
                entry.kind.needs,
            );
        }
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

    fn rows(&self, ages: &[Age], mut value: impl FnMut(Stratum) -> f64) -> Rows {
        let mut rows = Vec::with_capacity(self.shape.n_bands * self.lanes.len());
        for band in 0..self.shape.n_bands {
            for (lane, &age) in ages.iter().enumerate() {
                rows.push(self.mixed(age, lane, band, &mut value));
            }
        }
        rows
    }

    /// The chance of each exit for people with these needs.
    fn exits(&self, snapshot: usize, ages: &[Age], exits: &[Exit], needs: u8) -> Vec<Rows> {
        let rest = exits.iter().rposition(|exit| exit.share.is_none());
        let rest = rest.unwrap_or(exits.len() - 1);
        let value = |q, stratum| self.timeline.value(snapshot, q, stratum);
        let shares: Vec<Rows> = exits
            .iter()
            .map(|exit| {
                self.rows(ages, |stratum| {
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
        chances
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
        let kernels = self.rows_of_kernels(ages, |age, lane, band| {
            let value = |quantity| {
                self.mixed(age, lane, band, |stratum| {
                    self.timeline.value(snapshot, quantity, stratum)
                })
            };
            let hazards: Vec<f64> = described
                .hazards
                .iter()
                .map(|(_, hazard)| value(*hazard))
                .collect();
            let length = self.length(stay_of(plan, (state, exit)), is_opening, &value);
            self.kernels.of(&Recipe {
                length,
                is_residual: is_opening,
                is_rescaled: self.is_rescaled[state],
                death: plan.death.map_or(0.0, value),
                hazards: &hazards,
            })
        });
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

    fn rows_of_kernels(
        &self,
        ages: &[Age],
        kernel: impl Fn(Age, usize, usize) -> Arc<Kernel>,
    ) -> Vec<Arc<Kernel>> {
        let mut rows = Vec::new();
        for band in 0..self.shape.n_bands {
            rows.extend(
                ages.iter()
                    .enumerate()
                    .map(|(lane, &age)| kernel(age, lane, band)),
            );
        }
        rows
    }

    /// The chances of leaving at the `n`-th step after entering, for people with these needs.
    pub fn leaving(
        &self,
        snapshot: usize,
        ages: &[Age],
        state: usize,
        needs: u8,
        n: i32,
    ) -> Vec<Rows> {
        let value = |q, stratum| self.timeline.value(snapshot, q, stratum);
        let chances = &self.timeline.plan.states[state].chances;
        let mut rows: Vec<Rows> = chances
            .iter()
            .map(|leaving| {
                self.rows(ages, |stratum| {
                    let p = leaving.chance.at(n, |q| value(q, stratum));
                    let had = leaving
                        .modifiers
                        .iter()
                        .filter(|(need, _)| needs >> need & 1 == 1);
                    on_odds(p, had.map(|&(_, ratio)| value(ratio, stratum)).product())
                })
            })
            .collect();
        for at in 0..rows.first().map_or(0, Vec::len) {
            let total = rows.iter().map(|rows| rows[at]).sum::<f64>().max(1.0);
            rows.iter_mut().for_each(|rows| rows[at] /= total);
        }
        rows
    }

    /// The survival of a clock that starts now.
    fn curves(
        &self,
        snapshot: usize,
        ages: &[Age],
        clock: &Clock,
        start: usize,
        needs: u8,
    ) -> Curves {
        let value = |quantity, stratum| self.timeline.value(snapshot, quantity, stratum);
        let described = &clock.starts[start];
        let last = self.rows(ages, |stratum| {
            value(described.ends_after, stratum).round().max(1.0)
        });
        let last: Vec<usize> = last.into_iter().map(|months| months as usize).collect();
        let hazard = self.rows(ages, |stratum| {
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
        let shape = self.rows(ages, |stratum| value(clock.shape, stratum));
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
            each.collect()
        });
        Curves {
            survival: survival.collect(),
            last,
        }
    }

    fn add_needs(
        &self,
        numbers: &mut Numbers,
        joints: &mut Joints,
        snapshot: usize,
        ages: &[Age],
        state: usize,
        had: u8,
    ) {
        let drawn = &self.program.drawn[state];
        let matters = drawn.mask & self.program.matters_within[state];
        let n_needs = self.timeline.plan.needs.len();
        let kept = had & !drawn.mask;
        let mut given = Vec::new();
        for band in 0..self.shape.n_bands {
            for (lane, &age) in ages.iter().enumerate() {
                let mut law = Vec::new();
                let mut mix = |share: f64, age: usize| {
                    let (area, sex, priors) = (self.lanes[lane].area, self.lanes[lane].sex, band);
                    let stratum = Stratum {
                        area,
                        sex,
                        age,
                        priors,
                    };
                    let whole = joints.law(self.timeline, snapshot, state, drawn, stratum);
                    let part = self.lanes[lane].atom.given(&whole);
                    law.resize(part.len(), 0.0);
                    law.iter_mut()
                        .zip(part)
                        .for_each(|(sum, p)| *sum += share * p);
                };
                mix(1.0 - age.above, age.band);
                if age.above > 0.0 {
                    mix(age.above, age.band + 1);
                }
                given.push(law);
            }
        }
        let sum = |is_meant: &dyn Fn(u8) -> bool| -> Rows {
            let one = |law: &Vec<f64>| {
                let each = law.iter().enumerate();
                each.filter(|(combination, _)| is_meant(drawn.bits(*combination)))
                    .map(|(_, p)| p)
                    .sum()
            };
            given.iter().map(one).collect()
        };
        for new in (0..=matters).filter(|new| new & !matters == 0) {
            let rows = || sum(&|bits| bits & matters == new);
            numbers.drawn.entry((state, new)).or_insert_with(rows);
        }
        let by_need = (0..n_needs).map(|need| sum(&|bits| (bits | kept) >> need & 1 == 1));
        let by_number =
            (0..=n_needs).map(|n| sum(&|bits| (bits | kept).count_ones() as usize == n));
        let rows = by_need.chain(by_number).collect();
        numbers.arising.insert((state, kept), rows);
    }
}
