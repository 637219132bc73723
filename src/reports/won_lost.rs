//! How deals ended: won and lost, with value, share, time to close, reasons and competitors.

use super::sums::Sums;
use super::{Cell, Input, Report, Table};
use crate::domain::pipeline::Outcome;
use crate::domain::record::Record;
use crate::domain::values::text::fold;
use crate::domain::{deal, derived};
use chrono_tz::Tz;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Won and lost deals with their reasons.
pub(super) const REPORT: Report = Report {
    name: "won-lost",
    help: "Won and lost deals: win rate, value, days to close, reasons",
    period: "this-year",
    run,
};

/// How many competitors are named.
const MOST_COMPETITORS: usize = 3;

fn run(input: &Input<'_>) -> Table {
    let of = |outcome| -> Vec<&Record> {
        let deals = input.deals.iter().copied();
        deals
            .filter(|deal| derived::outcome(deal, input.pipelines) == outcome)
            .filter(|deal| {
                input
                    .period
                    .contains(derived::closed_on(deal, input.context.zone))
            })
            .collect()
    };
    let (won, lost) = (of(Outcome::Won), of(Outcome::Lost));
    let all = won.len() + lost.len();
    let mut rows = Vec::new();
    for (name, deals) in [("won", &won), ("lost", &lost)] {
        rows.push(cells(name, "", deals, all, input));
        for (reason, deals) in groups(deals, |deal| deal.text(deal::REASON)) {
            let reason = if reason.is_empty() {
                "no reason given"
            } else {
                &reason
            };
            rows.push(cells(name, reason, &deals, all, input));
        }
    }
    Table {
        title: format!("won and lost, {}", input.period.name),
        columns: vec![
            "outcome",
            "reason",
            "deals",
            "share",
            "value",
            "days to close",
        ],
        rows,
        total: None,
        notes: notes(&won, &lost),
    }
}

fn cells(name: &str, reason: &str, deals: &[&Record], all: usize, input: &Input<'_>) -> Vec<Cell> {
    let mut value = Sums::default();
    for amount in deals.iter().filter_map(|deal| deal.get(deal::VALUE)) {
        value.add(*amount);
    }
    vec![
        Cell::text(name),
        Cell::text(reason),
        Cell::count(deals.len()),
        Cell::share(deals.len(), all),
        value.cell(input.context.currency),
        average_days(deals, input.context.zone),
    ]
}

fn notes(won: &[&Record], lost: &[&Record]) -> Vec<String> {
    let all = won.len() + lost.len();
    let mut notes = Vec::new();
    if let Cell::Percent(rate) = Cell::share(won.len(), all) {
        notes.push(format!(
            "win rate {}%: {} of {all} closed deals",
            rate.get(),
            won.len()
        ));
    }
    let rivals: Vec<String> = groups(lost, |deal| deal.text(deal::COMPETITOR))
        .into_iter()
        .filter(|(name, _)| !name.is_empty())
        .take(MOST_COMPETITORS)
        .map(|(name, deals)| format!("{name} ({})", deals.len()))
        .collect();
    if !rivals.is_empty() {
        notes.push(format!("lost to {}", rivals.join(", ")));
    }
    notes
}

/// Deals by a text, whatever its case, the most frequent first; the first spelling stays.
fn groups<'a>(
    deals: &[&'a Record],
    text: impl Fn(&'a Record) -> &'a str,
) -> Vec<(String, Vec<&'a Record>)> {
    let mut groups: BTreeMap<String, (String, Vec<&'a Record>)> = BTreeMap::new();
    for &deal in deals {
        let name = text(deal).trim();
        let group = groups
            .entry(fold(name))
            .or_insert_with(|| (name.to_owned(), Vec::new()));
        group.1.push(deal);
    }
    let mut groups: Vec<_> = groups.into_values().collect();
    groups.sort_by_key(|(_, deals)| Reverse(deals.len()));
    groups
}

/// Days from the first move, or from when it came into the store, to the close; rounded.
fn average_days(deals: &[&Record], zone: Tz) -> Cell {
    let days = deals.iter().map(|deal| {
        let began = deal
            .list(deal::STAGE_HISTORY)
            .first()
            .map_or(deal.created, |step| step.at);
        (derived::closed_on(deal, zone) - began.with_timezone(&zone).date_naive())
            .num_days()
            .max(0)
    });
    let sum: i64 = days.sum();
    match i64::try_from(deals.len()) {
        Ok(count) if count > 0 => Cell::Number((sum * 2 + count) / (count * 2)),
        _ => Cell::Empty,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::tests::{check, deal, with};

    fn ended(stage: &str, value: &str, day: &str, reason: &str, competitor: &str) -> Record {
        with(deal(stage, value, ""), |record| {
            record.created = "2026-10-01T10:00:00Z".parse().expect("a time");
            record.set(deal::CLOSED, day.parse().expect("a day"));
            record.set(deal::REASON, reason.to_owned());
            record.set(deal::COMPETITOR, competitor.to_owned());
        })
    }

    #[test]
    fn every_outcome_has_its_reasons_and_the_win_rate_is_told() {
        let deals = [
            ended("won", "1,000 EUR", "2026-10-11", "Price", ""),
            ended("won", "500 USD", "2026-10-22", "", ""),
            ended("lost", "700 EUR", "2026-10-02", "price", "Fox"),
            ended("lost", "", "2026-09-01", "Price", "fox"),
            ended("lost", "70 EUR", "2026-10-04", "no budget", ""),
            ended("won", "3 EUR", "2025-12-31", "", ""),
            deal("lead", "9 EUR", ""),
        ];
        check(
            &REPORT,
            &deals,
            "this-year",
            &[
                "won||2|40|1000.00 EUR; 500.00 USD|16",
                "won|no reason given|1|20|500.00 USD|21",
                "won|Price|1|20|1000.00 EUR|10",
                "lost||3|60|770.00 EUR|1",
                "lost|price|2|40|700.00 EUR|1",
                "lost|no budget|1|20|70.00 EUR|3",
                "win rate 40%: 2 of 5 closed deals",
                "lost to Fox (2)",
            ],
        );
        check(&REPORT, &[], "all", &["won||0|||", "lost||0|||"]);
    }

    #[test]
    fn a_deal_without_a_close_ended_with_its_last_change() {
        let imported = with(deal("won", "5 EUR", ""), |record| {
            record.clear(deal::CLOSED)
        });
        check(
            &REPORT,
            &[imported],
            "today",
            &[
                "won||1|100|5.00 EUR|0",
                "won|no reason given|1|100|5.00 EUR|0",
                "lost||0|0||",
                "win rate 100%: 1 of 1 closed deals",
            ],
        );
    }
}
