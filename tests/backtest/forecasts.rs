//! What a forecast may see and what it may not.

use needscast::calibrate::{Backtest, Method, Scored, backtest, forecast};
use needscast::compile::{Break, BreakKind, Panel};

use super::{panel, table};

fn tested(panel: &Panel) -> Backtest {
    backtest(panel, 6, 3, &|| {})
}

/// What was forecast, without what came.
fn forecasts(backtest: &Backtest, before: usize) -> Vec<(Method, usize, usize, usize, [u64; 7])> {
    let known = backtest.forecasts.iter().filter(|f| f.origin <= before);
    known
        .map(|f| {
            (
                f.method,
                f.strand,
                f.origin,
                f.horizon,
                f.quantiles.map(f64::to_bits),
            )
        })
        .collect()
}

#[test]
fn nothing_after_the_origin_changes_a_forecast() {
    let whole = panel(&table(4, 12));
    let expected = tested(&whole);
    for period in 6..12 {
        for (strand, value) in [(0, 0.0), (1, 1e7), (2, 3.75), (3, f64::NAN)] {
            let mut changed = whole.clone();
            changed.strands[strand].values[period] = value;
            changed.is_count = false;
            let found = tested(&changed);
            // An unrecorded target takes its forecasts with it.
            let kept: Vec<_> = forecasts(&expected, period)
                .into_iter()
                .filter(|f| !value.is_nan() || (f.1, f.2 + f.3 - 1) != (strand, period))
                .collect();
            assert_eq!(forecasts(&found, period), kept, "{period} {strand} {value}");
        }
    }
}

#[test]
fn what_is_known_does_change_forecasts() {
    let whole = panel(&table(4, 12));
    let mut changed = whole.clone();
    changed.strands[0].values[5] += 40.0;
    let (before, after) = (tested(&whole), tested(&changed));
    for method in Method::ALL {
        let of = |backtest: &Backtest| {
            let all = forecasts(backtest, 6).into_iter();
            let of_strand = all.filter(|f| f.0 == method && f.1 == 0);
            of_strand.collect::<Vec<_>>()
        };
        assert_ne!(of(&before), of(&after), "{}", method.name());
    }
}

#[test]
fn every_origin_every_horizon_every_method_once() {
    let found = tested(&panel(&table(3, 10)));
    // Origins 6 to 9 have 3, 3, 2 and 1 horizons.
    assert_eq!(found.forecasts.len(), 5 * 3 * (3 + 3 + 2 + 1));
    let mut keys: Vec<_> = found
        .forecasts
        .iter()
        .map(|f| (f.method, f.strand, f.origin, f.horizon))
        .collect();
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), found.forecasts.len());
}

#[test]
fn short_series_begin_earlier_and_say_so() {
    for (n_years, first, n) in [(3, 2, 1), (4, 2, 3), (6, 3, 6), (7, 6, 1), (9, 6, 6)] {
        let found = tested(&panel(&table(1, n_years)));
        assert_eq!(found.first, first, "{n_years} years");
        assert_eq!(found.forecasts.len(), 5 * n, "{n_years} years");
    }
    // The last records of the longer strand are what counts.
    let found = tested(&panel(
        "area_code,period,value\nA,2001,1\nA,2002,2\nA,2003,3\nB,2010,4\n",
    ));
    assert_eq!((found.first, found.forecasts.len()), (2, 5));
}

#[test]
fn every_hostile_record_gives_finite_scores() {
    let years = |values: &[&str]| {
        let rows = values.iter().enumerate();
        let rows = rows.map(|(year, value)| format!("A,{},{value}\n", 2001 + year));
        format!("area_code,period,value\n{}", rows.collect::<String>())
    };
    for values in [
        vec!["0"; 9],
        vec!["7"; 9],
        vec!["1", "2", "3", "4"],
        vec!["0", "0", "0", "5", "0", "0", "0", "1", "0"],
        vec!["5", "", "", "6", "", "7", "", "", "9"],
        vec!["1e12", "0", "1e12", "0", "1e12", "0", "1e12", "0"],
        vec![
            "0.001", "0.002", "0.0015", "0.0011", "0.004", "0.002", "0.003",
        ],
    ] {
        let found = tested(&panel(&years(&values)));
        assert!(!found.forecasts.is_empty(), "{values:?}");
        for f in &found.forecasts {
            let scores = [f.crps, f.log_score, f.interval_score_80(), f.pit];
            assert!(
                scores.iter().all(|score| score.is_finite()),
                "{values:?} {f:?}"
            );
            assert!(f.quantiles.is_sorted(), "{values:?} {f:?}");
            assert!(
                (0.0..=1.0).contains(&f.pit) && f.crps >= 0.0,
                "{values:?} {f:?}"
            );
        }
    }
}

#[test]
fn a_record_that_never_changes_is_foreseen() {
    let whole = table(1, 10);
    let text = whole.lines().skip(1).map(|line| {
        let (keys, _) = line.rsplit_once(',').unwrap();
        format!("{keys},12\n")
    });
    let found = tested(&panel(&format!(
        "area_code,period,value\n{}",
        text.collect::<String>()
    )));
    for f in &found.forecasts {
        assert!(f.scaled_error.is_nan(), "nothing ever changed");
        if f.method == Method::Needscast {
            // Six equal counts do not prove that a seventh must be equal; ours says 12, give or take one.
            let [_, p10, _, median, _, p90, _] = f.quantiles;
            assert!((median - 12.0).abs() < 0.1 && p90 - p10 < 2.5, "{f:?}");
        } else {
            assert_eq!((f.crps, f.interval_score_80()), (0.0, 0.0), "{f:?}");
        }
    }
}

/// Sixteen years of thirty more each, seen to within two: our own method widens for turns and jumps that a line has not.
#[test]
fn a_straight_line_is_soon_left_to_drift() {
    let off = [2, -1, 0, 1, -2, 0, 1];
    let value = |year: usize| 800 + 30 * year as i32 + off[year % 7];
    let rows = (0..16).map(|year| format!("A,{},{}\n", 2001 + year, value(year)));
    let rows: String = rows.collect();
    let found = tested(&panel(&format!("area_code,period,value\n{rows}")));
    // A trend whose slope is the mean of all changes is drift by another name.
    let lines = [Method::Drift, Method::Trend];
    let share = |origin: usize| -> f64 {
        let shares = lines.map(|method| found.blends[&origin].share(method));
        shares.iter().sum()
    };
    assert!(
        share(6) < share(15) && share(15) >= 0.9,
        "{:?}",
        found.blends
    );
    let of = |method: Method| {
        let last = |f: &&Scored| f.method == method && f.origin == 15;
        found.forecasts.iter().find(last).unwrap()
    };
    let (ours, drift) = (of(Method::Needscast), of(Method::Drift));
    assert!((ours.median() - drift.median()).abs() < 1.0);
    let width = |scored: &Scored| scored.quantiles[5] - scored.quantiles[1];
    assert!(width(ours) < 3.0 * width(drift), "{ours:?} {drift:?}");
}

/// Eight areas, each on a line of its own, seen to within two: what one cannot tell so soon the table tells.
#[test]
fn straight_lines_of_a_table_are_left_to_the_trend_they_share() {
    let off = [2, -1, 0, 1, -2, 0, 1];
    let value = |area: usize, year: usize| {
        800 + (10 + 7 * area as i32) * year as i32 + off[(3 * area + year) % 7]
    };
    let row = |area, year| format!("A{area},{},{}\n", 2001 + year, value(area, year));
    let rows = (0..8).flat_map(|area| (0..12).map(move |year| row(area, year)));
    let text = format!("area_code,period,value\n{}", rows.collect::<String>());
    let found = tested(&panel(&text));
    let share = |origin: usize| found.blends[&origin].share(Method::Trend);
    assert!(share(11) > 0.6, "{:?}", found.blends);
    assert!(found.forecasts.iter().all(|f| f.method != Method::Trend));
    let crps = |method: Method| -> f64 {
        let of = found.forecasts.iter().filter(|f| f.method == method);
        of.filter(|f| f.origin >= 9).map(|f| f.crps).sum()
    };
    let (ours, drift) = (crps(Method::Needscast), crps(Method::Drift));
    assert!(ours < 1.5 * drift, "{ours} {drift}");
    // A season is nothing that it knows.
    let months = rows_of_months();
    let found = tested(&panel(&format!("area_code,period,value\n{months}")));
    assert!(
        found
            .blends
            .values()
            .all(|blend| blend.share(Method::Trend) == 0.0)
    );
}

/// Three years of months on a line, of two areas.
fn rows_of_months() -> String {
    let month = |index: usize| format!("{}-{:02}", 2001 + index / 12, 1 + index % 12);
    let row = |area: usize, at: usize| format!("A{area},{},{}\n", month(at), 300 + 9 * at + area);
    let rows = (0..2).flat_map(|area| (0..36).map(move |at| row(area, at)));
    rows.collect()
}

/// A count that goes up and down by 3% a year, and from 2011 on the given values; in the last two years known it has
/// halved.
fn abolished() -> Panel {
    let values = [
        1000, 1030, 990, 1015, 985, 1020, 1000, 1025, 980, 1010, 505, 250,
    ];
    let rows = values.iter().enumerate();
    let rows = rows.map(|(year, value)| format!("A,{},{value}\n", 2001 + year));
    panel(&format!(
        "area_code,period,value\n{}",
        rows.collect::<String>()
    ))
}

#[test]
fn what_is_declared_to_end_is_foreseen_to_run_out() {
    let untold = abolished();
    let declared = |from: usize, to: usize| Panel {
        breaks: vec![Break {
            area_code: None,
            from,
            to,
            kind: BreakKind::Ending,
            reason: String::new(),
            source: String::new(),
        }],
        ..untold.clone()
    };
    let medians = |panel: &Panel, n: usize| -> Vec<f64> {
        let ahead = forecast(&panel.known_at(n), 3).remove(0);
        ahead.iter().map(|of| of.quantile(0.5)).collect()
    };
    let told = medians(&declared(10, 11), 12);
    // Of what is left, half is the median of what is left a year later.
    for (ahead, median) in told.iter().enumerate() {
        let halved = 250.0 * 0.5_f64.powi(ahead as i32 + 1);
        assert!((0.5..1.6).contains(&(median / halved)), "{told:?}");
    }
    assert!(medians(&untold, 12)[0] > 1.2 * told[0]);
    // Before it begins nobody knows of it, and after it is over nothing runs out.
    assert_eq!(medians(&declared(10, 11), 10), medians(&untold, 10));
    assert!(medians(&declared(9, 10), 12)[0] > 200.0);
}
