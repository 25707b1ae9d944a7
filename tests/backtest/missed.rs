//! The band beside a fan: what forecasts missed that were made before, worked out again by hand.

use needscast::calibrate::{FEWEST, FIRST, MOST, Missed, foretell, missed};
use needscast::compile::{Panel, Plan, Recorded, Strand};
use needscast::quantity::{Cadence, FinancialYear};

use crate::support::question::Question;

/// So many years of a rising series that swings.
fn history(n_years: usize) -> Vec<f64> {
    let swing = [0.0, 9.0, -7.0, 4.0, -11.0, 6.0, 2.0];
    let value = |year: usize| 200.0 + 6.0 * year as f64 + swing[year % 7] + swing[year * 3 % 7];
    (0..n_years).map(value).collect()
}

fn year(index: usize) -> FinancialYear {
    FinancialYear::parse("2008-09").unwrap().plus(index as i32)
}

/// The tiny question with these figures recorded of its headline measure, in its first area.
fn plan(values: &[f64]) -> (Plan, String, String) {
    let mut plan = Question::tiny().plan();
    let headline = plan.measures.iter().find(|measure| measure.is_headline);
    let (measure, code) = (headline.unwrap().id.clone(), plan.areas[0].code.clone());
    let row = |(index, value): (usize, &f64)| Recorded {
        measure: measure.clone(),
        area_code: code.clone(),
        period: year(index).to_string(),
        value: *value,
        is_rounded: false,
        source: "a test".to_owned(),
    };
    plan.recorded = values.iter().enumerate().map(row).collect();
    plan.breaks.clear();
    (plan, measure, code)
}

/// The misses of every origin, from panels that end where the origin does: nothing later can be seen.
fn by_hand(values: &[f64], measure: &str, code: &str, horizon: usize) -> Vec<f64> {
    let origins = FIRST..=values.len() - horizon;
    let miss = |origin: usize| {
        let known = Panel {
            series: measure.to_owned(),
            unit: String::new(),
            cadence: Cadence::Year,
            periods: (0..origin).map(|index| year(index).to_string()).collect(),
            strands: vec![Strand {
                area_code: code.to_owned(),
                area_name: String::new(),
                stratum: String::new(),
                values: values[..origin].to_vec(),
                exposure: None,
                published: Vec::new(),
            }],
            is_count: true,
            resolution: 1.0,
            breaks: Vec::new(),
            first_editions: Vec::new(),
        };
        let median = foretell(&known, 5)[0][horizon - 1].quantile(0.5);
        (values[origin + horizon - 1] - median).abs() / median
    };
    let mut misses: Vec<f64> = origins.map(miss).collect();
    misses.sort_by(f64::total_cmp);
    misses
}

/// 13 years: 7 forecasts a year ahead, of which other methods take the shares that the years before say.
#[test]
fn a_band_is_what_forecasts_missed_that_saw_nothing_later() {
    let values = history(13);
    let (plan, measure, code) = plan(&values);
    let found = missed(&plan);
    let [
        Missed {
            last, by_horizon, ..
        },
    ] = &found[..]
    else {
        panic!("{found:?}");
    };
    assert_eq!((&found[0].measure, &found[0].area_code), (&measure, &code));
    assert_eq!(*last, year(12));
    assert_eq!(by_horizon.len(), 3);
    for (miss, horizon) in by_horizon.iter().zip(1..) {
        let misses = by_hand(&values, &measure, &code, horizon);
        assert_eq!(miss.n, misses.len());
        assert_eq!(miss.n, 8 - horizon);
        let n_within = misses
            .iter()
            .filter(|own| **own <= miss.share * (1.0 + 1e-9))
            .count();
        assert!(
            n_within as f64 >= MOST * miss.n as f64,
            "{horizon}: {misses:?}"
        );
        // One fewer would not be enough of them.
        assert!(
            (n_within - 1) as f64 + 1e-9 < MOST * miss.n as f64,
            "{horizon}: {misses:?}"
        );
        assert!(
            misses.iter().any(|own| (own - miss.share).abs() < 1e-9),
            "{horizon}: {misses:?}"
        );
    }
}

#[test]
fn a_short_record_has_no_band() {
    let enough = FIRST + FEWEST;
    let (plan_of_few, ..) = plan(&history(enough - 1));
    assert_eq!(missed(&plan_of_few), []);
    let (plan_of_enough, ..) = plan(&history(enough));
    assert_eq!(missed(&plan_of_enough)[0].by_horizon.len(), 1);
    // A record of noughts has no share to miss by.
    let (plan_of_noughts, ..) = plan(&[0.0; 14]);
    assert_eq!(missed(&plan_of_noughts), []);
}

/// Neither an area with the figures of another nor the sum of both is taken for one of them; but the only area of a
/// scenario is its own sum.
#[test]
fn every_area_has_a_band_of_its_own() {
    let (mut plan, measure, code) = plan(&history(13));
    let (other, sum) = (plan.areas[1].code.clone(), plan.total.code.clone());
    let of = |code: &str| {
        let rows = plan.recorded.iter().cloned();
        rows.map(|row| Recorded {
            area_code: code.to_owned(),
            ..row
        })
        .collect::<Vec<_>>()
    };
    let more = [of(&other), of(&sum)].concat();
    plan.recorded.extend(more);
    let areas = |plan: &Plan| -> Vec<(String, String)> {
        let found = missed(plan).into_iter();
        found.map(|one| (one.measure, one.area_code)).collect()
    };
    let expected = [code.clone(), other, sum].map(|area| (measure.clone(), area));
    assert_eq!(areas(&plan), expected);
    plan.areas.truncate(1);
    plan.total = plan.areas[0].clone();
    assert_eq!(areas(&plan), [(measure, code)]);
}
