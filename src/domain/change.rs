//! A change: one undoable step, with what every record was before and is after.

use super::id::Id;
use super::record::Record;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Through which door a change came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Who {
    /// A command in the shell.
    Cli,
    /// The screen.
    Tui,
    /// An import.
    Import,
    /// A rule or a hook.
    Rule,
}

/// Why a change was made: of itself, or to take another back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cause {
    /// The user did something.
    Plain,
    /// It takes back the change of that number.
    Undo(u64),
    /// It brings back what the undo of that number took.
    Redo(u64),
    /// It made what the store began with: undo does not reach behind it.
    Beginning,
}

/// One record before and after. None before: it is new; none after: it is purged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Edit {
    /// As it was; its revision must still be the stored one.
    pub before: Option<Record>,
    /// As it becomes.
    pub after: Option<Record>,
}

impl Edit {
    /// The record's identity.
    pub fn id(&self) -> Option<Id> {
        self.either().map(|record| record.id)
    }

    /// The record after the change, or before it where there is none after.
    pub fn either(&self) -> Option<&Record> {
        self.after.as_ref().or(self.before.as_ref())
    }
}

/// What is to be committed, whole or not at all.
#[derive(Clone, Debug, PartialEq)]
pub struct ChangeSet {
    /// When.
    pub at: DateTime<Utc>,
    /// Through which door.
    pub who: Who,
    /// Why.
    pub cause: Cause,
    /// What was done, in one line of words.
    pub summary: String,
    /// The records, each at most once.
    pub edits: Vec<Edit>,
}

/// The head of an entry in the log: everything but the records.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChangeHead {
    /// Its number: one more than the change before.
    pub number: u64,
    /// When.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub at: DateTime<Utc>,
    /// Through which door.
    pub who: Who,
    /// Why.
    pub cause: Cause,
    /// What was done, in one line of words.
    pub summary: String,
    /// How many records it touched.
    pub records: u64,
    /// In how many parts it is stored.
    pub parts: u32,
}
