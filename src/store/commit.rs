//! How a change is written: one batch when it is small; a large one in parts under one number,
//! which counts only when its last part is in. What a killed process left of one is taken back
//! when the next session opens.

use super::codec::{self, LogPart};
use super::session::{FIRST, LAST, PENDING, Session};
use super::{Batch, Direction, Pair, StoreError, keys, names};
use crate::domain::change::{ChangeHead, ChangeSet, Edit};
use crate::domain::id::Id;
use crate::domain::record::Record;
use std::collections::BTreeMap;

/// A part of a change holds about so many bytes of records: well under sled's segment.
const PART_BYTES: usize = 16 * 1024;
/// The log is cut when it is longer than wanted by so many changes, so that few commits pay.
const TRIM_STEP: u64 = 256;

impl Session {
    /// Commits a change whole or not at all, and gives its number. On return it is durable.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when a record is not in the version that the change was made
    /// from; else what the system says. Nothing is changed then.
    pub fn commit(&mut self, change: ChangeSet) -> Result<u64, StoreError> {
        // An earlier commit may have failed, and taking it back as well; this one has its number.
        self.take_back_unfinished()?;
        let number = self.last + 1;
        let (head, parts) = self.prepare(number, change)?;
        let (stamp, of) = (stamp(&head, &parts), head.parts);
        let names = self
            .names
            .is_some()
            .then(|| names::lines(parts.iter().flatten()));
        let mut head = Some(head);
        for (place, edits) in (0..of).zip(parts) {
            let part = LogPart {
                number,
                place,
                of,
                stamp,
                head: head.take(),
                edits,
            };
            if let Err(error) = self.store.commit(&write_part(&part)?) {
                // What is in already is taken back now if that can be, else by the next session.
                let _ = self.take_back_unfinished();
                return Err(error);
            }
        }
        self.last = number;
        if let Some(lines) = names {
            self.tell_names(number, &lines);
        }
        if !self.groups {
            // The change is durable; the head file is mended by the next session.
            let _ = self.write_head();
        }
        Ok(number)
    }

    /// Checks what a change was made from, gives revisions, and cuts it into parts.
    fn prepare(
        &self,
        number: u64,
        change: ChangeSet,
    ) -> Result<(ChangeHead, Vec<Vec<Edit>>), StoreError> {
        let ChangeSet {
            at,
            who,
            cause,
            summary,
            mut edits,
        } = change;
        for edit in &mut edits {
            self.check(edit)?;
            let revision = match (&edit.before, &edit.after) {
                (Some(before), _) => before.revision,
                (None, Some(after)) if after.revision > 0 => self.last_revision(after.id)?,
                (None, _) => 0,
            };
            if let Some(after) = &mut edit.after {
                after.revision = after.revision.max(revision) + 1;
                after.updated = at;
            }
        }
        let records = u64::try_from(edits.len()).unwrap_or(u64::MAX);
        let parts = split(edits)?;
        let head = ChangeHead {
            number,
            at,
            who,
            cause,
            summary,
            records,
            parts: u32::try_from(parts.len()).unwrap_or(u32::MAX),
        };
        Ok((head, parts))
    }

    /// Takes the oldest changes out of the log until the last `keep` are left; 0 keeps all. What
    /// is left can be undone as before.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub fn trim_log(&mut self, keep: u64) -> Result<(), StoreError> {
        let has = (self.last + 1).saturating_sub(self.first);
        if keep == 0 || has < keep.saturating_add(TRIM_STEP) {
            return Ok(());
        }
        let first = self.last + 1 - keep;
        while self.first < first {
            let mut batch = Batch::default();
            let end = first.min(self.first + TRIM_STEP);
            for number in self.first..end {
                for pair in self.store.scan(keys::log_parts(number), Direction::Up) {
                    let (key, bytes) = pair?;
                    for edit in codec::decode_log(&bytes)?.edits {
                        let touched = edit.id().map(|id| keys::history(id, number));
                        batch.removals.extend(touched);
                    }
                    batch.remove(key);
                }
            }
            batch.put(keys::meta(FIRST), end.to_be_bytes().to_vec());
            self.store.commit(&batch)?;
            self.first = end;
        }
        Ok(())
    }

    /// Whether the stored version is the one that an edit was made from.
    fn check(&self, edit: &Edit) -> Result<(), StoreError> {
        let Some(either) = edit.either() else {
            return Ok(());
        };
        let stored = self.get(either.kind, either.id)?;
        let revision = |record: Option<&Record>| record.map(|record| record.revision);
        if revision(stored.as_ref()) == revision(edit.before.as_ref()) {
            Ok(())
        } else {
            Err(StoreError::Conflict {
                kind: either.kind,
                id: either.id,
            })
        }
    }

    /// The revision that a record had when it was removed: one that comes back goes on from
    /// there, so that no revision ever means two versions.
    fn last_revision(&self, id: Id) -> Result<u64, StoreError> {
        let Some(&number) = self.changes_of(id)?.first() else {
            return Ok(0);
        };
        let edits = self.change_edits(number)?.into_iter();
        let of_it = edits.filter(|edit| edit.id() == Some(id));
        let records = of_it.flat_map(|edit| [edit.before, edit.after]).flatten();
        Ok(records.map(|record| record.revision).max().unwrap_or(0))
    }

    pub(super) fn take_back_unfinished(&mut self) -> Result<(), StoreError> {
        let Some(number) = self.number(PENDING)? else {
            return Ok(());
        };
        let parts: Vec<Pair> = self
            .store
            .scan(keys::log_parts(number), Direction::Down)
            .collect::<Result<_, _>>()?;
        let count = parts.len();
        for (place, (key, bytes)) in parts.into_iter().enumerate() {
            let mut batch = Batch::default();
            for edit in codec::decode_log(&bytes)?.edits {
                let id = edit.id();
                let back = Edit {
                    before: edit.after,
                    after: edit.before,
                };
                write_edit(&back, number, &mut batch)?;
                if let Some(id) = id {
                    let touched = keys::history(id, number);
                    batch.puts.retain(|(key, _)| *key != touched);
                    batch.remove(touched);
                }
            }
            batch.remove(key);
            if place + 1 == count {
                batch.remove(keys::meta(PENDING));
            }
            self.store.commit(&batch)?;
        }
        Ok(())
    }
}

/// One part of a change as a batch; the last one makes the change count.
fn write_part(part: &LogPart) -> Result<Batch, StoreError> {
    let mut batch = Batch::default();
    for edit in &part.edits {
        write_edit(edit, part.number, &mut batch)?;
    }
    batch.put(keys::log(part.number, part.place), codec::encode_log(part)?);
    let number = part.number.to_be_bytes().to_vec();
    if part.place + 1 == part.of {
        batch.put(keys::meta(LAST), number);
        batch.remove(keys::meta(PENDING));
    } else {
        batch.put(keys::meta(PENDING), number);
    }
    Ok(batch)
}

/// A sum of what a change is about.
fn stamp(head: &ChangeHead, parts: &[Vec<Edit>]) -> u32 {
    let mut sum = crc32fast::Hasher::new();
    sum.update(head.summary.as_bytes());
    sum.update(&head.at.timestamp_millis().to_le_bytes());
    for record in parts.iter().flatten().filter_map(Edit::either) {
        sum.update(&record.id.bytes());
        sum.update(&record.revision.to_le_bytes());
    }
    sum.finalize()
}

/// Edits in parts of about [`PART_BYTES`]; at least one part.
fn split(edits: Vec<Edit>) -> Result<Vec<Vec<Edit>>, StoreError> {
    let mut parts = vec![Vec::new()];
    let mut size = 0;
    for edit in edits {
        for record in [&edit.before, &edit.after].into_iter().flatten() {
            size += codec::encode_record(record)?.len();
        }
        if let Some(part) = parts.last_mut() {
            part.push(edit);
        }
        if size >= PART_BYTES {
            parts.push(Vec::new());
            size = 0;
        }
    }
    if parts.len() > 1 && parts.last().is_some_and(Vec::is_empty) {
        parts.pop();
    }
    Ok(parts)
}

/// Adds what an edit does to records and indexes.
fn write_edit(edit: &Edit, number: u64, batch: &mut Batch) -> Result<(), StoreError> {
    let Some(either) = edit.either() else {
        return Ok(());
    };
    let entries = |record: &Option<Record>| -> BTreeMap<Vec<u8>, Vec<u8>> {
        record.iter().flat_map(keys::index_of).collect()
    };
    let (before, after) = (entries(&edit.before), entries(&edit.after));
    for key in before.keys().filter(|key| !after.contains_key(*key)) {
        batch.remove(key.clone());
    }
    for (key, value) in after
        .into_iter()
        .filter(|(key, _)| !before.contains_key(key))
    {
        batch.put(key, value);
    }
    let key = keys::record(either.kind.number, either.id);
    match &edit.after {
        Some(record) => batch.put(key, codec::encode_record(record)?),
        None => batch.remove(key),
    }
    batch.put(keys::history(either.id, number), Vec::new());
    Ok(())
}
