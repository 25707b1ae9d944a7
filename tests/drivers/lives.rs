//! The worlds that were never: each is its own run, held where it says, and the first life is the run's own.

use needscast::compile::{Driver, Moved, Plan};
use needscast::draw::draw;
use needscast::simulate::{Trajectories, simulate};
use needscast::summarise::Part;

use super::{Split, asked, is_nothing, part};
use crate::laws::{bits, option_bits, shipped};
use crate::support::question::Question;

fn run(plan: &Plan) -> Trajectories {
    simulate(plan, &draw(plan), &|| {})
}

/// Tayside from three years before the forecast to four years into it, from its first year to its third.
fn tayside() -> Plan {
    let mut plan = shipped("tayside-throughcare", 1);
    plan.history_from = plan.start.plus(-36);
    plan.end = plan.start.plus(48);
    for comparison in &mut plan.comparisons {
        if let needscast::compile::Between::Years { to, .. } = &mut comparison.between {
            *to = plan.start.financial_year().plus(2);
        }
    }
    plan
}

#[test]
fn every_world_is_its_own_separate_run_and_the_first_life_is_the_runs_own() {
    let plan = tayside();
    let worlds = asked(&plan, 1).plan;
    assert!(worlds.options.len() > plan.options.len() + 5);
    let together = run(&worlds);
    let before = run(&plan);
    for row in 0..together.rows.len() {
        for option in 0..worlds.options.len() {
            let mut alone = worlds.clone();
            alone.options = vec![worlds.options[option].clone()];
            let separate = run(&alone);
            let own = option_bits(&together, row, option);
            assert!(
                own == bits(&separate.rows[row].values),
                "world {option} in row {row} is not its own run"
            );
            if option < plan.options.len() {
                assert!(own == option_bits(&before, row, option));
            }
        }
    }
}

#[test]
fn other_luck_is_another_life_of_the_same_draw() {
    let plan = tayside();
    let mut other = plan.clone();
    other.luck = 1;
    assert_eq!(draw(&plan).cells(1), draw(&other).cells(1));
    assert_ne!(
        bits(&run(&plan).rows[1].values),
        bits(&run(&other).rows[1].values)
    );
}

/// A stock with people coming from a population, by a rate and a law that are dated, as the `parts` say.
fn stock(parts: [bool; 3]) -> Question {
    let [grows, rises, falls] = parts;
    let people: String = (2022..=2032)
        .map(|year| {
            let people = if grows && year > 2025 { 1500 } else { 1000 };
            format!("Shire,{year},people,16,,{people},projection\n")
        })
        .collect();
    let later = |is_there: bool, row: &str| {
        if is_there {
            row.to_owned()
        } else {
            String::new()
        }
    };
    let rate = |from: &str, value: f64| {
        format!("rate,,,,,{from},{value},per person per year,2024,a test,judgement\n")
    };
    let law = later(
        falls,
        ", { from = \"2026-02\", value = 0.6, citation = \"A later Act\" }",
    );
    Question::new(
        r#"
[[inflow]]
id = "in"
title = "In"
into = "kept"
rate = "rate"
priors = "everyone"
walk = "walk"
[[state]]
id = "kept"
title = "Kept"
group = "custody"
stay = { gamma = { mean = ["sentence", "law.served"], shape = "shape" } }
exits = [{ to = "leaves", share = "rest" }]
"#,
    )
    .number("sentence", 10.0, "months")
    .number("shape", 2.0, "shape")
    .number("walk", 0.1, "shape")
    .rows(format!("{}{}", rate("2013-04", 0.5), later(rises, &rate("2025-11", 0.8))).trim_end())
    .file(
        "model/rules.toml",
        &format!(
            "[[rule]]\nid = \"law.served\"\ntitle = \"Served\"\nunit = \"share\"\nreaches = \"everyone\"\nvalues = [\
             {{ from = \"2013-04\", value = 0.9, citation = \"An Act\" }}{law}]\n"
        ),
    )
    .file(
        "profile/population.csv",
        &format!("area_code,year,sex,age_from,age_to,population,status\n{people}"),
    )
    .measure("kept", "stock = [\"kept\"]")
    .years(5)
    .draws(4)
    .options("[[compare]]\nmeasures = [\"kept\"]\nfrom = \"2024-25\"\nto = \"2028-29\"\n")
}

#[test]
fn what_is_held_is_as_if_it_had_never_been_dated() {
    let plan = stock([true; 3]).plan();
    let worlds = asked(&plan, plan.n_draws);
    let game = &worlds.games[0];
    let moving = [Driver::Population, Driver::Rates, Driver::Law];
    assert_eq!(game.moving, moving);
    let together = run(&worlds.plan);
    for (coalition, &world) in game.worlds.iter().enumerate() {
        let moves = [0, 1, 2].map(|index| coalition >> index & 1 == 1);
        // Walks move with the rates, so that only row 0, which does not walk, can be written without them.
        let written = run(&stock(moves).plan());
        assert!(
            option_bits(&together, 0, world) == bits(&written.rows[0].values),
            "the world of {moves:?}"
        );
        for row in 1..together.rows.len() {
            let own = option_bits(&together, row, world);
            assert_eq!(
                own == bits(&written.rows[row].values),
                moves[1],
                "walks of {moves:?}"
            );
        }
    }
}

#[test]
fn an_option_held_before_it_begins_is_business_as_usual() {
    // Every change of the shared option begins after 2025-26: places, pools, access, shares and law.
    let years = |option: &str| {
        format!(
            "[[compare]]\nmeasures = [\"releases\"]\noption = \"{option}\"\nfrom = \"2025-26\"\nto = \"2029-30\"\n"
        )
    };
    let both = years("business-as-usual") + &years("shared");
    let plan = Question::tiny().more("scenario.toml", &both).plan();
    let worlds = asked(&plan, 3);
    let together = run(&worlds.plan);
    let [usual, shared] = [0, 1].map(|comparison: usize| worlds.games[comparison].worlds[0]);
    assert_ne!(usual, shared);
    for row in 0..together.rows.len() {
        let held = option_bits(&together, row, shared);
        assert!(held == option_bits(&together, row, usual), "row {row}");
        assert!(held != option_bits(&together, row, 1));
    }
}

#[test]
fn a_stock_that_only_fills_up_is_carried_over() {
    let mut plan = stock([false; 3]).plan();
    plan.inflows[0].walk = None;
    let split = Split::of_people(plan, 4, 2);
    let driven = split.change(0, "kept");
    assert!(driven.change.mean > 100.0);
    for driver in Driver::ALL {
        assert!(is_nothing(part(driven, Part::Driver(driver))));
    }
    let rest = part(driven, Part::CarriedOver).mean + part(driven, Part::Chance).mean;
    assert!((rest - driven.change.mean).abs() < 1e-9);
}

#[test]
fn parts_of_some_draws_add_up_to_the_change_that_the_whole_run_reports() {
    let plan = Question::tiny().plan();
    let moving = [Driver::Rates, Driver::Law, Driver::Services];
    assert_eq!(asked(&plan, 1).games[1].moving, moving);
    for (n_draws, n_lives) in [(6, 2), (20, 1), (20, 3), (1, 2)] {
        let split = Split::of_people(plan.clone(), n_draws, n_lives);
        assert_eq!(split.plan.comparisons.len(), 2);
        for driven in &split.drivers.changes {
            if driven.change.mean.is_nan() {
                continue;
            }
            let sum: f64 = driven.parts.iter().map(|(_, part)| part.mean).sum();
            let size = driven.before.mean.abs().max(1.0);
            assert!((sum - driven.change.mean).abs() < 1e-9 * size, "{driven:?}");
            let change = driven.after.mean - driven.before.mean;
            assert!((change - driven.change.mean).abs() < 1e-9 * size);
        }
    }
}

#[test]
fn a_group_that_does_not_move_has_no_part_to_the_bit() {
    let split = Split::of_people(Question::tiny().plan(), 6, 2);
    for driven in split
        .drivers
        .changes
        .iter()
        .filter(|d| d.change.mean.is_finite())
    {
        let still: &[Driver] = match driven.comparison {
            0 => &[Driver::Law, Driver::Services],
            _ => &[Driver::Population],
        };
        for driver in still {
            assert!(
                is_nothing(part(driven, Part::Driver(*driver))),
                "{driver:?}"
            );
        }
    }
    let moved = |driver: Driver, comparison: usize| {
        let changes = split.drivers.changes.iter();
        let mut parts = changes
            .filter(|driven| driven.comparison == comparison)
            .map(|driven| part(driven, Part::Driver(driver)));
        parts.any(|part| part.mean != 0.0)
    };
    for driver in [Driver::Rates, Driver::Law, Driver::Services] {
        assert!(moved(driver, 1), "{driver:?} does nothing");
    }
}

#[test]
fn what_moves_is_said_with_its_source() {
    let worlds = asked(&Question::tiny().plan(), 1);
    let [in_time, between] = &worlds.games[..] else {
        panic!("two comparisons");
    };
    let said = |moved: &[Moved]| -> Vec<String> {
        let lines = moved.iter();
        lines
            .map(|m| format!("{} {} {}", m.driver.id(), m.words, m.source))
            .collect()
    };
    // The population of the tiny model stays as it is.
    assert!(in_time.moved.is_empty() && in_time.moving.is_empty());
    // The Act of October 2025 has moved before anything is held as it is in March 2026.
    assert_eq!(
        said(&in_time.moved_before),
        ["law Share of a sentence that is served: 0.4 from 2025-10 A later Act"]
    );
    let between = said(&between.moved).join("\n");
    for words in [
        "law release.short",
        "a Bill",
        "rates custody_share",
        "services homes",
    ] {
        assert!(between.contains(words), "{words:?} is not said:\n{between}");
    }
}

#[test]
fn threads_change_no_part() {
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        let split = pool
            .unwrap()
            .install(|| Split::of_people(Question::tiny().plan(), 6, 2));
        format!("{:?}", split.drivers.changes)
    };
    assert_eq!(with(1), with(3));
}
