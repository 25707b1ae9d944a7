//! What is chosen is what is shown: charts that follow the reader's choice agree with the tables of the run.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Placed, ran};
use crate::support::chromium::{Browser, WIDE};

/// Chooses in one of the lists above the maps.
fn choose(browser: &mut Browser, list: &str, index: usize) {
    browser.evaluate(&format!(
        "(() => {{ const list = document.getElementById('show-{list}'); list.value = '{index}'; list.dispatchEvent(new Event('change')); }})()"
    ));
}

fn texts(browser: &mut Browser, selector: &str) -> Vec<String> {
    let found = browser.evaluate(&format!(
        "[...document.querySelectorAll(\"{selector}\")].map((e) => e.textContent)"
    ));
    let all = found.as_array().unwrap().iter();
    all.map(|text| text.as_str().unwrap().to_owned()).collect()
}

/// Means by option, area, measure, breakdown and period.
fn means(path: &std::path::Path) -> BTreeMap<[String; 5], f64> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let rows = reader.records().map(Result::unwrap);
    rows.filter_map(|row| {
        let key = [0, 2, 3, 4, 5].map(|column| row[column].to_owned());
        Some((key, row[7].parse().ok()?))
    })
    .collect()
}

#[test]
fn the_maps_show_what_is_chosen_as_the_tables_have_it() {
    let folder = tempfile::tempdir().unwrap();
    let page = ran(folder.path(), "tayside-throughcare", "6", "0");
    let forecast = means(&page.with_file_name("forecast.csv"));
    let gap = means(&page.with_file_name("gap.csv"));
    let placed = Placed::new(&std::fs::read_to_string(&page).unwrap());
    let mut browser = Browser::start();
    browser.open(&placed.path(), WIDE);
    let areas = ["Dundee City", "Angus", "Perth and Kinross"];
    let services = [
        "throughcare",
        "housing_support",
        "employability",
        "health_recovery",
    ];
    // By the order of the lists: more places that would do, and people who never start.
    for (measure, id, table) in [(2, "places_short", &gap), (1, "unmet_need", &forecast)] {
        for (option, name) in [(0, "business-as-usual"), (2, "stronger-local")] {
            choose(&mut browser, "measure", measure);
            choose(&mut browser, "option", option);
            choose(&mut browser, "year", 1);
            let cells = texts(&mut browser, "#figure-gap-heat tbody td");
            let drawn = texts(&mut browser, "#figure-gap-heat svg .value");
            assert_eq!(cells, drawn);
            let wanted = areas
                .iter()
                .flat_map(|area| services.map(|service| (area, service)));
            for ((area, service), shown) in wanted.zip(&cells) {
                let key =
                    [name, area, id, &format!("service={service}"), "2034-35"].map(str::to_owned);
                let value = table.get(&key).unwrap_or_else(|| panic!("{key:?}"));
                assert!(agrees(shown, *value), "{key:?}: {shown} is not {value}");
            }
            let title = texts(&mut browser, "#figure-gap-heat figcaption").remove(0);
            let most = cells
                .iter()
                .max_by(|a, b| number(a).total_cmp(&number(b)))
                .unwrap();
            let least = cells
                .iter()
                .min_by(|a, b| number(a).total_cmp(&number(b)))
                .unwrap();
            assert!(title.contains(&format!("({most}), lowest")), "{title}");
            assert!(title.ends_with(&format!("({least})")), "{title}");
        }
    }
    for service in 0..4 {
        choose(&mut browser, "service", service);
        let heat = texts(
            &mut browser,
            &format!("#figure-gap-heat tbody td:nth-child({})", service + 2),
        );
        let tiles = texts(&mut browser, "#figure-gap-tiles tbody td");
        assert_eq!(heat, tiles);
        let mut drawn = texts(&mut browser, "#figure-gap-tiles svg .value");
        let mut expected = tiles.clone();
        drawn.sort();
        expected.sort();
        assert_eq!(drawn, expected);
    }
    assert_eq!(browser.faults, Vec::<String>::new());
}

/// A number as it is shown.
fn number(shown: &str) -> f64 {
    let plain = shown.replace(',', "").replace('−', "-");
    let plain = plain.trim_end_matches('%');
    plain.parse().unwrap_or_else(|_| panic!("{shown}"))
}

/// Whether a number is shown to within half of its last digit.
fn agrees(shown: &str, value: f64) -> bool {
    let digits = shown
        .split_once('.')
        .map_or(0, |(_, rest)| rest.trim_end_matches('%').len());
    (number(shown) - value).abs() <= 0.5 * 10_f64.powi(-(digits as i32)) * (1.0 + 1e-6)
}

#[test]
fn what_the_script_begins_with_is_what_is_drawn_without_it() {
    let folder = tempfile::tempdir().unwrap();
    let page = ran(folder.path(), "tayside-throughcare", "6", "0");
    let placed = Placed::new(&std::fs::read_to_string(&page).unwrap());
    let mut browser = Browser::start();
    browser.open(&placed.path(), WIDE);
    let figures = "['heat', 'tiles'].map((id) => document.getElementById('figure-gap-' + id)).map((f) => [f.querySelector('figcaption').textContent, f.querySelector('caption').textContent, f.querySelector('svg').innerHTML, f.querySelector('table').textContent])";
    let before: Value = browser.evaluate(figures);
    choose(&mut browser, "measure", 3);
    assert_ne!(browser.evaluate(figures), before);
    choose(&mut browser, "measure", 0);
    assert_eq!(browser.evaluate(figures), before);
    assert_ne!(before, json!([]));
}
