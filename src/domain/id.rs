//! Record ids: a UUIDv7 inside, a short text outside.
//!
//! The text form writes the bits backwards, so that its first characters are
//! the random ones and a prefix of four or five is unique in most stores.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::fmt;

/// Digits and the letters that seldom make a name: no `e`, `i`, `o`, `u`.
const ALPHABET: &[u8; 32] = b"0123456789abcdfghjklmnpqrstvwxyz";
/// Length of the whole text form: 128 bits at five bits a character.
const TEXT_LENGTH: usize = 26;
/// The shortest prefix that is read as an id or shown as one.
pub const SHORTEST_PREFIX: usize = 4;

/// The identity of a record, for ever (RFC 9562, version 7).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id([u8; 16]);

/// The text where people may read it, else the bytes.
impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.serialize_str(&self.text())
        } else {
            self.0.serialize(serializer)
        }
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            let text = String::deserialize(deserializer)?;
            Self::parse(&text).ok_or_else(|| D::Error::custom("this is no id"))
        } else {
            <[u8; 16]>::deserialize(deserializer).map(Self)
        }
    }
}

impl Id {
    /// Makes an id from its moment and 74 random bits (the rest of `random` is dropped).
    pub fn new(moment: DateTime<Utc>, random: [u8; 10]) -> Self {
        let millis = moment.timestamp_millis().max(0).to_be_bytes();
        let mut bytes = [0; 16];
        bytes[..6].copy_from_slice(&millis[2..]);
        bytes[6..].copy_from_slice(&random);
        bytes[6] = 0x70 | (bytes[6] & 0x0f);
        bytes[8] = 0x80 | (bytes[8] & 0x3f);
        Self(bytes)
    }

    /// Takes the sixteen bytes of a stored id.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The sixteen bytes, in the order of time.
    pub const fn bytes(self) -> [u8; 16] {
        self.0
    }

    /// The whole text form, 26 characters.
    pub fn text(self) -> String {
        let mut rest = u128::from_be_bytes(self.0).reverse_bits();
        let mut text = String::with_capacity(TEXT_LENGTH);
        for _ in 0..TEXT_LENGTH {
            let digit = usize::try_from(rest >> 123).unwrap_or(0);
            text.push(char::from(ALPHABET[digit]));
            rest <<= 5;
        }
        text
    }

    /// Reads a whole text form, in either case.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != TEXT_LENGTH {
            return None;
        }
        let mut bits: u128 = 0;
        for (position, character) in text.bytes().enumerate() {
            let digit = digit_of(character)?;
            if position == TEXT_LENGTH - 1 {
                if digit & 0b11 != 0 {
                    return None;
                }
                bits = (bits << 3) | (digit >> 2);
            } else {
                bits = (bits << 5) | digit;
            }
        }
        Some(Self(bits.reverse_bits().to_be_bytes()))
    }

    /// Whether `text` could be the beginning of an id's text form.
    pub fn is_prefix(text: &str) -> bool {
        (SHORTEST_PREFIX..=TEXT_LENGTH).contains(&text.len())
            && text.bytes().all(|character| digit_of(character).is_some())
    }
}

fn digit_of(character: u8) -> Option<u128> {
    let lower = character.to_ascii_lowercase();
    ALPHABET
        .iter()
        .position(|&known| known == lower)
        .and_then(|digit| u128::try_from(digit).ok())
}

impl fmt::Display for Id {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text())
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Id({})", self.text())
    }
}

/// Where new ids come from: randomness in the program, a counter in tests.
pub trait IdSource: Send {
    /// A fresh id for something that comes into being at `moment`.
    fn next_id(&mut self, moment: DateTime<Utc>) -> Id;
}

/// Ids in a fixed order, for tests and for data that must be the same every time.
#[derive(Debug, Default, Clone)]
pub struct CountedIds(u64);

impl IdSource for CountedIds {
    fn next_id(&mut self, moment: DateTime<Utc>) -> Id {
        self.0 += 1;
        // An odd multiplier spreads the counter over the visible prefix (Knuth, TAOCP 3, 6.4).
        let spread = self.0.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes();
        let mut random = [0; 10];
        random[2..].copy_from_slice(&spread);
        Id::new(moment, random)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_form_reads_back_and_rejects_what_it_never_writes() {
        let mut ids = CountedIds::default();
        for _ in 0..500 {
            let id = ids.next_id(DateTime::UNIX_EPOCH);
            assert_eq!(Id::parse(&id.text()), Some(id));
            assert_eq!(Id::parse(&id.text().to_uppercase()), Some(id));
        }
        for wrong in ["", "0", &"z".repeat(26), &"e".repeat(26), &"0".repeat(27)] {
            assert_eq!(Id::parse(wrong), None, "{wrong}");
        }
    }
}
