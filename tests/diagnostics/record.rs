//! What a model takes from the record of its profile; and faults of the pictures and fits that are made of it.

use super::{Case, Copy, check_all};
use needscast::compile::Plan;
use needscast::diagnostic::render;

fn sound(copy: &Copy) -> Plan {
    copy.compile()
        .unwrap_or_else(|faults| panic!("{}", render(&faults)))
}

/// The tiny model with these rows more in the record of its profile, all of which may be told.
fn recorded_more(more: &str) -> Copy {
    let copy = Copy::new();
    let table = copy.text("profile/recorded.csv") + more;
    copy.write("profile/recorded.csv", table.as_bytes());
    let scenario = copy.text("scenario.toml") + "\n[disclosure]\noff = \"made-up figures\"\n";
    copy.write("scenario.toml", scenario.as_bytes());
    copy
}

/// The recorded figures: measure, area, period, value and whether it is rounded.
fn recorded(plan: &Plan) -> Vec<(&str, &str, &str, f64, bool)> {
    let figures = plan.recorded.iter();
    figures
        .map(|r| {
            let area = match r.area_code == plan.total.code {
                true => "all",
                false => r.area_code.as_str(),
            };
            (
                r.measure.as_str(),
                area,
                r.period.as_str(),
                r.value,
                r.is_rounded,
            )
        })
        .collect()
}

#[test]
fn a_measure_has_the_figures_of_its_own_series_and_breakdown() {
    let more = "arrivals_elsewhere,T01,Northshire,2024-25,,7,people,exact,a-textbook\n\
        arrivals_elsewhere,T01,Northshire,2023-24,,8,people,exact,a-textbook\n\
        prison_population,T01,Northshire,2023-24,sex=men,18,people,exact,a-textbook\n\
        prison_population,T01,Northshire,2024-06,,22,people,exact,a-textbook\n";
    let copy = recorded_more(more);
    // Only where every area has a figure is there one of all of them.
    let of =
        |area, period, value, is_rounded| ("prison_population", area, period, value, is_rounded);
    let expected = [
        of("T01", "2024-25", 21.0, false),
        of("T02", "2024-25", 20.0, true),
        of("T01", "2024-06", 22.0, false),
        of("all", "2024-25", 41.0, true),
    ];
    assert_eq!(recorded(&sound(&copy)), expected);
}

#[test]
fn the_country_comes_along_for_the_years_of_which_a_known_residence_is_published() {
    let row = |measure: &str, period: &str, value: u32| {
        format!("{measure},S92000003,Scotland,{period},,{value},people,exact,a-textbook\n")
    };
    let more = row("prison_population", "2023-24", 90)
        + &row("prison_population", "2024-25", 100)
        + &row("prison_population_known_residence", "2024-25", 80)
        + &row("convictions_known_residence", "2023-24", 70);
    let copy = recorded_more(&more);
    copy.edit("profile/areas.csv", "T02,", "S92000003,Scotland,\nT02,");
    let plan = sound(&copy);
    let found: Vec<_> = recorded(&plan)
        .into_iter()
        .filter(|figure| figure.1 == "S92000003")
        .collect();
    let of = |measure, value| (measure, "S92000003", "2024-25", value, false);
    let expected = [
        of("prison_population_known_residence", 80.0),
        of("prison_population", 100.0),
    ];
    assert_eq!(found, expected);
}

const FLOW: &str = "[[measure]]\nid       = \"prison_population\"";

const CASES: &[Case] = &[
    Case {
        name: "a flow that is counted by a measure of every run",
        edits: &[(
            "outcomes.toml",
            FLOW,
            "[[flow]]\nfrom = \"Here\"\nto = \"There\"\nmeasure = \"need_arising\"\n\n[[measure]]\nid       = \"prison_population\"",
        )],
        code: "E110",
        at: ("outcomes.toml", "\"need_arising\"", "\"need_arising\""),
        says: &["a flow is counted by a measure of the model that is no stock"],
    },
    Case {
        name: "a flow that is counted by a stock",
        edits: &[(
            "outcomes.toml",
            FLOW,
            "[[flow]]\nfrom = \"Here\"\nto = \"There\"\nmeasure = \"prison_population\"\n\n[[measure]]\nid       = \"prison_population\"",
        )],
        code: "E110",
        at: (
            "outcomes.toml",
            "measure = \"prison_population\"",
            "\"prison_population\"",
        ),
        says: &["found: `prison_population`"],
    },
];

#[test]
fn flows_are_counted_by_measures_of_the_model() {
    check_all(CASES);
    let copy = Copy::new();
    let flow = "[[flow]]\nfrom = \"Here\"\nto = \"There\"\nmeasure = \"releases\"\n\n";
    copy.edit("outcomes.toml", FLOW, &format!("{flow}{FLOW}"));
    let plan = sound(&copy);
    assert_eq!(plan.flows.len(), 1);
    assert_eq!(plan.flows[0].measure, "releases");
}

#[test]
fn people_who_come_are_told_apart_by_all_that_there_is() {
    let copy = Copy::new();
    copy.edit(
        "model.toml",
        "rate   = [\"report_rate\", \"report_area\"]",
        "people = [\"report_people\", \"report_rate\"]",
    );
    let table = copy.text("parameters/tiny.csv");
    let kept = table.lines().filter(|line| !line.starts_with("report_"));
    let people = "report_people,,,,,,500,,,,,,per month,2023-24,a textbook,judgement,\n\
        report_rate,,women,,,,0.5,,,,,,ratio,2023-24,a textbook,judgement,\n\
        report_rate,,men,,,,0.5,,,,,,ratio,2023-24,a textbook,judgement,\n";
    let kept: String = kept.map(|line| format!("{line}\n")).collect();
    copy.write("parameters/tiny.csv", (kept + people).as_bytes());
    let faults = copy.faults();
    let shown = render(&faults);
    let codes: Vec<&str> = faults.iter().map(|fault| fault.code).collect();
    // Not by sex, which they are.
    assert_eq!(codes, ["E402", "E402"], "{shown}");
    for key in ["area", "age"] {
        let said = format!("are not told apart by {key}");
        assert!(shown.contains(&said), "{shown}");
    }
}

/// An arrangement costs something to run, or the option says what.
#[test]
fn another_arrangement_alone_has_no_price() {
    let places = "places      = { set = 36, source = \"a paper\" }\n";
    let copy = Copy::new();
    let scenario = copy.text("scenario.toml");
    let rest = scenario
        .find("[[option.change]]\nfrom      = \"2027-04\"")
        .unwrap();
    copy.write("scenario.toml", &scenario.as_bytes()[..rest]);
    copy.edit("scenario.toml", places, "source      = \"a paper\"\n");
    let access = "access      = { \"Southshire\" = { multiply = 0.9, source = \"a paper\" } }\n";
    copy.edit("scenario.toml", access, "");
    let faults = copy.faults();
    let shown = render(&faults);
    assert!(faults.iter().all(|fault| fault.code == "E514"), "{shown}");
    assert!(
        shown.contains("Help with a home: another arrangement"),
        "{shown}"
    );
}

#[test]
fn a_fit_that_ends_before_it_begins_is_told() {
    let fitted = |last: &str| {
        let copy = Copy::new();
        let fit = format!(
            "[[fit]]\nparameter = \"custody_area\"\nmeasure = \"prison_population\"\nfirst_year = \"2024-25\"\n\
             last_year = \"{last}\"\n\n{FLOW}"
        );
        copy.edit("outcomes.toml", FLOW, &fit);
        copy
    };
    assert_eq!(sound(&fitted("2024-25")).fittings.len(), 1);
    let faults = fitted("2023-24").faults();
    let shown = render(&faults);
    assert!(faults.len() == 1 && faults[0].code == "E515", "{shown}");
    assert!(shown.contains("a year from 2024-25 on"), "{shown}");
    assert!(shown.contains("last_year = \"2023-24\""), "{shown}");
}

#[test]
fn a_fit_of_the_country_to_what_is_not_recorded_is_told() {
    let copy = Copy::new();
    for table in ["areas", "population", "recorded"] {
        let path = format!("profile/{table}.csv");
        let text = copy.text(&path);
        let text = text.replace("T01", "S12000001").replace("T02", "S12000002");
        copy.write(&path, text.as_bytes());
    }
    let fit = |measure: &str| {
        format!(
            "[[fit]]\nparameter = \"custody_area\"\nmeasure = \"{measure}\"\nfirst_year = \"2024-25\"\n\
             last_year = \"2024-25\"\n\n{FLOW}"
        )
    };
    copy.edit("outcomes.toml", FLOW, &fit("prison_populaton"));
    // Of two shires a figure may be missing.
    assert_eq!(sound(&copy).fittings.len(), 1);
    copy.edit(
        "profile/areas.csv",
        "S12000002,",
        "S92000003,Scotland,\nS12000002,",
    );
    let faults = copy.faults();
    let shown = render(&faults);
    assert!(faults.iter().all(|fault| fault.code == "E204"), "{shown}");
    assert!(
        shown.contains("unknown recorded measure `prison_populaton`"),
        "{shown}"
    );
    assert!(
        shown.contains("did you mean `prison_population`?"),
        "{shown}"
    );
}
