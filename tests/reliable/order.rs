//! The same bytes from any number of threads, and the same rows from files in any order.

use std::collections::BTreeMap;

use super::Bench;

type Written = BTreeMap<String, Vec<u8>>;

const SHORT: [&str; 2] = ["--draws", "24"];

#[test]
fn one_two_and_seven_threads_write_the_same_bytes() {
    let bench = Bench::new();
    let of = |n: &str| {
        bench.written(
            &format!("out-{n}"),
            &[&SHORT[..], &["--threads", n]].concat(),
        )
    };
    let one = of("1");
    assert!(one.len() > 15, "{} files", one.len());
    for n in ["2", "7"] {
        for (name, bytes) in of(n) {
            let is_same = bytes == one[&name];
            assert!(is_same, "{name} differs on {n} threads");
        }
    }
}

/// The rows of every table, sorted.
fn rows(written: &Written) -> BTreeMap<&String, Vec<String>> {
    let tables = written.iter().filter(|(name, _)| name.ends_with(".csv"));
    let sorted = tables.map(|(name, bytes)| {
        let mut rows: Vec<String> = String::from_utf8_lossy(bytes)
            .lines()
            .map(str::to_owned)
            .collect();
        rows.sort();
        (name, rows)
    });
    sorted.collect()
}

fn turn_rows(bench: &Bench, name: &str) {
    let text = bench.text(name);
    let mut lines: Vec<&str> = text.lines().collect();
    lines[1..].reverse();
    bench.write(name, &(lines.join("\n") + "\n"));
}

/// Turns the order of all tables of one kind.
fn turn_tables(bench: &Bench, name: &str, kind: &str) {
    let text = bench.text(name) + "\n";
    let mut parts: Vec<String> = Vec::new();
    for line in text.lines() {
        if line.starts_with('[') || parts.is_empty() {
            parts.push(String::new());
        }
        let last = parts.last_mut().unwrap();
        *last += line;
        last.push('\n');
    }
    let head = format!("[[{kind}]]");
    let places: Vec<usize> = (0..parts.len())
        .filter(|at| parts[*at].starts_with(&head))
        .collect();
    assert!(places.len() > 1, "{name} has one {kind}");
    let turned: Vec<String> = places.iter().rev().map(|at| parts[*at].clone()).collect();
    for (at, part) in places.into_iter().zip(turned) {
        parts[at] = part;
    }
    bench.write(name, &parts.concat());
}

#[test]
fn the_order_of_rows_and_tables_changes_no_row_of_any_table() {
    let bench = Bench::new();
    let straight = bench.written("out", &SHORT);
    for name in [
        "profile/areas.csv",
        "profile/population.csv",
        "profile/recorded.csv",
    ] {
        turn_rows(&bench, name);
    }
    let model = "models/textbook/tiny";
    turn_rows(&bench, &format!("{model}/deflators.csv"));
    // Whoever reads the table sees it in its order, and the numbers are the same in every other.
    turn_rows(&bench, &format!("{model}/parameters/tiny.csv"));
    let turned = bench.written("out", &SHORT);
    assert!(
        turned["assumptions.csv"] != straight["assumptions.csv"],
        "nothing was turned"
    );
    assert_eq!(rows(&straight), rows(&turned));
    for (file, kind) in [
        ("model", "need"),
        ("model", "state"),
        ("model", "prevalence"),
        ("outcomes", "measure"),
        ("costs", "payer"),
        ("costs", "cost"),
    ] {
        turn_tables(&bench, &format!("{model}/{file}.toml"), kind);
    }
    let turned = bench.written("out", &SHORT);
    assert!(
        turned["forecast.csv"] != straight["forecast.csv"],
        "nothing was turned"
    );
    assert_eq!(rows(&straight), rows(&turned));
}
