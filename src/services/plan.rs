//! A change in the making: records as they were, as they are to be, and what to say of it.

use super::Env;
use super::words;
use crate::domain::change::{Cause, ChangeSet, Edit};
use crate::domain::context::Context;
use crate::domain::id::Id;
use crate::domain::kind::Kind;
use crate::domain::pipeline::{self, Pipelines};
use crate::domain::record::Record;
use crate::error::{Error, Result};
use crate::store::session::Session;
use std::collections::HashMap;

/// A change in the making. Records are read through it, so that each step sees the steps before.
pub struct Plan<'a> {
    /// The store as it is.
    pub session: &'a Session,
    /// The moment and the settings.
    pub env: &'a mut Env,
    /// The pipelines, with what the store adds.
    pub pipelines: Pipelines,
    /// What the user should know besides.
    pub warnings: Vec<String>,
    edits: Vec<Edit>,
    places: HashMap<Id, usize>,
}

impl<'a> Plan<'a> {
    /// An empty plan.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn new(session: &'a Session, env: &'a mut Env) -> Result<Self> {
        let pipelines = pipelines(session, env)?;
        let (warnings, edits, places) = (Vec::new(), Vec::new(), HashMap::new());
        Ok(Self {
            session,
            env,
            pipelines,
            warnings,
            edits,
            places,
        })
    }

    /// The user's moment and habits.
    pub const fn context(&self) -> Context {
        self.env.context
    }

    /// A record as the plan has it so far.
    ///
    /// # Errors
    /// When there is none.
    pub fn get(&self, kind: &'static Kind, id: Id) -> Result<Record> {
        self.look_up(kind, id)?
            .ok_or_else(|| Error::not_found(format!("no {} has the id `{id}`", kind.name)))
    }

    /// Those of some ids that have a record: one that was purged leaves its links behind.
    ///
    /// # Errors
    /// When one cannot be read.
    pub fn existing(&self, kind: &'static Kind, ids: &[Id]) -> Result<Vec<Id>> {
        let mut existing = Vec::new();
        for &id in ids {
            existing.extend(self.look_up(kind, id)?.map(|record| record.id));
        }
        Ok(existing)
    }

    fn look_up(&self, kind: &'static Kind, id: Id) -> Result<Option<Record>> {
        match self.places.get(&id) {
            Some(&place) => Ok(self.edits[place].after.clone()),
            None => self.stored(kind, id),
        }
    }

    /// A record as it was before the plan.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn stored(&self, kind: &'static Kind, id: Id) -> Result<Option<Record>> {
        self.session.get(kind, id).map_err(words::store)
    }

    /// A new record, not in the plan until it is put.
    pub fn blank(&mut self, kind: &'static Kind) -> Record {
        let now = self.env.context.now;
        Record::new(kind, self.env.ids.next_id(now), now)
    }

    /// Puts a record's new version into the plan.
    ///
    /// # Errors
    /// When its stored version cannot be read.
    pub fn put(&mut self, record: Record) -> Result<()> {
        if let Some(&place) = self.places.get(&record.id) {
            self.edits[place].after = Some(record);
        } else {
            let before = self.stored(record.kind, record.id)?;
            self.places.insert(record.id, self.edits.len());
            self.edits.push(Edit {
                before,
                after: Some(record),
            });
        }
        Ok(())
    }

    /// Plans to remove a record for good.
    ///
    /// # Errors
    /// When there is none.
    pub fn purge(&mut self, kind: &'static Kind, id: Id) -> Result<()> {
        let before = self.get(kind, id)?;
        if let Some(&place) = self.places.get(&id) {
            self.edits[place].after = None;
        } else {
            self.places.insert(id, self.edits.len());
            self.edits.push(Edit {
                before: Some(before),
                after: None,
            });
        }
        Ok(())
    }

    /// The finished change; without records when nothing differs from what is stored.
    pub fn finish(self, summary: String, cause: Cause) -> (ChangeSet, Vec<String>) {
        let differs = |edit: &Edit| match (&edit.before, &edit.after) {
            (Some(before), Some(after)) => !before.same_content(after),
            (before, after) => before.is_some() || after.is_some(),
        };
        let edits = self.edits.into_iter().filter(differs).collect();
        let (at, who) = (self.env.context.now, self.env.who);
        (
            ChangeSet {
                at,
                who,
                cause,
                summary,
                edits,
            },
            self.warnings,
        )
    }
}

/// The pipelines of the settings with what the store adds.
///
/// # Errors
/// When the store cannot be read.
pub fn pipelines(session: &Session, env: &Env) -> Result<Pipelines> {
    let stored: Vec<Record> = session
        .all(&pipeline::KIND)
        .collect::<Result<_, _>>()
        .map_err(words::store)?;
    Ok(env
        .pipelines
        .with_stored(stored.iter().filter(|record| record.is_active())))
}
