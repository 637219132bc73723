//! Segment: a saved query over records of a kind, used by its name.

use super::field::{Field, Index};
use super::kind::Kind;
use super::query::Segment;
use super::record::{Key, Record};

/// The name, by which queries use it.
pub const NAME: Key<String> = Key::new(1);
/// Records of which kind it is over.
pub const OF: Key<String> = Key::new(2);
/// The query.
pub const QUERY: Key<String> = Key::new(3);
/// Notes.
pub const NOTES: Key<String> = Key::new(4);

/// The kinds that a segment can be over.
pub const KINDS: &[&str] = &["contact", "company", "deal", "activity", "follow-up"];

/// A saved query.
pub const KIND: Kind = Kind {
    number: 7,
    name: "segment",
    plural: "segments",
    help: "A saved query, used by its name: segment:vip-north",
    example: "berlin --query 'tag:berlin'",
    title: NAME,
    fields: &[
        Field::text(NAME, "name", "The name, by which queries use it")
            .required()
            .indexed(Index::Words),
        Field::choice(
            OF,
            "of",
            "Records of which kind: contact, if it is not said",
            KINDS,
        ),
        Field::text(QUERY, "query", "The query: tag:vip last-contact>30d").required(),
        Field::long_text(NOTES, "notes", "Notes"),
    ],
    columns: &["name", "of", "query"],
    is_called: Some(Record::is_active),
    ..Kind::BLANK
};

/// The segment that a record keeps; none when it lies in the trash or its kind is unknown.
pub fn segment(record: &Record) -> Option<Segment> {
    let of = record.get(OF).map_or("contact", String::as_str);
    let kind = super::kind_by_name(of).filter(|_| record.is_active())?;
    Some(Segment {
        name: record.title().to_owned(),
        kind,
        query: record.text(QUERY).to_owned(),
    })
}
