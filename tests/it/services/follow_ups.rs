//! Logging what happened, and what is to be done.

use crate::office::{Office, moment};
use crate::world::World;
use touchbase::domain::record::Record;
use touchbase::domain::values::dates::Moment;
use touchbase::domain::values::repeat::Repeat;
use touchbase::domain::{activity, company, contact, deal, follow_up};
use touchbase::error::ErrorKind;
use touchbase::services::intent::{Intent, LogEntry, NextStep, Place, Reminder, Target};

fn open(office: &Office) -> Vec<String> {
    let all = office.all(&follow_up::KIND);
    let live = all
        .iter()
        .filter(|record| (follow_up::KIND.is_live)(record));
    let mut titles: Vec<String> = live.map(|record| record.title().to_owned()).collect();
    titles.sort();
    titles
}

#[test]
fn a_log_entry_does_the_only_follow_up_that_is_due() {
    // the follow-ups by when they are due, the type of the entry, those open afterwards
    for (due, kind, expect) in [
        (&["today"][..], "call", &[][..]),
        (&["yesterday"], "email", &[]),
        (&["today"], "note", &["today"]),
        (&["tomorrow"], "call", &["tomorrow"]),
        (&["today", "tomorrow"], "meeting", &["tomorrow"]),
        (&["today", "yesterday"], "call", &["today", "yesterday"]),
        (&["today 18:00"], "call", &[]),
        (&[], "call", &[]),
    ] {
        let mut office = Office::new();
        let ana = office.contact("Ana");
        let other = office.contact("Other");
        for text in due {
            office.remind(ana, text, text);
        }
        office.remind(other, "today", "z of another");
        let receipt = office.log(ana, kind, "spoke");
        let mut expect: Vec<&str> = expect.to_vec();
        expect.push("z of another");
        assert_eq!(open(&office), expect, "{due:?} {kind}");
        let several = due.len() == 2 && expect.len() == 3;
        assert_eq!(!receipt.warnings.is_empty(), several, "{due:?} {kind}");
        if expect.len() <= due.len() {
            let done = office.all(&follow_up::KIND);
            let by = done
                .iter()
                .find_map(|record| record.get(follow_up::DONE_BY));
            assert_eq!(by, Some(&receipt.records[0].id));
        }
    }
}

#[test]
fn an_entry_for_one_deal_leaves_the_follow_ups_of_others() {
    let mut office = Office::new();
    let ana = office.contact("Ana");
    let (site, shop) = (office.deal("Site", "ana"), office.deal("Shop", "ana"));
    for (deal, text) in [(site, "about the site"), (shop, "about the shop")] {
        let about = vec![
            Target {
                kind: &contact::KIND,
                id: ana,
            },
            Target {
                kind: &deal::KIND,
                id: deal,
            },
        ];
        let due = office.due("today");
        office.perform(Intent::Remind(Reminder {
            about,
            due,
            text: text.to_owned(),
            repeat: None,
            priority: None,
        }));
    }
    office.perform(Intent::Log(LogEntry {
        contacts: vec![ana],
        deal: Some(site),
        kind: "call".to_owned(),
        ..LogEntry::default()
    }));
    assert_eq!(open(&office), ["about the shop"]);
    assert_eq!(
        office
            .get(&deal::KIND, site)
            .get(deal::LAST_ACTIVITY)
            .map(|i| i.0),
        Some(moment("2026-11-25 09:00"))
    );
    assert_eq!(office.get(&deal::KIND, shop).get(deal::LAST_ACTIVITY), None);
}

#[test]
fn last_contact_is_the_latest_touch_that_has_happened() {
    let mut office = Office::new();
    let ana = office.contact("Ana");
    // type, when, last contact afterwards
    for (kind, at, expect) in [
        ("note", None, None),
        ("call", Some("2026-11-20 10:00"), Some("2026-11-20 10:00")),
        ("email", Some("2026-11-10 10:00"), Some("2026-11-20 10:00")),
        ("visit", None, Some("2026-11-25 09:00")),
        ("note", Some("2026-11-24 10:00"), Some("2026-11-25 09:00")),
    ] {
        office.perform(Intent::Log(LogEntry {
            contacts: vec![ana],
            kind: kind.to_owned(),
            at: at.map(|at| Moment::new(moment(at), chrono_tz::UTC)),
            ..LogEntry::default()
        }));
        let last = office
            .get(&contact::KIND, ana)
            .get(contact::LAST_CONTACT)
            .map(|i| i.0);
        assert_eq!(last, expect.map(moment), "{kind} {at:?}");
    }
    office.perform(Intent::Undo(None));
    office.perform(Intent::Undo(None));
    let last = office
        .get(&contact::KIND, ana)
        .get(contact::LAST_CONTACT)
        .map(|i| i.0);
    assert_eq!(
        last,
        Some(moment("2026-11-20 10:00")),
        "undone with the entry"
    );
}

#[test]
fn an_entry_keeps_every_line_and_knows_the_company() {
    let mut office = Office::new();
    let acme = office.add(&company::KIND, &[("name", "Acme")]);
    let ana = office.add(&contact::KIND, &[("name", "Ana"), ("company", "acme")]);
    let made = office.log(ana, "call", " first line \nsecond\n").records[0].id;
    let record = office.get(&activity::KIND, made);
    assert_eq!(record.title(), "first line");
    assert_eq!(record.text(activity::NOTES), "first line \nsecond");
    assert_eq!(record.get(activity::COMPANY), Some(&acme));
    let made = office.log(ana, "call", "").records[0].id;
    assert_eq!(office.get(&activity::KIND, made).title(), "call");
    let wrong = LogEntry {
        contacts: vec![ana],
        kind: "dance".to_owned(),
        ..LogEntry::default()
    };
    assert_eq!(office.refused(Intent::Log(wrong)), ErrorKind::Invalid);
}

fn every(office: &mut Office, contact: &str, due: &str, rule: &str) -> Record {
    let id = office.contact(contact);
    let due = office.due(due);
    let made = office.perform(Intent::Remind(Reminder {
        about: vec![Target {
            kind: &contact::KIND,
            id,
        }],
        due,
        text: "call".to_owned(),
        repeat: Some(Repeat::parse(rule).expect(rule)),
        priority: Some("high".to_owned()),
    }));
    office.get(&follow_up::KIND, made.records[0].id)
}

fn done(office: &mut Office, id: touchbase::domain::id::Id) {
    office.perform(Intent::Done {
        follow_up: id,
        log: None,
        next: None,
    });
}

#[test]
fn one_that_repeats_comes_again_when_it_is_done() {
    // due, rule, then when the next is due if done on Wednesday 2026-11-25
    for (due, rule, expect) in [
        ("2026-11-25", "day", Some("2026-11-26")),
        ("2026-11-25", "2 weeks", Some("2026-12-09")),
        ("2026-11-23", "week", Some("2026-11-30")),
        // missed ones are not made up for
        ("2026-10-05", "week", Some("2026-11-30")),
        ("2026-11-30", "week", Some("2026-12-07")),
        ("2026-10-31", "month", Some("2026-11-30")),
        ("2026-11-25", "1st monday", Some("2026-12-07")),
        ("2026-11-25", "week x2", Some("2026-12-02")),
        ("2026-11-25", "week x1", None),
        ("2026-11-25", "week until 2026-11-30", None),
    ] {
        let mut office = Office::new();
        let record = every(&mut office, "Ana", due, rule);
        done(&mut office, record.id);
        let all = office.all(&follow_up::KIND);
        let next = all.iter().find(|other| other.id != record.id);
        let day = next.and_then(|next| next.get(follow_up::DUE));
        let day = day.map(|due| due.day(chrono_tz::UTC).to_string());
        assert_eq!(day.as_deref(), expect, "{due} {rule}");
        if let Some(next) = next {
            assert_eq!(
                next.list(follow_up::CONTACTS),
                record.list(follow_up::CONTACTS)
            );
            assert_eq!(
                (next.title(), next.text(follow_up::PRIORITY)),
                ("call", "high")
            );
            assert_eq!(next.get(follow_up::DONE), None);
        }
        office.perform(Intent::Undo(None));
        assert_eq!(office.all(&follow_up::KIND).len(), 1, "undone with it");
        assert_eq!(open(&office), ["call"]);
    }
}

#[test]
fn snoozing_counts_and_keeps_the_rhythm() {
    let mut office = Office::new();
    let record = every(&mut office, "Ana", "2026-11-23", "week");
    for (number, until) in [(1, "2026-11-26"), (2, "2026-11-27")] {
        let due = office.due(until);
        office.perform(Intent::Snooze(vec![record.id], due));
        let now = office.get(&follow_up::KIND, record.id);
        assert_eq!(now.get(follow_up::SNOOZED), Some(&number));
        assert_eq!(now.get(follow_up::FIRST_DUE), record.get(follow_up::DUE));
        assert_eq!(now.get(follow_up::DUE), Some(&due));
    }
    done(&mut office, record.id);
    let all = office.all(&follow_up::KIND);
    let next = all
        .iter()
        .find(|other| other.id != record.id)
        .expect("comes again");
    assert_eq!(
        next.get(follow_up::DUE),
        Some(&office.due("2026-11-30")),
        "from the first day"
    );
    assert_eq!(
        (next.get(follow_up::SNOOZED), next.get(follow_up::FIRST_DUE)),
        (None, None)
    );
    let due = office.due("tomorrow");
    assert_eq!(
        office.refused(Intent::Snooze(vec![record.id], due)),
        ErrorKind::Invalid
    );
    let again = Intent::Done {
        follow_up: record.id,
        log: None,
        next: None,
    };
    assert_eq!(office.refused(again), ErrorKind::Invalid);
}

#[test]
fn done_can_log_and_make_the_next() {
    let mut office = Office::new();
    let ana = office.contact("Ana");
    let call = office.remind(ana, "today", "call about the quote");
    let due = office.due("fri");
    let receipt = office.perform(Intent::Done {
        follow_up: call,
        log: Some(("call".to_owned(), String::new())),
        next: Some(NextStep {
            due,
            text: String::new(),
        }),
    });
    assert_eq!(office.titles(&activity::KIND), ["call about the quote"]);
    assert_eq!(open(&office), ["follow up with Ana"]);
    assert_eq!(receipt.records.len(), 4, "{receipt:?}");
    let last = office
        .get(&contact::KIND, ana)
        .get(contact::LAST_CONTACT)
        .copied();
    assert!(last.is_some());
    assert_eq!(office.session.last_change(), 3, "one change");
    office.perform(Intent::Undo(None));
    assert_eq!(open(&office), ["call about the quote"]);
    assert_eq!(office.titles(&activity::KIND), Vec::<String>::new());
}

#[test]
fn what_is_left_of_a_removed_contact_can_still_be_worked_on() {
    let mut office = Office::new();
    let ana = office.contact("Ana");
    let deal = office.deal("Site", "ana");
    let call = office.remind(ana, "today", "call");
    let visit = office.remind(ana, "today", "visit");
    let logged = office.log(ana, "email", "hello").records[0].id;
    let gone = vec![Target {
        kind: &contact::KIND,
        id: ana,
    }];
    office.perform(Intent::Place(gone.clone(), Place::Trash));
    office.perform(Intent::Purge(gone));
    office.edit(&activity::KIND, logged, &[("text", "hello there")]);
    office.edit(&follow_up::KIND, call, &[("text", "call her")]);
    let due = office.due("tomorrow");
    let next = Some(NextStep {
        due,
        text: String::new(),
    });
    office.perform(Intent::Done {
        follow_up: visit,
        log: None,
        next,
    });
    office.perform(Intent::Done {
        follow_up: call,
        log: Some(("call".to_owned(), "spoke".to_owned())),
        next: None,
    });
    office.edit(&deal::KIND, deal, &[("stage", "won")]);
    assert_eq!(office.titles(&activity::KIND).len(), 2);
}

#[test]
fn whoever_is_named_twice_is_meant_once_and_one_company_is_all() {
    let mut office = Office::new();
    let ana = office.contact("Ana");
    let acme = office.add(&company::KIND, &[("name", "Acme")]);
    let beta = office.add(&company::KIND, &[("name", "Beta")]);
    office.remind(ana, "today", "call");
    let made = office.perform(Intent::Log(LogEntry {
        contacts: vec![ana, ana],
        kind: "call".to_owned(),
        ..LogEntry::default()
    }));
    let record = office.get(&activity::KIND, made.records[0].id);
    assert_eq!(record.list(activity::CONTACTS), [ana]);
    assert_eq!(open(&office), Vec::<String>::new(), "she is the only one");
    let person = |id| Target {
        kind: &contact::KIND,
        id,
    };
    let firm = |id| Target {
        kind: &company::KIND,
        id,
    };
    let due = office.due("today");
    let about = |about: &[Target]| {
        Intent::Remind(Reminder {
            about: about.to_vec(),
            due,
            text: String::new(),
            repeat: None,
            priority: None,
        })
    };
    let made = office.perform(about(&[person(ana), person(ana), firm(acme), firm(acme)]));
    let record = office.get(&follow_up::KIND, made.records[0].id);
    assert_eq!(record.list(follow_up::CONTACTS), [ana]);
    assert_eq!(record.get(follow_up::COMPANY), Some(&acme));
    assert_eq!(
        office.refused(about(&[firm(acme), firm(beta)])),
        ErrorKind::Invalid
    );
}

#[test]
fn an_entry_with_nobody_is_refused() {
    let world = World::new();
    for name in ["Acme", "Beta"] {
        world.run(&["touchbase", "company", "add", name], "");
    }
    for who in ["", ",", " , ", "acme,beta"] {
        let ran = world.run(&["touchbase", "log", who, "spoke"], "");
        assert_eq!(ran.code, 5, "{who}: {}", ran.err);
    }
}

#[test]
fn what_lies_ahead_is_planned_but_not_logged() {
    let mut office = Office::new();
    let ana = office.contact("Ana");
    let ahead = Moment::new(moment("2026-12-24 10:00"), chrono_tz::UTC);
    let log = Intent::Log(LogEntry {
        contacts: vec![ana],
        kind: "meeting".to_owned(),
        at: Some(ahead),
        ..LogEntry::default()
    });
    assert_eq!(office.refused(log), ErrorKind::Invalid);
    // A meeting in the calendar is no touch yet.
    office.add(
        &activity::KIND,
        &[
            ("text", "Lunch"),
            ("type", "meeting"),
            ("at", "2026-12-24 10:00"),
            ("contact", "ana"),
        ],
    );
    assert_eq!(
        office.get(&contact::KIND, ana).get(contact::LAST_CONTACT),
        None
    );
}
