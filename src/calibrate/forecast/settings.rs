//! The ways in which a rate may move, and how likely each is before anything has been seen.

use super::season::Season;
use crate::quantity::Cadence;

/// One way in which a rate may move: a local level with a damped slope, seen through noise.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Setting {
    /// Standard deviation of a period's change of the level, on the logarithmic scale.
    pub level_sd: f64,
    /// Standard deviation of a period's change of the slope, likewise; 0 where there is none.
    pub slope_sd: f64,
    /// The part of the slope that is left after a period, 0 to below 1.
    pub damping: f64,
    /// Variance over mean of what is seen, in the unit of the filter: 1 is Poisson's.
    pub dispersion: f64,
    /// How seasons differ; `None` where they do not.
    pub season: Option<Season>,
}

/// What may happen to a rate at one place of the tree.
#[derive(Debug, Clone, Copy)]
pub(super) struct Law {
    /// Changes of the level in a year.
    pub levels: &'static [f64],
    /// Ratios of a slope's change to the level's, with their damping; the first is no slope.
    pub slopes: &'static [(f64, f64)],
    /// Dispersions.
    pub dispersions: &'static [f64],
    /// What every dispersion weighs beside 1 for one of 1, however far from that it is.
    pub least_of_dispersion: f64,
    /// The change of a level that is thought likeliest.
    pub typical_level: f64,
    /// What else may happen in any period.
    pub odds: Odds,
}

/// The chances of rare events in one period.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Odds {
    /// The level jumps.
    pub jump: f64,
    /// The level jumps and the slope turns with it.
    pub turn: f64,
    /// The level moves to quite another, such as when one order takes the place of another.
    pub upheaval: f64,
    /// What is seen lies apart, and the level stays where it was.
    pub outlier: f64,
}

/// How close to each other settings stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Grain {
    /// To forecast by.
    Fine,
    /// Every other one, to tell seasons by.
    Coarse,
}

impl Law {
    /// Of a total, or of a series that stands alone.
    pub const ROOT: Law = Law {
        levels: &[0.008, 0.016, 0.03, 0.06, 0.12, 0.24],
        slopes: &[(0.0, 0.0), (0.7, 0.6), (0.6, 0.8), (0.4, 0.95), (0.2, 0.99)],
        dispersions: &[0.02, 0.5, 2.0, 8.0, 32.0, 128.0],
        least_of_dispersion: 0.0,
        typical_level: 0.1,
        odds: Odds {
            jump: 0.06,
            turn: 0.012,
            upheaval: 0.01,
            outlier: 0.04,
        },
    };

    /// Of a stratum's share in the total.
    pub const GROUP: Law = Law {
        levels: &[0.003, 0.02, 0.04, 0.08, 0.16],
        dispersions: &[0.02, 0.1, 0.5, 1.0, 2.0, 4.0, 16.0],
        typical_level: 0.05,
        odds: Odds {
            jump: 0.03,
            turn: 0.0,
            upheaval: 0.0,
            outlier: 0.02,
        },
        ..Law::ROOT
    };

    /// Of an area's share in its stratum or in the total.
    pub const STRAND: Law = Law {
        slopes: &[(0.0, 0.0)],
        ..Law::GROUP
    };

    /// The same for values that are not counts, which the filter measures in ten-thousandths of their median: their
    /// noise may be next to nothing, or that of rates of rare events, which come one at a time and often not at all.
    pub fn of_amounts(self) -> Law {
        Law {
            dispersions: &[0.02, 0.1, 0.5, 2.0, 8.0, 128.0, 1024.0, 8192.0],
            least_of_dispersion: 0.001,
            ..self
        }
    }

    /// Every setting with its weight before anything is seen; the weights add to 1.
    ///
    /// Changes of the level and dispersions are lognormal about what is typical, a slope is four times as likely as
    /// none, all slopes equally.
    pub fn settings(&self, cadence: Cadence, grain: Grain) -> Vec<(Setting, f64)> {
        let scale = of_period(cadence);
        let mut all = Vec::new();
        for level in kept(self.levels, grain) {
            for (ratio, damping) in kept(self.slopes, grain) {
                for dispersion in kept(self.dispersions, grain) {
                    let setting = Setting {
                        level_sd: level * scale,
                        slope_sd: ratio * level * scale,
                        damping,
                        dispersion,
                        season: None,
                    };
                    let sloped = (self.slopes.len() - 1) as f64;
                    let slope = match (ratio > 0.0, sloped > 0.0) {
                        (true, _) => SLOPED / sloped,
                        (false, true) => 1.0 - SLOPED,
                        (false, false) => 1.0,
                    };
                    let bell = |x: f64, spread: f64| (-0.5 * (x / spread).powi(2)).exp();
                    let noise = bell(dispersion.ln(), DISPERSION_SPREAD) + self.least_of_dispersion;
                    let weight =
                        bell((level / self.typical_level).ln(), LEVEL_SPREAD) * noise * slope;
                    all.push((setting, weight));
                }
            }
        }
        let total: f64 = all.iter().map(|(_, weight)| weight).sum();
        for (_, weight) in &mut all {
            *weight /= total;
        }
        all
    }
}

/// All of a row of settings, or every other one with the last.
fn kept<T: Copy>(all: &[T], grain: Grain) -> Vec<T> {
    let is_kept = |at: &usize| grain == Grain::Fine || (all.len() - 1 - at).is_multiple_of(2);
    (0..all.len()).filter(is_kept).map(|at| all[at]).collect()
}

/// Where a period stands among declared breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Nothing was declared of it or of the one before.
    Calm,
    /// The first of a disturbance: it may have moved the level, or pass.
    Begins,
    /// A later one of the same disturbance, which goes on as it began.
    GoesOn,
    /// The first after a disturbance: the level may return.
    IsOver,
    /// The first on another level.
    OnAnotherLevel,
}

impl Place {
    /// What may happen there to a rate that obeys a law.
    pub fn odds(self, law: &Law, cadence: Cadence) -> Odds {
        // An upheaval is as likely in a year of months as in a year; the other events are so small in a month that
        // several of them make one of a year.
        let calm = Odds {
            upheaval: law.odds.upheaval / cadence.seasons() as f64,
            ..law.odds
        };
        match self {
            Place::Calm => calm,
            Place::GoesOn => Odds {
                turn: 0.0,
                upheaval: 0.0,
                ..calm
            },
            Place::Begins => Odds {
                jump: 0.5,
                turn: 0.0,
                upheaval: 0.0,
                outlier: 0.25,
            },
            Place::IsOver => Odds { jump: 0.3, ..calm },
            // A new way of recording may change nothing.
            Place::OnAnotherLevel => Odds {
                jump: 0.5,
                turn: 0.0,
                upheaval: 0.0,
                outlier: 0.0,
            },
        }
    }

    /// No jump has a smaller variance there: where a disturbance begins 20%, however short the period; on another level
    /// nothing is left of the old one.
    pub fn least_jump_variance(self) -> f64 {
        match self {
            Place::Begins => 0.04,
            Place::OnAnotherLevel => 1.0,
            Place::Calm | Place::GoesOn | Place::IsOver => 0.0,
        }
    }
}

impl Odds {
    /// The same where the period before was as unquiet as this, 0 to 1: jumps come in clusters, and what has left its
    /// level seldom stops halfway.
    pub fn after(self, unrest: f64) -> Odds {
        let upheaval = match self.upheaval > 0.0 {
            true => self.upheaval + UPHEAVAL_AFTER * unrest,
            false => 0.0,
        };
        Odds {
            jump: self.jump + JUMP_AFTER * unrest,
            upheaval,
            ..self
        }
    }

    /// The same where the value before lay apart with a probability of `doubt`, and the variance of an upheaval then: of
    /// months and quarters two values that lie apart in a row are rather another level, which may be any. A year that lies
    /// apart says as much by itself.
    pub fn in_doubt(self, doubt: f64, cadence: Cadence) -> (Odds, f64) {
        let elsewhere = match cadence {
            Cadence::Year => 0.0,
            Cadence::Quarter | Cadence::Month => ELSEWHERE * doubt,
        };
        let upheaval = self.upheaval + elsewhere;
        let variance = match elsewhere > 0.0 {
            true => {
                let plain = self.upheaval * Setting::upheaval_variance(cadence);
                (plain + elsewhere * ELSEWHERE_VARIANCE) / upheaval
            }
            false => Setting::upheaval_variance(cadence),
        };
        (Odds { upheaval, ..self }, variance)
    }

    /// The chance that nothing rare happens.
    pub fn none(self) -> f64 {
        1.0 - self.jump - self.turn - self.upheaval - self.outlier
    }
}

/// How much likelier a jump is right after a jump.
const JUMP_AFTER: f64 = 0.3;

/// How much likelier an upheaval is right after a jump.
const UPHEAVAL_AFTER: f64 = 0.03;

/// How likely another level is where the value before lay apart.
const ELSEWHERE: f64 = 0.2;

/// The variance of that level's logarithm.
const ELSEWHERE_VARIANCE: f64 = 1.0;

/// What is left of unrest after a period.
const UNREST_LEFT: f64 = 0.3;

/// How unquiet a period is, 0 to 1, after one as unquiet as `before`, where its level has jumped in some way with a
/// probability of `jumped`.
pub(super) fn unrest(jumped: f64, before: f64) -> f64 {
    jumped + (1.0 - jumped) * UNREST_LEFT * before
}

/// How likely it is that a rate has a slope.
const SLOPED: f64 = 0.8;

/// The spread, in logarithms, of the yearly change of a level about what is typical.
const LEVEL_SPREAD: f64 = 0.7;

/// The spread, in logarithms, of the dispersion about 1.
const DISPERSION_SPREAD: f64 = 1.5;

/// What a period's change is of a year's: changes in a row of months resemble each other, so a year's is larger than
/// that of independent months (whose power would be a half).
fn of_period(cadence: Cadence) -> f64 {
    (cadence.seasons() as f64).powf(-0.75)
}

impl Setting {
    /// The variance of a jump of the level: four times a period's change, and never less than 8% in a year.
    pub fn jump_variance(&self, cadence: Cadence) -> f64 {
        (4.0 * self.level_sd).max(0.08 * of_period(cadence)).powi(2)
    }

    /// The variance of an upheaval: it halves or doubles a level in a year.
    pub fn upheaval_variance(cadence: Cadence) -> f64 {
        (0.5 * of_period(cadence)).powi(2)
    }

    /// The variance of an outlier about a mean of `mean` in the unit of the filter: five times the noise, and of a
    /// whole year, or where a disturbance begins, never less than 30%.
    pub fn outlier_variance(&self, mean: f64, is_wide: bool) -> f64 {
        let noise = 25.0 * (self.dispersion / mean.max(1e-12)).min(0.25);
        if is_wide { noise.max(0.09) } else { noise }
    }

    /// The variance that the slope has when nothing is known of it.
    pub fn slope_variance(&self) -> f64 {
        self.slope_sd.powi(2) / (1.0 - self.damping.powi(2))
    }
}
