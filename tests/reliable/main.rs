//! What can be relied on: the same bytes whatever the threads and the order of files, values that change only with a
//! word in the changelog, limits that hold, local counts that are not told, and nothing in the binary that was not asked
//! for.

// A test that cannot go on should say so at once.
#![allow(clippy::unwrap_used, clippy::panic)]

mod limits;
mod local_counts;
mod order;
mod supply;
mod values;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The tiny textbook model with its scenario beside it, in a folder of its own.
struct Bench {
    folder: tempfile::TempDir,
}

impl Bench {
    fn new() -> Bench {
        Bench::of("tiny")
    }

    fn of(model: &str) -> Bench {
        let bench = Bench {
            folder: tempfile::tempdir().unwrap(),
        };
        let from = root().join("models/textbook").join(model);
        let model = bench.path("models/textbook").join(model);
        copy(&from, &model);
        for beside in ["scenario.toml", "profile"] {
            fs::rename(model.join(beside), bench.path(beside)).unwrap();
        }
        bench
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn edit(&self, name: &str, from: &str, to: &str) {
        let text = self.text(name);
        assert!(text.contains(from), "{name} does not hold {from:?}");
        self.write(name, &text.replacen(from, to, 1));
    }

    fn run(&self, out: &str, more: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_needscast"));
        command.current_dir(self.folder.path());
        command
            .args(["run", "scenario.toml", "--out", out])
            .args(more);
        command.output().unwrap()
    }

    /// Runs, and reads what was written; of the manifest what does not vary from run to run.
    fn written(&self, out: &str, more: &[&str]) -> BTreeMap<String, Vec<u8>> {
        let output = self.run(out, more);
        assert!(output.status.success(), "{}", words(&output));
        let entries = fs::read_dir(self.path(out)).unwrap().flatten();
        let named = entries.map(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            (name, fs::read(entry.path()).unwrap())
        });
        named.filter(|(name, _)| name != "manifest.json").collect()
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn words(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let to = to.join(path.file_name().unwrap());
        match path.is_dir() {
            true => copy(&path, &to),
            false => drop(fs::copy(&path, to).unwrap()),
        }
    }
}
