//! Every code in the source has a page of the manual, and every page a code.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use needscast::diagnostic::codes;

fn codes_in(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            codes_in(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let source = text.split("#[cfg(test)]").next().unwrap();
            found.extend(
                source
                    .split('"')
                    .filter(|word| is_code(word))
                    .map(str::to_owned),
            );
        }
    }
}

fn is_code(word: &str) -> bool {
    let digits = word.strip_prefix('E').unwrap_or("");
    digits.len() == 3 && digits.bytes().all(|byte| byte.is_ascii_digit())
}

#[test]
fn the_codes_in_the_source_are_the_headings_of_the_manual() {
    let mut used = BTreeSet::new();
    codes_in(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut used,
    );
    let explained: BTreeSet<String> = codes().into_iter().map(str::to_owned).collect();
    assert_eq!(used, explained);
    assert!(codes().is_sorted(), "the manual is in order of the codes");
}

#[test]
fn every_code_has_a_wrong_case() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut tried = BTreeSet::new();
    codes_in(&tests, &mut tried);
    let missing: Vec<&str> = codes()
        .into_iter()
        .filter(|code| !tried.contains(*code))
        .collect();
    assert!(missing.is_empty(), "no case for {missing:?}");
}
