//! Wrong files, one fault each, with what is said of it beside the line: ` #~ CODE:COLUMN: message`, or below the text,
//! `#~ FILE:LINE:COLUMN: CODE: message`, where the fault stands elsewhere, is the file as a whole, or the file is no
//! text. The marks are taken out before the file is read. `tests/corpus/KIND/NAME` takes the place of one file of the
//! tiny textbook model, or of `tests/corpus/sound/KIND`.
//!
//! `NEEDSCAST_BLESS=1 cargo test --release --test hostile corpus` writes the marks as things are now, to be read before
//! they are believed.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use needscast::diagnostic::{Diagnostic, Severity, codes};
use needscast::{compile, document};

use super::words::files;

const INLINE: &[u8] = b" #~ E";

const BELOW: &[u8] = b"#~ ";

/// Codes of which no wrong file can be, each with what it takes instead, and where that is tried.
const ELSEWHERE: [(&str, &str); 38] = [
    (
        "E420",
        "a warning, which stops nothing: tests/diagnostics/system.rs",
    ),
    ("E421", "a warning: tests/diagnostics/system.rs"),
    ("E422", "a warning: tests/diagnostics/system.rs"),
    ("E423", "a warning: tests/diagnostics/durations.rs"),
    ("E426", "a warning: tests/diagnostics/durations.rs"),
    ("E424", "asked for with --expected: tests/expected.rs"),
    (
        "E517",
        "takes a payer of society: tests/diagnostics/money.rs",
    ),
    ("E539", "told when mixes are costed: tests/optimise.rs"),
    (
        "E540",
        "told by the number of draws of the command: tests/optimise.rs",
    ),
    (
        "E541",
        "told by `needscast optimise` alone: tests/optimise.rs",
    ),
    (
        "E554",
        "comes with E553 in two areas: tests/diagnostics/sharing.rs",
    ),
    (
        "E610",
        "a name on the command line: tests/diagnostics/series.rs",
    ),
    ("E951", "a shard on the command line: tests/shards/merge.rs"),
    (
        "E952",
        "a damaged part, which is no text: the target `shards`",
    ),
    ("E953", "parts of two runs: tests/shards/merge.rs"),
    ("E954", "a folder that lacks a part: tests/shards/merge.rs"),
    ("E955", "a folder given twice: tests/shards/merge.rs"),
    (
        "E956",
        "files that changed after a run: tests/shards/merge.rs",
    ),
    (
        "E957",
        "more memory than the command allows: tests/reliable/limits.rs",
    ),
    ("E963", "told by `needscast sweep`: tests/shards/sweep.rs"),
    ("E964", "told by `needscast sweep`: tests/shards/sweep.rs"),
    (
        "E415",
        "told of a table that stands there and its use: tests/diagnostics/durations.rs",
    ),
    (
        "E121",
        "a cell or sheet of a workbook, which is no text: tests/books",
    ),
    (
        "E122",
        "a cell or sheet of a workbook, which is no text: tests/books",
    ),
    (
        "E123",
        "a cell or sheet of a workbook, which is no text: tests/books",
    ),
    (
        "E124",
        "a cell or sheet of a workbook, which is no text: tests/books",
    ),
    (
        "E125",
        "a cell or sheet of a workbook, which is no text: tests/books",
    ),
    (
        "E126",
        "a cell or sheet of a workbook, which is no text: tests/books",
    ),
    (
        "E127",
        "a cell or sheet of a workbook, which is no text: tests/books",
    ),
    (
        "E128",
        "a cell or sheet of a workbook, which is no text: tests/books",
    ),
    (
        "E129",
        "a cell or sheet of a workbook, which is no text: tests/books",
    ),
    (
        "E130",
        "a cell or sheet of a workbook, which is no text: tests/books",
    ),
    (
        "E131",
        "a cell or sheet of a workbook, which is no text: tests/books",
    ),
    ("E981", "folders of runs: tests/compare.rs"),
    ("E982", "folders of runs: tests/compare.rs"),
    ("E983", "folders of runs: tests/compare.rs"),
    ("E984", "folders of runs: tests/compare.rs"),
    (
        "E971",
        "several rules of disclosure control: tests/diagnostics/disclosure.rs",
    ),
];

/// A fault as it is marked: file, line, column, code, message.
type Mark = (String, usize, usize, String, String);

/// Where a kind of file stands in the folder of the tiny model.
fn place_of(kind: &str) -> Option<&'static str> {
    let model = |name| Some(name);
    match kind {
        "stays" => model("stays/models/textbook/length-of-stay/parameters/stays.csv"),
        "stays-model" => model("stays/models/textbook/length-of-stay/model.toml"),
        "scenario" => model("scenario.toml"),
        "model" => model("models/textbook/tiny/model.toml"),
        "services" => model("models/textbook/tiny/services.toml"),
        "outcomes" => model("models/textbook/tiny/outcomes.toml"),
        "costs" => model("models/textbook/tiny/costs.toml"),
        "rules" => model("models/textbook/tiny/rules.toml"),
        "deflators" => model("models/textbook/tiny/deflators.csv"),
        "parameters" => model("models/textbook/tiny/parameters/tiny.csv"),
        "areas" => model("profile/areas.csv"),
        "population" => model("profile/population.csv"),
        "recorded" => model("profile/recorded.csv"),
        "breaks" => model("profile/breaks.csv"),
        _ => None,
    }
}

/// Every sound file, in a folder: those of the tiny model, of a model with tables by duration, and of the corpus.
fn bench() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut all = files("tests/corpus/sound", &[".toml", ".csv"]);
    for model in ["tiny", "length-of-stay"] {
        for (path, bytes) in files(&format!("models/textbook/{model}"), &[".toml", ".csv"]) {
            let is_beside = path == "scenario.toml" || path.starts_with("profile/");
            let path = match is_beside {
                true => path,
                false => format!("models/textbook/{model}/{path}"),
            };
            let folder = if model == "tiny" { "" } else { "stays/" };
            all.push((format!("{folder}{path}"), bytes));
        }
    }
    for (path, bytes) in all {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

/// What a reader says of the folder.
fn faults(kind: &str, folder: &Path) -> Vec<Diagnostic> {
    let at = |name: &str| folder.join(name);
    let read = match kind {
        "draws" => document::drawn(&at("draws.csv"), "outcome", &[], true)
            .and_then(|table| compile::alternatives(&table, None).map(drop)),
        "scores" | "weights" => document::scored(&at("scores.csv"), &at("weights.csv"))
            .and_then(|tables| compile::scores(&tables, false).map(drop)),
        "wide-scores" => document::scored(&at("wide-scores.csv"), &at("weights.csv"))
            .and_then(|tables| compile::scores(&tables, false).map(drop)),
        "coalitions" => document::coalitions(&at("coalitions.csv"), None)
            .and_then(|tables| compile::coalitions(&tables, &[]).map(drop)),
        "partners" => document::coalitions(&at("coalitions.csv"), Some(&at("partners.csv")))
            .and_then(|tables| compile::coalitions(&tables, &[]).map(drop)),
        "series" => document::read_series(&at("series.csv"), &[], None)
            .and_then(|file| compile::compile_series(&file).map(drop)),
        "suite" | "projections" => document::read_suite(&at("suite.toml")).map(drop),
        "history" => document::read_history(&at("history.csv")).map(drop),
        "sweep" => document::read_sweep(&at("sweep.toml")).and_then(|sweep| {
            let edits: Vec<document::Edit> = sweep
                .axes
                .iter()
                .map(|axis| document::Edit {
                    path: axis.set.clone(),
                    value: axis.values[0].value.clone(),
                })
                .collect();
            document::read_edited(&sweep.scenario, &edits, &sweep.sources).map(drop)
        }),
        "stays" | "stays-model" => document::read(&at("stays/scenario.toml"))
            .and_then(|all| compile::compile(&all).map(drop)),
        _ => document::read(&at("scenario.toml")).and_then(|all| compile::compile(&all).map(drop)),
    };
    let mut faults = read.err().unwrap_or_default();
    faults.retain(|fault| fault.severity == Severity::Error);
    faults
}

fn marks(faults: &[Diagnostic], folder: &Path) -> Vec<Mark> {
    let root = folder.display().to_string() + "/";
    let mark = |fault: &Diagnostic| {
        let place = fault.place.clone().unwrap_or_default();
        let message = fault.message.replace(&root, "").replace('\n', " ");
        (
            place.file.replace(&root, ""),
            place.line,
            place.column,
            fault.code.to_owned(),
            message,
        )
    };
    let mut marks: Vec<Mark> = faults.iter().map(mark).collect();
    marks.sort();
    marks
}

fn find(bytes: &[u8], piece: &[u8]) -> Option<usize> {
    bytes
        .windows(piece.len())
        .position(|window| window == piece)
}

/// A file without its marks, and the marks.
fn stripped(bytes: &[u8], name: &str) -> (Vec<u8>, Vec<Mark>) {
    let (mut text, mut marks) = (Vec::new(), Vec::new());
    let text_of = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_end().to_owned();
    let number = |text: &str| {
        text.parse::<usize>()
            .unwrap_or_else(|_| panic!("{name}: a mark at {text:?}"))
    };
    let mut is_below = false;
    for (index, line) in bytes.split_inclusive(|byte| *byte == b'\n').enumerate() {
        is_below |= line.starts_with(BELOW);
        if is_below {
            let mark = text_of(&line[BELOW.len()..]);
            let words: Vec<&str> = mark.splitn(5, ':').map(str::trim).collect();
            let [file, line, column, code, message] = words[..] else {
                panic!("{name}: {mark}")
            };
            marks.push((
                file.to_owned(),
                number(line),
                number(column),
                code.to_owned(),
                message.to_owned(),
            ));
        } else if let Some(at) = find(line, INLINE) {
            text.extend(&line[..at]);
            text.extend(line.ends_with(b"\n").then_some(b'\n'));
            for mark in text_of(&line[at..]).split(" #~ ").skip(1) {
                let words: Vec<&str> = mark.splitn(3, ':').map(str::trim).collect();
                let [code, column, message] = words[..] else {
                    panic!("{name}: {mark}")
                };
                marks.push((
                    name.to_owned(),
                    index + 1,
                    number(column),
                    code.to_owned(),
                    message.to_owned(),
                ));
            }
        } else {
            text.extend(line);
        }
    }
    marks.sort();
    (text, marks)
}

/// A file with these marks: beside their lines where they can stand there.
fn marked(text: &[u8], marks: &[Mark], name: &str) -> Vec<u8> {
    let is_text = std::str::from_utf8(text).is_ok();
    let is_beside = |mark: &&Mark| is_text && mark.0 == name && mark.1 > 0;
    let mut bytes = Vec::new();
    for (index, line) in text.split_inclusive(|byte| *byte == b'\n').enumerate() {
        let end = line.len() - usize::from(line.ends_with(b"\n"));
        bytes.extend(&line[..end]);
        for (_, _, column, code, message) in marks
            .iter()
            .filter(is_beside)
            .filter(|mark| mark.1 == index + 1)
        {
            bytes.extend(format!(" #~ {code}:{column}: {message}").bytes());
        }
        bytes.extend(&line[end..]);
    }
    for (file, line, column, code, message) in marks.iter().filter(|mark| !is_beside(mark)) {
        bytes.extend(format!("#~ {file}:{line}:{column}: {code}: {message}\n").bytes());
    }
    bytes
}

/// Every wrong file: its kind, its path, its bytes.
fn wrong_files() -> Vec<(String, PathBuf, Vec<u8>)> {
    let all = files("tests/corpus", &[".toml", ".csv"]).into_iter();
    let wrong = all.filter(|(path, _)| !path.starts_with("sound/"));
    let named = wrong.map(|(path, bytes)| {
        let kind = path.split('/').next().unwrap().to_owned();
        (kind, Path::new("tests/corpus").join(path), bytes)
    });
    named.collect()
}

/// What is said of one wrong file, and what it says itself.
fn looked_at(
    kind: &str,
    path: &Path,
    bytes: &[u8],
    folder: &Path,
) -> (Vec<Mark>, Vec<Mark>, Vec<u8>) {
    let ending = path.extension().unwrap().to_string_lossy();
    let name = place_of(kind).map_or_else(|| format!("{kind}.{ending}"), str::to_owned);
    let (text, expected) = stripped(bytes, &name);
    let sound = fs::read(folder.join(&name));
    fs::write(folder.join(&name), &text).unwrap();
    let found = marks(&faults(kind, folder), folder);
    match sound {
        Ok(sound) => fs::write(folder.join(&name), sound).unwrap(),
        Err(_) => fs::remove_file(folder.join(&name)).unwrap(),
    }
    let blessed = marked(&text, &found, &name);
    (expected, found, blessed)
}

#[test]
fn every_wrong_file_is_told_its_one_fault() {
    let folder = bench();
    let is_blessed = std::env::var("NEEDSCAST_BLESS").is_ok();
    let mut wrong = Vec::new();
    let all = wrong_files();
    assert!(all.len() >= 150, "{} wrong files", all.len());
    for (kind, path, bytes) in all {
        let (expected, found, blessed) = looked_at(&kind, &path, &bytes, folder.path());
        // One slip is one fault, though it may stand in a pair of cells or of tables.
        let is_one =
            !found.is_empty() && found.len() <= 3 && found.iter().all(|mark| mark.3 == found[0].3);
        if !is_one {
            wrong.push(format!(
                "{}: {} faults: {found:#?}",
                path.display(),
                found.len()
            ));
        } else if is_blessed {
            fs::write(path, blessed).unwrap();
        } else if expected != found {
            wrong.push(format!("{}: {expected:?}\n   is {found:?}", path.display()));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} files:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn the_sound_files_are_sound() {
    let folder = bench();
    for kind in [
        "scenario",
        "stays",
        "draws",
        "scores",
        "wide-scores",
        "coalitions",
        "partners",
        "series",
        "suite",
        "history",
        "sweep",
    ] {
        let found = faults(kind, folder.path());
        assert!(found.is_empty(), "{kind}: {found:#?}");
    }
}

#[test]
fn the_corpus_has_every_code_or_a_reason() {
    let mut covered: BTreeSet<String> = BTreeSet::new();
    for (_, path, bytes) in wrong_files() {
        let (_, marks) = stripped(&bytes, &path.display().to_string());
        covered.extend(marks.into_iter().map(|mark| mark.3));
    }
    let excused: BTreeSet<&str> = ELSEWHERE.iter().map(|(code, _)| *code).collect();
    let missing: Vec<&str> = codes()
        .into_iter()
        .filter(|code| !covered.contains(*code) && !excused.contains(code))
        .collect();
    assert!(missing.is_empty(), "no wrong file for {missing:?}");
    let twice: Vec<&&str> = excused
        .iter()
        .filter(|code| covered.contains(**code))
        .collect();
    assert!(twice.is_empty(), "excused and there: {twice:?}");
}
