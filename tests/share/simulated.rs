//! `needscast share SCENARIO` through the program.

use std::path::Path;

use serde_json::Value;

use super::needscast;
use super::question::{AREAS, options, question};

const RUNNING: &str = "[[running_cost]]\ntitle = \"A manager\"\nservice = \"help\"\npayer = \"council\"\ngbp = 1000\nprice_year = \"2024-25\"\nsource = \"a test\"\n";

fn shared(folder: &Path, arguments: &[&str]) -> Value {
    let all = [&["share", "scenario.toml", "--format", "json"], arguments].concat();
    let output = needscast(folder, &all);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

fn write(folder: &Path, n_draws: usize) {
    let more = "access = { \"South\" = { multiply = 0.8, source = \"a test\" } }";
    let text = options(&AREAS, "North", more) + RUNNING;
    question(&AREAS)
        .options(&text)
        .draws(n_draws)
        .write_to(folder);
}

#[test]
fn what_is_written_is_read_back_as_the_same_shares() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), 24);
    let simulated = shared(folder.path(), &["--out", "out", "--switching", "2"]);
    let said = |answer: &Value| answer["told"].to_string();
    assert!(!said(&simulated).contains("placeholder"), "{simulated}");
    assert!(
        simulated["citations"]
            .to_string()
            .contains("paragraph 10.2")
    );
    let from = [
        "share",
        "--from",
        "out/coalitions.csv",
        "--weights",
        "out/weights.csv",
        "--format",
        "json",
    ];
    let output = needscast(folder.path(), &from);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let read: Value = serde_json::from_slice(&output.stdout).unwrap();
    // Every key of the one stands in the other, with the same numbers.
    for (key, value) in read.as_object().unwrap() {
        assert_same(key, value, &simulated[key]);
    }
    for key in [
        "coalitions",
        "partner_results",
        "over_draws",
        "verdict",
        "switching",
    ] {
        assert!(!simulated[key].is_null(), "{key}");
    }
    assert_eq!(simulated["coalitions"].as_array().unwrap().len(), 15);
    for file in [
        "partners.csv",
        "shares.csv",
        "rules.csv",
        "levers.csv",
        "switching.csv",
        "share.html",
        "share.json",
        "manifest.json",
    ] {
        assert!(folder.path().join("out").join(file).is_file(), "{file}");
    }
}

/// Numbers to a millionth of a millionth, everything else exactly.
fn assert_same(at: &str, read: &Value, simulated: &Value) {
    match (read, simulated) {
        (Value::Number(a), Value::Number(b)) => {
            let (a, b) = (a.as_f64().unwrap(), b.as_f64().unwrap());
            assert!(
                (a - b).abs() <= 1e-6 + 1e-9 * a.abs(),
                "{at}: {a} is not {b}"
            );
        }
        (Value::Object(a), Value::Object(b)) => {
            assert!(a.keys().eq(b.keys()), "{at}");
            a.iter()
                .for_each(|(key, value)| assert_same(&format!("{at}.{key}"), value, &b[key]));
        }
        (Value::Array(a), Value::Array(b)) => {
            assert_eq!(a.len(), b.len(), "{at}");
            a.iter().zip(b).for_each(|(a, b)| assert_same(at, a, b));
        }
        (a, b) => assert_eq!(a, b, "{at}"),
    }
}

#[test]
fn threads_change_no_number() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), 4);
    let run = |threads| shared(folder.path(), &["--threads", threads, "--out", "out"]);
    assert_eq!(run("1"), run("2"));
}

#[test]
fn without_draws_nothing_is_claimed() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), 4);
    let answer = shared(folder.path(), &["--draws", "0", "--out", "out"]);
    assert_eq!(answer["verdict"]["value"], "cannot tell");
    assert_eq!(answer["verdict"]["level"], "local");
    assert!(answer["over_draws"]["shapley"]["probability_in_core"].is_null());
    assert!(answer["shapley"]["North"].is_number());
}

#[test]
fn what_is_paid_for_running_one_service_instead_of_four_is_the_saving() {
    let folder = tempfile::tempdir().unwrap();
    let areas = &AREAS[..2];
    let free = question(areas).rows("nothing,,,,,,0,GBP per start,2024-25,a test,judgement");
    let costs = free
        .text("model/costs.toml")
        .replace("per_start", "nothing");
    let text =
        options(areas, "North", "") + RUNNING + "[discounting]\ncosts = 0\nsource = \"a test\"\n";
    let free = free
        .file("model/costs.toml", &costs)
        .options(&text)
        .draws(20);
    free.write_to(folder.path());
    let answer = shared(folder.path(), &["--out", "out"]);
    // 1,000 a year each over four years; together one of them from the second year on.
    for (found, expected) in [
        (&answer["alone"]["North"], 4000.0),
        (&answer["together"], 5000.0),
        (&answer["shapley"]["East"], 2500.0),
    ] {
        assert!(
            (found.as_f64().unwrap() - expected).abs() < 1e-6,
            "{found} is not {expected}"
        );
    }
    assert_eq!(answer["verdict"]["level"], "regional");
    assert_eq!(answer["verdict"]["for_partner"]["East"], "value is shown");
}

#[test]
fn own_costs_are_paid_by_whoever_they_are_of() {
    let folder = tempfile::tempdir().unwrap();
    let areas = &AREAS[..3];
    let free = question(areas).rows("nothing,,,,,,0,GBP per start,2024-25,a test,judgement");
    let costs = free
        .text("model/costs.toml")
        .replace("per_start", "nothing");
    let cost = |gbp: u32, area: &str| {
        format!(
            "[[option.cost]]\nfrom = \"2025-04\"\ntitle = \"Premises\"\npayer = \"council\"\ngbp = {gbp}\nprice_year = \"2024-25\"\nsource = \"a test\"\n{area}\n"
        )
    };
    let of = |area: &str| format!("area = \"{area}\"");
    // Alone North pays 700 and East 400; a group pays 300 once, and 50 more with South.
    let usual = "id = \"business-as-usual\"\n";
    let alone = cost(700, &of("North")) + &cost(400, &of("East"));
    let together = cost(300, "") + &cost(50, &of("South"));
    let text = options(areas, "North", &together)
        .replace(usual, &format!("{usual}{alone}"))
        .replace("without_costs = \"a test\"\n", "");
    let discounting = "[discounting]\ncosts = 0\nsource = \"a test\"\n";
    free.file("model/costs.toml", &costs)
        .options(&(text + "[share]\n" + discounting))
        .draws(2)
        .write_to(folder.path());
    let answer = shared(folder.path(), &["--out", "out", "--switching", "0"]);
    let cost = |members: &[&str]| {
        let mut coalitions = answer["coalitions"].as_array().unwrap().iter();
        let found = coalitions.find(|coalition| coalition["members"] == serde_json::json!(members));
        found.unwrap()["cost"]["together"]["mean"].as_f64().unwrap()
    };
    for (members, expected) in [
        (&["North"][..], 700.0),
        (&["East"], 400.0),
        (&["South"], 0.0),
        (&["North", "East"], 300.0),
        (&["East", "South"], 350.0),
        (&["North", "East", "South"], 350.0),
    ] {
        assert!(
            (cost(members) - expected).abs() < 1e-6,
            "{members:?}: {}",
            cost(members)
        );
    }
    let page = std::fs::read_to_string(folder.path().join("out/share.html")).unwrap();
    assert!(page.contains("Going alone costs some partners more: North £700 and East £400."));
}

#[test]
fn a_verdict_that_rests_on_a_placeholder_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let running = RUNNING.replace("source", "grade = \"placeholder\"\nsource");
    let text = options(&AREAS, "North", "") + &running;
    question(&AREAS)
        .options(&text)
        .draws(4)
        .write_to(folder.path());
    let answer = shared(folder.path(), &["--out", "out", "--switching", "0"]);
    let told = answer["told"].to_string();
    assert!(
        told.contains("20 draws or more are needed")
            && told.contains("rests on placeholders, which are no evidence: a manager."),
        "{told}"
    );
    let page = std::fs::read_to_string(folder.path().join("out/share.html")).unwrap();
    assert!(page.contains("rests on placeholders"));
}

#[test]
fn of_many_partners_only_what_is_known_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let areas = ["A", "B", "C", "D", "E", "F+G", "H"];
    let text = options(&areas, "A", "") + RUNNING;
    question(&areas)
        .options(&text)
        .draws(3)
        .years(2)
        .write_to(folder.path());
    let answer = shared(folder.path(), &["--out", "out", "--switching", "0"]);
    assert!(answer["nucleolus"].is_null() && answer["in_core"].is_null());
    assert!(answer["core_empty"].is_null() && answer["all_coalitions"] == false);
    assert_eq!(
        answer["partners"][5], "F&G",
        "what joins members stands in no name"
    );
    let rules = answer["rules"].as_array().unwrap();
    assert_eq!(rules.len(), 7);
    let sum = |rule: &str| -> f64 {
        let shares = answer[rule].as_object().unwrap().values();
        shares.map(|share| share.as_f64().unwrap()).sum()
    };
    let together = answer["together"].as_f64().unwrap();
    for rule in rules.iter().filter(|rule| **rule != "marginal") {
        let rule = rule.as_str().unwrap();
        assert!((sum(rule) - together).abs() < 1e-6 * together, "{rule}");
    }
    assert!(answer["over_draws"]["shapley"]["shares"]["A"]["mc_error"].is_number());
    // Each alone, everybody, and everybody but one stand in every draw.
    assert!(answer["coalitions"].as_array().unwrap().len() >= 15);
    let page = std::fs::read_to_string(folder.path().join("out/share.html")).unwrap();
    assert!(page.contains("orders drawn at random"), "the page says how");
}

#[test]
fn a_scenario_in_which_nobody_shares_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    question(&AREAS).write_to(folder.path());
    let output = needscast(folder.path(), &["share", "scenario.toml"]);
    let words = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{words}");
    assert!(words.contains("nobody shares a service"), "{words}");
    let both = needscast(
        folder.path(),
        &["share", "scenario.toml", "--from", "x.csv"],
    );
    assert_eq!(both.status.code(), Some(2));
    assert_eq!(needscast(folder.path(), &["share"]).status.code(), Some(2));
}

/// For the browser.
pub fn page() -> String {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), 12);
    shared(folder.path(), &["--out", "out", "--switching", "2"]);
    std::fs::read_to_string(folder.path().join("out/share.html")).unwrap()
}
