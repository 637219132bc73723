//! Contacts: the list, the selected person beside it, what happened with them below.

use super::record_list::{Column, RecordList};
use super::{ViewDef, go};
use crate::domain::contact;
use crate::domain::record::Record;
use crate::domain::show::distance_words;
use crate::tui::model::Shared;

/// The view.
pub(crate) const VIEW: ViewDef = ViewDef {
    name: "contacts",
    title: "contacts",
    kind: Some(&contact::KIND),
    go: go("contacts", &["1"], "Go to contacts"),
    actions: &[],
    follows_clock: false,
    make: || Box::new(RecordList::new(&contact::KIND, COLUMNS)),
};

const COLUMNS: &[Column] = &[
    Column {
        title: "name",
        least: 20,
        grows: 3,
        text: |_, record| record.title().to_owned(),
    },
    Column {
        title: "company",
        least: 12,
        grows: 2,
        text: |shared, record| shared.words(record, "company"),
    },
    Column {
        title: "lifecycle",
        least: 9,
        grows: 0,
        text: |_, record| record.text(contact::LIFECYCLE).to_owned(),
    },
    Column {
        title: "last contact",
        least: 12,
        grows: 0,
        text: last_contact,
    },
    Column {
        title: "role",
        least: 12,
        grows: 1,
        text: |_, record| record.text(contact::ROLE).to_owned(),
    },
];

fn last_contact(shared: &Shared, record: &Record) -> String {
    record.get(contact::LAST_CONTACT).map_or_else(
        || "never".to_owned(),
        |instant| {
            let day = instant.0.with_timezone(&shared.context.zone).date_naive();
            distance_words(day, &shared.context)
        },
    )
}
