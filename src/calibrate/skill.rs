//! How much better our forecasts are than a baseline's, and how sure that is.

use std::collections::BTreeMap;

use statrs::distribution::{ContinuousCDF, StudentsT};

use super::{Backtest, Method, Scored};

/// The share by which our score is smaller than a baseline's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Skill {
    /// One less our mean CRPS over the baseline's: 0.1 is a tenth better, below 0 is worse; NaN where the baseline is
    /// never wrong.
    pub skill: f64,
    /// The lower end of the 95% interval; NaN with one origin.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// How many forecasts are compared.
    pub n: usize,
}

/// The skill against one baseline.
#[derive(Debug, Clone, PartialEq)]
pub struct SkillRow {
    /// The baseline.
    pub baseline: Method,
    /// The horizon; `None` for all.
    pub horizon: Option<usize>,
    /// The skill.
    pub skill: Skill,
}

/// The skill against every baseline, by horizon and over all.
pub fn skill_rows(backtest: &Backtest) -> Vec<SkillRow> {
    let mut rows = Vec::new();
    for baseline in Method::BASELINES {
        let horizons = (1..=backtest.horizons).map(Some).chain([None]);
        for horizon in horizons {
            let is_meant = |forecast: &Scored| horizon.is_none_or(|h| h == forecast.horizon);
            let skill = skill(backtest, baseline, is_meant);
            rows.extend((skill.n > 0).then_some(SkillRow {
                baseline,
                horizon,
                skill,
            }));
        }
    }
    rows
}

/// The skill against one baseline over the forecasts that are meant, with its 95% interval.
///
/// Forecasts are paired: both methods forecast the same values. Areas of one origin share the shocks of its time, so
/// what varies freely is the origin: skill is a ratio of sums over origins, whose standard error is that of a ratio
/// estimate from clusters (Cochran 1977, *Sampling Techniques*, section 6.4), with Student's t of one less than the
/// number of origins. Forecasts of neighbouring origins overlap beyond the first horizon, so that the interval is
/// rather narrow there.
pub fn skill(backtest: &Backtest, baseline: Method, is_meant: impl Fn(&Scored) -> bool) -> Skill {
    let mut by_origin: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
    let mut n = 0;
    for forecast in backtest.forecasts.iter().filter(|f| is_meant(f)) {
        let sums = by_origin.entry(forecast.origin).or_default();
        match forecast.method {
            Method::Needscast => {
                sums.0 += forecast.crps;
                n += 1;
            }
            method if method == baseline => sums.1 += forecast.crps,
            _ => {}
        }
    }
    let sums: Vec<(f64, f64)> = by_origin.into_values().collect();
    let (skill, error) = ratio(&sums);
    let reach = match sums.len() {
        0 | 1 => f64::NAN,
        k => error * student(k - 1),
    };
    Skill {
        skill,
        low: skill - reach,
        high: skill + reach,
        n,
    }
}

/// One less the ratio of two sums, and its standard error from independent pairs.
fn ratio(sums: &[(f64, f64)]) -> (f64, f64) {
    let k = sums.len() as f64;
    let (ours, theirs) = sums
        .iter()
        .fold((0.0, 0.0), |(a, b), (x, y)| (a + x, b + y));
    if theirs == 0.0 {
        let is_tie = ours == 0.0 && k > 0.0;
        return if is_tie {
            (0.0, 0.0)
        } else {
            (f64::NAN, f64::NAN)
        };
    }
    let ratio = ours / theirs;
    let squares: f64 = sums.iter().map(|(x, y)| (x - ratio * y).powi(2)).sum();
    (1.0 - ratio, (k / (k - 1.0) * squares).sqrt() / theirs)
}

/// The 97.5% quantile of Student's t.
pub(super) fn student(freedom: usize) -> f64 {
    StudentsT::new(0.0, 1.0, freedom as f64).map_or(f64::NAN, |law| law.inverse_cdf(0.975))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calibrate::{backtest, specimen};

    /// Twelve years of one series: as wide as the error over the origins and Student's t of one less than their number.
    #[test]
    fn an_interval_is_as_wide_as_its_error_and_students_t() {
        let values = [
            60.0, 75.0, 71.0, 90.0, 84.0, 99.0, 120.0, 101.0, 97.0, 130.0, 128.0, 150.0,
        ];
        let panel = specimen::panel(&[("S12000042", "", &values)]);
        let made = backtest(&panel, 6, 1, &|| {});
        let crps = |origin: usize, method| {
            let of = |f: &&Scored| f.origin == origin && f.method == method;
            made.forecasts.iter().find(of).map(|forecast| forecast.crps)
        };
        let pair = |origin| {
            let ours = crps(origin, Method::Needscast)?;
            Some((ours, crps(origin, Method::Drift)?))
        };
        let sums: Vec<(f64, f64)> = (0..values.len()).filter_map(pair).collect();
        let (mean, error) = ratio(&sums);
        let found = skill(&made, Method::Drift, |_| true);
        assert_eq!((found.skill, found.n), (mean, sums.len()));
        assert!(error > 0.0 && sums.len() > 3);
        let reach = error * student(sums.len() - 1);
        assert!((found.high - mean - reach).abs() < 1e-12);
        assert!((mean - found.low - reach).abs() < 1e-12);
    }

    #[test]
    fn the_interval_of_a_ratio_is_as_by_hand() {
        // Ratio 6 / 10; residuals 1 - 0.6 * 2, 2 - 0.6 * 4, 3 - 0.6 * 4 = -0.2, -0.4, 0.6: squares 0.56 * 3 / 2.
        let (skill, error) = ratio(&[(1.0, 2.0), (2.0, 4.0), (3.0, 4.0)]);
        assert!((skill - 0.4).abs() < 1e-12);
        assert!((error - 0.84f64.sqrt() / 10.0).abs() < 1e-12);
        // R: qt(0.975, c(1, 2, 9))
        for (freedom, t) in [(1, 12.706_204_736), (2, 4.302_652_730), (9, 2.262_157_163)] {
            assert!((student(freedom) - t).abs() < 1e-6, "{freedom}");
        }
        assert_eq!(ratio(&[(0.0, 0.0), (0.0, 0.0)]), (0.0, 0.0));
        assert!(ratio(&[(1.0, 0.0)]).0.is_nan());
    }
}
