//! Seasons of inflows: months that are missing, numbers that cannot be, and models without months.

use super::Copy;
use needscast::diagnostic::render;
use needscast::quantity::MONTHS_FROM_APRIL;

const PRIORS: &str = "priors = \"entrant_priors\"\n";

/// The tiny model with a season `busy`, whose months are as these rows have them: `value` and, where a row has it, a key
/// of priors.
fn with_months(written: &str, month: impl Fn(&str) -> Vec<(&'static str, &'static str)>) -> Copy {
    let copy = Copy::new();
    let season = format!("{PRIORS}season = \"{written}\"\n");
    copy.edit("model.toml", PRIORS, &season);
    let mut table = String::from("id,priors,value,unit,period,source,grade\n");
    for name in MONTHS_FROM_APRIL {
        for (priors, value) in month(name) {
            table += &format!("busy.{name},{priors},{value},ratio,2023-24,a textbook,judgement\n");
        }
    }
    copy.write("parameters/season.csv", table.as_bytes());
    copy
}

/// The codes of all faults, with what must be said of them.
fn check(copy: &Copy, codes: &[&str], says: &[&str]) {
    let faults = copy.faults();
    let shown = render(&faults);
    let mut found: Vec<&str> = faults.iter().map(|fault| fault.code).collect();
    found.sort_unstable();
    assert_eq!(found, codes, "{shown}");
    for said in says {
        assert!(shown.contains(said), "{said:?} is not said: {shown}");
    }
}

fn one(value: &'static str) -> Vec<(&'static str, &'static str)> {
    vec![("", value)]
}

#[test]
fn a_season_of_twelve_months_is_sound() {
    check(&with_months("busy", |_| one("1.2")), &[], &[]);
}

#[test]
fn all_that_is_wrong_with_a_season_is_told_at_once() {
    let copy = with_months("busy", |month| match month {
        "may" | "march" => Vec::new(),
        "june" => one("-0.5"),
        "july" => one("much"),
        _ => one("1"),
    });
    let says = [
        "months of the season `busy` are missing",
        "no busy.may, busy.march",
        "-0.5",
        "`much`",
        "model.toml",
    ];
    check(&copy, &["E203", "E301", "E303"], &says);
}

#[test]
fn a_slip_of_a_month_is_told() {
    let copy = with_months("busy", |_| one("1"));
    let table = copy.text("parameters/season.csv");
    let table = table.replace("busy.august", "busy.agust");
    copy.write("parameters/season.csv", table.as_bytes());
    let says = ["no busy.august", "`busy.agust` is of no month"];
    check(&copy, &["E203"], &says);
}

#[test]
fn a_slip_of_the_name_is_one_fault() {
    let copy = with_months("bussy", |_| one("1"));
    let says = ["unknown season `bussy`", "did you mean `busy`?"];
    check(&copy, &["E203"], &says);
}

#[test]
fn months_that_are_all_nought_are_no_season() {
    let nought = "the months of the season `busy` are all nought";
    check(&with_months("busy", |_| one("0")), &["E402"], &[nought]);
    let copy = with_months("busy", |month| match month {
        "june" => one("1"),
        _ => one("0"),
    });
    let option = "[[option]]\nid = \"nobody\"\nwithout_costs = \"a test\"\n[[option.change]]\nfrom = \"2026-04\"\n\
        parameter = \"busy.june\"\nset = 0\nsource = \"a test\"\n";
    let scenario = format!("{}\n{option}", copy.text("scenario.toml"));
    copy.write("scenario.toml", scenario.as_bytes());
    let says = [nought, "under the option `nobody`"];
    check(&copy, &["E402"], &says);
}

#[test]
fn a_season_by_previous_convictions_is_refused() {
    let copy = with_months("busy", |_| vec![("0", "1"), ("1+", "2")]);
    let says = ["the season `busy` is keyed by priors"];
    check(&copy, &["E418"], &says);
}
