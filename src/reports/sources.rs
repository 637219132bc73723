//! Where clients come from: contacts, won deals and their value by source.

use super::sums::Sums;
use super::{Cell, Input, Report, Table};
use crate::domain::id::Id;
use crate::domain::pipeline::Outcome;
use crate::domain::record::Record;
use crate::domain::values::text::fold;
use crate::domain::{contact, deal, derived};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Contacts, won deals and won value by source.
pub(super) const REPORT: Report = Report {
    name: "sources",
    help: "Where clients come from: contacts, won deals and won value by source",
    period: "all",
    run,
};

#[derive(Default)]
struct Line {
    name: String,
    contacts: usize,
    customers: BTreeSet<Id>,
    won: usize,
    value: Sums,
}

impl Line {
    fn cells(&self, head: &str, input: &Input<'_>) -> Vec<Cell> {
        vec![
            Cell::text(head),
            Cell::count(self.contacts),
            Cell::count(self.customers.len()),
            Cell::count(self.won),
            self.value.cell(input.context.currency),
        ]
    }
}

fn run(input: &Input<'_>) -> Table {
    let mut lines: BTreeMap<String, Line> = BTreeMap::new();
    let mut total = Line::default();
    let people: BTreeMap<Id, &Record> = input
        .contacts
        .iter()
        .map(|record| (record.id, *record))
        .collect();
    for record in &input.contacts {
        let day = record
            .created
            .with_timezone(&input.context.zone)
            .date_naive();
        if input.period.contains(day) {
            line(&mut lines, record.text(contact::SOURCE)).contacts += 1;
            total.contacts += 1;
        }
    }
    for record in &input.deals {
        let is_won = derived::outcome(record, input.pipelines) == Outcome::Won;
        if !is_won
            || !input
                .period
                .contains(derived::closed_on(record, input.context.zone))
        {
            continue;
        }
        let buyer = record
            .list(deal::CONTACTS)
            .iter()
            .find_map(|id| people.get(id).copied());
        let own = Some(record.text(deal::SOURCE)).filter(|source| !source.trim().is_empty());
        let source = own
            .or(buyer.map(|buyer| buyer.text(contact::SOURCE)))
            .unwrap_or("");
        for line in [line(&mut lines, source), &mut total] {
            line.won += 1;
            line.customers.extend(buyer.map(|buyer| buyer.id));
            if let Some(value) = record.get(deal::VALUE) {
                line.value.add(*value);
            }
        }
    }
    let mut lines: Vec<Line> = lines.into_values().collect();
    lines.sort_by_key(|line| Reverse((line.won, line.contacts)));
    Table {
        title: format!("sources, {}", input.period.name),
        columns: vec!["source", "contacts", "buyers", "won deals", "won value"],
        rows: lines
            .iter()
            .map(|line| line.cells(&line.name, input))
            .collect(),
        total: Some(total.cells("total", input)),
        notes: Vec::new(),
    }
}

/// The line of a source, whatever its case; the first spelling stays.
fn line<'a>(lines: &'a mut BTreeMap<String, Line>, source: &str) -> &'a mut Line {
    let name = if source.trim().is_empty() {
        "not known"
    } else {
        source.trim()
    };
    lines.entry(fold(name)).or_insert_with(|| Line {
        name: name.to_owned(),
        ..Line::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::tests::{check, contact, deal, with};

    #[test]
    fn a_source_has_its_contacts_and_what_they_bought() {
        let (ana, ben, cem) = (contact("Referral"), contact("referral "), contact(""));
        let (ana_id, cem_id) = (ana.id, cem.id);
        let sold = |value: &str, day: &str, source: &str, buyer: Id| {
            with(deal("won", value, ""), |record| {
                record.set(deal::CLOSED, day.parse().expect("a day"));
                record.set(deal::CONTACTS, vec![buyer]);
                record.set(deal::SOURCE, source.to_owned());
            })
        };
        let records = [
            ana,
            ben,
            cem,
            sold("1,000 EUR", "2026-11-02", "", ana_id),
            sold("300 GBP", "2026-10-02", "referral", ana_id),
            sold("50 EUR", "2026-11-03", "Fair", cem_id),
            deal("lost", "9 EUR", ""),
        ];
        check(
            &REPORT,
            &records,
            "all",
            &[
                "Referral|2|1|2|1000.00 EUR; 300.00 GBP",
                "Fair|0|1|1|50.00 EUR",
                "not known|1|0|0|",
                "total|3|2|3|1050.00 EUR; 300.00 GBP",
            ],
        );
        check(
            &REPORT,
            &records,
            "this-month",
            &[
                "Referral|2|1|1|1000.00 EUR",
                "Fair|0|1|1|50.00 EUR",
                "not known|1|0|0|",
                "total|3|2|2|1050.00 EUR",
            ],
        );
    }
}
