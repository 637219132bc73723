//! Faults that need a file system of their own: full, read-only, gone. They run in a process of
//! their own, in a private mount namespace, so that nothing is left mounted.

use super::{HUNG, refused, run, whole};
use crate::agreement;
use crate::chance::{Random, is_skipped, size};
use crate::ledger::{Ledger, open};
use crate::world::World;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

const INSIDE: &str = "TOUCHBASE_OUTAGE";
/// The size of the file system, in kilobytes.
const ROOM: u64 = 60_000;
const ROWS: usize = 400;

/// Runs one of the tests below in a mount namespace; false, with words, when none is to be had.
fn run_inside(which: &str) -> bool {
    for rights in [&["-m"][..], &["-r", "-m"]] {
        let probe = Command::new("unshare")
            .args(rights)
            .args(["mount", "-t", "tmpfs", "tmpfs", "/mnt"])
            .output();
        if !probe.is_ok_and(|done| done.status.success()) {
            continue;
        }
        let done = Command::new("unshare")
            .args(rights)
            .arg(std::env::current_exe().expect("this program"))
            .args([
                "outage::mounts::inside",
                "--exact",
                "--nocapture",
                "--test-threads=1",
            ])
            .env(INSIDE, which)
            .output()
            .expect("unshare started before");
        let said = String::from_utf8_lossy(&done.stdout).into_owned();
        let words = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(done.status.success(), "{said}{words}");
        print!("{said}");
        return true;
    }
    println!("skipped: there is no mount namespace to be had");
    false
}

/// What runs in the namespace; in a usual run of the tests it does nothing.
#[test]
fn inside() {
    match std::env::var(INSIDE).as_deref() {
        Ok("full") => full_disks(),
        Ok("read-only") => read_only(),
        _ => {}
    }
}

#[test]
fn slow_a_full_disk_is_named_and_loses_nothing() {
    if !is_skipped() {
        run_inside("full");
    }
}

#[test]
fn a_read_only_or_vanished_file_system_is_named_and_loses_nothing() {
    run_inside("read-only");
}

fn mount(words: &[&str], place: &Path) {
    let done = Command::new("mount").args(words).arg(place).output();
    let done = done.expect("mount starts");
    assert!(done.status.success(), "{words:?}: {done:?}");
}

fn unmount(place: &Path) {
    let done = Command::new("umount").arg("-l").arg(place).output();
    let done = done.expect("umount starts");
    assert!(done.status.success(), "{done:?}");
}

/// A world whose data lie on a small file system of their own.
fn small_world() -> World {
    let world = World::new();
    let place = world.data();
    fs::create_dir_all(&place).expect("made");
    mount(
        &[
            "-t",
            "tmpfs",
            "-o",
            &format!("size={ROOM}k,mode=0700"),
            "tmpfs",
        ],
        &place,
    );
    world
}

/// Takes room until so many kilobytes are free.
fn fill(world: &World, free: u64) {
    let about = rustix::fs::statvfs(world.data()).expect("mounted");
    let there = about.f_bavail * about.f_frsize;
    let much = there.saturating_sub(free * 1024);
    let much = vec![1; usize::try_from(much).expect("small")];
    // What does not fit is not needed.
    let _ = fs::write(filling(world), much);
}

fn filling(world: &World) -> std::path::PathBuf {
    world.data().join("filling")
}

fn write_rows(world: &World) {
    let mut rows = String::from("Name,E-Mail,Notes\n");
    for number in 0..ROWS {
        let note = "met at the fair ".repeat(number % 40);
        writeln!(rows, "Person {number},p{number}@example.de,{note}").unwrap();
    }
    fs::write(world.path().join("people.csv"), rows).expect("written");
}

fn full_disks() {
    let mut random = Random::new();
    let mut rows = vec![0, 64, 700, 2_600, 5_000, 6_300, 7_000, 9_000, 14_000];
    let many = size("TOUCHBASE_FULL_DISKS", rows.len());
    rows.resize_with(many.max(rows.len()), || random.below(16_000));
    let mut wrong = Vec::new();
    for &free in &rows {
        if let Err(why) = full_disk(free) {
            println!("{free} kB free: {why}");
            wrong.push(format!("{free} kB free: {why}"));
        }
    }
    for free in [0, 4, 40, 400] {
        wrong.extend(new_store_on_a_full_disk(free).err());
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Logs until there is no room, then makes room again.
fn full_disk(free: u64) -> Result<(), String> {
    let world = small_world();
    let result = fill_and_free(&world, free);
    unmount(&world.data());
    result
}

fn fill_and_free(world: &World, free: u64) -> Result<(), String> {
    for words in [
        &["contact", "add", "Ana Lima"][..],
        &["log", "ana", "before"],
    ] {
        assert_eq!(run(world, words).code, 0);
    }
    write_rows(world);
    fill(world, free);
    let (mut answered, mut denied) = (vec!["before".to_owned()], Vec::new());
    let mut has_imported = None;
    let judge = |words: &str, code: u8, err: &str| {
        let is_named = err.starts_with("error: ") && err.contains("No space left on device");
        match code {
            0 => Ok(()),
            HUNG => Err(format!("{words}: hangs")),
            1 if is_named && !err.contains("Os {") => Ok(()),
            _ => Err(format!("{words}: {code}: {err}")),
        }
    };
    for number in 0..40 {
        let text = format!("call {number} {}", "x".repeat(24_000));
        let ran = run(world, &["log", "ana", &text]);
        judge("log", ran.code, &ran.err)?;
        if ran.code == 0 {
            answered.push(text);
        } else {
            denied.push(text);
        }
        if denied.len() == 4 {
            break;
        }
        if number % 8 == 4 || denied.len() == 1 {
            let ran = run(world, &["contact", "list"]);
            judge("list", ran.code, &ran.err)?;
            if ran.code == 0 && !ran.out.contains("Ana Lima") {
                return Err("the list lost a contact".to_owned());
            }
        }
        if number == 2 {
            let ran = run(world, &["import", "people.csv", "--kind", "contact"]);
            judge("import", ran.code, &ran.err)?;
            has_imported = Some(ran.code == 0);
        }
    }
    println!(
        "{free} kB free: {} logs answered, {} refused, import: {has_imported:?}",
        answered.len() - 1,
        denied.len()
    );
    fs::remove_file(filling(world)).map_err(|error| error.to_string())?;
    let ran = run(world, &["log", "ana", "room again"]);
    if ran.code != 0 {
        return Err(format!("there is room again, yet: {}", ran.err));
    }
    answered.push("room again".to_owned());
    let session = open(world);
    agreement::check(&session)?;
    let mut ledger = Ledger::default();
    ledger.catch_up(&session);
    let short = |text: &str| text.chars().take(12).collect::<String>();
    let lost: Vec<_> = ledger
        .missing(&answered)
        .into_iter()
        .map(|t| short(t))
        .collect();
    let there = denied
        .iter()
        .filter(|text| ledger.marks.contains_key(*text));
    let there: Vec<_> = there.map(|text| short(text)).collect();
    let imported = ledger
        .marks
        .keys()
        .filter(|mark| mark.starts_with("Person "))
        .count();
    let is_whole = match has_imported {
        Some(true) => imported == ROWS,
        _ => imported == 0,
    };
    if lost.is_empty() && there.is_empty() && is_whole {
        return Ok(());
    }
    Err(format!(
        "lost {lost:?}, refused yet there {there:?}, {imported} imported"
    ))
}

fn new_store_on_a_full_disk(free: u64) -> Result<(), String> {
    let world = small_world();
    let result = begin_and_free(&world, free);
    unmount(&world.data());
    result
}

/// Makes a store where there is no room for one, then makes room.
fn begin_and_free(world: &World, free: u64) -> Result<(), String> {
    fill(world, free);
    let ran = run(world, &["contact", "add", "Ana Lima"]);
    if ran.code != 0 && !ran.err.contains("No space left on device") {
        return Err(format!("a new store with {free} kB: {}", ran.err));
    }
    fs::remove_file(filling(world)).map_err(|error| error.to_string())?;
    let again = run(world, &["contact", "add", "Bo Berg"]);
    if again.code != 0 {
        return Err(format!(
            "a new store with {free} kB, then room: {}",
            again.err
        ));
    }
    let listed = run(world, &["contact", "list"]).out;
    if listed.contains("Ana Lima") != (ran.code == 0) {
        return Err(format!("a new store with {free} kB: {listed}"));
    }
    Ok(())
}

fn read_only() {
    let world = small_world();
    for words in [
        &["contact", "add", "Ana Lima"][..],
        &["log", "ana", "before"],
    ] {
        assert_eq!(run(&world, words).code, 0);
    }
    let place = world.data();
    mount(&["-o", "remount,ro"], &place);
    for words in [
        &["contact", "list"][..],
        &["due"],
        &["history"],
        &["find", "ana"],
    ] {
        let ran = run(&world, words);
        // Reading may work; when it does not, it says why.
        if ran.code != 0 || (words[0] != "due" && ran.out.is_empty()) {
            refused(
                &ran,
                "Read-only file system",
                &format!("read-only: {words:?}"),
            );
        }
    }
    for words in [
        &["log", "ana", "refused"][..],
        &["undo"],
        &["contact", "add", "Bo"],
    ] {
        refused(
            &run(&world, words),
            "Read-only file system",
            &format!("read-only: {words:?}"),
        );
    }
    let inside = place.join("new").to_string_lossy().into_owned();
    let ran = run(&world, &["--dir", &inside, "contact", "list"]);
    refused(&ran, "Read-only file system", "a new store");
    mount(&["-o", "remount,rw"], &place);
    whole(&world, &["Ana Lima", "before"], "writable again");
    // The file system goes away and comes back: an empty folder in between, and nothing mixed.
    let aside = world.path().join("aside");
    fs::create_dir(&aside).expect("made");
    mount(&["--move", &place.to_string_lossy()], &aside);
    let ran = run(&world, &["contact", "list"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.err);
    mount(&["--move", &aside.to_string_lossy()], &place);
    whole(&world, &["Ana Lima", "before"], "mounted again");
    unmount(&place);
}
