//! A level and a slope of every strand, smoothed alike in all: what moves slowly goes on for a while as it went.
//!
//! Exponential smoothing with a damped trend (Gardner and McKenzie 1985, doi 10.1287/mnsc.31.10.1237), of which the
//! weights are learnt from the table as a whole: a strand by itself is mostly too short to tell a slope from chance.
//! It takes a share of our forecasts where it has earned one ([`super::Blend`]), and is no baseline.

mod setting;

use super::Predictive;
use crate::compile::{Panel, Strand};
use setting::{Scale, Setting, Standing};

/// Weights are learnt from forecasts so many periods ahead and fewer.
const AHEAD: usize = 3;

/// What errors of all strands count beside a strand's own: as many as so many of its own.
const COMMON: f64 = 4.0;

/// What is forecast of each strand and each of the next periods: normal around the trend, with the spread of its past
/// errors, of the strand and of all strands in multiples of each one's mean change. A strand that has never changed is
/// forecast to be as it is; of one without a record nothing is said.
pub(super) fn trend(known: &Panel, horizons: usize) -> Vec<Vec<Predictive>> {
    let setting = learnt(known);
    let smooth: Vec<Vec<Standing>> = known
        .strands
        .iter()
        .map(|strand| setting.smooth(&strand.values))
        .collect();
    let changes: Vec<f64> = known
        .strands
        .iter()
        .map(|strand| change(strand.values.iter().map(|value| setting.scale.of(*value))))
        .collect();
    let mut forecasts = vec![Vec::with_capacity(horizons); known.strands.len()];
    let mut of_all = 1.0;
    for ahead in 1..=horizons {
        let squares: Vec<(f64, f64)> = (0..known.strands.len())
            .map(|at| {
                let error =
                    |value: f64, expected: f64| (setting.scale.of(value) - expected) / changes[at];
                let values = &known.strands[at].values;
                let errors = setting.errors(values, &smooth[at], ahead, error);
                let finite = errors.filter(|error| error.is_finite());
                finite.fold((0.0, 0.0), |(sum, n), error| (sum + error * error, n + 1.0))
            })
            .collect();
        let (sum, n) = squares
            .iter()
            .fold((0.0, 0.0), |(sum, n), one| (sum + one.0, n + one.1));
        // Where nothing is known of errors so far ahead they have grown like those of a random walk.
        of_all = match n > 0.0 {
            true => sum / n,
            false => of_all * ahead as f64 / (ahead.max(2) - 1) as f64,
        };
        for (at, (own, n)) in squares.into_iter().enumerate() {
            let square = (own + COMMON * of_all) / (n + COMMON) * (1.0 + 1.0 / f64::max(n, 1.0));
            let sd = changes[at] * square.sqrt();
            let standing = smooth[at].last().copied();
            let expected = standing.map_or(f64::NAN, |now| setting.expected(now, ahead));
            forecasts[at].push(normal(setting.scale, expected, sd));
        }
    }
    forecasts
}

/// The normal law of values whose quantiles at one standard deviation on either side are as far apart as those of a
/// normal law on the scale.
fn normal(scale: Scale, expected: f64, sd: f64) -> Predictive {
    let mean = scale.back(expected);
    let sd = (scale.back(expected + sd) - scale.back(expected - sd)) / 2.0;
    match mean.is_finite() && sd.is_finite() {
        true => Predictive::Normal { mean, sd },
        false => Predictive::Normal { mean: 0.0, sd: 0.0 },
    }
}

/// The setting that would have done best until now.
///
/// With *n* origins and *r* the mean absolute error as a multiple of the last value's, it is the least (1 + n)
/// ln((1 + n r) / (1 + n)) and prior, as in [`super::Blend`]. Errors count in multiples of each strand's mean change.
fn learnt(known: &Panel) -> Setting {
    let strands = || known.strands.iter();
    let recorded = || strands().flat_map(|strand| &strand.values);
    let is_positive = recorded().all(|value| value.is_nan() || *value > 0.0);
    let changes: Vec<f64> = strands()
        .map(|strand| change(strand.values.iter().copied()))
        .collect();
    let loss = |setting: &Setting| -> f64 {
        let of_strand = |(strand, change): (&Strand, &f64)| -> f64 {
            let smooth = setting.smooth(&strand.values);
            let error = |value: f64, expected: f64| (value - setting.scale.back(expected)).abs();
            let each = (1..=AHEAD).map(|ahead| {
                let errors = setting.errors(&strand.values, &smooth, ahead, error);
                errors.sum::<f64>()
            });
            each.sum::<f64>() / change
        };
        let changing = strands().zip(&changes).filter(|(_, change)| **change > 0.0);
        changing.map(of_strand).sum()
    };
    let n = known.periods.len().saturating_sub(2) as f64;
    let mut last_value = None;
    let costs = Setting::all(is_positive).map(|setting| {
        let loss = loss(&setting);
        let of_last_value = *last_value.get_or_insert(loss);
        let ratio = match of_last_value > 0.0 {
            true => loss / of_last_value,
            false => 1.0,
        };
        let cost = (1.0 + n) * ((1.0 + n * ratio) / (1.0 + n)).ln() + setting.prior();
        (cost, setting)
    });
    let best = costs.reduce(|a, b| if b.0 < a.0 { b } else { a });
    best.map_or(Setting::LAST_VALUE, |(_, setting)| setting)
}

/// The mean absolute change from one record to the next; 0 where nothing changes.
fn change(values: impl Iterator<Item = f64>) -> f64 {
    let recorded: Vec<f64> = values.filter(|value| !value.is_nan()).collect();
    let changes = recorded.windows(2).map(|pair| (pair[1] - pair[0]).abs());
    changes.sum::<f64>() / recorded.len().saturating_sub(1).max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calibrate::specimen;
    use crate::random::Key;

    fn panel(strands: &[Vec<f64>]) -> Panel {
        let rows = strands.iter().map(|values| ("", "", values.as_slice()));
        specimen::panel(&rows.collect::<Vec<_>>())
    }

    fn shown(forecast: &Predictive) -> (f64, f64) {
        match forecast {
            Predictive::Normal { mean, sd } => (*mean, *sd),
            Predictive::Sample(_) => (f64::NAN, f64::NAN),
        }
    }

    #[test]
    fn lines_go_on_and_growth_goes_on() {
        let line = |from: f64, by: f64| (0..9).map(|year| from + by * f64::from(year)).collect();
        let found = trend(&panel(&[line(10.0, 3.0), line(900.0, -40.0)]), 4);
        for (ahead, expected) in [(0, [37.0, 540.0]), (3, [46.0, 420.0])] {
            for (strand, expected) in expected.into_iter().enumerate() {
                let (mean, sd) = shown(&found[strand][ahead]);
                assert!((mean - expected).abs() < 1e-9 && sd < 1e-9, "{mean} {sd}");
            }
        }
        let growth = |by: f64| (0..9).map(|year| 100.0 * f64::powi(by, year)).collect();
        let found = trend(&panel(&[growth(1.2), growth(1.3)]), 1);
        let means = [0, 1].map(|strand| shown(&found[strand][0]).0);
        assert!(
            (means[0] - 100.0 * 1.2f64.powi(9)).abs() < 1e-6,
            "{means:?}"
        );
        assert!(
            (means[1] - 100.0 * 1.3f64.powi(9)).abs() < 1e-6,
            "{means:?}"
        );
    }

    #[test]
    fn what_stands_still_is_a_point_and_what_is_not_recorded_is_nothing() {
        let never = vec![f64::NAN; 6];
        let found = trend(&panel(&[vec![5.0; 6], never]), 2);
        assert_eq!(
            found[0].iter().map(shown).collect::<Vec<_>>(),
            [(5.0, 0.0); 2]
        );
        assert_eq!(
            found[1].iter().map(shown).collect::<Vec<_>>(),
            [(0.0, 0.0); 2]
        );
    }

    #[test]
    fn noise_around_a_level_is_smoothed_and_a_random_walk_is_not() {
        let noise = |strand: u64, year: u64| Key::new(strand).with(year).uniform() - 0.5;
        let strands = |walks: bool| -> Vec<Vec<f64>> {
            let strand = |at: u64| -> Vec<f64> {
                let mut level = 1000.0;
                let mut value = |year| {
                    let change = 100.0 * noise(at, year);
                    level += if walks { change } else { 0.0 };
                    level + if walks { 0.0 } else { change }
                };
                (0..20).map(&mut value).collect()
            };
            (0..12).map(strand).collect()
        };
        assert_eq!(learnt(&panel(&strands(true))).level, 1.0);
        let level = learnt(&panel(&strands(false))).level;
        assert!(level < 0.5, "{level}");
    }

    #[test]
    fn the_spread_is_that_of_the_strand_and_of_all_in_its_own_changes() {
        // The last value: the first changes by 1 and back, the second by 10 and back, so that every error is one mean
        // change ahead by one and nothing ahead by two.
        let first = [5.0, 6.0, 5.0, 6.0, 5.0];
        let second = first.map(|value| 10.0 * value);
        let known = panel(&[first.to_vec(), second.to_vec()]);
        let setting = learnt(&known);
        assert_eq!(setting, Setting::LAST_VALUE);
        let found = trend(&known, 3);
        // Three errors ahead by one: (3 + 4) / (3 + 4), widened by 1 + 1/3.
        let (mean, sd) = shown(&found[1][0]);
        assert!((mean - 50.0).abs() < 1e-12 && (sd - 10.0 * (4f64 / 3.0).sqrt()).abs() < 1e-12);
        assert_eq!(shown(&found[1][1]), (50.0, 0.0));
        // One error ahead by three, of one change.
        let (_, sd) = shown(&found[0][2]);
        assert!((sd - 2f64.sqrt()).abs() < 1e-12, "{sd}");
    }

    #[test]
    fn where_nothing_is_known_of_errors_they_grow_like_those_of_a_random_walk() {
        // Five values have errors up to three ahead.
        let found = trend(&panel(&[vec![5.0, 6.0, 5.0, 6.0, 5.0]]), 7);
        let variance = |ahead: usize| shown(&found[0][ahead - 1]).1.powi(2);
        assert!(variance(3) > 0.0, "{found:?}");
        for ahead in 4..=7 {
            let grown = variance(ahead) / variance(ahead - 1);
            let expected = ahead as f64 / (ahead - 1) as f64;
            assert!((grown - expected).abs() < 1e-9, "{ahead}: {grown}");
        }
    }
}
