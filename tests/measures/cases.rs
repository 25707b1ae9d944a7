//! Published cases through the public path.

use std::process::Command;

use needscast::compile::Law;
use serde_json::Value;

use crate::support::question::Question;

fn appraise(table: &str, arguments: &[&str]) -> Value {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("draws.csv"), table).unwrap();
    let fixed = ["appraise", "--from", "draws.csv", "--format", "json"];
    let output = Command::new(env!("CARGO_BIN_EXE_needscast"))
        .current_dir(folder.path())
        .args([&fixed, arguments].concat())
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Washington State Institute for Public Policy, adult criminal justice, May 2015: benefits, cost (below 0 a saving), net
/// present value and the ratio as printed, none for the saving.
const WSIPP: [(&str, f64, f64, f64, Option<f64>); 6] = [
    ("electronic monitoring", 27_363.0, -1_102.0, 28_465.0, None),
    ("re-entry", 58_499.0, 33_254.0, 25_245.0, Some(1.76)),
    (
        "therapeutic communities",
        27_658.0,
        3_665.0,
        23_994.0,
        Some(7.56),
    ),
    (
        "correctional education",
        23_346.0,
        1_161.0,
        22_185.0,
        Some(20.13),
    ),
    ("day reporting", 24_494.0, 3_863.0, 20_631.0, Some(6.38)),
    (
        "vocational education",
        21_377.0,
        1_619.0,
        19_757.0,
        Some(13.22),
    ),
];

#[test]
fn benefits_and_costs_of_programmes_are_those_of_wsipp() {
    let mut table = "option,draw,cost,outcome\nnone,1,0,0\n".to_owned();
    for (name, benefits, cost, ..) in WSIPP {
        table += &format!("{name},1,{cost},{benefits}\n");
    }
    let answer = appraise(&table, &["--threshold", "1"]);
    for (index, (name, _, _, worth, ratio)) in WSIPP.into_iter().enumerate() {
        let increment = &answer["options"][index + 1]["increment"];
        let found = increment["net_benefit"]["1"]["mean"].as_f64().unwrap();
        assert!((found - worth).abs() <= 1.0, "{name}: {found}");
        let printed = &increment["benefit_cost_ratio"]["1"];
        match ratio {
            None => assert!(printed.is_null(), "{name}: a saving has no ratio"),
            Some(ratio) => {
                let found = printed.as_f64().unwrap();
                assert!((found / ratio - 1.0).abs() < 0.01, "{name}: {found}");
            }
        }
    }
}

/// HM Treasury, the Green Book (2003), annex 6: two streams at 3.5%.
#[test]
fn two_streams_of_the_green_book_have_their_present_values() {
    let mut table = "option,draw,year,cost,outcome\n".to_owned();
    for (name, first, later) in [("A", 10.0, -2.5), ("B", 5.0, -1.5)] {
        for year in 0..5 {
            let cost = if year == 0 { first } else { later };
            table += &format!("{name},1,{year},{cost},0\n");
        }
    }
    let answer = appraise(&table, &["--threshold", "1"]);
    for (option, value) in [(0, -0.817_301_978_5), (1, 0.509_618_812_9)] {
        let found = -answer["options"][option]["cost_mean"].as_f64().unwrap();
        assert!((found - value).abs() < 1e-9, "{found}");
    }
    assert_eq!(answer["best"]["1"], "B");
}

/// The NHS demand model: an 80% interval becomes a normal law, and factors of growth and of avoidance multiply.
#[test]
fn an_interval_of_80_per_cent_is_that_of_a_normal_law() {
    let header = "id,value,low,high,level,distribution,unit,period,source,grade";
    let rows = [
        "everyone,1,,,,,share,2024,a test,judgement",
        "reach,0.85,0.8,0.9,80,normal,share,2024,a test,judgement",
        "start,1000,,,,,people,2024,a test,judgement",
        "avoided_once,0.88,,,,,share,2024,a test,judgement",
        "avoided_twice,0.75,,,,,share,2024,a test,judgement",
    ];
    let question = Question::new(
        r#"
[[state]]
id = "a"
title = "A"
group = "liberty"
stay = "none"
exits = [{ to = "b", share = ["avoided_once", "avoided_twice", "reach"] }, { to = "leaves", share = "rest" }]
[[state]]
id = "b"
title = "B"
group = "liberty"
stay = "forever"
exits = []
[[state]]
id = "origin"
title = "Origin"
group = "liberty"
opening = { people = ["start"], fresh = true }
stay = "none"
exits = [{ to = "a", share = "rest" }]
"#,
    )
    .file("model/parameters/numbers.csv", &format!("{header}\n{}\n", rows.join("\n")));
    let plan = question.plan();
    let law = |id: &str| {
        let cell = plan
            .cells
            .iter()
            .find(|cell| plan.parameters[cell.parameter].id == id);
        cell.unwrap().law
    };
    let Law::Normal(mean, sd) = law("reach") else {
        panic!("{:?}", law("reach"));
    };
    assert!((mean - 0.85).abs() < 1e-12);
    assert!((sd - 0.039_015_2).abs() < 5e-7, "{sd}");
    let product = plan
        .quantities
        .iter()
        .find(|q| q.factors.len() == 3)
        .unwrap();
    let value: f64 = (product.factors.iter())
        .map(|factor| {
            let cell = plan.cells.iter().find(|cell| cell.parameter == *factor);
            cell.unwrap().value
        })
        .product();
    assert!((value - 0.66 * 0.85).abs() < 1e-12, "{value}");
}
