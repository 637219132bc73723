//! A store whose calls fail when they are told to.

use crate::office::{Space, space};
use std::io;
use std::ops::Range;
use std::sync::{Arc, Mutex};
use touchbase::store::memory::MemoryStore;
use touchbase::store::{Batch, Direction, Pair, Scan, Store, StoreError};

/// Counts calls and fails some of them; clones share contents, counts and plan.
#[derive(Clone, Default)]
pub(crate) struct FaultyStore {
    inner: MemoryStore,
    plan: Arc<Mutex<FaultPlan>>,
}

#[derive(Default)]
struct FaultPlan {
    commits: usize,
    calls: usize,
    failing_commits: Range<usize>,
    failing_calls: Range<usize>,
    /// The commit that fails is there all the same.
    keeps: bool,
}

fn refused() -> StoreError {
    StoreError::io("faulty", io::Error::other("no space left"))
}

impl FaultyStore {
    /// Fails calls to a store that others use as well.
    pub(crate) fn around(inner: MemoryStore) -> Self {
        Self {
            inner,
            ..Self::default()
        }
    }

    /// Fails the commits of those numbers from now on, counted from 0.
    pub(crate) fn fail(&self, failing: Range<usize>) {
        *self.plan.lock().unwrap() = FaultPlan {
            failing_commits: failing,
            ..FaultPlan::default()
        };
    }

    /// Fails the calls of those numbers from now on, reads and single pairs of a scan as well.
    /// With `keeps`, a commit that fails is there all the same: nobody can know.
    pub(crate) fn fail_calls(&self, failing: Range<usize>, keeps: bool) {
        *self.plan.lock().unwrap() = FaultPlan {
            failing_calls: failing,
            keeps,
            ..FaultPlan::default()
        };
    }

    /// How many commits there were since the last plan.
    pub(crate) fn commits(&self) -> usize {
        self.plan.lock().unwrap().commits
    }

    /// How many calls there were since the last plan.
    pub(crate) fn calls(&self) -> usize {
        self.plan.lock().unwrap().calls
    }

    pub(crate) fn space(&self) -> Space {
        space(&self.inner)
    }

    /// Counts a call; an error when it is one that fails.
    fn call(&self) -> Result<(), StoreError> {
        let mut plan = self.plan.lock().unwrap();
        let number = plan.calls;
        plan.calls += 1;
        if plan.failing_calls.contains(&number) {
            return Err(refused());
        }
        Ok(())
    }
}

impl Store for FaultyStore {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.call()?;
        self.inner.get(key)
    }

    fn scan(&self, range: Range<Vec<u8>>, direction: Direction) -> Scan<'_> {
        let pairs = self.inner.scan(range, direction);
        Box::new(pairs.map(|pair: Result<Pair, StoreError>| self.call().and(pair)))
    }

    fn commit(&mut self, batch: &Batch) -> Result<(), StoreError> {
        let called = self.call();
        let (fails, keeps) = {
            let mut plan = self.plan.lock().unwrap();
            let number = plan.commits;
            plan.commits += 1;
            (plan.failing_commits.contains(&number), plan.keeps)
        };
        if fails {
            return Err(refused());
        }
        match called {
            Err(error) if !keeps => Err(error),
            Err(StoreError::Io { path, source }) => {
                self.inner.commit(batch)?;
                Err(StoreError::Unsure { path, source })
            }
            _ => self.inner.commit(batch),
        }
    }
}
