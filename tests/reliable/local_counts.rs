//! Local counts stay where they are: no digit of them in an error message or in the manifest, which are mailed around.

use std::fs;

use super::{Bench, words};

/// Two numbers that stand nowhere else.
const EVENTS: &str = "7919";
const ASKED: &str = "9973";

const HEADER: &str = "id,value,low,high,events,n,distribution,unit,period,source,grade,note";

/// A table of local counts, and the faults that stand in it or follow from it.
fn tables() -> Vec<(&'static str, String)> {
    let row = |cells: &str| format!("{HEADER}\nhousing_need,{cells},a survey of ours,study,\n");
    let share = format!("{:.6}", 7919.0 / 9973.0);
    vec![
        (
            "E305",
            row(&format!("0.5,,,{EVENTS},{ASKED},,share,2024-25")),
        ),
        (
            "E305",
            row(&format!("{share},,,{ASKED},{EVENTS},,share,2024-25")),
        ),
        (
            "E301",
            row(&format!("{share},,,{EVENTS} people,{ASKED},,share,2024-25")),
        ),
        ("E303", row(&format!("{EVENTS},,,,,,share,2024-25"))),
        ("E304", row(&format!("{share},0.{ASKED},,,,,share,2024-25"))),
        (
            "E302",
            row(&format!("{share},,,{EVENTS},inf,,share,2024-25")),
        ),
        (
            "E211",
            row(&format!("{share},,,{EVENTS},{ASKED},,shares,2024-25")),
        ),
        ("E310", row(&format!("{share},,,{EVENTS},{ASKED},,share,"))),
        (
            "E106",
            format!("{HEADER}\nhousing_need,{share},{EVENTS},{ASKED}\n"),
        ),
        (
            "E307",
            row(&format!("{share},,,{EVENTS},{ASKED},,share,2024-25"))
                + &format!(
                    "housing_need,{share},,,{EVENTS},{ASKED},,share,2024-25,a survey of ours,study,\n"
                ),
        ),
        (
            "E104",
            format!("id,value,events,{ASKED}\nhousing_need,{share},{EVENTS},1\n"),
        ),
    ]
}

/// That no part of what was given is told.
fn untold(text: &str, table: &str) {
    for number in [EVENTS, ASKED, "794043", "0.794"] {
        assert!(
            !text.contains(number),
            "{number} of {table} is told: {text}"
        );
    }
}

#[test]
fn a_fault_of_a_local_count_is_told_without_it() {
    for (code, table) in tables() {
        // As the scenario's own table, and as the profile's.
        for (place, is_named) in [("local.csv", true), ("profile/parameters/local.csv", false)] {
            let bench = Bench::new();
            bench.write(place, &table);
            if is_named {
                bench.edit(
                    "scenario.toml",
                    "seed ",
                    "parameters = \"local.csv\"\nseed ",
                );
            }
            let text = words(&bench.run("out", &["--draws", "2"]));
            assert!(text.contains(&format!("[{code}]")), "{table}: {text}");
            assert!(text.contains("local.csv:"), "no place: {text}");
            untold(&text, &table);
        }
    }
}

#[test]
fn the_manifest_has_hashes_and_no_counts() {
    let bench = Bench::new();
    let table = format!(
        "{HEADER}\nhousing_need,0.79404392,,,{EVENTS},{ASKED},,share,2024-25,a survey of ours,study,\n"
    );
    bench.write("profile/parameters/local.csv", &table);
    let output = bench.run("out", &["--draws", "2"]);
    assert!(output.status.success(), "{}", words(&output));
    untold(&words(&output), &table);
    let manifest = fs::read_to_string(bench.path("out/manifest.json")).unwrap();
    assert!(manifest.contains("local.csv"));
    // A hash is letters and digits, so that a number may stand in it by chance; here it does not.
    untold(&manifest, &table);
}
