//! A store whose commits fail when they are told to.

use crate::office::{Space, space};
use std::io;
use std::ops::Range;
use std::sync::{Arc, Mutex};
use touchbase::store::memory::MemoryStore;
use touchbase::store::{Batch, Direction, Scan, Store, StoreError};

/// Counts commits and fails some of them; clones share contents, count and plan.
#[derive(Clone, Default)]
pub(crate) struct FaultyStore {
    inner: MemoryStore,
    plan: Arc<Mutex<FaultPlan>>,
}

#[derive(Default)]
struct FaultPlan {
    count: usize,
    failing: Range<usize>,
}

impl FaultyStore {
    /// Fails the commits of those numbers from now on, counted from 0.
    pub(crate) fn fail(&self, failing: Range<usize>) {
        *self.plan.lock().unwrap() = FaultPlan { count: 0, failing };
    }

    /// How many commits there were since [`Self::fail`].
    pub(crate) fn commits(&self) -> usize {
        self.plan.lock().unwrap().count
    }

    pub(crate) fn space(&self) -> Space {
        space(&self.inner)
    }
}

impl Store for FaultyStore {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.inner.get(key)
    }

    fn scan(&self, range: Range<Vec<u8>>, direction: Direction) -> Scan<'_> {
        self.inner.scan(range, direction)
    }

    fn commit(&mut self, batch: &Batch) -> Result<(), StoreError> {
        let mut plan = self.plan.lock().unwrap();
        let number = plan.count;
        plan.count += 1;
        if plan.failing.contains(&number) {
            return Err(StoreError::io("faulty", io::Error::other("no space left")));
        }
        self.inner.commit(batch)
    }
}
