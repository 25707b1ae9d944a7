//! What anybody could do without a model: the forecasts that ours must beat.
//!
//! Intervals are those of Hyndman and Athanasopoulos, *Forecasting: Principles and Practice*, 3rd edition, section 5.5
//! (otexts.com/fpp3/prediction-intervals.html): normal, with the standard deviation of one-step residuals widened by
//! the horizon. Nothing is truncated at 0. Where the record has gaps the formulas are those of the same random walk
//! seen now and then: a change over `g` periods counts as `g` changes, and the age of the last record is added to the
//! horizon. Without gaps nothing of this differs from the textbook.

mod smoothing;

pub use smoothing::ets;

use super::Predictive;

/// The last recorded value: `h` periods later its standard deviation is that of one change times the root of `h`.
pub fn naive(values: &[f64], horizons: usize) -> Vec<Predictive> {
    let Some(record) = Record::of(values, 1) else {
        return nothing(horizons);
    };
    let sd = root_mean(record.squares(0.0), record.n_changes());
    let at = |horizon: usize| Predictive::Normal {
        mean: record.last,
        sd: sd * ((horizon + record.age) as f64).sqrt(),
    };
    (1..=horizons).map(at).collect()
}

/// The last recorded value and the mean change, which is the line from the first to the last value. With two values
/// there is no residual left, and the spread of the naive forecast stands in.
pub fn drift(values: &[f64], horizons: usize) -> Vec<Predictive> {
    let Some(record) = Record::of(values, 1) else {
        return nothing(horizons);
    };
    let slope = (record.last - record.first) / record.span.max(1) as f64;
    let sd = match record.n_changes() {
        0 | 1 => root_mean(record.squares(0.0), record.n_changes()),
        n => root_mean(record.squares(slope), n - 1),
    };
    let at = |horizon: usize| {
        let h = (horizon + record.age) as f64;
        Predictive::Normal {
            mean: record.last + slope * h,
            sd: sd * (h * (1.0 + h / record.span.max(1) as f64)).sqrt(),
        }
    };
    (1..=horizons).map(at).collect()
}

/// The last recorded value of the same season, `seasons` to a year. With one season, or before two values of one season
/// are recorded, it is the naive forecast.
pub fn seasonal_naive(values: &[f64], seasons: usize, horizons: usize) -> Vec<Predictive> {
    let by_season: Vec<Option<Record>> = (0..seasons)
        .map(|season| Record::of(&values[season.min(values.len())..], seasons))
        .collect();
    let records = || by_season.iter().flatten();
    let n_changes = records().map(Record::n_changes).sum();
    if seasons <= 1 || n_changes == 0 {
        return naive(values, horizons);
    }
    let squares = records().map(|record| record.squares(0.0)).sum();
    let sd = root_mean(squares, n_changes);
    let plain = naive(values, horizons);
    let at = |(index, plain): (usize, Predictive)| {
        let period = values.len() + index;
        let Some(record) = &by_season[period % seasons] else {
            return plain;
        };
        // The season's own periods are a year apart: how many of them lie between its last record and the target.
        let last = period % seasons + (record.at_last) * seasons;
        let years = (period - last) / seasons;
        Predictive::Normal {
            mean: record.last,
            sd: sd * (years as f64).sqrt(),
        }
    };
    plain.into_iter().enumerate().map(at).collect()
}

/// Without any record nothing can be said; a strand without two recorded values is not back-tested.
fn nothing(horizons: usize) -> Vec<Predictive> {
    vec![Predictive::Normal { mean: 0.0, sd: 0.0 }; horizons]
}

fn root_mean(squares: f64, n: usize) -> f64 {
    (squares / n.max(1) as f64).sqrt()
}

/// What is recorded of values that stand some periods apart.
struct Record {
    /// Every change from one recorded value to the next, and over how many steps.
    changes: Vec<(f64, f64)>,
    first: f64,
    last: f64,
    /// The step at which the last value is recorded.
    at_last: usize,
    /// How many steps lie between the first and the last.
    span: usize,
    /// How many steps lie between the last and the end.
    age: usize,
}

impl Record {
    /// Of every `apart`-th value; `None` when none is recorded.
    fn of(values: &[f64], apart: usize) -> Option<Record> {
        let steps = values.iter().step_by(apart);
        let n_steps = steps.len();
        let recorded: Vec<(usize, f64)> = steps
            .copied()
            .enumerate()
            .filter(|(_, value)| !value.is_nan())
            .collect();
        let (&(at_first, first), &(at_last, last)) = (recorded.first()?, recorded.last()?);
        let changes = recorded.windows(2);
        Some(Record {
            changes: changes
                .map(|pair| (pair[1].1 - pair[0].1, (pair[1].0 - pair[0].0) as f64))
                .collect(),
            first,
            last,
            at_last,
            span: at_last - at_first,
            age: n_steps - 1 - at_last,
        })
    }

    fn n_changes(&self) -> usize {
        self.changes.len()
    }

    /// The squared changes around a slope, each over the steps it took.
    fn squares(&self, slope: f64) -> f64 {
        let square = |(change, steps): &(f64, f64)| (change - slope * steps).powi(2) / steps;
        self.changes.iter().map(square).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The means and standard deviations of forecasts.
    fn shown(forecasts: &[Predictive]) -> Vec<(f64, f64)> {
        let shown = forecasts.iter().map(|forecast| match forecast {
            Predictive::Normal { mean, sd } => (*mean, *sd),
            Predictive::Sample(_) => (f64::NAN, f64::NAN),
        });
        shown.collect()
    }

    fn assert_near(found: &[(f64, f64)], expected: &[(f64, f64)]) {
        assert_eq!(found.len(), expected.len());
        for (found, expected) in found.iter().zip(expected) {
            assert!(
                (found.0 - expected.0).abs() < 1e-12,
                "{found:?} {expected:?}"
            );
            assert!(
                (found.1 - expected.1).abs() < 1e-12,
                "{found:?} {expected:?}"
            );
        }
    }

    const GAP: f64 = f64::NAN;

    #[test]
    fn naive_is_as_by_hand() {
        // Changes 2, -1, 4: their mean square is 21 / 3 = 7.
        let found = naive(&[10.0, 12.0, 11.0, 15.0], 2);
        assert_near(&shown(&found), &[(15.0, 7f64.sqrt()), (15.0, 14f64.sqrt())]);
        // A gap of two periods: 2, then 3 over two steps: (4 + 9/2) / 2; the last record is a period old.
        let found = naive(&[10.0, 12.0, GAP, 15.0, GAP], 1);
        assert_near(&shown(&found), &[(15.0, (4.25f64 * 2.0).sqrt())]);
    }

    #[test]
    fn drift_is_as_by_hand() {
        // Slope 5/3; residuals 1/3, -8/3, 7/3: 114/9 over 2 degrees of freedom; T - 1 = 3.
        let variance = 114.0 / 9.0 / 2.0;
        let found = drift(&[10.0, 12.0, 11.0, 15.0], 2);
        let sd = |h: f64| f64::sqrt(variance * h * (1.0 + h / 3.0));
        let slope = 5.0 / 3.0;
        assert_near(
            &shown(&found),
            &[(15.0 + slope, sd(1.0)), (15.0 + 2.0 * slope, sd(2.0))],
        );
        // Two values leave no residual: the spread of one change of 2.
        let found = drift(&[10.0, 12.0], 1);
        assert_near(&shown(&found), &[(14.0, (4.0f64 * 2.0).sqrt())]);
    }

    #[test]
    fn seasonal_naive_is_as_by_hand() {
        // Two seasons: 1, 10, 3, 14, 4 has the yearly changes 2, 4, 1: mean square 7.
        let found = seasonal_naive(&[1.0, 10.0, 3.0, 14.0, 4.0], 2, 3);
        assert_near(
            &shown(&found),
            &[
                (14.0, 7f64.sqrt()),
                (4.0, 7f64.sqrt()),
                (14.0, 14f64.sqrt()),
            ],
        );
        // The last record of the second season is a year older: mean squares of 2 and 1 a year.
        let found = seasonal_naive(&[1.0, 10.0, 3.0, GAP, 4.0], 2, 1);
        assert_near(&shown(&found), &[(10.0, (2.5f64 * 2.0).sqrt())]);
        let values = [3.0, 4.0, 6.0];
        assert_eq!(seasonal_naive(&values, 1, 3), naive(&values, 3));
        assert_eq!(seasonal_naive(&values, 4, 3), naive(&values, 3));
    }

    #[test]
    fn what_never_changes_is_a_point() {
        for values in [vec![5.0; 7], vec![0.0; 4], vec![2.0]] {
            let point = Predictive::Normal {
                mean: values[0],
                sd: 0.0,
            };
            let found = [
                naive(&values, 1),
                drift(&values, 1),
                seasonal_naive(&values, 4, 1),
                ets(&values, 1, 1),
            ];
            for found in found {
                assert_eq!(found, std::slice::from_ref(&point), "{values:?}");
            }
        }
    }
}
