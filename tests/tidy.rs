//! The house rules that a machine can check: imports point one way, every module says what it holds, words stay whole.

use std::fs;
use std::path::{Path, PathBuf};

/// Rooms in the order data flows. A room may import itself and rooms before it.
const ROOMS: [&str; 12] = [
    "diagnostic",
    "quantity",
    "random",
    "document",
    "compile",
    "draw",
    "simulate",
    "summarise",
    "calibrate",
    "appraise",
    "report",
    "command",
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = fs::read_dir(folder)
        .expect("a folder of sources")
        .map(|e| e.unwrap().path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

/// Every source below a folder of the repository, with its text.
pub fn under(folder: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    sources(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join(folder),
        &mut found,
    );
    found
        .into_iter()
        .map(|path| (path.clone(), fs::read_to_string(path).unwrap()))
        .collect()
}

/// The room of a file below src: its first folder, or its name where the room is one file.
fn room(path: &Path) -> Option<usize> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let inside = path.strip_prefix(root).unwrap();
    let first = inside.components().next()?.as_os_str().to_str()?;
    ROOMS
        .iter()
        .position(|r| *r == first.trim_end_matches(".rs"))
}

/// The rooms that a source names with `crate::`, its grouped imports included.
fn imports(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for part in text.split("crate::").skip(1) {
        if let Some(group) = part.strip_prefix('{') {
            let inner = group.split('}').next().unwrap_or_default();
            found.extend(inner.split(',').map(|name| {
                name.trim()
                    .split("::")
                    .next()
                    .unwrap_or_default()
                    .to_owned()
            }));
        } else {
            found.push(
                part.split(|c: char| !c.is_alphanumeric() && c != '_')
                    .next()
                    .unwrap_or_default()
                    .to_owned(),
            );
        }
    }
    found
}

#[test]
fn imports_point_one_way() {
    let mut wrong = Vec::new();
    for (path, text) in under("src") {
        let Some(own) = room(&path) else { continue };
        for name in imports(&text) {
            let Some(other) = ROOMS.iter().position(|r| *r == name) else {
                continue;
            };
            if other > own {
                wrong.push(format!("{} imports {name}", path.display()));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "imports that point the wrong way:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn every_folder_of_src_is_a_room() {
    for (path, _) in under("src") {
        let name = path.file_name().unwrap().to_str().unwrap();
        assert!(
            room(&path).is_some() || ["lib.rs", "main.rs"].contains(&name),
            "{} is in no room",
            path.display()
        );
    }
}

#[test]
fn the_pipeline_in_lib_rs_lists_the_rooms_in_order() {
    let text =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).unwrap();
    let places: Vec<usize> = ROOMS
        .iter()
        .map(|room| {
            text.find(&format!("pub mod {room};"))
                .unwrap_or_else(|| panic!("lib.rs does not declare {room}"))
        })
        .collect();
    assert!(
        places.is_sorted(),
        "lib.rs declares the rooms in another order than {ROOMS:?}"
    );
}

#[test]
fn every_module_opens_by_saying_what_it_holds() {
    for folder in ["src", "tests", "benches", "profiles/build"] {
        for (path, text) in under(folder) {
            assert!(
                text.starts_with("//! "),
                "{} does not open with `//! `",
                path.display()
            );
        }
    }
}

#[test]
fn the_main_file_stays_a_page() {
    let main =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/main.rs")).unwrap();
    assert!(main.lines().count() < 60);
}

#[test]
fn hash_maps_and_clocks_stay_out_of_the_library() {
    for (path, text) in under("src") {
        let name = path.display();
        assert!(
            !text.contains("HashMap") && !text.contains("HashSet"),
            "{name} iterates in no fixed order"
        );
        let is_edge = room(&path) == Some(ROOMS.len() - 1) || path.ends_with("main.rs");
        for clock in ["SystemTime::now", "Instant::now", "env::var"] {
            assert!(is_edge || !text.contains(clock), "{name} reads {clock}");
        }
    }
}

#[test]
fn functions_stay_below_seventy_lines() {
    for folder in ["src", "profiles/build"] {
        for (path, text) in under(folder) {
            let lines: Vec<&str> = text.lines().collect();
            let is_start = |line: &str| {
                let line = line.trim_start();
                ["fn ", "pub fn ", "pub(crate) fn ", "pub(super) fn "]
                    .iter()
                    .any(|start| line.starts_with(start))
            };
            for (index, line) in lines.iter().enumerate().filter(|(_, line)| is_start(line)) {
                let indent = line.len() - line.trim_start().len();
                let end = lines[index..]
                    .iter()
                    .position(|l| l.len() - l.trim_start().len() == indent && l.trim() == "}");
                assert!(
                    end.unwrap_or(0) < 70,
                    "{}:{} is a function of {} lines",
                    path.display(),
                    index + 1,
                    end.unwrap_or(0)
                );
            }
        }
    }
}
