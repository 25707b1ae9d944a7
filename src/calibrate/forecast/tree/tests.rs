//! Wholes, groups, exposures and breaks on the tree.

use super::*;
use crate::calibrate::specimen::panel;
use crate::compile::Break;

fn tree(panel: &Panel, exposures: Option<&[Vec<f64>]>) -> Tree {
    let values: Vec<Vec<f64>> = panel.strands.iter().map(|s| s.values.clone()).collect();
    Tree::of(panel, &values, exposures, wholes(panel, &values))
}

#[test]
fn a_country_among_its_councils_stands_for_them() {
    let panel = panel(&[
        ("S1", "", &[10.0, 20.0]),
        ("S2", "", &[30.0, 40.0]),
        ("S9", "", &[40.5, 60.0]),
    ]);
    let tree = tree(&panel, None);
    assert_eq!(tree.is_whole, [false, false, true]);
    assert_eq!(tree.root.values, [40.5, 60.0], "counted once");
    assert!(tree.groups.is_empty());
    // A share is set against the whole.
    assert_eq!(tree.leaves[0].exposures, [40.5, 60.0]);
}

#[test]
fn a_country_of_what_had_not_begun_stands_for_its_councils() {
    let panel = panel(&[
        ("S1", "", &[0.0, 0.0, 10.0, 20.0]),
        ("S2", "", &[0.0, 0.0, 30.0, 40.0]),
        ("S9", "", &[0.0, 0.0, 40.0, 60.0]),
    ]);
    assert_eq!(tree(&panel, None).is_whole, [false, false, true]);
}

#[test]
fn what_is_three_per_cent_more_than_the_others_is_no_whole() {
    let panel = panel(&[
        ("S1", "", &[10.0, 20.0]),
        ("S2", "", &[30.0, 40.0]),
        ("S9", "", &[41.3, 60.0]),
    ]);
    let tree = tree(&panel, None);
    assert_eq!(tree.is_whole, [false; 3]);
    assert_eq!(tree.root.values, [81.3, 120.0]);
}

#[test]
fn a_total_among_the_strata_of_one_area_stands_for_them() {
    let panel = panel(&[
        ("S9", "", &[9.0, 11.0]),
        ("S9", "sex=men", &[7.0, 8.0]),
        ("S9", "sex=women", &[2.0, 3.0]),
    ]);
    let tree = tree(&panel, None);
    assert_eq!(tree.is_whole, [true, false, false]);
    assert_eq!(tree.root.values, [9.0, 11.0]);
}

#[test]
fn areas_are_shares_of_their_stratum_and_strata_of_the_total() {
    let panel = panel(&[
        ("S1", "men", &[10.0, 20.0]),
        ("S1", "women", &[1.0, 2.0]),
        ("S2", "men", &[30.0, 40.0]),
        ("S2", "women", &[3.0, 5.0]),
    ]);
    let tree = tree(&panel, None);
    assert_eq!(tree.group_of, [Some(0), Some(1), Some(0), Some(1)]);
    assert_eq!(tree.groups[0].values, [40.0, 60.0]);
    assert_eq!(tree.groups[0].exposures, [44.0, 67.0]);
    assert_eq!(tree.leaves[3].exposures, [4.0, 7.0]);
}

#[test]
fn with_exposures_a_part_is_set_against_what_it_would_have_at_the_rate_of_the_whole() {
    let panel = panel(&[("S1", "", &[10.0, 20.0]), ("S2", "", &[30.0, 40.0])]);
    let exposures = [vec![100.0, 100.0], vec![300.0, 0.0]];
    let tree = tree(&panel, Some(&exposures));
    assert_eq!(tree.root.exposures, [400.0, 100.0]);
    assert_eq!(tree.leaves[0].exposures, [10.0, 60.0]);
    // Where nobody is exposed nothing is learnt.
    assert!(tree.leaves[1].values[1].is_nan());
    assert_eq!(tree.leaves[1].exposures[0], 30.0);
    assert!(tree.leaves[1].exposures[1] > 0.0);
}

#[test]
fn gaps_are_guessed_in_sums_unless_they_are_most_of_them() {
    let nan = f64::NAN;
    let panel = panel(&[
        ("S1", "", &[10.0, nan, 12.0]),
        ("S2", "", &[30.0, 31.0, nan]),
        ("S3", "", &[nan, nan, nan]),
    ]);
    let tree = tree(&panel, None);
    assert_eq!(tree.root.values[..2], [40.0, 41.0]);
    assert!(tree.root.values[2].is_nan(), "12 of 43 are known");
    assert!(tree.leaves[0].values[1].is_nan(), "no guess is learnt from");
    assert!(tree.leaves[2].values.iter().all(|value| value.is_nan()));
}

#[test]
fn a_break_of_all_is_the_totals_and_one_of_an_area_its_share() {
    let mut panel = panel(&[("S1", "", &[1.0; 4]), ("S2", "", &[2.0; 4])]);
    let declared = |area: Option<&str>, from, to, kind| Break {
        area_code: area.map(str::to_owned),
        from,
        to,
        kind,
        reason: String::new(),
        source: String::new(),
    };
    panel.breaks = vec![
        declared(None, 1, 2, BreakKind::Disrupted),
        declared(Some("S2"), 2, 3, BreakKind::Level),
        // Of more periods than are recorded.
        declared(Some("S1"), 3, 9, BreakKind::Ending),
    ];
    let tree = tree(&panel, None);
    let disrupted = Some(BreakKind::Disrupted);
    assert_eq!(tree.root.breaks, [None, disrupted, disrupted, None]);
    let ending = Some(BreakKind::Ending);
    assert_eq!(tree.leaves[0].breaks, [None, None, None, ending]);
    assert_eq!(
        tree.leaves[1].breaks,
        [None, None, Some(BreakKind::Level), None],
        "a level begins once"
    );
}
