//! What compiling finds out beside faults: what options differ in and from when on, and what moves between two years.

use super::groups::{Groups, Span};
use super::options::first_difference;
use super::*;
use crate::quantity::Month;

fn tiny() -> Plan {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let tiny = root.join("models/textbook/tiny/scenario.toml");
    let documents = crate::document::read(&tiny).expect("a sound scenario");
    compile(&documents).expect("a sound plan")
}

#[test]
fn needs_are_told_by_set_where_there_are_two_to_five() {
    let told = (0..8).map(tells_sets);
    let expected = [false, false, true, true, true, true, false, false];
    assert_eq!(told.collect::<Vec<_>>(), expected);
}

/// Places that are kept for somebody are a difference from when on they are; none that are kept are none.
#[test]
fn an_option_that_only_keeps_places_differs_from_then_on() {
    let plan = tiny();
    let (sooner, later) = (plan.start, plan.start.plus(6));
    let mut option = plan.options[plan.comparator].clone();
    assert_eq!(first_difference(&option), None);
    option.guaranteed = vec![vec![(sooner, vec![0, 0]), (later, vec![0, 2])]];
    assert_eq!(first_difference(&option), Some(later));
}

/// Rates walk from the start of the forecast on: years that end before it have no walk between them.
#[test]
fn rates_have_not_walked_before_the_forecast_begins() {
    let mut plan = tiny();
    plan.inflows[0].walk = Some(0);
    let walks = |until: Month| {
        let span = Span {
            at: until.plus(-13),
            from: until.plus(-12),
            until,
        };
        let moved = Groups::of(&plan).moved_since(&plan.options[0], span);
        let mut walks = moved.iter().filter(|moved| moved.driver == Driver::Rates);
        walks.any(|moved| moved.words.contains("walk of the rate"))
    };
    assert!(!walks(plan.start));
    assert!(walks(plan.start.plus(12)));
}
