//! What is wrong with a store, found on a copy: sled cuts damaged files when it opens them, so
//! the files themselves are only read.

use super::copy::{Copy, is_copy};
use super::disk::DiskStore;
use super::folder::StoreFolder;
use super::head::HeadFile;
use super::rebuild::TREE;
use super::session::{FIRST, LAST, PENDING, number_in};
use super::{Direction, Pair, Store, StoreError, codec, keys, migrate};
use crate::domain::KINDS;
use crate::domain::change::Edit;
use crate::domain::id::Id;
use crate::domain::kind::Kind;
use crate::domain::record::Record;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

/// Something that is wrong with a store.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Fault {
    /// It cannot be opened: why.
    Unopenable(String),
    /// A file or folder that must be there is not.
    Missing(PathBuf),
    /// A part of the tree cannot be read: why.
    Unreadable(String),
    /// A record is damaged, missing, or older than the log says: the name of its kind, its id.
    Record(&'static str, Id),
    /// A part of the log is damaged or missing: the change's number.
    Log(u64),
    /// An index does not say what the records say: its letter in the keys.
    Index(char),
    /// Changes that were acknowledged are not there: the last that is, and the last that was.
    LostChanges(u64, u64),
}

/// Something to know about a store that is no damage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// Others than the user may read or change what lies there.
    OpenToOthers(PathBuf, u32),
    /// It was written by an older program: its schema.
    Older(u32),
    /// A large change was cut off; the next session takes it back.
    Unfinished(u64),
    /// A store that was put aside.
    Aside(PathBuf),
}

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// How many records of each kind could be read.
    pub records: Vec<(&'static Kind, u64)>,
    /// The first and the last change in the log.
    pub changes: (u64, u64),
    /// How large the files of the tree are, in bytes.
    pub bytes: u64,
    /// How large keys and values are, in bytes.
    pub live_bytes: u64,
    /// What is wrong.
    pub faults: Vec<Fault>,
    /// What is no damage, but should be known.
    pub notices: Vec<Notice>,
}

/// Looks at everything in a store. Nothing of it is changed; a store that is not there is empty.
///
/// # Errors
/// When the store is held for too long, is of a newer version, or cannot be copied.
pub fn examine(folder: &StoreFolder) -> Result<Findings, StoreError> {
    let mut findings = Findings::default();
    let path = folder.path();
    if !path.exists() {
        return Ok(findings);
    }
    let lock = folder.lock()?;
    let tree = path.join(TREE);
    let told = HeadFile::new(path).read().map_or(0, |head| head.number);
    findings.bytes = size_of(&tree);
    look_around(path, &mut findings);
    let has_been = told > 0 || path.join("head").exists();
    let needed = if tree.exists() { tree.join("db") } else { tree };
    if !needed.exists() {
        if has_been {
            findings.faults.push(Fault::Missing(needed));
        }
        return Ok(findings);
    }
    let copy = Copy::make(path)?;
    drop(lock);
    match DiskStore::open(&copy.tree()) {
        Ok(store) => walk(&store, told, &mut findings)?,
        Err(StoreError::Newer { found, known }) => return Err(StoreError::Newer { found, known }),
        Err(error) => findings
            .faults
            .push(Fault::Unopenable(copy.without(&error.reason()))),
    }
    Ok(findings)
}

/// The size of all files below a folder, in bytes.
pub(crate) fn size_of(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|entry| match entry.metadata() {
            Ok(data) if data.is_dir() => size_of(&entry.path()),
            Ok(data) => data.len(),
            Err(_) => 0,
        })
        .sum()
}

/// Modes, and what lies beside the tree.
fn look_around(path: &Path, findings: &mut Findings) {
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    let own = ["lock", "head", "names", TREE];
    let mut places = vec![path.to_owned()];
    for entry in entries {
        let name = entry.file_name().to_string_lossy().into_owned();
        let was_kept = name.starts_with("db.") && entry.path().is_dir();
        if was_kept && !is_copy(&name) {
            findings.notices.push(Notice::Aside(entry.path()));
        }
        if was_kept || own.contains(&&*name) {
            places.push(entry.path());
        }
    }
    for place in places {
        let Ok(data) = fs::metadata(&place) else {
            continue;
        };
        let mode = data.permissions().mode() & 0o777;
        let user = rustix::process::geteuid().as_raw();
        if mode & 0o077 != 0 || (data.uid() != user && user != 0) {
            findings.notices.push(Notice::OpenToOthers(place, mode));
        }
    }
    findings.notices.sort_by_key(|notice| format!("{notice:?}"));
}

/// The sum of what an index should be or is: the same pairs give the same sum in any order.
#[derive(Default, PartialEq, Eq)]
struct Sum {
    pairs: u64,
    hashes: u64,
}

impl Sum {
    fn add(&mut self, key: &[u8], value: &[u8]) {
        let mut hasher = DefaultHasher::new();
        (key, value).hash(&mut hasher);
        self.pairs += 1;
        self.hashes = self.hashes.wrapping_add(hasher.finish());
    }
}

/// What a walk over the tree adds up.
#[derive(Default)]
struct Walk {
    records: BTreeMap<u8, u64>,
    is: BTreeMap<u8, Sum>,
    ought: BTreeMap<u8, Sum>,
    /// Of each change: how many parts were read, how many it has, and how many records.
    log: BTreeMap<u64, (u32, u32)>,
    /// The revision of each record, and at which revision the log says that it is: of its last
    /// change, none when that removed it.
    revisions: HashMap<Id, u64>,
    logged: HashMap<Id, (u64, &'static Kind, Option<u64>)>,
}

/// Looks at everything in a tree.
///
/// # Errors
/// When the store is of a newer version.
pub(super) fn walk(
    store: &dyn Store,
    told: u64,
    findings: &mut Findings,
) -> Result<(), StoreError> {
    let unreadable = |error: StoreError| Fault::Unreadable(error.reason());
    if let Some(found) = migrate::older(store)? {
        findings.notices.push(Notice::Older(found));
        return Ok(());
    }
    let mut walk = Walk::default();
    for pair in store.scan(keys::everything(), Direction::Up) {
        match pair {
            Ok(pair) => walk.add(pair, findings),
            Err(error) => findings.faults.push(unreadable(error)),
        }
    }
    // What cannot be read was named by the scan already.
    let number = |name| number_in(store, name).unwrap_or_default();
    let (first, last) = (number(FIRST).unwrap_or(1), number(LAST).unwrap_or(0));
    findings.changes = (first, last);
    let pending = number(PENDING);
    findings.notices.extend(pending.map(Notice::Unfinished));
    if told > last {
        findings.faults.push(Fault::LostChanges(last, told));
    }
    for number in first..=last {
        let parts = walk.log.get(&number);
        if parts.is_none_or(|(read, of)| read != of) {
            findings.faults.push(Fault::Log(number));
        }
    }
    findings.faults.extend(walk.belated());
    for letter in *b"dewtkxh" {
        if walk.is.remove(&letter).unwrap_or_default()
            != walk.ought.remove(&letter).unwrap_or_default()
        {
            findings.faults.push(Fault::Index(letter.into()));
        }
    }
    let count = |kind: &'static Kind| walk.records.get(&kind.number).map(|&count| (kind, count));
    findings.records = KINDS.iter().filter_map(|kind| count(kind)).collect();
    let mut named = HashSet::new();
    findings.faults.retain(|fault| named.insert(fault.clone()));
    Ok(())
}

impl Walk {
    fn add(&mut self, (key, value): Pair, findings: &mut Findings) {
        findings.live_bytes += u64::try_from(key.len() + value.len()).unwrap_or(0);
        match key.first() {
            Some(b'r') => match codec::decode_record(&value) {
                Ok(record) if keys::record(record.kind.number, record.id) == key => {
                    self.add_record(&record);
                }
                _ => findings
                    .faults
                    .extend(keys::record_of(&key).map(|(kind, id)| Fault::Record(kind.name, id))),
            },
            Some(b'l') => match (codec::decode_log(&value), keys::log_of(&key)) {
                (Ok(part), Some(place)) if (part.number, part.place) == place => {
                    let read = self.log.entry(part.number).or_insert((0, part.of));
                    read.0 += 1;
                    for edit in &part.edits {
                        self.add_edit(edit, part.number);
                    }
                }
                (_, place) => {
                    findings
                        .faults
                        .push(Fault::Log(place.map_or(0, |(number, _)| number)));
                }
            },
            Some(b'm') | None => {}
            Some(&letter) => self.is.entry(letter).or_default().add(&key, &value),
        }
    }

    fn add_edit(&mut self, edit: &Edit, number: u64) {
        let Some(either) = edit.either() else {
            return;
        };
        let touched = keys::history(either.id, number);
        self.ought.entry(b'h').or_default().add(&touched, &[]);
        let revision = edit.after.as_ref().map(|record| record.revision);
        let logged = (number, either.kind, revision);
        let last = self.logged.entry(either.id).or_insert(logged);
        if number >= last.0 {
            *last = logged;
        }
    }

    /// Records that are not as their last change left them.
    fn belated(&self) -> impl Iterator<Item = Fault> {
        let logged = self.logged.iter();
        logged
            .filter(|(id, (_, _, revision))| self.revisions.get(id) != revision.as_ref())
            .map(|(id, (_, kind, _))| Fault::Record(kind.name, *id))
    }

    fn add_record(&mut self, record: &Record) {
        self.revisions.insert(record.id, record.revision);
        *self.records.entry(record.kind.number).or_default() += 1;
        for (key, value) in keys::index_of(record) {
            let letter = key.first().copied().unwrap_or_default();
            self.ought.entry(letter).or_default().add(&key, &value);
        }
    }
}
