//! Moving the weights ranks options as the engine does.

use needscast::appraise::value;
use needscast::compile::{Criterion, Scores};
use serde_json::{Value, json};

use super::{opened, report};
use crate::support::chromium::WIDE;

/// Sets of weights: as the scenario has them, all on one, all alike, hardly any, and none.
fn sets(given: &[f64]) -> Vec<Vec<f64>> {
    let n = given.len();
    let whole: f64 = given.iter().sum();
    let mut sets = vec![given.to_vec(), vec![whole / 2.0; n]];
    for one in 0..n {
        let mut alone = vec![0.0; n];
        alone[one] = whole / 3.0;
        sets.push(alone);
    }
    sets.push(
        (0..n)
            .map(|i| whole * (1 + (i * 7) % 5) as f64 / 8.0)
            .collect(),
    );
    sets
}

/// Values and ranks as the engine has them.
fn by_the_engine(values: &[Vec<f64>], weights: &[f64]) -> Vec<(f64, usize)> {
    let criterion = |weight: &f64| Criterion {
        id: String::new(),
        weight: *weight,
        points: Vec::new(),
    };
    let n_options = values[0].len();
    let valued = value(&Scores {
        options: (0..n_options).map(|option| option.to_string()).collect(),
        criteria: weights.iter().map(criterion).collect(),
        total: weights.iter().sum(),
        scores: (0..n_options)
            .map(|option| values.iter().map(|of| of[option]).collect())
            .collect(),
        costs: None,
    });
    let options = valued.options.iter();
    options.map(|option| (option.value, option.rank)).collect()
}

fn numbers(value: &Value) -> Vec<f64> {
    let all = value.as_array().unwrap().iter();
    all.map(|number| number.as_f64().unwrap()).collect()
}

/// The page with values for its four options on its three criteria by which ranks hang on the weights, a tie among them.
fn planted(page: &str) -> String {
    let start = "id=\"weights-data\">";
    let (before, rest) = page.split_once(start).unwrap();
    let (data, after) = rest.split_once("</script>").unwrap();
    let mut data: Value = serde_json::from_str(data).unwrap();
    data["values"] = json!([
        [100.0, 40.0, 70.0, 40.0],
        [0.0, 90.25, 30.0, 90.25],
        [20.0, 10.0, 80.0, 10.0]
    ]);
    format!("{before}{start}{data}</script>{after}")
}

const SHOWN: &str = "[...document.querySelectorAll('#ranks tbody tr')].map((row) => [row.cells[1].textContent, row.cells[2].textContent])";

#[test]
fn sliders_rank_options_as_the_engine_does() {
    let (_placed, mut browser) = opened(&planted(&report()), WIDE);
    let data = browser.evaluate("JSON.parse(document.getElementById('weights-data').textContent)");
    let values: Vec<Vec<f64>> = data["values"]
        .as_array()
        .unwrap()
        .iter()
        .map(numbers)
        .collect();
    let given = numbers(&data["weights"]);
    let mut ranks = std::collections::BTreeSet::new();
    for weights in sets(&given) {
        for (index, weight) in weights.iter().enumerate() {
            browser.evaluate(&format!(
                "(() => {{ const slider = document.getElementById('weight-{index}'); slider.value = {weight}; slider.dispatchEvent(new Event('input')); }})()"
            ));
        }
        let taken: Vec<f64> = numbers(&browser.evaluate(
            "[...document.querySelectorAll('#weights input')].map((slider) => Number(slider.value))",
        ));
        assert!(
            taken
                .iter()
                .zip(&weights)
                .all(|(a, b)| (a - b).abs() < 1e-9 * b.max(1.0))
        );
        let shown = browser.evaluate(SHOWN);
        let expected = by_the_engine(&values, &taken);
        ranks.insert(expected.iter().map(|(_, rank)| *rank).collect::<Vec<_>>());
        for (cells, (value, rank)) in shown.as_array().unwrap().iter().zip(&expected) {
            assert_eq!(cells[1], json!(rank.to_string()), "{weights:?}");
            let digits = match value.abs() {
                size if size >= 100.0 => 0,
                size if size >= 10.0 => 1,
                _ => 2,
            };
            assert_eq!(cells[0], json!(format!("{value:.digits$}")), "{weights:?}");
        }
    }
    assert!(ranks.len() > 1, "no set of weights changes a rank");
}

#[test]
fn weights_go_back_to_what_the_scenario_says_and_none_at_all_say_so() {
    let (_placed, mut browser) = opened(&report(), WIDE);
    let before = browser.evaluate(SHOWN);
    browser.evaluate(
        "document.querySelectorAll('#weights input').forEach((slider) => { slider.value = 0; slider.dispatchEvent(new Event('input')); })",
    );
    let none = browser.evaluate(SHOWN);
    assert!(
        none.as_array()
            .unwrap()
            .iter()
            .all(|row| row[0] == "[x]" && row[1] == "[x]")
    );
    browser.evaluate("document.getElementById('weights-reset').click()");
    assert_eq!(browser.evaluate(SHOWN), before);
}
