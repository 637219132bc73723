//! Stores of every schema that there has been, as they were written then; and migrations that
//! are killed.

use crate::agreement;
use crate::chance::{Random, is_skipped};
use crate::world::World;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};
use touchbase::store::folder::StoreFolder;

fn fixtures() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/store")
}

/// A world whose store is that of a schema.
fn old(schema: u32) -> World {
    let world = World::new();
    let archive = fixtures().join(format!("schema-{schema}.tar.gz"));
    fs::create_dir_all(world.data()).expect("a folder");
    let done = Command::new("tar")
        .arg("xzf")
        .arg(archive)
        .args(["--strip-components", "1", "-C"])
        .arg(world.data())
        .status()
        .expect("tar starts");
    assert!(done.success());
    world
}

/// All that the store of a schema holds, as its own version exported it.
fn exported(schema: u32) -> String {
    fs::read_to_string(fixtures().join(format!("schema-{schema}.jsonl"))).expect("readable")
}

const SCHEMAS: &[u32] = &[1, 2];

#[test]
fn a_store_of_every_schema_says_what_it_said() {
    for &schema in SCHEMAS {
        let world = old(schema);
        let ran = world.run(&["touchbase", "export", "--tz", "UTC"], "");
        assert_eq!((ran.code, &*ran.err), (0, ""), "schema {schema}");
        assert!(
            ran.out == exported(schema),
            "schema {schema} says something else"
        );
        let folder = StoreFolder::new(world.data(), Duration::from_secs(5));
        agreement::check(&folder.open().expect("opens")).expect("agrees");
        let kept = world.data().join(format!("db.schema-{schema}"));
        assert_eq!(kept.is_dir(), schema < 2, "schema {schema}");
        assert_eq!(world.run(&["touchbase", "undo"], "").code, 0);
    }
}

#[test]
fn a_damaged_old_store_is_left_as_it_is() {
    let world = old(1);
    let database = world.data().join("db/db");
    let mut bytes = fs::read(&database).expect("readable");
    // The note of a contact, in the middle of its record.
    let name = b"Person 77";
    let places: Vec<usize> = (0..bytes.len() - name.len())
        .filter(|&at| bytes[at..].starts_with(name))
        .collect();
    for &at in &places {
        bytes[at] ^= 1;
    }
    fs::write(&database, bytes).expect("written");
    let ran = world.run(&["touchbase", "contact", "list"], "");
    assert_eq!(ran.code, 1, "{}", ran.out);
    assert!(ran.err.contains("touchbase doctor"), "{}", ran.err);
    assert!(!world.data().join("db.schema-1").exists());
}

#[test]
fn slow_a_killed_migration_is_done_again() {
    if is_skipped() {
        return;
    }
    let mut random = Random::new();
    let read = |world: &World| {
        let mut command = world.program();
        command
            .args(["history", "--limit", "1"])
            .stdin(Stdio::null());
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().expect("the program starts")
    };
    let world = old(1);
    let started = Instant::now();
    assert!(read(&world).wait().expect("ends").success());
    let takes = started.elapsed();
    let (mut before, mut after, mut between) = (0, 0, 0);
    for round in 0..60 {
        let world = old(1);
        let mut child = read(&world);
        thread::sleep(random.moment_within(takes * 5 / 4));
        child.kill().expect("it is ours");
        child.wait().expect("ended");
        match (
            world.data().join("db.schema-1").exists(),
            world.data().join("db.new").exists(),
        ) {
            (false, false) => before += 1,
            (_, true) => between += 1,
            (true, false) => after += 1,
        }
        let ran = world.run(&["touchbase", "export", "--tz", "UTC"], "");
        assert_eq!((ran.code, &*ran.err), (0, ""), "round {round}");
        assert!(ran.out == exported(1), "round {round} says something else");
        assert!(world.data().join("db.schema-1").is_dir(), "round {round}");
    }
    println!(
        "60 kills within {takes:?}: {before} before, {between} during and {after} after the migration"
    );
}
