//! Faults of files and shapes: what is not there, is not TOML, or is of another kind than it should be.

use super::{Case, Copy, check_all};
use needscast::diagnostic::render;

const FILES_AND_SHAPES: &[Case] = &[
    Case {
        name: "a model that is not there",
        edits: &[("scenario.toml", "\"textbook/tiny\"", "\"textbook/tniy\"")],
        code: "E002",
        at: ("scenario.toml", "\"textbook/tniy\"", "\"textbook/tniy\""),
        says: &[
            "no model named `textbook/tniy`",
            "did you mean `textbook/tiny`?",
        ],
    },
    Case {
        name: "not TOML",
        edits: &[(
            "services.toml",
            "need         = \"housing\"",
            "need         = housing\"",
        )],
        code: "E004",
        at: ("services.toml", "need         = housing\"", "housing\""),
        says: &["this is not TOML"],
    },
    Case {
        name: "an unknown key",
        edits: &[("scenario.toml", "years      = 5", "yeers      = 5")],
        code: "E101",
        at: ("scenario.toml", "yeers", "yeers"),
        says: &["unknown key `yeers`", "did you mean `years`?"],
    },
    Case {
        name: "a missing key",
        edits: &[("model.toml", "group = \"liberty\"\n", "")],
        code: "E102",
        at: (
            "model.toml",
            "[[state]]\nid    = \"at_liberty\"",
            "[[state]]",
        ),
        says: &["the key `group` is missing"],
    },
    Case {
        name: "a number where a parameter belongs",
        edits: &[("model.toml", "share = \"conviction_share\"", "share = 0.6")],
        code: "E103",
        at: ("model.toml", "share = 0.6", "0.6"),
        says: &["found: the number 0.6", "numbers live in parameters/*.csv"],
    },
    Case {
        name: "an empty id",
        edits: &[("costs.toml", "id      = \"council\"", "id      = \"\"")],
        code: "E108",
        at: ("costs.toml", "id      = \"\"", "\"\""),
        says: &["`id` is empty"],
    },
    Case {
        name: "an id twice",
        edits: &[(
            "scenario.toml",
            "id    = \"shared\"",
            "id    = \"business-as-usual\"",
        )],
        code: "E109",
        at: (
            "scenario.toml",
            "\"business-as-usual\"\ntitle = \"One service",
            "\"business-as-usual\"",
        ),
        says: &["the option `business-as-usual` stands twice"],
    },
    Case {
        name: "a share and a hazard",
        edits: &[(
            "model.toml",
            "{ to = \"convicted\", share = \"conviction_share\" }",
            "{ to = \"convicted\", share = \"conviction_share\", hazard = \"death_rate\" }",
        )],
        code: "E110",
        at: ("model.toml", "{ to = \"convicted\", share", "{ to"),
        says: &["found: share and hazard"],
    },
    Case {
        name: "a word that is not one of few",
        edits: &[("model.toml", "group = \"liberty\"", "group = \"librety\"")],
        code: "E111",
        at: ("model.toml", "\"librety\"", "\"librety\""),
        says: &["did you mean `liberty`?"],
    },
];

#[test]
fn files_and_shapes() {
    check_all(FILES_AND_SHAPES);
}

#[test]
fn a_missing_file_is_named() {
    let copy = Copy::new();
    std::fs::remove_file(copy.path("profile/population.csv")).unwrap();
    let faults = copy.faults();
    assert_eq!(faults[0].code, "E001");
    assert!(
        faults[0]
            .place
            .as_ref()
            .unwrap()
            .file
            .ends_with("profile/population.csv")
    );
    let missing = needscast::document::read(&copy.folder.path().join("no.toml")).unwrap_err();
    assert_eq!(missing[0].code, "E001");
    assert!(render(&missing).contains("no such file"));
}

#[test]
fn an_empty_scope_of_areas_is_a_fault() {
    let copy = Copy::new();
    copy.edit(
        "scenario.toml",
        "areas      = [\"Northshire\", \"Southshire\"]",
        "areas      = []",
    );
    assert!(copy.faults().iter().any(|fault| fault.code == "E108"));
}
