//! Which way people leave when there is only one way that they can: by what they need, how old they are and where they
//! begin, in the engine of people. And that days, like months, are addressed so that a longer history moves nobody.

use needscast::draw::draw;

use crate::support::question::{Answer, Question};

const AGES: &str =
    "ages   = [{ id = \"16-20\", from = 16, to = 20 }, { id = \"over-20\", from = 21 }]";

/// Everybody is of the younger band when they come.
fn young(states: &str, more: &[(&str, &str)]) -> Question {
    let mut question = Question::new(&format!(
        "[[inflow]]\nid = \"in\"\ntitle = \"In\"\ninto = \"here\"\nrate = [\"rate\"]\npriors = \"everyone\"\n{states}"
    ))
    .edit("model/model.toml", "ages   = [{ id = \"all\", from = 16 }]", AGES)
    .file(
        "profile/population.csv",
        &format!(
            "area_code,year,sex,age_from,age_to,population,status\n{}",
            (2016..=2040)
                .map(|year| format!(
                    "Shire,{year},people,16,20,1000,projection\nShire,{year},people,21,,1000,projection\n"
                ))
                .collect::<String>()
        ),
    )
    .rows("rate,,,16-20,,,0.5,per person per year,2024,a test,judgement")
    .rows("rate,,,over-20,,,0,per person per year,2024,a test,judgement")
    .draws(4);
    for (id, counts) in more {
        question = question.measure(id, counts);
    }
    question
}

/// A number of every draw, over the last year.
fn sum(answer: &Answer, measure: &str) -> Vec<f64> {
    let last = answer.out.layout.years.len() - 1;
    answer
        .draws()
        .map(|row| answer.year(row, 0, (measure, ""), last))
        .collect()
}

#[test]
fn a_need_that_makes_a_way_certain_is_the_one_that_does() {
    let needs = "[[need]]\nid = \"home\"\ntitle = \"Home\"\n[[need]]\nid = \"work\"\ntitle = \"Work\"\n[[need]]\nid = \"health\"\ntitle = \"Health\"\n";
    let prevalences: String = ["home", "work", "health"]
        .map(|need| {
            format!("[[prevalence]]\nentering = [\"here\"]\nneed = \"{need}\"\nshare = [\"has_{need}\"]\n")
        })
        .concat();
    let state = "[[state]]\nid = \"here\"\ntitle = \"Here\"\ngroup = \"custody\"\nstay = { fixed = [\"stay\"] }\n\
        exits = [\n{ to = \"leaves\", share = [\"half\"], counts = \"this\", modifiers = [\
        { need = \"home\", odds_ratio = \"seldom\" }, { need = \"health\", odds_ratio = \"sure\" }] },\n\
        { to = \"leaves\", share = \"rest\", counts = \"that\" }]\n";
    let of = |shares: [f64; 3]| {
        let mut question = Question::new(&format!(
            "{needs}[[inflow]]\nid = \"in\"\ntitle = \"In\"\ninto = \"here\"\nrate = [\"rate\"]\npriors = \"everyone\"\n\
             {state}{prevalences}"
        ))
        .number("rate", 0.5, "per person per year")
        .number("stay", 1.0, "months")
        .number("half", 0.5, "share")
        .number("seldom", 1e-9, "odds ratio")
        .number("sure", 1e9, "odds ratio")
        .measure("this_way", "departures = [\"this\"]")
        .measure("that_way", "departures = [\"that\"]")
        .draws(2);
        for (need, share) in ["home", "work", "health"].iter().zip(shares) {
            question = question.number(&format!("has_{need}"), share, "share");
        }
        let answer = question.answer();
        let all = |measure: &str| sum(&answer, measure).iter().sum::<f64>();
        (all("this_way"), all("that_way"))
    };
    // Those with a need of health alone take the one, those who need a home alone the other.
    let (one, other) = of([0.0, 0.0, 1.0]);
    assert!(one > 500.0 && other == 0.0, "{one} {other}");
    let (one, other) = of([1.0, 0.0, 0.0]);
    assert!(one == 0.0 && other > 500.0, "{one} {other}");
    // What modifies nothing leaves both, and so do both together.
    for shares in [[0.0, 1.0, 0.0], [0.0, 0.0, 0.0], [1.0, 1.0, 1.0]] {
        let (one, other) = of(shares);
        assert!(one > 300.0 && other > 300.0, "{shares:?}: {one} {other}");
    }
}

const BY_AGE: &str = "[[state]]\nid = \"here\"\ntitle = \"Here\"\ngroup = \"custody\"\nstay = { fixed = [\"stay\"] }\n\
    exits = [{ to = \"leaves\", share = [\"is_young\"], counts = \"young\" }, { to = \"leaves\", share = \"rest\", counts = \"old\" }]\n";

fn by_age(states: &str) -> Question {
    let counts = [
        ("left_young", "departures = [\"young\"]"),
        ("left_old", "departures = [\"old\"]"),
    ];
    young(states, &counts)
        .rows("is_young,,,16-20,,,1,share,2024,a test,judgement")
        .rows("is_young,,,over-20,,,0,share,2024,a test,judgement")
}

#[test]
fn people_are_of_their_band_when_they_come_and_grow_out_of_it_in_time() {
    let at_once = by_age(&BY_AGE.replace("{ fixed = [\"stay\"] }", "\"none\"")).answer();
    assert!(sum(&at_once, "left_old").iter().all(|old| *old == 0.0));
    let young = sum(&at_once, "left_young");
    assert!(young.iter().all(|young| *young > 300.0));
    // Two years later some have left the band of five, and five years later everybody has.
    let after = |months: f64| {
        let question = by_age(BY_AGE)
            .edit(
                "model/model.toml",
                "history_from = \"2024-04\"",
                "history_from = \"2018-04\"",
            )
            .number("stay", months, "months");
        let answer = question.answer();
        (sum(&answer, "left_young"), sum(&answer, "left_old"))
    };
    let (young, old) = after(24.0);
    assert!(
        young.iter().chain(&old).all(|n| *n > 0.0),
        "{young:?} {old:?}"
    );
    let (young, old) = after(60.0);
    assert!(young.iter().all(|n| *n == 0.0), "{young:?}");
    assert!(old.iter().all(|n| *n > 300.0), "{old:?}");
}

#[test]
fn those_who_are_there_to_begin_with_are_of_the_age_they_are_given() {
    for (aged, is_young) in [(16, true), (20, true), (21, false), (40, false)] {
        let opening = format!("opening = {{ people = \"cohort\", fresh = true, aged = {aged} }}\n");
        let question = by_age(&format!("{BY_AGE}{opening}"))
            .number("stay", 3.0, "months")
            .number("cohort", 100.0, "people");
        let question = question.edit(
            "model/parameters/numbers.csv",
            "rate,,,16-20,,,0.5",
            "rate,,,16-20,,,0",
        );
        let answer = question.answer();
        let expected = if is_young { [100.0, 0.0] } else { [0.0, 100.0] };
        for (measure, expected) in ["left_young", "left_old"].iter().zip(expected) {
            let found = sum(&answer, measure);
            assert!(
                found.iter().all(|n| *n == expected),
                "{aged}: {measure} {found:?}"
            );
        }
    }
}

#[test]
fn a_longer_history_moves_no_arrival_by_day_month_or_year() {
    for step in ["day", "month", "year"] {
        let months = |from: &str| {
            let question = young(
                &BY_AGE.replace("[\"is_young\"]", "[\"half\"]"),
                &[("arrivals", "entries = [\"here\"]")],
            )
            .number("half", 0.5, "share")
            .number("stay", 1.0, "years")
            .edit(
                "model/model.toml",
                "history_from = \"2024-04\"",
                &format!("step = \"{step}\"\nhistory_from = \"{from}\""),
            );
            let question = match step {
                // What is told by month cannot be told of years.
                "year" => question.edit("model/outcomes.toml", "monthly = true\n", ""),
                _ => question,
            };
            sum(&question.answer(), "arrivals")
        };
        let arrivals = months("2024-04");
        assert!(arrivals.iter().all(|n| *n > 300.0), "{arrivals:?}");
        assert!(arrivals.windows(2).any(|pair| pair[0] != pair[1]));
        assert_eq!(arrivals, months("2022-04"), "{step}");
    }
}

#[test]
fn shares_that_are_drawn_beyond_one_leave_nothing_for_the_rest() {
    // Who passes on is counted through, and who has stayed goes one by one.
    for stay in ["\"none\"", "{ fixed = [\"a_month\"] }"] {
        share_beyond_one(stay);
    }
}

fn share_beyond_one(stay: &str) {
    let model = "[[inflow]]\nid = \"in\"\ntitle = \"In\"\ninto = \"here\"\nrate = [\"rate\"]\npriors = \"everyone\"\n\
        [[state]]\nid = \"here\"\ntitle = \"Here\"\ngroup = \"custody\"\nstay = STAY\nexits = [\n\
        { to = \"leaves\", share = [\"one\"], counts = \"one\" },\n{ to = \"leaves\", share = [\"two\"], counts = \"two\" },\n\
        { to = \"leaves\", share = \"rest\", counts = \"rest\" }]\n";
    let row = |id: &str| format!("{id},0.5,0.3,0.7,uniform,share,2024,a test,judgement\n");
    let table = "id,value,low,high,distribution,unit,period,source,grade\n".to_owned();
    let answer = Question::new(&model.replace("STAY", stay))
        .number("a_month", 1.0, "months")
        .number("rate", 0.5, "per person per year")
        .file(
            "model/parameters/ways.csv",
            &(table + &row("one") + &row("two")),
        )
        .measure("one_way", "departures = [\"one\"]")
        .measure("two_ways", "departures = [\"two\"]")
        .measure("the_rest", "departures = [\"rest\"]")
        .draws(30)
        .answer();
    let drawn = draw(&answer.plan);
    let cell = |id: &str| {
        let parameter = answer.plan.parameters.iter().find(|p| p.id == id).unwrap();
        parameter.cells[0][0].1
    };
    let (one, two) = (cell("one"), cell("two"));
    let (mut n_beyond, mut n_below) = (0, 0);
    for row in answer.draws() {
        let cells = drawn.cells(row);
        let sum = cells[one] + cells[two];
        let of = |measure| answer.year(row, 0, (measure, ""), 0);
        assert!(of("one_way") > 50.0 && of("two_ways") > 50.0, "{row}");
        if sum >= 1.0 {
            assert_eq!(of("the_rest"), 0.0, "{row}: {sum}");
            n_beyond += 1;
        } else if sum < 0.95 {
            assert!(of("the_rest") > 0.0, "{row}: {sum}");
            n_below += 1;
        }
    }
    assert!(n_beyond > 5 && n_below > 5, "{n_beyond} {n_below}");
}
