//! Runs that are stopped: nothing is half-written or mixed, and going on gives the bytes of a run that never stopped.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use super::{Bench, SCENARIO, contents, done, left_over, program, refused, same, words};

/// A run of a second or two: six parts of draws, and two of lives that tell what drives changes.
const LONG: &str = "700";

fn run_of(draws: &str) -> [&str; 6] {
    ["run", SCENARIO, "--draws", draws, "--drivers", "20"]
}

/// Heeds SIGINT also where whoever started the tests ignores it, as shells have it of what runs in the background.
fn start(bench: &Bench, draws: &str, more: &[&str]) -> Child {
    let out = bench.name("out");
    let mut command = Command::new("env");
    command
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["--default-signal=INT", env!("CARGO_BIN_EXE_needscast")]);
    command.args(run_of(draws)).args(["--out", &out]).args(more);
    command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn long(bench: &Bench, draws: &str, name: &str, more: &[&str]) -> Output {
    let out = bench.name(name);
    program()
        .args(run_of(draws))
        .args(["--out", &out])
        .args(more)
        .output()
        .unwrap()
}

/// Begins a run and sends it a signal when so many parts are there; returns its draws. On a busy machine a run may be
/// over before the signal comes: the next has twice the draws.
fn stopped(bench: &Bench, signal: &str, parts: usize) -> String {
    let is_stopped = |draws: &String| {
        let mut child = start(bench, draws, &[]);
        while n_parts(bench) < parts && child.try_wait().unwrap().is_none() {
            std::thread::sleep(Duration::from_millis(2));
        }
        let pid = child.id().to_string();
        let _ = Command::new("kill").args([signal, &pid]).status().unwrap();
        let is_over = child.wait().unwrap().success();
        if is_over {
            fs::remove_dir_all(bench.path("out")).unwrap();
        }
        !is_over
    };
    let mut draws = (0..8).map(|doubled| (700_usize << doubled).to_string());
    draws.find(is_stopped).expect("every run was over first")
}

/// The parts that a run which was stopped has left.
fn n_parts(bench: &Bench) -> usize {
    let folder = bench.path(".out.unfinished");
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .filter(|entry| entry.path().extension().is_some_and(|e| e == "parquet"))
        .count()
}

/// Numbers from 0 to 1, the same in every run of the test.
fn uniform(state: &mut u64) -> f64 {
    *state = state
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407);
    (*state >> 11) as f64 / (1_u64 << 53) as f64
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
    }
}

/// NEEDSCAST_KILLS says how often; `bash tests/stops` says 200.
#[test]
fn a_run_that_is_killed_at_any_moment_leaves_a_whole_report_and_goes_on() {
    let n_kills = std::env::var("NEEDSCAST_KILLS").map_or(10, |text| text.parse().unwrap());
    let bench = Bench::new();
    let begun = Instant::now();
    done(&long(&bench, LONG, "straight", &[]));
    let mut takes = begun.elapsed().as_secs_f64();
    done(&bench.run("out", &["--seed", "5"]));
    copy(&bench.path("out"), &bench.path("earlier"));
    let earlier = contents(&bench.path("out"));
    let straight = contents(&bench.path("straight"));
    let (mut state, mut n_resumed, mut n_finished) = (2026, 0_usize, 0);
    for kill in 0..n_kills {
        let is_fresh = n_parts(&bench) == 0;
        n_resumed += usize::from(!is_fresh);
        let mut child = start(&bench, LONG, &["--resume"]);
        // Now and then beyond its end, so that the moments of writing are among them.
        let after = 1.1 * takes * uniform(&mut state);
        std::thread::sleep(Duration::from_secs_f64(after));
        child.kill().unwrap();
        child.wait().unwrap();
        let now = contents(&bench.path("out"));
        assert!(
            now == earlier || now == straight,
            "kill {kill} left something else"
        );
        if now == straight {
            n_finished += 1;
            // The first run may have been slower than those after it, on a machine that was busy then.
            if is_fresh {
                takes = takes.min(after);
            }
            fs::remove_dir_all(bench.path("out")).unwrap();
            copy(&bench.path("earlier"), &bench.path("out"));
        }
    }
    done(&long(&bench, LONG, "out", &["--resume"]));
    same(&bench.path("straight"), &bench.path("out"));
    assert_eq!(left_over(bench.folder.path()), Vec::<String>::new());
    println!("{n_kills} kills, {n_resumed} runs went on, {n_finished} had finished");
    assert!(
        n_resumed > 0,
        "no run went on: the moments of {n_kills} kills were not inside one"
    );
}

#[test]
fn an_interrupted_run_goes_on_where_it_was() {
    let bench = Bench::new();
    let draws = stopped(&bench, "-INT", 2);
    assert!(!bench.path("out").exists());
    let n_before = n_parts(&bench);
    let resumed = long(&bench, &draws, "out", &["--resume"]);
    done(&resumed);
    // It says how many draws it lived: fewer than all of them.
    let text = words(&resumed);
    let line = text.lines().find(|line| line.contains(" draws")).unwrap();
    let n_rows: usize = line.split(' ').nth(2).unwrap().parse().unwrap();
    let n_all = 21 + draws.parse::<usize>().unwrap();
    assert!(n_before >= 2 && n_rows < n_all, "{line}");
    done(&long(&bench, &draws, "straight", &[]));
    same(&bench.path("straight"), &bench.path("out"));
    // What is finished is not done again.
    let again = long(&bench, &draws, "out", &["--resume"]);
    done(&again);
    assert!(
        words(&again).contains("Nothing is left to do"),
        "{}",
        words(&again)
    );
}

#[test]
fn parts_of_another_question_are_never_gone_on_with() {
    let bench = Bench::new();
    let draws = stopped(&bench, "-KILL", 1);
    let resumed = long(&bench, &draws, "out", &["--resume", "--seed", "9"]);
    refused(
        &resumed,
        "E953",
        &[
            "a part of another run: another seed",
            "found: 7",
            ".out.unfinished",
        ],
    );
    // A part that was damaged is made anew.
    let part = bench.path(".out.unfinished/life-1-00000.parquet");
    fs::write(&part, &fs::read(&part).unwrap()[..1000]).unwrap();
    let resumed = long(&bench, &draws, "out", &["--resume"]);
    done(&resumed);
    assert!(words(&resumed).contains("cannot be read and is made anew"));
    let anew = long(&bench, &draws, "straight", &[]);
    done(&anew);
    same(&bench.path("straight"), &bench.path("out"));
}

#[test]
fn an_input_that_changes_meanwhile_changes_nothing() {
    let bench = Bench::new();
    let scenario = bench.name("scenario.toml");
    let text = fs::read_to_string(SCENARIO).unwrap();
    let profile = std::path::absolute("models/textbook/tiny/profile").unwrap();
    let text = text.replace(
        "\"./profile\"",
        &format!("{:?}", profile.display().to_string()),
    );
    fs::write(&scenario, &text).unwrap();
    let command = |out: &str, more: &[&str]| {
        let mut command = program();
        command.args([
            "run",
            &scenario,
            "--draws",
            "1500",
            "--drivers",
            "0",
            "--out",
            &bench.name(out),
        ]);
        command.args(more);
        command
    };
    done(&command("straight", &[]).output().unwrap());
    let mut child = command("out", &[]).stderr(Stdio::piped()).spawn().unwrap();
    while n_parts(&bench) < 1 && child.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_millis(2));
    }
    fs::write(&scenario, text.replace("seed", "years = 3 # changed\nseed")).unwrap();
    done(&child.wait_with_output().unwrap());
    same(&bench.path("straight"), &bench.path("out"));
}

#[test]
fn two_runs_never_write_to_one_folder() {
    let bench = Bench::new();
    done(&bench.run("out", &[]));
    let before = contents(&bench.path("out"));
    let lock = File::create(bench.path(".out.lock")).unwrap();
    lock.lock().unwrap();
    for more in [&["--seed", "5"][..], &["--seed", "5", "--resume"]] {
        let refused = bench.run("out", more);
        assert_eq!(refused.status.code(), Some(1), "{}", words(&refused));
        assert!(words(&refused).contains("another run is writing to"));
    }
    assert!(contents(&bench.path("out")) == before);
    // The file alone, which a run that was killed leaves, stops nobody.
    drop(lock);
    done(&bench.run("out", &["--seed", "5"]));
    assert!(!bench.path(".out.lock").exists());
}

/// A disk on which files may have so many kilobytes, for whoever may mount nothing.
fn with_limit(bench: &Bench, kilobytes: usize, run: &[&str], out: &str) -> Output {
    let script = format!(
        "trap '' XFSZ; ulimit -f {kilobytes}; exec {} {} --out {} --resume",
        env!("CARGO_BIN_EXE_needscast"),
        run.join(" "),
        bench.name(out)
    );
    let mut command = Command::new("bash");
    command
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["-c", &script]);
    command.output().unwrap()
}

#[test]
fn a_full_disk_leaves_the_earlier_report_and_what_is_done() {
    let bench = Bench::new();
    done(&bench.run("out", &[]));
    let before = contents(&bench.path("out"));
    done(&long(&bench, LONG, "straight", &[]));
    for kilobytes in [1, 30, 150] {
        let output = with_limit(&bench, kilobytes, &run_of(LONG), "out");
        let text = words(&output);
        assert_eq!(output.status.code(), Some(3), "{kilobytes} kB: {text}");
        assert!(
            text.contains("cannot write") && text.contains("--resume"),
            "{text}"
        );
        assert!(contents(&bench.path("out")) == before, "{kilobytes} kB");
    }
    done(&long(&bench, LONG, "out", &["--resume"]));
    same(&bench.path("straight"), &bench.path("out"));
    // Here the parts are smaller than that, and a table of the report is larger.
    let short = ["run", SCENARIO, "--draws", "30"];
    let output = with_limit(&bench, 200, &short, "short");
    let text = words(&output);
    assert_eq!(output.status.code(), Some(3), "{text}");
    assert!(
        text.contains("forecast.csv") && text.contains("--resume"),
        "{text}"
    );
    assert!(!bench.path("short").exists() && bench.path(".short.unfinished").exists());
    let run = |name: &str| {
        let out = bench.name(name);
        program()
            .args(short)
            .args(["--out", &out, "--resume"])
            .output()
            .unwrap()
    };
    done(&run("short"));
    done(&run("short-straight"));
    same(&bench.path("short-straight"), &bench.path("short"));
    assert_eq!(left_over(bench.folder.path()), Vec::<String>::new());
}

/// A small disk of its own, where this user may mount one.
struct Disk<'a>(&'a Path);

impl Disk<'_> {
    fn mount<'a>(at: &'a Path, options: &str) -> Option<Disk<'a>> {
        fs::create_dir_all(at).unwrap();
        let mut command = Command::new("mount");
        command
            .args(["-t", "tmpfs", "-o", options, "tmpfs"])
            .arg(at);
        let is_mounted = command.output().is_ok_and(|output| output.status.success());
        is_mounted.then_some(Disk(at))
    }

    fn remount(&self, options: &str) {
        let options = format!("remount,{options}");
        let status = Command::new("mount")
            .args(["-o", &options])
            .arg(self.0)
            .status();
        assert!(status.unwrap().success());
    }
}

impl Drop for Disk<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0).status();
    }
}

#[test]
fn a_small_disk_is_filled_and_made_larger() {
    let bench = Bench::new();
    let at = bench.path("disk");
    // Who may mount nothing has the limit on files of the test above.
    let Some(disk) = Disk::mount(&at, "size=600k") else {
        return;
    };
    done(&long(&bench, LONG, "straight", &[]));
    let output = long(&bench, LONG, "disk/out", &[]);
    assert_eq!(output.status.code(), Some(3), "{}", words(&output));
    assert!(
        words(&output).contains("No space left on device"),
        "{}",
        words(&output)
    );
    assert!(!bench.path("disk/out").exists());
    disk.remount("size=40m");
    done(&long(&bench, LONG, "disk/out", &["--resume"]));
    same(&bench.path("straight"), &bench.path("disk/out"));
}

#[test]
fn a_folder_that_may_not_be_written_is_refused_before_any_work() {
    let bench = Bench::new();
    let at = bench.path("disk");
    fs::create_dir_all(&at).unwrap();
    let disk = Disk::mount(&at, "size=40m");
    let mode = |mode: &str| {
        let status = Command::new("chmod").arg(mode).arg(&at).status();
        assert!(status.unwrap().success());
    };
    done(&bench.run("disk/out", &[]));
    let before = contents(&bench.path("disk/out"));
    match &disk {
        Some(disk) => disk.remount("ro"),
        None => mode("555"),
    }
    let output = bench.run("disk/out", &["--seed", "5"]);
    assert_eq!(output.status.code(), Some(3), "{}", words(&output));
    assert!(
        !words(&output).contains(" of "),
        "it began to work: {}",
        words(&output)
    );
    assert!(contents(&bench.path("disk/out")) == before);
    match &disk {
        Some(disk) => disk.remount("rw"),
        None => mode("755"),
    }
    assert_eq!(left_over(&at), Vec::<String>::new());
}
