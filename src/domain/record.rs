//! A record: an identity, a state, and the values of its fields.

use super::field::Field;
use super::id::Id;
use super::kind::Kind;
use super::values::{Stored, Value};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::collections::BTreeMap;
use std::marker::PhantomData;

/// A field's number together with the type that stands there.
pub struct Key<T> {
    number: u16,
    stored: PhantomData<fn() -> T>,
}

impl<T> Clone for Key<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Key<T> {}

impl<T> Key<T> {
    /// The key of a permanent field number.
    pub const fn new(number: u16) -> Self {
        Self {
            number,
            stored: PhantomData,
        }
    }

    /// The permanent field number.
    pub const fn number(self) -> u16 {
        self.number
    }
}

/// Whether a record takes part in the day's work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum State {
    /// It does.
    #[default]
    Active,
    /// Put away: found when asked for, never surfaced.
    Archived(#[serde(with = "chrono::serde::ts_milliseconds")] DateTime<Utc>),
    /// In the trash since then.
    Trashed(#[serde(with = "chrono::serde::ts_milliseconds")] DateTime<Utc>),
}

/// The id by which another program knows a record.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ExternalId {
    /// Whose id: for a CSV the folded header of its column (`accountid`), for mail `message-id`.
    pub source: String,
    /// The id.
    pub id: String,
}

/// One contact, company, deal, or whatever its kind is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Its identity.
    pub id: Id,
    /// Its kind.
    #[serde(serialize_with = "write_kind", deserialize_with = "read_kind")]
    pub kind: &'static Kind,
    /// How often it was changed; a change names the revision it was made from.
    pub revision: u64,
    /// When it came into the store.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub created: DateTime<Utc>,
    /// When it was last changed.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub updated: DateTime<Utc>,
    /// Whether it takes part.
    pub state: State,
    /// The ids by which other programs know it.
    pub external: Vec<ExternalId>,
    /// Fields that the kind does not have, by name.
    pub custom: BTreeMap<String, String>,
    values: Vec<(u16, Value)>,
}

fn write_kind<S: Serializer>(kind: &&'static Kind, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u8(kind.number)
}

fn read_kind<'de, D: Deserializer<'de>>(deserializer: D) -> Result<&'static Kind, D::Error> {
    let number = u8::deserialize(deserializer)?;
    super::kind_by_number(number).ok_or_else(|| D::Error::custom("unknown kind of record"))
}

impl Record {
    /// A record without values.
    pub const fn new(kind: &'static Kind, id: Id, now: DateTime<Utc>) -> Self {
        Self {
            id,
            kind,
            revision: 0,
            created: now,
            updated: now,
            state: State::Active,
            external: Vec::new(),
            custom: BTreeMap::new(),
            values: Vec::new(),
        }
    }

    /// The typed value of a field.
    pub fn get<T: Stored>(&self, key: Key<T>) -> Option<&T> {
        self.value(key.number).and_then(T::of)
    }

    /// The members of a list field; none when it is not set.
    pub fn list<T>(&self, key: Key<Vec<T>>) -> &[T]
    where
        Vec<T>: Stored,
    {
        self.get(key).map_or(&[], Vec::as_slice)
    }

    /// The text of a field, empty when it is not set.
    pub fn text(&self, key: Key<String>) -> &str {
        self.get(key).map_or("", String::as_str)
    }

    /// Sets a field; an empty list or text clears it.
    pub fn set<T: Stored>(&mut self, key: Key<T>, value: T) {
        self.set_value(key.number, Some(value.into_value()));
    }

    /// Clears a field.
    pub fn clear<T>(&mut self, key: Key<T>) {
        self.set_value(key.number, None);
    }

    /// Adds a member at the end of a list field.
    pub fn push<T: Clone>(&mut self, key: Key<Vec<T>>, member: T)
    where
        Vec<T>: Stored,
    {
        let mut list = self.list(key).to_vec();
        list.push(member);
        self.set(key, list);
    }

    /// The value of a field by its number.
    pub fn value(&self, number: u16) -> Option<&Value> {
        let place = self
            .values
            .binary_search_by_key(&number, |(known, _)| *known)
            .ok()?;
        Some(&self.values[place].1)
    }

    /// The value of a field of the table.
    pub fn field(&self, field: &Field) -> Option<&Value> {
        self.value(field.number)
    }

    /// Sets or clears a field by its number. The caller answers for the type.
    pub fn set_value(&mut self, number: u16, value: Option<Value>) {
        let value = value.filter(|value| !value.is_empty());
        match (
            self.values
                .binary_search_by_key(&number, |(known, _)| *known),
            value,
        ) {
            (Ok(place), Some(value)) => self.values[place].1 = value,
            (Ok(place), None) => {
                self.values.remove(place);
            }
            (Err(place), Some(value)) => self.values.insert(place, (number, value)),
            (Err(_), None) => {}
        }
    }

    /// What people call it: the title, or nothing.
    pub fn title(&self) -> &str {
        self.text(self.kind.title)
    }

    /// Whether it takes part in the day's work.
    pub const fn is_active(&self) -> bool {
        matches!(self.state, State::Active)
    }

    /// Whether it lies in the trash.
    pub const fn is_trashed(&self) -> bool {
        matches!(self.state, State::Trashed(_))
    }

    /// The records that a link field names.
    pub fn linked(&self, field: &Field) -> Vec<Id> {
        match self.field(field) {
            Some(Value::Link(id)) => vec![*id],
            Some(Value::Links(ids)) => ids.clone(),
            _ => Vec::new(),
        }
    }

    /// Whether two versions say the same, apart from when and how often they were changed.
    pub fn same_content(&self, other: &Self) -> bool {
        self.id == other.id
            && self.state == other.state
            && self.values == other.values
            && self.custom == other.custom
            && self.external == other.external
    }
}
