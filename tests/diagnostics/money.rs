//! Faults of money: prices without a year, payers, costs that are counted twice or not at all, rates and weights.

use super::{Case, Copy, check_all};

const END: &str = "price_year = \"2023-24\"\nsource     = \"a paper\"";

/// A payer who bears what no budget pays, before the first cost.
const VICTIMS: &str =
    "[[payer]]\nid = \"victims\"\ntitle = \"Victims\"\nperspective = \"society\"\n\n[[cost]]";

/// A case of text put after the scenario's last line.
macro_rules! added {
    ($name:expr, $text:expr, $code:expr, $words:expr, $says:expr) => {
        Case {
            name: $name,
            edits: &[(
                "scenario.toml",
                "price_year = \"2023-24\"\nsource     = \"a paper\"",
                concat!(
                    "price_year = \"2023-24\"\nsource     = \"a paper\"\n",
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
    Case {
        name: "no price year",
        edits: &[("scenario.toml", "price_year = \"2024-25\"", "")],
        code: "E313",
        at: (
            "scenario.toml",
            "title      = \"Two shires, one service or two\"",
            "\"Two shires, one service or two\"",
        ),
        says: &[
            "the scenario has no price year",
            "add `price_year = \"2024-25\"`",
        ],
    },
    Case {
        name: "a transfer to oneself",
        edits: &[(
            "scenario.toml",
            "gbp        = 10000",
            "gbp        = 10000\nto = \"council\"",
        )],
        code: "E503",
        at: ("scenario.toml", "to = \"council\"", "\"council\""),
        says: &["`council` paying itself"],
    },
    Case {
        name: "a receiver whom nobody knows",
        edits: &[(
            "scenario.toml",
            "gbp        = 10000",
            "gbp        = 10000\nto = \"prison-servce\"",
        )],
        code: "E207",
        at: (
            "scenario.toml",
            "to = \"prison-servce\"",
            "\"prison-servce\"",
        ),
        says: &["did you mean `prison-service`?"],
    },
    Case {
        name: "a public payer that does not say whether it is a partner",
        edits: &[("costs.toml", "partner = false\n", "")],
        code: "E102",
        at: (
            "costs.toml",
            "[[payer]]\nid      = \"council\"",
            "[[payer]]",
        ),
        says: &[
            "`partner` is missing",
            "`false` for any other public budget",
        ],
    },
    Case {
        name: "a partner without a budget",
        edits: &[(
            "costs.toml",
            "[[cost]]",
            "[[payer]]\nid = \"us\"\npartner = true\nperspective = \"society\"\n\n[[cost]]",
        )],
        code: "E110",
        at: ("costs.toml", "[[payer]]\nid = \"us\"", "[[payer]]"),
        says: &["a statutory partner is a public budget"],
    },
    Case {
        name: "a cost that people bear who have no budget",
        edits: &[
            ("costs.toml", "[[cost]]", VICTIMS),
            (
                "scenario.toml",
                "payer      = \"council\"",
                "payer      = \"victims\"",
            ),
        ],
        code: "E517",
        at: ("scenario.toml", "payer      = \"victims\"", "\"victims\""),
        says: &["public payers are prison-service, council", "perspective"],
    },
    Case {
        name: "a transfer to people who have no budget",
        edits: &[
            ("costs.toml", "[[cost]]", VICTIMS),
            (
                "scenario.toml",
                "gbp        = 10000",
                "gbp        = 10000\nto = \"victims\"",
            ),
        ],
        code: "E517",
        at: ("scenario.toml", "to = \"victims\"", "\"victims\""),
        says: &["one of prison-service, council"],
    },
    Case {
        name: "a service run by people who have no budget",
        edits: &[
            ("costs.toml", "[[cost]]", VICTIMS),
            (
                "scenario.toml",
                "price_year = \"2024-25\"",
                "price_year = \"2024-25\"\n[[running_cost]]\ntitle = \"A manager\"\nservice = \"homes\"\npayer = \"victims\"\ngbp = 5\nprice_year = \"2024-25\"\nsource = \"a paper\"",
            ),
        ],
        code: "E517",
        at: ("scenario.toml", "payer = \"victims\"", "\"victims\""),
        says: &["one of prison-service, council"],
    },
    Case {
        name: "a cost that ends before it begins",
        edits: &[(
            "scenario.toml",
            "gbp        = 10000",
            "gbp_per_year = 10000\nuntil = \"2026-04\"",
        )],
        code: "E515",
        at: ("scenario.toml", "until = \"2026-04\"", "\"2026-04\""),
        says: &["a month after 2026-04"],
    },
    Case {
        name: "nothing that society bears",
        edits: &[(
            "scenario.toml",
            "seed       = 7",
            "seed       = 7\nperspectives = [\"public-sector\", \"society\"]",
        )],
        code: "E516",
        at: (
            "scenario.toml",
            "perspectives = [\"public-sector\", \"society\"]",
            "\"society\"",
        ),
        says: &["costs that are all public"],
    },
    Case {
        name: "an unknown perspective",
        edits: &[(
            "scenario.toml",
            "seed       = 7",
            "seed       = 7\nperspectives = [\"sociaty\"]",
        )],
        code: "E111",
        at: (
            "scenario.toml",
            "perspectives = [\"sociaty\"]",
            "\"sociaty\"",
        ),
        says: &["did you mean `society`?"],
    },
    Case {
        name: "a price that two payers pay",
        edits: &[(
            "costs.toml",
            "unit_cost = [\"custody_cost\"]",
            "unit_cost = [\"custody_cost\"]\n\n[[cost]]\nid = \"again\"\ntitle = \"Again\"\npayer = \"council\"\nmeasure = \"prison_population\"\nunit_cost = [\"custody_cost\"]",
        )],
        code: "E316",
        at: ("costs.toml", "id = \"again\"", "\"again\""),
        says: &[
            "`again` is counted twice",
            "`custody` charges the same price",
        ],
    },
    Case {
        name: "a team for no places",
        edits: &[
            (
                "costs.toml",
                "unit_cost = [\"homes_cost\"]",
                "unit_cost = [\"homes_cost\"]\nper = [\"team\"]",
            ),
            (
                "parameters/tiny.csv",
                "homes_cost,",
                "team,,,,,,0,,,,,,places,2024-25,a paper,judgement,\nhomes_cost,",
            ),
        ],
        code: "E303",
        at: ("costs.toml", "per = [\"team\"]", "[\"team\"]"),
        says: &["a step of nothing"],
    },
    added!(
        "a negative rate",
        "[discounting]\ncosts = -0.035\nsource = \"a paper\"\n",
        "E315",
        "-0.035",
        &["a number from 0 to 1, such as 0.035"]
    ),
    added!(
        "rates that do not rise by year",
        "[discounting]\nhealth = \"1.5%,5:1%,3:0.5%\"\nsource = \"a paper\"\n",
        "E315",
        "\"1.5%,5:1%,3:0.5%\"",
        &["steps such as 3.5%,31:3%,76:2.5%", "3.5% is 0.035"]
    ),
    added!(
        "a negative allowance",
        "[optimism_bias]\nstudy = -0.1\nsource = \"a paper\"\n",
        "E315",
        "-0.1",
        &["a number from 0 to 10"]
    ),
    added!(
        "an allowance for no grade",
        "[optimism_bias]\nsource = \"a paper\"\n",
        "E108",
        "",
        &["`optimism_bias` names no grade"]
    ),
    added!(
        "a weight that stands twice",
        "[distributional_weights]\nby = \"area\"\nweights = { Northshire = 2, T01 = 1, Southshire = 1 }\nsource = \"a paper\"\n",
        "E109",
        "T01",
        &["`Northshire` again"]
    ),
    added!(
        "a weight that is missing",
        "[distributional_weights]\nby = \"sex\"\nweights = { women = 2 }\nsource = \"a paper\"\n",
        "E308",
        "",
        &["no weight for men"]
    ),
    added!(
        "a weight of nobody",
        "[distributional_weights]\nby = \"sex\"\nweights = { women = 2, mn = 1 }\nsource = \"a paper\"\n",
        "E209",
        "mn",
        &["did you mean `men`?"]
    ),
    added!(
        "an income of nothing",
        "[distributional_weights]\nby = \"sex\"\nincomes = { women = 0, men = 1 }\nreference = 1\neta = 1.3\nsource = \"a paper\"\n",
        "E303",
        "0",
        &["an income of nothing"]
    ),
    added!(
        "an option without costs",
        "[[option]]\nid = \"better\"\n[[option.change]]\nfrom = \"2026-04\"\nservice = \"homes\"\ncompletion = { multiply = 1.1, source = \"a paper\" }\n",
        "E514",
        "\"better\"",
        &["nothing charged for", "completion", "without_costs"]
    ),
];

#[test]
fn money() {
    // Where a part of the text stands more than once, the place is not told by the words alone.
    let whole = [
        "an allowance for no grade",
        "a weight that is missing",
        "an income of nothing",
    ];
    let exact: Vec<Case> = CASES
        .iter()
        .filter(|case| !whole.contains(&case.name))
        .map(|case| Case { ..*case })
        .collect();
    check_all(&exact);
    for case in CASES.iter().filter(|case| whole.contains(&case.name)) {
        let copy = Copy::new();
        for (file, from, to) in case.edits {
            copy.edit(file, from, to);
        }
        let faults = copy.faults();
        let shown = needscast::diagnostic::render(&faults);
        assert_eq!(faults.len(), 1, "{}: {shown}", case.name);
        assert_eq!(faults[0].code, case.code, "{}: {shown}", case.name);
        let place = faults[0].place.as_ref().unwrap();
        assert!(
            place.file.ends_with("scenario.toml") && place.line > 45,
            "{shown}"
        );
        assert!(
            case.says.iter().all(|said| shown.contains(said)),
            "{}: {shown}",
            case.name
        );
    }
}

#[test]
fn what_cannot_both_be_said() {
    for (from, to, says) in [
        (
            "gbp        = 10000",
            "gbp = 1\ngbp_per_year = 2",
            "once or every year",
        ),
        (
            "gbp        = 10000",
            "gbp = 1\nuntil = \"2028-04\"",
            "paid once has no end",
        ),
        (
            END,
            "price_year = \"2023-24\"\nsource = \"a paper\"\n[distributional_weights]\nby = \"sex\"\nsource = \"a paper\"\n",
            "either `weights`, or `incomes`",
        ),
    ] {
        let copy = Copy::new();
        copy.edit("scenario.toml", from, to);
        let faults = copy.faults();
        let shown = needscast::diagnostic::render(&faults);
        assert!(
            faults.len() == 1 && faults[0].code == "E110" && shown.contains(says),
            "{shown}"
        );
    }
    for text in [
        "fixed = true\nper = [\"homes_places\"]",
        "marginal_cost = [\"homes_cost\"]",
    ] {
        let copy = Copy::new();
        copy.edit(
            "costs.toml",
            "cashable  = true",
            &format!("cashable  = true\n{text}"),
        );
        let codes: Vec<&str> = copy.faults().iter().map(|fault| fault.code).collect();
        assert_eq!(codes, ["E110"], "{text}");
    }
}
