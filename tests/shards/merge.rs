//! Shards give the very bytes of one process, and what is not one run is refused by name.

use std::fs;

use super::{Bench, SCENARIO, done, left_over, needscast, refused, same};

#[test]
fn one_two_and_eight_shards_are_one_run() {
    let bench = Bench::new();
    done(&bench.run("whole", &["--threads", "2"]));
    for of in [1, 2, 8] {
        let shards: Vec<String> = (1..=of).map(|index| bench.shard(index, of, &[])).collect();
        // In whatever order.
        let turned: Vec<String> = shards.iter().rev().cloned().collect();
        let merged = format!("merged-{of}");
        done(&bench.merge(&merged, &turned));
        same(&bench.path("whole"), &bench.path(&merged));
    }
    assert_eq!(left_over(bench.folder.path()), Vec::<String>::new());
}

#[test]
fn expected_flows_and_runs_without_draws_are_divided_too() {
    let scenario = "models/textbook/stock-and-flow/scenario.toml";
    let bench = Bench::new();
    let run = |name: &str, more: &[&str]| {
        let out = bench.name(name);
        let common = ["run", scenario, "--expected", "--out", &out];
        done(&needscast(&[&common, more].concat()));
        out
    };
    run("whole", &["--draws", "7"]);
    let shards: Vec<String> = (1..=3)
        .map(|index| {
            run(
                &format!("s{index}"),
                &["--draws", "7", "--shard", &format!("{index}/3")],
            )
        })
        .collect();
    done(&bench.merge("merged", &shards));
    same(&bench.path("whole"), &bench.path("merged"));

    let central = ["run", SCENARIO, "--draws", "0", "--out"];
    done(&needscast(
        &[&central[..], &[&bench.name("central")]].concat(),
    ));
    done(&needscast(
        &[&central[..], &[&bench.name("only"), "--shard", "1/1"]].concat(),
    ));
    done(&bench.merge("central-merged", &[bench.name("only")]));
    same(&bench.path("central"), &bench.path("central-merged"));
}

#[test]
fn a_shard_that_is_made_again_has_the_same_bytes() {
    let bench = Bench::new();
    bench.shard(2, 3, &["--threads", "1"]);
    fs::rename(bench.path("shard-2-of-3"), bench.path("first")).unwrap();
    bench.shard(2, 3, &["--threads", "2"]);
    same(&bench.path("first"), &bench.path("shard-2-of-3"));
}

#[test]
fn a_shard_that_is_none_is_refused() {
    let bench = Bench::new();
    let asked = |shard: &str| bench.run("out", &["--shard", shard]);
    refused(
        &asked("9/8"),
        "E951",
        &["there is no shard 9 of 8", "from 1/8 to 8/8"],
    );
    refused(&asked("0/8"), "E951", &["counted from 1"]);
    refused(
        &asked("1/62"),
        "E951",
        &["more shards than draws", "at most 61"],
    );
    refused(
        &asked("array"),
        "E951",
        &["neither SLURM_ARRAY_TASK_ID nor"],
    );
    assert_eq!(asked("three").status.code(), Some(2));
    assert!(!bench.path("out").exists());
}

#[test]
fn the_tasks_of_an_array_know_their_shards() {
    let bench = Bench::new();
    let task = |variable: &str, value: &str, out: &str| {
        let mut command = super::program();
        command.env(variable, value);
        let out = bench.name(out);
        let output = command
            .args([
                "run",
                SCENARIO,
                "--draws",
                super::DRAWS,
                "--shard",
                "array/3",
                "--out",
                &out,
            ])
            .output();
        done(&output.unwrap());
    };
    task("SLURM_ARRAY_TASK_ID", "2", "slurm");
    task("JOB_COMPLETION_INDEX", "1", "kubernetes");
    bench.shard(2, 3, &[]);
    same(&bench.path("slurm"), &bench.path("shard-2-of-3"));
    same(&bench.path("kubernetes"), &bench.path("shard-2-of-3"));
}

#[test]
fn shards_that_are_not_one_run_are_refused_by_name() {
    let bench = Bench::new();
    let shards: Vec<String> = (1..=3).map(|index| bench.shard(index, 3, &[])).collect();
    let merge = |shards: &[&String]| {
        let shards: Vec<String> = shards.iter().map(|shard| (*shard).clone()).collect();
        bench.merge("merged", &shards)
    };
    let [one, two, three] = [&shards[0], &shards[1], &shards[2]];
    refused(
        &merge(&[one, three]),
        "E954",
        &["1 of 3 shards are missing", "nothing of 2/3"],
    );
    refused(&merge(&[one, two, three, two]), "E955", &[]);

    let copy = bench.path("copy");
    fs::create_dir(&copy).unwrap();
    for entry in fs::read_dir(two).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, copy.join(path.file_name().unwrap())).unwrap();
    }
    let copy = bench.name("copy");
    refused(
        &merge(&[one, two, three, &copy]),
        "E955",
        &["shard 2/3 stands twice", two, &copy],
    );

    let nothing = bench.name("nothing");
    refused(
        &merge(&[one, two, &nothing]),
        "E954",
        &["no such folder", &nothing],
    );

    done(&bench.run("other", &["--seed", "5", "--shard", "2/3"]));
    let other = bench.name("other");
    refused(
        &merge(&[one, &other, three]),
        "E953",
        &["another seed", "found: 5", &other],
    );
    done(&bench.run("other", &["--shard", "2/4"]));
    refused(
        &merge(&[one, &other, three]),
        "E953",
        &["divided differently", &other],
    );
    done(&bench.run("other", &["--drivers", "3", "--shard", "2/3"]));
    refused(
        &merge(&[one, &other, three]),
        "E953",
        &["with drivers", &other],
    );

    let part = bench.path("shard-2-of-3").join("draws-00001.parquet");
    let held = fs::read(&part).unwrap_or_default();
    let name = part.display().to_string();
    if !held.is_empty() {
        fs::remove_file(&part).unwrap();
        refused(
            &merge(&[one, two, three]),
            "E954",
            &["a part of shard 2/3 is missing", &name],
        );
        fs::write(&part, &held).unwrap();
    }
    let part = bench.path("shard-2-of-3").join("draws-00000.parquet");
    let held = fs::read(&part).unwrap();
    let name = part.display().to_string();
    fs::write(&part, &held[..held.len() / 2]).unwrap();
    refused(
        &merge(&[one, two, three]),
        "E952",
        &["cannot be read", &name],
    );
    // A part of another shard under this one's name.
    let strange = bench.path("shard-1-of-3").join("life-1-00000.parquet");
    fs::write(&part, fs::read(strange).unwrap()).unwrap();
    refused(
        &merge(&[one, two, three]),
        "E955",
        &["shard 1/3 stands twice"],
    );
    fs::write(&part, &held).unwrap();
    done(&merge(&[one, two, three]));
}

#[test]
fn inputs_that_have_changed_are_refused() {
    let bench = Bench::new();
    let scenario = bench.name("scenario.toml");
    let text = fs::read_to_string(SCENARIO).unwrap();
    let tiny = std::path::absolute("models/textbook/tiny/profile").unwrap();
    let text = text.replace(
        "\"./profile\"",
        &format!("{:?}", tiny.display().to_string()),
    );
    fs::write(&scenario, &text).unwrap();
    let out = bench.name("s1");
    let shard = |index: &str, more: &[&str]| {
        let out = bench.name(&format!("s{index}"));
        let common = ["run", &scenario, "--draws", "8", "--out", &out, "--shard"];
        let asked = format!("{index}/2");
        needscast(&[&common[..], &[&asked[..]], more].concat())
    };
    done(&shard("1", &[]));
    fs::write(&scenario, text.replace("seed", "# touched\nseed")).unwrap();
    done(&shard("2", &[]));
    let both = [out.clone(), bench.name("s2")];
    refused(
        &bench.merge("m", &both),
        "E953",
        &["another input", "scenario.toml"],
    );
    done(&shard("1", &[]));
    fs::write(&scenario, &text).unwrap();
    refused(
        &bench.merge("m", &both),
        "E956",
        &["another input", "scenario.toml"],
    );
    // Where the inputs stand makes no difference.
    let elsewhere = bench.name("elsewhere.toml");
    fs::write(&elsewhere, text.replace("seed", "# touched\nseed")).unwrap();
    fs::remove_file(&scenario).unwrap();
    refused(&bench.merge("m", &both), "E001", &["scenario.toml"]);
    let merged = bench.name("m");
    done(&needscast(&[
        "merge",
        &both[0],
        &both[1],
        "--out",
        &merged,
        "--scenario",
        &elsewhere,
    ]));
}

#[test]
fn what_would_not_fit_is_refused_before_it_begins() {
    let bench = Bench::new();
    let out = bench.name("out");
    let asked = [
        "run",
        "scenarios/scotland.toml",
        "--draws",
        "1000000",
        "--out",
        &out,
    ];
    refused(
        &needscast(&asked),
        "E957",
        &["at most 16 GB", "use at most"],
    );
    assert!(!bench.path("out").exists());
}
