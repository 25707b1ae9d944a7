//! One small wrong file for every way of being wrong: code, file, line, column, and what is said.

mod cases;
mod coalitions;
mod codes;
mod comparisons;
mod disclosure;
mod durations;
mod figures;
mod hostile;
mod independent;
mod judging;
mod limits;
mod missing;
mod mixing;
mod money;
mod names;
mod options;
mod record;
mod seasons;
mod series;
mod shapes;
mod sharing;
mod system;
mod tables;
mod together;

use std::fs;
use std::path::{Path, PathBuf};

use needscast::compile::{Plan, compile};
use needscast::diagnostic::{Diagnostic, Severity, render};
use needscast::document;

/// A wrong edit of the tiny textbook model and what must be said about it.
struct Case {
    /// The fault in words.
    name: &'static str,
    /// File, what stands there, what is written instead.
    edits: &'static [(&'static str, &'static str, &'static str)],
    code: &'static str,
    /// The file at fault, a part of it that stands there once, and the words within that part that are at fault;
    /// a part without words at fault means the file as a whole.
    at: (&'static str, &'static str, &'static str),
    /// What the expectation, the finding, the message or a hint must say.
    says: &'static [&'static str],
}

/// A copy of the tiny model in a folder of its own.
struct Copy {
    folder: tempfile::TempDir,
}

impl Copy {
    fn new() -> Copy {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let tiny = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/textbook/tiny");
        let copy = Copy { folder };
        for relative in copy.files() {
            let to = copy.path(relative);
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            fs::copy(tiny.join(relative), to).unwrap();
        }
        copy
    }

    fn files(&self) -> [&'static str; 11] {
        [
            "scenario.toml",
            "model.toml",
            "services.toml",
            "outcomes.toml",
            "costs.toml",
            "rules.toml",
            "deflators.csv",
            "parameters/tiny.csv",
            "profile/areas.csv",
            "profile/population.csv",
            "profile/recorded.csv",
        ]
    }

    fn path(&self, relative: &str) -> PathBuf {
        let is_beside = relative == "scenario.toml" || relative.starts_with("profile/");
        match is_beside {
            true => self.folder.path().join(relative),
            false => self
                .folder
                .path()
                .join("models/textbook/tiny")
                .join(relative),
        }
    }

    fn text(&self, relative: &str) -> String {
        fs::read_to_string(self.path(relative)).unwrap()
    }

    fn edit(&self, relative: &str, from: &str, to: &str) {
        let text = self.text(relative);
        assert!(text.contains(from), "{relative} does not hold {from:?}");
        self.write(relative, text.replacen(from, to, 1).as_bytes());
    }

    fn write(&self, relative: &str, bytes: &[u8]) {
        fs::write(self.path(relative), bytes).unwrap();
    }

    fn compile(&self) -> Result<Plan, Vec<Diagnostic>> {
        compile(&document::read(&self.path("scenario.toml"))?)
    }

    fn faults(&self) -> Vec<Diagnostic> {
        self.compile().err().unwrap_or_default()
    }
}

/// The line and column, counted from 1, of `words` within the only `part` of `text`.
fn line_and_column(text: &str, part: &str, words: &str) -> (usize, usize) {
    assert_eq!(text.matches(part).count(), 1, "{part:?} must stand once");
    let at = text.find(part).unwrap() + part.find(words).expect("words within the part");
    let before = &text[..at];
    let line = before.matches('\n').count() + 1;
    let begin = before.rfind('\n').map_or(0, |at| at + 1);
    (line, before[begin..].chars().count() + 1)
}

/// What is wrong with the answer to a case, if anything.
fn check(case: &Case) -> Result<(), String> {
    let copy = Copy::new();
    for (file, from, to) in case.edits {
        copy.edit(file, from, to);
    }
    let faults = copy.faults();
    let shown = format!("{}\n{}", case.name, render(&faults));
    let errors: Vec<_> = faults
        .iter()
        .filter(|f| f.severity == Severity::Error)
        .collect();
    // One slip is one fault: what follows from it is not reported again.
    if errors.is_empty() || errors.iter().any(|fault| fault.code != case.code) {
        return Err(format!("not only {}: {shown}", case.code));
    }
    let (file, part, words) = case.at;
    let is_there = |fault: &&&Diagnostic| {
        fault
            .place
            .as_ref()
            .is_some_and(|place| place.file.ends_with(file))
    };
    let Some(fault) = errors.iter().find(is_there) else {
        return Err(format!("not in {file}: {shown}"));
    };
    let place = fault.place.as_ref().unwrap();
    let expected = match part {
        "" => (0, 0),
        part => line_and_column(&copy.text(file), part, words),
    };
    if (place.line, place.column) != expected {
        return Err(format!("not at {expected:?}: {shown}"));
    }
    if let Some(said) = case.says.iter().find(|said| !shown.contains(**said)) {
        return Err(format!("{said:?} is not said: {shown}"));
    }
    match fault.expected.is_some() {
        true => Ok(()),
        false => Err(format!("nothing was expected: {shown}")),
    }
}

fn check_all(cases: &[Case]) {
    let failures: Vec<String> = cases.iter().filter_map(|case| check(case).err()).collect();
    assert!(
        failures.is_empty(),
        "{} of {} cases:\n{}",
        failures.len(),
        cases.len(),
        failures.join("\n\n")
    );
}
