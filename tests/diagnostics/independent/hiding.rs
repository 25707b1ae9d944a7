//! Two slips are two faults: neither hides the other.

use needscast::diagnostic::render;

use super::{AREAS, OF_CUSTODY, PEOPLE, SCENARIO, TABLE, each, edited, exactly};

const IN_NOWHERE: &str =
    "areas = [\"Nowhereshire\"]\nfrom = \"2027-04\"\nparameter = \"custody_share\"";

const PLACES: &str = "places      = { set = 36, source = \"a paper\" }";

#[test]
fn an_unknown_area_hides_no_other_name_of_its_change() {
    each(&[
        (
            "service",
            &[(
                SCENARIO,
                "service     = \"homes\"",
                "areas = [\"Nowhereshire\"]\nservice = \"zzzz\"",
            )],
            &["E201", "E205"],
        ),
        (
            "parameter",
            &[(
                SCENARIO,
                OF_CUSTODY,
                "areas = [\"Nowhereshire\"]\nfrom = \"2027-04\"\nparameter = \"zzzz\"",
            )],
            &["E201", "E203"],
        ),
        (
            "rule",
            &[(
                SCENARIO,
                "rule   = \"release.short\"",
                "areas = [\"Nowhereshire\"]\nrule = \"zzzz\"",
            )],
            &["E201", "E208"],
        ),
        (
            "where",
            &[
                (SCENARIO, OF_CUSTODY, IN_NOWHERE),
                (SCENARIO, "sex = \"women\"", "sex = \"zzzz\""),
            ],
            &["E201", "E209"],
        ),
    ]);
}

#[test]
fn an_unreadable_file_hides_only_what_needs_it() {
    let broken = "[[rule";
    let of_age = "opening_age,,,over-30,,,0.4";
    let share = [(TABLE, of_age, "opening_age,,,over-30,,,0.3")];
    let misspelt = [(
        SCENARIO,
        "parameter = \"custody_share\"",
        "parameter = \"custody_shar\"",
    )];
    for (name, edits, codes) in [
        ("shares", &share, ["E004", "E403"]),
        ("a slip", &misspelt, ["E004", "E203"]),
    ] {
        let copy = edited(edits);
        copy.write("rules.toml", broken.as_bytes());
        exactly(name, &copy, &codes);
    }
    let copy = edited(&[(
        "costs.toml",
        "measure   = \"prison_population\"",
        "measure = \"zzzz\"",
    )]);
    copy.write("profile/recorded.csv", b"\xff");
    exactly("a measure", &copy, &["E003", "E204"]);
    let copy = edited(&share);
    let folder = copy.path("parameters/other.csv");
    std::fs::write(folder, "id,value\n").unwrap();
    let faults = copy.faults();
    assert!(
        faults.iter().any(|fault| fault.code == "E403"),
        "{}",
        render(&faults)
    );
    let copy = edited(&[(
        TABLE,
        "opening_age,,,over-30,,,0.4,,,,,,share,2023-24,a textbook,official,\n",
        "",
    )]);
    std::fs::remove_file(copy.path(AREAS)).unwrap();
    exactly("a combination without areas", &copy, &["E001", "E308"]);
}

#[test]
fn a_bad_number_hides_nothing_of_its_change() {
    each(&[
        (
            "text",
            &[(SCENARIO, PLACES, "places = { set = \"many\" }")],
            &["E103", "E504"],
        ),
        (
            "part",
            &[(SCENARIO, PLACES, "places = { set = 3.5 }")],
            &["E504", "E505"],
        ),
        (
            "nan",
            &[(SCENARIO, PLACES, "places = { set = nan }")],
            &["E302", "E504"],
        ),
        (
            "neither",
            &[(SCENARIO, "set    = 0.3\nsource = \"a Bill\"", "")],
            &["E110", "E504"],
        ),
        ("no table", &[(SCENARIO, PLACES, "places = 36")], &["E103"]),
        (
            "years",
            &[
                (SCENARIO, "years      = 5", "years = \"five\""),
                (
                    SCENARIO,
                    OF_CUSTODY,
                    "from = \"2019-04\"\nparameter = \"custody_share\"",
                ),
            ],
            &["E103", "E501"],
        ),
        (
            "no years",
            &[
                (SCENARIO, "years      = 5", ""),
                (
                    SCENARIO,
                    OF_CUSTODY,
                    "from = \"2019-04\"\nparameter = \"custody_share\"",
                ),
            ],
            &["E102", "E501"],
        ),
        (
            "two of them",
            &[
                (
                    SCENARIO,
                    OF_CUSTODY,
                    "from = \"2027-04\"\nrule = \"release.short\"\nparameter = \"custody_share\"",
                ),
                (SCENARIO, "multiply  = 0.8", "multiply = -0.8"),
            ],
            &["E110", "E303"],
        ),
        (
            "none of them",
            &[
                (SCENARIO, "service     = \"homes\"\n", ""),
                (SCENARIO, "set = 36", "set = -36"),
            ],
            &["E110", "E303"],
        ),
    ]);
}

#[test]
fn a_change_of_what_nothing_uses_is_named_beside_a_slip_elsewhere() {
    let row = "custody_share,,women,,,,0.1";
    let unused = "idle,,,,,,0.1,,,,,,share,2023-24,a textbook,study,\ncustody_share,,women,,,,0.1";
    each(&[(
        "idle",
        &[
            (TABLE, row, unused),
            (
                SCENARIO,
                "parameter = \"custody_share\"\nwhere     = { sex = \"women\" }",
                "parameter = \"idle\"",
            ),
            (SCENARIO, "title      =", "titel      ="),
        ],
        &["E101", "E503"],
    )]);
}

#[test]
fn what_has_no_effect_hides_no_bad_number_and_no_missing_source() {
    let row = "custody_share,,women,,,,0.1";
    let unused = "idle,,,,,,0.1,,,,,,share,2023-24,a textbook,study,\ncustody_share,,women,,,,0.1";
    let of_idle = "parameter = \"custody_share\"\nwhere     = { sex = \"women\" }";
    let straddling = (PEOPLE, "T01,2024,women,16,30,", "T01,2024,women,10,30,");
    each(&[
        (
            "idle and negative",
            &[
                (TABLE, row, unused),
                (SCENARIO, of_idle, "parameter = \"idle\""),
                (SCENARIO, "multiply  = 0.8", "multiply = -1"),
            ],
            &["E303", "E503"],
        ),
        (
            "nothing said of an unknown service",
            &[(
                SCENARIO,
                "[[option.cost]]",
                "[[option.change]]\nfrom = \"2027-04\"\nservice = \"zzzz\"\n\n[[option.cost]]",
            )],
            &["E205", "E503"],
        ),
        (
            "a pool of an unknown service without a source",
            &[(
                SCENARIO,
                "[[option.cost]]",
                "[[option.change]]\nfrom = \"2027-04\"\nservice = \"zzzz\"\narrangement = { local = true }\n\n[[option.cost]]",
            )],
            &["E205", "E504"],
        ),
        (
            "a straddling band and too many years",
            &[straddling, (SCENARIO, "years      = 5", "years = 50")],
            &["E407", "E409"],
        ),
    ]);
}
