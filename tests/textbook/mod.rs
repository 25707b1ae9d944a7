//! The models of `models/textbook/` through the public path, beside their published or exact answers.

mod course;
mod exact;
pub mod queue;
mod sick_sicker;
mod wards;

use std::path::Path;

use needscast::compile::{Plan, compile};
use needscast::diagnostic::render;
use needscast::document;

/// The plan of a textbook's scenario.
pub fn plan(name: &str) -> Plan {
    plan_of(&format!("{name}/scenario"))
}

/// The plan of one of a textbook's scenarios: its folder and its name.
fn plan_of(name: &str) -> Plan {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("models/textbook")
        .join(name)
        .with_extension("toml");
    let documents = document::read(&path).unwrap_or_else(|faults| panic!("{}", render(&faults)));
    compile(&documents).unwrap_or_else(|faults| panic!("{}", render(&faults)))
}
