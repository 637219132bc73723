//! A session: a store opened for one piece of work, read and committed as records.
//!
//! How a change is written is in `commit.rs`.

use super::codec;
use super::head::{Head, HeadFile};
use super::names::NamesFile;
use super::{Batch, Direction, Pair, Store, StoreError, keys, migrate};
use crate::domain::KINDS;
use crate::domain::change::{ChangeHead, Edit};
use crate::domain::field::{Index, Shape};
use crate::domain::id::{Id, SHORTEST_PREFIX};
use crate::domain::kind::Kind;
use crate::domain::record::Record;
use std::collections::BTreeSet;
use std::fs::File;

/// The number of the last change.
pub(super) const LAST: &str = "last-change";
/// The number of the oldest change that is still in the log; 1 when it is missing.
pub(super) const FIRST: &str = "first-change";
/// The number of a change whose last part is not in yet.
pub(super) const PENDING: &str = "pending-change";

/// A store, opened for one piece of work.
pub struct Session {
    // Dropped in this order: the lock must outlive the tree.
    pub(super) store: Box<dyn Store>,
    pub(super) last: u64,
    pub(super) first: u64,
    head_file: Option<HeadFile>,
    /// Whether commits wait to be written together.
    pub(super) groups: bool,
    pub(super) names: Option<NamesFile>,
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
        migrate::admit(&mut *store)?;
        let mut session = Self {
            store,
            last: 0,
            first: 1,
            head_file,
            groups: false,
            names: None,
            _lock: lock,
        };
        session.take_back_unfinished()?;
        session.last = session.number(LAST)?.unwrap_or(0);
        session.first = session.number(FIRST)?.unwrap_or(1);
        let told = session.head_file.as_ref().and_then(HeadFile::read);
        let told = told.map(|head| head.number);
        if told > Some(session.last) {
            return Err(StoreError::Damaged(format!(
                "its last change is number {}, and number {} was made",
                session.last,
                told.unwrap_or_default()
            )));
        }
        if session.head_file.is_some() && told != Some(session.last) {
            session.write_head()?;
        }
        Ok(session)
    }

    /// The number of the last change; 0 in an empty store.
    pub const fn last_change(&self) -> u64 {
        self.last
    }

    /// The number of the oldest change that is still in the log.
    pub const fn first_change(&self) -> u64 {
        self.first
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

    /// Values of a field whose compared form begins so, each with the record that has it.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn find_exact_from(
        &self,
        kind: &'static Kind,
        field: u16,
        beginning: &str,
    ) -> Result<Vec<(String, Id)>, StoreError> {
        self.texts(keys::exact_from(kind.number, field, beginning))
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
        self.texts(keys::words_from(kind.number, field, beginning))
    }

    /// The texts of index entries, each with the record that has it.
    fn texts(&self, range: std::ops::Range<Vec<u8>>) -> Result<Vec<(String, Id)>, StoreError> {
        let mut found = Vec::new();
        for pair in self.store.scan(range, Direction::Up) {
            let (key, _) = pair?;
            let text = keys::word_of(&key).map(str::to_owned);
            found.extend(text.zip(keys::last_id(&key)));
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

    /// From here on changes form groups: they are seen at once, but last only when
    /// [`Self::finish_group`] has returned.
    pub fn begin_group(&mut self) {
        self.groups = true;
        self.store.begin_group();
    }

    /// Makes the changes since the last group last.
    ///
    /// # Errors
    /// When they cannot be written: nobody may count on any of them, and the session is of no
    /// more use.
    pub fn finish_group(&mut self) -> Result<(), StoreError> {
        if self.groups {
            self.store.finish_group()?;
            let _ = self.write_head();
        }
        Ok(())
    }

    pub(super) fn number(&self, name: &str) -> Result<Option<u64>, StoreError> {
        number_in(&*self.store, name)
    }

    pub(super) fn write_head(&self) -> Result<(), StoreError> {
        let Some(file) = &self.head_file else {
            return Ok(());
        };
        // A tree that refuses to be read is no reason to keep silent about a change.
        let next_due = self
            .next_due()
            .unwrap_or_else(|_| file.read().and_then(|head| head.next_due));
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

/// A number that the store keeps of itself.
///
/// # Errors
/// When it cannot be read.
pub(super) fn number_in(store: &dyn Store, name: &str) -> Result<Option<u64>, StoreError> {
    let Some(bytes) = store.get(&keys::meta(name))? else {
        return Ok(None);
    };
    let bytes = <[u8; 8]>::try_from(bytes.as_slice())
        .map_err(|_| StoreError::Damaged(format!("the fact `{name}` is cut short")))?;
    Ok(Some(u64::from_be_bytes(bytes)))
}

/// Whether a key is that of something that the program keeps beside the records, and that
/// neither records nor log tell.
pub(super) fn is_fact(key: &[u8]) -> bool {
    let own = [FIRST, LAST, PENDING]
        .iter()
        .any(|name| key == keys::meta(name));
    keys::all_meta().contains(&key.to_vec()) && !own && !migrate::is_schema(key)
}
