//! Faults of the rule by which local counts are made safe to publish.

use super::{Case, check_all};

/// A case of text put after the scenario's last line.
macro_rules! added {
    ($name:expr, $text:expr, $words:expr, $code:expr, $says:expr) => {
        Case {
            name: $name,
            edits: &[(
                "scenario.toml",
                "price_year = \"2023-24\"\nsource     = \"a paper\"",
                concat!(
                    "price_year = \"2023-24\"\nsource     = \"a paper\"\n[disclosure]\n",
                    $text
                ),
            )],
            code: $code,
            at: ("scenario.toml", $text, $words),
            says: $says,
        }
    };
}

const CASES: &[Case] = &[
    added!(
        "a limit that protects nobody",
        "below = 2",
        "2",
        "E971",
        &["3 to 1000"]
    ),
    added!(
        "half a person",
        "below = 5.5",
        "5.5",
        "E971",
        &["a whole number"]
    ),
    added!(
        "a base that subtraction sees through",
        "below = 10\nround_to = 5",
        "5",
        "E971",
        &["which is 10", "subtraction"]
    ),
    added!(
        "a rule and none",
        "off = \"for us alone\"\nbelow = 10",
        "\"for us alone\"",
        "E971",
        &["either `below` and `round_to`, or `off`"]
    ),
    added!("no reason", "off = \"\"", "\"\"", "E108", &["empty"]),
    added!(
        "a switch that is none",
        "off = true",
        "true",
        "E103",
        &["a text in quotes"]
    ),
];

#[test]
fn disclosure() {
    check_all(CASES);
}
