//! Runs in parts: shards and their merge, runs that are stopped and go on, who reads the parts, sweeps, and the
//! schedulers that are given ready-made jobs.

mod merge;
mod parts;
mod stops;
mod sweep;
mod workflows;

pub use sweep::page as page_of_a_sweep;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Three states, two services, two areas, two options: every kind of table and chart, in a fifth of a second.
const SCENARIO: &str = "models/textbook/tiny/scenario.toml";

/// Enough for several parts of a shard, and for draws with and without what drives changes.
const DRAWS: &str = "60";

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_needscast"));
    command.current_dir(env!("CARGO_MANIFEST_DIR"));
    command
}

fn needscast(arguments: &[&str]) -> Output {
    program().args(arguments).output().unwrap()
}

fn words(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn done(output: &Output) {
    assert!(output.status.success(), "{}", words(output));
}

/// That the input was at fault, with this code, and that all of this is said.
fn refused(output: &Output, code: &str, says: &[&str]) {
    let text = words(output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains(&format!("[{code}]")), "not {code}: {text}");
    for said in says {
        assert!(text.contains(said), "{said:?} is not said: {text}");
    }
}

/// A folder of its own, and folders within it.
struct Bench {
    folder: tempfile::TempDir,
}

impl Bench {
    fn new() -> Bench {
        let folder = tempfile::tempdir().unwrap();
        Bench { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn name(&self, name: &str) -> String {
        self.path(name).display().to_string()
    }

    /// Runs into a folder within; returns the program's words.
    fn run(&self, name: &str, more: &[&str]) -> Output {
        let out = self.name(name);
        needscast(&[&["run", SCENARIO, "--draws", DRAWS, "--out", &out], more].concat())
    }

    fn shard(&self, index: usize, of: usize, more: &[&str]) -> String {
        let name = format!("shard-{index}-of-{of}");
        done(&self.run(
            &name,
            &[&["--shard", &format!("{index}/{of}")], more].concat(),
        ));
        self.name(&name)
    }

    fn merge(&self, name: &str, shards: &[String]) -> Output {
        let out = self.name(name);
        let shards: Vec<&str> = shards.iter().map(String::as_str).collect();
        needscast(&[&["merge", "--out", &out], &shards[..]].concat())
    }
}

/// What a folder holds, by name; of the manifest only what does not vary from run to run.
fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let mut bytes = fs::read(&path).unwrap();
        if name == "manifest.json" {
            let mut manifest: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
            let all = manifest.as_object_mut().unwrap();
            for varying in ["command_line", "duration_seconds", "started", "threads"] {
                assert!(all.remove(varying).is_some(), "no {varying}");
            }
            bytes = serde_json::to_vec(&manifest).unwrap();
        }
        found.insert(name, bytes);
    }
    found
}

/// That two folders hold the same bytes.
fn same(one: &Path, other: &Path) {
    let (one, other) = (contents(one), contents(other));
    let names = |folder: &BTreeMap<String, Vec<u8>>| folder.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&one), names(&other));
    for (name, bytes) in &one {
        assert!(*bytes == other[name], "{name} differs");
    }
}

/// What the program has left beside the folders that it was asked for.
fn left_over(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    names.filter(|name| name.starts_with('.')).collect()
}
