//! A store whose files are damaged, put together again from everything that can be read: the
//! tree, as far as it goes, its log, and whatever lies in the raw files. The damaged files are
//! kept aside.
//!
//! Of each record the newest version counts whose change is whole. The tree has the last word on
//! what was removed, as long as all of it can be read; else the log has.

mod versions;

use super::carve::{Remains, carve};
use super::codec::{self, LogPart};
use super::copy::Copy;
use super::disk::DiskStore;
use super::folder::StoreFolder;
use super::rebuild::{Rebuild, TREE, free_name};
use super::session::{FIRST, LAST, is_fact};
use super::{Direction, Pair, Store, StoreError, keys, migrate};
use crate::domain::id::Id;
use crate::domain::kind::Kind;
use crate::domain::record::Record;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::PathBuf;
use versions::Versions;

/// A record that could not be brought back, or not as it was last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    /// Its kind.
    pub kind: &'static Kind,
    /// Its identity.
    pub id: Id,
    /// What it is called, as far as anything still says so.
    pub title: String,
    /// Whether an older version of it is there.
    pub is_older: bool,
}

/// What was put together.
#[derive(Clone, Debug, Default)]
pub struct Salvaged {
    /// How many records came from the tree.
    pub from_tree: u64,
    /// How many came from the log or from raw bytes.
    pub brought_back: u64,
    /// Those that are gone, or older than they were.
    pub lost: Vec<Loss>,
    /// The numbers of changes that are not in the log any more.
    pub lost_changes: Vec<u64>,
    /// The first change that is in the log.
    pub first: u64,
    /// The last change.
    pub last: u64,
    /// Where the damaged files are.
    pub aside: Option<PathBuf>,
}

/// Puts a store together from what can be read and puts it in its own place.
///
/// # Errors
/// When the store is held for too long, is of a newer or older version, or the system refuses.
/// The store is as it was then.
pub fn repair(folder: &StoreFolder) -> Result<Salvaged, StoreError> {
    let lock = folder.lock()?;
    let path = folder.path();
    let mut pool = Pool::new(carve(path)?);
    pool.told = folder.head().map_or(0, |head| head.number);
    if path.join(TREE).exists() {
        let copy = Copy::make(path)?;
        match DiskStore::open(&copy.tree()) {
            Ok(store) => pool.read(&store)?,
            Err(StoreError::Newer { found, known }) => {
                return Err(StoreError::Newer { found, known });
            }
            Err(_) => pool.is_broken = true,
        }
    } else {
        pool.is_broken = true;
    }
    let (mut salvaged, versions, log) = pool.settle();
    let mut fresh = Rebuild::begin(path)?;
    migrate::mark(&mut fresh)?;
    for (key, value) in pool.facts {
        fresh.put(key, value)?;
    }
    for version in versions.best().values() {
        fresh.put_record(&version.record)?;
    }
    for part in log.iter().filter(|part| part.number >= salvaged.first) {
        fresh.put_log(part)?;
    }
    if salvaged.first > 1 {
        fresh.put(keys::meta(FIRST), salvaged.first.to_be_bytes().to_vec())?;
    }
    fresh.put(keys::meta(LAST), salvaged.last.to_be_bytes().to_vec())?;
    salvaged.aside = fresh.finish(folder.path(), Some(&free_name(path, "damaged")))?;
    drop(lock);
    Ok(salvaged)
}

/// The parts of one try at a change: by number and stamp, then by place.
type Tries = BTreeMap<(u64, u32), BTreeMap<u32, LogPart>>;

/// Everything that was read, before it is decided what counts.
#[derive(Default)]
struct Pool {
    /// Whether the tree could not be read whole.
    is_broken: bool,
    /// The records of the tree.
    tree: HashMap<Id, Record>,
    /// Ids that an index, or a record's own key, says exist.
    known: BTreeMap<Id, &'static Kind>,
    /// Words of titles, by id.
    words: BTreeMap<Id, BTreeSet<String>>,
    /// The last change that touched a record, as the index says.
    touched: HashMap<Id, u64>,
    /// The last change, as the tree says, and the first; the latter none when it does not.
    last: u64,
    first: Option<u64>,
    /// The last change, as the head file says.
    told: u64,
    facts: Vec<Pair>,
    tries: Tries,
    /// Versions from raw bytes.
    loose: Vec<Record>,
}

impl Pool {
    /// What was found in raw bytes.
    fn new(remains: Remains) -> Self {
        let mut pool = Self {
            loose: remains.records,
            ..Self::default()
        };
        for part in remains.parts {
            pool.add_part(part);
        }
        pool
    }

    /// Reads a tree, from both ends of each part of it when something in between is damaged.
    fn read(&mut self, store: &dyn Store) -> Result<(), StoreError> {
        if let Some(found) = migrate::older(store).unwrap_or(None) {
            return Err(StoreError::Damaged(format!(
                "its schema is {found}, which this version cannot repair"
            )));
        }
        let parts = (0..u8::MAX).map(|letter| vec![letter]..vec![letter + 1]);
        let by_kind = (0..u8::MAX).map(|kind| vec![b'r', kind]..vec![b'r', kind + 1]);
        let parts = parts.filter(|range| range.start[0] != b'r');
        for range in parts.chain(by_kind) {
            for direction in [Direction::Up, Direction::Down] {
                let mut is_whole = true;
                for pair in store.scan(range.clone(), direction) {
                    match pair {
                        Ok(pair) => self.take(pair),
                        Err(_) => is_whole = false,
                    }
                }
                if is_whole {
                    break;
                }
                self.is_broken = true;
            }
        }
        Ok(())
    }

    fn take(&mut self, (key, value): Pair) {
        match key.first() {
            Some(b'r') => {
                let Some((kind, id)) = keys::record_of(&key) else {
                    return;
                };
                self.known.insert(id, kind);
                if let Ok(record) = codec::decode_record(&value) {
                    self.tree.insert(id, record);
                }
            }
            Some(b'l') => {
                if let Ok(part) = codec::decode_log(&value) {
                    self.add_part(part);
                }
            }
            Some(b'h') => {
                let id = key.get(..17).and_then(keys::last_id);
                if let Some((id, number)) = id.zip(keys::last_number(&key)) {
                    let last = self.touched.entry(id).or_default();
                    *last = number.max(*last);
                }
            }
            Some(b'd') => {
                let id = std::str::from_utf8(&key[1..]).ok().and_then(Id::parse);
                let kind = value
                    .first()
                    .and_then(|&n| crate::domain::kind_by_number(n));
                self.known.extend(id.zip(kind));
            }
            Some(b'w') => {
                if let Some((id, word)) = keys::last_id(&key).zip(keys::word_of(&key)) {
                    self.words.entry(id).or_default().insert(word.to_owned());
                }
            }
            Some(b'm') => self.take_fact(key, value),
            _ => {}
        }
    }

    fn take_fact(&mut self, key: Vec<u8>, value: Vec<u8>) {
        let number = <[u8; 8]>::try_from(value.as_slice()).map(u64::from_be_bytes);
        if key == keys::meta(LAST) {
            self.last = number.unwrap_or(0);
        } else if key == keys::meta(FIRST) {
            self.first = number.ok();
        } else if is_fact(&key) {
            self.facts.push((key, value));
        }
    }

    fn add_part(&mut self, part: LogPart) {
        let of_try = self.tries.entry((part.number, part.stamp)).or_default();
        of_try.entry(part.place).or_insert(part);
    }

    /// Decides what counts: the records, and the parts of the log in order.
    fn settle(&mut self) -> (Salvaged, Versions, Vec<LogPart>) {
        let (whole, torn) = self.sort_tries();
        let numbers: BTreeSet<u64> = whole.iter().map(|part| part.number).collect();
        let newest = numbers.last().copied().unwrap_or(0);
        // A change that others followed was whole once: what is left of it counts.
        let made = newest.max(self.last).max(self.told);
        let (damaged, torn): (Vec<_>, Vec<_>) = torn
            .into_iter()
            .partition(|part| part.number <= made && !numbers.contains(&part.number));
        let mut counted = [whole.as_slice(), &damaged].concat();
        counted.sort_by_key(|part| part.number);
        let mut versions = Versions::new(&counted, &torn);
        for record in std::mem::take(&mut self.tree).into_values() {
            versions.offer(record, true);
        }
        // A tree that can be read whole knows best what there was up to its last change.
        let counts = |id: Id| self.is_broken || self.known.contains_key(&id);
        for part in counted.iter().chain(&torn) {
            for edit in &part.edits {
                for version in [&edit.before, &edit.after].into_iter().flatten() {
                    if counts(version.id) || part.number > self.last {
                        versions.offer(version.clone(), false);
                    }
                }
            }
        }
        for version in std::mem::take(&mut self.loose) {
            if counts(version.id) {
                versions.offer(version, false);
            }
        }
        versions.drop_removed();
        let salvaged = self.sum_up(&versions, &whole);
        (salvaged, versions, whole)
    }

    /// The parts of tries that are whole, in order, and those of tries that are not.
    fn sort_tries(&mut self) -> (Vec<LogPart>, Vec<LogPart>) {
        let (mut whole, mut torn) = (Vec::<LogPart>::new(), Vec::new());
        for ((number, _), parts) in std::mem::take(&mut self.tries) {
            let of = parts.values().next().map_or(0, |part| part.of);
            let is_first = whole.last().is_none_or(|last| last.number != number);
            if u32::try_from(parts.len()) == Ok(of) && is_first {
                whole.extend(parts.into_values());
            } else {
                torn.extend(parts.into_values());
            }
        }
        (whole, torn)
    }

    fn sum_up(&self, versions: &Versions, log: &[LogPart]) -> Salvaged {
        let changes: HashSet<u64> = log.iter().map(|part| part.number).collect();
        let newest = changes.iter().max().copied().unwrap_or(0);
        let last = self.last.max(newest);
        let oldest = changes.iter().min().copied().unwrap_or(last + 1);
        let first = self.first.unwrap_or(oldest);
        let from_tree = versions.best().values().filter(|one| one.is_from_tree);
        let from_tree = from_tree.count();
        let brought_back = versions.best().len() - from_tree;
        let mut lost = Vec::new();
        for (&id, &kind) in &self.known {
            let title = match versions.best().get(&id) {
                Some(version) if version.is_from_tree => continue,
                Some(version) => {
                    let last = self.touched.get(&id);
                    if last.is_none_or(|number| changes.contains(number)) {
                        continue;
                    }
                    version.record.title().to_owned()
                }
                None if versions.is_gone(id) => continue,
                None => {
                    let words: Vec<&str> = self
                        .words
                        .get(&id)
                        .into_iter()
                        .flatten()
                        .map(String::as_str)
                        .collect();
                    words.join(" ")
                }
            };
            let is_older = versions.best().contains_key(&id);
            lost.push(Loss {
                kind,
                id,
                title,
                is_older,
            });
        }
        Salvaged {
            from_tree: u64::try_from(from_tree).unwrap_or(u64::MAX),
            brought_back: u64::try_from(brought_back).unwrap_or(u64::MAX),
            lost,
            // A tree that cannot say where its log began may have begun at the first change.
            lost_changes: (self.first.unwrap_or(1)..=last)
                .filter(|number| !changes.contains(number))
                .collect(),
            first,
            last,
            aside: None,
        }
    }
}
