//! A desk: everything the screen's worker needs to read and change the store, one short
//! session at a time.

use super::intent::{Intent, Receipt};
use super::snapshot::Snapshot;
use super::{Env, hooks, words};
use crate::domain::KINDS;
use crate::domain::context::Context;
use crate::domain::id::Id;
use crate::domain::pipeline::Pipelines;
use crate::domain::record::Record;
use crate::domain::settings::Settings;
use crate::error::Result;
use crate::store::StoreError;
use crate::store::session::Session;
use chrono::{DateTime, Utc};

/// Opens a session; waits for the lock as long as was configured.
pub type Opener = Box<dyn FnMut() -> Result<Session, StoreError> + Send>;
/// What can be seen of the store without opening it.
pub type HeadReader = Box<dyn Fn() -> Option<Seen> + Send>;
/// The present moment.
pub type Clock = Box<dyn Fn() -> DateTime<Utc> + Send>;

/// A record's identity and what became of it; none when it was purged.
pub type Changed = (Id, Option<Record>);

/// Up to where a store is, and which it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The number of the last change.
    pub number: u64,
    /// Tells the store's tree from one that took its place.
    pub tree: u64,
}

/// Opens a session for each piece of work and closes it before anyone waits for a person.
pub struct Desk {
    opener: Opener,
    head: HeadReader,
    clock: Clock,
    env: Env,
}

impl Desk {
    /// A desk on a store.
    pub const fn new(opener: Opener, head: HeadReader, clock: Clock, env: Env) -> Self {
        Self {
            opener,
            head,
            clock,
            env,
        }
    }

    /// The moment, and the user's habits.
    pub fn context(&self) -> Context {
        Context {
            now: (self.clock)(),
            ..self.env.context
        }
    }

    /// The settings.
    pub const fn settings(&self) -> &Settings {
        &self.env.settings
    }

    /// The settings' pipelines.
    pub const fn pipelines(&self) -> &Pipelines {
        &self.env.pipelines
    }

    /// Up to where the store is, and which it is.
    pub fn head(&self) -> Option<Seen> {
        (self.head)()
    }

    /// Carries out an intent.
    ///
    /// # Errors
    /// What is wrong with it, or with the store.
    pub fn perform(&mut self, intent: Intent) -> Result<Receipt> {
        self.env.context.now = (self.clock)();
        let opener = &mut self.opener;
        let mut open = || opener().map_err(words::store);
        let mut slot = Some(open()?);
        hooks::carry_out(&mut slot, &mut self.env, intent, &mut open)
    }

    /// Every record, and the number of the change up to which they are.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn load(&mut self) -> Result<(Snapshot, u64)> {
        let session = (self.opener)().map_err(words::store)?;
        let mut records = Vec::new();
        for kind in KINDS {
            for record in session.all(kind) {
                records.push(record.map_err(words::store)?);
            }
        }
        Ok((
            Snapshot::new(records, &self.env.pipelines),
            session.last_change(),
        ))
    }

    /// What became of records in the changes after that number, and the number of the last;
    /// none when the log does not reach back so far, so that everything must be loaded.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub fn since(&mut self, number: u64) -> Result<Option<(u64, Vec<Changed>)>> {
        let session = (self.opener)().map_err(words::store)?;
        let last = session.last_change();
        let mut changed = Vec::new();
        for number in number + 1..=last {
            if session.change_head(number).map_err(words::store)?.is_none() {
                return Ok(None);
            }
            for edit in session.change_edits(number).map_err(words::store)? {
                changed.extend(edit.id().map(|id| (id, edit.after)));
            }
        }
        Ok((number <= last).then_some((last, changed)))
    }
}
