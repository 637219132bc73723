//! Opening a tree that was not closed before the machine stopped.
//!
//! sled takes `sync_file_range` for a promise and says in its file that what it wrote before is
//! there. When a power cut took some of that, pages are missing, or are older than they were,
//! with an error or without one. So such a tree is looked through once. What does not hold is
//! made anew from the log, which has every record before and after each change; the log's own
//! parts lie in the raw files, and the last of them in the journal.

use super::carve::carve;
use super::codec::LogPart;
use super::disk::DiskStore;
use super::doctor::{Findings, walk};
use super::head::HeadFile;
use super::journal;
use super::rebuild::{Rebuild, TREE, free_name};
use super::session::{LAST, is_fact};
use super::{Direction, Store as _, StoreError, codec, keys, migrate};
use crate::domain::id::Id;
use crate::domain::record::Record;
use std::collections::BTreeMap;
use std::path::Path;

/// Opens the tree of a store's folder; one that a power cut left broken is made anew.
///
/// # Errors
/// When it is damaged and cannot be made anew without loss, or the system refuses.
pub(super) fn open(folder: &Path, boot: &str) -> Result<DiskStore, StoreError> {
    let tree = folder.join(TREE);
    let found = journal::read(&tree)?;
    if !found.is_suspect(boot) {
        return DiskStore::open_since(&tree, boot);
    }
    let told = HeadFile::new(folder).read().map_or(0, |head| head.number);
    let opened = match DiskStore::open_since(&tree, boot) {
        Err(StoreError::Damaged(why)) => Err(why),
        other => Ok(other?),
    };
    let mut facts = BTreeMap::new();
    let why = match opened {
        Ok(mut store) => {
            let mut findings = Findings::default();
            walk(&store, told, &mut findings)?;
            if findings.faults.is_empty() {
                store.settle()?;
                return Ok(store);
            }
            facts.extend(store.scan(keys::all_meta(), Direction::Up).flatten());
            "the machine stopped while it was written, and not all of it is there".to_owned()
        }
        Err(why) => why,
    };
    let mut stamps = BTreeMap::new();
    for frame in &found.frames {
        for (key, value) in codec::decode_batch(&frame.payload)?.puts {
            if keys::log_of(&key).is_some() {
                let part = codec::decode_log(&value)?;
                stamps.insert(part.number, part.stamp);
            }
            facts.insert(key, value);
        }
    }
    facts.retain(|key, _| is_fact(key));
    let log = whole_log(folder, told, &stamps).ok_or(StoreError::Damaged(why))?;
    rebuild(folder, &log, facts)?;
    DiskStore::open_since(&tree, boot)
}

/// Every part of every change from the first to the last, if all of them can be found. Of the
/// changes in the journal the stamps are known.
fn whole_log(folder: &Path, told: u64, stamps: &BTreeMap<u64, u32>) -> Option<Vec<LogPart>> {
    let mut tries: BTreeMap<(u64, u32), BTreeMap<u32, LogPart>> = BTreeMap::new();
    for part in carve(folder).ok()?.parts {
        let parts = tries.entry((part.number, part.stamp)).or_default();
        parts.entry(part.place).or_insert(part);
    }
    let is_whole = |parts: &BTreeMap<u32, LogPart>| {
        let of = parts.values().next().map(|part| part.of);
        of.is_some() && of == u32::try_from(parts.len()).ok()
    };
    tries.retain(|(number, stamp), parts| {
        is_whole(parts) && stamps.get(number).is_none_or(|sure| sure == stamp)
    });
    let numbers: Vec<u64> = tries.keys().map(|(number, _)| *number).collect();
    let last = numbers.last().copied().unwrap_or(0);
    // A number that is there twice, or not at all, leaves room for doubt.
    let is_continuous = numbers.iter().copied().eq(1..=last);
    (is_continuous && last >= told).then(|| {
        tries
            .into_values()
            .flat_map(BTreeMap::into_values)
            .collect()
    })
}

/// Makes the tree anew from its log. The broken one is kept aside.
fn rebuild(
    folder: &Path,
    log: &[LogPart],
    facts: BTreeMap<Vec<u8>, Vec<u8>>,
) -> Result<(), StoreError> {
    let mut records: BTreeMap<Id, Record> = BTreeMap::new();
    let mut fresh = Rebuild::begin(folder)?;
    for (key, value) in facts {
        fresh.put(key, value)?;
    }
    for part in log {
        fresh.put_log(part)?;
        for edit in &part.edits {
            match (&edit.before, &edit.after) {
                (_, Some(after)) => drop(records.insert(after.id, after.clone())),
                (Some(before), None) => drop(records.remove(&before.id)),
                (None, None) => {}
            }
        }
    }
    for record in records.values() {
        fresh.put_record(record)?;
    }
    migrate::mark(&mut fresh)?;
    let last = log.last().map_or(0, |part| part.number);
    if last > 0 {
        fresh.put(keys::meta(LAST), last.to_be_bytes().to_vec())?;
    }
    fresh.finish(folder, Some(&free_name(folder, "power-cut")))?;
    Ok(())
}
