//! Taking changes back and bringing them back: each is a change of its own, with before and
//! after exchanged.

use super::Env;
use super::history::{self, TakenBack, heads};
use super::intent::Target;
use super::words;
use crate::domain::change::{Cause, ChangeHead, ChangeSet, Edit};
use crate::domain::id::Id;
use crate::domain::record::Record;
use crate::domain::show;
use crate::error::{Error, ErrorKind, Result};
use crate::store::session::Session;
use std::collections::{BTreeMap, BTreeSet};

/// So many changes that stand in the way are named.
const MOST_NAMED: usize = 5;
/// So many changes before the last are looked at for an undo that cannot be redone any more.
const MOST_BEHIND: u32 = 100;
/// So many are looked for, among so many records of one change.
const MOST_LOOKED_FOR: usize = 100;
const MOST_RECORDS: usize = 1_000;

/// The change that takes back the last one, or the one of that number.
///
/// # Errors
/// When there is nothing to take back, or later changes depend on it.
pub fn undo(session: &Session, env: &Env, number: Option<u64>) -> Result<(ChangeSet, Vec<Target>)> {
    let number = match number {
        Some(number) => number,
        None => last_to_undo(session)?,
    };
    let (entry, edits) = history::change(session, number)?;
    if let Some(by) = entry.undone_by {
        let message = format!("change {number} is undone already, by change {by}");
        return Err(Error::new(ErrorKind::Conflict, message)
            .hint(format!("bring it back with `touchbase undo {by}`")));
    }
    let head = entry.head;
    // What a purge left behind may link to what it took; what was made later may not.
    let linked = match head.cause {
        Cause::Undo(_) => Vec::new(),
        _ => linked_later(session, &edits)?,
    };
    let (change, blocked) = inverse(
        session,
        env,
        &edits,
        Cause::Undo(number),
        format!("undid: {}", head.summary),
    )?;
    if blocked.is_empty() && linked.is_empty() {
        return Ok(with_targets(change));
    }
    Err(in_the_way(session, env, number, &blocked, &linked))
}

/// The change that brings back what was undone last.
///
/// # Errors
/// When nothing was undone since the last change.
pub fn redo(session: &Session, env: &Env) -> Result<(ChangeSet, Vec<Target>)> {
    let head = last_to_redo(session)?;
    let number = head.number;
    let edits = session.change_edits(number).map_err(words::store)?;
    let summary = head.summary.strip_prefix("undid: ");
    let summary = format!("redid: {}", summary.unwrap_or(&head.summary));
    let (change, blocked) = inverse(session, env, &edits, Cause::Redo(number), summary)?;
    if blocked.is_empty() {
        return Ok(with_targets(change));
    }
    Err(in_the_way(session, env, number, &blocked, &[]))
}

/// The last change that still counts and is no undo or redo itself.
fn last_to_undo(session: &Session) -> Result<u64> {
    let mut taken_back = TakenBack::default();
    for head in heads(session) {
        let head = head?;
        if taken_back.see(&head).is_some() {
            continue;
        }
        match head.cause {
            Cause::Plain => return Ok(head.number),
            Cause::Beginning => break,
            Cause::Undo(_) | Cause::Redo(_) => {}
        }
    }
    Err(Error::not_found("there is nothing to undo"))
}

/// The last undo that still counts, unless something new was done since.
fn last_to_redo(session: &Session) -> Result<ChangeHead> {
    let mut taken_back = TakenBack::default();
    let mut since: Option<ChangeHead> = None;
    let mut looked_at = 0;
    for head in heads(session) {
        let head = head?;
        looked_at += u32::from(since.is_some());
        if looked_at > MOST_BEHIND {
            break;
        }
        if taken_back.see(&head).is_some() {
            continue;
        }
        match (head.cause, &since) {
            (Cause::Undo(_), None) => return Ok(head),
            (Cause::Undo(_), Some(new)) => {
                let (new, summary) = (new.number, &new.summary);
                let message =
                    format!("nothing to redo: change {new} came after the undo: {summary}");
                return Err(Error::not_found(message).hint(format!(
                    "take that undo back with `touchbase undo {}`",
                    head.number
                )));
            }
            (Cause::Redo(_), _) => {}
            (Cause::Plain, _) => {
                since.get_or_insert(head);
            }
            (Cause::Beginning, _) => break,
        }
    }
    Err(Error::not_found("there is nothing to redo"))
}

/// Records with before and after exchanged, and those that are not as the change left them.
fn inverse(
    session: &Session,
    env: &Env,
    changed: &[Edit],
    cause: Cause,
    summary: String,
) -> Result<(ChangeSet, Vec<Record>)> {
    let (mut edits, mut blocked) = (Vec::new(), Vec::new());
    for edit in changed {
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
            blocked.push(either.clone());
            continue;
        }
        edits.push(Edit {
            before: stored,
            after: edit.before.clone(),
        });
    }
    let (at, who) = (env.context.now, env.who);
    let change = ChangeSet {
        at,
        who,
        cause,
        summary,
        edits,
    };
    Ok((change, blocked))
}

/// A change with the records that it touches.
fn with_targets(change: ChangeSet) -> (ChangeSet, Vec<Target>) {
    let records = change.edits.iter().filter_map(Edit::either);
    let touched = records.map(|record| Target {
        kind: record.kind,
        id: record.id,
    });
    let touched = touched.collect();
    (change, touched)
}

/// The records that a change made and others link to by now, each with one that links.
fn linked_later(session: &Session, edits: &[Edit]) -> Result<Vec<(Record, Id)>> {
    let ids: BTreeSet<Id> = edits.iter().filter_map(Edit::id).collect();
    let mut found = Vec::new();
    for edit in edits {
        let (None, Some(made)) = (&edit.before, &edit.after) else {
            continue;
        };
        let linked = session.all_linked_from(made.id).map_err(words::store)?;
        let linked: BTreeSet<Id> = linked.into_iter().collect();
        let others = linked.difference(&ids);
        found.extend(others.map(|&other| (made.clone(), other)));
    }
    Ok(found)
}

/// Why a change cannot be taken back: the later changes that stand on it, the newest first, in
/// the order in which they can be undone.
fn in_the_way(
    session: &Session,
    env: &Env,
    number: u64,
    blocked: &[Record],
    linked: &[(Record, Id)],
) -> Error {
    let mut later = Later::new(session);
    for record in blocked.iter().take(MOST_RECORDS) {
        later.touching(record.id, number);
    }
    for (made, linking) in linked.iter().take(MOST_RECORDS) {
        later.linking(*linking, made.id, number);
    }
    let found = later.found;
    let mut error = Error::new(
        ErrorKind::Conflict,
        format!(
            "change {number} cannot be taken back: {}",
            why(blocked, linked)
        ),
    );
    let named: Vec<&ChangeHead> = found.values().rev().take(MOST_NAMED).collect();
    let width = named
        .first()
        .map_or(0, |head| head.number.to_string().len());
    for head in &named {
        let at = show::instant_words(head.at, &env.context);
        let line = format!("{:>width$}  {at}  {}", head.number, head.summary);
        error = error.detail(line);
    }
    let more = found.len() - named.len();
    if more > 0 {
        error = error.detail(format!("… and {more} more before them"));
    }
    let mut steps: Vec<u64> = named.iter().map(|head| head.number).collect();
    if more == 0 {
        steps.push(number);
    }
    if found.is_empty() {
        return error;
    }
    let step = |number: &u64| format!("`touchbase undo {number}`");
    let steps: Vec<String> = steps.iter().map(step).collect();
    error.hint(format!("first {}", steps.join(", then ")))
}

/// `Ana and Bo were changed since; others link to Acme`.
fn why(blocked: &[Record], linked: &[(Record, Id)]) -> String {
    let titles = |records: &mut dyn Iterator<Item = &Record>| {
        let mut titles: Vec<String> = Vec::new();
        for record in records {
            if !titles.iter().any(|title| title == record.title()) {
                titles.push(record.title().to_owned());
            }
        }
        titles
    };
    let mut parts = Vec::new();
    let changed = titles(&mut blocked.iter());
    if !changed.is_empty() {
        let were = if changed.len() == 1 { "was" } else { "were" };
        parts.push(format!("{} {were} changed since", words::names(&changed)));
    }
    let made = titles(&mut linked.iter().map(|(made, _)| made));
    if !made.is_empty() {
        parts.push(format!("others link to {}", words::names(&made)));
    }
    parts.join("; ")
}

/// Collects the later changes that must be taken back first, with those that stand on them.
struct Later<'a> {
    session: &'a Session,
    found: BTreeMap<u64, ChangeHead>,
    heads: BTreeMap<u64, Option<ChangeHead>>,
}

impl<'a> Later<'a> {
    const fn new(session: &'a Session) -> Self {
        Self {
            session,
            found: BTreeMap::new(),
            heads: BTreeMap::new(),
        }
    }

    /// Changes after that number that touched a record and still count.
    fn touching(&mut self, id: Id, number: u64) {
        for head in self.counting(id, number) {
            self.add(head);
        }
    }

    /// Those since a record links to another.
    fn linking(&mut self, id: Id, to: Id, number: u64) {
        for head in self.counting(id, number) {
            let edits = self.session.change_edits(head.number).unwrap_or_default();
            let edit = edits.into_iter().find(|edit| edit.id() == Some(id));
            let linked_before = edit.and_then(|edit| edit.before).is_some_and(|before| {
                let mut fields = before.kind.fields.iter();
                fields.any(|field| before.linked(field).contains(&to))
            });
            self.add(head);
            if !linked_before {
                break;
            }
        }
    }

    /// The changes of a record after that number, the newest first, without those that were
    /// taken back and those that took them back.
    fn counting(&mut self, id: Id, number: u64) -> Vec<ChangeHead> {
        let mut taken_back = TakenBack::default();
        let mut counting = Vec::new();
        let numbers = self.session.changes_of(id).unwrap_or_default();
        for later in numbers.into_iter().take_while(|&later| later > number) {
            let Some(head) = self.head(later) else {
                break;
            };
            let is_undone = taken_back.see(&head).is_some();
            let undoes_later =
                matches!(head.cause, Cause::Undo(other) | Cause::Redo(other) if other > number);
            if !is_undone && !undoes_later {
                counting.push(head);
            }
        }
        counting
    }

    fn head(&mut self, number: u64) -> Option<ChangeHead> {
        let session = self.session;
        self.heads
            .entry(number)
            .or_insert_with(|| session.change_head(number).ok().flatten())
            .clone()
    }

    /// Adds a change, and what stands on it.
    fn add(&mut self, head: ChangeHead) {
        let number = head.number;
        if self.found.len() >= MOST_LOOKED_FOR || self.found.insert(number, head).is_some() {
            return;
        }
        let edits = self.session.change_edits(number).unwrap_or_default();
        for id in edits.iter().take(MOST_RECORDS).filter_map(Edit::id) {
            self.touching(id, number);
        }
        let linked = linked_later(self.session, &edits).unwrap_or_default();
        for (made, linking) in linked.into_iter().take(MOST_RECORDS) {
            self.linking(linking, made.id, number);
        }
    }
}
