//! The appraisal of the tiny model: numbers that can be worked by hand, and what must hold whatever they are.

use super::*;
use crate::compile::{Indicator, NationalOutcome, compile};
use crate::document;
use crate::draw::draw;
use crate::simulate::{simulate, simulate_rows};

/// Two areas with one service, and an option in which they share it.
pub(super) fn tiny() -> Plan {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let tiny = root.join("models/textbook/tiny/scenario.toml");
    let documents = document::read(&tiny).expect("a sound scenario");
    compile(&documents).expect("a sound plan")
}

fn appraised(plan: &Plan) -> Appraisal {
    let draws = draw(plan);
    appraise(plan, &draws, &simulate(plan, &draws, &|| {}))
}

fn row<'a>(found: &'a Appraisal, option: usize, measure: &str, who: &str) -> &'a AppraisalRow {
    let mut rows = found.rows.iter();
    let is_it = |row: &&AppraisalRow| {
        row.option == option && row.measure == measure && row.perspective == who
    };
    rows.find(is_it)
        .unwrap_or_else(|| panic!("no {measure} of {who}"))
}

fn close(found: f64, expected: f64) {
    let gap = (found - expected).abs();
    assert!(
        gap <= 1e-9 * (1.0 + expected.abs()),
        "{found}, not {expected}"
    );
}

/// What switching means: an option that pays this much instead is as good as the comparator. The comparator is set
/// against nobody, whatever it costs itself.
#[test]
fn an_option_that_pays_the_switching_value_has_an_npsv_of_nothing() {
    let mut plan = tiny();
    let cost = plan.options[1].costs[0].clone();
    // Money that makes the option worth having for less than some cost.
    plan.options[0].costs.push(crate::compile::OptionCost {
        title: "What would be done instead".to_owned(),
        pounds: 1e7,
        ..cost
    });
    let found = appraised(&plan).fixed;
    assert!(found.iter().all(|input| input.option == 1), "{found:?}");
    let own = found.iter().find(|input| input.input == "own_cost");
    let own = own.expect("the option has a cost of its own");
    assert_eq!(own.title, plan.options[1].costs[0].title);
    plan.options[1].costs[0].pounds = own.switching_values[0];
    let npsv = row(&appraised(&plan), 1, "npsv", PUBLIC_SECTOR)
        .estimate
        .mean;
    assert!(npsv.abs() < 1e-9 * 1e7, "{npsv}");
}

/// National indicators that nothing else tells: a flow is told with its discounted twin, of health at the rate of health
/// and at the standard one where it is not, whatever other measures are; a level as its mean over the years.
#[test]
fn an_indicator_is_discounted_as_what_it_is_and_a_level_is_a_mean() {
    let mut plan = tiny();
    for measure in &mut plan.measures {
        measure.is_health = measure.id == "releases";
    }
    let measures = [
        ("convictions", ""),
        ("releases", ""),
        ("places", "service=homes"),
    ];
    let measures = measures.map(|(measure, by)| (measure.to_owned(), by.to_owned()));
    plan.duties.outcomes = vec![NationalOutcome {
        id: "fewer".to_owned(),
        title: String::new(),
        is_recalled: false,
        is_overarching: false,
        citation: "a test.".to_owned(),
        note: String::new(),
        indicators: vec![Indicator {
            title: String::new(),
            is_recalled: false,
            measures: measures.into(),
        }],
        assessment: None,
        is_priority: None,
        why: None,
        actions: Vec::new(),
        indicator_not_used: None,
    }];
    let draws = draw(&plan);
    let lived = simulate(&plan, &draws, &|| {});
    let found = appraise(&plan, &draws, &lived);
    let layout = &lived.layout;
    let years = forecast_years(&plan, layout);
    // The Green Book's rates of the first thirty years.
    for (measure, rate) in [("convictions", 1.035_f64), ("releases", 1.015)] {
        let series = layout.find(measure, "").expect("it is reported");
        let of_year = |(n, year): (usize, usize)| -> f64 {
            let at = layout.at(0, layout.n_areas - 1, series, year);
            let draws = lived.rows[1..].iter();
            let sum: f64 = draws.map(|row| f64::from(row.values[at])).sum();
            sum / (lived.rows.len() - 1) as f64 * rate.powi(-(n as i32))
        };
        let expected: f64 = years.clone().enumerate().map(of_year).sum();
        let told = row(&found, 0, &format!("{measure}_discounted"), PEOPLE);
        close(told.estimate.mean, expected);
    }
    // Ten places in one area and twenty in the other, in every year.
    let places = row(&found, 0, "places[service=homes]", PEOPLE);
    assert_eq!(places.estimate.mean, 30.0);
    assert_eq!(places.note, "national indicator of fewer (a test)");
}

/// One central run has no errors to tell, but its ratio is told: what society bears less over what budgets pay more.
#[test]
fn a_single_run_has_a_ratio_to_society() {
    let mut plan = tiny();
    // Prison is no public budget here, so that the council alone pays, and more than before.
    plan.payers[0].is_public = false;
    plan.options[1].costs[0].pounds = 1e7;
    let draws = draw(&plan);
    let found = appraise(&plan, &draws, &simulate_rows(&plan, &draws, &[0], &|| {}));
    let increment = |payer: usize| {
        let who = &plan.payers[payer].id;
        let row = row(&found, 1, "present_value_of_cost_increment", who);
        row.estimate.mean
    };
    assert!(increment(1) > 0.0);
    let ratio = &row(&found, 1, "benefit_cost_ratio", SOCIETY);
    close(ratio.estimate.mean, -increment(0) / increment(1));
    assert!(ratio.estimate.mc_error.is_nan());
    assert!(ratio.note.contains("of the means"), "{}", ratio.note);
}
