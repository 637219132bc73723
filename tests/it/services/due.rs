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
