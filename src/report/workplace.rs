//! Where a run works before its report is whole: a folder beside the report's, which one run holds at a time.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use super::WriteError;
use super::folder::{beside, check, recover, remove, swap, write_all};
use super::parts::{Question, Share};

/// The folder of a run that is not finished, held against other runs until it is dropped.
pub struct Workplace {
    folder: PathBuf,
    parts: PathBuf,
    // Held last, so that the folder is nobody else's while anything is done to it.
    _lock: Lock,
}

impl Workplace {
    /// Takes hold of where `folder` will be. What a run that was stopped has left there is kept where this one goes on
    /// with it, and otherwise removed.
    ///
    /// # Errors
    /// When another run holds it, when `folder` holds something that is no earlier report, or when the machine refuses.
    pub fn open(folder: &Path, is_resumed: bool) -> Result<Workplace, WriteError> {
        let at = |error| WriteError::Io(folder.to_owned(), error);
        if let Some(parent) = folder.parent() {
            fs::create_dir_all(parent).map_err(at)?;
        }
        let lock = Lock::of(folder)?;
        recover(folder)?;
        check(folder)?;
        let parts = beside(folder, "unfinished");
        if !is_resumed {
            remove(&parts)?;
        }
        fs::create_dir_all(&parts).map_err(at)?;
        Ok(Workplace {
            folder: folder.to_owned(),
            parts,
            _lock: lock,
        })
    }

    /// Where parts are put.
    pub fn parts(&self) -> &Path {
        &self.parts
    }

    /// Whether a run that was stopped has left parts in it.
    pub fn is_begun(folder: &Path) -> bool {
        let mut entries = fs::read_dir(beside(folder, "unfinished"))
            .into_iter()
            .flatten();
        entries.next().is_some()
    }

    /// The parts are what was asked for: they become the folder, with these files beside them.
    ///
    /// # Errors
    /// When the machine refuses.
    pub fn keep(self, files: &[(&str, Vec<u8>)]) -> Result<(), WriteError> {
        write_all(&self.parts, files)?;
        swap(&self.folder, &self.parts)
    }

    /// The report is written: the parts are given up.
    ///
    /// # Errors
    /// When the machine refuses.
    pub fn clear(self) -> Result<(), WriteError> {
        remove(&self.parts)
    }
}

/// A file that is locked as long as this process lives, and removed when it is done. The system gives up the lock of a
/// process that is killed; the file alone means nothing.
struct Lock {
    path: PathBuf,
    _file: File,
}

impl Lock {
    fn of(folder: &Path) -> Result<Lock, WriteError> {
        let path = beside(folder, "lock");
        let at = |error| WriteError::Io(path.clone(), error);
        loop {
            let mut options = OpenOptions::new();
            let file = options
                .write(true)
                .create(true)
                .truncate(false)
                .open(&path)
                .map_err(at)?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Err(WriteError::InUse(folder.to_owned())),
                Err(TryLockError::Error(error)) => return Err(at(error)),
            }
            // Whoever held it before may have removed the file between our opening and our locking it.
            if is_same(&file, &path) {
                return Ok(Lock { path, _file: file });
            }
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // While it is still locked; best effort, since the next run takes it whether or not it is there.
        let _ = fs::remove_file(&self.path);
    }
}

#[cfg(unix)]
fn is_same(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let names = |data: fs::Metadata| (data.dev(), data.ino());
    let ours = file.metadata().map(names).ok();
    ours.is_some() && ours == fs::metadata(path).map(names).ok()
}

#[cfg(not(unix))]
fn is_same(_: &File, path: &Path) -> bool {
    path.exists()
}

/// Whether a folder holds the finished report, or shard, of this very question.
pub fn is_finished(folder: &Path, question: &Question, shard: Option<Share>) -> bool {
    let text = fs::read(folder.join("manifest.json")).unwrap_or_default();
    let manifest: serde_json::Value = serde_json::from_slice(&text).unwrap_or_default();
    let shard = shard.map(|share| share.to_string());
    manifest["fingerprint"] == question.fingerprint().as_str()
        && manifest["shard"].as_str() == shard.as_deref()
}
