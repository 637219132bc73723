//! A kind of record: its field table and the few things that a table cannot say.

use super::field::Field;
use super::record::{Key, Record};
use super::values::Value;
use super::values::text::fold;
use std::fmt;

/// What a kind of record says about itself. The list of all is [`super::KINDS`].
#[derive(Clone, Copy)]
pub struct Kind {
    /// The permanent number under which the store keeps it.
    pub number: u8,
    /// The word for one: also the command (`touchbase contact`).
    pub name: &'static str,
    /// The word for many.
    pub plural: &'static str,
    /// One line of help.
    pub help: &'static str,
    /// What can stand behind `add`, as an example.
    pub example: &'static str,
    /// The field that names a record to people.
    pub title: Key<String>,
    /// The field table, in the order of forms and columns.
    pub fields: &'static [Field],
    /// The columns of a list, unless others are asked for.
    pub columns: &'static [&'static str],
    /// The field by which a timeline orders records of this kind; else when they were created.
    pub time: Option<u16>,
    /// Whether a record asks for attention: only then is it found by its times.
    pub is_live: fn(&Record) -> bool,
    /// Whether people mean a record by its name now, so that the shell completes it; none when
    /// they never mean one of this kind so.
    pub is_called: Option<fn(&Record) -> bool>,
    /// The fields whose values come again in other records, so that the shell completes them.
    pub recurring: &'static [u16],
    /// Kept by the program, without a command of its own.
    pub hidden: bool,
}

impl Kind {
    /// What most kinds have in common, for `..Kind::BLANK`.
    pub const BLANK: Self = Self {
        number: 0,
        name: "",
        plural: "",
        help: "",
        example: "",
        title: Key::new(1),
        fields: &[],
        columns: &[],
        time: None,
        is_live: |_| true,
        is_called: None,
        recurring: &[],
        hidden: false,
    };

    /// The field of that name.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The field of that permanent number.
    pub fn field_by_number(&self, number: u16) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.number == number)
    }

    /// The field that a header of another program means: its name or one of its aliases,
    /// whatever the case and with `_` or spaces for hyphens.
    pub fn field_for_header(&self, header: &str) -> Option<&'static Field> {
        let wanted = fold(header.trim()).replace(['_', '-'], " ");
        self.fields.iter().find(|field| {
            field.name.replace('-', " ") == wanted || field.aliases.contains(&wanted.as_str())
        })
    }

    /// The field that names a record.
    pub fn title_field(&self) -> Option<&'static Field> {
        self.field_by_number(self.title.number())
    }

    /// The field by which a timeline orders its records, if it has one.
    pub fn time_field(&self) -> Option<&'static Field> {
        self.field_by_number(self.time?)
    }

    /// The value by which a timeline orders the record, in milliseconds since 1970.
    pub fn time_of(&self, record: &Record) -> i64 {
        let own = self.time.and_then(|number| match record.value(number)? {
            Value::Moment(moment) => Some(moment.at),
            Value::Instant(instant) => Some(instant.0),
            Value::Due(due) => Some(due.starts(chrono_tz::UTC)),
            Value::Date(day) => Some(day.and_time(chrono::NaiveTime::MIN).and_utc()),
            _ => None,
        });
        own.unwrap_or(record.created).timestamp_millis()
    }
}

impl PartialEq for Kind {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number
    }
}

impl Eq for Kind {}

impl fmt::Debug for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name)
    }
}
