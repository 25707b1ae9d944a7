//! Faults of files, shapes, names and the system as a whole.

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

const NAMES: &[Case] = &[
    Case {
        name: "an unknown council",
        edits: &[(
            "scenario.toml",
            "areas      = [\"Northshire\"",
            "areas      = [\"Nortshire\"",
        )],
        code: "E201",
        at: (
            "scenario.toml",
            "areas      = [\"Nortshire\"",
            "\"Nortshire\"",
        ),
        says: &["unknown area `Nortshire`", "did you mean `Northshire`?"],
    },
    Case {
        name: "an exit to an unknown state",
        edits: &[(
            "model.toml",
            "to = \"custody\", share",
            "to = \"custdy\", share",
        )],
        code: "E202",
        at: ("model.toml", "to = \"custdy\"", "\"custdy\""),
        says: &["did you mean `custody`?"],
    },
    Case {
        name: "a clock that runs in an unknown state",
        edits: &[(
            "model.toml",
            "runs_in       = [\"at_liberty\"]",
            "runs_in       = [\"liberty\"]",
        )],
        code: "E202",
        at: ("model.toml", "runs_in       = [\"liberty\"]", "\"liberty\""),
        says: &["unknown state `liberty`"],
    },
    Case {
        name: "a prevalence on entering an unknown state",
        edits: &[(
            "model.toml",
            "entering = [\"at_liberty\"]\nneed     = \"health\"",
            "entering = [\"libertad\"]\nneed     = \"health\"",
        )],
        code: "E202",
        at: ("model.toml", "[\"libertad\"]", "\"libertad\""),
        says: &["unknown state `libertad`"],
    },
    Case {
        name: "a service in an unknown state",
        edits: &[(
            "services.toml",
            "stays_in     = [\"at_liberty\"]",
            "stays_in     = [\"at_libery\"]",
        )],
        code: "E202",
        at: ("services.toml", "\"at_libery\"", "\"at_libery\""),
        says: &["did you mean `at_liberty`?"],
    },
    Case {
        name: "a parameter that is never defined",
        edits: &[("model.toml", "\"conviction_share\"", "\"convicton_share\"")],
        code: "E203",
        at: ("model.toml", "\"convicton_share\"", "\"convicton_share\""),
        says: &["did you mean `conviction_share`?"],
    },
    Case {
        name: "a cost on an unknown measure",
        edits: &[(
            "costs.toml",
            "\"prison_population\"",
            "\"prison_popluation\"",
        )],
        code: "E204",
        at: (
            "costs.toml",
            "\"prison_popluation\"",
            "\"prison_popluation\"",
        ),
        says: &["did you mean `prison_population`?"],
    },
    Case {
        name: "a change of an unknown service",
        edits: &[(
            "scenario.toml",
            "service     = \"homes\"",
            "service     = \"home\"",
        )],
        code: "E205",
        at: ("scenario.toml", "service     = \"home\"", "\"home\""),
        says: &["did you mean `homes`?"],
    },
    Case {
        name: "an unknown need",
        edits: &[(
            "services.toml",
            "need         = \"housing\"",
            "need         = \"hosing\"",
        )],
        code: "E206",
        at: ("services.toml", "\"hosing\"", "\"hosing\""),
        says: &["did you mean `housing`?"],
    },
    Case {
        name: "an unknown payer",
        edits: &[(
            "costs.toml",
            "payer     = \"council\"",
            "payer     = \"counsil\"",
        )],
        code: "E207",
        at: ("costs.toml", "\"counsil\"", "\"counsil\""),
        says: &["did you mean `council`?"],
    },
    Case {
        name: "an unknown rule",
        edits: &[("scenario.toml", "\"release.short\"", "\"release.shrt\"")],
        code: "E208",
        at: ("scenario.toml", "\"release.shrt\"", "\"release.shrt\""),
        says: &["did you mean `release.short`?"],
    },
    Case {
        name: "an unknown sex in a change",
        edits: &[("scenario.toml", "sex = \"women\"", "sex = \"woman\"")],
        code: "E209",
        at: ("scenario.toml", "\"woman\"", "\"woman\""),
        says: &["did you mean `women`?"],
    },
    Case {
        name: "a comparator that is not an option",
        edits: &[(
            "scenario.toml",
            "seed       = 7",
            "seed       = 7\ncomparator = \"shard\"",
        )],
        code: "E210",
        at: ("scenario.toml", "\"shard\"", "\"shard\""),
        says: &["did you mean `shared`?"],
    },
    Case {
        name: "the same area twice",
        edits: &[(
            "scenario.toml",
            "areas      = [\"Northshire\", \"Southshire\"]",
            "areas      = [\"Northshire\", \"Southshire\", \"the north\"]",
        )],
        code: "E214",
        at: ("scenario.toml", "\"the north\"", "\"the north\""),
        says: &["stands twice"],
    },
];

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
fn files_and_shapes() {
    check_all(FILES_AND_SHAPES);
}

#[test]
fn names_that_nothing_has() {
    check_all(NAMES);
}

#[test]
fn the_system_as_a_whole() {
    check_all(SYSTEM);
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
fn an_empty_scope_of_areas_is_a_fault() {
    let copy = Copy::new();
    copy.edit(
        "scenario.toml",
        "areas      = [\"Northshire\", \"Southshire\"]",
        "areas      = []",
    );
    assert!(copy.faults().iter().any(|fault| fault.code == "E108"));
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
