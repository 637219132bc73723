//! Search across all kinds, ranked.

use super::list::SessionLookup;
use super::snapshot::visible_kinds;
use super::{Env, words};
use crate::domain::field::Shape;
use crate::domain::record::Record;
use crate::domain::search::{SearchKey, search};
use crate::error::Result;
use crate::store::session::Session;
use std::collections::HashMap;

/// A record that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// The record.
    pub record: Record,
    /// The names of what it links to.
    pub beside: String,
}

/// Active records that words mean, the best first.
///
/// # Errors
/// When the store cannot be read.
pub fn find(session: &Session, env: &Env, text: &str, limit: usize) -> Result<Vec<Hit>> {
    let lookup = SessionLookup::new(session, env);
    let mut keys = Vec::new();
    let mut records = HashMap::new();
    for kind in visible_kinds() {
        for record in session.all(kind) {
            let record = record.map_err(words::store)?;
            if record.is_active() {
                keys.push(SearchKey::new(&record, &beside(&record, &lookup)));
                records.insert(record.id, record);
            }
        }
    }
    let ranked = search(text, keys.iter(), limit);
    let hits = ranked.into_iter().filter_map(|(id, _)| records.remove(&id));
    Ok(hits
        .map(|record| Hit {
            beside: beside(&record, &lookup),
            record,
        })
        .collect())
}

/// The names of the contacts and the company that a record links to.
fn beside(record: &Record, lookup: &SessionLookup<'_>) -> String {
    let links = record.kind.fields.iter().filter(|field| {
        matches!(
            field.shape,
            Shape::Link("company" | "contact") | Shape::Links("contact")
        )
    });
    let titles: Vec<String> = links
        .flat_map(|field| record.linked(field))
        .filter_map(|id| lookup.title(id))
        .collect();
    titles.join(", ")
}
