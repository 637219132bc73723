//! A fresh tree that takes the place of the present one: for a new store, and for one that is
//! compacted, brought to a newer schema, repaired or restored.
//!
//! It is written beside the present one, in `db.new`, and synchronised before a file named
//! `whole` says that it is complete. Then the present one is put aside and the fresh one takes
//! its name. A kill at any moment leaves one of the two; [`settle`] sees to it that it is `db`.

use super::codec::{self, LogPart};
use super::head::HeadFile;
use super::sled::SledTree;
use super::{Batch, StoreError, keys, sync_folder};
use crate::domain::change::Edit;
use crate::domain::record::Record;
use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::{self, Write as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

/// Where the tree and its journal lie.
pub(crate) const TREE: &str = "db";
const FRESH: &str = "db.new";
const WHOLE: &str = "whole";
/// Where the present tree waits to be removed.
const OLD: &str = "db.old";
/// So many bytes go into the fresh tree at a time: of all sizes from one pair to everything,
/// this made the smallest file (docs/decisions/0009).
const BATCH_BYTES: usize = 16 * 1024;

/// A fresh tree in the making.
pub(crate) struct Rebuild {
    path: PathBuf,
    tree: SledTree,
    batch: Batch,
    bytes: usize,
}

impl Rebuild {
    /// Begins an empty tree beside the one of a store's folder, which must be locked until it is
    /// finished; or in any other folder of the same file system.
    ///
    /// # Errors
    /// When the system refuses.
    pub(crate) fn begin(folder: &Path) -> Result<Self, StoreError> {
        let path = folder.join(FRESH);
        remove(&path)?;
        Ok(Self {
            tree: SledTree::open(&path)?,
            path,
            batch: Batch::default(),
            bytes: 0,
        })
    }

    /// Adds a pair; a later one with the same key takes its place.
    ///
    /// # Errors
    /// When the system refuses.
    pub(crate) fn put(&mut self, key: Vec<u8>, value: Vec<u8>) -> Result<(), StoreError> {
        self.bytes += key.len() + value.len();
        self.batch.put(key, value);
        if self.bytes >= BATCH_BYTES {
            self.write()?;
        }
        Ok(())
    }

    /// Adds a record with its entries in every index.
    ///
    /// # Errors
    /// When it is too large, or the system refuses.
    pub(crate) fn put_record(&mut self, record: &Record) -> Result<(), StoreError> {
        for (key, value) in keys::index_of(record) {
            self.put(key, value)?;
        }
        let key = keys::record(record.kind.number, record.id);
        self.put(key, codec::encode_record(record)?)
    }

    /// Adds a part of the log, and that its change touched its records.
    ///
    /// # Errors
    /// When it is too large, or the system refuses.
    pub(crate) fn put_log(&mut self, part: &LogPart) -> Result<(), StoreError> {
        for id in part.edits.iter().filter_map(Edit::id) {
            self.put(keys::history(id, part.number), Vec::new())?;
        }
        self.put(keys::log(part.number, part.place), codec::encode_log(part)?)
    }

    /// Applies a batch that was committed while the fresh tree was filled.
    ///
    /// # Errors
    /// When the system refuses.
    pub(crate) fn apply(&mut self, batch: &Batch) -> Result<(), StoreError> {
        self.write()?;
        self.tree.apply(&[batch])
    }

    fn write(&mut self) -> Result<(), StoreError> {
        self.tree.apply(&[&self.batch])?;
        self.batch = Batch::default();
        self.bytes = 0;
        Ok(())
    }

    /// Puts the fresh tree in the place of the present one of a store's folder, which is kept
    /// under a name, or removed when none is given; says where it is kept, if there was one. On
    /// return the fresh one lasts.
    ///
    /// # Errors
    /// When the system refuses. One of the two is in its place then.
    pub(crate) fn finish(
        mut self,
        folder: &Path,
        keep: Option<&str>,
    ) -> Result<Option<PathBuf>, StoreError> {
        self.write()?;
        self.tree.sync()?;
        let Self { path, tree, .. } = self;
        tree.close();
        sync_everything(&path)?;
        declare_whole(&path)?;
        let fresh = folder.join(FRESH);
        if path != fresh {
            remove(&fresh)?;
            rename(&path, &fresh)?;
        }
        sync_folder(folder)?;
        // The head names a change of the present tree, which the fresh one may not have.
        HeadFile::new(folder).remove()?;
        let tree = folder.join(TREE);
        let kept = keep.map(|name| folder.join(name)).filter(|_| tree.exists());
        if tree.exists() {
            let aside = kept.clone().unwrap_or_else(|| folder.join(OLD));
            remove(&folder.join(OLD))?;
            rename(&tree, &aside)?;
        }
        settle(folder)?;
        Ok(kept)
    }
}

/// Says of a tree that it is complete, how large it is, and a number that no other tree has.
pub(super) fn declare_whole(tree: &Path) -> Result<(), StoreError> {
    let path = tree.join(WHOLE);
    let failed = |error| StoreError::io(&path, error);
    let size = fs::metadata(tree.join("db")).map_or(0, |data| data.len());
    let mut file = File::create(&path).map_err(failed)?;
    let mut own = [0; 8];
    // Without randomness the time of the file tells it from others.
    let _ = getrandom::fill(&mut own);
    writeln!(file, "{size} {:016x}", u64::from_be_bytes(own)).map_err(failed)?;
    file.sync_all().map_err(failed)?;
    sync_folder(tree)
}

/// How large the tree's file was when it was fresh; none when that is not known.
pub(super) fn size_when_fresh(tree: &Path) -> Option<u64> {
    let said = fs::read_to_string(tree.join(WHOLE)).ok()?;
    said.split_whitespace().next()?.parse().ok()
}

/// A number that tells a tree from others that lie or lay in its place.
pub(super) fn identity(tree: &Path) -> Option<u64> {
    let data = fs::metadata(tree).ok()?;
    let said = fs::read(tree.join(WHOLE)).unwrap_or_default();
    let mut hasher = DefaultHasher::new();
    (data.ino(), said).hash(&mut hasher);
    Some(hasher.finish())
}

/// Finishes or clears what a killed process left: a fresh tree that is whole takes its place
/// when there is no other, one that is not whole is removed; the one that waited for either comes
/// back or goes.
///
/// # Errors
/// When the system refuses.
pub(crate) fn settle(folder: &Path) -> Result<(), StoreError> {
    let (tree, fresh, old) = (folder.join(TREE), folder.join(FRESH), folder.join(OLD));
    if fresh.exists() {
        if !tree.exists() && fresh.join(WHOLE).exists() {
            rename(&fresh, &tree)?;
            sync_folder(folder)?;
        } else {
            remove(&fresh)?;
        }
    }
    match (tree.exists(), old.exists()) {
        (true, true) => remove(&old),
        (false, true) => rename(&old, &tree),
        _ => Ok(()),
    }
}

/// A name under which a tree can be put aside: `db.damaged-1`, or the next number that is free.
pub(super) fn free_name(folder: &Path, why: &str) -> String {
    let mut names = (1..).map(|number: u64| format!("{TREE}.{why}-{number}"));
    let free = names.find(|name| !folder.join(name).exists());
    free.unwrap_or_else(|| format!("{TREE}.{why}"))
}

fn rename(from: &Path, to: &Path) -> Result<(), StoreError> {
    fs::rename(from, to).map_err(|error| StoreError::io(to, error))
}

/// Removes a folder and all in it, where it is there.
pub(super) fn remove(path: &Path) -> Result<(), StoreError> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(StoreError::io(path, error)),
        _ => Ok(()),
    }
}

/// Makes every file below a folder, and every name, last.
fn sync_everything(folder: &Path) -> Result<(), StoreError> {
    let failed = |error| StoreError::io(folder, error);
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.is_dir() {
            sync_everything(&path)?;
        } else {
            let synced = File::open(&path).and_then(|file| file.sync_all());
            synced.map_err(|error| StoreError::io(&path, error))?;
        }
    }
    sync_folder(folder)
}
