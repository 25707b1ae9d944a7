//! What a reader gets: one page that needs nothing else, tables that say what the page says, and all of it or none.

pub mod light;

use std::fs;

use needscast::appraise::{Appraisal, appraise};
use needscast::compile::{Between, Comparison, Plan, counterfactuals};
use needscast::draw::draw;
use needscast::quantity::FinancialYear;
use needscast::report::{self, Engine, Manifest, Run, WriteError};
use needscast::summarise::{Drivers, Fit, Forecast, drivers, fit, summarise};

use crate::{backtest, support};

struct Finished {
    plan: Plan,
    forecast: Forecast,
    fit: Fit,
    appraisal: Appraisal,
    drivers: Drivers,
    manifest: Manifest,
}

/// Two years, and two options where there are two.
fn comparisons(plan: &Plan) -> Vec<Comparison> {
    let measures = vec![
        ("prison_arrivals".to_owned(), String::new()),
        ("prison_population".to_owned(), String::new()),
    ];
    let years = Between::Years {
        option: 0,
        from: FinancialYear::starting(2020),
        to: FinancialYear::starting(2026),
    };
    let options = Between::Options {
        option: 1,
        against: 0,
        year: None,
    };
    let betweens = [Some(years), (plan.options.len() > 1).then_some(options)];
    let comparison = |between| Comparison {
        measures: measures.clone(),
        is_usual: false,
        between,
    };
    betweens.into_iter().flatten().map(comparison).collect()
}

fn finished(mut plan: Plan) -> Finished {
    plan.comparisons = comparisons(&plan);
    let trajectories = support::trajectories(&plan);
    let asked = counterfactuals(&plan);
    let mut lives = [&asked.plan, &asked.plan].map(support::trajectories);
    if plan.n_draws > 0 {
        for life in &mut lives {
            life.rows.remove(0);
        }
    }
    let draws = draw(&plan);
    Finished {
        forecast: summarise(&plan, &trajectories),
        fit: fit(&plan, &trajectories),
        appraisal: appraise(&plan, &draws, &trajectories),
        drivers: drivers(&plan, &trajectories, &asked, &lives),
        manifest: Manifest {
            inputs: vec![("scenarios/made-up.toml".to_owned(), "0".repeat(64))],
            engine: Engine::People,
            threads: 2,
            command_line: "needscast run scenarios/made-up.toml --draws 40".to_owned(),
            started: "2026-01-01T00:00:00Z".to_owned(),
            seconds: 1.5,
            question: None,
        },
        plan,
    }
}

impl Finished {
    fn run(&self) -> Run<'_> {
        Run {
            plan: &self.plan,
            forecast: &self.forecast,
            fit: &self.fit,
            appraisal: &self.appraisal,
            drivers: &self.drivers,
            joint: None,
            missed: &[],
            manifest: &self.manifest,
        }
    }
}

/// The page in every shape that changes what is on it.
pub fn pages() -> Vec<(&'static str, String)> {
    let one_area = || {
        let mut plan = support::plan();
        plan.areas.truncate(1);
        plan.population.truncate(1);
        plan.total = plan.areas[0].clone();
        plan
    };
    let one_option = |mut plan: Plan| {
        plan.options.truncate(1);
        plan.costs.clear();
        plan
    };
    let central = |mut plan: Plan| {
        plan.n_draws = 0;
        plan
    };
    let bare = |mut plan: Plan| {
        plan.needs.clear();
        plan.services.clear();
        plan.recorded.clear();
        plan.costs.clear();
        plan
    };
    [
        ("two areas", support::plan()),
        ("one area", one_area()),
        ("one option", one_option(support::plan())),
        ("no draws", central(support::plan())),
        ("neither needs nor services", bare(one_option(one_area()))),
    ]
    .map(|(name, plan)| (name, report::html(&finished(plan).run()).unwrap()))
    .into()
}

/// Those, and the pages of back-tests.
fn all_pages() -> Vec<(&'static str, String)> {
    pages().into_iter().chain(backtest::pages()).collect()
}

#[test]
fn the_page_asks_nothing_of_any_network() {
    for (name, page) in all_pages() {
        for forbidden in [
            "<script src",
            "<link rel=\"stylesheet",
            "@import",
            "url(",
            "<img",
            "<iframe",
            "fetch(",
            "XMLHttp",
        ] {
            assert!(
                !page.contains(forbidden),
                "{name}: the page has `{forbidden}`"
            );
        }
        for tag in page.split('<').filter(|tag| tag.contains("=\"http")) {
            let is_link = tag.starts_with("a href=\"http")
                || tag.starts_with("svg xmlns=\"http://www.w3.org/2000/svg\"");
            assert!(is_link, "{name}: `{}`", tag.lines().next().unwrap());
        }
    }
}

#[test]
fn every_tag_is_closed_and_every_id_is_one() {
    for (name, page) in all_pages() {
        let mut open: Vec<&str> = Vec::new();
        let body = page.split_once("<script>").unwrap().0;
        for tag in body
            .split('<')
            .skip(1)
            .filter_map(|rest| rest.split_once('>'))
            .map(|(tag, _)| tag)
        {
            let word = tag.split_whitespace().next().unwrap();
            match word.strip_prefix('/') {
                Some(closed) => assert_eq!(open.pop(), Some(closed), "{name}: </{closed}>"),
                None if tag.ends_with('/') || word.starts_with('!') => {}
                None => open.push(word),
            }
        }
        assert_eq!(open, ["html", "body"], "{name}");
        let mut ids: Vec<_> = body
            .split(" id=\"")
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap())
            .collect();
        ids.sort_unstable();
        let n = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), n, "{name}: an id stands twice");
    }
}

#[test]
fn every_chart_has_a_title_a_description_and_its_numbers() {
    for (name, page) in all_pages() {
        let figures: Vec<_> = page
            .split("<figure")
            .skip(1)
            .map(|f| f.split("</figure>").next().unwrap())
            .collect();
        assert!(!figures.is_empty(), "{name}");
        for figure in figures {
            for part in [
                "role=\"img\"",
                "<title id=",
                "<desc id=",
                "<figcaption>",
                "<table class=",
                "<caption>",
                "scope=\"col\"",
                "scope=\"row\"",
            ] {
                assert!(figure.contains(part), "{name}: a figure lacks `{part}`");
            }
            let labelled = figure
                .split("aria-labelledby=\"")
                .nth(1)
                .unwrap()
                .split('"')
                .next()
                .unwrap();
            for id in labelled.split(' ') {
                assert!(figure.contains(&format!(" id=\"{id}\"")), "{name}: no {id}");
            }
            let mut words = figure.split(|letter: char| !letter.is_alphanumeric());
            let none = words.find(|word| *word == "NaN" || *word == "inf");
            assert_eq!(none, None, "{name}: {figure}");
        }
    }
}

#[test]
fn the_page_speaks_plain_english_with_one_heading_and_landmarks() {
    for (name, page) in all_pages() {
        assert!(
            page.starts_with("<!DOCTYPE html>") || page.trim_start().starts_with("<!DOCTYPE html>"),
            "{name}"
        );
        assert_eq!(page.matches("<h1").count(), 1, "{name}");
        for part in [
            "lang=\"en-GB\"",
            "<main ",
            "class=\"skip\"",
            "<nav aria-label",
            "prefers-color-scheme",
            "@media print",
        ] {
            assert!(page.contains(part), "{name}: no `{part}`");
        }
        assert!(
            !page.contains("<Tayside>") && page.contains("&lt;Tayside&gt;"),
            "{name}: text is not escaped"
        );
        assert!(
            page.contains("placeholder") || name.starts_with("back-test"),
            "{name}: the caution is missing"
        );
    }
}

#[test]
fn tables_say_what_the_forecast_says() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("out");
    let finished = finished(support::plan());
    report::write(&target, &finished.run()).unwrap();
    let read = |name: &str| fs::read_to_string(target.join(name)).unwrap();
    let first = |name: &str| read(name).lines().next().unwrap().to_owned();
    assert_eq!(
        first("forecast.csv"),
        "option,area_code,area_name,measure,breakdown,period,unit,mean,p05,p25,p50,p75,p95,mc_error"
    );
    assert_eq!(
        first("contrasts.csv"),
        "option,comparator,area_code,area_name,measure,period,unit,mean,p05,p50,p95,mc_error,probability_better"
    );
    assert_eq!(
        first("appraisal.csv"),
        "option,comparator,measure,perspective,unit,mean,p05,p50,p95,mc_error,note"
    );
    assert!(first("assumptions.csv").ends_with("used_by,share_of_variance"));
    assert!(read("contrasts.csv").contains("needs_met[service=homes],2024-25 to 2027-28,people,"));
    let layout = &finished.forecast.layout;
    let n_rows = layout.n_options * layout.n_areas * layout.n_slots;
    assert_eq!(read("forecast.csv").lines().count(), n_rows + 1);
    assert!(read("manifest.json").contains("\"program\": \"needscast\""));
    for name in [
        "forecast.csv",
        "contrasts.csv",
        "appraisal.csv",
        "assumptions.csv",
        "drivers.csv",
        "fit.csv",
    ] {
        let mut reader = csv::Reader::from_path(target.join(name)).unwrap();
        assert!(
            reader.records().all(|record| record.is_ok()),
            "{name} has rows of different lengths"
        );
        assert!(!read(name).contains("NaN"), "{name}");
    }
}

#[test]
fn a_report_replaces_an_earlier_one_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("out");
    let finished = finished(support::plan());
    report::write(&target, &finished.run()).unwrap();
    fs::write(target.join("left-over.txt"), "old").unwrap();
    report::write(&target, &finished.run()).unwrap();
    assert!(!target.join("left-over.txt").exists());

    let foreign = folder.path().join("holiday");
    fs::create_dir(&foreign).unwrap();
    fs::write(foreign.join("photo.txt"), "mine").unwrap();
    let refused = report::write(&foreign, &finished.run());
    assert!(matches!(refused, Err(WriteError::Foreign(_))));
    assert_eq!(
        fs::read_to_string(foreign.join("photo.txt")).unwrap(),
        "mine"
    );
    let mut names: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|e| e.unwrap().file_name())
        .collect();
    names.sort();
    assert_eq!(names, ["holiday", "out"], "something half-written is left");
}

#[test]
fn what_cannot_be_written_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a-file");
    fs::write(&file, "not a folder").unwrap();
    let finished = finished(support::plan());
    assert!(report::write(&file.join("out"), &finished.run()).is_err());
    assert!(matches!(
        report::write(&file, &finished.run()),
        Err(WriteError::Foreign(_))
    ));
    assert_eq!(fs::read_to_string(&file).unwrap(), "not a folder");
}
