//! Places that wait packed are unpacked when they are chosen, printed when they are chosen, and named when they are not.

use serde_json::json;

use super::{Placed, pictures, violations};
use crate::report::light;
use crate::support::chromium::{Browser, NARROW, WIDE};

/// Chooses a place by its code in the first of the lists, and waits for what is unpacked.
fn choose(browser: &mut Browser, place: &str) {
    browser.evaluate(&format!(
        "(() => {{ const list = document.querySelector('.chooser select'); list.value = '{place}'; list.dispatchEvent(new Event('change')); }})()"
    ));
    let waited = browser.evaluate(
        "new Promise((done) => { const look = () => document.querySelector('details.place[open] > .packed, .unpacking') ? setTimeout(look, 20) : done(true); look(); })",
    );
    assert_eq!(waited, true);
}

#[test]
fn a_packed_place_is_unpacked_when_it_is_chosen() {
    let page = light::page(32, 40);
    let placed = Placed::new(&page);
    let mut browser = Browser::start();
    for screen in [WIDE, NARROW] {
        browser.open(&placed.path(), screen);
        choose(&mut browser, "S12000031");
        let shown = browser.evaluate(
            "[...document.querySelectorAll('details.place:not([hidden])')].map((d) => d.id)",
        );
        assert_eq!(
            shown,
            json!([
                "profile-S12000031",
                "services-S12000031",
                "changes-S12000031"
            ])
        );
        // What the browser unpacks is what was packed.
        for (id, html) in light::unpacked(&page) {
            if !id.ends_with("S12000031") {
                continue;
            }
            let n = browser.evaluate(&format!(
                "document.querySelectorAll('#{id} figure svg[role=img]').length"
            ));
            let charts = html.matches("class=\"chart\" role=\"img\"").count();
            assert_eq!(n, charts, "{id}");
        }
        let unsaved = browser.evaluate(
            "document.querySelectorAll('details.place:not([hidden]) figure:not(:has(button))').length",
        );
        assert_eq!(unsaved, 0);
        assert_eq!(browser.evaluate(super::PROBE), json!([]));
        choose(&mut browser, "S12000030");
        assert_eq!(violations(&mut browser), json!([]));
    }
    assert_eq!(browser.faults, Vec::<String>::new());
    assert_eq!(browser.requests, Vec::<String>::new());
}

#[test]
fn a_link_to_a_chart_of_a_packed_place_unpacks_it() {
    let placed = Placed::new(&light::page(32, 40));
    let mut browser = Browser::start();
    browser.open(&placed.path(), WIDE);
    browser.evaluate("location.hash = '#figure-fan-S12000007-prison_population'");
    let found = browser.evaluate(
        "new Promise((done) => { let n = 0; const look = () => document.getElementById('figure-fan-S12000007-prison_population') ? done(true) : n++ > 200 ? done(false) : setTimeout(look, 20); look(); })",
    );
    assert_eq!(found, true);
    assert_eq!(
        browser.evaluate("document.querySelector('.chooser select').value"),
        "S12000007"
    );
}

/// Paper has the place that is chosen, the others at a glance; every place where every place is chosen.
#[test]
fn paper_has_the_chosen_place_and_the_others_at_a_glance() {
    let placed = Placed::new(&light::page(12, 3));
    let mut browser = Browser::start();
    browser.open(&placed.path(), WIDE);
    let printed = |browser: &mut Browser, name: &str| {
        let pdf = pictures().join(name);
        browser.print(&pdf);
        super::paper::words_of(&pdf)
    };
    // A place that was looked at before is not printed for that.
    choose(&mut browser, "S12000003");
    choose(&mut browser, "S12000002");
    let one = printed(&mut browser, "one-place.pdf");
    for index in 0..12 {
        let glance = format!("Council{index}ataglance");
        assert_eq!(one.matches(&glance).count(), 1, "{glance}");
    }
    choose(&mut browser, "");
    let left = browser.evaluate(
        "document.querySelectorAll('details.place[hidden], details.place:not([open])').length",
    );
    assert_eq!(left, 0);
    let all = printed(&mut browser, "every-place.pdf");
    let fans = |text: &str| {
        text.matches("Arrivalsinprison(people),businessasusual")
            .count()
    };
    assert!(fans(&one) >= 1);
    assert_eq!(fans(&all), 13 * fans(&one));
}
