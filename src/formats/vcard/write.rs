//! Rows to vCard 4.0.

use crate::formats::{Cell, Row};
use calcard::common::PartialDateTime;
use calcard::vcard::{
    VCard, VCardEntry, VCardKind, VCardParameter, VCardParameterName, VCardParameterValue,
    VCardProperty, VCardValue, VCardValueType, VCardVersion,
};

pub(super) fn write(rows: &[Row]) -> Vec<u8> {
    let mut text = String::new();
    for row in rows {
        // Writing to a string cannot fail.
        let _ = card(row).write_to(&mut text, VCardVersion::V4_0);
    }
    text.into_bytes()
}

fn card(row: &Row) -> VCard {
    let mut writer = Writer::default();
    if row.kind.as_deref() == Some("company") {
        let kind = VCardEntry::new(VCardProperty::Kind);
        writer.entries.push(kind.with_value(VCardKind::Org));
    }
    let is_known_name = row.cells.iter().any(|cell| &*cell.name == "name");
    if !is_known_name {
        writer.text(VCardProperty::Fn, "");
    }
    let all = |name: &str| -> Vec<VCardValue> {
        let cells = row.cells.iter().filter(|cell| &*cell.name == name);
        cells.map(|cell| text_value(&cell.value)).collect()
    };
    let organisation: Vec<VCardValue> = [all("company"), all("department")].concat();
    if !organisation.is_empty() {
        let entry = VCardEntry::new(VCardProperty::Org);
        writer.entries.push(entry.with_values(organisation));
    }
    let tags = all("tag");
    if !tags.is_empty() {
        let entry = VCardEntry::new(VCardProperty::Categories);
        writer.entries.push(entry.with_values(tags));
    }
    for cell in &row.cells {
        writer.cell(cell);
    }
    writer.addresses(row);
    VCard {
        entries: writer.entries,
    }
}

fn text_value(text: &str) -> VCardValue {
    VCardValue::Text(text.to_owned())
}

#[derive(Default)]
struct Writer {
    entries: Vec<VCardEntry>,
    groups: u32,
}

impl Writer {
    fn text(&mut self, property: VCardProperty, text: &str) {
        let entry = VCardEntry::new(property);
        self.entries.push(entry.with_value(text_value(text)));
    }

    fn cell(&mut self, cell: &Cell) {
        let text = cell.value.as_str();
        match &*cell.name {
            "name" => self.text(VCardProperty::Fn, text),
            "email" => self.labelled(VCardEntry::new(VCardProperty::Email), cell),
            "phone" => self.labelled(VCardEntry::new(VCardProperty::Tel), cell),
            "site" => self.labelled(VCardEntry::new(VCardProperty::Url), cell),
            "related" => {
                let entry = VCardEntry::new(VCardProperty::Related);
                let entry = entry.with_param(VCardParameter::value(VCardValueType::Text));
                self.labelled(entry, cell);
            }
            "social" => {
                let entry = VCardEntry::new(VCardProperty::Socialprofile);
                let service = VCardParameterValue::Text(cell.label.clone());
                let service = VCardParameter::new(VCardParameterName::ServiceType, service);
                let entry = entry
                    .with_param(VCardParameter::value(VCardValueType::Text))
                    .with_param_opt((!cell.label.is_empty()).then_some(service));
                self.entries.push(entry.with_value(text_value(text)));
            }
            "role" => self.text(VCardProperty::Title, text),
            "function" => self.text(VCardProperty::Role, text),
            "notes" => self.text(VCardProperty::Note, text),
            "birthday" => self.date(VCardProperty::Bday, text),
            "date" if cell.label == "anniversary" => self.date(VCardProperty::Anniversary, text),
            "date" => {
                let property = VCardProperty::Other("X-ABDATE".to_owned());
                self.labelled(VCardEntry::new(property), cell);
            }
            "vcard-uid" => {
                let entry = VCardEntry::new(VCardProperty::Uid);
                let entry = entry.with_param_opt(
                    (!text.starts_with("urn:"))
                        .then(|| VCardParameter::value(VCardValueType::Text)),
                );
                self.entries.push(entry.with_value(text_value(text)));
            }
            "language" => self.text(VCardProperty::Lang, text),
            "time-zone" => {
                let entry = VCardEntry::new(VCardProperty::Tz);
                let entry = entry.with_param(VCardParameter::value(VCardValueType::Text));
                self.entries.push(entry.with_value(text_value(text)));
            }
            "nickname" => self.text(VCardProperty::Nickname, text),
            "hobby" => self.text(VCardProperty::Hobby, text),
            "interest" => self.text(VCardProperty::Interest, text),
            "gender" => self.text(VCardProperty::Gender, text),
            "company" | "department" | "tag" => {}
            name if address_part(name).is_some() => {}
            name => self.other(name, cell),
        }
    }

    /// A cell that vCard has no property for.
    fn other(&mut self, name: &str, cell: &Cell) {
        let plain: String = name
            .chars()
            .map(|c| {
                if c.is_ascii_alphanumeric() {
                    c.to_ascii_uppercase()
                } else {
                    '-'
                }
            })
            .collect();
        if cell.value.is_empty() || plain.trim_matches('-').is_empty() {
            return;
        }
        let property = VCardProperty::Other(format!("X-{plain}"));
        self.labelled(VCardEntry::new(property), cell);
    }

    /// Adds an entry under its label: as types where vCard knows the words, else in a group.
    fn labelled(&mut self, entry: VCardEntry, cell: &Cell) {
        let types = types_of(&cell.label);
        let entry = entry.with_value(text_value(&cell.value));
        if let Some(types) = types {
            let entry = types.into_iter().fold(entry, |entry, word| {
                entry.with_param(VCardParameter::typ(VCardParameterValue::Text(word)))
            });
            self.entries.push(entry);
            return;
        }
        self.groups += 1;
        let group = Some(format!("item{}", self.groups));
        self.entries.push(entry.with_group(group.clone()));
        let label = VCardEntry::new(VCardProperty::Other("X-ABLabel".to_owned()));
        let label = label.with_group(group);
        self.entries.push(label.with_value(text_value(&cell.label)));
    }

    fn date(&mut self, property: VCardProperty, text: &str) {
        let entry = VCardEntry::new(property);
        let entry = match date(text) {
            Some(date) => entry.with_values(vec![VCardValue::PartialDateTime(date)]),
            None => entry
                .with_param(VCardParameter::value(VCardValueType::Text))
                .with_value(text_value(text)),
        };
        self.entries.push(entry);
    }

    fn addresses(&mut self, row: &Row) {
        let mut numbers: Vec<&str> = Vec::new();
        for (number, _) in row.cells.iter().filter_map(|cell| address_part(&cell.name)) {
            if !numbers.contains(&number) {
                numbers.push(number);
            }
        }
        for number in numbers {
            let mut label = "";
            let mut parts: [String; 7] = Default::default();
            for cell in &row.cells {
                let Some((of, place)) = address_part(&cell.name) else {
                    continue;
                };
                if of == number {
                    label = &cell.label;
                    parts[place].clone_from(&cell.value);
                }
            }
            let entry = VCardEntry::new(VCardProperty::Adr);
            let cell = Cell::labelled("", label, "");
            self.labelled(entry, &cell);
            // The label's own entry may stand behind it.
            let written = self
                .entries
                .iter_mut()
                .rfind(|entry| entry.name == VCardProperty::Adr);
            if let Some(entry) = written {
                entry.values = parts.iter().map(|part| text_value(part)).collect();
            }
        }
    }
}

/// The number and the place of a part of an address: `Address 1 - Street` is part 2 of 1.
fn address_part(name: &str) -> Option<(&str, usize)> {
    let (number, part) = name.strip_prefix("Address ")?.split_once(" - ")?;
    let place = match part {
        "Street" => 2,
        "City" => 3,
        "Region" => 4,
        "Postal Code" => 5,
        "Country" => 6,
        _ => return None,
    };
    Some((number, place))
}

/// The types that mean a label, when it consists of nothing else.
fn types_of(label: &str) -> Option<Vec<String>> {
    label
        .split_whitespace()
        .map(|word| match word {
            "mobile" => Some("cell".to_owned()),
            "work" | "home" | "fax" | "pager" | "video" | "textphone" | "spouse" | "child"
            | "parent" | "friend" | "colleague" | "sibling" => Some(word.to_owned()),
            _ => None,
        })
        .collect()
}

/// `1980-05-17` or `--05-17`.
fn date(text: &str) -> Option<PartialDateTime> {
    let (year, rest) = match text.strip_prefix("--") {
        Some(rest) => (None, rest),
        None => {
            let (year, rest) = text.split_once('-')?;
            let year = (year.len() == 4)
                .then(|| year.parse::<u16>().ok())
                .flatten()?;
            (Some(year), rest)
        }
    };
    let (month, day) = rest.split_once('-')?;
    Some(PartialDateTime {
        year,
        month: Some(month.parse().ok()?),
        day: Some(day.parse().ok()?),
        ..PartialDateTime::default()
    })
}
