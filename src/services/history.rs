//! The log as the user sees it: what was done, by which door, and what was taken back since.

use super::words;
use crate::domain::change::{Cause, ChangeHead, Edit};
use crate::domain::id::Id;
use crate::error::{Error, Result};
use crate::store::session::Session;
use std::collections::BTreeMap;

/// A change, and whether it still counts.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// What was done.
    pub head: ChangeHead,
    /// The change that took it back.
    pub undone_by: Option<u64>,
}

/// What was taken back, as a walk from the newest change down learns it: an undo hides what it
/// undid, a redo hides the undo.
#[derive(Debug, Default)]
pub(super) struct TakenBack(BTreeMap<u64, u64>);

impl TakenBack {
    /// By which change this one was taken back. One that still counts may take back another.
    pub(super) fn see(&mut self, head: &ChangeHead) -> Option<u64> {
        let by = self.0.get(&head.number).copied();
        if let (None, Cause::Undo(other) | Cause::Redo(other)) = (by, head.cause) {
            self.0.insert(other, head.number);
        }
        by
    }
}

/// The heads of the log, the newest first, down to where it begins or was cut off.
pub(super) fn heads(session: &Session) -> impl Iterator<Item = Result<ChangeHead>> {
    let numbers = (1..=session.last_change()).rev();
    numbers.map_while(|number| {
        session
            .change_head(number)
            .map_err(words::store)
            .transpose()
    })
}

/// The latest changes, the newest first, at most `limit`.
///
/// # Errors
/// When the log cannot be read.
pub fn latest(session: &Session, limit: usize) -> Result<Vec<Entry>> {
    let mut taken_back = TakenBack::default();
    let mut entries = Vec::new();
    for head in heads(session).take(limit) {
        let head = head?;
        let undone_by = taken_back.see(&head);
        entries.push(Entry { head, undone_by });
    }
    Ok(entries)
}

/// The changes that touched a record, the newest first, each with the record before and after.
///
/// # Errors
/// When the log cannot be read.
pub fn of_record(session: &Session, id: Id, limit: usize) -> Result<Vec<(Entry, Edit)>> {
    let numbers = session.changes_of(id).map_err(words::store)?;
    // What takes a change back touches the same records.
    let mut taken_back = TakenBack::default();
    let mut changes = Vec::new();
    for number in numbers.into_iter().take(limit) {
        let Some(head) = session.change_head(number).map_err(words::store)? else {
            break;
        };
        let undone_by = taken_back.see(&head);
        let edits = session.change_edits(number).map_err(words::store)?;
        let edit = edits.into_iter().find(|edit| edit.id() == Some(id));
        changes.extend(edit.map(|edit| (Entry { head, undone_by }, edit)));
    }
    Ok(changes)
}

/// A change by its number, with its records before and after.
///
/// # Errors
/// When there is none of that number, or not any more.
pub fn change(session: &Session, number: u64) -> Result<(Entry, Vec<Edit>)> {
    let Some(head) = session.change_head(number).map_err(words::store)? else {
        return Err(if (1..=session.last_change()).contains(&number) {
            Error::not_found(format!("change {number} is no longer in the log"))
        } else {
            Error::not_found(format!("there is no change {number}"))
                .hint("see what was changed with `touchbase history`")
        });
    };
    let edits = session.change_edits(number).map_err(words::store)?;
    let undone_by = undone_by(session, number, &edits)?;
    Ok((Entry { head, undone_by }, edits))
}

/// By which change one was taken back: it touched the same records.
fn undone_by(session: &Session, number: u64, edits: &[Edit]) -> Result<Option<u64>> {
    let Some(id) = edits.iter().find_map(Edit::id) else {
        return Ok(None);
    };
    let mut taken_back = TakenBack::default();
    for later in session.changes_of(id).map_err(words::store)? {
        if later < number {
            break;
        }
        let Some(head) = session.change_head(later).map_err(words::store)? else {
            break;
        };
        let by = taken_back.see(&head);
        if later == number {
            return Ok(by);
        }
    }
    Ok(None)
}
