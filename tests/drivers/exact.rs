//! Splits that are known exactly, in expected flows.

use needscast::compile::{Driver, Plan};
use needscast::draw::draw;
use needscast::simulate::{Births, expect};
use needscast::summarise::Part;

use super::{Split, driver, is_nothing, part};
use crate::support::question::Question;

/// People who are reported and kept by a share that is law, counted as they are kept: population times rate times share.
fn kept(rates: &str, rule: &str, population: &[(i32, f64)]) -> Question {
    let people: String = population
        .iter()
        .map(|(year, people)| format!("Shire,{year},people,16,,{people},projection\n"))
        .collect();
    Question::new(
        r#"
[[inflow]]
id = "in"
title = "In"
into = "reported"
rate = "rate"
priors = "everyone"
[[state]]
id = "reported"
title = "Reported"
group = "court"
stay = "none"
exits = [{ to = "kept", share = "law.kept" }, { to = "leaves", share = "rest" }]
[[state]]
id = "kept"
title = "Kept"
group = "custody"
stay = "none"
exits = [{ to = "leaves", share = "rest" }]
"#,
    )
    .rows(rates)
    .file(
        "model/rules.toml",
        &format!(
            "[[rule]]\nid = \"law.kept\"\ntitle = \"Share that is kept\"\nunit = \"share\"\nvalues = [{rule}]\n"
        ),
    )
    .file(
        "profile/population.csv",
        &format!("area_code,year,sex,age_from,age_to,population,status\n{people}"),
    )
    .measure("kept", "entries = [\"kept\"]")
    .years(4)
    .options("[[compare]]\nmeasures = [\"kept\"]\nfrom = \"2024-25\"\nto = \"2027-28\"\n")
}

fn rate(values: &[(&str, f64)]) -> String {
    let rows = values.iter().map(|(from, value)| {
        format!("rate,,,,,{from},{value},per person per year,2024,a test,judgement")
    });
    rows.collect::<Vec<_>>().join("\n")
}

fn rule(values: &[(&str, f64)]) -> String {
    let values = values.iter().map(|(from, value)| {
        format!("{{ from = \"{from}\", value = {value}, citation = \"An Act\" }}")
    });
    values.collect::<Vec<_>>().join(", ")
}

const LEVEL: [(i32, f64); 6] = [
    (2023, 1000.0),
    (2024, 1000.0),
    (2025, 1000.0),
    (2026, 1000.0),
    (2027, 1000.0),
    (2028, 1000.0),
];

/// 1,000 people until the middle of 2025, 1,300 from the middle of 2026 on.
const GROWING: [(i32, f64); 6] = [
    (2023, 1000.0),
    (2024, 1000.0),
    (2025, 1000.0),
    (2026, 1300.0),
    (2027, 1300.0),
    (2028, 1300.0),
];

fn close(found: f64, by_hand: f64) {
    assert!((found - by_hand).abs() < 1e-9, "{found} is not {by_hand}");
}

#[test]
fn three_factors_are_split_as_by_hand() {
    // 1000 * 0.12 * 0.5 = 60 kept a year become 1300 * 0.18 * 0.4 = 93.6. Each factor moves first or last in two of the
    // six orders, and between the other two in one each:
    // population, 300 (0.12*0.5/3 + (0.12*0.4 + 0.18*0.5)/6 + 0.18*0.4/3) = 20.1,
    // rates, 0.06 (1000*0.5/3 + (1000*0.4 + 1300*0.5)/6 + 1300*0.4/3) = 30.9,
    // law, -0.1 (1000*0.12/3 + (1000*0.18 + 1300*0.12)/6 + 1300*0.18/3) = -17.4.
    let rates = rate(&[("2013-04", 0.12), ("2026-10", 0.18)]);
    let laws = rule(&[("2013-04", 0.5), ("2025-09", 0.4)]);
    let split = Split::expected(kept(&rates, &laws, &GROWING).plan());
    let driven = split.change(0, "kept");
    close(driven.before.mean, 60.0);
    close(driven.after.mean, 93.6);
    close(driver(driven, Driver::Population), 20.1);
    close(driver(driven, Driver::Rates), 30.9);
    close(driver(driven, Driver::Law), -17.4);
    close(part(driven, Part::CarriedOver).mean, 0.0);
    assert!(is_nothing(part(driven, Part::Driver(Driver::Services))));
    assert!(is_nothing(part(driven, Part::Chance)));
}

#[test]
fn where_only_one_group_moves_all_of_the_change_is_its_own() {
    let (steady, law) = (rate(&[("2013-04", 0.12)]), rule(&[("2013-04", 0.5)]));
    let rising = rate(&[("2013-04", 0.12), ("2026-10", 0.18)]);
    let falling = rule(&[("2013-04", 0.5), ("2025-09", 0.4)]);
    for (mover, question) in [
        (Driver::Population, kept(&steady, &law, &GROWING)),
        (Driver::Rates, kept(&rising, &law, &LEVEL)),
        (Driver::Law, kept(&steady, &falling, &LEVEL)),
    ] {
        let split = Split::expected(question.plan());
        let driven = split.change(0, "kept");
        assert!(driven.change.mean.abs() > 10.0);
        close(driver(driven, mover), driven.change.mean);
        for other in Driver::ALL.into_iter().filter(|other| *other != mover) {
            let part = part(driven, Part::Driver(other));
            assert!(is_nothing(part), "{other:?} where only {mover:?} moves");
        }
        close(part(driven, Part::CarriedOver).mean, 0.0);
    }
}

#[test]
fn a_walk_that_is_held_stands_still() {
    let question = kept(
        &rate(&[("2013-04", 0.12)]),
        &rule(&[("2013-04", 0.5)]),
        &LEVEL,
    );
    let walking = question
        .number("walk", 0.2, "shape")
        .edit(
            "model/model.toml",
            "rate = \"rate\"",
            "rate = \"rate\"\nwalk = \"walk\"",
        )
        .draws(5);
    let live = |plan: &Plan| expect(plan, &draw(plan), Births::ByStep, &|| {});
    let split = Split::of(walking.plan(), 5, 1, live);
    // Walks are no luck: they are the same in every life of a draw.
    let mut other = walking.plan();
    other.luck = 1;
    assert_eq!(live(&other).rows, live(&walking.plan()).rows);
    let driven = split.change(0, "kept");
    assert!(driven.before.p95 - driven.before.p05 > 1.0 && driven.change.mc_error > 1.0);
    close(driver(driven, Driver::Rates), driven.change.mean);
    let carried = part(driven, Part::CarriedOver);
    close(carried.p05, 0.0);
    close(carried.p95, 0.0);
}

#[test]
fn factors_that_are_alike_get_the_same() {
    let rates = rate(&[("2013-04", 0.2), ("2026-04", 0.3)]);
    let laws = rule(&[("2013-04", 0.2), ("2026-10", 0.3)]);
    let split = Split::expected(kept(&rates, &laws, &LEVEL).plan());
    let driven = split.change(0, "kept");
    close(driven.change.mean, 50.0);
    close(driver(driven, Driver::Rates), 25.0);
    close(driver(driven, Driver::Law), 25.0);
}

#[test]
fn what_moves_within_the_first_year_is_carried_over() {
    // Half the first year has the old rate: 1000 * 0.5 * (0.12 + 0.18) / 2 = 75, and 90 a year from then on.
    let rates = rate(&[("2013-04", 0.12), ("2024-10", 0.18)]);
    let question = kept(&rates, &rule(&[("2013-04", 0.5)]), &LEVEL);
    let split = Split::expected(question.plan());
    let driven = split.change(0, "kept");
    close(part(driven, Part::CarriedOver).mean, 15.0);
    for driver in Driver::ALL {
        assert!(is_nothing(part(driven, Part::Driver(driver))));
    }
}

#[test]
fn a_law_of_an_option_gets_the_whole_difference_and_its_mirror_the_opposite() {
    let law = rule(&[("2013-04", 0.5)]);
    let options = r#"
[[option]]
id = "business-as-usual"
[[option]]
id = "act"
[[option.change]]
from = "2025-04"
rule = "law.kept"
set = 0.3
source = "a Bill"
[[option]]
id = "both"
[[option.change]]
from = "2025-04"
rule = "law.kept"
set = 0.3
source = "a Bill"
[[option.change]]
from = "2026-04"
parameter = "rate"
multiply = 1.5
source = "a paper"
[[compare]]
measures = ["kept"]
option = "act"
against = "business-as-usual"
[[compare]]
measures = ["kept"]
option = "both"
against = "business-as-usual"
year = "2026-27"
[[compare]]
measures = ["kept"]
option = "business-as-usual"
against = "both"
year = "2026-27"
[[compare]]
measures = ["kept"]
option = "both"
against = "act"
year = "2026-27"
[[compare]]
measures = ["kept"]
option = "both"
from = "2024-25"
to = "2027-28"
"#;
    let question = kept(&rate(&[("2013-04", 0.12)]), &law, &LEVEL).options(options);
    let split = Split::expected(question.plan());
    let of =
        |comparison: usize, driven_by: Driver| driver(split.change(comparison, "kept"), driven_by);
    // Three years of 36 instead of 60, and nothing in the first.
    close(of(0, Driver::Law), -72.0);
    assert!(is_nothing(part(
        split.change(0, "kept"),
        Part::Driver(Driver::Rates)
    )));
    // 60 become 1000 * 0.18 * 0.3 = 54: law, -0.2 * 1000 * (0.12 + 0.18) / 2; rates, 0.06 * 1000 * (0.5 + 0.3) / 2.
    close(of(1, Driver::Law), -30.0);
    close(of(1, Driver::Rates), 24.0);
    close(of(2, Driver::Law), 30.0);
    close(of(2, Driver::Rates), -24.0);
    // What two options share moves nothing between them.
    close(of(3, Driver::Rates), 18.0);
    assert!(is_nothing(part(
        split.change(3, "kept"),
        Part::Driver(Driver::Law)
    )));
    // And in time: the changes of the option belong to the groups of what they change.
    close(of(4, Driver::Law), -30.0);
    close(of(4, Driver::Rates), 24.0);
}
