//! The inputs as tables that a uniform of 32 bits is looked up in.

use super::inputs::{AREAS, COMBINATIONS, Inputs, Length, NEEDS, STATES};

/// Later than any month of a run.
pub const NEVER: u8 = u8::MAX;

/// A law over whole numbers, inverted by a table of 256 starting points and a short walk.
pub struct Law {
    guide: [u16; 256],
    /// Chance of at most each number, out of 2^32; the last is open.
    reached: Vec<u32>,
    first: u32,
}

impl Law {
    /// From the chances of `first`, `first + 1`, …; the last takes what is left.
    pub fn new(first: u32, chances: impl Iterator<Item = f64>) -> Law {
        let mut sum = 0.0;
        let mut reached: Vec<u32> = Vec::new();
        for chance in chances.take(1024) {
            sum += chance;
            reached.push((sum * 4_294_967_296.0).min(4_294_967_295.0) as u32);
        }
        while reached.len() > 1 && reached[reached.len() - 2] == u32::MAX {
            reached.pop();
        }
        if let Some(last) = reached.last_mut() {
            *last = u32::MAX;
        }
        let start = |cell: usize| reached.partition_point(|&r| r <= (cell as u32) << 24) as u16;
        Law {
            guide: std::array::from_fn(start),
            reached,
            first,
        }
    }

    /// The number at a uniform.
    #[inline]
    pub fn at(&self, uniform: u32) -> u32 {
        let mut index = usize::from(self.guide[(uniform >> 24) as usize]);
        while index + 1 < self.reached.len() && uniform >= self.reached[index] {
            index += 1;
        }
        self.first + index as u32
    }

    fn geometric(mean: f64) -> Law {
        let stop = 1.0 / mean;
        Law::new(1, (0..).map(|n| stop * (1.0 - stop).powi(n)))
    }

    /// The whole months of a length; `at_least` gathers the shorter ones.
    pub fn of_length(length: &Length, at_least: u32) -> Law {
        match length {
            Length::Geometric { mean } => Law::geometric(*mean),
            Length::Table { chances } => Law::new(1, chances.iter().copied()),
            Length::Clock => Law::new(0, [1.0].into_iter()),
            Length::Weibull { scale, shape } => {
                Law::rounded(at_least, |t| 1.0 - (-(t / scale).powf(*shape)).exp())
            }
        }
    }

    /// The law of `floor(length + uniform)`: at most `k` has the chance that the integral of the length's
    /// distribution function from `k` to `k + 1` gives.
    fn rounded(at_least: u32, reached: impl Fn(f64) -> f64) -> Law {
        const POINTS: u32 = 256;
        let point =
            |k: u32, i: u32| reached(f64::from(k) + (f64::from(i) + 0.5) / f64::from(POINTS));
        let at_most = |k: u32| (0..POINTS).map(|i| point(k, i)).sum::<f64>() / f64::from(POINTS);
        let mut before = 0.0;
        Law::new(
            at_least,
            (at_least..).map(move |k| {
                let now = at_most(k);
                now - std::mem::replace(&mut before, now)
            }),
        )
    }

    fn poisson(mean: f64) -> Law {
        let first = (mean - 8.0 * mean.sqrt()).max(0.0) as u32;
        let log = move |n: u32| f64::from(n) * mean.ln() - mean - libm::lgamma(f64::from(n) + 1.0);
        Law::new(first, (first..).map(move |n| log(n).exp()))
    }
}

/// The exits of a state for one stratum and combination of needs, in sixteen bytes.
#[derive(Clone, Copy, Default)]
pub struct Exits {
    reached: [u32; 3],
    targets: [u8; 4],
}

impl Exits {
    /// Where a uniform leads.
    #[inline]
    pub fn at(&self, uniform: u32) -> usize {
        let passed = self
            .reached
            .iter()
            .map(|&r| usize::from(uniform >= r))
            .sum::<usize>();
        usize::from(self.targets[passed])
    }
}

/// Everything looked up while people are lived.
pub struct Tables {
    pub months: usize,
    /// `[area][sex][age]`.
    pub arrivals: Vec<Law>,
    pub n_ages: usize,
    /// `(from, width)` in months.
    pub ages: Vec<(f32, f32)>,
    pub arrival_priors: Law,
    pub priors: Vec<(u32, u32)>,
    /// By age in months and by number of convictions.
    pub age_band: Vec<u8>,
    pub priors_band: [u8; 256],
    pub needs: Vec<Law>,
    pub exits: Vec<Exits>,
    pub lengths: Vec<Law>,
    pub convicts: [bool; STATES],
    pub is_free: [bool; STATES],
    /// `[state][stratum]`: 1 / base, 0 where no clock starts.
    pub patience_of_clock: Vec<f32>,
    /// `(t / within)^shape`, by whole months.
    pub powers: Vec<f32>,
    /// By needs (low four bits) and effects (high four bits).
    pub ratios: [f32; 256],
    /// `[state]`.
    pub ends_after: [u8; STATES],
    pub fires_to: usize,
    pub is_clocked: [bool; STATES],
    pub uptake: u32,
    pub meets_need: u32,
    pub patience: Law,
    pub support: Law,
    /// `[area][service]`.
    pub places: [[i32; NEEDS]; AREAS],
}

impl Tables {
    /// The tables of a set of inputs.
    pub fn of(inputs: &Inputs) -> Tables {
        let bits = |p: f64| (p * 4_294_967_296.0) as u32;
        let clock = &inputs.clock;
        let band = |bands: &[(u32, u32)], unit: u32, n: usize| {
            let of = |number: u32| {
                bands
                    .iter()
                    .rposition(|b| number >= b.0 * unit)
                    .unwrap_or(0) as u8
            };
            (0..n as u32).map(of).collect::<Vec<u8>>()
        };
        let mut priors_band = [0; 256];
        priors_band.copy_from_slice(&band(&inputs.priors, 1, 256));
        let months = |&(from, width): &(u32, u32)| (from as f32 * 12.0, width as f32 * 12.0);
        let cells = inputs.arrivals.iter().flatten().flatten();
        Tables {
            months: inputs.months,
            arrivals: cells.map(|&mean| Law::poisson(mean)).collect(),
            n_ages: inputs.ages.len(),
            ages: inputs.ages.iter().map(months).collect(),
            arrival_priors: Law::new(0, inputs.arrival_priors.iter().copied()),
            priors: inputs.priors.clone(),
            age_band: band(&inputs.ages, 12, 2048),
            priors_band,
            needs: inputs
                .needs
                .iter()
                .map(|law| Law::new(0, law.iter().copied()))
                .collect(),
            exits: exits(inputs),
            lengths: inputs
                .lengths
                .iter()
                .map(|length| Law::of_length(length, 0))
                .collect(),
            convicts: std::array::from_fn(|state| inputs.convicts[state]),
            is_free: std::array::from_fn(|state| inputs.is_free[state]),
            patience_of_clock: clock
                .base
                .iter()
                .flatten()
                .map(|&base| if base > 0.0 { (1.0 / base) as f32 } else { 0.0 })
                .collect(),
            powers: (0..=clock.ends_after.iter().copied().max().unwrap_or(0))
                .map(|t| (t as f64 / clock.within).powf(clock.shape) as f32)
                .collect(),
            ratios: std::array::from_fn(|held| ratio(inputs, held)),
            ends_after: std::array::from_fn(|state| clock.ends_after[state] as u8),
            fires_to: clock.fires_to,
            is_clocked: std::array::from_fn(|state| clock.base[state][0] > 0.0),
            uptake: bits(inputs.support.uptake),
            meets_need: bits(inputs.support.meets_need),
            patience: Law::geometric(inputs.support.patience),
            support: Law::of_length(&inputs.support.length, 1),
            places: std::array::from_fn(|area| {
                std::array::from_fn(|s| inputs.support.places[s][area])
            }),
        }
    }
}

fn exits(inputs: &Inputs) -> Vec<Exits> {
    let mut packed = Vec::new();
    for (state, strata) in inputs.exits.iter().enumerate() {
        for sums in strata.iter().flatten() {
            let mut exits = Exits {
                reached: [u32::MAX; 3],
                targets: [STATES as u8; 4],
            };
            for (index, &sum) in sums.iter().enumerate() {
                exits.reached[index] = (sum * 4_294_967_296.0) as u32;
            }
            for (index, &target) in inputs.targets[state].iter().enumerate() {
                exits.targets[index] = target as u8;
            }
            packed.push(exits);
        }
    }
    packed
}

fn ratio(inputs: &Inputs, held: usize) -> f32 {
    let mut ratio = 1.0;
    for need in 0..NEEDS {
        if held >> need & 1 == 1 {
            ratio *= inputs.clock.ratio[need];
        }
        if held >> (need + 4) & 1 == 1 {
            ratio *= inputs.support.effect;
        }
    }
    ratio as f32
}

/// The row of a table `[state][stratum][combination]`.
#[inline]
pub fn exit_row(state: usize, stratum: usize, n_strata: usize, needs: u8) -> usize {
    (state * n_strata + stratum) * COMBINATIONS + usize::from(needs)
}
