//! One card to one row.

use super::Card;
use crate::formats::{Cell, Row, RowError};
use calcard::Entry;
use calcard::common::{IanaString as _, PartialDateTime};
use calcard::vcard::{VCard, VCardEntry, VCardKind, VCardParameterName, VCardProperty, VCardValue};

pub(super) fn row(card: Card) -> Result<Row, RowError> {
    let line = card.line;
    let Entry::VCard(parsed) = calcard::Parser::new(&super::text::decoded(&card.text)).entry()
    else {
        let reason = "the card is not understood".to_owned();
        return Err(RowError { line, reason });
    };
    let reader = Reader { card: &parsed };
    let mut row = Row {
        line,
        kind: reader.is_company().then(|| "company".to_owned()),
        ..Row::default()
    };
    if card.nested {
        row.notes.push("stands inside another card".to_owned());
    }
    let is_point =
        |entry: &&VCardEntry| matches!(entry.name, VCardProperty::Email | VCardProperty::Tel);
    let mut points: Vec<&VCardEntry> = parsed.entries.iter().filter(is_point).collect();
    // E-mails or phones first, as the card has it, and of each the preferred first.
    let first = points.first().map(|entry| entry.name.clone());
    points.sort_by_key(|entry| (Some(&entry.name) != first.as_ref(), !is_preferred(entry)));
    row.cells
        .extend(reader.name().map(|name| Cell::new("name", name)));
    for entry in points {
        row.cells.extend(reader.cells(entry));
    }
    let mut addresses = 0_u32;
    for entry in parsed.entries.iter().filter(|entry| !is_point(entry)) {
        if entry.name == VCardProperty::Adr {
            addresses = addresses.saturating_add(1);
            row.cells.extend(reader.address(entry, addresses));
        } else {
            row.cells.extend(reader.cells(entry));
        }
    }
    if row.kind.is_some() {
        row.cells.retain(|cell| &*cell.name != "company");
    }
    if row.cells.is_empty() {
        let reason = "the card is empty".to_owned();
        return Err(RowError { line, reason });
    }
    Ok(row)
}

struct Reader<'a> {
    card: &'a VCard,
}

impl Reader<'_> {
    /// The whole name, or what else the card can be called by.
    fn name(&self) -> Option<String> {
        let first = |property: &VCardProperty| {
            let mut entries = self.card.properties(property);
            entries.find_map(|entry| texts(entry).into_iter().find(|text| !text.is_empty()))
        };
        let composed = || {
            let entry = self.card.property(&VCardProperty::N)?;
            let parts = texts(entry);
            let part = |index: usize| parts.get(index).map_or("", String::as_str);
            let whole = [3, 1, 2, 0, 4].map(part);
            let whole = whole
                .join(" ")
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ");
            (!whole.is_empty()).then_some(whole)
        };
        first(&VCardProperty::Fn)
            .or_else(composed)
            .or_else(|| first(&VCardProperty::Nickname))
            .or_else(|| first(&VCardProperty::Org))
            .or_else(|| first(&VCardProperty::Email))
    }

    fn is_company(&self) -> bool {
        let org = |value: &VCardValue| matches!(value, VCardValue::Kind(VCardKind::Org));
        self.card.entries.iter().any(|entry| match &entry.name {
            VCardProperty::Kind => entry.values.iter().any(org),
            VCardProperty::Other(name) if name.eq_ignore_ascii_case("X-ABShowAs") => texts(entry)
                .iter()
                .any(|text| text.eq_ignore_ascii_case("company")),
            _ => false,
        })
    }

    fn cells(&self, entry: &VCardEntry) -> Vec<Cell> {
        let plain = |name: &str| -> Vec<Cell> {
            let texts = texts(entry).into_iter().filter(|text| !text.is_empty());
            texts.map(|text| Cell::new(name, text)).collect()
        };
        let labelled = |name: &str| -> Vec<Cell> {
            let label = self.label(entry);
            let texts = texts(entry).into_iter().filter(|text| !text.is_empty());
            texts
                .map(|text| Cell::labelled(name, label.clone(), text))
                .collect()
        };
        match &entry.name {
            VCardProperty::Email => labelled("email"),
            VCardProperty::Tel => labelled("phone")
                .into_iter()
                .map(|cell| Cell {
                    value: phone(&cell.value),
                    ..cell
                })
                .collect(),
            VCardProperty::Url => labelled("site"),
            VCardProperty::Impp | VCardProperty::Socialprofile => self.social(entry),
            VCardProperty::Org => organisation(entry),
            VCardProperty::Title => plain("role"),
            VCardProperty::Role if self.card.property(&VCardProperty::Title).is_none() => {
                plain("role")
            }
            VCardProperty::Role => plain("function"),
            VCardProperty::Note => plain("notes"),
            VCardProperty::Bday => dates(entry, "birthday", ""),
            VCardProperty::Anniversary => dates(entry, "date", "anniversary"),
            VCardProperty::Categories => plain("tag"),
            VCardProperty::Uid => plain("vcard-uid"),
            VCardProperty::Lang | VCardProperty::Language => plain("language"),
            VCardProperty::Tz => plain("time-zone"),
            VCardProperty::Nickname => plain("nickname"),
            VCardProperty::Hobby => plain("hobby"),
            VCardProperty::Interest => plain("interest"),
            VCardProperty::Related => labelled("related"),
            VCardProperty::Gender => plain("gender"),
            VCardProperty::Other(name) => self.other(entry, name),
            _ => Vec::new(),
        }
    }

    /// Properties that programs invented.
    fn other(&self, entry: &VCardEntry, name: &str) -> Vec<Cell> {
        let lower = name.to_ascii_lowercase();
        let Some(bare) = lower.strip_prefix("x-") else {
            return Vec::new();
        };
        match bare {
            "ablabel" | "abuid" | "abshowas" | "abadr" | "generator" | "pilotid" | "pilotstat" => {
                Vec::new()
            }
            "abdate" => dates(entry, "date", &self.label(entry)),
            "ms-anniversary"
            | "evolution-anniversary"
            | "anniversary"
            | "kaddressbook-x-anniversary" => dates(entry, "date", "anniversary"),
            "aim" | "icq" | "jabber" | "msn" | "skype" | "skype-username" | "yahoo" | "gtalk"
            | "google-talk" | "qq" | "twitter" | "sametime" | "gadugadu" => texts(entry)
                .into_iter()
                .filter(|text| !text.is_empty())
                .map(|text| Cell::labelled("social", bare, text))
                .collect(),
            _ if bare.is_empty() || bare.starts_with("ms-ol-") || bare.starts_with("mozilla-") => {
                Vec::new()
            }
            _ => {
                let whole = texts(entry).join(";");
                let label = self.label(entry);
                // A long one without a space is a picture or a key.
                let is_text = whole.len() <= 2000 || whole.contains(char::is_whitespace);
                let is_told = !whole.trim_matches(';').is_empty() && is_text;
                is_told
                    .then(|| Cell::labelled(bare, label, whole))
                    .into_iter()
                    .collect()
            }
        }
    }

    /// A handle under the name of its service.
    fn social(&self, entry: &VCardEntry) -> Vec<Cell> {
        let service = parameter(entry, &VCardParameterName::ServiceType)
            .unwrap_or_else(|| self.label(entry))
            .to_lowercase();
        let texts = texts(entry).into_iter().filter(|text| !text.is_empty());
        texts
            .map(|text| match text.split_once(':') {
                Some((scheme, handle)) if service.is_empty() && !handle.starts_with("//") => {
                    Cell::labelled("social", scheme.to_lowercase(), handle)
                }
                _ => Cell::labelled("social", service.clone(), text),
            })
            .collect()
    }

    /// The parts of an address, numbered so that they stay together.
    fn address(&self, entry: &VCardEntry, number: u32) -> Vec<Cell> {
        let parts = texts(entry);
        let part = |index: usize| parts.get(index).map_or("", |part| part.trim());
        // Post office box and extension have no place of their own in an address.
        let street: Vec<&str> = [2, 1, 0]
            .map(part)
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect();
        let label = self.label(entry);
        [
            ("Street", street.join(", ")),
            ("City", part(3).to_owned()),
            ("Region", part(4).to_owned()),
            ("Postal Code", part(5).to_owned()),
            ("Country", part(6).to_owned()),
        ]
        .into_iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(name, text)| {
            Cell::labelled(format!("Address {number} - {name}"), label.clone(), text)
        })
        .collect()
    }

    /// The user's own label, else the types that say more than that it is an address.
    fn label(&self, entry: &VCardEntry) -> String {
        let own = entry.group.as_ref().and_then(|group| {
            self.card.entries.iter().find(|other| {
                other.group.as_ref() == Some(group)
                    && matches!(&other.name, VCardProperty::Other(name)
                        if name.eq_ignore_ascii_case("X-ABLabel"))
            })
        });
        if let Some(text) = own.and_then(|entry| texts(entry).into_iter().next()) {
            let bare = text.strip_prefix("_$!<").unwrap_or(&text);
            let bare = bare.strip_suffix(">!$_").unwrap_or(bare);
            return bare.trim().to_lowercase();
        }
        let mut words: Vec<String> = Vec::new();
        for parameter in &entry.params {
            let text = match &parameter.name {
                VCardParameterName::Type => parameter.value.as_text().unwrap_or("").to_lowercase(),
                // 2.1 writes types as bare words.
                VCardParameterName::Other(name) if parameter.value.as_text().is_none() => {
                    name.to_lowercase()
                }
                _ => continue,
            };
            for word in text.split(',').map(str::trim) {
                let word = match word {
                    "cell" => "mobile",
                    "" | "internet" | "pref" | "voice" | "x400" | "msg" | "postal" | "parcel"
                    | "dom" | "intl" | "text" => continue,
                    "main-number" => "main",
                    other => other,
                };
                if !words.iter().any(|known| known == word) {
                    words.push(word.to_owned());
                }
            }
        }
        words.join(" ")
    }
}

fn is_preferred(entry: &VCardEntry) -> bool {
    entry.params.iter().any(|parameter| match &parameter.name {
        VCardParameterName::Pref => true,
        VCardParameterName::Type => parameter
            .value
            .as_text()
            .is_some_and(|text| text.eq_ignore_ascii_case("pref")),
        VCardParameterName::Other(name) => name.eq_ignore_ascii_case("pref"),
        _ => false,
    })
}

fn parameter(entry: &VCardEntry, name: &VCardParameterName) -> Option<String> {
    let value = entry.parameters(name).next()?;
    value.as_text().map(str::to_owned)
}

/// The values as texts, trimmed; a value of several components joined by spaces.
fn texts(entry: &VCardEntry) -> Vec<String> {
    let text = |value: &VCardValue| match value {
        VCardValue::Text(text) => text
            .replace("\r\n", "\n")
            .replace('\r', "\n")
            .trim()
            .to_owned(),
        VCardValue::Component(parts) => parts.join(", "),
        VCardValue::Integer(number) => number.to_string(),
        VCardValue::Float(number) => number.to_string(),
        VCardValue::Boolean(flag) => flag.to_string(),
        VCardValue::PartialDateTime(date) => date_text(date),
        VCardValue::Sex(sex) => sex.as_str().to_owned(),
        VCardValue::GramGender(gender) => gender.as_str().to_owned(),
        VCardValue::Kind(kind) => kind.as_str().to_owned(),
        VCardValue::Binary(_) => String::new(),
    };
    entry.values.iter().map(text).collect()
}

fn organisation(entry: &VCardEntry) -> Vec<Cell> {
    let parts = texts(entry);
    let mut parts = parts.iter().filter(|part| !part.is_empty());
    let mut cells = Vec::new();
    cells.extend(parts.next().map(|name| Cell::new("company", name.as_str())));
    let department: Vec<&str> = parts.map(String::as_str).collect();
    if !department.is_empty() {
        cells.push(Cell::new("department", department.join(", ")));
    }
    cells
}

/// `tel:+49-30-1;ext=5` as `+49-30-1 ext. 5`.
fn phone(text: &str) -> String {
    let bare = match text.get(..4) {
        Some(scheme) if scheme.eq_ignore_ascii_case("tel:") => &text[4..],
        _ => text,
    };
    match bare.split_once(";ext=") {
        Some((number, extension)) => format!("{number} ext. {extension}"),
        None => bare.to_owned(),
    }
}

fn dates(entry: &VCardEntry, name: &str, label: &str) -> Vec<Cell> {
    let unknown_year = entry
        .params
        .iter()
        .find_map(|parameter| match &parameter.name {
            VCardParameterName::Other(name) if name.eq_ignore_ascii_case("X-APPLE-OMIT-YEAR") => {
                parameter.value.as_text()?.parse::<u16>().ok()
            }
            _ => None,
        });
    let text = |value: &VCardValue| match value {
        VCardValue::PartialDateTime(date) => {
            let mut date = date.clone();
            if date.year.is_some() && date.year == unknown_year {
                date.year = None;
            }
            date_text(&date)
        }
        VCardValue::Text(text) => {
            let bare = text.trim();
            let year = unknown_year.map(|year| format!("{year:04}-"));
            match year.and_then(|year| bare.strip_prefix(&year)) {
                Some(rest) => format!("--{rest}"),
                None => bare.to_owned(),
            }
        }
        _ => String::new(),
    };
    let texts = entry.values.iter().map(text);
    texts
        .filter(|text| !text.is_empty())
        .map(|text| Cell::labelled(name, label, text))
        .collect()
}

/// ISO 8601, as far as the date is known; an offset as `+02:00`.
fn date_text(date: &PartialDateTime) -> String {
    match (date.year, date.month, date.day) {
        (Some(year), Some(month), Some(day)) => format!("{year:04}-{month:02}-{day:02}"),
        (None, Some(month), Some(day)) => format!("--{month:02}-{day:02}"),
        (Some(year), Some(month), None) => format!("{year:04}-{month:02}"),
        (Some(year), None, _) => format!("{year:04}"),
        _ => match date.tz_hour {
            Some(hour) => {
                let sign = if date.tz_minus { '-' } else { '+' };
                format!("{sign}{hour:02}:{:02}", date.tz_minute.unwrap_or(0))
            }
            None => String::new(),
        },
    }
}
