//! Export: records as the bytes of a file.
//!
//! JSON and JSON lines bear every record whole, in any state, and read back to an equal store.
//! CSV and vCard are for other programs: they bear active records, with names where we have
//! links.

use super::Env;
use super::words;
use crate::domain::field::{Field, Filled, Shape};
use crate::domain::id::Id;
use crate::domain::json::to_json;
use crate::domain::kind::Kind;
use crate::domain::record::Record;
use crate::domain::show::plain;
use crate::domain::values::Value;
use crate::domain::values::contact_points::{Address, Labelled};
use crate::domain::{KINDS, company, contact, deal, follow_up, kind_by_name};
use crate::error::{Error, Result};
use crate::formats::{self, Cell, Format, Row};
use crate::store::session::Session;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// A file's contents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// How many records they bear.
    pub records: usize,
}

/// Writes records of these kinds in the format of that name; of all kinds that the format can
/// bear when none is given.
///
/// # Errors
/// When there is no such format, it cannot bear these kinds together, or the store cannot be read.
pub fn export(
    session: &Session,
    env: &Env,
    kinds: &[&'static Kind],
    format: &str,
) -> Result<Export> {
    let writable = || {
        let formats = formats::FORMATS
            .iter()
            .filter(|format| format.write.is_some());
        let names: Vec<&str> = formats.map(|format| format.name).collect();
        format!("choose one of: {}", names.join(", "))
    };
    let found = formats::by_name(format).filter(|format| format.write.is_some());
    let format =
        found.ok_or_else(|| Error::usage(format!("cannot write `{format}`")).hint(writable()))?;
    let kinds = kinds_for(format, kinds)?;
    let is_whole = is_lossless(format);
    let names = Names::read(session, &kinds)?;
    let mut rows = Vec::new();
    for kind in &kinds {
        let mut records = Vec::new();
        for record in session.all(kind) {
            let record = record.map_err(words::store)?;
            if is_whole || record.is_active() {
                records.push(record);
            }
        }
        let cells = Cells {
            kind,
            env,
            names: &names,
            is_card: is_card(format),
        };
        let columns = if is_whole {
            Vec::new()
        } else {
            cells.columns(&records)
        };
        rows.extend(records.iter().map(|record| Row {
            kind: Some(kind.name.to_owned()),
            cells: cells.of(record, &columns),
            whole: is_whole.then(|| to_json(record, env.custom, &env.context, &|id| names.of(id))),
            ..Row::default()
        }));
    }
    let bytes = format.write.map(|write| write(&rows)).unwrap_or_default();
    Ok(Export {
        bytes,
        records: rows.len(),
    })
}

/// The name of the format that a file's ending means, where it can be written.
pub fn format_of_file(name: &str) -> Option<&'static str> {
    let ending = name.rsplit_once('.')?.1.to_lowercase();
    let mut writable = formats::FORMATS
        .iter()
        .filter(|format| format.write.is_some());
    let found = writable.find(|format| format.extensions.contains(&ending.as_str()));
    found.map(|format| format.name)
}

fn is_lossless(format: &Format) -> bool {
    [formats::jsonl::JSONL.name, formats::jsonl::JSON.name].contains(&format.name)
}

fn is_card(format: &Format) -> bool {
    format.name == formats::vcard::FORMAT.name
}

/// The kinds to write: those asked for, where the format can bear them.
fn kinds_for(format: &Format, asked: &[&'static Kind]) -> Result<Vec<&'static Kind>> {
    if is_lossless(format) {
        return Ok(if asked.is_empty() {
            KINDS.to_vec()
        } else {
            asked.to_vec()
        });
    }
    if is_card(format) {
        let is_person = |kind: &&'static Kind| **kind == contact::KIND || **kind == company::KIND;
        return match asked.iter().find(|kind| !is_person(kind)) {
            None if asked.is_empty() => Ok(vec![&contact::KIND]),
            None => Ok(asked.to_vec()),
            Some(kind) => Err(Error::usage(format!("a vCard cannot bear a {}", kind.name))
                .hint(format!("touchbase export {} --format csv", kind.plural))),
        };
    }
    match asked {
        [one] => Ok(vec![one]),
        [] => Err(
            Error::usage(format!("{} bears one kind of record", format.name)).hint(format!(
                "touchbase export contacts --format {}",
                format.name
            )),
        ),
        _ => Err(
            Error::usage(format!("{} bears one kind of record", format.name))
                .hint("touchbase export --format jsonl"),
        ),
    }
}

/// The titles of the records that links lead to.
struct Names {
    titles: HashMap<Id, String>,
    counts: HashMap<String, usize>,
}

impl Names {
    fn read(session: &Session, kinds: &[&'static Kind]) -> Result<Self> {
        let fields = kinds.iter().flat_map(|kind| kind.fields);
        let linked: BTreeSet<&str> = fields
            .filter_map(|field| match field.shape {
                Shape::Link(name) | Shape::Links(name) => Some(name),
                _ => None,
            })
            .collect();
        let (mut titles, mut counts) = (HashMap::new(), HashMap::new());
        for kind in linked.into_iter().filter_map(kind_by_name) {
            for record in session.all(kind) {
                let record = record.map_err(words::store)?;
                *counts.entry(record.title().to_owned()).or_default() += 1;
                titles.insert(record.id, record.title().to_owned());
            }
        }
        Ok(Self { titles, counts })
    }

    fn of(&self, id: Id) -> String {
        self.titles.get(&id).cloned().unwrap_or_default()
    }

    /// The title where it means this record alone and reads back as one, else the id.
    fn unmistakable(&self, id: Id) -> String {
        let title = self.of(id);
        let is_alone = self.counts.get(&title) == Some(&1);
        if is_alone && !title.is_empty() && !title.contains(';') {
            title
        } else {
            id.text()
        }
    }
}

/// Makes the cells of records of a kind.
struct Cells<'a> {
    kind: &'static Kind,
    env: &'a Env,
    names: &'a Names,
    is_card: bool,
}

/// What a column shows.
enum Column {
    Id,
    Field(&'static Field),
    Created,
    External(String),
    Custom(String),
}

impl Column {
    fn name(&self) -> Arc<str> {
        match self {
            Self::Id => Arc::from("id"),
            Self::Field(field) => Arc::from(field.name),
            Self::Created => Arc::from("created"),
            Self::External(name) | Self::Custom(name) => Arc::from(name.as_str()),
        }
    }
}

impl Cells<'_> {
    /// The id, the fields that a file may fill in, and what else any of the records has.
    fn columns(&self, records: &[Record]) -> Vec<Column> {
        let closing: [u16; 2] = [deal::CLOSED.number(), follow_up::DONE.number()];
        let is_closing = |field: &&'static Field| {
            closing.contains(&field.number) && matches!(field.name, "closed" | "done")
        };
        let fields = self.kind.fields.iter();
        let fields = fields.filter(|field| field.filled == Filled::ByUser || is_closing(field));
        let mut columns = vec![Column::Id];
        columns.extend(fields.map(Column::Field));
        columns.push(Column::Created);
        let external = records.iter().flat_map(|record| &record.external);
        let external: BTreeSet<&String> = external.map(|external| &external.source).collect();
        columns.extend(external.into_iter().cloned().map(Column::External));
        let custom: BTreeSet<&String> = records
            .iter()
            .flat_map(|record| record.custom.keys())
            .collect();
        columns.extend(custom.into_iter().cloned().map(Column::Custom));
        columns
    }

    fn of(&self, record: &Record, columns: &[Column]) -> Vec<Cell> {
        if self.is_card {
            return self.card(record, columns);
        }
        let cell = |column: &Column| Cell::new(column.name(), self.text(record, column));
        columns.iter().map(cell).collect()
    }

    fn text(&self, record: &Record, column: &Column) -> String {
        match column {
            Column::Id => record.id.text(),
            Column::Created => record
                .created
                .to_rfc3339_opts(chrono::SecondsFormat::Millis, true),
            Column::Custom(name) => record.custom.get(name).cloned().unwrap_or_default(),
            Column::External(source) => {
                let mut ids = record
                    .external
                    .iter()
                    .filter(|external| external.source == *source);
                ids.next()
                    .map(|external| external.id.clone())
                    .unwrap_or_default()
            }
            Column::Field(field) => match record.field(field) {
                None => String::new(),
                Some(Value::Link(_) | Value::Links(_)) => {
                    let links = record.linked(field).into_iter();
                    links
                        .map(|id| self.names.unmistakable(id))
                        .collect::<Vec<_>>()
                        .join("; ")
                }
                Some(value) => plain(value, &self.env.context),
            },
        }
    }

    /// A card: a cell for each member of a list, addresses in parts.
    fn card(&self, record: &Record, columns: &[Column]) -> Vec<Cell> {
        let mut cells = Vec::new();
        let mut addresses: &[Labelled<Address>] = &[];
        for column in columns {
            let name = column.name();
            let value = match column {
                Column::Field(field) => record.field(field),
                _ => None,
            };
            let mut add = |label: &str, text: String| {
                cells.push(Cell::labelled(Arc::clone(&name), label, text));
            };
            match value {
                Some(Value::Emails(list)) => list
                    .iter()
                    .for_each(|email| add(&email.label, email.value.as_str().to_owned())),
                Some(Value::Phones(list)) => {
                    for phone in list {
                        let text = plain(
                            &Value::Phones(vec![Labelled::plain(phone.value.clone())]),
                            &self.env.context,
                        );
                        add(&phone.label, text);
                    }
                }
                Some(Value::Sites(list)) => {
                    list.iter()
                        .for_each(|site| add(&site.label, site.value.as_str().to_owned()));
                }
                Some(Value::Dates(list)) => {
                    list.iter()
                        .for_each(|date| add(&date.label, date.value.to_string()));
                }
                Some(Value::Texts(list)) => list.iter().for_each(|text| add("", text.clone())),
                Some(Value::Addresses(list)) => addresses = list,
                Some(Value::Link(id)) => add("", self.names.of(*id)),
                _ if matches!(column, Column::Id) => {}
                _ => add("", self.text(record, column)),
            }
        }
        cells.retain(|cell| !cell.value.is_empty());
        for (number, address) in (1..).zip(addresses) {
            cells.extend(address_cells(number, address));
        }
        if !cells.iter().any(|cell| &*cell.name == "vcard-uid") {
            cells.push(Cell::new(
                "vcard-uid",
                format!("urn:uuid:{}", uuid(record.id)),
            ));
        }
        cells
    }
}

fn address_cells(number: u32, address: &Labelled<Address>) -> Vec<Cell> {
    let value = &address.value;
    [
        ("Street", &value.street),
        ("City", &value.city),
        ("Region", &value.region),
        ("Postal Code", &value.postcode),
        ("Country", &value.country),
    ]
    .into_iter()
    .filter(|(_, text)| !text.is_empty())
    .map(|(part, text)| {
        Cell::labelled(
            format!("Address {number} - {part}"),
            &*address.label,
            text.as_str(),
        )
    })
    .collect()
}

/// The id in the form that other programs know.
fn uuid(id: Id) -> String {
    let digits: String = id
        .bytes()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let mut text = String::with_capacity(36);
    for (place, digit) in digits.chars().enumerate() {
        if matches!(place, 8 | 12 | 16 | 20) {
            text.push('-');
        }
        text.push(digit);
    }
    text
}
