//! Futures of a rate: from what is believed of it now, one path of its logarithm after another.

use super::filter::{Belief, Seen, TURN};
use super::luck::{Luck, N_FUTURES};
use super::settings::{Law, Place, Setting};
use super::weights::weights;
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
        all.map(|(((_, key), beliefs), weights)| self.of_one(&settings, beliefs, weights, *key))
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
        key: Key,
    ) -> Futures {
        let mut logs = vec![Vec::with_capacity(N_FUTURES); self.horizons];
        let choice = self.luck.dimension(key.named("setting"));
        let start = [0, 1].map(|part| self.luck.dimension(key.named("start").with(part)));
        let steps: Vec<_> = (0..self.horizons as u64)
            .map(|ahead| {
                let of = |name| self.luck.dimension(key.named(name).with(ahead));
                [of("level"), of("slope"), of("event"), of("jump")]
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
            let (mut level, mut slope) = belief.drawn(start[0](future), start[1](future));
            for (of_period, [of_level, of_slope, event, jump]) in logs.iter_mut().zip(&steps) {
                level += slope + setting.level_sd * normal_quantile(of_level(future));
                slope =
                    setting.damping * slope + setting.slope_sd * normal_quantile(of_slope(future));
                let (size, turn) =
                    self.what_happens(setting, event(future), normal_quantile(jump(future)));
                level += size;
                slope += turn;
                of_period.push(level);
            }
        }
        Futures { logs, dispersions }
    }

    /// How far the level jumps in a period, and the slope with it: most often not at all.
    fn what_happens(&self, setting: &Setting, event: f64, normal: f64) -> (f64, f64) {
        let odds = Place::Calm.odds(self.law, self.cadence);
        let jump = setting.jump_variance(self.cadence).sqrt() * normal;
        if event < odds.turn {
            (jump, TURN * jump)
        } else if event < odds.turn + odds.jump {
            (jump, 0.0)
        } else if event < odds.turn + odds.jump + odds.upheaval {
            (
                Setting::upheaval_variance(self.cadence).sqrt() * normal,
                0.0,
            )
        } else {
            (0.0, 0.0)
        }
    }
}

/// The logarithm of a rate that is as good as nought.
const NOUGHT: f64 = -700.0;

impl Belief {
    /// Level and slope at two uniforms.
    fn drawn(&self, u: f64, v: f64) -> (f64, f64) {
        let level_sd = self.level_variance.max(0.0).sqrt();
        let z = normal_quantile(u);
        let of_level = if level_sd > 0.0 {
            self.covariance / level_sd
        } else {
            0.0
        };
        let rest = (self.slope_variance - of_level * of_level).max(0.0).sqrt();
        let slope = self.slope + of_level * z + rest * normal_quantile(v);
        (self.level + level_sd * z, slope)
    }
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
