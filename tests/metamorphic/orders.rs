//! The order in which things are written, and the number of threads, change no number.

use super::{same_numbers, tiny};
use crate::support::question::{Answer, Question};

/// The tables that begin with this heading in the reverse order; what is below one goes with it.
fn reversed(text: &str, heading: &str) -> String {
    let mut chunks: Vec<String> = vec![String::new()];
    for line in text.split_inclusive('\n') {
        let family = heading.trim_matches(['[', ']']);
        let is_below = line.starts_with(&format!("[[{family}."));
        if line.starts_with('[') && !is_below {
            chunks.push(String::new());
        }
        chunks.last_mut().unwrap().push_str(line);
    }
    // The last line of a file may lack its end.
    let last = chunks.last_mut().unwrap();
    if !last.ends_with('\n') {
        last.push('\n');
    }
    let places: Vec<usize> = (0..chunks.len())
        .filter(|&c| chunks[c].starts_with(heading))
        .collect();
    assert!(places.len() > 1, "several tables {heading}");
    let mut ordered = chunks.clone();
    for (to, from) in places.iter().zip(places.iter().rev()) {
        ordered[*to] = chunks[*from].clone();
    }
    ordered.concat()
}

fn with_reversed(path: &str, heading: &str) -> Question {
    let text = reversed(tiny().text(path), heading);
    tiny().file(path, &text)
}

/// The rows of a table in the reverse order.
fn upside_down(path: &str) -> Question {
    let question = tiny();
    let mut lines: Vec<&str> = question.text(path).lines().collect();
    lines[1..].reverse();
    let text = lines.join("\n") + "\n";
    question.file(path, &text)
}

#[test]
fn tables_of_a_model_may_stand_in_any_order() {
    for (path, heading) in [
        ("model/model.toml", "[[state]]"),
        ("model/model.toml", "[[need]]"),
        ("model/model.toml", "[[prevalence]]"),
        ("model/outcomes.toml", "[[measure]]"),
        ("model/costs.toml", "[[payer]]"),
        ("model/costs.toml", "[[cost]]"),
        ("scenario.toml", "[[option]]"),
    ] {
        same_numbers(heading, &tiny(), &with_reversed(path, heading));
    }
}

#[test]
fn services_may_stand_in_any_order() {
    let second = tiny()
        .text("model/services.toml")
        .replace("\"homes\"", "\"advice\"")
        .replace("\"Help with a home\"", "\"Advice\"")
        .replace("need         = \"housing\"", "need         = \"health\"");
    let services = format!("{}{second}", tiny().text("model/services.toml"));
    let both = tiny().file("model/services.toml", &services);
    let swapped = tiny().file("model/services.toml", &reversed(&services, "[[service]]"));
    same_numbers("services", &both, &swapped);
}

#[test]
fn inflows_may_stand_in_any_order() {
    let second = "[[inflow]]\nid = \"others\"\ntitle = \"Others\"\ninto = \"convicted\"\n\
                  rate = [\"report_rate\", \"report_area\"]\npriors = \"entrant_priors\"\n\n";
    let model = tiny().text("model/model.toml").replace(
        "[[state]]\nid    = \"reported\"",
        &format!("{second}[[state]]\nid    = \"reported\""),
    );
    let both = tiny().file("model/model.toml", &model);
    let swapped = tiny().file("model/model.toml", &reversed(&model, "[[inflow]]"));
    same_numbers("inflows", &both, &swapped);
}

#[test]
fn hazards_may_stand_in_any_order() {
    let with = |first: &str, second: &str| {
        tiny().edit(
            "model/model.toml",
            "{ to = \"at_liberty\", hazard = \"appeal\" }",
            &format!("{{ to = \"{first}\", hazard = \"appeal\" }}, {{ to = \"{second}\", hazard = \"appeal\" }}"),
        )
    };
    same_numbers(
        "hazards",
        &with("at_liberty", "reported"),
        &with("reported", "at_liberty"),
    );
}

#[test]
fn rows_of_tables_may_stand_in_any_order() {
    for path in [
        "model/parameters/numbers.csv",
        "model/deflators.csv",
        "profile/areas.csv",
        "profile/population.csv",
        "profile/recorded.csv",
    ] {
        same_numbers(path, &tiny(), &upside_down(path));
    }
}

#[test]
fn parameters_may_be_spread_over_files() {
    let question = tiny();
    let lines: Vec<&str> = question
        .text("model/parameters/numbers.csv")
        .lines()
        .collect();
    let file = |rows: &[&str]| format!("{}\n{}\n", lines[0], rows.join("\n"));
    let apart = tiny()
        .file("model/parameters/numbers.csv", &file(&lines[30..]))
        .file("model/parameters/zero.csv", &file(&lines[1..12]))
        .file("model/parameters/a.csv", &file(&lines[12..30]));
    same_numbers("two files", &tiny(), &apart);
}

#[test]
fn areas_and_sexes_may_stand_in_any_order() {
    let areas = tiny().edit(
        "scenario.toml",
        "[\"Northshire\", \"Southshire\"]\nstart",
        "[\"Southshire\", \"Northshire\"]\nstart",
    );
    same_numbers("areas", &tiny(), &areas);
    let sexes = tiny().edit(
        "model/model.toml",
        "[\"women\", \"men\"]",
        "[\"men\", \"women\"]",
    );
    same_numbers("sexes", &tiny(), &sexes);
}

#[test]
fn the_comparator_is_a_matter_of_comparison_only() {
    let other = tiny().edit(
        "scenario.toml",
        "seed       = 7",
        "seed       = 7\ncomparator = \"shared\"",
    );
    same_numbers("another comparator", &tiny(), &other);
}

#[test]
fn one_two_and_seven_threads_give_the_same_numbers() {
    let plan = tiny().plan();
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| Answer::of(plan.clone())).numbers()
    };
    let one = with(1);
    assert!(one == with(2) && one == with(7));
}
