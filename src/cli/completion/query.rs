//! Terms of a query while they are typed: names of fields, then what stands behind `:`.

use super::values::Values;
use super::{Candidate, Known};
use crate::domain::field::Shape;
use crate::domain::kind::Kind;
use crate::domain::kind_by_name;
use crate::domain::query::{FieldName, field_names};
use crate::domain::segment;

/// The term that stands for a saved query.
const SEGMENT: &str = "segment";
const OPERATORS: [char; 5] = [':', '=', '!', '<', '>'];

/// How a term goes on.
pub(super) fn complete(kind: &'static Kind, typed: &str, known: &Known) -> Vec<Candidate> {
    let term = typed.trim_start_matches(['(', '-']);
    let lead = &typed[..typed.len() - term.len()];
    let Some(operator) = term.find(OPERATORS) else {
        return names(kind, lead, term, known);
    };
    let (name, rest) = term.split_at(operator);
    let value = rest.trim_start_matches(OPERATORS);
    let before = &typed[..typed.len() - value.len()];
    let found = behind(kind, name, value, known).into_iter();
    let typeable = found.filter_map(|Candidate { value: whole, help }| {
        let whole = if whole.chars().all(is_plain) {
            whole
        } else if let Some(inner) = value.strip_prefix('"') {
            let is_one = whole.starts_with(inner) && !whole.contains('"');
            is_one.then(|| format!("\"{whole}\""))?
        } else if value.is_empty() && !whole.contains('"') {
            format!("\"{whole}\"")
        } else {
            return None;
        };
        Some(Candidate::new(format!("{before}{whole}"), help))
    });
    typeable.collect()
}

/// Whether a character can stand in a value without quotes.
fn is_plain(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '-' | '_' | '.' | '/' | '+')
}

/// The field that a name means behind links, with the part of the name before the last dot.
fn place<'a>(kind: &'static Kind, name: &'a str) -> Option<(&'static Kind, &'a str, &'a str)> {
    let mut kind = kind;
    let (path, last) = name.rsplit_once('.').unwrap_or(("", name));
    for hop in path.split('.').filter(|hop| !hop.is_empty()) {
        kind = match kind.field(hop)?.shape {
            Shape::Link(target) | Shape::Links(target) => kind_by_name(target)?,
            _ => return None,
        };
    }
    Some((kind, &name[..name.len() - last.len()], last))
}

fn names(kind: &'static Kind, lead: &str, term: &str, known: &Known) -> Vec<Candidate> {
    let Some((kind, path, last)) = place(kind, term) else {
        return Vec::new();
    };
    let fields = field_names(kind, known.own).into_iter();
    let fields = fields.map(|FieldName { name, help, .. }| (name, help));
    let segment = path.is_empty().then_some((SEGMENT, "A saved query"));
    fields
        .chain(segment)
        .filter(|(name, _)| name.starts_with(last))
        .map(|(name, help)| Candidate::new(format!("{lead}{path}{name}:"), help))
        .collect()
}

/// The values of a term.
fn behind(kind: &'static Kind, name: &str, typed: &str, known: &Known) -> Vec<Candidate> {
    if name == SEGMENT {
        return Values::Called(vec![&segment::KIND]).complete(typed, known);
    }
    let found = place(kind, name).and_then(|(kind, _, last)| {
        let field = field_names(kind, known.own)
            .into_iter()
            .find(|field| field.name == last)?;
        Values::of_shape(field.shape, field.name)
    });
    // A quote that opens the value is no part of it.
    let typed = typed.trim_start_matches('"');
    found.map_or_else(Vec::new, |values| values.complete(typed, known))
}
