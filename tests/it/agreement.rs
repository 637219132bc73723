//! Whether a session agrees with itself: the log leads to what is there, the indexes lead to
//! each record and to nothing else. Asks only what anyone may ask of a session.

use std::collections::{BTreeMap, BTreeSet};
use touchbase::domain::KINDS;
use touchbase::domain::field::{Field, Index};
use touchbase::domain::id::Id;
use touchbase::domain::kind::Kind;
use touchbase::domain::record::Record;
use touchbase::store::session::Session;
use touchbase::store::{StoreError, keys};

/// Every record by its id.
pub(crate) type Records = BTreeMap<Id, Record>;

/// Why a session does not agree with itself.
type Found<T> = Result<T, String>;

/// Every record that a session gives.
pub(crate) fn records(session: &Session) -> Found<Records> {
    let mut records = Records::new();
    for kind in KINDS {
        for record in session.all(kind) {
            let record = record.map_err(|error| said(&error))?;
            records.insert(record.id, record);
        }
    }
    Ok(records)
}

/// Checks everything and gives the records.
pub(crate) fn check(session: &Session) -> Found<Records> {
    let present = records(session)?;
    let mut past = Past::default();
    past.replay(session)?;
    if past.records != present {
        let differs = |id: &&Id| past.records.get(id) != present.get(id);
        let all: BTreeSet<Id> = past.records.keys().chain(present.keys()).copied().collect();
        let wrong = all.iter().filter(differs).count();
        return Err(format!(
            "the log does not lead to what is there: {wrong} records"
        ));
    }
    past.check_histories(session)?;
    check_ids(session, &present)?;
    for kind in KINDS {
        for field in kind.fields {
            past.check_field(session, kind, field, &present)?;
        }
    }
    past.check_links(session, &present)?;
    Ok(present)
}

fn said(error: &StoreError) -> String {
    format!("cannot be read: {error:?}")
}

fn expect<T: PartialEq + std::fmt::Debug>(what: &str, found: &T, wanted: &T) -> Found<()> {
    if found == wanted {
        return Ok(());
    }
    let mut text = format!("{what}: found {found:?}, wanted {wanted:?}");
    text.truncate(text.floor_char_boundary(400));
    Err(text)
}

/// What the log tells.
#[derive(Default)]
struct Past {
    records: Records,
    histories: BTreeMap<Id, Vec<u64>>,
    /// Every version that a record ever had: what was once indexed must not be any more.
    versions: Vec<Record>,
}

impl Past {
    fn replay(&mut self, session: &Session) -> Found<()> {
        let last = session.last_change();
        let mut revisions: BTreeMap<Id, u64> = BTreeMap::new();
        for number in 1..=last {
            let head = session.change_head(number).map_err(|error| said(&error))?;
            let head = head.ok_or_else(|| format!("change {number} of {last} has no head"))?;
            let edits = session.change_edits(number).map_err(|error| said(&error))?;
            expect("number of a change", &head.number, &number)?;
            expect(
                &format!("records of change {number}"),
                &edits.len(),
                &usize::try_from(head.records).unwrap_or(usize::MAX),
            )?;
            for edit in edits {
                let id = edit
                    .id()
                    .ok_or_else(|| format!("{number}: an empty edit"))?;
                let history = self.histories.entry(id).or_default();
                if history.last() == Some(&number) {
                    return Err(format!("change {number} has a record twice"));
                }
                history.push(number);
                if self.records.get(&id) != edit.before.as_ref() {
                    return Err(format!("change {number} was not made from what was there"));
                }
                let Some(after) = edit.after else {
                    self.records.remove(&id);
                    continue;
                };
                if revisions.insert(id, after.revision) >= Some(after.revision) {
                    return Err(format!("change {number}: a revision does not rise"));
                }
                self.versions.push(after.clone());
                self.records.insert(id, after);
            }
        }
        let behind = (
            session.change_head(last + 1),
            session.change_edits(last + 1),
        );
        match behind {
            (Ok(None), Ok(edits)) if edits.is_empty() => Ok(()),
            other => Err(format!("something stands behind change {last}: {other:?}")),
        }
    }

    fn check_histories(&self, session: &Session) -> Found<()> {
        for (id, numbers) in &self.histories {
            let found = session.changes_of(*id).map_err(|error| said(&error))?;
            let wanted: Vec<u64> = numbers.iter().rev().copied().collect();
            expect("the changes of a record", &found, &wanted)?;
        }
        Ok(())
    }

    fn check_field(
        &self,
        session: &Session,
        kind: &'static Kind,
        field: &Field,
        present: &Records,
    ) -> Found<()> {
        let what = format!("index of {} {}", kind.name, field.name);
        let of_kind = || present.values().filter(|record| record.kind == kind);
        match field.index {
            Index::Exact => {
                // By key: values that differ only in what keys leave out are one.
                let forms = |record: &Record| {
                    let forms = record.field(field).map(keys::compared);
                    let keyed =
                        |form: String| (keys::exact(kind.number, field.number, &form), form);
                    forms.unwrap_or_default().into_iter().map(keyed)
                };
                let mut wanted: BTreeMap<Vec<u8>, (String, BTreeSet<Id>)> = BTreeMap::new();
                for record in self.versions.iter().filter(|record| record.kind == kind) {
                    for (key, form) in forms(record) {
                        wanted.entry(key.start).or_insert((form, BTreeSet::new()));
                    }
                }
                for record in of_kind() {
                    for (key, form) in forms(record) {
                        let entry = wanted.entry(key.start);
                        entry.or_insert((form, BTreeSet::new())).1.insert(record.id);
                    }
                }
                for (form, wanted) in wanted.into_values() {
                    let found = session.find_exact(kind, field.number, &form);
                    let found = found.map_err(|error| said(&error))?;
                    expect(&what, &found, &wanted.into_iter().collect())?;
                }
                Ok(())
            }
            Index::Words => {
                let found = session.find_words(kind, field.number, "");
                let mut found = found.map_err(|error| said(&error))?;
                let mut wanted: Vec<(String, Id)> = Vec::new();
                for record in of_kind() {
                    let own = entries(record, b'w', field);
                    let words = own.iter().filter_map(|key| keys::word_of(key));
                    wanted.extend(words.map(|word| (word.to_owned(), record.id)));
                }
                found.sort();
                wanted.sort();
                expect(&what, &found, &wanted)
            }
            Index::Time => {
                let found = session.find_time(kind, field.number, i64::MIN, i64::MAX);
                let mut found = found.map_err(|error| said(&error))?;
                let is_listed = |record: &&Record| !entries(record, b't', field).is_empty();
                let mut wanted: Vec<Id> = of_kind().filter(is_listed).map(|r| r.id).collect();
                found.sort();
                wanted.sort();
                expect(&what, &found, &wanted)
            }
            Index::None | Index::Link => Ok(()),
        }
    }

    fn check_links(&self, session: &Session, present: &Records) -> Found<()> {
        let mut wanted: BTreeMap<Id, BTreeSet<Id>> = BTreeMap::new();
        let linked = |record: &Record| -> Vec<Id> {
            let fields = record.kind.fields.iter();
            let links = fields.filter(|field| field.index == Index::Link);
            links.flat_map(|field| record.linked(field)).collect()
        };
        for record in &self.versions {
            wanted.entry(record.id).or_default();
            for target in linked(record) {
                wanted.entry(target).or_default();
            }
        }
        for record in present.values() {
            for target in linked(record) {
                wanted.entry(target).or_default().insert(record.id);
            }
        }
        for (target, wanted) in wanted {
            let found = session.all_linked_from(target);
            let found: BTreeSet<Id> = found.map_err(|error| said(&error))?.into_iter().collect();
            expect("links to a record", &found, &wanted)?;
        }
        Ok(())
    }
}

/// The index entries of one field of a record.
fn entries(record: &Record, letter: u8, field: &Field) -> Vec<Vec<u8>> {
    let start = [
        &[letter, record.kind.number][..],
        &field.number.to_be_bytes(),
    ]
    .concat();
    let mut keys = keys::entries(record);
    keys.retain(|key| key.starts_with(&start));
    keys
}

fn check_ids(session: &Session, present: &Records) -> Found<()> {
    let found = session.find_id("", usize::MAX);
    let found = found.map_err(|error| said(&error))?;
    let mut found: Vec<(Id, u8)> = found.into_iter().map(|(k, id)| (id, k.number)).collect();
    found.sort_unstable();
    let all = present.values();
    let wanted: Vec<(Id, u8)> = all.map(|record| (record.id, record.kind.number)).collect();
    expect("the ids", &found, &wanted)
}
