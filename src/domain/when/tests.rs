//! The date grammar in rows: what each text means at a fixed moment, and what is refused.

use super::*;
use crate::domain::show::plain;
use crate::domain::values::Value;
use crate::domain::values::money::Currency;
use crate::domain::values::phone::Region;
use chrono_tz::Tz;
use chrono_tz::{America::New_York, Europe::Berlin};
use proptest::prelude::*;

/// Wednesday, 25 November 2026, 10:00 in Berlin.
const NOW: &str = "2026-11-25T10:00:00+01:00";

pub(super) fn context(now: &str, zone: Tz, date_order: DateOrder) -> Context {
    let now = DateTime::parse_from_rfc3339(now).expect("an instant");
    Context {
        now: now.with_timezone(&Utc),
        zone,
        region: Region::DE,
        currency: Currency::EUR,
        date_order,
    }
}

fn berlin() -> Context {
    context(NOW, Berlin, DateOrder::Dmy)
}

/// A day, or a time with its offset, as the user's clock shows it.
pub(super) fn shown(due: &Due, context: &Context) -> String {
    match due {
        Due::Day(day) => day.to_string(),
        Due::At(moment) => {
            assert_eq!(moment.zone.0, context.zone);
            let local = moment.at.with_timezone(&context.zone);
            local.format("%Y-%m-%d %H:%M:%S%:z").to_string()
        }
    }
}

#[track_caller]
fn check_due(context: &Context, rows: &[(&str, &str)]) {
    for (text, expect) in rows {
        match due(text, context) {
            Ok(due) => assert_eq!(shown(&due, context), *expect, "{text}"),
            Err(error) => panic!("{text}: {error:?}"),
        }
    }
}

#[track_caller]
fn check_moment(context: &Context, rows: &[(&str, &str)]) {
    for (text, expect) in rows {
        match moment(text, context) {
            Ok(moment) => assert_eq!(shown(&Due::At(moment), context), *expect, "{text}"),
            Err(error) => panic!("{text}: {error:?}"),
        }
    }
}

#[track_caller]
fn check_refused(context: &Context, texts: &[&str]) {
    for text in texts {
        let (due, moment) = (due(text, context), moment(text, context));
        assert!(due.is_err(), "{text}: {due:?}");
        assert!(moment.is_err(), "{text}: {moment:?}");
    }
}

#[test]
fn named_days_and_distances() {
    check_due(
        &berlin(),
        &[
            ("now", "2026-11-25 10:00:00+01:00"),
            ("today", "2026-11-25"),
            ("  Today ", "2026-11-25"),
            ("tonight", "2026-11-25 20:00:00+01:00"),
            ("tonight at 9:30pm", "2026-11-25 21:30:00+01:00"),
            ("tomorrow", "2026-11-26"),
            ("TOMORROW   at 9AM", "2026-11-26 09:00:00+01:00"),
            ("yesterday", "2026-11-24"),
            ("+3d", "2026-11-28"),
            ("-2w", "2026-11-11"),
            ("+ 3 days", "2026-11-28"),
            ("in 3 days", "2026-11-28"),
            ("in a week", "2026-12-02"),
            ("2 weeks ago", "2026-11-11"),
            ("an hour ago", "2026-11-25 09:00:00+01:00"),
            ("+1mo", "2026-12-25"),
            ("in 2 months", "2027-01-25"),
            ("in 1 quarter", "2027-02-25"),
            ("+1y", "2027-11-25"),
            ("+3d 15:30", "2026-11-28 15:30:00+01:00"),
            ("9am in 2 weeks", "2026-12-09 09:00:00+01:00"),
            ("+90min", "2026-11-25 11:30:00+01:00"),
            ("in 1h30min", "2026-11-25 11:30:00+01:00"),
            ("in 1 hour 30 minutes", "2026-11-25 11:30:00+01:00"),
            ("+1d 2h", "2026-11-26 12:00:00+01:00"),
            ("+24h", "2026-11-26 10:00:00+01:00"),
        ],
    );
}

#[test]
fn weekdays_and_periods() {
    check_due(
        &berlin(),
        &[
            ("thu", "2026-11-26"),
            ("fri", "2026-11-27"),
            ("Monday", "2026-11-30"),
            ("wed", "2026-12-02"),
            ("wed 3pm", "2026-12-02 15:00:00+01:00"),
            ("fri at 9am", "2026-11-27 09:00:00+01:00"),
            ("9am on fri", "2026-11-27 09:00:00+01:00"),
            ("at 9 am fri", "2026-11-27 09:00:00+01:00"),
            ("last fri", "2026-11-20"),
            ("last mon", "2026-11-16"),
            ("this mon", "2026-11-23"),
            ("this fri", "2026-11-27"),
            ("next fri", "2026-12-04"),
            ("next fri noon", "2026-12-04 12:00:00+01:00"),
            ("next week", "2026-11-30"),
            ("last week", "2026-11-16"),
            ("this week", "2026-11-29"),
            ("next month", "2026-12-01"),
            ("last month", "2026-10-01"),
            ("this month", "2026-11-30"),
            ("next quarter", "2027-01-01"),
            ("next year", "2027-01-01"),
            ("this year", "2026-12-31"),
            ("eow", "2026-11-29"),
            ("eom", "2026-11-30"),
            ("eoq", "2026-12-31"),
            ("eoy", "2026-12-31"),
            ("eom 17:00", "2026-11-30 17:00:00+01:00"),
        ],
    );
}

#[test]
fn written_dates() {
    check_due(
        &berlin(),
        &[
            ("2026-12-01", "2026-12-01"),
            ("2026-12-01T09:00", "2026-12-01 09:00:00+01:00"),
            ("2026-12-01 09:00:30", "2026-12-01 09:00:30+01:00"),
            ("2026-12-01T09:00:00Z", "2026-12-01 10:00:00+01:00"),
            ("2026-12-01T09:00:00.123-05:00", "2026-12-01 15:00:00+01:00"),
            ("2026-12-01 09:00 UTC", "2026-12-01 10:00:00+01:00"),
            ("2026-12-01 09:00:00 +0530", "2026-12-01 04:30:00+01:00"),
            ("2026-12-31T23:30:00-05:00", "2027-01-01 05:30:00+01:00"),
            ("1 dec", "2026-12-01"),
            ("1 Dec.", "2026-12-01"),
            ("1st december", "2026-12-01"),
            ("dec 1st", "2026-12-01"),
            ("25 nov", "2026-11-25"),
            ("24 nov", "2027-11-24"),
            ("25 nov 9am", "2026-11-25 09:00:00+01:00"),
            ("29 feb", "2028-02-29"),
            ("dec 1 2026", "2026-12-01"),
            ("Dec 1, 2027", "2027-12-01"),
            ("Fri 27 Nov", "2026-11-27"),
            (
                "Fri, 27 Nov 2026 10:00:00 +0200",
                "2026-11-27 09:00:00+01:00",
            ),
            ("16 Apr, 2021 00:02:00", "2021-04-16 00:02:00+02:00"),
            ("16-Apr-2021", "2021-04-16"),
            ("2021-04-15 23:03:00", "2021-04-15 23:03:00+02:00"),
            ("3/4/2026", "2026-04-03"),
            ("3.4.2026", "2026-04-03"),
            ("03/04/26", "2026-04-03"),
            ("3.4.", "2027-04-03"),
            ("3/12 9am", "2026-12-03 09:00:00+01:00"),
            ("1900-01-01", "1900-01-01"),
            ("2200-12-31", "2200-12-31"),
        ],
    );
}

#[test]
fn a_time_alone_is_its_next_occurrence() {
    check_due(
        &berlin(),
        &[
            ("9am", "2026-11-26 09:00:00+01:00"),
            ("10:00", "2026-11-26 10:00:00+01:00"),
            ("15:30", "2026-11-25 15:30:00+01:00"),
            ("9:30pm", "2026-11-25 21:30:00+01:00"),
            ("noon", "2026-11-25 12:00:00+01:00"),
            ("at midnight", "2026-11-26 00:00:00+01:00"),
            ("12am", "2026-11-26 00:00:00+01:00"),
            ("12pm", "2026-11-25 12:00:00+01:00"),
        ],
    );
}

#[test]
fn a_moment_lies_behind() {
    check_moment(
        &berlin(),
        &[
            ("now", "2026-11-25 10:00:00+01:00"),
            ("today", "2026-11-25 10:00:00+01:00"),
            ("yesterday", "2026-11-24 12:00:00+01:00"),
            ("yesterday 3pm", "2026-11-24 15:00:00+01:00"),
            ("9am", "2026-11-25 09:00:00+01:00"),
            ("15:30", "2026-11-25 15:30:00+01:00"),
            ("mon", "2026-11-23 12:00:00+01:00"),
            ("wed", "2026-11-18 12:00:00+01:00"),
            ("thu 8:15", "2026-11-19 08:15:00+01:00"),
            ("25 nov", "2026-11-25 10:00:00+01:00"),
            ("26 nov", "2025-11-26 12:00:00+01:00"),
            ("1 jul", "2026-07-01 12:00:00+02:00"),
            ("29 feb", "2024-02-29 12:00:00+01:00"),
            ("this week", "2026-11-25 10:00:00+01:00"),
            ("last week", "2026-11-16 12:00:00+01:00"),
            ("2 hours ago", "2026-11-25 08:00:00+01:00"),
            ("-3d", "2026-11-22 12:00:00+01:00"),
            ("2026-12-01", "2026-12-01 12:00:00+01:00"),
        ],
    );
}

/// Refused as due and as moment, parted by bars.
const REFUSED: &str = "\
     |    | , | 3 | 03 | 2026 | dec | 27th | soon | fri soon | on | at | fri at | at 9 |
    on 9am | 25:00 | 24:00 | 9:75 | 9:5 | 9:30:61 | 9:30:00. | 13pm | 0am | am | 9 am pm |
    15:30 am | feb 30 | 30 feb | 31 apr 2026 | 32 jan | 0 jan | 2026-02-29 | 2026-13-01 |
    2026-1-5 | 2026-12-01-02 | 12-01 | 20261201 | 1 dec 26 | 1 dec 9 | 3.4 | 3/4/026 |
    13/13/2026 | 31/4/2026 | 2026/12/01 | 3/4/2026/1 | / | . | 3..4. | 1899-12-31 |
    2201-01-01 | 9999-12-31 | +3 | +3m | +3x | +d | + | - | in | in 3 | in days | 3 days | 3d |
    ago | 2 weeks | 2 weeks ago ago | in 2 weeks ago | +999999999999d | +4000000000d |
    +4294967295y | -999999y | +99999999h | +1d x | -1d +1h | today tomorrow | tomorrow fri |
    fri mon | fri 26 nov 2026 | 1 dec 2 dec | 9am 10am | now 9am | now today |
    tonight tomorrow | tonight 9am | +3h 9am | today +1d | next | next 3 | next foo |
    last last fri | next day | 15:30+01:00 | tomorrow 9am +01:00 | 2026-12-01T |
    2026-12-01T25:00 | 2026-12-01T09:00+15:00 | 2026-12-01T09:00+01:60 | T09:00 | ｆri |
    ünknown | 9ａm | None | 1\u{0}dec";

#[test]
fn what_is_not_understood_as_a_whole_is_refused() {
    let texts: Vec<&str> = REFUSED.split('|').collect();
    check_refused(&berlin(), &texts);
}

#[test]
fn the_part_at_fault_is_named() {
    let check = |text: &str, part: &str| {
        assert_eq!(
            due(text, &berlin()),
            Err(ValueError::When(part.to_owned())),
            "{text}"
        );
    };
    check("fri Soon", "Soon");
    check("Feb 30", "Feb 30");
    check("1 dec 9am 10am", "10am");
    check("tomorrow at nine", "at nine");
    check("2201-01-01", "2201-01-01");
    assert_eq!(due(" ", &berlin()), Err(ValueError::Empty));
}

#[test]
fn numeric_dates_follow_the_configured_order() {
    check_due(
        &context(NOW, Berlin, DateOrder::Mdy),
        &[
            ("3/4/2026", "2026-03-04"),
            ("12/31/26", "2026-12-31"),
            ("12/31", "2026-12-31"),
            ("2026-12-01", "2026-12-01"),
        ],
    );
    check_refused(
        &context(NOW, Berlin, DateOrder::Mdy),
        &["31/12/2026", "31.12."],
    );
    let ymd = context(NOW, Berlin, DateOrder::Ymd);
    check_due(
        &ymd,
        &[
            ("2026/12/01", "2026-12-01"),
            ("2026.12.1", "2026-12-01"),
            ("12/1", "2026-12-01"),
        ],
    );
    check_refused(&ymd, &["3/4/2026", "26/3/4"]);
}

#[test]
fn the_zone_is_the_users() {
    // The same instant as in Berlin: Wednesday, 04:00.
    check_due(
        &context(NOW, New_York, DateOrder::Mdy),
        &[
            ("now", "2026-11-25 04:00:00-05:00"),
            ("9am", "2026-11-25 09:00:00-05:00"),
            ("2026-12-01T09:00Z", "2026-12-01 04:00:00-05:00"),
            ("jul 4 noon", "2027-07-04 12:00:00-04:00"),
        ],
    );
    // Still Tuesday evening there.
    let evening = context("2026-11-25T02:00:00Z", New_York, DateOrder::Mdy);
    check_due(&evening, &[("today", "2026-11-24"), ("wed", "2026-11-25")]);
    check_moment(&evening, &[("tue", "2026-11-17 12:00:00-05:00")]);
}

#[test]
fn daylight_saving_skips_and_repeats() {
    // Berlin springs forward on 28 March 2027 at 02:00, and falls back on 31 October at 03:00.
    check_due(
        &context("2027-03-27T10:00:00+01:00", Berlin, DateOrder::Dmy),
        &[
            ("tomorrow 2:30", "2027-03-28 03:00:00+02:00"),
            ("tomorrow 3:30", "2027-03-28 03:30:00+02:00"),
            ("+1d 10:00", "2027-03-28 10:00:00+02:00"),
            ("+24h", "2027-03-28 11:00:00+02:00"),
            ("+1d 0h", "2027-03-28 10:00:00+02:00"),
            ("31 oct 2027 2:30", "2027-10-31 02:30:00+02:00"),
            ("2027-10-31T02:30:00+01:00", "2027-10-31 02:30:00+01:00"),
        ],
    );
    check_due(
        &context("2027-03-13T10:00:00-05:00", New_York, DateOrder::Mdy),
        &[
            ("sun 2:15am", "2027-03-14 03:00:00-04:00"),
            ("nov 7 2027 1:30", "2027-11-07 01:30:00-04:00"),
        ],
    );
}

#[test]
fn months_end_and_leap_years() {
    let january = |year: &str| context(&format!("{year}-01-31T10:00:00Z"), Berlin, DateOrder::Dmy);
    check_due(
        &january("2027"),
        &[("+1mo", "2027-02-28"), ("in 3 months", "2027-04-30")],
    );
    check_due(
        &january("2028"),
        &[("+1mo", "2028-02-29"), ("-2mo", "2027-11-30")],
    );
    let leap = context("2028-02-29T10:00:00Z", Berlin, DateOrder::Dmy);
    check_due(
        &leap,
        &[
            ("+1y", "2029-02-28"),
            ("29 feb", "2028-02-29"),
            ("eom", "2028-02-29"),
        ],
    );
    let century = context("2097-01-01T10:00:00Z", Berlin, DateOrder::Dmy);
    check_due(&century, &[("29 feb", "2104-02-29")]);
    check_moment(&january("2103"), &[("29 feb", "2096-02-29 12:00:00+01:00")]);
    let eve = context("2026-12-31T23:30:00+01:00", Berlin, DateOrder::Dmy);
    check_due(
        &eve,
        &[
            ("tomorrow", "2027-01-01"),
            ("+45min", "2027-01-01 00:15:00+01:00"),
            ("eoy", "2026-12-31"),
            ("next month", "2027-01-01"),
            ("next week", "2027-01-04"),
            ("31 dec", "2026-12-31"),
            ("1 jan", "2027-01-01"),
        ],
    );
    let last = context("2200-12-31T10:00:00Z", Berlin, DateOrder::Dmy);
    check_refused(&last, &["tomorrow", "next year", "+1mo", "+24h"]);
}

#[test]
fn importers_read_dates_by_their_own_order() {
    let check = |text: &str, order, expect: Option<&str>| {
        assert_eq!(
            date_in(text, order).map(|day| day.to_string()).as_deref(),
            expect,
            "{text}"
        );
    };
    check("3/4/2026", DateOrder::Mdy, Some("2026-03-04"));
    check(" 16 Apr, 2021 ", DateOrder::Ymd, Some("2021-04-16"));
    check("7/8/85", DateOrder::Dmy, Some("1985-08-07"));
    check("3/4", DateOrder::Mdy, None);
    check("3/4/2026 x", DateOrder::Mdy, None);
    check("0001-01-01", DateOrder::Mdy, None);
    let partial = |text| partial_date_in(text, DateOrder::Dmy).map(|date| date.to_string());
    assert_eq!(partial("17 may").as_deref(), Some("--05-17"));
    assert_eq!(partial("17 may 1980").as_deref(), Some("1980-05-17"));
    assert_eq!(partial("tomorrow"), None);
}

const PIECES: &[&str] = &[
    "fri",
    "mon",
    "next",
    "last",
    "this",
    "week",
    "in",
    "+",
    "-",
    "3",
    "3d",
    "+1mo",
    "ago",
    "at",
    "on",
    "9am",
    "15:30",
    "2:30",
    "noon",
    "1",
    "dec",
    "feb",
    "29",
    "2026",
    "2026-12-01",
    "3/4/2026",
    "3.4.",
    "now",
    "tonight",
    "eoq",
    "99999999",
    "4294967295",
    "y",
    "h",
    "z",
    "+01:00",
    "t",
    ",",
    "ß",
    "İ",
];

proptest! {
    #[test]
    fn no_text_panics(text in ".{0,40}", order in 0..3) {
        let order = [DateOrder::Dmy, DateOrder::Mdy, DateOrder::Ymd][usize::try_from(order).unwrap()];
        let context = context(NOW, Berlin, order);
        let _ = (due(&text, &context), moment(&text, &context));
        let _ = (date_in(&text, order), partial_date_in(&text, order));
    }

    #[test]
    fn no_mixture_of_words_panics(
        picks in prop::collection::vec((0..PIECES.len(), any::<bool>()), 0..6),
    ) {
        let text: String = picks
            .iter()
            .map(|&(index, apart)| format!("{}{}", PIECES[index], if apart { " " } else { "" }))
            .collect();
        let _ = (due(&text, &berlin()), moment(&text, &berlin()));
    }

    #[test]
    fn what_is_shown_reads_back(
        seconds in -2_200_000_000_i64..7_280_000_000,
        day in 693_961_i32..803_500,
        there in any::<bool>(),
    ) {
        let context = context(NOW, if there { New_York } else { Berlin }, DateOrder::Mdy);
        let instant = DateTime::from_timestamp(seconds, 0).unwrap();
        let day = NaiveDate::from_num_days_from_ce_opt(day).unwrap();
        for value in [Due::At(Moment::new(instant, context.zone)), Due::Day(day)] {
            let text = plain(&Value::Due(value), &context);
            prop_assert_eq!(due(&text, &context), Ok(value), "{}", text);
        }
    }
}

#[test]
fn the_hour_that_comes_twice_reads_back() {
    for minute in 0..180 {
        let start = DateTime::parse_from_rfc3339("2027-10-30T23:30:00Z").expect("an instant");
        let at = start.with_timezone(&Utc) + TimeDelta::minutes(minute);
        let value = Due::At(Moment::new(at, Berlin));
        let text = plain(&Value::Due(value), &berlin());
        assert_eq!(due(&text, &berlin()), Ok(value), "{text}");
    }
}
