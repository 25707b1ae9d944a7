//! All or nothing: files are written beside the target and moved into place together.

use std::ffi::OsString;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, Write};
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
    /// Another run is writing there.
    InUse(PathBuf),
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
            WriteError::InUse(path) => write!(
                f,
                "another run is writing to {}: nothing was written\n  hint: wait for it, or name another folder with --out",
                path.display()
            ),
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
    let partial = beside(folder, "partial");
    remove(&partial)?;
    let written = write_all(&partial, files).and_then(|()| swap(folder, &partial));
    if written.is_err() {
        // Best effort: the error that is reported is the one that came first.
        let _ = fs::remove_dir_all(&partial);
    }
    written
}

/// Writes files into a folder, to the disk itself, so that what is moved into place is whole even if the power fails.
pub(super) fn write_all(folder: &Path, files: &[(&str, Vec<u8>)]) -> Result<(), WriteError> {
    fs::create_dir_all(folder).map_err(|error| WriteError::Io(folder.to_owned(), error))?;
    for (name, bytes) in files {
        let path = folder.join(name);
        let within = path.parent().map_or(Ok(()), fs::create_dir_all);
        let created = within.and_then(|()| File::create(&path));
        let written = created.and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()
        });
        written.map_err(|error| WriteError::Io(path.clone(), error))?;
    }
    Ok(())
}

/// Moves a finished folder into the place of another, which is given up.
pub(super) fn swap(folder: &Path, finished: &Path) -> Result<(), WriteError> {
    let at = |error| WriteError::Io(folder.to_owned(), error);
    if !folder.try_exists().map_err(at)? {
        return fs::rename(finished, folder).map_err(at);
    }
    if exchange(folder, finished).is_ok() {
        return remove(finished);
    }
    // Where the system cannot exchange two folders, there is a moment between two steps; see `recover`.
    let old = beside(folder, "old");
    remove(&old)?;
    fs::rename(folder, &old).map_err(at)?;
    if let Err(error) = fs::rename(finished, folder) {
        // Put back what was there.
        let _ = fs::rename(&old, folder);
        return Err(at(error));
    }
    remove(&old)
}

/// Puts back the report that a run was stopped in the midst of replacing.
pub(super) fn recover(folder: &Path) -> Result<(), WriteError> {
    let at = |error| WriteError::Io(folder.to_owned(), error);
    let old = beside(folder, "old");
    if old.try_exists().map_err(at)? && !folder.try_exists().map_err(at)? {
        fs::rename(&old, folder).map_err(at)?;
    }
    remove(&old)?;
    remove(&beside(folder, "partial"))
}

#[cfg(target_os = "linux")]
fn exchange(folder: &Path, finished: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(
        CWD,
        folder,
        CWD,
        finished,
        RenameFlags::EXCHANGE,
    )?)
}

#[cfg(not(target_os = "linux"))]
fn exchange(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// `out/tayside` to `out/.tayside.partial`: on the same disk, so that moving it into place is one step.
pub(super) fn beside(folder: &Path, word: &str) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(folder.file_name().unwrap_or(folder.as_os_str()));
    name.push(format!(".{word}"));
    folder.with_file_name(name)
}

pub(super) fn remove(path: &Path) -> Result<(), WriteError> {
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
