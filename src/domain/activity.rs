//! Activity: something that happened with someone.

use super::field::{Field, Index};
use super::id::Id;
use super::kind::Kind;
use super::record::Key;
use super::values::Minutes;
use super::values::dates::Moment;

/// The text, or the subject of a mail or meeting.
pub const TEXT: Key<String> = Key::new(1);
/// Call, e-mail, meeting, message, visit or note.
pub const TYPE: Key<String> = Key::new(2);
/// When.
pub const AT: Key<Moment> = Key::new(3);
/// How long.
pub const DURATION: Key<Minutes> = Key::new(4);
/// Towards you or from you.
pub const DIRECTION: Key<String> = Key::new(5);
/// How it ended: answered, no-answer, interested, …
pub const OUTCOME: Key<String> = Key::new(6);
/// With whom.
pub const CONTACTS: Key<Vec<Id>> = Key::new(7);
/// With which company.
pub const COMPANY: Key<Id> = Key::new(8);
/// About which deal.
pub const DEAL: Key<Id> = Key::new(9);
/// More than fits a line: a body, minutes of a meeting.
pub const NOTES: Key<String> = Key::new(10);

/// What can happen.
pub const TYPES: &[&str] = &["call", "email", "meeting", "message", "visit", "note"];
/// From whom it came.
pub const DIRECTIONS: &[&str] = &["in", "out"];

/// Something that happened.
pub const KIND: Kind = Kind {
    number: 4,
    name: "activity",
    plural: "activities",
    help: "Something that happened: a call, a mail, a meeting, a note",
    example: "'demo of the shop' --type meeting --contact ana",
    title: TEXT,
    fields: &[
        Field::text(TEXT, "text", "What was said or done")
            .required()
            .indexed(Index::Words)
            .aka(&["subject", "title", "summary"]),
        Field::choice(TYPE, "type", "What it was", TYPES)
            .indexed(Index::Exact)
            .aka(&["activity type"]),
        Field::moment(AT, "at", "When").indexed(Index::Time).aka(&[
            "date",
            "call start time",
            "start datetime",
            "activity date",
        ]),
        Field::minutes(DURATION, "duration", "How long: 12m, 1h 30m")
            .aka(&["call duration (in minutes)", "duration (minutes)"]),
        Field::choice(
            DIRECTION,
            "direction",
            "in: they reached you; out: you reached them",
            DIRECTIONS,
        )
        .aka(&["call type"]),
        Field::text(
            OUTCOME,
            "outcome",
            "How it ended: answered, no-answer, interested",
        )
        .aka(&["result", "call result"]),
        Field::links(CONTACTS, "contact", "With whom", "contact").aka(&[
            "contacts",
            "contact name",
            "person",
        ]),
        Field::link(COMPANY, "company", "With which company", "company").aka(&[
            "account",
            "account name",
            "organization",
        ]),
        Field::link(DEAL, "deal", "About which deal", "deal").aka(&["opportunity", "potential"]),
        Field::long_text(NOTES, "notes", "More than fits a line").aka(&[
            "note",
            "description",
            "body",
        ]),
    ],
    columns: &["at", "type", "contact", "text", "outcome"],
    time: Some(AT.number()),
    ..Kind::BLANK
};
