//! Links that rows ask for, to the records that they mean.

use super::Importer;
use super::known::site_keys;
use super::mapping::GENERIC_ID;
use super::modules::{MODULES, Module};
use super::row::{By, Draft, Wish};
use crate::domain::field::Shape;
use crate::domain::id::Id;
use crate::domain::kind::Kind;
use crate::domain::kind_by_name;
use crate::domain::record::Record;
use crate::domain::values::Value;
use crate::domain::values::contact_points::Email;
use crate::domain::{company, contact};
use crate::error::Result;

/// What became of a wish.
pub(super) enum Found {
    /// The record that it means.
    One(Id),
    /// A company that is not there yet.
    New,
    /// None, and why.
    None(&'static str),
}

impl Importer<'_> {
    /// Sets the links of a draft. Returns the companies that are to be made, if the row comes
    /// in, each with the number of its field.
    pub(super) fn link(&mut self, draft: &mut Draft) -> Result<Vec<(u16, String)>> {
        let mut new = Vec::new();
        let mut missed: Vec<(Wish, &'static str)> = Vec::new();
        for wish in std::mem::take(&mut draft.wishes) {
            let Some(kind) = linked_kind(wish.field.shape) else {
                continue;
            };
            if kind == draft.record.kind {
                draft.wishes.push(wish);
                continue;
            }
            match self.find(kind, &wish, &draft.record)? {
                Found::One(id) => add(&mut draft.record, wish.field.number, wish.field.shape, id),
                Found::New => new.push((wish.field.number, wish.text)),
                Found::None(why) => missed.push((wish, why)),
            }
        }
        let is_set = |record: &Record, number: u16| record.value(number).is_some();
        new.retain(|(number, _)| !is_set(&draft.record, *number));
        for (wish, why) in missed {
            // A name beside an id that leads nowhere, or the other way round, is no loss.
            let number = wish.field.number;
            let is_met =
                is_set(&draft.record, number) || new.iter().any(|(made, _)| *made == number);
            let is_name_known = matches!(wish.by, By::Name | By::Email) && is_met;
            if !is_name_known {
                self.miss(draft, &wish, why);
            }
        }
        Ok(new)
    }

    /// Keeps what a link could not be made from.
    pub(super) fn miss(&mut self, draft: &mut Draft, wish: &Wish, why: &'static str) {
        draft.keep(&wish.header, &wish.text);
        draft
            .warnings
            .push(format!("`{}` is kept as text: {why}", wish.header));
    }

    /// The record that a wish means.
    pub(super) fn find(&self, kind: &'static Kind, wish: &Wish, draft: &Record) -> Result<Found> {
        let text = wish.text.as_str();
        let found = match &wish.by {
            By::External(source) => self.by_foreign_id(kind, source, text)?,
            By::Email => match Email::parse(text) {
                Ok(email) => self.known.by_email(self.plan.session, &email.key())?,
                Err(_) => Vec::new(),
            },
            By::Name => {
                if let Some(id) = Id::parse(text)
                    && self.plan.get(kind, id).is_ok()
                {
                    return Ok(Found::One(id));
                }
                self.known.by_name(self.plan.session, kind, text)?
            }
        };
        if let [one] = found[..] {
            return Ok(Found::One(one));
        }
        if found.is_empty() {
            let is_new = kind == &company::KIND && matches!(wish.by, By::Name);
            return Ok(match is_new {
                true if self.options.no_create_companies => Found::None("there is no such company"),
                true => Found::New,
                false => Found::None(none_words(kind, &wish.by)),
            });
        }
        self.one_of(found, draft)
    }

    /// Of several companies of one name the one whose site the row bears; of several people
    /// the one of the row's company.
    fn one_of(&self, found: Vec<Id>, draft: &Record) -> Result<Found> {
        let Some(&first) = found.first() else {
            return Ok(Found::None("nothing is of that name"));
        };
        let is_company = self.plan.get(&company::KIND, first).is_ok();
        let keys = site_keys(draft);
        let own_company = draft
            .kind
            .fields
            .iter()
            .find_map(|field| match field.shape {
                Shape::Link("company") => draft.linked(field).first().copied(),
                _ => None,
            });
        let fits = |id: &Id| {
            if is_company {
                let known = self.plan.get(&company::KIND, *id).ok();
                known.is_some_and(|known| site_keys(&known).iter().any(|key| keys.contains(key)))
            } else {
                let known = self.plan.get(&contact::KIND, *id).ok();
                own_company.is_some()
                    && known
                        .is_some_and(|known| known.get(contact::COMPANY).copied() == own_company)
            }
        };
        let fitting: Vec<Id> = found.into_iter().filter(fits).collect();
        Ok(match fitting[..] {
            [one] => Found::One(one),
            _ => Found::None("several are of that name"),
        })
    }

    /// By the id's own source, else among ids of columns that said no more than `Id`. Ids of
    /// leads count apart.
    fn by_foreign_id(&self, kind: &'static Kind, source: &str, id: &str) -> Result<Vec<Id>> {
        let session = self.plan.session;
        let found = self.known.by_external(session, kind, source, id)?;
        let is_apart = |module: &Module| module.apart && format!("{}id", module.word) == source;
        if !found.is_empty() || MODULES.iter().any(is_apart) {
            return Ok(found);
        }
        self.known.by_external(session, kind, GENERIC_ID, id)
    }
}

const fn none_words(kind: &Kind, by: &By) -> &'static str {
    match (kind.number, by) {
        (_, By::Email) => "nobody has that address",
        (1, By::External(_)) => "nobody has that id",
        (2, By::External(_)) => "no company has that id",
        (3, By::External(_)) => "no deal has that id",
        (1, By::Name) => "nobody is of that name",
        _ => "nothing is of that name",
    }
}

/// The kind that a link field leads to.
pub(super) fn linked_kind(shape: Shape) -> Option<&'static Kind> {
    match shape {
        Shape::Link(name) | Shape::Links(name) => kind_by_name(name),
        _ => None,
    }
}

/// Adds a link; the first of several for a field that holds one stays.
pub(super) fn add(record: &mut Record, number: u16, shape: Shape, id: Id) {
    let value = match (shape, record.value(number)) {
        (Shape::Links(_), Some(Value::Links(ids))) => {
            let mut ids = ids.clone();
            if !ids.contains(&id) {
                ids.push(id);
            }
            Value::Links(ids)
        }
        (Shape::Links(_), _) => Value::Links(vec![id]),
        (_, None) => Value::Link(id),
        (_, Some(_)) => return,
    };
    record.set_value(number, Some(value));
}
