//! Deal: an opportunity that moves through the stages of a pipeline.

use super::field::{Field, Index};
use super::id::Id;
use super::kind::Kind;
use super::record::{Key, Record};
use super::values::dates::Due;
use super::values::money::Money;
use super::values::{Percent, Step};
use chrono::NaiveDate;

/// What is being sold.
pub const TITLE: Key<String> = Key::new(1);
/// The people it is sold to.
pub const CONTACTS: Key<Vec<Id>> = Key::new(2);
/// The company it is sold to.
pub const COMPANY: Key<Id> = Key::new(3);
/// The pipeline it moves through; the default one when not set.
pub const PIPELINE: Key<String> = Key::new(4);
/// The stage it stands in.
pub const STAGE: Key<String> = Key::new(5);
/// What it brings.
pub const VALUE: Key<Money> = Key::new(6);
/// The chance of winning, where the user knows better than the stage.
pub const PROBABILITY: Key<Percent> = Key::new(7);
/// When it is expected to close.
pub const EXPECTED_CLOSE: Key<NaiveDate> = Key::new(8);
/// What is sold, by product names.
pub const PRODUCTS: Key<Vec<String>> = Key::new(9);
/// What comes next, in words.
pub const NEXT_STEP: Key<String> = Key::new(10);
/// Where it came from.
pub const SOURCE: Key<String> = Key::new(11);
/// Why it was won or lost.
pub const REASON: Key<String> = Key::new(12);
/// Who else was in it, or who got it.
pub const COMPETITOR: Key<String> = Key::new(13);
/// When it was won or lost.
pub const CLOSED: Key<NaiveDate> = Key::new(14);
/// Every move between stages.
pub const STAGE_HISTORY: Key<Vec<Step>> = Key::new(15);
/// Tags.
pub const TAGS: Key<Vec<String>> = Key::new(16);
/// Notes.
pub const NOTES: Key<String> = Key::new(17);
/// Its place in its lane, where the user moved it by hand; smaller is higher.
pub const RANK: Key<i64> = Key::new(18);
/// When someone last worked on it: an activity or a move.
pub const LAST_ACTIVITY: Key<super::values::Instant> = Key::new(19);
/// When the next step is due; follows from open follow-ups when those exist.
pub const NEXT_STEP_DUE: Key<Due> = Key::new(20);

/// An opportunity.
pub const KIND: Kind = Kind {
    number: 3,
    name: "deal",
    plural: "deals",
    help: "An opportunity in a pipeline",
    example: "'New shop' --value 4200 --contact ana",
    title: TITLE,
    fields: &[
        Field::text(TITLE, "title", "What is being sold")
            .required()
            .indexed(Index::Words)
            .aka(&[
                "deal",
                "deal name",
                "deal title",
                "name",
                "opportunity",
                "opportunity name",
                "potential name",
            ]),
        Field::money(VALUE, "value", "What it brings: 1200, €1200, 1200 USD").aka(&[
            "amount",
            "close value",
            "deal value",
            "revenue",
        ]),
        Field::stage(STAGE, "stage", "The stage it stands in")
            .indexed(Index::Exact)
            .aka(&["deal stage", "status"]),
        Field::pipeline(PIPELINE, "pipeline", "The pipeline it moves through"),
        Field::links(CONTACTS, "contact", "The people it is sold to", "contact").aka(&[
            "contacts",
            "contact name",
            "person",
            "contact person",
            "associated contact",
        ]),
        Field::link(COMPANY, "company", "The company it is sold to", "company").aka(&[
            "account",
            "account name",
            "organization",
            "company name",
            "associated company",
        ]),
        Field::date(
            EXPECTED_CLOSE,
            "expected-close",
            "When it is expected to close",
        )
        .aka(&["expected close date", "close date", "closing date"]),
        Field::percent(
            PROBABILITY,
            "probability",
            "The chance of winning, if not the stage's",
        ),
        Field::text(NEXT_STEP, "next-step", "What comes next"),
        Field::due(NEXT_STEP_DUE, "next-step-due", "When the next step is due"),
        Field::texts(PRODUCTS, "product", "What is sold").aka(&["products"]),
        Field::text(SOURCE, "source", "Where it came from").aka(&["lead source"]),
        Field::text(REASON, "reason", "Why it was won or lost").aka(&["lost reason", "won reason"]),
        Field::text(COMPETITOR, "competitor", "Who else was in it"),
        Field::texts(TAGS, "tag", "Tags")
            .indexed(Index::Exact)
            .aka(&["tags", "labels"]),
        Field::long_text(NOTES, "notes", "Notes").aka(&["note", "description"]),
        Field::date(CLOSED, "closed", "When it was won or lost").read_only(),
        Field::number(RANK, "rank", "Its place in its lane").read_only(),
        Field::instant(
            LAST_ACTIVITY,
            "last-activity",
            "When someone last worked on it",
        )
        .read_only(),
        Field::steps(STAGE_HISTORY, "stage-history", "Moves between stages").read_only(),
    ],
    columns: &[
        "title",
        "company",
        "value",
        "stage",
        "expected-close",
        "next-step",
    ],
    is_called: Some(Record::is_active),
    recurring: &[
        TAGS.number(),
        SOURCE.number(),
        PRODUCTS.number(),
        COMPETITOR.number(),
    ],
    ..Kind::BLANK
};
