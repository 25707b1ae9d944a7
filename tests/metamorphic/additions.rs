//! What is added and touches nobody changes no other number.

use super::{row, same_numbers, tiny};
use crate::support::question::{Answer, Question};

const ANOTHER_OPTION: &str = r#"
[[option]]
id = "another"
[[option.change]]
from = "2026-10"
parameter = "custody_share"
multiply = 0.5
source = "a paper"
"#;

#[test]
fn another_option_changes_no_other() {
    let last = tiny().more("scenario.toml", ANOTHER_OPTION);
    same_numbers("an option at the end", &tiny(), &last);
    let first = tiny().edit(
        "scenario.toml",
        "[[option]]\nid    = \"business-as-usual\"",
        &format!("{ANOTHER_OPTION}[[option]]\nid    = \"business-as-usual\""),
    );
    same_numbers("an option at the front", &tiny(), &first);
}

#[test]
fn more_draws_change_no_earlier_draw() {
    let more = tiny().edit("scenario.toml", "draws      = 6", "draws      = 9");
    same_numbers("more draws", &tiny(), &more);
}

/// In front of the first table of its kind.
fn in_front(question: Question, table: &str, text: &str) -> Question {
    let model = question.text("model/model.toml");
    let at = model.find(table).unwrap();
    let text = format!("{}{text}\n{}", &model[..at], &model[at..]);
    question.file("model/model.toml", &text)
}

#[test]
fn a_state_that_nobody_enters_changes_nothing() {
    let state = "[[state]]\nid = \"annex\"\ntitle = \"Annex\"\ngroup = \"court\"\nstay = \"none\"\n\
                 exits = [{ to = \"custody\", share = \"rest\" }]\n";
    same_numbers(
        "an empty state",
        &tiny(),
        &in_front(tiny(), "[[state]]", state),
    );
}

#[test]
fn an_inflow_of_nobody_changes_nothing() {
    let inflow = "[[inflow]]\nid = \"others\"\ntitle = \"Others\"\ninto = \"reported\"\nrate = \"nobody\"\npriors = \"entrant_priors\"\n";
    let with = in_front(tiny(), "[[inflow]]", inflow);
    let with = with.more(
        "model/parameters/numbers.csv",
        &row("nobody,,,,,,0,,,,,,per person per year"),
    );
    same_numbers("an empty inflow", &tiny(), &with);
}

#[test]
fn exits_that_nobody_takes_change_nothing() {
    let share = tiny()
        .edit(
            "model/model.toml",
            "{ to = \"convicted\", share = \"conviction_share\" },",
            "{ to = \"custody\", share = \"never\" }, { to = \"convicted\", share = \"conviction_share\" },",
        )
        .more("model/parameters/numbers.csv", &row("never,,,,,,0,,,,,,share"));
    same_numbers("an empty share", &tiny(), &share);
    let hazard = tiny()
        .edit(
            "model/model.toml",
            "{ to = \"at_liberty\", hazard = \"appeal\" }",
            "{ to = \"convicted\", hazard = \"never\" }, { to = \"at_liberty\", hazard = \"appeal\" }",
        )
        .more("model/parameters/numbers.csv", &row("never,,,,,,0,,,,,,per month"));
    same_numbers("an empty hazard", &tiny(), &hazard);
}

const UNUSED_SERVICE: &str = r#"
[[service]]
id        = "unused"
title     = "A service that nobody takes up"
need      = "housing"
refers_on = ["at_liberty"]
stays_in  = ["at_liberty"]
uptake    = ["never"]
patience  = ["homes_patience"]
support   = { geometric = ["homes_length"] }
hazard_ratio = ["homes_effect"]
places    = ["homes_places"]

"#;

#[test]
fn a_service_that_nobody_uses_changes_nothing() {
    let never = row("never,,,,,,0,,,,,,share");
    let with = |services: String| {
        let with = tiny().more("model/parameters/numbers.csv", &never);
        with.file("model/services.toml", &services)
    };
    let services = tiny().text("model/services.toml").to_owned();
    same_numbers(
        "an unused service behind",
        &tiny(),
        &with(format!("{services}{UNUSED_SERVICE}")),
    );
    same_numbers(
        "an unused service in front",
        &tiny(),
        &with(format!("{UNUSED_SERVICE}{services}")),
    );
}

#[test]
fn a_need_that_nobody_has_changes_nothing() {
    let need = in_front(
        tiny(),
        "[[need]]",
        "[[need]]\nid = \"work\"\ntitle = \"Work\"\n",
    );
    let drawn =
        "[[prevalence]]\nentering = [\"at_liberty\"]\nneed = \"work\"\nshare = [\"never\"]\n";
    let with = in_front(need, "[[prevalence]]", drawn).more(
        "model/parameters/numbers.csv",
        &row("never,,,,,,0,,,,,,share"),
    );
    same_numbers("a need of nobody", &tiny(), &with);
}

#[test]
fn another_area_changes_no_other_where_nothing_is_shared() {
    let only = |areas: &str| {
        let scenario = tiny().text("scenario.toml").to_owned();
        let scenario = scenario.replace(
            "[\"Northshire\", \"Southshire\"]\nstart",
            &format!("[{areas}]\nstart"),
        );
        let end = scenario.find("[[option]]\nid    = \"shared\"").unwrap();
        tiny().file("scenario.toml", &scenario[..end])
    };
    let both = only("\"Southshire\", \"Northshire\"");
    same_numbers("a shire before", &only("\"Northshire\""), &both);
    same_numbers("a shire behind", &only("\"Southshire\""), &both);
}

#[test]
fn an_option_that_only_costs_is_business_as_usual() {
    let scenario = r#"
[[option]]
id = "dear"
[[option.cost]]
from = "2026-04"
title = "A party"
payer = "council"
gbp = 10000
price_year = "2023-24"
source = "a paper"
"#;
    compare_with_usual(tiny().more("scenario.toml", scenario), "dear", &[]);
}

#[test]
fn a_change_to_what_nobody_uses_is_business_as_usual() {
    let services = format!("{UNUSED_SERVICE}{}", tiny().text("model/services.toml"));
    let question = tiny()
        .more("model/parameters/numbers.csv", &row("never,,,,,,0,,,,,,share"))
        .file("model/services.toml", &services)
        .more(
            "scenario.toml",
            "[[option]]\nid = \"idle\"\nwithout_costs = \"nobody uses it\"\n[[option.change]]\nfrom = \"2026-04\"\nservice = \"unused\"\n\
             places = { multiply = 3.0, source = \"a paper\" }\nsupport = { multiply = 2.0, source = \"a paper\" }\n",
        );
    // Places are what was changed, and occupancy is their share in use: nought of however many.
    compare_with_usual(question, "idle", &["places"]);
}

/// An option gives the very numbers of business as usual, but for these measures.
fn compare_with_usual(question: Question, option: &str, but: &[&str]) {
    let numbers: Answer = question.answer();
    let numbers = numbers.numbers();
    let mut n = 0;
    for (name, bits) in &numbers {
        let Some(rest) = name.strip_prefix(&format!("{option} ")) else {
            continue;
        };
        if !but
            .iter()
            .any(|measure| rest.contains(&format!(" {measure} ")))
        {
            n += 1;
            assert_eq!(
                Some(bits),
                numbers.get(&format!("business-as-usual {rest}")),
                "{rest}"
            );
        }
    }
    assert!(n > 1000, "only {n} numbers were compared");
}
