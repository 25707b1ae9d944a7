//! Whether areas' yearly counts vary more from year to year than Poisson counts do.

use super::ahead::breaks;
use crate::compile::{BreakKind, Plan};
use crate::simulate::Layout;

/// What the areas' record of a count says of overdispersion.
#[derive(Debug, Clone, PartialEq)]
pub struct Dispersion {
    /// The measure.
    pub measure: String,
    /// For people.
    pub title: String,
    /// How many areas.
    pub n_areas: usize,
    /// From the first to the last year of their record.
    pub n_years: usize,
    /// The relative variance of a year's count beyond Poisson, that is gone again the year after.
    pub excess: f64,
    /// Its standard error, by leaving out one area at a time.
    pub error: f64,
    /// The relative variance of the step from one year to the next that stays.
    pub step: f64,
}

/// So few areas or years tell nothing.
const FEWEST: (usize, usize) = (5, 6);

/// Of every measure that areas have a record of as counts.
pub fn dispersions(plan: &Plan) -> Vec<Dispersion> {
    let layout = Layout::of(plan);
    let all = layout.series.iter();
    let yearly =
        all.filter(|series| !series.is_monthly && series.breakdown.is_empty() && series.is_flow);
    let found = yearly.filter_map(|series| {
        let broken = breaks(plan, &series.measure, &layout.years);
        let is_whole = |year: usize| {
            broken.iter().all(|found| match found.kind {
                BreakKind::Disrupted | BreakKind::Ending => year < found.from || year > found.to,
                BreakKind::Level => true,
            })
        };
        let is_step = |year: usize| {
            let mut levels = broken.iter().filter(|found| found.kind == BreakKind::Level);
            is_whole(year) && is_whole(year - 1) && levels.all(|found| found.from != year)
        };
        let count = |area: &str, period: &str| {
            let mut rows = plan.recorded.iter();
            let row = rows.find(|row| {
                row.measure == series.measure && row.area_code == area && row.period == period
            });
            row.map_or(f64::NAN, |row| row.value)
        };
        let periods: Vec<String> = layout.years.iter().map(ToString::to_string).collect();
        let of_area = |code: &String| -> Vec<f64> {
            periods.iter().map(|period| count(code, period)).collect()
        };
        let counts: Vec<Vec<f64>> = plan.areas.iter().map(|area| of_area(&area.code)).collect();
        let counts: Vec<Vec<f64>> = counts
            .into_iter()
            .filter(|row| row.iter().any(|value| value.is_finite()))
            .collect();
        let (excess, error, step) = excess(&counts, &is_step)?;
        let is_known = |year: &usize| counts.iter().any(|row| row[*year].is_finite());
        let known: Vec<usize> = (0..periods.len()).filter(is_known).collect();
        Some(Dispersion {
            measure: series.measure.clone(),
            title: series.title.clone(),
            n_areas: counts.len(),
            n_years: known.last()? + 1 - known.first()?,
            excess,
            error,
            step,
        })
    });
    found.collect()
}

/// The excess, its error and the variance of steps, from counts by area and year.
///
/// The logarithm of an area's share is taken for a random walk seen through noise. Of its yearly steps the neighbours
/// then have a covariance of minus the noise, whatever the walk (Harvey 1989, section 2.4): the Poisson part of that,
/// one over the mean count, is known, and the rest is the excess. Shares leave out what moves all areas. Areas count by
/// their size.
fn excess(counts: &[Vec<f64>], is_step: &dyn Fn(usize) -> bool) -> Option<(f64, f64, f64)> {
    let n_years = counts.first().map_or(0, Vec::len);
    let known = |year: usize| {
        counts
            .iter()
            .map(move |row| row[year])
            .filter(|value| value.is_finite())
    };
    let totals: Vec<f64> = (0..n_years).map(|year| known(year).sum()).collect();
    let of_area = |row: &Vec<f64>| -> Option<[f64; 3]> {
        let share = |year: usize| ((row[year] + 0.5) / totals[year]).ln();
        let step = |year: usize| match year > 0 && is_step(year) {
            true => share(year) - share(year - 1),
            false => f64::NAN,
        };
        let steps: Vec<f64> = (0..n_years).map(step).collect();
        let mean = |values: Vec<f64>| {
            let n = values.len();
            (n > 0).then(|| values.iter().sum::<f64>() / n as f64)
        };
        let pairs = steps.windows(2).map(|pair| -pair[0] * pair[1]);
        let pairs: Vec<f64> = pairs.filter(|product| product.is_finite()).collect();
        if pairs.len() + 2 < FEWEST.1 {
            return None;
        }
        let squares = steps
            .iter()
            .map(|step| step * step)
            .filter(|square| square.is_finite());
        let (noise, square) = (mean(pairs)?, mean(squares.collect())?);
        let known = row.iter().copied().filter(|value| value.is_finite());
        let size = mean(known.clone().collect()).filter(|size| *size > 0.0)?;
        let poisson = mean(known.map(|value| 1.0 / (value + 0.5)).collect())?;
        Some([size, noise - poisson, square - 2.0 * noise])
    };
    let areas: Vec<[f64; 3]> = counts.iter().filter_map(of_area).collect();
    if areas.len() < FEWEST.0 {
        return None;
    }
    let weighted = |of: usize, without: Option<usize>| {
        let kept = areas
            .iter()
            .enumerate()
            .filter(|(at, _)| Some(*at) != without);
        let (sum, weight) = kept.fold((0.0, 0.0), |(sum, weight), (_, area)| {
            (sum + area[0] * area[of], weight + area[0])
        });
        sum / weight
    };
    let n = areas.len() as f64;
    let without: Vec<f64> = (0..areas.len()).map(|at| weighted(1, Some(at))).collect();
    let mean = without.iter().sum::<f64>() / n;
    let square = without
        .iter()
        .map(|value| (value - mean).powi(2))
        .sum::<f64>();
    Some((
        weighted(1, None),
        (square * (n - 1.0) / n).sqrt(),
        weighted(2, None),
    ))
}

impl Dispersion {
    /// Whether the record supports any: the 95% interval lies above none.
    pub fn is_supported(&self) -> bool {
        self.excess - 1.96 * self.error > 0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::gamma_quantile;
    use crate::random::{Key, normal_quantile, poisson_quantile};

    #[test]
    fn the_record_supports_what_its_interval_leaves_above_none() {
        let of = |error| Dispersion {
            measure: String::new(),
            title: String::new(),
            n_areas: 32,
            n_years: 20,
            excess: 1.0,
            error,
            step: 0.0,
        };
        assert!(of(0.51).is_supported() && !of(0.52).is_supported());
    }

    /// Counts of 30 areas over 20 years, a walk with steps of 5% seen through Poisson noise times a gamma number of this
    /// relative variance.
    fn counts(variance: f64, seed: u64) -> Vec<Vec<f64>> {
        let area = |area: u64| {
            let mut level = 100.0 * (1.0 + area as f64);
            let year = |year: u64| {
                let key = Key::new(seed).with(area).with(year);
                level *= (0.05 * normal_quantile(key.named("step").uniform())).exp();
                let times = match variance > 0.0 {
                    true => gamma_quantile(1.0 / variance, key.named("year").uniform()),
                    false => 1.0,
                };
                poisson_quantile(key.named("count").uniform(), level * times) as f64
            };
            (0..20).map(year).collect()
        };
        (0..30).map(area).collect()
    }

    /// Null: excess and steps are as drawn. Over 60 tables the mean z has a standard error of 0.13 if the stated error is
    /// right, and beyond 0.57 (4.4 of them, alpha 1e-5) it is refused; the mean square is refused beyond 2.0, as seldom,
    /// or below 0.25 (alpha 1e-9), and stated errors that are half as large as they should be, which give a mean square
    /// of 4, or three times as large, which give 0.11, pass with a chance below 1%. The mean step has a standard error of
    /// about 0.00005 without excess and 0.0004 with it.
    #[test]
    fn the_excess_is_found_with_its_error_and_poisson_counts_have_none() {
        for (variance, of_step) in [(0.0, 0.0003), (0.01, 0.002)] {
            let found: Vec<_> = (0..60)
                .map(|seed| excess(&counts(variance, seed), &|_| true).unwrap())
                .collect();
            let mean =
                |of: &dyn Fn(&(f64, f64, f64)) -> f64| found.iter().map(of).sum::<f64>() / 60.0;
            let z = |(found, error, _): &(f64, f64, f64)| (found - variance) / error;
            assert!(mean(&z).abs() < 0.57, "{variance}: {}", mean(&z));
            let square = mean(&|of| z(of).powi(2));
            assert!((0.25..2.0).contains(&square), "{variance}: {square}");
            let step = mean(&|of| of.2);
            assert!((step - 0.0025).abs() < of_step, "{variance}: {step}");
        }
    }

    #[test]
    fn disrupted_years_and_few_areas_tell_nothing() {
        let all = counts(0.01, 1);
        assert!(excess(&all[..4], &|_| true).is_none());
        assert!(excess(&all, &|year| year % 3 != 0).is_some());
        assert!(excess(&all, &|_| false).is_none());
        assert!(excess(&[], &|_| true).is_none());
        let empty = vec![vec![0.0; 20]; 30];
        assert!(excess(&empty, &|_| true).is_none_or(|(found, ..)| found.is_finite()));
    }
}
