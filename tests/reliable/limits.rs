//! Limits, held on both sides: what is at one is taken, and one more is refused before any work, by name.

use needscast::compile::compile;
use needscast::diagnostic::Diagnostic;
use needscast::document;
use needscast::quantity::MONTHS_FROM_APRIL;

use super::Bench;

fn faults(bench: &Bench) -> Vec<Diagnostic> {
    let documents = document::read(&bench.path("scenario.toml"));
    documents
        .and_then(|documents| compile(&documents).map(drop))
        .err()
        .unwrap_or_default()
}

/// That `most` are taken and one more is refused with this code and these words.
fn held(most: usize, code: &str, says: &str, bench_of: impl Fn(usize) -> Bench) {
    let within = faults(&bench_of(most));
    assert!(
        within.is_empty(),
        "{most} are refused: {:?}",
        within.first()
    );
    let beyond = faults(&bench_of(most + 1));
    let found = beyond
        .iter()
        .find(|fault| fault.code == code && fault.message.contains(says));
    let fault = found.unwrap_or_else(|| panic!("no {code} ({says}): {:?}", beyond.first()));
    assert!(
        fault
            .expected
            .as_ref()
            .is_some_and(|words| !words.is_empty()),
        "{fault:?}"
    );
    assert!(fault.place.is_some(), "{fault:?}");
}

/// The decay model, to whose state more is added.
fn decay(edits: &[(&str, &str, &str)]) -> Bench {
    let bench = Bench::of("decay");
    for (file, from, to) in edits {
        bench.edit(file, from, to);
    }
    bench
}

const MODEL: &str = "models/textbook/decay/model.toml";

#[test]
fn areas() {
    held(2000, "E315", "too many areas", |n| {
        let bench = Bench::of("queue");
        let rows: String = (0..n)
            .map(|area| format!("T{area},Place {area}\n"))
            .collect();
        bench.write("profile/areas.csv", &format!("area_code,area_name\n{rows}"));
        let table = "models/textbook/queue/parameters/queue.csv";
        let text = bench.text(table);
        let mut lines: Vec<String> = text
            .lines()
            .filter(|line| !line.contains(",T0"))
            .map(str::to_owned)
            .collect();
        for area in 0..n {
            lines.push(format!(
                "places,T{area},,,1,places,2025-26,a test,judgement,"
            ));
            lines.push(format!(
                "arrivals,T{area},,,0.025,per day,2025-26,a test,judgement,"
            ));
        }
        bench.write(table, &lines.join("\n"));
        bench
    });
}

#[test]
fn states() {
    held(1000, "E315", "too many states", |n| {
        let state = |id: usize| {
            format!(
                "[[state]]\nid = \"s{id}\"\ntitle = \"S\"\ngroup = \"community\"\nstay = {{ geometric = \"decay_stay\" }}\nexits = [{{ to = \"leaves\", share = \"rest\" }}]\n\n"
            )
        };
        let more: String = (2..n).map(state).collect();
        decay(&[(MODEL, "[[inflow]]", &format!("{more}[[inflow]]"))])
    });
}

#[test]
fn exits_of_a_state() {
    held(250, "E315", "too many exits", |n| {
        let more = "{ to = \"alive\", share = \"little\" }, ".repeat(n - 1);
        decay(&[
            (MODEL, "exits   = [", &format!("exits   = [{more}")),
            (
                "models/textbook/decay/parameters/decay.csv",
                "arrivals,",
                "little,,,0.001,share,2025-26,a test,judgement,\narrivals,",
            ),
        ])
    });
}

#[test]
fn bands() {
    let inflow = "[[inflow]]\nid     = \"births\"\ntitle  = \"Births\"\ninto   = \"alive\"\npeople = \"arrivals\"\npriors = \"everybody\"\n";
    held(130, "E315", "too many age bands", |n| {
        let bands: String = (0..n - 1)
            .map(|age| format!("{{ id = \"a{age}\", from = {age}, to = {age} }}, "))
            .collect();
        let ages = format!("[{bands}{{ id = \"a{0}\", from = {0} }}]", n - 1);
        let bench = decay(&[
            (MODEL, inflow, ""),
            (
                MODEL,
                "[{ id = \"all\", from = 0 }]\npriors",
                &format!("{ages}\npriors"),
            ),
            (MODEL, "fresh = true", "fresh = true, age = \"ages\""),
        ]);
        let share = 1.0 / n as f64;
        let rows: String = (0..n)
            .map(|age| format!("ages,a{age},{share},share,2025-26,a test,judgement\n"))
            .collect();
        bench.write(
            "models/textbook/decay/parameters/ages.csv",
            &format!("id,age,value,unit,period,source,grade\n{rows}"),
        );
        bench
    });
}

#[test]
fn needs() {
    held(8, "E412", "too many needs", |n| {
        let more: String = (0..n)
            .map(|need| format!("[[need]]\nid = \"n{need}\"\ntitle = \"N\"\n\n"))
            .collect();
        decay(&[(MODEL, "[[inflow]]", &format!("{more}[[inflow]]"))])
    });
}

#[test]
fn services() {
    held(32, "E315", "too many services", |n| {
        let bench = Bench::of("queue");
        let name = "models/textbook/queue/services.toml";
        let one = bench.text(name);
        let all: String = (0..n)
            .map(|service| {
                one.replace("id        = \"support\"", &format!("id = \"s{service}\"")) + "\n"
            })
            .collect();
        bench.write(name, &all);
        bench
    });
}

#[test]
fn options() {
    held(504, "E315", "too many options", |n| {
        let option = |id: usize| {
            format!(
                "\n[[option]]\nid = \"o{id}\"\n[[option.change]]\nfrom = \"2026-04\"\nparameter = \"decay_stay\"\nmultiply = 1.{id:03}1\nsource = \"a test\"\n"
            )
        };
        let more: String = (1..n).map(option).collect();
        decay(&[(
            "scenario.toml",
            "seed    = 1",
            &format!("seed    = 1\n\n[[option]]\nid = \"business-as-usual\"\n{more}"),
        )])
    });
}

#[test]
fn draws() {
    held(1_000_000, "E315", "`draws`", |n| {
        decay(&[("scenario.toml", "2000", &n.to_string())])
    });
}

#[test]
fn years() {
    held(120, "E315", "`years`", |n| {
        decay(&[("scenario.toml", "years   = 3", &format!("years   = {n}"))])
    });
}

/// The decay model, to which so many people a month come, times what a month has of a season.
fn arriving(n: f64, season: &str, months: impl Fn(usize) -> u32) -> Bench {
    let times = n / 10_000.0;
    let rows: String = MONTHS_FROM_APRIL
        .iter()
        .enumerate()
        .filter(|_| !season.is_empty())
        .map(|(at, month)| {
            let value = months(at);
            format!("busy.{month},,,{value},ratio,2025-26,a test,judgement,\n")
        })
        .collect();
    decay(&[
        (
            MODEL,
            "people = \"arrivals\"",
            &format!("people = [\"arrivals\", \"times\"]{season}"),
        ),
        (
            "models/textbook/decay/parameters/decay.csv",
            "arrivals,,,30",
            &format!("times,,,{times},ratio,2025-26,a test,judgement,\n{rows}arrivals,,,10000"),
        ),
    ])
}

#[test]
fn people_a_month() {
    let says = "more people than can be simulated";
    held(1_000_000, "E315", says, |n| arriving(n as f64, "", |_| 0));
    // In each of three months four times as many come as in the mean of twelve.
    held(1_000_000, "E315", says, |n| {
        let season = "\nseason = \"busy\"";
        arriving(n as f64 / 4.0, season, |at| u32::from(at % 4 == 1))
    });
}

/// What a run would need is said before it is lived, and so is that it is too much.
#[test]
fn more_memory_than_there_may_be_is_refused_with_what_it_would_take() {
    let bench = Bench::new();
    let output = bench.run("out", &["--draws", "1000000", "--memory", "1"]);
    let text = super::words(&output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(
        text.contains("[E957]")
            && text.contains("at most 1 GB")
            && text.contains("GB for 1000000 draws"),
        "{text}"
    );
    assert!(!bench.path("out").exists());
    let output = bench.run(
        "out",
        &["--draws", "1000000", "--memory", "1", "--estimate"],
    );
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(
        ["time ", "memory ", "disk "]
            .iter()
            .all(|word| told.contains(word)),
        "{told}"
    );
    assert!(!bench.path("out").exists());
}
