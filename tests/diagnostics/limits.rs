//! Figures that cannot be: counts below nought, areas and years that do not exist, more people than there are.

use super::{Case, check_all};

const LIMITS: &[Case] = &[
    Case {
        name: "a recorded count below nought",
        edits: &[(
            "profile/recorded.csv",
            "2024-25,,21,people",
            "2024-25,,-21,people",
        )],
        code: "E303",
        at: ("profile/recorded.csv", "2024-25,,-21,people", "-21"),
        says: &["only money may be below 0", "found: -21"],
    },
    Case {
        name: "a recorded figure of an unknown area",
        edits: &[(
            "profile/recorded.csv",
            "prison_population,T02,",
            "prison_population,T03,",
        )],
        code: "E201",
        at: (
            "profile/recorded.csv",
            "prison_population,T03,",
            "prison_population",
        ),
        says: &["unknown area code `T03`", "did you mean `T0"],
    },
    Case {
        name: "a price year that is none",
        edits: &[(
            "deflators.csv",
            "2024-25,104,a textbook",
            "2024-25,104,a textbook\n2025-27,106,a textbook",
        )],
        code: "E306",
        at: ("deflators.csv", "2025-27,106", "2025-27"),
        says: &["not a financial year"],
    },
    Case {
        name: "a day that is none",
        edits: &[("rules.toml", "\"2025-10\"", "\"2025-02-31\"")],
        code: "E306",
        at: ("rules.toml", "\"2025-02-31\"", "\"2025-02-31\""),
        says: &["found: \"2025-02-31\""],
    },
    Case {
        name: "more people than can be simulated",
        edits: &[(
            "parameters/tiny.csv",
            "report_rate,,men,16-30,,,0.05,",
            "report_rate,,men,16-30,,,9000,",
        )],
        code: "E315",
        at: (
            "model.toml",
            "[\"report_rate\", \"report_area\"]",
            "[\"report_rate\", \"report_area\"]",
        ),
        says: &["a month over all areas"],
    },
];

#[test]
fn figures_that_cannot_be() {
    check_all(LIMITS);
}

#[test]
fn deflators_without_rows_are_none_where_prices_differ() {
    let copy = super::Copy::new();
    std::fs::write(copy.path("deflators.csv"), "year,index,source\n").unwrap();
    copy.edit(
        "scenario.toml",
        "price_year = \"2024-25\"",
        "price_year = \"2023-24\"",
    );
    let faults = copy.faults();
    let named = faults.iter().find(|fault| {
        fault
            .place
            .as_ref()
            .is_some_and(|p| p.file.ends_with("deflators.csv"))
    });
    assert!(
        named.is_some_and(|fault| fault.code == "E001"),
        "{faults:#?}"
    );
}

#[test]
fn a_population_without_a_column_hides_no_fault_of_the_scenario() {
    let copy = super::Copy::new();
    copy.edit("profile/population.csv", "age_from", "age_fom");
    copy.edit(
        "scenario.toml",
        "\"Northshire\", \"Southshire\"]\nstart",
        "\"Northshire\", \"Nowhereshire\"]\nstart",
    );
    let codes: Vec<&str> = copy.faults().iter().map(|fault| fault.code).collect();
    assert!(
        codes.contains(&"E104") && codes.contains(&"E201"),
        "{codes:?}"
    );
}
