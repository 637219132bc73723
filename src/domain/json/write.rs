//! Records to JSON.

use crate::domain::context::Context;
use crate::domain::custom::CustomFields;
use crate::domain::record::{Record, State};
use crate::domain::show::NameOf;
use crate::domain::values::contact_points::{Address, Labelled};
use crate::domain::values::dates::{Due, Moment, PartialDate};
use crate::domain::values::{Step, Value};
use chrono::{DateTime, Datelike as _, Offset as _, SecondsFormat, Utc};
use chrono_tz::Tz;
use serde_json::{Map, Value as Json, json};

/// A record as an object. Instants are written with the offset of the user's zone.
pub fn to_json(record: &Record, own: CustomFields, context: &Context, name_of: NameOf<'_>) -> Json {
    let instant = |at: DateTime<Utc>| instant_text(at, context.zone);
    let mut object = Map::new();
    let mut put = |name: &str, value: Json| {
        object.insert(name.to_owned(), value);
    };
    put("id", json!(record.id.text()));
    put("kind", json!(record.kind.name));
    put("revision", json!(record.revision));
    put("created", instant(record.created));
    put("updated", instant(record.updated));
    let (state, since) = match record.state {
        State::Active => ("active", None),
        State::Archived(since) => ("archived", Some(since)),
        State::Trashed(since) => ("trashed", Some(since)),
    };
    put("state", json!(state));
    if let Some(since) = since {
        put("state-since", instant(since));
    }
    let mut zones = Map::new();
    for field in record.kind.fields {
        let Some(value) = record.field(field) else {
            continue;
        };
        if let Value::Moment(moment) | Value::Due(Due::At(moment)) = value {
            zones.insert(field.name.to_owned(), json!(moment.zone.0.name()));
        }
        put(field.name, value_to_json(value, context, name_of));
    }
    if !zones.is_empty() {
        put("zones", Json::Object(zones));
    }
    put("custom", own.json(record, context));
    let external = record.external.iter();
    put(
        "external",
        external
            .map(|external| json!({ "source": external.source, "id": external.id }))
            .collect(),
    );
    Json::Object(object)
}

/// One value. The zone of a moment stands beside it, in the object's `zones`.
pub fn value_to_json(value: &Value, context: &Context, name_of: NameOf<'_>) -> Json {
    match value {
        Value::Text(text) => json!(text),
        Value::Texts(texts) => json!(texts),
        Value::Emails(list) => labelled(list, |email| json!({ "value": email.as_str() })),
        Value::Phones(list) => labelled(list, |phone| match phone.extension() {
            Some(extension) => json!({ "value": phone.e164(), "extension": extension }),
            None => json!({ "value": phone.e164() }),
        }),
        Value::Addresses(list) => labelled(list, address),
        Value::Sites(list) => labelled(list, |site| json!({ "value": site.as_str() })),
        Value::Dates(list) => labelled(list, |date| json!({ "value": partial_date(date) })),
        Value::Money(money) => {
            json!({ "amount": money.amount(), "currency": money.currency.code() })
        }
        Value::Number(number) => json!(number),
        Value::Percent(share) => json!(share.get()),
        Value::Minutes(minutes) => json!(minutes.0),
        Value::Days(days) => json!(days.0),
        Value::Flag(flag) => json!(flag),
        Value::Date(day) | Value::Due(Due::Day(day)) => json!(day.to_string()),
        Value::PartialDate(date) => partial_date(date),
        Value::Due(Due::At(moment)) | Value::Moment(moment) => moment_text(moment),
        Value::Instant(instant) => instant_text(instant.0, context.zone),
        Value::Link(id) => json!({ "id": id.text(), "name": name_of(*id) }),
        Value::Links(ids) => ids
            .iter()
            .map(|id| json!({ "id": id.text(), "name": name_of(*id) }))
            .collect(),
        Value::Steps(steps) => steps.iter().map(|one| step(one, context)).collect(),
        Value::Repeat(repeat) => json!(repeat.rule()),
        Value::Stages(stages) => json!(stages),
    }
}

fn labelled<T>(list: &[Labelled<T>], show: impl Fn(&T) -> Json) -> Json {
    list.iter()
        .map(|member| {
            let mut object = show(&member.value);
            object["label"] = json!(member.label);
            object
        })
        .collect()
}

/// The parts, and the line that people read.
fn address(address: &Address) -> Json {
    json!({
        "value": address.line(),
        "street": address.street,
        "postcode": address.postcode,
        "city": address.city,
        "region": address.region,
        "country": address.country,
    })
}

/// ISO 8601; an object where its four digits cannot hold the year.
fn partial_date(date: &PartialDate) -> Json {
    match date.year {
        Some(year) if !(0..=9999).contains(&year) => {
            json!({ "year": year, "month": date.month, "day": date.day })
        }
        _ => json!(date.to_string()),
    }
}

fn moment_text(moment: &Moment) -> Json {
    instant_text(moment.at, moment.zone.0)
}

/// RFC 3339 with the zone's offset; milliseconds since 1970 where its four digits cannot hold
/// the year.
fn instant_text(at: DateTime<Utc>, zone: Tz) -> Json {
    let local = at.with_timezone(&zone);
    if !(1..9999).contains(&local.year()) {
        return json!(at.timestamp_millis());
    }
    // Old local times have offsets with seconds, which RFC 3339 cannot write.
    if local.offset().fix().local_minus_utc() % 60 == 0 {
        json!(local.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    } else {
        json!(at.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

fn step(step: &Step, context: &Context) -> Json {
    let mut object = json!({ "at": instant_text(step.at, context.zone), "to": step.to });
    if let Some(from) = &step.from {
        object["from"] = json!(from);
    }
    if let Some(note) = &step.note {
        object["note"] = json!(note);
    }
    object
}
