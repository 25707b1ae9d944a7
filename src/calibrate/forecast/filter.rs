//! What the periods up to now say of a rate, in one setting.

use super::belief::{Belief, LogGamma, merge, shape_of};
use super::season::{Gain, Lesson, SeasonSeen, Seasons};
use super::settings::{Law, Place, Setting, unrest};
use crate::compile::BreakKind;
use crate::quantity::Cadence;

/// What is seen of one rate: values, what they are set against, and what was declared.
pub(super) struct Seen<'a> {
    /// One per period, 0 or more; NaN where none is recorded.
    pub values: &'a [f64],
    /// One per period, above 0: the mean of a value is its exposure times the rate.
    pub exposures: &'a [f64],
    /// One per period.
    pub breaks: &'a [Option<BreakKind>],
    /// How long a period is.
    pub cadence: Cadence,
}

/// What a rate's record says in one setting.
#[derive(Debug, Clone)]
pub(super) struct Filtered {
    /// After the last period.
    pub belief: Belief,
    /// Likewise; empty where the setting has none.
    pub seasons: Seasons,
    /// The logarithm of the likelihood of the last [`MEMORY`] values.
    pub recent: f64,
    /// The same of all values.
    pub whole: f64,
}

/// How many values, the last ones, judge how far a rate moves: that changes with the times, and the months of a
/// shock would make intervals too wide for years. Seasons are judged by all values.
pub(super) const MEMORY: usize = 20;

/// How much a slope turns with a jump of its level.
pub(super) const TURN: f64 = 1.4;

impl Seen<'_> {
    /// Belief after the last period, and how likely the values were; `None` where nothing is recorded.
    ///
    /// The first value has no likelihood, and what was declared disrupted or ending says nothing of how a rate moves
    /// otherwise. Of what runs out, any share is as likely as another to be left after a period: the logarithm of that
    /// has a mean of -1 and a variance of 1.
    ///
    /// The filter is the dynamic generalised linear model of West, Harrison and Migon 1985 (doi
    /// 10.1080/01621459.1985.10477131) for counts with a logarithmic link: the belief on the mean is matched by a gamma
    /// law, updated in closed form, and given back by linear Bayes. What may happen in a period (nothing, a jump, a
    /// turn, an upheaval, an outlier) is a mixture whose parts are updated each for itself and merged by their moments (Harrison
    /// and Stevens 1976).
    pub fn filter(&self, setting: &Setting, law: &Law) -> Option<Filtered> {
        let first = self.values.iter().position(|value| !value.is_nan())?;
        let mut belief = self.begin(setting, first);
        let mut seasons = Seasons::begin(setting.season, self.cadence, first);
        belief.level_variance += seasons.seen(first).variance;
        let mut likelihoods = Vec::with_capacity(self.values.len());
        for period in first + 1..self.values.len() {
            belief = belief.after_a_period(setting);
            seasons.after_a_period(setting.damping, period);
            if self.breaks[period] == Some(BreakKind::Ending) {
                belief.level -= 1.0;
                belief.level_variance += 1.0;
            }
            if !self.values[period].is_nan() {
                let (updated, lesson, seen) = self.update(&belief, &seasons, setting, law, period);
                belief = updated;
                seasons.learn(period, &lesson);
                let is_typical = matches!(self.breaks[period], None | Some(BreakKind::Level));
                if is_typical {
                    likelihoods.push(seen);
                }
            }
        }
        let forgotten = likelihoods.len().saturating_sub(MEMORY);
        Some(Filtered {
            belief,
            seasons,
            recent: likelihoods[forgotten..].iter().sum(),
            whole: likelihoods.iter().sum(),
        })
    }

    fn begin(&self, setting: &Setting, first: usize) -> Belief {
        let (value, d) = (self.values[first], setting.dispersion);
        // A small count says little of its rate, and nought of something that happens is not a rate of nought: where
        // events come in heaps it is less than one heap.
        let mean = if value < 5.0 { value + 0.5 } else { value };
        let mean = mean.max(0.5 * d);
        Belief {
            level: (mean / self.exposures[first]).ln(),
            slope: 0.0,
            level_variance: d / (value + 0.5 * d) + setting.level_sd.powi(2),
            covariance: 0.0,
            slope_variance: setting.slope_variance(),
            unrest: 0.0,
            doubt: 0.0,
        }
    }

    /// The belief after a value, what seasons learn of it, and the logarithm of what was its probability.
    fn update(
        &self,
        belief: &Belief,
        seasons: &Seasons,
        setting: &Setting,
        law: &Law,
        period: usize,
    ) -> (Belief, Lesson, f64) {
        let season = seasons.seen(period);
        let of_value = LogGamma::at(self.values[period] / setting.dispersion + 1.0).value;
        let happened = self.what_may_happen(belief, &season, setting, law, period);
        let parts = happened.map(|event| {
            if event.chance > 0.0 {
                let (updated, gain, seen) =
                    self.conjugate(&event, &season, setting, (period, of_value));
                (updated, gain, seen + event.chance.ln())
            } else {
                (event.belief, Gain::default(), f64::NEG_INFINITY)
            }
        });
        let most = parts
            .iter()
            .map(|part| part.2)
            .fold(f64::NEG_INFINITY, f64::max);
        let total: f64 = parts.iter().map(|part| (part.2 - most).exp()).sum();
        let weights = parts.map(|(_, _, seen)| (seen - most).exp() / total);
        let jumped = weights[1] + weights[2] + weights[3];
        let beliefs = [0, 1, 2, 3, 4].map(|at| (parts[at].0, weights[at]));
        let merged = Belief {
            unrest: unrest(jumped, belief.unrest),
            doubt: weights[4],
            ..merge(&beliefs)
        };
        let gains = [0, 1, 2, 3, 4].map(|at| (parts[at].1, weights[at]));
        (merged, Lesson::of(&gains), most + total.ln())
    }

    fn what_may_happen(
        &self,
        belief: &Belief,
        season: &SeasonSeen,
        setting: &Setting,
        law: &Law,
        period: usize,
    ) -> [Event; 5] {
        let place = self.place(period);
        let odds = place.odds(law, self.cadence).after(belief.unrest);
        let (odds, of_upheaval) = odds.in_doubt(belief.doubt, self.cadence);
        let jump = setting
            .jump_variance(self.cadence)
            .max(place.least_jump_variance());
        let is_wide = self.cadence == Cadence::Year || place == Place::Begins;
        let jumped = Belief {
            level_variance: belief.level_variance + jump,
            ..*belief
        };
        let elsewhere = Belief {
            level_variance: belief.level_variance + of_upheaval,
            ..*belief
        };
        let turned = Belief {
            covariance: belief.covariance + TURN * jump,
            // Half as much again, so that the slope is not bound to the jump.
            slope_variance: belief.slope_variance + 1.5 * TURN * TURN * jump,
            ..jumped
        };
        let mean = (belief.level + season.mean).exp() * self.exposures[period];
        let event = |chance, belief, apart| Event {
            chance,
            belief,
            apart,
        };
        [
            event(odds.none(), *belief, 0.0),
            event(odds.jump, jumped, 0.0),
            event(odds.turn, turned, 0.0),
            event(odds.upheaval, elsewhere, 0.0),
            event(
                odds.outlier,
                *belief,
                setting.outlier_variance(mean, is_wide),
            ),
        ]
    }

    /// Where a period stands among what was declared.
    fn place(&self, period: usize) -> Place {
        let before = period.checked_sub(1).and_then(|last| self.breaks[last]);
        match (self.breaks[period], before) {
            (Some(BreakKind::Level), _) => Place::OnAnotherLevel,
            (Some(BreakKind::Disrupted), Some(BreakKind::Disrupted)) => Place::GoesOn,
            (Some(BreakKind::Disrupted), _) => Place::Begins,
            (None, Some(BreakKind::Disrupted)) => Place::IsOver,
            // What runs out does so by as much as it may in any period: nothing else need happen.
            (Some(BreakKind::Ending), _) => Place::GoesOn,
            (None, _) => Place::Calm,
        }
    }

    /// The season is a part of what is seen: what a value says goes to level, slope and seasons by how each of them goes
    /// with their sum. `of_value` is the logarithm of the factorial of the value over the dispersion.
    fn conjugate(
        &self,
        event: &Event,
        season: &SeasonSeen,
        setting: &Setting,
        (period, of_value): (usize, f64),
    ) -> (Belief, Gain, f64) {
        let (belief, d) = (&event.belief, setting.dispersion);
        let mean = belief.level + season.mean + self.exposures[period].ln();
        let with_level = belief.level_variance + season.with_level;
        let with_slope = belief.covariance + season.with_slope;
        let of_sum = with_level + season.with_level + season.variance;
        let variance = (of_sum + event.apart).max(1e-10);
        let shape = shape_of(variance);
        let log_d = d.ln();
        let before = LogGamma::at(shape);
        let log_rate = before.first - (mean - log_d);
        // The logarithm of one more than the rate, which is the rate's own where it is large.
        let log_more = match log_rate > 36.0 {
            true => log_rate,
            false => log_rate.exp().ln_1p(),
        };
        let value = self.values[period] / d;
        let after = LogGamma::at(shape + value);
        let seen = after.value - before.value - of_value + shape * (log_rate - log_more)
            - value * log_more
            - log_d;
        let shift = after.first - log_more + log_d - mean;
        let kept = 1.0 - after.second / variance;
        let (of_level, of_slope) = (with_level / variance, with_slope / variance);
        let updated = Belief {
            level: belief.level + of_level * shift,
            slope: belief.slope + of_slope * shift,
            level_variance: belief.level_variance - of_level * with_level * kept,
            covariance: belief.covariance - of_level * with_slope * kept,
            slope_variance: belief.slope_variance - of_slope * with_slope * kept,
            unrest: belief.unrest,
            doubt: belief.doubt,
        };
        let gain = Gain {
            shift: shift / variance,
            kept: kept / variance,
            of_level: of_level * shift,
            of_slope: of_slope * shift,
            kept_level: of_level * kept,
            kept_slope: of_slope * kept,
        };
        (updated, gain, seen)
    }
}

/// Something that may happen in a period.
#[derive(Clone, Copy)]
struct Event {
    chance: f64,
    /// What is believed before the value is seen, if it happens.
    belief: Belief,
    /// The variance of what is seen about the rate, beyond noise.
    apart: f64,
}

#[cfg(test)]
mod tests {
    use super::super::settings::Odds;
    use super::*;

    const STILL: Setting = Setting {
        level_sd: 1e-6,
        slope_sd: 0.0,
        damping: 0.0,
        dispersion: 1.0,
        season: None,
    };

    fn calm() -> Law {
        let odds = Odds {
            jump: 0.0,
            turn: 0.0,
            upheaval: 0.0,
            outlier: 0.0,
        };
        Law { odds, ..Law::ROOT }
    }

    #[test]
    fn a_rate_that_never_moves_is_learnt_as_the_mean_of_its_counts() {
        let values = [103.0, 95.0, 88.0, 110.0, 104.0, 97.0, 101.0, 92.0];
        let seen = Seen {
            values: &values,
            exposures: &[1.0; 8],
            breaks: &[None; 8],
            cadence: Cadence::Year,
        };
        let belief = seen.filter(&STILL, &calm()).unwrap().belief;
        let mean = values.iter().sum::<f64>() / 8.0;
        assert!((belief.level - mean.ln()).abs() < 0.005, "{belief:?}");
        // The variance of the logarithm of a mean of 790 counts.
        assert!(
            (belief.level_variance - 1.0 / 790.0).abs() < 5e-5,
            "{belief:?}"
        );
    }

    #[test]
    fn exposures_are_taken_out() {
        let exposures = [100.0, 200.0, 400.0, 50.0];
        let seen = Seen {
            values: &[10.0, 20.0, 40.0, 5.0],
            exposures: &exposures,
            breaks: &[None; 4],
            cadence: Cadence::Year,
        };
        let belief = seen.filter(&STILL, &calm()).unwrap().belief;
        assert!((belief.level.exp() - 0.1).abs() < 0.002, "{belief:?}");
    }

    #[test]
    fn an_outlier_is_doubted_and_a_jump_that_stays_is_believed() {
        let setting = Setting {
            level_sd: 0.02,
            ..STILL
        };
        let level_after = |values: &[f64]| {
            let seen = Seen {
                values,
                exposures: &vec![1.0; values.len()],
                breaks: &vec![None; values.len()],
                cadence: Cadence::Year,
            };
            seen.filter(&setting, &Law::ROOT)
                .unwrap()
                .belief
                .level
                .exp()
        };
        let back = level_after(&[1000.0, 1010.0, 990.0, 1005.0, 600.0, 1000.0]);
        let stays = level_after(&[1000.0, 1010.0, 990.0, 1005.0, 600.0, 605.0, 595.0]);
        assert!((back - 1000.0).abs() < 30.0, "{back}");
        assert!((stays - 600.0).abs() < 15.0, "{stays}");
    }

    #[test]
    fn a_declared_level_forgets_the_old_one() {
        let breaks = [None, None, None, Some(BreakKind::Level)];
        let seen = Seen {
            values: &[1000.0, 1000.0, 1000.0, 300.0],
            exposures: &[1.0; 4],
            breaks: &breaks,
            cadence: Cadence::Year,
        };
        let belief = seen.filter(&STILL, &calm()).unwrap().belief;
        assert!((belief.level.exp() - 300.0).abs() < 5.0, "{belief:?}");
    }
}
