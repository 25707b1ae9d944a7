//! Hostile input: whatever the bytes, a verdict and never a panic.

use proptest::prelude::*;

use super::Copy;
use needscast::diagnostic::render;

/// Files that a fuzzer may spoil.
fn file() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(vec![
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
    ])
}

/// What is written over a part of a file.
fn spoilt() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..40),
        "[ -~\n\r\t]{0,40}".prop_map(String::into_bytes),
        proptest::sample::select(vec![
            "\"",
            "[[",
            "]",
            "{",
            "=",
            ",",
            "\n",
            "\r\n",
            "é",
            "\u{feff}",
            "-1",
            "1e999",
            "NaN",
            "inf",
            "0",
            "9223372036854775807",
            "-9223372036854775808",
            "99999999999999999999",
            "4294967296",
            "''",
            "\"\"",
            "{}",
            "[]",
            "2200-12",
            "1900-01",
            "0000-00",
            "rest",
            "leaves",
            "true",
            "0.5",
            "[[option]]\n",
            "[[state]]\n",
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn spoilt_bytes_never_panic(
        file in file(),
        cuts in proptest::collection::vec((any::<prop::sample::Index>(), 0usize..60, spoilt()), 1..4),
    ) {
        let copy = Copy::new();
        let mut bytes = copy.text(file).into_bytes();
        for (at, length, with) in cuts {
            let from = at.index(bytes.len() + 1);
            let to = (from + length).min(bytes.len());
            bytes.splice(from..to, with);
        }
        copy.write(file, &bytes);
        if let Err(faults) = copy.compile() {
            prop_assert!(!faults.is_empty());
            prop_assert!(!render(&faults).is_empty());
        }
    }

    #[test]
    fn a_swapped_value_never_panics(
        file in file(),
        line in any::<prop::sample::Index>(),
        cell in any::<prop::sample::Index>(),
        with in spoilt(),
    ) {
        let copy = Copy::new();
        let text = copy.text(file);
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let index = line.index(lines.len());
        let separator = if file.ends_with(".csv") { "," } else { " " };
        let mut cells: Vec<String> = lines[index].split(separator).map(str::to_owned).collect();
        let n = cells.len();
        cells[cell.index(n)] = String::from_utf8_lossy(&with).into_owned();
        lines[index] = cells.join(separator);
        copy.write(file, (lines.join("\n") + "\n").as_bytes());
        if let Err(faults) = copy.compile() {
            prop_assert!(!render(&faults).is_empty());
        }
    }
}
