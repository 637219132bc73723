//! `show`: a record with its fields, what links to it and what was changed.

use super::sheet::{Part, Sheet};
use super::table::Cell;
use super::work::{Work, column_names};
use crate::domain::derived;
use crate::domain::id::Id;
use crate::domain::json::{RESERVED, to_json, value_to_json};
use crate::domain::lookup::Lookup as _;
use crate::domain::record::Record;
use crate::domain::show;
use crate::error::Result;
use crate::services::list::SessionLookup;
use crate::services::{history, who, words};
use crate::store::session::Session;

/// So many records of a kind, and so many changes.
const MOST: usize = 20;

/// A record as a sheet.
///
/// # Errors
/// When the store cannot be read.
pub(super) fn sheet(work: &Work<'_>, session: &Session, record: &Record) -> Result<Sheet> {
    let lookup = SessionLookup::new(session, &work.env);
    let context = &work.env.context;
    let name_of = |id: Id| lookup.title(id).unwrap_or_else(|| id.text());
    let mut json = to_json(record, work.env.custom, context, &name_of);
    let mut parts = vec![Part::Gap];
    let title = record.kind.title.number();
    for field in record
        .kind
        .fields
        .iter()
        .filter(|field| field.number != title)
    {
        if let Some(value) = record.field(field) {
            let cell = Cell::page_value(Some(value), context, &lookup);
            let cell = cell.of(record, field.name, Some(value), &lookup, context);
            parts.push(Part::Pair(field.label(), cell));
        }
    }
    for derived in derived::of_kind(record.kind.name) {
        let Some(value) = lookup.derived(record, derived.name) else {
            continue;
        };
        if json.get(derived.name).is_none() {
            json[derived.name] = value_to_json(&value, context, &name_of);
        }
        if !matches!(derived.name, "updated" | "revision") {
            let cell = Cell::page_value(Some(&value), context, &lookup);
            let cell = cell.of(record, derived.name, Some(&value), &lookup, context);
            parts.push(Part::Pair(derived.name.replace('-', " "), cell));
        }
    }
    for (label, value) in work.env.custom.told(record, context) {
        let cell = Cell::page_value(Some(&value), context, &lookup);
        parts.push(Part::Pair(label, cell));
    }
    for known in &record.external {
        let words = format!("{} {}", known.source, known.id);
        parts.push(Part::Pair("known as".to_owned(), Cell::text(words)));
    }
    parts.extend(timeline(work, session, record)?);
    let names = column_names(record.kind).into_iter();
    let names = names.chain(RESERVED.iter().copied());
    Ok(Sheet {
        title: record.title().to_owned(),
        parts,
        json,
        names: names.map(str::to_owned).collect(),
    })
}

/// What links to a record, the newest first, and the changes of the record itself.
fn timeline(work: &Work<'_>, session: &Session, record: &Record) -> Result<Vec<Part>> {
    let mut parts = Vec::new();
    for kind in crate::services::snapshot::visible_kinds() {
        let linked = session
            .linked_from(record.id, kind, MOST)
            .map_err(words::store)?;
        if linked.is_empty() {
            continue;
        }
        parts.extend([Part::Gap, Part::Head(kind.plural.to_owned())]);
        for other in linked {
            let line = who::describe(session, &work.env, &other, Some(record.id));
            let (id, rest) = line.split_once("  ").unwrap_or((&line, ""));
            parts.push(Part::Item(format!("  {id}  "), Cell::text(rest)));
        }
    }
    let changes = history::of_record(session, record.id, MOST)?;
    if !changes.is_empty() {
        parts.extend([Part::Gap, Part::Head("changes".to_owned())]);
    }
    for (entry, _) in changes {
        let (number, summary) = (entry.head.number, entry.head.summary);
        let at = show::instant_words(entry.head.at, &work.env.context);
        let undone = entry.undone_by.map(|by| format!("  (undone by {by})"));
        let words = format!("{at}  {summary}{}", undone.unwrap_or_default());
        parts.push(Part::Item(format!("  {number}  "), Cell::text(words)));
    }
    Ok(parts)
}
