//! Exponential smoothing, chosen and fitted by the `anofox-forecast` crate.

use anofox_forecast::core::TimeSeries;
use anofox_forecast::models::Forecaster;
use anofox_forecast::models::exponential::{AutoETS, AutoETSConfig, ModelPool};
use chrono::DateTime;

use super::naive;
use crate::calibrate::Predictive;
use crate::random::normal_quantile;

/// The fewest values in a row from which a model is chosen.
const FEWEST: usize = 4;

/// The level at which intervals are asked for, from which the standard deviations are found.
const LEVEL: f64 = 0.95;

/// The best of the exponential smoothing models by corrected Akaike criterion, with its own intervals (Hyndman, Koehler,
/// Ord and Snyder 2008, *Forecasting with Exponential Smoothing*, tables 6.2 and 6.3): errors additive or
/// multiplicative, trend none, additive or damped, season none or additive. Multiplicative trends and seasons are left
/// out because their forecasts have no distribution in closed form.
///
/// Smoothing needs values in a row, so it learns from those since the last gap. With fewer than four of them it is the
/// naive forecast.
pub fn ets(values: &[f64], seasons: usize, horizons: usize) -> Vec<Predictive> {
    let end = values
        .iter()
        .rposition(|v| !v.is_nan())
        .map_or(0, |i| i + 1);
    let gap = values[..end].iter().rposition(|value| value.is_nan());
    let run = &values[gap.map_or(0, |gap| gap + 1)..end];
    let age = values.len() - end;
    let fitted = fit(run, seasons, horizons + age).filter(|_| run.len() >= FEWEST);
    match fitted {
        Some(forecasts) => forecasts[age..].to_vec(),
        None => naive(values, horizons),
    }
}

/// The forecasts after the last of these values; `None` where no model could be fitted.
fn fit(values: &[f64], seasons: usize, horizons: usize) -> Option<Vec<Predictive>> {
    let days = (0..values.len() as i64).map(|day| DateTime::from_timestamp(day * 86_400, 0));
    let series = TimeSeries::univariate(days.collect::<Option<_>>()?, values.to_vec()).ok()?;
    let mut model = AutoETS::with_config(AutoETSConfig {
        model_pool: ModelPool::NoMultiplicativeTrend,
        seasonal_period: Some(seasons),
        allow_multiplicative_seasonal: false,
        // The textbook method has no special rule for spikes.
        spike_trend_guard: false,
        ..AutoETSConfig::default()
    });
    model.fit(&series).ok()?;
    let forecast = model.predict_with_intervals(horizons, LEVEL).ok()?;
    let means = forecast.primary();
    let lower = forecast.lower_series(0).ok()?;
    let z = normal_quantile(0.5 + LEVEL / 2.0);
    let found: Vec<Predictive> = means
        .iter()
        .zip(lower)
        .map(|(&mean, low)| Predictive::Normal {
            mean,
            sd: ((mean - low) / z).max(0.0),
        })
        .collect();
    let is_sound = |forecast: &Predictive| match forecast {
        Predictive::Normal { mean, sd } => mean.is_finite() && sd.is_finite(),
        Predictive::Sample(_) => false,
    };
    (found.len() == horizons && found.iter().all(is_sound)).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normal(forecast: &Predictive) -> (f64, f64) {
        match forecast {
            Predictive::Normal { mean, sd } => (*mean, *sd),
            Predictive::Sample(_) => (f64::NAN, f64::NAN),
        }
    }

    #[test]
    fn a_line_is_continued_and_a_season_repeated() {
        let line: Vec<f64> = (0..10).map(|i| 10.0 + 3.0 * f64::from(i)).collect();
        let means: Vec<f64> = ets(&line, 1, 3).iter().map(|f| normal(f).0).collect();
        for (mean, expected) in means.iter().zip([40.0, 43.0, 46.0]) {
            assert!((mean - expected).abs() < 1e-3, "{means:?}");
        }
        let season = [5.0, 9.0, 4.0, 7.0];
        let noise = [0.1, -0.2, 0.15, 0.05, -0.1, 0.2];
        let values: Vec<f64> = (0..24).map(|i| season[i % 4] + noise[i % 6]).collect();
        for (forecast, expected) in ets(&values, 4, 4).iter().zip(season) {
            let (mean, sd) = normal(forecast);
            assert!(
                (mean - expected).abs() < 4.0 * sd && sd < 0.5,
                "{mean} {sd} {expected}"
            );
        }
    }

    #[test]
    fn a_level_has_the_spread_of_simple_smoothing() {
        // A level without trend is smoothed with some alpha in (0, 1), whose variance grows by alpha^2 a step.
        let values = [226.0, 262.0, 222.0, 240.0, 251.0, 233.0, 212.0, 201.0];
        let found: Vec<(f64, f64)> = ets(&values, 1, 3).iter().map(normal).collect();
        let growth = |i: usize| (found[i].1 / found[0].1).powi(2) - 1.0;
        assert!((growth(2) - 2.0 * growth(1)).abs() < 1e-6, "{found:?}");
        assert!(
            (0.0..=1.0).contains(&growth(1)) && found[0].1 > 0.0,
            "{found:?}"
        );
    }

    #[test]
    fn short_and_broken_records_are_naive_and_age_counts() {
        let gap = f64::NAN;
        for values in [vec![3.0, 5.0, 4.0], vec![9.0, 2.0, 8.0, gap, 4.0, 5.0, 3.0]] {
            assert_eq!(ets(&values, 1, 2), naive(&values, 2), "{values:?}");
        }
        let known = [226.0, 262.0, 222.0, 240.0, 251.0, 233.0];
        let mut aged = known.to_vec();
        aged.push(gap);
        assert_eq!(ets(&aged, 1, 2), ets(&known, 1, 3)[1..]);
    }
}
