//! What the tests of all reports share: records in a few words, tables as lines.

use super::*;
use crate::domain::context::DateOrder;
use crate::domain::id::{CountedIds, Id, IdSource as _};
use crate::domain::kind::Kind;
use crate::domain::values::dates::Moment;
use crate::domain::values::money::Currency;
use crate::domain::values::phone::Region;
use std::collections::BTreeSet;
use std::sync::Mutex;

static IDS: Mutex<Option<CountedIds>> = Mutex::new(None);

/// Noon of Sunday, 22 November 2026, in Berlin.
pub(super) fn context() -> Context {
    Context {
        now: "2026-11-22T11:00:00Z".parse().expect("a time"),
        zone: chrono_tz::Europe::Berlin,
        region: Region::DE,
        currency: Currency::EUR,
        date_order: DateOrder::Dmy,
    }
}

fn fresh(kind: &'static Kind) -> Record {
    let now = context().now;
    let id: Id = IDS
        .lock()
        .expect("a lock")
        .get_or_insert_default()
        .next_id(now);
    Record::new(kind, id, now)
}

pub(super) fn with(mut record: Record, change: impl FnOnce(&mut Record)) -> Record {
    change(&mut record);
    record
}

pub(super) fn contact(source: &str) -> Record {
    with(fresh(&contact::KIND), |record| {
        record.set(contact::SOURCE, source.to_owned())
    })
}

pub(super) fn deal(stage: &str, value: &str, expected_close: &str) -> Record {
    with(fresh(&deal::KIND), |record| {
        record.set(deal::STAGE, stage.to_owned());
        if let Ok(value) = Money::parse(value, Currency::EUR) {
            record.set(deal::VALUE, value);
        }
        if let Ok(day) = expected_close.parse() {
            record.set::<NaiveDate>(deal::EXPECTED_CLOSE, day);
        }
    })
}

pub(super) fn activity(kind: &str, at: &str) -> Record {
    with(fresh(&activities::KIND), |record| {
        record.set(activities::TYPE, kind.to_owned());
        let at = at.parse().expect("a time");
        record.set(activities::AT, Moment::new(at, chrono_tz::UTC));
    })
}

pub(super) fn table(report: &Report, records: &[Record], text: &str) -> Table {
    let pipelines = Pipelines::default();
    let period = period::period(text, &context()).expect(text);
    (report.run)(&Input::new(records, &pipelines, context(), period))
}

/// Rows, total and notes, a line each.
#[track_caller]
pub(super) fn check(report: &Report, records: &[Record], period: &str, expect: &[&str]) {
    let table = table(report, records, period);
    let rows = table.rows.iter().chain(&table.total);
    let lines = rows.map(|row| {
        assert_eq!(row.len(), table.columns.len(), "{row:?}");
        row.iter().map(Cell::plain).collect::<Vec<_>>().join("|")
    });
    let lines: Vec<String> = lines.chain(table.notes.clone()).collect();
    assert_eq!(lines, expect);
}

#[test]
fn every_report_has_a_name_a_period_and_runs_on_nothing() {
    let names: BTreeSet<&str> = REPORTS.iter().map(|report| report.name).collect();
    assert_eq!(names.len(), REPORTS.len());
    for listed in REPORTS {
        assert_eq!(
            report(listed.name).map(|found| found.help),
            Some(listed.help)
        );
        let table = table(listed, &[], listed.period);
        assert!(
            table
                .rows
                .iter()
                .all(|row| row.len() == table.columns.len())
        );
    }
    assert!(report("weather").is_none());
}

#[test]
fn the_trash_is_left_out_and_the_archive_is_not() {
    let now = context().now;
    let trashed = with(deal("won", "5", ""), |deal| {
        deal.state = crate::domain::record::State::Trashed(now)
    });
    let kept = with(deal("won", "5", ""), |deal| {
        deal.state = crate::domain::record::State::Archived(now)
    });
    let pipelines = Pipelines::default();
    let input = Input::new([&trashed, &kept], &pipelines, context(), Period::all());
    assert_eq!(input.deals, [&kept]);
}

#[test]
fn cells_have_a_form_for_people_and_one_for_machines() {
    let day = context().today();
    let euros = Money::new(120_000, Currency::EUR);
    let dollars = Money::parse("50 USD", Currency::EUR).expect("an amount");
    for (cell, plain, words) in [
        (Cell::Empty, "", ""),
        (Cell::text("a"), "a", "a"),
        (Cell::Number(1_200), "1200", "1200"),
        (
            Cell::Money(vec![euros, dollars]),
            "1200.00 EUR; 50.00 USD",
            "1,200 EUR, 50 USD",
        ),
        (Cell::share(2, 3), "67", "67%"),
        (Cell::share(0, 0), "", ""),
        (Cell::share(usize::MAX, usize::MAX), "100", "100%"),
        (Cell::Date(day), "2026-11-22", "today"),
    ] {
        assert_eq!(
            (cell.plain().as_str(), cell.words(&context()).as_str()),
            (plain, words)
        );
    }
}
