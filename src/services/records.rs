//! Making, editing, tagging and putting away records of any kind.

use super::conflict;
use super::consequences::settle;
use super::fields;
use super::intent::{FieldChange, FieldEdit, Place, Target};
use super::plan::Plan;
use super::words;
use crate::domain::field::{Field, Shape};
use crate::domain::kind::Kind;
use crate::domain::record::{Record, State};
use crate::domain::values::Value;
use crate::error::Result;

/// Makes a record.
///
/// # Errors
/// The first field that is wrong or missing.
pub fn create(
    plan: &mut Plan<'_>,
    kind: &'static Kind,
    edits: &[FieldEdit],
) -> Result<(Vec<Target>, String)> {
    let mut record = plan.blank(kind);
    let edits = fields::by_own_names(plan.env.custom, kind, edits);
    fields::apply(plan, &mut record, &edits)?;
    fields::require(plan.env.custom, &record)?;
    warn_of_namesakes(plan, &record)?;
    warn_of_sharers(plan, &record)?;
    let (target, title) = (
        Target {
            kind,
            id: record.id,
        },
        record.title().to_owned(),
    );
    settle(plan, None, record, None)?;
    Ok((vec![target], format!("added {} {title}", kind.name)))
}

/// A second record of the same name may be meant, but more often it is a mistake.
fn warn_of_namesakes(plan: &mut Plan<'_>, record: &Record) -> Result<()> {
    use super::who::{Reach, candidates};
    if !matches!(record.kind.name, "contact" | "company") {
        return Ok(());
    }
    let handle = crate::domain::values::text::handle(record.title());
    let found = candidates(
        plan.session,
        plan.env,
        record.kind,
        record.title(),
        Reach::Working,
    )?;
    let same = |known: &&Record| crate::domain::values::text::handle(known.title()) == handle;
    if let Some(known) = found.iter().find(same) {
        let known = super::who::describe(plan.session, plan.env, known, None);
        plan.warnings.push(format!(
            "there is another {} of that name: {known}",
            record.kind.name
        ));
    }
    Ok(())
}

/// Two who share an address or a number are more often one.
fn warn_of_sharers(plan: &mut Plan<'_>, record: &Record) -> Result<()> {
    let is_point = |field: &&Field| matches!(field.shape, Shape::Emails | Shape::Phones);
    for field in record.kind.fields.iter().filter(is_point) {
        let values = record.field(field).map(keys_of).unwrap_or_default();
        for value in values {
            let found = plan.session.find_exact(record.kind, field.number, &value);
            for id in found.map_err(words::store)? {
                let known = plan.stored(record.kind, id)?;
                let Some(known) = known.filter(|known| !known.is_trashed()) else {
                    continue;
                };
                let known = super::who::describe(plan.session, plan.env, &known, None);
                let warning = format!("{value} is also the {} of {known}", field.name);
                plan.warnings.push(warning);
            }
        }
    }
    Ok(())
}

/// The compared forms of addresses and numbers.
fn keys_of(value: &Value) -> Vec<String> {
    match value {
        Value::Emails(list) => list.iter().map(|email| email.value.key()).collect(),
        Value::Phones(list) => {
            let numbers = list.iter().map(|phone| phone.value.e164().to_owned());
            numbers.collect()
        }
        _ => Vec::new(),
    }
}

/// Changes fields of records.
///
/// # Errors
/// The first field that is wrong, or that others changed since the revision.
pub fn edit(
    plan: &mut Plan<'_>,
    targets: &[(Target, Option<u64>)],
    edits: &[FieldEdit],
) -> Result<(Vec<Target>, String)> {
    let mut titles = Vec::new();
    for (target, revision) in targets {
        if let Some(revision) = revision {
            conflict::refuse_gone(plan, *target, *revision)?;
        }
        let before = plan.get(target.kind, target.id)?;
        let mut record = before.clone();
        let edits = fields::by_own_names(plan.env.custom, target.kind, edits);
        fields::apply(plan, &mut record, &edits)?;
        titles.push(record.title().to_owned());
        settle(plan, Some(&before), record, None)?;
        if let Some(revision) = revision {
            conflict::meet(plan, *target, *revision, &edits)?;
        }
    }
    let mut changed: Vec<&str> = edits.iter().map(|edit| edit.name.as_str()).collect();
    changed.dedup();
    let summary = format!(
        "changed {} of {}",
        changed.join(", "),
        words::names(&titles)
    );
    Ok((targets.iter().map(|(target, _)| *target).collect(), summary))
}

/// Archives, trashes or restores records.
///
/// # Errors
/// When one does not exist.
pub fn place(
    plan: &mut Plan<'_>,
    targets: &[Target],
    place: Place,
) -> Result<(Vec<Target>, String)> {
    let now = plan.context().now;
    let mut titles = Vec::new();
    for target in targets {
        let mut record = plan.get(target.kind, target.id)?;
        record.state = match place {
            Place::Active => State::Active,
            Place::Archive => State::Archived(now),
            Place::Trash => State::Trashed(now),
        };
        titles.push(record.title().to_owned());
        plan.put(record)?;
    }
    let names = words::names(&titles);
    let summary = match place {
        Place::Active => format!("restored {names}"),
        Place::Archive => format!("archived {names}"),
        Place::Trash => format!("moved {names} to the trash"),
    };
    Ok((targets.to_vec(), summary))
}

/// Removes records for good.
///
/// # Errors
/// When one does not exist.
pub fn purge(plan: &mut Plan<'_>, targets: &[Target]) -> Result<(Vec<Target>, String)> {
    let mut titles = Vec::new();
    let mut gone: Vec<Target> = Vec::new();
    for target in targets {
        if gone.contains(target) {
            continue;
        }
        titles.push(plan.get(target.kind, target.id)?.title().to_owned());
        plan.purge(target.kind, target.id)?;
        gone.push(*target);
    }
    Ok((gone, format!("removed {} for good", words::names(&titles))))
}

/// Adds and removes tags.
///
/// # Errors
/// When a kind has no tags.
pub fn tag(
    plan: &mut Plan<'_>,
    targets: &[Target],
    add: &[String],
    remove: &[String],
) -> Result<(Vec<Target>, String)> {
    let clean = |tag: &String| tag.trim_start_matches('#').to_owned();
    let more = add
        .iter()
        .map(clean)
        .map(|tag| FieldEdit::new("tag", FieldChange::Add(tag)));
    let less = remove
        .iter()
        .map(clean)
        .map(|tag| FieldEdit::new("tag", FieldChange::Remove(tag)));
    let edits: Vec<FieldEdit> = more.chain(less).collect();
    let unversioned: Vec<_> = targets.iter().map(|target| (*target, None)).collect();
    edit(plan, &unversioned, &edits)?;
    let mut titles = Vec::new();
    for target in targets {
        titles.push(plan.get(target.kind, target.id)?.title().to_owned());
    }
    let names = words::names(&titles);
    let tags = |list: &[String]| list.iter().map(clean).collect::<Vec<_>>().join(", ");
    let summary = match (add, remove) {
        (add, []) => format!("tagged {names} with {}", tags(add)),
        ([], remove) => format!("took {} off {names}", tags(remove)),
        (add, remove) => format!(
            "tagged {names} with {}, took off {}",
            tags(add),
            tags(remove)
        ),
    };
    Ok((targets.to_vec(), summary))
}
