//! Records that a file bears whole, as this program exported them: they keep their ids.

use super::known::Known;
use super::report::Outcome;
use super::{Importer, OnDuplicate};
use crate::domain::company;
use crate::domain::field::{Index, Shape};
use crate::domain::id::Id;
use crate::domain::json::{JsonError, from_json};
use crate::domain::record::Record;
use crate::domain::values::Value;
use crate::error::Result;
use std::collections::{BTreeMap, HashSet};

/// The ids that the whole records of all files bear, so that links to later rows stand.
pub(super) type Coming = HashSet<Id>;

impl Importer<'_> {
    /// Takes a whole record in, or says why not.
    pub(super) fn take_whole(
        &mut self,
        json: &serde_json::Value,
        coming: &Coming,
        warnings: &mut Vec<String>,
    ) -> Result<(Outcome, Option<Record>)> {
        let mut record = match from_json(json) {
            Ok(record) => record,
            Err(error) => return Ok((Outcome::Failed(reason(&error)), None)),
        };
        let stored = self.plan.get(record.kind, record.id).ok();
        if stored.is_none() && self.is_taken(&record)? {
            let reason = "its id is that of a record of another kind";
            return Ok((Outcome::Failed(reason.to_owned()), Some(record)));
        }
        self.mend_links(&mut record, json, coming, warnings)?;
        let outcome = match stored {
            None => Outcome::Imported,
            Some(stored) if stored.same_content(&record) => {
                Outcome::Skipped("is in the store already".to_owned())
            }
            Some(_) => match self.options.on_duplicate {
                OnDuplicate::Skip => {
                    Outcome::Skipped("is in the store already, in another version".to_owned())
                }
                OnDuplicate::Update => Outcome::Updated,
                OnDuplicate::Create => {
                    let now = self.plan.context().now;
                    record.id = self.plan.env.ids.next_id(now);
                    record.external.clear();
                    Outcome::Imported
                }
            },
        };
        if matches!(outcome, Outcome::Imported | Outcome::Updated) {
            note(&mut self.known, &record, &outcome);
            self.plan.put(record.clone())?;
        }
        Ok((outcome, Some(record)))
    }

    fn is_taken(&self, record: &Record) -> Result<bool> {
        let others = crate::domain::KINDS
            .iter()
            .filter(|kind| **kind != record.kind);
        let mut taken = others.map(|kind| self.plan.stored(kind, record.id));
        taken.try_fold(false, |taken, stored| Ok(taken || stored?.is_some()))
    }

    /// Links to records that are neither in the store nor in the files are looked up by the
    /// name that stands beside the id; those that lead nowhere are kept as text.
    fn mend_links(
        &mut self,
        record: &mut Record,
        json: &serde_json::Value,
        coming: &Coming,
        warnings: &mut Vec<String>,
    ) -> Result<()> {
        let fields = record
            .kind
            .fields
            .iter()
            .filter(|field| field.index == Index::Link);
        for field in fields {
            let (Shape::Link(name) | Shape::Links(name)) = field.shape else {
                continue;
            };
            let Some(kind) = crate::domain::kind_by_name(name) else {
                continue;
            };
            let linked = record.linked(field);
            let stands = |id: &Id| coming.contains(id) || self.plan.get(kind, *id).is_ok();
            if linked.iter().all(stands) {
                continue;
            }
            let names = names_beside(&json[field.name]);
            let mut ids: Vec<Id> = Vec::new();
            for id in linked {
                if coming.contains(&id) || self.plan.get(kind, id).is_ok() {
                    ids.push(id);
                    continue;
                }
                let name = names.get(&id.text()).map_or("", String::as_str);
                let found = self.known.by_name(self.plan.session, kind, name)?;
                match found[..] {
                    [one] if !name.is_empty() => ids.push(one),
                    [] if kind == &company::KIND
                        && !name.is_empty()
                        && !self.options.no_create_companies =>
                    {
                        ids.push(self.make_company(name)?);
                    }
                    _ => {
                        let text = if name.is_empty() {
                            id.text()
                        } else {
                            name.to_owned()
                        };
                        record.custom.insert(field.name.to_owned(), text);
                        warnings.push(format!(
                            "`{}` leads nowhere and is kept as text",
                            field.name
                        ));
                    }
                }
            }
            let value = match field.shape {
                Shape::Link(_) => ids.first().map(|id| Value::Link(*id)),
                _ => Some(Value::Links(ids)),
            };
            record.set_value(field.number, value);
        }
        Ok(())
    }
}

fn note(known: &mut Known, record: &Record, outcome: &Outcome) {
    if *outcome == Outcome::Imported {
        known.make(record);
    } else {
        known.add(record);
    }
}

/// The names that stand beside the ids of links.
fn names_beside(json: &serde_json::Value) -> BTreeMap<String, String> {
    let one = std::slice::from_ref(json);
    let links = json.as_array().map_or(one, Vec::as_slice);
    let pair = |link: &serde_json::Value| {
        let id = link.get("id")?.as_str()?.to_owned();
        Some((id, link.get("name")?.as_str()?.to_owned()))
    };
    links.iter().filter_map(pair).collect()
}

fn reason(error: &JsonError) -> String {
    match error {
        JsonError::NotAnObject => "is not a JSON object".to_owned(),
        JsonError::Missing(name) => format!("has no `{name}`"),
        JsonError::Wrong(name) => format!("`{name}` is not understood"),
        JsonError::Unknown(name) => format!("`{name}` is no field of its kind"),
    }
}
