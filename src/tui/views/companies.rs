//! Companies: the list, the selected one with its contacts and deals beside it.

use super::record_list::{Column, RecordList};
use super::{ViewDef, go};
use crate::domain::{company, contact, deal, derived, pipeline::Outcome};
use crate::tui::marks;

/// The view.
pub(crate) const VIEW: ViewDef = ViewDef {
    name: "companies",
    title: "companies",
    kind: Some(&company::KIND),
    go: go("companies", &["5"], "Go to companies"),
    actions: &[],
    follows_clock: false,
    make: || Box::new(RecordList::new(&company::KIND, COLUMNS)),
};

const COLUMNS: &[Column] = &[
    Column {
        title: "name",
        least: 16,
        grows: 3,
        text: |_, record| record.title().to_owned(),
    },
    Column {
        title: "industry",
        least: 10,
        grows: 1,
        text: |_, record| record.text(company::INDUSTRY).to_owned(),
    },
    Column {
        title: "contacts",
        least: 8,
        grows: 0,
        text: |shared, record| {
            let count = shared
                .snapshot
                .linked_from(record.id, &contact::KIND)
                .count();
            if count == 0 {
                String::new()
            } else {
                count.to_string()
            }
        },
    },
    Column {
        title: "open deals",
        least: 14,
        grows: 0,
        text: |shared, record| {
            let pipelines = shared.snapshot.pipelines();
            let deals = shared.snapshot.linked_from(record.id, &deal::KIND);
            let open = deals.filter(|deal| derived::outcome(deal, pipelines) == Outcome::Open);
            let (sum, _) = marks::sums(open, shared);
            if sum.each().is_empty() {
                String::new()
            } else {
                sum.words()
            }
        },
    },
    Column {
        title: "territory",
        least: 10,
        grows: 1,
        text: |_, record| record.text(company::TERRITORY).to_owned(),
    },
];
