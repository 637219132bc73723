//! Commits that wait to be written together: their batches, and how the tree looks with them.
//!
//! The tree gets none of them before the journal has them all, so that what the tree holds is
//! always in the journal too.

use super::{Batch, Direction, Pair, Scan, StoreError, codec};
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::iter::Peekable;
use std::ops::Range;

/// A group that has grown so large is written.
const MOST_BYTES: usize = 64 * 1024;

/// A key and what it is to be; none: removed.
type Wanted = (Vec<u8>, Option<Vec<u8>>);

/// Commits that are not written yet.
#[derive(Default)]
pub(super) struct Group {
    batches: Vec<(Batch, Vec<u8>)>,
    bytes: usize,
    /// What keys are to be; none: removed.
    over: BTreeMap<Vec<u8>, Option<Vec<u8>>>,
}

impl Group {
    /// Adds a commit.
    pub(super) fn add(&mut self, batch: &Batch) -> Result<(), StoreError> {
        let payload = codec::encode_batch(batch)?;
        let removed = batch.removals.iter().map(|key| (key.clone(), None));
        self.over.extend(removed);
        let put = batch.puts.iter();
        self.over
            .extend(put.map(|(key, value)| (key.clone(), Some(value.clone()))));
        self.bytes += payload.len();
        self.batches.push((batch.clone(), payload));
        Ok(())
    }

    /// Whether nothing waits.
    pub(super) const fn is_empty(&self) -> bool {
        self.batches.is_empty()
    }

    /// Whether it should be written before more is added.
    pub(super) const fn is_full(&self) -> bool {
        self.bytes >= MOST_BYTES
    }

    /// How many bytes wait.
    pub(super) const fn bytes(&self) -> usize {
        self.bytes
    }

    /// The batches with their encoded forms, in order.
    pub(super) fn batches(&self) -> &[(Batch, Vec<u8>)] {
        &self.batches
    }

    /// What a key is to be: `Some(None)` when it is to be removed, `None` when the tree knows.
    pub(super) fn get(&self, key: &[u8]) -> Option<Option<Vec<u8>>> {
        self.over.get(key).cloned()
    }

    /// What the tree has in a range, as it is to be.
    pub(super) fn over<'a>(
        &self,
        tree: Scan<'a>,
        range: Range<Vec<u8>>,
        direction: Direction,
    ) -> Scan<'a> {
        if range.start >= range.end || self.over.is_empty() {
            return tree;
        }
        let found = self.over.range(range);
        let mut over: Vec<Wanted> = found
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        if direction == Direction::Down {
            over.reverse();
        }
        Box::new(Merged {
            tree: tree.peekable(),
            over: over.into_iter().peekable(),
            direction,
        })
    }
}

/// Two scans of one range and direction, the second of which wins.
struct Merged<'a> {
    tree: Peekable<Scan<'a>>,
    over: Peekable<std::vec::IntoIter<Wanted>>,
    direction: Direction,
}

impl Iterator for Merged<'_> {
    type Item = Result<Pair, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let order = match (self.tree.peek(), self.over.peek()) {
                (Some(Ok((key, _))), Some((over, _))) => match self.direction {
                    Direction::Up => key.cmp(over),
                    Direction::Down => over.cmp(key),
                },
                (None, Some(_)) => Ordering::Greater,
                (_, _) => Ordering::Less,
            };
            if order == Ordering::Less {
                return self.tree.next();
            }
            if order == Ordering::Equal {
                self.tree.next();
            }
            if let Some((key, Some(value))) = self.over.next() {
                return Some(Ok((key, value)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(keys: &[u8]) -> Vec<Result<Pair, StoreError>> {
        keys.iter().map(|key| Ok((vec![*key], vec![0]))).collect()
    }

    fn seen(
        group: &Group,
        mut keys: Vec<u8>,
        range: Range<u8>,
        direction: Direction,
    ) -> Vec<(u8, u8)> {
        keys.retain(|key| range.contains(key));
        if direction == Direction::Down {
            keys.reverse();
        }
        let tree: Scan<'_> = Box::new(pairs(&keys).into_iter());
        let range = vec![range.start]..vec![range.end];
        let all = group.over(tree, range, direction);
        all.map(|pair| pair.map(|(key, value)| (key[0], value[0])).expect("read"))
            .collect()
    }

    #[test]
    fn what_waits_is_seen_over_the_tree() {
        let mut group = Group::default();
        let batch = Batch {
            puts: vec![(vec![1], vec![9]), (vec![3], vec![9]), (vec![8], vec![9])],
            removals: vec![vec![4], vec![5]],
        };
        group.add(&batch).expect("added");
        assert_eq!(group.get(&[4]), Some(None));
        assert_eq!(group.get(&[3]), Some(Some(vec![9])));
        assert_eq!(group.get(&[2]), None);
        let up = seen(&group, vec![2, 3, 4, 6], 0..9, Direction::Up);
        assert_eq!(up, [(1, 9), (2, 0), (3, 9), (6, 0), (8, 9)]);
        let down = seen(&group, vec![2, 3, 4, 6], 2..8, Direction::Down);
        assert_eq!(down, [(6, 0), (3, 9), (2, 0)]);
        assert_eq!(seen(&group, vec![4, 5], 4..6, Direction::Up), []);
        assert_eq!(seen(&group, vec![7], 7..7, Direction::Up), []);
    }
}
