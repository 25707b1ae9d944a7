//! A page stays light whatever is asked: places wait packed, and beyond that are told at a glance.

use std::io::Read;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::read::DeflateDecoder;
use needscast::compile::{Area, Plan};
use needscast::report;

use super::finished;
use crate::support;

/// What a page may weigh.
const MOST_BYTES: usize = 5_000_000;

/// The made-up question with so many councils and options.
fn many(n_areas: usize, n_options: usize) -> Plan {
    let mut plan = support::plan();
    plan.n_draws = 2;
    plan.areas = (0..n_areas)
        .map(|index| Area {
            code: format!("S12{index:06}"),
            name: format!("Council {index}"),
        })
        .collect();
    plan.population = vec![plan.population[0].clone(); n_areas];
    while plan.options.len() < n_options {
        let mut option = plan.options[1].clone();
        option.id = format!("option-{}", plan.options.len());
        plan.options.push(option);
    }
    plan
}

/// The page of so many councils and options, some of which wait packed.
pub fn page(n_areas: usize, n_options: usize) -> String {
    report::html(&finished(many(n_areas, n_options)).run()).unwrap()
}

/// What is packed in a page, by the places' ids, unpacked.
pub fn unpacked(page: &str) -> Vec<(String, String)> {
    let places = page.split("<details class=\"place").skip(1);
    let of_place = |place: &str| {
        let place = place.split("</details>\n<details class=\"place").next()?;
        let (_, packed) = place.split_once("class=\"packed\">")?;
        let id = place.split("id=\"").nth(1)?.split('"').next()?;
        let bytes = STANDARD.decode(packed.split('<').next()?).unwrap();
        let mut html = String::new();
        DeflateDecoder::new(&bytes[..])
            .read_to_string(&mut html)
            .unwrap();
        Some((id.to_owned(), html))
    };
    places.filter_map(of_place).collect()
}

#[test]
fn a_page_of_few_places_needs_no_script() {
    let page = page(3, 2);
    assert!(unpacked(&page).is_empty());
    assert!(page.contains("<noscript>"));
    assert_eq!(page.matches("<figure id=\"figure-fan-").count(), 4 * 2);
}

#[test]
fn places_of_a_large_page_wait_packed_and_nothing_of_them_is_lost() {
    let page = page(32, 40);
    assert!(page.len() < MOST_BYTES, "{}", page.len());
    let packed = unpacked(&page);
    // Three sections of every council; the sum stands open.
    assert_eq!(packed.len(), 3 * 32);
    for index in 0..32 {
        let code = format!("S12{index:06}");
        let of = |part: &str| {
            let id = format!("{part}-{code}");
            let found = packed.iter().find(|(known, _)| *known == id);
            &found.unwrap_or_else(|| panic!("{id}")).1
        };
        for measure in ["prison_population", "prison_arrivals"] {
            let figure = format!("<figure id=\"figure-fan-{code}-{measure}\">");
            assert!(of("profile").contains(&figure), "{figure}");
        }
        assert!(of("services").contains("<caption>Services by option"));
        assert!(of("changes").contains("<caption>Change against business as usual"));
        // Without scripts, and on paper, each is told at a glance.
        let glance = format!("<caption>Council {index} at a glance, ");
        assert!(page.contains(&glance), "{glance}");
    }
    let all: usize = packed.iter().map(|(_, html)| html.len()).sum();
    let bytes: usize = page.len();
    assert!(all > 3 * bytes / 2, "{all} unpacked in a page of {bytes}");
}

/// Each way of telling less is taken when the one before is too large, and says what it leaves to which file.
#[test]
fn what_a_page_cannot_hold_it_leaves_to_files_and_says_so() {
    let finished = finished(many(3, 60));
    let within = |most: usize| report::html_within(&finished.run(), most).unwrap();
    let whole = within(usize::MAX);
    assert!(unpacked(&whole).is_empty() && whole.contains("<noscript>"));
    let packed = within(2 * whole.len() - 1);
    assert!(packed.len() < whole.len());
    assert_eq!(unpacked(&packed).len(), 3 * 3);

    let brief = within(packed.len() - 1);
    assert!(brief.len() < packed.len());
    assert!(unpacked(&brief).is_empty());
    let left = "Its charts and tables are left to ";
    assert_eq!(brief.matches(left).count(), 3 * 3);
    for file in ["drivers.csv", "gap_by_month.csv", "contrasts.csv"] {
        assert!(brief.contains(file), "{file}");
    }
    assert!(brief.contains("<caption>Council 2 at a glance, "));

    let cut = within(brief.len() - 1);
    assert!(cut.len() < brief.len());
    let said = " columns; the files beside this page have them all)";
    assert!(cut.contains(said) && !brief.contains(said));
    assert!(cut.contains("more marks than can be told apart, and is left to its table."));
    for table in cut.split("<tbody>").skip(1) {
        let rows = table.split("</tbody>").next().unwrap();
        let n_rows = rows.matches("<tr").count();
        assert!(n_rows <= 100, "{n_rows} rows");
    }
    // Every section is there in each.
    for page in [&packed, &brief, &cut] {
        assert_eq!(page.matches("<h2 ").count(), whole.matches("<h2 ").count());
    }
}
