//! Kills at random moments: what was acknowledged is there, and a change is whole or not there.

use crate::agreement;
use crate::chance::{Random, is_skipped};
use crate::world::World;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};
use touchbase::domain::{activity, company, contact};
use touchbase::store::disk::DiskStore;
use touchbase::store::folder::StoreFolder;
use touchbase::store::session::Session;
use touchbase::store::{Store as _, keys};

/// Rows of an import: enough for many parts.
const ROWS: usize = 3_000;
const KILLS: usize = 30;

fn open(world: &World) -> Session {
    let folder = StoreFolder::new(world.data(), Duration::from_secs(30));
    folder.open().expect("the store opens after a kill")
}

/// Opens, and finds that everything agrees.
fn open_and_check(world: &World) -> Session {
    let session = open(world);
    agreement::check(&session).expect("the store agrees with itself");
    session
}

/// A world with one contact; ids are random, so that every process makes its own.
fn world() -> World {
    let world = World::new();
    let added = world.run_program(&["touchbase", "contact", "add", "Ana Lima"], "");
    assert_eq!(added.code, 0, "{}", added.err);
    world
}

fn start(world: &World, words: &[&str]) -> Child {
    let mut command = world.program();
    command.args(words).stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().expect("the program starts")
}

/// The texts of the activities with how often each is there.
fn logged(session: &Session) -> BTreeMap<String, usize> {
    let mut texts = BTreeMap::new();
    for record in session.all(&activity::KIND) {
        let title = record.expect("readable").title().to_owned();
        *texts.entry(title).or_default() += 1;
    }
    texts
}

fn count(session: &Session) -> (usize, usize) {
    let people = session.all(&contact::KIND).map(|r| r.expect("readable"));
    let firms = session.all(&company::KIND).map(|r| r.expect("readable"));
    (people.count(), firms.count())
}

/// Whether the tree shows a change that was cut off. Another process may be putting a fresh tree
/// in its place just then: then nothing can be said.
fn has_unfinished_change(world: &World) -> bool {
    let store = DiskStore::open(&world.data().join("db"));
    let pending = store.and_then(|store| store.get(&keys::meta("pending-change")));
    pending.is_ok_and(|pending| pending.is_some())
}

fn write_rows(world: &World) {
    let mut rows = String::from("Name,E-Mail,Company,Notes\n");
    for number in 0..ROWS {
        let note = "met at the fair ".repeat(number % 30);
        let firm = number / 10;
        writeln!(
            rows,
            "Person {number},p{number}@x{firm}.de,Firm {firm},{note}"
        )
        .unwrap();
    }
    std::fs::write(world.path().join("people.csv"), rows).expect("written");
}

#[test]
fn slow_a_killed_import_is_there_whole_or_not_at_all() {
    if is_skipped() {
        return;
    }
    let mut random = Random::new();
    let world = world();
    write_rows(&world);
    let import = ["import", "people.csv", "--kind", "contact"];
    let started = Instant::now();
    let whole = start(&world, &import).wait_with_output().expect("ends");
    assert!(whole.status.success(), "{whole:?}");
    let takes = started.elapsed();
    let (before, after) = ((1, 0), (1 + ROWS, ROWS / 10));
    assert_eq!(count(&open(&world)), after);
    assert_eq!(world.run_program(&["touchbase", "undo"], "").code, 0);
    let (mut expected, mut wholes, mut cut) = (BTreeMap::new(), 0, 0);
    for round in 0..KILLS {
        let text = format!("round {round}");
        let log = ["touchbase", "log", "ana lima", &text];
        assert_eq!(world.run_program(&log, "").code, 0);
        expected.insert(text, 1);
        let mut child = start(&world, &import);
        thread::sleep(random.moment_within(takes * 2));
        child.kill().expect("it is ours");
        let done = child.wait_with_output().expect("ended");
        cut += usize::from(has_unfinished_change(&world));
        let session = open(&world);
        let found = count(&session);
        assert_eq!(logged(&session), expected, "round {round}");
        assert!(
            found == before || found == after,
            "round {round}: {found:?}"
        );
        assert!(
            !done.status.success() || found == after,
            "round {round}: it had answered"
        );
        drop(session);
        if found == after {
            wholes += 1;
            let undone = world.run_program(&["touchbase", "undo"], "");
            assert_eq!(undone.code, 0, "round {round}: {}", undone.err);
            assert_eq!(count(&open(&world)), before, "round {round}");
        }
    }
    drop(open_and_check(&world));
    println!("{KILLS} kills within {takes:?}: {cut} imports were cut, {wholes} were whole");
}

#[test]
fn slow_every_answered_log_is_there_once_however_many_are_killed() {
    if is_skipped() {
        return;
    }
    let mut random = Random::new();
    let world = world();
    let started = Instant::now();
    assert_eq!(
        world
            .run_program(&["touchbase", "log", "ana", "first"], "")
            .code,
        0
    );
    let takes = started.elapsed() * 3;
    let plans: Vec<Vec<Option<Duration>>> = (0..6)
        .map(|_| {
            let spared = |random: &mut Random| random.below(3) == 0;
            let plan = (0..40).map(|_| {
                let until = random.moment_within(takes);
                (!spared(&mut random)).then_some(until)
            });
            plan.collect()
        })
        .collect();
    let answered: Vec<String> = thread::scope(|scope| {
        let workers = plans.iter().enumerate().map(|(worker, plan)| {
            let world = &world;
            scope.spawn(move || work(world, worker, plan))
        });
        let workers: Vec<_> = workers.collect();
        let answers = workers
            .into_iter()
            .map(|worker| worker.join().expect("no panic"));
        answers.flatten().collect()
    });
    let session = open_and_check(&world);
    let found = logged(&session);
    for text in &answered {
        assert_eq!(found.get(text), Some(&1), "`{text}` was answered");
    }
    assert!(found.values().all(|&times| times == 1), "{found:?}");
    println!(
        "{} of 240 answered, {} are there",
        answered.len(),
        found.len() - 1
    );
    assert!(answered.len() > 40, "too few lived");
}

/// Logs one after the other, killing those that the plan says; gives those that answered.
fn work(world: &World, worker: usize, plan: &[Option<Duration>]) -> Vec<String> {
    let mut answered = Vec::new();
    for (number, kill) in plan.iter().enumerate() {
        let text = format!("call {worker} {number}");
        let mut child = start(world, &["--lock-timeout", "60s", "log", "ana", &text]);
        if let Some(after) = kill {
            thread::sleep(*after);
            child.kill().expect("it is ours");
        }
        let done = child.wait_with_output().expect("ended");
        let has_answered = done.status.success() || !done.stdout.is_empty();
        if has_answered {
            answered.push(text);
        } else {
            assert!(kill.is_some(), "{text}: {done:?}");
        }
    }
    answered
}

#[test]
fn slow_forty_logs_at_once_all_succeed() {
    if is_skipped() {
        return;
    }
    let world = world();
    let started = Instant::now();
    let slowest = thread::scope(|scope| {
        let all = (0..40).map(|number| {
            let world = &world;
            scope.spawn(move || {
                let text = format!("call {number}");
                let done = start(world, &["log", "ana", &text]).wait_with_output();
                let done = done.expect("ends");
                assert!(done.status.success(), "{text}: {done:?}");
                started.elapsed()
            })
        });
        let all: Vec<_> = all.collect();
        let times = all.into_iter().map(|one| one.join().expect("no panic"));
        times.max()
    });
    println!(
        "40 logs at once: the last answered after {:?}",
        slowest.expect("forty")
    );
    let found = logged(&open_and_check(&world));
    assert_eq!(found.len(), 40);
    assert!(found.values().all(|&times| times == 1), "{found:?}");
}

#[test]
fn slow_a_full_disk_loses_nothing() {
    if is_skipped() {
        return;
    }
    let world = world();
    write_rows(&world);
    // No file may grow beyond the limit: the nearest to a full disk that needs no rights.
    let limited = "trap '' XFSZ; ulimit -f $0; exec \"$@\"";
    let (mut refused, mut wholes) = (0, 0);
    for kilobytes in (256..16_384).step_by(800) {
        let program = world.program();
        let done = std::process::Command::new("bash")
            .args(["-c", limited, &kilobytes.to_string()])
            .arg(program.get_program())
            .args(["import", "people.csv", "--kind", "contact"])
            .env_clear()
            .envs(&world.vars)
            .current_dir(world.path())
            .output()
            .expect("bash starts");
        let found = count(&open(&world));
        if done.status.success() {
            wholes += 1;
            assert_eq!(found, (1 + ROWS, ROWS / 10), "{kilobytes} kB");
            assert_eq!(world.run_program(&["touchbase", "undo"], "").code, 0);
        } else {
            refused += 1;
            let words = String::from_utf8_lossy(&done.stderr);
            assert_eq!(done.status.code(), Some(1), "{kilobytes} kB: {words}");
            assert!(words.contains("File too large"), "{kilobytes} kB: {words}");
            assert!(!words.contains("Os {"), "{kilobytes} kB: {words}");
            assert_eq!(found, (1, 0), "{kilobytes} kB");
        }
    }
    println!("{refused} imports found no room, {wholes} did");
    assert!(refused > 0 && wholes > 0);
}

#[test]
fn slow_damaged_files_are_refused_in_words_and_stop_nothing_else() {
    if is_skipped() {
        return;
    }
    let mut random = Random::new();
    let world = world();
    for number in 0..12 {
        let notes = "x".repeat(number * 400);
        let name = format!("Person {number}");
        world.run_program(
            &["touchbase", "contact", "add", &name, "--notes", &notes],
            "",
        );
    }
    let mut refused = 0;
    for (round, name) in ["db/db", "db/conf", "head", "lock"]
        .iter()
        .cycle()
        .take(160)
        .enumerate()
    {
        let path = world.data().join(name);
        let whole = copy(&world.data());
        let mut bytes = std::fs::read(&path).expect("readable");
        let at = usize::try_from(random.below(bytes.len() as u64)).expect("small");
        match random.below(3) {
            0 => bytes[at] ^= 1 << random.below(8),
            1 => bytes.truncate(at),
            _ => bytes[at..].iter_mut().take(64).for_each(|byte| *byte = 0),
        }
        std::fs::write(&path, &bytes).expect("writable");
        for words in [
            &["log", "person 3", "x"][..],
            &["contact", "list"],
            &["undo"],
        ] {
            let words = [&["touchbase"], words].concat();
            let ran = world.run_program(&words, "");
            let what = format!("round {round}, {name} at {at}: {words:?}: {ran:?}");
            assert!([0, 1, 3].contains(&ran.code), "{what}");
            assert!(ran.code == 0 || ran.err.starts_with("error: "), "{what}");
            assert!(!ran.err.contains("None"), "{what}");
            refused += usize::from(ran.code == 1);
            let is_hint = *name == "head" || *name == "lock";
            assert!(!is_hint || ran.code == 0, "{what}");
        }
        std::fs::remove_dir_all(world.data()).expect("removed");
        std::fs::rename(whole.keep(), world.data()).expect("brought back");
    }
    println!("{refused} of 480 commands refused a damaged store");
}

/// A copy of a folder with its folders.
fn copy(folder: &Path) -> tempfile::TempDir {
    let made = tempfile::tempdir().expect("a folder");
    for name in ["", "db", "db/blobs"] {
        std::fs::create_dir_all(made.path().join(name)).expect("made");
        for entry in std::fs::read_dir(folder.join(name)).expect("readable") {
            let path = entry.expect("readable").path();
            if path.is_file() {
                let file = path.strip_prefix(folder).expect("below");
                std::fs::copy(&path, made.path().join(file)).expect("copied");
            }
        }
    }
    made
}
