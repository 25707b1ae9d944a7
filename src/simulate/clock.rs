//! The return clock: a Weibull hazard that follows a person across states until it fires or ends.

use super::laws::Laws;
use super::person::{NEVER, Step};
use super::scope::{ByStratum, Scope, StratumIdx};
use super::states::Reading;
use super::versions::{Versions, Worlds, each};
use crate::compile::{Clock, ClockStart, QuantityIdx};

/// The clock of one person.
///
/// The cumulative hazard `t` months after the start is `ratio * base * (t / within) ^ shape`, with `base` the
/// cumulative hazard within the published time. The clock fires when it reaches an exponential threshold; when the
/// ratio changes, what has been used up is taken off and the rest goes on at the new ratio, so that a lower ratio
/// never brings the firing forward.
#[derive(Clone, Copy, Debug, PartialEq)]
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

/// What the starts of the clock are worth, in every world.
pub struct ClockLaw {
    quantities: Vec<Vec<QuantityIdx>>,
    starts: Vec<Option<Versions<ByStratum<Start>>>>,
    curves: Vec<Curve>,
    /// What the ratio and the shape are read from.
    on_ratio: Reading,
    /// The hazard ratio by combination of needs.
    ratios: Option<Versions<ByStratum<Vec<f64>>>>,
}

/// How the hazard accumulates: `(t / within) ^ shape` after `t` whole steps.
pub struct Curve {
    shape: f64,
    within: f64,
    powers: Vec<f64>,
}

/// One start of the clock.
#[derive(Clone, Copy)]
struct Start {
    /// The cumulative hazard within the published time.
    base: f64,
    /// Steps after which the clock ends.
    length: Step,
    shape: f64,
    /// `(length / within) ^ shape`, and a little more: nothing that needs more of it fires in time.
    most: f64,
}

impl Curve {
    fn new(shape: f64, within: f64, length: Step) -> Curve {
        let power = |step: Step| (f64::from(step) / within).powf(shape);
        Curve {
            shape,
            within,
            powers: (0..=length).map(power).collect(),
        }
    }

    fn power(&self, steps: Step) -> f64 {
        let known = usize::try_from(steps)
            .ok()
            .and_then(|steps| self.powers.get(steps));
        let power = || (f64::from(steps) / self.within).powf(self.shape);
        known.copied().unwrap_or_else(power)
    }

    /// The step by whose end so much has accumulated; `None` when that is after `last` steps.
    fn reaches(&self, reached: f64, last: Step) -> Option<Step> {
        let step = self
            .powers
            .partition_point(|&power| power < reached * (1.0 - CLOSE));
        if step as i64 > i64::from(last) {
            return None;
        }
        // Where a whole step and the moment can hardly be told apart, the moment itself decides.
        if let Some(&power) = self.powers.get(step)
            && power > reached * (1.0 + CLOSE)
        {
            return (step as Step <= last).then_some(step as Step);
        }
        let moment = self.within * reached.powf(1.0 / self.shape);
        (moment <= f64::from(last)).then(|| moment.ceil() as Step)
    }
}

/// More than the rounding errors of a power, and far less than a step.
const CLOSE: f64 = 1e-12;

impl ClockLaw {
    /// The clock of a plan, with no numbers yet; the ratio and the shape are read from `on_ratio`.
    pub fn of(clock: &Clock, on_ratio: Vec<QuantityIdx>) -> ClockLaw {
        let quantities = |start: &ClockStart| {
            let always = [start.probability, start.ends_after, clock.shape];
            always.into_iter().chain(start.hazard_ratio).collect()
        };
        ClockLaw {
            quantities: clock.starts.iter().map(quantities).collect(),
            starts: clock.starts.iter().map(|_| None).collect(),
            curves: Vec::new(),
            on_ratio: Reading::of(on_ratio),
            ratios: None,
        }
    }

    /// Takes up the numbers that have changed.
    pub fn follow(&mut self, laws: &Laws, changed: &[bool]) {
        let Some(clock) = &laws.plan.clock else {
            return;
        };
        self.on_ratio.follow(laws, changed);
        let modifiers: Vec<QuantityIdx> = clock.modifiers.iter().map(|m| m.1).collect();
        if self.ratios.is_none() || modifiers.iter().any(|&quantity| changed[quantity]) {
            let scope = laws.scope(&modifiers);
            let ratios = |world| ratios(laws, world, clock, scope);
            self.ratios = Some(laws.versions(&modifiers, ratios));
        }
        for (index, quantities) in self.quantities.iter().enumerate() {
            let is_stale = quantities.iter().any(|&quantity| changed[quantity]);
            if self.starts[index].is_none() || is_stale {
                let scope = laws.scope(quantities);
                let starts = |world| starts(laws, world, clock, index, scope);
                self.starts[index] = Some(laws.versions(quantities, starts));
            }
        }
        let versions = self.starts.iter().flatten().flat_map(Versions::each);
        for start in versions.flat_map(ByStratum::each) {
            let known = self
                .curves
                .iter_mut()
                .find(|curve| curve.shape == start.shape);
            match known {
                Some(curve) if curve.powers.len() > start.length as usize => {}
                Some(curve) => *curve = Curve::new(start.shape, clock.within, start.length),
                None => self
                    .curves
                    .push(Curve::new(start.shape, clock.within, start.length)),
            }
        }
    }

    /// The worlds in which the ratio or the shape may differ for people of an area.
    #[inline]
    pub fn ratio_differs(&self, area: usize) -> Worlds {
        self.on_ratio.differs(area)
    }

    /// The hazard ratio of needs and of the services whose effect holds.
    #[inline]
    pub fn ratio(
        &self,
        laws: &Laws,
        world: usize,
        (needs, effects): (u8, u32),
        stratum: StratumIdx,
    ) -> f64 {
        let mut ratio = match &self.ratios {
            Some(ratios) if needs != 0 => ratios.of(world).at(stratum)[usize::from(needs)],
            _ => 1.0,
        };
        for index in each(Worlds::from(effects)) {
            ratio *= laws.value(world, laws.plan.services[index].hazard_ratio, stratum);
        }
        ratio
    }

    /// The curve of a shape that has been in force, or a new one.
    fn with_curve<T>(&self, shape: f64, within: f64, use_it: impl FnOnce(&Curve) -> T) -> T {
        match self.curves.iter().find(|curve| curve.shape == shape) {
            Some(curve) => use_it(curve),
            None => use_it(&Curve::new(shape, within, 0)),
        }
    }

    /// A hand whose ratio changes from `now` on.
    pub fn change_ratio(
        &self,
        mut hand: ClockHand,
        (shape, within): (f64, f64),
        now: Step,
        ratio: f64,
    ) -> ClockHand {
        if hand.is_running() && ratio != hand.ratio {
            self.with_curve(shape, within, |curve| hand.change_ratio(curve, now, ratio));
        }
        hand
    }

    /// The clock of somebody entering a state that starts it, at the uniform `u`, with the ratio of needs and effects.
    pub fn start(
        &self,
        worlds: &mut Worlds,
        clock: &Clock,
        index: usize,
        (area, stratum): (usize, StratumIdx),
        at: (Step, f64, f64),
    ) -> ClockHand {
        let Some(starts) = &self.starts[index] else {
            return ClockHand::STOPPED;
        };
        let threshold = -(1.0 - at.1).ln();
        starts.decide(worlds, area, |starts| {
            let start = *starts.at(stratum);
            let mut hand = ClockHand::start(start, (at.0, threshold, at.2));
            if threshold <= start.most * at.2 * start.base {
                self.with_curve(start.shape, clock.within, |curve| hand.find_firing(curve));
            }
            hand
        })
    }
}

fn ratios(laws: &Laws, world: usize, clock: &Clock, scope: &Scope) -> ByStratum<Vec<f64>> {
    ByStratum::of(scope, |stratum| {
        let ratio = |needs: usize| {
            let present = clock.modifiers.iter();
            let present = present.filter(|(need, _)| needs >> need & 1 == 1);
            present.fold(1.0, |ratio, modifier| {
                ratio * laws.value(world, modifier.1, stratum)
            })
        };
        (0..1 << laws.plan.needs.len()).map(ratio).collect()
    })
}

fn starts(
    laws: &Laws,
    world: usize,
    clock: &Clock,
    index: usize,
    scope: &Scope,
) -> ByStratum<Start> {
    let described = &clock.starts[index];
    let mut last = (0, 0.0, 0.0);
    let mut power = |length: Step, shape: f64| {
        if (length, shape) != (last.0, last.1) {
            let power = (f64::from(length) / clock.within).powf(shape);
            last = (length, shape, power);
        }
        last.2
    };
    ByStratum::of(scope, |stratum| {
        let value = |quantity| laws.value(world, quantity, stratum);
        // A certainty has no finite hazard; one in a billion escapes.
        let p = value(described.probability).clamp(0.0, 1.0 - 1e-9);
        let published = described.hazard_ratio.map_or(1.0, value);
        let length = (value(described.ends_after).round() as Step).max(1);
        let shape = value(clock.shape);
        let most = power(length, shape) * (1.0 + 1e-9);
        Start {
            base: -(1.0 - p).ln() * published,
            length,
            shape,
            most: if shape > 0.0 { most } else { f64::INFINITY },
        }
    })
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

    /// Starts now, with the threshold and the ratio; when it fires is still to be found.
    fn start(start: Start, (now, threshold, ratio): (Step, f64, f64)) -> ClockHand {
        ClockHand {
            started: now,
            since: now,
            left: threshold,
            base: start.base,
            ratio,
            ends: now + start.length,
            fires: NEVER,
        }
    }

    /// Changes the ratio from `now` on.
    fn change_ratio(&mut self, curve: &Curve, now: Step, ratio: f64) {
        let used = |step: Step| curve.power(step - self.started);
        self.left -= self.ratio * self.base * (used(now) - used(self.since));
        self.left = self.left.max(0.0);
        self.since = now;
        self.ratio = ratio;
        self.find_firing(curve);
        // What was not due by the end of this month cannot fire in a month that has passed.
        self.fires = self.fires.max(now + 1);
    }

    fn find_firing(&mut self, curve: &Curve) {
        let hazard = self.ratio * self.base;
        self.fires = NEVER;
        if hazard > 0.0 {
            let reached = curve.power(self.since - self.started) + self.left / hazard;
            if let Some(steps) = curve.reaches(reached, self.ends - self.started) {
                self.fires = self.started + steps.max(1);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A hazard of 0.3 within a year, evenly spread, for three years.
    const EVEN: Start = Start {
        base: 0.3,
        length: 36,
        shape: 1.0,
        most: 3.1,
    };

    #[test]
    fn a_curve_reaches_what_a_step_adds_up_to_at_that_step() {
        for shape in [0.7, 1.0, 2.5] {
            let curve = Curve::new(shape, 12.0, 36);
            for step in 1..=36 {
                let power = (f64::from(step) / 12.0).powf(shape);
                assert_eq!(curve.power(step), power);
                // Up to the end of the table and beyond it, and where the two cannot be told apart.
                assert_eq!(curve.reaches(power * (1.0 - 1e-9), 36), Some(step));
                assert_eq!(curve.reaches(power * (1.0 - 1e-9), step), Some(step));
                assert_eq!(curve.reaches(power * (1.0 - 1e-9), step - 1), None);
                assert_eq!(curve.reaches(power * (1.0 + 1e-9), step), None);
                let just = curve.reaches(power, 36).unwrap_or(37);
                assert!(just == step || just == step + 1, "{just}");
            }
            assert_eq!(curve.reaches(f64::INFINITY, 36), None);
            // A clock may be asked about more steps than the longest that the curve was made for.
            assert_eq!(curve.power(60), 5.0_f64.powf(shape));
            let beyond = 5.0_f64.powf(shape) * (1.0 - 1e-9);
            assert_eq!(curve.reaches(beyond, 72), Some(60));
            assert_eq!(curve.reaches(beyond, 59), None);
        }
        // Twelve twelfths are exactly one.
        let curve = Curve::new(1.0, 12.0, 36);
        assert_eq!(curve.reaches(1.0, 36), Some(12));
        assert_eq!(curve.reaches(1.0, 12), Some(12));
        assert_eq!(curve.reaches(1.0, 11), None);
    }

    #[test]
    fn a_clock_fires_when_its_threshold_is_used_up_whatever_the_ratio_was_before() {
        let curve = Curve::new(1.0, 12.0, 36);
        let fires = |threshold, changes: &[(Step, f64)]| {
            let mut hand = ClockHand::start(EVEN, (100, threshold, 1.0));
            assert!(hand.is_running() && !ClockHand::STOPPED.is_running());
            hand.find_firing(&curve);
            for &(month, ratio) in changes {
                hand.change_ratio(&curve, month, ratio);
            }
            hand.fires
        };
        // A fortieth of the hazard a month: 0.26 is used up within the eleventh.
        assert_eq!(fires(0.26, &[]), 111);
        assert_eq!(fires(0.89, &[]), 136);
        // Not within three years.
        assert_eq!(fires(0.91, &[]), NEVER);
        // Four months take 0.1, and twice the hazard uses up 0.16 in 3.2 months; half of it in 12.8.
        assert_eq!(fires(0.26, &[(104, 2.0)]), 108);
        assert_eq!(fires(0.26, &[(104, 0.5)]), 117);
        // Then four more take 0.2, or 0.05.
        assert_eq!(fires(0.64, &[(104, 2.0), (108, 0.5)]), 136);
        assert_eq!(fires(0.26, &[(104, 0.5), (108, 2.0)]), 111);
        assert_eq!(fires(0.26, &[(104, 0.0)]), NEVER);
        assert_eq!(fires(0.26, &[(104, 0.0), (110, 1.0)]), 117);
        // What is due in the month of the change is due by the end of the next step, and nothing after the end is.
        assert_eq!(fires(0.26, &[(111, 5.0)]), 112);
        assert_eq!(fires(0.86, &[(104, 0.5)]), NEVER);
        assert_eq!(fires(0.86, &[(104, 0.94)]), NEVER);
        assert_eq!(fires(0.86, &[(104, 0.96)]), 136);
    }
}
