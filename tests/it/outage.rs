//! Faults of the system: no room, no rights, no folder, a clock that jumps. The program says
//! what is wrong and loses nothing; when the fault is over it works again.

mod mounts;

use crate::agreement;
use crate::ledger::{Ledger, open};
use crate::world::{Ran, World};
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// Nobody's number: rights bite on it even when the tests run as root.
const NOBODY: u32 = 65_534;

/// A world with a contact and a call.
fn world() -> World {
    let world = World::new();
    for words in [
        &["contact", "add", "Ana Lima"][..],
        &["log", "ana", "before"],
    ] {
        let ran = run(&world, words);
        assert_eq!(ran.code, 0, "{words:?}: {}", ran.err);
    }
    world
}

/// A command that has not ended after so many seconds hangs.
const LONGEST: &str = "20";
/// The exit code of one that hung and was killed.
const HUNG: u8 = 137;

/// Runs the program, and ends it when it hangs.
fn run(world: &World, words: &[&str]) -> Ran {
    let done = Command::new("timeout")
        .args(["-s", "KILL", LONGEST])
        .arg(world.program().get_program())
        .args(words)
        .env_clear()
        .envs(&world.vars)
        .current_dir(world.path())
        .stdin(Stdio::null())
        .output()
        .expect("timeout starts");
    let ran = ran(&done);
    assert!(!ran.err.contains("panicked"), "{words:?}: {}", ran.err);
    ran
}

fn ran(done: &Output) -> Ran {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    // `timeout` kills itself by the signal that it sends.
    let code = done.status.code().and_then(|code| u8::try_from(code).ok());
    Ran {
        out: text(&done.stdout),
        err: text(&done.stderr),
        code: code.unwrap_or(HUNG),
    }
}

/// A command is refused in words that name the cause.
#[track_caller]
fn refused(ran: &Ran, fragment: &str, what: &str) {
    assert_eq!(ran.code, 1, "{what}: {ran:?}");
    assert!(ran.err.starts_with("error: "), "{what}: {ran:?}");
    assert!(
        ran.err.contains(fragment),
        "{what}: wants `{fragment}`: {ran:?}"
    );
    assert!(!ran.err.contains("Os {"), "{what}: {ran:?}");
}

/// Everything agrees, the texts are there once, and work goes on.
#[track_caller]
fn whole(world: &World, answered: &[&str], what: &str) {
    let session = open(world);
    let checked = agreement::check(&session);
    assert!(checked.is_ok(), "{what}: {checked:?}");
    let mut ledger = Ledger::default();
    ledger.catch_up(&session);
    let answered: Vec<String> = answered.iter().map(|&text| text.to_owned()).collect();
    assert_eq!(ledger.missing(&answered), Vec::<&String>::new(), "{what}");
    drop(session);
    let ran = run(world, &["log", "ana", "afterwards"]);
    assert_eq!(ran.code, 0, "{what}: {}", ran.err);
    let undone = run(world, &["undo"]);
    assert_eq!(undone.code, 0, "{what}: {}", undone.err);
}

#[test]
fn a_folder_that_went_away_is_an_empty_store() {
    let world = world();
    fs::remove_dir_all(world.data()).expect("removed");
    let ran = run(&world, &["contact", "list"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.err);
    let ran = run(&world, &["log", "ana", "text"]);
    assert_eq!(ran.code, 3, "{}", ran.err);
    assert_eq!(run(&world, &["contact", "add", "Ana Lima"]).code, 0);
    whole(&world, &["Ana Lima"], "made anew");
}

#[test]
fn a_file_where_a_folder_belongs_is_named_and_left_alone() {
    let world = world();
    let file = world.path().join("file");
    fs::write(&file, "mine").expect("written");
    let inside = file.join("store");
    for (folder, fragment) in [(&file, "File exists"), (&inside, "Not a directory")] {
        let folder = folder.to_string_lossy().into_owned();
        for words in [&["contact", "list"][..], &["log", "ana", "lost"], &["due"]] {
            let ran = run(&world, &[&["--dir", &folder], words].concat());
            refused(&ran, fragment, &format!("{folder}: {words:?}"));
            assert!(ran.err.contains(&folder), "{}", ran.err);
        }
    }
    assert_eq!(fs::read_to_string(&file).expect("there"), "mine");
    let (tree, aside) = (world.data().join("db"), world.path().join("aside"));
    fs::rename(&tree, &aside).expect("moved");
    fs::write(&tree, "mine").expect("written");
    for words in [
        &["contact", "list"][..],
        &["log", "ana", "lost"],
        &["due"],
        &["undo"],
    ] {
        refused(
            &run(&world, words),
            "Not a directory",
            &format!("a file for db: {words:?}"),
        );
    }
    assert_eq!(fs::read_to_string(&tree).expect("there"), "mine");
    fs::remove_file(&tree).expect("removed");
    fs::rename(&aside, &tree).expect("moved back");
    whole(&world, &["Ana Lima", "before"], "the tree is back");
}

#[test]
fn a_clock_that_jumps_back_changes_no_order() {
    let mut world = world();
    let mut at = |moment: &str, words: &[&str], code: u8| {
        world
            .vars
            .insert("TOUCHBASE_NOW".to_owned(), moment.to_owned());
        let ran = run(&world, words);
        assert_eq!(ran.code, code, "{moment} {words:?}: {}", ran.err);
        ran.out
    };
    let (late, early) = ("2026-11-25T10:00:00+01:00", "2019-03-01T08:00:00+01:00");
    at(late, &["remind", "ana", "today", "call her"], 0);
    assert!(at(late, &["due"], 0).contains("call her"));
    assert!(!at(early, &["due"], 0).contains("call her"));
    at(early, &["log", "ana", "long ago"], 0);
    at(early, &["contact", "edit", "ana", "--role", "boss"], 0);
    at(
        "1969-12-31T10:00:00+01:00",
        &["contact", "edit", "ana", "--role", "chief"],
        0,
    );
    at(early, &["contact", "add", "Bo Berg"], 0);
    at(early, &["undo"], 0);
    at(late, &["redo"], 0);
    assert!(at(early, &["contact", "list"], 0).contains("Bo Berg"));
    at(early, &["contact", "add", "Cara Diaz"], 0);
    at("1971-01-01T10:00:00+01:00", &["undo"], 0);
    assert!(!at(late, &["contact", "list"], 0).contains("Cara Diaz"));
    let history = at(late, &["history"], 0);
    let numbers = history
        .lines()
        .map(|line| line.split('\t').next().expect("a number"));
    let numbers: Vec<u64> = numbers
        .map(|text| text.parse().expect("a number"))
        .collect();
    let wanted: Vec<u64> = (1..=numbers.len() as u64).rev().collect();
    assert_eq!(numbers, wanted, "{history}");
    whole(
        &world,
        &[
            "Ana Lima", "before", "long ago", "boss", "chief", "call her",
        ],
        "after all",
    );
}

/// Why nobody can be made to run the program; none when that works.
fn no_nobody(world: &World) -> Option<&'static str> {
    if !rustix::process::geteuid().is_root() {
        return None;
    }
    match as_nobody(world, &["--version"]) {
        Some(ran) if ran.code == 0 => None,
        Some(_) => Some("another user may not run the program where it lies"),
        None => Some("there is no setpriv"),
    }
}

/// Runs a command as a user whom rights hold back; none when that is not possible.
fn as_nobody(world: &World, words: &[&str]) -> Option<Ran> {
    let mut command = if rustix::process::geteuid().is_root() {
        let mut command = Command::new("setpriv");
        let number = NOBODY.to_string();
        command.args(["--reuid", &number, "--regid", &number, "--clear-groups"]);
        command.arg(world.program().get_program());
        command
            .env_clear()
            .envs(&world.vars)
            .current_dir(world.path());
        command
    } else {
        world.program()
    };
    let done = command.args(words).stdin(Stdio::null()).output().ok()?;
    let ran = ran(&done);
    assert!(!ran.err.contains("panicked"), "{words:?}: {}", ran.err);
    Some(ran)
}

/// Every file and folder below, the folder itself last.
fn below(folder: &Path, visit: &mut dyn FnMut(&Path)) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        match entry.path() {
            path if path.is_dir() => below(&path, visit),
            path => visit(&path),
        }
    }
    visit(folder);
}

#[test]
fn missing_rights_are_named_and_lose_nothing() {
    let world = world();
    if let Some(why) = no_nobody(&world) {
        println!("skipped: {why}");
        return;
    }
    let is_root = rustix::process::geteuid().is_root();
    let give = || {
        below(world.path(), &mut |path| {
            if is_root {
                chown(path, Some(NOBODY), Some(NOBODY)).expect("ours");
            }
        });
    };
    let mode = |path: &Path, mode: u32| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("ours");
    };
    give();
    let nobody = |words: &[&str]| as_nobody(&world, words).expect("it worked before");
    // Reading may work without the right to write; when it does not, it says why.
    let reads = |what: &str| {
        for words in [&["contact", "list"][..], &["due"], &["history"]] {
            let ran = nobody(words);
            let is_read = ran.code == 0 && (words[0] == "due" || !ran.out.is_empty());
            if !is_read {
                refused(&ran, "Permission denied", &format!("{what}: {words:?}"));
            }
        }
    };
    let data = world.data();
    below(&data, &mut |path| {
        mode(path, if path.is_dir() { 0o500 } else { 0o400 })
    });
    reads("nothing may be written");
    for words in [
        &["log", "ana", "refused"][..],
        &["undo"],
        &["contact", "add", "Nobody"],
    ] {
        refused(
            &nobody(words),
            "Permission denied",
            &format!("nothing may be written: {words:?}"),
        );
    }
    below(&data, &mut |path| {
        mode(path, if path.is_dir() { 0o700 } else { 0o600 })
    });
    mode(&data, 0o000);
    for words in [&["contact", "list"][..], &["log", "ana", "refused"]] {
        refused(
            &nobody(words),
            "Permission denied",
            &format!("no right at all: {words:?}"),
        );
    }
    mode(&data, 0o500);
    // Files may be written, but none made: either it is done whole, or refused.
    let ran = nobody(&["log", "ana", "perhaps"]);
    let mut answered = vec!["Ana Lima", "before"];
    match ran.code {
        0 => answered.push("perhaps"),
        _ => refused(&ran, "Permission denied", "no new file"),
    }
    mode(&data, 0o700);
    let closed = world.path().join("closed");
    fs::create_dir(&closed).expect("made");
    mode(&closed, 0o500);
    give();
    let inside = closed.join("store").to_string_lossy().into_owned();
    refused(
        &nobody(&["--dir", &inside, "contact", "list"]),
        "Permission denied",
        "no room to make it",
    );
    let ran = nobody(&["log", "ana", "again"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    answered.push("again");
    whole(&world, &answered, "rights are back");
    let ledger = {
        let mut ledger = Ledger::default();
        ledger.catch_up(&open(&world));
        ledger
    };
    assert_eq!(
        ledger.marks.get("refused"),
        None,
        "what was refused is not there"
    );
}

#[test]
fn a_file_that_may_not_grow_is_an_error_and_no_end_by_a_signal() {
    let world = world();
    let text = "y".repeat(90_000);
    let mut wrong = Vec::new();
    for blocks in [0, 1, 8, 64, 512, 1_024, 1_056, 1_088] {
        let name = format!("limit {blocks} {text}");
        let done = Command::new("sh")
            .args([
                "-c",
                "ulimit -f $0; ulimit -c 0; exec \"$@\"",
                &blocks.to_string(),
            ])
            .arg(world.program().get_program())
            .args(["log", "ana", &name])
            .env_clear()
            .envs(&world.vars)
            .current_dir(world.path())
            .output()
            .expect("sh starts");
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(!said.contains("panicked"), "{blocks}: {said}");
        if let Some(signal) = done.status.signal() {
            wrong.push(format!("{blocks} blocks: ended by signal {signal}"));
        } else if done.status.code() == Some(1) && !said.contains("File too large") {
            wrong.push(format!("{blocks} blocks: {said}"));
        } else if !matches!(done.status.code(), Some(0 | 1)) {
            wrong.push(format!("{blocks} blocks: {done:?}"));
        }
        let mut ledger = Ledger::default();
        let session = open(&world);
        agreement::check(&session).unwrap_or_else(|why| panic!("{blocks}: {why}"));
        ledger.catch_up(&session);
        let there = ledger.marks.get(&name).copied();
        assert!(there.is_some() || !done.status.success(), "{blocks}: lost");
        assert!(
            there.is_none() || done.status.code() != Some(1),
            "{blocks}: refused, yet there"
        );
    }
    whole(&world, &["Ana Lima", "before"], "no limit any more");
    assert_eq!(wrong, Vec::<String>::new());
}
