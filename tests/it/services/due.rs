//! What is due, in every zone and around midnight, and telling it once.

use crate::office::{Office, moment};
use touchbase::domain::contact;
use touchbase::domain::follow_up;
use touchbase::domain::values::dates::{Due, Moment};
use touchbase::services::due::{Item, Span, due, keep_told, untold};
use touchbase::services::intent::{Intent, Place, Reminder, Target};

fn office(now: &str, zone: chrono_tz::Tz) -> Office {
    let mut office = Office::new();
    office.env.context.zone = zone;
    office.at(now);
    let id = office.contact("Ana");
    for (text, due) in [
        ("day 24", Due::Day("2026-11-24".parse().expect("a day"))),
        ("day 25", Due::Day("2026-11-25".parse().expect("a day"))),
        ("day 26", Due::Day("2026-11-26".parse().expect("a day"))),
        (
            "24 23:30Z",
            Due::At(Moment::new(moment("2026-11-24 23:30"), chrono_tz::UTC)),
        ),
        (
            "25 09:00Z",
            Due::At(Moment::new(moment("2026-11-25 09:00"), chrono_tz::UTC)),
        ),
        (
            "25 23:30Z",
            Due::At(Moment::new(moment("2026-11-25 23:30"), chrono_tz::UTC)),
        ),
    ] {
        office.perform(Intent::Remind(Reminder {
            about: vec![Target {
                kind: &contact::KIND,
                id,
            }],
            due,
            text: text.to_owned(),
            repeat: None,
            priority: None,
        }));
    }
    office
}

fn joined(items: &[Item]) -> String {
    let titles: Vec<String> = items.iter().map(Item::title).collect();
    titles.join(", ")
}

fn asked(office: &Office, span: Span) -> String {
    joined(&due(&office.session, &office.env, span).expect("readable"))
}

/// Tells what is due, successfully.
fn tell(office: &mut Office) -> Vec<Item> {
    let telling = untold(&office.session, &office.env).expect("readable");
    keep_told(&mut office.session, &telling).expect("kept");
    telling.items
}

#[test]
fn today_is_the_users_today() {
    use chrono_tz::{America::Los_Angeles, Europe::Berlin, Pacific::Kiritimati, UTC};
    // now in UTC, zone, due today, overdue
    for (now, zone, today, overdue) in [
        (
            "2026-11-25 09:00",
            UTC,
            "24 23:30Z, day 24, 25 09:00Z, 25 23:30Z, day 25",
            "24 23:30Z, day 24",
        ),
        (
            "2026-11-25 09:01",
            Berlin,
            "day 24, 24 23:30Z, 25 09:00Z, day 25",
            "day 24, 24 23:30Z, 25 09:00Z",
        ),
        // one minute before midnight in Berlin, and midnight
        (
            "2026-11-25 22:59",
            Berlin,
            "day 24, 24 23:30Z, 25 09:00Z, day 25",
            "day 24, 24 23:30Z, 25 09:00Z",
        ),
        (
            "2026-11-25 23:00",
            Berlin,
            "day 24, 24 23:30Z, 25 09:00Z, day 25, 25 23:30Z, day 26",
            "day 24, 24 23:30Z, 25 09:00Z, day 25",
        ),
        // fourteen hours ahead it is the 26th already
        (
            "2026-11-25 10:00",
            Kiritimati,
            "day 24, 24 23:30Z, 25 09:00Z, day 25, 25 23:30Z, day 26",
            "day 24, 24 23:30Z, 25 09:00Z, day 25",
        ),
        // eight hours behind it is still the 24th
        (
            "2026-11-25 07:00",
            Los_Angeles,
            "24 23:30Z, day 24",
            "24 23:30Z",
        ),
    ] {
        let office = office(now, zone);
        assert_eq!(asked(&office, Span::Today), today, "{now} {zone}");
        assert_eq!(asked(&office, Span::Overdue), overdue, "{now} {zone}");
    }
}

#[test]
fn spans_end_where_they_say() {
    let office = office("2026-11-25 09:00", chrono_tz::Europe::Berlin);
    let day = |text: &str| Span::Until(Due::Day(text.parse().expect(text)));
    let at = |text: &str| Span::Until(Due::At(Moment::new(moment(text), chrono_tz::UTC)));
    let since = |text: &str| Span::Since(moment(text));
    for (span, expect) in [
        (day("2026-11-23"), ""),
        (day("2026-11-24"), "day 24"),
        (
            day("2026-11-26"),
            "day 24, 24 23:30Z, 25 09:00Z, day 25, 25 23:30Z, day 26",
        ),
        (
            day("+262142-12-31"),
            "day 24, 24 23:30Z, 25 09:00Z, day 25, 25 23:30Z, day 26",
        ),
        (day("-262143-01-01"), ""),
        (
            at("2026-11-25 09:00"),
            "day 24, 24 23:30Z, 25 09:00Z, day 25",
        ),
        (at("2026-11-25 08:59"), "day 24, 24 23:30Z, day 25"),
        (since("2026-11-25 09:00"), ""),
        (since("2026-11-25 08:59"), "25 09:00Z"),
        (since("2026-11-24 23:00"), "24 23:30Z, 25 09:00Z"),
        (since("2026-11-24 22:59"), "24 23:30Z, 25 09:00Z, day 25"),
        (since("2027-01-01 00:00"), ""),
    ] {
        assert_eq!(asked(&office, span), expect, "{span:?}");
    }
}

#[test]
fn what_is_done_or_put_away_is_not_due() {
    let mut office = office("2026-11-25 09:00", chrono_tz::Europe::Berlin);
    let all = office.all(&follow_up::KIND);
    let of = |title: &str| all.iter().find(|r| r.title() == title).expect(title).id;
    office.perform(Intent::Done {
        follow_up: of("day 24"),
        log: None,
        next: None,
    });
    let kind = &follow_up::KIND;
    office.perform(Intent::Place(
        vec![Target {
            kind,
            id: of("day 25"),
        }],
        Place::Trash,
    ));
    office.perform(Intent::Place(
        vec![Target {
            kind,
            id: of("24 23:30Z"),
        }],
        Place::Archive,
    ));
    assert_eq!(asked(&office, Span::Today), "25 09:00Z");
    office.perform(Intent::Place(
        vec![Target {
            kind,
            id: of("day 25"),
        }],
        Place::Active,
    ));
    assert_eq!(asked(&office, Span::Today), "25 09:00Z, day 25");
}

#[test]
fn what_is_due_is_told_once() {
    let mut office = office("2026-11-25 08:59", chrono_tz::Europe::Berlin);
    let told = |office: &mut Office| joined(&tell(office));
    assert_eq!(told(&mut office), "day 24, 24 23:30Z, day 25");
    assert_eq!(told(&mut office), "");
    office.at("2026-11-25 09:00");
    assert_eq!(told(&mut office), "25 09:00Z");
    let last = office.session.last_change();
    office.reopen();
    assert_eq!(told(&mut office), "", "another session knows");
    // A traveller is not told again what begins the day elsewhere.
    office.env.context.zone = chrono_tz::America::New_York;
    assert_eq!(told(&mut office), "", "in another zone");
    office.env.context.zone = chrono_tz::Europe::Berlin;
    assert_eq!(told(&mut office), "");
    let all = office.all(&follow_up::KIND);
    let day = all
        .iter()
        .find(|r| r.title() == "day 24")
        .expect("there")
        .id;
    let until = office.due("2026-11-25 14:00");
    office.perform(Intent::Snooze(vec![day], until));
    assert_eq!(told(&mut office), "", "not before it is due again");
    office.at("2026-11-25 13:00");
    assert_eq!(told(&mut office), "day 24");
    assert_eq!(told(&mut office), "");
    office.at("2026-11-27 13:00");
    assert_eq!(
        told(&mut office),
        "25 23:30Z, day 26",
        "a missed run is caught up"
    );
    assert_eq!(
        office.session.last_change(),
        last + 1,
        "telling is no change"
    );
}

#[test]
fn a_repeating_one_is_told_each_time() {
    let mut office = Office::new();
    let ana = office.contact("Ana");
    let call = office.remind(ana, "today", "call");
    office.edit(&follow_up::KIND, call, &[("every", "day")]);
    for day in ["2026-11-25 09:00", "2026-11-26 09:00", "2026-11-27 09:00"] {
        office.at(day);
        let told = tell(&mut office);
        assert_eq!(joined(&told), "call", "{day}");
        office.perform(Intent::Done {
            follow_up: told[0].id(),
            log: None,
            next: None,
        });
        assert_eq!(tell(&mut office), []);
    }
}

/// A store on that day with Ana, who has a birthday, and Bo, who has an anniversary.
fn with_dates(birthday: &str) -> Office {
    let mut office = Office::new();
    office.env.settings.remind.birthdays = true;
    office.env.settings.remind.dates = vec!["anniversary".to_owned()];
    let fields = [("name", "Ana"), ("birthday", birthday)];
    office.add(&contact::KIND, &fields);
    let fields = [("name", "Bo"), ("date", "anniversary:2020-11-27")];
    office.add(&contact::KIND, &fields);
    office
}

#[test]
fn dates_are_told_once_a_year_when_they_are_switched_on() {
    let mut office = with_dates("1980-11-26");
    let told = |office: &mut Office, at: &str| {
        office.at(at);
        joined(&tell(office))
    };
    assert_eq!(told(&mut office, "2026-11-25 09:00"), "");
    assert_eq!(told(&mut office, "2026-11-26 09:00"), "birthday, turns 46");
    assert_eq!(told(&mut office, "2026-11-26 10:00"), "");
    // Told whatever the settings say meanwhile.
    office.env.settings.remind.birthday_days_before = 14;
    assert_eq!(
        told(&mut office, "2026-11-26 11:00"),
        "anniversary, 6 years"
    );
    office.env.settings.remind.birthday_days_before = 0;
    assert_eq!(told(&mut office, "2026-11-27 11:00"), "");
    assert_eq!(told(&mut office, "2026-12-01 11:00"), "");
    // A year later, missed by three days.
    assert_eq!(
        told(&mut office, "2027-11-29 09:00"),
        "birthday, turns 47, anniversary, 7 years"
    );
    assert_eq!(told(&mut office, "2027-12-01 09:00"), "");
    // Missed by more than a week it is no use any more.
    assert_eq!(told(&mut office, "2028-12-05 09:00"), "");
    office.env.settings.remind = touchbase::domain::settings::remind::RemindSettings::default();
    assert_eq!(told(&mut office, "2029-11-26 09:00"), "");
}

#[test]
fn a_leap_day_is_remembered_on_the_first_of_march() {
    let mut office = with_dates("--02-29");
    for (at, expect) in [
        ("2027-02-28 12:00", ""),
        ("2027-03-01 12:00", "birthday"),
        ("2028-02-28 12:00", ""),
        ("2028-02-29 12:00", "birthday"),
        ("2028-03-01 12:00", ""),
    ] {
        office.at(at);
        assert_eq!(joined(&tell(&mut office)), expect, "{at}");
    }
}

#[test]
fn dates_are_due_from_the_first_reminder_to_the_day() {
    let mut office = with_dates("1980-11-26");
    office.env.settings.remind.birthday_days_before = 2;
    let day = |text: &str| Span::Until(Due::Day(text.parse().expect(text)));
    for (at, span, expect) in [
        ("2026-11-23 09:00", Span::Today, ""),
        ("2026-11-24 09:00", Span::Today, "birthday, turns 46"),
        (
            "2026-11-26 09:00",
            Span::Today,
            "birthday, turns 46, anniversary, 6 years",
        ),
        ("2026-11-27 09:00", Span::Today, "anniversary, 6 years"),
        ("2026-11-28 09:00", Span::Today, ""),
        ("2026-11-26 09:00", Span::Overdue, ""),
        ("2026-11-20 09:00", day("2026-11-24"), "birthday, turns 46"),
        ("2026-11-20 09:00", day("2026-11-23"), ""),
        (
            "2026-11-25 09:00",
            Span::Since(moment("2026-11-24 12:00")),
            "anniversary, 6 years",
        ),
    ] {
        office.at(at);
        assert_eq!(asked(&office, span), expect, "{at} {span:?}");
    }
}

#[test]
fn what_becomes_due_in_quiet_hours_is_told_when_they_end() {
    let mut office = Office::new();
    let settings = &mut office.env.settings.remind;
    settings.quiet = "20:00-08:00".to_owned().try_into().expect("hours");
    settings.days_off = vec![chrono::Weekday::Sat, chrono::Weekday::Sun];
    let ana = office.contact("Ana");
    // Friday evening, Saturday, and Monday early in Berlin.
    for due in [
        "2026-11-27 20:30",
        "2026-11-28",
        "2026-11-30 07:00",
        "2026-11-30 09:00",
    ] {
        office.remind(ana, due, due);
    }
    for (at, expect) in [
        ("2026-11-27 18:59", ""),
        ("2026-11-27 19:31", ""),
        ("2026-11-28 12:00", ""),
        ("2026-11-30 06:30", ""),
        (
            "2026-11-30 07:00",
            "2026-11-27 20:30, 2026-11-28, 2026-11-30 07:00",
        ),
        ("2026-11-30 07:01", ""),
        ("2026-11-30 08:00", "2026-11-30 09:00"),
        ("2026-11-30 19:00", ""),
    ] {
        office.at(at);
        assert_eq!(joined(&tell(&mut office)), expect, "{at}");
    }
    // Asked for, it is shown at any hour.
    office.at("2026-11-29 23:00");
    assert!(asked(&office, Span::Today).contains("2026-11-28"));
}

#[test]
fn a_head_tells_when_nothing_can_be_due() {
    use touchbase::services::due::is_nothing_due;
    use touchbase::store::head::Head;
    let mut office = Office::new();
    let head = |next: Option<&str>| {
        let next_due = next.map(|next| moment(next).timestamp_millis());
        Some(Head {
            number: 1,
            next_due,
        })
    };
    // It is nine in the morning in UTC; somewhere a day began up to 14 hours ago.
    for (head, expect) in [
        (None, false),
        (head(None), true),
        (head(Some("2026-11-25 09:00")), false),
        (head(Some("2026-11-25 23:00")), false),
        (head(Some("2026-11-25 23:01")), true),
    ] {
        assert_eq!(is_nothing_due(head, &office.env), expect, "{head:?}");
    }
    office.env.settings.remind.birthdays = true;
    assert!(!is_nothing_due(head(None), &office.env));
}
