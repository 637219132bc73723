//! The keys of the tree: one prefix per purpose, parts of fixed length or ended by a zero.
//!
//! | prefix | then | value |
//! |---|---|---|
//! | `m` | name | what the store knows of itself |
//! | `r` | kind, id | the record |
//! | `d` | text of the id | kind |
//! | `e` | kind, field, compared value, 0, id | – |
//! | `w` | kind, field, folded word, 0, id | – |
//! | `t` | kind, field, time, id | – |
//! | `k` | linked id, kind, time, id | – |
//! | `x` | kind, source, 0, foreign id, 0, id | – |
//! | `l` | change, part | the part of the log |
//! | `h` | id, change | – |

use crate::domain::field::{Field, Index};
use crate::domain::id::Id;
use crate::domain::kind::Kind;
use crate::domain::record::Record;
use crate::domain::values::Value;
use crate::domain::values::text::{fold, words};
use chrono_tz::UTC;
use std::ops::Range;

/// Longer values are compared by their beginning and checksum: keys stay small.
const LONGEST: usize = 200;

/// A fact that the store keeps about itself.
pub fn meta(name: &str) -> Vec<u8> {
    [b"m", name.as_bytes()].concat()
}

/// All facts that the store keeps about itself.
pub(crate) fn all_meta() -> Range<Vec<u8>> {
    prefix(b"m".to_vec())
}

/// A record.
pub fn record(kind: u8, id: Id) -> Vec<u8> {
    [&[b'r', kind], id.bytes().as_slice()].concat()
}

/// The record that a record's key means; none when its kind is not known.
pub(crate) fn record_of(key: &[u8]) -> Option<(&'static Kind, Id)> {
    let kind = crate::domain::kind_by_number(*key.get(1)?)?;
    (key.first() == Some(&b'r')).then(|| last_id(key).map(|id| (kind, id)))?
}

/// All records of a kind.
pub fn records(kind: u8) -> Range<Vec<u8>> {
    prefix(vec![b'r', kind])
}

/// The way from an id's text to its kind.
pub fn id_text(text: &str) -> Vec<u8> {
    [b"d", text.as_bytes()].concat()
}

/// All ids whose text begins so.
pub fn id_texts(beginning: &str) -> Range<Vec<u8>> {
    prefix(id_text(beginning))
}

/// All ids.
pub fn all_id_texts() -> Range<Vec<u8>> {
    prefix(b"d".to_vec())
}

fn of_field(letter: u8, kind: u8, field: u16) -> Vec<u8> {
    [&[letter, kind], field.to_be_bytes().as_slice()].concat()
}

/// Entries of the index of whole values for one value.
pub fn exact(kind: u8, field: u16, compared: &str) -> Range<Vec<u8>> {
    let mut key = of_field(b'e', kind, field);
    key.extend(bounded(compared));
    key.push(0);
    prefix(key)
}

/// Entries of the index of whole values for values that begin so.
pub fn exact_from(kind: u8, field: u16, beginning: &str) -> Range<Vec<u8>> {
    let mut key = of_field(b'e', kind, field);
    key.extend(bounded(beginning));
    prefix(key)
}

/// Entries of the word index for words that begin so.
pub fn words_from(kind: u8, field: u16, beginning: &str) -> Range<Vec<u8>> {
    let mut key = of_field(b'w', kind, field);
    key.extend(bounded(beginning));
    prefix(key)
}

/// Entries of the time index from one instant up to, not including, another (milliseconds).
pub fn times(kind: u8, field: u16, from: i64, to: i64) -> Range<Vec<u8>> {
    let key = |at| [of_field(b't', kind, field).as_slice(), &ordered(at)].concat();
    key(from)..key(to)
}

/// Entries that lead from a record to those of a kind that link to it, by time.
pub fn links(target: Id, kind: u8) -> Range<Vec<u8>> {
    let mut key = vec![b'k'];
    key.extend(target.bytes());
    key.push(kind);
    prefix(key)
}

/// Entries that lead from a record to all those that link to it.
pub fn all_links(target: Id) -> Range<Vec<u8>> {
    prefix([b"k".as_slice(), &target.bytes()].concat())
}

/// Entries of a foreign id.
pub fn external(kind: u8, source: &str, id: &str) -> Range<Vec<u8>> {
    prefix(external_key(kind, source, id))
}

fn external_key(kind: u8, source: &str, id: &str) -> Vec<u8> {
    let mut key = vec![b'x', kind];
    key.extend(bounded(source));
    key.push(0);
    key.extend(bounded(id));
    key.push(0);
    key
}

/// A part of a change in the log.
pub fn log(number: u64, part: u32) -> Vec<u8> {
    [b"l".as_slice(), &number.to_be_bytes(), &part.to_be_bytes()].concat()
}

/// The change and the place of a part of the log, by its key.
pub fn log_of(key: &[u8]) -> Option<(u64, u32)> {
    let (letter, rest) = key.split_first()?;
    let (number, place) = rest.split_first_chunk()?;
    let place = place.try_into().ok()?;
    (*letter == b'l').then_some((u64::from_be_bytes(*number), u32::from_be_bytes(place)))
}

/// Whether the value of a key is a record or a part of the log.
pub(crate) fn holds_a_payload(key: &[u8]) -> bool {
    matches!(key.first(), Some(b'r' | b'l'))
}

/// Every key there is.
pub fn everything() -> Range<Vec<u8>> {
    Vec::new()..vec![u8::MAX]
}

/// Every part of the log.
pub fn all_logs() -> Range<Vec<u8>> {
    prefix(vec![b'l'])
}

/// All parts of a change.
pub fn log_parts(number: u64) -> Range<Vec<u8>> {
    prefix([b"l".as_slice(), &number.to_be_bytes()].concat())
}

/// That a change touched a record.
pub fn history(id: Id, number: u64) -> Vec<u8> {
    [b"h".as_slice(), &id.bytes(), &number.to_be_bytes()].concat()
}

/// All changes that touched a record.
pub fn histories(id: Id) -> Range<Vec<u8>> {
    prefix([b"h".as_slice(), &id.bytes()].concat())
}

/// The id at the end of an index entry.
pub fn last_id(key: &[u8]) -> Option<Id> {
    let start = key.len().checked_sub(16)?;
    Some(Id::from_bytes(key[start..].try_into().ok()?))
}

/// The word of a word entry, or the compared value of an entry of whole values.
pub fn word_of(key: &[u8]) -> Option<&str> {
    let end = key.len().checked_sub(17)?;
    std::str::from_utf8(key.get(4..end)?).ok()
}

/// The time of a time entry, in milliseconds.
pub fn time_of(key: &[u8]) -> Option<i64> {
    let bytes: [u8; 8] = key.get(4..12)?.try_into().ok()?;
    Some((u64::from_be_bytes(bytes) ^ (1 << 63)).cast_signed())
}

/// The number at the end of a history entry.
pub fn last_number(key: &[u8]) -> Option<u64> {
    let start = key.len().checked_sub(8)?;
    Some(u64::from_be_bytes(key[start..].try_into().ok()?))
}

/// Every index entry of a record.
pub fn entries(record: &Record) -> Vec<Vec<u8>> {
    let kind = record.kind.number;
    let mut keys = vec![id_text(&record.id.text())];
    for known in &record.external {
        let key = external_key(kind, &known.source, &known.id);
        keys.push([key.as_slice(), &record.id.bytes()].concat());
    }
    for field in record.kind.fields {
        field_entries(record, field, &mut keys);
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// Entries of a record in every index, each with its value.
pub(crate) fn index_of(record: &Record) -> impl Iterator<Item = (Vec<u8>, Vec<u8>)> {
    let number = record.kind.number;
    entries(record).into_iter().map(move |key| {
        let is_id = key.first() == Some(&b'd');
        let value = if is_id { vec![number] } else { Vec::new() };
        (key, value)
    })
}

fn field_entries(record: &Record, field: &Field, keys: &mut Vec<Vec<u8>>) {
    let Some(value) = record.field(field) else {
        return;
    };
    let kind = record.kind.number;
    let id = record.id.bytes();
    match field.index {
        Index::None => {}
        Index::Exact => {
            for compared in compared(value) {
                let range = exact(kind, field.number, &compared);
                keys.push([range.start.as_slice(), &id].concat());
            }
        }
        Index::Words => {
            let Value::Text(text) = value else { return };
            for word in words(text) {
                let mut key = of_field(b'w', kind, field.number);
                key.extend(bounded(&word));
                key.push(0);
                key.extend(id);
                keys.push(key);
            }
        }
        Index::Time => {
            if let Some(at) = instant(value).filter(|_| (record.kind.is_live)(record)) {
                keys.push([times(kind, field.number, at, at).start.as_slice(), &id].concat());
            }
        }
        Index::Link => {
            let time = ordered(record.kind.time_of(record));
            for target in record.linked(field) {
                let start = links(target, kind).start;
                keys.push([start.as_slice(), &time, &id].concat());
            }
        }
    }
}

/// The compared forms under which a value is found.
pub fn compared(value: &Value) -> Vec<String> {
    match value {
        Value::Text(text) => vec![fold(text)],
        Value::Texts(list) => list.iter().map(|text| fold(text)).collect(),
        Value::Emails(list) => list.iter().map(|email| email.value.key()).collect(),
        Value::Phones(list) => list
            .iter()
            .map(|phone| phone.value.e164().to_owned())
            .collect(),
        Value::Sites(list) => list.iter().map(|site| site.value.key()).collect(),
        _ => Vec::new(),
    }
}

fn instant(value: &Value) -> Option<i64> {
    match value {
        Value::Due(due) => Some(due.starts(UTC).timestamp_millis()),
        Value::Moment(moment) => Some(moment.at.timestamp_millis()),
        Value::Instant(instant) => Some(instant.0.timestamp_millis()),
        _ => None,
    }
}

/// Eight bytes whose order is that of the numbers, negative ones first.
fn ordered(number: i64) -> [u8; 8] {
    (number.cast_unsigned() ^ (1 << 63)).to_be_bytes()
}

/// The bytes of a compared value without zeros, cut when long.
fn bounded(text: &str) -> Vec<u8> {
    let mut bytes: Vec<u8> = text.bytes().filter(|&byte| byte != 0).collect();
    if bytes.len() > LONGEST {
        let sum = crc32fast::hash(&bytes);
        bytes.truncate(LONGEST);
        bytes.extend(format!("{sum:08x}").into_bytes());
    }
    bytes
}

/// The range of all keys that begin so.
fn prefix(start: Vec<u8>) -> Range<Vec<u8>> {
    let mut end = start.clone();
    while let Some(last) = end.pop() {
        if last < u8::MAX {
            end.push(last + 1);
            break;
        }
    }
    start..end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_sort_as_numbers_and_read_back() {
        let mut keys: Vec<_> = [i64::MIN, -5, -1, 0, 1, 99, i64::MAX]
            .iter()
            .map(|&at| times(5, 2, at, at).start)
            .collect();
        let sorted = {
            let mut copy = keys.clone();
            copy.sort();
            copy
        };
        assert_eq!(keys, sorted);
        keys.iter_mut().for_each(|key| key.extend([0; 16]));
        assert_eq!(time_of(&keys[1]), Some(-5));
    }

    #[test]
    fn a_prefix_range_ends_behind_its_last_key() {
        let range = prefix(vec![b'h', 0xff, 0xff]);
        assert_eq!(range.end, vec![b'i']);
    }
}
