//! What law and guidance ask: duties are answered as they should be, and a law that moves moves the simulation from its
//! date on.

use std::fs;
use std::path::Path;

use needscast::compile::{Check, Plan, Verdict, compile};
use needscast::diagnostic::Diagnostic;
use needscast::document;
use needscast::draw::draw;
use needscast::report::DutiesReport;
use needscast::simulate::simulate;

const HEAD: &str = "title = \"A question\"\nmodel = \"scotland\"\nareas = [\"Dundee City\"]\nyears = 5\ndraws = 1\nseed = 7\nprice_year = \"2023-24\"\n";

fn read(start: &str, rest: &str) -> Result<Plan, Vec<Diagnostic>> {
    let folder = tempfile::tempdir().unwrap();
    for shelf in ["models", "profiles"] {
        let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join(shelf);
        std::os::unix::fs::symlink(shipped, folder.path().join(shelf)).unwrap();
    }
    let path = folder.path().join("question.toml");
    fs::write(&path, format!("start = \"{start}\"\n{HEAD}{rest}")).unwrap();
    compile(&document::read(&path)?)
}

fn plan(rest: &str) -> Plan {
    read("2025-04", rest).unwrap_or_else(|faults| panic!("{faults:#?}"))
}

fn answer<'p>(plan: &'p Plan, rule: &str) -> &'p Check {
    let mut checks = plan.duties.checks.iter();
    checks.find(|check| check.rule == rule).unwrap()
}

fn verdict(rest: &str, rule: &str) -> Verdict {
    answer(&plan(rest), rule).verdict
}

#[test]
fn a_scenario_without_a_plan_is_told_what_only_people_can_say() {
    let plan = plan("");
    for rule in [
        "act.13",
        "act.19.priority",
        "act.19.action",
        "act.21",
        "strategy-2022.7",
    ] {
        assert_eq!(answer(&plan, rule).verdict, Verdict::CannotTell, "{rule}");
    }
    assert_eq!(
        answer(&plan, "commissioning.analyse.needs").verdict,
        Verdict::Met
    );
    assert_eq!(
        answer(&plan, "commissioning.analyse.options").verdict,
        Verdict::NotMet
    );
    assert_eq!(answer(&plan, "guidance.local").verdict, Verdict::Met);
    let all = DutiesReport(&plan.duties).csv();
    let all = String::from_utf8(all).unwrap();
    assert!(all.starts_with("rule,title,citation,from,until,wording,verdict,reason\n"));
    let line = |rule: &str| all.lines().find(|line| line.starts_with(rule)).unwrap();
    assert!(line("strategy-2022.1,").contains(",2022-06,,"));
    assert!(line("act.21,").contains(",to be confirmed,,"));
    assert!(
        DutiesReport(&plan.duties)
            .json()
            .contains("\"from\": \"2022-06\"")
    );
    assert_eq!(all.lines().count(), 1 + plan.duties.checks.len());
}

#[test]
fn every_statutory_partner_must_take_part() {
    let all = "[plan]\npartners = [\"local-authority\", \"integration-authority\", \"health-board\", \"police-scotland\", \"courts-and-prosecution\", \"scottish-prison-service\", \"fire-and-rescue\", \"skills-development\"]\n";
    assert_eq!(verdict(all, "act.13"), Verdict::Met);
    let without = all.replace("\"health-board\", ", "");
    let plan = plan(&without);
    let found = answer(&plan, "act.13");
    assert_eq!(found.verdict, Verdict::NotMet);
    assert_eq!(found.reason, "Not among the partners: NHS board.");
}

#[test]
fn a_priority_needs_an_action_and_an_indicator_a_measure_or_a_reason() {
    let outcome = |n: u32, rest: &str| {
        format!("[[plan.outcome]]\noutcome = \"cjpf-2023.{n}\"\nwhy = \"said so\"\n{rest}\n")
    };
    let unimportant: String = (1..=8).map(|n| outcome(n, "priority = false")).collect();
    let ninth = outcome(
        9,
        "priority = true\nassessment = \"asked\"\nindicator_not_used = \"no local survey\"",
    );
    let open = format!("{unimportant}{ninth}");
    assert_eq!(verdict(&open, "act.19.priority"), Verdict::Met);
    assert_eq!(verdict(&open, "act.19.action"), Verdict::NotMet);
    let acted = ninth.replace(
        "priority = true",
        "priority = true\nactions = [\"ask again\"]",
    );
    let closed = format!("{unimportant}{acted}");
    assert_eq!(verdict(&closed, "act.19.action"), Verdict::Met);
    let one = plan(&outcome(1, "priority = true"));
    for (rule, reason) in [
        (
            "act.19.priority",
            "1 of 9 national outcomes are given a priority or none; not cjpf-2023.2,",
        ),
        (
            "act.19.action",
            "0 of 9 national outcomes are followed by an action; not cjpf-2023.1,",
        ),
    ] {
        let told = &answer(&one, rule).reason;
        assert!(!told.contains("cjpf-2023.all"), "{rule}: {told}");
        assert!(told.starts_with(reason), "{rule}: {told}");
    }
    let plan = plan(&closed);
    assert_eq!(
        answer(&plan, "act.19.action").reason,
        "1 of 9 national outcomes are followed by an action; 8 are no priority by the plan, and none is asked of them."
    );
    let assessed = answer(&plan, "act.19.assessed");
    assert_eq!(assessed.verdict, Verdict::NotMet);
    assert!(
        assessed.reason.ends_with("not cjpf-2023.2."),
        "{}",
        assessed.reason
    );
}

#[test]
fn a_statement_settles_what_is_open_and_never_what_can_be_seen() {
    let states = |duty: &str, met: bool| {
        format!(
            "[[plan.statement]]\nduty = \"{duty}\"\nmet = {met}\nevidence = \"the plan, page 4\"\n"
        )
    };
    assert_eq!(verdict(&states("act.21", true), "act.21"), Verdict::Met);
    assert_eq!(verdict(&states("act.21", false), "act.21"), Verdict::NotMet);
    let claimed = states("guidance.7-5.services", true);
    assert_eq!(verdict(&claimed, "guidance.7-5.services"), Verdict::NotMet);
}

#[test]
fn the_framework_in_force_is_the_default_and_an_older_one_says_that_it_is_superseded() {
    let now = plan("").duties;
    assert_eq!(now.framework.as_ref().unwrap().id, "cjpf-2023");
    assert_eq!(now.outcomes.len(), 10);
    let older = plan("[plan]\nframework = \"opif-2016\"\n").duties;
    let framework = older.framework.as_ref().unwrap();
    assert_eq!(older.outcomes.len(), 7);
    assert!(framework.superseded_by.is_some());
    assert!(DutiesReport(&older).text().contains("superseded by"));
    let earlier = read("2022-04", "").unwrap().duties;
    assert_eq!(earlier.framework.as_ref().unwrap().id, "opif-2016");
    assert_eq!(earlier.framework.unwrap().superseded_by, None);
    let is_asked = |checks: &[Check]| checks.iter().any(|c| c.rule.starts_with("strategy-2022"));
    assert!(is_asked(&now.checks), "the strategy is of June 2022");
    assert!(!is_asked(&earlier.checks), "the strategy is of June 2022");
}

#[test]
fn what_is_recalled_is_marked_so() {
    let duties = plan("").duties;
    let text = DutiesReport(&duties).text();
    for check in &duties.checks {
        let line = text
            .lines()
            .find(|line| line.contains(&format!("{}: ", check.rule)));
        let is_marked = line
            .unwrap()
            .ends_with("[wording recalled, to be confirmed]");
        assert_eq!(is_marked, check.is_recalled, "{}", check.rule);
    }
}

#[test]
fn a_plan_that_names_what_is_not_there_is_told_where() {
    let wrong = "[plan]\nframework = \"cjpf-2024\"\npartners = [\"police\"]\n[[plan.outcome]]\noutcome = \"cjpf-2023.11\"\npriority = true\n[[plan.statement]]\nduty = \"act.12\"\nmet = true\nevidence = \"x\"\n";
    let faults = read("2025-04", wrong).unwrap_err();
    let mut found: Vec<(&str, u32)> = faults
        .iter()
        .map(|fault| (fault.code, fault.place.as_ref().unwrap().line as u32))
        .collect();
    found.sort_unstable();
    let expected = [
        ("E102", 12),
        ("E207", 11),
        ("E215", 10),
        ("E215", 13),
        ("E215", 16),
    ];
    assert_eq!(found, expected, "{faults:#?}");
}

/// A change of each law moves its measure from its month on, in every draw, and nothing before it.
#[test]
fn a_law_that_changes_moves_the_simulation_from_its_date() {
    for (rule, multiply, measure, falls) in [
        ("release.short", 0.5, "prison_population_sentenced", true),
        ("release.long", 0.5, "prison_population_4_10y", true),
        ("presumption.custody", 0.5, "custody_begun", true),
        ("presumption.custody", 0.5, "cpo_orders_commenced", false),
    ] {
        let option = format!(
            "[[option]]\nid = \"business-as-usual\"\n[[option]]\nid = \"law\"\n[[option.change]]\nfrom = \"2027-04\"\nrule = \"{rule}\"\nmultiply = {multiply}\nsource = \"what if\"\n"
        );
        let mut plan = plan(&option);
        plan.n_draws = 1;
        let out = simulate(&plan, &draw(&plan), &|| {});
        let series = out.layout.find(measure, "").unwrap();
        let years = out.layout.years.len();
        for row in 0..out.rows.len() {
            let value = |option, year| {
                let at = out.layout.at(option, out.layout.n_areas - 1, series, year);
                out.rows[row].values[at]
            };
            for year in 0..years {
                let (before, after) = (value(0, year), value(1, year));
                let is_changed = out.layout.years[year].first_year() >= 2027;
                if !is_changed {
                    assert_eq!(before, after, "{rule} {measure} in year {year}");
                }
                // The long sentences that are running when the law changes end as they would have.
                if out.layout.years[year].first_year() >= 2029 {
                    assert_eq!(
                        after < before,
                        falls,
                        "{rule} {measure}: {before} to {after}"
                    );
                }
            }
        }
    }
}
