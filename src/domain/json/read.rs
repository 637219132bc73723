//! JSON to records.

use super::RESERVED;
use crate::domain::field::{Field, Shape};
use crate::domain::id::Id;
use crate::domain::kind_by_name;
use crate::domain::pipeline::Stage;
use crate::domain::record::{ExternalId, Record, State};
use crate::domain::values::contact_points::{Address, Email, Labelled, Site};
use crate::domain::values::dates::{Due, Moment, PartialDate};
use crate::domain::values::money::{Currency, Money};
use crate::domain::values::phone::{Phone, Region};
use crate::domain::values::repeat::Repeat;
use crate::domain::values::{Days, Instant, Minutes, Percent, Step, Value};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use serde_json::{Map, Value as Json};

/// Why a JSON value is no record: the member at fault, if there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JsonError {
    /// It is no object.
    NotAnObject,
    /// A member that every record has is not there.
    Missing(&'static str),
    /// A member's value does not fit.
    Wrong(String),
    /// A member that the kind does not have.
    Unknown(String),
}

impl JsonError {
    /// The name of the member at fault; empty when there is none.
    pub fn member(&self) -> &str {
        match self {
            Self::NotAnObject => "",
            Self::Missing(name) => name,
            Self::Wrong(name) | Self::Unknown(name) => name,
        }
    }
}

/// Reads what [`super::to_json`] writes.
///
/// # Errors
/// The first member that is missing, unknown or does not fit.
pub fn from_json(json: &Json) -> Result<Record, JsonError> {
    let object = json.as_object().ok_or(JsonError::NotAnObject)?;
    let kind = member(object, "kind", |json| kind_by_name(json.as_str()?))?;
    let id = member(object, "id", |json| Id::parse(json.as_str()?))?;
    let created = member(object, "created", instant)?;
    let mut record = Record::new(kind, id, created);
    record.updated = optional(object, "updated", instant)?.unwrap_or(created);
    record.revision = optional(object, "revision", Json::as_u64)?.unwrap_or(0);
    record.state = state(object)?;
    record.custom = optional(object, "custom", texts_by_name)?.unwrap_or_default();
    record.external =
        optional(object, "external", |json| list(json, external))?.unwrap_or_default();
    for (name, json) in object {
        if RESERVED.contains(&name.as_str()) {
            continue;
        }
        let field = kind
            .field(name)
            .ok_or_else(|| JsonError::Unknown(name.clone()))?;
        if json.is_null() {
            continue;
        }
        let zone = object.get("zones").and_then(|zones| zones.get(name));
        let value = value(field, json, zone).ok_or_else(|| JsonError::Wrong(name.clone()))?;
        record.set_value(field.number, Some(value));
    }
    Ok(record)
}

fn member<T>(
    object: &Map<String, Json>,
    name: &'static str,
    read: impl Fn(&Json) -> Option<T>,
) -> Result<T, JsonError> {
    optional(object, name, read)?.ok_or(JsonError::Missing(name))
}

fn optional<T>(
    object: &Map<String, Json>,
    name: &str,
    read: impl Fn(&Json) -> Option<T>,
) -> Result<Option<T>, JsonError> {
    object
        .get(name)
        .map(|json| read(json).ok_or_else(|| JsonError::Wrong(name.to_owned())))
        .transpose()
}

fn state(object: &Map<String, Json>) -> Result<State, JsonError> {
    let wrong = |name: &str| JsonError::Wrong(name.to_owned());
    let since = optional(object, "state-since", instant)?;
    match object.get("state").map(|json| json.as_str()) {
        None | Some(Some("active")) => Ok(State::Active),
        Some(Some("archived")) => since
            .map(State::Archived)
            .ok_or_else(|| wrong("state-since")),
        Some(Some("trashed")) => since
            .map(State::Trashed)
            .ok_or_else(|| wrong("state-since")),
        Some(_) => Err(wrong("state")),
    }
}

/// The text of a custom field, which stands there as what the settings declare it to be.
fn plain(json: &Json) -> Option<String> {
    Some(match json {
        Json::String(text) => text.clone(),
        Json::Bool(flag) => (if *flag { "yes" } else { "no" }).to_owned(),
        Json::Number(number) => number.to_string(),
        other => {
            let money = money(other)?;
            format!("{} {}", money.amount(), money.currency.code())
        }
    })
}

fn texts_by_name(json: &Json) -> Option<std::collections::BTreeMap<String, String>> {
    let members = json.as_object()?.iter();
    members
        .map(|(name, value)| Some((name.clone(), plain(value)?)))
        .collect()
}

fn external(json: &Json) -> Option<ExternalId> {
    Some(ExternalId {
        source: json.get("source")?.as_str()?.to_owned(),
        id: json.get("id")?.as_str()?.to_owned(),
    })
}

/// The value of a field, with the zone that stands beside it.
fn value(field: &Field, json: &Json, zone: Option<&Json>) -> Option<Value> {
    let number = |json: &Json| u32::try_from(json.as_u64()?).ok();
    Some(match field.shape {
        Shape::Text | Shape::LongText | Shape::Choice(_) | Shape::Pipeline | Shape::Stage => {
            Value::Text(text(json)?)
        }
        Shape::Texts => Value::Texts(list(json, text)?),
        Shape::Emails => Value::Emails(labelled(json, |_, text| Email::parse(text).ok())?),
        Shape::Phones => Value::Phones(labelled(json, phone)?),
        Shape::Addresses => Value::Addresses(labelled(json, address)?),
        Shape::Sites => Value::Sites(labelled(json, |_, text| Site::parse(text).ok())?),
        Shape::Dates => Value::Dates(list(json, labelled_date)?),
        Shape::Money => Value::Money(money(json)?),
        Shape::Number => Value::Number(json.as_i64()?),
        Shape::Percent => Value::Percent(Percent::new(u8::try_from(json.as_u64()?).ok()?)?),
        Shape::Minutes => Value::Minutes(Minutes(number(json)?)),
        Shape::Days => Value::Days(Days(number(json)?)),
        Shape::Flag => Value::Flag(json.as_bool()?),
        Shape::Date => Value::Date(day(json)?),
        Shape::PartialDate => Value::PartialDate(partial_date(json)?),
        Shape::Due => Value::Due(match zone {
            None => Due::Day(day(json)?),
            Some(zone) => Due::At(moment(json, zone)?),
        }),
        Shape::Moment => Value::Moment(moment(json, zone?)?),
        Shape::Instant => Value::Instant(Instant(instant(json)?)),
        Shape::Link(_) => Value::Link(link(json)?),
        Shape::Links(_) => Value::Links(list(json, link)?),
        Shape::Steps => Value::Steps(list(json, step)?),
        Shape::Stages => Value::Stages(list(json, |json| {
            serde_json::from_value::<Stage>(json.clone()).ok()
        })?),
        Shape::Repeat => Value::Repeat(Repeat::parse(json.as_str()?).ok()?),
    })
}

fn list<T>(json: &Json, read: impl Fn(&Json) -> Option<T>) -> Option<Vec<T>> {
    json.as_array()?.iter().map(read).collect()
}

fn text(json: &Json) -> Option<String> {
    json.as_str().map(str::to_owned)
}

fn labelled<T>(json: &Json, read: impl Fn(&Json, &str) -> Option<T>) -> Option<Vec<Labelled<T>>> {
    list(json, |member| {
        let plain = member.as_str().or_else(|| member.get("value")?.as_str())?;
        Some(Labelled {
            label: label(member),
            value: read(member, plain)?,
        })
    })
}

fn label(json: &Json) -> String {
    let label = json.get("label").and_then(Json::as_str);
    label.unwrap_or("").to_owned()
}

fn labelled_date(json: &Json) -> Option<Labelled<PartialDate>> {
    Some(Labelled {
        label: label(json),
        value: partial_date(json.get("value").unwrap_or(json))?,
    })
}

fn phone(member: &Json, number: &str) -> Option<Phone> {
    let extension = member.get("extension").and_then(Json::as_str);
    let whole = match extension {
        Some(extension) => format!("{number} ext. {extension}"),
        None => number.to_owned(),
    };
    let read = Phone::parse(&whole, Region::DE).ok();
    let is_same = |phone: &Phone| phone.e164() == number && phone.extension() == extension;
    if let Some(phone) = read.as_ref()
        && is_same(phone)
    {
        return read;
    }
    // A number that was stored is kept as it was, also where the parser would now read another.
    let digits = number.strip_prefix('+').unwrap_or("");
    let is_stored_form =
        (3..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_stored_form {
        let stored = serde_json::json!({ "e164": number, "extension": extension });
        return serde_json::from_value(stored).ok();
    }
    read
}

fn address(member: &Json, line: &str) -> Option<Address> {
    let part = |name: &str| member.get(name).and_then(Json::as_str);
    if part("street").is_none() && part("city").is_none() && part("country").is_none() {
        return Some(Address::parse(line));
    }
    let part = |name: &str| part(name).unwrap_or("").to_owned();
    Some(Address {
        street: part("street"),
        postcode: part("postcode"),
        city: part("city"),
        region: part("region"),
        country: part("country"),
    })
}

fn money(json: &Json) -> Option<Money> {
    let currency = Currency::parse(json.get("currency")?.as_str()?).ok()?;
    Money::parse(json.get("amount")?.as_str()?, currency).ok()
}

fn day(json: &Json) -> Option<NaiveDate> {
    json.as_str()?.parse().ok()
}

fn partial_date(json: &Json) -> Option<PartialDate> {
    if let Some(text) = json.as_str() {
        return PartialDate::parse(text);
    }
    let small = |name: &str| u8::try_from(json.get(name)?.as_u64()?).ok();
    let year = i32::try_from(json.get("year")?.as_i64()?).ok()?;
    PartialDate::new(Some(year), small("month")?, small("day")?)
}

fn instant(json: &Json) -> Option<DateTime<Utc>> {
    match json {
        Json::String(text) => {
            let read = DateTime::parse_from_rfc3339(text).ok()?;
            Some(read.with_timezone(&Utc))
        }
        Json::Number(millis) => DateTime::from_timestamp_millis(millis.as_i64()?),
        _ => None,
    }
}

fn moment(json: &Json, zone: &Json) -> Option<Moment> {
    let zone: Tz = zone.as_str()?.parse().ok()?;
    Some(Moment::new(instant(json)?, zone))
}

fn link(json: &Json) -> Option<Id> {
    Id::parse(json.as_str().or_else(|| json.get("id")?.as_str())?)
}

fn step(json: &Json) -> Option<Step> {
    let word = |name: &str| json.get(name).and_then(Json::as_str).map(str::to_owned);
    Some(Step {
        at: instant(json.get("at")?)?,
        from: word("from"),
        to: word("to")?,
        note: word("note"),
    })
}
