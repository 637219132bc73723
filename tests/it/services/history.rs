//! Undo, redo and the log as the user sees it.

use crate::office::Office;
use touchbase::domain::change::Cause;
use touchbase::domain::id::Id;
use touchbase::domain::{activity, company, contact, deal};
use touchbase::error::ErrorKind;
use touchbase::services::history;
use touchbase::services::intent::{Intent, Place, Target};

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
    assert_eq!(error.hints, ["first `touchbase undo 4`"]);
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
    let words: Vec<_> = heads.iter().map(|head| head.summary.as_str()).collect();
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
        (heads[1].cause, heads[0].cause),
        (Cause::Undo(2), Cause::Redo(3))
    );
    assert_eq!(
        history::latest(&office.session, 2).expect("readable").len(),
        2
    );
    let of_ana = history::of_record(&office.session, ana, 9).expect("readable");
    let numbers: Vec<u64> = of_ana.iter().map(|(head, _)| head.number).collect();
    assert_eq!(numbers, [4, 3, 2, 1]);
    assert_eq!(of_ana[3].1.before, None);
}

#[test]
fn an_edit_from_an_old_revision_is_a_conflict() {
    let mut office = Office::new();
    let ana = office.contact("Ana");
    let target = Target {
        kind: &contact::KIND,
        id: ana,
    };
    let edit = |revision, role: &str| Intent::Edit {
        targets: vec![(target, revision)],
        fields: crate::office::edits(&[("role", role)]),
    };
    office.perform(edit(Some(1), "one"));
    assert_eq!(office.refused(edit(Some(1), "two")), ErrorKind::Conflict);
    office.perform(edit(Some(2), "two"));
    office.perform(edit(None, "three"));
    assert_eq!(role(&office, ana), "three");
    let nothing = office.perform(edit(Some(4), "three"));
    assert_eq!(nothing.number, None, "it says so already");
    assert_eq!(office.session.last_change(), 4);
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
