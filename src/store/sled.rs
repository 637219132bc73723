//! The store on sled, the only file that names it.
//!
//! A commit is one `apply_batch`, one `flush` and one `fdatasync`: on Linux sled's flush ends
//! in `sync_file_range`, which does not make a file's new length durable.

use super::{Batch, Direction, Scan, Store, StoreError};
use std::fs::File;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Enough for the pages that a command touches; the default of 1 GiB would let a long scan grow.
const CACHE_BYTES: u64 = 64 * 1024 * 1024;
/// sled gives its file lock back a moment after it is dropped.
const REOPEN_PATIENCE: Duration = Duration::from_secs(2);

/// A sled tree in a folder of its own.
pub struct SledStore {
    tree: ::sled::Db,
    file: File,
    path: PathBuf,
}

impl SledStore {
    /// Opens the tree in that folder and makes both where they are missing.
    ///
    /// # Errors
    /// When the system refuses, or the files are damaged.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let started = Instant::now();
        let tree = loop {
            let config = ::sled::Config::new()
                .path(path)
                .cache_capacity(CACHE_BYTES)
                .flush_every_ms(None);
            match config.open() {
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
        Ok(Self {
            tree,
            file,
            path: path.to_owned(),
        })
    }
}

fn translate(path: &Path, error: ::sled::Error) -> StoreError {
    match error {
        ::sled::Error::Io(source) => StoreError::io(path, unwrapped(source)),
        ::sled::Error::Corruption { at: Some(at), .. } => {
            StoreError::Damaged(format!("{} at {at}", path.display()))
        }
        ::sled::Error::Corruption { at: None, .. } => {
            StoreError::Damaged(path.display().to_string())
        }
        other => StoreError::Damaged(format!("{}: {other}", path.display())),
    }
}

/// The system's own error. sled 0.34 hands on only its text, `Os { code: 28, … }`.
fn unwrapped(error: io::Error) -> io::Error {
    let text = error.to_string();
    let code = text.strip_prefix("Os { code: ");
    let code = code.and_then(|rest| rest.split(',').next()?.parse().ok());
    code.map_or(error, io::Error::from_raw_os_error)
}

impl Store for SledStore {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        let found = self
            .tree
            .get(key)
            .map_err(|error| translate(&self.path, error))?;
        Ok(found.map(|value| value.to_vec()))
    }

    fn scan(&self, range: Range<Vec<u8>>, direction: Direction) -> Scan<'_> {
        if range.start >= range.end {
            return Box::new(std::iter::empty());
        }
        let pairs = self.tree.range(range);
        let owned = |item: ::sled::Result<(::sled::IVec, ::sled::IVec)>| {
            item.map(|(key, value)| (key.to_vec(), value.to_vec()))
                .map_err(|error| translate(&self.path, error))
        };
        match direction {
            Direction::Up => Box::new(pairs.map(owned)),
            Direction::Down => Box::new(pairs.rev().map(owned)),
        }
    }

    fn commit(&mut self, batch: &Batch) -> Result<(), StoreError> {
        let mut writes = ::sled::Batch::default();
        for key in &batch.removals {
            writes.remove(key.as_slice());
        }
        for (key, value) in &batch.puts {
            writes.insert(key.as_slice(), value.as_slice());
        }
        self.tree
            .apply_batch(writes)
            .map_err(|error| translate(&self.path, error))?;
        self.tree
            .flush()
            .map_err(|error| translate(&self.path, error))?;
        self.file
            .sync_data()
            .map_err(|error| StoreError::io(&self.path, error))
    }
}
