//! What the periods up to now say of a rate, in one setting.

use statrs::function::gamma::{digamma, ln_gamma};

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
    /// How many values, the last ones, the likelihood is of: [`MEMORY`] where it is to judge settings.
    pub memory: usize,
}

/// What is believed of the logarithm of a rate after the last period: means and covariance of level and slope, and how
/// likely it is that the level has just jumped.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Belief {
    pub level: f64,
    pub slope: f64,
    pub level_variance: f64,
    pub covariance: f64,
    pub slope_variance: f64,
    /// 0 to 1, less by the period since.
    pub unrest: f64,
}

/// How many values, the last ones, judge the settings: how far a rate moves changes with the times, and the months of a
/// shock would make intervals too wide for years.
pub(super) const MEMORY: usize = 20;

/// How much a slope turns with a jump of its level.
pub(super) const TURN: f64 = 1.4;

impl Seen<'_> {
    /// Belief after the last period, and the logarithm of the likelihood of the last `memory` values; `None` where
    /// nothing is recorded.
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
    pub fn filter(&self, setting: &Setting, law: &Law) -> Option<(Belief, f64)> {
        let first = self.values.iter().position(|value| !value.is_nan())?;
        let mut belief = self.begin(setting, first);
        let mut likelihoods = Vec::with_capacity(self.values.len());
        for period in first + 1..self.values.len() {
            belief = belief.after_a_period(setting);
            if self.breaks[period] == Some(BreakKind::Ending) {
                belief.level -= 1.0;
                belief.level_variance += 1.0;
            }
            if !self.values[period].is_nan() {
                let (updated, seen) = self.update(&belief, setting, law, period);
                belief = updated;
                let is_typical = matches!(self.breaks[period], None | Some(BreakKind::Level));
                if is_typical {
                    likelihoods.push(seen);
                }
            }
        }
        let forgotten = likelihoods.len().saturating_sub(self.memory);
        Some((belief, likelihoods[forgotten..].iter().sum()))
    }

    fn begin(&self, setting: &Setting, first: usize) -> Belief {
        let (value, d) = (self.values[first], setting.dispersion);
        // A small count says little of its rate, and nought of something that happens is not a rate of nought.
        let mean = if value < 5.0 { value + 0.5 } else { value };
        Belief {
            level: (mean / self.exposures[first]).ln(),
            slope: 0.0,
            level_variance: d / (value + 0.5 * d) + setting.level_sd.powi(2),
            covariance: 0.0,
            slope_variance: setting.slope_variance(),
            unrest: 0.0,
        }
    }

    /// The belief after a value, and the logarithm of what was its probability.
    fn update(
        &self,
        belief: &Belief,
        setting: &Setting,
        law: &Law,
        period: usize,
    ) -> (Belief, f64) {
        let happened = self.what_may_happen(belief, setting, law, period);
        let parts = happened.map(|event| {
            if event.chance > 0.0 {
                let (updated, seen) = self.conjugate(&event, setting, period);
                (updated, seen + event.chance.ln())
            } else {
                (event.belief, f64::NEG_INFINITY)
            }
        });
        let most = parts
            .iter()
            .map(|part| part.1)
            .fold(f64::NEG_INFINITY, f64::max);
        let total: f64 = parts.iter().map(|part| (part.1 - most).exp()).sum();
        let weighted = parts.map(|(part, seen)| (part, (seen - most).exp() / total));
        let jumped = weighted[1].1 + weighted[2].1 + weighted[3].1;
        let merged = Belief {
            unrest: unrest(jumped, belief.unrest),
            ..merge(&weighted)
        };
        (merged, most + total.ln())
    }

    fn what_may_happen(
        &self,
        belief: &Belief,
        setting: &Setting,
        law: &Law,
        period: usize,
    ) -> [Event; 5] {
        let place = self.place(period);
        let odds = place.odds(law, self.cadence).after(belief.unrest);
        let jump = setting
            .jump_variance(self.cadence)
            .max(place.least_jump_variance());
        let is_wide = self.cadence == Cadence::Year || place == Place::Begins;
        let jumped = Belief {
            level_variance: belief.level_variance + jump,
            ..*belief
        };
        let elsewhere = Belief {
            level_variance: belief.level_variance + Setting::upheaval_variance(self.cadence),
            ..*belief
        };
        let turned = Belief {
            covariance: belief.covariance + TURN * jump,
            // Half as much again, so that the slope is not bound to the jump.
            slope_variance: belief.slope_variance + 1.5 * TURN * TURN * jump,
            ..jumped
        };
        let mean = belief.level.exp() * self.exposures[period];
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

    fn conjugate(&self, event: &Event, setting: &Setting, period: usize) -> (Belief, f64) {
        let (belief, d) = (&event.belief, setting.dispersion);
        let mean = belief.level + self.exposures[period].ln();
        let variance = (belief.level_variance + event.apart).max(1e-10);
        let shape = shape_of(variance);
        let rate = (digamma(shape) - (mean - d.ln())).exp();
        let value = self.values[period] / d;
        let seen = ln_gamma(shape + value) - ln_gamma(shape) - ln_gamma(value + 1.0)
            + shape * (rate / (1.0 + rate)).ln()
            - value * rate.ln_1p()
            - d.ln();
        let shift = digamma(shape + value) - rate.ln_1p() + d.ln() - mean;
        let kept = 1.0 - trigamma(shape + value) / variance;
        let (of_level, of_slope) = (
            belief.level_variance / variance,
            belief.covariance / variance,
        );
        let updated = Belief {
            level: belief.level + of_level * shift,
            slope: belief.slope + of_slope * shift,
            level_variance: belief.level_variance - of_level * belief.level_variance * kept,
            covariance: belief.covariance - of_level * belief.covariance * kept,
            slope_variance: belief.slope_variance - of_slope * belief.covariance * kept,
            unrest: belief.unrest,
        };
        (updated, seen)
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

impl Belief {
    /// One period on.
    pub fn after_a_period(&self, setting: &Setting) -> Belief {
        let damping = setting.damping;
        Belief {
            level: self.level + self.slope,
            slope: damping * self.slope,
            level_variance: self.level_variance
                + 2.0 * self.covariance
                + self.slope_variance
                + setting.level_sd.powi(2),
            covariance: damping * (self.covariance + self.slope_variance),
            slope_variance: damping.powi(2) * self.slope_variance + setting.slope_sd.powi(2),
            unrest: self.unrest,
        }
    }
}

/// One belief with the mean and the covariance of a mixture of them.
fn merge(parts: &[(Belief, f64)]) -> Belief {
    let mean =
        |of: &dyn Fn(&Belief) -> f64| -> f64 { parts.iter().map(|(part, w)| w * of(part)).sum() };
    let (level, slope) = (mean(&|b| b.level), mean(&|b| b.slope));
    Belief {
        level,
        slope,
        level_variance: mean(&|b| b.level_variance + (b.level - level).powi(2)),
        covariance: mean(&|b| b.covariance + (b.level - level) * (b.slope - slope)),
        slope_variance: mean(&|b| b.slope_variance + (b.slope - slope).powi(2)),
        unrest: 0.0,
    }
}

/// The shape of the gamma law whose logarithm has this variance, above 0.
pub(super) fn shape_of(variance: f64) -> f64 {
    // trigamma(shape) = 1/shape + 1/(2 shape^2) nearly, if the shape is not small.
    let mut shape = (1.0 + (1.0 + 2.0 * variance).sqrt()) / (2.0 * variance);
    if variance > 0.2 {
        // Newton's method on the logarithm of trigamma, which is nearly straight in the logarithm of the shape.
        for _ in 0..3 {
            let (of, step) = (trigamma(shape), 1e-4 * shape);
            let slope = (trigamma(shape + step) - of) / step;
            shape *= ((variance / of).ln() * of / (slope * shape)).exp();
        }
    }
    shape
}

/// The second derivative of the logarithm of the gamma function, for `x` above 0: Abramowitz and Stegun 1964, 6.4.6 and
/// 6.4.12, to ten digits.
pub(super) fn trigamma(x: f64) -> f64 {
    let (mut x, mut sum) = (x, 0.0);
    while x < 8.0 {
        sum += 1.0 / (x * x);
        x += 1.0;
    }
    let y = 1.0 / (x * x);
    let series =
        1.0 / 6.0 - y * (1.0 / 30.0 - y * (1.0 / 42.0 - y * (1.0 / 30.0 - y * 5.0 / 66.0)));
    sum + 1.0 / x + 0.5 * y + series * y / x
}

#[cfg(test)]
mod tests {
    use super::super::settings::Odds;
    use super::*;
    use std::f64::consts::PI;

    #[test]
    fn trigamma_at_known_points() {
        assert!((trigamma(1.0) - PI * PI / 6.0).abs() < 1e-10);
        assert!((trigamma(0.5) - PI * PI / 2.0).abs() < 1e-10);
        assert!((trigamma(20.0) - 0.051_270_822_935_203_1).abs() < 1e-12);
    }

    const STILL: Setting = Setting {
        level_sd: 1e-6,
        slope_sd: 0.0,
        damping: 0.0,
        dispersion: 1.0,
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
            memory: MEMORY,
            values: &values,
            exposures: &[1.0; 8],
            breaks: &[None; 8],
            cadence: Cadence::Year,
        };
        let (belief, _) = seen.filter(&STILL, &calm()).unwrap();
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
            memory: MEMORY,
            values: &[10.0, 20.0, 40.0, 5.0],
            exposures: &exposures,
            breaks: &[None; 4],
            cadence: Cadence::Year,
        };
        let (belief, _) = seen.filter(&STILL, &calm()).unwrap();
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
                memory: MEMORY,
                values,
                exposures: &vec![1.0; values.len()],
                breaks: &vec![None; values.len()],
                cadence: Cadence::Year,
            };
            seen.filter(&setting, &Law::ROOT).unwrap().0.level.exp()
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
            memory: MEMORY,
            values: &[1000.0, 1000.0, 1000.0, 300.0],
            exposures: &[1.0; 4],
            breaks: &breaks,
            cadence: Cadence::Year,
        };
        let (belief, _) = seen.filter(&STILL, &calm()).unwrap();
        assert!((belief.level.exp() - 300.0).abs() < 5.0, "{belief:?}");
    }
}
