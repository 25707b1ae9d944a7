//! Parts as others read them, and parts that something else has damaged.

use std::fs;
use std::process::Command;

use needscast::compile::Plan;
use needscast::report::{Gathering, Kept, Question, Share, Table};
use needscast::simulate::Layout;
use proptest::prelude::*;

use super::{Bench, needscast, refused};
use crate::support;

fn question(version: &str) -> Question {
    Question {
        version: version.to_owned(),
        commit: needscast::report::commit().to_owned(),
        engine: "people".to_owned(),
        scenario: super::SCENARIO.to_owned(),
        inputs: vec![("scenario.toml".to_owned(), "0".repeat(64))],
        seed: 7,
        draws: 40,
        drivers: 0,
        share: 0,
    }
}

fn gathering<'a>(
    bench: &Bench,
    question: &Question,
    plan: &'a Plan,
    layout: &'a Layout,
) -> Gathering<'a, f32> {
    let table = Table {
        plan,
        layout,
        rows: (0..=plan.n_draws).collect(),
    };
    let folder = bench.path("parts");
    fs::create_dir_all(&folder).unwrap();
    Gathering::new(
        &folder,
        question,
        Share { index: 1, of: 1 },
        vec![table],
        Kept::Everything,
    )
}

/// Made-up trajectories with holes, put away.
fn put_away(bench: &Bench, question: &Question) -> (Plan, Layout, Vec<Vec<f32>>) {
    let plan = support::plan();
    let mut trajectories = support::trajectories(&plan);
    trajectories.rows[3].values[5] = f32::NAN;
    trajectories.rows[4].values[6] = -0.0;
    trajectories.rows[4].values[7] = f32::MIN_POSITIVE;
    let rows: Vec<Vec<f32>> = trajectories
        .rows
        .into_iter()
        .map(|row| row.values)
        .collect();
    let gathering = gathering(bench, question, &plan, &trajectories.layout);
    for (row, values) in rows.iter().enumerate().rev() {
        gathering
            .take(0, row, values.clone(), &[0.5, f64::NAN])
            .unwrap();
    }
    assert_eq!(gathering.missing().len(), 0);
    drop(gathering);
    (plan, trajectories.layout, rows)
}

fn bits(rows: &[Vec<f32>]) -> Vec<Vec<Option<u32>>> {
    let bits = |value: &f32| (!value.is_nan()).then(|| value.to_bits());
    rows.iter()
        .map(|row| row.iter().map(bits).collect())
        .collect()
}

#[test]
fn what_is_put_away_is_taken_up_to_the_bit() {
    let bench = Bench::new();
    let question = question("1.0.0");
    let (plan, layout, rows) = put_away(&bench, &question);
    let mut again = gathering(&bench, &question, &plan, &layout);
    assert!(again.lacks(0, 3));
    assert_eq!(again.take_up().len(), 0);
    assert!(!again.lacks(0, 3) && !again.lacks(0, 41));
    let (tables, shared) = again.into_rows();
    let read: Vec<Vec<f32>> = tables[0].values().cloned().collect();
    assert_eq!(bits(&read), bits(&rows));
    assert_eq!(shared[0].to_bits(), 0.5_f64.to_bits());
    assert!(shared[1].is_nan());
}

#[test]
fn a_part_of_another_version_is_refused() {
    let bench = Bench::new();
    let (plan, layout, _) = put_away(&bench, &question("0.0.9"));
    let faults = gathering(&bench, &question("1.0.0"), &plan, &layout).take_up();
    assert!(
        faults.iter().all(|fault| fault.code == "E953"),
        "{faults:?}"
    );
    assert!(faults[0].message.contains("another version"));
    assert_eq!(faults[0].expected.as_deref(), Some("1.0.0"));
    assert_eq!(faults[0].found.as_deref(), Some("0.0.9"));
    // And by the command: they were made by no program that is here.
    let parts = bench.name("parts");
    refused(
        &needscast(&["merge", &parts]),
        "E956",
        &["another version", "found: 0.1.0", &parts],
    );
}

#[test]
fn files_of_other_programs_are_refused() {
    let bench = Bench::new();
    let parts = bench.path("parts");
    fs::create_dir(&parts).unwrap();
    for bytes in [&b""[..], b"PAR1", b"PAR1PAR1", b"PK\x03\x04", &[0xff; 4096]] {
        fs::write(parts.join("draws-00000.parquet"), bytes).unwrap();
        let name = parts.display().to_string();
        refused(
            &needscast(&["merge", &name]),
            "E952",
            &["draws-00000.parquet"],
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    /// A file that is cut, or in which bytes were changed, is refused or holds what was written: it is never read as
    /// something else, and never ends the program.
    #[test]
    fn a_damaged_part_is_never_read_as_another(
        cut in prop::option::of(0.0..1.0_f64),
        changes in prop::collection::vec((0.0..1.0_f64, any::<u8>()), 0..4),
        of_the_end in any::<bool>(),
    ) {
        thread_local! {
            static WHOLE: (Bench, Plan, Layout, Vec<Vec<f32>>, Vec<u8>) = {
                let bench = Bench::new();
                let (plan, layout, rows) = put_away(&bench, &question("1.0.0"));
                let bytes = fs::read(bench.path("parts/draws-00000.parquet")).unwrap();
                (bench, plan, layout, rows, bytes)
            };
        }
        WHOLE.with(|(bench, plan, layout, rows, bytes)| {
            let mut damaged = bytes.clone();
            for (place, byte) in &changes {
                // Half of the time the footer, which says where everything stands.
                let last = if of_the_end { damaged.len().min(3000) } else { damaged.len() };
                let at = damaged.len() - 1 - (place * last as f64) as usize % damaged.len();
                damaged[at] = *byte;
            }
            if let Some(cut) = cut {
                damaged.truncate((cut * damaged.len() as f64) as usize);
            }
            fs::write(bench.path("parts/draws-00000.parquet"), &damaged).unwrap();
            let mut again = gathering(bench, &question("1.0.0"), plan, layout);
            let faults = again.take_up();
            prop_assert!(faults.iter().all(|fault| ["E952", "E953"].contains(&fault.code)));
            if faults.is_empty() {
                let (tables, _) = again.into_rows();
                let read: Vec<Vec<f32>> = tables[0].values().cloned().collect();
                prop_assert_eq!(bits(&read), bits(rows));
            }
            Ok(())
        })?;
    }
}

/// The five lines of `docs/scale.md`, run as they stand there.
#[test]
fn duckdb_and_pandas_read_parts_as_they_are() {
    let bench = Bench::new();
    let shards: Vec<String> = (1..=2).map(|index| bench.shard(index, 2, &[])).collect();
    let folder = bench.folder.path();
    super::done(&bench.run("whole", &[]));
    let text = fs::read_to_string("docs/scale.md").unwrap();
    let examples: Vec<&str> = text
        .split("```python\n")
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap())
        .collect();
    assert_eq!(examples.len(), 2, "one for DuckDB, one for pandas");
    let forecast = fs::read_to_string(bench.path("whole/forecast.csv")).unwrap();
    let wanted = forecast.lines().find(|line| {
        line.starts_with("shared,total,") && line.contains(",starts,service=homes,2029-30,")
    });
    let wanted: f64 = wanted.unwrap().split(',').nth(7).unwrap().parse().unwrap();
    for example in examples {
        assert!(example.lines().count() <= 5, "{example}");
        let output = Command::new(support::python())
            .current_dir(folder)
            .args([
                "-c",
                &example
                    .replace("out/tayside.shards", ".")
                    .replace("regional", "shared")
                    .replace("service=throughcare", "service=homes")
                    .replace("2034-35", "2029-30"),
            ])
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let printed: f64 = text.trim().parse().unwrap_or_else(|_| panic!("{text}"));
        // Both add the same 60 numbers of people, in some order; the CSV has seven digits.
        assert!(
            (printed - wanted).abs() <= 1e-5 * wanted,
            "{printed} is not {wanted}: {example}"
        );
    }
    assert_eq!(shards.len(), 2);
}
