//! What the seasons do to a total.

/// The index of each season by which a mean is multiplied, from values of `seasons` periods a year; all 1 where there
/// are fewer than three whole years.
///
/// Ratios to a centred moving average of a year (classical decomposition), in logarithms, averaged by season and drawn
/// towards 1 by the part of their spread that chance alone would make (James and Stein 1961): where months do not
/// differ by more than noise, no season is seen.
pub(super) fn season_indices(values: &[f64], seasons: usize) -> Vec<f64> {
    let flat = vec![1.0; seasons];
    if seasons < 2 || values.len() < 3 * seasons {
        return flat;
    }
    let mut ratios: Vec<Vec<f64>> = vec![Vec::new(); seasons];
    for period in seasons / 2..values.len() - seasons / 2 {
        let around = &values[period - seasons / 2..=period + seasons / 2];
        let ends = 0.5 * (around[0] + around[seasons]);
        let mean = (around[1..seasons].iter().sum::<f64>() + ends) / seasons as f64;
        let ratio = (values[period] / mean).ln();
        if ratio.is_finite() {
            ratios[period % seasons].push(ratio);
        }
    }
    if ratios.iter().any(|of_season| of_season.len() < 2) {
        return flat;
    }
    let mean = |all: &[f64]| all.iter().sum::<f64>() / all.len() as f64;
    let square = |all: &[f64]| {
        let mean = mean(all);
        all.iter().map(|x| (x - mean).powi(2)).sum::<f64>()
    };
    let means: Vec<f64> = ratios.iter().map(|of_season| mean(of_season)).collect();
    let between = square(&means) / (seasons - 1) as f64;
    let freedom: usize = ratios.iter().map(|of_season| of_season.len() - 1).sum();
    let within = ratios
        .iter()
        .map(|of_season| square(of_season))
        .sum::<f64>()
        / freedom as f64;
    let years = ratios.iter().map(Vec::len).sum::<usize>() as f64 / seasons as f64;
    if between <= 0.0 {
        return flat;
    }
    let kept = (1.0 - within / years / between).max(0.0);
    let centre = mean(&means);
    means
        .iter()
        .map(|of_season| (kept * (of_season - centre)).exp())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_season_is_found_and_a_slope_is_none() {
        let season = [0.8, 1.0, 1.3, 0.9];
        let values: Vec<f64> = (0..24)
            .map(|t| 1000.0 * 1.01_f64.powi(t) * season[t as usize % 4])
            .collect();
        let found = season_indices(&values, 4);
        let centre = season.iter().map(|s: &f64| s.ln()).sum::<f64>() / 4.0;
        for (found, wanted) in found.iter().zip(season) {
            assert!(
                (found / (wanted.ln() - centre).exp() - 1.0).abs() < 0.01,
                "{found}"
            );
        }
        let slope: Vec<f64> = (0..24).map(|t| 1000.0 * 1.01_f64.powi(t)).collect();
        assert!(
            season_indices(&slope, 4)
                .iter()
                .all(|s| (s - 1.0).abs() < 1e-3)
        );
    }

    #[test]
    fn two_years_are_too_few() {
        assert_eq!(season_indices(&[1.0, 2.0, 1.0, 2.0], 2), [1.0, 1.0]);
    }
}
