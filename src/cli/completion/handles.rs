//! Records by what they are called: from the beginning of any word of a name, accents typed or
//! not, to the whole of it.
//!
//! What is typed stays as it is typed, since not every shell takes a word back that begins
//! otherwise: `mül` goes on as `müller-zoe`, which means the same as `zoe-muller`.

use super::{Candidate, Known, MOST, shortened};
use crate::domain::id::{Id, SHORTEST_PREFIX};
use crate::domain::kind::Kind;
use crate::domain::values::text::fold;
use crate::store::names::read::Entry;
use std::cmp::Ordering;

/// So much of an id tells it from all others.
const ID_LENGTH: usize = 10;

/// A name that goes on from what is typed: the handle from one of its words on, then the words
/// before.
struct Match<'a> {
    entry: Entry<'a>,
    handle: &'a str,
    from: usize,
}

impl<'a> Match<'a> {
    /// The first word from which the handle goes on as typed.
    fn find(entry: Entry<'a>, typed: &str) -> Option<Self> {
        let handle = entry.handle();
        let first = typed.split('-').next().unwrap_or_default().as_bytes();
        let mut from = 0;
        loop {
            let rest = handle
                .as_bytes()
                .get(from..)
                .filter(|rest| !rest.is_empty())?;
            let found = Self {
                entry,
                handle,
                from,
            };
            if rest.starts_with(first) && found.goes_on(typed) {
                return Some(found);
            }
            from += rest.iter().position(|&byte| byte == b'-')? + 1;
        }
    }

    fn goes_on(&self, typed: &str) -> bool {
        let mut turned = self.turned();
        typed.bytes().all(|byte| turned.next() == Some(byte))
    }

    /// The handle from its word on.
    fn turned(&self) -> impl Iterator<Item = u8> + use<'a> {
        let (before, behind) = self.handle.split_at(self.from);
        let between = (!before.is_empty()).then_some(b'-');
        let before = before.trim_end_matches('-');
        behind.bytes().chain(between).chain(before.bytes())
    }

    /// How it goes on behind so many bytes.
    fn rest(&self, typed: usize) -> String {
        String::from_utf8(self.turned().skip(typed).collect()).unwrap_or_default()
    }
}

impl Ord for Match<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let names = match (self.from, other.from) {
            (0, 0) => self.handle.cmp(other.handle),
            _ => self.turned().cmp(other.turned()),
        };
        names.then_with(|| self.entry.id().cmp(other.entry.id()))
    }
}

impl PartialOrd for Match<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Match<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Match<'_> {}

/// Records of some kinds whose names go on from what is typed; by their ids as well.
pub(super) fn called(kinds: &[&'static Kind], typed: &str, known: &Known) -> Vec<Candidate> {
    let wanted = beginning(typed);
    let id = Some(typed.to_ascii_lowercase()).filter(|id| Id::is_prefix(id));
    let of_kinds = |entry: &Entry<'_>| kinds.iter().any(|kind| entry.is_of(kind));
    let mut by_id = Vec::new();
    let matches = known.entries().filter(of_kinds).filter_map(|entry| {
        let found = Match::find(entry, &wanted);
        let is_nameless = typed.is_empty() && found.is_none();
        if is_nameless || id.as_ref().is_some_and(|id| entry.id().starts_with(id)) {
            by_id.push(entry);
        }
        found
    });
    let matches = shortened(matches);
    let help = |entry: Entry<'_>| help(kinds, entry);
    let mut found = Vec::new();
    for same in matches.chunk_by(|one, other| one.turned().eq(other.turned())) {
        match same {
            [one] => {
                let value = format!("{typed}{}", one.rest(wanted.len()));
                found.push((one.entry.time(), Candidate::new(value, help(one.entry))));
            }
            // The name would be asked about: where nothing is typed yet an id can be named.
            many if typed.is_empty() => by_id.extend(many.iter().map(|one| one.entry)),
            [one, ..] => {
                let value = format!("{typed}{}", one.rest(wanted.len()));
                let words = format!("{} and {} more", help(one.entry), same.len() - 1);
                found.push((one.entry.time(), Candidate::new(value, words)));
            }
            [] => {}
        }
    }
    for entry in by_id.into_iter().take(MOST) {
        let rest = entry.id().get(typed.len()..ID_LENGTH.max(typed.len()));
        let value = format!("{typed}{}", rest.unwrap_or_default());
        found.push((entry.time(), Candidate::new(value, help(entry))));
    }
    // What has a time comes in its order.
    found.sort_by_key(|(time, _)| *time);
    found.into_iter().map(|(_, candidate)| candidate).collect()
}

/// What is typed as the beginning of a handle; a last separator counts.
fn beginning(typed: &str) -> String {
    let mut handle = String::new();
    for character in fold(typed).chars() {
        if character.is_alphanumeric() {
            handle.push(character);
        } else if !handle.is_empty() && !handle.ends_with('-') {
            handle.push('-');
        }
    }
    handle
}

fn help(kinds: &[&'static Kind], entry: Entry<'_>) -> String {
    let (time, title) = (entry.time(), entry.title());
    let kind = kinds
        .iter()
        .find(|kind| kinds.len() > 1 && entry.is_of(kind));
    let kind = kind.map_or_else(String::new, |kind| format!(" ({})", kind.name));
    if time.is_empty() {
        format!("{title}{kind}")
    } else {
        format!("{time} {title}{kind}")
    }
}

const _: () = assert!(ID_LENGTH > SHORTEST_PREFIX);
