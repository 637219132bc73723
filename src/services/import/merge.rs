//! Rows that are there already: what proves it, and what becomes of them.

use super::known::{contradicts, is_anonymous, is_same_deal, is_same_person};
use super::mapping::GENERIC_ID;
use super::row::Draft;
use super::{Importer, OnDuplicate, value};
use crate::domain::custom::CustomFields;
use crate::domain::field::{Filled, Shape};
use crate::domain::id::Id;
use crate::domain::record::{Record, State};
use crate::domain::values::text::fold;
use crate::domain::values::{Step, Value};
use crate::domain::{company, contact, deal};
use crate::error::Result;
use crate::services::import::report::Outcome;

/// Ids of columns that say no more than `Id`: programs share them, and the same number proves
/// nothing unless the name agrees.
fn is_weak(source: &str) -> bool {
    source == GENERIC_ID
}

impl Importer<'_> {
    /// The record that a draft is, where it is there already.
    pub(super) fn duplicate_of(&self, draft: &Draft, has_new_company: bool) -> Result<Option<Id>> {
        let record = &draft.record;
        let session = self.plan.session;
        if let Some(id) = draft.id
            && self.plan.get(record.kind, id).is_ok()
        {
            return Ok(Some(id));
        }
        for own in &record.external {
            for id in self
                .known
                .by_external(session, record.kind, &own.source, &own.id)?
            {
                let known = self.plan.get(record.kind, id)?;
                if !is_weak(&own.source) || is_alike(record, &known) {
                    return Ok(Some(id));
                }
            }
        }
        if is_anonymous(record.kind) {
            return Ok(None);
        }
        if record.kind == &contact::KIND {
            for email in record.list(contact::EMAILS) {
                for id in self.known.by_email(session, &email.value.key())? {
                    if !contradicts(record, &self.plan.get(record.kind, id)?) {
                        return Ok(Some(id));
                    }
                }
            }
        }
        // A deal with an id of its own is that of its id or none; and nobody and nothing belongs
        // to a company that is yet to be made.
        let is_deal = record.kind == &deal::KIND;
        if is_deal && !record.external.is_empty() || has_new_company {
            return Ok(None);
        }
        let with_created = draft.created.or(draft.started).is_some();
        for id in self.known.by_name(session, record.kind, record.title())? {
            let known = self.plan.get(record.kind, id)?;
            let is_same = !contradicts(record, &known)
                && if record.kind == &contact::KIND {
                    is_same_person(record, &known, self.known.is_made(id))
                } else if record.kind == &deal::KIND {
                    is_same_deal(record, &known, with_created)
                } else {
                    record.kind == &company::KIND
                };
            if is_same {
                return Ok(Some(id));
            }
        }
        Ok(None)
    }

    /// Treats a draft of a record that is there: skips it, or brings what is new about it. A row
    /// that bears an id which the record does not have yet, as a lead that is a contact too,
    /// completes what is missing whatever is to be done with duplicates.
    pub(super) fn merge(&mut self, draft: &Draft, id: Id) -> Result<Outcome> {
        let before = self.plan.get(draft.record.kind, id)?;
        let overwrite = self.options.on_duplicate == OnDuplicate::Update;
        let brings_id = draft
            .record
            .external
            .iter()
            .any(|own| !before.external.contains(own));
        let place = if self.known.is_made(id) {
            "is the same as an earlier row"
        } else {
            "is in the store already"
        };
        if !overwrite && !brings_id {
            return Ok(Outcome::Skipped(place.to_owned()));
        }
        let mut record = before.clone();
        fill(&mut record, draft, self.plan.env.custom, overwrite);
        if draft.converted {
            convert(&mut record, draft);
        }
        if overwrite && record.kind == &deal::KIND {
            self.restage(&mut record, &before, draft);
        }
        if record.same_content(&before) {
            return Ok(Outcome::Skipped(format!("{place}, with nothing new")));
        }
        self.known.add(&record);
        self.plan.put(record)?;
        Ok(Outcome::Updated)
    }

    /// A deal that stands in another stage has moved, and its history says so.
    fn restage(&self, record: &mut Record, before: &Record, draft: &Draft) {
        let was = before.text(deal::STAGE);
        let is = record.text(deal::STAGE).to_owned();
        if was == is || draft.stage.is_none() {
            record.set_value(
                deal::STAGE.number(),
                before.value(deal::STAGE.number()).cloned(),
            );
            return;
        }
        let last = draft
            .record
            .list(deal::STAGE_HISTORY)
            .last()
            .map(|step| step.at);
        let at = last.unwrap_or(self.plan.context().now);
        let from = Some(was.to_owned()).filter(|stage| !stage.is_empty());
        record.push(
            deal::STAGE_HISTORY,
            Step {
                at,
                from,
                to: is,
                note: None,
            },
        );
        record.clear(deal::RANK);
        let closed = deal::CLOSED.number();
        record.set_value(closed, draft.record.value(closed).cloned());
    }
}

/// Whether two records of one number of a weak source can be one.
fn is_alike(draft: &Record, known: &Record) -> bool {
    let emails = |record: &Record| -> Vec<String> {
        record
            .list(contact::EMAILS)
            .iter()
            .map(|email| email.value.key())
            .collect()
    };
    let shares_email = draft.kind == &contact::KIND
        && emails(draft)
            .iter()
            .any(|email| emails(known).contains(email));
    fold(draft.title()) == fold(known.title()) || shares_email
}

/// Brings a draft's values into a record: lists grow, what is missing is set, and what is there
/// is replaced only where that is wanted.
fn fill(record: &mut Record, draft: &Draft, own: CustomFields, overwrite: bool) {
    for field in draft.record.kind.fields {
        let is_taken =
            field.filled == Filled::ByUser || field.number == contact::LIFECYCLE.number();
        let Some(new) = draft.record.field(field).filter(|_| is_taken) else {
            continue;
        };
        // What the draft was given for want of anything better replaces nothing.
        let is_assumed =
            record.kind == &contact::KIND && field.number == contact::LIFECYCLE.number();
        let value = match record.field(field) {
            None => new.clone(),
            Some(old) if field.shape.is_list() => {
                value::joined(old, new).unwrap_or_else(|| old.clone())
            }
            Some(old) if is_assumed => old.clone(),
            Some(_) if overwrite => new.clone(),
            Some(old) => old.clone(),
        };
        if field.shape != Shape::Steps {
            record.set_value(field.number, Some(value));
        }
    }
    for (name, text) in &draft.record.custom {
        match own.named(record.kind, name) {
            Some(declared) if overwrite || declared.text(record).is_none() => {
                declared.keep(record, text.clone());
            }
            None if overwrite || !record.custom.contains_key(name) => {
                record.custom.insert(name.clone(), text.clone());
            }
            Some(_) | None => {}
        }
    }
    for own in &draft.record.external {
        if !record.external.contains(own) {
            record.external.push(own.clone());
        }
    }
    if overwrite && matches!(record.state, State::Archived(_)) {
        record.state = State::Active;
    }
}

/// A lead that the other program converted is a prospect at least.
fn convert(record: &mut Record, draft: &Draft) {
    let was = record.text(contact::LIFECYCLE).to_owned();
    if was != "lead" {
        return;
    }
    let to = "prospect".to_owned();
    let last = record
        .list(contact::LIFECYCLE_HISTORY)
        .last()
        .map(|step| step.at);
    let at = draft
        .record
        .created
        .max(last.unwrap_or(draft.record.created));
    record.set_value(contact::LIFECYCLE.number(), Some(Value::Text(to.clone())));
    record.push(
        contact::LIFECYCLE_HISTORY,
        Step {
            at,
            from: Some(was),
            to,
            note: None,
        },
    );
}
