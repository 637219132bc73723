//! Fields of the user's own: what the settings declare, applied where records are read and written.
//!
//! A record keeps them as texts by name, in the form of [`show::plain`]. A declaration says what
//! such a text means; one that does not fit stays what it is, a text. Start with
//! [`CustomFields::named`] and [`CustomField::kept`].

use super::context::Context;
use super::field::{Field, Shape};
use super::json::value_to_json;
use super::kind::Kind;
use super::nearest::nearest;
use super::record::Record;
use super::values::dates::PartialDate;
use super::values::text::fold;
use super::values::{Value, ValueError};
use super::{read, show, when};
use chrono::NaiveDate;
use serde_json::{Map, Value as Json};

/// A field of the user's own, as the settings declare it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CustomField {
    /// Whose it is.
    pub kind: &'static Kind,
    /// Its name, help and shape; no value of a record stands under its number.
    pub field: Field,
}

/// What stands in a record for a declared field.
#[derive(Clone, Debug, PartialEq)]
pub enum Kept<'a> {
    /// A value of its shape.
    Value(Value),
    /// A text that does not fit the shape.
    Text(&'a str),
}

impl Kept<'_> {
    /// The value; a text that does not fit as such.
    pub fn into_value(self) -> Value {
        match self {
            Self::Value(value) => value,
            Self::Text(text) => Value::Text(text.to_owned()),
        }
    }
}

impl CustomField {
    /// Whether it is the field of a kind that a name means.
    pub fn is(&self, kind: &Kind, name: &str) -> bool {
        *self.kind == *kind && self.field.name == key(name)
    }

    /// The name under which a record keeps it: its own, else one that means the same, from
    /// before it was declared.
    fn name_in<'a>(&self, record: &'a Record) -> Option<&'a str> {
        let names = || record.custom.keys().map(String::as_str);
        names()
            .find(|name| *name == self.field.name)
            .or_else(|| names().find(|name| self.is(record.kind, name)))
    }

    /// The text that a record keeps.
    pub fn text<'a>(&self, record: &'a Record) -> Option<&'a str> {
        let name = self.name_in(record)?;
        record.custom.get(name).map(String::as_str)
    }

    /// What a record keeps; none where it has nothing.
    pub fn kept<'a>(&self, record: &'a Record, context: &Context) -> Option<Kept<'a>> {
        let text = self.text(record)?;
        Some(
            self.understood(text, context)
                .map_or(Kept::Text(text), Kept::Value),
        )
    }

    /// What a kept text means, whenever it is read: never a day that is counted from today.
    fn understood(&self, text: &str, context: &Context) -> Option<Value> {
        match self.field.shape {
            Shape::Text | Shape::LongText => Some(Value::Text(text.to_owned())),
            Shape::Date => day(text, context).map(Value::Date),
            shape => read::value(shape, text, context).ok(),
        }
    }

    /// Reads what a person typed.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn read(&self, text: &str, context: &Context) -> Result<Value, ValueError> {
        read::value(self.field.shape, text, context)
    }

    /// Sets or clears it, under its own name.
    pub fn set(&self, record: &mut Record, value: Option<&Value>, context: &Context) {
        let text = value.map(|value| show::plain(value, context));
        self.keep(record, text.unwrap_or_default());
    }

    /// Keeps a text under its own name, whether it fits or not; none when it is empty.
    pub fn keep(&self, record: &mut Record, text: String) {
        while let Some(name) = self.name_in(record).map(str::to_owned) {
            record.custom.remove(&name);
        }
        if !text.is_empty() {
            record.custom.insert(self.field.name.to_owned(), text);
        }
    }
}

/// A day that a text names whatever the present day is.
fn day(text: &str, context: &Context) -> Option<NaiveDate> {
    let date = PartialDate::parse(text)
        .or_else(|| when::partial_date_in(text, context.date_order))
        .filter(|date| date.year.is_some())?;
    NaiveDate::from_ymd_opt(date.year?, date.month.into(), date.day.into())
}

/// The form in which names of custom fields are compared.
pub fn key(name: &str) -> String {
    fold(name.trim()).replace([' ', '_'], "-")
}

/// The fields that the settings declare, for all kinds.
#[derive(Clone, Copy, Debug, Default)]
pub struct CustomFields(&'static [CustomField]);

impl CustomFields {
    /// These fields, for as long as the program runs.
    pub fn new(fields: Vec<CustomField>) -> Self {
        Self(Vec::leak(fields))
    }

    /// The fields of a kind, in the order of the settings.
    pub fn of_kind(self, kind: &Kind) -> impl Iterator<Item = &'static CustomField> {
        self.0.iter().filter(move |own| *own.kind == *kind)
    }

    /// The field of a kind that a name means, whatever the case and with `_` or spaces for
    /// hyphens; with `custom.` before it too.
    pub fn named(self, kind: &Kind, name: &str) -> Option<&'static CustomField> {
        let bare = name.strip_prefix("custom.").unwrap_or(name);
        self.of_kind(kind).find(|own| own.is(kind, bare))
    }

    /// The declared name that a mistyped one is near to.
    pub fn near(self, kind: &Kind, name: &str) -> Option<&'static str> {
        let names: Vec<&'static str> = self.of_kind(kind).map(|own| own.field.name).collect();
        nearest(name, names)
    }

    /// All that a record keeps, for people: labels and values, declared fields first.
    pub fn told(self, record: &Record, context: &Context) -> Vec<(String, Value)> {
        let mut told = Vec::new();
        let mut names = Vec::new();
        for own in self.of_kind(record.kind) {
            if let Some(kept) = own.kept(record, context) {
                names.extend(own.name_in(record));
                told.push((own.field.label(), kept.into_value()));
            }
        }
        let others = record.custom.iter();
        let others = others.filter(|(name, _)| !names.contains(&name.as_str()));
        told.extend(others.map(|(name, text)| (name.clone(), Value::Text(text.clone()))));
        told
    }

    /// All that a record keeps, by name: declared fields typed, where their text is in the form
    /// in which this program writes it, so that what is read back is the same.
    pub fn json(self, record: &Record, context: &Context) -> Json {
        let typed = |name: &str, text: &str| {
            let own = self
                .of_kind(record.kind)
                .find(|own| own.field.name == name)?;
            let value = own.understood(text, context)?;
            let is_plain = show::plain(&value, context) == text;
            is_plain.then(|| value_to_json(&value, context, &|id| id.text()))
        };
        let members = record.custom.iter().map(|(name, text)| {
            let json = typed(name, text).unwrap_or_else(|| Json::String(text.clone()));
            (name.clone(), json)
        });
        Json::Object(members.collect::<Map<_, _>>())
    }
}

#[cfg(test)]
pub(crate) mod sample;

#[cfg(test)]
mod tests;
