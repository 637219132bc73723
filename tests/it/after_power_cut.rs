//! A store that was not closed before the machine stopped: looked through, and made anew from its
//! log when it is broken.

use crate::agreement;
use crate::damage::copy;
use crate::session::{change, edited, made, person};
use std::fs;
use std::path::Path;
use std::time::Duration;
use touchbase::domain::contact;
use touchbase::domain::id::CountedIds;
use touchbase::domain::record::Record;
use touchbase::store::StoreError;
use touchbase::store::folder::StoreFolder;

fn folder(place: &Path, boot: &str) -> StoreFolder {
    StoreFolder::new(place, Duration::from_secs(5)).started_as(boot)
}

/// A store of some closed sessions and one that was not closed; every record that it has.
fn stopped(place: &Path) -> Vec<Record> {
    let (running, mut ids) = (place.join("running"), CountedIds::default());
    let store = folder(&running, "one");
    for round in 0..4 {
        let mut session = store.open().expect("opens");
        let mut edits = vec![made(person(&mut ids, &format!("Person {round}")))];
        for known in session.all(&contact::KIND) {
            let known = known.expect("readable");
            edits.push(edited(&known, |r| {
                r.set(contact::ROLE, format!("role {round}"))
            }));
        }
        session.commit(change(edits)).expect("committed");
        // While the session has it open, as a machine that stops leaves it.
        if round == 3 {
            copy(&running, &place.join("stopped"));
        }
    }
    let session = store.open().expect("opens");
    let all = session.all(&contact::KIND);
    all.map(|record| record.expect("readable")).collect()
}

/// Damages every copy of a text in the tree's own file.
fn break_tree(store: &Path, text: &str) {
    let path = store.join("db/db");
    let mut bytes = fs::read(&path).expect("readable");
    let text = text.as_bytes();
    let places: Vec<usize> = (0..bytes.len().saturating_sub(text.len()))
        .filter(|&at| bytes[at..].starts_with(text))
        .collect();
    assert!(!places.is_empty());
    for at in places {
        bytes[at] ^= 1;
    }
    fs::write(&path, bytes).expect("written");
}

fn found(store: &StoreFolder) -> Result<Vec<Record>, StoreError> {
    let session = store.open()?;
    agreement::check(&session).expect("agrees");
    let all = session.all(&contact::KIND);
    Ok(all.map(|record| record.expect("readable")).collect())
}

#[test]
fn what_the_tree_lacks_comes_from_the_journal() {
    let place = tempfile::tempdir().expect("a folder");
    let wanted = stopped(place.path());
    for boot in ["one", "two"] {
        let copied = place.path().join(format!("copy-{boot}"));
        copy(&place.path().join("stopped"), &copied);
        assert_eq!(
            found(&folder(&copied, boot)).expect("opens"),
            wanted,
            "{boot}"
        );
        assert!(!copied.join("db.power-cut-1").exists());
    }
}

#[test]
fn a_broken_tree_is_made_anew_from_its_log() {
    let place = tempfile::tempdir().expect("a folder");
    let wanted = stopped(place.path());
    let broken = place.path().join("stopped");
    // The index by words holds the name without the record's own checksum around it.
    break_tree(&broken, "person");
    assert_eq!(found(&folder(&broken, "two")).expect("made anew"), wanted);
    assert!(broken.join("db.power-cut-1").is_dir());
    let again = folder(&broken, "three");
    assert_eq!(found(&again).expect("opens"), wanted, "and once only");
    assert!(!broken.join("db.power-cut-2").exists());
}
