//! A published case of drawing: the demand model of the National Health Service.

use needscast::compile::Law;

use crate::support::question::Question;

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
