//! Files, tables and columns that are not there, and faults that used to hide each other.

use super::Copy;
use needscast::diagnostic::render;

fn codes(copy: &Copy) -> Vec<&'static str> {
    let mut codes: Vec<_> = copy.faults().iter().map(|fault| fault.code).collect();
    codes.sort_unstable();
    codes
}

#[test]
fn a_folder_without_its_marker_is_not_replaced_by_the_embedded_copy() {
    for (kind, marker) in [("model", "model.toml"), ("profile", "areas.csv")] {
        let copy = Copy::new();
        let folder = format!("{kind}s/scotland");
        std::fs::create_dir_all(copy.folder.path().join(&folder)).unwrap();
        let text = copy.text("scenario.toml");
        let lines = text.lines().map(|line| match line.split(' ').next() {
            Some(key) if key == kind => format!("{kind} = \"scotland\"\n"),
            _ => format!("{line}\n"),
        });
        copy.write("scenario.toml", lines.collect::<String>().as_bytes());
        let faults = copy.faults();
        let shown = render(&faults);
        assert_eq!(faults[0].code, "E001", "{shown}");
        assert!(shown.contains(&format!("{folder}/{marker}")), "{shown}");
    }
}

#[test]
fn a_missing_file_of_the_model_is_one_fault() {
    for file in [
        "services.toml",
        "outcomes.toml",
        "costs.toml",
        "rules.toml",
        "deflators.csv",
    ] {
        let copy = Copy::new();
        std::fs::remove_file(copy.path(file)).unwrap();
        let faults = copy.faults();
        let shown = render(&faults);
        assert!(faults.iter().all(|f| f.code == "E001"), "{file}: {shown}");
        assert_eq!(faults.len(), 1, "{file}: {shown}");
        assert!(shown.contains(file), "{shown}");
    }
}

#[test]
fn a_missing_column_hides_nothing_elsewhere() {
    let copy = Copy::new();
    copy.edit("parameters/tiny.csv", "grade,note", "grad,note");
    copy.edit("scenario.toml", "gbp        = 10000", "gbp        = -5");
    copy.edit(
        "model.toml",
        "to = \"custody\", share",
        "to = \"custdy\", share",
    );
    assert_eq!(
        codes(&copy),
        ["E104", "E202", "E303"],
        "{}",
        render(&copy.faults())
    );
}

#[test]
fn a_misspelt_column_is_one_fault() {
    let copy = Copy::new();
    copy.edit("profile/population.csv", "age_from", "age_fom");
    let shown = render(&copy.faults());
    assert_eq!(codes(&copy), ["E104"], "{shown}");
    assert!(shown.contains("rename `age_fom` to `age_from`"), "{shown}");
}

#[test]
fn faults_of_one_change_do_not_hide_each_other() {
    let copy = Copy::new();
    copy.edit(
        "scenario.toml",
        "service     = \"homes\"",
        "service = \"hoems\"",
    );
    copy.edit("scenario.toml", "set = 36", "set = -36");
    assert_eq!(codes(&copy), ["E205", "E303"], "{}", render(&copy.faults()));
    for (month, code) in [("2019-04", "E501"), ("2019-13", "E306")] {
        let copy = Copy::new();
        let to = format!("from      = \"{month}\"\nparameter");
        copy.edit("scenario.toml", "from      = \"2027-04\"\nparameter", &to);
        copy.edit("scenario.toml", "multiply  = 0.8", "multiply  = 1.0");
        let mut expected = [code, "E503"];
        expected.sort_unstable();
        assert_eq!(codes(&copy), expected, "{}", render(&copy.faults()));
    }
}

#[test]
fn areas_are_faulted_where_they_stand() {
    for (areas, code, found) in [
        ("3", "E103", "the number 3"),
        ("[]", "E108", "an empty list, []"),
    ] {
        let copy = Copy::new();
        let to = format!("areas      = {areas}");
        copy.edit(
            "scenario.toml",
            "areas      = [\"Northshire\", \"Southshire\"]",
            &to,
        );
        let faults = copy.faults();
        let shown = render(&faults);
        let on_areas: Vec<_> = faults
            .iter()
            .filter(|f| f.place.as_ref().unwrap().text == to)
            .collect();
        assert_eq!(on_areas.len(), 1, "{shown}");
        assert_eq!(on_areas[0].code, code, "{shown}");
        assert!(shown.contains(&format!("found: {found}")), "{shown}");
        assert!(!shown.contains("found: none"), "{shown}");
    }
}

#[test]
fn a_start_before_the_history_is_one_fault() {
    let copy = Copy::new();
    let history = "history_from = ";
    let text = copy.text("scenario.toml");
    let line = text
        .lines()
        .find(|l| l.starts_with("start"))
        .unwrap()
        .to_owned();
    copy.edit("scenario.toml", &line, "start = \"2001-04\"");
    assert!(copy.text("model.toml").contains(history));
    let faults = copy.faults();
    let shown = render(&faults);
    assert_eq!(codes(&copy), ["E408"], "{shown}");
    let place = faults[0].place.as_ref().unwrap();
    assert!(place.text.starts_with("start"), "{shown}");
}
