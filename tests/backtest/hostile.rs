//! Tables that nobody would wish for: every forecast is a number, and no score is none.

use std::fmt::Write;

use needscast::calibrate::{Method, backtest, score_rows};

use super::compiled;

/// A value (blank for none) by area and year, with an exposure where `of_exposure` is above 0.
fn written(
    n_areas: usize,
    n_years: usize,
    of_exposure: f64,
    value: impl Fn(usize, usize) -> Option<f64>,
) -> String {
    let mut text = String::from("area_code,period,value");
    text += if of_exposure > 0.0 {
        ",exposure\n"
    } else {
        "\n"
    };
    for area in 0..n_areas {
        for year in 0..n_years {
            let value = value(area, year).map_or(String::new(), |value| value.to_string());
            write!(text, "S{area:03},{},{value}", 2001 + year).unwrap();
            if of_exposure > 0.0 {
                write!(text, ",{of_exposure:e}").unwrap();
            }
            text.push('\n');
        }
    }
    text
}

/// How many forecasts of ours, all of them in order and finite, and with every score that can be a number one.
fn sound(name: &str, text: &str) -> usize {
    let panels = compiled(text, &[], None).unwrap_or_else(|faults| panic!("{name}: {faults:?}"));
    let mut n = 0;
    for panel in panels.panels {
        let tested = backtest(&panel, 6, 3, &|| {});
        for scored in &tested.forecasts {
            let at = format!("{name}: {scored:?}");
            assert!(scored.quantiles.iter().all(|q| q.is_finite()), "{at}");
            assert!(scored.quantiles.is_sorted(), "{at}");
            assert!(scored.crps.is_finite() && scored.crps >= 0.0, "{at}");
            assert!(scored.log_score.is_finite(), "{at}");
            assert!((0.0..=1.0).contains(&scored.pit), "{at}");
            let is_ours = scored.method == Method::Needscast;
            assert!(!is_ours || scored.quantiles[0] >= 0.0, "{at}");
            n += usize::from(is_ours);
        }
        for row in score_rows(&panel, &tested, |_| true) {
            let scores = row.scores;
            let all = [scores.crps, scores.log_score, scores.interval_score_80];
            let all = all.into_iter().chain(scores.cover).chain(scores.width);
            assert!(all.chain([scores.bias, scores.mae]).all(f64::is_finite));
        }
    }
    n
}

#[test]
fn hostile_tables_have_forecasts_that_are_numbers() {
    let wave = |area: usize, year: usize| (20 + (area * 7 + year * 5) % 11) as f64;
    let some = |area, year| Some(wave(area, year));
    // Twelve years from the sixth on: 6 origins, of which the last two have fewer horizons.
    let of_area = 3 * 4 + 2 + 1;
    let tables = [
        (
            "noughts",
            written(3, 12, 0.0, |_, _| Some(0.0)),
            3 * of_area,
        ),
        ("one area", written(1, 12, 0.0, some), of_area),
        (
            "a constant",
            written(2, 12, 0.0, |_, _| Some(7.0)),
            2 * of_area,
        ),
        ("four points", written(2, 4, 0.0, some), 2 * 3),
        (
            "huge counts",
            written(3, 12, 0.0, |a, y| Some(1e12 + 1e9 * wave(a, y))),
            3 * of_area,
        ),
        (
            "next to nothing",
            written(3, 12, 0.0, |a, y| Some(1e-9 * wave(a, y))),
            3 * of_area,
        ),
        (
            "tiny exposures",
            written(3, 12, 1e-9, |a, y| Some(1e-11 * wave(a, y))),
            3 * of_area,
        ),
        ("huge exposures", written(3, 12, 1e15, some), 3 * of_area),
        (
            "an area without a record",
            written(3, 12, 0.0, |a, y| (a > 0).then(|| wave(a, y))),
            2 * of_area,
        ),
        (
            "one that is not nought",
            written(3, 12, 0.0, |a, y| {
                Some(f64::from(u8::from((a, y) == (1, 7))))
            }),
            3 * of_area,
        ),
        (
            "a leap by a million",
            written(2, 12, 0.0, |_, y| Some(if y < 7 { 3.0 } else { 3e6 })),
            2 * of_area,
        ),
    ];
    for (name, text, n) in tables {
        assert_eq!(sound(name, &text), n, "{name}");
    }
}

#[test]
fn gaps_take_targets_and_nothing_else() {
    let gapped = written(3, 12, 0.0, |area, year| {
        ((area + year) % 4 != 0).then_some((30 + year) as f64)
    });
    assert!(sound("gaps", &gapped) > 20);
    let late = written(3, 12, 0.0, |area, year| {
        (area > 0 || year > 9).then_some((30 + year) as f64)
    });
    assert!(sound("an area that begins late", &late) >= 30);
}

#[test]
fn two_hundred_areas_of_every_size() {
    let text = written(200, 9, 0.0, |area, year| {
        Some((area * area / 20 * (10 + year % 3)) as f64)
    });
    assert_eq!(sound("200 areas", &text), 200 * (3 + 2 + 1));
}
