//! Steps, tables by time since entering, and stays that go with their exits.

use super::{Case, Copy, check_all};
use needscast::diagnostic::render;

/// The only stay of the tiny model that ends by itself, and its exit.
const STAY: &str = "stay    = { fixed = [\"sentence\", \"release.short\"] }";
const EXIT: &str = "exits   = [{ to = \"at_liberty\", share = \"rest\" }]";

const CASES: &[Case] = &[
    Case {
        name: "a yearly step that begins in July",
        edits: &[(
            "model.toml",
            "history_from = \"2024-04\"",
            "step = \"year\"\nhistory_from = \"2024-07\"",
        )],
        code: "E413",
        at: ("model.toml", "\"2024-07\"", "\"2024-07\""),
        says: &["2024-04, in a model with step = \"year\""],
    },
    Case {
        name: "an unknown step",
        edits: &[(
            "model.toml",
            "history_from = ",
            "step = \"moth\"\nhistory_from = ",
        )],
        code: "E111",
        at: ("model.toml", "\"moth\"", "\"moth\""),
        says: &["did you mean `month`?"],
    },
    Case {
        name: "a stay of an exit where the state has one",
        edits: &[(
            "model.toml",
            "{ to = \"at_liberty\", share = \"rest\" }]\nopening",
            "{ to = \"at_liberty\", share = \"rest\", stay = { fixed = [\"sentence\"] } }]\nopening",
        )],
        code: "E417",
        at: (
            "model.toml",
            "{ to = \"at_liberty\", share = \"rest\", stay",
            "{ to",
        ),
        says: &["unless the state's stay is \"of-exit\""],
    },
];

#[test]
fn steps_and_stays() {
    check_all(CASES);
}

/// The tiny model with people leaving custody by a chance at every step, which these rows give.
fn with_chances(rows: &[(&str, &str)]) -> Copy {
    let copy = Copy::new();
    copy.edit("model.toml", STAY, "stay    = \"open\"");
    copy.edit(
        "model.toml",
        EXIT,
        "exits   = [{ to = \"at_liberty\", chance = \"leaving\" }]",
    );
    copy.edit("rules.toml", &copy.text("rules.toml"), "");
    let text = copy.text("scenario.toml");
    let rule = text
        .find("[[option.change]]\nfrom = \"2028-04\"")
        .or_else(|| text.find("rule "));
    let rule = text[..rule.expect("a change of a rule")]
        .rfind("[[option.change]]")
        .unwrap();
    let end = text[rule + 5..]
        .find("[[")
        .map_or(text.len(), |at| rule + 5 + at);
    copy.write(
        "scenario.toml",
        format!("{}{}", &text[..rule], &text[end..]).as_bytes(),
    );
    let mut table = String::from("id,duration,value,unit,period,source,grade\n");
    for (duration, value) in rows {
        table += &format!("leaving,{duration},{value},share,2023-24,a textbook,judgement\n");
    }
    copy.write("parameters/chances.csv", table.as_bytes());
    copy
}

#[test]
fn a_table_of_chances_by_time_since_entering_is_sound() {
    let copy = with_chances(&[("1", "0.1"), ("2", "0.2")]);
    let faults = copy.faults();
    assert!(faults.is_empty(), "{}", render(&faults));
}

#[test]
fn a_table_of_chances_is_faulted_where_it_is_wrong() {
    for (rows, code, said) in [
        (
            &[("1", "0.1"), ("3", "0.2")][..],
            "E414",
            "none with duration 2",
        ),
        (
            &[("2", "0.1"), ("3", "0.2")][..],
            "E414",
            "none with duration 1",
        ),
        (&[("1", "0.1"), ("soon", "0.2")][..], "E303", "`soon`"),
        (&[("1", "0.1"), ("", "0.2")][..], "E303", "found: nothing"),
        (
            &[("1", "0.1"), ("2", "1.2")][..],
            "E303",
            "a number from 0 to 1",
        ),
        (
            &[("1", "0.1"), ("1", "0.2")][..],
            "E307",
            "the same keys as",
        ),
    ] {
        let faults = with_chances(rows).faults();
        let shown = render(&faults);
        assert!(
            faults.iter().all(|fault| fault.code == code),
            "{rows:?}: {shown}"
        );
        assert!(
            shown.contains(said),
            "{rows:?}: {said:?} is not said: {shown}"
        );
    }
}

#[test]
fn chances_that_add_up_to_more_than_one_are_refused() {
    let copy = with_chances(&[("1", "0.4"), ("2", "0.6")]);
    let twice = "{ to = \"at_liberty\", chance = \"leaving\" }";
    copy.edit(
        "model.toml",
        twice,
        &format!("{twice}, {{ to = \"leaves\", chance = \"leaving\" }}"),
    );
    let faults = copy.faults();
    let shown = render(&faults);
    assert_eq!(faults.len(), 1, "{shown}");
    assert_eq!(faults[0].code, "E401", "{shown}");
    assert!(
        shown.contains("at step 2") && shown.contains("1.2"),
        "{shown}"
    );
}

#[test]
fn a_table_by_duration_stands_only_where_time_is_counted() {
    let copy = with_chances(&[("1", "0.4")]);
    copy.edit(
        "model.toml",
        "share = \"conviction_share\"",
        "share = \"leaving\"",
    );
    let faults = copy.faults();
    let shown = render(&faults);
    assert!(faults.iter().all(|fault| fault.code == "E415"), "{shown}");
    assert_eq!(faults.len(), 1, "{shown}");
}

#[test]
fn a_stay_longer_than_the_run_is_a_warning() {
    let copy = Copy::new();
    copy.edit(
        "parameters/tiny.csv",
        "sentence,,,,,,240,200,290,",
        "sentence,,,,,,10000,,,",
    );
    let plan = copy
        .compile()
        .unwrap_or_else(|faults| panic!("{}", render(&faults)));
    let notes = plan.notes.join("\n");
    assert!(
        notes.contains("the stay in `custody` is longer than the whole run"),
        "{notes}"
    );
    let _code = "E423";
}

#[test]
fn what_is_one_number_for_everybody_has_no_rows_by_sex() {
    let refused = |edit: &dyn Fn(&Copy), id: &str, keys: &str| {
        let copy = Copy::new();
        edit(&copy);
        let faults = copy.faults();
        let shown = render(&faults);
        assert!(faults.iter().all(|fault| fault.code == "E425"), "{shown}");
        assert!(shown.contains(id) && shown.contains(keys), "{shown}");
    };
    let weighed = |copy: &Copy| {
        let measure = "unit     = \"people\"\nbetter   = \"lower\"\nstock    = [\"custody\"]\n";
        let weights = "weights  = [{ in = [\"custody\"], by = [\"custody_share\"] }]\n";
        copy.edit("outcomes.toml", measure, &format!("{measure}{weights}"));
    };
    let id = "`measure.prison_population.weight.custody`";
    refused(&weighed, id, "rows or changes by sex");
    // A shape may not even differ by area.
    let shaped = |copy: &Copy| {
        let stay = "stay    = { fixed = [\"sentence\", \"release.short\"] }";
        let law =
            "stay    = { gamma = { mean = [\"sentence\", \"release.short\"], shape = \"shape\" } }";
        copy.edit("model.toml", stay, law);
        let last = "sentence,,,,,,240,";
        let of = |area: &str| format!("shape,{area},,,,,2,,,,,,shape,2023-24,a textbook,study,\n");
        let rows = format!("{}{}{last}", of("Northshire"), of("Southshire"));
        copy.edit("parameters/tiny.csv", last, &rows);
    };
    refused(
        &shaped,
        "`state.custody.stay.shape`",
        "rows or changes by area",
    );
}

#[test]
fn a_law_that_exceeds_one_together_with_another_chance_is_a_warning() {
    let law = "{ to = \"leaves\", chance = { weibull = { scale = [\"custody_area\"], shape = \"return_shape\" } }";
    for (ways, is_told) in [
        (format!("{law} }}"), true),
        (format!("{law}, unless = [\"at_liberty\"] }}"), false),
    ] {
        let copy = with_chances(&[("1", "0.4"), ("2", "0.6")]);
        let first = "{ to = \"at_liberty\", chance = \"leaving\" }";
        copy.edit("model.toml", first, &format!("{first}, {ways}"));
        let plan = copy
            .compile()
            .unwrap_or_else(|faults| panic!("{}", render(&faults)));
        let notes = plan.notes.join("\n");
        let told = "the chances of leaving `custody` exceed one at step 1 and are scaled to one";
        assert_eq!(notes.contains(told), is_told, "{notes}");
    }
    let _code = "E426";
}

/// The tiny model with these ways out of custody beside the one to liberty, which takes 0.4 and then 0.6.
fn with_ways(ways: &str) -> Vec<needscast::diagnostic::Diagnostic> {
    let copy = with_chances(&[("1", "0.4"), ("2", "0.6")]);
    let first = "{ to = \"at_liberty\", chance = \"leaving\" }";
    copy.edit("model.toml", first, &format!("{first}, {ways}"));
    copy.faults()
}

#[test]
fn a_chance_of_those_who_are_left_fits_where_the_same_of_everybody_does_not() {
    let leaves = "{ to = \"leaves\", chance = \"leaving\", unless = [\"at_liberty\"] }";
    assert!(
        with_ways(leaves).is_empty(),
        "{}",
        render(&with_ways(leaves))
    );
    // Of the 0.4 who are left at step 2, 0.6 go one way and 0.6 the other.
    let faults = with_ways(&format!(
        "{leaves}, {}",
        leaves.replace("\"leaves\"", "\"convicted\"")
    ));
    let shown = render(&faults);
    assert_eq!(faults.len(), 1, "{shown}");
    assert!(
        shown.contains("at step 2") && shown.contains("1.08"),
        "{shown}"
    );
}

#[test]
fn what_goes_first_is_no_fault_of_its_own_where_it_leads_nowhere() {
    let copy = with_chances(&[("1", "0.4"), ("2", "0.6")]);
    let first = "{ to = \"at_liberty\", chance = \"leaving\" }";
    let second = "{ to = \"leaves\", chance = \"leaving\", unless = [\"at_liberty\"] }";
    let misspelt = first.replace("at_liberty", "at_libery");
    copy.edit("model.toml", first, &format!("{misspelt}, {second}"));
    let faults = copy.faults();
    let codes: Vec<&str> = faults.iter().map(|fault| fault.code).collect();
    assert_eq!(codes, ["E202"], "{}", render(&faults));
}

#[test]
fn what_goes_first_stands_before_and_is_a_chance() {
    for (ways, said) in [
        (
            "{ to = \"leaves\", chance = \"leaving\", unless = [\"leaves\"] }",
            "no chance before this one leads there",
        ),
        (
            "{ to = \"leaves\", hazard = \"leaving\", unless = [\"at_liberty\"] }",
            "only a chance has others that go before it",
        ),
    ] {
        let faults = with_ways(ways);
        let shown = render(&faults);
        let is_told = |fault: &needscast::diagnostic::Diagnostic| fault.code == "E419";
        assert!(
            faults.iter().any(is_told) && shown.contains(said),
            "{shown}"
        );
    }
}
