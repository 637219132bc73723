//! Keeps records: one tree of prefixed keys, committed whole or not at all.
//!
//! [`Store`] is the port, with [`disk`] and [`memory`] behind it; [`session::Session`]
//! turns records, indexes and the log into keys; [`folder::StoreFolder`] opens a session under
//! a lock that waits. Nothing here knows a kind of record by name.

mod after_power_cut;
pub mod backup;
mod carve;
pub mod codec;
mod commit;
pub mod compact;
mod copy;
pub mod disk;
pub mod doctor;
pub mod folder;
mod group;
pub mod guard;
pub mod head;
mod journal;
pub mod keys;
mod lock;
pub mod memory;
pub mod migrate;
pub mod names;
mod rebuild;
pub mod salvage;
pub mod session;
pub mod sled;

use crate::domain::id::Id;
use crate::domain::kind::Kind;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A key and its value.
pub type Pair = (Vec<u8>, Vec<u8>);

/// Pairs in the order of their keys, or against it.
pub type Scan<'a> = Box<dyn Iterator<Item = Result<Pair, StoreError>> + 'a>;

/// The order of a scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From the smallest key.
    Up,
    /// From the largest key.
    Down,
}

/// Keys to write and keys to remove, together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    /// To write.
    pub puts: Vec<Pair>,
    /// To remove.
    pub removals: Vec<Vec<u8>>,
}

impl Batch {
    /// Adds a pair.
    pub fn put(&mut self, key: Vec<u8>, value: Vec<u8>) {
        self.puts.push((key, value));
    }

    /// Adds a key to remove.
    pub fn remove(&mut self, key: Vec<u8>) {
        self.removals.push(key);
    }
}

/// An ordered map on something that lasts.
pub trait Store: Send {
    /// The value of a key.
    ///
    /// # Errors
    /// When reading fails or finds damage.
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError>;

    /// The pairs whose keys lie in a range.
    fn scan(&self, range: Range<Vec<u8>>, direction: Direction) -> Scan<'_>;

    /// Writes a batch whole or not at all; on return it survives a power cut.
    ///
    /// # Errors
    /// When writing fails; nothing of the batch is then visible.
    fn commit(&mut self, batch: &Batch) -> Result<(), StoreError>;

    /// From here on commits form a group: they are seen at once, but last only when
    /// [`Self::finish_group`] has returned. A store that makes each last at once is free to.
    fn begin_group(&mut self) {}

    /// Makes the group's commits last; the next commit begins another group.
    ///
    /// # Errors
    /// When writing fails: nobody may count on any of the group, and the store is of no more use.
    fn finish_group(&mut self) -> Result<(), StoreError> {
        Ok(())
    }
}

/// What can go wrong with a store: facts, without words for a person.
#[derive(Debug)]
pub enum StoreError {
    /// Another process holds it, for longer than was to be waited.
    Busy {
        /// Who holds it, as far as it said.
        holder: Option<String>,
        /// How long was waited.
        waited: Duration,
    },
    /// A stored value is not what it should be.
    Damaged(String),
    /// Written by a newer version: its schema and ours.
    Newer {
        /// The store's schema.
        found: u32,
        /// The newest schema that this program knows.
        known: u32,
    },
    /// A record is not in the version that the change was made from.
    Conflict {
        /// Its kind.
        kind: &'static Kind,
        /// Its identity.
        id: Id,
    },
    /// A record is larger than the store keeps.
    TooLarge {
        /// How large it is.
        bytes: usize,
        /// The largest that is kept.
        most: usize,
    },
    /// The system refused at a moment when nobody can know whether the change was kept.
    Unsure {
        /// On what.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The system refused.
    Io {
        /// On what.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl StoreError {
    /// The system refused something on a path.
    pub fn io(path: impl Into<PathBuf>, source: io::Error) -> Self {
        Self::Io {
            path: path.into(),
            source,
        }
    }
    /// What is wrong, without the place.
    pub(crate) fn reason(&self) -> String {
        match self {
            Self::Io { source, .. } | Self::Unsure { source, .. } => source.to_string(),
            Self::Damaged(what) => what.clone(),
            other => format!("{other:?}"),
        }
    }
}

/// Makes the names in a folder last.
///
/// # Errors
/// When the system refuses.
pub(crate) fn sync_folder(path: &Path) -> Result<(), StoreError> {
    let synced = File::open(path).and_then(|folder| folder.sync_all());
    synced.map_err(|error| StoreError::io(path, error))
}
