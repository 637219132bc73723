//! Changes of several parts: whole or not at all, wherever they are cut.

use crate::faulty::FaultyStore;
use crate::office::Space;
use crate::session::{change, commit, edited, made, person, removed, stored};
use touchbase::domain::change::ChangeSet;
use touchbase::domain::contact;
use touchbase::domain::id::CountedIds;
use touchbase::domain::record::{Record, State};
use touchbase::store::StoreError;
use touchbase::store::session::Session;

/// A change of several parts: new records, edits and removals of some that were there.
fn large_change(session: &Session, ids: &mut CountedIds) -> ChangeSet {
    let present: Vec<Record> = session
        .all(&contact::KIND)
        .map(|r| r.expect("read"))
        .collect();
    let mut edits = Vec::new();
    for (place, record) in present.iter().enumerate() {
        edits.push(match place % 3 {
            0 => removed(record),
            1 => edited(record, |r| {
                r.set(contact::TAGS, vec![format!("tag {place}")]);
                r.set(contact::NOTES, "long ".repeat(3_000));
            }),
            _ => edited(record, |r| r.state = State::Archived(r.created)),
        });
        let mut new = person(ids, &format!("New {place}"));
        new.set(contact::NOTES, "n".repeat(20_000));
        edits.push(made(new));
    }
    change(edits)
}

fn filled(store: &FaultyStore) -> (Session, CountedIds) {
    let mut session = Session::open(Box::new(store.clone()), None, None).expect("opens");
    let mut ids = CountedIds::default();
    let people = (0..24).map(|n| made(person(&mut ids, &format!("Old {n}"))));
    commit(&mut session, people.collect());
    (session, ids)
}

/// A store in which such a change is whole, for comparison.
fn whole() -> (Space, usize) {
    let store = FaultyStore::default();
    let (mut session, mut ids) = filled(&store);
    let large = large_change(&session, &mut ids);
    store.fail(0..0);
    session.commit(large).expect("committed");
    (store.space(), store.commits())
}

#[test]
fn a_large_change_is_whole_or_not_there_wherever_it_is_cut() {
    let (after, parts) = whole();
    assert!(parts > 3, "{parts} parts");
    for cut in 0..parts {
        // A failed part is followed by its repair, which fails as well: 0, 1, 2 … times.
        for further in 0..=parts {
            let store = FaultyStore::default();
            let (mut session, mut ids) = filled(&store);
            let before = store.space();
            let large = large_change(&session, &mut ids);
            store.fail(cut..cut + 1 + further);
            let failed = session.commit(large);
            assert!(
                matches!(failed, Err(StoreError::Io { .. })),
                "{cut} {further}"
            );
            drop(session);
            store.fail(0..0);
            let mut session = Session::open(Box::new(store.clone()), None, None).expect("opens");
            assert_eq!(store.space(), before, "cut at {cut}, {further} more");
            let again = large_change(&session, &mut ids.clone());
            assert_eq!(session.commit(again).expect("committed"), 2);
            assert_eq!(store.space().len(), after.len());
        }
    }
}

#[test]
fn a_repair_that_is_cut_is_repaired_by_the_next_session() {
    let (_, parts) = whole();
    for cut in 1..parts {
        let store = FaultyStore::default();
        let (mut session, mut ids) = filled(&store);
        let before = store.space();
        let large = large_change(&session, &mut ids);
        store.fail(cut..usize::MAX);
        session.commit(large).expect_err("cut");
        drop(session);
        for repaired in 1..=cut {
            store.fail(1..usize::MAX);
            let opened = Session::open(Box::new(store.clone()), None, None);
            assert_eq!(opened.is_ok(), repaired == cut, "{cut} {repaired}");
        }
        assert_eq!(store.space(), before, "cut at {cut}");
    }
}

#[test]
fn a_session_goes_on_after_a_change_that_it_could_not_take_back() {
    let (_, parts) = whole();
    for cut in 1..parts {
        let store = FaultyStore::default();
        let (mut session, mut ids) = filled(&store);
        let large = large_change(&session, &mut ids);
        let old = stored(&session, large.edits[0].id().expect("one"));
        store.fail(cut..usize::MAX);
        session.commit(large).expect_err("cut");
        store.fail(0..0);
        let small = person(&mut ids, "Small");
        assert_eq!(commit(&mut session, vec![made(small.clone())]), 2);
        let edits = session.change_edits(2).expect("readable");
        assert_eq!(
            edits.len(),
            1,
            "cut at {cut}: the log holds more than the change"
        );
        assert_eq!(stored(&session, old.id), old, "cut at {cut}");
        assert_eq!(session.all(&contact::KIND).count(), 25);
    }
}
