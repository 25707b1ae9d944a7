//! The ready-made jobs in `workflows/`, run by the schedulers that they are for.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use super::{Bench, DRAWS, done, same};
use crate::support::{python, venv};

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

const PROGRAM: &str = env!("CARGO_BIN_EXE_needscast");

/// A Slurm of one node, which ends with the test.
struct Slurm {
    folder: PathBuf,
    conf: String,
}

impl Slurm {
    fn start(folder: PathBuf) -> Slurm {
        let output = one_node("start", &folder);
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let conf = text.trim().strip_prefix("export SLURM_CONF=");
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        let conf = conf
            .unwrap_or_else(|| panic!("{words}\n`bash tests/run` installs slurm-wlm and munge"));
        Slurm {
            conf: conf.to_owned(),
            folder,
        }
    }

    fn command(&self, program: impl AsRef<std::ffi::OsStr>, arguments: &[&str]) -> String {
        let mut command = Command::new(program);
        command
            .current_dir(repository())
            .env("SLURM_CONF", &self.conf)
            .env("NEEDSCAST", PROGRAM);
        let output = command.args(arguments).output().unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// Waits until nothing is queued or running.
    fn wait(&self) {
        let begun = Instant::now();
        while !self.command("squeue", &["-h"]).is_empty() {
            assert!(
                begun.elapsed() < Duration::from_secs(300),
                "{}",
                self.command("squeue", &[])
            );
            std::thread::sleep(Duration::from_millis(200));
        }
    }
}

impl Drop for Slurm {
    fn drop(&mut self) {
        one_node("stop", &self.folder);
    }
}

fn one_node(action: &str, folder: &Path) -> Output {
    let script = repository().join("workflows/slurm/one-node");
    Command::new(script)
        .arg(action)
        .arg(folder)
        .output()
        .unwrap()
}

#[test]
fn a_slurm_array_and_its_merge_are_one_run() {
    let bench = Bench::new();
    done(&bench.run("whole", &[]));
    let slurm = Slurm::start(bench.path("slurm"));
    let out = bench.name("out");
    let submit = repository().join("workflows/slurm/submit");
    let merge = slurm.command(&submit, &[super::SCENARIO, "3", &out, "--draws", DRAWS]);
    assert!(merge.parse::<u64>().is_ok(), "{merge}");
    slurm.wait();
    same(&bench.path("whole"), &bench.path("out"));

    // A task that is started again by itself finds its shard finished; one whose shard is lost makes it anew.
    fs::remove_dir_all(bench.path("out.shards/2")).unwrap();
    fs::remove_dir_all(bench.path("out")).unwrap();
    let more = format!(
        "--export=ALL,SCENARIO={},SHARDS=3,OUT={out},MORE=--draws {DRAWS}",
        super::SCENARIO
    );
    let log = format!("--output={}", bench.name("again.txt"));
    slurm.command(
        "sbatch",
        &["--array=1-2", &more, &log, "workflows/slurm/shard.sbatch"],
    );
    slurm.wait();
    let text = fs::read_to_string(bench.path("again.txt")).unwrap();
    assert!(text.contains("Nothing is left to do"), "{text}");
    let shards: Vec<String> = (1..=3)
        .map(|shard| bench.name(&format!("out.shards/{shard}")))
        .collect();
    done(&bench.merge("out", &shards));
    same(&bench.path("whole"), &bench.path("out"));
}

#[test]
fn snakemake_says_what_it_would_do_does_it_and_goes_on() {
    let bench = Bench::new();
    let scenario = repository().join(super::SCENARIO).display().to_string();
    let whole = bench.name("whole");
    // Files of the model are named as they are found from where the program runs.
    let alone = Command::new(PROGRAM)
        .current_dir(bench.folder.path())
        .args(["run", &scenario, "--draws", DRAWS, "--out", &whole])
        .output();
    done(&alone.unwrap());
    let snakemake = |more: &[&str]| {
        let config = [
            format!("scenario={scenario}"),
            "shards=3".to_owned(),
            format!("needscast={PROGRAM}"),
            format!("more=--draws {DRAWS}"),
            "out=out".to_owned(),
        ];
        let mut command = Command::new(python());
        command.args(["-m", "snakemake", "--cores", "2", "-s"]);
        command.arg(repository().join("workflows/snakemake/Snakefile"));
        command
            .arg("--directory")
            .arg(bench.folder.path())
            .args(more)
            .arg("--config")
            .args(&config);
        command.env("XDG_CACHE_HOME", bench.path("cache"));
        let output = command.output().unwrap();
        let text = String::from_utf8_lossy(&output.stderr).into_owned()
            + &String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{text}");
        text
    };
    let text = snakemake(&["--dry-run"]);
    assert!(
        text.contains("dry-run") && !bench.path("out").exists(),
        "{text}"
    );
    snakemake(&[]);
    same(&bench.path("whole"), &bench.path("out"));
    // A shard that is lost is made again, and the report with it; the others stay as they are.
    let kept = fs::metadata(bench.path("out.shards/1/manifest.json"))
        .unwrap()
        .modified()
        .unwrap();
    fs::remove_dir_all(bench.path("out.shards/2")).unwrap();
    fs::remove_dir_all(bench.path("out")).unwrap();
    snakemake(&[]);
    same(&bench.path("whole"), &bench.path("out"));
    assert_eq!(
        kept,
        fs::metadata(bench.path("out.shards/1/manifest.json"))
            .unwrap()
            .modified()
            .unwrap()
    );
}

#[test]
fn the_kubernetes_jobs_are_what_the_published_schema_asks_for() {
    let validate = |path: &Path| {
        let program = venv().join("bin/kubernetes-validate");
        assert!(
            program.exists(),
            "{}; `bash tests/run` makes it",
            program.display()
        );
        Command::new(program)
            .arg("--strict")
            .arg(path)
            .output()
            .unwrap()
    };
    let folder = repository().join("workflows/kubernetes");
    for name in ["job.yaml", "merge.yaml"] {
        let output = validate(&folder.join(name));
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    // The judge judges: a key that is none, and a number of shards that is a text, are refused.
    let bench = Bench::new();
    let job = fs::read_to_string(folder.join("job.yaml")).unwrap();
    for (from, to) in [
        ("completionMode", "completionmode"),
        ("completions: 8", "completions: eight"),
    ] {
        assert!(job.contains(from));
        fs::write(bench.path("wrong.yaml"), job.replacen(from, to, 1)).unwrap();
        assert!(
            !validate(&bench.path("wrong.yaml")).status.success(),
            "{to} passes"
        );
    }
    // What the shards are told is what there are of them.
    let number = |key: &str| {
        let rest = job.split(key).nth(1).unwrap();
        let digits: String = rest
            .chars()
            .skip_while(|c| !c.is_ascii_digit())
            .take_while(char::is_ascii_digit)
            .collect();
        digits.parse::<usize>().unwrap()
    };
    assert_eq!(number("completions:"), number("name: SHARDS"));
}
