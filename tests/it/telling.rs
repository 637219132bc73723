//! `due --since last` tells each reminder once: however often it is killed, by however many at
//! once, and never what could not be written.

use crate::chance::{Random, is_skipped, size};
use crate::world::World;
use chrono::TimeDelta;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read as _;
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// So many tell at once.
const TELLERS: usize = 10;
/// Of which so many in a hundred are killed.
const KILLED: u64 = 70;
/// The clock goes on by that much from round to round.
const ROUND: TimeDelta = TimeDelta::hours(7);

/// A reminder: the follow-up's id, and when it was due.
type Reminder = (String, String);

fn run(world: &World, words: &[&str]) -> String {
    let words: Vec<&str> = [&["touchbase"], words].concat();
    let ran = world.run(&words, "");
    assert_eq!(ran.code, 0, "{words:?}: {}", ran.err);
    ran.out
}

/// The id and the next cell of each line.
fn reminders(lines: &str) -> Vec<Reminder> {
    let pair = |line: &str| {
        let mut cells = line.split('\t').map(str::to_owned);
        (
            cells.next().unwrap_or_default(),
            cells.next().unwrap_or_default(),
        )
    };
    lines.lines().map(pair).collect()
}

fn teller(world: &World) -> Command {
    let mut command = world.program();
    command
        .args(["--lock-timeout", "60s", "due", "--since", "last"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn set_clock(world: &mut World, now: chrono::DateTime<chrono::Utc>) {
    world.now = now;
    let words = now.to_rfc3339();
    world.vars.insert("TOUCHBASE_NOW".to_owned(), words);
}

#[test]
fn what_was_not_written_is_not_told() {
    let world = World::new();
    run(&world, &["remind", "-", "today", "call"]);
    let tell = |out: Stdio| {
        let mut command = teller(&world);
        let done = command.stdout(out).output().expect("it starts");
        (
            done.status.code(),
            String::from_utf8_lossy(&done.stderr).into_owned(),
        )
    };
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let full = File::options().write(true).open("/dev/full");
    for out in [Stdio::from(writer), Stdio::from(full.expect("a full disk"))] {
        let (code, err) = tell(out);
        assert_eq!(code, Some(1), "{err}");
        assert!(err.starts_with("error: cannot write the output"), "{err}");
    }
    let file = world.path().join("told");
    let (code, err) = tell(File::create(&file).expect("a file").into());
    assert_eq!((code, err.as_str()), (Some(0), ""));
    let told = std::fs::read_to_string(&file).expect("readable");
    assert!(told.contains("call"), "{told}");
    let again = teller(&world).output().expect("it starts");
    assert!(again.stdout.is_empty(), "{again:?}");
}

#[test]
fn one_that_is_killed_half_way_through_its_words_finishes_them() {
    const REMINDERS: usize = 40;
    let world = World::new();
    // More than a pipe holds, so that whoever writes it waits for its reader.
    let long = "x".repeat(3_000);
    let lines: Vec<String> = (0..REMINDERS)
        .map(|number| format!("follow-up add '{number} {long}' --due today"))
        .collect();
    let ran = world.run(&["touchbase", "batch", "-q"], &lines.join("\n"));
    assert_eq!(ran.code, 0, "{}", ran.err);
    let mut child = teller(&world).spawn().expect("it starts");
    let mut out = child.stdout.take().expect("piped");
    let mut told = vec![0];
    out.read_exact(&mut told).expect("it has begun");
    child.kill().expect("it is ours");
    assert!(child.wait().expect("ended").code().is_none());
    out.read_to_end(&mut told).expect("readable");
    let told = String::from_utf8(told).expect("UTF-8");
    assert_eq!(reminders(&told).len(), REMINDERS);
    assert!(told.ends_with("\t\n"), "the last line is whole");
    let again = teller(&world).output().expect("it starts");
    assert!(
        again.stdout.is_empty() && again.status.success(),
        "{again:?}"
    );
}

#[test]
fn exit_codes_come_from_the_process_that_tells() {
    let world = World::new();
    let code = |words: &[&str]| {
        let done = teller(&world).args(words).output().expect("it starts");
        (done.status.code(), done.stdout.len() > 2)
    };
    assert_eq!(code(&["--exit-status"]), (Some(0), false));
    run(&world, &["remind", "-", "today", "call"]);
    assert_eq!(code(&["--exit-status"]), (Some(10), true));
    assert_eq!(code(&["--exit-status"]), (Some(0), false));
    run(&world, &["remind", "-", "today", "write"]);
    assert_eq!(code(&["--json"]), (Some(0), true));
}

#[test]
fn one_that_holds_the_turn_is_waited_for() {
    let world = World::new();
    run(&world, &["remind", "-", "today", "call"]);
    let folder = touchbase::store::folder::StoreFolder::new(world.data(), Duration::from_secs(5));
    let turn = folder.turn_to_tell().expect("free");
    let ran = world.run_program(
        &[
            "touchbase",
            "due",
            "--since",
            "last",
            "--lock-timeout",
            "50ms",
        ],
        "",
    );
    assert_eq!((ran.code, ran.out.as_str()), (75, ""), "{}", ran.err);
    // Others work on meanwhile.
    assert!(run(&world, &["due"]).contains("call"));
    drop(turn);
    let ran = world.run_program(&["touchbase", "due", "--since", "last"], "");
    assert!(ran.out.contains("call"), "{}", ran.err);
}

/// What became of the tellers of all rounds.
#[derive(Default)]
struct Tally {
    told: BTreeMap<Reminder, usize>,
    killed: usize,
    told_by_killed: usize,
    told_by_others: usize,
}

impl Tally {
    fn add(&mut self, done: &Output) {
        let err = String::from_utf8_lossy(&done.stderr).into_owned();
        let out = String::from_utf8(done.stdout.clone()).expect("UTF-8");
        assert!(out.is_empty() || out.ends_with('\n'), "half a line: {out}");
        assert_eq!(err, "", "{:?}", done.status);
        let told = reminders(&out);
        if done.status.code().is_none() {
            self.killed += 1;
            self.told_by_killed += told.len();
        } else {
            assert!(done.status.success(), "{:?}", done.status);
            self.told_by_others += told.len();
        }
        for reminder in told {
            *self.told.entry(reminder).or_default() += 1;
        }
    }
}

/// New reminders, and changes of those that were told.
fn change(world: &World, random: &mut Random, round: usize, tally: &Tally) {
    for number in 0..1 + random.below(3) {
        let text = format!("new {round} {number}");
        let when = ["today", "-1h", "-3d", "+5h"];
        let mut words = vec!["remind", "-", *random.pick(&when), &text];
        if random.one_in(3) {
            words.extend(["--every", *random.pick(&["day", "week", "2 days x4"])]);
        }
        run(world, &words);
    }
    let open = reminders(&run(
        world,
        &["follow-up", "list", "status!=done", "--columns", "due"],
    ));
    let told: Vec<&Reminder> = open
        .iter()
        .filter(|reminder| tally.told.contains_key(reminder))
        .collect();
    for (id, _) in told {
        if !random.one_in(3) {
            continue;
        }
        let until = ["+1h", "+8h", "+2d", "tomorrow"];
        match random.below(3) {
            0 => run(world, &["done", id]),
            _ => run(world, &["snooze", id, *random.pick(&until)]),
        };
    }
}

/// All open reminders, due or not.
fn open(world: &World) -> Vec<Reminder> {
    reminders(&run(
        world,
        &["follow-up", "list", "status!=done", "--columns", "due"],
    ))
}

#[test]
fn slow_each_reminder_is_told_once_however_many_are_killed() {
    if is_skipped() {
        return;
    }
    let mut random = Random::new();
    let rounds = size("TOUCHBASE_TELLINGS", 12);
    let mut world = World::new();
    let (mut tally, mut expected) = (Tally::default(), BTreeSet::new());
    run(&world, &["remind", "-", "today", "first"]);
    let began = Instant::now();
    tally.add(&teller(&world).output().expect("it starts"));
    let takes = began.elapsed();
    let began = Instant::now();
    for round in 0..rounds {
        let now = world.now + ROUND;
        set_clock(&mut world, now);
        change(&world, &mut random, round, &tally);
        let delays: Vec<Option<Duration>> = (0..TELLERS)
            .map(|_| (random.below(100) < KILLED).then(|| random.moment_within(takes * 6)))
            .collect();
        thread::scope(|scope| {
            let world = &world;
            let tellers = delays.iter().map(|after| {
                scope.spawn(move || {
                    let mut child = teller(world).spawn().expect("it starts");
                    if let Some(after) = *after {
                        thread::sleep(after);
                        child.kill().expect("it is ours");
                    }
                    // Until the last that writes there has ended.
                    child.wait_with_output().expect("ended")
                })
            });
            let tellers: Vec<_> = tellers.collect();
            let beside = format!("beside {round}");
            run(
                world,
                &["--lock-timeout", "60s", "remind", "-", "today", &beside],
            );
            for teller in tellers {
                tally.add(&teller.join().expect("no panic"));
            }
        });
        expected.extend(open(&world));
    }
    // Far ahead everything is due, and nobody is killed any more.
    let now = world.now + TimeDelta::days(60);
    set_clock(&mut world, now);
    tally.add(&teller(&world).output().expect("it starts"));
    let never: Vec<&Reminder> = expected
        .iter()
        .filter(|reminder| !tally.told.contains_key(reminder))
        .collect();
    let twice: Vec<_> = tally.told.iter().filter(|(_, times)| **times > 1).collect();
    println!(
        "{rounds} rounds of {TELLERS} tellers in {:?}: {} killed, {} reminders told \
         ({} by killed ones), {} twice, {} never",
        began.elapsed(),
        tally.killed,
        tally.told_by_killed + tally.told_by_others,
        tally.told_by_killed,
        twice.len(),
        never.len()
    );
    assert!(twice.is_empty() && never.is_empty(), "{twice:?} {never:?}");
    assert!(tally.killed > rounds, "hardly anyone was killed");
    assert!(tally.told_by_killed > 0, "no killed one has told anything");
}
