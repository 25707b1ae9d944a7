//! Many faults in one pass, and how they are shown.

use super::Copy;
use needscast::diagnostic::{MOST_SHOWN, render};

#[test]
fn one_pass_names_every_fault_of_every_file() {
    let copy = Copy::new();
    copy.edit("scenario.toml", "title      =", "titel      =");
    copy.edit(
        "scenario.toml",
        "gbp        = 10000",
        "gbp        = \"lots\"",
    );
    copy.edit("scenario.toml", "source = \"a Bill\"", "");
    copy.edit(
        "model.toml",
        "to = \"custody\", share",
        "to = \"custdy\", share",
    );
    copy.edit("services.toml", "[\"homes_uptake\"]", "0.5");
    copy.edit("outcomes.toml", "unit     = \"people\"\n", "");
    copy.edit(
        "costs.toml",
        "payer     = \"council\"",
        "payer     = \"counsil\"",
    );
    copy.edit(
        "parameters/tiny.csv",
        "sentence,,,,,,240",
        "sentence,,,,,,long",
    );
    copy.edit(
        "parameters/tiny.csv",
        "death_rate,,,,,,0.01",
        "death_rate,,,,,,-0.01",
    );
    copy.edit(
        "profile/population.csv",
        "T01,2025,men,16,30,2000",
        "T01,2025,men,16,30,many",
    );
    let mut codes: Vec<_> = copy.faults().iter().map(|fault| fault.code).collect();
    codes.sort_unstable();
    assert_eq!(
        codes,
        [
            "E101", "E102", "E103", "E103", "E202", "E207", "E301", "E301", "E303", "E504"
        ],
        "{}",
        render(&copy.faults())
    );
}

/// One fault in every file but the parameter table's key columns: the file, what stands there, what is written instead,
/// the code.
const ONE_EACH: [(&str, &str, &str, &str); 11] = [
    ("scenario.toml", "title      =", "titel      =", "E101"),
    (
        "scenario.toml",
        "gbp        = 10000",
        "gbp        = -5",
        "E303",
    ),
    ("scenario.toml", "source = \"a Bill\"", "", "E504"),
    (
        "model.toml",
        "convicts = true",
        "convicts = \"yes\"",
        "E103",
    ),
    ("services.toml", "[\"homes_uptake\"]", "0.5", "E103"),
    ("outcomes.toml", "unit     = \"people\"\n", "", "E102"),
    (
        "costs.toml",
        "payer     = \"council\"",
        "payer     = \"counsil\"",
        "E207",
    ),
    ("deflators.csv", "2024-25,104", "2024-25,-104", "E303"),
    (
        "parameters/tiny.csv",
        "death_rate,,,,,,0.01",
        "death_rate,,,,,,-0.01",
        "E303",
    ),
    (
        "profile/population.csv",
        "T01,2025,men,16,30,2000",
        "T01,2025,men,16,30,many",
        "E301",
    ),
    (
        "profile/recorded.csv",
        "2024-25,,21",
        "2024-25,,many",
        "E301",
    ),
];

#[test]
fn a_file_that_cannot_be_read_hides_no_fault_of_another() {
    for broken in Copy::new().files() {
        if broken == "scenario.toml" {
            continue;
        }
        for how in ["missing", "not text", "not what it should be"] {
            let copy = Copy::new();
            let mut expected = Vec::new();
            for (file, from, to, code) in ONE_EACH {
                if file != broken {
                    copy.edit(file, from, to);
                    expected.push((file, code));
                }
            }
            match how {
                "missing" => std::fs::remove_file(copy.path(broken)).unwrap(),
                "not text" => copy.write(broken, b"a,b\n\xff\xfe\n"),
                _ => copy.write(broken, b"[[a\nb = ;\n"),
            }
            let faults = copy.faults();
            let shown = format!("{broken} is {how}: {}", render(&faults));
            let is_there = |file: &str, code: &str| {
                faults.iter().any(|fault| {
                    fault.code == code && fault.place.as_ref().unwrap().file.ends_with(file)
                })
            };
            for (file, code) in &expected {
                assert!(is_there(file, code), "no {code} in {file}. {shown}");
            }
            let is_expected = |fault: &&needscast::diagnostic::Diagnostic| {
                let found = &fault.place.as_ref().unwrap().file;
                let is_one =
                    |(file, code): &(&str, &str)| found.ends_with(file) && fault.code == *code;
                found.ends_with(broken) || expected.iter().any(is_one)
            };
            // Without its table every parameter is unknown, and that is all that is known about it.
            if (broken, how) != ("parameters/tiny.csv", "missing") {
                let other = faults.iter().find(|fault| !is_expected(fault));
                assert!(other.is_none(), "{other:?} only follows. {shown}");
            }
        }
    }
}

#[test]
fn files_that_are_not_toml_do_not_hide_each_other() {
    let copy = Copy::new();
    copy.edit("services.toml", "[[service]]", "[[service]");
    copy.edit("costs.toml", "id      = \"council\"", "id    = council\"");
    copy.edit("profile/areas.csv", "area_name", "name");
    let faults = copy.faults();
    let files: Vec<_> = faults
        .iter()
        .map(|fault| {
            fault
                .place
                .as_ref()
                .unwrap()
                .file
                .rsplit('/')
                .next()
                .unwrap()
                .to_owned()
        })
        .collect();
    for file in ["services.toml", "costs.toml", "areas.csv"] {
        assert!(
            files.iter().any(|found| found == file),
            "{file} is not among {files:?}"
        );
    }
}

#[test]
fn a_fault_is_shown_as_a_page_of_the_manual() {
    let copy = Copy::new();
    copy.edit(
        "model.toml",
        "to = \"custody\", share",
        "to = \"custdy\", share",
    );
    let shown = render(&copy.faults());
    let root = copy.folder.path().to_string_lossy().into_owned();
    let expected = "\
error[E202]: unknown state `custdy`
  --> /models/textbook/tiny/model.toml:41:10
   |
41 |   { to = \"custdy\", share = [\"custody_share\", \"custody_area\"] },
   |          ^^^^^^^^
   |
   = expected: one of reported, convicted, custody, at_liberty
   = found: `custdy`
   = hint: did you mean `custody`?
   = help: needscast explain E202
";
    assert_eq!(shown.replace(&root, "").trim(), expected.trim());
}

#[test]
fn at_most_a_hundred_are_shown() {
    let copy = Copy::new();
    let mut text = copy.text("parameters/tiny.csv");
    for n in 0..MOST_SHOWN + 7 {
        let width = text.lines().next().unwrap().matches(',').count();
        text += &format!("extra_{n}{}\n", ",".repeat(width - 1));
    }
    copy.write("parameters/tiny.csv", text.as_bytes());
    copy.edit("scenario.toml", "source = \"a Bill\"", "");
    let faults = copy.faults();
    let shown = render(&faults);
    assert_eq!(
        shown.matches("error[").count(),
        MOST_SHOWN,
        "{}",
        faults.len()
    );
    assert!(shown.ends_with(&format!("and {} more\n", faults.len() - MOST_SHOWN)));
    // The question comes first, though its name is later in the alphabet.
    assert!(shown.starts_with("error[E504]"), "{shown}");
}
