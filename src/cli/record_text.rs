//! A record as a text to be edited, and back: TOML, or Markdown with TOML before it.
//!
//! Only what was changed becomes an edit, so that a text that was saved as it was changes nothing.

use crate::domain::context::Context;
use crate::domain::custom::CustomFields;
use crate::domain::field::{Field, Filled, Shape};
use crate::domain::kind::Kind;
use crate::domain::record::Record;
use crate::domain::show::{self, NameOf};
use crate::domain::values::Value;
use crate::error::{Error, Result};
use crate::services::Env;
use crate::services::fields;
use crate::services::intent::{FieldChange, FieldEdit};
use std::collections::BTreeMap;

/// The line before and behind the TOML of a Markdown text.
const FENCE: &str = "+++";
/// The group of the user's own fields.
const CUSTOM: &str = "custom";

/// How a record is written to be edited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// All of it as TOML.
    Toml,
    /// Notes as Markdown, the rest as TOML before them.
    Markdown,
}

impl Form {
    /// The ending of a file of that form.
    pub(crate) const fn ending(self) -> &'static str {
        match self {
            Self::Toml => ".toml",
            Self::Markdown => ".md",
        }
    }
}

/// What the fields of a record say, by name; a list's members each on their own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Said {
    fields: BTreeMap<String, Vec<String>>,
    custom: BTreeMap<String, String>,
}

/// A record as a text.
pub(crate) fn write(record: &Record, form: Form, context: &Context, name_of: NameOf<'_>) -> String {
    let said = said(record, context, name_of);
    let notes = notes_field(record.kind).filter(|_| form == Form::Markdown);
    let mut text = format!(
        "# {} {}: change it, save and leave; what you leave as it is stays.\n",
        record.kind.name,
        record.id.text()
    );
    for field in editable(record.kind) {
        if notes.is_some_and(|notes| notes.number == field.number) {
            continue;
        }
        match said.fields.get(field.name) {
            Some(members) => text.push_str(&pair(field.name, members, field.shape.is_list())),
            None => text.push_str(&format!("# {} =   ({})\n", field.name, field.help)),
        }
    }
    if !said.custom.is_empty() {
        text.push_str(&format!("\n[{CUSTOM}]\n"));
        for (name, value) in &said.custom {
            text.push_str(&pair(name, std::slice::from_ref(value), false));
        }
    }
    match notes {
        Some(notes) => {
            let body = said.fields.get(notes.name).map_or("", |body| &body[0]);
            format!("{FENCE}\n{text}{FENCE}\n\n{body}\n")
        }
        None => text,
    }
}

/// What was changed in a record's text.
///
/// # Errors
/// When it cannot be read, with the line, or names a field that there is not.
pub(crate) fn changes(
    record: &Record,
    text: &str,
    form: Form,
    env: &Env,
    name_of: NameOf<'_>,
) -> Result<Vec<FieldEdit>> {
    let (context, own) = (&env.context, env.custom);
    let before = said(record, context, name_of);
    let after = read(record.kind, text, form, own)?;
    let mut edits = Vec::new();
    for field in editable(record.kind) {
        let (was, is) = (before.fields.get(field.name), after.fields.get(field.name));
        if was != is {
            let change = match is {
                Some(members) => FieldChange::Set(members.join("; ")),
                None => FieldChange::Clear,
            };
            edits.push(FieldEdit::new(field.name, change));
        }
    }
    let names = before.custom.keys().chain(after.custom.keys());
    for name in names.collect::<std::collections::BTreeSet<_>>() {
        let (was, is) = (before.custom.get(name), after.custom.get(name));
        if was != is {
            edits.push(FieldEdit::custom(name, is.map_or("", String::as_str)));
        }
    }
    Ok(edits)
}

fn editable(kind: &'static Kind) -> impl Iterator<Item = &'static Field> {
    let fields = kind.fields.iter();
    fields.filter(|field| field.filled == Filled::ByUser)
}

fn notes_field(kind: &'static Kind) -> Option<&'static Field> {
    editable(kind).find(|field| field.shape == Shape::LongText)
}

fn said(record: &Record, context: &Context, name_of: NameOf<'_>) -> Said {
    let members = |field: &Field| -> Option<Vec<String>> {
        let value = record.field(field)?;
        Some(match value {
            Value::Link(id) => vec![name_of(*id)],
            Value::Links(ids) => ids.iter().map(|id| name_of(*id)).collect(),
            other if field.shape.is_list() => show::members(other, context),
            // Line ends of a file are its editor's; those of a text at its end say nothing.
            other => vec![show::plain(other, context).trim_end().to_owned()],
        })
    };
    let told =
        editable(record.kind).filter_map(|field| Some((field.name.to_owned(), members(field)?)));
    Said {
        fields: told.collect(),
        custom: record.custom.clone(),
    }
}

/// A key and its value as TOML.
fn pair(name: &str, members: &[String], is_list: bool) -> String {
    let text = |member: &String| toml::Value::String(member.clone());
    let value = match members {
        [only] if !is_list => text(only),
        members => toml::Value::Array(members.iter().map(text).collect()),
    };
    let table = toml::Table::from_iter([(name.to_owned(), value)]);
    toml::to_string_pretty(&table).unwrap_or_default()
}

fn read(kind: &'static Kind, text: &str, form: Form, own: CustomFields) -> Result<Said> {
    let text = text.replace("\r\n", "\n");
    let (front, body) = match form {
        Form::Toml => (text.as_str(), None),
        Form::Markdown => parted(&text)?,
    };
    let parsed: toml::Table = toml::from_str(front).map_err(|error| {
        let start = error.span().map_or(0, |span| span.start);
        let before = front.get(..start).unwrap_or_default();
        let line = before.matches('\n').count() + 1 + usize::from(body.is_some());
        Error::invalid(format!(
            "line {line}: {}",
            error.message().replace('\n', "; ")
        ))
    })?;
    let mut said = Said::default();
    for (name, value) in parsed {
        match value {
            toml::Value::Table(custom) if name == CUSTOM => {
                for (name, value) in custom {
                    said.custom.insert(name.clone(), plain(&name, &value)?);
                }
            }
            value => {
                let known = editable(kind).find(|field| field.name == name);
                let field = known.ok_or_else(|| fields::unknown(kind, &name, own))?;
                let members = match &value {
                    toml::Value::Array(list) => list
                        .iter()
                        .map(|member| plain(&name, member))
                        .collect::<Result<_>>()?,
                    other => vec![plain(&name, other)?],
                };
                put(&mut said, field, members);
            }
        }
    }
    if let (Some(body), Some(notes)) = (body, notes_field(kind)) {
        put(&mut said, notes, vec![body.trim().to_owned()]);
    }
    Ok(said)
}

fn put(said: &mut Said, field: &Field, members: Vec<String>) {
    let members: Vec<String> = members
        .iter()
        .map(|member| member.trim_end().to_owned())
        .collect();
    if members.iter().any(|member| !member.is_empty()) {
        said.fields.insert(field.name.to_owned(), members);
    }
}

/// The TOML and the body of a Markdown text.
fn parted(text: &str) -> Result<(&str, Option<&str>)> {
    let fault = || {
        let error = Error::invalid(format!(
            "the lines `{FENCE}` before and behind the fields are gone"
        ));
        error.hint("put them back, each on a line of its own")
    };
    let rest = text.trim_start().strip_prefix(FENCE).ok_or_else(fault)?;
    let end = rest.find(&format!("\n{FENCE}")).ok_or_else(fault)?;
    let front = rest.get(..=end).unwrap_or_default();
    let body = rest.get(end + 1 + FENCE.len()..).unwrap_or_default();
    Ok((front.trim_start_matches('\n'), Some(body)))
}

/// A single value as the text that fields are read from.
fn plain(name: &str, value: &toml::Value) -> Result<String> {
    match value {
        toml::Value::String(text) => Ok(text.clone()),
        toml::Value::Integer(number) => Ok(number.to_string()),
        toml::Value::Float(number) => Ok(number.to_string()),
        toml::Value::Boolean(flag) => Ok((if *flag { "yes" } else { "no" }).to_owned()),
        toml::Value::Datetime(date) => Ok(date.to_string()),
        toml::Value::Array(_) | toml::Value::Table(_) => {
            Err(Error::invalid(format!("`{name}` is no single value"))
                .hint("write it as a text in quotes"))
        }
    }
}
