//! Every slip is named once: none hides another, and none is named again by what follows from it.

mod hiding;
mod hints;
mod once;

use super::Copy;
use needscast::diagnostic::{Diagnostic, render};

const SCENARIO: &str = "scenario.toml";
const MODEL: &str = "model.toml";
const AREAS: &str = "profile/areas.csv";
const PEOPLE: &str = "profile/population.csv";
const TABLE: &str = "parameters/tiny.csv";
const ALL_AREAS: &str = "areas      = [\"Northshire\", \"Southshire\"]";

/// The change of a parameter, from its month on.
const OF_CUSTODY: &str = "from      = \"2027-04\"\nparameter = \"custody_share\"";

/// An edit: the file, what stands there, what is written instead.
type Edit = (&'static str, &'static str, &'static str);

fn edited(edits: &[Edit]) -> Copy {
    let copy = Copy::new();
    for (file, from, to) in edits {
        copy.edit(file, from, to);
    }
    copy
}

/// The faults of a copy, once it is known that these and no others are found.
fn exactly(name: &str, copy: &Copy, codes: &[&str]) -> Vec<Diagnostic> {
    let faults = copy.faults();
    let mut found: Vec<&str> = faults.iter().map(|fault| fault.code).collect();
    found.sort_unstable();
    assert_eq!(found, codes, "{name}: {}", render(&faults));
    for fault in &faults {
        let is_whole = fault.expected.is_some() && fault.found.is_some() && fault.place.is_some();
        assert!(is_whole, "{name}: {}", render(&faults));
    }
    faults
}

/// The same for every case, naming all that fail.
fn each(cases: &[(&str, &[Edit], &[&str])]) {
    let mut failures = Vec::new();
    for (name, edits, codes) in cases {
        let faults = edited(edits).faults();
        let mut found: Vec<&str> = faults.iter().map(|fault| fault.code).collect();
        found.sort_unstable();
        if found != *codes {
            failures.push(format!("{name}: not {codes:?}: {}", render(&faults)));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
