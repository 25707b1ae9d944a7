//! The numbers as they are printed, by the command and on the page.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

const SCENARIO: &str = "models/textbook/tiny/scenario.toml";

/// Runs the tiny scenario into a folder.
fn run(out: &Path, more: &[&str]) {
    let out = out.to_str().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_needscast"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["run", SCENARIO, "--out", out])
        .args(more)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
}

/// A printed number in billionths.
fn units(text: &str) -> i128 {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text),
    };
    let (whole, rest) = digits.split_once('.').unwrap_or((digits, ""));
    let rest = format!("{rest:0<9}");
    assert_eq!(rest.len(), 9, "{text}");
    sign * (whole.parse::<i128>().unwrap() * 1_000_000_000 + rest.parse::<i128>().unwrap())
}

#[test]
fn parts_lead_from_before_to_after_to_the_last_printed_digit() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    run(&out, &["--drivers", "6"]);
    let mut reader = csv::Reader::from_path(out.join("drivers.csv")).unwrap();
    let header: Vec<String> = reader
        .headers()
        .unwrap()
        .iter()
        .map(str::to_owned)
        .collect();
    assert_eq!(
        header.join(","),
        "option,comparator,from,to,area_code,area_name,measure,driver,unit,mean,p05,p95,mc_error"
    );
    let mut changes: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for record in reader.records().map(Result::unwrap) {
        let key = [0, 1, 2, 3, 4, 6].map(|column| &record[column]).join(" ");
        let cells = (record[7].to_owned(), record[9].to_owned());
        changes.entry(key).or_default().push(cells);
    }
    assert!(changes.len() > 10);
    let mut n_moved = 0;
    for (key, rows) in changes {
        let of = |name: &str| {
            let row = rows.iter().find(|(driver, _)| driver == name);
            row.map_or("0", |(_, mean)| mean.as_str())
        };
        if of("before").is_empty() {
            assert!(rows.iter().all(|(_, mean)| mean.is_empty()), "{key}");
            continue;
        }
        let parts = [
            "population",
            "rates",
            "law",
            "services",
            "carried_over",
            "chance",
        ];
        let sum: i128 = parts.iter().map(|part| units(of(part))).sum();
        assert_eq!(sum, units(of("change")), "{key}");
        assert_eq!(units(of("before")) + sum, units(of("after")), "{key}");
        n_moved += usize::from(sum != 0);
    }
    assert!(n_moved > 10);
}

#[test]
fn before_and_after_are_what_the_forecast_says() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    run(&out, &["--drivers", "3"]);
    let mut forecast = csv::Reader::from_path(out.join("forecast.csv")).unwrap();
    let mut means = BTreeMap::new();
    for record in forecast.records().map(Result::unwrap) {
        let measure = match &record[4] {
            "" => record[3].to_owned(),
            breakdown => format!("{}[{breakdown}]", &record[3]),
        };
        let key = (
            record[0].to_owned(),
            record[1].to_owned(),
            measure,
            record[5].to_owned(),
        );
        means.insert(key, record[7].to_owned());
    }
    let mut drivers = csv::Reader::from_path(out.join("drivers.csv")).unwrap();
    let mut n = 0;
    for record in drivers.records().map(Result::unwrap) {
        let period = match (&record[7], &record[2]) {
            (_, "") => continue,
            ("before", from) => from.to_owned(),
            ("after", _) => record[3].to_owned(),
            _ => continue,
        };
        let key = (
            record[0].to_owned(),
            record[4].to_owned(),
            record[6].to_owned(),
            period,
        );
        let (told, forecast) = (record[9].parse::<f64>(), means[&key].parse::<f64>());
        if let (Ok(told), Ok(forecast)) = (told, forecast) {
            // Both are rounded, to seven digits of the larger of two numbers at most.
            assert!(
                (told - forecast).abs() <= 1e-6 * told.abs().max(1.0),
                "{key:?}"
            );
            n += 1;
        }
    }
    assert!(n > 10);
}

/// The cells of the tables on a page whose caption begins so, row by row.
fn tables(page: &str, caption: &str) -> Vec<Vec<Vec<String>>> {
    let tables = page.split("<table class=").skip(1);
    let tables = tables.map(|table| table.split("</table>").next().unwrap());
    let wanted = tables.filter(|table| table.contains(&format!("<caption>{caption}")));
    let cells = |row: &str| -> Vec<String> {
        let cells = row.split(['<']).filter_map(|tag| {
            let (name, text) = tag.split_once('>')?;
            (name.starts_with("td") || name.starts_with("th")).then(|| text.to_owned())
        });
        cells.collect()
    };
    wanted
        .map(|table| {
            let body = table.split("<tbody>").nth(1).unwrap();
            body.split("<tr>").skip(1).map(cells).collect()
        })
        .collect()
}

/// A number as the page shows it, in thousandths.
fn shown(text: &str) -> i64 {
    let plain: String = text
        .replace('−', "-")
        .chars()
        .filter(|c| c.is_ascii_digit() || *c == '-' || *c == '.')
        .collect();
    (plain.parse::<f64>().unwrap() * 1000.0).round() as i64
}

#[test]
fn the_page_shows_parts_that_add_up() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    run(&out, &["--drivers", "6"]);
    let page = fs::read_to_string(out.join("report.html")).unwrap();
    let tables = tables(&page, "Parts of the change");
    // Three places in time, and all of them together between options.
    assert_eq!(tables.len(), 4);
    let mut n_rows = 0;
    for row in tables.iter().flatten() {
        let numbers: Vec<i64> = row[1..].iter().map(|cell| shown(cell)).collect();
        let (after, before) = numbers.split_last().unwrap();
        assert_eq!(before.iter().sum::<i64>(), *after, "{row:?}");
        n_rows += 1;
    }
    assert!(n_rows > 6);
    assert!(page.contains("Waterfall chart."));
}

/// The title of a waterfall names the part that is the largest in drivers.csv, clear of chance or not.
#[test]
fn titles_name_the_largest_part() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    run(&out, &["--drivers", "6"]);
    let page = fs::read_to_string(out.join("report.html")).unwrap();
    let mut drivers = csv::Reader::from_path(out.join("drivers.csv")).unwrap();
    let rows: Vec<_> = drivers.records().map(Result::unwrap).collect();
    let mut n_unclear = 0;
    for (title, option, measure) in [
        (
            "People in custody: 5.2 higher in",
            "business-as-usual",
            "prison_population",
        ),
        (
            "People in custody: 6.0 lower under",
            "shared",
            "prison_population",
        ),
        (
            "Help with a home: people whose need is met: 12.0 higher under",
            "shared",
            "needs_met[service=homes]",
        ),
        (
            "Help with a home: people with the need who never start: 12 lower under",
            "shared",
            "unmet_need[service=homes]",
        ),
    ] {
        let parts = rows.iter().filter(|row| {
            let is_level = ["before", "change", "after"].contains(&&row[7]);
            !is_level && &row[0] == option && &row[4] == "total" && &row[6] == measure
        });
        let size = |row: &csv::StringRecord| row[9].parse::<f64>().unwrap().abs();
        let largest = parts.max_by(|a, b| size(a).total_cmp(&size(b))).unwrap();
        let name = match &largest[7] {
            "carried_over" => "what is carried over",
            other => other,
        };
        let found = page
            .split("<figcaption>")
            .find(|text| text.starts_with(title));
        let caption = found.unwrap().split('<').next().unwrap();
        assert!(
            caption.contains(&format!("; the largest part is {name} (")),
            "{caption}"
        );
        let is_unclear = size(largest) < 2.0 * largest[12].parse::<f64>().unwrap();
        assert_eq!(
            caption.ends_with(", which cannot be told from nothing"),
            is_unclear,
            "{caption}"
        );
        n_unclear += usize::from(is_unclear);
    }
    assert!(n_unclear > 0);
}

#[test]
fn without_draws_for_it_nothing_is_split() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    run(&out, &["--drivers", "0"]);
    assert!(!out.join("drivers.csv").exists());
    assert!(
        !fs::read_to_string(out.join("report.html"))
            .unwrap()
            .contains("Waterfall")
    );
    run(&out, &["--draws", "0"]);
    let table = fs::read_to_string(out.join("drivers.csv")).unwrap();
    assert!(table.lines().count() > 1);
}
