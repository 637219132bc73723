//! The date grammar in four zones: across changes of the clocks, leap days and ends of years.

use super::tests::{context, shown};
use super::*;
use crate::domain::show;
use crate::domain::values::Value;
use chrono_tz::America::New_York;
use chrono_tz::Asia::Kolkata;
use chrono_tz::Australia::Lord_Howe;
use chrono_tz::Europe::Berlin;
use chrono_tz::Tz;
use proptest::prelude::*;

/// Texts with what they mean at a moment in a zone, as something due.
struct Table {
    now: &'static str,
    zone: Tz,
    order: DateOrder,
    rows: &'static [(&'static str, &'static str)],
    /// Refused as due and as moment, parted by bars.
    refused: &'static str,
}

const TABLES: &[Table] = &[
    // New York springs forward on Sunday, 14 March 2027, at 02:00.
    Table {
        now: "2027-03-13T10:00:00-05:00",
        zone: New_York,
        order: DateOrder::Mdy,
        rows: &[
            ("tomorrow", "2027-03-14"),
            ("tomorrow 1:59am", "2027-03-14 01:59:00-05:00"),
            ("tomorrow 2am", "2027-03-14 03:00:00-04:00"),
            ("tomorrow 2:30am", "2027-03-14 03:00:00-04:00"),
            ("tomorrow 3am", "2027-03-14 03:00:00-04:00"),
            ("sun at 2:59 am", "2027-03-14 03:00:00-04:00"),
            ("3/14 2:30", "2027-03-14 03:00:00-04:00"),
            ("mar 14, 2027 noon", "2027-03-14 12:00:00-04:00"),
            ("+24h", "2027-03-14 11:00:00-04:00"),
            ("+16h", "2027-03-14 03:00:00-04:00"),
            ("+1d 2h", "2027-03-14 12:00:00-04:00"),
            ("-12h", "2027-03-12 22:00:00-05:00"),
            ("2027-03-14T02:30:00Z", "2027-03-13 21:30:00-05:00"),
            ("2027-03-14T02:30:00-05:00", "2027-03-14 03:30:00-04:00"),
            ("next week", "2027-03-15"),
            ("eow", "2027-03-14"),
            ("in 2 weeks 9am", "2027-03-27 09:00:00-04:00"),
            ("12/31/27", "2027-12-31"),
        ],
        refused: "14/3/2027 | 3/32 | 13/1 | 2/29/2027 | 0/14 | 3/0 | 3-14-2027 | 3/14/27/1 | \
            mar 32 | mar 14 14 | march | 14 | sun mar 15 2027 | sun sun | 24:01 | tomorrow 25:00 | \
            2:60 | 2.30am | noon noon | 10am EST | 2027-03-14 2:30 EST | 2027-3-14 | +1 | +1dd | \
            two days | next 2 weeks",
    },
    // and falls back on Sunday, 1 November 2026, at 02:00.
    Table {
        now: "2026-10-31T22:00:00-04:00",
        zone: New_York,
        order: DateOrder::Mdy,
        rows: &[
            ("tomorrow 1:30am", "2026-11-01 01:30:00-04:00"),
            ("2026-11-01T01:30:00-05:00", "2026-11-01 01:30:00-05:00"),
            ("+3h", "2026-11-01 01:00:00-04:00"),
            ("+4h", "2026-11-01 01:00:00-05:00"),
            ("+26h", "2026-11-01 23:00:00-05:00"),
            ("+1d 9pm", "2026-11-01 21:00:00-05:00"),
            ("midnight", "2026-11-01 00:00:00-04:00"),
            ("11/1", "2026-11-01"),
            ("next month", "2026-11-01"),
            ("eom", "2026-10-31"),
            ("1 nov noon", "2026-11-01 12:00:00-05:00"),
        ],
        refused: "31/10 | 11/31 | nov 31 | 10.31 | tomorrow tomorrow | next tomorrow | \
            2026-11-01T01:30:00-25:00 | +4h 9am",
    },
    // Lord Howe moves its clocks by half an hour: back on 4 April 2027 at 02:00,
    Table {
        now: "2027-04-03T12:00:00+11:00",
        zone: Lord_Howe,
        order: DateOrder::Dmy,
        rows: &[
            ("tomorrow 1:45", "2027-04-04 01:45:00+11:00"),
            ("2027-04-04T01:45:00+10:30", "2027-04-04 01:45:00+10:30"),
            ("tomorrow 2:00", "2027-04-04 02:00:00+10:30"),
            ("+24h", "2027-04-04 11:30:00+10:30"),
            ("+13h45min", "2027-04-04 01:45:00+11:00"),
            ("+14h15min", "2027-04-04 01:45:00+10:30"),
            ("sun noon", "2027-04-04 12:00:00+10:30"),
            ("4/4", "2027-04-04"),
            ("4.4.", "2027-04-04"),
            ("eow", "2027-04-04"),
            ("eom", "2027-04-30"),
            ("next week", "2027-04-05"),
            ("+1mo", "2027-05-03"),
            ("tonight", "2027-04-03 20:00:00+11:00"),
            ("midnight", "2027-04-04 00:00:00+11:00"),
        ],
        refused: "4/13/2027 | 31/4 | 31.4. | 4-4 | 4 4 2027 | 1:45 +10:30 | \
            2027-04-04T01:45:00+15:00 | sat sun | last | this | eod | 1st | 32nd apr | +1.5h | \
            +-3d | --3d | 3d+ | 12:00:99 | 12h | half past nine | 9 o'clock | 0:30am",
    },
    // and forward on 3 October 2027 at 02:00.
    Table {
        now: "2027-10-02T12:00:00+10:30",
        zone: Lord_Howe,
        order: DateOrder::Dmy,
        rows: &[
            ("tomorrow 1:59", "2027-10-03 01:59:00+10:30"),
            ("tomorrow 2:15", "2027-10-03 02:30:00+11:00"),
            ("tomorrow 2:30", "2027-10-03 02:30:00+11:00"),
            ("+14h", "2027-10-03 02:30:00+11:00"),
            ("+24h", "2027-10-03 12:30:00+11:00"),
            ("sun 9am", "2027-10-03 09:00:00+11:00"),
            ("eow 2:29", "2027-10-03 02:30:00+11:00"),
            ("+1d 2:15", "2027-10-03 02:30:00+11:00"),
            ("mon 9am", "2027-10-04 09:00:00+11:00"),
            ("2027-10-02T15:30:00Z", "2027-10-03 02:30:00+11:00"),
        ],
        refused: "2027-10-03T2.15 | 2027-10-03T02:15+ | 3/10/2027 2h | tomorrow at | 3 oct 27",
    },
    // Kolkata does not move its clocks; the night before a leap day,
    Table {
        now: "2028-02-28T23:30:00+05:30",
        zone: Kolkata,
        order: DateOrder::Dmy,
        rows: &[
            ("tomorrow", "2028-02-29"),
            ("tue", "2028-02-29"),
            ("29 feb", "2028-02-29"),
            ("29/2", "2028-02-29"),
            ("+2d", "2028-03-01"),
            ("+1y", "2029-02-28"),
            ("+1mo", "2028-03-28"),
            ("eom", "2028-02-29"),
            ("next month", "2028-03-01"),
            ("+45min", "2028-02-29 00:15:00+05:30"),
            ("9am", "2028-02-29 09:00:00+05:30"),
            ("23:45", "2028-02-28 23:45:00+05:30"),
            ("2028-02-29T00:00Z", "2028-02-29 05:30:00+05:30"),
            ("29 feb 2032 noon", "2032-02-29 12:00:00+05:30"),
        ],
        refused: "30 feb 2028 | 29 feb 2027 | 29/2/2027 | 29.2.2100 | 2028-02-30 | 2100-02-29 | \
            feb 29 2029 | mon 29 feb 2028 | 31 nov | 31/6 | today today | fri next fri | 9am on | \
            on on fri | at at 9am | ٣/٤/2027",
    },
    // and the last half minute of a year.
    Table {
        now: "2027-12-31T23:59:30+05:30",
        zone: Kolkata,
        order: DateOrder::Dmy,
        rows: &[
            ("+1min", "2028-01-01 00:00:30+05:30"),
            ("tomorrow", "2028-01-01"),
            ("eoy", "2027-12-31"),
            ("eoq", "2027-12-31"),
            ("eow", "2028-01-02"),
            ("next year", "2028-01-01"),
            ("next quarter", "2028-01-01"),
            ("next week", "2028-01-03"),
            ("last year", "2026-01-01"),
            ("31/12", "2027-12-31"),
            ("1/1", "2028-01-01"),
            ("1 jan 9am", "2028-01-01 09:00:00+05:30"),
            ("fri", "2028-01-07"),
            ("29 feb", "2028-02-29"),
            ("+2mo", "2028-02-29"),
            ("in 14 months", "2029-02-28"),
            ("yesterday", "2027-12-30"),
        ],
        refused: "2027-12-32 | 2027-00-10 | 2027-13-01 | 31 dec 1899 | 1 jan 2201 | +300y | \
            -200y | +99999d | tomorrow yesterday | １ jan | 1 january 2028 at | 1 jan 2028 9 | \
            1 jan 2028 9 pm pm",
    },
    // Berlin falls back on Sunday, 31 October 2027, at 03:00.
    Table {
        now: "2027-10-30T12:00:00+02:00",
        zone: Berlin,
        order: DateOrder::Dmy,
        rows: &[
            ("tomorrow 2:30", "2027-10-31 02:30:00+02:00"),
            ("2027-10-31T02:30+01:00", "2027-10-31 02:30:00+01:00"),
            ("+14h", "2027-10-31 02:00:00+02:00"),
            ("+15h", "2027-10-31 02:00:00+01:00"),
            ("+24h", "2027-10-31 11:00:00+01:00"),
            ("+1d 12:00", "2027-10-31 12:00:00+01:00"),
            ("31.10. 1:59", "2027-10-31 01:59:00+02:00"),
            ("eom 3:00", "2027-10-31 03:00:00+01:00"),
            ("sun", "2027-10-31"),
        ],
        refused: "2027-10-31T24:00 | 2027-10-31 02:30 CET | 31.10 | 3110 | 10/31 | 1. | in a | \
            a week | an hour | weeks ago | in 0.5 days | morgen | heute 9 uhr | noon 12:00 | \
            midnight 9am | now+1h | fri9am | 9am-10am | 9am to 10am",
    },
    // A leap day.
    Table {
        now: "2028-02-29T10:00:00+01:00",
        zone: Berlin,
        order: DateOrder::Ymd,
        rows: &[
            ("today", "2028-02-29"),
            ("+4y", "2032-02-29"),
            ("+1y", "2029-02-28"),
            ("-1y", "2027-02-28"),
            ("in a year", "2029-02-28"),
            ("last month", "2028-01-01"),
            ("this month", "2028-02-29"),
            ("2/29", "2028-02-29"),
            ("2028/3/26 2:30", "2028-03-26 03:00:00+02:00"),
        ],
        refused: "29/2 | 2027/2/29 | 28/2/29 | 2028/29/2 | feb 29 2027 | 2028-2-29",
    },
];

#[test]
fn texts_mean_the_same_instant_as_the_clocks_of_their_zone() {
    for table in TABLES {
        let context = context(table.now, table.zone, table.order);
        for (text, expect) in table.rows {
            match due(text, &context) {
                Ok(due) => assert_eq!(shown(&due, &context), *expect, "{text}, {}", table.zone),
                Err(error) => panic!("{text}, {}: {error:?}", table.zone),
            }
        }
        for text in table.refused.split('|') {
            let read = (due(text, &context).ok(), moment(text, &context).ok());
            assert_eq!(read, (None, None), "{text}, {}", table.zone);
        }
    }
}

#[test]
fn every_zone_and_both_outcomes_are_well_represented() {
    let of_zone = |zone: Tz| TABLES.iter().filter(move |table| table.zone == zone);
    let mut total = 0;
    for zone in [New_York, Lord_Howe, Kolkata, Berlin] {
        let accepted: usize = of_zone(zone).map(|table| table.rows.len()).sum();
        let refused: usize = of_zone(zone)
            .map(|table| table.refused.split('|').count())
            .sum();
        let rows = accepted + refused;
        assert!(rows >= 40, "{zone}: {rows}");
        assert!(
            refused * 10 >= rows * 4 && refused * 10 <= rows * 6,
            "{zone}: {refused}"
        );
        total += rows;
    }
    assert!(total >= 150, "{total}");
}

/// What the words for a value mean when they are typed again: ahead or behind, as it lies.
fn typed_again(value: Due, context: &Context) -> Result<Due, ValueError> {
    let text = show::due_words(&value, context);
    if value.starts(context.zone) >= context.now || value.day(context.zone) >= context.today() {
        due(&text, context)
    } else {
        past(&text, context)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn what_is_printed_reads_back(
        now in 0_i64..7_000_000_000,
        minutes in -900_000_i64..900_000,
        seconds in 0_i64..60,
        zone in prop::sample::select(vec![New_York, Lord_Howe, Kolkata, Berlin]),
        order in prop::sample::select(vec![DateOrder::Dmy, DateOrder::Mdy, DateOrder::Ymd]),
    ) {
        let now = DateTime::from_timestamp(now, 0).unwrap();
        let context = context(&now.to_rfc3339(), zone, order);
        // Whole minutes of the clock, which words show; the exact form shows seconds too.
        let minute = (now.timestamp() / 60 + minutes) * 60;
        let at = DateTime::from_timestamp(minute, 0).unwrap();
        let exact = Due::At(Moment::new(at + TimeDelta::seconds(seconds), zone));
        let text = show::plain(&Value::Due(exact), &context);
        prop_assert_eq!(due(&text, &context), Ok(exact), "{}", text);
        let day = at.with_timezone(&zone).date_naive();
        prop_assert_eq!(typed_again(Due::Day(day), &context), Ok(Due::Day(day)), "{}", day);
        let wall = at.with_timezone(&zone).naive_local();
        // Of an hour that comes twice words name the first, and offsets of old were odd.
        if resolve(wall, zone) == at && wall.second() == 0 {
            let value = Due::At(Moment::new(at, zone));
            let again = typed_again(value, &context);
            prop_assert_eq!(again, Ok(value), "{}", show::due_words(&value, &context));
        }
    }
}
