//! Shards as a target: parts of a small run of the tiny model, damaged.

use std::fs;
use std::path::{Path, PathBuf};

use needscast::compile::Plan;
use needscast::diagnostic::Diagnostic;
use needscast::report::{Gathering, Kept, Question, Share, Table, shards};
use needscast::simulate::{Layout, Trajectories, simulate};
use needscast::{compile, document, draw};

use super::drive::forbid_memory;
use super::targets::{Base, Verdict};

fn question() -> Question {
    Question {
        version: "1.0.0".to_owned(),
        commit: "0".repeat(12),
        engine: "people".to_owned(),
        scenario: "scenario.toml".to_owned(),
        inputs: vec![("scenario.toml".to_owned(), "0".repeat(64))],
        seed: 7,
        draws: 2,
        drivers: 0,
        share: 0,
    }
}

fn lived() -> (Plan, Trajectories) {
    let scenario = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/textbook/tiny/scenario.toml");
    let mut plan = compile::compile(&document::read(&scenario).unwrap()).unwrap();
    plan.n_draws = 2;
    plan.end = plan.start.plus(12);
    let trajectories = simulate(&plan, &draw::draw(&plan), &|| {});
    (plan, trajectories)
}

fn gathering<'a>(folder: &Path, plan: &'a Plan, layout: &'a Layout) -> Gathering<'a, f32> {
    let table = Table {
        plan,
        layout,
        rows: (0..=plan.n_draws).collect(),
    };
    let share = Share { index: 1, of: 1 };
    Gathering::new(folder, &question(), share, vec![table], Kept::Everything)
}

/// A whole shard, as the program writes it.
pub fn bases() -> Vec<Base> {
    let folder = tempfile::tempdir().unwrap();
    let (plan, made) = lived();
    let done = gathering(folder.path(), &plan, &made.layout);
    for (row, trajectory) in made.rows.iter().enumerate() {
        done.take(0, row, trajectory.values.clone(), &[0.5, f64::NAN])
            .unwrap();
    }
    let entries = fs::read_dir(folder.path()).unwrap().flatten();
    let paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    let file = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        (name, fs::read(path).unwrap())
    };
    let files: Vec<_> = paths.iter().map(file).collect();
    vec![Base {
        spoilt: (0..files.len()).collect(),
        files,
        is_rare: false,
    }]
}

/// What is taken up of a damaged shard is refused, or is what was put away.
pub fn read(folder: &Path) -> Verdict {
    thread_local! {
        static MADE: (Plan, Layout, Vec<Vec<f32>>) = {
            let (plan, made) = lived();
            let rows = made.rows.into_iter().map(|row| row.values);
            (plan, made.layout, rows.collect())
        };
    }
    shards(&[folder.to_owned()])?;
    MADE.with(|(plan, layout, rows)| {
        let mut done = gathering(folder, plan, layout);
        let faults = done.take_up();
        if !faults.is_empty() {
            return Err(faults);
        }
        let (tables, _) = done.into_rows();
        let is_same = |(read, put): (&Vec<f32>, &Vec<f32>)| {
            let bits = |values: &[f32]| values.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
            bits(read) == bits(put)
        };
        assert!(
            tables[0].values().zip(rows).all(is_same),
            "read as something else"
        );
        Ok(())
    })
}

/// Found after two million executions: a page that claimed to unfold without end, read for longer than ten seconds
/// before what is read was bounded by what had been written.
#[test]
fn a_part_that_unfolds_without_end_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let part = include_bytes!("found/endless-part.parquet");
    fs::write(folder.path().join("draws-00000.parquet"), part).unwrap();
    let faults = read(folder.path()).unwrap_err();
    assert!(
        faults
            .iter()
            .all(|fault| ["E952", "E953"].contains(&fault.code)),
        "{faults:?}"
    );
}

/// Found after some four million executions: a schema that claimed two thousand million columns, for which the library
/// made room before it looked for the first.
#[test]
fn a_part_that_claims_columns_without_end_takes_no_memory_for_them() {
    forbid_memory();
    let folder = tempfile::tempdir().unwrap();
    let part = include_bytes!("found/crowded-part.parquet");
    fs::write(folder.path().join("draws-00000.parquet"), part).unwrap();
    // The schema is not asked, so that the rest of the part may be as it was written.
    if let Err(faults) = read(folder.path()) {
        let is_refused = |fault: &Diagnostic| ["E952", "E953"].contains(&fault.code);
        assert!(faults.iter().all(is_refused), "{faults:?}");
    }
}
