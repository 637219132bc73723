//! A copy of a store's files, to be read while others go on with the store. It lies beside the
//! tree, is held by a lock of its own, and goes when it is dropped; what a killed process left of
//! one goes when the next is made.

use super::StoreError;
use super::rebuild::{TREE, remove};
use std::fs::{self, File};
use std::path::{Path, PathBuf};

/// How the names of copies begin.
const BEGINNING: &str = "db.copy-";
/// The lock inside.
const HELD: &str = "held";

/// A copy, removed when it is dropped.
pub(super) struct Copy {
    folder: tempfile::TempDir,
    original: PathBuf,
    _held: File,
}

impl Copy {
    /// Copies the tree and journal of a store's folder. The store must be locked meanwhile.
    ///
    /// # Errors
    /// When they cannot be copied.
    pub(super) fn make(folder: &Path) -> Result<Self, StoreError> {
        clear(folder);
        let failed = |error| StoreError::io(folder, error);
        let made = tempfile::Builder::new()
            .prefix(BEGINNING)
            .tempdir_in(folder)
            .map_err(failed)?;
        let held = File::create(made.path().join(HELD)).map_err(failed)?;
        held.lock().map_err(failed)?;
        let original = folder.join(TREE);
        copy_folder(&original, &made.path().join(TREE))?;
        Ok(Self {
            folder: made,
            original,
            _held: held,
        })
    }

    /// The folder of the copy, for what is made of it.
    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The copied tree.
    pub(super) fn tree(&self) -> PathBuf {
        self.folder().join(TREE)
    }

    /// Words about the copy as words about what was copied.
    pub(super) fn without(&self, words: &str) -> String {
        words.replace(
            &*self.tree().to_string_lossy(),
            &self.original.to_string_lossy(),
        )
    }
}

/// Whether a name in a store's folder is that of a copy.
pub(super) fn is_copy(name: &str) -> bool {
    name.starts_with(BEGINNING)
}

/// Removes copies that nobody holds.
fn clear(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if !entry.file_name().to_str().is_some_and(is_copy) {
            continue;
        }
        let held = File::open(entry.path().join(HELD));
        if held.is_ok_and(|file| file.try_lock().is_ok()) {
            // Should it not go, the next one tries again.
            let _ = remove(&entry.path());
        }
    }
}

fn copy_folder(from: &Path, to: &Path) -> Result<(), StoreError> {
    fs::create_dir_all(to).map_err(|error| StoreError::io(to, error))?;
    let failed = |error| StoreError::io(from, error);
    for entry in fs::read_dir(from).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        match entry.file_type().map_err(failed)? {
            kind if kind.is_dir() => copy_folder(&path, &target)?,
            kind if kind.is_file() => {
                fs::copy(&path, &target).map_err(|error| StoreError::io(&path, error))?;
            }
            _ => {}
        }
    }
    Ok(())
}
