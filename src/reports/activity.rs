//! What was done: activities by week and type.

use super::{Cell, Input, Report, Table};
use crate::domain::activity::{AT, TYPE, TYPES};
use chrono::{Datelike as _, Days, NaiveDate};
use std::collections::BTreeMap;

/// Activities by week and type.
pub(super) const REPORT: Report = Report {
    name: "activity",
    help: "Activities by week and type",
    period: "this-quarter",
    run,
};

/// Weeks without an activity are shown too, unless the time between is longer than this.
const MOST_WEEKS: i64 = 530;

/// One count per type, and last of those without one.
type Counts = [usize; TYPES.len() + 1];

fn run(input: &Input<'_>) -> Table {
    let mut weeks: BTreeMap<NaiveDate, Counts> = BTreeMap::new();
    for record in &input.activities {
        let at = record.get(AT).map_or(record.created, |moment| moment.at);
        let day = at.with_timezone(&input.context.zone).date_naive();
        if input.period.contains(day) {
            let kind = record.text(TYPE);
            let place = TYPES
                .iter()
                .position(|known| *known == kind)
                .unwrap_or(TYPES.len());
            weeks.entry(monday(day)).or_default()[place] += 1;
        }
    }
    fill(&mut weeks);
    let mut total = Counts::default();
    for counts in weeks.values() {
        for (sum, count) in total.iter_mut().zip(counts) {
            *sum += count;
        }
    }
    // The last column is for what an import could not name.
    let shown = if total[TYPES.len()] > 0 {
        TYPES.len() + 1
    } else {
        TYPES.len()
    };
    let columns = ["week"]
        .into_iter()
        .chain(TYPES.iter().copied())
        .chain(["other"]);
    let cells = |head: Cell, counts: &Counts| {
        let numbers = counts.iter().take(shown).map(|count| Cell::count(*count));
        let all = Cell::count(counts.iter().sum());
        [head].into_iter().chain(numbers).chain([all]).collect()
    };
    Table {
        title: format!("activities, {}", input.period.name),
        columns: columns.take(shown + 1).chain(["all"]).collect(),
        rows: weeks
            .iter()
            .map(|(week, counts)| cells(Cell::Date(*week), counts))
            .collect(),
        total: Some(cells(Cell::text("total"), &total)),
        notes: Vec::new(),
    }
}

fn monday(day: NaiveDate) -> NaiveDate {
    let since = Days::new(day.weekday().num_days_from_monday().into());
    day.checked_sub_days(since).unwrap_or(day)
}

fn fill(weeks: &mut BTreeMap<NaiveDate, Counts>) {
    let (Some((&first, _)), Some((&last, _))) = (weeks.first_key_value(), weeks.last_key_value())
    else {
        return;
    };
    if (last - first).num_weeks() <= MOST_WEEKS {
        for week in first.iter_weeks().take_while(|week| *week < last) {
            weeks.entry(week).or_default();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::tests::{activity, check};

    #[test]
    fn weeks_begin_on_monday_and_empty_ones_are_shown() {
        let made = [
            activity("call", "2026-11-22T09:00:00Z"),
            activity("call", "2026-11-16T09:00:00Z"),
            activity("email", "2026-11-16T09:00:00Z"),
            // Monday already in Berlin.
            activity("visit", "2026-11-01T23:30:00Z"),
            activity("note", "2026-09-30T09:00:00Z"),
        ];
        check(
            &REPORT,
            &made,
            "this-quarter",
            &[
                "2026-11-02|0|0|0|0|1|0|1",
                "2026-11-09|0|0|0|0|0|0|0",
                "2026-11-16|2|1|0|0|0|0|3",
                "total|2|1|0|0|1|0|4",
            ],
        );
        check(
            &REPORT,
            &[activity("fax", "2026-11-16T09:00:00Z")],
            "all",
            &["2026-11-16|0|0|0|0|0|0|1|1", "total|0|0|0|0|0|0|1|1"],
        );
        check(&REPORT, &[], "all", &["total|0|0|0|0|0|0|0"]);
    }

    #[test]
    fn an_absurd_date_does_not_make_a_million_rows() {
        let made = [
            activity("call", "0001-01-05T09:00:00Z"),
            activity("call", "+262000-01-01T09:00:00Z"),
        ];
        let table = crate::reports::tests::table(&REPORT, &made, "all");
        assert_eq!(table.rows.len(), 2);
    }
}
