//! Faults of names: what is referred to and stands nowhere, or stands twice.

use super::{Case, check_all};

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

#[test]
fn names_that_nothing_has() {
    check_all(NAMES);
}
