//! The places that are said to close the gap: put in, they do, and the sentences say what the tables say.

use needscast::compile::Plan;
use needscast::report::{Engine, Manifest, Run, html};
use needscast::summarise::{Drivers, fit, summarise};

use crate::support::question::{Answer, Question};

/// People who are set free with a need, and one service with so many places in the only area.
fn question(places: f64) -> Question {
    Question::new(
        r#"
[[need]]
id = "home"
title = "A home"
[[inflow]]
id = "crowd"
title = "The crowd"
into = "free"
rate = "rate"
priors = "everyone"
[[state]]
id = "free"
title = "Free"
group = "liberty"
stay = { fixed = "long" }
exits = [{ to = "leaves", share = "rest" }]
[[prevalence]]
entering = ["free"]
need = "home"
share = ["most"]
"#,
    )
    .number("rate", 0.15, "per person per year")
    .number("long", 100.0, "years")
    .number("most", 0.8, "share")
    .number("uptake", 0.7, "share")
    .number("patience", 6.0, "months")
    .number("support", 5.0, "months")
    .number("places", places, "places")
    .services(
        r#"
[[service]]
id = "help"
title = "Help"
need = "home"
refers_on = ["free"]
stays_in = ["free"]
uptake = ["uptake"]
patience = ["patience"]
support = { geometric = ["support"] }
places = ["places"]
"#,
    )
    .years(8)
    .draws(40)
}

const HELP: &str = "service=help";

/// By year, over the draws: the mean of a measure.
fn mean(answer: &Answer, measure: &str, year: usize) -> f64 {
    let rows = answer.draws();
    let n = rows.len() as f64;
    rows.map(|row| answer.year(row, 0, (measure, HELP), year))
        .sum::<f64>()
        / n
}

/// With 12 places most wait and give up. The load is 1,000 people × 0.15 × 0.8 × 0.7 a year × 5 months / 12 = 35.
/// With the places that are said to do, hardly anybody gives up, and the months in which somebody must wait are few:
/// someone waits in one month of ten by the formula, and so about a tenth of those who start wait at all.
#[test]
fn the_places_that_would_do_do() {
    let tight = question(12.0).answer();
    let forecast = summarise(&tight.plan, &tight.out);
    let last = forecast.years.end - 1;
    let found = forecast.outlook.places(0, 0, 0, last);
    // Null: the load is 35. 40 draws of 84 referrals a year have a standard error of sqrt(84 / 40) × 5 / 12 = 0.6, and
    // the months per start, from 40 × 8 × 30 starts of a geometric law with mean 5, one of 0.05 × 7 = 0.4; with
    // alpha = 0.001 a difference of 2.4, and at 99% power one of 4.1 is caught.
    assert!((found.load.mean - 35.0).abs() < 2.4, "{}", found.load.mean);
    assert!(found.needed.mean > found.load.mean + 5.0);
    assert_eq!(found.probability_short, 1.0);
    assert!((found.needed.mean - 12.0 - found.more.mean).abs() < 1e-9);
    assert!(mean(&tight, "gave_up", last) > 30.0);

    let enough = question(found.needed.mean.round()).answer();
    let (gave_up, waited) = (
        mean(&enough, "gave_up", last),
        mean(&enough, "share_who_wait", last),
    );
    assert!(gave_up < 2.0, "{gave_up} give up");
    assert!(waited < 0.2, "{waited} wait");
    let half = question((found.needed.mean / 2.0).round()).answer();
    assert!(mean(&half, "share_who_wait", last) > 0.5);
    // With places in plenty the formula sees the same load, because nobody is kept from it.
    let again = summarise(&enough.plan, &enough.out)
        .outlook
        .places(0, 0, 0, last);
    assert!(
        (again.load.mean - found.load.mean).abs() < 2.4,
        "{}",
        again.load.mean
    );
}

#[test]
fn where_nobody_starts_the_places_cannot_be_told() {
    let none = question(0.0).draws(4).answer();
    let forecast = summarise(&none.plan, &none.out);
    let found = forecast.outlook.places(0, 0, 0, forecast.years.end - 1);
    assert!(found.needed.mean.is_nan() && found.probability_short.is_nan());
    let page = page(&none.plan, &none);
    assert!(page.contains("cannot be told, because nobody starts ([x])"));
}

/// In every draw the months of a year are the year: those who never start add up to it, and where places do not change
/// as many are short in every month as in the year.
#[test]
fn the_gap_by_month_is_that_of_the_year() {
    let answer = question(12.0).draws(12).answer();
    let forecast = summarise(&answer.plan, &answer.out);
    let layout = &forecast.layout;
    let mut n_never = 0.0;
    for year in forecast.years.clone() {
        let in_year = |month: &usize| layout.months[*month].financial_year() == layout.years[year];
        let months: Vec<usize> = (0..layout.months.len()).filter(in_year).collect();
        assert_eq!(months.len(), 12);
        for row in answer.draws() {
            let month = |month: &usize| answer.month(row, 0, ("unmet_need", HELP), *month);
            let sum: f64 = months.iter().map(month).sum();
            assert_eq!(sum, answer.year(row, 0, ("unmet_need", HELP), year));
            n_never += sum;
        }
        let of_year = forecast.outlook.places(0, 0, 0, year);
        for month in months {
            let of_month = forecast.outlook.month(0, 0, 0, month);
            assert_eq!(of_month.more, of_year.more);
            assert_eq!(of_month.probability_short, of_year.probability_short);
        }
    }
    assert!(n_never > 1_000.0, "{n_never}");
    let beyond = forecast.outlook.month(0, 0, 0, layout.months.len());
    assert!(beyond.more.mean.is_nan());
}

/// Six places more from October: six fewer are short from then on, and the year is the mean of its months.
#[test]
fn places_that_come_within_a_year_are_missing_until_then() {
    let option = r#"
[[option]]
id = "business-as-usual"
[[option]]
id = "more"
without_costs = "a test"
[[option.change]]
from = "2026-10"
service = "help"
places = { add = 6, source = "a test" }
"#;
    let answer = question(12.0).draws(12).options(option).answer();
    let forecast = summarise(&answer.plan, &answer.out);
    let (layout, outlook) = (&forecast.layout, &forecast.outlook);
    let name = |month: usize| layout.months[month].to_string();
    let at = |wanted: &str| {
        (0..layout.months.len())
            .find(|m| name(*m) == wanted)
            .unwrap()
    };
    let more = |month: &str| outlook.month(1, 0, 0, at(month)).more;
    assert_eq!(more("2026-04"), more("2026-09"));
    assert_eq!(more("2026-10"), more("2027-03"));
    // In every draw far more than six are short, so that the difference is six in each of them.
    assert!(more("2026-10").p05 > 0.0);
    assert!((more("2026-09").mean - more("2026-10").mean - 6.0).abs() < 1e-9);
    let year = layout
        .years
        .iter()
        .position(|year| year.to_string() == "2026-27")
        .unwrap();
    let of_year = outlook.places(1, 0, 0, year).more.mean;
    assert!((of_year - 0.5 * (more("2026-09").mean + more("2026-10").mean)).abs() < 1e-6);
    // Business as usual knows nothing of it.
    assert_eq!(
        outlook.month(0, 0, 0, at("2026-09")).more,
        outlook.month(0, 0, 0, at("2026-10")).more
    );
}

fn page(plan: &Plan, answer: &Answer) -> String {
    let manifest = Manifest {
        inputs: Vec::new(),
        engine: Engine::People,
        threads: 1,
        command_line: String::new(),
        started: String::new(),
        seconds: 0.0,
        question: None,
    };
    let draws = needscast::draw::draw(plan);
    let run = Run {
        plan,
        forecast: &summarise(plan, &answer.out),
        fit: &fit(plan, &answer.out),
        appraisal: &needscast::appraise::appraise(plan, &draws, &answer.out),
        drivers: &Drivers::default(),
        joint: None,
        missed: &[],
        manifest: &manifest,
    };
    html(&run).unwrap()
}

/// What is said of the gap, worked out again from the trajectories.
#[test]
fn the_sentences_of_the_gap_are_true() {
    let answer = question(12.0).answer();
    let page = page(&answer.plan, &answer);
    let last = answer.out.layout.years.len() - 1;
    let of = |measure| mean(&answer, measure, last).round();
    let left = mean(&answer, "unmet_need", last)
        - mean(&answer, "declined", last)
        - mean(&answer, "gave_up", last);
    let said = format!(
        "Of them about {} decline, {} give up waiting, and {} leave before their turn.",
        of("declined"),
        of("gave_up"),
        left.max(0.0).round()
    );
    assert!(page.contains(&said), "{said}");
    let never = mean(&answer, "unmet_need", last);
    let share = never / (never + mean(&answer, "starts", last));
    let said = format!(
        "never start, {:.0}% of those who start or never do",
        100.0 * share
    );
    assert!(page.contains(&said), "{said}");
    assert!(page.contains("that more are needed is very likely (more than 99%)"));
}

/// Needs by combination add up to needs by number and to needs one by one.
#[test]
fn sets_of_needs_add_up() {
    let tiny = Question::tiny().answer();
    let (layout, n_needs) = (&tiny.out.layout, tiny.plan.needs.len());
    let sets = needscast::compile::need_sets(&tiny.plan.needs);
    assert_eq!(sets.len(), 1 << n_needs);
    let mut seen = 0.0;
    for row in 0..tiny.out.rows.len() {
        for year in 0..layout.years.len() {
            let of = |set: usize| {
                tiny.year(
                    row,
                    0,
                    ("people_by_needs", &format!("needs={}", sets[set])),
                    year,
                )
            };
            for n in 0..=n_needs {
                let own = (0..sets.len()).filter(|set| set.count_ones() as usize == n);
                let by_number = tiny.year(
                    row,
                    0,
                    ("people_by_number_of_needs", &format!("needs={n}")),
                    year,
                );
                assert_eq!(own.map(of).sum::<f64>(), by_number);
            }
            for (bit, need) in tiny.plan.needs.iter().enumerate() {
                let own = (0..sets.len()).filter(|set| set >> bit & 1 == 1);
                let arising =
                    tiny.year(row, 0, ("need_arising", &format!("need={}", need.id)), year);
                assert_eq!(own.map(of).sum::<f64>(), arising);
                seen += arising;
            }
        }
    }
    assert!(seen > 0.0);
}
