//! Numbers in sentences, tables, charts and CSV files of one run, walked: they are the same numbers.

mod tables;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A run of the program with its page and its tables.
struct Ran {
    folder: tempfile::TempDir,
    page: String,
}

impl Ran {
    fn new() -> Ran {
        let folder = tempfile::tempdir().unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_needscast"))
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .args(["run", "scenarios/tayside-throughcare.toml"])
            .args(["--draws", "8", "--drivers", "0", "--out"])
            .arg(folder.path().join("out"))
            .output()
            .unwrap();
        let words = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{words}");
        let page = fs::read_to_string(folder.path().join("out/report.html")).unwrap();
        let page = page
            .replace(['\u{2060}'], "")
            .replace('\u{a0}', " ")
            .replace("&#x27;", "'")
            .replace("&amp;", "&");
        Ran { folder, page }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join("out").join(name)
    }

    /// What stands from one text on to another.
    fn between(&self, start: &str, end: &str) -> &str {
        let from = self
            .page
            .find(start)
            .unwrap_or_else(|| panic!("no {start}"));
        let rest = &self.page[from..];
        &rest[..rest.find(end).unwrap()]
    }
}

/// Rows of a CSV by the cells of some columns.
fn table(path: &Path, keys: &[&str]) -> BTreeMap<Vec<String>, BTreeMap<String, f64>> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let header: Vec<String> = reader
        .headers()
        .unwrap()
        .iter()
        .map(str::to_owned)
        .collect();
    let mut rows = BTreeMap::new();
    for record in reader.records().map(Result::unwrap) {
        let of = |name: &&str| record[header.iter().position(|h| h == name).unwrap()].to_owned();
        let numbers = header.iter().zip(&record);
        let numbers = numbers.filter_map(|(name, cell)| Some((name.clone(), cell.parse().ok()?)));
        rows.insert(keys.iter().map(of).collect(), numbers.collect());
    }
    rows
}

/// The cells of every row of the first table in a piece of the page.
fn cells(html: &str) -> Vec<Vec<String>> {
    let body = html.split_once("<tbody>").unwrap().1;
    let body = body.split_once("</tbody>").unwrap().0;
    let row = |row: &str| {
        let cells = row
            .split(['<'])
            .filter(|part| part.starts_with("th") || part.starts_with("td"));
        cells
            .map(|cell| cell.split_once('>').unwrap().1.to_owned())
            .collect()
    };
    body.split("<tr>").skip(1).map(row).collect()
}

/// Whether a number is shown to within half of the last digit that it is shown to.
fn agrees(shown: &str, value: f64) -> bool {
    let size = match shown {
        text if text.ends_with("billion") => 1e9,
        text if text.ends_with("million") => 1e6,
        text if text.ends_with('%') => 0.01,
        _ => 1.0,
    };
    let digits = |c: &char| c.is_ascii_digit() || *c == '.' || *c == '-';
    let plain: String = shown.replace('−', "-").chars().filter(digits).collect();
    let Ok(number) = plain.parse::<f64>() else {
        return false;
    };
    let n_digits = plain.split_once('.').map_or(0, |(_, rest)| rest.len()) as i32;
    let is_rounded_pounds = shown.contains('£') && size == 1.0 && number.abs() >= 10_000.0;
    let step = if is_rounded_pounds {
        100.0
    } else {
        10_f64.powi(-n_digits)
    };
    (number * size - value).abs() <= 0.5 * step * size * (1.0 + 1e-6) + 1e-6 * value.abs()
}

/// A number as sentences have it: three digits at most.
fn about(value: f64) -> String {
    let grouped = |value: f64| {
        let text = format!("{value:.0}");
        match text.len() {
            n if n > 3 => format!("{},{}", &text[..n - 3], &text[n - 3..]),
            _ => text,
        }
    };
    match value {
        value if value >= 1000.0 => {
            let step = 10_f64.powi(value.log10().floor() as i32 - 2);
            grouped((value / step).round() * step)
        }
        value if value >= 10.0 => grouped(value),
        value => format!("{value:.1}").trim_end_matches(".0").to_owned(),
    }
}

const KEYS: [&str; 5] = ["option", "area_code", "measure", "breakdown", "period"];

#[test]
fn fans_show_what_the_forecast_says_in_tables_and_lines() {
    let ran = Ran::new();
    let forecast = table(&ran.path("forecast.csv"), &KEYS);
    let mut n_walked = 0;
    for figure in ran.page.split("<figure id=\"figure-fan-").skip(1) {
        let figure = figure.split_once("</figure>").unwrap().0;
        let name = figure.split('"').next().unwrap();
        let (code, measure) = name.split_once('-').unwrap();
        let rows = cells(figure);
        for row in &rows {
            let key = ["business-as-usual", code, measure, "", &row[0]].map(str::to_owned);
            let known = &forecast[&Vec::from(key)];
            for (shown, column) in row[2..8]
                .iter()
                .zip(["mean", "p05", "p25", "p50", "p75", "p95"])
            {
                match known.get(column) {
                    Some(value) => assert!(agrees(shown, *value), "{name} {row:?}: {value}"),
                    None => assert_eq!(shown, "[x]", "{name}"),
                }
                n_walked += 1;
            }
        }
        line_agrees(name, figure, &rows);
    }
    assert!(n_walked > 5_000, "{n_walked}");
}

/// The line of a fan against the mean of its table: heights on the page read off by the ticks of the axis.
fn line_agrees(name: &str, figure: &str, rows: &[Vec<String>]) {
    let texts = figure
        .split("<text class=\"tick end\" x=\"60.0\" y=\"")
        .skip(1);
    let ticks: Vec<(f64, f64)> = texts
        .map(|text| {
            let (y, rest) = text.split_once("\">").unwrap();
            (
                y.parse::<f64>().unwrap() - 4.0,
                number(rest.split('<').next().unwrap()),
            )
        })
        .collect();
    let ((y0, low), (y1, high)) = (ticks[0], *ticks.last().unwrap());
    let scale = (high - low) / (y1 - y0);
    let path = figure
        .split("<path class=\"line c0 d0\" d=\"")
        .nth(1)
        .unwrap();
    let points = path.split('"').next().unwrap().split(['M', 'L']).skip(1);
    let heights: Vec<f64> = points
        .map(|point| point.split(' ').nth(1).unwrap().parse().unwrap())
        .collect();
    let means: Vec<f64> = rows
        .iter()
        .filter(|row| row[2] != "[x]")
        .map(|row| number(&row[2]))
        .collect();
    assert_eq!(heights.len(), means.len(), "{name}");
    for (y, mean) in heights.iter().zip(&means) {
        let drawn = low + (y - y0) * scale;
        // A tenth of a pixel, the last digit of the table, and of the ticks.
        let slack = 0.11 * scale.abs() + 0.006 * mean.abs() + 0.51 * 10_f64.powi(-2).min(1.0);
        assert!(
            (drawn - mean).abs() <= slack,
            "{name}: {drawn} is drawn for {mean}"
        );
    }
}

fn number(shown: &str) -> f64 {
    let plain = shown.replace(',', "").replace('−', "-");
    match plain.strip_suffix('%') {
        Some(percent) => percent.parse::<f64>().unwrap() / 100.0,
        None => plain.parse().unwrap_or_else(|_| panic!("{shown}")),
    }
}

#[test]
fn sentences_say_what_the_tables_say() {
    let ran = Ran::new();
    let forecast = table(&ran.path("forecast.csv"), &KEYS);
    let total = forecast
        .keys()
        .map(|key| key[1].clone())
        .find(|code| !code.starts_with("S12"))
        .unwrap();
    let of = |measure: &str, breakdown: &str, year: &str| {
        let key = ["business-as-usual", &total, measure, breakdown, year].map(str::to_owned);
        &forecast[&Vec::from(key)]
    };
    let with_range = |row: &BTreeMap<String, f64>| {
        let [mean, low, high] = ["mean", "p05", "p95"].map(|column| about(row[column]));
        format!("about {mean} (90% range {low} to {high})")
    };
    let summary = ran.between("<h2 id=\"summary\">", "<h2 id=\"appraisal-summary\">");
    for need in ["housing", "employability", "health", "throughcare"] {
        let breakdown = format!("need={need}");
        let said = format!(
            "{} people will arise with this need in 2025-26, and {} in 2034-35.",
            with_range(of("need_arising", &breakdown, "2025-26")),
            with_range(of("need_arising", &breakdown, "2034-35"))
        );
        assert!(summary.contains(&said), "{said}");
    }
    let gap = table(&ran.path("gap.csv"), &KEYS);
    let section = ran.between("<h2 id=\"gap\">", "</section>");
    for service in [
        "throughcare",
        "housing_support",
        "employability",
        "health_recovery",
    ] {
        let breakdown = format!("service={service}");
        let never = of("unmet_need", &breakdown, "2034-35");
        let said = format!("{} people with the need never start", with_range(never));
        assert!(section.contains(&said), "{said}");
        let key = [
            "business-as-usual",
            &total,
            "places_needed",
            &breakdown,
            "2034-35",
        ];
        let needed = &gap[&Vec::from(key.map(str::to_owned))];
        let there = of("places", &breakdown, "2034-35")["mean"];
        let said = format!(
            "with {} places in 2034-35, instead of about {}, nobody would wait",
            with_range(needed),
            about(there)
        );
        assert!(section.contains(&said), "{said}");
    }
}

#[test]
fn the_gap_and_the_money_on_the_page_are_those_of_the_tables() {
    let ran = Ran::new();
    let keys = ["option", "area_name", "measure", "breakdown", "period"];
    let forecast = table(&ran.path("forecast.csv"), &keys);
    let gap = table(&ran.path("gap.csv"), &keys);
    let ids = BTreeMap::from([
        ("Voluntary throughcare", "throughcare"),
        ("Housing support", "housing_support"),
        ("Employability support", "employability"),
        (
            "Recovery support: mental health, drugs and alcohol",
            "health_recovery",
        ),
    ]);
    let rows = cells(ran.between("<h3>The gap, and the places", "</section>"));
    assert_eq!(rows.len(), 4 * (2 + 3));
    for row in &rows {
        let service = format!("service={}", ids[row[0].as_str()]);
        let key = |measure: &str| {
            let key = ["business-as-usual", &row[1], measure, &service, &row[2]];
            Vec::from(key.map(str::to_owned))
        };
        for (column, measure, table) in [
            (4, "starts", &forecast),
            (5, "unmet_need", &forecast),
            (8, "places", &forecast),
            (9, "places_needed", &gap),
            (11, "places_short", &gap),
        ] {
            let value = table[&key(measure)]["mean"];
            assert!(agrees(&row[column], value), "{row:?}, {measure}: {value}");
        }
        let (never, starts) = (
            forecast[&key("unmet_need")]["mean"],
            forecast[&key("starts")]["mean"],
        );
        assert!(agrees(&row[7], never / (never + starts)), "{row:?}");
    }

    let appraisal = table(
        &ran.path("appraisal.csv"),
        &["option", "measure", "perspective"],
    );
    let summary = cells(ran.between("<h2 id=\"appraisal-summary\">", "</section>"));
    let costs = summary
        .iter()
        .find(|row| row[0] == "Cost to the public sector")
        .unwrap();
    let options = [
        "business-as-usual",
        "do-minimum",
        "stronger-local",
        "regional",
    ];
    for (option, shown) in options.into_iter().zip(&costs[1..]) {
        let key = [option, "present_value_of_cost", "public-sector"].map(str::to_owned);
        let mean = shown.split(" (").next().unwrap();
        let value = appraisal[&Vec::from(key)]["mean"];
        assert!(agrees(mean, value), "{option}: {shown} is not {value}");
    }
}

/// What takes a year to be told has no number in the last one: it is judged up to the last that has one.
#[test]
fn outcomes_are_judged_up_to_the_last_year_with_a_number() {
    let ran = Ran::new();
    assert!(!ran.page.contains("Cannot tell without draws"));
    let rows = cells(ran.between(
        "<caption>National outcomes: baseline and projection",
        "</table>",
    ));
    let row = rows.iter().find(|row| row[3].contains("econvict")).unwrap();
    assert!(row[4].ends_with(", the last year with a number"), "{row:?}");
    assert!(row[7].contains(", of 20"), "{row:?}");
    // An indicator without a measure is marked as the others are.
    let confidence = rows
        .iter()
        .find(|row| row[0].starts_with("More people across the workforce"));
    let indicator = &confidence.unwrap()[2];
    assert!(
        indicator.ends_with("[wording recalled, to be confirmed]"),
        "{indicator}"
    );
}

/// The gap by month on the page, in its table and in that of the year.
#[test]
fn the_months_of_the_gap_are_those_of_the_tables_and_add_up_to_the_year() {
    let ran = Ran::new();
    let keys = ["option", "area_code", "measure", "breakdown", "period"];
    let forecast = table(&ran.path("forecast.csv"), &keys);
    let gap = table(&ran.path("gap.csv"), &keys);
    let months = table(&ran.path("gap_by_month.csv"), &keys);
    // Four options, three councils and their sum, four services, two measures, ten years.
    assert_eq!(months.len(), 4 * 4 * 4 * 2 * 120);
    let mut sums: BTreeMap<Vec<String>, (f64, usize)> = BTreeMap::new();
    for (key, row) in &months {
        assert!(
            row.contains_key("mean") && row.contains_key("p05") && row.contains_key("mc_error")
        );
        let (year, month) = key[4].split_once('-').unwrap();
        let (year, month): (i32, u32) = (year.parse().unwrap(), month.parse().unwrap());
        let begun = if month >= 4 { year } else { year - 1 };
        let mut of_year = key.clone();
        of_year[4] = format!("{begun}-{:02}", (begun + 1) % 100);
        let sum = sums.entry(of_year).or_default();
        *sum = (sum.0 + row["mean"], sum.1 + 1);
    }
    for (key, (sum, n)) in &sums {
        assert_eq!(*n, 12, "{key:?}");
        let (year, sum) = match key[2].as_str() {
            "unmet_need" => (forecast[key]["mean"], *sum),
            _ => (gap[key]["mean"], sum / 12.0),
        };
        // Means have seven digits. A year has as many short as its months where their places are the same.
        let is_near = (sum - year).abs() <= 1e-5 * year.max(1.0);
        assert!(
            is_near || key[2] == "places_short" && sum > year,
            "{key:?}: {sum}, {year}"
        );
    }

    let codes: std::collections::BTreeSet<&String> = months.keys().map(|key| &key[1]).collect();
    assert_eq!(codes.len(), 4);
    let services = [
        "throughcare",
        "housing_support",
        "employability",
        "health_recovery",
    ];
    for (code, service) in codes
        .iter()
        .flat_map(|code| services.map(|service| (*code, service)))
    {
        let start = format!("<figure id=\"figure-months-{code}-{service}\">");
        let rows = cells(ran.between(&start, "</figure>"));
        assert_eq!(rows.len(), 2 * 10);
        for row in &rows {
            let (year, what) = row[0].split_once(": ").unwrap();
            let measure = match what {
                "people who never start" => "unmet_need",
                "more places that would do" => "places_short",
                other => panic!("{other}"),
            };
            let begun: i32 = year[..4].parse().unwrap();
            for (column, cell) in row[1..13].iter().enumerate() {
                let month = (column + 3) % 12 + 1;
                let period = format!("{}-{month:02}", begun + i32::from(month < 4));
                let breakdown = format!("service={service}");
                let key = ["business-as-usual", code, measure, &breakdown, &period];
                let known = &months[&Vec::from(key.map(str::to_owned))];
                let (mean, range) = cell.split_once(" (").unwrap();
                let (low, high) = range.trim_end_matches(')').split_once(" to ").unwrap();
                assert!(agrees(mean, known["mean"]), "{row:?}, {period}");
                assert!(
                    agrees(low, known["p05"]) && agrees(high, known["p95"]),
                    "{row:?}, {period}"
                );
            }
        }
    }
}

/// The band of earlier forecasts: its table, the forecast it is laid around, and the fan.
#[test]
fn the_band_of_a_fan_is_that_of_its_table() {
    let ran = Ran::new();
    let bands = table(
        &ran.path("backtest.csv"),
        &["measure", "area_code", "period"],
    );
    let forecast = table(&ran.path("forecast.csv"), &KEYS);
    let mut n_drawn = 0;
    for (key, row) in &bands {
        let of = ["business-as-usual", &key[1], &key[0], "", &key[2]];
        let mean = forecast[&Vec::from(of.map(str::to_owned))]["mean"];
        for (end, sign) in [("low", -1.0), ("high", 1.0)] {
            let expected = mean * (1.0 + sign * row["missed"]);
            assert!((row[end] - expected).abs() <= 1e-5 * mean, "{key:?}, {end}");
        }
        assert!(row["n"] >= 5.0 && row["missed"] > 0.0, "{key:?}");
        let fan = ran.between(
            &format!("<figure id=\"figure-fan-{}-{}\">", key[1], key[0]),
            "</figure>",
        );
        assert!(
            fan.contains("class=\"outline\"")
                && fan.contains("The dotted outline is the back-test")
        );
        let rows = cells(fan);
        let shown = rows.iter().find(|row| row[0] == key[2]).unwrap();
        assert!(
            agrees(&shown[8], row["low"]) && agrees(&shown[9], row["high"]),
            "{shown:?}"
        );
        assert_eq!(shown[10], row["n"].to_string());
        n_drawn += 1;
    }
    // Arrivals of three councils and of all, five years each.
    assert!(n_drawn >= 4 * 5, "{n_drawn}");
    let bare = ran.between(
        "<figure id=\"figure-fan-S12000042-leaving_remand\">",
        "</figure>",
    );
    assert!(
        bare.contains("No back-test band: nothing is recorded of this measure here.")
            && !bare.contains("\"outline\"")
    );
}
