//! Faults of what a scenario compares.

use super::{Case, Copy, check_all};
use needscast::compile::Between;

/// The end of the scenario, after which a comparison is written.
const END: &str = "price_year = \"2023-24\"\nsource     = \"a paper\"";

/// A case of a comparison: its text, the code, the words at fault and what is said.
macro_rules! compare {
    ($name:expr, $text:expr, $code:expr, $words:expr, $says:expr) => {
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
            at: ("scenario.toml", $text, $words),
            says: $says,
        }
    };
}

const CASES: &[Case] = &[
    compare!(
        "neither years nor options",
        "[[compare]]\nmeasures = [\"releases\"]",
        "E110",
        "[[compare]]",
        &[
            "either `from` and `to`, or `option` and `against`",
            "neither"
        ]
    ),
    compare!(
        "years and options",
        "[[compare]]\noption = \"shared\"\nagainst = \"business-as-usual\"\nfrom = \"2025-26\"\nto = \"2026-27\"",
        "E110",
        "[[compare]]",
        &["both"]
    ),
    compare!(
        "one year alone",
        "[[compare]]\nfrom = \"2025-26\"",
        "E102",
        "[[compare]]",
        &["the key `to` is missing"]
    ),
    compare!(
        "no measure",
        "[[compare]]\nmeasures = []\nfrom = \"2025-26\"\nto = \"2026-27\"",
        "E108",
        "[[compare]]",
        &["`measures` is empty"]
    ),
    compare!(
        "an unknown measure",
        "[[compare]]\nmeasures = [\"relaeses\"]\nfrom = \"2025-26\"\nto = \"2026-27\"",
        "E204",
        "\"relaeses\"",
        &["did you mean `releases`?"]
    ),
    compare!(
        "an unknown breakdown",
        "[[compare]]\nmeasures = [\"need_arising;need=hosing\"]\nfrom = \"2025-26\"\nto = \"2026-27\"",
        "E204",
        "\"need_arising;need=hosing\"",
        &["did you mean `need=housing`?"]
    ),
    compare!(
        "an unknown option of years",
        "[[compare]]\noption = \"shred\"\nfrom = \"2025-26\"\nto = \"2026-27\"",
        "E210",
        "\"shred\"",
        &["did you mean `shared`?"]
    ),
    compare!(
        "an unknown option",
        "[[compare]]\noption = \"shared\"\nagainst = \"business-as-usul\"",
        "E210",
        "\"business-as-usul\"",
        &["did you mean `business-as-usual`?"]
    ),
    compare!(
        "a year that is none",
        "[[compare]]\nfrom = \"2025\"\nto = \"2026-27\"",
        "E512",
        "\"2025\"",
        &["from 2024-25 to 2029-30"]
    ),
    compare!(
        "a year after the run",
        "[[compare]]\nfrom = \"2025-26\"\nto = \"2030-31\"",
        "E512",
        "\"2030-31\"",
        &["found: `2030-31`"]
    ),
    compare!(
        "two options before the forecast",
        "[[compare]]\noption = \"shared\"\nagainst = \"business-as-usual\"\nyear = \"2024-25\"",
        "E512",
        "\"2024-25\"",
        &["from 2025-26 to 2029-30"]
    ),
    compare!(
        "backwards in time",
        "[[compare]]\nfrom = \"2026-27\"\nto = \"2025-26\"",
        "E513",
        "[[compare]]",
        &["found: from 2026-27 to 2025-26"]
    ),
    compare!(
        "an option with itself",
        "[[compare]]\noption = \"shared\"\nagainst = \"shared\"",
        "E513",
        "[[compare]]",
        &["`shared` against itself"]
    ),
    compare!(
        "a year of two options misspelt",
        "[[compare]]\noption = \"shared\"\nagainst = \"business-as-usual\"\nyaer = \"2026-27\"",
        "E101",
        "yaer",
        &["did you mean `year`?"]
    ),
];

#[test]
fn every_fault_of_a_comparison_is_named_with_its_place() {
    check_all(CASES);
}

#[test]
fn a_measure_of_a_service_has_no_place_in_a_journey_alone() {
    let copy = Copy::new();
    let text = copy.text("scenario.toml");
    let journey = text.split("[[option]]").next().unwrap();
    let compare = "[[option]]\nid = \"business-as-usual\"\n[[compare]]\nmeasures = [\"starts;service=homes\"]\n\
                   from = \"2025-26\"\nto = \"2026-27\"\n";
    let text = format!("{journey}{compare}").replace("draws ", "services   = \"none\"\ndraws ");
    copy.write("scenario.toml", text.as_bytes());
    let faults = copy.faults();
    let shown = needscast::diagnostic::render(&faults);
    assert_eq!(faults.len(), 1, "{shown}");
    assert_eq!(faults[0].code, "E511", "{shown}");
}

#[test]
fn a_forecast_without_a_whole_year_has_nothing_to_compare_options_in() {
    let copy = Copy::new();
    let compare = "\n[[compare]]\noption = \"shared\"\nagainst = \"business-as-usual\"\n";
    copy.edit("scenario.toml", END, &format!("{END}{compare}"));
    copy.edit("scenario.toml", "years      = 5", "years      = 1");
    copy.edit("scenario.toml", "\"2025-04\"", "\"2025-11\"");
    copy.edit("model.toml", "\"2024-04\"", "\"2025-11\"");
    for later in ["2026-04", "2027-04", "2027-04", "2026-04"] {
        copy.edit("scenario.toml", &format!("\"{later}\""), "\"2026-02\"");
    }
    let faults = copy.faults();
    let shown = needscast::diagnostic::render(&faults);
    assert!(faults.iter().any(|fault| fault.code == "E512"), "{shown}");
    assert!(shown.contains("a whole financial year"), "{shown}");
}

#[test]
fn without_a_word_the_first_year_is_compared_with_the_last_and_every_option_with_the_comparator() {
    let plan = Copy::new().compile();
    let plan = plan.unwrap_or_else(|faults| panic!("{}", needscast::diagnostic::render(&faults)));
    let [years, options] = &plan.comparisons[..] else {
        panic!("{:?}", plan.comparisons);
    };
    assert!(matches!(
        years.between,
        Between::Years { option: 0, from, to }
            if (from.to_string(), to.to_string()) == ("2025-26".to_owned(), "2029-30".to_owned())
    ));
    assert!(matches!(
        options.between,
        Between::Options {
            option: 1,
            against: 0,
            year: None
        }
    ));
    let names = |comparison: &needscast::compile::Comparison| {
        let measures = comparison.measures.iter();
        measures
            .map(|(id, by)| format!("{id};{by}"))
            .collect::<Vec<_>>()
    };
    let in_time = [
        "prison_population;",
        "need_arising;need=housing",
        "need_arising;need=health",
        "reconviction_rate;",
    ];
    assert_eq!(names(years), in_time);
    let of_services = ["needs_met;service=homes", "unmet_need;service=homes"];
    assert_eq!(names(options), [&in_time[..], &of_services[..]].concat());
}
