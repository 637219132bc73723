//! Backups: a restored store equals its source, a damaged backup touches nothing, old ones go.

use crate::office::{Space, space};
use crate::world::World;
use std::fs;
use touchbase::store::disk::DiskStore;

fn ok(world: &World, words: &[&str]) -> String {
    let words: Vec<&str> = std::iter::once("touchbase")
        .chain(words.iter().copied())
        .collect();
    let ran = world.run(&words, "");
    assert_eq!(ran.code, 0, "{words:?}: {}{}", ran.out, ran.err);
    ran.out
}

/// A store with something of everything in it: every kind, an import, undo, trash, a purge, a
/// reminder that was told.
fn stocked() -> World {
    let world = World::new();
    let csv = "Name,E-Mail,Company\nBo,bo@x.example,Firm\nCy,cy@x.example,Firm\n";
    fs::write(world.path().join("p.csv"), csv).expect("written");
    let people = world.path().join("p.csv").to_string_lossy().into_owned();
    let lines: &[&[&str]] = &[
        &[
            "contact",
            "add",
            "Zoë Müller",
            "--tag",
            "vip",
            "--set",
            "shoe=38",
            "--birthday",
            "--05-17",
        ],
        &[
            "deal",
            "add",
            "Site",
            "--value",
            "4200 USD",
            "--contact",
            "zoe",
        ],
        &[
            "log",
            "zoe",
            "hello\nthere",
            "--follow-up",
            "2026-11-25 08:00",
        ],
        &["remind", "zoe", "tomorrow", "call", "--every", "2 weeks"],
        &["import", &people, "--kind", "contact"],
        &["due", "--since", "last"],
        &["contact", "rm", "bo"],
        &["move", "site", "proposal"],
        &["undo"],
        &["redo"],
        &["contact", "add", "Gone"],
        &["contact", "rm", "gone", "--purge", "-y"],
        &["contact", "edit", "cy", "--notes", &"long ".repeat(40_000)],
    ];
    for line in lines {
        ok(&world, line);
    }
    world
}

fn whole(world: &World) -> Space {
    space(&DiskStore::open(&world.data().join("db")).expect("opens"))
}

#[test]
fn a_restored_store_equals_its_source() {
    let source = stocked();
    let file = source
        .path()
        .join("all.jsonl.gz")
        .to_string_lossy()
        .into_owned();
    ok(&source, &["backup", &file]);
    let other = World::new();
    ok(&other, &["restore", &file]);
    assert_eq!(whole(&other), whole(&source));
    ok(&other, &["undo"]);
    let kept = ok(&other, &["restore", &file, "-y"]);
    assert!(kept.contains("db.before-restore-1"), "{kept}");
    assert_eq!(whole(&other), whole(&source));
    assert_eq!(ok(&other, &["history"]), ok(&source, &["history"]));
}

#[test]
fn a_restore_asks_before_it_takes_a_stores_place() {
    let world = stocked();
    let file = world
        .path()
        .join("all.jsonl.gz")
        .to_string_lossy()
        .into_owned();
    ok(&world, &["backup", &file]);
    let before = whole(&world);
    let ran = world.run(&["touchbase", "restore", &file], "");
    assert_eq!(
        (ran.code, whole(&world)),
        (2, before.clone()),
        "{}",
        ran.err
    );
    let said = ok(&world, &["restore", &file, "-n"]);
    assert!(said.starts_with("would restore "), "{said}");
    assert_eq!(whole(&world), before);
}

#[test]
fn a_damaged_backup_is_refused_and_touches_nothing() {
    let world = stocked();
    let file = world.path().join("all.jsonl.gz");
    let name = file.to_string_lossy().into_owned();
    ok(&world, &["backup", &name]);
    let bytes = fs::read(&file).expect("readable");
    let before = whole(&world);
    let step = bytes.len() / 60;
    for at in (0..bytes.len()).step_by(step.max(1)) {
        let mut flipped = bytes.clone();
        flipped[at] ^= 0x10;
        for damaged in [&flipped[..], &bytes[..at]] {
            fs::write(&file, damaged).expect("written");
            let ran = world.run(&["touchbase", "restore", &name, "-y"], "");
            // Bits of gzip's head say nothing about the contents.
            let is_head = at < 10 && damaged.len() == bytes.len();
            assert!(ran.code == 1 || is_head, "at {at}: {}{}", ran.out, ran.err);
        }
    }
    assert_eq!(whole(&world), before);
}

#[test]
fn a_backup_of_a_newer_version_is_refused() {
    let world = World::new();
    let file = world.path().join("new.jsonl");
    let title = "{\"touchbase-backup\":1,\"schema\":99,\"made\":\"2030-01-01T00:00:00Z\",\"first-change\":1,\"last-change\":0}\n";
    fs::write(&file, title).expect("written");
    let ran = world.run(&["touchbase", "restore", &file.to_string_lossy()], "");
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("has schema 99"), "{}", ran.err);
}

#[test]
fn an_encrypted_backup_needs_its_passphrase() {
    let world = stocked();
    let settings = world.path().join("config.toml");
    let config = settings.to_string_lossy().into_owned();
    let file = world
        .path()
        .join("all.jsonl.gz.age")
        .to_string_lossy()
        .into_owned();
    let set = |command: &str| {
        fs::write(&settings, format!("passphrase-command = '{command}'\n")).expect("written")
    };
    set("echo open sesame");
    ok(&world, &["--config", &config, "backup", "--encrypt", &file]);
    let bytes = fs::read(&file).expect("readable");
    assert!(bytes.starts_with(b"age-encryption.org/v1\n"));
    assert!(!bytes.windows(3).any(|three| three == b"Zo\xc3"));
    set("echo wrong");
    let ran = world.run(
        &["touchbase", "--config", &config, "restore", &file, "-y"],
        "",
    );
    assert_eq!(ran.code, 5, "{}", ran.err);
    set("echo open sesame");
    let before = whole(&world);
    ok(&world, &["--config", &config, "restore", &file, "-y"]);
    assert_eq!(whole(&world), before);
    let ran = world.run(&["touchbase", "restore", &file, "-y"], "");
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert!(ran.err.contains("passphrase-command"), "{}", ran.err);
}

#[test]
fn a_folder_keeps_the_latest_backups_and_what_else_is_in_it() {
    let mut world = stocked();
    let folder = world.path().join("backups");
    let to = folder.to_string_lossy().into_owned();
    fs::create_dir(&folder).expect("a folder");
    let others = [
        "touchbase-notes.txt",
        "touchbase-20260101-000000.txt",
        "holiday.jsonl.gz",
    ];
    for name in others {
        fs::write(folder.join(name), "mine").expect("written");
    }
    for _ in 0..5 {
        world.now += chrono::TimeDelta::hours(20);
        ok(&world, &["backup", "--to", &to, "--keep", "3"]);
    }
    let names = fs::read_dir(&folder).expect("a folder").flatten();
    let mut names: Vec<String> = names
        .map(|e| e.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    let mut wanted: Vec<String> = others.map(str::to_owned).to_vec();
    for time in ["20261127-220000", "20261128-180000", "20261129-140000"] {
        wanted.push(format!("touchbase-{time}.jsonl.gz"));
    }
    wanted.sort();
    assert_eq!(names, wanted);
    let there = folder
        .join("holiday.jsonl.gz")
        .to_string_lossy()
        .into_owned();
    let ran = world.run(&["touchbase", "backup", &there], "");
    assert_eq!(ran.code, 5, "{}", ran.err);
}
