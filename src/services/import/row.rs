//! A row's cells to a draft of a record: fields read, the rest kept, links still as wishes.

use super::dates::FileDate;
use super::mapping::{Part, Role};
use super::value;
use crate::domain::context::Context;
use crate::domain::custom::CustomField;
use crate::domain::field::{Field, Shape};
use crate::domain::id::Id;
use crate::domain::kind::Kind;
use crate::domain::record::{ExternalId, Record};
use crate::domain::values::Value;
use crate::domain::values::contact_points::{Address, Labelled};
use crate::domain::values::dates::PartialDate;
use crate::domain::values::text::{fold, words};
use crate::domain::{contact, deal, follow_up, show};
use crate::formats::{Cell, Row};
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// What the columns of one file mean.
pub(super) struct Columns {
    pub(super) kind: &'static Kind,
    pub(super) roles: HashMap<Arc<str>, Role>,
    /// How dates are read, and phones and amounts.
    pub(super) context: Context,
    /// The word of the module that the file holds: `lead`, `call`.
    pub(super) module: Option<&'static str>,
}

/// A record in the making.
pub(super) struct Draft {
    pub(super) record: Record,
    /// Our own id, where the row bears it.
    pub(super) id: Option<Id>,
    pub(super) wishes: Vec<Wish>,
    pub(super) stage: Option<String>,
    pub(super) pipeline: Option<String>,
    pub(super) created: Option<DateTime<Utc>>,
    pub(super) modified: Option<DateTime<Utc>>,
    pub(super) started: Option<DateTime<Utc>>,
    pub(super) closing: Option<DateTime<Utc>>,
    pub(super) done: bool,
    pub(super) converted: bool,
    pub(super) warnings: Vec<String>,
}

/// A link that a row asks for.
pub(super) struct Wish {
    pub(super) field: &'static Field,
    pub(super) header: Arc<str>,
    pub(super) text: String,
    pub(super) by: By,
}

/// How a row names the record that it links to.
pub(super) enum By {
    /// By its id in the other program.
    External(String),
    /// By its name, or our own id.
    Name,
    /// By its e-mail address.
    Email,
}

impl Columns {
    /// Reads a row. Whatever is not understood is kept as text.
    pub(super) fn draft(&self, row: &Row, id: Id) -> Draft {
        let mut reader = Reader {
            columns: self,
            labels: HashMap::new(),
            names: Default::default(),
            birth: Default::default(),
            addresses: BTreeMap::new(),
            draft: Draft {
                record: Record::new(self.kind, id, self.context.now),
                id: None,
                wishes: Vec::new(),
                stage: None,
                pipeline: None,
                created: None,
                modified: None,
                started: None,
                closing: None,
                done: false,
                converted: false,
                warnings: row.notes.clone(),
            },
        };
        reader.read_labels(row);
        for cell in &row.cells {
            if !cell.value.trim().is_empty() {
                reader.cell(cell);
            }
        }
        reader.finish()
    }
}

struct Reader<'a> {
    columns: &'a Columns,
    labels: HashMap<&'a str, String>,
    names: [String; 5],
    birth: [String; 3],
    addresses: BTreeMap<(&'a str, String), BTreeMap<Part, String>>,
    draft: Draft,
}

impl<'a> Reader<'a> {
    fn read_labels(&mut self, row: &Row) {
        for cell in &row.cells {
            if let Some(Role::Label { group }) = self.columns.roles.get(&cell.name) {
                let label = cell.value.trim_start_matches(['*', ' ']).trim();
                self.labels.insert(group, label.to_lowercase());
            }
        }
    }

    fn cell(&mut self, cell: &Cell) {
        let columns = self.columns;
        let text = cell.value.trim();
        let field = |number: &u16| columns.kind.field_by_number(*number);
        match columns.roles.get(&cell.name) {
            None | Some(Role::Custom) => self.keep(&cell.name, text),
            Some(Role::Declared(own)) => self.declared(own, &cell.name, text),
            Some(Role::As(name)) => self.keep(name, text),
            Some(Role::Field {
                field: number,
                label,
                group,
            }) => {
                let label = self.label(cell, group, label);
                if let Some(field) = field(number) {
                    self.field(field, &cell.name, text, &label);
                }
            }
            Some(Role::NamePart(place)) => {
                if let Some(part) = self.names.get_mut(*place) {
                    text.clone_into(part);
                }
            }
            Some(Role::Address { part, label, group }) => {
                let label = self.label(cell, group, label);
                let parts = self.addresses.entry((group, label)).or_default();
                parts.insert(*part, text.to_owned());
            }
            Some(Role::Label { .. }) => {}
            Some(Role::Named { group }) => {
                let name = self.label(cell, group, &cell.name);
                self.keep(&name, text);
            }
            Some(Role::OwnId { source }) => self.own_id(source, text),
            Some(Role::LinkId {
                field: number,
                source,
                ..
            }) => {
                let ids = text.split(';').map(str::trim);
                for id in ids.filter(|id| !matches!(*id, "" | "0")) {
                    if let Some(field) = field(number) {
                        self.wish(field, &cell.name, id, By::External(source.clone()));
                    }
                }
            }
            Some(Role::LinkEmail { field: number }) => {
                if let Some(field) = field(number) {
                    self.wish(field, &cell.name, text, By::Email);
                }
            }
            Some(role) => self.program_word(role, &cell.name, text),
        }
    }

    /// The cell's own label, else that of its group of columns, else that of its header.
    fn label(&self, cell: &Cell, group: &str, of_header: &str) -> String {
        let of_group = self.labels.get(group).map_or("", String::as_str);
        let labels = [cell.label.as_str(), of_group, of_header];
        let label = labels.into_iter().find(|label| !label.is_empty());
        label.unwrap_or("").to_owned()
    }

    /// What the other program noted about the record.
    fn program_word(&mut self, role: &Role, header: &str, text: &str) {
        let context = self.columns.context;
        let date = FileDate::parse(text, context.date_order);
        let at = date.map(|date| date.instant(&context));
        let is_yes = matches!(
            fold(text).as_str(),
            "yes" | "true" | "1" | "completed" | "done" | "closed" | "converted" | "complete" | "x"
        );
        match role {
            Role::Created if at.is_some() => self.draft.created = at,
            Role::Modified if at.is_some() => self.draft.modified = at,
            Role::Started if at.is_some() => self.draft.started = at,
            Role::Closed if at.is_some() => self.draft.closing = at,
            Role::Created | Role::Modified | Role::Started | Role::Closed => {
                self.unread(header, text);
            }
            // Our own files say when.
            Role::Done if at.is_some() => {
                self.draft.done = true;
                self.draft.modified = at;
            }
            Role::Done => {
                self.draft.done |= is_yes;
                if !is_yes
                    && !matches!(
                        fold(text).as_str(),
                        "no" | "false" | "0" | "not started" | "open"
                    )
                {
                    self.keep(header, text);
                }
            }
            Role::Converted => self.draft.converted |= is_yes,
            Role::Birth(place) => {
                if let Some(part) = self.birth.get_mut(*place) {
                    text.clone_into(part);
                }
            }
            _ => {}
        }
    }

    fn field(&mut self, field: &'static Field, header: &Arc<str>, text: &str, label: &str) {
        match field.shape {
            Shape::Link(_) => self.wish(field, header, text, By::Name),
            Shape::Links(_) => {
                for part in text
                    .split(';')
                    .map(str::trim)
                    .filter(|part| !part.is_empty())
                {
                    self.wish(field, header, part, By::Name);
                }
            }
            Shape::Stage => self.draft.stage = Some(text.to_owned()),
            Shape::Pipeline => self.draft.pipeline = Some(text.to_owned()),
            shape => {
                let read = value::read(shape, text, label, &self.columns.context);
                let is_partly = read.is_partly;
                if let Some(new) = read.value {
                    self.put(field, header, text, new);
                }
                if is_partly {
                    self.unread(header, text);
                }
                if field.number == deal::EXPECTED_CLOSE.number() && self.columns.kind == &deal::KIND
                {
                    let context = &self.columns.context;
                    let date = FileDate::parse(text, context.date_order);
                    self.draft.closing = date.map(|date| date.instant(context));
                }
            }
        }
    }

    /// A field that the settings declare. A text that does not fit is kept as one; a second
    /// value under its header.
    fn declared(&mut self, own: &CustomField, header: &str, text: &str) {
        let context = &self.columns.context;
        let name = own.field.name;
        match value::read(own.field.shape, text, "", context).value {
            Some(value) => {
                let plain = show::plain(&value, context);
                let is_second = own.text(&self.draft.record).is_some();
                self.keep(if is_second { header } else { name }, &plain);
            }
            None => {
                self.keep(name, text);
                self.draft
                    .warn(format!("`{name}` is not understood and kept as text"));
            }
        }
    }

    /// Joins lists and long texts; a second value for anything else is kept beside the first.
    fn put(&mut self, field: &'static Field, header: &str, text: &str, new: Value) {
        let record = &mut self.draft.record;
        let joined = match record.field(field) {
            None => Some(new),
            Some(old) if *old == new => return,
            Some(Value::Text(old)) if field.shape == Shape::LongText => {
                Some(Value::Text(format!("{old}\n\n{text}")))
            }
            Some(old) => value::joined(old, &new),
        };
        match joined {
            Some(value) => record.set_value(field.number, Some(value)),
            None => self.keep(header, text),
        }
    }

    fn wish(&mut self, field: &'static Field, header: &Arc<str>, text: &str, by: By) {
        self.draft.wishes.push(Wish {
            field,
            header: Arc::clone(header),
            text: text.to_owned(),
            by,
        });
    }

    fn own_id(&mut self, source: &str, text: &str) {
        if text == "0" {
            return;
        }
        // Our own cards bear our ids in the form that other programs know.
        if let Some(id) = Id::parse(text).or_else(|| own_uuid(text)) {
            self.draft.id = Some(id);
            return;
        }
        let id = ExternalId {
            source: source.to_owned(),
            id: text.to_owned(),
        };
        if !self.draft.record.external.contains(&id) {
            self.draft.record.external.push(id);
        }
    }

    /// Keeps a text under the name of its column.
    fn keep(&mut self, name: &str, text: &str) {
        self.draft.keep(name, text);
    }

    fn unread(&mut self, name: &str, text: &str) {
        self.keep(name, text);
        self.draft
            .warn(format!("`{name}` is not understood and kept as text"));
    }

    fn finish(mut self) -> Draft {
        self.finish_name();
        self.finish_birthday();
        self.finish_addresses();
        self.draft
    }

    /// The whole name from its parts; parts that a given whole name lacks are kept.
    fn finish_name(&mut self) {
        if self.columns.kind != &contact::KIND {
            return;
        }
        let parts: Vec<&str> = self
            .names
            .iter()
            .flat_map(|part| part.split_whitespace())
            .collect();
        if parts.is_empty() {
            return;
        }
        let composed = parts.join(" ");
        let record = &mut self.draft.record;
        let Some(given) = record.get(contact::NAME).cloned() else {
            record.set(contact::NAME, composed);
            return;
        };
        let known = words(&given);
        if words(&composed).iter().any(|word| !known.contains(word)) {
            self.draft.keep("name parts", &composed);
        }
    }

    fn finish_birthday(&mut self) {
        if self.columns.kind != &contact::KIND || self.birth.iter().all(String::is_empty) {
            return;
        }
        let [year, month, day] = &self.birth;
        let date = month.parse().ok().zip(day.parse().ok());
        let date = date.and_then(|(month, day)| PartialDate::new(year.parse().ok(), month, day));
        match date {
            Some(date) => self.draft.record.set(contact::BIRTHDAY, date),
            None => {
                let text = format!("{year}-{month}-{day}");
                self.unread("birthday", &text);
            }
        }
    }

    fn finish_addresses(&mut self) {
        let field = self
            .columns
            .kind
            .fields
            .iter()
            .find(|field| field.shape == Shape::Addresses);
        let Some(field) = field else { return };
        let mut list: Vec<Labelled<Address>> = Vec::new();
        for ((group, label), parts) in std::mem::take(&mut self.addresses) {
            // A column of the field's own name holds a list, as our own files write it.
            if group == "whole"
                && let Some(text) = parts.get(&Part::Whole)
                && let Some(Value::Addresses(more)) =
                    value::read(Shape::Addresses, text, &label, &self.columns.context).value
            {
                list.extend(more);
                continue;
            }
            let value = address(&parts);
            if !value.is_empty() && !list.iter().any(|known| known.value == value) {
                list.push(Labelled { label, value });
            }
        }
        if !list.is_empty() {
            self.draft
                .record
                .set_value(field.number, Some(Value::Addresses(list)));
        }
    }
}

impl Draft {
    /// Notes what is odd, once.
    pub(super) fn warn(&mut self, warning: String) {
        if !self.warnings.contains(&warning) {
            self.warnings.push(warning);
        }
    }

    /// Keeps a text as a field of the user's own; a second one of the name behind the first.
    pub(super) fn keep(&mut self, name: &str, text: &str) {
        let custom = &mut self.record.custom;
        match custom.get_mut(name) {
            Some(known) if known.split("; ").any(|part| part == text) => {}
            Some(known) => {
                known.push_str("; ");
                known.push_str(text);
            }
            None => {
                custom.insert(name.to_owned(), text.to_owned());
            }
        }
    }

    /// When a follow-up was done: when it was last changed, as far as the file says.
    pub(super) fn done_at(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        let due = self
            .record
            .get(follow_up::DUE)
            .map(|due| due.starts(chrono_tz::UTC));
        self.modified
            .or(due.filter(|due| *due <= now))
            .or(self.created)
            .unwrap_or(now)
    }
}

/// The id that a `urn:uuid:` of version 7 is, as our own exports write it.
fn own_uuid(text: &str) -> Option<Id> {
    let digits = text.strip_prefix("urn:uuid:")?.replace('-', "");
    let number = u128::from_str_radix(&digits, 16)
        .ok()
        .filter(|_| digits.len() == 32)?;
    let bytes = number.to_be_bytes();
    (bytes[6] >> 4 == 7).then(|| Id::from_bytes(bytes))
}

/// An address from its parts. The whole in one line counts as the street where a place of its
/// own is given, as in Thunderbird's `Home Address`, unless the street is given too.
fn address(parts: &BTreeMap<Part, String>) -> Address {
    let part = |part: Part| parts.get(&part).cloned().unwrap_or_default();
    let has_place = parts
        .keys()
        .any(|part| !matches!(part, Part::Whole | Part::Extra));
    if !has_place {
        let mut address = Address::parse(&part(Part::Whole));
        let more = part(Part::Extra);
        if !more.is_empty() {
            address.street = format!("{}, {more}", address.street)
                .trim_start_matches(", ")
                .to_owned();
        }
        return address;
    }
    let street = if parts.contains_key(&Part::Street) {
        part(Part::Street)
    } else if parts.contains_key(&Part::City) || parts.contains_key(&Part::Postcode) {
        part(Part::Whole)
    } else {
        String::new()
    };
    let street = [street, part(Part::Extra)];
    let street: Vec<&str> = street
        .iter()
        .map(String::as_str)
        .filter(|text| !text.is_empty())
        .collect();
    Address {
        street: street.join(", "),
        postcode: part(Part::Postcode),
        city: part(Part::City),
        region: part(Part::Region),
        country: part(Part::Country),
    }
}
