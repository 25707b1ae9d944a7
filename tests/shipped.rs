//! Every shipped scenario reads and compiles, without a fault and soon enough not to be noticed.

use std::path::Path;
use std::time::Instant;

use needscast::diagnostic::render;
use needscast::{compile, document};

#[test]
fn every_shipped_scenario_compiles() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut wrong = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "toml") {
            continue;
        }
        let plan = document::read(&path).and_then(|documents| compile::compile(&documents));
        match plan {
            Ok(plan) => assert!(plan.cells.len() > 100, "{}", path.display()),
            Err(faults) => wrong.push(render(&faults)),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn all_of_scotland_compiles_before_it_is_noticed() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/scotland.toml");
    let documents = document::read(&path).unwrap_or_else(|faults| panic!("{}", render(&faults)));
    let begun = Instant::now();
    let compiled = compile::compile(&documents);
    let took = begun.elapsed();
    println!("compiled in {took:?}");
    assert!(compiled.is_ok(), "{}", render(&compiled.unwrap_err()));
    // 0.2 s is the promise of the release build; a debug build on a busy machine is given ten times that.
    assert!(took.as_secs_f64() < 2.0, "{took:?}");
}
