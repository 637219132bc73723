//! Damage at random: bits flipped, files cut, missing or zeroed. Nothing panics, nothing is lost
//! without a word, and what the doctor saves is counted.

use crate::agreement::{self, Records};
use crate::chance::{Random, is_skipped, size};
use crate::world::{Ran, World};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};
use touchbase::domain::id::Id;
use touchbase::store::folder::StoreFolder;

/// How a file is damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Damage {
    FlipOne,
    FlipMany,
    Cut,
    Remove,
    Zero,
}

const DAMAGES: [Damage; 5] = [
    Damage::FlipOne,
    Damage::FlipMany,
    Damage::Cut,
    Damage::Remove,
    Damage::Zero,
];

/// No command of the small store takes so long, however slow the machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// A store with a history: imported people, edits, calls, deals, something purged, a long note
/// that lies in a file of its own.
fn stocked() -> (World, Records) {
    let world = World::new();
    let mut rows = String::from("Name,E-Mail,Company,Notes\n");
    for number in 0..300 {
        let note = "met at the fair ".repeat(number % 40);
        writeln!(
            rows,
            "Person {number},p{number}@x.example,Firm {},{note}",
            number / 10
        )
        .unwrap();
    }
    fs::write(world.path().join("people.csv"), rows).expect("written");
    let people = world
        .path()
        .join("people.csv")
        .to_string_lossy()
        .into_owned();
    let long = "long ".repeat(24_000);
    let mut lines: Vec<Vec<String>> = vec![
        vec!["import".into(), people, "--kind".into(), "contact".into()],
        vec![
            "contact".into(),
            "add".into(),
            "Ana Lima".into(),
            "--notes".into(),
            long,
        ],
        vec!["contact".into(), "add".into(), "Gone".into()],
        vec![
            "contact".into(),
            "rm".into(),
            "gone".into(),
            "--purge".into(),
            "-y".into(),
        ],
    ];
    for number in 0..60 {
        let who = format!("person {}", number * 3);
        lines.push(vec!["log".into(), who.clone(), format!("call {number}")]);
        let tag = format!("t{number}");
        lines.push(vec!["tag".into(), who, tag]);
    }
    for line in lines {
        let words: Vec<&str> = std::iter::once("touchbase")
            .chain(line.iter().map(String::as_str))
            .collect();
        let ran = world.run(&words, "");
        assert_eq!(ran.code, 0, "{words:?}: {}", ran.err);
    }
    let session = open(&world.data());
    let records = agreement::check(&session).expect("agrees");
    (world, records)
}

fn open(data: &Path) -> touchbase::store::session::Session {
    let folder = StoreFolder::new(data, Duration::from_secs(30));
    folder.open().expect("the store opens")
}

/// Copies a folder with all in it.
pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("copied");
        }
    }
}

/// Every file of a store, the lock aside.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.file_name().is_some_and(|name| name != "lock") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Damages one file and says which and how.
fn damage(data: &Path, random: &mut Random) -> (String, Damage) {
    let all = files(data);
    // The database is much larger than the rest and is hit half of the time.
    let database = data.join("db/db");
    let path = if random.one_in(2) {
        database
    } else {
        random.pick(&all).clone()
    };
    let how = *random.pick(&DAMAGES);
    let mut bytes = fs::read(&path).expect("readable");
    match how {
        Damage::Remove => fs::remove_file(&path).expect("removed"),
        _ if bytes.is_empty() => {}
        Damage::FlipOne | Damage::FlipMany => {
            let flips = if how == Damage::FlipOne {
                1
            } else {
                2 + random.below(30)
            };
            for _ in 0..flips {
                let at = random.place(bytes.len());
                bytes[at] ^= 1 << random.below(8);
            }
            fs::write(&path, bytes).expect("written");
        }
        Damage::Cut => {
            bytes.truncate(random.place(bytes.len()));
            fs::write(&path, bytes).expect("written");
        }
        Damage::Zero => {
            let start = random.place(bytes.len());
            let end = bytes.len().min(start + 4096);
            bytes[start..end].fill(0);
            fs::write(&path, bytes).expect("written");
        }
    }
    let name = path
        .strip_prefix(data)
        .expect("inside")
        .to_string_lossy()
        .into_owned();
    let name = match name.as_str() {
        name if name.starts_with("db/snap") => "db/snap".to_owned(),
        name if name.starts_with("db/blobs") => "db/blobs".to_owned(),
        name if name.starts_with("db/journal") => "db/journal".to_owned(),
        name => name.to_owned(),
    };
    (name, how)
}

/// Runs the real program on a store; it must end by itself, and not by a panic.
fn run(world: &World, data: &Path, words: &[&str]) -> Ran {
    let mut child = world
        .program()
        .arg("--dir")
        .arg(data)
        .args(words)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // Its output is smaller than a pipe's buffer, or is read here when it is not.
    let (mut out, mut err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let read = std::thread::spawn(move || {
        let mut text = String::new();
        std::io::Read::read_to_string(&mut out, &mut text).expect("UTF-8");
        text
    });
    let started = Instant::now();
    let status = loop {
        match child.try_wait().expect("waits") {
            Some(status) => break status,
            None if started.elapsed() > PATIENCE => {
                child.kill().expect("killed");
                panic!("{words:?} hangs on {}", data.display());
            }
            None => std::thread::sleep(Duration::from_millis(1)),
        }
    };
    let mut said = String::new();
    std::io::Read::read_to_string(&mut err, &mut said).expect("UTF-8");
    let code = status
        .code()
        .unwrap_or_else(|| panic!("{words:?}: {status}"));
    assert!(
        !said.contains("mistake in it") && code != 101,
        "{words:?}: {said}"
    );
    Ran {
        out: read.join().expect("read"),
        err: said,
        code: u8::try_from(code).expect("a code"),
    }
}

/// What became of one kind of damage.
#[derive(Default)]
struct Tally {
    rounds: usize,
    noticed: usize,
    repaired: usize,
    whole: usize,
    older: usize,
    lost: usize,
}

/// Ids that the doctor names among its losses.
fn named_losses(answer: &Json) -> Vec<Id> {
    let lost = answer["lost"].as_array().cloned().unwrap_or_default();
    let ids = lost
        .iter()
        .filter_map(|line| line.as_str()?.split('`').nth(1).and_then(Id::parse));
    ids.collect()
}

fn round(
    world: &World,
    wanted: &Records,
    random: &mut Random,
    tallies: &mut BTreeMap<(String, Damage), Tally>,
) {
    let place = tempfile::tempdir().expect("a folder");
    let data = place.path().join("store");
    copy(&world.data(), &data);
    let (file, how) = damage(&data, random);
    let what = format!("{file} {how:?}");
    for words in [
        &["contact", "list", "ana"][..],
        &["due"],
        &["history", "--limit", "3"],
    ] {
        let ran = run(world, &data, words);
        assert!(ran.code <= 1, "{what}: {words:?}: {} {}", ran.code, ran.err);
        if ran.code == 1 {
            assert!(
                ran.err.contains("touchbase doctor"),
                "{what}: {words:?}: {}",
                ran.err
            );
        }
    }
    let checked = run(world, &data, &["doctor"]);
    let mended = run(world, &data, &["doctor", "--repair", "--json"]);
    assert!(mended.code <= 1, "{what}: {} {}", mended.code, mended.err);
    let answer: Json = serde_json::from_str(&mended.out).expect("JSON");
    let after = run(world, &data, &["doctor"]);
    assert_eq!(
        after.code, 0,
        "{what}: still damaged after the repair: {}",
        after.out
    );
    let session = open(&data);
    let found = agreement::records(&session).expect("readable");
    let losses = named_losses(&answer["data"]);
    // What neither index nor log knows any more cannot be named; that changes are gone is said.
    let are_changes_lost = answer["data"]["lost-changes"]
        .as_array()
        .is_some_and(|l| !l.is_empty());
    let tally = tallies.entry((file, how)).or_default();
    tally.rounds += 1;
    tally.noticed += usize::from(checked.code == 1);
    tally.repaired += usize::from(answer.to_string().contains("brought-back"));
    for (id, record) in wanted {
        let is_named = losses.contains(id) || are_changes_lost;
        match found.get(id) {
            Some(there) if there == record => tally.whole += 1,
            Some(_) => {
                tally.older += 1;
                assert!(
                    is_named,
                    "{what}: {} is older and not named",
                    record.title()
                );
            }
            None => {
                tally.lost += 1;
                assert!(is_named, "{what}: {} is gone and not named", record.title());
            }
        }
    }
    let made_up = found.keys().filter(|id| !wanted.contains_key(id)).count();
    assert_eq!(made_up, 0, "{what}: records that were not there");
}

#[test]
fn slow_no_damage_makes_it_panic_or_loses_anything_without_a_word() {
    if is_skipped() {
        return;
    }
    let mut random = Random::new();
    let (world, wanted) = stocked();
    let mut tallies = BTreeMap::new();
    for _ in 0..size("TOUCHBASE_DAMAGES", 40) {
        round(&world, &wanted, &mut random, &mut tallies);
    }
    println!("{} records in the store", wanted.len());
    println!(
        "| file | damage | rounds | noticed by doctor | repaired | records whole | older, named | lost, named |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    for ((file, how), tally) in &tallies {
        let Tally {
            rounds,
            noticed,
            repaired,
            whole,
            older,
            lost,
        } = tally;
        println!(
            "| {file} | {how:?} | {rounds} | {noticed} | {repaired} | {whole} | {older} | {lost} |"
        );
    }
}

#[test]
fn a_damaged_record_is_named_and_brought_back_from_the_log() {
    let world = World::new();
    for name in ["Ana Lima", "Bo Berg"] {
        let ran = world.run(
            &[
                "touchbase",
                "contact",
                "add",
                name,
                "--notes",
                "a marker to be found",
            ],
            "",
        );
        assert_eq!(ran.code, 0, "{}", ran.err);
    }
    let ran = world.run(&["touchbase", "compact"], "");
    assert_eq!(ran.code, 0, "{}", ran.err);
    let database = world.data().join("db/db");
    let mut bytes = fs::read(&database).expect("readable");
    let marker = b"a marker to be found";
    let at = bytes
        .windows(marker.len())
        .position(|window| window == marker)
        .expect("there");
    bytes[at] ^= 1;
    fs::write(&database, bytes).expect("written");
    let checked = world.run(&["touchbase", "doctor"], "");
    assert_eq!(checked.code, 1, "{}", checked.out);
    assert!(
        checked.out.starts_with("the store is damaged\n"),
        "{}",
        checked.out
    );
    let mended = world.run(&["touchbase", "doctor", "--repair"], "");
    assert_eq!(mended.code, 0, "{}{}", mended.out, mended.err);
    assert!(mended.out.contains("no record is lost"), "{}", mended.out);
    let session = open(&world.data());
    assert_eq!(agreement::check(&session).expect("agrees").len(), 2);
    assert!(world.data().join("db.damaged-1").is_dir());
}

#[test]
fn a_store_whose_files_are_gone_is_not_taken_for_a_new_one() {
    let rows: &[&str] = &["db", "db/db"];
    for gone in rows {
        let world = World::new();
        assert_eq!(
            world.run(&["touchbase", "contact", "add", "Ana"], "").code,
            0
        );
        let path = world.data().join(gone);
        if path.is_dir() {
            fs::remove_dir_all(&path).expect("removed");
        } else {
            fs::remove_file(&path).expect("removed");
        }
        for words in [
            &["touchbase", "contact", "list"][..],
            &["touchbase", "contact", "add", "Bo"],
        ] {
            let ran = world.run(words, "");
            assert_eq!(ran.code, 1, "{gone}: {}", ran.out);
            assert!(ran.err.contains("is missing"), "{gone}: {}", ran.err);
        }
        assert_eq!(world.run(&["touchbase", "doctor"], "").code, 1);
    }
}

#[test]
fn what_is_left_of_a_damaged_change_is_saved() {
    let world = World::new();
    let mut rows = String::from("Name\n");
    for number in 0..400 {
        writeln!(rows, "Person {number} {}", "x".repeat(120)).unwrap();
    }
    fs::write(world.path().join("p.csv"), rows).expect("written");
    let people = world.path().join("p.csv").to_string_lossy().into_owned();
    for words in [
        &["touchbase", "import", &people, "--kind", "contact"][..],
        &["touchbase", "contact", "add", "Ana Lima"],
        &["touchbase", "compact"],
    ] {
        assert_eq!(world.run(words, "").code, 0, "{words:?}");
    }
    // Every copy of one name goes, and with it a part of the import's change.
    let database = world.data().join("db/db");
    let mut bytes = fs::read(&database).expect("readable");
    let name = b"Person 77 ";
    let places: Vec<usize> = (0..bytes.len() - name.len())
        .filter(|&at| bytes[at..].starts_with(name))
        .collect();
    assert!(!places.is_empty());
    for at in places {
        bytes[at] ^= 1;
    }
    fs::write(&database, bytes).expect("written");
    let mended = world.run(&["touchbase", "doctor", "--repair"], "");
    assert_eq!(mended.code, 1, "{}{}", mended.out, mended.err);
    assert!(!mended.out.contains("no record is lost"), "{}", mended.out);
    let found = agreement::records(&open(&world.data())).expect("readable");
    assert_eq!(found.len(), 400, "all but one of 401: {}", mended.out);
}
