//! Compaction: the tree written anew, without the older versions that sled keeps in its file.
//!
//! It is made from a copy, while others go on with the store. What they wrote meanwhile is in
//! the journal and is added before the fresh tree takes the old one's place; so the store is
//! held for moments only, however large it is.

use super::copy::Copy;
use super::disk::DiskStore;
use super::folder::StoreFolder;
use super::head::HeadFile;
use super::rebuild::{Rebuild, TREE, declare_whole, size_when_fresh};
use super::{Direction, Store, StoreError, doctor, keys, names};
use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt as _;

/// Smaller stores are left as they are.
const SMALLEST_BYTES: u64 = 4 * 1024 * 1024;
/// A tree that has grown to so many times its fresh size is due.
const GROWTH: u64 = 2;

/// The size of a store's files before and after, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Compacted {
    /// Before.
    pub before: u64,
    /// After.
    pub after: u64,
}

impl StoreFolder {
    /// Whether the tree's file has grown so much that compaction pays. Opens nothing.
    pub fn is_compaction_due(&self) -> bool {
        let tree = self.path().join(TREE);
        let size = fs::metadata(tree.join("db")).map_or(0, |data| data.len());
        let fresh = size_when_fresh(&tree).unwrap_or(0);
        let is_due = size > SMALLEST_BYTES && size > fresh.saturating_mul(GROWTH);
        is_due && self.take_turn().is_some()
    }

    /// The right to compact by itself, for as long as the file is open; none while another has it.
    fn take_turn(&self) -> Option<File> {
        let path = self.path().join("db.compacting");
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(path)
            .ok()?;
        file.try_lock().is_ok().then_some(file)
    }

    /// Compacts when it is due. When it fails it is not tried again before the tree has grown
    /// to twice its present size.
    ///
    /// # Errors
    /// As for [`Self::compact`].
    pub fn compact_if_due(&self) -> Result<Option<Compacted>, StoreError> {
        if !self.is_compaction_due() {
            return Ok(None);
        }
        let Some(_turn) = self.take_turn() else {
            return Ok(None);
        };
        let done = self.compact();
        if done.is_err() {
            // Without the note it is only tried sooner.
            let _ = declare_whole(&self.path().join(TREE));
        }
        done.map(Some)
    }

    /// Writes the tree anew, as small as it can be.
    ///
    /// # Errors
    /// As for [`Self::open`]; the store is as it was then.
    pub fn compact(&self) -> Result<Compacted, StoreError> {
        // It brings the store to the present schema and takes back what was cut off.
        drop(self.open()?);
        let tree = self.path().join(TREE);
        let lock = self.lock()?;
        let copied_tree = self.tree();
        let copy = Copy::make(self.path())?;
        drop(lock);
        let copied = DiskStore::open(&copy.tree())?;
        let mut fresh = fill(Rebuild::begin(copy.folder())?, &copied)?;
        let has = copied.applied();
        drop(copied);
        let lock = self.lock()?;
        let before = doctor::size_of(&tree);
        if self.tree() != copied_tree {
            // Another took its place meanwhile, which is fresh: the copy's story ends before it.
            return Ok(Compacted {
                before,
                after: before,
            });
        }
        let store = DiskStore::open(&tree)?;
        match store.batches_after(has)? {
            Some(batches) => {
                for batch in &batches {
                    fresh.apply(batch)?;
                }
            }
            // More was written than the journal keeps: once more, while nobody writes.
            None => {
                drop(fresh);
                fresh = fill(Rebuild::begin(copy.folder())?, &store)?;
            }
        }
        drop(store);
        let head = self.head();
        fresh.finish(self.path(), None)?;
        if let Some(head) = head {
            HeadFile::new(self.path()).write(head)?;
        }
        names::follow(self.path(), copied_tree);
        drop(lock);
        let after = doctor::size_of(&tree);
        Ok(Compacted { before, after })
    }
}

fn fill(mut fresh: Rebuild, from: &dyn Store) -> Result<Rebuild, StoreError> {
    for pair in from.scan(keys::everything(), Direction::Up) {
        let (key, value) = pair?;
        fresh.put(key, value)?;
    }
    Ok(fresh)
}
