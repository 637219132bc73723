//! Undo, redo and the log as the user sees it.

use crate::office::Office;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use touchbase::domain::change::Cause;
use touchbase::domain::id::Id;
use touchbase::domain::{activity, company, contact, deal};
use touchbase::error::ErrorKind;
use touchbase::services::desk::Desk;
use touchbase::services::history;
use touchbase::services::intent::{Intent, Place, Target};
use touchbase::services::perform;
use touchbase::store::memory::MemoryStore;
use touchbase::store::session::Session;
use touchbase::store::{Batch, Direction, Scan, Store, StoreError};

fn role(office: &Office, id: Id) -> String {
    office
        .get(&contact::KIND, id)
        .text(contact::ROLE)
        .to_owned()
}

#[test]
fn undo_and_redo_walk_back_and_forth() {
    let mut office = Office::new();
    let ana = office.contact("Ana");
    office.edit(&contact::KIND, ana, &[("role", "one")]);
    office.edit(&contact::KIND, ana, &[("role", "two")]);
    // steps, then the role
    for (steps, expect) in [
        ("u", "one"),
        ("u", ""),
        ("r", "one"),
        ("r", "two"),
        ("uur", "one"),
        ("urr", "two"),
        ("uu", ""),
    ] {
        for step in steps.chars() {
            let intent = if step == 'u' {
                Intent::Undo(None)
            } else {
                Intent::Redo
            };
            office.perform(intent);
        }
        assert_eq!(role(&office, ana), expect, "{steps}");
    }
    office.perform(Intent::Undo(None));
    assert_eq!(office.all(&contact::KIND), []);
    assert_eq!(office.refused(Intent::Undo(None)), ErrorKind::NotFound);
    for _ in 0..3 {
        office.perform(Intent::Redo);
    }
    assert_eq!(role(&office, ana), "two");
    assert_eq!(office.refused(Intent::Redo), ErrorKind::NotFound);
    office.perform(Intent::Undo(None));
    office.contact("Bo");
    assert_eq!(
        office.refused(Intent::Redo),
        ErrorKind::NotFound,
        "something new was done"
    );
}

#[test]
fn an_older_change_is_undone_unless_something_stands_on_it() {
    let mut office = Office::new();
    let ana = office.contact("Ana");
    let bo = office.contact("Bo");
    office.edit(&contact::KIND, ana, &[("role", "one")]);
    office.edit(&contact::KIND, bo, &[("role", "boss")]);
    office.perform(Intent::Undo(Some(3)));
    assert_eq!(
        (role(&office, ana), role(&office, bo)),
        (String::new(), "boss".into())
    );
    assert_eq!(
        office.refused(Intent::Undo(Some(3))),
        ErrorKind::Conflict,
        "undone already"
    );
    assert_eq!(
        office.refused(Intent::Undo(Some(2))),
        ErrorKind::Conflict,
        "edited since"
    );
    for missing in [0, 6, u64::MAX] {
        assert_eq!(
            office.refused(Intent::Undo(Some(missing))),
            ErrorKind::NotFound
        );
    }
    office.perform(Intent::Undo(Some(5)));
    assert_eq!(role(&office, ana), "one", "undoing an undo");
    let error = office
        .try_to(Intent::Undo(Some(2)))
        .expect_err("edited since");
    assert_eq!(
        error.hints,
        ["first `touchbase undo 4`, then `touchbase undo 2`"]
    );
}

#[test]
fn making_a_record_is_not_undone_while_others_link_to_it() {
    let mut office = Office::new();
    let ana = office.contact("Ana");
    office.log(ana, "note", "met at the fair");
    assert_eq!(office.refused(Intent::Undo(Some(1))), ErrorKind::Conflict);
    office.perform(Intent::Undo(None));
    office.perform(Intent::Undo(None));
    assert_eq!(office.all(&contact::KIND), []);
    office.perform(Intent::Redo);
    office.perform(Intent::Redo);
    assert_eq!(office.titles(&activity::KIND), ["met at the fair"]);
    let acme = office.add(&company::KIND, &[("name", "Acme")]);
    office.edit(&contact::KIND, ana, &[("company", "acme")]);
    let made = office.session.changes_of(acme).expect("readable")[0];
    assert_eq!(
        office.refused(Intent::Undo(Some(made))),
        ErrorKind::Conflict
    );
}

#[test]
fn put_away_restored_and_purged_records_come_back() {
    let mut office = Office::new();
    let ana = office.add(
        &contact::KIND,
        &[("name", "Ana"), ("tag", "vip"), ("email", "ana@x.pt")],
    );
    let whole = office.get(&contact::KIND, ana);
    let target = vec![Target {
        kind: &contact::KIND,
        id: ana,
    }];
    office.perform(Intent::Place(target.clone(), Place::Trash));
    assert!(office.get(&contact::KIND, ana).is_trashed());
    office.perform(Intent::Place(target.clone(), Place::Active));
    assert!(office.get(&contact::KIND, ana).same_content(&whole));
    office.perform(Intent::Place(target.clone(), Place::Archive));
    assert!(!office.get(&contact::KIND, ana).is_active());
    office.perform(Intent::Undo(None));
    let twice = [target.clone(), target.clone()].concat();
    let receipt = office.perform(Intent::Purge(twice));
    let edits = office
        .session
        .change_edits(receipt.number.expect("one"))
        .expect("readable");
    assert_eq!(edits.len(), 1, "each record once");
    assert_eq!(office.all(&contact::KIND), []);
    assert_eq!(office.refused(Intent::Purge(target)), ErrorKind::NotFound);
    office.perform(Intent::Undo(None));
    assert!(office.get(&contact::KIND, ana).same_content(&whole));
    let found = office
        .session
        .find_exact(&contact::KIND, contact::EMAILS.number(), "ana@x.pt");
    assert_eq!(found.expect("readable"), [ana]);
    office.perform(Intent::Redo);
    assert_eq!(office.all(&contact::KIND), []);
}

#[test]
fn the_log_says_what_was_done_newest_first() {
    let mut office = Office::new();
    let ana = office.contact("Ana");
    office.log(ana, "call", "hello");
    office.perform(Intent::Undo(None));
    office.perform(Intent::Redo);
    let heads = history::latest(&office.session, 9).expect("readable");
    let words: Vec<_> = heads
        .iter()
        .map(|entry| entry.head.summary.as_str())
        .collect();
    assert_eq!(
        words,
        [
            "redid: logged call with Ana",
            "undid: logged call with Ana",
            "logged call with Ana",
            "added contact Ana"
        ]
    );
    assert_eq!(
        (heads[1].head.cause, heads[0].head.cause),
        (Cause::Undo(2), Cause::Redo(3))
    );
    assert_eq!(
        history::latest(&office.session, 2).expect("readable").len(),
        2
    );
    let of_ana = history::of_record(&office.session, ana, 9).expect("readable");
    let numbers: Vec<u64> = of_ana.iter().map(|(entry, _)| entry.head.number).collect();
    assert_eq!(numbers, [4, 3, 2, 1]);
    assert_eq!(of_ana[3].1.before, None);
}

/// Why a change cannot be taken back, with the lines that say more.
#[track_caller]
fn refusal(office: &mut Office, number: u64) -> (ErrorKind, Vec<String>) {
    let before = office.space();
    let error = office
        .try_to(Intent::Undo(Some(number)))
        .expect_err("refused");
    assert_eq!(office.space(), before, "{error:?}");
    let lines = error.details.into_iter().chain(error.hints);
    (
        error.kind,
        [error.message].into_iter().chain(lines).collect(),
    )
}

/// Undoes what a refusal says, in its order, in a session each.
#[track_caller]
fn follow(office: &mut Office, hint: &str) {
    let numbers = hint.split("`touchbase undo ").skip(1);
    let numbers = numbers.filter_map(|rest| rest.split('`').next()?.parse().ok());
    for number in numbers.collect::<Vec<u64>>() {
        office.reopen();
        office.perform(Intent::Undo(Some(number)));
    }
}

#[test]
fn what_stands_in_the_way_of_an_undo_is_named_and_can_be_undone_in_that_order() {
    let mut office = Office::new();
    let acme = office.add(&company::KIND, &[("name", "Acme")]);
    let ana = office.contact("Ana");
    office.edit(&contact::KIND, ana, &[("role", "one")]);
    office.edit(&contact::KIND, ana, &[("company", "acme")]);
    office.edit(&company::KIND, acme, &[("industry", "tea")]);
    office.edit(&company::KIND, acme, &[("industry", "coffee")]);
    office.perform(Intent::Undo(Some(6)));
    let both = [(&contact::KIND, ana), (&company::KIND, acme)];
    let tag = Intent::Tag {
        targets: both.map(|(kind, id)| Target { kind, id }).into(),
        add: vec!["vip".to_owned()],
        remove: Vec::new(),
    };
    office.perform(tag);
    office.edit(&contact::KIND, ana, &[("notes", "x")]);
    let (kind, lines) = refusal(&mut office, 1);
    assert_eq!(kind, ErrorKind::Conflict);
    // Neither what was taken back nor Ana's role stands on Acme; her notes stand on the tags.
    assert_eq!(
        lines,
        [
            "change 1 cannot be taken back: Acme was changed since; others link to Acme",
            "9  today 10:00  changed notes of Ana",
            "8  today 10:00  tagged Ana and Acme with vip",
            "5  today 10:00  changed industry of Acme",
            "4  today 10:00  changed company of Ana",
            "first `touchbase undo 9`, then `touchbase undo 8`, then `touchbase undo 5`, \
             then `touchbase undo 4`, then `touchbase undo 1`",
        ]
    );
    follow(&mut office, &lines[5]);
    assert_eq!(office.all(&company::KIND), []);
    assert_eq!(role(&office, ana), "one");
    let (kind, lines) = refusal(&mut office, 1);
    assert_eq!(kind, ErrorKind::Conflict);
    assert_eq!(
        lines,
        [
            "change 1 is undone already, by change 14",
            "bring it back with `touchbase undo 14`"
        ]
    );
}

#[test]
fn at_most_five_later_changes_are_named() {
    let mut office = Office::new();
    let ana = office.contact("Ana");
    for role in ["1", "2", "3", "4", "5", "6", "7", "8", "9"] {
        office.edit(&contact::KIND, ana, &[("role", role)]);
    }
    let (_, lines) = refusal(&mut office, 2);
    assert_eq!(lines.len(), 8, "{lines:?}");
    assert_eq!(lines[1], "10  today 10:00  changed role of Ana");
    assert_eq!(lines[6], "… and 3 more before them");
    assert!(lines[7].ends_with("then `touchbase undo 6`"), "{lines:?}");
    follow(&mut office, &lines[7]);
    let (_, lines) = refusal(&mut office, 2);
    follow(&mut office, lines.last().expect("a hint"));
    assert_eq!(role(&office, ana), "");
}

#[test]
fn undoing_and_redoing_go_on_in_another_session() {
    let mut office = Office::new();
    let ana = office.contact("Ana");
    office.edit(&contact::KIND, ana, &[("role", "one")]);
    for (intent, expect) in [
        (Intent::Undo(None), ""),
        (Intent::Redo, "one"),
        (Intent::Undo(Some(2)), ""),
        (Intent::Undo(Some(5)), "one"),
        (Intent::Redo, ""),
        (Intent::Undo(Some(7)), "one"),
    ] {
        office.reopen();
        office.perform(intent.clone());
        assert_eq!(role(&office, ana), expect, "{intent:?}");
    }
}

#[test]
fn a_redo_after_something_new_says_what_came_between() {
    let mut office = Office::new();
    let error = office.try_to(Intent::Redo).expect_err("nothing there");
    assert_eq!(error.message, "there is nothing to redo");
    let ana = office.contact("Ana");
    office.edit(&contact::KIND, ana, &[("role", "one")]);
    office.perform(Intent::Undo(None));
    office.contact("Bo");
    let error = office.try_to(Intent::Redo).expect_err("something new");
    assert_eq!(
        error.message,
        "nothing to redo: change 4 came after the undo: added contact Bo"
    );
    assert_eq!(error.hints, ["take that undo back with `touchbase undo 3`"]);
    follow(&mut office, &error.hints[0]);
    assert_eq!(role(&office, ana), "one");
}

#[test]
fn a_log_that_was_cut_off_ends_there() {
    let mut office = Office::new();
    let ana = office.contact("Ana");
    for role in ["one", "two", "three", "four"] {
        office.edit(&contact::KIND, ana, &[("role", role)]);
    }
    office.perform(Intent::Undo(Some(5)));
    super::conflicts::trim(&mut office, 3);
    let numbers = |entries: Vec<history::Entry>| -> Vec<(u64, Option<u64>)> {
        let entries = entries.into_iter();
        entries
            .map(|entry| (entry.head.number, entry.undone_by))
            .collect()
    };
    let all = history::latest(&office.session, 99).expect("readable");
    assert_eq!(numbers(all), [(6, None), (5, Some(6)), (4, None)]);
    let of_ana = history::of_record(&office.session, ana, 99).expect("readable");
    let of_ana = of_ana.into_iter().map(|(entry, _)| entry).collect();
    assert_eq!(numbers(of_ana), [(6, None), (5, Some(6)), (4, None)]);
    for (number, expect) in [
        (0, "there is no change 0"),
        (1, "change 1 is no longer in the log"),
        (3, "change 3 is no longer in the log"),
        (7, "there is no change 7"),
    ] {
        let (kind, lines) = refusal(&mut office, number);
        assert_eq!((kind, &*lines[0]), (ErrorKind::NotFound, expect));
    }
    office.perform(Intent::Undo(None));
    assert_eq!(role(&office, ana), "two");
    assert_eq!(office.refused(Intent::Undo(None)), ErrorKind::NotFound);
    office.perform(Intent::Redo);
    office.perform(Intent::Redo);
    assert_eq!(role(&office, ana), "four");
    assert_eq!(office.refused(Intent::Redo), ErrorKind::NotFound);
}

#[test]
fn a_desk_says_when_the_log_does_not_reach_back() {
    let mut office = Office::new();
    office.contact("Ana");
    let bo = office.contact("Bo");
    office.edit(&contact::KIND, bo, &[("role", "one")]);
    super::conflicts::trim(&mut office, 1);
    let store = office.store.clone();
    let open = move || Session::open(Box::new(store.clone()), None, None);
    let mut desk = Desk::new(
        Box::new(open),
        Box::new(|| None),
        Box::new(|| crate::office::moment("2026-11-25 09:00")),
        crate::office::env(),
    );
    let mut since = |known| {
        let since = desk.since(known).expect("readable");
        since.map(|(number, changed)| (number, changed.len()))
    };
    assert_eq!(since(0), None, "the first change is not there any more");
    assert_eq!(since(1), Some((3, 2)));
    assert_eq!(since(3), Some((3, 0)));
    assert_eq!(since(4), None, "the store is another one");
}

#[test]
fn two_sessions_do_not_overwrite_each_other() {
    let mut office = Office::new();
    office.contact("Ana");
    let site = office.deal("Site", "ana");
    let target = Target {
        kind: &deal::KIND,
        id: site,
    };
    let edit = |text: &str| Intent::Edit {
        targets: vec![(target, None)],
        fields: crate::office::edits(&[("next-step", text)]),
    };
    let (change, ..) =
        touchbase::services::plan(&office.session, &mut office.env, edit("slow")).expect("planned");
    office.perform(edit("fast"));
    assert!(office.session.commit(change).is_err());
    assert_eq!(office.get(&deal::KIND, site).text(deal::NEXT_STEP), "fast");
}

/// A store that counts how often it is asked for a value.
struct Counted(MemoryStore, Arc<AtomicUsize>);

impl Store for Counted {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.1.fetch_add(1, Ordering::Relaxed);
        self.0.get(key)
    }

    fn scan(&self, range: Range<Vec<u8>>, direction: Direction) -> Scan<'_> {
        self.0.scan(range, direction)
    }

    fn commit(&mut self, batch: &Batch) -> Result<(), StoreError> {
        self.0.commit(batch)
    }
}

#[test]
fn only_the_end_of_a_long_log_is_read() {
    let mut office = Office::new();
    let ana = office.contact("Ana");
    for role in 0..400 {
        office.edit(&contact::KIND, ana, &[("role", &role.to_string())]);
    }
    office.contact("Bo");
    let reads = Arc::new(AtomicUsize::new(0));
    let store = Counted(office.store.clone(), Arc::clone(&reads));
    office.session = Session::open(Box::new(store), None, None).expect("opens");
    // what is asked for, and how many reads it may cost
    type Ask = fn(&mut Office);
    let rows: [(&str, Ask, usize); 5] = [
        (
            "latest",
            |office| drop(history::latest(&office.session, 20)),
            20,
        ),
        (
            "undo",
            |office| drop(office.perform(Intent::Undo(None))),
            20,
        ),
        ("redo", |office| drop(office.perform(Intent::Redo)), 20),
        ("no redo", |office| drop(office.try_to(Intent::Redo)), 110),
        (
            "undo again",
            |office| drop(office.perform(Intent::Undo(None))),
            20,
        ),
    ];
    for (name, ask, most) in rows {
        let before = reads.load(Ordering::Relaxed);
        ask(&mut office);
        let count = reads.load(Ordering::Relaxed) - before;
        assert!(count <= most, "{name}: {count} reads");
    }
}

#[test]
fn a_log_that_is_cut_by_the_settings_can_be_undone_as_far_as_it_goes() {
    use touchbase::store::doctor::examine;
    use touchbase::store::folder::StoreFolder;
    const KEPT: u64 = 20;
    let place = tempfile::tempdir().expect("a folder");
    let folder = StoreFolder::new(place.path(), std::time::Duration::from_secs(5));
    let mut env = crate::office::env();
    env.settings.history = KEPT;
    let mut session = folder.open().expect("opens");
    let fields = crate::office::edits(&[("name", "Ana")]);
    let kind = &contact::KIND;
    let create = Intent::Create { kind, fields };
    let made = perform(&mut session, &mut env, create).expect("made");
    let targets = vec![(made.records[0], None)];
    let edit = |number: u64| Intent::Edit {
        targets: targets.clone(),
        fields: crate::office::edits(&[("role", &format!("role {number}"))]),
    };
    for number in 0..600 {
        perform(&mut session, &mut env, edit(number)).expect("changed");
        let kept = session.last_change() + 1 - session.first_change();
        assert!(kept < KEPT + 256, "{kept} after {number}");
    }
    let first = session.first_change();
    assert!(first > 300, "{first}");
    drop(session);
    let mut session = folder.open().expect("opens");
    assert_eq!(session.first_change(), first);
    let id = made.records[0].id;
    let oldest = session.changes_of(id).expect("readable").last().copied();
    assert_eq!(oldest, Some(first), "the index is cut with the log");
    for back in 1..=KEPT {
        perform(&mut session, &mut env, Intent::Undo(None)).expect("undone");
        let role = session.get(kind, id).expect("readable").expect("there");
        assert_eq!(role.text(contact::ROLE), format!("role {}", 599 - back));
    }
    let gone = perform(&mut session, &mut env, Intent::Undo(Some(first - 1)));
    assert_eq!(gone.expect_err("cut").kind, ErrorKind::NotFound);
    drop(session);
    let findings = examine(&folder).expect("readable");
    assert_eq!(findings.faults, Vec::new());
}
