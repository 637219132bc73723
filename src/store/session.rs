//! A session: a store opened for one piece of work, read and committed as records.
//!
//! A change is one batch when it is small. A large one is written in parts under one number
//! and counts only when its last part is in; what a killed process left of one is taken back
//! when the next session opens.

use super::codec::{self, LogPart};
use super::head::{Head, HeadFile};
use super::{Batch, Direction, Pair, Store, StoreError, keys, migrate};
use crate::domain::KINDS;
use crate::domain::change::{ChangeHead, ChangeSet, Edit};
use crate::domain::field::{Index, Shape};
use crate::domain::id::{Id, SHORTEST_PREFIX};
use crate::domain::kind::Kind;
use crate::domain::record::Record;
use std::collections::BTreeSet;
use std::fs::File;

/// The number of the last change.
const LAST: &str = "last-change";
/// The number of a change whose last part is not in yet.
const PENDING: &str = "pending-change";
/// A part of a change holds about so many bytes of records: well under sled's segment.
const PART_BYTES: usize = 16 * 1024;

/// A store, opened for one piece of work.
pub struct Session {
    // Dropped in this order: the lock must outlive the tree.
    store: Box<dyn Store>,
    last: u64,
    head_file: Option<HeadFile>,
    _lock: Option<File>,
}

impl Session {
    /// Takes a store: brings it to the present schema and takes back an unfinished change.
    ///
    /// # Errors
    /// When it is damaged, of a newer version, or cannot be read.
    pub fn open(
        mut store: Box<dyn Store>,
        head_file: Option<HeadFile>,
        lock: Option<File>,
    ) -> Result<Self, StoreError> {
        migrate::bring_up_to_date(&mut *store)?;
        let mut session = Self {
            store,
            last: 0,
            head_file,
            _lock: lock,
        };
        session.take_back_unfinished()?;
        session.last = session.number(LAST)?.unwrap_or(0);
        let told = session.head_file.as_ref().and_then(HeadFile::read);
        if session.head_file.is_some() && told.map(|head| head.number) != Some(session.last) {
            session.write_head()?;
        }
        Ok(session)
    }

    /// The number of the last change; 0 in an empty store.
    pub const fn last_change(&self) -> u64 {
        self.last
    }

    /// A record, in whatever state.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn get(&self, kind: &'static Kind, id: Id) -> Result<Option<Record>, StoreError> {
        let found = self.store.get(&keys::record(kind.number, id))?;
        found.as_deref().map(codec::decode_record).transpose()
    }

    /// All records of a kind in the order in which they came to be.
    pub fn all(&self, kind: &'static Kind) -> impl Iterator<Item = Result<Record, StoreError>> {
        let pairs = self.store.scan(keys::records(kind.number), Direction::Up);
        pairs.map(|pair| codec::decode_record(&pair?.1))
    }

    /// Records whose id's text begins so, at most `limit`.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn find_id(
        &self,
        beginning: &str,
        limit: usize,
    ) -> Result<Vec<(&'static Kind, Id)>, StoreError> {
        let pairs = self.store.scan(
            keys::id_texts(&beginning.to_ascii_lowercase()),
            Direction::Up,
        );
        let mut found = Vec::new();
        for pair in pairs.take(limit) {
            let (key, value) = pair?;
            let id = std::str::from_utf8(&key[1..]).ok().and_then(Id::parse);
            let kind = value
                .first()
                .and_then(|&number| crate::domain::kind_by_number(number));
            found.extend(kind.zip(id));
        }
        Ok(found)
    }

    /// The shortest text that means this id alone, of at least [`SHORTEST_PREFIX`] characters.
    ///
    /// # Errors
    /// When the neighbours cannot be read.
    pub fn short_id(&self, id: Id) -> Result<String, StoreError> {
        let text = id.text();
        let all = keys::all_id_texts();
        let own = keys::id_text(&text);
        let mut behind = own.clone();
        behind.push(0);
        let before = self
            .store
            .scan(all.start..own, Direction::Down)
            .next()
            .transpose()?;
        let after = self
            .store
            .scan(behind..all.end, Direction::Up)
            .next()
            .transpose()?;
        let shared = |neighbour: Option<Pair>| {
            let key = neighbour.map(|(key, _)| key).unwrap_or_default();
            text.bytes()
                .zip(key.into_iter().skip(1))
                .take_while(|(own, other)| own == other)
                .count()
        };
        let length = shared(before).max(shared(after)) + 1;
        Ok(text[..length.clamp(SHORTEST_PREFIX, text.len())].to_owned())
    }

    /// Records with a value in a field, by its compared form.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn find_exact(
        &self,
        kind: &'static Kind,
        field: u16,
        compared: &str,
    ) -> Result<Vec<Id>, StoreError> {
        self.ids(keys::exact(kind.number, field, compared))
    }

    /// Records with a foreign id.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn find_external(
        &self,
        kind: &'static Kind,
        source: &str,
        id: &str,
    ) -> Result<Vec<Id>, StoreError> {
        self.ids(keys::external(kind.number, source, id))
    }

    /// Words of a field that begin so, each with the record that has it.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn find_words(
        &self,
        kind: &'static Kind,
        field: u16,
        beginning: &str,
    ) -> Result<Vec<(String, Id)>, StoreError> {
        let mut found = Vec::new();
        for pair in self.store.scan(
            keys::words_from(kind.number, field, beginning),
            Direction::Up,
        ) {
            let (key, _) = pair?;
            let word = keys::word_of(&key).map(str::to_owned);
            found.extend(word.zip(keys::last_id(&key)));
        }
        Ok(found)
    }

    /// Records whose time in a field lies in a range of milliseconds, the earliest first.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn find_time(
        &self,
        kind: &'static Kind,
        field: u16,
        from: i64,
        to: i64,
    ) -> Result<Vec<Id>, StoreError> {
        self.ids(keys::times(kind.number, field, from, to))
    }

    /// Records of a kind that link to a record, the newest first.
    ///
    /// # Errors
    /// When a record cannot be read.
    pub fn linked_from(
        &self,
        target: Id,
        kind: &'static Kind,
        limit: usize,
    ) -> Result<Vec<Record>, StoreError> {
        let mut found = Vec::new();
        let mut seen = BTreeSet::new();
        for pair in self
            .store
            .scan(keys::links(target, kind.number), Direction::Down)
        {
            let Some(id) = keys::last_id(&pair?.0).filter(|&id| seen.insert(id)) else {
                continue;
            };
            if found.len() == limit {
                break;
            }
            found.extend(self.get(kind, id)?.filter(Record::is_active));
        }
        Ok(found)
    }

    /// The ids of all records that link to a record, whatever their kind and state.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn all_linked_from(&self, target: Id) -> Result<Vec<Id>, StoreError> {
        self.ids(keys::all_links(target))
    }

    fn ids(&self, range: std::ops::Range<Vec<u8>>) -> Result<Vec<Id>, StoreError> {
        let pairs = self.store.scan(range, Direction::Up);
        pairs
            .filter_map(|pair| pair.map(|(key, _)| keys::last_id(&key)).transpose())
            .collect()
    }

    /// The head of a change in the log.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn change_head(&self, number: u64) -> Result<Option<ChangeHead>, StoreError> {
        let found = self.store.get(&keys::log(number, 0))?;
        Ok(found
            .as_deref()
            .map(codec::decode_log)
            .transpose()?
            .and_then(|part| part.head))
    }

    /// The records of a change, before and after.
    ///
    /// # Errors
    /// When a part cannot be read.
    pub fn change_edits(&self, number: u64) -> Result<Vec<Edit>, StoreError> {
        let mut edits = Vec::new();
        for pair in self.store.scan(keys::log_parts(number), Direction::Up) {
            edits.extend(codec::decode_log(&pair?.1)?.edits);
        }
        Ok(edits)
    }

    /// The numbers of the changes that touched a record, the newest first.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn changes_of(&self, id: Id) -> Result<Vec<u64>, StoreError> {
        let pairs = self.store.scan(keys::histories(id), Direction::Down);
        pairs
            .filter_map(|pair| pair.map(|(key, _)| keys::last_number(&key)).transpose())
            .collect()
    }

    /// A fact that the program keeps beside the records, such as what it has told already.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn fact(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.store.get(&keys::meta(name))
    }

    /// Keeps a fact. It is not part of the log.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn keep_fact(&mut self, name: &str, value: Vec<u8>) -> Result<(), StoreError> {
        let mut batch = Batch::default();
        batch.put(keys::meta(name), value);
        self.store.commit(&batch)
    }

    /// Commits a change whole or not at all, and gives its number. On return it is durable.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when a record is not in the version that the change was made
    /// from; else what the system says. Nothing is changed then.
    pub fn commit(&mut self, change: ChangeSet) -> Result<u64, StoreError> {
        // An earlier commit may have failed, and taking it back as well; this one has its number.
        self.take_back_unfinished()?;
        let number = self.last + 1;
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
        let count = u32::try_from(parts.len()).unwrap_or(u32::MAX);
        let mut head = Some(ChangeHead {
            number,
            at,
            who,
            cause,
            summary,
            records,
            parts: count,
        });
        for (place, edits) in (0..count).zip(parts) {
            let mut batch = Batch::default();
            for edit in &edits {
                write_edit(edit, number, &mut batch)?;
            }
            let part = LogPart {
                head: head.take(),
                edits,
            };
            batch.put(keys::log(number, place), codec::encode_log(&part)?);
            if place + 1 == count {
                batch.put(keys::meta(LAST), number.to_be_bytes().to_vec());
                batch.remove(keys::meta(PENDING));
            } else {
                batch.put(keys::meta(PENDING), number.to_be_bytes().to_vec());
            }
            if let Err(error) = self.store.commit(&batch) {
                // What is in already is taken back now if that can be, else by the next session.
                let _ = self.take_back_unfinished();
                return Err(error);
            }
        }
        self.last = number;
        // The change is durable; the head file is a hint that the next session mends.
        let _ = self.write_head();
        Ok(number)
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

    fn take_back_unfinished(&mut self) -> Result<(), StoreError> {
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

    fn number(&self, name: &str) -> Result<Option<u64>, StoreError> {
        let Some(bytes) = self.store.get(&keys::meta(name))? else {
            return Ok(None);
        };
        let bytes = <[u8; 8]>::try_from(bytes.as_slice())
            .map_err(|_| StoreError::Damaged(format!("the fact `{name}` is cut short")))?;
        Ok(Some(u64::from_be_bytes(bytes)))
    }

    fn write_head(&self) -> Result<(), StoreError> {
        let Some(file) = &self.head_file else {
            return Ok(());
        };
        let next_due = self.next_due()?;
        file.write(Head {
            number: self.last,
            next_due,
        })
    }

    /// The earliest time at which anything live is due.
    fn next_due(&self) -> Result<Option<i64>, StoreError> {
        let mut earliest = None;
        for kind in KINDS {
            let timed = |field: &&&crate::domain::field::Field| {
                field.index == Index::Time && field.shape == Shape::Due
            };
            for field in kind.fields.iter().filter(|field| timed(&field)) {
                let range = keys::times(kind.number, field.number, i64::MIN, i64::MAX);
                let first = self.store.scan(range, Direction::Up).next().transpose()?;
                let time = first.and_then(|(key, _)| keys::time_of(&key));
                earliest = [earliest, time].into_iter().flatten().min();
            }
        }
        Ok(earliest)
    }
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
    let entries = |record: &Option<Record>| -> BTreeSet<Vec<u8>> {
        record
            .as_ref()
            .map(keys::entries)
            .unwrap_or_default()
            .into_iter()
            .collect()
    };
    let (before, after) = (entries(&edit.before), entries(&edit.after));
    for key in before.difference(&after) {
        batch.remove(key.clone());
    }
    for key in after.difference(&before) {
        let value = if key.first() == Some(&b'd') {
            vec![either.kind.number]
        } else {
            Vec::new()
        };
        batch.put(key.clone(), value);
    }
    let key = keys::record(either.kind.number, either.id);
    match &edit.after {
        Some(record) => batch.put(key, codec::encode_record(record)?),
        None => batch.remove(key),
    }
    batch.put(keys::history(either.id, number), Vec::new());
    Ok(())
}
