//! Sessions: numbers, revisions, indexes and the log, on every store.

use crate::office::{moment, space};
use std::collections::BTreeSet;
use std::time::Duration;
use touchbase::domain::change::{Cause, ChangeSet, Edit, Who};
use touchbase::domain::id::{CountedIds, Id, IdSource as _};
use touchbase::domain::record::{ExternalId, Record, State};
use touchbase::domain::values::contact_points::{Email, Labelled};
use touchbase::domain::values::dates::{Due, Moment};
use touchbase::domain::values::phone::{Phone, Region};
use touchbase::domain::{activity, company, contact, follow_up};
use touchbase::store::disk::DiskStore;
use touchbase::store::folder::StoreFolder;
use touchbase::store::head::HeadFile;
use touchbase::store::memory::MemoryStore;
use touchbase::store::session::Session;
use touchbase::store::{Batch, Store, StoreError, keys};

/// Runs a check with a way to open sessions, on each store.
fn on_each(check: impl Fn(&dyn Fn() -> Session)) {
    let memory = MemoryStore::default();
    check(&|| Session::open(Box::new(memory.clone()), None, None).expect("opens"));
    let place = tempfile::tempdir().expect("a folder");
    let folder = StoreFolder::new(place.path().join("store"), Duration::from_secs(5));
    check(&|| folder.open().expect("opens"));
}

pub(crate) fn change(edits: Vec<Edit>) -> ChangeSet {
    ChangeSet {
        at: moment("2026-11-25 09:00"),
        who: Who::Cli,
        cause: Cause::Plain,
        summary: format!("{} records", edits.len()),
        edits,
    }
}

pub(crate) fn made(record: Record) -> Edit {
    Edit {
        before: None,
        after: Some(record),
    }
}

pub(crate) fn edited(before: &Record, change: impl FnOnce(&mut Record)) -> Edit {
    let mut after = before.clone();
    change(&mut after);
    Edit {
        before: Some(before.clone()),
        after: Some(after),
    }
}

pub(crate) fn removed(before: &Record) -> Edit {
    Edit {
        before: Some(before.clone()),
        after: None,
    }
}

pub(crate) fn person(ids: &mut CountedIds, name: &str) -> Record {
    let now = moment("2026-11-25 09:00");
    let mut record = Record::new(&contact::KIND, ids.next_id(now), now);
    record.set(contact::NAME, name.to_owned());
    record
}

pub(crate) fn commit(session: &mut Session, edits: Vec<Edit>) -> u64 {
    session.commit(change(edits)).expect("committed")
}

pub(crate) fn stored(session: &Session, id: Id) -> Record {
    let found = session.get(&contact::KIND, id).expect("readable");
    found.expect("there")
}

#[test]
fn changes_are_numbered_and_records_are_revised() {
    on_each(|open| {
        let mut session = open();
        let record = person(&mut CountedIds::default(), "Zoë Müller");
        let id = record.id;
        assert_eq!(session.last_change(), 0);
        assert_eq!(commit(&mut session, vec![made(record)]), 1);
        let first = stored(&session, id);
        assert_eq!(first.revision, 1);
        let edit = edited(&first, |record| record.set(contact::ROLE, "CEO".to_owned()));
        assert_eq!(commit(&mut session, vec![edit]), 2);
        drop(session);
        let mut session = open();
        assert_eq!(session.last_change(), 2);
        let second = stored(&session, id);
        assert_eq!((second.revision, second.text(contact::ROLE)), (2, "CEO"));
        assert_eq!(second.updated, moment("2026-11-25 09:00"));
        assert_eq!(commit(&mut session, vec![removed(&second)]), 3);
        assert_eq!(session.get(&contact::KIND, id).expect("readable"), None);
        let again = |revision| {
            let mut record = second.clone();
            record.revision = revision;
            record
        };
        assert_eq!(commit(&mut session, vec![made(again(2))]), 4);
        assert_eq!(stored(&session, id).revision, 3, "revisions never go back");
        let third = stored(&session, id);
        commit(&mut session, vec![removed(&third)]);
        commit(&mut session, vec![made(again(1))]);
        assert_eq!(stored(&session, id).revision, 4, "nor come twice");
    });
}

#[test]
fn a_stale_change_is_refused_and_nothing_of_it_is_written() {
    on_each(|open| {
        let mut session = open();
        let mut ids = CountedIds::default();
        let (one, two) = (person(&mut ids, "One"), person(&mut ids, "Two"));
        commit(&mut session, vec![made(one.clone())]);
        let first = stored(&session, one.id);
        commit(
            &mut session,
            vec![edited(&first, |r| r.set(contact::ROLE, "CEO".to_owned()))],
        );
        let second = stored(&session, one.id);
        let missing = person(&mut ids, "Missing");
        let stale: Vec<(&str, Edit)> = vec![
            (
                "an older revision",
                edited(&first, |r| r.clear(contact::ROLE)),
            ),
            ("one that exists already", made(one.clone())),
            ("removing an older revision", removed(&first)),
            (
                "one that does not exist",
                edited(&missing, |r| r.clear(contact::ROLE)),
            ),
        ];
        for (what, edit) in stale {
            let refused = session.commit(change(vec![made(two.clone()), edit]));
            assert!(
                matches!(refused, Err(StoreError::Conflict { .. })),
                "{what}"
            );
            assert_eq!(session.last_change(), 2, "{what}");
            assert_eq!(
                session.get(&contact::KIND, two.id).expect("read"),
                None,
                "{what}"
            );
            assert_eq!(stored(&session, one.id), second, "{what}");
        }
        assert_eq!(commit(&mut session, vec![made(two)]), 3);
    });
}

#[test]
fn values_are_found_until_they_change() {
    on_each(|open| {
        let mut session = open();
        let mut record = person(&mut CountedIds::default(), "Zoë Müller-Lüdenscheidt");
        let id = record.id;
        let email = |text: &str| {
            vec![Labelled {
                label: String::new(),
                value: Email::parse(text).expect(text),
            }]
        };
        record.set(contact::EMAILS, email("Zoe@Acme.de"));
        let phone = Phone::parse("0171 2345678", Region::DE).expect("a number");
        record.set(
            contact::PHONES,
            vec![Labelled {
                label: "work".into(),
                value: phone,
            }],
        );
        record.set(
            contact::TAGS,
            vec!["VIP".to_owned(), "Fair 2026".to_owned()],
        );
        record.external.push(ExternalId {
            source: "accountid".into(),
            id: "17".into(),
        });
        commit(&mut session, vec![made(record)]);
        let exact = |session: &Session, field: u16, text: &str| {
            session
                .find_exact(&contact::KIND, field, text)
                .expect("readable")
                == [id]
        };
        let word = |session: &Session, text: &str| {
            let found = session.find_words(&contact::KIND, contact::NAME.number(), text);
            found
                .expect("readable")
                .into_iter()
                .map(|(word, _)| word)
                .collect::<Vec<_>>()
        };
        let external = |session: &Session, source: &str, foreign: &str| {
            session
                .find_external(&contact::KIND, source, foreign)
                .expect("readable")
                == [id]
        };
        let emails = contact::EMAILS.number();
        let tags = contact::TAGS.number();
        assert!(exact(&session, emails, "zoe@acme.de"));
        assert!(!exact(&session, emails, "zoe@acme.d"));
        assert!(exact(&session, contact::PHONES.number(), "+491712345678"));
        assert!(exact(&session, tags, "vip") && exact(&session, tags, "fair 2026"));
        assert_eq!(word(&session, "mull"), ["muller"]);
        assert_eq!(word(&session, ""), ["ludenscheidt", "muller", "zoe"]);
        assert!(external(&session, "accountid", "17"));
        assert!(!external(&session, "accountid", "1"));
        assert!(!external(&session, "account", "id17"));
        let present = stored(&session, id);
        commit(
            &mut session,
            vec![edited(&present, |record| {
                record.set(contact::EMAILS, email("zoe@beta.de"));
                record.set(contact::NAME, "Zoë Beta".to_owned());
                record.clear(contact::TAGS);
                record.external.clear();
            })],
        );
        assert!(!exact(&session, emails, "zoe@acme.de") && exact(&session, emails, "zoe@beta.de"));
        assert!(!exact(&session, tags, "vip"));
        assert_eq!(word(&session, ""), ["beta", "zoe"]);
        assert!(!external(&session, "accountid", "17"));
        let present = stored(&session, id);
        commit(&mut session, vec![removed(&present)]);
        assert!(!exact(&session, emails, "zoe@beta.de"));
        assert_eq!(word(&session, ""), Vec::<String>::new());
        assert_eq!(session.find_id(&id.text()[..6], 5).expect("readable"), []);
    });
}

#[test]
fn links_come_newest_first_and_follow_their_records() {
    on_each(|open| {
        let mut session = open();
        let mut ids = CountedIds::default();
        let zoe = person(&mut ids, "Zoë");
        let mut edits = vec![made(zoe.clone())];
        for (text, time) in [
            ("second", "2026-03-02 10:00"),
            ("fourth", "2026-11-20 10:00"),
            ("first", "1969-12-31 23:00"),
            ("third", "2026-03-02 10:01"),
        ] {
            let mut record = Record::new(&activity::KIND, ids.next_id(zoe.created), zoe.created);
            record.set(activity::TEXT, text.to_owned());
            record.set(activity::AT, Moment::new(moment(time), chrono_tz::UTC));
            record.set(activity::CONTACTS, vec![zoe.id]);
            edits.push(made(record));
        }
        commit(&mut session, edits);
        let linked = |session: &Session, limit: usize| {
            let found = session.linked_from(zoe.id, &activity::KIND, limit);
            let found = found.expect("readable");
            found
                .iter()
                .map(|record| record.title().to_owned())
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(linked(&session, 9), "fourth third second first");
        assert_eq!(linked(&session, 2), "fourth third");
        assert_eq!(linked(&session, 0), "");
        let all: Vec<Record> = session
            .all(&activity::KIND)
            .map(|r| r.expect("read"))
            .collect();
        let of = |text: &str| all.iter().find(|r| r.title() == text).expect(text);
        let edits = vec![
            edited(of("fourth"), |r| r.clear(activity::CONTACTS)),
            edited(of("third"), |r| r.state = State::Trashed(zoe.created)),
            edited(of("first"), |r| {
                r.set(
                    activity::AT,
                    Moment::new(moment("2026-12-01 10:00"), chrono_tz::UTC),
                );
            }),
        ];
        commit(&mut session, edits);
        assert_eq!(linked(&session, 9), "first second");
        assert_eq!(
            session
                .linked_from(zoe.id, &company::KIND, 9)
                .expect("readable"),
            []
        );
    });
}

#[test]
fn times_are_found_only_while_a_record_asks_for_attention() {
    on_each(|open| {
        let mut session = open();
        let mut ids = CountedIds::default();
        let now = moment("2026-11-25 09:00");
        let mut edits = Vec::new();
        for day in ["2026-11-24", "2026-11-26", "2026-11-25"] {
            let mut record = Record::new(&follow_up::KIND, ids.next_id(now), now);
            record.set(follow_up::TEXT, day.to_owned());
            record.set(follow_up::DUE, Due::Day(day.parse().expect(day)));
            edits.push(made(record));
        }
        commit(&mut session, edits);
        let found = |session: &Session, from: &str, to: &str| {
            let (from, to) = (
                moment(from).timestamp_millis(),
                moment(to).timestamp_millis(),
            );
            let ids = session.find_time(&follow_up::KIND, follow_up::DUE.number(), from, to);
            let records = ids.expect("readable").into_iter();
            let titles = records.map(|id| session.get(&follow_up::KIND, id).expect("read"));
            titles
                .flatten()
                .map(|r| r.title()[8..].to_owned())
                .collect::<Vec<_>>()
                .join(" ")
        };
        let (early, late) = ("2000-01-01 00:00", "2100-01-01 00:00");
        assert_eq!(found(&session, early, late), "24 25 26");
        assert_eq!(
            found(&session, "2026-11-25 00:00", "2026-11-26 00:00"),
            "25"
        );
        assert_eq!(found(&session, late, early), "");
        let all: Vec<Record> = session
            .all(&follow_up::KIND)
            .map(|r| r.expect("read"))
            .collect();
        let done = touchbase::domain::values::Instant(now);
        let of = |day: &str| all.iter().find(|r| r.title() == day).expect(day);
        commit(
            &mut session,
            vec![
                edited(of("2026-11-24"), |r| r.set(follow_up::DONE, done)),
                edited(of("2026-11-26"), |r| r.state = State::Archived(now)),
            ],
        );
        assert_eq!(found(&session, early, late), "25");
    });
}

#[test]
fn short_ids_mean_one_record_and_grow_when_they_must() {
    on_each(|open| {
        let mut session = open();
        let now = moment("2026-11-25 09:00");
        let mut ids = CountedIds::default();
        let mut all: Vec<Id> = (0..300).map(|_| ids.next_id(now)).collect();
        // Two that differ late: the text begins with the last bits.
        all.push(Id::new(now, [0, 0, 0, 0, 0, 0, 0, 7, 7, 7]));
        all.push(Id::new(now, [0, 0, 0, 0, 0, 1, 0, 7, 7, 7]));
        let edits = all.iter().map(|&id| {
            let mut record = Record::new(&contact::KIND, id, now);
            record.set(contact::NAME, "Someone".to_owned());
            made(record)
        });
        commit(&mut session, edits.collect());
        let mut seen = BTreeSet::new();
        for &id in &all {
            let short = session.short_id(id).expect("readable");
            let meant = session.find_id(&short.to_uppercase(), 9).expect("readable");
            assert_eq!(meant, [(&contact::KIND, id)], "{short}");
            assert!(seen.insert(short));
        }
        assert!(seen.iter().filter(|short| short.len() == 4).count() > 250);
        assert!(seen.iter().any(|short| short.len() > 6));
    });
}

#[test]
fn the_log_keeps_heads_edits_and_histories() {
    on_each(|open| {
        let mut session = open();
        let mut ids = CountedIds::default();
        let (one, two) = (person(&mut ids, "One"), person(&mut ids, "Two"));
        commit(&mut session, vec![made(one.clone()), made(two.clone())]);
        let first = stored(&session, one.id);
        commit(
            &mut session,
            vec![edited(&first, |r| r.set(contact::ROLE, "CEO".to_owned()))],
        );
        drop(session);
        let session = open();
        let head = session.change_head(1).expect("readable").expect("there");
        assert_eq!((head.number, head.records, head.parts), (1, 2, 1));
        assert_eq!((head.summary.as_str(), head.who), ("2 records", Who::Cli));
        assert_eq!(session.change_edits(1).expect("readable").len(), 2);
        let edits = session.change_edits(2).expect("readable");
        assert_eq!(edits[0].before.as_ref(), Some(&first));
        assert_eq!(edits[0].after.as_ref(), Some(&stored(&session, one.id)));
        assert_eq!(session.changes_of(one.id).expect("readable"), [2, 1]);
        assert_eq!(session.changes_of(two.id).expect("readable"), [1]);
        for missing in [0, 3, u64::MAX] {
            assert_eq!(session.change_head(missing).expect("readable"), None);
            assert_eq!(session.change_edits(missing).expect("readable"), []);
        }
    });
}

#[test]
fn the_head_file_follows_and_is_mended() {
    let place = tempfile::tempdir().expect("a folder");
    let folder = StoreFolder::new(place.path(), Duration::from_secs(5));
    let head = || {
        HeadFile::new(place.path())
            .read()
            .map(|head| (head.number, head.next_due))
    };
    let mut session = folder.open().expect("opens");
    assert_eq!(head(), Some((0, None)));
    let now = moment("2026-11-25 09:00");
    let mut record = Record::new(&follow_up::KIND, CountedIds::default().next_id(now), now);
    record.set(follow_up::TEXT, "call".to_owned());
    record.set(follow_up::DUE, Due::At(Moment::new(now, chrono_tz::UTC)));
    commit(&mut session, vec![made(record)]);
    let told = Some((1, Some(now.timestamp_millis())));
    assert_eq!(head(), told);
    drop(session);
    for spoilt in [
        "",
        "x",
        "-1 -",
        "99999999999999999999 -",
        "0 -\n",
        "\u{0}\u{fffd}",
    ] {
        std::fs::write(place.path().join("head"), spoilt).expect("written");
        drop(folder.open().expect("opens"));
        assert_eq!(head(), told, "{spoilt:?}");
    }
    std::fs::remove_file(place.path().join("head")).expect("removed");
    drop(folder.open().expect("opens"));
    assert_eq!(head(), told);
}

#[test]
fn a_held_store_is_busy_and_says_who_holds_it() {
    let place = tempfile::tempdir().expect("a folder");
    let held = StoreFolder::new(place.path(), Duration::from_secs(5))
        .open()
        .expect("opens");
    let other = StoreFolder::new(place.path(), Duration::from_millis(20));
    let Err(StoreError::Busy { holder, waited }) = other.open() else {
        panic!("it is held");
    };
    assert_eq!(waited, Duration::from_millis(20));
    let told = format!("process {} (touchbase)", std::process::id());
    assert_eq!(holder, Some(told));
    drop(held);
    drop(other.open().expect("free again"));
}

#[test]
fn a_newer_schema_is_refused_and_left_alone() {
    let refuse = |store: Box<dyn Store>| Session::open(store, None, None).err();
    let newer = |store: &mut dyn Store| {
        let mut batch = Batch::default();
        batch.put(keys::meta("schema"), 99_u32.to_be_bytes().to_vec());
        batch.put(keys::meta("pending-change"), 7_u64.to_be_bytes().to_vec());
        store.commit(&batch).expect("committed");
        space(store)
    };
    let mut memory = MemoryStore::default();
    let before = newer(&mut memory);
    let refused = refuse(Box::new(memory.clone()));
    assert!(
        matches!(refused, Some(StoreError::Newer { found: 99, .. })),
        "{refused:?}"
    );
    assert_eq!(space(&memory), before);
    let place = tempfile::tempdir().expect("a folder");
    let path = place.path().join("db");
    let mut sled = DiskStore::open(&path).expect("opens");
    let before = newer(&mut sled);
    drop(sled);
    let folder = StoreFolder::new(place.path(), Duration::from_secs(5));
    assert!(matches!(
        folder.open().err(),
        Some(StoreError::Newer { .. })
    ));
    assert_eq!(space(&DiskStore::open(&path).expect("opens")), before);
}

#[test]
fn a_record_that_could_not_be_read_again_is_not_written() {
    let mut session = Session::open(Box::new(MemoryStore::default()), None, None).expect("opens");
    let mut ids = CountedIds::default();
    let mut largest = person(&mut ids, "Large");
    largest.set(contact::HOBBIES, vec!["a".to_owned(); 400_000]);
    largest.set(contact::NOTES, "x".repeat(1_000_000));
    commit(&mut session, vec![made(largest.clone())]);
    let present = stored(&session, largest.id);
    commit(
        &mut session,
        vec![edited(&present, |r| r.set(contact::ROLE, "CEO".to_owned()))],
    );
    assert_eq!(session.change_edits(2).expect("readable").len(), 1);
    let mut huge = person(&mut ids, "Huge");
    huge.set(contact::NOTES, "x".repeat(5 * 1024 * 1024));
    let refused = session.commit(change(vec![made(huge.clone())]));
    assert!(
        matches!(refused, Err(StoreError::TooLarge { .. })),
        "{refused:?}"
    );
    assert_eq!(
        session.get(&contact::KIND, huge.id).expect("readable"),
        None
    );
    assert_eq!(session.last_change(), 2);
}
