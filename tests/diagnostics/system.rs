//! Faults of the system as a whole: shares that do not add up, ways that lead nowhere, years without people, more needs
//! and services than there may be; and warnings, which stop nothing.

use super::{Case, Copy, check_all};
use needscast::diagnostic::render;

const SYSTEM: &[Case] = &[
    Case {
        name: "shares above one",
        edits: &[(
            "parameters/tiny.csv",
            "custody_area,Northshire,,,,2025-04,1.2,1,1.5",
            "custody_area,Northshire,,,,2025-04,5.5,1,6.5",
        )],
        code: "E401",
        at: (
            "model.toml",
            "[[state]]\nid       = \"convicted\"",
            "[[state]]",
        ),
        says: &["1.100000 for Northshire, men in 2025-04"],
    },
    Case {
        name: "shares above one under an option",
        edits: &[(
            "scenario.toml",
            "where     = { sex = \"women\" }\nmultiply  = 0.8",
            "where     = { sex = \"women\" }\nmultiply  = 9.0",
        )],
        code: "E401",
        at: (
            "model.toml",
            "[[state]]\nid       = \"convicted\"",
            "[[state]]",
        ),
        says: &["for Northshire, women in 2027-04 under the option `shared`"],
    },
    Case {
        name: "shares below one without a rest",
        edits: &[(
            "model.toml",
            "share = \"rest\", counts",
            "share = \"health_need\", counts",
        )],
        code: "E401",
        at: ("model.toml", "[[state]]\nid    = \"reported\"", "[[state]]"),
        says: &["1.100000 for everyone in 2024-04"],
    },
    Case {
        name: "an exit alone below one",
        edits: &[
            (
                "model.toml",
                "  { to = \"leaves\", share = \"rest\", counts = \"not-convicted\" },\n",
                "",
            ),
            (
                "outcomes.toml",
                "departures = [\"not-convicted\"]",
                "entries = []",
            ),
        ],
        code: "E402",
        at: ("model.toml", "[[state]]\nid    = \"reported\"", "[[state]]"),
        says: &["0.600000 for everyone"],
    },
    Case {
        name: "entrant priors that do not sum to one",
        edits: &[
            (
                "parameters/tiny.csv",
                "entrant_priors,,,,1+,,0.3",
                "entrant_priors,,,,1+,,0.2",
            ),
            (
                "model.toml",
                "priors = \"entrant_priors\" }",
                "priors = \"entrant_priors\" } # as of entrants",
            ),
        ],
        code: "E403",
        at: (
            "model.toml",
            "priors = \"entrant_priors\"\n",
            "\"entrant_priors\"",
        ),
        says: &["0.900000 for everyone"],
    },
    Case {
        name: "more than the country",
        edits: &[(
            "parameters/tiny.csv",
            "opening_area,Southshire,,,,,0.5",
            "opening_area,Southshire,,,,,0.6",
        )],
        code: "E403",
        at: ("model.toml", "area = \"opening_area\"", "\"opening_area\""),
        says: &["found: 1.100000"],
    },
    Case {
        name: "a ring without time",
        edits: &[(
            "model.toml",
            "{ to = \"leaves\", share = \"rest\", counts",
            "{ to = \"reported\", share = \"rest\", counts",
        )],
        code: "E404",
        at: ("model.toml", "id    = \"reported\"", "\"reported\""),
        says: &["found: reported → reported"],
    },
    Case {
        name: "a stay without exits",
        edits: &[(
            "model.toml",
            "exits   = [{ to = \"at_liberty\", share = \"rest\" }]\n",
            "",
        )],
        code: "E405",
        at: (
            "model.toml",
            "{ fixed = [\"sentence\", \"release.short\"] }",
            "{ fixed",
        ),
        says: &["`custody` ends and leads nowhere"],
    },
    Case {
        name: "an open state without hazards",
        edits: &[("model.toml", "stay  = \"clock\"", "stay  = \"open\"")],
        code: "E406",
        at: ("model.toml", "\"open\"", "\"open\""),
        says: &["nobody can leave `at_liberty`"],
    },
    Case {
        name: "a horizon outside the population table",
        edits: &[("scenario.toml", "years      = 5", "years      = 7")],
        code: "E407",
        at: ("scenario.toml", "years      = 7", "7"),
        says: &["a last month in 2030 or earlier", "found: 2032-03"],
    },
    Case {
        name: "a run that begins without population",
        edits: &[
            (
                "model.toml",
                "history_from = \"2024-04\"",
                "history_from = \"2020-04\"",
            ),
            ("parameters/tiny.csv", "2024-04,1,", "2020-04,1,"),
            (
                "parameters/tiny.csv",
                "Southshire,,,,2024-04,1,",
                "Southshire,,,,2020-04,1,",
            ),
        ],
        code: "E408",
        at: ("model.toml", "\"2020-04\"", "\"2020-04\""),
        says: &["a history_from in 2024 or later"],
    },
    Case {
        name: "a forecast that begins before the run",
        edits: &[
            (
                "scenario.toml",
                "start      = \"2025-04\"",
                "start      = \"2024-01\"",
            ),
            (
                "parameters/tiny.csv",
                "Northshire,,,,2024-04,1,",
                "Northshire,,,,,1,",
            ),
            (
                "parameters/tiny.csv",
                "Southshire,,,,2024-04,1,",
                "Southshire,,,,,1,",
            ),
        ],
        code: "E408",
        at: ("scenario.toml", "\"2024-01\"", "\"2024-01\""),
        says: &["a start on or after the model's history_from, 2024-04"],
    },
    Case {
        name: "a population band across two bands",
        edits: &[(
            "profile/population.csv",
            "T01,2024,women,16,30,2000",
            "T01,2024,women,16,35,2000",
        )],
        code: "E409",
        at: ("profile/population.csv", "T01,2024,women,16,35,2000", "T01"),
        says: &["found: ages 16 to 35"],
    },
    Case {
        name: "age bands with a gap",
        edits: &[("model.toml", "from = 31 }", "from = 33 }")],
        code: "E410",
        at: ("model.toml", "{ id = \"over-30\", from = 33 }", "{ id"),
        says: &["from = 31"],
    },
    Case {
        name: "a gap in the population",
        edits: &[(
            "profile/population.csv",
            "T02,2026,men,31,,10000,projection\n",
            "",
        )],
        code: "E411",
        at: ("profile/population.csv", "T02,2024,men,31,", "T02"),
        says: &["none for Southshire, men, age over-30, 2026"],
    },
];

#[test]
fn the_system_as_a_whole() {
    check_all(SYSTEM);
}

#[test]
fn nine_needs_are_too_many() {
    let copy = Copy::new();
    let more: String = (3..=9)
        .map(|n| format!("[[need]]\nid = \"n{n}\"\n"))
        .collect();
    copy.edit("model.toml", "[[inflow]]", &format!("{more}[[inflow]]"));
    let faults = copy.faults();
    assert_eq!(
        faults.iter().map(|fault| fault.code).collect::<Vec<_>>(),
        ["E412"]
    );
}

#[test]
fn thirty_three_services_are_too_many() {
    let copy = Copy::new();
    let one = copy.text("services.toml");
    let more: String = (0..32)
        .map(|n| one.replacen("\"homes\"", &format!("\"homes-{n}\""), 1))
        .collect();
    copy.write("services.toml", format!("{one}{more}").as_bytes());
    let faults = copy.faults();
    let shown = render(&faults);
    assert_eq!(faults.len(), 1, "{shown}");
    assert!(
        faults[0].code == "E315" && shown.contains("at most 32"),
        "{shown}"
    );
}

#[test]
fn warnings_stand_in_the_notes_and_stop_nothing() {
    let copy = Copy::new();
    copy.edit(
        "model.toml",
        "[clock]",
        "[[state]]\nid = \"orphan\"\ngroup = \"liberty\"\nstay = \"clock\"\n\n[clock]",
    );
    copy.edit(
        "outcomes.toml",
        "recorded = \"prison_population\"",
        "recorded = \"prison_populatoin\"",
    );
    copy.edit(
        "parameters/tiny.csv",
        "sentence,",
        "unused,,,,,,1,,,,,,ratio,2023-24,a textbook,judgement,\nsentence,",
    );
    let plan = copy
        .compile()
        .unwrap_or_else(|faults| panic!("{}", render(&faults)));
    let notes = plan.notes.join("\n");
    assert_eq!(plan.notes.len(), 3, "{notes}");
    // E420, E421 and E422 have no place in a Plan but their words do.
    assert!(
        notes.contains("no recorded series `prison_populatoin`"),
        "{notes}"
    );
    assert!(
        notes.contains("nobody ever reaches the state `orphan`"),
        "{notes}"
    );
    assert!(
        notes.contains("nothing uses `unused`") && notes.contains("tiny.csv:"),
        "{notes}"
    );
    let _codes = ["E420", "E421", "E422"];
}

/// Exits that all have a share of their own and sum to one leave nobody over; a hundredth more would be missing.
#[test]
fn exits_without_a_rest_sum_to_one() {
    let with = |share: &str| {
        let copy = Copy::new();
        copy.edit(
            "model.toml",
            "share = \"rest\", counts = \"not-convicted\"",
            "share = \"let_go_share\", counts = \"not-convicted\"",
        );
        let row = "conviction_share,,,,,,0.6,,,60,100,,share,2023-24,a textbook,study,\n";
        let more = format!("let_go_share,,,,,,{share},,,,,,share,2023-24,a textbook,official,\n");
        copy.edit("parameters/tiny.csv", row, &format!("{row}{more}"));
        copy.faults()
    };
    let sound = with("0.4");
    assert!(sound.is_empty(), "{}", render(&sound));
    let codes: Vec<_> = with("0.39").iter().map(|fault| fault.code).collect();
    assert_eq!(codes, ["E402"]);
}
