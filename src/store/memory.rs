//! A store in memory, for tests. Clones share their contents.

use super::{Batch, Direction, Scan, Store, StoreError};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

type Map = BTreeMap<Vec<u8>, Vec<u8>>;

/// An ordered map that lasts as long as its last clone.
#[derive(Clone, Default)]
pub struct MemoryStore(Arc<Mutex<Map>>);

impl MemoryStore {
    fn map(&self) -> MutexGuard<'_, Map> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for MemoryStore {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.map().get(key).cloned())
    }

    fn scan(&self, range: Range<Vec<u8>>, direction: Direction) -> Scan<'_> {
        if range.start >= range.end {
            return Box::new(std::iter::empty());
        }
        let map = self.map();
        let pairs = map
            .range(range)
            .map(|(key, value)| Ok((key.clone(), value.clone())));
        let found: Vec<_> = pairs.collect();
        match direction {
            Direction::Up => Box::new(found.into_iter()),
            Direction::Down => Box::new(found.into_iter().rev()),
        }
    }

    fn commit(&mut self, batch: &Batch) -> Result<(), StoreError> {
        let mut map = self.map();
        for key in &batch.removals {
            map.remove(key);
        }
        for (key, value) in &batch.puts {
            map.insert(key.clone(), value.clone());
        }
        Ok(())
    }
}
