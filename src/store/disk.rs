//! The store on a disk: a tree and the journal before it.
//!
//! A commit is one frame of the journal, written and synchronised; then it counts. The tree gets
//! it next, in memory, and is synchronised when the store is closed or the journal turns. What a
//! kill or a power cut took from the tree is brought back from the journal at the next open:
//! batches say what keys are to be, so that doing one twice does no harm.

use super::group::Group;
use super::journal::{self, Found, Journal};
use super::sled::SledTree;
use super::{Batch, Direction, Pair, Scan, Store, StoreError, codec, keys};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// The number of the last batch that the tree has, as a fact that nobody else sees.
const APPLIED: &str = "journal";

/// Opening needs so much room: sled writes then.
const OPEN_ROOM: u64 = 2 * 1024 * 1024;
/// A commit needs so much room, and so many times its size: sled writes whole segments of half
/// a MiB, and what it cannot write at all is better refused before it counts.
const COMMIT_ROOM: u64 = 6 * 1024 * 1024;
const COMMIT_GROWTH: u64 = 8;

/// Refuses when a file system is nearly full. One that does not say how full it is counts as
/// having room.
fn needs_room(path: &Path, bytes: u64) -> Result<(), StoreError> {
    let Ok(system) = rustix::fs::statvfs(path) else {
        return Ok(());
    };
    if system.f_bavail.saturating_mul(system.f_frsize) >= bytes {
        return Ok(());
    }
    let source = std::io::Error::from_raw_os_error(rustix::io::Errno::NOSPC.raw_os_error());
    Err(StoreError::io(path, source))
}

/// A tree and its journal, in one folder.
pub struct DiskStore {
    tree: Option<SledTree>,
    journal: Journal,
    path: PathBuf,
    /// Whether the tree has batches that it may not have after a power cut.
    is_dirty: bool,
    /// How often the journal turned: what is older than two turns is in the tree only.
    turns: u32,
    /// Why the tree lacks a batch that the journal has: it cannot be read any more then.
    failed: Option<String>,
    /// Commits that wait to be written together; none when each is written by itself.
    group: Option<Group>,
}

impl DiskStore {
    /// Opens the store in that folder, which must be there and whole, or empty. Batches that
    /// the tree lacks are brought back.
    ///
    /// # Errors
    /// When the system refuses, or the files are damaged.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Self::open_since(path, "")
    }

    /// Opens it; `boot` names the machine's present start.
    ///
    /// # Errors
    /// As for [`Self::open`].
    pub(crate) fn open_since(path: &Path, boot: &str) -> Result<Self, StoreError> {
        needs_room(path, OPEN_ROOM)?;
        let tree = SledTree::open(path)?;
        let applied = applied(&tree)?;
        let (journal, found) = Journal::open(path, applied, boot)?;
        let mut store = Self {
            tree: Some(tree),
            journal,
            path: path.to_owned(),
            is_dirty: false,
            turns: 0,
            failed: None,
            group: None,
        };
        store.bring_back(applied, found)?;
        Ok(store)
    }

    /// Applies what the journal has and the tree may lack, in order.
    ///
    /// The tree may have a part of a batch that came after its last checkpoint, since a blob of
    /// sled's may be missing: all from there on are applied again. When one of those is damaged
    /// in the journal, the tree's own word for what it has is taken.
    fn bring_back(&mut self, applied: u64, found: Found) -> Result<(), StoreError> {
        let wanted = self.journal.last();
        let noted = found.checkpoint.map_or(applied, |point| point.min(applied));
        let is_whole = |from: u64| {
            let numbers = found.frames.iter().map(|frame| frame.number);
            numbers
                .filter(|&number| number > from)
                .eq(from + 1..=wanted)
        };
        let Some(from) = [noted, applied].into_iter().find(|&from| is_whole(from)) else {
            return Err(StoreError::Damaged(format!(
                "{}: of {wanted} writes the last {} are missing",
                self.path.display(),
                wanted.saturating_sub(applied)
            )));
        };
        for frame in found.frames.iter().filter(|frame| frame.number > from) {
            self.apply(&codec::decode_batch(&frame.payload)?, frame.number)?;
        }
        Ok(())
    }

    /// The number of the last batch.
    pub(crate) const fn applied(&self) -> u64 {
        self.journal.last()
    }

    /// The batches after a number, in order; none when the journal has not kept them all.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub(crate) fn batches_after(&self, number: u64) -> Result<Option<Vec<Batch>>, StoreError> {
        let last = self.journal.last();
        let found = journal::read(&self.path)?;
        let later: Vec<_> = found
            .frames
            .iter()
            .filter(|frame| frame.number > number)
            .collect();
        if !later.iter().map(|frame| frame.number).eq(number + 1..=last) {
            return Ok(None);
        }
        let batches = later
            .iter()
            .map(|frame| codec::decode_batch(&frame.payload));
        batches.collect::<Result<_, _>>().map(Some)
    }

    fn apply(&mut self, batch: &Batch, number: u64) -> Result<(), StoreError> {
        let mut applied = Batch::default();
        applied.put(keys::meta(APPLIED), number.to_be_bytes().to_vec());
        self.is_dirty = true;
        self.tree()?.apply(&[batch, &applied])
    }

    fn tree(&self) -> Result<&SledTree, StoreError> {
        match (&self.tree, &self.failed) {
            (Some(tree), None) => Ok(tree),
            (_, why) => {
                let why = why.clone().unwrap_or_default();
                Err(StoreError::io(&self.path, std::io::Error::other(why)))
            }
        }
    }

    /// Notes that the tree has everything and that it lasts.
    ///
    /// # Errors
    /// When the system refuses.
    pub(crate) fn settle(&mut self) -> Result<(), StoreError> {
        self.checkpoint()?;
        self.journal.mark();
        Ok(())
    }

    /// Synchronises the tree.
    fn checkpoint(&mut self) -> Result<(), StoreError> {
        self.tree()?;
        if let Some(tree) = &mut self.tree {
            tree.sync()?;
        }
        self.is_dirty = false;
        Ok(())
    }

    /// Writes batches to the journal, then to the tree.
    fn write(&mut self, batches: &[(Batch, Vec<u8>)], bytes: usize) -> Result<(), StoreError> {
        self.tree()?;
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX / COMMIT_GROWTH);
        needs_room(&self.path, COMMIT_ROOM + COMMIT_GROWTH * bytes)?;
        if self.journal.is_full() {
            self.checkpoint()?;
            self.journal.turn()?;
            self.turns += 1;
        }
        let before = self.journal.last();
        let payloads = batches.iter().map(|(_, payload)| payload.as_slice());
        self.journal.append(payloads)?;
        // They count from here on: should the tree refuse one, the next session brings it back.
        for ((batch, _), number) in batches.iter().zip(before + 1..) {
            if let Err(error) = self.apply(batch, number) {
                self.failed = Some(error.reason());
                break;
            }
        }
        Ok(())
    }

    /// Writes what waits.
    fn write_group(&mut self) -> Result<(), StoreError> {
        let Some(group) = self.group.take_if(|group| !group.is_empty()) else {
            return Ok(());
        };
        self.group = Some(Group::default());
        let written = self.write(group.batches(), group.bytes());
        if let Err(error) = &written {
            // What was seen of the group is not there any more.
            self.failed = Some(error.reason());
        }
        written
    }

    fn close(&mut self) {
        // Nobody counts on what still waits; it is kept if it can be.
        let _ = self.write_group();
        if self.is_dirty {
            // What is not noted is applied again by the next session.
            let _ = self.settle();
        }
        // sled cuts a damaged file at the damage, as far back as the last time that it was
        // opened. What was written since must be in the journal, or it is opened once more.
        if self.turns > 1
            && let Some(tree) = self.tree.take()
        {
            tree.close();
            let _ = SledTree::open(&self.path);
        }
    }
}

impl Drop for DiskStore {
    fn drop(&mut self) {
        self.close();
    }
}

fn applied(tree: &SledTree) -> Result<u64, StoreError> {
    let Some(bytes) = tree.get(&keys::meta(APPLIED))? else {
        return Ok(0);
    };
    <[u8; 8]>::try_from(bytes.as_slice())
        .map(u64::from_be_bytes)
        .map_err(|_| StoreError::Damaged(format!("the fact `{APPLIED}` is cut short")))
}

impl Store for DiskStore {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        let tree = self.tree()?;
        match self.group.as_ref().and_then(|group| group.get(key)) {
            Some(waiting) => Ok(waiting),
            None => tree.get(key),
        }
    }

    fn scan(&self, range: Range<Vec<u8>>, direction: Direction) -> Scan<'_> {
        let tree = match self.tree() {
            Ok(tree) => tree,
            Err(error) => return Box::new(std::iter::once(Err(error))),
        };
        let own = keys::meta(APPLIED);
        let is_own = move |pair: &Result<Pair, _>| pair.as_ref().is_ok_and(|(key, _)| *key == own);
        let found = tree.scan(range.clone(), direction);
        let found: Scan<'_> = Box::new(found.filter(move |pair| !is_own(pair)));
        match &self.group {
            Some(group) => group.over(found, range, direction),
            None => found,
        }
    }

    fn commit(&mut self, batch: &Batch) -> Result<(), StoreError> {
        self.tree()?;
        let Some(group) = &mut self.group else {
            let payload = codec::encode_batch(batch)?;
            let bytes = payload.len();
            return self.write(&[(batch.clone(), payload)], bytes);
        };
        group.add(batch)?;
        if group.is_full() {
            self.write_group()?;
        }
        Ok(())
    }

    fn begin_group(&mut self) {
        self.group.get_or_insert_default();
    }

    fn finish_group(&mut self) -> Result<(), StoreError> {
        self.tree()?;
        self.write_group()
    }
}
