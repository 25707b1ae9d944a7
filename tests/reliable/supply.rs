//! What the binary is made of: nothing that speaks to a network, licences that allow it, no crate twice without a
//! reason, and no unsafe code of ours. `deny.toml` says what is allowed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;

use super::root;

/// A package of the binary, or of its build.
struct Package {
    name: String,
    version: String,
    licence: String,
}

fn packages() -> Vec<Package> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--locked", "--edges", "normal,build"])
        .args(["--prefix", "none", "--format", "{p}|{l}"])
        .current_dir(root())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let lines: BTreeSet<&str> = text.lines().collect();
    let package = |line: &str| {
        let (of, licence) = line.split_once('|')?;
        let mut words = of.split(' ');
        Some(Package {
            name: words.next()?.to_owned(),
            version: words.next()?.trim_start_matches('v').to_owned(),
            licence: licence.trim_end_matches(" (*)").to_owned(),
        })
    };
    let found: Vec<Package> = lines.into_iter().filter_map(package).collect();
    assert!(found.len() > 40 && found.iter().any(|package| package.name == "rayon"));
    found
}

/// A list of `deny.toml`.
fn allowed(table: &str, key: &str) -> Vec<toml::Value> {
    let text = fs::read_to_string(root().join("deny.toml")).unwrap();
    let all: toml::Table = text.parse().unwrap();
    all[table][key].as_array().unwrap().clone()
}

fn words(table: &str, key: &str) -> Vec<String> {
    let all = allowed(table, key);
    let all = all.iter().map(|value| value.as_str().unwrap().to_owned());
    all.collect()
}

#[test]
fn no_crate_of_the_binary_speaks_to_a_network() {
    let banned = words("bans", "deny");
    assert!(banned.len() >= 30 && banned.contains(&"tokio".to_owned()));
    let found: Vec<String> = packages()
        .into_iter()
        .map(|package| package.name)
        .filter(|name| banned.contains(name))
        .collect();
    assert!(found.is_empty(), "{found:?}");
    // And nothing of ours does: the standard library could.
    let mut folders = vec![root().join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let text = fs::read_to_string(&path).unwrap();
                assert!(!text.contains("std::net"), "{}", path.display());
            }
        }
    }
}

#[test]
fn every_licence_is_one_that_is_allowed() {
    let known = words("licenses", "allow");
    let is_allowed = |licence: &str| {
        let licence = licence.replace('/', " OR ").replace(['(', ')'], "");
        let all = licence.split(" AND ");
        let one_of = |part: &str| {
            part.split(" OR ")
                .any(|one| known.iter().any(|k| k == one.trim()))
        };
        !licence.is_empty() && all.into_iter().all(one_of)
    };
    let wrong: Vec<String> = packages()
        .iter()
        .filter(|package| !is_allowed(&package.licence))
        .map(|package| format!("{}: {}", package.name, package.licence))
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn no_crate_is_there_twice_without_a_reason() {
    let mut versions: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for package in packages() {
        versions
            .entry(package.name)
            .or_default()
            .insert(package.version);
    }
    let excused = allowed("bans", "skip");
    let excused: BTreeMap<&str, &str> = excused
        .iter()
        .map(|one| {
            (
                one["crate"].as_str().unwrap(),
                one["reason"].as_str().unwrap(),
            )
        })
        .collect();
    assert!(excused.values().all(|reason| !reason.is_empty()));
    let is_excused = |name: &str, version: &str| {
        excused.keys().any(|one| {
            let (of, from) = one.split_once('@').unwrap();
            of == name && (version == from || version.starts_with(&format!("{from}.")))
        })
    };
    for (name, versions) in versions {
        let open = versions
            .iter()
            .filter(|version| !is_excused(&name, version));
        assert!(
            open.count() <= 1,
            "{name} in versions {versions:?}: say why in deny.toml"
        );
    }
}

#[test]
fn unsafe_code_is_forbidden_and_the_lock_is_kept() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    assert!(manifest.contains("unsafe_code = \"forbid\""));
    let ignored = fs::read_to_string(root().join(".gitignore")).unwrap_or_default();
    assert!(root().join("Cargo.lock").is_file() && !ignored.contains("Cargo.lock"));
}
