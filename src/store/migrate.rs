//! Versions of the store. The list of steps is append-only: step `n` leads from schema `n` to
//! `n + 1`, and the structs it reads are frozen with it.
//!
//! An older store is written anew beside itself, value by value, and takes its own place when it
//! is whole. The old one is kept, so that a kill at any moment and a mistake in a step lose
//! nothing. Indexes do not change with the schema; one that does is made anew by its step.

mod schema_1;

use super::rebuild::Rebuild;
use super::{Direction, Store, StoreError, codec, keys};
use std::path::Path;

/// A step from one schema to the next: a value of the old schema as one of the new. Keys are
/// those of records and parts of the log; the store is the old one.
pub type Step = fn(store: &dyn Store, key: &[u8], value: &[u8]) -> Result<Vec<u8>, StoreError>;

/// Every step there has been.
pub const STEPS: &[Step] = &[schema_1::step];

/// Where the store keeps its schema's number.
const SCHEMA_KEY: &str = "schema";

/// Whether a key is that of the schema's number.
pub(crate) fn is_schema(key: &[u8]) -> bool {
    key == keys::meta(SCHEMA_KEY)
}

/// The schema of a store; none when it has no number yet.
///
/// # Errors
/// When it cannot be read.
pub fn schema(store: &dyn Store) -> Result<Option<u32>, StoreError> {
    let Some(bytes) = store.get(&keys::meta(SCHEMA_KEY))? else {
        return Ok(None);
    };
    <[u8; 4]>::try_from(bytes.as_slice())
        .map(|bytes| Some(u32::from_be_bytes(bytes)))
        .map_err(|_| StoreError::Damaged("the schema's number is cut short".to_owned()))
}

/// The schema of a store that is older than the program's; none when it is of the same.
///
/// # Errors
/// [`StoreError::Newer`] when it is newer, or when it cannot be read.
pub(crate) fn older(store: &dyn Store) -> Result<Option<u32>, StoreError> {
    let known = u32::from(codec::SCHEMA);
    match schema(store)? {
        Some(found) if found > known => Err(StoreError::Newer { found, known }),
        Some(found) if found < known => Ok(Some(found)),
        _ => Ok(None),
    }
}

/// Refuses a store that is not of the program's schema, and gives a new one its number.
///
/// # Errors
/// [`StoreError::Newer`], or when the store cannot be read or written.
pub(crate) fn admit(store: &mut dyn Store) -> Result<(), StoreError> {
    if let Some(found) = older(store)? {
        return Err(StoreError::Damaged(format!(
            "it has schema {found} and was not brought up to date"
        )));
    }
    if schema(store)?.is_none() {
        let mut batch = super::Batch::default();
        batch.put(keys::meta(SCHEMA_KEY), number().to_vec());
        store.commit(&batch)?;
    }
    Ok(())
}

/// Says of a fresh tree that it is of the present schema.
///
/// # Errors
/// When the system refuses.
pub(crate) fn mark(fresh: &mut Rebuild) -> Result<(), StoreError> {
    fresh.put(keys::meta(SCHEMA_KEY), number().to_vec())
}

const fn number() -> [u8; 4] {
    [
        0,
        0,
        codec::SCHEMA.to_be_bytes()[0],
        codec::SCHEMA.to_be_bytes()[1],
    ]
}

/// The name under which a store of an older schema is kept.
pub fn kept_name(found: u32) -> String {
    format!("db.schema-{found}")
}

/// Writes a store anew in the present schema and puts it in its own place; the old one is kept
/// beside it.
///
/// # Errors
/// When a value is damaged, or the system refuses. The store is as it was then.
pub(crate) fn rebuild(folder: &Path, old: impl Store, found: u32) -> Result<(), StoreError> {
    let mut fresh = Rebuild::begin(folder)?;
    for pair in old.scan(keys::everything(), Direction::Up) {
        let (key, value) = pair?;
        let value = upgrade(&old, &key, value, found)?;
        fresh.put(key, value)?;
    }
    mark(&mut fresh)?;
    // The old tree must be closed before it is moved.
    drop(old);
    fresh.finish(folder, Some(&kept_name(found)))?;
    Ok(())
}

/// A value of an older schema as one of the present.
fn upgrade(
    store: &dyn Store,
    key: &[u8],
    mut value: Vec<u8>,
    found: u32,
) -> Result<Vec<u8>, StoreError> {
    if keys::holds_a_payload(key) {
        for (number, step) in (1..).zip(STEPS) {
            if number >= found {
                value = step(store, key, &value)?;
            }
        }
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::memory::MemoryStore;

    #[test]
    fn every_schema_before_the_present_has_its_step() {
        assert_eq!(STEPS.len() + 1, usize::from(codec::SCHEMA));
    }

    #[test]
    fn a_newer_store_is_refused_and_left_alone() {
        let mut store = MemoryStore::default();
        let mut batch = super::super::Batch::default();
        batch.put(keys::meta(SCHEMA_KEY), 99_u32.to_be_bytes().to_vec());
        store.commit(&batch).expect("memory takes it");
        let refused = admit(&mut store);
        assert!(matches!(refused, Err(StoreError::Newer { found: 99, .. })));
        assert_eq!(schema(&store).expect("readable"), Some(99));
    }
}
