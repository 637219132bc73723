//! Changes of fields: what the user typed for each becomes a value, or an error that names it.

use super::intent::{FieldChange, FieldEdit};
use super::plan::Plan;
use super::who::{self, Reach};
use super::words;
use crate::domain::custom::{CustomField, CustomFields};
use crate::domain::field::{Field, Filled, Shape};
use crate::domain::id::Id;
use crate::domain::kind::Kind;
use crate::domain::nearest::nearest;
use crate::domain::record::Record;
use crate::domain::values::contact_points::{Address, Email, Labelled, Site};
use crate::domain::values::dates::PartialDate;
use crate::domain::values::text::{self, fold};
use crate::domain::values::{Value, ValueError};
use crate::domain::{deal, read};
use crate::error::{Error, Result};

/// Applies changes of fields to a record, in their order.
///
/// # Errors
/// The first field or value that is wrong.
pub fn apply(plan: &mut Plan<'_>, record: &mut Record, edits: &[FieldEdit]) -> Result<()> {
    let own = plan.env.custom;
    let mut fields = Vec::new();
    for edit in edits {
        if edit.custom {
            apply_custom(plan, record, edit)?;
            continue;
        }
        let field = record
            .kind
            .field(&edit.name)
            .ok_or_else(|| unknown(record.kind, &edit.name, own))?;
        fields.push((field, &edit.change));
    }
    // A stage is read as one of the pipeline, whichever is given first.
    fields.sort_by_key(|(field, _)| field.shape != Shape::Pipeline);
    for (field, change) in fields {
        apply_field(plan, record, field, change)?;
    }
    let missing = record
        .kind
        .fields
        .iter()
        .find(|field| field.required && record.field(field).is_none());
    match missing {
        Some(field) => Err(Error::invalid(format!(
            "a {} needs a {}",
            record.kind.name, field.name
        ))),
        None => Ok(()),
    }
}

/// The same changes with each field that the settings declare under its own name, however it
/// was named.
pub fn by_own_names(own: CustomFields, kind: &Kind, edits: &[FieldEdit]) -> Vec<FieldEdit> {
    let named = |edit: &FieldEdit| {
        let is_of_table = !edit.custom && kind.field(&edit.name).is_some();
        match own.named(kind, &edit.name).filter(|_| !is_of_table) {
            Some(declared) => FieldEdit {
                name: declared.field.name.to_owned(),
                custom: true,
                change: edit.change.clone(),
            },
            None => edit.clone(),
        }
    };
    edits.iter().map(named).collect()
}

/// Refuses a new record that lacks a field which the settings require.
///
/// # Errors
/// The first such field.
pub fn require(own: CustomFields, record: &Record) -> Result<()> {
    let is_missing = |own: &&CustomField| own.field.required && own.text(record).is_none();
    let missing = own.of_kind(record.kind).find(is_missing);
    missing.map_or(Ok(()), |own| Err(needed(own)))
}

fn needed(own: &CustomField) -> Error {
    let (kind, name) = (own.kind.name, own.field.name);
    Error::invalid(format!("a {kind} needs a {name}"))
        .hint(format!("give it with `--set {name}=VALUE`"))
}

/// No field of that name.
/// No field of that name.
pub fn unknown(kind: &'static Kind, name: &str, own: CustomFields) -> Error {
    let error = Error::invalid(format!("a {} has no field `{name}`", kind.name));
    let of_table = kind.fields.iter().map(|field| field.name);
    let names: Vec<&str> = of_table
        .chain(own.of_kind(kind).map(|own| own.field.name))
        .collect();
    match nearest(name, names) {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None => error.hint(format!("for a field of your own use `--set {name}=VALUE`")),
    }
}

fn apply_custom(plan: &mut Plan<'_>, record: &mut Record, edit: &FieldEdit) -> Result<()> {
    let own = plan.env.custom;
    if let Some(declared) = own.named(record.kind, &edit.name) {
        return apply_declared(plan, record, declared, &edit.change);
    }
    if text::line(&edit.name).trim().is_empty() {
        return Err(Error::invalid("a field of your own needs a name")
            .hint("write it before the equals sign: `--set name=value`"));
    }
    let text = match &edit.change {
        FieldChange::Set(text) if text.trim() == "none" => "",
        FieldChange::Set(text) => text.trim(),
        FieldChange::Clear => "",
        FieldChange::Add(_) | FieldChange::Remove(_) | FieldChange::Put(_) => {
            return Err(Error::invalid(format!("`{}` is no list", edit.name)));
        }
    };
    if text.is_empty() {
        record.custom.remove(&edit.name);
        return Ok(());
    }
    let is_new = !record.custom.contains_key(&edit.name);
    if let Some(near) = own.near(record.kind, &edit.name).filter(|_| is_new) {
        plan.warnings.push(format!(
            "the settings have no field `{}`; did you mean `{near}`?",
            edit.name
        ));
    }
    record.custom.insert(edit.name.clone(), text.to_owned());
    Ok(())
}

/// Changes a field that the settings declare.
fn apply_declared(
    plan: &Plan<'_>,
    record: &mut Record,
    own: &CustomField,
    change: &FieldChange,
) -> Result<()> {
    let context = plan.context();
    let value = match change {
        FieldChange::Clear => None,
        FieldChange::Set(text) if matches!(text.trim(), "none" | "") => None,
        FieldChange::Set(text) => {
            let read = own.read(text, &context);
            Some(read.map_err(|error| words::value(&own.field, text.trim(), error))?)
        }
        FieldChange::Put(value) => Some(value.clone()),
        FieldChange::Add(_) | FieldChange::Remove(_) => return Err(no_list(&own.field)),
    };
    if value.is_none() && own.field.required && own.text(record).is_some() {
        return Err(needed(own));
    }
    own.set(record, value.as_ref(), &context);
    Ok(())
}

fn apply_field(
    plan: &Plan<'_>,
    record: &mut Record,
    field: &'static Field,
    change: &FieldChange,
) -> Result<()> {
    let value = match change {
        FieldChange::Put(value) => Some(value.clone()),
        FieldChange::Clear => None,
        _ if field.filled == Filled::ByProgram => {
            return Err(words::value(field, "", ValueError::ReadOnly));
        }
        FieldChange::Add(_) | FieldChange::Remove(_) if !field.shape.is_list() => {
            return Err(no_list(field));
        }
        FieldChange::Set(text) if matches!(text.trim(), "none" | "") => None,
        FieldChange::Set(text) => Some(read(plan, record, field, text)?),
        FieldChange::Add(text) => {
            let more = read(plan, record, field, text)?;
            Some(match record.field(field).cloned() {
                None => more,
                Some(value) => joined(value, more).ok_or_else(|| no_list(field))?,
            })
        }
        FieldChange::Remove(text) => {
            let less = read(plan, record, field, text)?;
            match record.field(field).cloned() {
                None => None,
                Some(value) => Some(without(value, &less).ok_or_else(|| no_list(field))?),
            }
        }
    };
    record.set_value(field.number, value);
    Ok(())
}

fn no_list(field: &Field) -> Error {
    Error::invalid(format!(
        "`{}` holds one value: + and - are for lists",
        field.name
    ))
}

/// Reads the text of any field, links and stages included.
///
/// # Errors
/// What is wrong with the text.
pub fn read(plan: &Plan<'_>, record: &Record, field: &'static Field, text: &str) -> Result<Value> {
    match field.shape {
        Shape::Link(kind) => Ok(Value::Link(linked(plan, kind, text)?)),
        Shape::Links(kind) => {
            let mut ids: Vec<Id> = Vec::new();
            for part in text
                .split(';')
                .map(str::trim)
                .filter(|part| !part.is_empty())
            {
                let id = linked(plan, kind, part)?;
                if !ids.contains(&id) {
                    ids.push(id);
                }
            }
            Ok(Value::Links(ids))
        }
        Shape::Pipeline => match plan.pipelines.get(Some(text)) {
            Some(pipeline) => Ok(Value::Text(pipeline.name.clone())),
            None => {
                let names = plan
                    .pipelines
                    .0
                    .iter()
                    .map(|pipeline| pipeline.name.clone());
                Err(words::value(
                    field,
                    text,
                    ValueError::NotOneOf(names.collect()),
                ))
            }
        },
        Shape::Stage => stage(plan, record, field, text).map(Value::Text),
        shape => read::value(shape, text, &plan.context())
            .map_err(|error| words::value(field, text, error)),
    }
}

fn stage(plan: &Plan<'_>, record: &Record, field: &Field, text: &str) -> Result<String> {
    let name = record.get(deal::PIPELINE).map(String::as_str);
    let Some(pipeline) = plan.pipelines.get(name) else {
        return Err(Error::invalid(format!(
            "there is no pipeline `{}`",
            name.unwrap_or("")
        )));
    };
    match pipeline.stage(text) {
        Some(stage) => Ok(stage.name.clone()),
        None => {
            let names = pipeline
                .stages
                .iter()
                .map(|stage| stage.name.clone())
                .collect();
            Err(words::value(field, text, ValueError::NotOneOf(names)))
        }
    }
}

fn linked(plan: &Plan<'_>, kind: &str, text: &str) -> Result<Id> {
    let kind = crate::domain::kind_by_name(kind)
        .ok_or_else(|| Error::invalid(format!("there is no kind `{kind}`")))?;
    who::find(plan.session, plan.env, kind, text, Reach::Working).map(|record| record.id)
}

/// A list with more members. One that is there already takes over a new label.
fn joined(value: Value, more: Value) -> Option<Value> {
    fn add<T, K: PartialEq>(
        mut list: Vec<Labelled<T>>,
        more: Vec<Labelled<T>>,
        key: impl Fn(&T) -> K,
    ) -> Vec<Labelled<T>> {
        for member in more {
            let same = |known: &&mut Labelled<T>| key(&known.value) == key(&member.value);
            match list.iter_mut().find(same) {
                None => list.push(member),
                Some(known) if !member.label.is_empty() => known.label = member.label,
                Some(_) => {}
            }
        }
        list
    }
    Some(match (value, more) {
        (Value::Texts(list), Value::Texts(more)) => {
            let mut list = list;
            for member in more {
                if !list.iter().any(|known| fold(known) == fold(&member)) {
                    list.push(member);
                }
            }
            Value::Texts(list)
        }
        (Value::Emails(list), Value::Emails(more)) => Value::Emails(add(list, more, Email::key)),
        (Value::Phones(list), Value::Phones(more)) => {
            Value::Phones(add(list, more, |phone| phone.e164().to_owned()))
        }
        (Value::Addresses(list), Value::Addresses(more)) => {
            Value::Addresses(add(list, more, Address::clone))
        }
        (Value::Sites(list), Value::Sites(more)) => Value::Sites(add(list, more, Site::key)),
        (Value::Dates(list), Value::Dates(more)) => {
            Value::Dates(add(list, more, PartialDate::clone))
        }
        (Value::Links(mut list), Value::Links(mut more)) => {
            more.retain(|id| !list.contains(id));
            list.append(&mut more);
            Value::Links(list)
        }
        _ => return None,
    })
}

fn without(value: Value, less: &Value) -> Option<Value> {
    Some(match (value, less) {
        (Value::Texts(mut list), Value::Texts(less)) => {
            list.retain(|known| !less.iter().any(|gone| fold(gone) == fold(known)));
            Value::Texts(list)
        }
        (Value::Emails(mut list), Value::Emails(less)) => {
            list.retain(|known| {
                !less
                    .iter()
                    .any(|gone| gone.value.key() == known.value.key())
            });
            Value::Emails(list)
        }
        (Value::Phones(mut list), Value::Phones(less)) => {
            list.retain(|known| !less.iter().any(|gone| gone.value == known.value));
            Value::Phones(list)
        }
        (Value::Addresses(mut list), Value::Addresses(less)) => {
            list.retain(|known| !less.iter().any(|gone| gone.value == known.value));
            Value::Addresses(list)
        }
        (Value::Sites(mut list), Value::Sites(less)) => {
            list.retain(|known| {
                !less
                    .iter()
                    .any(|gone| gone.value.key() == known.value.key())
            });
            Value::Sites(list)
        }
        (Value::Dates(mut list), Value::Dates(less)) => {
            list.retain(|known| !less.iter().any(|gone| gone.value == known.value));
            Value::Dates(list)
        }
        (Value::Links(mut list), Value::Links(less)) => {
            list.retain(|known| !less.contains(known));
            Value::Links(list)
        }
        _ => return None,
    })
}
