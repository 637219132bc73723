//! Segments of the demo data: a few saved queries.

use super::Teller;
use crate::domain::record::Record;
use crate::domain::segment;

/// Names, kinds and queries.
const SEGMENTS: &[(&str, &str, &str)] = &[
    (
        "going quiet",
        "contact",
        "lifecycle:customer last-contact>45d",
    ),
    ("web leads", "contact", "lifecycle:lead source:website"),
    ("big deals", "deal", "status:open value>=10000"),
];

/// Every segment.
pub(super) fn segments(teller: &mut Teller<'_>) -> Vec<Record> {
    let mut made = Vec::new();
    for (name, of, query) in SEGMENTS {
        let since = teller.past(20, 200);
        let id = teller.ids.next_id(since);
        let mut record = Record::new(&segment::KIND, id, since);
        record.set(segment::NAME, (*name).to_owned());
        record.set(segment::OF, (*of).to_owned());
        record.set(segment::QUERY, (*query).to_owned());
        made.push(record);
    }
    made
}
