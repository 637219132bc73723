//! Follow-up: something to do, due on a day or at a time.

use super::field::{Field, Index};
use super::id::Id;
use super::kind::Kind;
use super::record::{Key, Record};
use super::values::dates::Due;
use super::values::repeat::Repeat;
use super::values::{Instant, Value};

/// What to do.
pub const TEXT: Key<String> = Key::new(1);
/// When it is due.
pub const DUE: Key<Due> = Key::new(2);
/// The rule by which it comes again.
pub const REPEAT: Key<Repeat> = Key::new(3);
/// Low, normal or high; normal when not set.
pub const PRIORITY: Key<String> = Key::new(4);
/// When it was done; not set while it is open.
pub const DONE: Key<Instant> = Key::new(5);
/// When it was first due, if it was snoozed since.
pub const FIRST_DUE: Key<Due> = Key::new(6);
/// How often it was snoozed.
pub const SNOOZED: Key<i64> = Key::new(7);
/// With whom.
pub const CONTACTS: Key<Vec<Id>> = Key::new(8);
/// With which company.
pub const COMPANY: Key<Id> = Key::new(9);
/// About which deal.
pub const DEAL: Key<Id> = Key::new(10);
/// The activity that did it.
pub const DONE_BY: Key<Id> = Key::new(11);
/// Notes.
pub const NOTES: Key<String> = Key::new(12);

/// Priorities, the least first.
pub const PRIORITIES: &[&str] = &["low", "normal", "high"];

/// Something to do.
pub const KIND: Kind = Kind {
    number: 5,
    name: "follow-up",
    plural: "follow-ups",
    help: "Something to do, due on a day or at a time",
    example: "'send the offer' --due fri --contact ana",
    title: TEXT,
    fields: &[
        Field::text(TEXT, "text", "What to do")
            .required()
            .indexed(Index::Words)
            .aka(&["subject", "title", "task", "name"]),
        Field::due(DUE, "due", "When: fri 9am, +3d, 2026-12-01")
            .indexed(Index::Time)
            .aka(&["due date", "deadline"]),
        Field::repeat(
            REPEAT,
            "every",
            "Comes again: 2 weeks, month, 1st monday, or an RRULE",
        ),
        Field::choice(PRIORITY, "priority", "low, normal or high", PRIORITIES),
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
        Field::long_text(NOTES, "notes", "Notes").aka(&["note", "description"]),
        Field::instant(DONE, "done", "When it was done").read_only(),
        Field::due(FIRST_DUE, "first-due", "When it was first due").read_only(),
        Field::number(SNOOZED, "snoozed", "How often it was snoozed").read_only(),
        Field::link(DONE_BY, "done-by", "The activity that did it", "activity").read_only(),
    ],
    columns: &["due", "text", "contact", "priority", "every"],
    time: Some(DUE.number()),
    is_live: is_open,
    is_called: Some(is_open),
    ..Kind::BLANK
};

fn is_open(record: &Record) -> bool {
    record.is_active() && !matches!(record.value(DONE.number()), Some(Value::Instant(_)))
}
