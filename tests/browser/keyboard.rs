//! Whoever has no mouse reaches everything, and can work it.

use std::collections::BTreeSet;

use super::{opened, report};
use crate::support::chromium::WIDE;

/// Numbers everything that can be worked and is shown.
const NUMBER: &str = r#"(() => {
const all = [...document.querySelectorAll("a[href], button, input, select, summary, [tabindex='0']")];
const shown = all.filter((e) => e.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true }));
shown.forEach((e, index) => (e.dataset.number = index));
return shown.map((e) => e.outerHTML.slice(0, 100));
})()"#;

#[test]
fn tab_reaches_every_control_in_the_order_of_the_page() {
    let (_placed, mut browser) = opened(&report(), WIDE);
    let all = browser.evaluate(NUMBER);
    let all = all.as_array().unwrap();
    assert!(all.len() > 100, "{}", all.len());
    let (mut reached, mut last) = (BTreeSet::new(), -1);
    for _ in 0..all.len() + 20 {
        browser.press("Tab");
        let number = browser.evaluate("Number(document.activeElement.dataset.number ?? -1)");
        let number = number.as_i64().unwrap();
        if number < 0 {
            break;
        }
        assert!(number > last, "{number} after {last}");
        last = number;
        reached.insert(number as usize);
    }
    let missed: Vec<_> = (0..all.len()).filter(|n| !reached.contains(n)).collect();
    let missed: Vec<_> = missed.iter().map(|n| all[*n].to_string()).collect();
    assert_eq!(missed, Vec::<String>::new());
}

#[test]
fn keys_choose_places_move_weights_and_open_numbers() {
    let (_placed, mut browser) = opened(&report(), WIDE);
    browser.evaluate("document.querySelector('.chooser select').focus()");
    let before = browser.evaluate("document.querySelector('details.place:not([hidden])').id");
    browser.press("ArrowDown");
    let after = browser.evaluate("document.querySelector('details.place:not([hidden])').id");
    assert_ne!(before, after);

    browser.evaluate("document.getElementById('weight-0').focus()");
    let before = browser.evaluate("document.querySelector('#weights output').textContent");
    browser.press("ArrowLeft");
    let after = browser.evaluate("document.querySelector('#weights output').textContent");
    assert_ne!(before, after);

    browser.evaluate("document.querySelector('figure summary').focus()");
    browser.press("Enter");
    let is_open = browser.evaluate("document.querySelector('figure details').open");
    assert_eq!(is_open, true);
}
