//! Company: an account to which contacts and deals belong.

use super::field::{Field, Index};
use super::id::Id;
use super::kind::Kind;
use super::record::{Key, Record};
use super::values::contact_points::{Address, Email, Labelled, Site};
use super::values::phone::Phone;

/// The name.
pub const NAME: Key<String> = Key::new(1);
/// Web domain, from which mail of its people comes.
pub const DOMAIN: Key<String> = Key::new(2);
/// Line of business.
pub const INDUSTRY: Key<String> = Key::new(3);
/// How many people work there.
pub const SIZE: Key<i64> = Key::new(4);
/// Postal addresses.
pub const ADDRESSES: Key<Vec<Labelled<Address>>> = Key::new(5);
/// Sales territory.
pub const TERRITORY: Key<String> = Key::new(6);
/// Phone numbers.
pub const PHONES: Key<Vec<Labelled<Phone>>> = Key::new(7);
/// E-mail addresses.
pub const EMAILS: Key<Vec<Labelled<Email>>> = Key::new(8);
/// Web sites.
pub const SITES: Key<Vec<Labelled<Site>>> = Key::new(9);
/// Tags.
pub const TAGS: Key<Vec<String>> = Key::new(10);
/// How they found you.
pub const SOURCE: Key<String> = Key::new(11);
/// The company that owns it.
pub const PARENT: Key<Id> = Key::new(12);
/// Notes.
pub const NOTES: Key<String> = Key::new(13);

/// An organisation.
pub const KIND: Kind = Kind {
    number: 2,
    name: "company",
    plural: "companies",
    help: "An organisation that contacts and deals belong to",
    example: "'Wolf GmbH' --domain wolf.example",
    title: NAME,
    fields: &[
        Field::text(NAME, "name", "The name")
            .required()
            .indexed(Index::Words)
            .aka(&[
                "company",
                "company name",
                "account",
                "account name",
                "organization",
                "organization name",
            ]),
        Field::text(DOMAIN, "domain", "Web domain: acme.de")
            .indexed(Index::Exact)
            .aka(&["company domain name", "company domain"]),
        Field::text(INDUSTRY, "industry", "Line of business").aka(&["sector"]),
        Field::number(SIZE, "size", "How many people work there")
            .aka(&["employees", "number of employees"]),
        Field::text(TERRITORY, "territory", "Sales territory").aka(&[
            "office location",
            "region",
            "country region",
        ]),
        Field::emails(EMAILS, "email", "E-mail addresses")
            .indexed(Index::Exact)
            .aka(&["emails"]),
        Field::phones(PHONES, "phone", "Phone numbers in any format")
            .indexed(Index::Exact)
            .aka(&["phones", "phone number", "telephone"]),
        Field::sites(SITES, "site", "Web sites")
            .indexed(Index::Exact)
            .aka(&["website", "web site", "sites", "website url", "url"]),
        Field::addresses(
            ADDRESSES,
            "address",
            "Postal addresses: Street 1, 12345 City, Country",
        )
        .aka(&["addresses", "billing address"]),
        Field::texts(TAGS, "tag", "Tags")
            .indexed(Index::Exact)
            .aka(&["tags", "labels"]),
        Field::text(SOURCE, "source", "How they found you").aka(&["lead source"]),
        Field::link(PARENT, "parent", "The company that owns it", "company").aka(&[
            "subsidiary of",
            "parent account",
            "parent company",
        ]),
        Field::long_text(NOTES, "notes", "Notes").aka(&["note", "description", "comments"]),
    ],
    columns: &["name", "industry", "size", "territory", "domain", "tag"],
    is_called: Some(Record::is_active),
    recurring: &[
        TAGS.number(),
        SOURCE.number(),
        INDUSTRY.number(),
        TERRITORY.number(),
    ],
    ..Kind::BLANK
};
