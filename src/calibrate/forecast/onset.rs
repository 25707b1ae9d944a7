//! When what is counted began: noughts of the time before it are no record of it.

use super::tree::strata;
use crate::compile::Panel;

/// A beginning is believed where noughts had a smaller chance than this.
const LEAST_CHANCE: f64 = 0.001;

/// How many values, from the first above nought on, say how much there was when it began.
const FIRST_VALUES: usize = 3;

/// What is recorded by strand and period (in `unit`), with NaN for noughts of the time before something began.
///
/// From the top of the tree down, in the whole, in each stratum and in each strand: noughts at the beginning are of the
/// time before it where, had the rate been what it was at first, all of S (the first three values together) would have
/// come so late with a chance below 0.001. That is (e / (e + e₀))^S with exposures e of those values and e₀ of the
/// noughts (the number of cells where there are none): of independent events each is as likely to fall on one exposure
/// as on any other (Przyborowski and Wilenski 1940, doi 10.1093/biomet/31.3-4.313). A run of noughts that is no longer
/// than a later one between values above nought is of the kind of the series, and stays.
pub(super) fn begun(known: &Panel, is_whole: &[bool], unit: f64) -> Vec<Vec<f64>> {
    let mut values: Vec<Vec<f64>> = known.strands.iter().map(|s| s.values.clone()).collect();
    for part in parts(known) {
        let wholes: Vec<usize> = part.iter().copied().filter(|&at| is_whole[at]).collect();
        let counted = if wholes.is_empty() { &part } else { &wholes };
        let seen = (0..known.periods.len()).map(|period| {
            let cells = counted.iter().map(|&at| {
                let exposure = known.strands[at].exposure.as_ref();
                (values[at][period], exposure.map_or(1.0, |of| of[period]))
            });
            cells.filter(|(value, _)| !value.is_nan()).fold(
                Seen::default(),
                |seen, (value, exposure)| Seen {
                    n: seen.n + 1,
                    value: seen.value + value / unit,
                    exposure: seen.exposure + exposure,
                },
            )
        });
        let onset = onset(&seen.collect::<Vec<_>>());
        for &at in &part {
            values[at][..onset].fill(f64::NAN);
        }
    }
    values
}

/// The whole, every stratum, every strand.
fn parts(known: &Panel) -> Vec<Vec<usize>> {
    let n = known.strands.len();
    let mut parts = vec![(0..n).collect::<Vec<_>>()];
    let strata = strata(known);
    if strata.len() > 1 {
        let of = |stratum: &&str| {
            let is_in = |at: &usize| known.strands[*at].stratum == **stratum;
            (0..n).filter(is_in).collect()
        };
        parts.extend(strata.iter().map(of));
    }
    parts.extend((0..n).map(|at| vec![at]));
    parts
}

/// What is recorded of a part in a period: a sum of `n` cells.
#[derive(Default, Clone, Copy)]
struct Seen {
    n: usize,
    value: f64,
    exposure: f64,
}

/// The first period of what began, 0 where nothing says that it did.
fn onset(seen: &[Seen]) -> usize {
    let Some(first) = seen.iter().position(|seen| seen.value > 0.0) else {
        return 0;
    };
    let recorded = |seen: &&Seen| seen.n > 0;
    let before: Vec<&Seen> = seen[..first].iter().filter(recorded).collect();
    let after: Vec<&Seen> = seen[first..].iter().filter(recorded).collect();
    let exposure = |of: &[&Seen]| of.iter().map(|seen| seen.exposure).sum::<f64>();
    let at_first = &after[..after.len().min(FIRST_VALUES)];
    let sum: f64 = at_first.iter().map(|seen| seen.value).sum();
    let late = exposure(at_first) / (exposure(at_first) + exposure(&before));
    if before.len() > longest_pause(&after) && late.powf(sum) < LEAST_CHANCE {
        first
    } else {
        0
    }
}

/// The longest run of noughts between values above nought: one that lasts to the end may be an end.
fn longest_pause(after: &[&Seen]) -> usize {
    let last = after.iter().rposition(|seen| seen.value > 0.0);
    let runs = after[..last.unwrap_or(0)].split(|seen| seen.value > 0.0);
    runs.map(<[&Seen]>::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calibrate::specimen;

    fn onset_of(values: &[f64]) -> usize {
        let seen = values.iter().map(|&value| match value.is_nan() {
            true => Seen::default(),
            false => Seen {
                n: 1,
                value,
                exposure: 1.0,
            },
        });
        onset(&seen.collect::<Vec<_>>())
    }

    #[test]
    fn noughts_are_of_the_time_before_where_chance_hardly_makes_them() {
        // A half to the tenth power is below a thousandth, to the ninth it is not.
        assert_eq!(onset_of(&[0.0, 10.0]), 1);
        assert_eq!(onset_of(&[0.0, 9.0]), 0);
        // Three quarters of all events after one nought in four periods, to the power of 24 and 25.
        assert_eq!(onset_of(&[0.0, 8.0, 8.0, 8.0]), 0);
        assert_eq!(onset_of(&[0.0, 8.0, 8.0, 9.0]), 1);
        // What is not recorded is no nought.
        assert_eq!(onset_of(&[f64::NAN, 0.0, f64::NAN, 9.0]), 0);
        assert_eq!(onset_of(&[0.0; 12]), 0);
    }

    #[test]
    fn pauses_that_come_back_are_no_beginning_and_an_end_is_no_pause() {
        assert_eq!(onset_of(&[0.0, 0.0, 40.0, 0.0, 0.0, 50.0]), 0);
        assert_eq!(onset_of(&[0.0, 0.0, 40.0, 0.0, 50.0]), 2);
        assert_eq!(onset_of(&[0.0, 0.0, 40.0, 50.0, 0.0, 0.0, 0.0]), 2);
    }

    /// Five events after two noughts: a fifth of the exposure to the power of 5 is below a thousandth, a third is not.
    #[test]
    fn what_noughts_are_set_against_tells_whether_chance_makes_them() {
        let values = [0.0, 0.0, 5.0];
        let is_begun = |exposures: [f64; 3], unit: f64| {
            let mut panel = specimen::panel(&[("A", "", &values.map(|value| value * unit))]);
            panel.strands[0].exposure = Some(exposures.to_vec());
            begun(&panel, &[false], unit)[0][0].is_nan()
        };
        for unit in [1.0, 100.0] {
            assert!(is_begun([2.0, 2.0, 1.0], unit), "{unit}");
            assert!(!is_begun([1.0, 1.0, 1.0], unit), "{unit}");
        }
    }
}
