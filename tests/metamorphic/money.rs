//! Prices, comparators and discounting, on the tiny model from its files to its appraisal.

use needscast::appraise::{Appraisal, appraise};
use needscast::draw::draw;
use needscast::summarise::{Span, summarise};

use crate::support::question::{Answer, Question};

fn appraised(question: &Question) -> (Answer, Appraisal) {
    let answer = question.answer();
    let appraisal = appraise(&answer.plan, &draw(&answer.plan), &answer.out);
    (answer, appraisal)
}

/// The tiny model with every price, and the one-off cost, four times as high.
fn four_times_dearer() -> Question {
    let question = Question::tiny();
    let table: String = question
        .text("model/parameters/numbers.csv")
        .lines()
        .map(|line| {
            let mut cells: Vec<String> = line.split(',').map(str::to_owned).collect();
            if cells[12].starts_with("GBP") {
                // The value and its interval.
                for cell in cells[6..9].iter_mut().filter(|cell| !cell.is_empty()) {
                    *cell = (4.0 * cell.parse::<f64>().unwrap()).to_string();
                }
            }
            cells.join(",") + "\n"
        })
        .collect();
    question.file("model/parameters/numbers.csv", &table).edit(
        "scenario.toml",
        "gbp        = 10000",
        "gbp        = 40000",
    )
}

#[test]
fn prices_times_four_make_money_times_four_and_leave_the_ranking() {
    let (_, ours) = appraised(&Question::tiny());
    let (_, dearer) = appraised(&four_times_dearer());
    assert_eq!(ours.rows.len(), dearer.rows.len());
    let mut n_money = 0;
    for (a, b) in ours.rows.iter().zip(&dearer.rows) {
        assert_eq!(
            (&a.measure, &a.perspective, a.option),
            (&b.measure, &b.perspective, b.option)
        );
        let times = if a.unit.starts_with("GBP") { 4.0 } else { 1.0 };
        n_money += usize::from(times == 4.0);
        for (a_value, b_value) in [
            (a.estimate.mean, b.estimate.mean),
            (a.estimate.p95, b.estimate.p95),
        ] {
            let is_same = (times * a_value - b_value).abs() <= 1e-12 * b_value.abs();
            let is_blank = a_value.is_nan() && b_value.is_nan();
            assert!(
                is_same || is_blank,
                "{} {}: {a_value} and {b_value}",
                a.measure,
                a.unit
            );
        }
    }
    assert!(n_money > 10, "{n_money} rows of money");
}

#[test]
fn swapping_the_comparator_flips_every_sign() {
    let (answer, ours) = appraised(&Question::tiny());
    let swapped = Question::tiny().edit(
        "scenario.toml",
        "seed       = 7",
        "seed       = 7\ncomparator = \"shared\"",
    );
    let (other, theirs) = appraised(&swapped);
    let mut n = 0;
    for row in ours.rows.iter().filter(|row| {
        row.option == 1 && (row.measure.ends_with("_increment") || row.measure == "npsv")
    }) {
        let found = theirs.rows.iter().find(|other| {
            (other.option, &other.measure, &other.perspective)
                == (0, &row.measure, &row.perspective)
        });
        let found = found.unwrap_or_else(|| panic!("no {} the other way round", row.measure));
        n += 1;
        assert!(
            (row.estimate.mean + found.estimate.mean).abs() <= 1e-12 * row.estimate.mean.abs(),
            "{} {}: {} and {}",
            row.measure,
            row.perspective,
            row.estimate.mean,
            found.estimate.mean
        );
    }
    assert!(n > 3, "{n} increments");
    let (ours, theirs) = (
        summarise(&answer.plan, &answer.out),
        summarise(&other.plan, &other.out),
    );
    assert_eq!(ours.contrasts.len(), theirs.contrasts.len());
    for (a, b) in ours.contrasts.iter().zip(&theirs.contrasts) {
        let (x, y) = (a.difference.mean, b.difference.mean);
        assert!(x == -y || (x.is_nan() && y.is_nan()), "{x} and {y}");
        let sum = a.probability_better + b.probability_better;
        assert!((sum - 1.0).abs() < 1e-12 || sum.is_nan(), "{sum}");
    }
}

#[test]
fn a_contrast_is_the_option_less_the_comparator() {
    let answer = Question::tiny().answer();
    let forecast = summarise(&answer.plan, &answer.out);
    let mut n = 0;
    for contrast in &forecast.contrasts {
        let Span::Year(year) = contrast.span else {
            continue;
        };
        let mean = |option| {
            forecast
                .at(option, contrast.area, contrast.series, year)
                .mean
        };
        let (ours, theirs) = (mean(contrast.option), mean(answer.plan.comparator));
        // Where a value is missing in some draws the two means are not over the same ones.
        let is_level = ["wait", "rate"].iter().any(|part| {
            forecast.layout.series[contrast.series]
                .measure
                .contains(part)
        });
        if !is_level && !ours.is_nan() {
            let found = contrast.difference.mean;
            // Values are kept in four bytes.
            assert!(
                (found - (ours - theirs)).abs() <= 1e-5 * ours.abs().max(1.0),
                "{found}"
            );
            n += usize::from(found != 0.0);
        }
    }
    assert!(n > 100, "{n} contrasts differ");
}

#[test]
fn in_the_first_year_nothing_is_discounted() {
    let scenario = Question::tiny()
        .text("scenario.toml")
        .replace("years      = 5", "years      = 1");
    let end = scenario.find("[[option]]\nid    = \"shared\"").unwrap();
    let (_, appraisal) = appraised(&Question::tiny().file("scenario.toml", &scenario[..end]));
    let of = |measure: &str| -> Vec<f64> {
        let rows = appraisal.rows.iter().filter(|row| row.measure == measure);
        rows.map(|row| row.estimate.mean).collect()
    };
    let (plain, present) = (of("cost"), of("present_value_of_cost"));
    assert!(plain.len() > 1 && plain == present, "{plain:?} {present:?}");
}
