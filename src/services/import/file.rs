//! One file of an import: its rows, what they are, and what its columns mean.

use super::mapping::{self, Role};
use super::row::Columns;
use super::{Options, dates, modules};
use crate::domain::context::Context;
use crate::domain::custom::CustomFields;
use crate::domain::field::Shape;
use crate::domain::id::Id;
use crate::domain::kind::Kind;
use crate::domain::{activity, contact, kind_by_name};
use crate::error::{Error, Result};
use crate::formats::{self, Row, RowError};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// One file, read.
pub(super) struct File {
    pub(super) name: Arc<str>,
    pub(super) rows: Vec<Result<(Row, Option<&'static Kind>), RowError>>,
}

impl File {
    pub(super) fn read(
        name: &str,
        bytes: &[u8],
        format: Option<&str>,
        kind: Option<&'static Kind>,
    ) -> Result<Self> {
        let known = || {
            let names: Vec<&str> = formats::FORMATS.iter().map(|format| format.name).collect();
            format!("choose one with `--format`: {}", names.join(", "))
        };
        let format = match format {
            Some(format) => formats::by_name(format).ok_or_else(|| {
                Error::usage(format!("there is no format `{format}`")).hint(known())
            })?,
            None => formats::sniff(bytes, Some(name)).ok_or_else(|| {
                Error::invalid(format!("the format of `{name}` is not clear")).hint(known())
            })?,
        };
        let rows = (format.read)(bytes)
            .map_err(|error| Error::invalid(format!("cannot read `{name}`: {error}")))?;
        let guess = kind.or_else(|| guess(name, &rows)).or_else(|| {
            let is_cards = format.name == formats::vcard::FORMAT.name;
            is_cards.then_some(&contact::KIND)
        });
        let mut with_kinds = Vec::with_capacity(rows.len());
        for row in rows {
            with_kinds.push(match row {
                Err(error) => Err(error),
                Ok(row) => {
                    let own = row.kind.as_deref().and_then(kind_by_name);
                    let kind = own
                        .filter(|_| kind.is_none() || row.whole.is_some())
                        .or(guess);
                    if kind.is_none() && row.whole.is_none() {
                        return Err(Error::invalid(format!(
                            "what the rows of `{name}` are is not clear"
                        ))
                        .hint(format!(
                            "say so with `--kind`: {}",
                            crate::services::snapshot::kind_names()
                        )));
                    }
                    Ok((row, kind))
                }
            });
        }
        Ok(Self {
            name: Arc::from(name),
            rows: with_kinds,
        })
    }

    pub(super) fn main_kind(&self) -> Option<&'static Kind> {
        self.rows.iter().flatten().find_map(|(_, kind)| *kind)
    }

    /// The ids of the records that the file bears whole.
    pub(super) fn ids(&self) -> impl Iterator<Item = Id> {
        let whole = self
            .rows
            .iter()
            .flatten()
            .filter_map(|(row, _)| row.whole.as_ref());
        whole.filter_map(|json| Id::parse(json.get("id")?.as_str()?))
    }

    /// What the columns of rows of a kind mean.
    pub(super) fn columns(
        &self,
        kind: &'static Kind,
        context: Context,
        own: CustomFields,
        options: &Options<'_>,
    ) -> Result<Columns> {
        let rows = || {
            let rows = self.rows.iter().flatten();
            rows.filter(|(_, of)| *of == Some(kind)).map(|(row, _)| row)
        };
        let file_module =
            modules::of_file(&self.name).filter(|module| modules::is_own(kind, module));
        let mut roles: HashMap<Arc<str>, Role> = HashMap::new();
        let mut order: Vec<Arc<str>> = Vec::new();
        for cell in rows().flat_map(|row| &row.cells) {
            if !roles.contains_key(&cell.name) {
                let role = mapping::role(kind, &cell.name, own, file_module);
                roles.insert(Arc::clone(&cell.name), role);
                order.push(Arc::clone(&cell.name));
            }
        }
        map_columns(kind, own, options.map, &order, &mut roles)?;
        let is_date = |name: &Arc<str>| match roles.get(name) {
            Some(Role::Created | Role::Modified | Role::Started | Role::Closed) => true,
            Some(Role::Declared(own)) => own.field.shape == Shape::Date,
            Some(Role::Field { field, .. }) => kind.field_by_number(*field).is_some_and(|field| {
                matches!(
                    field.shape,
                    Shape::Date | Shape::Due | Shape::Moment | Shape::PartialDate | Shape::Dates
                )
            }),
            _ => false,
        };
        let dates = rows()
            .flat_map(|row| &row.cells)
            .filter(|cell| is_date(&cell.name));
        let date_order = dates::order_of(dates.map(|cell| &*cell.value), context.date_order);
        let named = file_module
            .map(|module| module.word)
            .filter(|word| *word != "activity");
        let by_header = || type_by_header(&order).filter(|_| kind == &activity::KIND);
        let module = named.or_else(by_header);
        Ok(Columns {
            kind,
            roles,
            context: Context {
                date_order,
                ..context
            },
            module,
        })
    }
}

/// The type of the activities in a file, by the words with which its headers begin.
fn type_by_header(headers: &[Arc<str>]) -> Option<&'static str> {
    let first = |name: &Arc<str>| mapping::tokens(name).into_iter().next();
    let words: Vec<String> = headers.iter().filter_map(first).collect();
    ["call", "event", "meeting"]
        .into_iter()
        .find(|word| words.iter().any(|first| first == word))
}

/// What the rows of a file are, by its name or its headers.
fn guess(name: &str, rows: &[Result<Row, RowError>]) -> Option<&'static Kind> {
    let headers: BTreeSet<&str> = rows
        .iter()
        .flatten()
        .take(50)
        .flat_map(|row| &row.cells)
        .map(|cell| &*cell.name)
        .collect();
    let module = modules::of_file(name).map(|module| module.kind);
    module.or_else(|| mapping::guess_kind(headers.into_iter()))
}

/// Gives columns the roles that the user asked for.
fn map_columns(
    kind: &'static Kind,
    own: CustomFields,
    map: &[(String, String)],
    columns: &[Arc<str>],
    roles: &mut HashMap<Arc<str>, Role>,
) -> Result<()> {
    for (field, column) in map {
        let known = columns
            .iter()
            .find(|name| name.trim().eq_ignore_ascii_case(column.trim()));
        let Some(column) = known else {
            let names: Vec<&str> = columns.iter().map(|name| &**name).collect();
            return Err(Error::usage(format!("there is no column `{column}`"))
                .hint(format!("columns: {}", names.join(", "))));
        };
        let role = match mapping::role(kind, field, own, None) {
            Role::Custom => Role::As(field.clone()),
            role => role,
        };
        if let Role::Declared(_) = &role {
            for other in roles.values_mut().filter(|other| **other == role) {
                *other = Role::Custom;
            }
        }
        if let Role::Field { field, .. } = &role {
            let is_single = kind
                .field_by_number(*field)
                .is_some_and(|field| !field.shape.is_list());
            for other in roles.values_mut() {
                if is_single && matches!(other, Role::Field { field: taken, .. } if taken == field)
                {
                    *other = Role::Custom;
                }
            }
        }
        roles.insert(Arc::clone(column), role);
    }
    Ok(())
}
