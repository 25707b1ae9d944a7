//! Folders of shards, as far as can be told without the plan: whether together they are one run.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::gather::parts_in;
use super::{Label, Question, Share, read_label};
use crate::diagnostic::{Diagnostic, Place};

/// Shards of one run, each with its folder.
#[derive(Debug, Clone)]
pub struct Shards {
    /// What they are of.
    pub question: Question,
    /// By share, the folder that holds it; every share of the run is there once.
    pub folders: BTreeMap<Share, PathBuf>,
}

/// Finds out which shards stand in these folders.
///
/// # Errors
/// Every folder without a shard, part that cannot be read, shard of another run, shard that stands twice, and shard that
/// is missing.
pub fn shards(folders: &[PathBuf]) -> Result<Shards, Vec<Diagnostic>> {
    let mut faults = Vec::new();
    let mut found: Vec<(PathBuf, Label)> = Vec::new();
    for (index, folder) in folders.iter().enumerate() {
        if folders[..index].contains(folder) {
            faults.push(repeated(folder));
            continue;
        }
        let parts = parts_in(folder);
        if parts.is_empty() {
            faults.push(nothing(folder));
        }
        for path in parts {
            match read_label(&path) {
                Ok(label) => found.push((path, label)),
                Err(fault) => faults.push(*fault),
            }
        }
    }
    let Some((first, label)) = found.first() else {
        return Err(faults);
    };
    for (path, other) in &found[1..] {
        faults.extend(strange((first, label), (path, other)));
    }
    let mut of_share: BTreeMap<Share, PathBuf> = BTreeMap::new();
    for (path, label) in &found {
        let folder = path.parent().unwrap_or(path).to_owned();
        match of_share.get(&label.share) {
            Some(other) if *other != folder => faults.push(twice(label.share, other, &folder)),
            Some(_) => {}
            None => {
                of_share.insert(label.share, folder);
            }
        }
    }
    // Which shares are missing cannot be told where some files could not be read.
    if faults.is_empty() {
        faults.extend(absent(label.share.of, &of_share));
    }
    faults.dedup();
    if !faults.is_empty() {
        return Err(faults);
    }
    Ok(Shards {
        question: label.question.clone(),
        folders: of_share,
    })
}

fn at(path: &Path) -> Place {
    Place {
        file: path.display().to_string(),
        ..Place::default()
    }
}

fn nothing(folder: &Path) -> Diagnostic {
    Diagnostic::error("E954", "no shard in this folder")
        .at(&at(folder))
        .expected("a folder that `needscast run --shard I/N --out FOLDER` has written")
        .found(if folder.is_dir() {
            "a folder without parts"
        } else {
            "no such folder"
        })
        .hint("run that shard again; a shard that was stopped goes on with --resume")
}

/// A part that is of another run, or of the same in other shares.
fn strange((first, label): (&Path, &Label), (path, other): (&Path, &Label)) -> Option<Diagnostic> {
    if let Some(difference) = label.question.difference(&other.question) {
        let what = format!("shards of different runs: another {}", difference.what);
        let fault = Diagnostic::error("E953", what)
            .at(&at(path))
            .expected(format!("{}, as in {}", difference.first, first.display()))
            .found(difference.second);
        return Some(
            fault.hint("merge the shards of one run, made by one program from the same files"),
        );
    }
    (label.share.of != other.share.of).then(|| {
        Diagnostic::error("E953", "shards of a run that was divided differently")
            .at(&at(path))
            .expected(format!(
                "a share of {}, as in {}",
                label.share.of,
                first.display()
            ))
            .found(format!("share {}", other.share))
            .hint("merge shards of one division")
    })
}

fn twice(share: Share, first: &Path, second: &Path) -> Diagnostic {
    Diagnostic::error("E955", format!("shard {share} stands twice"))
        .at(&at(second))
        .expected("every shard once")
        .found(format!("shard {share} in {} as well", first.display()))
        .hint("leave one of them out")
}

fn repeated(folder: &Path) -> Diagnostic {
    Diagnostic::error("E955", "a folder is named twice")
        .at(&at(folder))
        .expected("every shard once")
        .found("the same folder again")
        .hint("name it once")
}

fn absent(of: usize, found: &BTreeMap<Share, PathBuf>) -> Option<Diagnostic> {
    let is_absent = |index: &usize| !found.contains_key(&Share { index: *index, of });
    let missing: Vec<String> = (1..=of)
        .filter(is_absent)
        .map(|index| format!("{index}/{of}"))
        .collect();
    let folders: Vec<String> = found
        .values()
        .map(|folder| folder.display().to_string())
        .collect();
    let first = missing.first()?;
    let fault = Diagnostic::error(
        "E954",
        format!("{} of {of} shards are missing", missing.len()),
    )
    .expected(format!("shards 1/{of} to {of}/{of}"))
    .found(format!(
        "nothing of {}; there are {}",
        listed(&missing),
        listed(&folders)
    ));
    Some(fault.hint(format!("run them, for example with --shard {first}")))
}

/// The first of a list, and how many more.
fn listed(words: &[String]) -> String {
    const MOST: usize = 12;
    let shown = words
        .iter()
        .take(MOST)
        .cloned()
        .collect::<Vec<_>>()
        .join(", ");
    match words.len().saturating_sub(MOST) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
