//! Records and log parts as bytes: a head of eight, then the bincode payload.
//!
//! The head: format (1 byte), what it is (1 byte: the kind's number, 0 for the log), schema
//! (2 bytes, little endian), CRC-32 of everything else (4 bytes, little endian).

use super::StoreError;
use crate::domain::change::{ChangeHead, Edit};
use crate::domain::record::Record;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// The byte layout described above.
const FORMAT: u8 = 1;
/// The schema of the payloads that this program writes.
pub const SCHEMA: u16 = 2;
/// What a log part says in place of a kind.
const LOG: u8 = 0;
const HEAD: usize = 8;
/// No payload is larger: a decoder that is lied to stops here.
const LIMIT: usize = 64 * 1024 * 1024;
/// No record is larger: the log must be able to hold it twice, before and after a change.
const LARGEST_RECORD: usize = 4 * 1024 * 1024;

const BINCODE: bincode::config::Configuration<
    bincode::config::LittleEndian,
    bincode::config::Varint,
    bincode::config::Limit<LIMIT>,
> = bincode::config::standard().with_limit::<LIMIT>();

/// One part of a change in the log; the first bears the head.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LogPart {
    /// The change's number.
    pub number: u64,
    /// Which of its parts this is, from 0.
    pub place: u32,
    /// How many parts it has.
    pub of: u32,
    /// Tells the parts of one try from those of another at the same number.
    pub stamp: u32,
    /// The change's head, in its first part only.
    pub head: Option<ChangeHead>,
    /// The records of this part.
    pub edits: Vec<Edit>,
}

/// A record as bytes.
///
/// # Errors
/// When it is larger than the limit.
pub fn encode_record(record: &Record) -> Result<Vec<u8>, StoreError> {
    let bytes = encode(record.kind.number, record)?;
    if bytes.len() > LARGEST_RECORD {
        return Err(StoreError::TooLarge {
            bytes: bytes.len(),
            most: LARGEST_RECORD,
        });
    }
    Ok(bytes)
}

/// A record from bytes.
///
/// # Errors
/// When they are damaged or of a newer schema.
pub fn decode_record(bytes: &[u8]) -> Result<Record, StoreError> {
    decode(None, bytes)
}

/// A part of the log as bytes.
///
/// # Errors
/// When it is larger than the limit.
pub fn encode_log(part: &LogPart) -> Result<Vec<u8>, StoreError> {
    encode(LOG, part)
}

/// A part of the log from bytes.
///
/// # Errors
/// When they are damaged or of a newer schema.
pub fn decode_log(bytes: &[u8]) -> Result<LogPart, StoreError> {
    decode(Some(LOG), bytes)
}

/// A batch as bytes, for the journal, which has a checksum of its own.
///
/// # Errors
/// When it is larger than the limit.
pub(crate) fn encode_batch(batch: &super::Batch) -> Result<Vec<u8>, StoreError> {
    bincode::serde::encode_to_vec(batch, BINCODE)
        .map_err(|error| StoreError::Damaged(format!("a batch cannot be written: {error}")))
}

/// A batch from bytes.
///
/// # Errors
/// When they are damaged.
pub(crate) fn decode_batch(bytes: &[u8]) -> Result<super::Batch, StoreError> {
    bincode::serde::decode_from_slice(bytes, BINCODE)
        .map(|(batch, _)| batch)
        .map_err(|error| StoreError::Damaged(format!("a batch cannot be read: {error}")))
}

fn encode<T: Serialize>(what: u8, value: &T) -> Result<Vec<u8>, StoreError> {
    let mut bytes = vec![FORMAT, what];
    bytes.extend(SCHEMA.to_le_bytes());
    bytes.extend([0; 4]);
    bincode::serde::encode_into_std_write(value, &mut bytes, BINCODE)
        .map_err(|error| StoreError::Damaged(format!("a value cannot be written: {error}")))?;
    let sum = checksum(&bytes);
    bytes[4..HEAD].copy_from_slice(&sum.to_le_bytes());
    Ok(bytes)
}

fn damaged(why: &str) -> StoreError {
    StoreError::Damaged(why.to_owned())
}

/// What a value says it is, after its checksum, and of which schema.
fn checked(bytes: &[u8]) -> Result<(u8, u16), StoreError> {
    let head = bytes
        .get(..HEAD)
        .ok_or_else(|| damaged("a value is cut short"))?;
    let schema = u16::from_le_bytes([head[2], head[3]]);
    if head[0] > FORMAT || schema > SCHEMA {
        return Err(StoreError::Newer {
            found: schema.into(),
            known: SCHEMA.into(),
        });
    }
    let stored = u32::from_le_bytes([head[4], head[5], head[6], head[7]]);
    if stored != checksum(bytes) {
        return Err(damaged("a value's checksum does not hold"));
    }
    Ok((head[1], schema))
}

fn decode<T: DeserializeOwned>(what: Option<u8>, bytes: &[u8]) -> Result<T, StoreError> {
    let (found, schema) = checked(bytes)?;
    if what.is_some_and(|what| what != found) {
        return Err(damaged("a value stands where another belongs"));
    }
    if schema != SCHEMA {
        return Err(damaged(&format!("a value has schema {schema}")));
    }
    payload(bytes)
}

/// A value of an older schema, as a struct that is frozen with it.
///
/// # Errors
/// When it is damaged, or of another schema.
pub(crate) fn decode_older<T: DeserializeOwned>(bytes: &[u8], of: u16) -> Result<T, StoreError> {
    match checked(bytes)? {
        (_, schema) if schema == of => payload(bytes),
        (_, schema) => Err(damaged(&format!("a value has schema {schema}, not {of}"))),
    }
}

/// A value whose payload did not change from one schema to the next, as one of the next.
///
/// # Errors
/// When it is damaged, or of another schema.
pub(crate) fn restamp(bytes: &[u8], from: u16) -> Result<Vec<u8>, StoreError> {
    match checked(bytes)? {
        (_, schema) if schema == from => {
            let mut next = bytes.to_vec();
            next[2..4].copy_from_slice(&(from + 1).to_le_bytes());
            let sum = checksum(&next);
            next[4..HEAD].copy_from_slice(&sum.to_le_bytes());
            Ok(next)
        }
        (_, schema) => Err(damaged(&format!("a value has schema {schema}, not {from}"))),
    }
}

fn payload<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, StoreError> {
    let (value, read) = bincode::serde::decode_from_slice(&bytes[HEAD..], BINCODE)
        .map_err(|error| damaged(&format!("a value cannot be read: {error}")))?;
    if read + HEAD == bytes.len() {
        Ok(value)
    } else {
        Err(damaged("a value is too long"))
    }
}

/// What raw bytes turned out to be.
pub(crate) enum Carved {
    /// A version of a record.
    Record(Record),
    /// A part of the log.
    Part(LogPart),
}

/// Where the next value of the present schema may begin, from a place on.
pub(crate) fn next_head(bytes: &[u8], from: usize) -> Option<usize> {
    let [low, high] = SCHEMA.to_le_bytes();
    let rest = bytes.get(from..)?;
    let found = rest
        .windows(HEAD)
        .position(|head| head[0] == FORMAT && head[2] == low && head[3] == high)?;
    Some(from + found)
}

/// The value at the beginning of raw bytes, whatever follows it, and its length; none when there
/// is none whose checksum holds.
pub(crate) fn carve(bytes: &[u8]) -> Option<(Carved, usize)> {
    let what = *bytes.get(1)?;
    let payload = bytes.get(HEAD..)?;
    let (found, length) = if what == LOG {
        let (part, length) = bincode::serde::decode_from_slice(payload, BINCODE).ok()?;
        (Carved::Part(part), length)
    } else {
        crate::domain::kind_by_number(what)?;
        let (record, length) = bincode::serde::decode_from_slice(payload, BINCODE).ok()?;
        (Carved::Record(record), length)
    };
    let length = HEAD + length;
    checked(bytes.get(..length)?).ok()?;
    Some((found, length))
}

/// CRC-32 (ISO-HDLC) of the head without the sum, and of the payload.
fn checksum(bytes: &[u8]) -> u32 {
    let mut sum = crc32fast::Hasher::new();
    sum.update(&bytes[..4]);
    sum.update(&bytes[HEAD..]);
    sum.finalize()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::contact;
    use crate::domain::id::{CountedIds, IdSource as _};
    use chrono::DateTime;

    fn sample() -> Vec<u8> {
        let now = DateTime::UNIX_EPOCH;
        let mut record = Record::new(&contact::KIND, CountedIds::default().next_id(now), now);
        record.set(contact::NAME, "Zoë Müller".to_owned());
        record.set(contact::TAGS, vec!["vip".to_owned()]);
        encode_record(&record).expect("a small record")
    }

    #[test]
    fn a_record_reads_back() {
        let record = decode_record(&sample()).expect("whole bytes");
        assert_eq!(record.title(), "Zoë Müller");
        assert_eq!(encode_record(&record).expect("the same"), sample());
    }

    #[test]
    fn a_record_is_found_among_other_bytes() {
        let noise = [1_u8, 1, 2, 0, 9, 9, 9, 9, 9, 1, 2];
        let bytes = [noise.as_slice(), &sample(), &noise].concat();
        let mut at = 0;
        let mut found = Vec::new();
        while let Some(next) = next_head(&bytes, at) {
            found.extend(carve(&bytes[next..]).map(|(_, length)| (next, length)));
            at = next + 1;
        }
        assert_eq!(found, [(noise.len(), sample().len())]);
    }

    #[test]
    fn any_flipped_bit_and_any_cut_is_noticed() {
        let whole = sample();
        for bit in 0..whole.len() * 8 {
            let mut flipped = whole.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(decode_record(&flipped).is_err(), "bit {bit}");
        }
        for length in 0..whole.len() {
            assert!(decode_record(&whole[..length]).is_err(), "length {length}");
        }
    }
}
