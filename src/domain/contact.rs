//! Contact: a person, with everything a solo seller wants to know about them.

use super::field::{Field, Index};
use super::id::Id;
use super::kind::Kind;
use super::record::{Key, Record};
use super::values::contact_points::{Address, Email, Labelled, Site};
use super::values::dates::PartialDate;
use super::values::phone::Phone;
use super::values::{Days, Instant, Step};

/// The whole name, as one writes it.
pub const NAME: Key<String> = Key::new(1);
/// E-mail addresses, the preferred first.
pub const EMAILS: Key<Vec<Labelled<Email>>> = Key::new(2);
/// Phone numbers, the preferred first.
pub const PHONES: Key<Vec<Labelled<Phone>>> = Key::new(3);
/// Postal addresses.
pub const ADDRESSES: Key<Vec<Labelled<Address>>> = Key::new(4);
/// Web sites.
pub const SITES: Key<Vec<Labelled<Site>>> = Key::new(5);
/// Social handles and profiles.
pub const SOCIAL: Key<Vec<Labelled<Site>>> = Key::new(6);
/// The company they belong to.
pub const COMPANY: Key<Id> = Key::new(7);
/// Their role there.
pub const ROLE: Key<String> = Key::new(8);
/// How they like to be reached.
pub const CHANNEL: Key<String> = Key::new(9);
/// The language to use with them.
pub const LANGUAGE: Key<String> = Key::new(10);
/// Their time zone, by its IANA name.
pub const TIME_ZONE: Key<String> = Key::new(11);
/// How they found you.
pub const SOURCE: Key<String> = Key::new(12);
/// Tags.
pub const TAGS: Key<Vec<String>> = Key::new(13);
/// Birthday.
pub const BIRTHDAY: Key<PartialDate> = Key::new(14);
/// Other dates to remember.
pub const DATES: Key<Vec<Labelled<PartialDate>>> = Key::new(15);
/// Family, in words.
pub const FAMILY: Key<String> = Key::new(16);
/// Hobbies.
pub const HOBBIES: Key<Vec<String>> = Key::new(17);
/// Clubs, associations, chambers.
pub const MEMBERSHIPS: Key<Vec<String>> = Key::new(18);
/// Notes.
pub const NOTES: Key<String> = Key::new(19);
/// Whether they agreed to be written to.
pub const CONSENT: Key<String> = Key::new(20);
/// Since when the consent stands as it does.
pub const CONSENT_AT: Key<Instant> = Key::new(21);
/// Lead, prospect, customer or churned.
pub const LIFECYCLE: Key<String> = Key::new(22);
/// Every change of the lifecycle.
pub const LIFECYCLE_HISTORY: Key<Vec<Step>> = Key::new(23);
/// Why they left.
pub const CHURN_REASON: Key<String> = Key::new(24);
/// To whom they left.
pub const COMPETITOR: Key<String> = Key::new(25);
/// How often they should be touched.
pub const CADENCE: Key<Days> = Key::new(26);
/// When they were last touched.
pub const LAST_CONTACT: Key<Instant> = Key::new(27);
/// What they said they are interested in.
pub const INTEREST: Key<String> = Key::new(28);
/// Mail to them came back.
pub const BOUNCED: Key<bool> = Key::new(29);
/// What the program that they were imported from called the state of the lead.
pub const LEAD_STATUS: Key<String> = Key::new(30);

/// The words of a lifecycle, in their order.
pub const LIFECYCLES: &[&str] = &["lead", "prospect", "customer", "churned"];
/// Ways to reach someone.
pub const CHANNELS: &[&str] = &["call", "email", "message", "meeting", "post"];
/// States of consent.
pub const CONSENTS: &[&str] = &["opt-in", "opt-out"];

/// A person.
pub const KIND: Kind = Kind {
    number: 1,
    name: "contact",
    plural: "contacts",
    help: "A person: a lead, a prospect, a customer",
    example: "'Mia Wolf' --email mia@wolf.example --source fair",
    title: NAME,
    fields: &[
        Field::text(NAME, "name", "The whole name")
            .required()
            .indexed(Index::Words)
            .aka(&[
                "full name",
                "fn",
                "display name",
                "contact name",
                "person name",
            ]),
        Field::emails(EMAILS, "email", "E-mail addresses, the preferred first")
            .indexed(Index::Exact)
            .aka(&[
                "emails",
                "e mail",
                "e mail address",
                "email address",
                "mail",
                "primary email",
            ]),
        Field::phones(PHONES, "phone", "Phone numbers in any format")
            .indexed(Index::Exact)
            .aka(&[
                "phones",
                "telephone",
                "phone number",
                "tel",
                "mobile",
                "mobile phone",
                "work phone",
                "home phone",
            ]),
        Field::link(COMPANY, "company", "The company they belong to", "company").aka(&[
            "organization",
            "organisation",
            "organization name",
            "account",
            "account name",
            "company name",
            "employer",
        ]),
        Field::text(ROLE, "role", "Their role there").aka(&[
            "title",
            "job title",
            "position",
            "organization title",
        ]),
        Field::texts(TAGS, "tag", "Tags")
            .indexed(Index::Exact)
            .aka(&["tags", "labels", "categories"]),
        Field::choice(
            LIFECYCLE,
            "lifecycle",
            "Lead, prospect, customer or churned",
            LIFECYCLES,
        )
        .indexed(Index::Exact)
        .aka(&["lifecycle stage", "stage"]),
        Field::text(SOURCE, "source", "How they found you").aka(&["lead source", "origin"]),
        Field::text(
            INTEREST,
            "interest",
            "What they said they are interested in",
        ),
        Field::days(
            CADENCE,
            "cadence",
            "How often to touch them, in days: 30, 2 weeks",
        ),
        Field::choice(CHANNEL, "channel", "How they like to be reached", CHANNELS)
            .aka(&["preferred channel", "preferred contact method"]),
        Field::addresses(
            ADDRESSES,
            "address",
            "Postal addresses: Street 1, 12345 City, Country",
        )
        .aka(&["addresses", "postal address", "mailing address"]),
        Field::sites(SITES, "site", "Web sites")
            .indexed(Index::Exact)
            .aka(&[
                "website", "web site", "sites", "url", "web page", "homepage",
            ]),
        Field::sites(SOCIAL, "social", "Social handles and profiles")
            .indexed(Index::Exact)
            .aka(&["linkedin", "twitter", "profile url", "linkedin url"]),
        Field::text(LANGUAGE, "language", "The language to use with them")
            .aka(&["preferred language"]),
        Field::text(TIME_ZONE, "time-zone", "Their time zone: Europe/Berlin").aka(&["timezone"]),
        Field::partial_date(BIRTHDAY, "birthday", "Birthday: 1980-05-17, or --05-17").aka(&[
            "birth date",
            "date of birth",
            "bday",
        ]),
        Field::dates(
            DATES,
            "date",
            "Other dates to remember: anniversary:2010-06-01",
        ),
        Field::text(FAMILY, "family", "Family, in words"),
        Field::texts(HOBBIES, "hobby", "Hobbies").aka(&["hobbies", "hobbies and interests"]),
        Field::texts(MEMBERSHIPS, "membership", "Clubs and associations").aka(&["memberships"]),
        Field::choice(
            CONSENT,
            "consent",
            "Whether they agreed to be written to",
            CONSENTS,
        ),
        Field::flag(BOUNCED, "bounced", "Mail to them came back"),
        Field::text(CHURN_REASON, "churn-reason", "Why they left"),
        Field::text(COMPETITOR, "competitor", "To whom they left"),
        Field::text(
            LEAD_STATUS,
            "lead-status",
            "The lead's state in the program it came from",
        ),
        Field::long_text(NOTES, "notes", "Notes").aka(&[
            "note",
            "description",
            "comment",
            "comments",
        ]),
        Field::instant(CONSENT_AT, "consent-at", "Since when the consent stands").read_only(),
        Field::instant(LAST_CONTACT, "last-contact", "When they were last touched").read_only(),
        Field::steps(
            LIFECYCLE_HISTORY,
            "lifecycle-history",
            "Changes of the lifecycle",
        )
        .read_only(),
    ],
    columns: &[
        "name",
        "company",
        "role",
        "lifecycle",
        "email",
        "phone",
        "last-contact",
    ],
    is_called: Some(Record::is_active),
    recurring: &[TAGS.number(), SOURCE.number()],
    ..Kind::BLANK
};
