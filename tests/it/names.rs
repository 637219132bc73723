//! The names file: it says what the records are called, whatever is done and whatever becomes
//! of it.

use crate::office::Office;
use crate::world::World;
use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;
use std::time::Duration;
use touchbase::domain::record::Record;
use touchbase::domain::values::text;
use touchbase::domain::{KINDS, company, contact, deal, follow_up, pipeline};
use touchbase::services::intent::{Intent, Place, Target};
use touchbase::store::folder::StoreFolder;
use touchbase::store::names::read::Names;
use touchbase::store::session::Session;

/// A record's kind, id, name and recurring values.
type Called = (&'static str, String, String, Vec<String>);

/// What the file says.
fn told(names: &Names) -> BTreeSet<Called> {
    let all = names.entries().map(|entry| {
        let kind = KINDS.iter().find(|kind| entry.is_of(kind)).expect("a kind");
        let values = kind.recurring.iter().flat_map(|number| {
            let values = entry.values(&format!("{number}=")).collect::<Vec<_>>();
            values
                .into_iter()
                .map(move |value| format!("{number}={value}"))
        });
        let words = text::words(entry.title());
        let handle: Vec<String> = text::words(entry.handle());
        assert!(words.starts_with(&handle) || words.join("").starts_with(&handle.join("")));
        (
            kind.name,
            entry.id().to_owned(),
            entry.title().to_owned(),
            values.collect(),
        )
    });
    all.collect()
}

/// What it should say.
fn wanted(session: &Session) -> BTreeSet<Called> {
    let is_called = |record: &Record| {
        let by_name = [&contact::KIND, &company::KIND, &deal::KIND, &pipeline::KIND];
        record.is_active()
            && (by_name.contains(&record.kind)
                || record.kind == &follow_up::KIND && record.get(follow_up::DONE).is_none())
    };
    let mut wanted = BTreeSet::new();
    for kind in KINDS {
        for record in session.all(kind).map(|record| record.expect("readable")) {
            if !is_called(&record) {
                continue;
            }
            let title: String = text::line(record.title()).chars().take(120).collect();
            let mut values = Vec::new();
            for number in kind.recurring {
                let texts = match record.value(*number) {
                    Some(touchbase::domain::values::Value::Text(text)) => vec![text.clone()],
                    Some(touchbase::domain::values::Value::Texts(texts)) => texts.clone(),
                    Some(touchbase::domain::values::Value::Stages(stages)) => {
                        stages.iter().map(|stage| stage.name.clone()).collect()
                    }
                    _ => Vec::new(),
                };
                let safe = |text: &&String| {
                    !text.is_empty() && text.len() <= 80 && !text.contains(text::is_unsafe)
                };
                values.extend(
                    texts
                        .iter()
                        .filter(safe)
                        .map(|text| format!("{number}={text}")),
                );
            }
            wanted.insert((kind.name, record.id.text(), title, values));
        }
    }
    wanted
}

/// The file of a folder says what the session has.
#[track_caller]
pub(crate) fn check(session: &Session, folder: &Path) {
    let names = Names::load(folder).expect("the names are there");
    assert_eq!(names.number(), session.last_change());
    assert_eq!(told(&names), wanted(session));
}

fn path(office: &Office) -> std::path::PathBuf {
    office.folder.path().join("names")
}

fn place(office: &mut Office, id: touchbase::domain::id::Id, to: Place) {
    let target = Target {
        kind: &contact::KIND,
        id,
    };
    office.perform(Intent::Place(vec![target], to));
}

#[test]
fn the_file_follows_every_change_and_its_undoing() {
    let mut office = Office::new();
    let ana = office.contact("Ana\tSilva \u{202e}x\u{1b}[31m");
    office.edit(
        &contact::KIND,
        ana,
        &[("tag", "vip; trade fair"), ("source", "web")],
    );
    let due = office.remind(ana, "fri 9am", "send the quote");
    office.deal("New site", "ana");
    office.add(&company::KIND, &[("name", "Acme"), ("industry", "Bakery")]);
    let folder = office.folder.path().to_owned();
    check(&office.session, &folder);
    let names = Names::load(&folder).expect("names");
    let of = |kind| {
        names
            .entries()
            .find(|entry| entry.is_of(kind))
            .expect("one")
    };
    let reminder = of(&follow_up::KIND);
    assert_eq!(
        (reminder.time(), reminder.handle()),
        ("2026-11-27 09:00", "send-the-quote")
    );
    assert_eq!(of(&contact::KIND).title(), "Ana Silva x[31m");
    office.perform(Intent::Done {
        follow_up: due,
        log: None,
        next: None,
    });
    check(&office.session, &folder);
    for to in [Place::Archive, Place::Active, Place::Trash, Place::Active] {
        place(&mut office, ana, to);
        check(&office.session, &folder);
    }
    office.perform(Intent::Purge(vec![Target {
        kind: &contact::KIND,
        id: ana,
    }]));
    check(&office.session, &folder);
    while office.try_to(Intent::Undo(None)).is_ok() {
        check(&office.session, &folder);
    }
    while office.try_to(Intent::Redo).is_ok() {
        check(&office.session, &folder);
    }
}

#[test]
fn a_change_that_renames_nobody_costs_a_mark_only() {
    let mut office = Office::new();
    let ana = office.contact("Ana");
    let size = |office: &Office| fs::metadata(path(office)).expect("there").len();
    let before = size(&office);
    office.session.keep_names(office.folder.path(), "");
    assert_eq!(size(&office), before);
    office.log(ana, "call", "hello");
    assert_eq!(size(&office), before + 53);
}

#[test]
fn a_kill_before_the_names_are_appended_costs_nothing() {
    let mut office = Office::new();
    let ana = office.contact("Ana");
    let bytes = fs::read(path(&office)).expect("there");
    office.contact("Bo");
    place(&mut office, ana, Place::Archive);
    let folder = office.folder.path().to_owned();
    // Whatever of the last two blocks was written when it was killed.
    let whole = fs::read(path(&office)).expect("there");
    for length in bytes.len()..whole.len() {
        fs::write(path(&office), &whole[..length]).expect("written");
        let seen = Names::load(&folder).expect("what was whole before can be read");
        assert!(seen.number() < office.session.last_change());
        office.reopen();
        check(&office.session, &folder);
    }
    fs::write(path(&office), &bytes).expect("written");
    let node = fs::metadata(path(&office)).expect("there").ino();
    office.reopen();
    check(&office.session, &folder);
    // What was missed was appended, not everything written anew.
    assert_eq!(fs::metadata(path(&office)).expect("there").ino(), node);
}

#[test]
fn a_file_that_is_damaged_cut_missing_or_anothers_is_written_anew() {
    let mut office = Office::new();
    for name in ["Ana Lima", "Bo Berg", "Zo\u{eb} M\u{fc}ller"] {
        office.contact(name);
    }
    office.reopen();
    let folder = office.folder.path().to_owned();
    let whole = fs::read(path(&office)).expect("there");
    let mut boot = 0;
    let mut put = |office: &mut Office, bytes: &[u8]| {
        fs::write(path(office), bytes).expect("written");
        // Nobody who only reads it is misled or stopped.
        if let Some(names) = Names::load(&folder) {
            let (told, wanted) = (told(&names), wanted(&office.session));
            assert!(told.is_subset(&wanted), "{told:?}");
        }
        // The next start of the machine has all of it looked through.
        boot += 1;
        office.session.keep_names(&folder, &boot.to_string());
        check(&office.session, &folder);
    };
    for length in 0..whole.len() {
        put(&mut office, &whole[..length]);
    }
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x21;
        put(&mut office, &bytes);
        bytes[at] = 0xff;
        put(&mut office, &bytes);
    }
    put(&mut office, &[whole.as_slice(), b"#\n"].concat());
    put(&mut office, &[0; 300]);
    fs::remove_file(path(&office)).expect("gone");
    office.reopen();
    check(&office.session, &folder);
    // Another tree lies in its place.
    fs::rename(folder.join("db"), folder.join("db.old")).expect("renamed");
    fs::create_dir(folder.join("db")).expect("a folder");
    assert!(
        Names::load(&folder).is_none(),
        "these are another store's names"
    );
    office.reopen();
    check(&office.session, &folder);
}

#[test]
fn a_file_that_has_grown_is_folded() {
    let mut office = Office::new();
    let ids: Vec<_> = (0..40)
        .map(|number| office.contact(&format!("Person {number}")))
        .collect();
    let folder = office.folder.path().to_owned();
    let size = |office: &Office| fs::metadata(path(office)).expect("there").len();
    let mut largest = 0;
    for round in 0..60 {
        for id in ids.iter().step_by(2) {
            let name = format!("Renamed {round}");
            office.edit(&contact::KIND, *id, &[("name", &name)]);
        }
        largest = largest.max(size(&office));
        office.reopen();
    }
    check(&office.session, &folder);
    assert!(largest > 64 * 1024 && largest < 90 * 1024, "{largest}");
    assert!(size(&office) < largest);
}

#[test]
fn a_change_counts_where_no_names_can_be_kept() {
    let mut office = Office::new();
    fs::remove_file(path(&office)).expect("gone");
    fs::create_dir(path(&office)).expect("a folder in its place");
    office.contact("Ana");
    office.reopen();
    office.contact("Bo");
    assert_eq!(office.titles(&contact::KIND), ["Ana", "Bo"]);
    assert!(Names::load(office.folder.path()).is_none());
    fs::remove_dir(path(&office)).expect("gone");
    office.reopen();
    check(&office.session, office.folder.path());
}

fn run(world: &World, words: &[&str]) {
    let ran = world.run(&[&["touchbase"], words].concat(), "");
    assert_eq!(ran.code, 0, "{words:?}: {}", ran.err);
}

#[test]
fn a_store_that_is_compacted_restored_or_repaired_has_its_names() {
    let world = World::new();
    let folder = StoreFolder::new(world.data(), Duration::from_secs(5));
    let check = || check(&folder.open().expect("opens"), &world.data());
    let node = || {
        fs::metadata(world.data().join("names"))
            .expect("there")
            .ino()
    };
    run(&world, &["contact", "add", "Ana Lima", "--tag", "vip"]);
    let before = node();
    run(&world, &["contact", "add", "Bo Berg"]);
    run(&world, &["undo"]);
    run(&world, &["redo"]);
    run(&world, &["compact"]);
    assert!(
        Names::load(&world.data()).is_some(),
        "compaction takes its names with it"
    );
    check();
    assert_eq!(
        node(),
        before,
        "nothing made it necessary to write them anew"
    );
    let backup = world.path().join("b.jsonl.gz").display().to_string();
    run(&world, &["backup", &backup]);
    run(&world, &["contact", "add", "Cara Cruz"]);
    run(&world, &["contact", "archive", "bo"]);
    check();
    run(&world, &["restore", &backup, "-y"]);
    let names = Names::load(&world.data()).expect("there");
    assert!(names.entries().any(|entry| entry.handle() == "bo-berg"));
    check();
    run(&world, &["doctor", "--repair"]);
    check();
    let mode = fs::metadata(world.data().join("names"))
        .expect("there")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
}
