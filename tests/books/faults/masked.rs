//! What a fault keeps back: digits of a row that may hold a count of people, and nothing that is said of every file.

use needscast::report::Cell;

use crate::books::{Question, bytes, row_of, starter, write};

/// A row that may hold a count of people is told without a digit, whatever its unit is misspelt to be and whatever stands
/// for its id; a row that cannot is told as it is, so that it can be found.
#[test]
fn no_digit_of_a_row_that_may_hold_a_count_is_told() {
    let told = |id: &str, value: &str, unit: &str, events: &str| {
        let mut book = starter("Dundee City");
        let row = row_of(&book, "Services", "Id", "throughcare_places");
        for (heading, text) in [
            ("Id", id),
            ("Value", value),
            ("Low", ""),
            ("High", ""),
            ("Unit", unit),
            ("Events", events),
        ] {
            write(&mut book, "Services", (row, heading), Cell::text(text));
        }
        let told = Question::new("xlsx", &bytes(&book, "xlsx")).told();
        assert!(told.contains("error["), "{id}, {value}, {unit}: {told}");
        told
    };
    let id = "throughcare_places";
    for (id, value, unit, events) in [
        (id, "7919 people", "people", ""),
        (id, "7919 people", "count", ""),
        (id, "7919 a year", "per year", ""),
        (id, "7919x", "poeple", ""),
        (id, "7919x", "", ""),
        (id, "0.5x", "share", "7919"),
        (id, "0.7919x", "share", ""),
        ("7919", "-7919", "people", ""),
        ("7919", "x", "people", "7919"),
    ] {
        let told = told(id, value, unit, events);
        assert!(!told.contains("7919"), "{id}, {value}, {unit}: {told}");
    }
    for (value, unit) in [("7919x", "places"), ("7919x", "months")] {
        let told = told(id, value, unit, "");
        assert!(told.contains("7919"), "{value}, {unit}: {told}");
    }
}

/// What the program says of every file is shown whole; what it works out of the row is not.
#[test]
fn what_is_expected_of_every_file_is_not_masked() {
    let mut book = starter("Dundee City");
    for (id, heading, text) in [
        ("throughcare_uptake", "Value", "lots"),
        ("throughcare_completion", "Low", "0.9"),
    ] {
        let row = row_of(&book, "Services", "Id", id);
        write(&mut book, "Services", (row, heading), Cell::text(text));
    }
    let told = Question::new("xlsx", &bytes(&book, "xlsx")).told();
    assert!(told.contains("a number such as 0.25 or 1200"), "{told}");
    assert!(told.contains("at most the value, ·.··"), "{told}");
}
