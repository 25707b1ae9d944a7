//! What is recorded as nought until it begins: noughts before it are no record, and noughts by chance are.

use needscast::calibrate::{Method, backtest, forecast};
use needscast::compile::{Break, BreakKind, Panel, Strand};
use needscast::quantity::Cadence;
use needscast::random::Key;

use super::luck::Luck;

fn panel(rows: Vec<(String, &str, Vec<f64>)>) -> Panel {
    let n_periods = rows[0].2.len();
    let strand = |(area_code, stratum, values): (String, &str, Vec<f64>)| Strand {
        area_code,
        area_name: String::new(),
        stratum: stratum.to_owned(),
        values,
        exposure: None,
        published: Vec::new(),
    };
    Panel {
        series: "begins".to_owned(),
        unit: String::new(),
        cadence: Cadence::Year,
        periods: (0..n_periods)
            .map(|year| (2001 + year).to_string())
            .collect(),
        strands: rows.into_iter().map(strand).collect(),
        is_count: true,
        resolution: 1.0,
        breaks: Vec::new(),
        first_editions: Vec::new(),
    }
}

/// Eight areas over 18 years: an old kind of about 100 each, and a new one of about 40 from the tenth year on, `before`
/// that as given.
fn kinds(before: f64) -> Panel {
    let mut luck = Luck::new(Key::new(20_261_123).named("kinds"));
    let mut rows = Vec::new();
    for area in 0..8 {
        let mut counts = |mean: f64| -> Vec<f64> { (0..18).map(|_| luck.count(mean)).collect() };
        let (old, mut new) = (counts(100.0), counts(40.0));
        new[..9].fill(before);
        rows.push((format!("S{area}"), "kind=new", new));
        rows.push((format!("S{area}"), "kind=old", old));
    }
    panel(rows)
}

/// Forecasts from every origin after a beginning, of the new kind and of the old one, are those of a table that leaves
/// the noughts blank, number by number; before it they are not touched.
#[test]
fn noughts_before_a_kind_began_are_as_blank() {
    let (noughts, blanks) = (kinds(0.0), kinds(f64::NAN));
    for origin in 11..=16 {
        let of = |panel: &Panel| forecast(&panel.known_at(origin), 3);
        assert!(of(&noughts) == of(&blanks), "from {origin}");
    }
    let ahead = forecast(&noughts.known_at(9), 1);
    let new = &ahead[0][0];
    assert!(new.quantile(0.975) < 2.0, "nothing of what comes is known");
}

/// A country among its councils stands for them, though all begin after nine noughts.
#[test]
fn a_country_whose_councils_begin_is_not_counted_twice() {
    let rows = |before: f64| {
        let councils = kinds(before).strands;
        let new = councils.into_iter().filter(|s| s.stratum == "kind=new");
        let mut rows: Vec<(String, &str, Vec<f64>)> =
            new.map(|s| (s.area_code, "", s.values)).collect();
        let sums = (0..18).map(|year| rows.iter().map(|row| row.2[year]).sum());
        rows.push(("S92000003".to_owned(), "", sums.collect()));
        panel(rows)
    };
    let (noughts, blanks) = (rows(0.0), rows(f64::NAN));
    for origin in [12, 16] {
        let of = |panel: &Panel| forecast(&panel.known_at(origin), 3);
        assert!(of(&noughts) == of(&blanks), "from {origin}");
    }
    let last = forecast(&noughts, 1);
    let sum: f64 = last[..8].iter().map(|area| area[0].median()).sum();
    let country = last[8][0].median();
    assert!((sum / country - 1.0).abs() < 0.03, "{sum} and {country}");
}

/// Ten noughts, then counts of about 30: over 12 series and all origins from the twelfth year on the mean CRPS is less than
/// the last value's (learnt from, the noughts made it more than twice that), and a declared change of level makes it worse
/// by no more than a fiftieth.
#[test]
fn what_has_begun_is_forecast_at_least_as_well_as_by_its_last_value() {
    let (mut ours, mut told, mut last) = (0.0, 0.0, 0.0);
    for number in 0..12 {
        let mut luck = Luck::new(Key::new(20_261_123).named("counts").with(number));
        let values = (0..20).map(|year| if year < 10 { 0.0 } else { luck.count(30.0) });
        let quiet = panel(vec![("S1".to_owned(), "", values.collect())]);
        let mut declared = quiet.clone();
        declared.breaks.push(Break {
            area_code: None,
            from: 10,
            to: 19,
            kind: BreakKind::Level,
            reason: String::new(),
            source: String::new(),
        });
        let crps = |panel: &Panel| -> [f64; 2] {
            let tested = backtest(panel, 12, 3, &|| {});
            [Method::Needscast, Method::Naive].map(|method| {
                let of = tested.forecasts.iter().filter(|one| one.method == method);
                of.map(|one| one.crps).sum()
            })
        };
        let [of_quiet, of_last] = crps(&quiet);
        (ours, last) = (ours + of_quiet, last + of_last);
        told += crps(&declared)[0];
    }
    assert!(ours < last, "{ours} and {last}");
    assert!(told < 1.02 * ours, "{told} and {ours}");
}

/// Noughts that counts of the same rate could well have produced are learnt from: of what comes once in two years four
/// noughts before the first say that it is rare, which blanks do not; and so do pauses that come back.
#[test]
fn noughts_by_chance_stay() {
    let rare = [0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 1.0, 2.0, 0.0];
    let yearly = [0.0, 0.0, 0.0, 30.0, 0.0, 0.0, 0.0, 35.0, 28.0];
    for values in [rare, yearly] {
        let first = values.iter().position(|value| *value > 0.0).unwrap();
        let mut blank = values;
        blank[..first].fill(f64::NAN);
        let of = |values: [f64; 9]| {
            let one = panel(vec![("S1".to_owned(), "", values.to_vec())]);
            forecast(&one, 1).remove(0).remove(0)
        };
        assert!(of(values) != of(blank), "{values:?}");
    }
}
