//! Versions of the store. The list of steps is append-only: step `n` leads from schema `n` to
//! `n + 1`, and the structs it reads are frozen with it.

use super::{Batch, Store, StoreError, codec, keys};

/// A step from one schema to the next.
pub type Step = fn(&mut dyn Store) -> Result<(), StoreError>;

/// Every step there has been. The first schema is 1, so that none was needed yet.
pub const STEPS: &[Step] = &[];

/// Where the store keeps its schema's number.
const SCHEMA_KEY: &str = "schema";

/// Brings a store to the present schema: marks a new one, refuses a newer one untouched.
///
/// # Errors
/// [`StoreError::Newer`], or what went wrong while stepping.
pub fn bring_up_to_date(store: &mut dyn Store) -> Result<(), StoreError> {
    let known = u32::from(codec::SCHEMA);
    let Some(bytes) = store.get(&keys::meta(SCHEMA_KEY))? else {
        return mark(store, known);
    };
    let found = <[u8; 4]>::try_from(bytes.as_slice())
        .map(u32::from_be_bytes)
        .map_err(|_| StoreError::Damaged("the schema's number is cut short".to_owned()))?;
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    for (number, step) in (1..).zip(STEPS) {
        if number >= found {
            step(store)?;
            mark(store, number + 1)?;
        }
    }
    Ok(())
}

fn mark(store: &mut dyn Store, schema: u32) -> Result<(), StoreError> {
    let mut batch = Batch::default();
    batch.put(keys::meta(SCHEMA_KEY), schema.to_be_bytes().to_vec());
    store.commit(&batch)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::memory::MemoryStore;

    #[test]
    fn a_newer_store_is_refused_and_left_alone() {
        let mut store = MemoryStore::default();
        mark(&mut store, 99).expect("memory takes it");
        let refused = bring_up_to_date(&mut store);
        assert!(matches!(refused, Err(StoreError::Newer { found: 99, .. })));
        let kept = store.get(&keys::meta(SCHEMA_KEY)).expect("readable");
        assert_eq!(kept, Some(99_u32.to_be_bytes().to_vec()));
    }
}
