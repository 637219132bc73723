//! The tree on sled, the only file that names it: reads, batches in memory, and a sync that
//! makes them last. Durability of each change is the journal's: see [`super::disk`].
//!
//! sled panics on some damaged files. Every call into it is guarded: a panic becomes an error,
//! and says nothing on the terminal.

use super::guard::guarded;
use super::{Batch, Direction, Pair, Scan, StoreError};
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

/// Enough for the pages that a command touches; the default of 1 GiB would let a long scan grow.
const CACHE_BYTES: u64 = 64 * 1024 * 1024;
/// sled gives its file lock back a moment after it is dropped.
const REOPEN_PATIENCE: Duration = Duration::from_secs(2);
/// A flush that takes longer has met an error. Giving one up that was only slow loses nothing:
/// the journal has what is in it.
const FLUSH_PATIENCE: Duration = Duration::from_secs(10);

/// A sled tree in a folder of its own.
pub(crate) struct SledTree {
    /// Always there until it is dropped.
    tree: Option<::sled::Db>,
    file: File,
    path: PathBuf,
    /// The blobs that are on the disk already. sled 0.34 never synchronises one.
    synced_blobs: BTreeSet<OsString>,
}

impl SledTree {
    /// Opens the tree in that folder and makes both where they are missing.
    ///
    /// # Errors
    /// When the system refuses, or the files are damaged.
    pub(crate) fn open(path: &Path) -> Result<Self, StoreError> {
        remove_unfinished_snapshots(path)?;
        let started = Instant::now();
        let tree = loop {
            let config = ::sled::Config::new()
                .path(path)
                .cache_capacity(CACHE_BYTES)
                .flush_every_ms(None);
            match guarded(path, || config.open())? {
                Ok(tree) => break tree,
                Err(::sled::Error::Io(error))
                    if error.to_string().contains("could not acquire lock")
                        && started.elapsed() < REOPEN_PATIENCE =>
                {
                    std::thread::sleep(Duration::from_millis(1));
                }
                Err(error) => return Err(translate(path, error)),
            }
        };
        let database = path.join("db");
        let file = File::open(&database).map_err(|error| StoreError::io(&database, error))?;
        let mut opened = Self {
            tree: Some(tree),
            file,
            path: path.to_owned(),
            synced_blobs: BTreeSet::new(),
        };
        opened.synced_blobs = opened.blobs()?;
        Ok(opened)
    }

    /// The value of a key.
    ///
    /// # Errors
    /// When the page is damaged.
    pub(crate) fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        let found = self.with(|tree| tree.get(key))?;
        Ok(found.map(|value| value.to_vec()))
    }

    /// The pairs whose keys lie in a range.
    pub(crate) fn scan(&self, range: Range<Vec<u8>>, direction: Direction) -> Scan<'_> {
        if range.start >= range.end {
            return Box::new(std::iter::empty());
        }
        let Some(tree) = &self.tree else {
            return Box::new(std::iter::empty());
        };
        let pairs = match guarded(&self.path, || tree.range(range)) {
            Ok(pairs) => pairs,
            Err(error) => return Box::new(std::iter::once(Err(error))),
        };
        Box::new(Pairs {
            pairs,
            direction,
            path: &self.path,
            ended: false,
        })
    }

    /// Puts batches into the tree as one, whole or not at all. They last when [`Self::sync`] has
    /// returned.
    ///
    /// # Errors
    /// When the system refuses, now or for an earlier batch.
    pub(crate) fn apply(&self, batches: &[&Batch]) -> Result<(), StoreError> {
        let mut writes = ::sled::Batch::default();
        for batch in batches {
            for key in &batch.removals {
                writes.remove(key.as_slice());
            }
            for (key, value) in &batch.puts {
                writes.insert(key.as_slice(), value.as_slice());
            }
        }
        self.with(|tree| tree.apply_batch(writes))
    }

    /// Makes everything that was applied last. sled's `flush` ends in `sync_file_range`, which
    /// does not make a file's new length durable, and leaves its blobs to the system.
    ///
    /// # Errors
    /// When the system refuses.
    pub(crate) fn sync(&mut self) -> Result<(), StoreError> {
        self.flush()?;
        let folder = self.path.join("blobs");
        let present = self.blobs()?;
        let mut fresh = present.difference(&self.synced_blobs).peekable();
        if fresh.peek().is_some() {
            for name in fresh {
                let path = folder.join(name);
                match File::open(&path).and_then(|file| file.sync_all()) {
                    Err(error) if error.kind() != io::ErrorKind::NotFound => {
                        return Err(StoreError::io(path, error));
                    }
                    _ => {}
                }
            }
            super::sync_folder(&folder)?;
        }
        self.synced_blobs = present;
        self.file
            .sync_data()
            .map_err(|error| StoreError::io(&self.path, error))
    }

    /// sled 0.34 waits for ever when one of its threads could not write: nobody wakes the waiter.
    /// So another thread waits for it. A tree that is given up is never touched again, not even
    /// to drop it; the process's end gives its files back.
    fn flush(&mut self) -> Result<(), StoreError> {
        let Some(tree) = self.tree.clone() else {
            return Err(StoreError::Damaged("the tree is closed".to_owned()));
        };
        let (sender, receiver) = channel();
        let path = self.path.clone();
        std::thread::Builder::new()
            .name("flush".to_owned())
            .spawn(move || {
                let flushed = guarded(&path, || tree.flush().map(drop));
                drop(tree);
                let _ = sender.send(flushed);
            })
            .map_err(|error| StoreError::io(&self.path, error))?;
        match receiver.recv_timeout(FLUSH_PATIENCE) {
            Ok(flushed) => flushed?.map_err(|error| translate(&self.path, error)),
            Err(_) => {
                std::mem::forget(self.tree.take());
                let source = io::Error::new(
                    io::ErrorKind::TimedOut,
                    "the disk does not take what is written",
                );
                Err(StoreError::io(&self.path, source))
            }
        }
    }

    fn blobs(&self) -> Result<BTreeSet<OsString>, StoreError> {
        let folder = self.path.join("blobs");
        let names = fs::read_dir(&folder).and_then(|entries| {
            entries
                .map(|entry| entry.map(|entry| entry.file_name()))
                .collect()
        });
        names.map_err(|error| StoreError::io(folder, error))
    }

    fn with<T>(
        &self,
        call: impl FnOnce(&::sled::Db) -> ::sled::Result<T>,
    ) -> Result<T, StoreError> {
        let Some(tree) = &self.tree else {
            return Err(StoreError::Damaged("the tree is closed".to_owned()));
        };
        guarded(&self.path, || call(tree))?.map_err(|error| translate(&self.path, error))
    }

    /// Closes the tree and waits until no thread of sled has its files any more.
    pub(crate) fn close(mut self) {
        self.release();
        let started = Instant::now();
        while self.file.try_lock().is_err() && started.elapsed() < REOPEN_PATIENCE {
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    fn release(&mut self) {
        let tree = self.tree.take();
        // What sled thinks of a damaged file while it closes changes nothing any more.
        let _ = guarded(&self.path, || drop(tree));
    }
}

impl Drop for SledTree {
    fn drop(&mut self) {
        self.release();
    }
}

struct Pairs<'a> {
    pairs: ::sled::Iter,
    direction: Direction,
    path: &'a Path,
    ended: bool,
}

impl Iterator for Pairs<'_> {
    type Item = Result<Pair, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let pairs = &mut self.pairs;
        let next = guarded(self.path, || match self.direction {
            Direction::Up => pairs.next(),
            Direction::Down => pairs.next_back(),
        });
        let pair = match next {
            Ok(pair) => pair?.map_err(|error| translate(self.path, error)),
            Err(error) => Err(error),
        };
        // sled repeats an error for ever.
        self.ended = pair.is_err();
        Some(pair.map(|(key, value)| (key.to_vec(), value.to_vec())))
    }
}

/// sled 0.34 writes a snapshot of its tables under a name that ends so, and renames it when it is
/// whole. When it is killed in between, it takes what it left for a snapshot and refuses to open:
/// its code looks for another ending.
const UNFINISHED: &str = ".generating";

fn remove_unfinished_snapshots(path: &Path) -> Result<(), StoreError> {
    for entry in fs::read_dir(path).into_iter().flatten().flatten() {
        let name = entry.file_name();
        if name
            .to_str()
            .is_some_and(|name| name.starts_with("snap.") && name.ends_with(UNFINISHED))
        {
            fs::remove_file(entry.path()).map_err(|error| StoreError::io(entry.path(), error))?;
        }
    }
    Ok(())
}

fn translate(path: &Path, error: ::sled::Error) -> StoreError {
    match error {
        ::sled::Error::Io(source) => of_system(path, source),
        ::sled::Error::Corruption { at: Some(at), .. } => {
            StoreError::Damaged(format!("{} at {at}", path.display()))
        }
        ::sled::Error::Corruption { at: None, .. } => {
            StoreError::Damaged(path.display().to_string())
        }
        other => StoreError::Damaged(format!("{}: {other}", path.display())),
    }
}

/// The system's own error, which sled 0.34 may hand on as text only (`Os { code: 28, … }`); what
/// is no error of the system, such as a file that ends too soon, is damage.
fn of_system(path: &Path, error: io::Error) -> StoreError {
    let text = error.to_string();
    let code = text.strip_prefix("Os { code: ");
    let code = code.and_then(|rest| rest.split(',').next()?.parse().ok());
    match code.or(error.raw_os_error()) {
        Some(code) => StoreError::io(path, io::Error::from_raw_os_error(code)),
        None if text.contains("could not acquire lock") => StoreError::io(path, error),
        None => StoreError::Damaged(format!("{}: {text}", path.display())),
    }
}
