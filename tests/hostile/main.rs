//! Hostile input: every reader is given spoilt files, and answers with a verdict: never a panic, never for long, never
//! with more than 512 MB. `cargo test` does some thousands of executions of each; `bash tests/fuzz` does more.

// A test that cannot go on should say so at once.
#![allow(clippy::unwrap_used, clippy::panic)]

mod books;
mod chance;
mod corpus;
mod drive;
mod parts;
mod spoil;
mod targets;
mod words;

use drive::{Done, OF_A_TEST, Until, Wish, drive};
use targets::TARGETS;

/// What the command asks for: NEEDSCAST_FUZZ_SECONDS and NEEDSCAST_FUZZ_FROM; a test asks for the first executions.
fn wish() -> Wish {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    Wish {
        until: number("NEEDSCAST_FUZZ_SECONDS")
            .map_or(Until::Executions(OF_A_TEST), Until::Seconds),
        from: number("NEEDSCAST_FUZZ_FROM").unwrap_or(0),
    }
}

fn withstands(name: &str) {
    let target = TARGETS.iter().find(|target| target.name == name).unwrap();
    let Done {
        executions,
        seconds,
        sound,
        kinds,
        failures,
    } = drive(target, &wish());
    println!(
        "\n{name},{executions},{seconds:.0},{sound},{kinds},{}",
        failures.len()
    );
    assert!(failures.is_empty(), "{name} panicked at: {failures:#?}");
    // Files of which nothing is ever said, or something always, would try nothing but the first line of a reader.
    assert!(
        executions < OF_A_TEST || (kinds >= 3 && sound > 0),
        "{kinds} kinds of faults, {sound} sound files"
    );
}

macro_rules! targets {
    ($($name:ident),*) => {
        $(
            #[test]
            fn $name() {
                withstands(stringify!($name));
            }
        )*

        #[test]
        fn every_target_has_its_test() {
            let tested = [$(stringify!($name)),*];
            let targets: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
            assert_eq!(targets, tested);
        }
    };
}

targets!(
    scenario, model, rules, parameters, profile, draws, scores, coalitions, series, jobs, shards,
    workbook
);
