//! Tables of every shape, and the panels they are.

use needscast::compile::{BreakKind, Panel};
use needscast::quantity::Cadence;

use super::{compiled, panel};

/// Values by strand, with what is not recorded as -1.
fn values(panel: &Panel) -> Vec<Vec<f64>> {
    let shown = |value: &f64| if value.is_nan() { -1.0 } else { *value };
    let strands = panel.strands.iter();
    strands
        .map(|strand| strand.values.iter().map(shown).collect())
        .collect()
}

#[test]
fn periods_of_every_kind_follow_each_other() {
    for (periods, cadence, last) in [
        (["2019", "2020", "2022"], Cadence::Year, "2022"),
        (
            ["2019-20", "2020/21", "2022/2023"],
            Cadence::Year,
            "2022-23",
        ),
        (
            ["2019-Q4", "2020 Q1", "2020-Q3"],
            Cadence::Quarter,
            "2020-Q3",
        ),
        (
            ["2019-11", "2019-12-31", "2020M02"],
            Cadence::Month,
            "2020-02",
        ),
        (["2009-10", "2010-11", "2012-13"], Cadence::Year, "2012-13"),
        (["2009-09", "2009-10", "2009-12"], Cadence::Month, "2009-12"),
    ] {
        let [a, b, c] = periods;
        let found = panel(&format!(
            "area_code,period,value\nA,{a},1\nA,{b},2\nA,{c},4\n"
        ));
        assert_eq!(found.cadence, cadence, "{periods:?}");
        assert_eq!(found.periods.len(), 4, "{periods:?}");
        assert_eq!(found.periods[3], last, "{periods:?}");
        assert_eq!(values(&found), [[1.0, 2.0, -1.0, 4.0]], "{periods:?}");
    }
}

#[test]
fn spreadsheets_and_the_order_of_rows_change_nothing() {
    let plain = "area_code,period,value,unit\nB,2001,5,people\nB,2002,6,people\nB,2003,7,people\nA,2001,1,people\nA,2002,2,people\nA,2003,3,people\n";
    let expected = panel(plain);
    assert_eq!(values(&expected), [[1.0, 2.0, 3.0], [5.0, 6.0, 7.0]]);
    let mut lines: Vec<&str> = plain.lines().collect();
    lines[1..].reverse();
    let reversed = lines.join("\n");
    let marked = format!("\u{feff}{}\r\n\r\n", plain.replace('\n', "\r\n"));
    for text in [reversed.as_str(), &marked] {
        assert_eq!(panel(text), expected);
    }
}

#[test]
fn what_is_not_recorded_is_blank_or_said_so() {
    let found = panel(
        "area_code,period,value\nA,2001,NA\nA,2002,2\nA,2003,\nA,2004,[c]\nA,2005,0\nA,2006,3\nA,2007,n/a\n",
    );
    // Before the first and after the last record there is nothing.
    assert_eq!(found.periods, ["2002", "2003", "2004", "2005", "2006"]);
    assert_eq!(values(&found), [[2.0, -1.0, -1.0, 0.0, 3.0]]);
    let all = compiled(
        "area_code,period,value\nA,2001,1\nA,2002,\nA,2003,3\nA,2004,4\n",
        &[],
        None,
    );
    let notes = all.unwrap().notes;
    let said = "arrivals.csv:3: arrivals: 1 figure is not recorded: A, 2002; it is neither learned from nor scored";
    assert!(notes.len() == 1 && notes[0].ends_with(said), "{notes:?}");
    let without = "area_code,period,value\nA,2001,1\nA,2004,4\nA,2005,5\n";
    let notes = compiled(without, &[], None).unwrap().notes;
    let said = "arrivals.csv: arrivals: 2 figures are not recorded, the first of A, 2002 (no row); they are neither learned from nor scored";
    assert!(notes.len() == 1 && notes[0].ends_with(said), "{notes:?}");
}

#[test]
fn one_odd_month_among_quarters_is_told() {
    let quarters =
        "area_code,period,value\nA,2019-01,1\nA,2019-04,2\nA,2019-07,3\nA,2019-10,4\nA,2020-01,5\n";
    assert!(compiled(quarters, &[], None).unwrap().notes.is_empty());
    let notes = compiled(&quarters.replace("2019-10", "2019-11"), &[], None);
    let notes = notes.unwrap().notes;
    let said = "arrivals.csv:5: arrivals: without `2019-11` this were a series of quarters; with it, it is one of months";
    assert!(notes.iter().any(|note| note.ends_with(said)), "{notes:?}");
}

#[test]
fn a_break_of_an_area_that_is_not_there_is_named_with_its_place() {
    let text = "area_code,period,value\nS12000041,2001,1\nS12000041,2002,2\nS12000041,2003,3\n";
    let breaks = "series,area_code,from,to,kind,reason,source\n,S12000041,2002,,level,x,y\n,S1200041,2002,,level,x,y\nother,ZZ,2002,,level,x,y\n";
    let notes = compiled(text, &[], Some(breaks)).unwrap().notes;
    let said = "breaks.csv:3: no area is called `S1200041`, so this break is of none; did you mean `S12000041`?";
    assert!(notes.iter().any(|note| note.ends_with(said)), "{notes:?}");
    assert!(!notes.iter().any(|note| note.contains("ZZ")), "{notes:?}");
}

#[test]
fn columns_that_are_needed_part_an_area() {
    let text = "area_code,area_name,period,sex,flag,value\nA,Angus,2001,men,x,1\nA,Angus,2001,women,y,2\nA,Angus,2002,men,x,3\nA,Angus,2002,women,y,4\nA,Angus,2003,men,x,5\nA,Angus,2003,women,y,6\n";
    let found = panel(text);
    let strata: Vec<&str> = found.strands.iter().map(|s| s.stratum.as_str()).collect();
    assert_eq!(strata, ["sex=men", "sex=women"]);
    assert_eq!(found.strands[0].area_name, "Angus");
    let asked = compiled(&text.replace("sex,", "who,"), &["who"], None).unwrap();
    assert_eq!(asked.panels[0].strands[1].stratum, "who=women");
    // A mark of provisional figures does not part the years from each other.
    let provisional =
        "area_code,period,status,value\nA,2001,final,1\nA,2002,final,2\nA,2003,provisional,3\n";
    let found = compiled(provisional, &[], None).unwrap();
    assert_eq!(values(&found.panels[0]), [[1.0, 2.0, 3.0]]);
    assert!(
        found.notes[0].contains("`--by status` would"),
        "{:?}",
        found.notes
    );
}

#[test]
fn series_are_panels_of_their_own() {
    let text = "measure,area_code,period,value,unit\nb,A,2001,1,x\nb,A,2002,2,x\nb,A,2003,3,x\na,A,2001-Q1,1.25,y\na,A,2001-Q2,2,y\na,A,2001-Q3,3,y\nc,A,2001,1,x\n";
    let found = compiled(text, &[], None).unwrap();
    let names: Vec<&str> = found.panels.iter().map(|p| p.series.as_str()).collect();
    assert_eq!(names, ["a", "b"]);
    assert_eq!(found.panels[0].unit, "y");
    assert!(!found.panels[0].is_count && found.panels[1].is_count);
    assert_eq!(found.panels[0].resolution, 0.01);
    assert!(
        found.notes[0].starts_with("c: left out"),
        "{:?}",
        found.notes
    );
    let years = "area_code,period,value\nA,2018-19,1\nA,2019-20,2\nA,2020-21,3\nA,2020-04,4\nA,2020-05,5\nA,2020-06,6\n";
    let found = compiled(years, &[], None).unwrap();
    let names: Vec<&str> = found.panels.iter().map(|p| p.series.as_str()).collect();
    assert_eq!(names, ["arrivals (financial years)", "arrivals (months)"]);
}

#[test]
fn an_origin_sees_only_what_had_been_published() {
    let text = "area_code,period,value,exposure,vintage\nA,2001,10,100,2002-06-30\nA,2002,20,100,2003-06-30\nA,2001,11,110,2003-06-30\nA,2003,30,100,2004-06-30\nA,2002,99,100,2005-01-01\n";
    let found = panel(text);
    assert_eq!(values(&found), [[11.0, 99.0, 30.0]]);
    assert_eq!(values(&found.known_at(1)), [[10.0]]);
    assert_eq!(values(&found.known_at(2)), [[11.0, 20.0]]);
    assert_eq!(values(&found.known_at(3)), [[11.0, 20.0, 30.0]]);
    let exposure = |n: usize| found.known_at(n).strands[0].exposure.clone().unwrap()[0];
    assert_eq!((exposure(1), exposure(2)), (100.0, 110.0));
    // What is known later of what was known earlier is the same.
    assert_eq!(found.known_at(3).known_at(2), found.known_at(2));
    assert_eq!(found.known_at(3).known_at(2).strands[0].published.len(), 3);
}

#[test]
fn breaks_are_known_from_their_beginning_on() {
    let breaks = "series,area_code,from,to,kind,reason,source\narrivals;other,,2002-04,2003-12,disrupted,Flood,P\n,B,2003,,level,New forms,P\nother,,2001,2002,disrupted,Fire,P\n,,1990,1999,disrupted,Long ago,P\n";
    let text = super::table(2, 5).replace("S00", "A").replace("S01", "B");
    let found = compiled(&text, &[], Some(breaks)).unwrap().panels.remove(0);
    let shown: Vec<_> = found
        .breaks
        .iter()
        .map(|b| (b.from, b.to, b.kind))
        .collect();
    assert_eq!(
        shown,
        [(1, 2, BreakKind::Disrupted), (2, 4, BreakKind::Level)]
    );
    assert_eq!(found.breaks[1].area_code.as_deref(), Some("B"));
    let known: Vec<_> = found
        .known_at(2)
        .breaks
        .iter()
        .map(|b| (b.from, b.to))
        .collect();
    assert_eq!(known, [(1, 1)]);
    assert!(found.known_at(1).breaks.is_empty());
    let is_disrupted =
        |strand: usize, period: usize| found.is_disrupted(&found.strands[strand], period);
    assert_eq!(
        [0, 1, 2, 3].map(|period| is_disrupted(1, period)),
        [false, true, true, false]
    );
}

#[test]
fn a_break_of_no_series_is_told_with_its_place() {
    let breaks = "series,area_code,from,to,kind,reason,source\narrivals,,2002,2003,disrupted,Flood,P\narivals,,2002,2003,disrupted,Flood,P\nother;crimes,,2002,2003,disrupted,Flood,P\n";
    let found = compiled(&super::table(2, 5), &[], Some(breaks)).unwrap();
    assert_eq!(found.panels[0].breaks.len(), 1);
    let slip = found.notes.iter().find(|note| note.contains("`arivals`"));
    let slip = slip.unwrap();
    assert!(
        slip.contains("breaks.csv:3:") && slip.contains("did you mean `arrivals`?"),
        "{slip}"
    );
    let others = found.notes.iter().find(|note| note.contains("passed over"));
    assert!(
        others.unwrap().ends_with("crimes, other"),
        "{:?}",
        found.notes
    );
    assert_eq!(found.notes.len(), 2);
}
