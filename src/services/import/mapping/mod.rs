//! Headers of other programs to what they mean for a kind of record.

mod points;

use super::modules::{self, Module};
use crate::domain::custom::{CustomField, CustomFields};
use crate::domain::field::{Field, Filled, Shape};
use crate::domain::kind::Kind;
use crate::domain::values::text::fold;
use crate::domain::{contact, deal, follow_up};

/// What a column holds.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Role {
    /// A field, with the label that the header gives its values, and the group of columns in
    /// which a label of its own may stand.
    Field {
        field: u16,
        label: String,
        group: String,
    },
    /// A part of a name, in the order of writing: title, first, middle, last, suffix.
    NamePart(usize),
    /// A part of an address of the group, under the label.
    Address {
        part: Part,
        label: String,
        group: String,
    },
    /// The label of the other columns of the group.
    Label { group: String },
    /// The user's own field: its value, under the name that stands in the group's label.
    Named { group: String },
    /// An id by which the other program knows the row.
    OwnId { source: String },
    /// The id of a linked record.
    LinkId {
        field: u16,
        source: String,
        kind: &'static Kind,
    },
    /// The e-mail address of a linked person.
    LinkEmail { field: u16 },
    /// When the other program made the record.
    Created,
    /// When it last changed it.
    Modified,
    /// Whether a follow-up is done, in words.
    Done,
    /// Whether a lead was converted.
    Converted,
    /// When selling began.
    Started,
    /// When it was won or lost.
    Closed,
    /// Year, month or day of a birthday.
    Birth(usize),
    /// A field of the user's own that the settings declare.
    Declared(&'static CustomField),
    /// Another field of the user's own, under a name that the user gave.
    As(String),
    /// Something we have no field for.
    Custom,
}

/// The source of ids whose column says no more than `Id`, in a file whose name says nothing.
pub(super) const GENERIC_ID: &str = "recordid";

/// A part of a postal address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// All of it in one line.
    Whole,
    Street,
    /// More of the street: a floor, a box.
    Extra,
    City,
    Region,
    Postcode,
    Country,
}

/// What a header means for a kind: a field that the settings declare by that name, which is what
/// the user says, before all that programs say. `module` is the one that the file's name names.
pub(super) fn role(
    kind: &'static Kind,
    header: &str,
    own: CustomFields,
    module: Option<&Module>,
) -> Role {
    match own.named(kind, header) {
        Some(declared) => Role::Declared(declared),
        None => known_role(kind, header, module),
    }
}

fn known_role(kind: &'static Kind, header: &str, module: Option<&Module>) -> Role {
    let mut words = tokens(header);
    // Pipedrive puts the module before each header: `Person - Name`.
    let own_prefix = header.contains(" - ")
        && words.len() > 1
        && modules::by_word(&words[0]).is_some_and(|module| module.kind == kind);
    if own_prefix && words.get(1).is_none_or(|word| word != "id") {
        words.remove(0);
    }
    // And of a record that the row names beside its own: `Organization - Name`.
    if header.contains(" - ")
        && let [module, name] = &words[..]
        && name == "name"
        && let Some(field) = modules::by_word(module).and_then(|module| link_to(kind, module.kind))
    {
        return plain(field);
    }
    let joined = words.join(" ");
    id(kind, &words, module)
        .or_else(|| own_word(kind, &joined))
        .or_else(|| points::group_label(&words))
        .or_else(|| points::point(kind, &words))
        .or_else(|| field(kind, header, &words))
        .or_else(|| points::address(kind, &words))
        .unwrap_or(Role::Custom)
}

/// The words of a header: split at signs, between letters and digits, and at humps.
pub(super) fn tokens(header: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut before = ' ';
    for character in header.chars() {
        let hump = before.is_lowercase() && character.is_uppercase();
        let digit = before.is_alphabetic() && character.is_ascii_digit();
        if (hump || digit || !character.is_alphanumeric()) && !word.is_empty() {
            words.push(fold(&std::mem::take(&mut word)));
        }
        if character.is_alphanumeric() {
            word.push(character);
        }
        before = character;
    }
    if !word.is_empty() {
        words.push(fold(&word));
    }
    // `e-mail` is one word.
    while let Some(place) = words
        .windows(2)
        .position(|pair| pair[0] == "e" && pair[1] == "mail")
    {
        words.splice(place..place + 2, ["email".to_owned()]);
    }
    words
}

/// Id columns: the row's own, or one that links.
fn id(kind: &'static Kind, words: &[String], file: Option<&Module>) -> Option<Role> {
    let own = |source: String| Some(Role::OwnId { source });
    let compact = words.concat();
    if matches!(compact.as_str(), "vcarduid" | "uid") {
        return own("vcard-uid".to_owned());
    }
    let stem = compact.strip_suffix("ids").or(compact.strip_suffix("id"))?;
    let stem = stem.strip_prefix("associated").unwrap_or(stem);
    if matches!(stem, "" | "record" | "external") {
        let named = file.filter(|module| modules::is_own(kind, module));
        let source = named.map(|module| format!("{}id", module.word));
        return own(source.unwrap_or_else(|| GENERIC_ID.to_owned()));
    }
    let (stem, parent) = match stem.strip_prefix("parent") {
        Some("") => (kind.name, true),
        Some(rest) => (rest, true),
        None => (stem, false),
    };
    let module = modules::by_word(stem)?;
    if !parent && modules::is_own(kind, module) {
        return own(format!("{}id", module.word));
    }
    let field = link_to(kind, module.kind).filter(|_| parent || module.kind != kind)?;
    let source = format!("{}id", module.word);
    Some(Role::LinkId {
        field,
        source,
        kind: module.kind,
    })
}

/// The field of a kind that links to another.
fn link_to(kind: &Kind, linked: &Kind) -> Option<u16> {
    let links = |field: &&Field| match field.shape {
        Shape::Link(name) | Shape::Links(name) => name == linked.name,
        _ => false,
    };
    let mut fields = kind.fields.iter().filter(|field| is_taken(field));
    fields.find(links).map(|field| field.number)
}

/// Headers that mean the same for every program but are no fields.
fn own_word(kind: &Kind, joined: &str) -> Option<Role> {
    let is = |name: &str| kind.name == name;
    Some(match joined {
        "created" | "created time" | "created at" | "created on" | "created date"
        | "create date" | "date created" | "add time" | "first seen" | "connected on"
        | "creation time" => Role::Created,
        "modified" | "modified time" | "last modified" | "modified date" | "updated"
        | "updated at" | "update time"
            if is("follow-up") =>
        {
            Role::Modified
        }
        "status" | "task status" | "completed" | "done" | "is closed" if is("follow-up") => {
            Role::Done
        }
        "converted" | "is converted" if is("contact") => Role::Converted,
        "status" | "lead state" if is("contact") => plain(contact::LEAD_STATUS.number()),
        "occupation" if is("contact") => plain(contact::ROLE.number()),
        "group membership" if is("contact") => plain(contact::TAGS.number()),
        "engage date" | "engaged" | "start date" | "opened" | "open date" if is("deal") => {
            Role::Started
        }
        "closed" | "closed date" | "closed on" | "won time" | "lost time" if is("deal") => {
            Role::Closed
        }
        "opportunity stage" | "sales stage" | "pipeline stage" if is("deal") => {
            plain(deal::STAGE.number())
        }
        "estimated value" | "deal amount" | "opportunity amount" if is("deal") => {
            plain(deal::VALUE.number())
        }
        "activity due date" if is("follow-up") => plain(follow_up::DUE.number()),
        "birth year" if is("contact") => Role::Birth(0),
        "birth month" if is("contact") => Role::Birth(1),
        "birth day" if is("contact") => Role::Birth(2),
        "name prefix" | "salutation" | "prefix" if is("contact") => Role::NamePart(0),
        "first name" | "given name" | "firstname" | "vorname" if is("contact") => Role::NamePart(1),
        "middle name" | "additional name" if is("contact") => Role::NamePart(2),
        "last name" | "family name" | "surname" | "lastname" | "nachname" if is("contact") => {
            Role::NamePart(3)
        }
        "name suffix" | "suffix" if is("contact") => Role::NamePart(4),
        "fullname" if is("contact") => plain(contact::NAME.number()),
        _ => {
            let email = joined.strip_suffix(" email")?;
            let email = email.strip_prefix("associated ").unwrap_or(email);
            let person = modules::by_word(email).filter(|module| module.kind == &contact::KIND)?;
            let links = kind.fields.iter().find(|field| {
                field.shape == Shape::Links(person.kind.name)
                    || field.shape == Shape::Link(person.kind.name)
            })?;
            Role::LinkEmail {
                field: links.number,
            }
        }
    })
}

fn plain(field: u16) -> Role {
    Role::Field {
        field,
        label: String::new(),
        group: String::new(),
    }
}

/// A field by its name or an alias, also without the numbers of `Organization 1 - Name`.
fn field(kind: &'static Kind, header: &str, words: &[String]) -> Option<Role> {
    let unnumbered: Vec<&str> = words
        .iter()
        .map(String::as_str)
        .filter(|word| !word.bytes().all(|byte| byte.is_ascii_digit()))
        .collect();
    let found = kind
        .field_for_header(header.trim_end_matches(['*', ' ']))
        .or_else(|| kind.field_for_header(&words.join(" ")))
        .or_else(|| kind.field_for_header(&unnumbered.join(" ")))?;
    if found.shape == Shape::Addresses {
        let group = "whole".to_owned();
        return Some(Role::Address {
            part: Part::Whole,
            label: String::new(),
            group,
        });
    }
    is_taken(found).then(|| plain(found.number))
}

/// Whether a file may fill in a field: the user's own, and when a follow-up was done.
fn is_taken(field: &Field) -> bool {
    field.filled == Filled::ByUser
}

/// How well headers fit a kind, to guess it: the number of fields that they fill, with the
/// fields that only this kind has counting double.
pub(super) fn guess_kind<'a>(headers: impl Iterator<Item = &'a str>) -> Option<&'static Kind> {
    let all: Vec<String> = headers.map(|header| tokens(header).join(" ")).collect();
    let has = |names: &[&str]| all.iter().any(|header| names.contains(&header.as_str()));
    let ends = |ending: &str| all.iter().any(|header| header.contains(ending));
    let by_name = crate::domain::kind_by_name;
    if ends("deal stage")
        || has(&[
            "deal name",
            "potential name",
            "opportunity name",
            "opportunity stage",
            "deal title",
            "expected close",
        ])
    {
        return by_name("deal");
    }
    if has(&["due", "due date"]) && has(&["subject", "text", "task"]) {
        return by_name("follow-up");
    }
    if has(&[
        "call start time",
        "call type",
        "start datetime",
        "activity type",
        "activity date",
    ]) {
        return by_name("activity");
    }
    let person = [
        "first name",
        "last name",
        "full name",
        "given name",
        "family name",
        "display name",
        "lifecycle",
        "job title",
        "position",
        "role",
        "birthday",
    ];
    if has(&person) {
        return by_name("contact");
    }
    let company = [
        "account name",
        "company name",
        "industry",
        "sector",
        "employees",
        "domain",
        "size",
        "subsidiary of",
    ];
    if has(&company) {
        return by_name("company");
    }
    (has(&["name"]) && (ends("email") || ends("phone")) || ends("email"))
        .then(|| by_name("contact"))?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::kind_by_name;

    fn shown(kind: &'static Kind, role: &Role) -> String {
        let name = |number: &u16| {
            kind.field_by_number(*number)
                .map_or("?", |field| field.name)
        };
        match role {
            Role::Field {
                field,
                label,
                group,
            } => format!("{} {label} {group}", name(field))
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" "),
            Role::Address { part, group, .. } => format!("{part:?} of {group}"),
            Role::LinkId { field, source, .. } => format!("{} by {source}", name(field)),
            Role::LinkEmail { field } => format!("{} by e-mail", name(field)),
            Role::OwnId { source } => format!("own {source}"),
            Role::Label { group } => format!("label of {group}"),
            other => format!("{other:?}"),
        }
    }

    fn check(kind: &str, file: &str, rows: &[(&str, &str)]) {
        let kind = kind_by_name(kind).expect(kind);
        let module = modules::of_file(file);
        for (header, expect) in rows {
            assert_eq!(
                shown(kind, &role(kind, header, CustomFields::default(), module)),
                *expect,
                "{header}"
            );
        }
    }

    #[test]
    fn headers_of_address_books_are_understood() {
        check(
            "contact",
            "contacts.csv",
            &[
                ("Name", "name"),
                ("FullName", "name"),
                ("First Name", "NamePart(1)"),
                ("last_name", "NamePart(3)"),
                ("E-mail 1 - Value", "email email 1"),
                ("E-mail 1 - Label", "label of email 1"),
                ("E-mail 2 Address", "email email 2"),
                ("email_work", "email work"),
                ("Primary Email", "email"),
                ("Person - Email - Work", "email work"),
                ("Person - Email (Home)", "email home"),
                ("Phone 1 - Type", "label of phone 1"),
                ("Business Phone 2", "phone work business phone 2"),
                ("Home Fax", "phone home fax"),
                ("Mobile", "phone mobile"),
                ("Mobile Number", "phone mobile"),
                ("Web Page 1", "site web page 1"),
                ("linkedin_url", "social linkedin"),
                ("URL", "site"),
                ("Organization Name", "company"),
                ("Organization 1 - Name", "company"),
                ("Organization 1 - Title", "role"),
                ("Person - Organization", "company"),
                ("Address 1 - Street", "Street of address 1"),
                ("Address 1 - Postal Code", "Postcode of address 1"),
                ("Home Address", "Whole of home"),
                ("Home Address 2", "Extra of home"),
                ("Work ZipCode", "Postcode of work"),
                ("Business Country/Region", "Country of work"),
                ("Address", "Whole of whole"),
                ("City", "City of "),
                ("Birth Year", "Birth(0)"),
                ("Event 1 - Value", "date event 1"),
                (
                    "Custom Field 1 - Value",
                    "Named { group: \"custom field 1\" }",
                ),
                ("Connected On", "Created"),
                ("Nickname", "Custom"),
                ("Contact Owner", "Custom"),
            ],
        );
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table")]
    fn id_columns_are_the_rows_own_or_link() {
        check(
            "contact",
            "zoho__Leads.csv",
            &[
                ("LEADID", "own leadid"),
                ("Id", "own leadid"),
                ("CONTACTID", "own contactid"),
                ("Account Id", "company by accountid"),
                ("Associated Company IDs", "company by companyid"),
                ("Contact Owner Id", "Custom"),
                ("Person - ID", "own personid"),
                ("UID", "own vcard-uid"),
                ("Lead Status", "lead-status"),
            ],
        );
        check(
            "company",
            "zoho__Accounts.csv",
            &[
                ("ACCOUNTID", "own accountid"),
                ("Record ID", "own accountid"),
                ("Parent Account Id", "parent by accountid"),
                ("subsidiary_of", "parent"),
                ("account", "name"),
                ("office_location", "territory"),
                ("sector", "industry"),
            ],
        );
        check(
            "deal",
            "maven__sales_pipeline.csv",
            &[
                ("opportunity_id", "own opportunityid"),
                ("LEADID", "contact by leadid"),
                ("account", "company"),
                ("close_value", "value"),
                ("close_date", "expected-close"),
                ("engage_date", "Started"),
                ("deal_stage", "stage"),
                ("Associated Contact", "contact"),
                ("Associated Contact Email", "contact by e-mail"),
                ("Campaign Id", "Custom"),
                ("Person - Name*", "contact"),
                ("Organization - Name*", "company"),
                ("Deal - Title", "title"),
            ],
        );
        check(
            "activity",
            "zoho__Calls.csv",
            &[
                ("TASKID", "own taskid"),
                ("CONTACTID", "contact by contactid"),
                ("LEADID", "contact by leadid"),
                ("ACCOUNTID", "company by accountid"),
                ("POTENTIALID", "deal by potentialid"),
                ("Who Id Id", "Custom"),
                ("Call Start Time", "at"),
                ("Call Duration (in minutes)", "duration"),
                ("Call Type", "direction"),
                ("Subject", "text"),
            ],
        );
        check(
            "follow-up",
            "Tasks.csv",
            &[
                ("Status", "Done"),
                ("Modified Time", "Modified"),
                ("Due Date", "due"),
            ],
        );
    }
}
