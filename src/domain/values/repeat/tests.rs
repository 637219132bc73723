//! Rules of recurrence in rows: how they read, what they say, when they come.

use super::*;
use crate::domain::values::money::Currency;
use crate::domain::values::phone::Region;
use chrono::{DateTime, Utc};
use chrono_tz::Europe::Berlin;
use proptest::prelude::*;

fn context() -> Context {
    let now = DateTime::parse_from_rfc3339("2026-11-25T10:00:00+01:00").expect("an instant");
    Context {
        now: now.with_timezone(&Utc),
        zone: Berlin,
        region: Region::DE,
        currency: Currency::EUR,
        date_order: DateOrder::Dmy,
    }
}

#[track_caller]
fn check_words(text: &str, rule: &str, words: &str) {
    let repeat = Repeat::parse(text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
    assert_eq!(repeat.rule(), rule, "{text}");
    assert_eq!(repeat.words(), words, "{text}");
    assert_eq!(Repeat::parse(words).as_ref(), Ok(&repeat), "{words}");
    assert_eq!(Repeat::parse(rule).as_ref(), Ok(&repeat), "{rule}");
}

#[test]
fn words_become_rules_and_words_again() {
    let check = check_words;
    check("day", "FREQ=DAILY", "every day");
    check(" Every  Day ", "FREQ=DAILY", "every day");
    check("daily", "FREQ=DAILY", "every day");
    check("3d", "FREQ=DAILY;INTERVAL=3", "every 3 days");
    check("week", "FREQ=WEEKLY", "every week");
    check("2 weeks", "FREQ=WEEKLY;INTERVAL=2", "every 2 weeks");
    check("every 2 weeks", "FREQ=WEEKLY;INTERVAL=2", "every 2 weeks");
    check(
        "every other week",
        "FREQ=WEEKLY;INTERVAL=2",
        "every 2 weeks",
    );
    check("monthly", "FREQ=MONTHLY", "every month");
    check("quarter", "FREQ=MONTHLY;INTERVAL=3", "every quarter");
    check("2 quarters", "FREQ=MONTHLY;INTERVAL=6", "every 6 months");
    check("yearly", "FREQ=YEARLY", "every year");
    check(
        "weekdays",
        "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
        "every weekday",
    );
    check("mon", "FREQ=WEEKLY;BYDAY=MO", "every Monday");
    check(
        "Thu,mon",
        "FREQ=WEEKLY;BYDAY=MO,TH",
        "every Monday and Thursday",
    );
    check(
        "mondays, wed and fri",
        "FREQ=WEEKLY;BYDAY=MO,WE,FR",
        "every Monday, Wednesday and Friday",
    );
    check(
        "2 weeks on tue",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU",
        "every 2 weeks on Tuesday",
    );
    check(
        "every 2 weeks on tue,thu",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH",
        "every 2 weeks on Tuesday and Thursday",
    );
}

#[test]
fn words_for_days_of_the_month_and_ends() {
    let check = check_words;
    check(
        "1st monday",
        "FREQ=MONTHLY;BYDAY=1MO",
        "1st Monday of the month",
    );
    check(
        "every last friday",
        "FREQ=MONTHLY;BYDAY=-1FR",
        "last Friday of the month",
    );
    check(
        "second tue of every 3 months",
        "FREQ=MONTHLY;INTERVAL=3;BYDAY=2TU",
        "2nd Tuesday of every 3 months",
    );
    check("15th", "FREQ=MONTHLY;BYMONTHDAY=15", "15th of the month");
    check(
        "22nd of every month",
        "FREQ=MONTHLY;BYMONTHDAY=22",
        "22nd of the month",
    );
    check(
        "31st",
        "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1",
        "31st of the month",
    );
    check(
        "last day",
        "FREQ=MONTHLY;BYMONTHDAY=-1",
        "last day of the month",
    );
    check("week x5", "FREQ=WEEKLY;COUNT=5", "every week, 5 times");
    check("week, 1 times", "FREQ=WEEKLY;COUNT=1", "every week, 1 time");
    check(
        "mon,thu until 2026-12-31",
        "FREQ=WEEKLY;BYDAY=MO,TH;UNTIL=20261231",
        "every Monday and Thursday until 2026-12-31",
    );
    check(
        "month until 31 Dec 2026",
        "FREQ=MONTHLY;UNTIL=20261231",
        "every month until 2026-12-31",
    );
}

#[test]
fn rrules_are_kept_in_one_spelling() {
    let check = |text: &str, rule: &str, words: &str| {
        let repeat = Repeat::parse(text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
        assert_eq!(
            (repeat.rule(), repeat.words().as_str()),
            (rule, words),
            "{text}"
        );
        assert_eq!(Repeat::parse(rule).as_ref(), Ok(&repeat), "{rule}");
    };
    check("RRULE:FREQ=DAILY", "FREQ=DAILY", "every day");
    check(
        "rrule:count=3;interval=1;freq=weekly;",
        "FREQ=WEEKLY;COUNT=3",
        "every week, 3 times",
    );
    check(
        "FREQ=WEEKLY;WKST=MO;BYDAY=TH,MO",
        "FREQ=WEEKLY;BYDAY=MO,TH",
        "every Monday and Thursday",
    );
    check(
        "FREQ=MONTHLY;BYDAY=+1MO",
        "FREQ=MONTHLY;BYDAY=1MO",
        "1st Monday of the month",
    );
    for raw in [
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU;WKST=SU",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
        "FREQ=DAILY;UNTIL=20261231T090000Z",
        "FREQ=DAILY;UNTIL=20261231T090000",
        "FREQ=DAILY;BYHOUR=9",
        "FREQ=MONTHLY;BYDAY=-2FR",
        "FREQ=MONTHLY;BYMONTHDAY=31",
        "FREQ=DAILY;INTERVAL=2000",
    ] {
        let words = Repeat::parse(raw).map(|repeat| repeat.words());
        let expect = if raw.ends_with("=31") {
            "FREQ=MONTHLY;BYMONTHDAY=31"
        } else {
            raw
        };
        assert_eq!(
            words.ok().filter(|words| words.contains('=')).as_deref(),
            Some(expect),
            "{raw}"
        );
    }
}

/// No rules, parted by bars.
const REFUSED: &str = "\
     |   | often | every | 0 weeks | 1000 days | 2 | 2 mon | weeks 2 | daily week | mon and |
    on | 6th monday | 0th | 32nd | last | 1st foo | monday 1st | week x0 | week x | x5 |
    week 5 | week until | week until soon | week until 2026-02-30 | until 2026-12-31 |
    week x5 until 2026-12-31 | week until 3/4/2026 | FREQ= | FREQ=OFTEN | COUNT=3 | RRULE: |
    FREQ=HOURLY | FREQ=SECONDLY;INTERVAL=5 | FREQ=DAILY;INTERVAL=0 | FREQ=DAILY;INTERVAL=-1 |
    FREQ=DAILY;INTERVAL=99999 | FREQ=DAILY;COUNT=0 | FREQ=DAILY;COUNT=3;UNTIL=20261231 |
    FREQ=DAILY;FREQ=DAILY | FREQ=DAILY;X=1 | FREQ=DAILY;BYHOUR=9,17 | FREQ=DAILY;BYHOUR=25 |
    FREQ=DAILY;UNTIL=2026-12-31 | FREQ=DAILY;UNTIL=20260230 | FREQ=DAILY;UNTIL=20261231T25 |
    FREQ=WEEKLY;BYDAY=1MO | FREQ=WEEKLY;BYDAY=XXMO | FREQ=WEEKLY;BYDAY=ÜO |
    FREQ=WEEKLY;BYDAY=M | FREQ=MONTHLY;BYDAY=6MO | FREQ=MONTHLY;BYMONTHDAY=32 |
    FREQ=WEEKLY;BYMONTHDAY=1 | FREQ=DAILY\nDTSTART:20260101 |
    DTSTART:20260101T000000Z\nRRULE:FREQ=DAILY | = | ;=;";

#[test]
fn what_is_no_rule_is_refused() {
    for text in REFUSED.split('|') {
        let found = Repeat::parse(text);
        assert!(found.is_err(), "{text}: {found:?}");
    }
}

#[track_caller]
fn check(rule: &str, from: &str, after: &str, expect: Option<&str>) {
    let context = context();
    let read = |text: &str| due(text, &context).expect("a due day");
    let repeat = Repeat::parse(rule).expect("a rule");
    let after = read(after).day(Berlin);
    let found = repeat.next(&read(from), after, &context);
    assert_eq!(found, expect.map(read), "{rule} from {from} after {after}");
}

#[test]
fn the_next_occurrence() {
    check("day", "2026-11-25", "2026-11-25", Some("2026-11-26"));
    check("2 weeks", "2026-11-25", "2026-11-25", Some("2026-12-09"));
    check("2 weeks", "2026-09-02", "2026-11-25", Some("2026-11-25"));
    check("2 weeks", "2026-09-02", "2026-11-26", Some("2026-12-09"));
    check("mon,thu", "2026-11-25", "2026-11-25", Some("2026-11-26"));
    check("weekdays", "2026-11-27", "2026-11-27", Some("2026-11-30"));
    check("1st monday", "2026-11-25", "2026-11-25", Some("2026-12-07"));
    check(
        "last friday",
        "2026-11-27",
        "2026-11-27",
        Some("2026-12-25"),
    );
    check("quarter", "2026-11-25", "2026-11-25", Some("2027-02-25"));
    check("31st", "2027-01-31", "2027-01-31", Some("2027-02-28"));
    check("31st", "2027-02-28", "2027-02-28", Some("2027-03-31"));
    check("last day", "2028-01-31", "2028-01-31", Some("2028-02-29"));
    check(
        "FREQ=MONTHLY;BYMONTHDAY=31",
        "2027-01-31",
        "2027-01-31",
        Some("2027-03-31"),
    );
    check("year", "2026-12-31", "2026-12-31", Some("2027-12-31"));
    check("year", "2028-02-29", "2028-02-29", Some("2029-02-28"));
    check("month", "2027-01-31", "2027-01-31", Some("2027-02-28"));
    check("3 months", "2027-01-30", "2027-01-30", Some("2027-04-30"));
    check("day", "1900-01-01", "2199-01-01", Some("2199-01-01"));
    check(
        "FREQ=DAILY;BYHOUR=9",
        "2026-11-25",
        "2026-11-25",
        Some("2026-11-26"),
    );
}

#[test]
fn a_time_keeps_what_the_clock_shows() {
    check(
        "week",
        "2027-03-22 09:00",
        "2027-03-22",
        Some("2027-03-29 09:00"),
    );
    check(
        "day",
        "2027-10-30 09:00",
        "2027-10-30",
        Some("2027-10-31 09:00"),
    );
    check(
        "day",
        "2027-03-27 02:30",
        "2027-03-27",
        Some("2027-03-28 03:00"),
    );
    check(
        "FREQ=DAILY;BYHOUR=17;BYMINUTE=0",
        "2027-03-27 09:30",
        "2027-03-28",
        Some("2027-03-28 17:00"),
    );
    // Ten in the evening in New York is already the next day in Berlin.
    let zone = chrono_tz::America::New_York;
    let at = |text: &str| {
        DateTime::parse_from_rfc3339(text)
            .expect("an instant")
            .with_timezone(&Utc)
    };
    let from = Due::At(Moment::new(at("2026-11-25T22:00:00-05:00"), zone));
    let after = NaiveDate::from_ymd_opt(2026, 11, 28).expect("a day");
    let next = Repeat::parse("day")
        .expect("a rule")
        .next(&from, after, &context());
    assert_eq!(
        next,
        Some(Due::At(Moment::new(at("2026-11-27T22:00:00-05:00"), zone)))
    );
}

#[test]
fn a_rule_ends() {
    check(
        "day until 2026-11-27",
        "2026-11-26",
        "2026-11-26",
        Some("2026-11-27"),
    );
    check("day until 2026-11-27", "2026-11-27", "2026-11-27", None);
    check(
        "day until 2026-11-27",
        "2026-11-26 23:30",
        "2026-11-26",
        Some("2026-11-27 23:30"),
    );
    check(
        "FREQ=DAILY;UNTIL=20261127T090000Z",
        "2026-11-26 10:00",
        "2026-11-26",
        Some("2026-11-27 10:00"),
    );
    check(
        "FREQ=DAILY;UNTIL=20261127T085959Z",
        "2026-11-26 10:00",
        "2026-11-26",
        None,
    );
    check(
        "FREQ=DAILY;UNTIL=20261127T095959",
        "2026-11-26 10:00",
        "2026-11-26",
        None,
    );
    check(
        "FREQ=DAILY;UNTIL=20261126T230000Z",
        "2026-11-26",
        "2026-11-26",
        Some("2026-11-27"),
    );
    check("day x2", "2026-11-25", "2026-11-25", Some("2026-11-26"));
    check("day x1", "2026-11-25", "2026-11-25", None);
    check("day x3", "2026-11-25", "2026-11-27", Some("2026-11-27"));
    check("day x3", "2026-11-25", "2026-11-28", None);
    check(
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "2026-11-25",
        "2026-11-25",
        None,
    );
    check(
        "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30",
        "2026-11-25",
        "2026-11-25",
        None,
    );
    check(
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "2026-11-25",
        "2026-11-25",
        None,
    );
    check("year", "2200-06-01", "2200-06-01", None);
}

#[test]
fn a_count_goes_down_to_its_end() {
    let context = context();
    let after_one = |text: &str| Repeat::parse(text).expect("a rule").after_one();
    assert_eq!(after_one("week x3"), Repeat::parse("week x2").ok());
    assert_eq!(after_one("week x1"), None);
    assert_eq!(
        after_one("week until 2026-12-31"),
        Repeat::parse("week until 2026-12-31").ok()
    );

    // Five days from Wednesday on, done every second day: the days passed over are counted.
    let read = |text: &str| due(text, &context).expect("a due day");
    let (mut now, mut rule) = (read("2026-11-25"), Repeat::parse("day x5").expect("a rule"));
    let mut seen = vec![now];
    while let Some((next, rest)) =
        rule.follow(&now, now.day(Berlin) + chrono::Days::new(2), &context)
    {
        (now, rule) = (next, rest);
        seen.push(now);
    }
    assert_eq!(seen, ["2026-11-25", "2026-11-27", "2026-11-29"].map(read));
    assert_eq!(rule.rule(), "FREQ=DAILY;COUNT=1");
}

#[test]
fn an_end_may_be_in_the_users_words() {
    // Today is Wednesday, 25 November 2026.
    for (text, expect) in [
        ("week until 1 mar", Ok("FREQ=WEEKLY;UNTIL=20270301")),
        (
            "weekdays until fri",
            Ok("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;UNTIL=20261127"),
        ),
        (
            "mon,thu until 1.3.2027",
            Ok("FREQ=WEEKLY;BYDAY=MO,TH;UNTIL=20270301"),
        ),
        ("day until +10d", Ok("FREQ=DAILY;UNTIL=20261205")),
        (
            "last friday until eoy",
            Ok("FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20261231"),
        ),
        ("1st monday x3", Ok("FREQ=MONTHLY;BYDAY=1MO;COUNT=3")),
        ("FREQ=DAILY;UNTIL=20261231", Ok("FREQ=DAILY;UNTIL=20261231")),
        (
            "day until someday",
            Err(ValueError::When("someday".to_owned())),
        ),
        ("day until", Err(ValueError::When(String::new()))),
        ("until fri", Err(ValueError::Malformed)),
    ] {
        let read = Repeat::read(text, &context());
        let rule = read.as_ref().map(Repeat::rule).map_err(Clone::clone);
        assert_eq!(rule, expect, "{text}");
    }
}

/// The days of a series as each is done on a day of its own: due, done, due, done…
#[track_caller]
fn check_series(rule: &str, from: &str, done: &[&str], expect: &[&str]) {
    let context = context();
    let read = |text: &str| due(text, &context).expect("a due day");
    let (mut now, mut rule) = (read(from), Repeat::parse(rule).expect("a rule"));
    let mut days = Vec::new();
    for day in done {
        let tomorrow = read(day).day(Berlin) + chrono::Days::new(1);
        let Some((next, follows)) = rule.follow(&now, tomorrow, &context) else {
            days.push("over".to_owned());
            break;
        };
        days.push(match next {
            Due::Day(day) => day.to_string(),
            Due::At(moment) => moment.wall().format("%Y-%m-%d %H:%M").to_string(),
        });
        (now, rule) = (next, follows);
    }
    assert_eq!(days, expect, "from {from}");
}

#[test]
fn late_or_early_the_rhythm_stays() {
    let check = check_series;
    // On time, a day late, nine days late, two days early.
    check(
        "week",
        "2026-11-25",
        &["2026-11-25", "2026-12-03", "2026-12-18", "2026-12-21"],
        &["2026-12-02", "2026-12-09", "2026-12-23", "2026-12-30"],
    );
    // Every second week stays every second week, also when a whole one was missed.
    check(
        "2 weeks on tue,thu",
        "2026-11-24",
        &["2026-11-24", "2026-11-30", "2026-12-17"],
        &["2026-11-26", "2026-12-08", "2026-12-22"],
    );
    check(
        "weekdays",
        "2026-11-27",
        &["2026-11-27", "2026-12-05"],
        &["2026-11-30", "2026-12-07"],
    );
    check(
        "1st monday",
        "2026-12-07",
        &["2026-12-07", "2027-01-04", "2027-02-20"],
        &["2027-01-04", "2027-02-01", "2027-03-01"],
    );
    check(
        "last friday",
        "2026-11-27",
        &["2026-11-26", "2026-12-26", "2027-01-29"],
        &["2026-12-25", "2027-01-29", "2027-02-26"],
    );
}

#[test]
fn late_or_early_months_clocks_and_ends_hold() {
    let check = check_series;
    // Ends of months, late, and back to the 31st; a leap day.
    check(
        "month",
        "2026-12-31",
        &["2026-12-31", "2027-01-31", "2027-03-02", "2027-03-31"],
        &["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"],
    );
    check(
        "month",
        "2028-01-31",
        &["2028-01-31", "2028-03-01"],
        &["2028-02-29", "2028-03-31"],
    );
    check(
        "year",
        "2028-02-29",
        &["2028-02-29", "2029-02-28", "2031-05-01"],
        &["2029-02-28", "2030-02-28", "2032-02-29"],
    );
    // The clock is set forward on 2027-03-28 and back on 2027-10-31.
    check(
        "week",
        "2027-03-21 02:30",
        &["2027-03-21", "2027-04-05"],
        &["2027-03-28 03:00", "2027-04-11 02:30"],
    );
    check(
        "day",
        "2027-10-30 02:30",
        &["2027-10-30", "2027-10-31"],
        &["2027-10-31 02:30", "2027-11-01 02:30"],
    );
    // Ends: what was missed counts, the last day is in it.
    check(
        "week x4",
        "2026-11-25",
        &["2026-11-25", "2026-12-10", "2026-12-16"],
        &["2026-12-02", "2026-12-16", "over"],
    );
    check(
        "week until 2026-12-09",
        "2026-11-25",
        &["2026-11-25", "2026-12-02", "2026-12-09"],
        &["2026-12-02", "2026-12-09", "over"],
    );
    check(
        "week until 2026-12-09",
        "2026-11-25",
        &["2026-12-09"],
        &["over"],
    );
}

const KEYS: &[&str] = &[
    "BYMONTH",
    "BYWEEKNO",
    "BYYEARDAY",
    "BYMONTHDAY",
    "BYDAY",
    "BYSETPOS",
    "WKST",
];
const VALUES: &[&str] = &[
    "1", "-1", "2,5", "30,31", "53", "366", "-366", "MO", "1MO,-5SU", "SU,WE", "5FR",
];

proptest! {
    #[test]
    fn no_text_panics(text in ".{0,30}", list in "[A-Z0-9;=,ü-]{0,30}") {
        let _ = (Repeat::parse(&text), Repeat::parse(&format!("FREQ=MONTHLY;BYDAY={list}")));
        let stored = Repeat(text);
        let day = NaiveDate::MAX;
        let _ = (stored.words(), stored.after_one(), stored.next(&Due::Day(day), day, &context()));
    }

    #[test]
    fn no_rule_panics_or_goes_back(
        frequency in prop::sample::select(vec!["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]),
        interval in prop::sample::select(vec![1, 2, 13, 400, 65535]),
        parts in prop::collection::btree_map(
            prop::sample::select(KEYS), prop::sample::select(VALUES), 0..3),
        day in 0_u64..1500,
    ) {
        let mut text = format!("FREQ={frequency};INTERVAL={interval}");
        for (key, value) in parts {
            text.push_str(&format!(";{key}={value}"));
        }
        let Ok(repeat) = Repeat::parse(&text) else { return Ok(()) };
        prop_assert_eq!(Repeat::parse(&repeat.words()), Ok(repeat.clone()), "{}", text);
        let from = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap() + chrono::Days::new(day);
        if let Some(next) = repeat.next(&Due::Day(from), from, &context()) {
            prop_assert!(next.day(Berlin) > from, "{}", text);
        }
    }
}

#[test]
fn once_a_month_from_the_31st_misses_no_month_and_comes_back_to_the_31st() {
    let context = context();
    let mut rule = Repeat::parse("month x5").expect("a rule");
    let mut now = due("2027-01-31", &context).expect("a day");
    let mut days = Vec::new();
    while let Some((next, follows)) = rule.follow(&now, now.day(Berlin), &context) {
        days.push(next.day(Berlin).to_string());
        (now, rule) = (next, follows);
    }
    assert_eq!(
        days,
        ["2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31"]
    );
}
