//! Values that cannot be wrong: each type is parsed at the edge and holds only what is valid.
//!
//! [`Value`] is the sum of them, as it stands in a stored record. Variants are
//! append-only: their order is part of the data format.

pub mod contact_points;
pub mod dates;
pub mod money;
pub mod phone;
pub mod repeat;
pub mod text;

use super::id::Id;
use super::pipeline::Stage;
use chrono::{DateTime, NaiveDate, Utc};
use contact_points::{Address, Email, Labelled, Site};
use dates::{Due, Moment, PartialDate};
use money::Money;
use phone::Phone;
use repeat::Repeat;
use serde::{Deserialize, Serialize};

/// A share of a hundred, 0 to 100.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Percent(u8);

impl Percent {
    /// Takes 0 to 100.
    pub const fn new(share: u8) -> Option<Self> {
        if share <= 100 {
            Some(Self(share))
        } else {
            None
        }
    }

    /// The number, 0 to 100.
    pub const fn get(self) -> u8 {
        self.0
    }
}

/// A length of time in whole minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Minutes(pub u32);

/// A length of time in whole days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Days(pub u32);

/// An instant without a zone: when the program did or saw something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Instant(#[serde(with = "chrono::serde::ts_milliseconds")] pub DateTime<Utc>);

/// One dated change of a state: of a deal's stage, of a contact's lifecycle.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Step {
    /// When it came about.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub at: DateTime<Utc>,
    /// The state before, when there was one.
    pub from: Option<String>,
    /// The state from then on.
    pub to: String,
    /// Why, in the user's words.
    pub note: Option<String>,
}

/// What a field of a record can hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[expect(
    missing_docs,
    reason = "each variant is named after its type, which is documented"
)]
pub enum Value {
    Text(String),
    Texts(Vec<String>),
    Emails(Vec<Labelled<Email>>),
    Phones(Vec<Labelled<Phone>>),
    Addresses(Vec<Labelled<Address>>),
    Sites(Vec<Labelled<Site>>),
    Dates(Vec<Labelled<PartialDate>>),
    Money(Money),
    Number(i64),
    Percent(Percent),
    Minutes(Minutes),
    Days(Days),
    Flag(bool),
    Date(#[serde(with = "dates::as_days")] NaiveDate),
    PartialDate(PartialDate),
    Due(Due),
    Moment(Moment),
    Instant(Instant),
    Link(Id),
    Links(Vec<Id>),
    Steps(Vec<Step>),
    Repeat(Repeat),
    Stages(Vec<Stage>),
}

impl Value {
    /// Whether this is a list without members or a text without characters: the same as no value.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Text(text) => text.is_empty(),
            Self::Texts(list) => list.is_empty(),
            Self::Emails(list) => list.is_empty(),
            Self::Phones(list) => list.is_empty(),
            Self::Addresses(list) => list.is_empty(),
            Self::Sites(list) => list.is_empty(),
            Self::Dates(list) => list.is_empty(),
            Self::Links(list) => list.is_empty(),
            Self::Steps(list) => list.is_empty(),
            Self::Stages(list) => list.is_empty(),
            _ => false,
        }
    }
}

/// A Rust type that stands in a record as one variant of [`Value`].
pub trait Stored: Sized {
    /// The typed view of a value of the right variant.
    fn of(value: &Value) -> Option<&Self>;
    /// The value to store.
    fn into_value(self) -> Value;
}

macro_rules! stored {
    ($($kind:ty => $variant:ident),* $(,)?) => {$(
        impl Stored for $kind {
            fn of(value: &Value) -> Option<&Self> {
                match value { Value::$variant(inner) => Some(inner), _ => None }
            }
            fn into_value(self) -> Value {
                Value::$variant(self)
            }
        }
    )*};
}

stored! {
    String => Text, Vec<String> => Texts, Vec<Labelled<Email>> => Emails,
    Vec<Labelled<Phone>> => Phones, Vec<Labelled<Address>> => Addresses,
    Vec<Labelled<Site>> => Sites, Vec<Labelled<PartialDate>> => Dates, Money => Money,
    i64 => Number, Percent => Percent, Minutes => Minutes, Days => Days, bool => Flag,
    NaiveDate => Date, PartialDate => PartialDate, Due => Due, Moment => Moment,
    Instant => Instant, Id => Link, Vec<Id> => Links, Vec<Step> => Steps, Repeat => Repeat,
    Vec<Stage> => Stages,
}

/// Why a text is not a value: facts, without words for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValueError {
    /// The text is empty where something must stand.
    Empty,
    /// Not of the form that the shape asks for.
    Malformed,
    /// Understood, but outside what is allowed: smallest and largest.
    OutOfRange(i64, i64),
    /// Not one of the words that are allowed.
    NotOneOf(Vec<String>),
    /// No such currency code or sign.
    UnknownCurrency(String),
    /// More digits after the point than the currency has.
    TooFine {
        /// The currency's code.
        currency: String,
        /// How many digits it has.
        digits: u16,
    },
    /// A date or time that does not exist or is not understood, with the part at fault.
    When(String),
    /// Text that names a record: only a layer with the store can read it.
    NeedsLookup,
    /// The field is kept by the program.
    ReadOnly,
}
