//! What a template or `--json=` names beyond the columns of a table of records.

use super::table::{Cell, Fit, Head, Table};
use super::work::{Work, column_names};
use crate::domain::id::Id;
use crate::domain::json::to_json;
use crate::domain::kind::Kind;
use crate::domain::record::Record;
use crate::error::Result;
use crate::services::list::{Column, SessionLookup};
use serde_json::Value as Json;

/// What a whole record has beside its fields and derived values.
const OF_RECORDS: &[&str] = &["kind", "custom", "external", "zones", "state-since"];

/// Adds to a table what is asked for of the records that its rows stand for, whose kinds those
/// are.
///
/// # Errors
/// When no kind has it.
pub(super) fn add(
    table: &mut Table,
    work: &Work<'_>,
    kinds: &[&'static Kind],
    records: &[&Record],
    lookup: &SessionLookup<'_>,
) -> Result<()> {
    let own = work.env.custom;
    let declared = kinds.iter().flat_map(|kind| own.of_kind(kind));
    let heads: Vec<String> = table.heads.iter().map(|head| head.name.clone()).collect();
    let of_kinds = kinds.iter().flat_map(|kind| column_names(kind));
    let known: Vec<&str> = heads
        .iter()
        .map(String::as_str)
        .chain(of_kinds)
        .chain(declared.map(|declared| declared.field.name))
        .chain(OF_RECORDS.iter().copied())
        .collect();
    work.printer.check_names(known.into_iter())?;
    for name in work.printer.wanted() {
        if table.heads.iter().any(|head| head.name == name) {
            continue;
        }
        let cells: Vec<Json> = if OF_RECORDS.contains(&name.as_str()) {
            let name_of = |id: Id| lookup.title(id).unwrap_or_else(|| id.text());
            let whole = |record: &&Record| to_json(record, own, &work.env.context, &name_of);
            let part = |record: &&Record| whole(record).get(&name).cloned().unwrap_or_default();
            records.iter().map(part).collect()
        } else {
            let named = |kind: &'static Kind| Some((kind, Column::named(kind, &name, own).ok()?));
            let columns: Vec<_> = kinds.iter().copied().filter_map(named).collect();
            if columns.is_empty() {
                continue;
            }
            let part = |record: &&Record| {
                let column = columns.iter().find(|(kind, _)| *kind == record.kind);
                let value =
                    column.and_then(|(_, column)| column.value(record, lookup, &work.env.context));
                Cell::value(value.as_ref(), &work.env.context, lookup).json
            };
            records.iter().map(part).collect()
        };
        table.heads.push(Head::left(name).fit(Fit::Hidden));
        for (row, json) in table.rows.iter_mut().zip(cells) {
            row.cells.push(Cell {
                json,
                ..Cell::default()
            });
        }
    }
    Ok(())
}
