//! What files are spoilt with: every line and value of the shipped files and of the manual's wrong examples, and what
//! no reader wishes for.

use std::collections::BTreeSet;
use std::path::Path;

use needscast::diagnostic::MANUAL;

/// Numbers, months and texts at and beyond every edge.
const EDGES: [&str; 66] = [
    "0",
    "-0",
    "0.0",
    "-1",
    "1",
    "2",
    "0.5",
    "1.0000000001",
    "-1e-9",
    "1e-320",
    "1e308",
    "-1e308",
    "1e999",
    "NaN",
    "nan",
    "inf",
    "-inf",
    "+inf",
    "255",
    "256",
    "32",
    "33",
    "8",
    "9",
    "65536",
    "1000000",
    "1000001",
    "4294967295",
    "4294967296",
    "9223372036854775807",
    "-9223372036854775808",
    "18446744073709551616",
    "99999999999999999999",
    "0x7f",
    "1_000",
    "1,000",
    "5%",
    "£5",
    "1e3",
    "00",
    "true",
    "false",
    "\"\"",
    "''",
    "\"",
    "\"\"\"",
    "{}",
    "[]",
    "[[]]",
    "{ a = {} }",
    "\"2025-04\"",
    "2025-04",
    "2200-12",
    "1900-01",
    "0000-00",
    "9999-12",
    "2025-13",
    "2024-25",
    "2025-02-31",
    "99999-04",
    "rest",
    "leaves",
    "total",
    "é",
    "\u{feff}",
    "\u{202e}",
];

/// What stands between values.
const MARKS: [&str; 18] = [
    "\"", "'", "[[", "]]", "[", "]", "{", "}", "=", ",", ";", "\n", "\r\n", "\r", "\t", "#",
    "\u{0}", ".",
];

/// What a file may be spoilt with.
pub struct Words {
    pub lines: Vec<String>,
    /// Values of TOML and cells of CSV.
    pub values: Vec<String>,
    /// Keys of TOML and names of columns.
    pub keys: Vec<String>,
}

impl Words {
    /// Everything that stands in these files, and in the examples of the manual.
    pub fn of(files: &[Vec<u8>]) -> Words {
        let (mut lines, mut values, mut keys) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        let texts = files.iter().map(|bytes| String::from_utf8_lossy(bytes));
        for text in texts.chain([MANUAL.into()]) {
            for line in text.lines().take(400).filter(|line| line.len() < 300) {
                lines.insert(line.to_owned());
                match line.split_once('=') {
                    Some((key, value)) => {
                        keys.insert(key.trim().to_owned());
                        values.insert(value.trim().to_owned());
                    }
                    None => values.extend(line.split(',').map(str::to_owned)),
                }
            }
            let header = text.lines().next().unwrap_or("").split(',');
            keys.extend(header.map(str::to_owned));
        }
        values.extend(EDGES.map(str::to_owned));
        let all = |set: BTreeSet<String>| set.into_iter().collect();
        Words {
            lines: all(lines),
            values: all(values),
            keys: all(keys),
        }
    }

    pub fn edges() -> &'static [&'static str] {
        &EDGES
    }

    pub fn marks() -> &'static [&'static str] {
        &MARKS
    }
}

/// Every file below a folder of the repository with one of these endings, by path.
pub fn files(folder: &str, endings: &[&str]) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if endings
                .iter()
                .any(|end| path.to_string_lossy().ends_with(end))
            {
                let relative = path
                    .strip_prefix(&root)
                    .unwrap()
                    .to_string_lossy()
                    .into_owned();
                found.push((relative, std::fs::read(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}
