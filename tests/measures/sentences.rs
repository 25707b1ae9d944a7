//! What the report says above its charts is what the numbers say.

use needscast::appraise::Appraisal;
use needscast::compile::{Criterion, Plan, Weighted};
use needscast::report::{Engine, Manifest, Run, html};
use needscast::summarise::{Drivers, fit, summarise};

use super::{appraised, gauge, lives, three_options};

/// The page of a question, without the entities and marks that only serve the setting.
fn page(plan: &Plan, appraisal: &Appraisal) -> String {
    let lives = lives(plan);
    let manifest = Manifest {
        inputs: Vec::new(),
        engine: Engine::People,
        threads: 1,
        command_line: String::new(),
        started: String::new(),
        seconds: 0.0,
        question: None,
    };
    let run = Run {
        plan,
        forecast: &summarise(plan, &lives),
        fit: &fit(plan, &lives),
        appraisal,
        drivers: &Drivers::default(),
        joint: None,
        missed: &[],
        manifest: &manifest,
    };
    let page = html(&run).unwrap();
    page.replace('\u{2060}', "")
        .replace('\u{a0}', " ")
        .replace("&#x27;", "'")
}

fn caption(page: &str, id: &str) -> String {
    let figure = page.split(&format!("id=\"figure-{id}\"")).nth(1);
    let figure = figure.unwrap_or_else(|| panic!("no figure {id}"));
    let caption = figure.split("<figcaption>").nth(1).unwrap();
    caption.split("</figcaption>").next().unwrap().to_owned()
}

fn question() -> Plan {
    let mut plan = three_options();
    plan.n_draws = 60;
    plan.judging.criteria = vec![Weighted {
        criterion: Criterion {
            id: "met".to_owned(),
            weight: 1.0,
            points: vec![(0.0, 0.0), (4_000.0, 100.0)],
        },
        title: "More needs met".to_owned(),
        gauge: gauge("needs_met"),
        source: "a test".to_owned(),
    }];
    plan.judging.total_weight = 1.0;
    plan
}

#[test]
fn the_plane_says_how_often_each_option_is_dearer_and_better() {
    let plan = question();
    let appraisal = appraised(&plan);
    let clouds = &appraisal.weighing.as_ref().unwrap().clouds;
    let said = caption(&page(&plan, &appraisal), "plane");
    for (option, name) in [(1, "Regional"), (2, "Do minimum")] {
        let n = |holds: &dyn Fn(f64, f64) -> bool| {
            let draws = clouds[option].iter();
            draws.filter(|(more, cost)| holds(*more, *cost)).count() as f64 / 60.0
        };
        let quarters = [
            (
                n(&|more, cost| more > 0.0 && cost > 0.0),
                "costs more and achieves more",
            ),
            (
                n(&|more, cost| more > 0.0 && cost <= 0.0),
                "achieves more and costs no more",
            ),
            (
                n(&|more, cost| more <= 0.0 && cost > 0.0),
                "costs more and achieves no more",
            ),
            (
                n(&|more, cost| more <= 0.0 && cost <= 0.0),
                "costs no more and achieves no more",
            ),
        ];
        let most = quarters.iter().max_by(|a, b| a.0.total_cmp(&b.0)).unwrap();
        let share = match most.0 {
            share if share >= 0.995 => "more than 99%".to_owned(),
            share => format!("{:.0}%", 100.0 * share),
        };
        let sentence = format!("“{name}” {} in {share} of draws", most.1);
        assert!(said.contains(&sentence), "{said} lacks {sentence}");
    }
}

#[test]
fn the_frontier_names_the_options_on_it_and_those_off_it() {
    let plan = question();
    let appraisal = appraised(&plan);
    let said = caption(&page(&plan, &appraisal), "frontier");
    let (on, off) = match said.split_once("; ") {
        Some((on, off)) => (on.to_owned(), off.to_owned()),
        None => (said.clone(), String::new()),
    };
    let names = ["Business as usual", "Regional", "Do minimum"];
    let options = &appraisal.weighing.as_ref().unwrap().comparison.options;
    for (name, option) in names.into_iter().zip(options) {
        let is_on = option.standing.is_on_frontier();
        assert!(
            if is_on { &on } else { &off }.contains(name),
            "{said}: {name}"
        );
    }
}

#[test]
fn the_acceptability_curve_says_who_is_best_at_both_ends() {
    let plan = question();
    let appraisal = appraised(&plan);
    let said = caption(&page(&plan, &appraisal), "acceptability");
    let curve = &appraisal.weighing.as_ref().unwrap().curve;
    let names = ["Business as usual", "Regional", "Do minimum"];
    for choice in [&curve[0], curve.last().unwrap()] {
        let shares = choice.probability_best.iter().enumerate();
        let (best, _) = shares.max_by(|a, b| a.1.total_cmp(b.1)).unwrap();
        assert!(said.contains(names[best]), "{said} lacks {}", names[best]);
    }
}

#[test]
fn the_tornado_and_the_worth_of_knowing_name_the_parameter_that_matters() {
    let plan = question();
    let appraisal = appraised(&plan);
    let weighing = appraisal.weighing.as_ref().unwrap();
    let page = page(&plan, &appraisal);
    for option in [1, 2] {
        let swing = |index: &usize| {
            let leverage = weighing.comparison.learnings[*index].1[0].leverage[option].as_ref();
            let told = leverage.filter(|leverage| leverage.is_told);
            told.map_or(0.0, |l| (l.low_and_high[1] - l.low_and_high[0]).abs())
        };
        let single = (0..weighing.inputs.len()).filter(|index| !weighing.inputs[*index].is_group);
        let first = single.max_by(|a, b| swing(a).total_cmp(&swing(b))).unwrap();
        assert!(swing(&first) > 0.0);
        let said = caption(&page, &format!("tornado-{}", plan.options[option].id));
        let name = weighing.inputs[first].title.as_str();
        assert!(
            said.contains(&format!("turns most on “{name}”")),
            "{said} lacks {name}"
        );
    }
    let said = caption(&page, "worth-of-knowing");
    let at = weighing.worths.len() - 1;
    let evpi = weighing.comparison.choices[at].evpi.mean;
    assert_eq!(said.contains("Knowing everything"), evpi > 0.0, "{said}");
}

#[test]
fn the_page_says_whether_criteria_and_money_agree_and_what_nobody_decided() {
    let plan = question();
    let appraisal = appraised(&plan);
    let judged = appraisal.judged.as_ref().unwrap();
    let npsv = judged.npsv.as_ref().unwrap();
    let most = |values: &[f64]| {
        let values = values.iter().enumerate();
        values.max_by(|a, b| a.1.total_cmp(b.1)).unwrap().0
    };
    let by_value: Vec<f64> = judged.valuation.options.iter().map(|o| o.value).collect();
    let agree = most(&by_value) == most(npsv);
    let shown = page(&plan, &appraisal);
    assert_eq!(shown.contains("The criteria and the money agree"), agree);
    assert_eq!(
        shown.contains("The criteria and the money conflict"),
        !agree
    );
    assert!(shown.contains("nothing is decided here"));
    let section = shown.split("<h2 id=\"appraisal-summary\">").nth(1).unwrap();
    let first = section.find("<table class=").unwrap();
    assert!(section[first..].contains("Appraisal summary over"));
    assert!(
        section.find("<figure").unwrap() > first,
        "the summary table comes first"
    );

    let mut decided = plan;
    decided.judging.worths = vec![5_000.0];
    decided.judging.source = "The board, minute 7".to_owned();
    let shown = page(&decided, &appraised(&decided));
    assert!(!shown.contains("nothing is decided here"));
    assert!(shown.contains("What one more need met is worth: The board, minute 7."));
    assert!(
        shown.contains(
            "Benefit-cost ratio against business as usual, one more need met worth £5,000"
        )
    );
    assert!(shown.contains("not applicable: it costs no more"));
}
