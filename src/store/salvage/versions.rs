//! Of all versions of each record that were found: the newest whose change is whole.

use crate::domain::change::Edit;
use crate::domain::id::Id;
use crate::domain::record::Record;
use crate::store::codec::LogPart;
use std::collections::{BTreeMap, HashMap, HashSet};

/// A version, and whether the tree had it.
pub(super) struct Version {
    pub(super) record: Record,
    pub(super) is_from_tree: bool,
}

/// The versions of every record.
pub(super) struct Versions {
    best: BTreeMap<Id, Version>,
    /// Versions that only a change made that is not whole.
    torn: HashSet<(Id, u64)>,
    /// The revision at which a record's last whole change removed it.
    removed: HashMap<Id, u64>,
}

impl Versions {
    /// No version yet; the log says which do not count. Parts are in order.
    pub(super) fn new(whole: &[LogPart], torn: &[LogPart]) -> Self {
        let made = |parts: &[LogPart]| -> HashSet<(Id, u64)> {
            let edits = parts.iter().flat_map(|part| &part.edits);
            let made = edits.filter_map(|edit| edit.after.as_ref());
            made.map(|record| (record.id, record.revision)).collect()
        };
        let counted = made(whole);
        let mut torn = made(torn);
        torn.retain(|version| !counted.contains(version));
        let mut removed = HashMap::new();
        for edit in whole.iter().flat_map(|part| &part.edits) {
            match edit {
                Edit {
                    before: Some(before),
                    after: None,
                } => drop(removed.insert(before.id, before.revision)),
                Edit {
                    after: Some(after), ..
                } => drop(removed.remove(&after.id)),
                _ => {}
            }
        }
        Self {
            best: BTreeMap::new(),
            torn,
            removed,
        }
    }

    /// Takes a version into account.
    pub(super) fn offer(&mut self, record: Record, is_from_tree: bool) {
        if self.torn.contains(&(record.id, record.revision)) {
            return;
        }
        let is_newer = |best: &Version| record.revision > best.record.revision;
        if self.best.get(&record.id).is_none_or(is_newer) {
            let version = Version {
                record,
                is_from_tree,
            };
            self.best.insert(version.record.id, version);
        }
    }

    /// Whether nothing is missing of a record without a version: it was removed, or never came
    /// to be.
    pub(super) fn is_gone(&self, id: Id) -> bool {
        self.removed.contains_key(&id) || self.torn.iter().any(|(torn, _)| *torn == id)
    }

    /// Leaves out what was removed.
    pub(super) fn drop_removed(&mut self) {
        let removed = &self.removed;
        self.best.retain(|id, version| {
            let at = removed.get(id);
            at.is_none_or(|&revision| version.record.revision > revision)
        });
    }

    /// The newest version of each record.
    pub(super) const fn best(&self) -> &BTreeMap<Id, Version> {
        &self.best
    }
}
