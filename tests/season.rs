//! Seasons of inflows, exactly: month by month, world by world, in both engines.

use needscast::compile::Plan;
use needscast::draw::draw;
use needscast::quantity::{MONTHS_FROM_APRIL, Month};
use needscast::simulate::{Births, Trajectories, expect, simulate};

use crate::laws::{bits, option_bits};
use crate::support::question::{Answer, Question};

/// Numbers of no roundness, and numbers by which a computer multiplies exactly, their mean being 1.
const ODD: [f64; 12] = [0.7, 1.3, 0.9, 1.1, 0.2, 2.1, 1.7, 0.6, 3.3, 0.4, 1.0, 0.8];
const EXACT: [f64; 12] = [0.5, 1.0, 2.0, 1.0, 0.5, 1.0, 1.0, 2.0, 0.5, 1.0, 1.0, 0.5];
const HERE: (&str, &str) = ("here", "");

/// People who pass through two areas, 600 a year in each but for what `more` says of the inflow.
fn passing(rate: &str, more: &str) -> Question {
    Question::new(&format!(
        r#"
[[inflow]]
id = "in"
title = "In"
into = "here"
rate = {rate}
priors = "everyone"
{more}
[[state]]
id = "here"
title = "Here"
group = "court"
stay = "none"
exits = [{{ to = "leaves", share = "rest" }}]
"#
    ))
    .areas(&["Shire", "Vale"])
    .number("rate", 0.6, "per person per year")
    .measure("here", "entries = [\"here\"]")
}

/// With the months of a season of this name, the same everywhere.
fn months(question: Question, prefix: &str, season: &[f64; 12]) -> Question {
    let months = MONTHS_FROM_APRIL.iter().zip(season);
    months.fold(question, |question, (month, value)| {
        question.number(&format!("{prefix}.{month}"), *value, "ratio")
    })
}

fn seasonal(season: &[f64; 12]) -> Question {
    months(passing("\"rate\"", "season = \"busy\""), "busy", season)
}

fn expected(plan: &Plan) -> Trajectories<f64> {
    expect(plan, &draw(plan), Births::ByStep, &|| {})
}

/// Expected entries of row 0 in the months of the forecast.
fn by_month(plan: &Plan, area: usize) -> Vec<f64> {
    let out = expected(plan);
    let layout = &out.layout;
    let is_it = |s: &needscast::simulate::Series| s.is_monthly && s.measure == "here";
    let series = layout.series.iter().position(is_it).unwrap();
    let at = |month| out.rows[0].values[layout.at(0, area, series, month)];
    (0..layout.months.len()).map(at).collect()
}

fn assert_near(found: f64, wanted: f64, words: &str) {
    let off = (found / wanted - 1.0).abs();
    assert!(off < 1e-12, "{words}: {found} and not {wanted}");
}

#[test]
fn expected_arrivals_of_a_month_are_its_number_over_the_mean_of_the_twelve() {
    let mean = ODD.iter().sum::<f64>() / 12.0;
    for (month, found) in by_month(&seasonal(&ODD).years(2).plan(), 0)
        .into_iter()
        .enumerate()
    {
        let wanted = 600.0 / 12.0 * ODD[month % 12] / mean;
        assert_near(found, wanted, &format!("month {month}"));
    }
}

#[test]
fn an_area_may_have_a_season_of_its_own() {
    let question = passing("\"rate\"", "season = \"busy\"");
    let by_area = (MONTHS_FROM_APRIL.iter().enumerate()).fold(question, |question, (at, month)| {
        question.rows(&format!(
            "busy.{month},Shire,,,,,{},ratio,2024,a test,judgement\n\
             busy.{month},Vale,,,,,{},ratio,2024,a test,judgement",
            ODD[at], EXACT[at]
        ))
    });
    let plan = by_area.plan();
    let people = Answer::of(plan.clone());
    for (area, season) in [ODD, EXACT].iter().enumerate() {
        let mean = season.iter().sum::<f64>() / 12.0;
        let alone = seasonal(season).answer();
        for (month, found) in by_month(&plan, area).into_iter().enumerate() {
            let wanted = 50.0 * season[month] / mean;
            assert_near(found, wanted, &format!("area {area}, month {month}"));
            for row in 0..2 {
                let of = |answer: &Answer| answer.month(row, area, HERE, month);
                assert_eq!(of(&people), of(&alone), "area {area}, month {month}");
            }
        }
    }
}

#[test]
fn a_year_has_as_many_people_as_without_a_season() {
    let plain = expected(&passing("\"rate\"", "").years(3).plan());
    let with = expected(&seasonal(&ODD).years(3).plan());
    let layout = &plain.layout;
    let series = layout.find("here", "").unwrap();
    for year in 0..3 {
        let at = layout.at(0, 2, series, year);
        let (found, wanted) = (with.rows[0].values[at], plain.rows[0].values[at]);
        assert_near(found, wanted, &format!("year {year}"));
        assert_near(wanted, 1200.0, "without a season");
    }
}

/// With numbers that multiply exactly, a season is bit for bit a factor of the rate with a dated row for every month,
/// through the walk, the overdispersion and every uniform.
#[test]
fn people_arrive_as_with_dated_rows_of_the_rate() {
    let more = "walk = \"spread\"\noverdispersion = \"more\"";
    let with_both = |question: Question| {
        let question = question.number("spread", 0.2, "shape");
        question.number("more", 0.1, "shape").years(3).draws(20)
    };
    let season = passing("\"rate\"", &format!("{more}\nseason = \"busy\""));
    let season = with_both(months(season, "busy", &EXACT)).answer();
    let dated = with_both(passing("[\"rate\", \"busy\"]", more));
    let dated = (0..36).fold(dated, |question, month| {
        let from = Month::parse("2024-04").unwrap().plus(month);
        let value = EXACT[month as usize % 12];
        question.rows(&format!(
            "busy,,,,,{from},{value},ratio,2024,a test,judgement"
        ))
    });
    assert!(season.numbers() == dated.answer().numbers());
    // June brings four times as many as August.
    let of = |month| {
        let rows = season.draws();
        rows.map(|row| season.month(row, 0, HERE, month))
            .sum::<f64>()
    };
    assert!(of(2) > 3.0 * of(4), "{} {}", of(2), of(4));
}

#[test]
fn twelve_ones_change_no_number() {
    for step in ["month", "day"] {
        let of = |question: Question| {
            let head = "title        = \"A question\"\n";
            let step = format!("{head}step = \"{step}\"\n");
            let question = question.edit("model/model.toml", head, &step);
            question.draws(5).answer().numbers()
        };
        assert!(of(passing("\"rate\"", "")) == of(seasonal(&[1.0; 12])));
    }
    let priors = "priors = ";
    let tiny = Question::tiny();
    let model = tiny.text("model/model.toml");
    let inflow = model.find("[[inflow]]").unwrap();
    let at = inflow + model[inflow..].find(priors).unwrap();
    let model = format!("{}season = \"ones\"\n{}", &model[..at], &model[at..]);
    let rows = MONTHS_FROM_APRIL
        .map(|month| format!("ones.{month},1,ratio,2024,a test,judgement\n"))
        .concat();
    let with = tiny
        .clone()
        .file("model/model.toml", &model)
        .file(
            "model/parameters/ones.csv",
            &format!("id,value,unit,period,source,grade\n{rows}"),
        )
        .answer();
    assert!(tiny.answer().numbers() == with.numbers());
}

/// A season is of the rate of a day, where steps are days.
#[test]
fn days_have_the_number_of_their_month() {
    let head = "title        = \"A question\"\n";
    let question =
        seasonal(&ODD).edit("model/model.toml", head, &format!("{head}step = \"day\"\n"));
    let mean = ODD.iter().sum::<f64>() / 12.0;
    let days = [30, 31, 30, 31, 31, 30, 31, 30, 31, 31, 28, 31];
    for (month, found) in by_month(&question.plan(), 0).into_iter().enumerate() {
        let wanted = 600.0 / 365.25 * f64::from(days[month]) * ODD[month] / mean;
        assert_near(found, wanted, MONTHS_FROM_APRIL[month]);
    }
}

/// Business as usual, a busy December, and no July in one area.
const OPTIONS: &str = r#"
[[option]]
id = "business-as-usual"
[[option]]
id = "december"
[[option.change]]
from = "2024-09"
parameter = "busy.december"
multiply = 3
source = "a test"
[[option]]
id = "july"
[[option.change]]
from = "2024-04"
areas = ["Vale"]
parameter = "busy.july"
set = 0
source = "a test"
"#;

#[test]
fn every_world_has_the_season_of_its_own_run() {
    let plan = seasonal(&ODD).options(OPTIONS).years(2).draws(10).plan();
    let together = simulate(&plan, &draw(&plan), &|| {});
    let flows = expected(&plan);
    for option in 0..plan.options.len() {
        let mut alone = plan.clone();
        alone.options = vec![plan.options[option].clone()];
        alone.comparator = 0;
        let separate = simulate(&alone, &draw(&alone), &|| {});
        let flows_alone = expected(&alone);
        for row in 0..together.rows.len() {
            let id = &plan.options[option].id;
            let own = option_bits(&together, row, option);
            assert!(own == bits(&separate.rows[row].values), "{id}, row {row}");
            assert!(option == 0 || own != option_bits(&together, row, 0), "{id}");
            let n = flows_alone.layout.n_values();
            let of_option = &flows.rows[row].values[option * n..(option + 1) * n];
            assert_eq!(of_option, flows_alone.rows[row].values, "{id}, row {row}");
        }
    }
}

/// What an option does to one month it does to the mean of the twelve: the others have the less.
#[test]
fn an_option_moves_people_between_the_months_of_a_year() {
    let plan = seasonal(&ODD).options(OPTIONS).years(2).plan();
    let out = expected(&plan);
    let layout = &out.layout;
    let yearly = layout.find("here", "").unwrap();
    let of = |option, series, period| out.rows[0].values[layout.at(option, 0, series, period)];
    assert_near(of(1, yearly, 1), of(0, yearly, 1), "the second year");
    let monthly = layout.series.iter().position(|s| s.is_monthly).unwrap();
    let mean = |season: [f64; 12]| season.iter().sum::<f64>() / 12.0;
    let mut changed = ODD;
    changed[8] *= 3.0;
    for month in 0..24 {
        let season = if month < 5 { ODD } else { changed };
        let wanted = 50.0 * season[month % 12] / mean(season);
        assert_near(of(1, monthly, month), wanted, &format!("month {month}"));
    }
}
