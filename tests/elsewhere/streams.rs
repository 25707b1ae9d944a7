//! Streams over years, discounted as published.

use super::{appraise, close, number};

/// Annex A of the discounting guidance of February 2026: the standard rate in years 0 to 30.
const STANDARD: [f64; 31] = [
    1.0, 0.9662, 0.9335, 0.9019, 0.8714, 0.8420, 0.8135, 0.7860, 0.7594, 0.7337, 0.7089, 0.6849,
    0.6618, 0.6394, 0.6178, 0.5969, 0.5767, 0.5572, 0.5384, 0.5202, 0.5026, 0.4856, 0.4692, 0.4533,
    0.4380, 0.4231, 0.4088, 0.3950, 0.3817, 0.3687, 0.3563,
];

/// The same of the health rate.
const HEALTH: [f64; 31] = [
    1.0, 0.9852, 0.9707, 0.9563, 0.9422, 0.9283, 0.9145, 0.9010, 0.8877, 0.8746, 0.8617, 0.8489,
    0.8364, 0.8240, 0.8118, 0.7999, 0.7880, 0.7764, 0.7649, 0.7536, 0.7425, 0.7315, 0.7207, 0.7100,
    0.6995, 0.6892, 0.6790, 0.6690, 0.6591, 0.6494, 0.6398,
];

/// An option for each year, which costs and achieves 1 in that year alone.
fn one_in_each(years: &[usize]) -> String {
    let mut table = "option,draw,year,cost,outcome\n".to_owned();
    for year in years {
        table += &format!("in year {year},1,{year},1,1\n");
    }
    table
}

/// An option of 1 a year from year 0 to the last.
fn annuity(last: usize) -> String {
    let mut table = "option,draw,year,cost,outcome\n".to_owned();
    for year in 0..=last {
        table += &format!("a year,1,{year},1,1\n");
    }
    table
}

#[test]
fn factors_are_those_of_the_green_book() {
    let years: Vec<usize> = (0..31).collect();
    let rates = [
        "--cost-rate",
        "green-book",
        "--outcome-rate",
        "green-book-health",
    ];
    let answer = appraise(&one_in_each(&years), &rates);
    for year in years {
        close(&answer["options"][year]["cost_mean"], STANDARD[year], 5e-5);
        close(&answer["options"][year]["outcome_mean"], HEALTH[year], 5e-5);
    }
    let edition = answer["discounting"]["costs"].as_str().unwrap();
    assert!(edition.contains("February 2026"), "{edition}");
}

#[test]
fn one_a_year_is_worth_what_was_published() {
    for (last, standard, health) in [(20, 15.212, 18.169), (26, 17.890, 22.399)] {
        let rates = ["--cost-rate", "standard", "--outcome-rate", "health"];
        let answer = appraise(&annuity(last), &rates);
        close(&answer["options"][0]["cost_mean"], standard, 5e-4);
        close(&answer["options"][0]["outcome_mean"], health, 5e-4);
        // The same rates as numbers, which is all there is to them before year 31.
        let answer = appraise(
            &annuity(last),
            &["--cost-rate", "3.5%", "--outcome-rate", "0.015"],
        );
        close(&answer["options"][0]["cost_mean"], standard, 5e-4);
        close(&answer["options"][0]["outcome_mean"], health, 5e-4);
    }
}

/// The product of the powers of every band, worked out band by band and not year by year.
fn stepped(year: i32, rates: [f64; 6]) -> f64 {
    let first = [1, 31, 76, 126, 201, 301];
    let mut factor = 1.0;
    for (band, rate) in rates.iter().enumerate() {
        let end = first.get(band + 1).map_or(i32::MAX, |next| next - 1);
        let years = year.min(end) - first[band] + 1;
        factor *= (1.0 + rate).powi(-years.max(0));
    }
    factor
}

#[test]
fn rates_step_down_after_30_75_125_and_more_years() {
    let years = [0, 1, 30, 31, 75, 76, 125, 126, 200, 201, 300, 301, 400];
    let rates = [
        "--cost-rate",
        "green-book",
        "--outcome-rate",
        "green-book-health",
    ];
    let answer = appraise(&one_in_each(&years), &rates);
    for (index, year) in years.into_iter().enumerate() {
        let standard = stepped(year as i32, [0.035, 0.03, 0.025, 0.02, 0.015, 0.01]);
        let health = stepped(year as i32, [0.015, 0.0129, 0.0107, 0.0086, 0.0064, 0.0043]);
        close(&answer["options"][index]["cost_mean"], standard, 1e-14);
        close(&answer["options"][index]["outcome_mean"], health, 1e-14);
    }
    let written = "3.5%,31:3%,76:2.5%,126:2%,201:1.5%,301:1%";
    let same = appraise(&one_in_each(&years), &["--cost-rate", written]);
    for index in 0..years.len() {
        assert_eq!(
            same["options"][index]["cost_mean"],
            answer["options"][index]["cost_mean"]
        );
        assert_eq!(same["options"][index]["outcome_mean"], 1.0);
    }
}

/// The Green Book of 2003, annex 6: £10 million that brings in £2.5 million a year for four years, or £5 million that
/// brings in £1.5 million.
#[test]
fn the_smaller_project_is_worth_more() {
    let mut table = "option,draw,year,cost,outcome\n".to_owned();
    for (name, cost, income) in [("A", 10.0, 2.5), ("B", 5.0, 1.5)] {
        table += &format!("{name},1,0,{cost},0\n");
        for year in 1..5 {
            table += &format!("{name},1,{year},0,{income}\n");
        }
    }
    let answer = appraise(
        &table,
        &[
            "--cost-rate",
            "0.035",
            "--outcome-rate",
            "0.035",
            "--threshold",
            "1",
        ],
    );
    close(
        &answer["options"][0]["net_benefit_mean"]["1"],
        -0.817_301_978_5,
        1e-9,
    );
    close(
        &answer["options"][1]["net_benefit_mean"]["1"],
        0.509_618_812_9,
        1e-9,
    );
    assert_eq!(answer["best"]["1"], "B");
}

type Matrix = [[f64; 4]; 4];

/// The yearly costs and life-years of the cohort of Chancellor and others 1997, undiscounted: twenty cycles, counted
/// after each. The combination multiplies every move by 0.509 in the first two.
fn cohort(is_combined: bool) -> Vec<(f64, f64)> {
    let counts: Matrix = [
        [1251.0, 350.0, 116.0, 17.0],
        [0.0, 731.0, 512.0, 15.0],
        [0.0, 0.0, 1312.0, 437.0],
        [0.0, 0.0, 0.0, 1.0],
    ];
    let care = [2756.0, 3052.0, 9007.0];
    let mut people = [1.0, 0.0, 0.0, 0.0];
    let mut years = Vec::new();
    for cycle in 1..=20 {
        let is_on = is_combined && cycle <= 2;
        let mut next = [0.0; 4];
        for (from, row) in counts.iter().enumerate() {
            let total: f64 = row.iter().sum();
            let mut leaving = 0.0;
            for to in (0..4).filter(|to| *to != from) {
                let chance = row[to] / total * if is_on { 0.509 } else { 1.0 };
                next[to] += people[from] * chance;
                leaving += chance;
            }
            next[from] += people[from] * (1.0 - leaving);
        }
        people = next;
        let alive: f64 = people[..3].iter().sum();
        let drugs = 2278.0 + if is_on { 2086.5 } else { 0.0 };
        let cost: f64 = (0..3)
            .map(|state| people[state] * (care[state] + drugs))
            .sum();
        years.push((cost, alive));
    }
    years
}

/// Chancellor and others 1997, as a stream of twenty years: costs at 6%, life-years as they are.
#[test]
fn a_cohort_year_by_year_is_worth_what_was_published() {
    let mut table = "option,draw,year,cost,outcome\n".to_owned();
    for (name, is_combined) in [("mono", false), ("comb", true)] {
        for (index, (cost, years)) in cohort(is_combined).into_iter().enumerate() {
            table += &format!("{name},1,{},{cost},{years}\n", index + 1);
        }
    }
    let answer = appraise(&table, &["--cost-rate", "6%", "--outcome-rate", "0"]);
    for (index, cost, years) in [
        (0, 44_663.453_563_7, 7.991_206_6),
        (1, 50_601.651_331_2, 8.937_388_9),
    ] {
        close(&answer["options"][index]["cost_mean"], cost, 5e-8);
        close(&answer["options"][index]["outcome_mean"], years, 5e-8);
    }
    close(&answer["options"][1]["icer"], 6_275.955_603_531_786, 1e-6);
}

#[test]
fn without_words_costs_follow_the_green_book_and_outcomes_are_summed() {
    let answer = appraise(&annuity(20), &[]);
    close(&answer["options"][0]["cost_mean"], 15.212, 5e-4);
    assert_eq!(answer["options"][0]["outcome_mean"], 21.0);
    let plain = appraise(&annuity(20), &["--cost-rate", "0"]);
    assert_eq!(number(&plain["options"][0]["cost_mean"]), 21.0);
}
