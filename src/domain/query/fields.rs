//! What a query can name: fields, derived values, custom fields, and those of linked records.

use super::error::QueryErrorKind;
use crate::domain::custom::{CustomField, CustomFields, key};
use crate::domain::derived::{self, Derived};
use crate::domain::field::{Field, Shape};
use crate::domain::kind::Kind;
use crate::domain::nearest::nearest;
use crate::domain::values::Value;
use crate::domain::values::text::fold;
use crate::domain::{follow_up, kind_by_name};
use std::ops::Range;

/// How many dots a name may have.
pub(super) const MOST_DOTS: usize = 3;
/// The word before the dot of a custom field.
const CUSTOM: &str = "custom";

/// A name that a query can use.
#[derive(Clone, Copy, Debug)]
pub struct FieldName {
    /// The name.
    pub name: &'static str,
    /// One line of help.
    pub help: &'static str,
    /// What its values look like; behind a link, the other record's fields follow by a dot.
    pub shape: Shape,
}

/// Every name that a query over records of a kind can use: stored fields, derived values, and
/// what the settings declare.
pub fn field_names(kind: &'static Kind, own: CustomFields) -> Vec<FieldName> {
    let stored = kind.fields.iter().map(|field| FieldName {
        name: field.name,
        help: field.help,
        shape: field.shape,
    });
    let derived = derived::of_kind(kind.name).map(|derived| FieldName {
        name: derived.name,
        help: derived.help,
        shape: derived.shape,
    });
    let own = own.of_kind(kind).map(|own| FieldName {
        name: own.field.name,
        help: own.field.help,
        shape: own.field.shape,
    });
    stored.chain(derived).chain(own).collect()
}

/// A link that is followed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hop {
    pub(super) field: &'static Field,
    pub(super) kind: &'static Kind,
}

/// Where a value stands in a record.
#[derive(Clone, Debug)]
pub(super) enum Place {
    Field(&'static Field),
    Derived(&'static Derived),
    /// A custom field that the settings declare.
    Declared(&'static CustomField),
    /// Another custom field, by its compared name.
    Custom(String),
}

impl Place {
    pub(super) const fn shape(&self) -> Shape {
        match self {
            Self::Field(field) => field.shape,
            Self::Derived(derived) => derived.shape,
            Self::Declared(own) => own.field.shape,
            Self::Custom(_) => Shape::Text,
        }
    }

    /// Its name.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Field(field) => field.name,
            Self::Derived(derived) => derived.name,
            Self::Declared(own) => own.field.name,
            Self::Custom(name) => name,
        }
    }

    /// Whether it is the record's identity.
    pub(super) fn is_id(&self) -> bool {
        matches!(self, Self::Derived(derived) if derived.name == "id")
    }

    /// What a record without the value behaves like.
    pub(super) fn when_unset(&self, kind: &'static Kind) -> Option<Value> {
        let field = match self {
            Self::Field(field) => field,
            Self::Declared(own) => &own.field,
            Self::Derived(_) | Self::Custom(_) => return None,
        };
        let is_priority = *kind == follow_up::KIND && field.number == follow_up::PRIORITY.number();
        match field.shape {
            Shape::Flag => Some(Value::Flag(false)),
            _ if is_priority => Some(Value::Text("normal".to_owned())),
            _ => None,
        }
    }
}

/// A value of a record, or of records that it links to.
#[derive(Clone, Debug)]
pub(super) struct Path {
    pub(super) hops: Vec<Hop>,
    pub(super) place: Place,
}

/// Finds what a name with dots means; where it means nothing, says which part is at fault.
pub(super) fn resolve(
    kind: &'static Kind,
    name: &str,
    own: CustomFields,
) -> Result<Path, (Range<usize>, QueryErrorKind)> {
    let mut hops = Vec::new();
    let mut kind = kind;
    let mut start = 0;
    loop {
        let rest = name.get(start..).unwrap_or("");
        let (part, behind) = match rest.split_once('.') {
            Some((part, behind)) => (part, Some(behind)),
            None => (rest, None),
        };
        let span = start..start + part.len();
        let dots = hops.len() + usize::from(behind.is_some());
        if dots > MOST_DOTS {
            return Err((0..name.len(), QueryErrorKind::TooDeep(MOST_DOTS)));
        }
        match behind {
            None => {
                let place =
                    place(kind, part, own).ok_or_else(|| (span, unknown(kind, part, own)))?;
                return Ok(Path { hops, place });
            }
            Some(custom) if fold(part) == CUSTOM && !custom.is_empty() => {
                let declared = own.named(kind, custom).map(Place::Declared);
                let place = declared.unwrap_or_else(|| Place::Custom(key(custom)));
                return Ok(Path { hops, place });
            }
            Some(_) => {
                let hop = hop(kind, part, own).map_err(|fault| (span.clone(), fault))?;
                kind = hop.kind;
                hops.push(hop);
                start = span.end + 1;
            }
        }
    }
}

fn place(kind: &'static Kind, name: &str, own: CustomFields) -> Option<Place> {
    let name = key(name);
    let derived = || derived::of_kind(kind.name).find(|derived| derived.name == name);
    kind.field(&name)
        .map(Place::Field)
        .or_else(|| derived().map(Place::Derived))
        .or_else(|| own.named(kind, &name).map(Place::Declared))
}

fn hop(kind: &'static Kind, name: &str, own: CustomFields) -> Result<Hop, QueryErrorKind> {
    let field = match place(kind, name, own) {
        Some(Place::Field(field)) => field,
        Some(_) => return Err(not_a_link(name)),
        None => return Err(unknown(kind, name, own)),
    };
    let target = match field.shape {
        Shape::Link(target) | Shape::Links(target) => kind_by_name(target),
        _ => None,
    };
    let kind = target.ok_or_else(|| not_a_link(name))?;
    Ok(Hop { field, kind })
}

fn not_a_link(name: &str) -> QueryErrorKind {
    QueryErrorKind::NotALink {
        field: name.to_owned(),
    }
}

/// Another program's word for a field counts as near to it.
fn unknown(kind: &'static Kind, name: &str, own: CustomFields) -> QueryErrorKind {
    let names = field_names(kind, own).into_iter().map(|field| field.name);
    let near = kind
        .field_for_header(name)
        .map(|field| field.name)
        .or_else(|| nearest(name, names));
    QueryErrorKind::UnknownField {
        name: name.to_owned(),
        nearest: near.map(str::to_owned),
    }
}
