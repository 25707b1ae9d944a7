//! All or nothing: files are written beside the target and moved into place together.

use std::ffi::OsString;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::manifest::PROGRAM;

/// Why a report could not be written; nothing was changed.
#[derive(Debug)]
pub enum WriteError {
    /// The target holds something that is not an earlier report.
    Foreign(PathBuf),
    /// The machine refused.
    Io(PathBuf, io::Error),
    /// The page could not be made: a fault of this program.
    Page(String),
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WriteError::Foreign(path) => write!(
                f,
                "{} exists and is not an earlier report of this program: nothing was written\n  hint: name another folder with --out, or move that one away",
                path.display()
            ),
            WriteError::Io(path, error) => write!(f, "cannot write {}: {error}", path.display()),
            WriteError::Page(error) => write!(f, "the report page could not be made: {error}"),
        }
    }
}

impl std::error::Error for WriteError {}

/// Whether a report may be written to `folder`; asked before a long run as well as after it.
pub fn check(folder: &Path) -> Result<(), WriteError> {
    let at = |error| WriteError::Io(folder.to_owned(), error);
    if !folder.try_exists().map_err(at)? || is_empty(folder) || is_ours(folder) {
        return Ok(());
    }
    Err(WriteError::Foreign(folder.to_owned()))
}

/// Replaces `folder` by one that holds exactly these files.
pub(super) fn replace(folder: &Path, files: &[(&str, Vec<u8>)]) -> Result<(), WriteError> {
    check(folder)?;
    let (partial, old) = (beside(folder, "partial"), beside(folder, "old"));
    remove(&partial)?;
    remove(&old)?;
    let written = write_all(&partial, files).and_then(|()| swap(folder, &partial, &old));
    if written.is_err() {
        // Best effort: the error that is reported is the one that came first.
        let _ = fs::remove_dir_all(&partial);
    }
    written
}

fn write_all(partial: &Path, files: &[(&str, Vec<u8>)]) -> Result<(), WriteError> {
    fs::create_dir_all(partial).map_err(|error| WriteError::Io(partial.to_owned(), error))?;
    for (name, bytes) in files {
        let path = partial.join(name);
        fs::write(&path, bytes).map_err(|error| WriteError::Io(path.clone(), error))?;
    }
    Ok(())
}

fn swap(folder: &Path, partial: &Path, old: &Path) -> Result<(), WriteError> {
    let at = |error| WriteError::Io(folder.to_owned(), error);
    let had_one = folder.try_exists().map_err(at)?;
    if had_one {
        fs::rename(folder, old).map_err(at)?;
    }
    if let Err(error) = fs::rename(partial, folder) {
        if had_one {
            // Put back what was there.
            let _ = fs::rename(old, folder);
        }
        return Err(at(error));
    }
    if had_one {
        remove(old)?;
    }
    Ok(())
}

/// `out/tayside` to `out/.tayside.partial`: on the same disk, so that moving it into place is one step.
fn beside(folder: &Path, word: &str) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(folder.file_name().unwrap_or(folder.as_os_str()));
    name.push(format!(".{word}"));
    folder.with_file_name(name)
}

fn remove(path: &Path) -> Result<(), WriteError> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(WriteError::Io(path.to_owned(), error))
        }
        _ => Ok(()),
    }
}

fn is_empty(folder: &Path) -> bool {
    fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none())
}

fn is_ours(folder: &Path) -> bool {
    fs::read_to_string(folder.join("manifest.json")).is_ok_and(|text| text.contains(PROGRAM))
}
