//! Schemas are what the readers read: every shipped document fits its own, and a key that a reader refuses, the schema
//! refuses too.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::support::python;
use needscast::document;

/// Every shipped document and the name of its schema.
fn shipped() -> Vec<(PathBuf, &'static str)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    let mut folders = vec![
        root.join("models"),
        root.join("scenarios"),
        root.join("profiles/scotland"),
    ];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            if path.is_dir() {
                folders.push(path);
            } else if let Some(stem) = name.strip_suffix(".toml") {
                let mut known = document::schema_names().into_iter();
                let text = fs::read_to_string(&path).unwrap();
                // Sweeps and scenarios may have any name.
                let kind = match known.find(|known| *known == stem) {
                    Some(kind) => kind,
                    None if text.contains("[[axis]]") || text.contains("[[case]]") => "sweep",
                    None => "scenario",
                };
                found.push((path, kind));
            }
        }
    }
    found.sort();
    found
}

/// A document as JSON; a date stays as it is written.
fn as_json(value: &toml::Value) -> Value {
    match value {
        toml::Value::String(text) => json!(text),
        toml::Value::Integer(number) => json!(number),
        toml::Value::Float(number) => json!(number),
        toml::Value::Boolean(flag) => json!(flag),
        toml::Value::Datetime(date) => json!(date.to_string()),
        toml::Value::Array(items) => items.iter().map(as_json).collect(),
        toml::Value::Table(table) => {
            let members = table
                .iter()
                .map(|(key, value)| (key.clone(), as_json(value)));
            Value::Object(members.collect())
        }
    }
}

/// What a validator that is not ours says of documents: for each, whether it fits.
fn fits(cases: &[(Value, Value)]) -> Vec<bool> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("cases.json");
    fs::write(&file, serde_json::to_vec(cases).unwrap()).unwrap();
    let script = "import json, sys, jsonschema\n\
        for schema, document in json.load(open(sys.argv[1])):\n\
        \x20   jsonschema.Draft7Validator.check_schema(schema)\n\
        \x20   errors = list(jsonschema.Draft7Validator(schema).iter_errors(document))\n\
        \x20   print('no: ' + '; '.join(e.message[:200] for e in errors) if errors else 'yes')\n";
    let output = Command::new(python())
        .args(["-c", script])
        .arg(&file)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let said = String::from_utf8(output.stdout).unwrap();
    let answers: Vec<bool> = said.lines().map(|line| line == "yes").collect();
    assert_eq!(answers.len(), cases.len(), "{said}");
    for (line, (_, document)) in said.lines().zip(cases).filter(|(line, _)| *line != "yes") {
        eprintln!("{line}: {}", document.get("title").unwrap_or(&json!("?")));
    }
    answers
}

#[test]
fn every_shipped_document_fits_its_schema() {
    let documents = shipped();
    assert!(documents.len() > 30);
    let schemas: BTreeMap<&str, Value> = document::schema_names()
        .into_iter()
        .map(|name| (name, document::schema(name).unwrap()))
        .collect();
    let cases: Vec<(Value, Value)> = documents
        .iter()
        .map(|(path, kind)| {
            let table: toml::Table = fs::read_to_string(path).unwrap().parse().unwrap();
            (schemas[kind].clone(), as_json(&toml::Value::Table(table)))
        })
        .collect();
    let wrong: Vec<&PathBuf> = documents
        .iter()
        .zip(fits(&cases))
        .filter(|(_, fits)| !fits)
        .map(|((path, _), _)| path)
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

/// Every table of a document: the way to it.
fn tables(value: &Value, path: String, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            found.push(path.clone());
            for (key, value) in members {
                tables(
                    value,
                    format!("{path}/{}", key.replace('~', "~0").replace('/', "~1")),
                    found,
                );
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                tables(item, format!("{path}/{index}"), found);
            }
        }
        _ => {}
    }
}

/// A key that nobody asks for fails both, in whichever table it stands; names of the user's own are no keys.
#[test]
fn an_unknown_key_fails_the_schema_and_the_reader() {
    let folder = tempfile::tempdir().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let schema = document::schema("scenario").unwrap();
    let mut cases = Vec::new();
    let mut read = Vec::new();
    for name in [
        "scenarios/tayside-throughcare.toml",
        "scenarios/tayside-mix.toml",
        "scenarios/highlands-and-islands.toml",
    ] {
        let table: toml::Table = fs::read_to_string(root.join(name))
            .unwrap()
            .parse()
            .unwrap();
        let whole = as_json(&toml::Value::Table(table));
        let mut paths = Vec::new();
        tables(&whole, String::new(), &mut paths);
        let is_named = |path: &String| path.ends_with("/access") || path.ends_with("/guaranteed");
        for path in paths.into_iter().filter(|path| !is_named(path)) {
            let mut spoilt = whole.clone();
            let table = spoilt.pointer_mut(&path).unwrap().as_object_mut().unwrap();
            table.insert("surprise".to_owned(), json!("text"));
            let text = toml::to_string(&spoilt).unwrap();
            let file = folder.path().join("scenario.toml");
            fs::write(&file, text).unwrap();
            let documents = document::read(&file).unwrap();
            let is_told = documents
                .faults
                .iter()
                .any(|fault| fault.code == "E101" && fault.message.contains("`surprise`"));
            read.push((path, is_told));
            cases.push((schema.clone(), spoilt));
        }
    }
    assert!(cases.len() > 40, "{}", cases.len());
    for ((path, is_told), fits) in read.into_iter().zip(fits(&cases)) {
        assert!(is_told, "the reader passes over {path}");
        assert!(!fits, "the schema lets {path} through");
    }
}

/// What a reader calls wrong in a single value, its schema calls wrong.
#[test]
fn wrong_values_and_missing_keys_fail_the_schema() {
    let schema = document::schema("scenario").unwrap();
    let sound = json!({
        "title": "t", "model": "scotland", "areas": ["Angus"], "start": "2025-04", "years": 5, "draws": 5, "seed": 1,
    });
    let with = |key: &str, value: Value| {
        let mut document = sound.clone();
        document[key] = value;
        document
    };
    let mut without = sound.clone();
    without.as_object_mut().unwrap().remove("seed");
    let cases = [
        (sound.clone(), true),
        (with("areas", json!("all")), true),
        (with("workbook", json!("local.xlsx")), true),
        (with("option", json!([{ "id": "a" }])), true),
        (
            with(
                "option",
                json!([{ "id": "a", "change": [{ "from": "2026-04", "service": "s", "reaches": "everyone" }] }]),
            ),
            true,
        ),
        (
            with("compare", json!([{ "from": "2025-26", "to": "2030-31" }])),
            true,
        ),
        (
            with(
                "compare",
                json!([{ "option": "a", "against": "b", "year": "2030-31" }]),
            ),
            true,
        ),
        (with("disclosure", json!({})), true),
        (
            with(
                "disclosure",
                json!({ "below": 10, "round_to": 10, "source": "ours" }),
            ),
            true,
        ),
        (
            with("disclosure", json!({ "off": "for our analysts" })),
            true,
        ),
        (with("disclosure", json!({ "below": "ten" })), false),
        (with("disclosure", json!({ "round_to": true })), false),
        (with("disclosure", json!({ "off": true })), false),
        (
            with("disclosure", json!({ "of": "for our analysts" })),
            false,
        ),
        (with("disclosure", json!("off")), false),
        (without, false),
        (with("years", json!("ten")), false),
        (with("years", json!(1.5)), false),
        (with("title", json!("")), false),
        (with("start", json!("April")), false),
        (with("areas", json!([1])), false),
        (with("services", json!("some")), false),
        (with("option", json!([{ "title": "no id" }])), false),
        (
            with(
                "option",
                json!([{ "id": "a", "change": [{ "from": "2026-04", "service": "s", "reaches": "nobody" }] }]),
            ),
            false,
        ),
    ];
    let documents: Vec<(Value, Value)> = cases
        .iter()
        .map(|(d, _)| (schema.clone(), d.clone()))
        .collect();
    for ((document, expected), found) in cases.iter().zip(fits(&documents)) {
        assert_eq!(found, *expected, "{document}");
    }
}

#[test]
fn the_command_writes_the_schemas_that_the_library_has() {
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_needscast"))
        .current_dir(folder.path())
        .args(["schema", "--out", "schemas"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    for name in document::schema_names() {
        let path = folder.path().join(format!("schemas/{name}.schema.json"));
        let written: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
        assert_eq!(Some(written), document::schema(name));
    }
}
