//! Every shipped scenario reads and compiles without a fault.

use std::path::Path;

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
