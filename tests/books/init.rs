//! What `init` writes runs at once, in both formats and from anywhere, and says what the same question says without it.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use super::{Question, area, bytes, starter};
use needscast::report::starter_scenario;

fn needscast(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_needscast"))
        .current_dir(folder)
        .args(arguments)
        .output()
        .unwrap()
}

fn succeeds(folder: &Path, arguments: &[&str]) -> String {
    let output = needscast(folder, arguments);
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stderr).unwrap()
}

/// The forecast of a scenario: the numbers, and which files they came from.
fn forecast(folder: &Path, scenario: &str) -> (String, String) {
    let out = format!("out-{}", scenario.replace(['/', '.'], "-"));
    succeeds(
        folder,
        &[
            "run",
            scenario,
            "--draws",
            "2",
            "--drivers",
            "0",
            "--out",
            &out,
        ],
    );
    let out = folder.join(out);
    (
        fs::read_to_string(out.join("forecast.csv")).unwrap(),
        fs::read_to_string(out.join("manifest.json")).unwrap(),
    )
}

/// Three areas of different size, and both formats: the untouched workbook changes no number.
#[test]
fn an_untouched_workbook_says_what_the_shipped_figures_say() {
    for (name, given, format) in [
        ("Dundee City", "dundee city", "xlsx"),
        ("Orkney Islands", "S12000023", "ods"),
        ("Glasgow City", "Glasgow City", "xlsx"),
    ] {
        // Away from the repository: the model and the profile are those within the program.
        let folder = tempfile::tempdir().unwrap();
        let here = folder.path();
        succeeds(here, &["init", "ours", "--area", given, "--format", format]);
        let plain = starter_scenario(&[area(name)], None);
        fs::write(here.join("plain.toml"), plain).unwrap();
        let (ours, manifest) = forecast(here, "ours/scenario.toml");
        let (plain, other) = forecast(here, "plain.toml");
        assert!(manifest.contains(&format!("local.{format}")));
        assert!(!other.contains(&format!("local.{format}")));
        assert!(ours == plain, "{name}: the numbers differ");
        assert!(ours.contains(name));
    }
}

/// A profile of the partnership's own beside the scenario: its counts stand in the workbook as they were recorded, the
/// workbook says so, and what is written from it is made safe as it is without it.
#[test]
fn local_counts_stand_in_the_workbook_as_recorded_and_are_made_safe_by_the_run() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let profile = here.join("profiles/scotland");
    fs::create_dir_all(&profile).unwrap();
    for entry in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/profiles/scotland")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            fs::copy(&path, profile.join(path.file_name().unwrap())).unwrap();
        }
    }
    let table = profile.join("prison_arrivals.csv");
    let mut text = fs::read_to_string(&table).unwrap();
    for (row, own) in [
        ("prison_arrivals,S12000042,Dundee City,2023-24,,546,", "547"),
        (
            "prison_arrivals,S12000042,Dundee City,2023-24,legal_status=sentenced,84,",
            "3",
        ),
    ] {
        assert_eq!(text.matches(row).count(), 1, "{row}");
        let (begin, _) = row.trim_end_matches(',').rsplit_once(',').unwrap();
        text = text.replace(row, &format!("{begin},{own},"));
    }
    fs::write(&table, text).unwrap();
    succeeds(here, &["init", "ours", "--area", "Dundee City"]);
    let bytes = fs::read(here.join("ours/local.xlsx")).unwrap();
    let parts: String = super::parts(&bytes)
        .into_iter()
        .map(|(_, part)| String::from_utf8_lossy(&part).into_owned())
        .collect();
    assert!(parts.contains("<v>547</v>") && parts.contains("<v>3</v>"));
    assert!(
        parts.contains("in rows from profiles/scotland/prison_arrivals.csv. Keep this workbook")
    );

    fs::write(
        here.join("plain.toml"),
        starter_scenario(&[area("Dundee City")], None),
    )
    .unwrap();
    let (ours, _) = forecast(here, "ours/scenario.toml");
    let (plain, _) = forecast(here, "plain.toml");
    assert!(ours == plain, "the numbers differ");
    let fit = |out: &str| fs::read_to_string(here.join(out).join("fit.csv")).unwrap();
    let safe = fit("out-ours-scenario-toml");
    assert_eq!(safe, fit("out-plain-toml"));
    assert!(
        safe.contains("prison_arrivals,S12000042,Dundee City,2023-24,arrivals,[c],"),
        "{safe}"
    );
    assert!(!safe.contains(",547,"), "{safe}");

    // What is published already is nobody's secret, and no word is said of it.
    let other = tempfile::tempdir().unwrap();
    succeeds(other.path(), &["init", "ours", "--area", "Dundee City"]);
    let bytes = fs::read(other.path().join("ours/local.xlsx")).unwrap();
    let is_warned = |(_, part): (String, Vec<u8>)| {
        String::from_utf8_lossy(&part).contains("Keep this workbook")
    };
    assert!(!super::parts(&bytes).into_iter().any(is_warned));
}

/// A change of one cell reaches the numbers: the workbook is what is read.
/// The hash of a file of which only a small number is unknown would tell it to whoever tries them all, also where the
/// workbook takes the row's place.
#[test]
fn a_count_that_the_workbook_takes_the_place_of_is_in_no_hash() {
    let hash = |count: f64| {
        let book = bytes(&starter("Dundee City"), "xlsx");
        let question = Question::new("xlsx", &book);
        let local = question.folder.path().join("local.csv");
        let row = format!(
            "housing_need_prison,{},{count},40,share,2024-25,ours,,official",
            count / 40.0
        );
        let table = format!("id,value,events,n,unit,period,source,url,grade\n{row}\n");
        fs::write(&local, &table).unwrap();
        let text = fs::read_to_string(question.scenario()).unwrap();
        fs::write(
            question.scenario(),
            format!("parameters = \"local.csv\"\n{text}"),
        )
        .unwrap();
        let documents = needscast::document::read(&question.scenario())
            .unwrap_or_else(|_| panic!("{}", question.told()));
        let mut inputs = documents.inputs.iter();
        let input = inputs
            .find(|input| input.name.ends_with("local.csv"))
            .unwrap();
        (input.sha256.clone(), input.bytes)
    };
    assert_eq!(hash(3.0), hash(1.0));
    assert_eq!(hash(3.0), hash(4.0));
}

#[test]
fn a_changed_cell_changes_the_forecast() {
    use needscast::report::Cell;
    let places = |value: f64| {
        let mut book = super::starter("Orkney Islands");
        let row = super::row_of(&book, "Services", "Id", "throughcare_places");
        for (heading, cell) in [
            ("Value", Cell::number(value)),
            ("Low", Cell::text("")),
            ("High", Cell::text("")),
        ] {
            super::write(&mut book, "Services", (row, heading), cell);
        }
        let question = super::Question::new("xlsx", &super::bytes(&book, "xlsx"));
        let text = starter_scenario(&[area("Orkney Islands")], Some("local.xlsx"));
        fs::write(question.scenario(), text).unwrap();
        forecast(question.folder.path(), "scenario.toml").0
    };
    let of_places = |forecast: &str| {
        let lines = forecast.lines().filter(|line| line.contains("places"));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    let (few, many) = (places(1.0), places(40.0));
    assert!(!of_places(&few).is_empty());
    assert_ne!(of_places(&few), of_places(&many));
}

#[test]
fn nothing_is_written_over_and_the_nearest_name_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    succeeds(here, &["init", "ours", "--area", "Angus", "--area", "Fife"]);
    let before = fs::read(here.join("ours/scenario.toml")).unwrap();
    let text = String::from_utf8(before.clone()).unwrap();
    assert!(text.contains(r#"areas      = ["Angus", "Fife"]"#), "{text}");
    succeeds(here, &["check", "ours/scenario.toml"]);
    for format in ["xlsx", "ods"] {
        let again = needscast(
            here,
            &["init", "ours", "--area", "Fife", "--format", format],
        );
        assert_eq!(again.status.code(), Some(1));
        let said = String::from_utf8(again.stderr).unwrap();
        assert!(said.contains("nothing is written over"), "{said}");
    }
    assert_eq!(fs::read(here.join("ours/scenario.toml")).unwrap(), before);
    assert!(!here.join("ours/local.ods").exists());
    for (given, near) in [
        ("Dundee Ciyt", "Dundee City"),
        ("Kinross", "Perth and Kinross"),
        ("S1200042", "S12000042"),
    ] {
        let output = needscast(here, &["init", "other", "--area", given]);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains("did you mean"), "{given}: {said}");
        assert!(said.contains(near), "{given}: {said}");
        assert!(!here.join("other").exists());
    }
}

#[test]
fn every_number_that_is_filled_in_says_how_it_is_known() {
    for name in ["Dundee City", "Shetland Islands"] {
        let book = super::starter(name);
        let mut n_numbers = 0;
        for sheet in book.sheets.iter().filter(|sheet| !sheet.rows.is_empty()) {
            let at = |wanted: &str| {
                let is = |heading: &String| heading.trim_matches(['(', ')']) == wanted;
                sheet.header.iter().position(is)
            };
            let Some(value) = at("Value").or(at("Population")) else {
                continue;
            };
            // What is recorded has a source, and no grade, because nothing is worked out from it.
            let wanted: &[&str] = match sheet.name.as_str() {
                "Recorded" => &["Unit", "Period", "Source"],
                _ => &["Unit", "Period", "Source", "Grade"],
            };
            for row in &sheet.rows {
                assert!(matches!(row[value], needscast::report::Cell::Number(_)));
                n_numbers += 1;
                for heading in wanted {
                    let column = at(heading).unwrap_or_else(|| panic!("{}: {heading}", sheet.name));
                    let needscast::report::Cell::Text(text) = &row[column] else {
                        panic!("{}: {heading}", sheet.name);
                    };
                    assert!(!text.is_empty(), "{}: {heading} of {row:?}", sheet.name);
                }
            }
        }
        assert!(n_numbers > 700, "{n_numbers}");
    }
}

/// LibreOffice opens what `init` writes, and what it saves in the other format says the same.
#[test]
fn libreoffice_opens_the_workbook_and_what_it_saves_says_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let (mut first, mut forecasts) = (String::new(), Vec::new());
    for (format, other) in [("xlsx", "ods"), ("ods", "xlsx")] {
        succeeds(
            here,
            &["init", format, "--area", "Dundee City", "--format", format],
        );
        let converted = format!("{format}-to-{other}");
        let output = Command::new("soffice")
            .arg(format!(
                "-env:UserInstallation=file://{}/office",
                here.display()
            ))
            .args(["--headless", "--convert-to", other, "--outdir"])
            .arg(here.join(&converted))
            .arg(here.join(format!("{format}/local.{format}")))
            .output()
            .expect("LibreOffice; `bash tests/run` says what the tests need");
        assert!(output.status.success(), "{output:?}");
        let scenario = fs::read_to_string(here.join(format!("{format}/scenario.toml"))).unwrap();
        let scenario = scenario.replace(&format!("local.{format}"), &format!("local.{other}"));
        fs::write(here.join(&converted).join("scenario.toml"), scenario).unwrap();
        first = forecast(here, &format!("{format}/scenario.toml")).0;
        forecasts.push(forecast(here, &format!("{converted}/scenario.toml")).0);
    }
    for converted in forecasts {
        assert!(converted == first, "the numbers differ");
    }
}

#[test]
fn completions_and_manual_pages_are_those_of_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let output = needscast(here, &["completions", shell]);
        assert!(output.status.success(), "{output:?}");
        let script = String::from_utf8(output.stdout).unwrap();
        assert!(
            script.contains("init") && script.contains("backtest"),
            "{shell}"
        );
        fs::write(here.join(shell), script).unwrap();
    }
    let parsed = Command::new("bash")
        .arg("-n")
        .arg(here.join("bash"))
        .output()
        .unwrap();
    assert!(
        parsed.status.success() && parsed.stderr.is_empty(),
        "{parsed:?}"
    );
    // The completions of bash, asked as a shell asks them.
    let asked = r#"source ./bash; COMP_WORDS=(needscast sch); COMP_CWORD=1; _needscast needscast sch needscast; echo "${COMPREPLY[@]}""#;
    let output = Command::new("bash")
        .current_dir(here)
        .args(["-c", asked])
        .output()
        .unwrap();
    assert_eq!(
        String::from_utf8(output.stdout).unwrap().trim(),
        "schema",
        "{:?}",
        output.stderr
    );

    succeeds(here, &["man", "--out", "pages"]);
    let pages: Vec<String> = fs::read_dir(here.join("pages"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let help = String::from_utf8(needscast(here, &["--help"]).stdout).unwrap();
    let verbs: Vec<&str> = help
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_whitespace().next())
        .filter(|verb| *verb != "help" && verb.chars().all(char::is_lowercase))
        .collect();
    assert!(verbs.len() > 12 && verbs.contains(&"init"), "{verbs:?}");
    for verb in verbs {
        assert!(
            pages.contains(&format!("needscast-{verb}.1")),
            "{verb} in {pages:?}"
        );
    }
    assert!(pages.contains(&"needscast.1".to_owned()));
}
