//! The page of a calibration, against the tables beside it.

use std::collections::BTreeMap;
use std::fs;

use super::{Known, number, row, table};

#[test]
fn the_page_says_what_the_tables_say() {
    let known = Known::calibrated("2");
    let page = fs::read_to_string(known.path("out/calibrate.html")).unwrap();
    assert!(
        !page.contains("http://") || !page.contains("src=\"http"),
        "the page needs nothing but itself"
    );

    let fit = table(&known.path("out/fit.csv"));
    let by_area = cells(&page, "Arrivals: 3 areas");
    assert_eq!(
        by_area.len(),
        4 * 8,
        "three areas and their sum, eight years each"
    );
    for shown in &by_area {
        let is_it = |row: &&BTreeMap<String, String>| {
            let place = row["area_name"] == shown[0]
                || (row["area_code"] == "total" && shown[0].starts_with("All"));
            row["measure"] == "arrivals" && place && row["period"] == shown[1]
        };
        let row = fit
            .iter()
            .find(is_it)
            .unwrap_or_else(|| panic!("{shown:?}"));
        for (cell, column) in [(2, "recorded"), (3, "modelled"), (4, "p05"), (5, "p95")] {
            assert_shown(&shown[cell], &row[column]);
        }
        let held_out = shown[1] == "2020-21";
        assert_eq!(shown[6], if held_out { "held out" } else { "yes" });
    }
    let figure = page
        .split("id=\"figure-areas-arrivals\"")
        .nth(1)
        .unwrap()
        .split("</figure>")
        .next()
        .unwrap();
    assert_eq!(figure.matches("class=\"label strong\"").count(), 4);
    assert_eq!(figure.matches("class=\"held\"").count(), 4);
    assert_eq!(figure.matches("class=\"point full\"").count(), 4 * 7);
    assert_eq!(figure.matches("class=\"point\"").count(), 4);

    let posterior = table(&known.path("out/posterior.csv"));
    let shown = cells(&page, "Before and after, in their own units");
    assert!(shown.len() >= 3, "{shown:?}");
    for line in &shown {
        let row = row(&posterior, "id", &line[0]);
        assert_eq!(line[2], row["verdict"]);
        assert_shown(&line[3], &row["prior"]);
        assert_shown(&line[5], &row["posterior"]);
        let ends: Vec<&str> = line[6].split(" to ").collect();
        assert_shown(ends[0], &row["posterior_low"]);
        assert_shown(ends[1], &row["posterior_high"]);
        assert_shown(
            &line[7],
            &(100.0 * number(&row["variance_removed"])).to_string(),
        );
    }
    let apart = table(&known.path("out/apart.csv"));
    let shown = cells(
        &page,
        "Combinations that the record knows better than their members",
    );
    assert_eq!(shown.len(), apart.len());
    for (line, row) in shown.iter().zip(&apart) {
        assert_eq!(line[1], row["number"]);
        assert_shown(&line[2], &row["weight"]);
        assert_shown(
            &line[3],
            &(100.0 * number(&row["variance_removed"])).to_string(),
        );
    }
    let evidence = table(&known.path("out/evidence.csv"));
    let shown = cells(
        &page,
        "What numbers are learned from: the level of every recorded series",
    );
    assert_eq!(shown.len(), evidence.len());
    for (line, row) in shown.iter().zip(&evidence) {
        assert_eq!((&line[0], &line[2]), (&row["title"], &row["role"]));
        assert_shown(
            &line[3],
            &(100.0 * (number(&row["miss_before"]).exp() - 1.0)).to_string(),
        );
        assert_shown(
            &line[4],
            &(100.0 * (number(&row["miss_after"]).exp() - 1.0)).to_string(),
        );
    }
}

/// The cells of the table on a page whose caption is this, row by row.
fn cells(page: &str, caption: &str) -> Vec<Vec<String>> {
    let wanted = format!("<caption>{caption}</caption>");
    let mut tables = page.split("<table class=").skip(1);
    let found = tables
        .find(|table| table.contains(&wanted))
        .unwrap_or_else(|| panic!("no table {caption}"));
    let body = found
        .split("<tbody>")
        .nth(1)
        .unwrap()
        .split("</table>")
        .next()
        .unwrap();
    let of_row = |row: &str| {
        let tags = row.split('<').filter_map(|tag| tag.split_once('>'));
        tags.filter(|(tag, _)| tag.starts_with("td") || tag.starts_with("th"))
            // What keeps a year in one line is no part of it.
            .map(|(_, text)| text.replace('\u{2060}', ""))
            .collect()
    };
    body.split("<tr>").skip(1).map(of_row).collect()
}

/// Whether a printed number is a number of the table, as far as it is printed.
fn assert_shown(shown: &str, exact: &str) {
    if exact.is_empty() {
        return assert_eq!(shown, "[x]");
    }
    let digits = shown
        .split('.')
        .nth(1)
        .map_or(0, |rest| rest.chars().filter(char::is_ascii_digit).count());
    let (shown_number, exact_number) = (number(shown), number(exact));
    let step = 0.5000001 * 10_f64.powi(-(digits as i32));
    assert!(
        (shown_number - exact_number).abs() <= step,
        "{shown} is not {exact}"
    );
}
