//! What holds of the settings of a rate, of what its record says in each of them, and of forecasts that are made of that.

use super::belief::Belief;
use super::settings::{Grain, Setting};
use super::*;
use crate::calibrate::specimen;

fn strand(stratum: String, values: Vec<f64>) -> Strand {
    specimen::strand("S12000042", &stratum, &values)
}

#[test]
fn values_are_measured_in_what_one_event_is() {
    let of = |values: &[f64]| unit(&[values.to_vec(), vec![f64::NAN]], false);
    assert_eq!(unit(&[vec![7.0, 0.0, 3.0]], true), 1.0);
    assert_eq!(of(&[3000.0, 1000.0, 2000.0]), 2000.0 / AMOUNT);
    // Nothing above nought has no median.
    assert_eq!(of(&[0.0, f64::NAN]), 1.0 / AMOUNT);
    // One nought in twenty is seldom no more.
    let with = |n: usize| [vec![0.0], vec![0.5; 2], vec![4.0; n - 3]].concat();
    assert_eq!(of(&with(20)), 0.5);
    assert_eq!(of(&with(21)), 4.0 / AMOUNT);
}

/// Ten strata of a year each say nothing of two that are recorded in all twenty.
#[test]
fn strands_that_are_hardly_recorded_change_no_forecast() {
    let level = |t: usize| 200.0 + 7.0 * ((t * t) as f64).sin();
    let often = ["all", "half"].map(|name| {
        let part = if name == "all" { 1.0 } else { 0.5 };
        strand(
            name.to_owned(),
            (0..20).map(|t| (part * level(t)).round()).collect(),
        )
    });
    let once = (0..10).map(|year| {
        let values = (0..20).map(|t| if t == 5 + year { 40.0 } else { f64::NAN });
        strand(format!("y{year}"), values.collect())
    });
    let panel = Panel {
        strands: often.to_vec(),
        ..specimen::panel(&[("", "", &[0.0; 20])])
    };
    let with_all = Panel {
        strands: often.iter().cloned().chain(once).collect(),
        ..panel.clone()
    };
    let (few, many) = (forecast(&panel, 2), forecast(&with_all, 2));
    assert_eq!(many.len(), 12);
    assert_eq!(few[..], many[..2]);
}

/// A strand with fewer than three values tells the others nothing, nor does one that has said nothing for five periods;
/// of a record of five periods all are taken together.
#[test]
fn strands_stand_apart_by_what_they_say() {
    let of = |values: &[f64]| strand("one".to_owned(), values.to_vec());
    let (known, not) = (7.0, f64::NAN);
    assert!(standing(&of(&[known, not, not, not])) == Standing::HardlyRecorded);
    assert!(standing(&of(&[known, not, not, known])) == Standing::HardlyRecorded);
    assert!(standing(&of(&[known, not, known, known])) == Standing::OfTheWhole);
    let silent = [&[known; 3][..], &[not; 5]].concat();
    assert!(standing(&of(&silent)) == Standing::Silent);
    assert!(standing(&of(&silent[..7])) == Standing::OfTheWhole);
    let panel = |n: usize| {
        let once = [&[known][..], &vec![not; n - 1]].concat();
        specimen::panel(&[("", "one", &vec![known; n]), ("", "one", &once)])
    };
    assert_eq!(parts(&panel(5)), [[0, 1]]);
    assert_eq!(parts(&panel(6)).concat(), [0, 1]);
    assert_eq!(parts(&panel(6)).len(), 2);
}

#[test]
fn settings_weigh_one_together_and_four_in_five_have_a_slope() {
    for law in [Law::ROOT, Law::GROUP, Law::STRAND, Law::ROOT.of_amounts()] {
        for grain in [Grain::Fine, Grain::Coarse] {
            let settings = law.settings(Cadence::Year, grain);
            let total: f64 = settings.iter().map(|(_, weight)| weight).sum();
            assert!((total - 1.0).abs() < 1e-12, "{total}");
        }
        let settings = law.settings(Cadence::Year, Grain::Fine);
        let sloped = settings
            .iter()
            .filter(|(setting, _)| setting.slope_sd > 0.0);
        let sloped: f64 = sloped.map(|(_, weight)| weight).sum();
        // An area's share in its stratum has none.
        let expected = if law.slopes.len() > 1 { 0.8 } else { 0.0 };
        assert!((sloped - expected).abs() < 1e-12, "{sloped}");
    }
}

/// The logarithm of 8,192 lies six spreads of 1.5 from that of 1, with a density of 1.5e-8 of that there: nearly all of
/// its weight is the thousandth that each has. That of a half lies within half a spread: 0.8987, and the same thousandth.
#[test]
fn amounts_of_which_most_are_noise_are_thought_possible() {
    let settings = Law::ROOT.of_amounts().settings(Cadence::Year, Grain::Fine);
    let of = |dispersion: f64| -> f64 {
        let at = settings
            .iter()
            .filter(|(setting, _)| setting.dispersion == dispersion);
        at.map(|(_, weight)| weight).sum()
    };
    let ratio = of(8192.0) / of(0.5);
    assert!((ratio - 0.001 / 0.8997).abs() < 1e-6, "{ratio}");
}

/// A slope of which nothing is known is as likely to be steep after a period as before.
#[test]
fn the_variance_of_an_unknown_slope_stays_what_it_is() {
    for (setting, _) in Law::ROOT.settings(Cadence::Month, Grain::Fine) {
        let before = Belief {
            level: 0.0,
            slope: 0.0,
            level_variance: 1.0,
            covariance: 0.0,
            slope_variance: setting.slope_variance(),
            unrest: 0.0,
            doubt: 0.0,
        };
        let after = before.after_a_period(&setting).slope_variance;
        let off = (after - before.slope_variance).abs();
        assert!(off <= 1e-12 * after, "{setting:?}: {after}");
    }
}

/// Whatever may happen to the rate, its next count is one of all that there are.
#[test]
fn the_likelihoods_of_every_count_that_may_follow_add_up_to_one() {
    for dispersion in [1.0, 2.0] {
        let setting = Setting {
            level_sd: 0.1,
            slope_sd: 0.05,
            damping: 0.6,
            dispersion,
            season: None,
        };
        let likelihood = |count: u32| {
            let seen = Seen {
                values: &[4.0, dispersion * f64::from(count)],
                exposures: &[1.0; 2],
                breaks: &[None; 2],
                cadence: Cadence::Year,
            };
            seen.filter(&setting, &Law::ROOT).unwrap().whole.exp()
        };
        // Likelihoods are densities: there is a value in every `dispersion`.
        let total: f64 = (0..6000).map(|count| dispersion * likelihood(count)).sum();
        assert!((total - 1.0).abs() < 1e-9, "{dispersion}: {total}");
    }
}
