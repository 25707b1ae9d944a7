//! Futures of a rate: from what is believed of it now, one path of its logarithm after another.

use statrs::function::gamma::digamma;

use super::belief::{Belief, shape_of};
use super::filter::{Filtered, Seen, TURN};
use super::luck::{Luck, N_FUTURES};
use super::season::Ahead;
use super::settings::{Law, Place, Setting, unrest};
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
        let seen: Vec<&Seen> = rates.iter().map(|(seen, _)| seen).collect();
        let weighed = self.weigh(&seen);
        let all = rates.iter().zip(&weighed.filtered).zip(&weighed.weights);
        all.map(|((rate, filtered), weights)| {
            self.of_one(&weighed.settings, filtered, weights, rate)
        })
        .collect()
    }

    fn of_one(
        &self,
        settings: &[Setting],
        filtered: &[Option<Filtered>],
        weights: &[f64],
        (seen, key): &(Seen, Key),
    ) -> Futures {
        let mut logs = vec![Vec::with_capacity(N_FUTURES); self.horizons];
        let mut dispersions = Vec::with_capacity(N_FUTURES);
        let choice = self.luck.dimension(key.named("setting"));
        let chances = Chances::of(self.horizons, |name, part| {
            self.luck.dimension(key.named(name).with(part))
        });
        let next = seen.values.len();
        let spreads: Vec<Option<Ahead>> = filtered
            .iter()
            .map(|found| {
                let found = found.as_ref().filter(|found| found.seasons.n() > 0)?;
                Some(found.seasons.ahead(&found.belief, next, self.horizons))
            })
            .collect();
        for future in 0..N_FUTURES {
            let at = pick(weights, choice(future));
            dispersions.push(settings[at].dispersion);
            let Some(Filtered { belief, .. }) = &filtered[at] else {
                logs.iter_mut().for_each(|of_period| of_period.push(NOUGHT));
                continue;
            };
            let path = Path {
                setting: &settings[at],
                belief,
                seasons: spreads[at].as_ref(),
                runs_out: seen.breaks.last() == Some(&Some(BreakKind::Ending)),
            };
            self.walk(&path, &chances, future, &mut logs);
        }
        Futures { logs, dispersions }
    }

    /// Adds one future of every period ahead.
    fn walk<F: Fn(usize) -> f64>(
        &self,
        path: &Path,
        chances: &Chances<F>,
        future: usize,
        logs: &mut [Vec<f64>],
    ) {
        let (setting, belief) = (path.setting, path.belief);
        let start = chances.start.each_ref().map(|of| of(future));
        let (mut level, mut slope) = belief.drawn(start);
        let mut seasons = Vec::new();
        if let Some(ahead) = path.seasons {
            let of_level = (level - belief.level) / belief.level_variance.max(1e-12).sqrt();
            (slope, seasons) = ahead.drawn(of_level, |part| match part.checked_sub(1) {
                None => normal_quantile(start[1]),
                Some(season) => normal_quantile((chances.steps[season].season)(future)),
            });
        }
        let mut restless = belief.unrest;
        for (ahead, (of_period, step)) in logs.iter_mut().zip(&chances.steps).enumerate() {
            if path.runs_out {
                level += (step.left)(future).ln();
            }
            level += slope + setting.level_sd * normal_quantile((step.level)(future));
            slope =
                setting.damping * slope + setting.slope_sd * normal_quantile((step.slope)(future));
            let size = normal_quantile((step.jump)(future));
            let jumped = self.what_happens(setting, restless, (step.event)(future), size);
            level += jumped.map_or(0.0, |(size, _)| size);
            slope += jumped.map_or(0.0, |(_, turn)| turn);
            restless = unrest(f64::from(u8::from(jumped.is_some())), restless);
            let mut of_season = 0.0;
            if let Some(spread) = path.seasons {
                let season = &mut seasons[ahead % spread.n_seasons()];
                *season += spread.change_sd * normal_quantile((step.turned)(future));
                of_season = *season;
            }
            of_period.push(level + of_season);
        }
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

/// Where a future begins, and how it goes on.
struct Path<'a> {
    setting: &'a Setting,
    belief: &'a Belief,
    /// `None` where there are none.
    seasons: Option<&'a Ahead>,
    /// Whether what is counted was abolished.
    runs_out: bool,
}

/// Uniform numbers by future.
struct Chances<F> {
    start: [F; 3],
    /// By period ahead.
    steps: Vec<Step<F>>,
}

/// Uniform numbers of one period, by future.
struct Step<F> {
    level: F,
    slope: F,
    event: F,
    jump: F,
    left: F,
    season: F,
    turned: F,
}

impl<F: Fn(usize) -> f64> Chances<F> {
    fn of(horizons: usize, dimension: impl Fn(&str, u64) -> F) -> Chances<F> {
        let step = |ahead: u64| Step {
            level: dimension("level", ahead),
            slope: dimension("slope", ahead),
            event: dimension("event", ahead),
            jump: dimension("jump", ahead),
            left: dimension("left", ahead),
            season: dimension("season", ahead),
            turned: dimension("turned", ahead),
        };
        Chances {
            start: [0, 1, 2].map(|part| dimension("start", part)),
            steps: (0..horizons as u64).map(step).collect(),
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A level that moves by 10% in a year jumps by four times as much; the slope turns by 1.4 times the jump, and an
    /// upheaval is one of 50%.
    #[test]
    fn as_many_futures_jump_turn_or_are_overthrown_as_the_law_says() {
        let luck = Luck::new();
        let kind = Kind {
            law: &Law::ROOT,
            cadence: Cadence::Year,
            horizons: 1,
            luck: &luck,
        };
        let setting = Setting {
            level_sd: 0.1,
            slope_sd: 0.0,
            damping: 0.0,
            dispersion: 1.0,
            season: None,
        };
        let among = |expected: Option<(f64, f64)>| {
            let is_it = |at: &u32| {
                let event = (f64::from(*at) + 0.5) / 1000.0;
                match (kind.what_happens(&setting, 0.0, event, 1.0), expected) {
                    (Some(found), Some(expected)) => {
                        (found.0 - expected.0).abs() < 1e-12 && (found.1 - expected.1).abs() < 1e-12
                    }
                    (found, expected) => found == expected,
                }
            };
            (0..1000).filter(is_it).count()
        };
        assert_eq!(among(Some((0.4, 0.56))), 12);
        assert_eq!(among(Some((0.4, 0.0))), 60);
        assert_eq!(among(Some((0.5, 0.0))), 10);
        assert_eq!(among(None), 918);
    }
}
