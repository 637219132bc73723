//! The names file as those read it who have no session: as it is at this moment, without a lock.

use super::super::rebuild::{TREE, identity};
use super::{MARK_BYTES, Mark, TITLE_BYTES, Title, path_in};
use crate::domain::kind::Kind;
use std::collections::HashMap;
use std::ops::Range;
use std::path::Path;

/// How long a record's key is: its kind and its id.
const KEY_BYTES: usize = 28;

/// What people call the records of a store.
#[derive(Debug, Default)]
pub struct Names {
    text: String,
    number: u64,
    first: Range<usize>,
    /// What later blocks say of a record, by its key: where its line is, none when it has none.
    later: HashMap<String, Option<Range<usize>>>,
}

impl Names {
    /// The names in a store's folder; none when the file is missing, not whole, or another
    /// store's.
    pub fn load(folder: &Path) -> Option<Self> {
        let tree = identity(&folder.join(TREE))?;
        Self::parse(std::fs::read(path_in(folder)).ok()?, tree)
    }

    /// The names that a file holds, up to the last mark: one that is being written may lack it.
    pub(super) fn parse(mut bytes: Vec<u8>, tree: u64) -> Option<Self> {
        let title = Title::parse(bytes.get(..TITLE_BYTES)?).filter(|title| title.tree == tree)?;
        let base = usize::try_from(title.base).ok()?;
        let mark_before = |end: usize| Mark::parse(bytes.get(end.checked_sub(MARK_BYTES)?..end)?);
        let mut end = bytes.len();
        let last = loop {
            match mark_before(end) {
                Some(mark) => break mark,
                None if end < base => return None,
                None => {
                    let line = bytes.get(..end.checked_sub(1)?)?;
                    end = line.iter().rposition(|&byte| byte == b'\n')? + 1;
                }
            }
        };
        let mut blocks = Vec::new();
        let (mut until, mut mark) = (end, last);
        loop {
            let block = usize::try_from(mark.begin).ok()?..until - MARK_BYTES;
            let begin = block.start;
            (crc32fast::hash(bytes.get(block.clone())?) == mark.sum).then_some(())?;
            blocks.push(block);
            if begin == TITLE_BYTES {
                break;
            }
            until = begin;
            let before = mark_before(until)?;
            (before.number < mark.number).then_some(())?;
            mark = before;
        }
        let first = blocks.pop()?;
        (first.end + MARK_BYTES == base).then_some(())?;
        bytes.truncate(end);
        let text = String::from_utf8(bytes).ok()?;
        let mut names = Self {
            number: last.number,
            first,
            text,
            later: HashMap::new(),
        };
        for block in blocks.into_iter().rev() {
            names.add(block)?;
        }
        Some(names)
    }

    fn add(&mut self, block: Range<usize>) -> Option<()> {
        let mut at = block.start;
        for line in self.text.get(block)?.split_inclusive('\n') {
            let key = line.get(1..=KEY_BYTES)?.to_owned();
            let is_called = line.starts_with('+');
            let place = at..at + line.len();
            self.later.insert(key, is_called.then_some(place));
            at += line.len();
        }
        Some(())
    }

    /// The change up to which the names are.
    pub const fn number(&self) -> u64 {
        self.number
    }

    /// Every record that is called by its name.
    pub fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        let first = self.text.get(self.first.clone()).unwrap_or_default();
        let is_first = |entry: &Entry<'_>| !self.later.contains_key(entry.key());
        let first = Lines(first).map(Entry).filter(is_first);
        let later = self.later.values().flatten();
        let later = later.filter_map(|place| self.text.get(place.clone()).map(Entry));
        first.chain(later)
    }
}

/// Lines with their ends: there are hundreds of thousands, and a person waits.
struct Lines<'a>(&'a str);

impl<'a> Iterator for Lines<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let end = memchr::memchr(b'\n', self.0.as_bytes())?;
        let (line, rest) = self.0.split_at_checked(end + 1)?;
        self.0 = rest;
        Some(line)
    }
}

/// The line of a record.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a>(&'a str);

impl<'a> Entry<'a> {
    fn key(self) -> &'a str {
        self.0.get(1..=KEY_BYTES).unwrap_or_default()
    }

    /// The line as it is in the file.
    pub(super) fn whole(self) -> String {
        self.0.to_owned()
    }

    /// Whether it is a record of that kind.
    pub fn is_of(self, kind: &Kind) -> bool {
        let digit = |number: u8| b"0123456789abcdef".get(usize::from(number)).copied();
        let bytes = self.0.as_bytes();
        bytes.get(1).copied() == digit(kind.number >> 4)
            && bytes.get(2).copied() == digit(kind.number & 0xf)
    }

    /// Its id, as text.
    pub fn id(self) -> &'a str {
        self.key().get(2..).unwrap_or_default()
    }

    /// What is behind the key.
    fn rest(self) -> &'a str {
        let rest = self.0.get(KEY_BYTES + 2..).unwrap_or_default();
        rest.strip_suffix('\n').unwrap_or(rest)
    }

    fn columns(self) -> impl Iterator<Item = &'a str> {
        self.rest().split('\t')
    }

    /// Its name as one word that can be typed: `zoe-muller`. Empty when it has no letters.
    pub fn handle(self) -> &'a str {
        let rest = self.rest();
        let end = memchr::memchr(b'\t', rest.as_bytes()).unwrap_or(rest.len());
        rest.get(..end).unwrap_or_default()
    }

    /// Its own time; empty when its kind has none.
    pub fn time(self) -> &'a str {
        self.columns().nth(1).unwrap_or_default()
    }

    /// Its name, without anything that steers a terminal.
    pub fn title(self) -> &'a str {
        self.columns().nth(2).unwrap_or_default()
    }

    /// The values that come again in other records of one field: `beginning` is its number and
    /// `=`.
    pub fn values(self, beginning: &str) -> impl Iterator<Item = &'a str> {
        let rest = self.rest();
        let starts = memchr::memchr_iter(b'\t', rest.as_bytes()).skip(2);
        starts.filter_map(move |start| {
            let value = rest.get(start + 1..)?.strip_prefix(beginning)?;
            let end = memchr::memchr(b'\t', value.as_bytes()).unwrap_or(value.len());
            value.get(..end)
        })
    }
}
