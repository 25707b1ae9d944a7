//! The return clock: a Weibull hazard that follows a person across states until it fires or ends.

use super::tables::Setting;
use super::world::{NEVER, Step};
use crate::compile::{Clock, Stratum};

/// The clock of one person.
///
/// The cumulative hazard `t` months after the start is `ratio * base * (t / within) ^ shape`, with `base` the
/// cumulative hazard within the published time. The clock fires when it reaches an exponential threshold; when the
/// ratio changes, what has been used up is taken off and the rest goes on at the new ratio, so that a lower ratio
/// never brings the firing forward.
#[derive(Clone, Debug)]
pub struct ClockHand {
    /// When it started.
    pub started: Step,
    /// When the ratio last changed.
    since: Step,
    /// What is left of the threshold.
    left: f64,
    base: f64,
    /// The ratio that holds now.
    ratio: f64,
    /// When it ends without firing; [`NEVER`] when it is not running.
    pub ends: Step,
    /// When it fires; [`NEVER`] when it will not.
    pub fires: Step,
}

impl ClockHand {
    /// A clock that is not running.
    pub const STOPPED: ClockHand = ClockHand {
        started: 0,
        since: 0,
        left: 0.0,
        base: 0.0,
        ratio: 1.0,
        ends: NEVER,
        fires: NEVER,
    };

    /// Whether it runs.
    pub fn is_running(&self) -> bool {
        self.ends != NEVER
    }

    /// Starts it for somebody entering a state, at the uniform `u`, with the ratio of needs and effects.
    pub fn start(
        &mut self,
        setting: &Setting,
        clock: &Clock,
        start: usize,
        stratum: Stratum,
        at: (Step, f64, f64),
    ) {
        let (now, u, ratio) = at;
        let start = &clock.starts[start];
        // A certainty has no finite hazard; one in a billion escapes.
        let p = setting
            .value(start.probability, stratum)
            .clamp(0.0, 1.0 - 1e-9);
        let published = start
            .hazard_ratio
            .map_or(1.0, |q| setting.value(q, stratum));
        *self = ClockHand {
            started: now,
            since: now,
            left: -(1.0 - u).ln(),
            base: -(1.0 - p).ln() * published,
            ratio,
            ends: now + (setting.value(start.ends_after, stratum).round() as Step).max(1),
            fires: NEVER,
        };
        self.find_firing(clock.within, setting.value(clock.shape, stratum));
    }

    /// Changes the ratio from `now` on.
    pub fn change_ratio(
        &mut self,
        setting: &Setting,
        clock: &Clock,
        stratum: Stratum,
        now: Step,
        ratio: f64,
    ) {
        if !self.is_running() || ratio == self.ratio {
            return;
        }
        let shape = setting.value(clock.shape, stratum);
        let within = clock.within;
        self.left -= self.ratio
            * self.base
            * (self.power(now, within, shape) - self.power(self.since, within, shape));
        self.left = self.left.max(0.0);
        self.since = now;
        self.ratio = ratio;
        self.find_firing(within, shape);
        // What was not due by the end of this month cannot fire in a month that has passed.
        self.fires = self.fires.max(now + 1);
    }

    fn power(&self, step: Step, within: f64, shape: f64) -> f64 {
        (f64::from(step - self.started) / within).powf(shape)
    }

    fn find_firing(&mut self, within: f64, shape: f64) {
        let hazard = self.ratio * self.base;
        self.fires = NEVER;
        if hazard > 0.0 {
            let reached = self.power(self.since, within, shape) + self.left / hazard;
            let months = within * reached.powf(1.0 / shape);
            let last = f64::from(self.ends - self.started);
            if months <= last {
                self.fires = self.started + (months.ceil() as Step).max(1);
            }
        }
    }
}
