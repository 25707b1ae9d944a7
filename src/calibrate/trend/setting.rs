//! The ways to smooth a record that are tried, and what each expects.

/// What it costs to smooth at all, and to have a slope at all, as minus a logarithm of prior odds.
const PRIOR: f64 = 1.0;

/// What is smoothed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Scale {
    /// Values as they are.
    Plain,
    /// Their square roots, on which counts are equally uncertain.
    Root,
    /// Their logarithms; of values above 0.
    Log,
}

impl Scale {
    /// A value on the scale.
    pub fn of(self, value: f64) -> f64 {
        match self {
            Scale::Plain => value,
            Scale::Root => value.max(0.0).sqrt(),
            Scale::Log => value.ln(),
        }
    }

    /// The value of a number on the scale.
    pub fn back(self, smooth: f64) -> f64 {
        match self {
            Scale::Plain => smooth,
            Scale::Root => smooth.max(0.0).powi(2),
            Scale::Log => smooth.exp(),
        }
    }
}

/// How a slope is smoothed.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Slope {
    /// What the latest change counts, from 0 to 1.
    weight: f64,
    /// What is left of the slope a period later.
    damping: f64,
    /// Whether the first changes count alike, so that it is their mean until `weight` is more.
    is_mean_at_first: bool,
}

/// How a panel is smoothed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Setting {
    /// What is smoothed.
    pub scale: Scale,
    /// What the latest value counts, above 0; the first values count alike until this is more.
    pub level: f64,
    slope: Option<Slope>,
}

/// The weights of a level that are tried: 1 is the last value.
const LEVELS: [f64; 3] = [1.0, 0.6, 0.3];

/// The slopes that are tried.
const SLOPES: [Option<Slope>; 6] = [
    None,
    Slope::damped(0.1),
    Slope::damped(0.3),
    Slope::damped(0.7),
    Slope::lasting(0.0),
    Slope::lasting(0.3),
];

impl Slope {
    const fn damped(weight: f64) -> Option<Slope> {
        Some(Slope {
            weight,
            damping: 0.9,
            is_mean_at_first: false,
        })
    }

    const fn lasting(weight: f64) -> Option<Slope> {
        Some(Slope {
            weight,
            damping: 1.0,
            is_mean_at_first: true,
        })
    }
}

/// Where a strand stands after a period.
#[derive(Debug, Clone, Copy)]
pub(super) struct Standing {
    level: f64,
    slope: f64,
}

impl Setting {
    /// The last value, on its own scale.
    pub const LAST_VALUE: Setting = Setting {
        scale: Scale::Plain,
        level: 1.0,
        slope: None,
    };

    /// Every setting for a panel, the last value on its own scale first.
    pub fn all(is_positive: bool) -> impl Iterator<Item = Setting> {
        let scales = [Scale::Plain, Scale::Root, Scale::Log];
        let scales = scales
            .into_iter()
            .filter(move |s| is_positive || *s != Scale::Log);
        scales.flat_map(|scale| {
            LEVELS.into_iter().flat_map(move |level| {
                SLOPES.into_iter().map(move |slope| Setting {
                    scale,
                    level,
                    slope,
                })
            })
        })
    }

    /// How unlikely it is before anything is known.
    pub fn prior(&self) -> f64 {
        let n = u8::from(self.level != 1.0) + u8::from(self.slope.is_some());
        PRIOR * f64::from(n)
    }

    /// Where a strand stands after each period, on the scale; NaN before its first record. What is not recorded is as
    /// was expected.
    pub fn smooth(&self, values: &[f64]) -> Vec<Standing> {
        let damping = self.slope.map_or(0.0, |slope| slope.damping);
        let mut now = Standing {
            level: f64::NAN,
            slope: 0.0,
        };
        let mut n = 0.0;
        let steps = values.iter().map(|&value| {
            let expected = now.level + damping * now.slope;
            let slope = damping * now.slope;
            if value.is_nan() {
                now = Standing {
                    level: expected,
                    slope,
                };
                return now;
            }
            n += 1.0;
            if now.level.is_nan() {
                now.level = self.scale.of(value);
                return now;
            }
            let weight = self.level.max(1.0 / n);
            let level = weight * self.scale.of(value) + (1.0 - weight) * expected;
            let change = level - now.level;
            let weight = self.slope.map_or(0.0, |of| match of.is_mean_at_first {
                true => of.weight.max(1.0 / (n - 1.0)),
                false => of.weight,
            });
            now = Standing {
                level,
                slope: weight * change + (1.0 - weight) * slope,
            };
            now
        });
        steps.collect()
    }

    /// What is expected so many periods later, on the scale.
    pub fn expected(&self, standing: Standing, ahead: usize) -> f64 {
        let damping = self.slope.map_or(0.0, |slope| slope.damping);
        let periods: f64 = (1..=ahead).map(|period| damping.powi(period as i32)).sum();
        standing.level + periods * standing.slope
    }

    /// The errors of forecasts `ahead` periods ahead from the second period on, as `of` makes them from what was
    /// recorded and what was expected on the scale.
    pub fn errors<'a>(
        &'a self,
        values: &'a [f64],
        smooth: &'a [Standing],
        ahead: usize,
        of: impl Fn(f64, f64) -> f64 + 'a,
    ) -> impl Iterator<Item = f64> + 'a {
        let pairs = smooth.iter().skip(1).zip(values.iter().skip(1 + ahead));
        let errors =
            pairs.map(move |(standing, value)| of(*value, self.expected(*standing, ahead)));
        errors.filter(|error| !error.is_nan())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(level: f64, slope: Option<Slope>) -> Setting {
        Setting {
            scale: Scale::Plain,
            level,
            slope,
        }
    }

    fn assert_near(found: Standing, level: f64, slope: f64) {
        let distance = (found.level - level).abs() + (found.slope - slope).abs();
        assert!(distance < 1e-12, "{found:?}, not {level} and {slope}");
    }

    #[test]
    fn a_level_and_a_damped_slope_are_as_by_hand() {
        let setting = plain(0.6, Slope::damped(0.3));
        let smooth = setting.smooth(&[10.0, 20.0, 30.0, f64::NAN]);
        assert_near(smooth[0], 10.0, 0.0);
        // 0.6 of the way from 10 to 20, and 0.3 of that.
        assert_near(smooth[1], 16.0, 1.8);
        // Expected were 16 + 0.9 * 1.8 = 17.62; the level is 25.048, 9.048 higher than before.
        assert_near(smooth[2], 25.048, 0.3 * 9.048 + 0.7 * 0.9 * 1.8);
        // What is not recorded is as expected.
        assert_near(smooth[3], 25.048 + 0.9 * 3.8484, 0.9 * 3.8484);
        let ahead = setting.expected(smooth[2], 2);
        assert!((ahead - (25.048 + (0.9 + 0.81) * 3.8484)).abs() < 1e-12);
    }

    #[test]
    fn first_values_and_first_changes_count_alike() {
        // Means of two, three and four values until 0.3 is more than a third.
        let smooth = plain(0.3, None).smooth(&[8.0, 4.0, 0.0, 10.0]);
        let levels: Vec<f64> = smooth.iter().map(|standing| standing.level).collect();
        assert!((levels[1] - 6.0).abs() + (levels[2] - 4.0).abs() < 1e-12);
        assert!((levels[3] - (0.3 * 10.0 + 0.7 * 4.0)).abs() < 1e-12);
        // The mean of all changes is the line from the first to the last, as drift has it.
        let smooth = plain(1.0, Slope::lasting(0.0)).smooth(&[f64::NAN, 3.0, 4.0, 8.0, 18.0]);
        assert!(smooth[0].level.is_nan());
        assert_near(smooth[4], 18.0, 5.0);
    }

    #[test]
    fn errors_begin_with_the_second_period_and_leave_gaps_out() {
        let setting = plain(1.0, None);
        let values = [1.0, 2.0, 4.0, f64::NAN, 8.0];
        let smooth = setting.smooth(&values);
        let errors = |ahead| {
            let error = |value: f64, expected: f64| value - expected;
            setting
                .errors(&values, &smooth, ahead, error)
                .collect::<Vec<_>>()
        };
        assert_eq!(errors(1), [2.0, 4.0]);
        assert_eq!(errors(2), [4.0]);
        assert_eq!(errors(3), [6.0]);
    }

    #[test]
    fn every_scale_leads_back_and_the_last_value_is_tried_first() {
        for scale in [Scale::Plain, Scale::Root, Scale::Log] {
            assert!((scale.back(scale.of(7.0)) - 7.0).abs() < 1e-12);
        }
        assert_eq!(Scale::Root.back(-2.0), 0.0);
        let all: Vec<Setting> = Setting::all(true).collect();
        assert_eq!((all.len(), Setting::all(false).count()), (54, 36));
        assert_eq!((all[0], all[0].prior()), (Setting::LAST_VALUE, 0.0));
        assert!(all[1..].iter().all(|setting| *setting != all[0]));
        assert_eq!(plain(0.3, Slope::damped(0.1)).prior(), 2.0 * PRIOR);
    }
}
