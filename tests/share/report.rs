//! What a run reports of a shared service: the section of its page, and the very numbers of `needscast share`.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::needscast;
use super::question::{AREAS, options, question};

/// Areas that share, with what a run needs to be asked of it.
fn write(folder: &Path, share: &str) {
    let more = "access = { \"South\" = { multiply = 0.8, source = \"a test\" } }";
    let running = "[[running_cost]]\ntitle = \"A manager\"\nservice = \"help\"\npayer = \"council\"\ngbp = 1000\nprice_year = \"2024-25\"\nsource = \"a test\"\n";
    let text = options(&AREAS, "North", more) + running + share;
    question(&AREAS).options(&text).draws(24).write_to(folder);
}

fn done(folder: &Path, arguments: &[&str]) -> String {
    let output = needscast(folder, arguments);
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{words}");
    words
}

fn read(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// From a text on to the end of another.
fn cut<'a>(page: &'a str, from: &str, to: &str) -> &'a str {
    let at = page.find(from).unwrap_or_else(|| panic!("no {from}"));
    let end = page[at..].find(to).unwrap();
    &page[at..at + end + to.len()]
}

#[test]
fn the_report_of_a_run_has_the_numbers_of_share() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    write(at, "[share]\nrule = \"nucleolus\"\n");
    let words = done(
        at,
        &["run", "scenario.toml", "--drivers", "0", "--out", "run"],
    );
    assert!(
        words.contains("One service for North, East, South and West"),
        "{words}"
    );
    done(at, &["share", "scenario.toml", "--out", "out"]);
    for file in [
        "share.json",
        "coalitions.csv",
        "partners.csv",
        "shares.csv",
        "rules.csv",
        "weights.csv",
        "levers.csv",
        "switching.csv",
    ] {
        let (run, share) = (
            read(at, &format!("run/share/{file}")),
            read(at, &format!("out/{file}")),
        );
        assert_eq!(run, share, "{file}");
    }
    // Every chart, its description and its table are the same to the letter.
    let (report, page) = (read(at, "run/report.html"), read(at, "out/share.html"));
    let section = cut(
        &report,
        "<section aria-labelledby=\"shared\">",
        "</section>",
    );
    for chart in ["gains", "costs", "ladder", "shares", "waits", "access"] {
        let figure = cut(
            &page,
            &format!("<figure id=\"figure-share-{chart}\">"),
            "</figure>",
        );
        assert!(section.contains(figure), "{chart}");
        assert_eq!(report.matches(figure).count(), 1, "{chart}");
    }
    for caption in [
        "Who gains and who loses: together less alone",
        "What each partner pays by each rule",
        "Together against alone when one thing is moved",
    ] {
        let table = cut(&page, &format!("<caption>{caption}"), "</table>");
        assert!(section.contains(table), "{caption}");
    }
    assert!(report.contains("<li><a href=\"#shared\">"));
    assert!(!section.contains("--share"), "nothing is left to ask for");
    // The ladder's numbers are those of the table for machines.
    let answer: Value = serde_json::from_str(&read(at, "run/share/share.json")).unwrap();
    assert_eq!(answer["coalitions"].as_array().unwrap().len(), 15);
    let north = answer["over_draws"]["nucleolus"]["shares"]["North"]["mean"]
        .as_f64()
        .unwrap();
    let shares = cut(
        section,
        "<caption>What each partner pays by each rule",
        "</table>",
    );
    let row = cut(shares, "<th scope=\"row\">North</th>", "</tr>");
    let printed: Vec<f64> = (row.split("<td>").skip(1))
        .map(|cell| {
            let digits = cell.split('<').next().unwrap().replace([',', '£'], "");
            digits.parse().unwrap()
        })
        .collect();
    assert!(
        (printed[2] / north - 1.0).abs() < 0.005,
        "{printed:?} without {north}"
    );
}

/// Who something is so of, told again from the table for machines.
fn who(table: &str, measure: &str, is_so: impl Fn(&dyn Fn(&str) -> f64) -> bool) -> String {
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let header = reader.headers().unwrap().clone();
    let mut found = Vec::new();
    let mut n_partners = 0;
    for record in reader.records().map(Result::unwrap) {
        let cell = |name: &str| &record[header.iter().position(|h| h == name).unwrap()];
        if cell("measure") != measure {
            continue;
        }
        n_partners += 1;
        if is_so(&|name| cell(name).parse().unwrap_or(f64::NAN)) {
            found.push(cell("partner").to_owned());
        }
    }
    match found.as_slice() {
        [] => "no partner".to_owned(),
        all if all.len() == n_partners => "every partner".to_owned(),
        [one] => one.clone(),
        [first, second] => format!("{first} and {second}"),
        [first, second, third] => format!("{first}, {second} and {third}"),
        some => format!("{} of the {n_partners} partners", some.len()),
    }
}

#[test]
fn titles_of_charts_say_what_the_tables_hold() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    write(at, "[share]\n");
    done(at, &["share", "scenario.toml", "--out", "out"]);
    let (page, table) = (read(at, "out/share.html"), read(at, "out/partners.csv"));
    let is_less = |v: &dyn Fn(&str) -> f64| v("difference_mean") < -1.96 * v("difference_mc_error");
    let is_more = |v: &dyn Fn(&str) -> f64| v("difference_mean") > 1.96 * v("difference_mc_error");
    let beyond = "beyond what chance explains, for";
    let titles = [
        (
            "gains",
            format!(
                "More needs are met together than alone, {beyond} {}",
                who(&table, "needs_met", is_more)
            ),
        ),
        (
            "costs",
            format!(
                "Sharing costs less than going alone, {beyond} {}",
                who(&table, "cost", is_less)
            ),
        ),
        (
            "waits",
            format!(
                "Those who start wait less together than alone, {beyond} {}",
                who(&table, "wait_months_mean", is_less)
            ),
        ),
        (
            "access",
            format!(
                "More of those in need start together than alone, {beyond} {}",
                who(&table, "access", is_more)
            ),
        ),
    ];
    for (chart, title) in &titles {
        let figure = cut(
            &page,
            &format!("<figure id=\"figure-share-{chart}\">"),
            "</figure>",
        );
        assert!(
            figure.contains(&format!("<figcaption>{title}</figcaption>")),
            "{title} is not in {}",
            cut(figure, "<figcaption>", "</figcaption>")
        );
    }
    let none = titles
        .iter()
        .filter(|(_, title)| title.ends_with("no partner"))
        .count();
    assert!(none < titles.len(), "something is found: {titles:?}");
}

#[test]
fn what_is_reported_is_described_and_can_be_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    write(at, "[share]\n");
    done(
        at,
        &[
            "run",
            "scenario.toml",
            "--draws",
            "6",
            "--drivers",
            "0",
            "--out",
            "run",
        ],
    );
    let package: Value = serde_json::from_str(&read(at, "run/datapackage.json")).unwrap();
    let resources = package["resources"].as_array().unwrap();
    let of = |path: &str| resources.iter().find(|resource| resource["path"] == path);
    let names = [
        "coalitions",
        "partners",
        "shares",
        "rules",
        "weights",
        "levers",
        "switching",
    ];
    for name in names {
        let resource = of(&format!("share/{name}.csv")).unwrap_or_else(|| panic!("{name}"));
        assert_eq!(resource["name"], format!("share-{name}"));
        assert_ne!(resource["description"], "");
        for field in resource["schema"]["fields"].as_array().unwrap() {
            assert_ne!(field["description"], "", "{name}: {}", field["name"]);
        }
    }
    let manifest: Value = serde_json::from_str(&read(at, "run/manifest.json")).unwrap();
    assert_eq!(manifest["share"], 6);
    assert!(read(at, "run/report.html").contains("--drivers 0 --share 6"));
}

#[test]
fn how_many_draws_tell_of_coalitions_is_for_the_analyst_to_say() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    write(at, "");
    let run = |more: &[&str]| {
        let fixed = [
            "run",
            "scenario.toml",
            "--draws",
            "12",
            "--drivers",
            "0",
            "--out",
            "run",
        ];
        done(at, &[&fixed[..], more].concat())
    };
    // A scenario that only pools a service is not asked for coalitions, and says how they are.
    run(&[]);
    assert!(!at.join("run/share").exists());
    assert!(read(at, "run/report.html").contains("--share"));
    run(&["--share", "5"]);
    done(
        at,
        &["share", "scenario.toml", "--draws", "5", "--out", "out"],
    );
    assert_eq!(
        read(at, "run/share/coalitions.csv"),
        read(at, "out/coalitions.csv")
    );
    write(at, "[share]\n");
    run(&["--share", "0"]);
    assert!(!at.join("run/share").exists());
    let told = needscast(at, &["run", "scenario.toml", "--draws", "12", "--estimate"]);
    assert!(String::from_utf8_lossy(&told.stdout).contains("for every group of partners"));
}

#[test]
fn shards_merge_to_the_same_section() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    write(at, "[share]\n");
    let run = |out: &str, more: &[&str]| {
        let fixed = [
            "run",
            "scenario.toml",
            "--draws",
            "6",
            "--drivers",
            "0",
            "--out",
            out,
        ];
        done(at, &[&fixed[..], more].concat())
    };
    run("whole", &[]);
    run("a", &["--shard", "1/2"]);
    run("b", &["--shard", "2/2"]);
    assert!(!at.join("a/share").exists());
    done(at, &["merge", "a", "b", "--out", "merged"]);
    for file in [
        "share/share.json",
        "share/coalitions.csv",
        "datapackage.json",
    ] {
        assert_eq!(
            read(at, &format!("whole/{file}")),
            read(at, &format!("merged/{file}")),
            "{file}"
        );
    }
    let section = |name: &str| {
        let page = read(at, &format!("{name}/report.html"));
        cut(&page, "<section aria-labelledby=\"shared\">", "</section>").to_owned()
    };
    assert_eq!(section("whole"), section("merged"));
}

#[test]
fn nobody_can_be_asked_about_who_shares_nothing() {
    let folder = tempfile::tempdir().unwrap();
    question(&AREAS).write_to(folder.path());
    let output = needscast(folder.path(), &["run", "scenario.toml", "--share", "4"]);
    let words = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{words}");
    assert!(words.contains("nobody shares a service"), "{words}");
    assert!(!folder.path().join("out").exists());
}
