//! The scale on which an uncertain number is nearly normal, and its law there.

use crate::compile::{Cell, Law};
use crate::quantity::Unit;
use crate::random::normal_quantile;

/// The standard normal quantile at 97.5%.
const NORMAL: f64 = 1.959_963_984_540_054;

/// A scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// Of numbers above 0.
    Log,
    /// Of shares.
    Logit,
    /// Of whatever may be 0.
    Plain,
}

/// A normal law on a scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OnScale {
    /// The scale.
    pub scale: Scale,
    /// The mean there.
    pub mean: f64,
    /// The standard deviation there.
    pub sd: f64,
}

impl OnScale {
    /// Of the law of a cell, from its 95% interval; `None` where it has none.
    pub fn of(cell: &Cell, unit: &Unit) -> Option<OnScale> {
        let (low, high) = cell.interval.filter(|(low, high)| low < high)?;
        let scale = match unit {
            Unit::Share if low > 0.0 && high < 1.0 => Scale::Logit,
            Unit::Share => Scale::Plain,
            _ if low > 0.0 => Scale::Log,
            _ => Scale::Plain,
        };
        let (low, high) = (scale.to(low), scale.to(high));
        Some(OnScale {
            scale,
            mean: 0.5 * (low + high),
            sd: (high - low) / (2.0 * NORMAL),
        })
    }

    /// Moved by so many of its standard deviations, and with this share of its variance removed.
    pub fn told(self, shift: f64, removed: f64) -> OnScale {
        OnScale {
            mean: self.mean + shift * self.sd,
            sd: self.sd * (1.0 - removed).max(0.0).sqrt(),
            ..self
        }
    }

    /// The 95% interval.
    pub fn interval(self) -> (f64, f64) {
        let at = |z: f64| self.scale.from(self.mean + z * self.sd);
        (at(-NORMAL), at(NORMAL))
    }

    /// The mean, which is the central value of a row.
    pub fn centre(self) -> f64 {
        match self.scale {
            Scale::Log => (self.mean + 0.5 * self.sd * self.sd).exp(),
            Scale::Plain => self.mean,
            Scale::Logit => {
                let quantile =
                    |index: u32| normal_quantile((f64::from(index) + 0.5) / f64::from(N_POINTS));
                let values = (0..N_POINTS)
                    .map(|index| self.scale.from(self.mean + self.sd * quantile(index)));
                values.sum::<f64>() / f64::from(N_POINTS)
            }
        }
    }

    /// The law as a row of a table states it.
    pub fn law(self) -> Law {
        match self.scale {
            Scale::Log => Law::LogNormal(self.mean, self.sd),
            Scale::Logit => Law::LogitNormal(self.mean, self.sd),
            Scale::Plain => Law::Normal(self.mean, self.sd),
        }
    }
}

/// Points at which a mean is taken.
const N_POINTS: u32 = 2000;

impl Scale {
    /// A value on the scale; what lies at the edge of what is possible stands just within.
    pub fn to(self, value: f64) -> f64 {
        let least = f64::MIN_POSITIVE;
        match self {
            Scale::Log => value.max(least).ln(),
            Scale::Plain => value,
            Scale::Logit => {
                let within = value.clamp(1e-12, 1.0 - 1e-12);
                (within / (1.0 - within)).ln()
            }
        }
    }

    /// The value of a place on the scale.
    pub fn from(self, place: f64) -> f64 {
        match self {
            Scale::Log => place.exp(),
            Scale::Plain => place,
            Scale::Logit => 1.0 / (1.0 + (-place).exp()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compile::Evidence;
    use crate::quantity::Grade;

    fn of(unit: &Unit, low: f64, high: f64) -> Option<OnScale> {
        let evidence = Evidence {
            period: String::new(),
            population: String::new(),
            source: String::new(),
            url: String::new(),
            grade: Grade::Judgement,
            note: String::new(),
            place: String::new(),
        };
        let cell = Cell {
            parameter: 0,
            keys: String::new(),
            from: None,
            value: 0.5 * (low + high),
            law: Law::Fixed,
            interval: Some((low, high)),
            evidence,
        };
        OnScale::of(&cell, unit)
    }

    #[test]
    fn a_number_stands_on_a_scale_on_which_its_interval_has_ends() {
        for (unit, low, high, scale) in [
            (Unit::Share, 0.2, 0.7, Scale::Logit),
            (Unit::Share, 0.0, 0.7, Scale::Plain),
            (Unit::Share, 0.2, 1.0, Scale::Plain),
            (Unit::Ratio, 0.5, 3.0, Scale::Log),
            (Unit::Ratio, 0.0, 3.0, Scale::Plain),
        ] {
            let found = of(&unit, low, high).unwrap();
            assert_eq!(found.scale, scale, "{low} to {high}");
            // What nothing is told of is as it was.
            let (from, to) = found.told(0.0, 0.0).interval();
            assert!((from - low).abs() < 1e-12 && (to - high).abs() < 1e-12);
        }
        assert_eq!(of(&Unit::Share, 0.4, 0.4), None);
    }

    #[test]
    fn the_centre_of_a_law_is_its_mean() {
        let centre = |scale, mean, sd| OnScale { scale, mean, sd }.centre();
        assert_eq!(centre(Scale::Plain, 1.5, 3.0), 1.5);
        // A lognormal number with a variance of 2 on its scale has e times the mean of its median.
        let found = centre(Scale::Log, 3.0_f64.ln(), 2.0_f64.sqrt());
        assert!((found - 3.0 * std::f64::consts::E).abs() < 1e-12, "{found}");
        // What is not one share is the other.
        for (mean, sd) in [(0.0, 2.0), (1.0, 0.5), (-2.0, 1.5)] {
            let both = centre(Scale::Logit, mean, sd) + centre(Scale::Logit, -mean, sd);
            assert!((both - 1.0).abs() < 1e-9, "{both}");
        }
        // A narrow law about the share of 0.8, by the first terms of its series: a variance of 0.01 on the scale, times
        // half the curvature, 0.5 * 0.8 * 0.2 * (0.2 - 0.8) = -0.048.
        let found = centre(Scale::Logit, 4.0_f64.ln(), 0.1);
        assert!((found - 0.799_52).abs() < 1e-5, "{found}");
    }
}
