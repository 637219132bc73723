//! What the JSON of a record looks like, as JSON Schema (draft 2020-12): one mapping from the
//! shape of a field to what [`super::value_to_json`] makes of it.

use crate::domain::custom::{CustomField, CustomFields};
use crate::domain::derived::{self, STATES};
use crate::domain::field::Shape;
use crate::domain::kind::Kind;
use serde_json::{Map, Value as Json, json};

/// The dialect.
const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";
/// What every whole record has, beside the fields that its kind requires.
const ALWAYS: &[&str] = &[
    "id", "kind", "revision", "created", "updated", "state", "custom", "external",
];

/// The schema of a record of that kind: whole as `show` gives it, where it says its `kind`, and
/// as a row of a listing, which has the columns asked for and `null` where there is nothing.
/// `own` are the fields that the settings declare.
pub fn of_kind(kind: &Kind, own: CustomFields) -> Json {
    let mut properties = Map::new();
    let mut put = |name: &str, help: &str, own: Json| {
        let mut property = or_null(own);
        property["description"] = json!(help);
        properties.insert(name.to_owned(), property);
    };
    for derived in derived::of_kind(kind.name) {
        put(derived.name, derived.help, of_shape(derived.shape));
    }
    for field in kind.fields {
        put(field.name, field.help, of_shape(field.shape));
    }
    for one in own.of_kind(kind) {
        put(one.field.name, one.field.help, declared_as(one));
    }
    properties.extend(fixed(kind, own));
    let names: Vec<&String> = properties.keys().collect();
    let required = kind.fields.iter().filter(|field| field.required);
    let required: Vec<&str> = ALWAYS
        .iter()
        .copied()
        .chain(required.map(|field| field.name))
        .collect();
    json!({
        "$schema": DRAFT,
        "title": kind.name,
        "description": kind.help,
        "type": "object",
        "if": { "required": ["kind"] },
        "then": { "required": required, "propertyNames": { "enum": names } },
        "properties": properties,
        // A column of a listing may be a field of the user's own.
        "additionalProperties": or_null(named("own")),
        "$defs": definitions(),
    })
}

/// What every record of a kind has beside its fields and values.
fn fixed(kind: &Kind, own: CustomFields) -> Map<String, Json> {
    let declared = own.of_kind(kind);
    let declared: Map<String, Json> = declared
        .map(|one| (one.field.name.to_owned(), declared_as(one)))
        .collect();
    let zones = json!({ "type": "object", "additionalProperties": text() });
    let custom = json!({
        "type": "object",
        "properties": declared,
        "additionalProperties": named("own"),
    });
    let external = list(object(&[("source", text()), ("id", text())], &[]));
    let count = json!({ "type": "integer", "minimum": 0 });
    let members = [
        ("id", "The record's id", named("id")),
        ("kind", "Its kind", json!({ "const": kind.name })),
        ("revision", "How often it was changed", count),
        ("created", "When it came into the store", named("instant")),
        ("updated", "When it was last changed", named("instant")),
        ("state", "Where it is", json!({ "enum": STATES })),
        ("state-since", "Since when", named("instant")),
        (
            "zones",
            "The time zones of moments, by the names of their fields",
            zones,
        ),
        ("custom", "Fields of the user's own", custom),
        ("external", "Ids of other programs", external),
    ];
    let described = members.map(|(name, help, mut own)| {
        own["description"] = json!(help);
        (name.to_owned(), own)
    });
    described.into_iter().collect()
}

/// A field that the settings declare; a text that does not fit stays a text.
fn declared_as(declared: &CustomField) -> Json {
    json!({ "anyOf": [of_shape(declared.field.shape), text()] })
}

/// The schema of what a command says that changed something.
pub fn of_change() -> Json {
    let record = object(&[("kind", text()), ("id", named("id"))], &[]);
    let number = json!({
        "description": "The number by which `undo` takes it back; null where nothing was changed",
        "type": ["integer", "null"],
        "minimum": 1,
    });
    let members = [
        ("change", number),
        ("summary", text()),
        ("records", list(record)),
    ];
    let mut schema = object(&members, &[]);
    schema["$schema"] = json!(DRAFT);
    schema["title"] = json!("change");
    schema["description"] = json!("What a command changed");
    schema["$defs"] = json!({ "id": id() });
    schema
}

/// What a value of that shape looks like.
fn of_shape(shape: Shape) -> Json {
    match shape {
        Shape::Text | Shape::LongText | Shape::Pipeline | Shape::Stage => text(),
        Shape::Choice(words) => json!({ "enum": words }),
        Shape::Repeat => json!({ "type": "string", "description": "An RRULE of RFC 5545" }),
        Shape::Texts => list(text()),
        Shape::Emails | Shape::Sites => list(labelled(text(), &[])),
        Shape::Phones => list(labelled(named("phone"), &[("extension", text())])),
        Shape::Addresses => list(named("address")),
        Shape::Dates => list(labelled(named("partial-date"), &[])),
        Shape::Money => named("money"),
        Shape::Number => json!({ "type": "integer" }),
        Shape::Percent => json!({ "type": "integer", "minimum": 0, "maximum": 100 }),
        Shape::Minutes | Shape::Days => json!({ "type": "integer", "minimum": 0 }),
        Shape::Flag => json!({ "type": "boolean" }),
        Shape::Date => named("date"),
        Shape::PartialDate => named("partial-date"),
        Shape::Due => json!({ "anyOf": [named("date"), named("instant")] }),
        Shape::Moment | Shape::Instant => named("instant"),
        Shape::Link(_) => named("link"),
        Shape::Links(_) => list(named("link")),
        Shape::Steps => list(object(
            &[("at", named("instant")), ("to", text())],
            &[("from", text()), ("note", text())],
        )),
        Shape::Stages => list(object(
            &[
                ("name", text()),
                ("probability", of_shape(Shape::Percent)),
                ("outcome", json!({ "enum": ["open", "won", "lost"] })),
                ("stale_after", or_null(of_shape(Shape::Days))),
            ],
            &[],
        )),
    }
}

fn definitions() -> Json {
    let year = json!({ "type": "integer" });
    let month = json!({ "type": "integer", "minimum": 1, "maximum": 12 });
    let day = json!({ "type": "integer", "minimum": 1, "maximum": 31 });
    json!({
        "id": id(),
        "date": { "type": "string", "pattern": r"^[+-]?\d{4,}-\d\d-\d\d$" },
        "partial-date": {
            "description": "ISO 8601, without a year `--MM-DD`; an object where four digits \
                            cannot hold the year",
            "anyOf": [
                { "type": "string", "pattern": r"^(-|\d{4})-\d\d-\d\d$" },
                object(&[("year", year), ("month", month), ("day", day)], &[]),
            ],
        },
        "instant": {
            "description": "RFC 3339; milliseconds since 1970 where four digits cannot hold the \
                            year",
            "anyOf": [
                {
                    "type": "string",
                    "format": "date-time",
                    "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$",
                },
                { "type": "integer" },
            ],
        },
        "money": object(
            &[
                ("amount", json!({ "type": "string", "pattern": r"^-?\d+(\.\d+)?$" })),
                ("currency", json!({ "type": "string", "pattern": "^[A-Z]{3}$" })),
            ],
            &[],
        ),
        "phone": { "description": "E.164", "type": "string", "pattern": r"^\+?\d+$" },
        "address": labelled(
            json!({ "description": "The address in one line", "type": "string" }),
            &[
                ("street", text()),
                ("postcode", text()),
                ("city", text()),
                ("region", text()),
                ("country", text()),
            ],
        ),
        "link": object(&[("id", named("id")), ("name", text())], &[]),
        "own": {
            "description": "A field of the user's own, as what the settings declare it to be",
            "anyOf": [
                { "type": ["string", "integer", "boolean"] },
                named("money"),
            ],
        },
    })
}

fn id() -> Json {
    json!({ "type": "string", "pattern": "^[0-9a-z]{26}$" })
}

fn text() -> Json {
    json!({ "type": "string" })
}

fn named(definition: &str) -> Json {
    json!({ "$ref": format!("#/$defs/{definition}") })
}

fn list(member: Json) -> Json {
    json!({ "type": "array", "items": member })
}

fn or_null(own: Json) -> Json {
    json!({ "anyOf": [own, { "type": "null" }] })
}

fn labelled(value: Json, optional: &[(&str, Json)]) -> Json {
    object(&[("value", value), ("label", text())], optional)
}

/// An object with these members and no others.
fn object(required: &[(&str, Json)], optional: &[(&str, Json)]) -> Json {
    let member = |(name, own): &(&str, Json)| ((*name).to_owned(), own.clone());
    let properties: Map<String, Json> = required.iter().chain(optional).map(member).collect();
    let required: Vec<&str> = required.iter().map(|(name, _)| *name).collect();
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}
