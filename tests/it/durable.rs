//! The system calls of one commit: what was written is on the disk before the program says so.

use crate::world::World;
use std::process::Command;

#[test]
fn the_database_is_synced_after_its_last_write_and_before_the_answer() {
    if Command::new("strace").arg("-V").output().is_err() {
        println!("skipped: there is no strace");
        return;
    }
    let world = World::new();
    let added = world.run_program(&["touchbase", "contact", "add", "Ana Lima"], "");
    assert_eq!(added.code, 0, "{}", added.err);
    let trace = world.path().join("trace");
    let program = world.program();
    let logged = Command::new("strace")
        .args([
            "-f",
            "-y",
            "-e",
            "trace=write,pwrite64,fsync,fdatasync",
            "-o",
        ])
        .arg(&trace)
        .arg(program.get_program())
        .args(["log", "ana", "-t", "call", "wants a quote"])
        .env_clear()
        .envs(&world.vars)
        .current_dir(world.path())
        .output()
        .expect("strace starts");
    let trace = std::fs::read_to_string(trace).unwrap_or_default();
    if !logged.status.success() && !trace.contains("write(") {
        println!("skipped: strace may not trace here");
        return;
    }
    assert!(logged.status.success(), "{logged:?}");
    let database = format!("<{}>", world.data().join("db/db").display());
    let last = |calls: &[&str], what: &str| {
        let is_one = |line: &str| {
            let call = line
                .split_once(' ')
                .map_or("", |(_, call)| call.trim_start());
            calls.iter().any(|name| call.starts_with(name)) && line.contains(what)
        };
        trace
            .lines()
            .enumerate()
            .filter(|(_, line)| is_one(line))
            .last()
            .map(|(at, _)| at)
    };
    let written = last(&["write(", "pwrite64("], &database);
    let synced = last(&["fdatasync(", "fsync("], &database);
    let answered =
        last(&["write("], "logged call with Ana Lima").or_else(|| last(&["write(1<"], ""));
    assert!(written.is_some() && answered.is_some(), "{trace}");
    assert!(
        written < synced && synced < answered,
        "{written:?} {synced:?} {answered:?}\n{trace}"
    );
}
