//! Futures of a rate: from what is believed of it now, one path of its logarithm after another.

use statrs::function::gamma::digamma;

use super::filter::{Belief, Seen, TURN, shape_of};
use super::luck::{Luck, N_FUTURES};
use super::settings::{Law, Place, Setting, unrest};
use super::weights::weights;
use crate::compile::BreakKind;
use crate::quantity::Cadence;
use crate::random::{Key, normal_quantile};

/// Futures of one rate.
pub(super) struct Futures {
    /// The logarithm of the rate, by period ahead and then by future.
    pub logs: Vec<Vec<f64>>,
    /// The dispersion about it, by future.
    pub dispersions: Vec<f64>,
}

/// Rates that resemble each other: of one kind, filtered in every setting and weighed together.
pub(super) struct Kind<'a> {
    /// What may happen to them.
    pub law: &'a Law,
    /// How long a period is.
    pub cadence: Cadence,
    /// How many periods ahead.
    pub horizons: usize,
    /// Where luck comes from.
    pub luck: &'a Luck,
}

impl Kind<'_> {
    /// The futures of every rate; a rate of which nothing is recorded stays at nought.
    pub fn futures(&self, rates: &[(Seen, Key)]) -> Vec<Futures> {
        let (settings, prior): (Vec<Setting>, Vec<f64>) =
            self.law.settings(self.cadence).into_iter().unzip();
        let beliefs: Vec<Vec<Option<(Belief, f64)>>> = rates
            .iter()
            .map(|(seen, _)| {
                let filtered = settings.iter();
                filtered
                    .map(|setting| seen.filter(setting, self.law))
                    .collect()
            })
            .collect();
        let likelihoods: Vec<Vec<f64>> = beliefs
            .iter()
            .map(|row| {
                row.iter()
                    .map(|found| found.map_or(0.0, |(_, seen)| seen))
                    .collect()
            })
            .collect();
        let weights = weights(&prior, &likelihoods);
        let all = rates.iter().zip(&beliefs).zip(&weights);
        all.map(|((rate, beliefs), weights)| self.of_one(&settings, beliefs, weights, rate))
            .collect()
    }

    /// The logarithm of how likely a rate's history is, over all settings.
    pub fn evidence(&self, seen: &Seen) -> f64 {
        let settings = self.law.settings(self.cadence);
        let likelihoods: Vec<f64> = settings
            .iter()
            .filter_map(|(setting, weight)| {
                let (_, likelihood) = seen.filter(setting, self.law)?;
                Some(weight.ln() + likelihood)
            })
            .collect();
        let most = likelihoods
            .iter()
            .copied()
            .fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = likelihoods.iter().map(|l| (l - most).exp()).sum();
        most + sum.ln()
    }

    fn of_one(
        &self,
        settings: &[Setting],
        beliefs: &[Option<(Belief, f64)>],
        weights: &[f64],
        (seen, key): &(Seen, Key),
    ) -> Futures {
        let runs_out = seen.breaks.last() == Some(&Some(BreakKind::Ending));
        let mut logs = vec![Vec::with_capacity(N_FUTURES); self.horizons];
        let choice = self.luck.dimension(key.named("setting"));
        let start = [0, 1, 2].map(|part| self.luck.dimension(key.named("start").with(part)));
        let steps: Vec<_> = (0..self.horizons as u64)
            .map(|ahead| {
                let of = |name| self.luck.dimension(key.named(name).with(ahead));
                [
                    of("level"),
                    of("slope"),
                    of("event"),
                    of("jump"),
                    of("left"),
                ]
            })
            .collect();
        let mut dispersions = Vec::with_capacity(N_FUTURES);
        for future in 0..N_FUTURES {
            let at = pick(weights, choice(future));
            let setting = &settings[at];
            dispersions.push(setting.dispersion);
            let Some((belief, _)) = beliefs[at] else {
                logs.iter_mut().for_each(|of_period| of_period.push(NOUGHT));
                continue;
            };
            let (mut level, mut slope) = belief.drawn(start.each_ref().map(|of| of(future)));
            let mut restless = belief.unrest;
            for (of_period, [of_level, of_slope, event, jump, left]) in logs.iter_mut().zip(&steps)
            {
                if runs_out {
                    level += left(future).ln();
                }
                level += slope + setting.level_sd * normal_quantile(of_level(future));
                slope =
                    setting.damping * slope + setting.slope_sd * normal_quantile(of_slope(future));
                let jumped = self.what_happens(
                    setting,
                    restless,
                    event(future),
                    normal_quantile(jump(future)),
                );
                level += jumped.map_or(0.0, |(size, _)| size);
                slope += jumped.map_or(0.0, |(_, turn)| turn);
                restless = unrest(f64::from(u8::from(jumped.is_some())), restless);
                of_period.push(level);
            }
        }
        Futures { logs, dispersions }
    }

    /// How far the level jumps in a period, and the slope with it: most often not at all.
    fn what_happens(
        &self,
        setting: &Setting,
        unrest: f64,
        event: f64,
        normal: f64,
    ) -> Option<(f64, f64)> {
        let odds = Place::Calm.odds(self.law, self.cadence).after(unrest);
        let jump = setting.jump_variance(self.cadence).sqrt() * normal;
        if event < odds.turn {
            Some((jump, TURN * jump))
        } else if event < odds.turn + odds.jump {
            Some((jump, 0.0))
        } else if event < odds.turn + odds.jump + odds.upheaval {
            let upheaval = Setting::upheaval_variance(self.cadence).sqrt() * normal;
            Some((upheaval, 0.0))
        } else {
            None
        }
    }
}

/// The logarithm of a rate that is as good as nought.
const NOUGHT: f64 = -700.0;

impl Belief {
    /// Level and slope at three uniforms. The level is the logarithm of a gamma number, as the filter has it: of a rate
    /// of which only noughts are known, next to nothing may be true, but not anything above.
    fn drawn(&self, [u, v, w]: [f64; 3]) -> (f64, f64) {
        let level_sd = self.level_variance.max(0.0).sqrt();
        let (z, of_level) = match level_sd > 1e-3 {
            true => (
                log_gamma(self.level_variance, u, w),
                self.covariance / level_sd,
            ),
            false => (normal_quantile(u), 0.0),
        };
        let rest = (self.slope_variance - of_level * of_level).max(0.0).sqrt();
        let slope = self.slope + of_level * z + rest * normal_quantile(v);
        (self.level + level_sd * z, slope)
    }
}

/// The logarithm of a gamma number at two uniforms, less its mean and over its standard deviation; the shape is the one
/// whose logarithm has this variance, above 0.
fn log_gamma(variance: f64, u: f64, w: f64) -> f64 {
    let shape = shape_of(variance);
    // A gamma number is one of a shape larger by 1 times a uniform to the power of 1/shape (Marsaglia and Tsang 2000,
    // section 6), and the cube root of the larger one is nearly normal (Wilson and Hilferty 1931).
    let spread = 1.0 / (9.0 * (shape + 1.0));
    let root = (1.0 - spread + spread.sqrt() * normal_quantile(u)).max(1e-3);
    let log = (shape + 1.0).ln() + 3.0 * root.ln() + w.ln() / shape;
    (log - digamma(shape)) / variance.sqrt()
}

/// The index at which the sum of weights passes `u`.
fn pick(weights: &[f64], u: f64) -> usize {
    let mut sum = 0.0;
    let found = weights.iter().position(|weight| {
        sum += weight;
        u < sum
    });
    // Rounding may leave the sum just below 1.
    found.unwrap_or(weights.len() - 1)
}
