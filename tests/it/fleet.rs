//! A fleet: two hundred processes at once on one store, some of them killed.
//!
//! Nothing that was answered is lost or there twice, the log has no gap, and afterwards the
//! store is free. Waits are printed, not judged: the machine may be busy.

use crate::agreement;
use crate::chance::{Random, is_skipped, size};
use crate::ledger::{Ledger, bytes_below, open};
use crate::world::World;
use std::collections::BTreeMap;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};
use touchbase::store::folder::StoreFolder;

const PROCESSES: usize = 200;
/// One process in so many is killed.
const KILL_ONE_IN: u64 = 12;
/// `store busy, try again`.
const BUSY: i32 = 75;
/// Records that everyone edits.
const SHARED: &[&str] = &["Ana Lima", "Bo Berg", "Cara Diaz"];

/// What became of all commands.
#[derive(Default)]
struct Tally {
    texts: Vec<String>,
    waits: Vec<Duration>,
    killed: usize,
    busy: usize,
    /// Exit codes by command: what was refused and why is counted, not judged.
    codes: BTreeMap<(String, i32), usize>,
    wrong: Vec<String>,
}

/// A command and the text that it brings in, if it brings one.
fn command(random: &mut Random, name: &str) -> (Vec<String>, Option<String>) {
    let shared = *random.pick(SHARED);
    let person = format!("Person {name}");
    let (words, text): (Vec<&str>, Option<&str>) = match random.below(24) {
        0..11 => (vec!["log", shared, name], Some(name)),
        11..13 => (vec!["contact", "add", &person], Some(&person)),
        13..15 => (vec!["contact", "edit", shared, "--role", name], Some(name)),
        15..17 => (vec!["due"], None),
        17..19 => (vec!["contact", "list"], None),
        19..21 => (vec!["contact", "show", shared], None),
        21..23 => (vec!["remind", shared, "+2d", name], Some(name)),
        _ => (vec!["undo"], None),
    };
    let words = words.into_iter().map(str::to_owned).collect();
    (words, text.map(str::to_owned))
}

fn start(world: &World, words: &[String]) -> Child {
    let mut command: Command = world.program();
    command.args(words).stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().expect("the program starts")
}

/// One after the other until the time is over.
fn sail(world: &World, ship: usize, mut random: Random, until: Instant, tally: &Mutex<Tally>) {
    for number in 0.. {
        if Instant::now() >= until {
            return;
        }
        let name = format!("ship {ship} {number}");
        let (words, text) = command(&mut random, &name);
        let is_killed = random.one_in(KILL_ONE_IN);
        let began = Instant::now();
        let mut child = start(world, &words);
        if is_killed {
            thread::sleep(random.moment_within(Duration::from_secs(2)));
            child.kill().expect("it is ours");
        }
        let done = child.wait_with_output().expect("it ends");
        let took = began.elapsed();
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        let mut tally = tally.lock().unwrap();
        if said.contains("panicked") {
            tally.wrong.push(format!("{words:?}: {said}"));
        }
        let code = done.status.code();
        if code.is_none() {
            tally.killed += 1;
            // It may have answered before it was killed.
            tally.texts.extend(text.filter(|_| !done.stdout.is_empty()));
            continue;
        }
        let code = code.unwrap_or(-1);
        if !is_killed {
            tally.waits.push(took);
        }
        *tally.codes.entry((words[0].clone(), code)).or_default() += 1;
        match code {
            0 => tally.texts.extend(text),
            BUSY => tally.busy += 1,
            // Another may have changed the record, or undone what made it, meanwhile.
            3 | 4 | 6 => {}
            _ => tally.wrong.push(format!("{words:?}: {code}: {said}")),
        }
    }
}

#[test]
fn slow_two_hundred_processes_lose_nothing() {
    if is_skipped() {
        return;
    }
    let mut random = Random::new();
    let seconds = size("TOUCHBASE_FLEET_SECONDS", 5) as u64;
    let world = World::new();
    for name in SHARED {
        let added = world.run_program(&["touchbase", "contact", "add", name], "");
        assert_eq!(added.code, 0, "{}", added.err);
    }
    // Enough that the undoings of the first moments do not reach back to the contacts.
    for number in 0..10 {
        let text = format!("at first {number}");
        let logged = world.run_program(&["touchbase", "log", "ana", &text], "");
        assert_eq!(logged.code, 0, "{}", logged.err);
    }
    let tally = Mutex::new(Tally::default());
    let began = Instant::now();
    let until = began + Duration::from_secs(seconds);
    thread::scope(|scope| {
        for ship in 0..PROCESSES {
            let random = Random::seeded(random.below(u64::MAX));
            let (world, tally) = (&world, &tally);
            scope.spawn(move || sail(world, ship, random, until, tally));
        }
    });
    let took = began.elapsed();
    let free = StoreFolder::new(world.data(), Duration::ZERO).open();
    // sled gives its own lock back a moment after a process was killed; ours is free at once.
    drop(free.expect("nobody holds the store any more"));
    let session = open(&world);
    agreement::check(&session).expect("the store agrees with itself");
    let mut ledger = Ledger::default();
    ledger.catch_up(&session);
    let last = session.last_change();
    drop(session);
    let mut tally = tally.into_inner().unwrap();
    tally.waits.sort_unstable();
    let waits = &tally.waits;
    let at = |hundredth: usize| waits.get(waits.len() * hundredth / 100).copied();
    println!(
        "{PROCESSES} processes for {took:?}: {} commands done, {} killed, {} busy; {last} changes, \
         {} bytes",
        waits.len(),
        tally.killed,
        tally.busy,
        bytes_below(&world.data()),
    );
    println!(
        "waits: half under {:?}, 99 % under {:?}, longest {:?}",
        at(50),
        at(99),
        waits.last()
    );
    println!("{:?}", tally.codes);
    assert_eq!(tally.wrong, Vec::<String>::new());
    let twice: Vec<_> = ledger
        .marks
        .iter()
        .filter(|(_, times)| **times != 1)
        .collect();
    assert!(twice.is_empty(), "there more than once: {twice:?}");
    assert_eq!(ledger.missing(&tally.texts), Vec::<&String>::new());
    let history = world.run_program(&["touchbase", "history", "--limit", "1000000"], "");
    let numbers: Vec<u64> = history
        .out
        .lines()
        .filter_map(|line| line.split('\t').next()?.parse().ok())
        .collect();
    let wanted: Vec<u64> = (1..=last).rev().collect();
    assert_eq!(numbers, wanted, "history has no gap: {}", history.err);
    // The store may be compacted by a process of its own, which ends by itself.
    let until = Instant::now() + Duration::from_secs(60);
    while !left_over(&world).is_empty() && Instant::now() < until {
        thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(
        left_over(&world),
        Vec::<String>::new(),
        "processes are left"
    );
}

/// Processes of the program that still have this world as their folder.
fn left_over(world: &World) -> Vec<String> {
    let mut found = Vec::new();
    for process in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        let folder = std::fs::read_link(process.path().join("cwd"));
        if folder.is_ok_and(|folder| folder == world.path()) {
            found.push(process.path().display().to_string());
        }
    }
    found
}
