//! The log as the user sees it: what was done, and taking it back.

use super::Env;
use super::intent::Target;
use super::words;
use crate::domain::change::{Cause, ChangeHead, ChangeSet, Edit};
use crate::domain::id::Id;
use crate::error::{Error, ErrorKind, Result};
use crate::store::session::Session;
use std::collections::BTreeSet;

/// The latest changes, the newest first, at most `limit`.
///
/// # Errors
/// When the log cannot be read.
pub fn latest(session: &Session, limit: usize) -> Result<Vec<ChangeHead>> {
    let mut heads = Vec::new();
    for number in (1..=session.last_change()).rev().take(limit) {
        heads.extend(session.change_head(number).map_err(words::store)?);
    }
    Ok(heads)
}

/// The changes that touched a record, the newest first, each with the record before and after.
///
/// # Errors
/// When the log cannot be read.
pub fn of_record(session: &Session, id: Id, limit: usize) -> Result<Vec<(ChangeHead, Edit)>> {
    let numbers = session.changes_of(id).map_err(words::store)?;
    let mut changes = Vec::new();
    for number in numbers.into_iter().take(limit) {
        let head = session.change_head(number).map_err(words::store)?;
        let edits = session.change_edits(number).map_err(words::store)?;
        let edit = edits.into_iter().find(|edit| edit.id() == Some(id));
        changes.extend(head.zip(edit));
    }
    Ok(changes)
}

/// The change that takes back the last one, or the one of that number.
///
/// # Errors
/// When there is nothing to take back, or a later change depends on it.
pub fn undo(session: &Session, env: &Env, number: Option<u64>) -> Result<(ChangeSet, Vec<Target>)> {
    let number = match number {
        Some(number) => number,
        None => last_to_undo(session)?,
    };
    let head = session
        .change_head(number)
        .map_err(words::store)?
        .ok_or_else(|| Error::not_found(format!("there is no change {number}")))?;
    let summary = format!("undid: {}", head.summary);
    let inverse = inverse(session, env, number, Cause::Undo(number), summary)?;
    // What a purge left behind may link to what it took; what was made later may not.
    if !matches!(head.cause, Cause::Undo(_)) {
        refuse_to_unlink(session, number, &inverse.0.edits)?;
    }
    Ok(inverse)
}

/// Refuses to remove a record that others link to, unless the change takes those back as well.
fn refuse_to_unlink(session: &Session, number: u64, edits: &[Edit]) -> Result<()> {
    let ids: BTreeSet<Id> = edits.iter().filter_map(Edit::id).collect();
    for edit in edits {
        let (Some(record), None) = (&edit.before, &edit.after) else {
            continue;
        };
        let linked = session.all_linked_from(record.id).map_err(words::store)?;
        if let Some(&id) = linked.iter().find(|id| !ids.contains(id)) {
            let why = format!("others link to {}", record.title());
            return Err(depends(session, id, number, &why));
        }
    }
    Ok(())
}

/// The change that brings back what was undone last.
///
/// # Errors
/// When nothing was undone since the last change.
pub fn redo(session: &Session, env: &Env) -> Result<(ChangeSet, Vec<Target>)> {
    let number = last_to_redo(session)?;
    let head = session.change_head(number).map_err(words::store)?;
    let summary = head.map(|head| head.summary).unwrap_or_default();
    let summary = summary.strip_prefix("undid: ").unwrap_or(&summary);
    inverse(
        session,
        env,
        number,
        Cause::Redo(number),
        format!("redid: {summary}"),
    )
}

/// Walks back over the log: an undo hides what it undid, a redo hides the undo.
fn last_to_undo(session: &Session) -> Result<u64> {
    let mut hidden = BTreeSet::new();
    for number in (1..=session.last_change()).rev() {
        let Some(head) = session.change_head(number).map_err(words::store)? else {
            break;
        };
        if hidden.contains(&number) {
            continue;
        }
        match head.cause {
            Cause::Plain => return Ok(number),
            Cause::Beginning => break,
            Cause::Undo(other) | Cause::Redo(other) => {
                hidden.insert(other);
            }
        }
    }
    Err(Error::not_found("there is nothing to undo"))
}

fn last_to_redo(session: &Session) -> Result<u64> {
    let mut hidden = BTreeSet::new();
    for number in (1..=session.last_change()).rev() {
        let Some(head) = session.change_head(number).map_err(words::store)? else {
            break;
        };
        if hidden.contains(&number) {
            continue;
        }
        match head.cause {
            Cause::Undo(_) => return Ok(number),
            Cause::Redo(other) => {
                hidden.insert(other);
            }
            Cause::Plain | Cause::Beginning => break,
        }
    }
    Err(Error::not_found("there is nothing to redo"))
}

fn inverse(
    session: &Session,
    env: &Env,
    number: u64,
    cause: Cause,
    summary: String,
) -> Result<(ChangeSet, Vec<Target>)> {
    let mut edits = Vec::new();
    let mut touched = Vec::new();
    for edit in session.change_edits(number).map_err(words::store)? {
        let Some(either) = edit.either() else {
            continue;
        };
        let (kind, id) = (either.kind, either.id);
        let stored = session.get(kind, id).map_err(words::store)?;
        let as_left = match (&stored, &edit.after) {
            (Some(stored), Some(after)) => stored.same_content(after),
            (None, None) => true,
            _ => false,
        };
        if !as_left {
            let why = format!("{} was changed since", either.title());
            return Err(depends(session, id, number, &why));
        }
        touched.push(Target { kind, id });
        edits.push(Edit {
            before: stored,
            after: edit.before,
        });
    }
    let (at, who) = (env.context.now, env.who);
    Ok((
        ChangeSet {
            at,
            who,
            cause,
            summary,
            edits,
        },
        touched,
    ))
}

/// Why a change cannot be taken back, and which one must be first: the last that touched `id`.
fn depends(session: &Session, id: Id, number: u64, why: &str) -> Error {
    let message = format!("change {number} cannot be taken back: {why}");
    let error = Error::new(ErrorKind::Conflict, message);
    let later = session
        .changes_of(id)
        .ok()
        .and_then(|numbers| numbers.first().copied());
    match later {
        Some(later) => error.hint(format!("first `touchbase undo {later}`")),
        None => error,
    }
}
