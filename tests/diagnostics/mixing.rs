//! Faults of the question about places.

use needscast::compile::WANTED;
use needscast::simulate::Layout;

use super::{Case, Copy, check_all};

/// The end of the scenario, after which the question is written.
const END: &str = "price_year = \"2023-24\"\nsource     = \"a paper\"";

/// A case of a question: its text, the code, a part of the text that stands there once, the words at fault within it,
/// and what is said.
macro_rules! ask {
    ($name:expr, $text:expr, $code:expr, $part:expr, $words:expr, $says:expr) => {
        Case {
            name: $name,
            edits: &[(
                "scenario.toml",
                END,
                concat!(
                    "price_year = \"2023-24\"\nsource     = \"a paper\"\n",
                    $text
                ),
            )],
            code: $code,
            at: ("scenario.toml", $part, $words),
            says: $says,
        }
    };
}

macro_rules! budget {
    () => {
        "budget = { gbp = 90000, per = \"year\", price_year = \"2024-25\", source = \"a plan\" }\n"
    };
}

macro_rules! bounds {
    () => {
        "[[optimise.places]]\nservice = \"homes\"\nmost = 40\nsource = \"a plan\"\n"
    };
}

const CASES: &[Case] = &[
    ask!(
        "an unknown outcome",
        concat!(
            "[optimise]\noutcome = \"needs_mett\"\n",
            budget!(),
            bounds!()
        ),
        "E204",
        "outcome = \"needs_mett\"",
        "\"needs_mett\"",
        &["did you mean `needs_met`?"]
    ),
    ask!(
        "an unknown breakdown of it",
        concat!(
            "[optimise]\noutcome = \"needs_met;service=hostel\"\n",
            budget!(),
            bounds!()
        ),
        "E204",
        "outcome = \"needs_met;service=hostel\"",
        "\"needs_met;service=hostel\"",
        &["service=homes"]
    ),
    ask!(
        "an outcome that is neither better nor worse",
        concat!("[optimise]\noutcome = \"releases\"\n", budget!(), bounds!()),
        "E531",
        "outcome = \"releases\"",
        "\"releases\"",
        &["better = \"higher\"", "needs_met"]
    ),
    ask!(
        "waits do not add up",
        concat!(
            "[optimise]\noutcome = \"wait_months_mean\"\n",
            budget!(),
            bounds!()
        ),
        "E204",
        "outcome = \"wait_months_mean\"",
        "\"wait_months_mean\"",
        &["not counted as a whole"]
    ),
    ask!(
        "an unknown service",
        concat!(
            "[optimise]\noutcome = \"needs_met\"\nservices = [\"homes\", \"hostel\"]\n",
            budget!(),
            bounds!()
        ),
        "E205",
        "services = [\"homes\", \"hostel\"]",
        "\"hostel\"",
        &["one of homes"]
    ),
    ask!(
        "a service twice",
        concat!(
            "[optimise]\noutcome = \"needs_met\"\nservices = [\"homes\", \"homes\"]\n",
            budget!(),
            bounds!()
        ),
        "E109",
        "services = [\"homes\", \"homes\"]",
        "\"homes\"]",
        &["stands twice"]
    ),
    ask!(
        "no service",
        concat!(
            "[optimise]\noutcome = \"needs_met\"\nservices = []\n",
            budget!(),
            "places = []\n"
        ),
        "E108",
        "[optimise]",
        "[optimise]",
        &["`services` is empty"]
    ),
    ask!(
        "an unknown payer",
        concat!(
            "[optimise]\noutcome = \"needs_met\"\npayers = [\"counsil\"]\n",
            budget!(),
            bounds!()
        ),
        "E207",
        "payers = [\"counsil\"]",
        "\"counsil\"",
        &["did you mean `council`?"]
    ),
    ask!(
        "a payer who pays for nothing of it",
        concat!(
            "[optimise]\noutcome = \"needs_met\"\npayers = [\"prison-service\"]\n",
            budget!(),
            bounds!()
        ),
        "E532",
        "[optimise]",
        "[optimise]",
        &["the service `homes` costs nothing", "one of these payers"]
    ),
    ask!(
        "an unknown option",
        concat!(
            "[optimise]\noutcome = \"needs_met\"\noption = \"regional\"\n",
            budget!(),
            bounds!()
        ),
        "E210",
        "option = \"regional\"",
        "\"regional\"",
        &["one of business-as-usual, shared"]
    ),
    ask!(
        "an option that pools the places later",
        concat!(
            "[optimise]\noutcome = \"needs_met\"\noption = \"shared\"\n",
            budget!(),
            bounds!()
        ),
        "E537",
        "option = \"shared\"",
        "\"shared\"",
        &["`from = \"2026-04\"`"]
    ),
    ask!(
        "a month before the forecast",
        concat!(
            "[optimise]\noutcome = \"needs_met\"\nfrom = \"2024-10\"\n",
            budget!(),
            bounds!()
        ),
        "E501",
        "from = \"2024-10\"",
        "\"2024-10\"",
        &["a month from 2025-04"]
    ),
    ask!(
        "no whole year after it",
        concat!(
            "[optimise]\noutcome = \"needs_met\"\nfrom = \"2029-05\"\n",
            budget!(),
            bounds!()
        ),
        "E512",
        "from = \"2029-05\"",
        "\"2029-05\"",
        &["no year is left"]
    ),
    ask!(
        "no budget",
        concat!("[optimise]\noutcome = \"needs_met\"\n", bounds!()),
        "E102",
        "[optimise]",
        "[optimise]",
        &["the key `budget` is missing"]
    ),
    ask!(
        "a budget in nobody's prices",
        concat!(
            "[optimise]\noutcome = \"needs_met\"\nbudget = { gbp = 1, source = \"a plan\" }\n",
            bounds!()
        ),
        "E102",
        "budget = { gbp = 1, source = \"a plan\" }",
        "{ gbp = 1",
        &["the key `price_year` is missing"]
    ),
    ask!(
        "a price year without an index",
        concat!(
            "[optimise]\noutcome = \"needs_met\"\nbudget = { gbp = 1, price_year = \"1990-91\", source = \"a plan\" }\n",
            bounds!()
        ),
        "E313",
        "price_year = \"1990-91\"",
        "\"1990-91\"",
        &["deflators.csv"]
    ),
    ask!(
        "a negative budget",
        concat!(
            "[optimise]\noutcome = \"needs_met\"\nbudget = { gbp = -1, price_year = \"2024-25\", source = \"a plan\" }\n",
            bounds!()
        ),
        "E303",
        "gbp = -1",
        "-1",
        &["0 or more pounds"]
    ),
    ask!(
        "a budget of no number",
        concat!(
            "[optimise]\noutcome = \"needs_met\"\nbudget = { gbp = nan, price_year = \"2024-25\", source = \"a plan\" }\n",
            bounds!()
        ),
        "E302",
        "gbp = nan",
        "nan",
        &["not a finite number"]
    ),
    ask!(
        "a budget per quarter",
        concat!(
            "[optimise]\noutcome = \"needs_met\"\nbudget = { gbp = 1, per = \"quarter\", price_year = \"2024-25\", source = \"a plan\" }\n",
            bounds!()
        ),
        "E111",
        "per = \"quarter\"",
        "\"quarter\"",
        &["one of year, horizon"]
    ),
    ask!(
        "a budget that nobody set",
        concat!(
            "[optimise]\noutcome = \"needs_met\"\nbudget = { gbp = 1, price_year = \"2024-25\" }\n",
            bounds!()
        ),
        "E102",
        "budget = { gbp = 1, price_year = \"2024-25\" }",
        "{ gbp = 1",
        &["the key `source` is missing"]
    ),
    ask!(
        "bounds that cross",
        concat!(
            "[optimise]\noutcome = \"needs_met\"\n",
            budget!(),
            "[[optimise.places]]\nservice = \"homes\"\nleast = 41\nmost = 40\nsource = \"a plan\"\n"
        ),
        "E536",
        "most = 40",
        "40",
        &["least = 41, most = 40"]
    ),
    ask!(
        "fewer than no places",
        concat!(
            "[optimise]\noutcome = \"needs_met\"\n",
            budget!(),
            "[[optimise.places]]\nservice = \"homes\"\nleast = -2\nmost = 40\nsource = \"a plan\"\n"
        ),
        "E303",
        "least = -2",
        "-2",
        &["from 0 to 100000"]
    ),
    ask!(
        "half a place",
        concat!(
            "[optimise]\noutcome = \"needs_met\"\n",
            budget!(),
            "[[optimise.places]]\nservice = \"homes\"\nmost = 40.5\nsource = \"a plan\"\n"
        ),
        "E103",
        "most = 40.5",
        "40.5",
        &["a whole number"]
    ),
    ask!(
        "an area without bounds",
        concat!(
            "[optimise]\noutcome = \"needs_met\"\n",
            budget!(),
            "[[optimise.places]]\nservice = \"homes\"\nareas = [\"Northshire\"]\nmost = 40\nsource = \"a plan\"\n"
        ),
        "E533",
        "[optimise]",
        "[optimise]",
        &["the places of `homes` in Southshire have no bounds"]
    ),
    ask!(
        "an area that is bounded twice",
        concat!(
            "[optimise]\noutcome = \"needs_met\"\n",
            budget!(),
            bounds!(),
            "[[optimise.places]]\nservice = \"homes\"\nareas = [\"T01\"]\nmost = 30\nsource = \"a plan\"\n"
        ),
        "E534",
        "[[optimise.places]]\nservice = \"homes\"\nareas",
        "[[optimise",
        &["in Northshire are bounded twice"]
    ),
    ask!(
        "bounds of an area that another hosts",
        concat!(
            "[optimise]\noutcome = \"needs_met\"\noption = \"shared\"\nfrom = \"2026-04\"\n",
            budget!(),
            bounds!(),
            "[[optimise.places]]\nservice = \"homes\"\nareas = [\"Southshire\"]\nmost = 30\nsource = \"a plan\"\n"
        ),
        "E535",
        "[[optimise.places]]\nservice = \"homes\"\nareas",
        "[[optimise",
        &[
            "Southshire has no places of its own",
            "bounds of Northshire"
        ]
    ),
    ask!(
        "nothing to choose",
        concat!(
            "[optimise]\noutcome = \"needs_met\"\n",
            budget!(),
            "[[optimise.places]]\nservice = \"homes\"\nleast = 9\nmost = 9\nsource = \"a plan\"\n"
        ),
        "E538",
        "[optimise]",
        "[optimise]",
        &["there is nothing to choose"]
    ),
    ask!(
        "a slip of a key",
        concat!(
            "[optimise]\noutcomes = \"needs_met\"\n",
            budget!(),
            bounds!()
        ),
        "E101",
        "outcomes = \"needs_met\"",
        "outcomes",
        &["did you mean `outcome`?"]
    ),
];

#[test]
fn every_way_of_being_wrong_is_told_with_its_place() {
    check_all(CASES);
}

/// A second service without places to choose, and one whose bounds are given all the same.
#[test]
fn bounds_of_a_service_that_is_not_chosen_are_told() {
    let copy = Copy::new();
    let services = copy.text("services.toml");
    let second = services.replace("id           = \"homes\"", "id           = \"hostel\"");
    copy.write("services.toml", format!("{services}\n{second}").as_bytes());
    let question = concat!(
        "\n[optimise]\noutcome = \"needs_met\"\nservices = [\"homes\"]\n",
        budget!(),
        bounds!(),
        "[[optimise.places]]\nservice = \"hostel\"\nmost = 40\nsource = \"a plan\"\n"
    );
    let scenario = copy.text("scenario.toml");
    copy.write("scenario.toml", format!("{scenario}{question}").as_bytes());
    let faults = copy.faults();
    let codes: Vec<&str> = faults.iter().map(|fault| fault.code).collect();
    assert_eq!(codes, ["E535"], "{faults:?}");
}

#[test]
fn a_scenario_without_services_has_no_places_to_choose() {
    let copy = Copy::new();
    let question = concat!(
        "\nservices = \"none\"\n[optimise]\noutcome = \"convictions\"\n",
        budget!(),
        bounds!()
    );
    let scenario = copy.text("scenario.toml");
    let head = scenario.split("[[option]]").next().unwrap_or_default();
    copy.write("scenario.toml", format!("{head}{question}").as_bytes());
    let faults = copy.faults();
    let codes: Vec<&str> = faults.iter().map(|fault| fault.code).collect();
    assert_eq!(codes, ["E511"], "{faults:?}");
}

/// Which way a measure that every run has is better stands in two places, because a question is checked before anything
/// is simulated.
#[test]
fn which_way_is_better_agrees_with_the_forecast() {
    let plan = Copy::new()
        .compile()
        .unwrap_or_else(|faults| panic!("{faults:?}"));
    let layout = Layout::of(&plan);
    for (measure, better, adds_up) in WANTED {
        let mut of = layout
            .series
            .iter()
            .filter(|series| series.measure == measure);
        let series = of.next().unwrap_or_else(|| panic!("no {measure}"));
        assert_eq!(series.better, better, "{measure}");
        assert!(
            !adds_up || series.breakdown.starts_with("service="),
            "{measure}"
        );
        assert_eq!(series.unit == "people", adds_up, "{measure}");
    }
}
